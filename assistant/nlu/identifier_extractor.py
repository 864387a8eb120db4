"""The Rasa component that puts `assistant.nlu.identifiers` and the message's language into a parsed message."""

from typing import List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu import found_values
from assistant.nlu.component import Plain
from assistant.nlu.identifiers import find
from assistant.nlu.language import detect


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class IdentifierExtractor(EntityExtractorMixin, Plain):
    """Adds an entity for every identifier and birth date finally meant, and `lang` when the message is a full sentence.

    `lang` is an entity so that Rasa's own `from_entity` mapping fills the slot, without an action call.
    """

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the entities of each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            found_values.add(message, find(text), "IdentifierExtractor")
            lang = detect(text)
            if lang is not None:
                said = {"entity": found_values.LANGUAGE, "value": lang, "start": 0, "end": len(text)}
                message.set(ENTITIES, [*message.get(ENTITIES), {**said, "extractor": "IdentifierExtractor"}], add_to_output=True)
        return messages
