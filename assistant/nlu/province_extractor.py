"""The Rasa component that puts `assistant.nlu.provinces` into a parsed message."""

from typing import List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu import found_values
from assistant.nlu.component import Plain
from assistant.nlu.provinces import find
from assistant.nlu.typed_text import read_beginning


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ProvinceExtractor(EntityExtractorMixin, Plain):
    """Adds a `province` for every province finally meant. Put it behind the other extractors: what they found is no province."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the provinces of each message."""
        for message in messages:
            typed = read_beginning(message.get(TEXT) or "")
            found_values.add(message, find(typed, found_values.spans(message)), "ProvinceExtractor")
        return messages
