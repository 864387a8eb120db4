"""The Rasa component that puts `assistant.nlu.provinces` into a parsed message."""

from typing import Any, Dict, List, Text, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu import found_values
from assistant.nlu.provinces import find
from assistant.nlu.typed_text import TypedText


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ProvinceExtractor(EntityExtractorMixin, GraphComponent):
    """Adds a `province` for every province finally meant. Put it behind the other extractors: what they found is no province."""

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "ProvinceExtractor":
        """Build the component; it has no settings and no trained state."""
        return cls()

    @classmethod
    def required_components(cls) -> List[Type]:
        """Nothing has to run before."""
        return []

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the provinces of each message."""
        for message in messages:
            typed = TypedText.beginning(message.get(TEXT) or "")
            found_values.add(message, find(typed, found_values.spans(message)), "ProvinceExtractor")
        return messages
