"""The CHAT BOT screen: the web channel's routes on Rasa's own port.

The server makes the conversation's id and binds it to an HttpOnly cookie; a browser never names a conversation,
an intent or a slot. Rasa's `rest` and `socketio` channels let the client do all of that and stay off.
"""

import os
from functools import partial
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, Text, Tuple

from rasa.core.channels.channel import UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels.account_backend import AccountBackend
from assistant.channels.channel import Channel
from assistant.channels.event_stream import seq_of, stream_events
from assistant.channels.gate import Gate, Refused
from assistant.channels.incoming import greeting, read_message
from assistant.channels.uploads import TAKEN_WITHIN_S, hand_over, read_photo
from assistant.stores.sessions import Session

PAGE = Path(__file__).parent / "page"
LANGUAGES = ("vi", "en")


class WebChannel(Channel):
    """Rasa input channel of the chat page."""

    def __init__(self, settings: Dict[Text, Any]) -> None:
        super().__init__(settings)
        self._streams = int(settings["streams_per_session"]) * self._times
        self._gate = Gate(
            secure=self._public_url.startswith("https://"),
            trusted_proxies=int(os.environ.get("TRUSTED_PROXIES", "0")),
            max_body=int(settings["max_body_bytes"]),
        )
        self._backend = AccountBackend(self._backend_url, self._key, TAKEN_WITHIN_S)

    @classmethod
    def name(cls) -> Text:
        """Return the name responses and vouchers know the channel by."""
        return "web"

    def rules(self) -> Dict[str, Tuple[int, float]]:
        """Return the rates, those of an address too: more than one person may stand behind it."""
        return {
            **super().rules(),
            "address_minute": (self._settings["requests_per_minute_per_address"], 60),
            "session_minute": (self._settings["sessions_per_minute_per_address"], 60),
        }

    def url_prefix(self) -> Text:
        """Serve below /chat, not below Rasa's /webhooks."""
        return "/chat"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes. Turns go to the agent itself, whose answers `on_new_message` would hide."""
        chat = Blueprint("chat")
        gate = self._gate

        @chat.listener("before_server_start")
        async def guard(app: Sanic, _: Any) -> None:
            gate.guard(app)

        self.lives_with(chat)

        @chat.route("/", methods=["GET", "HEAD"])
        async def page(request: Request) -> HTTPResponse:
            if not request.path.endswith("/"):
                return response.redirect("/chat/")
            return await response.file(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

        for file in sorted(PAGE.iterdir()):
            kind = "application/manifest+json" if file.suffix == ".webmanifest" else None
            chat.static(f"/{file.name}", str(file), name=file.name.replace(".", "_"), content_type=kind)

        @chat.post("/api/session")
        async def session(request: Request) -> HTTPResponse:
            body = gate.post(request)
            lang = body.get("lang")
            if lang is not None and lang not in LANGUAGES:
                raise Refused(400, "bad_lang", "lang is vi or en")
            await self._clock.refresh()
            known = self._log.sessions.find(gate.cookie(request))
            if known is not None:
                if lang is not None and lang != known.lang:
                    self._require_model()
                    await self._conversations.speak(known.conversation, lang)
                return response.json({"messages": self._log.messages(known.conversation), "lang": lang or known.lang})
            self._rates.count("session_minute", gate.caller(request))
            self._require_model()
            cookie, opened = self._log.sessions.open(self.name(), lang or "vi")
            await self._greet(opened)
            answer = response.json({"messages": self._log.messages(opened.conversation), "lang": opened.lang})
            gate.set_cookie(answer, cookie)
            return answer

        @chat.post("/api/messages")
        async def receive(request: Request) -> HTTPResponse:
            body = gate.post(request)
            known = await self._session(request)
            self._require_model()
            message = read_message(body, self._max_chars, partial(self._log.choice, known.conversation))
            self._rates.count("address_minute", gate.caller(request))
            seq = self.receive(known.conversation, message)
            return response.json({"seq": seq}, status=202)

        @chat.get("/api/messages")
        async def read(request: Request) -> HTTPResponse:
            known = await self._session(request)
            after = seq_of(request.args.get("after", "0"))
            if after is None:
                raise Refused(400, "bad_after", "after is a number")
            typing = self._conversations.is_working(known.conversation)
            return response.json({"messages": self._log.messages(known.conversation, after), "typing": typing})

        @chat.get("/api/events")
        async def events(request: Request) -> None:
            gate.not_foreign(request)
            known = await self._session(request)
            if self._conversations.listeners(known.conversation) >= self._streams:
                raise Refused(429, "too_many_streams", "too many open pages", retry_after_s=30)
            await stream_events(request, known.conversation, self._conversations, self._log)

        @chat.post("/api/uploads", stream=True)
        async def upload(request: Request) -> HTTPResponse:
            gate.from_page(request)
            known = await self._session(request)
            self._rates.count("address_minute", gate.caller(request))
            self._rates.count("message_minute", known.conversation)
            kind, photo = await read_photo(request)
            sender = self.voucher(known.conversation, known.lang)
            return response.json({"id": await hand_over(self._backend, sender, kind, photo)}, status=201)

        @chat.post("/api/feedback")
        async def feedback(request: Request) -> HTTPResponse:
            body = gate.post(request)
            known = await self._session(request)
            seq, up, reason = body.get("seq"), body.get("up"), body.get("reason")
            if type(seq) is not int or type(up) is not bool or not isinstance(reason, (str, type(None))):
                raise Refused(400, "bad_feedback", "send seq, up and perhaps a reason")
            self._rates.count("message_minute", known.conversation)
            if not self._log.add_feedback(known.conversation, seq, up, reason):
                raise Refused(400, "unknown_seq", "the assistant said no such thing")
            return response.empty()

        @chat.post("/api/end")
        async def end(request: Request) -> HTTPResponse:
            gate.post(request)
            known = self._log.sessions.find(gate.cookie(request))
            if known is not None:
                await self._conversations.forget(known.conversation)
            answer = response.empty()
            answer.headers["Clear-Site-Data"] = '"cache", "storage"'
            gate.drop_cookie(answer)
            return answer

        return chat

    async def stop(self) -> None:
        """Let go of the road to the photos too."""
        await super().stop()
        await self._backend.close()

    async def _session(self, request: Request) -> Session:
        await self._clock.refresh()
        known = self._log.sessions.find(self._gate.cookie(request))
        if known is None:
            raise Refused(401, "no_session", "open a session first")
        return known

    def _require_model(self) -> None:
        if not self._conversations.is_ready:
            raise Refused(503, "no_model", "the assistant is starting", retry_after_s=5)

    async def _greet(self, session: Session) -> None:
        self._conversations.accept(session.conversation, greeting(session.lang))
        await self._conversations.finish(session.conversation)
