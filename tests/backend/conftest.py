"""Fixtures: a world on SQLite, and one on a throw-away PostgreSQL where a server can be started."""

import os
import shutil
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from sqlalchemy import create_engine, make_url, text

with warnings.catch_warnings():
    # Starlette announces a change of its test client's HTTP library, which is not ours to make yet.
    warnings.simplefilter("ignore")
    from backend_kit import SHARED, World, build_world, put_lan

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In these tests a warning is an error."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("error"))


@pytest.fixture(scope="session", autouse=True)
def _event_loop() -> Iterator[None]:
    """The event loop all applications of the run answer on."""
    with start_blocking_portal() as portal:
        SHARED.portal = portal
        yield
        SHARED.portal = None


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy: migrating for each test would cost most of the time."""
    path = tmp_path_factory.mktemp("template") / "backend.db"
    build_world(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Lan is on file; the clock stands still. `BACKEND_TESTS_ON=postgresql` runs the same tests on that database."""
    yield from _world_on(os.environ.get("BACKEND_TESTS_ON", "sqlite"), request, tmp_path)


def _world_on(database: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[World]:
    if database == "postgresql":
        url = request.getfixturevalue("postgres_copy")
    else:
        shutil.copy(request.getfixturevalue("migrated"), folder / "backend.db")
        url = f"sqlite:///{folder}/backend.db"
    made = build_world(url, migrate_first=False)
    put_lan(made)
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a migrated, empty database to copy."""
    name = f"template_{uuid.uuid4().hex}"
    _create(postgres_url, name)
    build_world(_named(postgres_url, name)).close()
    return name


@pytest.fixture
def postgres_copy(postgres_url: str, postgres_template: str) -> Iterator[str]:
    """A database of this test's own with the newest schema."""
    name = f"t{uuid.uuid4().hex}"
    _create(postgres_url, f"{name} TEMPLATE {postgres_template}")
    yield _named(postgres_url, name)
    _create(postgres_url, name, "DROP DATABASE IF EXISTS {} WITH (FORCE)")


def _create(server: str, name: str, how: str = "CREATE DATABASE {}") -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.execute(text(how.format(name)))
    admin.dispose()


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """An empty database on that server."""
    name = f"t{uuid.uuid4().hex}"
    _create(postgres_url, name)
    yield _named(postgres_url, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The same world on each database."""
    yield from _world_on(request.param, request, tmp_path)
