"""A search that cannot fail would prove nothing: every canary is found in every spelling and encoding."""

import base64
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.security.canaries import PERSONAL, Canary, number, secret
from tests.security.leak_search import leaks, written_files

ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-8, decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
    "json": lambda text: json.dumps(text).encode(),
    "json in json": lambda text: json.dumps(json.dumps(text)).encode(),
    "repr of bytes": lambda text: repr(text.encode()).encode(),
    "url": lambda text: quote(text, safe="").encode(),
    "base64": lambda text: base64.b64encode(f'{{"text": "{text}"}}'.encode()),
    "url-safe base64 without padding": lambda text: base64.urlsafe_b64encode(f"{text} {text}".encode()).rstrip(b"="),
    "utf-16": lambda text: text.encode("utf-16-le"),
    "utf-16 at an odd place": lambda text: b"x" + text.encode("utf-16-be"),
    "upper case": lambda text: text.upper().encode(),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("canary", PERSONAL, ids=lambda canary: canary.kind)
def test_every_spelling_is_found_in_every_encoding(canary: Canary, encoding: str) -> None:
    for spelling in (canary.value, *canary.typed):
        content = ENCODINGS[encoding](f"before that {spelling} and after")
        assert leaks([canary], {"file": content}), f"{spelling!r} was not found"


def test_a_secret_is_found_beside_anything() -> None:
    token = secret("token", "eyJjaGFubmVsIjoid2Vi")
    assert leaks([token], {"file": b"X-Sender: eyJjaGFubmVsIjoid2ViIiwic2VuZGVy.abc"})


def test_what_a_mask_shows_and_other_numbers_are_no_leak() -> None:
    shown = "mã ••••0927, mail c••••@example.com, otp ••••, 1790604913.25 0.604913 9604913 999.7826457, lúc 03:47:16"
    assert leaks(PERSONAL, {"file": shown.encode()}) == []
    assert leaks([number("otp", "120034")], {"file": b"2026-11-22 12:00:34,120 pid 1200340"}) == []


def test_the_backends_own_database_alone_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    for name in ("backend.db", "backend.db-wal", "chat.db", "chat.db-wal", "log/rasa.log", "core.12"):
        (tmp_path / name).write_bytes(b"x")
    assert written_files(tmp_path).keys() == {"chat.db", "chat.db-wal", "log/rasa.log", "core.12"}
