"""A tokenizer for Vietnamese as people type it: what Rasa's featurizers get is words as meant."""

from typing import List, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu.readings import read


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class VietnameseTokenizer(WhitespaceTokenizer):
    """Gives featurizers two readings of a word: `text` with accents, `lemma` without (`use_lemma`).

    The message's own text stays as it was typed. Offsets count in the words as meant, not in that text.
    """

    def tokenize(self, message: Message, attribute: Text) -> List[Token]:
        """Return the tokens of `message`'s `attribute`."""
        text = message.get(attribute)
        if attribute != TEXT:
            return super().tokenize(message, attribute)
        words = read(text)
        tokens, start = [], 0
        for accented, folded in zip(words.accented.split(" "), words.folded.split(" ")):
            if accented:
                tokens.append(Token(accented, start, lemma=folded or accented))
            start += len(accented) + 1
        return tokens
