"""Accounts in a CSV file: what each column must be, and where a file is wrong. Says line and column, never a value."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BufferedReader
from pathlib import Path

from backend.account_columns import COLUMNS, cell
from backend.accounts import Profile
from backend.errors import BadValue

MAX_LINE = 8_192  # bytes; the eight longest values take under 2,000
MAX_LINES = 2**24  # `importing` packs a line's number into 24 bits


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong: the line it begins on (the first is 1), the column if it is one, and why."""

    line: int
    column: str
    why: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.why}" if self.column else f"line {self.line}: {self.why}"


@dataclass(frozen=True)
class Row:
    """One line read: an account, or what is wrong with it."""

    line: int
    account: tuple[Profile, str] | None
    wrong: tuple[Wrong, ...] = ()


class UnusableFile(Exception):
    """The file cannot be read as what it should be; the text is one line that says why."""


def read(path: Path, today: date) -> Iterator[Row]:
    """Each line's account or faults, one after the other; raises UnusableFile when there is no telling lines apart."""
    try:
        with path.open("rb") as file:
            yield from _rows(file, today)
    except OSError as error:
        raise UnusableFile(f"the file cannot be read: {error.strerror}") from error


def _rows(file: BufferedReader, today: date) -> Iterator[Row]:
    lines = _lines(file)
    try:
        order = _header(next(lines))
    except StopIteration:
        raise UnusableFile("the file is empty") from None
    for line, text in enumerate(lines, 2):
        try:
            cells = _split(text)
        except csv.Error:
            yield Row(line, None, (Wrong(line, "", "its quotes are not those of a CSV file, or do not end"),))
            continue
        if not cells:
            continue
        if len(cells) != len(order):
            yield Row(line, None, (Wrong(line, "", f"it has {len(cells)} columns, the header has {len(order)}"),))
            continue
        yield _row(line, dict(zip(order, cells, strict=True)), today)


def _split(line: str) -> list[str]:
    # Each line alone: no value may hold a line break, and a quote that does not end must swallow no other line.
    return next(csv.reader([line], strict=True), [])


def _lines(file: BufferedReader) -> Iterator[str]:
    number = 0
    while raw := file.readline(MAX_LINE + 1):
        number += 1
        if len(raw) > MAX_LINE:
            raise UnusableFile(f"line {number}: longer than {MAX_LINE} bytes")
        if number > MAX_LINES:
            raise UnusableFile(f"the file has over {MAX_LINES} lines: split it")
        if number == 1 and raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise UnusableFile("the file is UTF-16: save it as UTF-8")
        # A byte that is no UTF-8 becomes half a character, so that its line and column can be told.
        yield raw.decode("utf-8-sig" if number == 1 else "utf-8", "surrogateescape")


def _header(text: str) -> list[str]:
    try:
        names = [name.strip().lower() for name in _split(text)]
    except csv.Error:
        names = []
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise UnusableFile(f"line 1: the header lacks {', '.join(missing)}; it must be {','.join(COLUMNS)}")
    if len(names) != len(COLUMNS):
        raise UnusableFile(f"line 1: the header has unknown or repeated columns; it must be {','.join(COLUMNS)}")
    return names


def _row(line: int, cells: dict[str, str], today: date) -> Row:
    found: dict[str, str | None] = {}
    wrong = []
    for column in COLUMNS:
        try:
            found[column] = cell(column, cells[column], today)
        except BadValue as error:
            wrong.append(Wrong(line, column, error.reason))
    if wrong:
        return Row(line, None, tuple(wrong))
    status = found.pop("status")
    code, name = found.pop("bhxh_code"), found.pop("full_name")
    assert code is not None and name is not None and status is not None
    return Row(line, (Profile(bhxh_code=code, full_name=name, **found), status))
