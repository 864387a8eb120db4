"""The fake Graph API: `POST /{version}/me/messages` and `/{version}/me/messenger_profile`."""

import hmac
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from tests.fakes.failures import Failure, stall
from tests.fakes.graph_rules import GraphError, MessageRules
from tests.fakes.people import Item, Person
from tests.fakes.provider import Event, Json
from tests.fakes.signing import appsecret_proof

if TYPE_CHECKING:
    from tests.fakes.graph import Messenger

VERSION_ENDS = {
    "v20.0": datetime(2026, 9, 24, tzinfo=UTC),
    "v21.0": datetime(2027, 1, 21, tzinfo=UTC),
    "v22.0": None,
    "v23.0": None,
    "v24.0": None,
    "v25.0": None,
    "v26.0": None,
}
"""Meta's table of versions as of November 2026; older ones are dead, None has no date yet."""
WINDOW_MS = 24 * 3600 * 1000
HUMAN_WINDOW_MS = 7 * WINDOW_MS
"""With the tag HUMAN_AGENT, which is for people only: a bot that uses it is written down."""
TYPING_MS = 20_000
"""Typing stops by itself after about 20 s, or with the next message."""
ACTIONS = ("mark_seen", "typing_on", "typing_off")

ORDERED = {
    "rate": GraphError(613, "(#613) Calls to this api have exceeded the rate limit."),
    "expired": GraphError(190, "Error validating access token: Session has expired.", 463),
    "blocked": GraphError(551, "(#551) This person isn't available right now.", 1545041),
    "window": GraphError(10, "(#10) This message is sent outside of allowed window.", 2018278),
    "http500": GraphError(2, "An unexpected error has occurred. Please retry your request later.", status=500),
}
"""The answers to failures a test ordered; the first four are also given when their time has come by itself."""


def app(page: "Messenger") -> FastAPI:
    """Return the API of one page."""
    api = FastAPI(openapi_url=None)

    @api.post("/{version}/me/messages")
    async def messages(version: str, request: Request) -> Response:
        return await _Call(page, request).answer(version, "messages")

    @api.post("/{version}/me/messenger_profile")
    async def profile(version: str, request: Request) -> Response:
        return await _Call(page, request).answer(version, "messenger_profile")

    return api


