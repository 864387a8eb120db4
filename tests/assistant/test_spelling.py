"""What may be spelled in several ways is spelled in one."""

import unicodedata

import pytest

from assistant.nlu.abbreviations import expand, meanings
from assistant.nlu.spelling import tidy
from assistant.nlu.syllables import is_plain_shape, is_syllable


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("MẬT KHẨU", "mật khẩu"),
        (unicodedata.normalize("NFD", "mật khẩu"), "mật khẩu"),
        ("Ｑｕên", "quên"),
        ("hoà khoẻ thuý", "hòa khỏe thúy"),
        ("quý toàn thuyết", "quý toàn thuyết"),
        ("rồiiii điii ơiii", "rồi đi ơi"),
        ("xoong", "xoong"),
        ("sao vậy???!!!", "sao vậy?!"),
        ("😭😭😭", "😭"),
        ("V S S I D", "vssid"),
        ("q.u.ê.n", "quên"),
        ("mật\u200bkhẩu\u202e", "mậtkhẩu"),
        ("", ""),
    ],
)
def test_spellings_without_meaning_are_one(typed: str, tidied: str) -> None:
    assert tidy(typed) == tidied


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("wên pass r", "quên mật khẩu rồi"), ("ko bít", "không biết"), ("lan@k.vn", "lan@k.vn"), ("kk", "kk"), ("", "")],
)
def test_abbreviations_are_written_out_as_whole_words(typed: str, meant: str) -> None:
    assert expand(typed) == meant


def test_every_abbreviation_is_tidy_and_means_something_else() -> None:
    table = meanings()
    assert len(table) > 150
    assert [written for written, meant in table.items() if written == meant or tidy(written) != written] == []


@pytest.mark.parametrize("word", ["quên", "mật", "nghiêng", "khuỷu", "gì", "giếng", "quý", "được", "yên", "uỷ", "oan", "thuở"])
def test_syllables_are_known_by_their_shape(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["vssid", "pass", "khàt", "zalo", "bjt", "ngq", "hello", "qên"])
def test_what_no_syllable_can_be_is_none(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("word", "possible"), [("mat", True), ("truong", True), ("nghieng", True), ("forgot", False), ("please", False)]
)
def test_a_word_without_accents_may_be_a_syllable(word: str, possible: bool) -> None:
    assert is_plain_shape(word) == possible
