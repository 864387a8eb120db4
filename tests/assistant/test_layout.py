"""How bubbles look where buttons have limits: numbered lists, written links, parts of long texts."""

from typing import Any

import pytest

from assistant.channels.layout import Room, lay_out
from assistant.channels.messenger import MessengerChannel
from assistant.channels.numbered import as_list, chosen
from assistant.channels.parts import split, units
from assistant.channels.zalo import ZaloChannel

MESSENGER, ZALO = MessengerChannel.room, ZaloChannel.room
PORTAL = {"label": "Cổng dịch vụ", "url": "https://example.com/a"}
LONG = {"label": "Question page (in Vietnamese)", "url": "https://example.com/q"}
CALL = {"label": "Gọi 1900 9068", "url": "tel:19009068"}
PRIVACY = {"label": "Quyền riêng tư", "url": "/chat/privacy.html"}


def laid(room: Room, text: str = "Chào", labels: tuple[str, ...] = (), links: tuple[dict[str, str], ...] = ()) -> Any:
    """A bubble in a room."""
    shown = {"text": text, "choices": [{"label": one, "token": f"c:{one}"} for one in labels], "links": list(links)}
    return lay_out(shown, room, "https://here.example", "Chọn số:")


def test_what_fits_becomes_buttons_and_the_text_stays_as_it_is() -> None:
    found = laid(MESSENGER, labels=("Có", "Không"), links=(PORTAL, PRIVACY))
    assert (found.text, [one["label"] for one in found.choices]) == ("Chào", ["Có", "Không"])
    assert [one["url"] for one in found.links] == ["https://example.com/a", "https://here.example/chat/privacy.html"]


@pytest.mark.parametrize(
    ("room", "labels", "numbered"),
    [
        (MESSENGER, ("x" * 20,) * 13, False),
        (MESSENGER, ("x" * 21,), True),
        (MESSENGER, ("😀" * 10 + "x",), True),
        (MESSENGER, ("x",) * 14, True),
        (ZALO, ("x" * 100,) * 5, False),
        (ZALO, ("x" * 101,), True),
        (ZALO, ("x",) * 6, True),
    ],
)
def test_choices_that_do_not_fit_are_all_numbered(room: Room, labels: tuple[str, ...], numbered: bool) -> None:
    found = laid(room, labels=labels)
    assert bool(found.choices) is not numbered
    listed = "\n\nChọn số:\n" + "\n".join(f"{number}. {label}" for number, label in enumerate(labels, 1))
    assert found.text == "Chào" + listed * numbered


def test_links_that_do_not_fit_are_written_and_a_number_that_was_said_is_not_said_again() -> None:
    found = laid(MESSENGER, links=(LONG, CALL, PORTAL))
    assert found.text == "Chào\n\nQuestion page (in Vietnamese): https://example.com/q\nGọi 1900 9068"
    assert found.links == [PORTAL]
    assert laid(MESSENGER, "Gọi 1900.9068 nhé", links=(CALL,)).text == "Gọi 1900.9068 nhé"
    four = laid(MESSENGER, links=(PORTAL,) * 4)
    assert four.links == [] and four.text.count("https://example.com/a") == 4


def test_zalo_dials_and_counts_links_and_choices_together() -> None:
    assert laid(ZALO, links=(CALL,)).links == [CALL]
    assert laid(ZALO, labels=("a", "b", "c"), links=(PORTAL, CALL)).links == [PORTAL, CALL]
    found = laid(ZALO, labels=("a", "b", "c", "d"), links=(PORTAL, CALL))
    assert found.links == [] and len(found.choices) == 4
    assert found.text == "Chào\n\nCổng dịch vụ: https://example.com/a\nGọi 1900 9068"


def test_a_text_too_long_for_a_template_has_its_links_written() -> None:
    assert laid(MESSENGER, "x" * 640, links=(PORTAL,)).links == [PORTAL]
    found = laid(MESSENGER, "x" * 641, links=(PORTAL,), labels=("Có",))
    assert found.links == [] and found.text.endswith("\n\nCổng dịch vụ: https://example.com/a") and found.choices


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0), ("2.", 1), ("３", 2), (" số 2 ", 1), ("so 2", 1), ("#2", 1), ("2)", 1), ("2 nhé", 1), ("chọn 3 đi", 2),
        ("Một", 0), ("mot", 0), ("hai", 1), ("ba", 2), ("cái đầu tiên", 0), ("cai dau tien", 0), ("cái thứ hai", 1),
        ("thứ nhất", 0), ("câu số ba", 2), ("lựa chọn 2", 1), ("tôi chọn số 1", 0), ("the first one", 0), ("number two", 1),
        ("option 3", 2), ("second", 1), ("cái cuối cùng", 2), ("the last one please", 2), ("I'll take the second one", 1),
    ],
)  # fmt: skip
def test_a_short_answer_names_a_choice(text: str, place: int) -> None:
    assert chosen(text, 3) == place


@pytest.mark.parametrize(
    "text",
    [
        "0", "4", "10", "", "bà", "12345", "7900000001", "1 2", "1/2", "1990", "số 1900 9068", "tôi có 2 con",
        "một người gọi tôi", "1a", "hai bà", "số", "cái", "-1",
    ],
)  # fmt: skip
def test_any_other_text_names_none(text: str) -> None:
    assert chosen(text, 3) is None


def test_each_place_of_a_list_is_known_by_its_number_and_its_word() -> None:
    words = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"]
    for place, word in enumerate(words):
        assert chosen(word, 10) == chosen(str(place + 1), 10) == chosen(f"thứ {place + 1}", 13) == place
    assert chosen("13", 13) == 12
    assert as_list(["a", "b"]) == "1. a\n2. b"


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("", 10, []),
        ("ngắn", 10, ["ngắn"]),
        ("một hai\n\nba bốn", 10, ["một hai", "ba bốn"]),
        ("một\nhai ba\nbốn", 10, ["một\nhai ba", "bốn"]),
        ("một hai ba bốn", 10, ["một hai ba", "bốn"]),
        ("một hai\n\nba", 11, ["một hai\n\nba"]),
        ("x" * 25, 10, ["x" * 10, "x" * 10, "x" * 5]),
        ("😀" * 6, 10, ["😀" * 5, "😀"]),
    ],
)
def test_a_long_text_is_cut_where_it_hurts_least(text: str, limit: int, parts: list[str]) -> None:
    assert split(text, limit) == parts


def test_no_part_is_longer_than_the_limit_and_no_word_is_lost() -> None:
    text = "\n\n".join(" ".join(f"chữ{n}😀" for n in range(k * 7)) for k in range(1, 30))
    parts = split(text, 200)
    assert all(0 < units(part) <= 200 for part in parts)
    assert " ".join(parts).split() == text.split()
