"""What Rasa asks of every component, said once: how it is built and how it takes up what it learned."""

from typing import Any, Dict, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage


class Plain(GraphComponent):
    """A component without settings and without anything it has learned."""

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "Plain":
        """Build the component."""
        return cls()


class Learning(GraphComponent):
    """A component that learns: it keeps what it learned below its resource, as plain arrays or a library's own format."""

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "Learning":
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
    ) -> "Learning":
        """Build a trained component from what it stored; never from pickled objects."""
        component = cls(config, model_storage, resource)
        component.read()
        return component

    def read(self) -> None:
        """Take up what was learned."""
        raise NotImplementedError
