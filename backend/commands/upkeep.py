"""`complaints`, `expire`, `forget` and `rotate-keys`: what is done by hand or by a timer."""

import sys
from typing import Annotated

import typer

from backend import forgetting, rotation
from backend.commands.opening import day, opened, say
from backend.errors import BadConfiguration, BadValue
from backend.identifiers import id_number, insurance_code
from backend.officers import applications
from backend.officers import complaints as complaint_reading


def complaints(limit: Annotated[int, typer.Option(min=1, max=1000)] = 20) -> None:
    """Print the newest complaints, newest first."""
    with opened() as core:
        for found in complaint_reading.listed(core, limit):
            say(found.number, day(found.created_at), found.contact, found.text.replace("\n", " / "))


def expire() -> None:
    """Delete applications whose days are over, as the worker does by itself."""
    with opened() as core:
        gone = 0
        while batch := applications.expire(core):
            gone += batch
        say(gone, "applications expired")


def forget(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Insurance code or identity number.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete everything that is stored about one person: account, applications with photos, requests, messages, counts."""
    try:
        bare = insurance_code(code)
    except BadValue:
        try:
            bare = id_number(code)
        except BadValue as error:
            raise BadConfiguration("CODE is no insurance code and no identity number.") from error
    if not yes and not typer.confirm("This cannot be taken back. Go on?"):
        raise BadConfiguration("Nothing was deleted.")
    with opened() as core:
        for name, count in forgetting.forget(core, bare).items():
            say(count, name)


def rotate_keys() -> None:
    """Make every sealed value and index anew with the first key of BACKEND_KEY="new,old"; may be stopped and repeated."""
    unreadable: dict[str, int] = {}
    with opened() as core:
        shown = ""
        for step in rotation.rotate(core):
            unreadable[step.table] = step.unreadable
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{step.table}: {step.done:,} rows   ")
            elif step.table != shown:
                shown = step.table
                sys.stderr.write(f"{step.table}\n")
        if sys.stderr.isatty():
            sys.stderr.write("\n")
    left = {table: count for table, count in unreadable.items() if count}
    if left:
        told = ", ".join(f"{count} in {table}" for table, count in left.items())
        raise BadConfiguration(f"Rows that no key of the ring opens were left as they are: {told}. Keep the older key.")
    say("Every value is sealed with the current key: the older ones can be taken out of BACKEND_KEY.")
