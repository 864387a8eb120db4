"""The three programs with a go-between in front of action server and backend."""

from collections.abc import Callable, Iterator

import pytest

from tests.failures.go_between import GoBetween
from tests.failures.person import Person
from tests.programs import Programs, free_port

DEADLINE_S = "3"
"""Shorter than the product's, so that the six seconds until a person is told leave a slow machine its time."""


@pytest.fixture(scope="package")
def before_actions() -> Iterator[GoBetween]:
    """What Rasa takes for the action server."""
    between = GoBetween(free_port())
    yield between
    between.close()


@pytest.fixture(scope="package")
def before_backend() -> Iterator[GoBetween]:
    """What Rasa and the action server take for the backend."""
    between = GoBetween(free_port())
    yield between
    between.close()


@pytest.fixture(scope="package")
def programs(
    tmp_path_factory: pytest.TempPathFactory, before_actions: GoBetween, before_backend: GoBetween
) -> Iterator[Programs]:
    """The programs, each talking to the next through its go-between."""
    with Programs(
        tmp_path_factory.mktemp("failures"),
        own={"actions": {"ACTIONS_PORT": str(before_actions.target_port)}},
        ACTIONS_PORT=str(before_actions.port),
        BACKEND_PORT=str(before_backend.target_port),
        BACKEND_URL=before_backend.url,
        ACTION_DEADLINE_S=DEADLINE_S,
    ) as running:
        running.start()
        yield running


@pytest.fixture
def somebody(programs: Programs) -> Iterator[Callable[..., Person]]:
    """People at the chat page; they leave after the test."""
    people: list[Person] = []

    def comes(lang: str = "vi") -> Person:
        people.append(Person(programs, lang))
        return people[-1]

    yield comes
    for person in people:
        person.close()
