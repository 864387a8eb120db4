"""The stage on which canaries are played."""

from collections.abc import Iterator

import pytest

from tests.programs import Programs
from tests.security.stage import Stage, settings


@pytest.fixture(scope="module")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Programs of a module's own, at debug level, where most is printed, unless it is parametrized with levels."""
    level = getattr(request, "param", "debug")
    with Programs(tmp_path_factory.mktemp("canaries"), **settings(level)) as programs:
        yield Stage(programs)


@pytest.fixture
def stage(built: Stage) -> Stage:
    """The programs, all up."""
    built.up()
    return built
