"""Zalo's own part: signatures, events, messages and errors."""

import asyncio
import hashlib
import hmac
import json
import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.channels.delivery import GivenUp, TryAgain
from assistant.channels.layout import Layout
from assistant.channels.refusals import NeedsUs, PersonGone
from assistant.channels.sent import ONLY_WORDS, Sent
from assistant.channels.zalo import Refusal, ZaloChannel, meaning
from tests.assistant.postbox import SETTINGS

SECRETS = {
    "ZALO_OA_ID": "388613280878808645",
    "ZALO_APP_ID": "3608465248940903967",
    "ZALO_APP_SECRET": "another secret",
    "ZALO_OA_SECRET": "OA_SECRET_EXAMPLE",
}
OA, USER = SECRETS["ZALO_OA_ID"], "246845883529197922"
BODY = (
    '{"app_id":"3608465248940903967","sender":{"id":"246845883529197922"},"user_id_by_app":"552177279717587730",'
    '"recipient":{"id":"388613280878808645"},"event_name":"user_send_text","message":{"text":"Xin chào",'
    '"msg_id":"96d3cdf3af150460909"},"timestamp":"1790000000000"}'
).encode()
SIGNED = "mac=bf6b1c97cd2492e48e3e539cb9461c2f60438365d2da8deaa9ee4718deab4fd2"
"""A vector: the body, signed with the secret `OA_SECRET_EXAMPLE`."""
pytestmark = pytest.mark.usefixtures("environment")


def opened(folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> ZaloChannel:
    """The channel with its secrets set."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    own = {"tokens": str(folder / "tokens.json"), "template_type": "", "pause_between_bubbles_s": 0}
    return ZaloChannel({**SETTINGS, "message_log": f"sqlite:///{folder / 'chat.db'}", **own, **settings})


@pytest.fixture
def channel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ZaloChannel:
    """The channel with its usual settings."""
    return opened(tmp_path, monkeypatch)


def mac(secret: str, body: bytes = BODY, stamp: str = "1790000000000") -> dict[str, str]:
    """The header over a body."""
    signed = SECRETS["ZALO_APP_ID"].encode() + body + stamp.encode() + secret.encode()
    return {"X-ZEvent-Signature": f"mac={hashlib.sha256(signed).hexdigest()}"}


def test_the_vector_is_genuine_and_nothing_else_is(channel: ZaloChannel) -> None:
    assert channel.is_genuine(BODY, {"X-ZEvent-Signature": SIGNED})
    assert not channel.is_genuine(BODY + b" ", {"X-ZEvent-Signature": SIGNED})
    keyed = hmac.new(b"OA_SECRET_EXAMPLE", SECRETS["ZALO_APP_ID"].encode() + BODY + b"1790000000000", "sha256").hexdigest()
    for value in ("", "mac=", SIGNED.removeprefix("mac="), f"mac={keyed}", SIGNED[:-1] + "3", "mac=é"):
        assert not channel.is_genuine(BODY, {"X-ZEvent-Signature": value})
    assert not channel.is_genuine(BODY, {}) and not channel.is_genuine(BODY, mac("another secret"))


def test_the_time_is_that_of_the_body_and_only_without_it_that_of_the_header(channel: ZaloChannel) -> None:
    secret, late = SECRETS["ZALO_OA_SECRET"], {"X-ZEvent-Timestamp": "1790000000001"}
    assert channel.is_genuine(BODY, {**mac(secret), **late})
    assert not channel.is_genuine(BODY, {**mac(secret, stamp="1790000000001"), **late})
    timeless = b'{"event_name":"follow"}'
    assert channel.is_genuine(timeless, {**mac(secret, timeless, "1790000000001"), **late})
    assert not channel.is_genuine(timeless, late)


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_the_unsigned_probe_is_taken_and_holds_nothing(channel: ZaloChannel, body: bytes) -> None:
    assert channel.is_genuine(body, {}) and list(channel.read(body)) == []


@pytest.mark.parametrize("body", [b" ", b"{ }", b"{}\n", b"[]", b'""', b"null", b'{"a":1}', b"{", b"[" * 50_000, b"\xff"])
def test_nothing_else_is_taken_unsigned(channel: ZaloChannel, body: bytes) -> None:
    assert not channel.is_genuine(body, {})


def event(name: str, **fields: Any) -> dict[str, Any]:
    """An event of a person's."""
    people = {"sender": {"id": USER}, "recipient": {"id": OA}}
    return {"app_id": SECRETS["ZALO_APP_ID"], **people, "event_name": name, "timestamp": "9", **fields}


def sends(kind: str, **message: Any) -> dict[str, Any]:
    """A message of a person's."""
    return event(f"user_send_{kind}", message={"msg_id": "m", **message})


OURS = {"sender": {"id": OA}, "recipient": {"id": USER}, "message": {"msg_id": "e", "text": "a"}}
BY_HAND = {**OURS, "sender": {"id": OA, "admin_id": "7007"}}
WORDLESS = ("sticker", "gif", "audio", "video", "location", "link", "business_card")
LINK = {"type": "link", "payload": {"description": "Một trang", "url": "https://example.com/a"}}
FOLLOWER = {"oa_id": OA, "follower": {"id": USER}}


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        (sends("text", text="xin chào"), Sent(USER, "m", "xin chào")),
        (sends("text", text="#c:abc"), Sent(USER, "m", token="c:abc")),
        (sends("text", text="c:abc"), Sent(USER, "m", "c:abc")),
        (event("user_send_text", message={"text": "a"}), Sent(USER, f"user_send_text:9:{USER}", "a")),
        (sends("image", text="ảnh của tôi"), Sent(USER, "m", "ảnh của tôi", is_picture=True)),
        (sends("photo"), Sent(USER, "m", is_picture=True)),
        (sends("file"), Sent(USER, "m", is_picture=True)),
        *((sends(kind), Sent(USER, "m", says=ONLY_WORDS)) for kind in WORDLESS),
        (sends("link", text="https://example.com"), Sent(USER, "m", "https://example.com")),
        (sends("link", attachments=[LINK]), Sent(USER, "m", "https://example.com/a")),
        (event("follow", **FOLLOWER), Sent(USER, f"follow:9:{USER}", comes_in=True)),
        (event("unfollow", **FOLLOWER), Sent(USER, f"unfollow:9:{USER}", leaves=True)),
        (event("follow", **{**FOLLOWER, "oa_id": "1"}), None),
        (event("oa_send_text", **BY_HAND), Sent(USER, "e", is_human=True)),
        (event("oa_send_image", **BY_HAND), Sent(USER, "e", is_human=True)),
        (event("oa_send_text", **{**BY_HAND, "sender": {"id": "1", "admin_id": "7"}}), None),
        (event("oa_send_text", **OURS), None),
        (event("oa_send_list", **OURS), None),
        (event("user_received_message", **OURS), None),
        (event("user_seen_message", **OURS), None),
        (event("user_reacted_message", message={"msg_id": "x"}), None),
        (event("user_click_button", message={"msg_id": "x"}), None),
        (event("anonymous_send_text", message={"msg_id": "x", "text": "a"}), None),
        (event("user_submit_info", info={"name": "A"}), None),
        (event("add_user_to_tag", user_ids=[USER]), None),
        ({**sends("text", text="a"), "recipient": {"id": "another"}}, None),
    ],
)  # fmt: skip
def test_each_kind_of_event_is_read(channel: ZaloChannel, told: dict[str, Any], sent: Sent | None) -> None:
    assert list(channel.read(json.dumps(told).encode())) == ([] if sent is None else [sent])


