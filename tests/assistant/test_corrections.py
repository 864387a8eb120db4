"""After a correction only the value finally meant stays, whatever its kind."""

import pytest

from assistant.nlu.corrections import settle
from assistant.nlu.values import Identifier

FIRST, SECOND = "0912345678", "0987654321"


def meant(text: str) -> list[str]:
    """Return what stays of A and B in a text in which they stand for two values of one kind."""
    found = []
    for name, value in (("A", FIRST), ("B", SECOND)):
        text = text.replace(name, value)
    for value in (FIRST, SECOND):
        start = text.find(value)
        while start >= 0:
            found.append(Identifier("phone", value, start, start + len(value)))
            start = text.find(value, start + 1)
    return ["A" if one.value == FIRST else "B" for one in settle(text, sorted(found, key=lambda one: one.start))]


@pytest.mark.parametrize(
    "text",
    [
        "A à nhầm B",
        "A, à không, B",
        "A à lộn, B",
        "A a khong phai, B",
        "A, ý quên, B mới đúng",
        "không phải A mà là B",
        "B chứ không phải A",
        "lôn roi, mã dung la B nhé khong phai A",
        "B mới đúng, A sai rồi",
        "A sorry B",
        "no wait, it is B not A",
        "B, not A",
        "A is wrong, B",
        "A chu k phai, B moi dung",
        "tôi ghi nhầm A, đúng là B",
        "nãy em đọc lộn A, B nha",
        "sửa lại: B, lúc nãy gõ nhầm A",
        "A, I mean B",
        "Không phải A đâu, ở B cơ nhé",
        "B bác ạ, nãy em nói A là nhầm đấy",
    ],
)
def test_the_value_finally_meant_stays(text: str) -> None:
    assert meant(text) == ["B"]


@pytest.mark.parametrize(
    "text", ["A và B", "A, B", "gọi A không được thì gọi B", "A hoặc B đều được", "số tôi là A còn số vợ là B"]
)
def test_without_a_correction_both_stay(text: str) -> None:
    assert meant(text) == ["A", "B"]


def test_a_correction_of_one_kind_leaves_the_others() -> None:
    text = f"mail a@x.vn, số {FIRST} à nhầm {SECOND}"
    found = [Identifier("email", "a@x.vn", 5, 11), Identifier("phone", FIRST, 16, 26), Identifier("phone", SECOND, 34, 44)]
    assert [one.value for one in settle(text, found)] == ["a@x.vn", SECOND]
