"""The dialogue's files: both languages everywhere, and no number or host without a source."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.privacy import blank

ROOT = Path(__file__).parent.parent.parent


def responses() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every response of the domain with its variants, those of a channel by themselves."""
    for path in sorted((ROOT / "data").glob("*/responses.yml")):
        for name, variants in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items():
            for channel in dict.fromkeys(one.get("channel") for one in variants):
                yield name, [one for one in variants if one.get("channel") == channel]


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


def rows_of(table: str) -> list[dict[str, str]]:
    """The rows of a table of `knowledge/`."""
    with (ROOT / f"knowledge/{table}.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def test_every_number_and_host_that_is_said_has_a_source() -> None:
    """Telephone numbers and web hosts come from knowledge/official_channels.csv."""
    known = {row["normalised_value"] for row in rows_of("official_channels")}
    hosts = {value.split("/")[0] for value in known}
    for name, variants in responses():
        said = yaml.safe_dump(variants, allow_unicode=True)
        for number in re.findall(r"(?<!\d)(?:1900|024)[ .]?\d{4,8}(?!\d)", said):
            assert re.sub(r"\D", "", number) in known, f"{name}: {number}"
        for host in re.findall(r"https?://([^/\s]+)", said):
            assert host in hosts, f"{name}: {host}"


QUANTITY = re.compile(
    r"(?<![\w.,/•])\d[\d.,]*(?:%|(?: |-)(?:đồng|VND|số(?! điện)|chữ số|digits?|phút|minutes?|giờ|hours?|ngày|(?:working )?days?"
    r"|tuần|weeks?|tháng|months?|năm|years?|lần|times|tuổi|ảnh)(?!\w))|\b\d\d/\d\d/20\d\d\b"
)
FORM = re.compile(r"TK\d-TS|\d\d/[A-ZĐ]{2}-[A-ZĐ]{2}|(?:[Mm]ẫu số|form No\.) \d|VNeID (?:mức|level) \d")


def test_every_amount_time_and_form_that_is_said_is_a_known_fact() -> None:
    """Each stands in knowledge/facts.csv, or for a general question among its topic's, with where it comes from and when."""
    facts, of_topics = rows_of("facts"), rows_of("faq")
    assert all(row["source"] and re.fullmatch(r"20\d\d-\d\d-\d\d", row["as_of"]) for row in facts + of_topics)
    everywhere = {said.lower() for row in facts for said in row["said"].split("; ")}
    for name, variants in responses():
        of_this = " ".join(row["said"].lower() for row in of_topics if name == f"utter_faq/{row['topic']}")
        for one in variants:
            said = [match.group().lower() for pattern in (QUANTITY, FORM) for match in pattern.finditer(one["text"])]
            assert [part for part in said if part not in everywhere and part not in of_this] == [], name


def test_every_topic_of_a_general_question_has_examples_an_answer_and_a_source() -> None:
    """And none is left without a question, or a source without an answer."""
    answered = {name.partition("/")[2] for name, _ in responses() if name.startswith("utter_faq/")}
    nlu = yaml.safe_load((ROOT / "data/faq/nlu.yml").read_text(encoding="utf-8"))["nlu"]
    asked = {block["intent"].partition("/")[2]: block["examples"].count("\n") for block in nlu}
    assert set(asked) == answered and len(answered) >= 45
    assert [topic for topic, count in asked.items() if count < 12] == []
    assert {row["topic"] for row in rows_of("faq")} | {"other"} == answered


def test_intents_of_buttons_exist() -> None:
    """A button whose intent nobody knows would be answered with silence."""
    intents = set(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])
    for name, variants in responses():
        for variant in variants:
            for button in variant.get("buttons", []):
                assert button["payload"].lstrip("/") in intents, name


def test_what_the_telephone_does_is_the_same_in_both_languages() -> None:
    """And a text for it leads on: to keys, to a person, or to the end of the call."""
    for name, variants in responses():
        voices = [(one.get("custom") or {}).get("voice") for one in variants]
        if voices[0] is None and voices[1] is None:
            continue
        said = ("again", "last", "listens")
        done = [{part: value for part, value in voice.items() if part not in said} for voice in voices if voice]
        assert len(done) == 2 and done[0] == done[1], name
        assert {"gather", "hangup", "transfer"} & set(done[0]), name


