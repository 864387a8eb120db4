"""No personal value is written down: one of every kind goes through a whole reset, then everything is searched."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.programs import Chat, Programs

ACCOUNT = {
    "bhxh_code": "8143650927",
    "personal_id": "001185073946",
    "phone": "0978264513",
    "email": "canary.tweety@example.com",
    "full_name": "Vũ Thị Kim Hoàng Yến",
    "dob": "1985-07-23",
}
TYPED_PASSWORD = "Tweety#5582sing"
VOUCHER = base64.b64encode(b'{"channel":"web').decode()
"""How every voucher of the web channel begins: with it and the service credential one could speak as a person."""


def played_through(programs: Programs, open_chat: Callable[..., Chat]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Play a reset in which somebody tells far too much; return the secrets and what the bot said."""
    programs.new_account(**ACCOUNT)
    chat = open_chat()
    chat.say("Tôi là Vũ Thị Kim Hoàng Yến, sinh ngày 23/07/1985, tôi quên mật khẩu")
    chat.say("mat khau cu cua toi la " + TYPED_PASSWORD)
    chat.say("cccd 001185073946, sdt 0978 264 513")
    chat.say("à không, mã số bhxh là 8143650927 còn tên vu thi kim hoang yen")
    chat.say("email canary.tweety@example.com")
    chat.say("tám một bốn ba sáu năm không chín hai bảy")
    chat.say("mã 814/365/0927 hay 814,365,0927, mail canary.tweety@examplecom, sinh 23 tháng 7 năm 1985")
    programs.advance(61)
    chat.say("chưa nhận được mã")
    otp = programs.otp(ACCOUNT["email"])
    chat.say("mã là " + " ".join(otp))
    body = next(mail["body"] for mail in programs.outbox() if mail["to"] == ACCOUNT["email"] and "/account/login" in mail["body"])
    password = body.split("\n\n")[1].strip()
    with programs.without("backend"):
        chat.say("quên mật khẩu 8143650927 canary.tweety@example.com")
    with programs.without("actions"):
        chat.say("mã 8143650927, otp " + otp)
    assert len(programs.account(ACCOUNT["bhxh_code"])["audit"]) == 1, "the reset this test searches for did not happen"
    secrets = {**ACCOUNT, "otp": otp, "temporary password": password, "typed password": TYPED_PASSWORD, "voucher": VOUCHER}
    return secrets, chat.bubbles


def spellings(kind: str, value: str) -> set[bytes]:
    """Return how a value may stand in a file: plain, JSON-escaped, without accents, as it was typed."""
    forms = {value, json.dumps(value)[1:-1], value.lower()}
    if kind == "full_name":
        forms |= {"vu thi kim hoang yen", "Hoàng Yến", json.dumps("Hoàng Yến")[1:-1]}
    if kind == "dob":
        forms |= {"23/07/1985", "23 tháng 7"}
    if kind == "phone":
        forms |= {"0978 264 513", "+84978264513"}
    if kind == "otp":
        forms |= {" ".join(value)}
    if kind == "bhxh_code":
        forms |= {"tám một bốn ba sáu năm không chín hai bảy", json.dumps("tám một bốn ba")[1:-1]}
        forms |= {"814/365/0927", "814,365,0927"}
    if kind == "email":
        forms |= {"canary.tweety"}
    return {form.encode() for form in forms}


def written_files(var: Path) -> Iterator[Path]:
    """Every file below `var` but the backend's own database, whose fields are its business."""
    return (path for path in sorted(var.rglob("*")) if path.is_file() and not path.name.startswith("backend.db"))


def leaks(secrets: dict[str, str], contents: dict[str, bytes]) -> list[str]:
    """Return "kind in place" for every secret found."""
    return [
        f"{kind} in {place}"
        for place, content in contents.items()
        for kind, value in secrets.items()
        if any(form in content for form in spellings(kind, value))
    ]


def test_nothing_personal_is_written_down_or_said(programs: Programs, open_chat: Callable[..., Chat]) -> None:
    """Logs, tracker database, message log (with their write-ahead files) and bot messages."""
    secrets, bubbles = played_through(programs, open_chat)
    contents = {str(path.relative_to(programs.var)): path.read_bytes() for path in written_files(programs.var)}
    assert {"tracker.db", "chat.db", "log/rasa.log", "log/actions.log", "log/backend.log"} <= contents.keys()
    assert b"forgot_password_form" in contents["tracker.db"] + contents.get("tracker.db-wal", b""), (
        "the search sees what is written"
    )
    contents["bot messages"] = json.dumps(bubbles, ensure_ascii=False).encode()
    assert leaks(secrets, contents) == []


def test_the_search_finds_what_is_there() -> None:
    """A search that cannot fail would prove nothing."""
    for kind, value in {**ACCOUNT, "otp": "123456"}.items():
        for form in spellings(kind, value):
            assert leaks({kind: value}, {"file": b"before " + form + b" after"}) == [f"{kind} in file"]
