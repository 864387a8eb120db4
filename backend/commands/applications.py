"""`applications`: what an officer does with them, until the console is there."""

from typing import Annotated

import typer

from backend import audit
from backend.applications import Application
from backend.case_numbers import folded
from backend.commands.opening import day, opened, say
from backend.identifiers import masked
from backend.officers import applications as officers

commands = typer.Typer(help="Applications for an account: list, show, approve, reject.", no_args_is_help=True)
Number = Annotated[str, typer.Argument(metavar="NUMBER", parser=folded, help="Like HS-7K3MQ-9XA4D.")]
Version = Annotated[int | None, typer.Option(help="Decide only this version, as `list` or `show` named it.")]


@commands.command("list")
def list_them(
    state: Annotated[str, typer.Option(help="open, held, approved or rejected.")] = "open",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """List applications, oldest first, persons masked. A held one stands beside an open one of the same code or person."""
    with opened() as core:
        for found in officers.listed(core, state, limit):
            say(found.number, found.state, f"version {found.version}", f"until {day(found.expires_at)}", _who(found))


@commands.command()
def show(number: Number) -> None:
    """Show one in full, for the check against the papers; the audit trail notes it."""
    with opened() as core:
        found = officers.require(core, number)
        for name, value in (("number", found.number), ("version", found.version), ("until", day(found.expires_at))):
            say(name, value)
        for name, value in found.body.items():
            say(name, value)
        with core.writing() as unit:
            audit.record(unit, "application_shown", found.id, "officer")


@commands.command()
def approve(
    number: Number,
    code: Annotated[str | None, typer.Option(help="The insurance code, where the application has none.")] = None,
    version: Version = None,
) -> None:
    """Open the account and mail a temporary password; nobody else learns it."""
    with opened() as core:
        officers.approve(core, number, code, version)
        say(number, "approved")


@commands.command()
def reject(
    number: Number,
    reason: Annotated[str, typer.Option(help="What the applicant is told.", prompt=True)],
    version: Version = None,
) -> None:
    """Refuse it and tell the applicant why."""
    with opened() as core:
        officers.reject(core, number, reason, version)
        say(number, "rejected")


def _who(found: Application) -> str:
    body = found.body
    return " ".join(masked(name, body[name]) for name in ("full_name", "id_number", "office") if name in body)
