"""Accounts from a file, all of them or none: looked through whole first, then written in one transaction.

What is kept of a million lines is a few numbers each, and one bit: whether the line is bad.
"""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import batched, pairwise
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from backend import accounts
from backend.clock import VIETNAM
from backend.core import Core
from backend.csv_accounts import MAX_LINES, Row, UnusableFile, Wrong, read
from backend.errors import Busy
from backend.schema import accounts as table

BATCH = 2_000  # lines
MOST_TOLD = 100  # faults that are told one by one
CHANGED = "nothing was written: the file, or who is on file, changed meanwhile; run it again"


@dataclass
class Findings:
    """What looking through found: how many lines are good, the first faults, which lines are bad."""

    good: int = 0
    faults: int = 0
    first: list[Wrong] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)

    def note(self, wrong: Wrong) -> None:
        """Note a fault; its line is bad, once."""
        self.faults += 1
        self.bad.add(wrong.line)
        if len(self.first) < MOST_TOLD:
            self.first.append(wrong)


def look_through(core: Core, path: Path, advance: Callable[[int], None]) -> Findings:
    """Judge every line by itself, against the others and against the database; raises UnusableFile."""
    findings = Findings()
    columns = {"bhxh_code": array("Q"), "personal_id": array("Q")}
    for rows in batched(read(path, _today(core)), BATCH):
        there = _taken(core, rows)
        for row in rows:
            _judge(row, there, columns, findings)
        advance(len(rows))
    for column, packed in columns.items():
        for line, earlier in _repeated(packed):
            findings.good -= line not in findings.bad
            findings.note(Wrong(line, column, f"the same as in line {earlier}"))
    findings.first.sort(key=lambda wrong: wrong.line)
    return findings


def write(core: Core, path: Path, findings: Findings, advance: Callable[[int], None]) -> int:
    """Write every good line in one transaction, and return how many; raises UnusableFile when anything changed meanwhile.

    Nobody knows the passwords. On SQLite everybody else's writes wait until it is done.
    """
    encoded = core.hasher.hash(core.keys.token())
    written = 0
    try:
        with core.writing() as unit:
            for rows in batched(_good(path, _today(core), findings), BATCH):
                made = [accounts.row(core, profile, status, encoded, unit.now) for profile, status in rows]
                unit.conn.execute(insert(table), made)
                written += len(made)
                advance(len(made))
            if written != findings.good:
                raise UnusableFile(CHANGED)
    except Busy as error:
        if isinstance(error.__cause__, IntegrityError):
            raise UnusableFile(CHANGED) from error
        raise
    return written


def _judge(row: Row, there: set[str], columns: dict[str, "array[int]"], findings: Findings) -> None:
    if row.account is None:
        for wrong in row.wrong:
            findings.note(wrong)
        return
    profile = row.account[0]
    values = {"bhxh_code": profile.bhxh_code, "personal_id": profile.personal_id}
    taken = [column for column, value in values.items() if value in there]
    for column in taken:
        findings.note(Wrong(row.line, column, "on file already"))
    if taken:
        return
    findings.good += 1
    for column, value in values.items():
        if value is not None:
            columns[column].append(int(value) * MAX_LINES + row.line)  # 12 digits and 24 bits fit into 64


def _taken(core: Core, rows: tuple[Row, ...]) -> set[str]:
    people = [row.account[0] for row in rows if row.account is not None]
    codes = [code for one in people for code in (one.bhxh_code, one.personal_id) if code]
    with core.database.read() as conn:
        return accounts.taken(core, conn, codes)


def _repeated(packed: "array[int]") -> Iterator[tuple[int, int]]:
    """Each line whose number an earlier line has, and that line."""
    for before, after in pairwise(sorted(packed)):
        if before // MAX_LINES == after // MAX_LINES:
            yield after % MAX_LINES, before % MAX_LINES


def _good(path: Path, today: date, findings: Findings) -> Iterator[tuple[accounts.Profile, str]]:
    for row in read(path, today):
        if row.line in findings.bad:
            continue
        if row.account is None:
            raise UnusableFile(CHANGED)
        yield row.account


def _today(core: Core) -> date:
    return datetime.fromtimestamp(core.clock.now(), UTC).astimezone(VIETNAM).date()
