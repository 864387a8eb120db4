"""Messenger's own part: signatures, events, messages and errors."""

import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.channels.delivery import GivenUp, TryAgain
from assistant.channels.gate import Refused
from assistant.channels.layout import Layout
from assistant.channels.messenger import MessengerChannel, refusal
from assistant.channels.refusals import NeedsUs, PersonGone
from assistant.channels.sent import ONLY_WORDS, Sent
from tests.assistant.postbox import SETTINGS

SECRETS = {
    "MESSENGER_PAGE_ID": "PAGE",
    "MESSENGER_APP_ID": "77",
    "MESSENGER_APP_SECRET": "APP_SECRET_EXAMPLE",
    "MESSENGER_VERIFY_TOKEN": "a verify token",
    "MESSENGER_PAGE_TOKEN": "a page token",
}
BODY = b'{"object":"page","entry":[]}'
SIGNED = "sha256=1bdc325784d50116b350ca18bde862a40937c5c52a9753b66a7a800825e62920"
"""A vector: the body, signed with the secret `APP_SECRET_EXAMPLE`."""
pytestmark = pytest.mark.usefixtures("environment")


@pytest.fixture
def channel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MessengerChannel:
    """The channel with its secrets set."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    return MessengerChannel({**SETTINGS, "message_log": f"sqlite:///{tmp_path / 'chat.db'}"})


class Asked:
    """A GET of Meta's."""

    def __init__(self, **args: str) -> None:
        self.args = {f"hub.{name}": value for name, value in args.items()}


def test_the_vector_is_genuine_and_nothing_else_is(channel: MessengerChannel) -> None:
    assert channel.is_genuine(BODY, {"X-Hub-Signature-256": SIGNED})
    assert not channel.is_genuine(BODY + b" ", {"X-Hub-Signature-256": SIGNED})
    sha1 = "sha1=" + hmac.new(b"APP_SECRET_EXAMPLE", BODY, "sha1").hexdigest()
    for headers in (
        {},
        {"X-Hub-Signature": sha1},
        {"X-Hub-Signature-256": sha1},
        {"X-Hub-Signature": SIGNED},
        {"X-Hub-Signature-256": SIGNED[:-1] + "1"},
    ):
        assert not channel.is_genuine(BODY, headers)
    for value in ("", "sha256=", "nosuch=00", "md5=00", SIGNED.removeprefix("sha256="), SIGNED.upper(), "sha256=é"):
        assert not channel.is_genuine(BODY, {"X-Hub-Signature-256": value})


def test_meta_gets_its_challenge_back_for_our_token_only(channel: MessengerChannel) -> None:
    right: dict[str, Any] = {"mode": "subscribe", "verify_token": "a verify token", "challenge": "1158201444"}
    assert channel.confirm(Asked(**right)).body == b"1158201444"
    for wrong in ({"verify_token": "another"}, {"verify_token": ""}, {"mode": "unsubscribe"}):
        with pytest.raises(Refused) as refused:
            channel.confirm(Asked(**{**right, **wrong}))
        assert refused.value.status == 403
    with pytest.raises(Refused):
        channel.confirm(Asked())


def event(at: int = 1, **what: Any) -> dict[str, Any]:
    """Something that happens between a person and the page."""
    return {"sender": {"id": "PSID"}, "recipient": {"id": "PAGE"}, "timestamp": at, **what}


def message(**fields: Any) -> dict[str, Any]:
    """A message of a person's."""
    return event(message={"mid": "m", **fields})


def attached(kind: str, **more: Any) -> dict[str, Any]:
    """A message with one attachment."""
    return message(attachments=[{"type": kind, "payload": {"url": "https://example.com/x"}}], **more)


def read(channel: MessengerChannel, *events: dict[str, Any], slot: str = "messaging") -> list[Sent]:
    """What the channel reads of a batch."""
    return list(channel.read(json.dumps({"object": "page", "entry": [{"id": "PAGE", slot: [one]} for one in events]}).encode()))


