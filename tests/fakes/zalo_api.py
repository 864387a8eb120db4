"""The fake OpenAPI of Zalo: `POST /v3.0/oa/message/cs`, and of v2.0 what is left of it; errors come with HTTP 200."""

import hmac
import json
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from tests.fakes.failures import Failure, stall
from tests.fakes.people import Item, Person
from tests.fakes.provider import Event, Json
from tests.fakes.signing import appsecret_proof
from tests.fakes.zalo_oauth import oauth
from tests.fakes.zalo_rules import MessageRules, ZaloError

if TYPE_CHECKING:
    from tests.fakes.zalo import Zalo

FREE_MS = 48 * 3600 * 1000
WINDOW_MS = 7 * 24 * 3600 * 1000
"""After the person's last interaction: free, then paid, then refused with -230."""
PER_MINUTE = 4000
"""Calls of an app; one source. More are answered with -32."""

ORDERED = {
    "rate": ZaloError(-32, "The application or OA has exceeded the rate limit"),
    "expired": ZaloError(-216, "Access token is invalid"),
    "blocked": ZaloError(-217, "User has blocked this OA"),
    "window": ZaloError(-230, "User has not interacted with the OA in the past 7 days"),
}


def app(zalo: "Zalo") -> FastAPI:
    """Return the API of one account, with OAuth, which in reality has a host of its own."""
    api = FastAPI(openapi_url=None)
    api.include_router(oauth(zalo))

    @api.post("/v3.0/oa/message/cs")
    async def consult(request: Request) -> Response:
        return await _Call(zalo, request).answer("send")

    @api.post("/v2.0/oa/message")
    async def react(request: Request) -> Response:
        return await _Call(zalo, request).answer("action")

    return api


class _Call:
    """One call: checked, answered and written down."""

    def __init__(self, zalo: "Zalo", request: Request) -> None:
        self._zalo = zalo
        self._request = request
        self._body: Json = {}

    async def answer(self, part: str) -> Response:
        path, error = self._request.url.path, 0
        try:
            self._body = self._read(await self._request.body())
            self._check_rate()
            self._check_token()
            answer = await (self._send() if part == "send" else self._react())
        except ZaloError as refused:
            error, answer = refused.code, JSONResponse({"error": refused.code, "message": refused.message})
        self._zalo.journal.call(path, answer.status_code, error, self._body)
        answer.headers["X-RateLimit-Limit"] = str(PER_MINUTE)
        answer.headers["X-RateLimit-Remain"] = str(max(0, PER_MINUTE - self._zalo.calls_this_minute()))
        return answer

    def _read(self, raw: bytes) -> Json:
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise ZaloError(-201, "Params is invalid")
        return body

    def _check_rate(self) -> None:
        if self._zalo.count_call() > PER_MINUTE:
            self._zalo.journal.fault("rate", f"more than {PER_MINUTE} calls in a minute")
            raise ORDERED["rate"]

    def _check_token(self) -> None:
        token = self._request.headers.get("access_token", "")
        ends = self._zalo.tokens.access.get(token)
        if ends is None:
            raise ORDERED["expired"]
        if ends <= self._zalo.clock.now():
            raise ZaloError(-220, "Access token has expired")
        proof = self._request.headers.get("appsecret_proof")
        if proof is not None and not hmac.compare_digest(proof, appsecret_proof(self._zalo.access.app_secret, token)):
            raise ZaloError(-242, "appsecret_proof is invalid")

    def _person(self) -> Person:
        recipient = self._body.get("recipient")
        user = recipient.get("user_id") if isinstance(recipient, dict) else None
        person = self._zalo.people.known.get(user) if isinstance(user, str) else None
        if person is None or not person.interacted_ms:
            self._zalo.journal.fault("unknown_person", "nobody of that id wrote to the account", str(user))
            raise ZaloError(-201, "user_id is invalid")
        return person

    async def _send(self) -> Response:
        person = self._person()
        failure = self._zalo.failures.take("send", person.id)
        if failure and failure.how != "lost":
            return await self._fail(failure)
        idle_ms = self._may_reach(person)
        item = MessageRules(self._zalo.journal, person.id, self._zalo.template_type).read(
            self._body.get("message"), Item(self._zalo.new_id("z"), "bot", "text", "", self._zalo.stamp())
        )
        item.paid = idle_ms > FREE_MS
        person.add(item)
        if self._zalo.receipts:
            self._zalo.tell_later(self._receipts(person, item))
        if failure:
            await stall(self._request)
        quota = {"quota_type": "reply", "remain": 99, "total": 100}
        data = {"message_id": item.id, "user_id": person.id, "quota": quota}
        return JSONResponse({"data": data, "error": 0, "message": "Success"})

    async def _fail(self, failure: Failure) -> Response:
        if failure.how == "hang":
            await stall(self._request)
        if failure.how == "garbage":
            return PlainTextResponse("<html></html>", media_type="text/html")
        if failure.how == "code":
            raise ZaloError(failure.code, "This was ordered")
        if failure.how in ORDERED:
            raise ORDERED[failure.how]
        return PlainTextResponse("Internal Server Error", 500)

    def _may_reach(self, person: Person) -> int:
        """Return how long the person has been silent, in milliseconds."""
        if person.blocked:
            raise ORDERED["blocked"]
        if person.following is False:
            raise ZaloError(-213, "User is not follower")
        idle_ms = self._zalo.clock.now_ms() - person.interacted_ms
        if idle_ms > WINDOW_MS:
            self._zalo.journal.fault("window", f"{idle_ms / 3600_000:.1f} h after the person's last interaction", person.id)
            raise ORDERED["window"]
        return idle_ms

    def _receipts(self, person: Person, item: Item) -> list[Event]:
        """Return what Zalo tells our channel about its own message: an echo without an agent, and that it was received."""
        echo = "echo_list" if item.kind == "buttons" else "echo"
        told = {"msg_id": item.id, "text": item.text}
        return [self._zalo.happen(person.id, kind, told, shown=False) for kind in (echo, "received")]

    async def _react(self) -> Response:
        action = self._body.get("sender_action")
        if not isinstance(action, dict) or "message" in self._body:
            self._zalo.journal.fault("dead_api", "messages of v2.0 are shut")
            raise ZaloError(-240, "API message v2 has been shut down, please use v3")
        person = self._person()
        failure = self._zalo.failures.take("action", person.id)
        if failure and failure.how != "lost":
            return await self._fail(failure)
        self._may_reach(person)
        found = [item for item in person.items if item.id == action.get("react_message_id")]
        icon = action.get("react_icon")
        if not found or not isinstance(icon, str) or not icon:
            raise ZaloError(-201, "react_message_id or react_icon is invalid")
        found[0].reactions.append(icon)
        if failure:
            await stall(self._request)
        return JSONResponse({"data": {"message_id": found[0].id, "user_id": person.id}, "error": 0, "message": "Success"})
