"""`migrate`: the database's schema, up or down."""

from typing import Annotated

import typer
from alembic.util.exc import CommandError

from backend import surroundings
from backend.errors import BadConfiguration
from backend.settings import load


def migrate(
    to: Annotated[str, typer.Option(metavar="REV", help="Revision to go to, like 0002; the newest when left out.")] = "",
    down: Annotated[bool, typer.Option("--down", help="Go back to the older revision named with --to.")] = False,
) -> None:
    """Bring the database to the newest schema, or to another revision."""
    from backend import migrate as migration
    from backend.database import Database

    if down and not to:
        raise BadConfiguration("--down needs --to REV: going back drops what the newer schema added.")
    settings = load()
    if to and to not in (known := migration.revisions(with_base=down)):
        raise BadConfiguration(f"--to {to} is no revision of this program: it knows {', '.join(known)}.")
    surroundings.ready_folder(settings)
    database = Database(settings.database_url)
    try:
        if down:
            migration.downgrade(database, to)
        else:
            migration.upgrade(database, to or "head")
    except CommandError as error:  # as when the older revision that is named is a newer one
        raise BadConfiguration(f"The schema cannot go to {to or 'the newest'} from where it is: {error}") from error
    finally:
        database.close()
