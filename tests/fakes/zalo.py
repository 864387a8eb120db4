"""An Official Account on Zalo: what people do there becomes signed webhooks, what our channel sends is answered by `zalo_api`."""

import json
from collections import deque
from dataclasses import dataclass, replace
from hashlib import sha256
from hmac import new as new_hmac
from random import Random

import httpx
from fastapi import FastAPI

from tests.fakes import zalo_api, zalo_events
from tests.fakes.clock import Clock
from tests.fakes.people import Choice, Item, Who
from tests.fakes.provider import Event, Impossible, Json, Provider
from tests.fakes.signing import zalo_signature
from tests.fakes.webhooks import ZALO_DEADLINE_S, ZALO_RETRIES_S, Letter, Rules
from tests.fakes.zalo_oauth import Tokens
from tests.fakes.zalo_rules import TemplateType

TEMPLATE_TYPES: dict[str, TemplateType] = {"absent": "absent", "button": "button", "any": "any"}


@dataclass(frozen=True)
class ZaloAccess:
    """What connects account, app and our channel; the defaults open nothing but this fake."""

    webhook_url: str = "http://127.0.0.1:5005/webhooks/zalo/webhook"
    oa_id: str = "388613280878808645"
    app_id: str = "3608465248940903967"
    app_secret: str = "demo-zalo-app-secret-0123456789abcdef"
    oa_secret: str = "demo-zalo-oa-secret-0123456789abcdef0"
    """Signs webhooks; it is not the app's secret."""
    template_type: TemplateType = "absent"


class Zalo(Provider):
    """The fake Zalo."""

    name = "zalo"

    def __init__(
        self,
        access: ZaloAccess,
        clock: Clock,
        random: Random,
        rules: Rules | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        rules = rules or Rules(ZALO_DEADLINE_S, ZALO_RETRIES_S, "num_retry")
        super().__init__(access.webhook_url, rules, clock, random, transport)
        self.access = access
        self.template_type = access.template_type
        self.tokens = Tokens()
        self.tokens.issue(self)
        self._called: deque[float] = deque()

    def count_call(self) -> int:
        """Count a call of the API and return how many came in the last minute."""
        self._called.append(self.clock.now())
        return self.calls_this_minute()

    def calls_this_minute(self) -> int:
        """Return how many calls came in the last minute."""
        while self._called and self._called[0] <= self.clock.now() - 60:
            self._called.popleft()
        return len(self._called)

    def happen(self, user: str, kind: str, fields: Json, shown: bool = True) -> Event:
        """Let a person do something, or an agent at the account's inbox (`human`, `human_image`)."""
        at_ms = self.stamp()
        msg = str(fields.get("msg_id") or self.new_id("z"))
        by_app = str(int(sha256(user.encode()).hexdigest()[:15], 16))
        ids = {"user": user, "oa": self.access.oa_id, "app": self.access.app_id, "msg": msg, "by_app": by_app}
        body = zalo_events.body(kind, ids, at_ms, fields, self.new_file("jpg" if "image" in kind else "bin"))
        item = None
        if shown and kind in zalo_events.SHOWN and not fields.get("hidden"):
            who: Who = "human" if kind.startswith("human") else "person"
            item = self.people.meet(user).add(Item(msg, who, kind, str(fields.get("text", "")), at_ms))
        if shown and kind in zalo_events.OPENS_WINDOW:
            self.people.meet(user).interacted_ms = at_ms
        if shown and kind in ("follow", "unfollow"):
            self.people.meet(user).following = kind == "follow"
        return Event(msg, body, item=item)

    def letters(self, events: list[Event], forgery: str = "") -> list[Letter]:
        """Wrap each event by itself: Zalo sends no batches."""
        return [self._letter(event, forgery) for event in events]

    def _letter(self, event: Event, forgery: str) -> Letter:
        raw = json.dumps(event.body, ensure_ascii=False, separators=(",", ":")).encode()
        app_id, secret, stamp = self.access.app_id, self.access.oa_secret, str(event.body.get("timestamp", ""))
        signature = zalo_signature(app_id, raw, stamp, secret)
        match forgery:
            case "secret":
                signature = zalo_signature(app_id, raw, stamp, self.access.app_secret)
            case "weak":
                hashed = new_hmac(secret.encode(), app_id.encode() + raw + stamp.encode(), "sha256").hexdigest()
                signature = f"mac={hashed}"
            case "malformed":
                signature = "mac="
            case "altered":
                raw += b" "
        headers = {} if forgery == "missing" else {"X-ZEvent-Signature": signature}
        return Letter(raw, headers, (event.id,), forgery)

    def pressed(self, choice: Choice) -> tuple[str, Json]:
        """A pressed button is a text like any other; that of `oa.query.hide` does not show in the chat."""
        return "text", {"text": choice.payload, "hidden": choice.kind == "hide"}

    async def verify(self) -> Json:
        """POST the unsigned `{}` that Zalo sends when the address is saved; HTTP 200 is expected."""
        post = await self.webhooks.probe(Letter(b"{}", {}, ("save-url-probe",)))
        verified = post.state == "taken"
        self.webhooks.on = self.webhooks.on or verified
        return {"verified": verified, **post.as_json()}

    def about(self) -> Json:
        """Return the settings our channel needs, and how people and account can be played with."""
        settings = {
            "ZALO_OA_ID": self.access.oa_id,
            "ZALO_APP_ID": self.access.app_id,
            "ZALO_APP_SECRET": self.access.app_secret,
            "ZALO_OA_SECRET": self.access.oa_secret,
            "ZALO_API_URL": self.own_url,
            "ZALO_OAUTH_URL": self.own_url,
        }
        kinds = ["follow", "unfollow", "sticker", "image", "file", "audio", "video", "location", "link", "submit_info", "seen"]
        now = {"receipts": self.receipts, "template_type": self.template_type, "webhook_on": self.webhooks.on}
        return {"provider": self.name, "webhook_url": self.webhooks.url, "settings": settings, "kinds": kinds, "now": now}

    def set(self, options: Json) -> None:
        """Change `receipts`, `template_type` or `deadline_s`."""
        kind = options.get("template_type", self.template_type)
        if (unknown := set(options) - {"receipts", "template_type", "deadline_s"}) or kind not in TEMPLATE_TYPES:
            raise Impossible(f"no such setting: {unknown or kind}")
        self.receipts = bool(options.get("receipts", self.receipts))
        self.template_type = TEMPLATE_TYPES[kind]
        self.webhooks.rules = replace(
            self.webhooks.rules, deadline_s=float(options.get("deadline_s", self.webhooks.rules.deadline_s))
        )

    def app(self) -> FastAPI:
        """Return the fake OpenAPI and OAuth."""
        return zalo_api.app(self)