class _Call:
    """One call: checked, answered and written down."""

    def __init__(self, page: "Messenger", request: Request) -> None:
        self._page = page
        self._request = request
        self._body: Json = {}

    async def answer(self, version: str, edge: str) -> Response:
        try:
            await self._read()
            self._check_version(version)
            self._check_token()
            answer = await (self._send() if edge == "messages" else self._set_profile())
        except GraphError as error:
            trace = {"fbtrace_id": self._page.new_id("A")}
            subcode = {"error_subcode": error.subcode} if error.subcode else {}
            told = {"message": error.message, "type": error.kind, "code": error.code, **subcode, **trace}
            self._page.journal.call(self._request.url.path, error.status, error.code, self._body)
            return JSONResponse({"error": told}, error.status)
        self._page.journal.call(self._request.url.path, answer.status_code, 0, self._body)
        return answer

    async def _read(self) -> None:
        try:
            body = json.loads(await self._request.body())
        except ValueError:
            raise GraphError(100, "(#100) The request has no JSON body.") from None
        if not isinstance(body, dict):
            raise GraphError(100, "(#100) The body must be an object.")
        self._token = str(body.pop("access_token", ""))
        self._proof = str(body.pop("appsecret_proof", ""))
        self._body = body

    def _check_version(self, version: str) -> None:
        ends = VERSION_ENDS.get(version)
        if version not in VERSION_ENDS or (ends is not None and ends.timestamp() <= self._page.clock.now()):
            self._page.journal.fault("dead_version", version)
            raise GraphError(2500, f"Unknown path components: {self._request.url.path}")

    def _check_token(self) -> None:
        access, query = self._page.access, self._request.query_params
        scheme, _, bearer = self._request.headers.get("Authorization", "").partition(" ")
        token = (bearer if scheme == "Bearer" else "") or query.get("access_token", "") or self._token
        if not hmac.compare_digest(token.encode(), access.page_token.encode()):
            raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")
        proof = query.get("appsecret_proof", "") or self._proof
        if (proof or access.require_proof) and not hmac.compare_digest(proof, appsecret_proof(access.app_secret, token)):
            raise GraphError(100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException")

    async def _send(self) -> Response:
        recipient = self._body.get("recipient")
        user = recipient.get("id") if isinstance(recipient, dict) else None
        if not isinstance(user, str) or not user:
            raise GraphError(100, "(#100) param recipient must be non-empty.")
        action = self._body.get("sender_action")
        failure = self._page.failures.take("action" if action else "send", user)
        if failure and failure.how != "lost":
            return await self._fail(failure)
        person = self._reach(user)
        answer = self._act(person, action) if action else self._deliver(person)
        if failure:
            await stall(self._request)
        return JSONResponse(answer)

    async def _fail(self, failure: Failure) -> Response:
        if failure.how == "hang":
            await stall(self._request)
        if failure.how == "garbage":
            return PlainTextResponse("<html>Sorry, something went wrong.</html>", media_type="text/html")
        if failure.how == "code":
            raise GraphError(failure.code, f"(#{failure.code}) This was ordered.")
        raise ORDERED.get(failure.how, ORDERED["http500"])

    def _reach(self, user: str) -> Person:
        """Return who may be written to now."""
        page = self._page
        person = page.people.known.get(user)
        if person is None or not person.interacted_ms:
            page.journal.fault("unknown_person", "nobody of that id wrote to the page", user)
            raise GraphError(100, "(#100) No matching user found", 2018001)
        if person.blocked:
            raise ORDERED["blocked"]
        human = self._body.get("messaging_type") == "MESSAGE_TAG" and self._body.get("tag") == "HUMAN_AGENT"
        if human:
            page.journal.fault("human_agent_tag", "a bot must not use this tag", user)
        idle_ms = page.clock.now_ms() - person.interacted_ms
        if idle_ms > (HUMAN_WINDOW_MS if human else WINDOW_MS):
            page.journal.fault("window", f"{idle_ms / 3600_000:.1f} h after the person's last message", user)
            raise ORDERED["window"]
        return person

    def _act(self, person: Person, action: object) -> Json:
        if action not in ACTIONS or "message" in self._body:
            raise GraphError(100, f"(#100) Param sender_action must be one of {', '.join(ACTIONS)}, without a message.")
        now_ms = self._page.clock.now_ms()
        if action == "mark_seen":
            person.seen_ms = now_ms
        else:
            person.typing_until_ms = now_ms + TYPING_MS if action == "typing_on" else 0
        return {"recipient_id": person.id}

    def _deliver(self, person: Person) -> Json:
        page = self._page
        if self._body.get("messaging_type") not in ("RESPONSE", "UPDATE", "MESSAGE_TAG"):
            page.journal.fault("messaging_type", f"{self._body.get('messaging_type')!r}", person.id)
            raise GraphError(100, "(#100) Param messaging_type must be one of RESPONSE, UPDATE, MESSAGE_TAG.")
        item = MessageRules(page.journal, person.id).read(
            self._body.get("message"), Item(page.new_id("m_"), "bot", "text", "", page.stamp())
        )
        person.add(item)
        person.typing_until_ms = 0
        if page.receipts:
            page.tell_later(self._receipts(person, item))
        return {"recipient_id": person.id, "message_id": item.id}

    def _receipts(self, person: Person, item: Item) -> list[Event]:
        """Return what Meta tells our channel about its own message: an echo with our app's id, and the delivery."""
        shape = {} if item.kind == "text" else {"attachments": [{"type": item.kind, "payload": {"url": item.link}}]}
        echo = {"mid": item.id, "app_id": self._page.access.app_id, "text": item.text, **shape}
        delivered = {"mids": [item.id], "watermark": item.at_ms}
        return [
            self._page.happen(person.id, "echo", echo, shown=False),
            self._page.happen(person.id, "delivery", delivered, shown=False),
        ]

    async def _set_profile(self) -> Response:
        known = {"get_started", "persistent_menu", "ice_breakers", "greeting", "whitelisted_domains", "account_linking_url"}
        if not self._body or set(self._body) - known:
            raise GraphError(100, f"(#100) Requires one of the params: {', '.join(sorted(known))}")
        self._page.profile.update(self._body)
        return JSONResponse({"result": "success"})
