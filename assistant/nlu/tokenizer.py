"""A tokenizer for Vietnamese: accents kept in the token, folded in its lemma, identifiers as one word each."""

from typing import List, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu.folding import compose, fold
from assistant.nlu.identifiers import find


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
                word = f"xx{one.kind.replace('_', '')}xx"
                masked = f"{masked[:one.start]} {word} {masked[one.end:]}"
        tokens = super().tokenize(Message({attribute: masked}), attribute)
        for token in tokens:
            token.lemma = fold(token.text)
        return tokens
