"""Recognise which response of the domain a bubble is."""

import re
from functools import lru_cache
from pathlib import Path

import yaml

DATA = Path(__file__).parent.parent.parent / "data"


@lru_cache(maxsize=1)
def patterns() -> list[tuple[str, str, re.Pattern[str]]]:
    """Return (response name, language, pattern of the whole text) of every response of the assistant."""
    found = []
    for path in sorted(DATA.glob("*/responses.yml")):
        for name, variants in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items():
            for variant in variants:
                lang = variant["condition"][0]["value"] if "condition" in variant else "vi"
                text = re.sub(r"\\\{\w+\\\}", ".+?", re.escape(variant["text"].strip()))
                found.append((name, lang, re.compile(text, re.DOTALL)))
    return found


def name_of(text: str) -> tuple[str, str]:
    """Return the name and language of the response a text was made from."""
    for name, lang, pattern in patterns():
        if pattern.fullmatch(text):
            return name, lang
    raise AssertionError(f"no response of the domain reads: {text!r}")
