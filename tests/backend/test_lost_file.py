"""SQLite's file deleted or replaced under the running backend: nothing more is promised that would be lost."""

from pathlib import Path

import pytest
from backend_kit import World


@pytest.fixture(autouse=True)
def _has_a_file(world: World) -> None:
    """PostgreSQL has no file that the backend opens."""
    if not world.core.database.is_sqlite:
        pytest.skip("it is about SQLite's file")


def test_a_database_that_was_moved_away_is_busy_until_it_is_back(world: World, tmp_path: Path) -> None:
    talk = world.talk().open()
    (tmp_path / "backend.db").rename(tmp_path / "aside.db")
    assert talk.send().status_code == 503
    assert world.client.get("/readyz").status_code == 503
    (tmp_path / "aside.db").rename(tmp_path / "backend.db")
    assert talk.send().status_code == 200


def test_another_file_in_its_place_is_not_taken_for_it(world: World, tmp_path: Path) -> None:
    talk = world.talk().open()
    (tmp_path / "backend.db").rename(tmp_path / "aside.db")
    (tmp_path / "backend.db").write_bytes(b"")
    assert talk.send().status_code == 503
    assert (tmp_path / "backend.db").read_bytes() == b""
