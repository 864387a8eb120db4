"""The files of `knowledge/`: facts with source and date, the only place a fact may come from."""

import csv
from pathlib import Path

from backend.errors import BadConfiguration

FOLDER = Path(__file__).parents[1] / "knowledge"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of `knowledge/<name>.csv` by column name.

    Raises BadConfiguration when the file is missing, or a row has no source, no date or a cell too many or too few.
    """
    path = FOLDER / f"{name}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            found: list[dict[str, str]] = list(csv.DictReader(file))
    except OSError as error:
        raise BadConfiguration(f"knowledge/{name}.csv cannot be read ({error.strerror}): restore it.") from error
    for number, row in enumerate(found, start=2):
        if None in row or None in row.values() or not row.get("source") or not row.get("as_of"):
            raise BadConfiguration(f"knowledge/{name}.csv row {number} is broken or has no source or date: restore it.")
    return found


def several(cell: str) -> tuple[str, ...]:
    """The parts of a cell that holds a list."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())
