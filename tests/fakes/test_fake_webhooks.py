"""Deadlines, repeats, batches and forgeries of what the fakes send to our channel."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.fakes_kit import Stage, messenger, zalo
from tests.fakes.webhooks import MESSENGER_RETRIES_S, ZALO_RETRIES_S


def entries(request: Any) -> list[dict[str, Any]]:
    """Return the entries of one of Messenger's POSTs."""
    return list(json.loads(request.read())["entry"])


@pytest.fixture(scope="module")
def of_messenger() -> Iterator[Stage]:
    """One fake Messenger for all kinds of events."""
    with messenger() as stage:
        yield stage


@pytest.fixture(scope="module")
def of_zalo() -> Iterator[Stage]:
    """One fake Zalo for all kinds of events."""
    with zalo() as stage:
        yield stage


def passes(stage: Stage, pauses_s: tuple[float, ...]) -> None:
    """Let the pauses pass, each to the last second, and see that the repeat comes then and not earlier."""
    for number, pause_s in enumerate(pauses_s, 1):
        stage.do("advance", seconds=pause_s - 1)
        stage.see("people")
        assert len(stage.channel.requests) == number
        stage.do("advance", seconds=1)
        stage.told(number + 1)


def test_zalo_sends_again_at_its_intervals_and_counts_then_switches_off() -> None:
    with zalo() as stage:
        stage.channel.statuses = [500] * 6
        stage.do("say", user="U", text="a")
        passes(stage, (30, 300, 900, 1800, 3600))
        assert ZALO_RETRIES_S == (30, 300, 900, 1800, 3600)
        requests = stage.channel.requests
        assert [request.headers.get("num_retry") for request in requests] == [None, "1", "2", "3", "4", "5"]
        assert len({request.read() for request in requests}) == 1
        while stage.see("webhooks")["under_way"]:
            pass
        assert stage.see("webhooks")["on"] is False
        assert stage.faults() == ["webhook_not_200"] * 6 + ["webhook_switched_off"]
        assert stage.do("say", user="U", text="b")["posts"][0]["state"] == "off"
        assert stage.do("verify")["verified"]
        assert stage.do("say", user="U", text="c")["posts"][0]["state"] == "taken"


def test_messenger_sends_again_for_about_an_hour() -> None:
    assert 3600 <= sum(MESSENGER_RETRIES_S) < 4000
    with messenger() as stage:
        stage.channel.statuses = [503, None]
        stage.do("say", user="U", text="a")
        passes(stage, MESSENGER_RETRIES_S[:2])
        while stage.see("webhooks")["under_way"]:
            pass
        assert [attempt["status"] for attempt in stage.items()[0]["webhooks"]] == [503, None, 200]
        assert stage.faults() == ["webhook_not_200", "webhook_late"]


def test_an_answer_after_the_deadline_is_late() -> None:
    with zalo() as stage:
        stage.channel.statuses = [None]
        post = stage.do("say", user="U", text="a")["posts"][0]
        assert post["state"] == "waiting" and post["attempts"][0]["status"] is None
        assert stage.faults() == ["webhook_late"]


def test_several_events_share_a_post_in_several_entries() -> None:
    with messenger() as stage:
        events = [{"user": f"U{number % 3}", "text": f"t{number}"} for number in range(20)]
        told = stage.do("batch", events=events, per_post=10, duplicates=0.3, shuffle=True)
        assert (told["genuine"], told["duplicates"], len(told["posts"])) == (20, 6, 3)
        requests = stage.told(3)
        assert any(len(entries(request)) > 1 for request in requests)
        assert any(len(entry["messaging"]) > 1 for request in requests for entry in entries(request))
        got = [one["message"]["text"] for request in requests for entry in entries(request) for one in entry["messaging"]]
        assert len(got) == 26 and sorted(set(got)) == sorted(f"t{number}" for number in range(20))
        assert got[:20] != [f"t{number}" for number in range(20)]
        assert [item["text"] for item in stage.items("U0")] == [f"t{number}" for number in range(0, 20, 3)]


