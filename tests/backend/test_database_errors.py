"""What an error of the database says: the statement, never the values that went into it."""

import pytest
from backend_kit import World
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from backend.errors import Busy


def test_an_error_names_no_value_of_its_statement(world: World) -> None:
    # A missing table: to SQLite something that may pass, to PostgreSQL a mistake in the program.
    expected = Busy if world.core.database.is_sqlite else ProgrammingError
    with pytest.raises(expected) as refused, world.core.database.write() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:value)"), {"value": "7900000001"})
    error = refused.value.__cause__ if isinstance(refused.value, Busy) else refused.value
    assert isinstance(error, OperationalError | ProgrammingError)
    assert "nowhere" in str(error) and "7900000001" not in str(error)
