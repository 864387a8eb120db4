"""The stages: one on which canaries are played, one that is attacked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.connected import connected
from tests.programs import Programs
from tests.security.attack_stage import Stage as Attacked
from tests.security.stage import Stage, settings

LONGEST = Path(__file__).parent / "test_canaries.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file first: where files run in parallel, none should wait for it at the end."""
    items.sort(key=lambda item: item.path != LONGEST)


@pytest.fixture(scope="module")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Programs of a module's own, at debug level, where most is printed, unless it is parametrized with levels."""
    level = getattr(request, "param", "debug")
    with Programs(tmp_path_factory.mktemp("canaries"), **settings(level)) as programs, connected(programs):
        yield Stage(programs)


@pytest.fixture
def stage(built: Stage) -> Stage:
    """The programs, all up."""
    built.up()
    return built


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[Attacked]:
    """Two processes of the backend on one PostgreSQL, started once for all attacks."""
    made = Attacked(tmp_path_factory.mktemp("attacked"), postgres_url)
    yield made
    made.stop()
