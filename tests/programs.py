"""The three real programs on free ports, for tests: start, kill, ask the demo routes, chat."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "deploy"))
from environment import complete  # noqa: E402
from run import programs as read_procfile  # noqa: E402

READY_WITHIN_S = 90
TURN_WITHIN_S = 40


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Programs:
    """Backend, action server and Rasa as the Procfile starts them, with their state below `var`.

    A context manager: what was started in the block is stopped at its end.
    `own` changes settings of one program only, `wrapped` is a command in front of a program's own (`own={"rasa": {...}}`,
    `wrapped={"rasa": ["prlimit", ...]}`).
    """

    def __init__(
        self,
        var: Path,
        own: Mapping[str, Mapping[str, str]] | None = None,
        wrapped: Mapping[str, Sequence[str]] | None = None,
        **settings: str,
    ) -> None:
        self.var = var
        self.own = dict(own or {})
        self.wrapped = dict(wrapped or {})
        ports = {name: str(free_port()) for name in ("PORT", "ACTIONS_PORT", "BACKEND_PORT")}
        inherited = {
            name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "PYENV_ROOT", "TMPDIR")
        }
        self.environment = complete({**inherited, **ports, "VAR": str(var), "PYTHONWARNINGS": "ignore", **settings})
        self.backend_url = f"http://127.0.0.1:{self.environment['BACKEND_PORT']}"
        self.base_url = f"http://127.0.0.1:{ports['PORT']}"
        self.chat_url = f"{self.base_url}/chat/"
        self._health = {
            "backend": f"{self.backend_url}/readyz",
            "actions": f"http://127.0.0.1:{self.environment_of('actions')['ACTIONS_PORT']}/health",
            "rasa": self.chat_url,
        }
        self.fakes: dict[str, Any] = {}
        """The fake providers beside them, by the channel's name."""
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        (var / "log").mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        """Return the programs, not started yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop what runs."""
        self.stop()

    def environment_of(self, name: str) -> dict[str, str]:
        """Return what a program finds in its environment."""
        return {**self.environment, **self.own.get(name, {})}

    def start(self, *names: str) -> None:
        """Start programs (all without names) and wait until they answer."""
        names = names or ("backend", "actions", "rasa")
        for name in names:
            self.launch(name)
        for name in names:
            self._wait_for(name)

    def launch(self, name: str) -> subprocess.Popen[bytes]:
        """Start one program without waiting for it."""
        with (self.var / "log" / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                self.command_of(name), cwd=ROOT, env=self.environment_of(name), stdout=log, stderr=log, start_new_session=True
            )
        return self._running[name]

    def command_of(self, name: str) -> list[str]:
        """Return the command line that starts a program."""
        commands = read_procfile(ROOT / "Procfile", self.environment_of(name))
        return [*self.wrapped.get(name, ()), *shlex.split(commands[name])]

    def kill(self, name: str) -> None:
        """End a program at once, as a crash would."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def bury(self, name: str) -> int:
        """Wait until a program has ended by itself; return how it ended."""
        return self._running.pop(name).wait(TURN_WITHIN_S)

    def is_running(self, name: str) -> bool:
        """Tell whether a program was started and has not ended."""
        return name in self._running and self._running[name].poll() is None

    def stop(self) -> None:
        """End everything."""
        for process in self._running.values():
            process.terminate()
        for name in list(self._running):
            try:
                self._running[name].wait(10)
            except subprocess.TimeoutExpired:
                self.kill(name)
        self._running.clear()

    @contextmanager
    def without(self, name: str) -> Iterator[None]:
        """Run a block while a program is dead, then start it again."""
        self.kill(name)
        try:
            yield
        finally:
            self.start(name)

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """Run a block while a program is stopped in its tracks: its port accepts, nobody answers."""
        os.killpg(self.pid(name), signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.pid(name), signal.SIGCONT)

    def pid(self, name: str) -> int:
        """Return a running program's process id."""
        return self._running[name].pid

    def log(self, name: str) -> str:
        """Return what a program has printed."""
        return (self.var / "log" / f"{name}.log").read_text(errors="replace")

    def outbox(self) -> list[dict[str, Any]]:
        """Return the demo mails and SMS, newest first."""
        return list(self._demo("GET", "/demo/outbox.json"))

    def new_account(self, **fields: Any) -> dict[str, Any]:
        """Make a demo account; missing fields are invented, None leaves them out."""
        return dict(self._demo("POST", "/demo/accounts", fields))

    def account(self, code: str) -> dict[str, Any]:
        """Return an account's record with its drafts, challenges and changes."""
        return dict(self._demo("GET", f"/demo/accounts/{code}"))

    def advance(self, seconds: int) -> None:
        """Move the clock of all programs forward."""
        self._demo("POST", "/demo/clock", {"advance_s": seconds})

    def otp(self, email: str) -> str:
        """Return the newest one-time code that was mailed to an address."""
        for mail in self.outbox():
            found = re.findall(r"(?<!\d)\d{6}(?!\d)", mail["body"])
            if mail["to"] == email and len(found) == 1:
                return str(found[0])
        raise AssertionError(f"no one-time code was mailed to {email}")

    def _demo(self, method: str, path: str, body: Any = None) -> Any:
        answer = httpx.request(method, self.backend_url + path, json=body, timeout=10, trust_env=False)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def _wait_for(self, name: str) -> None:
        started = time.monotonic()
        while time.monotonic() - started < READY_WITHIN_S:
            process = self._running[name]
            if process.poll() is not None:
                raise AssertionError(f"{name} ended with {process.returncode}:\n{self.log(name)[-3000:]}")
            try:
                if httpx.get(self._health[name], timeout=2, trust_env=False).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError(f"{name} did not answer:\n{self.log(name)[-3000:]}")


