"""A tokenizer for Vietnamese: accents kept in the token, folded in its lemma, identifiers as one word each."""

from typing import List, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu.folding import compose, fold
from assistant.nlu.identifiers import find

STANDS_FOR = {
    "bhxh_code": "κ", "dob": "δ", "email": "ε", "hotline": "η", "id_document": "ι", "otp": "ο", "personal_id": "π",
    "phone": "φ", "url": "υ",
}  # fmt: skip
"""One letter per kind of identifier: a longer word would outweigh the sentence in features made of word pieces."""
NO_WORDS = "ω"
"""Stands for a message without any letter or digit (emoji, punctuation)."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class AccentFoldingTokenizer(WhitespaceTokenizer):
    """Gives featurizers two readings of a word: `text` with accents, `lemma` without (`use_lemma`).

    An identifier becomes one token named after its kind, so that the classifier sees "a code" and not its digits.
    Offsets are those of the composed (NFC) text, which channels send.
    """

    def tokenize(self, message: Message, attribute: Text) -> List[Token]:
        """Return the tokens of `message`'s `attribute`."""
        text = compose(message.get(attribute))
        masked = text
        if attribute == TEXT:
            for one in reversed(find(text)):
                masked = f"{masked[: one.start]} {STANDS_FOR[one.kind]} {masked[one.end :]}"
            if not any(char.isalnum() for char in masked):
                masked = NO_WORDS
        tokens = super().tokenize(Message({attribute: masked}), attribute)
        for token in tokens:
            token.lemma = fold(token.text)
        return tokens
