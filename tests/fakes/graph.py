"""A page on Messenger: what people do there becomes signed webhooks, what our channel sends is answered by `graph_api`."""

import json
from dataclasses import dataclass, replace
from random import Random

import httpx
from fastapi import FastAPI

from tests.fakes import graph_api, graph_events
from tests.fakes.clock import Clock
from tests.fakes.people import Choice, Item, Who
from tests.fakes.provider import Event, Impossible, Json, Provider
from tests.fakes.signing import hub_signature
from tests.fakes.webhooks import MESSENGER_DEADLINE_S, MESSENGER_RETRIES_S, Letter, Rules


@dataclass(frozen=True)
class MessengerAccess:
    """What connects page, app and our channel; the defaults open nothing but this fake."""

    webhook_url: str = "http://127.0.0.1:5005/webhooks/messenger/webhook"
    page_id: str = "100200300400500"
    app_id: int = 600700800900
    app_secret: str = "demo-messenger-app-secret-0123456789"
    verify_token: str = "demo-messenger-verify-token-01234567"
    page_token: str = "demo-messenger-page-token-0123456789"
    version: str = "v26.0"
    require_proof: bool = False
    """The app's own setting “require App Secret”."""


class Messenger(Provider):
    """The fake Messenger."""

    name = "messenger"

    def __init__(
        self,
        access: MessengerAccess,
        clock: Clock,
        random: Random,
        rules: Rules | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        rules = rules or Rules(MESSENGER_DEADLINE_S, MESSENGER_RETRIES_S)
        super().__init__(access.webhook_url, rules, clock, random, transport)
        self.access = access
        self.profile: Json = {}
        """What was posted to `messenger_profile`: get_started, persistent_menu, ice_breakers and so on."""

    def happen(self, user: str, kind: str, fields: Json, shown: bool = True) -> Event:
        """Let a person do something, or an agent at the page's inbox (`human`)."""
        at_ms = self.stamp()
        if kind == "get_started":
            asked = self.profile.get("get_started", {}).get("payload", "GET_STARTED")
            kind, fields = "postback", {"title": "Bắt đầu", "payload": asked, **fields}
        ids = {"user": user, "page": self.access.page_id, "mid": str(fields.get("mid") or self.new_id("m_"))}
        link = self.new_file("jpg" if kind in ("image", "sticker", "like") else "bin")
        body = graph_events.body(kind, ids, at_ms, fields, link)
        slot = kind if kind in ("standby", "changes") else "messaging"
        item = None
        if shown and kind in graph_events.SHOWN:
            who: Who = "human" if kind == "human" else "person"
            text = str(fields.get("text") or fields.get("title") or "")
            item = self.people.meet(user).add(Item(ids["mid"], who, kind, text, at_ms))
        if shown and kind in graph_events.OPENS_WINDOW:
            self.people.meet(user).interacted_ms = at_ms
        return Event(ids["mid"], body, slot, item)

    def letters(self, events: list[Event], forgery: str = "") -> list[Letter]:
        """Wrap all events in one POST, in one or several entries, as Meta does."""
        entries: list[Json] = []
        for event in events:
            if not entries or event.slot not in entries[-1] or self.random.random() < 0.3:
                entries.append({"id": self.access.page_id, "time": self.clock.now_ms(), event.slot: []})
            entries[-1][event.slot].append(event.body)
        # Letters outside ASCII and slashes are escaped, and the signature is over these bytes.
        body = json.dumps({"object": "page", "entry": entries}, separators=(",", ":")).replace("/", "\\/").encode()
        ids = tuple(event.id for event in events)
        return [Letter(body + b" " if forgery == "altered" else body, self._headers(body, forgery), ids, forgery)]

    def _headers(self, body: bytes, forgery: str) -> dict[str, str]:
        secret = self.access.app_secret
        sha256, sha1 = hub_signature(secret, body), hub_signature(secret, body, "sha1")
        match forgery:
            case "missing":
                return {}
            case "secret":
                sha256, sha1 = hub_signature(secret[::-1], body), hub_signature(secret[::-1], body, "sha1")
            case "weak":
                return {"X-Hub-Signature": sha1}
            case "malformed":
                return {"X-Hub-Signature-256": "nosuch=00", "X-Hub-Signature": "nosuch=00"}
        return {"X-Hub-Signature-256": sha256, "X-Hub-Signature": sha1}

    def menu(self, user: str) -> list[Choice]:
        """Return get started and ice breakers before the first message, and the persistent menu always."""
        begun = bool(self.people.meet(user).items)
        menus = [one for one in self.profile.get("persistent_menu", []) if one.get("locale") == "default"]
        actions = [action for one in menus for action in one.get("call_to_actions", []) if action.get("type") == "postback"]
        found = [Choice(str(one["title"]), str(one["payload"]), "postback") for one in actions]
        breakers = self.profile.get("ice_breakers", []) if not begun else []
        asked = [action for one in breakers for action in one.get("call_to_actions", [one])]
        found += [Choice(str(one["question"]), str(one["payload"]), "postback") for one in asked if "question" in one]
        if "get_started" in self.profile and not begun:
            found.append(Choice("Bắt đầu", str(self.profile["get_started"].get("payload", "")), "postback"))
        return found

    def pressed(self, choice: Choice) -> tuple[str, Json]:
        """A quick reply is a message with its title and payload, everything else a postback."""
        if choice.kind == "reply":
            return "quick_reply", {"text": choice.label, "payload": choice.payload}
        return "postback", {"title": choice.label, "payload": choice.payload}

    async def verify(self) -> Json:
        """GET our channel with the right token, which must give the challenge back, and with a wrong one, which must not."""
        right, wrong = str(self.random.getrandbits(32)), str(self.random.getrandbits(32))
        found: Json = {}
        for name, token, challenge in (("right", self.access.verify_token, right), ("wrong", "no-such-token", wrong)):
            params = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": challenge}
            try:
                answer = await self.webhooks.ask(params)
                found[name] = {"status": answer.status_code, "challenge": answer.text == challenge}
            except httpx.HTTPError as error:
                found[name] = {"status": None, "challenge": False, "why": type(error).__name__}
        found["verified"] = found["right"] == {"status": 200, "challenge": True}
        if found["wrong"]["challenge"]:
            self.journal.fault("wrong_verify_token_taken", "the challenge came back for a wrong token")
        self.webhooks.on = self.webhooks.on or found["verified"]
        return found

    def about(self) -> Json:
        """Return the settings our channel needs, and how people and page can be played with."""
        settings = {
            "MESSENGER_PAGE_ID": self.access.page_id,
            "MESSENGER_APP_ID": str(self.access.app_id),
            "MESSENGER_APP_SECRET": self.access.app_secret,
            "MESSENGER_VERIFY_TOKEN": self.access.verify_token,
            "MESSENGER_PAGE_TOKEN": self.access.page_token,
            "GRAPH_URL": self.own_url,
            "GRAPH_VERSION": self.access.version,
        }
        kinds = ["get_started", "like", "sticker", "image", "file", "audio", "video", "location", "read", "standby", "changes"]
        now = {"receipts": self.receipts, "require_proof": self.access.require_proof, "webhook_on": self.webhooks.on}
        return {"provider": self.name, "webhook_url": self.webhooks.url, "settings": settings, "kinds": kinds, "now": now}

    def set(self, options: Json) -> None:
        """Change `receipts`, `require_proof`, `deadline_s` or `page_token`."""
        if unknown := set(options) - {"receipts", "require_proof", "deadline_s", "page_token"}:
            raise Impossible(f"no such setting: {unknown}")
        self.receipts = bool(options.get("receipts", self.receipts))
        self.webhooks.rules = replace(
            self.webhooks.rules, deadline_s=float(options.get("deadline_s", self.webhooks.rules.deadline_s))
        )
        self.access = replace(
            self.access,
            require_proof=bool(options.get("require_proof", self.access.require_proof)),
            page_token=str(options.get("page_token", self.access.page_token)),
        )

    def app(self) -> FastAPI:
        """Return the fake Graph API."""
        return graph_api.app(self)
