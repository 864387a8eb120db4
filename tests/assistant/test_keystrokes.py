"""Telex and VNI that no input method has turned into letters."""

import pytest

from assistant.nlu.keystrokes import decode, put_tone, telex, vni


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("queen", "quên"), ("quene", "quên"), ("maatj", "mật"), ("matja", "mật"), ("khaaur", "khẩu"), ("ddawng", "đăng"),
        ("ddangw", "đăng"), ("dangwd", "đăng"), ("dduwowcj", "được"), ("dduowcj", "được"), ("nguwowif", "người"),
        ("nguowif", "người"),
        ("giuwps", None), ("hoaf", "hòa"), ("thuys", "thúy"), ("quyr", "quỷ"), ("giayas", "giấy"), ("toanf", "toàn"),
        ("muoons", "muốn"),
        ("pass", None), ("reset", "rết"), ("vssid", None), ("khong", None), ("", None),
    ],
)  # fmt: skip
def test_telex_keys_stand_after_their_vowel_or_at_the_end(keys: str, word: str) -> None:
    assert telex(keys) == word


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("que6n", "quên"), ("ma65t", "mật"), ("kha63u", "khẩu"), ("d9a8ng", "đăng"), ("d9ang8", "đăng"), ("d9u7o7c5", "được"),
        ("nguo7i2", "người"), ("to6i", "tôi"), ("b1234567", None), ("a10", None), ("4g", None),
    ],
)  # fmt: skip
def test_vni_keys_are_digits(keys: str, word: str) -> None:
    assert vni(keys) == word


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tooi queen maatj khaaur app vssid", "tôi quên mật khẩu app vssid"),
        ("to6i que6n ma65t kha63u", "tôi quên mật khẩu"),
        ("Maatj Khaaur", "mật khẩu"),
        ("ko nhows", "ko nhớ"),
    ],
)
def test_a_text_of_keystrokes_is_decoded(typed: str, meant: str) -> None:
    assert decode(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "toi quen mat khau", "e wen pass r", "reset pass giúp em với", "how do i reset my password", "I was here for the form",
        "mã của em là b1234567 ạ", "tầng a1 tòa b2", "tôi quên mật khẩu", "", "1234567890",
    ],
)  # fmt: skip
def test_what_stands_for_itself_stays(typed: str) -> None:
    assert decode(typed) == typed


@pytest.mark.parametrize(
    ("base", "tone", "word"),
    [
        ("hoa", "f", "hòa"),
        ("toan", "f", "toàn"),
        ("khuyu", "r", "khuỷu"),
        ("quy", "s", "quý"),
        ("mưa", "f", "mừa"),
        ("nhiêu", "f", "nhiều"),
    ],
)
def test_a_tone_stands_on_the_vowel_where_it_is_written_today(base: str, tone: str, word: str) -> None:
    assert put_tone(base, tone) == word
