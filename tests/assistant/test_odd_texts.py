"""Walls of text and other alphabets: every extractor answers, in a time that grows with the length."""

import random
import time

import pytest

from assistant.nlu.identifiers import find, settle
from assistant.nlu.provinces import find as find_provinces
from assistant.nlu.typed_text import read_beginning

LONG = 5000
ALPHABET = "abc019 .-/@#:_+àéđ\n\x00\u200b\u202eＡ１漢ก😀"
WALLS = [
    "1", "12 ", "12/3/85 ", "a.", "a@", "a còng ", "chấm com ", "không chín ", "năm ", "tháng ", "ba tháng hai năm ",
    "sinh năm ", "passport ",
    "http://", "\u202e", "漢字", "สวัสดี ", "Nguyen ", "nguyeenx ", "không phải 0912345678 ", "1/", "1-", "_", "+84", "sn ",
    "A b, ", "hà ", "a.b@c.d ",
]  # fmt: skip
_BOUND_S = 2.0
"""A text of 5,000 characters takes some milliseconds; a pattern that backtracks takes minutes."""


def everything(text: str) -> None:
    """Look for every value in a text."""
    for one in settle(text, find(text)):
        assert 0 <= one.start < one.end <= len(text)
    for one in find_provinces(read_beginning(text)):
        assert 0 <= one.start < one.end <= len(text)


@pytest.mark.parametrize("brick", WALLS)
def test_a_wall_is_read_in_time(brick: str) -> None:
    text = (brick * LONG)[:LONG]
    begin = time.process_time()
    everything(text)
    assert time.process_time() - begin < _BOUND_S


@pytest.mark.parametrize("seed", range(40))
def test_a_text_of_odd_characters_is_read_in_time(seed: int) -> None:
    chance = random.Random(seed)
    words = ["nguyễn", "0912345678", "a còng", "chấm com", "sinh", "12/3/85", "Hà Nội", "passport", "C1234567", "nhầm", "ma4"]
    pieces = [
        chance.choice(ALPHABET) if chance.random() < 0.7 else chance.choice(words) for _ in range(chance.randrange(LONG // 2))
    ]
    begin = time.process_time()
    everything("".join(pieces))
    assert time.process_time() - begin < _BOUND_S
