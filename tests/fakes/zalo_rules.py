"""Zalo's limits on a message: what breaks one is refused with the code Zalo answers, and written down as a fault."""

from typing import Any, Literal, NoReturn

from tests.fakes.graph_rules import length
from tests.fakes.journal import Journal
from tests.fakes.people import Choice, Item
from tests.fakes.provider import Json

TEXT = 2000
"""Longer was refused with -210 in real traffic."""
BUTTONS = 5
TITLE = 100
PAYLOAD = 1000
SUBTITLE = 500
"""README of Zalo's PHP SDK."""

TemplateType = Literal["absent", "button", "any"]
"""Whether buttons come with `template_type`: a partner of Zalo publishes them without, other code sends `button`."""


class ZaloError(Exception):
    """An answer of Zalo that is not success; it comes with HTTP 200 all the same."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class MessageRules:
    """Reads one message of our channel's; what the chat shows of it is the answer."""

    def __init__(self, journal: Journal, user: str, template_type: TemplateType) -> None:
        self._journal = journal
        self._user = user
        self._template_type = template_type

    def read(self, message: Any, item: Item) -> Item:
        """Return `item` filled with what the person sees, or raise what Zalo answers."""
        if not isinstance(message, dict) or not message:
            self._refuse("message_shape", "message is required")
        if unknown := set(message) - {"text", "attachment", "quote_message_id", "react_message_id"}:
            self._refuse("message_shape", f"unknown parameter {', '.join(sorted(unknown))}")
        attachment = message.get("attachment")
        if attachment is not None:
            self._attachment(attachment, item)
        if "text" in message or item.kind in ("text", "buttons"):
            item.text = self._text(message.get("text"), "text", TEXT)
        return item

    def _attachment(self, attachment: Any, item: Item) -> None:
        payload = attachment.get("payload") if isinstance(attachment, dict) else None
        if not isinstance(payload, dict):
            self._refuse("message_shape", "attachment needs a type and a payload")
        if attachment.get("type") == "file":
            item.kind, item.link = "file", self._text(payload.get("token"), "token", PAYLOAD)
        elif attachment.get("type") != "template":
            self._refuse("message_shape", f"attachment type {attachment.get('type')} is invalid")
        elif "buttons" in payload:
            self._check_template_type(payload.get("template_type"))
            item.kind = "buttons"
            item.choices = [self._button(one) for one in self._list(payload["buttons"], "buttons", BUTTONS)]
        else:
            self._elements(payload, item)

    def _check_template_type(self, given: object) -> None:
        allowed = {"absent": (None,), "button": ("button",), "any": (None, "button")}[self._template_type]
        if given not in allowed:
            self._refuse("template_type", f"template_type {given} is invalid for buttons")

    def _elements(self, payload: Json, item: Item) -> None:
        element = self._list(payload.get("elements"), "elements", 1)[0]
        match payload.get("template_type"):
            case "media":
                if element.get("media_type") not in ("image", "gif", "sticker"):
                    self._refuse("message_shape", "media_type is invalid")
                item.kind = str(element["media_type"])
                item.link = self._text(element.get("url", element.get("attachment_id")), "url", PAYLOAD)
            case "request_user_info":
                item.kind = "request_user_info"
                title = self._text(element.get("title"), "title", TITLE)
                item.text = f"{title}\n{self._text(element.get('subtitle'), 'subtitle', SUBTITLE)}"
            case other:
                self._refuse("message_shape", f"template_type {other} is invalid")

    def _button(self, button: Json) -> Choice:
        label = self._text(button.get("title"), "title", TITLE)
        kind, payload = button.get("type"), button.get("payload")
        match kind:
            case "oa.query.show":
                return Choice(label, self._text(payload, "payload", PAYLOAD), "query")
            case "oa.query.hide":
                text = self._text(payload, "payload", PAYLOAD)
                if not text.startswith("#"):
                    self._refuse("hidden_payload", "payload of oa.query.hide must start with #")
                return Choice(label, text, "hide")
            case "oa.open.url" if isinstance(payload, dict) and str(payload.get("url")).startswith(("https://", "http://")):
                return Choice(label, str(payload["url"]), "url")
            case "oa.open.phone" | "oa.open.sms" if isinstance(payload, dict) and str(payload.get("phone_code", "")).isdigit():
                return Choice(label, str(payload["phone_code"]), "phone")
        self._refuse("message_shape", f"button {kind} or its payload is invalid")

    def _text(self, text: Any, name: str, limit: int) -> str:
        if not isinstance(text, str) or not text.strip():
            self._refuse("empty_text", f"{name} is empty")
        if length(text) > limit:
            self._refuse("too_long", f"{name} is over the limit", -210, f"{name} has {length(text)} of {limit}")
        return text

    def _list(self, entries: Any, name: str, limit: int) -> list[Json]:
        if not isinstance(entries, list) or not entries or not all(isinstance(one, dict) for one in entries):
            self._refuse("message_shape", f"{name} is invalid")
        if len(entries) > limit:
            self._refuse("too_many", f"{name} is over the limit", -210, f"{name} has {len(entries)} of {limit}")
        return entries

    def _refuse(self, kind: str, message: str, code: int = -201, detail: str = "") -> NoReturn:
        self._journal.fault(kind, detail or message, self._user)
        raise ZaloError(code, message)
