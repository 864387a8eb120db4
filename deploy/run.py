"""`make run`: start the programs of the Procfile, keep them up, stop them together.

supervisor does the work: it restarts what dies, waiting one second longer after each failed attempt, and stops
everything on Ctrl-C. Here is only what it has no setting for: telling when the chat answers, and ending with an
error when a program cannot start at all.
"""

import os
import shlex
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from string import Template

from dotenv import load_dotenv
from supervisor import events
from supervisor.medusa.asyncore_25 import ExitNow
from supervisor.options import ServerOptions
from supervisor.states import SupervisorStates
from supervisor.supervisord import Supervisor

sys.path.insert(0, str(Path(__file__).parent))
from environment import complete

UP_AFTER_S = int(os.environ.get("UP_AFTER_S", "15"))
"""A program that stayed up this long has started: Rasa needs about ten seconds to find out that it cannot."""
FIRST_ATTEMPTS = 2
READY_WITHIN_S = 120


def programs(procfile: Path, environment: dict[str, str]) -> dict[str, str]:
    """Return the Procfile's commands by name, with `$NAME` filled in from the environment."""
    lines = [line for line in procfile.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {name: Template(command.strip()).substitute(environment) for name, command in (line.split(":", 1) for line in lines)}


def supervisor_configuration(commands: dict[str, str], var: Path) -> str:
    """Return supervisord's configuration for these commands; each logs to `var/log/<name>.log`."""
    sections = [f"[supervisord]\nnodaemon=true\nlogfile={var}/log/run.log\npidfile={var}/run.pid\nuser={os.getuid()}\n"]
    for name, command in commands.items():
        quoted = " ".join(shlex.quote(part) for part in shlex.split(command)).replace("%", "%%")
        sections.append(
            f"[program:{name}]\ncommand={quoted}\ndirectory={os.getcwd()}\nredirect_stderr=true\n"
            f"stdout_logfile={var}/log/{name}.log\nautorestart=true\nstartsecs={UP_AFTER_S}\n"
            f"startretries={FIRST_ATTEMPTS}\nstopwaitsecs=10\nstopasgroup=true\nkillasgroup=true\n"
        )
    return "\n".join(sections)


class Runner(Supervisor):  # type: ignore[misc]
    """A supervisor that gives up when a program never came up, and never gives up on one that did."""

    could_not_start: str | None = None

    def runforever(self) -> None:
        """Watch the programs until a signal, or until one cannot start."""
        events.subscribe(events.ProcessStateRunningEvent, self._came_up)
        events.subscribe(events.ProcessStateFatalEvent, self._gave_up)
        super().runforever()

    def _came_up(self, event: events.ProcessStateRunningEvent) -> None:
        event.process.config.startretries = sys.maxsize

    def _gave_up(self, event: events.ProcessStateFatalEvent) -> None:
        self.could_not_start = event.process.config.name
        self.options.mood = SupervisorStates.SHUTDOWN


def answers(url: str) -> bool:
    """Tell whether a GET of `url` succeeds."""
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def announce(environment: dict[str, str]) -> None:
    """Print the addresses once every program answers."""
    chat = f"http://127.0.0.1:{environment['PORT']}/chat/"
    backend = environment["BACKEND_URL"]
    waited_for = [f"{backend}/readyz", f"http://127.0.0.1:{environment['ACTIONS_PORT']}/health", chat]
    started = time.monotonic()
    while waited_for and time.monotonic() - started < READY_WITHIN_S:
        waited_for = [url for url in waited_for if not answers(url)]
        time.sleep(0.3)
    if waited_for:
        print(f"Still not answering: {', '.join(waited_for)}; see {environment['VAR']}/log/", flush=True)
        return
    print(f"\nReady in {time.monotonic() - started:.0f} s. Chat: {chat}", flush=True)
    if environment["DEMO"] == "1":
        print(f"Demo mode. Mails and SMS: {backend}/demo/outbox   Account page: {backend}/account/login")
        print("A first conversation: “tôi quên mật khẩu”, then 7900000001, then lan.nguyen@example.com")
    print("Ctrl-C stops everything.", flush=True)


def main() -> int:
    """Run until a signal; return 1 when a program could not start."""
    load_dotenv(".env")
    environment = complete(os.environ)
    os.environ.update(environment)
    var = Path(environment["VAR"])
    (var / "log").mkdir(parents=True, exist_ok=True)
    configuration = var / "run.conf"
    configuration.write_text(supervisor_configuration(programs(Path("Procfile"), environment), var))
    options = ServerOptions()
    options.realize(["-c", str(configuration), "--silent"])
    options.first, options.test = True, False
    threading.Thread(target=announce, args=(environment,), daemon=True).start()
    runner = Runner(options)
    with suppress(ExitNow):
        runner.main()
    options.close_logger()
    if runner.could_not_start is None:
        return 0
    log = var / "log" / f"{runner.could_not_start}.log"
    print(f"{runner.could_not_start} could not start. The end of {log}:", file=sys.stderr)
    print("\n".join(log.read_text(errors="replace").splitlines()[-15:]), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
