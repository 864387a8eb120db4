"""What every command that works on people's data begins and ends with."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from backend import demo, surroundings
from backend import migrate as migration
from backend.app import build_core
from backend.clock import iso
from backend.core import Core
from backend.errors import BackendError, BadConfiguration, Busy, Conflict, NotFound
from backend.settings import load

REASONS = {
    "decided": "it is decided already",
    "changed": "it has changed since you looked, or its days are over",
    "no_code": "it names no insurance code: give it with --code",
    "account_exists": "an open account has this code: the person needs a new password, not an account",
    "person_has_account": "the person with this identity number has another account",
    "account_closed": "the account is not open",
}


@contextmanager
def opened() -> Iterator[Core]:
    """The core on the database of the settings, at the demo's time in demo mode; refusals end in one line.

    Raises BadConfiguration.
    """
    settings = load()
    surroundings.ready_folder(settings)
    core = build_core(settings)
    try:
        if settings.demo:
            migration.upgrade(core.database)
            demo.Demonstration(core)  # takes over how far the demo's clock is ahead
        else:
            surroundings.require_newest_schema(core.database)
        yield core
    except Conflict as error:
        raise BadConfiguration(f"Not done: {REASONS[str(error.extras.get('reason'))]}.") from error
    except NotFound as error:
        raise BadConfiguration("Not done: there is nothing of that number or code.") from error
    except Busy:
        raise
    except BackendError as error:
        raise BadConfiguration(f"Not done: {error.code}.") from error
    finally:
        core.database.close()


def say(*columns: object) -> None:
    """One line, its columns apart by tabs."""
    sys.stdout.write("\t".join(str(column) for column in columns) + "\n")


def day(moment: int) -> str:
    """The date in Vietnam."""
    return iso(moment)[:10]
