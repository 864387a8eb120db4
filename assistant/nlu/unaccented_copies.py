"""Training sees every example twice: as it was written, and without its accents."""

from typing import List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.component import Plain
from assistant.nlu.folding import fold

COPY = "unaccented_copy"
"""The property by which later components know a copy."""
_MEANING = (INTENT, INTENT_RESPONSE_KEY)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class UnaccentedCopies(Plain):
    """Put first in a pipeline, it adds the copies to what every later component learns intents from.

    Without them a word that was always written with accents counts less when it is typed without.
    """

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the examples and a copy of each whose text has accents; copies carry no entities."""
        copies = []
        for example in training_data.intent_examples:
            text = example.get(TEXT)
            folded = fold(text) if text else text
            if folded and folded != text.lower():
                copies.append(Message({**{name: example.get(name) for name in _MEANING}, TEXT: folded, COPY: True}))
        return TrainingData(
            [*training_data.training_examples, *copies],
            training_data.entity_synonyms,
            training_data.regex_features,
            training_data.lookup_tables,
            training_data.responses,
        )

    def process(self, messages: List[Message]) -> List[Message]:
        """Leave messages as they are."""
        return messages
