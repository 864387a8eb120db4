"""The account backend as the action server sees it: typed results, one exception tree, no Rasa in it."""

import asyncio
import time
from contextlib import suppress
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from actions import drafts
from actions.drafts import Answer, Draft
from actions.settings import Settings, from_environment
from actions.signing import Signature

KEPT_S = 3.0
"""Seconds an idle connection is kept: less than the backend does (5), so that none is used just when it is closed."""

LONGEST = 1_024
"""Characters that the backend reads of a value."""


class BackendError(Exception):
    """Base of everything that can go wrong with the backend."""


class BackendUnavailable(BackendError):
    """It is down, too slow, busy, or answered something unreadable. Nothing is known to have happened."""


class NoDraft(BackendError):
    """There is no draft of this task in this conversation."""


class Rejected(BackendError):
    """The backend understood and said no; `code` is its problem code, `retry_after_s` seconds when it named them."""

    def __init__(self, code: str, retry_after_s: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after_s = retry_after_s


class Backend:
    """Calls of one person's turn. `sender` is the channel's voucher, `turn` the message's id.

    Every write carries an idempotency key made of the turn, the operation and the field, so that a turn that
    Rasa runs again has its effects once. A call may take `each_s` seconds, all together `within_s` from now.
    """

    def __init__(self, client: httpx.AsyncClient, sender: str, turn: str, each_s: float = 3.0, within_s: float = 4.0) -> None:
        self._client = client
        self._sender = sender
        self._turn = turn
        self._each_s = each_s
        self._ends = time.monotonic() + within_s

    async def open(self, task: str) -> Draft:
        """Start this conversation's draft of a task, or return the one under way."""
        return _draft(await self._call("PUT", f"/v1/drafts/{task}", {}))

    async def draft(self, task: str) -> Draft:
        """Return the draft under way.

        Raises:
            NoDraft: there is none.
        """
        return _draft(await self._call("GET", f"/v1/drafts/{task}"))

    async def cancel(self, task: str) -> None:
        """Throw the draft away with all it holds; having none is fine."""
        with suppress(NoDraft):
            await self._call("DELETE", f"/v1/drafts/{task}")

    async def consent(self, task: str) -> Draft:
        """Note that the person went on after the privacy sentence."""
        return _draft(await self._call("PUT", f"/v1/drafts/{task}/consent", {}))

    async def put(self, task: str, field: str, value: str) -> Draft:
        """Hand a value to the draft.

        Raises:
            Rejected: `bad_value`.
        """
        return _draft(await self._call("PUT", f"/v1/drafts/{task}/fields/{field}", {"value": value}))

    async def send_otp(self, task: str) -> Draft:
        """Have a one-time code sent, or sent again.

        Raises:
            Rejected: `too_soon` (with seconds), `send_limit`, `daily_limit`, `paused`, `closed`, `missing_fields`.
        """
        return _draft(await self._call("POST", f"/v1/drafts/{task}/otp", {}))

    async def answer_otp(self, task: str, code: str) -> tuple[Answer, Draft]:
        """Submit the code a person typed; the backend alone says what it is worth."""
        body = await self._call("POST", f"/v1/drafts/{task}/otp/answers", {"code": code})
        try:
            return body["result"], _draft(body["draft"])
        except (KeyError, TypeError) as error:
            raise BackendUnavailable("unreadable answer") from error

    async def submit(self, task: str) -> Draft:
        """Ask for the task's end.

        Raises:
            Rejected: `not_verified` and every other reason not to.
        """
        return _draft(await self._call("POST", f"/v1/drafts/{task}/submit", {}))

    async def upload_link(self, task: str) -> str:
        """Return the address of a page where the photos of this conversation's draft can be handed in, once."""
        body = await self._call("POST", f"/v1/drafts/{task}/upload_link", {})
        try:
            return str(body["url"])
        except (KeyError, TypeError) as error:
            raise BackendUnavailable("unreadable link") from error

    async def office(self, province: str) -> tuple[str, str] | None:
        """Return name and telephone of a province's leading office; None without a province or where none is known."""
        if not province:
            return None
        body = await self._call("POST", "/v1/offices/search", {"province": province, "limit": 50})
        try:
            leading = next((one for one in body["offices"] if one["level"] == "tỉnh"), None)
            return leading and (str(leading["unit"]), str(leading["phone"] or leading["hotline"]))
        except (KeyError, TypeError) as error:
            raise BackendUnavailable("unreadable offices") from error

    async def verdict(self, text: str) -> dict[str, Any]:
        """Return the judgement on what `text` holds: `verdict`, `value`, `reasons`, and the official list of its kind."""
        return dict(await self._call("POST", "/v1/official_channels/verdicts", {"value": text[:LONGEST]}))

    async def report_fraud(self, text: str) -> dict[str, Any]:
        """Keep a report of fraud; return the judgement with the report's `number`."""
        return dict(await self._call("POST", "/v1/fraud_reports", {"value": text[:LONGEST]}))

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"X-Sender": self._sender}
        if method != "GET":
            headers["Idempotency-Key"] = f"{self._turn}:{method}:{path}"
        try:
            # A timeout of HTTPX's own begins anew with every piece of an answer.
            async with asyncio.timeout(min(self._ends - time.monotonic(), self._each_s)):
                answer = await self._client.request(method, path, json=body, headers=headers)
            content = answer.json()
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            raise BackendUnavailable(type(error).__name__) from None
        if answer.is_success:
            return content
        code = content.get("code", "") if isinstance(content, dict) else ""
        if code == "no_draft":
            raise NoDraft(code)
        if answer.status_code >= 500 and code not in ("paused", "closed"):
            raise BackendUnavailable(str(answer.status_code))
        if not code or code == "unauthorized":
            raise BackendUnavailable(code or str(answer.status_code))
        raise Rejected(code, content.get("retry_after_s") if isinstance(content, dict) else None)


@lru_cache(maxsize=1)
def _settings() -> Settings:
    return from_environment()


def client() -> httpx.AsyncClient:
    """Return this event loop's client: bounded in time, proving the action server by a signature.

    One for all turns: to make one takes longer than a call, and each would connect anew.
    """
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        settings = _settings()
        _clients[loop] = httpx.AsyncClient(
            base_url=settings.backend_url,
            timeout=settings.backend_timeout_s,
            auth=Signature(settings.service_credential),
            trust_env=False,
            limits=httpx.Limits(keepalive_expiry=KEPT_S),
        )
    return _clients[loop]


_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()


def calls_of_a_turn(http: httpx.AsyncClient, sender: str, turn: str) -> Backend:
    """Return the calls of one turn, bounded as the settings say."""
    settings = _settings()
    return Backend(http, sender, turn, settings.backend_timeout_s, settings.action_timeout_s)


def _draft(body: Any) -> Draft:
    try:
        return drafts.read(body)
    except ValueError as error:
        raise BackendUnavailable(str(error)) from error
