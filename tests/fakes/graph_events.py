"""What Messenger writes about what people do: one entry of `messaging`, `standby` or `changes` each."""

from typing import Any

from tests.fakes.provider import Impossible, Json

MESSAGES = ("text", "quick_reply", "sticker", "like", "image", "audio", "video", "file", "location", "unsupported", "standby")
"""Kinds that carry a `message` of the person's."""
SHOWN = (*MESSAGES, "postback", "human", "referral")
"""Kinds that the chat shows."""
OPENS_WINDOW = (*MESSAGES, "postback")
"""What begins the 24 hours anew."""

INBOX_APP = 263902037430900
"""The app id that echoes from the page's own inbox carry in reality, as far as remembered; sent only when a test asks for it."""


def body(kind: str, ids: dict[str, str], at_ms: int, fields: Json, url: str) -> Json:
    """Return an event; `ids` has the person as `user`, the `page`, and a new `mid`; `url` is a file of the person's."""
    person, page = {"id": ids["user"]}, {"id": ids["page"]}
    head: Json = {"sender": person, "recipient": page, "timestamp": at_ms}
    if kind in MESSAGES:
        return {**head, "message": {"mid": ids["mid"], **_message(kind, fields, url)}}
    match kind:
        case "postback":
            postback = {"mid": ids["mid"], "title": fields.get("title", ""), "payload": fields.get("payload", "")}
            referral = {"referral": fields["referral"]} if "referral" in fields else {}
            return {**head, "postback": {**postback, **referral}}
        case "referral":
            return {**head, "referral": {"ref": fields.get("ref", "qr1"), "source": "SHORTLINK", "type": "OPEN_THREAD"}}
        case "reaction":
            reaction = {"mid": fields.get("mid", ""), "action": "react", "reaction": "love", "emoji": "❤"}
            return {**head, "reaction": reaction}
        case "read":
            return {**head, "read": {"watermark": fields.get("watermark", at_ms)}}
        case "delivery":
            return {**head, "delivery": {"mids": fields.get("mids", []), "watermark": fields.get("watermark", at_ms)}}
        case "edit":
            return {**head, "message_edit": {"mid": fields.get("mid", ""), "text": fields.get("text", ""), "num_edit": 1}}
        case "human" | "echo":
            given = {name: fields[name] for name in ("app_id", "text", "attachments") if fields.get(name)}
            message = {"mid": ids["mid"], "is_echo": True, **given}
            return {"sender": page, "recipient": person, "timestamp": at_ms, "message": message}
        case "changes":
            return {"field": fields.get("field", "feed"), "value": fields.get("value", {"item": "status", "verb": "add"})}
        case "raw":
            return dict(fields.get("event", {}))
    raise Impossible(f"Messenger knows no {kind!r}")


def _message(kind: str, fields: Json, url: str) -> Json:
    match kind:
        case "text" | "standby":
            return {"text": fields.get("text", "")}
        case "quick_reply":
            return {"text": fields.get("text", ""), "quick_reply": {"payload": fields.get("payload", "")}}
        case "sticker" | "like":
            sticker = 369239263222822 if kind == "like" else 184571475493841
            return {"sticker_id": sticker, "attachments": [_attachment("image", {"url": url, "sticker_id": sticker})]}
        case "location":
            where = {"lat": fields.get("lat", 10.76), "long": fields.get("long", 106.65)}
            return {"attachments": [{"type": "location", "title": "Vị trí", "payload": {"coordinates": where}}]}
        case "unsupported":
            return {"is_unsupported": True}
    return {"attachments": [_attachment(kind, {"url": url}) for _ in range(int(fields.get("count", 1)))]}


def _attachment(kind: str, payload: Json) -> dict[str, Any]:
    return {"type": kind, "payload": payload}
