"""What an attacker holds: signed calls of a conversation, bursts that start at one moment, a browser on the account page."""

import hashlib
import http.client
import itertools
import json
import re
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from backend import drafts, signature
from backend.assertion import Sender, mint
from tests.security.attack_stage import PUBLIC_URL, Stage

PATIENCE_S = 60
_turns = itertools.count()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str
    cookies: tuple[str, ...] = ()

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The problem's code."""
        return str(self.json["code"])


@dataclass(frozen=True)
class Asked:
    """One request, ready to be sent to one worker."""

    port: int
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    def send(self, connection: http.client.HTTPConnection | None = None) -> Answer:
        """Send it; on a connection that is open already, or on one of its own."""
        used = connection or self.connected()
        try:
            used.request(self.method, self.target, body=self.body or None, headers=self.headers)
            got = used.getresponse()
            headers = {name.lower(): value for name, value in got.getheaders()}
            return Answer(got.status, headers, got.read().decode(), tuple(got.headers.get_all("Set-Cookie") or ()))
        finally:
            used.close()

    def connected(self) -> http.client.HTTPConnection:
        """An open connection to its worker."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        connection.connect()
        return connection


def burst(requests: Sequence[Asked]) -> list[Answer]:
    """All of them at one moment, on connections that are open before; answers in the order of the requests."""
    answers: list[Answer | None] = [None] * len(requests)
    barrier = threading.Barrier(len(requests))

    def run(number: int, asked: Asked) -> None:
        connection = asked.connected()
        barrier.wait(PATIENCE_S)
        answers[number] = asked.send(connection)

    threads = [threading.Thread(target=run, args=(number, asked)) for number, asked in enumerate(requests)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert None not in answers, "a request got no answer"
    return [answer for answer in answers if answer is not None]


class Caller:
    """One conversation, as the action server holds it; its calls go to the workers in turn."""

    def __init__(
        self,
        stage: Stage,
        task: str = "forgot_password",
        *,
        channel: str = "web",
        sender: str | None = None,
        conversation: str | None = None,
        lang: str = "vi",
    ) -> None:
        number = stage.number()
        self.stage = stage
        self.task = task
        self.sender = Sender(channel, sender or f"sender-{number}", conversation or f"{channel}:{number}", lang)

    def as_task(self, task: str) -> "Caller":
        """The same conversation at another task."""
        return Caller(
            self.stage,
            task,
            channel=self.sender.channel,
            sender=self.sender.sender,
            conversation=self.sender.conversation,
            lang=self.sender.lang,
        )

    @property
    def subject(self) -> str:
        """What this sender is counted under."""
        return self.stage.core.keys.mac("subject", "sender", self.sender.channel, self.sender.sender)

    @property
    def binding(self) -> str:
        """What this conversation's drafts are bound to."""
        return drafts.binding_of(self.stage.core, self.sender)

    def asked(
        self,
        method: str,
        path: str = "",
        body: Any = None,
        *,
        key: str | None = None,
        worker: int | None = None,
        target: str | None = None,
        credential: str | None = None,
        assertion: str | None = None,
        raw: bytes | None = None,
        off_s: int = 0,
        nonce: str | None = None,
    ) -> Asked:
        """A signed request; the keyword arguments are what an attacker changes before it is signed."""
        core = self.stage.core
        if body is None and method not in ("GET", "DELETE", "HEAD"):
            body = {}
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        where = target or f"/v1/drafts/{self.task}{path}"
        now = int(time.time())
        vouched = mint(core.settings.channel_credentials()[0], self.sender, now) if assertion is None else assertion
        own_key = secrets.token_hex(8) if key is None else key
        signed = signature.Request(method, where, content, vouched, own_key)
        credential = credential or core.settings.service_credentials()[0]
        authorization = signature.sign(credential, signed, now + off_s, nonce or secrets.token_urlsafe(16))
        headers = {"Authorization": authorization, "X-Sender": vouched, "Idempotency-Key": own_key}
        if content:
            headers["Content-Type"] = "application/json"
        ports = [one.port for one in self.stage.workers]
        return Asked(ports[(next(_turns) if worker is None else worker) % len(ports)], method, where, headers, content)

    def call(self, method: str, path: str = "", body: Any = None, **otherwise: Any) -> Answer:
        """Send one."""
        return self.asked(method, path, body, **otherwise).send()

    def put(self, **fields: str) -> "Caller":
        """An open draft with these values."""
        assert self.call("PUT").status == 200
        for field, value in fields.items():
            answer = self.call("PUT", f"/fields/{field}", {"value": value})
            assert answer.status == 200, answer.text
        return self

    def send(self) -> Answer:
        """Ask for a code."""
        return self.call("POST", "/otp")

    def guess(self, code: str) -> Answer:
        """Answer with a code."""
        return self.call("POST", "/otp/answers", {"code": code})

    def answer(self, code: str) -> str:
        """Answer with a code and return the result."""
        answer = self.guess(code)
        assert answer.status == 200, answer.text
        return str(answer.json["result"])

    def submit(self) -> Answer:
        """End the task."""
        return self.call("POST", "/submit")

    def view(self) -> Any:
        """The draft as the conversation sees it."""
        return self.call("GET").json

    def challenge(self, purpose: str | None = None) -> Any:
        """The stored row of this conversation's current challenge."""
        found = self.stage.rows(
            "SELECT c.* FROM challenges c JOIN drafts d ON d.id = c.draft_id WHERE d.binding = :b AND d.task = :t "
            "AND c.state <> 'dropped' AND c.purpose = :p ORDER BY d.seq DESC, c.created_at DESC LIMIT 1",
            b=self.binding,
            t=self.task,
            p=purpose or self.task,
        )
        assert found, "no challenge"
        return found[0]