ECHO = {"sender": {"id": "PAGE"}, "recipient": {"id": "PSID"}, "timestamp": 1}


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        (message(text="xin chào"), Sent("PSID", "m", "xin chào")),
        (message(text="Có", quick_reply={"payload": "c:1"}), Sent("PSID", "m", "Có", "c:1")),
        (event(postback={"mid": "p", "title": "Bắt đầu", "payload": "GET_STARTED"}), Sent("PSID", "p", comes_in=True)),
        (event(postback={"mid": "p", "title": "Quên mật khẩu", "payload": "menu"}), Sent("PSID", "p", "Quên mật khẩu", "menu")),
        (event(5, postback={"title": "A", "payload": "b"}), Sent("PSID", "PSID:5", "A", "b")),
        (message(sticker_id=3, attachments=[{"type": "image", "payload": {}}]), Sent("PSID", "m", says=ONLY_WORDS)),
        (message(sticker_id=369239343222814, attachments=[{"type": "image", "payload": {}}]), Sent("PSID", "m", "👍")),
        (attached("image"), Sent("PSID", "m", is_picture=True)),
        (attached("file"), Sent("PSID", "m", is_picture=True)),
        (attached("audio"), Sent("PSID", "m", says=ONLY_WORDS)),
        (attached("video"), Sent("PSID", "m", says=ONLY_WORDS)),
        (attached("location"), Sent("PSID", "m", says=ONLY_WORDS)),
        (attached("fallback", text="xem https://x.vn"), Sent("PSID", "m", "xem https://x.vn")),
        (message(is_unsupported=True), Sent("PSID", "m", says=ONLY_WORDS)),
        ({**ECHO, "message": {"mid": "e", "is_echo": True, "text": "a"}}, Sent("PSID", "e", is_human=True)),
        ({**ECHO, "message": {"mid": "e", "is_echo": True, "app_id": 263902037430900}}, Sent("PSID", "e", is_human=True)),
        ({**ECHO, "message": {"mid": "e", "is_echo": True, "app_id": 77, "text": "a"}}, None),
        ({**ECHO, "message": {"mid": "e", "is_echo": True, "app_id": 77, "attachments": [{"type": "image"}]}}, None),
        ({**ECHO, "message": {"mid": "e", "text": "ours"}}, None),
        (message(is_deleted=True), None),
        (event(read={"watermark": 1}), None),
        (event(delivery={"mids": ["m"], "watermark": 1}), None),
        (event(reaction={"mid": "m", "emoji": "❤"}), None),
        (event(message_edit={"mid": "m", "text": "x"}), None),
        (event(referral={"ref": "x"}), None),
        (event(optin={"ref": "x"}), None),
        ({**message(text="x"), "recipient": {"id": "ANOTHER PAGE"}}, None),
    ],
)  # fmt: skip
def test_each_kind_of_event_is_read(channel: MessengerChannel, told: dict[str, Any], sent: Sent | None) -> None:
    assert read(channel, told) == ([] if sent is None else [sent])


@pytest.mark.parametrize("slot", ["standby", "changes"])
def test_what_is_another_apps_is_left_to_it(channel: MessengerChannel, slot: str) -> None:
    assert read(channel, message(text="xin chào"), slot=slot) == []


def test_a_batch_is_read_in_the_order_of_its_timestamps(channel: MessengerChannel) -> None:
    events = [event(at, message={"mid": f"m{at}", "text": str(at)}) for at in (5, 3, 4, 1, 2)]
    assert [one.text for one in read(channel, *events)] == ["1", "2", "3", "4", "5"]


CHOICES = [{"label": "Có", "token": "c:1"}, {"label": "Không", "token": "c:2"}]
REPLIES = [{"content_type": "text", "title": one["label"], "payload": one["token"]} for one in CHOICES]


def test_a_bubble_is_a_text_with_quick_replies_in_a_template_when_it_has_links(channel: MessengerChannel) -> None:
    link = {"label": "Trang", "url": "https://example.com"}
    assert channel.messages(Layout("Chào", [], [])) == [{"text": "Chào"}]
    assert channel.messages(Layout("Chào", CHOICES, [])) == [{"text": "Chào", "quick_replies": REPLIES}]
    [both] = channel.messages(Layout("Chào", CHOICES, [link]))
    assert both["quick_replies"] == REPLIES
    assert both["attachment"]["payload"] == {
        "template_type": "button",
        "text": "Chào",
        "buttons": [{"type": "web_url", "title": "Trang", "url": "https://example.com"}],
    }


def test_of_a_long_text_the_last_part_has_the_buttons(channel: MessengerChannel) -> None:
    first, last = channel.messages(Layout("x" * 1500 + "\n\n" + "y" * 1500, CHOICES, []))
    assert first == {"text": "x" * 1500} and last == {"text": "y" * 1500, "quick_replies": REPLIES}


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        ({"code": 613}, TryAgain), ({"code": 4}, TryAgain), ({"code": 2}, TryAgain),
        ({"code": 1}, TryAgain),
        ({"code": 551, "error_subcode": 1545041}, PersonGone), ({"code": 100, "error_subcode": 2018001}, PersonGone),
        ({"code": 200, "error_subcode": 1545041}, PersonGone),
        ({"code": 10, "error_subcode": 2018278}, GivenUp), ({"code": 100}, GivenUp),
        ({"code": 190, "error_subcode": 463}, NeedsUs), ({"code": 10}, NeedsUs),
        ({"code": 200}, NeedsUs), ({"code": 2500}, NeedsUs),
        ({"code": 100, "type": "GraphMethodException"}, NeedsUs),
        ({"code": 4711}, TryAgain), ({}, TryAgain),
    ],
)  # fmt: skip
def test_an_error_of_graph_means_later_never_nobody_or_us(error: dict[str, Any], meaning: type[Exception]) -> None:
    assert type(refusal(error)) is meaning


def test_graph_host_and_version_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channel: MessengerChannel) -> None:
    assert channel._send_url == "https://graph.facebook.com/v26.0/me/messages"
    monkeypatch.setenv("GRAPH_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("GRAPH_VERSION", "v27.0")
    other = MessengerChannel({**SETTINGS, "message_log": f"sqlite:///{tmp_path / 'other.db'}"})
    assert other._send_url == "http://127.0.0.1:9/v27.0/me/messages"
