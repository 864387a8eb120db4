"""Messenger's limits on a message: what breaks one is refused with the error Graph answers, and written down as a fault."""

from typing import Any, NoReturn

from tests.fakes.journal import Journal
from tests.fakes.people import Choice, Item
from tests.fakes.provider import Json

TEXT = 2000
QUICK_REPLIES = 13
TITLE = 20
PAYLOAD = 1000
TEMPLATE_TEXT = 640
BUTTONS = 3
CARDS = 10
CARD_TEXT = 80
"""Meta's reference of the Send API; a card's 80 is from memory."""

TYPES = ("image", "audio", "video", "file")


class GraphError(Exception):
    """An answer of Graph that is not success."""

    def __init__(self, code: int, message: str, subcode: int = 0, status: int = 400, kind: str = "OAuthException") -> None:
        super().__init__(message)
        self.code, self.message, self.subcode, self.status, self.kind = code, message, subcode, status, kind


def length(text: str) -> int:
    """Return the length in UTF-16 units, the longest of the ways a provider may count; units beyond U+FFFF count twice."""
    return len(text.encode("utf-16-le")) // 2


class MessageRules:
    """Reads one message of our channel's; what the chat shows of it is the answer."""

    def __init__(self, journal: Journal, user: str) -> None:
        self._journal = journal
        self._user = user

    def read(self, message: Any, item: Item) -> Item:
        """Return `item` filled with what the person sees, or raise what Graph answers."""
        if not isinstance(message, dict) or not message:
            self._refuse("message_shape", "(#100) param message must be non-empty.")
        if unknown := set(message) - {"text", "attachment", "quick_replies", "metadata"}:
            self._refuse("message_shape", f'(#100) Invalid keys "{", ".join(sorted(unknown))}" were found in param "message".')
        if ("text" in message) == ("attachment" in message):
            self._refuse("message_shape", "(#100) A message has either text or an attachment.")
        if "text" in message:
            item.text = self._text(message["text"], "message[text]", TEXT)
        else:
            self._attachment(message["attachment"], item)
        for reply in self._list(message.get("quick_replies", []), "quick_replies", QUICK_REPLIES):
            item.choices.append(self._quick_reply(reply))
        return item

    def _attachment(self, attachment: Any, item: Item) -> None:
        if not isinstance(attachment, dict) or not isinstance(payload := attachment.get("payload"), dict):
            self._refuse("message_shape", "(#100) param message[attachment] needs a type and a payload.")
        kind = attachment.get("type")
        if kind in TYPES:
            item.kind, item.link = str(kind), self._url(payload.get("url", payload.get("attachment_id")))
        elif kind == "template" and payload.get("template_type") == "button":
            item.kind = "buttons"
            item.text = self._text(payload.get("text"), "payload[text]", TEMPLATE_TEXT)
            item.choices += self._buttons(payload)
        elif kind == "template" and payload.get("template_type") == "generic":
            item.kind = "cards"
            cards = self._list(payload.get("elements"), "elements", CARDS, at_least=1)
            item.text = "\n".join(self._text(card.get("title"), "elements[title]", CARD_TEXT) for card in cards)
            item.choices += [choice for card in cards if card.get("buttons") for choice in self._buttons(card)]
        else:
            self._refuse("message_shape", f"(#100) No such attachment: {kind} {payload.get('template_type', '')}.")

    def _buttons(self, payload: Json) -> list[Choice]:
        return [self._button(one) for one in self._list(payload.get("buttons"), "buttons", BUTTONS, at_least=1)]

    def _button(self, button: Json) -> Choice:
        label = self._text(button.get("title"), "buttons[title]", TITLE)
        match button.get("type"):
            case "postback":
                return Choice(label, self._text(button.get("payload"), "buttons[payload]", PAYLOAD), "postback")
            case "web_url":
                return Choice(label, self._url(button.get("url")), "url")
            case "phone_number":
                return Choice(label, self._text(button.get("payload"), "buttons[payload]", PAYLOAD), "phone")
        self._refuse("message_shape", f"(#100) No such button: {button.get('type')}.")

    def _quick_reply(self, reply: Json) -> Choice:
        if reply.get("content_type") != "text":
            self._refuse("message_shape", "(#100) quick_replies[content_type] must be text here.")
        label = self._text(reply.get("title"), "quick_replies[title]", 10_000)
        if length(label) > TITLE:
            self._journal.fault("title_truncated", f"{label!r}: {length(label)} of {TITLE}", self._user)
            label = label[:TITLE]
        return Choice(label, self._text(reply.get("payload"), "quick_replies[payload]", PAYLOAD), "reply")

    def _text(self, text: Any, name: str, limit: int) -> str:
        if not isinstance(text, str) or not text.strip():
            self._refuse("empty_text", f"(#100) Param {name} must be a non-empty string.")
        if length(text) > limit:
            message = f"(#100) Length of param {name} must be less than or equal to {limit}"
            self._refuse("too_long", message, f"{name} has {length(text)} of {limit}")
        return text

    def _url(self, url: Any) -> str:
        if not isinstance(url, str) or not url.startswith(("https://", "http://")):
            self._refuse("message_shape", "(#100) A web address is missing.")
        return url

    def _list(self, entries: Any, name: str, limit: int, at_least: int = 0) -> list[Json]:
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries) or len(entries) < at_least:
            self._refuse("message_shape", f"(#100) Param {name} must be a list of objects, at least {at_least}.")
        if len(entries) > limit:
            self._refuse("too_many", f"(#100) Param {name} has too many elements.", f"{name} has {len(entries)} of {limit}")
        return entries

    def _refuse(self, kind: str, message: str, detail: str = "") -> NoReturn:
        self._journal.fault(kind, detail or message, self._user)
        raise GraphError(100, message)