def wrong(code: str) -> str:
    """Another six digits."""
    return f"{(int(code) + 1) % 10**6:06d}"


def without(asked: Asked, *headers: str, **others: str) -> Asked:
    """The same request with headers taken away or replaced after it was signed."""
    kept = {name: value for name, value in asked.headers.items() if name not in headers}
    return replace(asked, headers=kept | {name.replace("_", "-"): value for name, value in others.items()})


class Browser:
    """Somebody at the account page; keeps cookies and sends what a browser would."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.cookies: dict[str, str] = {}
        self._tokens: dict[tuple[str, str], str] = {}  # a form's token is the device's and the session's

    def asked(self, method: str, path: str, fields: dict[str, str] | None = None, *, worker: int | None = None) -> Asked:
        """A request with the cookies as they are now."""
        ports = [one.port for one in self.stage.workers]
        port = ports[(next(_turns) if worker is None else worker) % len(ports)]
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        if fields is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": PUBLIC_URL}
        return Asked(port, method, path, headers, urlencode(fields).encode() if fields is not None else b"")

    def get(self, path: str, **where: Any) -> Answer:
        """Look at a page."""
        return self.keep(self.asked("GET", path, **where).send())

    def token(self, path: str) -> str:
        """The form's token."""
        state = (self.cookies.get("__Host-device", ""), self.session)
        if state in self._tokens:
            return self._tokens[state]
        page = self.get(path)
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found, (page.status, path)
        self._tokens[(self.cookies.get("__Host-device", ""), self.session)] = found[1]
        return found[1]

    def post(self, path: str, fields: dict[str, str], *, page: str | None = None, **where: Any) -> Answer:
        """Send a form that was opened before."""
        return self.keep(self.asked("POST", path, {"csrf": self.token(page or path), **fields}, **where).send())

    def login(self, code: str, password: str, **where: Any) -> Answer:
        """Log in."""
        return self.post("/account/login", {"code": code, "password": password}, **where)

    def change(self, new: str, current: str = "") -> Answer:
        """Change the password."""
        return self.post("/account/password", {"new": new, "again": new, "current": current})

    @property
    def session(self) -> str:
        """The session's token."""
        return self.cookies.get("__Host-account", "")

    def is_in(self, worker: int | None = None) -> bool:
        """Whether the session lives."""
        answer = self.asked("GET", "/account/", worker=worker).send()
        return answer.status == 200 or answer.headers.get("location", "").startswith("/account/password")

    def keep(self, answer: Answer) -> Answer:
        """Keep the cookies that came with an answer."""
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return answer


def session_hash(token: str) -> str:
    """How a session's token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()
