"""Our pipeline without Rasa's graph: the components of a configuration one after the other. Runs in Rasa's environment."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.topic_selector import TopicSelector
from assistant.parse import FALLBACK

Config = list[dict[str, Any]]
Answer = tuple[str, float]


class Pipeline:
    """The components that say what somebody wants; those that find values or choose an answer are left out."""

    def __init__(self, config: Config, folder: Path) -> None:
        self._storage = LocalModelStorage.create(folder)
        self._context = ExecutionContext(GraphSchema({}))
        self._parts = []
        for place, settings in enumerate(config):
            found = DefaultV1Recipe._from_registry(settings["name"])
            if DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR in found.types or found.clazz is TopicSelector:
                continue
            own = {name: value for name, value in settings.items() if name != "name"}
            self._parts.append((found.clazz, {**found.clazz.get_default_config(), **own}, Resource(f"{place}")))
        self._loaded: list[Any] = []

    def train(self, examples: TrainingData) -> None:
        """Let every component learn from what those before it made of the examples, as Rasa does."""
        for clazz, settings, resource in self._parts:
            component = clazz.create(settings, self._storage, resource, self._context)
            if callable(getattr(component, "train", None)):
                component.train(examples)
                component = clazz.load(settings, self._storage, resource, self._context)
            if callable(getattr(component, "process_training_data", None)):
                examples = component.process_training_data(examples)
            self._loaded.append(component)

    def answers(self, messages: list[str]) -> list[Answer]:
        """Return the intent of each message and how sure the pipeline is; a refusal is out of scope."""
        return [self._answer(Message({TEXT: message})) for message in messages]

    def _answer(self, message: Message) -> Answer:
        for component in self._loaded:
            component.process([message])
        intent = message.get(INTENT) or {}
        name = str(intent.get("name") or FALLBACK)
        return "out_of_scope" if name == FALLBACK else name, float(intent.get("confidence") or 0.0)


def changed(config: Config, component: str, change: Callable[[dict[str, Any]], None]) -> Config:
    """Return a copy of a configuration in which one component's settings are changed; raises LookupError without it."""
    copied = copy.deepcopy(config)
    change(_the(copied, component))
    return copied


def without(config: Config, component: str) -> Config:
    """Return a configuration without one component; raises LookupError when it has none."""
    gone = _the(config, component)
    return [settings for settings in config if settings is not gone]


def fresh(examples: TrainingData) -> TrainingData:
    """Return the examples as they were read: components write into messages."""
    return TrainingData(
        [Message(dict(one.data)) for one in examples.training_examples],
        examples.entity_synonyms,
        examples.regex_features,
        examples.lookup_tables,
        examples.responses,
    )


def _the(config: Config, component: str) -> dict[str, Any]:
    for settings in config:
        if settings["name"].rpartition(".")[2] == component:
            return settings
    raise LookupError(f"the pipeline has no {component}")
