"""Facebook Messenger: signed webhooks come in, bubbles go out through the Graph API.

Settings from the environment, beside the secrets: GRAPH_URL and GRAPH_VERSION.
"""

import hashlib
import hmac
import json
import os
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Text

import aiohttp
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels.delivery import GivenUp, TryAgain
from assistant.channels.gate import Refused
from assistant.channels.layout import Layout, Room
from assistant.channels.parts import split
from assistant.channels.refusals import NeedsUs, PersonGone
from assistant.channels.sent import ONLY_WORDS, Sent
from assistant.channels.webhook import WebhookChannel

GRAPH = ("https://graph.facebook.com", "v26.0")
"""Host and version of the Graph API; v26.0 is of July 2026, and Meta ends each after about two years."""
LONGEST_TEXT = 2000
"""Characters; this and the limits of `room` are from Meta's reference of the Send API."""
TYPING_WITHIN_S = 3.0
PICTURES = ("image", "file")
THUMBS_UP = (369239263222822, 369239343222814, 369239383222810)
"""What the big thumb beside the text field sends, by how long it is held; not documented, known from what others received."""
TOKEN, NO_PERMISSION, PERMISSIONS, BAD_PARAMETER, UNKNOWN_PATH = 190, 10, 200, 100, 2500
UNAVAILABLE = 551
SUBCODES_GONE = (1545041, 2018001, 2018108)
"""Not available, no such person, does not take messages now."""
SUBCODES_WINDOW = (2018278, 2018065)


