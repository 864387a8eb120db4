"""The ways out: SMTP, an SMS gateway over HTTP; each raises TransportError when the message did not leave."""

import contextlib
import smtplib
import socket
import ssl
import threading
import time
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import formatdate, parseaddr
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import httpx

from backend.errors import BadConfiguration
from backend.outbox import Message

TIMEOUT_S = 10  # one step of a conversation with a provider
WHOLE_S = 45  # all steps together; under the outbox lease
GOODBYE_S = 2


class TransportError(Exception):
    """The provider did not take the message; the text names no address."""


class Transport(Protocol):
    """Sends one message or raises TransportError; `row_id` lets the provider see a repeat as a repeat."""

    def send(self, message: Message, row_id: str, at: int) -> None:
        """Hand the message over; `at` is the sending moment in seconds since the epoch."""
        ...


class SmtpTransport:
    """`smtp://`, `smtps://` or `smtp+starttls://` with optional user and password."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname:
            raise BadConfiguration("SMTP_URL must be smtp://, smtps:// or smtp+starttls:// with a host.")
        self._scheme, self._host = parts.scheme, parts.hostname
        self._port = parts.port or {"smtp": 25, "smtps": 465, "smtp+starttls": 587}[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender
        self._domain = parseaddr(sender)[1].partition("@")[2] or "localhost"

    def send(self, message: Message, row_id: str, at: int) -> None:
        """One connection a message: a stale one is never reused. Taken is taken, whatever is said at parting."""
        ends = time.monotonic() + WHOLE_S
        try:
            letter = self._letter(message, row_id, at)
            server = self._connected()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise TransportError(type(error).__name__) from error
        # Each step has its timeout; the timer bounds all of them, also when a server answers byte by byte.
        timer = threading.Timer(ends - time.monotonic(), _cut, [server])
        timer.daemon = True
        timer.start()
        try:
            if self._scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if self._user:
                server.login(self._user, self._password)
            server.send_message(letter)
            _part(server)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise TransportError(type(error).__name__) from error
        finally:
            timer.cancel()
            server.close()

    def _connected(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        return smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S)

    def _letter(self, message: Message, row_id: str, at: int) -> EmailMessage:
        # The message API refuses CR and LF in headers, so that no value can add one.
        letter = EmailMessage(policy=SMTP_POLICY)
        letter["From"] = self._sender
        letter["To"] = message.to
        letter["Subject"] = message.subject
        letter["Date"] = formatdate(at)
        letter["Message-ID"] = f"<{row_id}@{self._domain}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.body, cte="quoted-printable")
        return letter


def _cut(server: smtplib.SMTP) -> None:
    if server.sock is not None:
        with contextlib.suppress(OSError):  # parted already
            server.sock.shutdown(socket.SHUT_RDWR)


def _part(server: smtplib.SMTP) -> None:
    with contextlib.suppress(smtplib.SMTPException, OSError, ValueError):
        if server.sock is not None:
            server.sock.settimeout(GOODBYE_S)
        server.quit()


class SmsGateway:
    """HTTP POST of `{"id","to","text","at"}` with a bearer token; any 2xx means taken."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}

    def send(self, message: Message, row_id: str, at: int) -> None:
        """Hand the text to the gateway."""
        try:
            body = {"id": row_id, "to": message.to, "text": message.body, "at": at}
            options: dict[str, Any] = {"timeout": TIMEOUT_S, "trust_env": False, "follow_redirects": False}
            # The answer's body is not waited for: the status says all.
            with httpx.stream("POST", self._url, json=body, headers=self._headers, **options) as answer:
                status, taken = answer.status_code, answer.is_success
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TransportError(type(error).__name__) from error
        if not taken:
            raise TransportError(f"status {status}")
