"""The tokenizer's two readings of a word."""

import unicodedata

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu.folding import fold
from assistant.nlu.tokenizer import NO_WORDS, AccentFoldingTokenizer


def tokens(text: str) -> list[tuple[str, str]]:
    """Return (text, lemma) of every token."""
    tokenizer = AccentFoldingTokenizer(AccentFoldingTokenizer.get_default_config())
    return [(token.text, token.lemma) for token in tokenizer.tokenize(Message({TEXT: text}), TEXT)]


def test_a_token_keeps_its_accents_and_its_lemma_drops_them() -> None:
    assert tokens("đổi Mật khẩu") == [("đổi", "doi"), ("Mật", "mat"), ("khẩu", "khau")]


def test_decomposed_text_is_read_like_composed_text() -> None:
    assert tokens(unicodedata.normalize("NFD", "đổi mật khẩu")) == tokens("đổi mật khẩu")


def test_an_identifier_is_one_word_whatever_its_digits() -> None:
    assert tokens("mã 79 0000 0001 nhé") == tokens("mã 8012345678 nhé")
    assert len(tokens("mã 79 0000 0001 nhé")) == 3


@pytest.mark.parametrize("text", ["😀😀", "???", "..."])
def test_a_message_without_words_says_so(text: str) -> None:
    assert tokens(text) == [(NO_WORDS, NO_WORDS)]


@pytest.mark.parametrize(
    ("text", "folded"), [("Đường", "duong"), ("ƯỚC", "uoc"), (unicodedata.normalize("NFD", "nguyễn"), "nguyen")]
)
def test_folding_knows_the_letters_that_are_no_accents(text: str, folded: str) -> None:
    assert fold(text) == folded