class MessengerChannel(WebhookChannel):
    """Rasa input channel of one page on Messenger."""

    secrets = (
        "MESSENGER_PAGE_ID",
        "MESSENGER_APP_ID",
        "MESSENGER_APP_SECRET",
        "MESSENGER_VERIFY_TOKEN",
        "MESSENGER_PAGE_TOKEN",
    )
    room = Room(choices=13, choice_title=20, links=3, link_title=20, together=16, text_beside_links=640, calls=False)

    def __init__(self, settings: Dict[Text, Any]) -> None:
        super().__init__(settings)
        page, app, secret, verify, token = (os.environ.get(name, "") for name in self.secrets)
        self._page, self._app, self._secret, self._verify_token, self._token = page, app, secret.encode(), verify.encode(), token
        url, version = (os.environ.get(name) or usual for name, usual in zip(("GRAPH_URL", "GRAPH_VERSION"), GRAPH))
        self._send_url = f"{url.rstrip('/')}/{version}/me/messages"
        self._proof = hmac.new(self._secret, token.encode(), hashlib.sha256).hexdigest()

    @classmethod
    def name(cls) -> Text:
        """Return the name responses and vouchers know the channel by."""
        return "messenger"

    def confirm(self, request: Request) -> HTTPResponse:
        """Give Meta its challenge back when it knows our token."""
        asked = {name: request.args.get(f"hub.{name}", "") for name in ("mode", "verify_token", "challenge")}
        known = hmac.compare_digest(asked["verify_token"].encode(), self._verify_token)
        if asked["mode"] != "subscribe" or not known:
            raise Refused(403, "forged", "the verify token is not ours")
        return response.text(asked["challenge"])

    def is_genuine(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Hold `X-Hub-Signature-256` against the raw bytes; the legacy SHA-1 header counts for nothing."""
        expected = "sha256=" + hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(headers.get("X-Hub-Signature-256", "").encode(), expected.encode())

    def read(self, body: bytes) -> Iterable[Sent]:
        """Return what people sent, oldest first: Meta's batches may be shuffled."""
        entries = json.loads(body)["entry"]
        events = [one for entry in entries for one in entry.get("messaging", ())]
        for event in sorted(events, key=lambda one: int(one.get("timestamp", 0))):
            yield from self._sent(event)

    def messages(self, layout: Layout) -> List[Dict[str, Any]]:
        """Return texts; below the last one quick replies, around it a template when it has links."""
        *before, last = split(layout.text, LONGEST_TEXT)
        message: Dict[str, Any] = {"text": last}
        if layout.links:
            buttons = [{"type": "web_url", "title": one["label"], "url": one["url"]} for one in layout.links]
            payload = {"template_type": "button", "text": last, "buttons": buttons}
            message = {"attachment": {"type": "template", "payload": payload}}
        if layout.choices:
            message["quick_replies"] = [
                {"content_type": "text", "title": one["label"], "payload": one["token"]} for one in layout.choices
            ]
        return [*({"text": part} for part in before), message]

    async def post(self, address: str, message: Dict[str, Any]) -> None:
        """Hand one message to the Graph API."""
        await self._call({"recipient": {"id": address}, "messaging_type": "RESPONSE", "message": message})

    async def show_typing(self, address: str) -> None:
        """Mark the message as seen, and show that an answer is being written."""
        timeout = aiohttp.ClientTimeout(total=TYPING_WITHIN_S)
        for action in ("mark_seen", "typing_on"):
            await self._call({"recipient": {"id": address}, "sender_action": action}, timeout=timeout)

    async def _call(self, body: Dict[str, Any], **limits: Any) -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        async with self.http.post(
            self._send_url, json={**body, "appsecret_proof": self._proof}, headers=headers, **limits
        ) as answer:
            told = await answer.json(content_type=None)
        if "error" in told:
            raise refusal(told["error"])
        if "recipient_id" not in told:
            raise TryAgain()

    def _sent(self, event: Dict[str, Any]) -> Iterator[Sent]:
        message, postback = event.get("message"), event.get("postback")
        sender, recipient = event.get("sender", {}).get("id"), event.get("recipient", {}).get("id")
        if message is not None and message.get("is_echo"):
            if sender == self._page and str(message.get("app_id", "")) != self._app:
                yield Sent(recipient, message["mid"], is_human=True)
        elif recipient != self._page or sender == self._page:
            return
        elif postback is not None:
            yield _pressed(sender, event, postback)
        elif message is not None and not message.get("is_deleted"):
            yield _written(sender, message)


def refusal(error: Mapping[str, Any]) -> Exception:
    """Return what an error of the Graph API means for a bubble."""
    code, subcode = error.get("code"), error.get("error_subcode")
    if code == UNAVAILABLE or subcode in SUBCODES_GONE:
        return PersonGone()
    if subcode in SUBCODES_WINDOW:
        return GivenUp()
    if code in (TOKEN, NO_PERMISSION, PERMISSIONS, UNKNOWN_PATH) or error.get("type") == "GraphMethodException":
        return NeedsUs(f"Graph refuses with error {code}")
    if code == BAD_PARAMETER:
        return GivenUp()
    return TryAgain()  # too many calls (4, 17, 32, 613), a passing failure (1, 2), or one that nobody has described


def _pressed(sender: str, event: Dict[str, Any], postback: Dict[str, Any]) -> Sent:
    """Return a pressed button: get started and ice breakers of ours come in, a menu's item is what its title says."""
    token = postback.get("payload") or ""
    message_id = postback.get("mid") or f"{sender}:{event['timestamp']}"
    if token == "GET_STARTED":
        return Sent(sender, message_id, comes_in=True)
    return Sent(sender, message_id, postback.get("title", ""), token)


def _written(sender: str, message: Dict[str, Any]) -> Sent:
    kinds = [one.get("type") for one in message.get("attachments", ())]
    token: Optional[str] = message.get("quick_reply", {}).get("payload")
    if message.get("text"):
        return Sent(sender, message["mid"], message["text"], token)
    if message.get("sticker_id") in THUMBS_UP:
        return Sent(sender, message["mid"], "👍")
    if any(kind in PICTURES for kind in kinds) and not message.get("sticker_id"):
        return Sent(sender, message["mid"], is_picture=True)
    return Sent(sender, message["mid"], says=ONLY_WORDS)
