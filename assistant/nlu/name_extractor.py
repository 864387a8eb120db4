"""The Rasa component that learns from annotated examples which words are a person's name."""

from typing import Any, Dict, List, Optional, Text, Type

import pycrfsuite
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu import found_values, names
from assistant.nlu.name_examples import Example, telling, varied
from assistant.nlu.typed_text import TypedText
from assistant.nlu.values import Identifier

KIND = "full_name"
_FILE = "names.crfsuite"
_COPY = "unaccented_copy"
"""What marks an example that another component made of a written one; it has lost its annotations."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class NameExtractor(EntityExtractorMixin, GraphComponent):
    """Adds a `full_name` for every name finally meant, as it is written and without titles.

    A conditional random field over `assistant.nlu.names.features`, stored in crfsuite's own format. Put it behind the
    extractor of identifiers (what that found is no name) and before that of provinces (`Trương Vĩnh Phúc` is a person).
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`nameless`: how many examples without a name it learns from; the rest are crfsuite's own settings."""
        return {"nameless": 2700, "c1": 0.05, "c2": 0.05, "max_iterations": 40}

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._tagger: Optional[pycrfsuite.Tagger] = None
        self._model = b""  # crfsuite reads it where it lies

    @classmethod
    def required_components(cls) -> List[Type]:
        """Nothing has to run before."""
        return []

    @classmethod
    def required_packages(cls) -> List[Text]:
        """The library that brings crfsuite, by the name that is both its module and its distribution."""
        return ["sklearn_crfsuite"]

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "NameExtractor":
        """Build an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "NameExtractor":
        """Read a trained component; one that had no annotated name to learn from finds none."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.use((folder / _FILE).read_bytes())
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that were annotated, and from some of those in which nobody is named."""
        examples = telling([_example(one) for one in training_data.nlu_examples if _is_written(one)], self._config["nameless"])
        with self._storage.write_to(self._resource) as folder:
            path = folder / _FILE
            if any(spans for _, spans in examples):
                learn(examples, str(path), {name: self._config[name] for name in ("c1", "c2", "max_iterations")})
            else:
                path.write_bytes(b"")
            self.use(path.read_bytes())
        return self._resource

    def use(self, model: bytes) -> None:
        """Find names with a model of crfsuite's; with an empty one find none."""
        self._model = model
        self._tagger = None
        if model:
            self._tagger = pycrfsuite.Tagger()
            self._tagger.open_inmemory(self._model)

    def find(self, text: Text) -> List[Identifier]:
        """Return the names in a text in order of mention."""
        typed = TypedText.beginning(text)
        if self._tagger is None or not typed.words:
            return []
        found = names.spans(typed, self._tagger.tag(names.features(typed)))
        return [Identifier(KIND, text[start:end], start, end) for start, end in found]

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the names in each message."""
        for message in messages:
            found_values.add(message, self.find(message.get(TEXT) or ""), "NameExtractor")
        return messages


def learn(examples: List[Example], path: Text, settings: Dict[Text, Any]) -> None:
    """Write the model that was learned from the examples and their variants to `path`; the same one at every call."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for text, spans in varied(examples):
        typed = TypedText.beginning(text)
        if typed.words:
            trainer.append(names.features(typed), names.labels(typed, spans))
    trainer.set_params({**settings, "feature.possible_transitions": True})
    trainer.train(path)


def _is_written(message: Message) -> bool:
    return bool(message.get(TEXT)) and not message.get(_COPY)


def _example(message: Message) -> Example:
    spans = [(one["start"], one["end"]) for one in message.get(ENTITIES) or [] if one["entity"] == KIND]
    return message.get(TEXT), spans
