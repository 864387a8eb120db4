"""The tokenizer's two readings of a word, and the words as meant."""

import unicodedata

import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu.folding import fold
from assistant.nlu.readings import LONGEST, NO_WORDS, read
from assistant.nlu.tokenizer import VietnameseTokenizer


def tokens(text: str) -> list[tuple[str, str]]:
    """Return (text, lemma) of every token."""
    tokenizer = VietnameseTokenizer(VietnameseTokenizer.get_default_config())
    return [(token.text, token.lemma) for token in tokenizer.tokenize(Message({TEXT: text}), TEXT)]


def test_a_token_keeps_its_accents_and_its_lemma_drops_them() -> None:
    assert tokens("đổi Mật khẩu") == [("đổi", "doi"), ("mật", "mat"), ("khẩu", "khau")]


def test_the_message_itself_stays_as_it_was_typed() -> None:
    message = Message({TEXT: "E WEN MK"})
    VietnameseTokenizer(VietnameseTokenizer.get_default_config()).process([message])
    assert message.get(TEXT) == "E WEN MK"


@pytest.mark.parametrize(
    "typed",
    ["tôi quên mật khẩu", "TÔI QUÊN MẬT KHẨU", "tooi queen maatj khaaur", "to6i que6n ma65t kha63u", "tôi wên pass"],
)
def test_however_it_is_typed_the_words_are_the_same(typed: str) -> None:
    assert tokens(typed) == tokens("tôi quên mật khẩu")


def test_decomposed_text_is_read_like_composed_text() -> None:
    assert tokens(unicodedata.normalize("NFD", "đổi mật khẩu")) == tokens("đổi mật khẩu")


def test_an_identifier_is_one_word_whatever_its_digits() -> None:
    assert tokens("mã 79 0000 0001 nhé") == tokens("mã 8012345678 nhé")
    assert len(tokens("mã 79 0000 0001 nhé")) == 3


@pytest.mark.parametrize("text", ["😀😀", "???", "..."])
def test_a_message_without_words_says_so(text: str) -> None:
    assert tokens(text)[-1] == (NO_WORDS, NO_WORDS)


@pytest.mark.parametrize(("sign", "said"), [("👍", "ok"), ("👍🏻👍🏻", "ok"), ("✅!", "ok"), ("👎", "không")])
def test_a_thumb_that_stands_alone_is_a_word(sign: str, said: str) -> None:
    assert tokens(sign) == tokens(said)
    assert tokens(f"mã của tôi đây {sign}")[:4] == tokens("mã của tôi đây")


def test_a_wall_of_text_is_read_as_far_as_a_long_letter_goes() -> None:
    assert read("a" * LONGEST + "b" * 10) == read("a" * LONGEST)


def test_an_intents_name_is_left_to_rasa() -> None:
    tokenizer = VietnameseTokenizer(VietnameseTokenizer.get_default_config())
    assert [token.text for token in tokenizer.tokenize(Message({INTENT: "greet"}), INTENT)] == ["greet"]


@pytest.mark.parametrize(
    ("text", "folded"), [("Đường", "duong"), ("ƯỚC", "uoc"), (unicodedata.normalize("NFD", "nguyễn"), "nguyen")]
)
def test_folding_knows_the_letters_that_are_no_accents(text: str, folded: str) -> None:
    assert fold(text) == folded
