"""The ways out: SMTP, an SMS gateway over HTTP; each raises TransportError when the message did not leave."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import formatdate, parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

import httpx

from backend.errors import BadConfiguration
from backend.outbox import Message

TIMEOUT_S = 10  # well under the outbox lease


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
        """One connection a message: a stale one is never reused."""
        try:
            with self._connected() as server:
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(self._letter(message, row_id, at))
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise TransportError(type(error).__name__) from error

    def _connected(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S)
        if self._scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        return server

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


class SmsGateway:
    """HTTP POST of `{"id","to","text","at"}` with a bearer token; any 2xx means taken."""

    def __init__(self, url: str, token: str) -> None:
        self._client = httpx.Client(
            timeout=TIMEOUT_S,
            headers={"Authorization": f"Bearer {token}"},
            follow_redirects=False,
            trust_env=False,
        )
        self._url = url

    def close(self) -> None:
        """Close the connections to the gateway."""
        self._client.close()

    def send(self, message: Message, row_id: str, at: int) -> None:
        """Hand the text to the gateway."""
        try:
            body = {"id": row_id, "to": message.to, "text": message.body, "at": at}
            answer = self._client.post(self._url, json=body)
        except httpx.HTTPError as error:
            raise TransportError(type(error).__name__) from error
        if not answer.is_success:
            raise TransportError(f"status {answer.status_code}")