CHOICES = [{"label": "Quên mật khẩu", "token": "c:1"}]
LINKS = [{"label": "Gọi 1900 9068", "url": "tel:19009068"}, {"label": "Gọi 024", "url": "tel:02437899999"}]


def test_buttons_are_hidden_queries_addresses_and_numbers(channel: ZaloChannel) -> None:
    page = {"label": "Trang", "url": "https://example.com"}
    assert channel.messages(Layout("Chào", [], [])) == [{"text": "Chào"}]
    [message] = channel.messages(Layout("Chào", CHOICES, [*LINKS, page]))
    assert message["attachment"]["payload"] == {
        "buttons": [
            {"title": "Quên mật khẩu", "type": "oa.query.hide", "payload": "#c:1"},
            {"title": "Gọi 1900 9068", "type": "oa.open.phone", "payload": {"phone_code": "8419009068"}},
            {"title": "Gọi 024", "type": "oa.open.phone", "payload": {"phone_code": "842437899999"}},
            {"title": "Trang", "type": "oa.open.url", "payload": {"url": "https://example.com"}},
        ]
    }
    first, last = channel.messages(Layout("x" * 1500 + "\n\n" + "y" * 1500, CHOICES, []))
    assert first == {"text": "x" * 1500} and last["text"] == "y" * 1500 and last["attachment"]


def test_the_shape_of_buttons_and_the_hosts_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZALO_API_URL", "http://127.0.0.1:9/")
    channel = opened(tmp_path, monkeypatch, template_type="button")
    assert channel.messages(Layout("a", CHOICES, []))[0]["attachment"]["payload"]["template_type"] == "button"
    assert channel._send_url == "http://127.0.0.1:9/v3.0/oa/message/cs"
    assert channel._oauth_url == "https://oauth.zaloapp.com/v4/oa/access_token"


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ((-213, -217, -244), PersonGone),
        ((-201, -210, -211, -218, -227, -230, -232, -233, -248), GivenUp),
        ((-209, -212, -216, -219, -220, -221, -223, -224, -240, -242, -320, -321), NeedsUs),
        ((-32, -200, -999, 7), TryAgain),
    ],
)
def test_an_error_of_zalo_means_later_never_nobody_or_us(codes: tuple[int, ...], kind: type[Exception]) -> None:
    assert {type(meaning(code)) for code in codes} == {kind}


def test_where_buttons_are_refused_and_text_is_not_choices_are_numbered_from_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    channel = opened(tmp_path, monkeypatch)
    shown = {"seq": 1, "text": "Chào", "choices": CHOICES, "links": []}
    taken: list[dict[str, Any]] = []
    answers = [-201, -201, -201, 0, 0]

    async def call(body: dict[str, Any], token: str) -> None:
        taken.append(body["message"])
        if code := answers.pop(0):
            raise Refusal(code)

    monkeypatch.setattr(channel, "_call", call)
    monkeypatch.setattr(channel._tokens, "access", lambda: "t")
    domain = SimpleNamespace(responses={"utter_answer_by_number": [{"text": "Chọn số:"}]})
    channel._conversations._turns.agent = SimpleNamespace(domain=domain)
    conversation = channel._log.sessions.held_by("zalo", USER).conversation

    async def story() -> None:
        with pytest.raises(GivenUp):  # nothing at all is taken for this person
            await channel.send(conversation, shown)
        assert not channel.is_numbered(shown)
        await channel.send(conversation, shown)
        assert channel.is_numbered(shown)
        await channel.send(conversation, shown)

    with caplog.at_level(logging.ERROR):
        asyncio.run(story())
    assert ["attachment" in one for one in taken] == [True, False, True, False, False]
    assert taken[-1]["text"] == "Chào\n\nChọn số:\n1. Quên mật khẩu"
    assert [one.getMessage() for one in caplog.records if "template_type" in one.getMessage()] != []
