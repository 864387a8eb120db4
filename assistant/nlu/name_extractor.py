"""The Rasa component that learns from annotated examples which words are a person's name."""

from typing import Any, Dict, List, Optional, Text

import pycrfsuite
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu import found_values, names
from assistant.nlu.component import Learning
from assistant.nlu.name_examples import Example, telling, varied
from assistant.nlu.typed_text import read_beginning
from assistant.nlu.unaccented_copies import COPY
from assistant.nlu.values import Identifier

KIND = "full_name"
_FILE = "names.crfsuite"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class NameExtractor(EntityExtractorMixin, Learning):
    """Adds a `full_name` for every name finally meant, as it is written and without titles.

    A conditional random field over `assistant.nlu.names.features`, stored in crfsuite's own format. Put it behind the
    extractor of identifiers (what that found is no name) and before that of provinces (`Trương Vĩnh Phúc` is a person).
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`nameless`: how many examples without a name it learns from; the rest are crfsuite's own settings."""
        return {"nameless": 2600, "c1": 0.05, "c2": 0.05, "max_iterations": 30}

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._tagger: Optional[pycrfsuite.Tagger] = None
        self._model = b""  # crfsuite reads it where it lies

    @classmethod
    def required_packages(cls) -> List[Text]:
        """The library that brings crfsuite, by the name that is both its module and its distribution."""
        return ["sklearn_crfsuite"]

    def read(self) -> None:
        """Take up crfsuite's model; a component that had no annotated name to learn from finds none."""
        with self._storage.read_from(self._resource) as folder:
            self.use((folder / _FILE).read_bytes())

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
        typed = read_beginning(text)
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
        typed = read_beginning(text)
        if typed.words:
            trainer.append(names.features(typed), names.labels(typed, spans))
    trainer.set_params({**settings, "feature.possible_transitions": True})
    trainer.train(path)


def _is_written(message: Message) -> bool:
    return bool(message.get(TEXT)) and not message.get(COPY)  # a copy has lost its annotations


def _example(message: Message) -> Example:
    spans = [(one["start"], one["end"]) for one in message.get(ENTITIES) or [] if one["entity"] == KIND]
    return message.get(TEXT), spans