@pytest.mark.parametrize("provider", [messenger, zalo])
def test_forged_events_are_not_the_persons_and_must_be_refused(provider: Any) -> None:
    with provider() as stage:
        stage.channel.statuses = [403] * 7 + [200]
        told = stage.do("batch", events=[{"user": "U", "text": "x", "forged": "secret"}] * 2, forged=6, at_once=1)
        assert (told["genuine"], told["forged"]) == (0, 8)
        assert stage.faults() == ["forged_taken"]
        assert stage.items() == []
        signatures = [
            request.headers.get("X-Hub-Signature-256") or request.headers.get("X-ZEvent-Signature") for request in stage.told(8)
        ]
        assert None in signatures and len(set(signatures)) >= 5


def test_zalo_sends_no_batches() -> None:
    with zalo() as stage:
        stage.do("batch", events=[{"user": "U", "text": "a", "times": 2}, {"user": "U", "kind": "image"}], per_post=10)
        names = [json.loads(request.read())["event_name"] for request in stage.told(3)]
        assert names == ["user_send_text", "user_send_text", "user_send_image"]


def test_messenger_verifies_with_a_right_and_a_wrong_token() -> None:
    with messenger() as stage:
        told = stage.do("verify")
        assert told["verified"] and stage.faults() == ["wrong_verify_token_taken"]
        query = stage.channel.requests[0].url.params
        assert query["hub.mode"] == "subscribe" and query["hub.verify_token"] and query["hub.challenge"]


def test_zalo_probes_with_an_unsigned_empty_object() -> None:
    with zalo() as stage:
        stage.channel.statuses = [403]
        assert not stage.do("verify")["verified"]
        assert stage.do("verify")["verified"]
        assert [request.read() for request in stage.channel.requests] == [b"{}", b"{}"]
        assert "X-ZEvent-Signature" not in stage.channel.requests[0].headers


@pytest.mark.parametrize(
    "kind", "text sticker like image file audio video location get_started read standby changes unsupported".split()
)
def test_messenger_has_every_kind_of_event(of_messenger: Stage, kind: str) -> None:
    stage = of_messenger.anew()
    stage.do("event", user="U", kind=kind)
    [entry] = entries(stage.told(1)[0])
    assert entry["id"] == stage.provider.about()["settings"]["MESSENGER_PAGE_ID"]
    assert (kind if kind in ("standby", "changes") else "messaging") in entry


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("image", "user_send_image"),
        ("file", "user_send_file"),
        ("sticker", "user_send_sticker"),
        ("location", "user_send_location"),
        ("follow", "follow"),
        ("unfollow", "unfollow"),
        ("seen", "user_seen_message"),
        ("submit_info", "user_submit_info"),
        ("anonymous", "anonymous_send_text"),
        ("tag", "add_user_to_tag"),
        ("human", "oa_send_text"),
        ("human_image", "oa_send_image"),
    ],
)
def test_zalo_has_every_kind_of_event(of_zalo: Stage, kind: str, name: str) -> None:
    stage = of_zalo.anew()
    stage.do("event", user="U", kind=kind)
    body = json.loads(stage.told(1)[0].read())
    assert body["event_name"] == name and isinstance(body["timestamp"], str)
    assert ("admin_id" in body.get("sender", {})) == kind.startswith("human")


def test_a_human_of_the_page_has_no_app_id_of_ours_and_an_unknown_kind_is_refused() -> None:
    with messenger() as stage:
        stage.do("event", user="U", kind="human", text="Tôi là nhân viên")
        message = entries(stage.told(1)[0])[0]["messaging"][0]["message"]
        assert message["is_echo"] and "app_id" not in message
        assert stage.items()[0]["from"] == "human"
        assert stage.http.post("/fake/event", json={"user": "U", "kind": "nonsense"}).status_code == 409