TASKS = ("add_email", "code_search", "forgot_password", "register_account")
VERDICTS = ("official", "reported_fraud", "suspicious", "not_official", "unknown")


def said_by_actions() -> set[str]:
    """The responses that actions put together from a task, an item and what happened."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    ends = ("cancelled", "expired", "done", "limit", "unconfirmed", "put_aside", "taken_up", "ways", "after")
    made = {f"utter_{task}_{end}" for task in TASKS for end in ends}
    items: set[str] = set()
    for task in TASKS:
        nouns = [slot.removeprefix(f"{task}_") for slot in domain["forms"][f"{task}_form"]["required_slots"]]
        codes = [noun for noun in nouns if noun.endswith("otp")]
        items |= {"otp" if noun in codes else noun for noun in nouns}
        made |= {f"utter_{task}_{noun}_sent" for noun in codes} | {f"utter_ask_{task}_{noun}" for noun in nouns}
    spoken = ("cancelled", "expired", "done", "limit", "unconfirmed", "match", "no_match")
    made |= {f"utter_hotline_password_{end}" for end in spoken} | {"utter_ask_hotline_password_code"}
    made |= set(re.findall(r"silence: (\w+)", (ROOT / "data/hotline/responses.yml").read_text(encoding="utf-8")))
    made |= {f"utter_{item}_{hint}" for item in items for hint in ("unclear", "explained")}
    made |= {f"utter_otp_{result}" for result in ("wrong", "expired", "dead")}
    made |= {f"utter_official_channel_{verdict}" for verdict in VERDICTS}
    made |= {name for name, _ in responses() if name.startswith("utter_faq/")}  # held by the test of topics
    told = re.search(r"TOLD = \((.*?)\)", (ROOT / "actions/answers.py").read_text(encoding="utf-8"), re.DOTALL)
    assert told is not None
    made |= {f"utter_{intent}" for intent in re.findall(r'"(\w+)"', told[1])}
    why = set(re.findall(r'": "(\w+)"', (ROOT / "actions/official_channel.py").read_text(encoding="utf-8")))
    made |= {f"utter_official_channel_because_{reason}" for reason in why}
    return made


def test_every_response_is_said_somewhere_and_every_sentence_exists() -> None:
    """By a rule, an action, the channel, or as a form's question; what an action may say is never missing."""
    programs = [path for folder in ("actions", "assistant") for path in (ROOT / folder).rglob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in programs)
    rules = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "data").glob("*/rules.yml"))
    names = {name for name, _ in responses()}
    made = said_by_actions()
    assert made - names == set()
    assert [name for name in names - made if f'"{name}"' not in code and f" {name}\n" not in rules] == []


def test_no_response_is_masked_on_its_way_to_the_screen() -> None:
    """What the assistant says goes through the blanking of the stores, which must not take it for somebody's value."""
    texts = [one["text"].strip() for _, variants in responses() for one in variants]
    assert [blank(text, own_words=True) for text in texts if blank(text, own_words=True) != text] == []


def test_no_two_responses_read_the_same() -> None:
    """Or a conversation could not be checked by the names of what was said."""
    texts = [one["text"].strip() for _, variants in responses() for one in variants]
    assert [text for text in texts if texts.count(text) > 1] == []


def test_an_answer_fits_on_one_screen_of_a_phone() -> None:
    """At most 700 characters and 8 lines."""
    for name, variants in responses():
        for one in variants:
            assert len(one["text"]) <= 700 and one["text"].strip().count("\n") < 8, name


def test_every_slot_intent_action_and_entity_of_the_domain_is_used() -> None:
    """In a form, a rule, a condition or by a program; a name nobody uses is one too many."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    code = "".join(
        path.read_text(encoding="utf-8") for folder in ("actions", "assistant") for path in (ROOT / folder).rglob("*.py")
    )
    data = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "data").glob("*/*.yml"))
    asked = {slot for form in domain["forms"].values() for slot in form["required_slots"]}
    tables = {f"validate_{form}" for form in domain["forms"]} | {f"action_{task}_submit" for task in TASKS}
    tables |= {f"action_ask_{slot}" for slot in asked}
    said = set(re.findall(r'"(\w+)"', code)) | set(re.findall(r"(?:intent|action|name|entity): (\w+)", data))
    names = {*domain["slots"], *domain["intents"], *domain["actions"], *(name for one in domain["entities"] for name in one)}
    assert sorted(names - said - asked - tables) == []