class Chat:
    """A person at the chat page, over its HTTP contract."""

    def __init__(self, programs: Programs, lang: str | None = None) -> None:
        self.http = httpx.Client(
            base_url=programs.base_url, headers={"X-CB": "1", "Origin": programs.base_url}, timeout=TURN_WITHIN_S, trust_env=False
        )
        answer = self.http.post("/chat/api/session", json={"lang": lang} if lang else {})
        answer.raise_for_status()
        self.bubbles: list[dict[str, Any]] = [one for one in answer.json()["messages"] if one["from"] == "bot"]
        self.seq = max((one["seq"] for one in answer.json()["messages"]), default=0)

    def post(self, **message: str) -> httpx.Response:
        """Post one message without waiting for its answer."""
        return self.http.post("/chat/api/messages", json={"client_id": str(uuid.uuid4()), **message})

    def say(self, text: str) -> list[dict[str, Any]]:
        """Write a message and return the bot's new bubbles once the turn is over."""
        answer = self.post(text=text)
        assert answer.status_code == 202, answer.text
        return self.wait()

    def press(self, label: str) -> list[dict[str, Any]]:
        """Press the newest choice of that label."""
        tokens = [one["token"] for bubble in reversed(self.bubbles) for one in bubble["choices"] if one["label"] == label]
        assert tokens, f"no choice {label!r} is offered"
        answer = self.post(choice=tokens[0])
        assert answer.status_code == 202, answer.text
        return self.wait()

    def upload_photos(self) -> None:
        """Hand in the three photos of a registration."""
        picture = BytesIO()
        Image.new("RGB", (640, 480), (120, 160, 200)).save(picture, "JPEG")
        for kind in ("face", "id_front", "id_back"):
            answer = self.upload(kind, picture.getvalue())
            assert answer.status_code == 201 and answer.json()["id"], answer.text

    def upload(self, kind: str, photo: bytes) -> httpx.Response:
        """Hand in one photo."""
        return self.http.post("/chat/api/uploads", data={"kind": kind}, files={"file": ("a.jpg", photo, "image/jpeg")})

    def look(self) -> None:
        """Read the screen as an open page does by itself, which keeps its session alive."""
        self.http.get("/chat/api/messages", params={"after": self.seq}).raise_for_status()

    def wait(self) -> list[dict[str, Any]]:
        """Return the bubbles that came since the last look, after the turn has ended."""
        started = time.monotonic()
        while time.monotonic() - started < TURN_WITHIN_S:
            screen = self.http.get("/chat/api/messages", params={"after": self.seq}).json()
            if not screen["typing"]:
                self.seq = max([self.seq, *(one["seq"] for one in screen["messages"])])
                new = [one for one in screen["messages"] if one["from"] == "bot"]
                self.bubbles += new
                return new
            time.sleep(0.02)
        raise AssertionError("the turn did not end")
