"""Where canaries are played: the three real programs at one log level, with secrets of their own, and all they let out."""

import socketserver
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.programs import Programs
from tests.security.canaries import ACCOUNT, PERSONAL, Canary, number, secret
from tests.security.channel_drivers import DRIVERS, Answers, Driver
from tests.security.leak_search import leaks, written_files

CREDENTIALS = ("BACKEND_KEY", "SERVICE_CREDENTIAL", "CHANNEL_CREDENTIAL", "SMS_GATEWAY_TOKEN")
OF_PROVIDERS = ("MESSENGER_APP_SECRET", "MESSENGER_VERIFY_TOKEN", "MESSENGER_PAGE_TOKEN", "ZALO_APP_SECRET", "ZALO_OA_SECRET")
VOUCHERS = [urlsafe_b64encode(f'{{"channel":"{name[:3]}'.encode()).decode() for name in ("web", "messenger", "zalo", "hotline")]
"""How every voucher of a channel begins in base64: with it and the service credential one could speak as a person."""
DEBUG = {
    "LOG_LEVEL": "DEBUG",
    "LOG_LEVEL_LIBRARIES": "DEBUG",
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONFAULTHANDLER": "1",
    "PYTHONWARNINGS": "default",
}
LEVELS: dict[str, dict[str, str]] = {"default": {}, "debug": DEBUG}
OF_THE_ENVIRONMENT = "A_VARIABLE_OF_THE_ENVIRONMENT"
SABOTEUR = Path(__file__).parent / "saboteur"


def settings(level: str) -> dict[str, str]:
    """Return the environment of programs that can be sabotaged, at a log level, with secrets of their own."""
    own = {name: f"canary-{name.lower()}-{token_hex(12)}" for name in (*CREDENTIALS, OF_THE_ENVIRONMENT)}
    return {**own, "PYTHONPATH": str(SABOTEUR), **LEVELS[level]}


class Stage:
    """The programs, the people who talk to them, and the search afterwards."""

    def __init__(self, programs: Programs) -> None:
        self.programs = programs
        self.answers = Answers()
        self._canaries: dict[tuple[str, str], Canary] = {}
        self._searched: dict[str, int] = {}
        for name in (*CREDENTIALS, *OF_PROVIDERS, OF_THE_ENVIRONMENT):
            if name in programs.environment:
                self.learn(secret(name, programs.environment[name]))
        for voucher in VOUCHERS:
            self.learn(secret("voucher", voucher))

    def up(self) -> None:
        """Start what is not running, and put the person's account into its first state."""
        missing = [name for name in ("backend", "actions", "rasa") if not self.programs.is_running(name)]
        if missing:
            self.programs.start(*missing)
        self.programs.new_account(**ACCOUNT)

    def learn(self, canary: Canary) -> None:
        """Look for this one too from now on."""
        self._canaries[canary.kind, canary.value] = canary

    @contextmanager
    def person(self, channel: str) -> Iterator[Driver]:
        """Let somebody use a channel."""
        driver = DRIVERS[channel](self.programs, self.answers)
        try:
            self._learn_of(driver)
            yield driver
        finally:
            self._learn_of(driver)
            driver.close()

    def _learn_of(self, driver: Driver) -> None:
        for kind, value in driver.secrets().items():
            self.learn(secret(kind, value))

    def otp(self, to: str = ACCOUNT["email"]) -> str:
        """Return the code that was sent last to the person's mail or phone, and look for it from now on."""
        code = self.programs.otp(to)
        self.learn(number("otp", code))
        return code

    def learn_mailed_passwords(self) -> int:
        """Look for every temporary password that was mailed to the person; return how many there are."""
        bodies = [
            mail["body"] for mail in self.programs.outbox() if mail["to"] == ACCOUNT["email"] and "/account/login" in mail["body"]
        ]
        for body in bodies:
            self.learn(secret("temporary password", body.split("\n\n")[1].strip()))
        return len(bodies)

    def request(self, base: str, method: str, path: str, **request: Any) -> None:
        """Send a request to one of the programs and keep its answer."""
        with httpx.Client(base_url=base, trust_env=False, timeout=30) as client:
            self.answers.of(client.request(method, path, **request))

    def fault(self, part: str, mode: str, seconds: float) -> None:
        """Switch a fault of demo mode; 0 seconds ends it."""
        body = {"part": part, "mode": mode, "seconds": seconds}
        httpx.post(f"{self.programs.backend_url}/demo/fail", json=body, trust_env=False, timeout=10).raise_for_status()

    @contextmanager
    def echoing_actions(self) -> Iterator[None]:
        """Put a stranger in the action server's place, who fails and gives back all he was sent."""
        self.programs.kill("actions")
        server = socketserver.ThreadingTCPServer(("127.0.0.1", int(self.programs.environment["ACTIONS_PORT"])), _Echo, False)
        server.allow_reuse_address = server.daemon_threads = True
        server.server_bind()
        server.server_activate()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            self.programs.start("actions")

    def addresses(self) -> dict[str, tuple[str, int]]:
        """Return host and port of every program."""
        urls = {"rasa": self.programs.base_url, "backend": self.programs.backend_url}
        ports = {name: urlsplit(url).port or 0 for name, url in urls.items()}
        ports["actions"] = int(self.programs.environment["ACTIONS_PORT"])
        return {name: ("127.0.0.1", port) for name, port in ports.items()}

    def search(self) -> None:
        """Fail with what is found in everything written and answered; a log is not read twice."""
        contents = {}
        for place, content in {**written_files(self.programs.var), **self.answers.seen}.items():
            grows = place.endswith(".log")
            contents[place] = content[self._searched.get(place, 0) if grows else 0 :]
            self._searched[place] = len(content)
        found = leaks([*PERSONAL, *self._canaries.values()], contents)
        assert not found, "\n".join([f"{len(found)} values were written down or given away:", *found])


class _Echo(BaseHTTPRequestHandler):
    """Answers 500 with the request's head and body."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(500, body[:200].decode("latin-1").replace("\n", " "))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"error": "it failed", "request_body": ' + body + b"}")

    def log_message(self, *args: Any) -> None:
        """Keep quiet."""
