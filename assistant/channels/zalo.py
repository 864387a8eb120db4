"""Zalo Official Account: signed webhooks come in, bubbles go out through OpenAPI v3, whose tokens are `zalo_tokens`.

Settings from the environment, beside the secrets: ZALO_API_URL and ZALO_OAUTH_URL.
"""

import asyncio
import hashlib
import hmac
import json
import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Set, Text

import aiohttp
from sanic import Sanic

from assistant.channels.delivery import GivenUp, TryAgain
from assistant.channels.layout import Layout, Room
from assistant.channels.parts import split
from assistant.channels.refusals import NeedsUs, PersonGone
from assistant.channels.sent import ONLY_WORDS, Sent
from assistant.channels.webhook import WebhookChannel
from assistant.channels.zalo_tokens import Tokens

logger = logging.getLogger(__name__)

HOSTS = ("https://openapi.zalo.me", "https://oauth.zaloapp.com")
LONGEST_TEXT = 2000
"""Characters: longer was refused with -210 in real traffic. The limits of `room` are from the README of Zalo's PHP SDK."""
OAUTH_WITHIN_S = 30.0
"""Patience costs little, and an answer that is not waited for is a pair that is lost."""
PROBE = (b"", b"{}")
"""What Zalo posts, unsigned, when the webhook's address is saved."""
PICTURES = ("image", "photo", "file")
PRESSED = "#c:"
"""How a pressed button begins: a hidden button's payload must begin with `#`, and our tokens with `c:`."""

OLD_TOKEN = (-216, -220)
NEEDS_US = (-209, -212, -219, -221, -223, -224, -240, -242, -320, -321)
GONE = (-213, -217, -244)
BAD_PARAMETER = -201
FOR_GOOD = (BAD_PARAMETER, -210, -211, -218, -227, -230, -232, -233, -248)


class ButtonsRefused(GivenUp):
    """OpenAPI does not take a message with buttons."""


class Refusal(Exception):
    """Zalo's answer that is not success; it comes with HTTP 200."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class ZaloChannel(WebhookChannel):
    """Rasa input channel of one Official Account on Zalo."""

    secrets = ("ZALO_OA_ID", "ZALO_APP_ID", "ZALO_APP_SECRET", "ZALO_OA_SECRET")
    room = Room(choices=5, choice_title=100, links=5, link_title=100, together=5, text_beside_links=LONGEST_TEXT, calls=True)

    def __init__(self, settings: Dict[Text, Any]) -> None:
        super().__init__(settings)
        self._oa, self._app, self._app_secret, self._oa_secret = (os.environ.get(name, "") for name in self.secrets)
        api, oauth = (
            (os.environ.get(name) or usual).rstrip("/") for name, usual in zip(("ZALO_API_URL", "ZALO_OAUTH_URL"), HOSTS)
        )
        self._send_url, self._oauth_url = f"{api}/v3.0/oa/message/cs", f"{oauth}/v4/oa/access_token"
        self._template = {"template_type": settings["template_type"]} if settings["template_type"] else {}
        self._pause_s = float(settings["pause_between_bubbles_s"])
        self._just_written_to: Set[str] = set()
        self._tokens = Tokens(Path(settings["tokens"]), self._exchange, self._clock.now)

    @classmethod
    def name(cls) -> Text:
        """Return the name responses and vouchers know the channel by."""
        return "zalo"

    def is_genuine(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Hold the signature against the raw bytes: a plain SHA-256 with the account's secret at the end, no HMAC.

        Nothing is signed when the address is saved: what is posted then is exactly empty.
        """
        if body in PROBE:
            return True
        try:
            stamp = json.loads(body).get("timestamp") or headers.get("X-ZEvent-Timestamp", "")
        except (ValueError, AttributeError, RecursionError):
            return False
        signed = self._app.encode() + body + str(stamp).encode() + self._oa_secret.encode()
        expected = f"mac={hashlib.sha256(signed).hexdigest()}"
        return hmac.compare_digest(headers.get("X-ZEvent-Signature", "").encode(), expected.encode())

    def read(self, body: bytes) -> Iterable[Sent]:
        """Return what was sent: Zalo posts each event by itself."""
        event = json.loads(body or b"{}")
        name = event.get("event_name", "")
        read = _written if name.startswith("user_send_") else _by_hand if name.startswith("oa_send_") else _EVENTS.get(name)
        sent = read(event, self._oa) if read is not None else None
        return [sent] if sent is not None else []

    def messages(self, layout: Layout) -> List[Dict[str, Any]]:
        """Return texts, the last one with buttons."""
        *before, last = split(layout.text, LONGEST_TEXT)
        message: Dict[str, Any] = {"text": last}
        buttons = [{"title": one["label"], "type": "oa.query.hide", "payload": f"#{one['token']}"} for one in layout.choices]
        buttons += [_link(one) for one in layout.links]
        if buttons:
            message["attachment"] = {"type": "template", "payload": {**self._template, "buttons": buttons}}
        return [*({"text": part} for part in before), message]

    async def send(self, conversation: str, shown: Dict[str, Any]) -> None:
        """Hand a bubble to Zalo; where it refuses our buttons but takes the same without, choices are numbered from then on."""
        try:
            await super().send(conversation, shown)
        except ButtonsRefused:
            room, self.room = self.room, replace(self.room, choices=0, links=0)
            try:
                await super().send(conversation, shown)
            except Exception:
                self.room = room
                raise
            logger.error("Zalo refuses buttons, choices are numbered until the next start; is template_type right?")

    async def post(self, address: str, message: Dict[str, Any]) -> None:
        """Hand one message to OpenAPI; with another token once, when Zalo says that this one is old."""
        if address in self._just_written_to:
            await asyncio.sleep(self._pause_s)
        body = {"recipient": {"user_id": address}, "message": message}
        token = self._tokens.access()
        try:
            try:
                await self._call(body, token)
            except Refusal as refused:
                if refused.code not in OLD_TOKEN:
                    raise
                await self._call(body, await self._tokens.refresh(token))
        except Refusal as refused:
            has_buttons = refused.code == BAD_PARAMETER and "attachment" in message
            raise ButtonsRefused() if has_buttons else meaning(refused.code) from None
        self._just_written_to.add(address)
        asyncio.get_event_loop().call_later(self._pause_s, self._just_written_to.discard, address)

    async def start(self, app: Sanic) -> None:
        """Keep the tokens fresh from now on."""
        await super().start(app)
        self._asides.do(self._tokens.keep_fresh(self._alarm.ring))

    async def stop(self) -> None:
        """Let a pair that is on its way arrive first."""
        await self._tokens.close()
        await super().stop()

    async def _call(self, body: Dict[str, Any], token: str) -> None:
        async with self.http.post(self._send_url, json=body, headers={"access_token": token}) as answer:
            told = await answer.json(content_type=None)
        if told["error"] != 0:
            raise Refusal(int(told["error"]))

    async def _exchange(self, refresh_token: str) -> Dict[str, Any]:
        form = {"refresh_token": refresh_token, "app_id": self._app, "grant_type": "refresh_token"}
        timeout = aiohttp.ClientTimeout(total=OAUTH_WITHIN_S)
        async with self.http.post(
            self._oauth_url, data=form, headers={"secret_key": self._app_secret}, timeout=timeout
        ) as answer:
            answer.raise_for_status()
            return dict(await answer.json(content_type=None))


