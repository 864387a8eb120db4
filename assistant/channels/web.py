"""The CHAT BOT screen: the web channel's routes on Rasa's own port.

The server makes the conversation's id and binds it to an HttpOnly cookie; a browser never names a conversation,
an intent or a slot. Rasa's `rest` and `socketio` channels let the client do all of that and stay off.
"""

import os
import uuid
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, Optional, Text

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels.action_endpoint import BoundedActionEndpoint, check_answers_once
from assistant.channels.conversations import Conversations
from assistant.channels.event_stream import seq_of, stream_events
from assistant.channels.gate import Gate, Refused
from assistant.channels.incoming import Incoming, read_message
from assistant.channels.rates import Rates
from assistant.channels.startup import channel_credential, require_model, use_configured_stores
from assistant.channels.uploads import Uploads, read_photo
from assistant.channels.voucher import vouch
from assistant.clock import Clock
from assistant.logs import blank_logs
from assistant.stores.message_log import MessageLog, Session
from assistant.stores.retention import Retention
from assistant.stores.sealing import Seal

PAGE = Path(__file__).parent / "page"
LANGUAGES = ("vi", "en")


class WebChannel(InputChannel):
    """Rasa input channel of the chat page; its settings are the block in `credentials.yml`."""

    def __init__(self, settings: Dict[Text, Any]) -> None:
        blank_logs()
        key = self._key = channel_credential(os.environ)
        require_model(os.environ)
        demo = os.environ.get("DEMO") == "1"
        times = 100 if demo else 1
        public_url = os.environ.get("PUBLIC_URL", "")
        self._max_chars = int(settings["max_characters"])
        self._streams = int(settings["streams_per_session"]) * times
        self._action_deadline_s = float(settings["action_deadline_s"])
        self._keep_days = float(settings["keep_days"])
        self._clock = Clock(f"{os.environ['BACKEND_URL']}/demo/clock" if demo else None)
        idle_s, life_s = settings["idle_minutes"] * 60, settings["life_hours"] * 3600
        self._log = MessageLog(settings["message_log"], self._clock, idle_s, life_s, Seal(os.environ["CHANNEL_CREDENTIAL"]))
        self._gate = Gate(
            secure=public_url.startswith("https://"),
            trusted_proxies=int(os.environ.get("TRUSTED_PROXIES", "0")),
            max_body=int(settings["max_body_bytes"]),
            rates=Rates(
                {
                    "message_minute": (settings["messages_per_minute"] * times, 60),
                    "message_hour": (settings["messages_per_hour"] * times, 3600),
                    "address_minute": (settings["requests_per_minute_per_address"] * times, 60),
                    "session_minute": (settings["sessions_per_minute_per_address"] * times, 60),
                }
            ),
        )
        self._conversations = Conversations(
            self.name(),
            self._log,
            int(settings["queue_length"]),
            int(settings["turns_at_once"]),
            float(settings["turn_deadline_s"]),
            self._vouch,
        )
        self._uploads = Uploads(os.environ["BACKEND_URL"], key)

    @classmethod
    def name(cls) -> Text:
        """Return the name responses and vouchers know the channel by."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> "WebChannel":
        """Build the channel from its block in `credentials.yml`."""
        return cls(credentials or {})

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

        @chat.listener("after_server_start")
        async def start(app: Sanic, _: Any) -> None:
            await self._start(app)

        @chat.listener("before_server_stop")
        async def stop(app: Sanic, _: Any) -> None:
            await self._conversations.close()
            await self._uploads.close()
            await self._clock.close()

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
            known = self._log.session(gate.cookie(request))
            if known is not None:
                if lang is not None and lang != known.lang:
                    self._require_model()
                    await self._conversations.speak(known.conversation, lang)
                return response.json({"messages": self._log.messages(known.conversation), "lang": lang or known.lang})
            gate.count("session_minute", gate.caller(request))
            self._require_model()
            cookie, opened = self._log.open_session(lang or "vi")
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
            gate.count("address_minute", gate.caller(request))
            gate.count("message_minute", known.conversation)
            gate.count("message_hour", known.conversation)
            if self._conversations.is_full(known.conversation):
                raise Refused(429, "queue_full", "too many messages are waiting", retry_after_s=2)
            seq, new = self._log.add_user(known.conversation, message.client_id, message.text, message.body())
            if new:
                self._conversations.accept(known.conversation, replace(message, seq=seq))
                self._conversations.tell(known.conversation, {"message": self._log.messages(known.conversation, seq - 1)[0]})
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
            gate.count("address_minute", gate.caller(request))
            gate.count("message_minute", known.conversation)
            kind, photo = await read_photo(request)
            sender = self._vouch(known.conversation, known.lang)
            return response.json({"id": await self._uploads.put(sender, kind, photo)}, status=201)

        @chat.post("/api/feedback")
        async def feedback(request: Request) -> HTTPResponse:
            body = gate.post(request)
            known = await self._session(request)
            seq, up, reason = body.get("seq"), body.get("up"), body.get("reason")
            if type(seq) is not int or type(up) is not bool or not isinstance(reason, (str, type(None))):
                raise Refused(400, "bad_feedback", "send seq, up and perhaps a reason")
            gate.count("message_minute", known.conversation)
            if not self._log.add_feedback(known.conversation, seq, up, reason):
                raise Refused(400, "unknown_seq", "the assistant said no such thing")
            return response.empty()

        @chat.post("/api/end")
        async def end(request: Request) -> HTTPResponse:
            gate.post(request)
            known = self._log.session(gate.cookie(request))
            if known is not None:
                await self._conversations.forget(known.conversation)
            answer = response.empty()
            answer.headers["Clear-Site-Data"] = '"cache", "storage"'
            gate.drop_cookie(answer)
            return answer

        return chat

    async def _start(self, app: Sanic) -> None:
        agent = app.ctx.agent
        use_configured_stores(agent, self._clock.now)
        check_answers_once()
        endpoint = BoundedActionEndpoint(agent.action_endpoint, self._action_deadline_s, agent.domain)
        agent.action_endpoint = agent.processor.action_endpoint = endpoint
        self._conversations.use(agent, endpoint)
        await self._clock.refresh()
        await self._conversations.recover()
        retention = Retention(self._keep_days, self._clock.now, [self._log.expire, agent.tracker_store.expire])
        app.add_task(retention.run(), name="retention")

    def _vouch(self, conversation: str, lang: str) -> str:
        return vouch(self._key, self.name(), conversation, conversation, lang, self._clock.now())

    async def _session(self, request: Request) -> Session:
        await self._clock.refresh()
        known = self._log.session(self._gate.cookie(request))
        if known is None:
            raise Refused(401, "no_session", "open a session first")
        return known

    def _require_model(self) -> None:
        if not self._conversations.is_ready:
            raise Refused(503, "no_model", "the assistant is starting", retry_after_s=5)

    async def _greet(self, session: Session) -> None:
        entities = [{"entity": "lang", "value": session.lang, "start": 0, "end": 0}]
        greeting = {"text": "", "intent": {"name": "greet", "confidence": 1.0}, "entities": entities}
        self._conversations.accept(session.conversation, Incoming(None, str(uuid.uuid4()), "", greeting))
        await self._conversations.finish(session.conversation)
