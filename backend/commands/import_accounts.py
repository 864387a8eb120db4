"""`import`: accounts from a CSV file."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from backend import surroundings
from backend.account_columns import COLUMNS
from backend.csv_accounts import UnusableFile
from backend.errors import BadConfiguration
from backend.progress import Progress
from backend.settings import load

HELP = (
    f"Put the accounts of a CSV file on file: UTF-8, with the columns {', '.join(COLUMNS)} in any order. "
    "The whole file is looked through first; when a line is bad nothing is written."
)


def import_accounts(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False, help="The file.")],
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Write the good lines and leave out the bad ones.")] = False,
) -> None:
    """Tell every bad line by its number and column, never by a value."""
    from backend import app as application
    from backend import importing

    core = application.build_core(load())
    surroundings.require_newest_schema(core.database)
    try:
        total = _lines(file)
        looking = Progress("lines checked", total)
        findings = importing.look_through(core, file, looking.advance)
        looking.end()
        for wrong in findings.first:
            sys.stderr.write(f"{wrong}\n")
        if findings.faults > len(findings.first):
            sys.stderr.write(f"and {findings.faults - len(findings.first):,} faults more\n")
        told = f"{findings.good:,} lines are good, {len(findings.bad):,} are bad"
        if findings.bad and not skip_bad:
            raise BadConfiguration(f"{told}; nothing was written. Mend them, or leave them out with --skip-bad.")
        writing = Progress("accounts written", findings.good)
        written = importing.write(core, file, findings, writing.advance)
        writing.end()
    except UnusableFile as error:
        raise BadConfiguration(str(error)) from error
    finally:
        core.database.close()
    sys.stdout.write(f"{told}; {written:,} accounts were written.\n")


def _lines(file: Path) -> int:
    with file.open("rb") as opened:
        return sum(block.count(b"\n") for block in iter(lambda: opened.read(2**20), b""))
