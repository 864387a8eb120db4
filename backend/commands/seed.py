"""`seed`: invented people in any number."""

import sys
from typing import Annotated

import typer

from backend import surroundings
from backend.citizens import MOST
from backend.errors import BadConfiguration
from backend.progress import Progress
from backend.settings import load


def seed(
    count: Annotated[int, typer.Argument(metavar="N", min=1, max=MOST, help="How many people.")],
    series: Annotated[int, typer.Option("--seed", min=0, max=10**6, help="Another number makes other people.")] = 0,
    yes: Annotated[bool, typer.Option("--yes", help="Also outside demo mode, into a real database.")] = False,
) -> None:
    """Put N invented people on file.

    Nobody knows their passwords. Repeating the command adds who is missing; stopped half-way, it can be repeated.
    """
    from backend import app as application
    from backend import migrate as migration
    from backend import seeding

    settings = load()
    if not settings.demo and not yes:
        raise BadConfiguration("seed puts invented people among real ones outside DEMO=1: say --yes if you mean it.")
    surroundings.ready_folder(settings)
    core = application.build_core(settings)
    if settings.demo:
        migration.upgrade(core.database)
    else:
        surroundings.require_newest_schema(core.database)
    progress = Progress("people", count)
    made = seeding.seed(core, count, series, progress.advance)
    progress.end()
    core.database.close()
    sys.stdout.write(f"{made:,} people were added, {count - made:,} were there already.\n")
