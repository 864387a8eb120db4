"""What Zalo writes about what people do: one JSON object each; ids and times are strings."""

from typing import Any

from tests.fakes.provider import Impossible, Json

MESSAGES = ("text", "link", "image", "gif", "sticker", "audio", "video", "file", "location", "business_card")
"""Kinds that arrive as `user_send_<kind>`, are shown, and begin the 48 hours anew."""
SHOWN = (*MESSAGES, "follow", "unfollow", "submit_info", "human", "human_image")
OPENS_WINDOW = (*MESSAGES, "follow", "submit_info", "click_button")
"""That a follow counts as a person's interaction is from memory."""

MARKS = {
    "received": "user_received_message",
    "seen": "user_seen_message",
    "echo": "oa_send_text",
    "echo_list": "oa_send_list",
    "human": "oa_send_text",
    "human_image": "oa_send_image",
}
"""Events whose sender is the account."""


def body(kind: str, ids: dict[str, str], at_ms: int, fields: Json, url: str) -> Json:
    """Return an event; `ids` has the person as `user`, the account as `oa`, the `app` and a new `msg`; `url` is a file."""
    user, oa = {"id": ids["user"]}, {"id": ids["oa"]}
    app: Json = {"app_id": ids["app"]}
    by_app = {"user_id_by_app": ids["by_app"]}
    end = {"timestamp": str(at_ms)}
    towards = {"sender": user, **by_app, "recipient": oa}
    if kind in MESSAGES:
        return {**app, **towards, "event_name": f"user_send_{kind}", "message": _message(kind, ids["msg"], fields, url), **end}
    if kind in MARKS:
        sender = {**oa, "admin_id": str(fields.get("admin_id", "7007"))} if kind.startswith("human") else oa
        message = _mark(kind, ids["msg"], fields, url)
        return {**app, "sender": sender, "recipient": user, **by_app, "event_name": MARKS[kind], "message": message, **end}
    match kind:
        case "follow" | "unfollow":
            return {**app, "oa_id": ids["oa"], "follower": user, **by_app, "event_name": kind, "source": "oa_profile", **end}
        case "submit_info":
            address = {"user_city": "Hà Nội", "user_ward": "Ba Đình", "user_address": "1 Đường Mẫu"}
            info = {
                "name": "Nguyễn Thị Lan",
                "phone": "84900000001",
                "user_dob": "14/05/1990",
                "gender": "Nữ",
                "full_address": address,
            }
            return {
                **app,
                "sender": user,
                "recipient": oa,
                "event_name": "user_submit_info",
                "info": fields.get("info", info),
                **end,
            }
        case "anonymous":
            message = {"text": fields.get("text", ""), "msg_id": ids["msg"], "conversation_id": "c1"}
            return {**app, **towards, "event_name": "anonymous_send_text", "message": message, **end}
        case "click_button" | "click_link":
            return {**app, **towards, "event_name": f"user_{kind}", "message": {"msg_id": ids["msg"]}, **end}
        case "reacted":
            message = {"msg_id": fields.get("msg_id", ""), "react_icon": "/-heart"}
            return {**app, **towards, "event_name": "user_reacted_message", "message": message, **end}
        case "tag":
            return {
                **app,
                "oa_id": ids["oa"],
                "event_name": "add_user_to_tag",
                "tag": {"name": "a"},
                "user_ids": [ids["user"]],
                **end,
            }
        case "raw":
            return dict(fields.get("event", {}))
    raise Impossible(f"Zalo knows no {kind!r}")


def _mark(kind: str, msg_id: str, fields: Json, url: str) -> Json:
    message: Json = {"msg_id": msg_id}
    if kind == "human_image":
        return {**message, "attachments": [_attachment("image", {"thumbnail": url, "url": url})]}
    if kind in ("received", "seen"):
        return {"msg_ids": fields["msg_ids"]} if "msg_ids" in fields else message
    return {**message, "text": fields.get("text", "")}


def _message(kind: str, msg_id: str, fields: Json, url: str) -> Json:
    message: Json = {"msg_id": msg_id}
    if "text" in fields:
        message = {"text": fields["text"], **message}
    if kind == "text":
        return {"text": "", **message}
    return {**message, "attachments": [_attached(kind, fields, url)]}


def _attached(kind: str, fields: Json, url: str) -> Json:
    match kind:
        case "location":
            where = {"latitude": str(fields.get("lat", "10.76")), "longitude": str(fields.get("long", "106.65"))}
            return _attachment(kind, {"coordinates": where})
        case "file":
            name = fields.get("name", "to_khai.docx")
            file = {"size": "233947", "name": name, "checksum": "db8f00", "type": name.rpartition(".")[2]}
            return _attachment(kind, {**file, "url": url})
        case "sticker":
            return _attachment(kind, {"id": "bfe458bf64fa8da4d4eb", "url": url})
        case "link":
            link = fields.get("url", "https://example.com/")
            return _attachment(kind, {"thumbnail": url, "description": "Một trang", "url": link})
        case "business_card":
            return _attachment("link", {"thumbnail": url, "description": '{"phone":"84900000001"}', "url": url})
    return _attachment(kind, {"thumbnail": url, "url": url})


def _attachment(kind: str, payload: dict[str, Any]) -> Json:
    return {"type": kind, "payload": payload}
