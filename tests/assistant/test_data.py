"""The dialogue's files: both languages everywhere, and no number or host without a source."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent


def responses() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every response of the domain with its variants."""
    for path in sorted((ROOT / "data").glob("*/responses.yml")):
        yield from yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items()


@pytest.mark.parametrize(("name", "variants"), list(responses()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_response_speaks_both_languages_alike(name: str, variants: list[dict[str, Any]]) -> None:
    """One unconditional Vietnamese variant, one English, with the same buttons, links, input and parameters."""
    vietnamese, english = variants
    assert "condition" not in vietnamese
    assert english["condition"] == [{"type": "slot", "name": "lang", "value": "en"}]
    for part in ("buttons", "custom"):
        assert (part in vietnamese) == (part in english)
    assert [one["payload"] for one in vietnamese.get("buttons", [])] == [one["payload"] for one in english.get("buttons", [])]
    custom = [(one.get("custom") or {}) for one in variants]
    assert custom[0].get("input") == custom[1].get("input")
    assert len({tuple(link["url"] for link in one.get("links", [])) for one in custom}) == 1
    assert set(re.findall(r"{\w+}", vietnamese["text"])) == set(re.findall(r"{\w+}", english["text"]))


def test_every_number_and_host_that_is_said_has_a_source() -> None:
    """Telephone numbers and web hosts come from knowledge/official_channels.csv."""
    with (ROOT / "knowledge/official_channels.csv").open(encoding="utf-8", newline="") as rows:
        known = {row["normalised_value"] for row in csv.DictReader(rows)}
    hosts = {value.split("/")[0] for value in known}
    for name, variants in responses():
        said = yaml.safe_dump(variants, allow_unicode=True)
        for number in re.findall(r"(?<!\d)(?:1900|024)[ .]?\d{4,8}(?!\d)", said):
            assert re.sub(r"\D", "", number) in known, f"{name}: {number}"
        for host in re.findall(r"https?://([^/\s]+)", said):
            assert host in hosts, f"{name}: {host}"


def test_intents_of_buttons_exist() -> None:
    """A button whose intent nobody knows would be answered with silence."""
    intents = set(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])
    for name, variants in responses():
        for variant in variants:
            for button in variant.get("buttons", []):
                assert button["payload"].lstrip("/") in intents, name


def test_every_response_is_said_somewhere() -> None:
    """By a rule, an action, the channel, or as a form's question."""
    programs = [path for folder in ("actions", "assistant") for path in (ROOT / folder).rglob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in programs)
    rules = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "data").glob("*/rules.yml"))
    slots = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["slots"]
    asked = {f"utter_ask_{slot}" for slot in slots}
    made = {f"utter_forgot_password_{end}" for end in ("cancelled", "expired", "human")}
    made |= {f"utter_forgot_password_{slot}_unclear" for slot in ("code", "email", "otp")}
    made |= {f"utter_forgot_password_otp_{result}" for result in ("wrong", "expired", "dead")}
    for name, _ in responses():
        assert name in asked | made or f'"{name}"' in code or f" {name}\n" in rules, name
