"""`changes`: requests to change what is on file."""

from typing import Annotated

import typer

from backend import audit
from backend.commands.applications import Number, Version
from backend.commands.opening import day, opened, say
from backend.identifiers import masked
from backend.officers import changes as officers

commands = typer.Typer(help="Requests to change what is on file: list, show, approve, reject.", no_args_is_help=True)


@commands.command("list")
def list_them(
    state: Annotated[str, typer.Option(help="open, approved, rejected, replaced or withdrawn.")] = "open",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """List requests, oldest first, values masked."""
    with opened() as core:
        for found in officers.listed(core, state, limit):
            value = masked(found.what, found.value) if found.value else ""
            say(found.number, found.state, f"version {found.version}", day(found.created_at), found.what, value)


@commands.command()
def show(number: Number) -> None:
    """Show one in full; the audit trail notes it."""
    with opened() as core:
        found = officers.require(core, number)
        for name, value in (("number", found.number), ("version", found.version), (found.what, found.value)):
            say(name, value)
        with core.writing() as unit:
            audit.record(unit, "change_shown", found.account_id, "officer")


@commands.command()
def approve(number: Number, version: Version = None) -> None:
    """Put the new detail on file and tell old and new addresses."""
    with opened() as core:
        officers.approve(core, number, version)
        say(number, "approved")


@commands.command()
def reject(
    number: Number, reason: Annotated[str, typer.Option(help="What the owner is told.", prompt=True)], version: Version = None
) -> None:
    """Leave everything as it is and tell the owner why."""
    with opened() as core:
        officers.reject(core, number, reason, version)
        say(number, "rejected")
