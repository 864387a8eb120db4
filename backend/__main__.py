"""`python -m backend`: the commands, and the one line that each of them ends with when it cannot start."""

import sys

import typer

from backend import logs
from backend.commands import applications, changes
from backend.commands.import_accounts import HELP as IMPORT_HELP
from backend.commands.import_accounts import import_accounts
from backend.commands.migrate import migrate
from backend.commands.openapi import openapi
from backend.commands.run import run
from backend.commands.seed import seed
from backend.commands.upkeep import complaints, expire, forget, rotate_keys
from backend.commands.worker import worker
from backend.errors import BadConfiguration, Busy

commands = typer.Typer(
    help="The account service of the VssID assistant. Its settings come from the environment; `.env.example` lists them.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (run, worker, migrate, openapi, seed, complaints, expire, forget):
    commands.command()(command)
commands.command("rotate-keys")(rotate_keys)
commands.add_typer(applications.commands, name="applications")
commands.add_typer(changes.commands, name="changes")
commands.command("import", help=IMPORT_HELP)(import_accounts)


def main(arguments: list[str]) -> int:
    """Run one command; 1 with one line when it cannot do its work, 2 for what is no command or option."""
    logs.configure("WARNING")
    try:
        # Not `commands(...)`: that puts a hook of Typer's own in our place, which prints what exceptions quote.
        typer.main.get_command(commands).main(arguments, prog_name="python -m backend")
    except BadConfiguration as error:
        sys.stderr.write(f"backend: {error}\n")
        return 1
    except Busy:
        sys.stderr.write("backend: the database of DATABASE_URL cannot be reached: is it running?\n")
        return 1
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
