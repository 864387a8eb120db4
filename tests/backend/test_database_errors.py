"""What an error of the database says: the statement, never the values that went into it."""

import pytest
from backend_kit import World
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from backend.errors import Busy


def test_an_error_names_no_value_of_its_statement(world: World) -> None:
    with pytest.raises(Busy) as refused, world.core.database.write() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:value)"), {"value": "7900000001"})
    cause = refused.value.__cause__
    assert isinstance(cause, OperationalError)
    assert "nowhere" in str(cause) and "7900000001" not in str(cause)