def meaning(code: int) -> Exception:
    """Return what an error of OpenAPI means for a bubble."""
    if code in GONE:
        return PersonGone()
    if code in FOR_GOOD:
        return GivenUp()
    if code in NEEDS_US or code in OLD_TOKEN:
        return NeedsUs(f"Zalo refuses with error {code}")
    return TryAgain()  # too many calls (-32), a passing failure (-200), or one that nobody has described


def _written(event: Dict[str, Any], oa: str) -> Optional[Sent]:
    """Return what a person sent to this account; only then is it for the bot."""
    if event["recipient"]["id"] != oa:
        return None
    sender, message, kind = event["sender"]["id"], event["message"], event["event_name"][len("user_send_") :]
    message_id, text = _id(event, sender), str(message.get("text") or "")
    if kind == "link" and not text:  # shared as it is: the question is whose it is
        links = [one.get("payload", {}).get("url") for one in message.get("attachments", ())]
        text = str(next(filter(None, links), ""))
    if kind in PICTURES:
        return Sent(sender, message_id, text, is_picture=True)
    if text.startswith(PRESSED):
        return Sent(sender, message_id, token=text[1:])
    return Sent(sender, message_id, text) if text else Sent(sender, message_id, says=ONLY_WORDS)


def _by_hand(event: Dict[str, Any], oa: str) -> Optional[Sent]:
    """Return that an administrator has written; an echo without one is of our own bubble."""
    if event["sender"]["id"] != oa or not event["sender"].get("admin_id"):
        return None
    return Sent(event["recipient"]["id"], _id(event, event["recipient"]["id"]), is_human=True)


def _follows(event: Dict[str, Any], oa: str) -> Optional[Sent]:
    """Return that somebody follows the account now, or no longer."""
    if event["oa_id"] != oa:
        return None
    follower, follows = event["follower"]["id"], event["event_name"] == "follow"
    return Sent(follower, _id(event, follower), comes_in=follows, leaves=not follows)


_EVENTS: Dict[str, Callable[[Dict[str, Any], str], Optional[Sent]]] = {"follow": _follows, "unfollow": _follows}


def _id(event: Dict[str, Any], person: str) -> str:
    return str((event.get("message") or {}).get("msg_id") or f"{event['event_name']}:{event['timestamp']}:{person}")


def _link(link: Dict[str, str]) -> Dict[str, Any]:
    if link["url"].startswith("tel:"):
        code = "84" + link["url"][len("tel:") :].lstrip("0")
        return {"title": link["label"], "type": "oa.open.phone", "payload": {"phone_code": code}}
    return {"title": link["label"], "type": "oa.open.url", "payload": {"url": link["url"]}}
