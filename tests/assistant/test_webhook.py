"""A channel with a provider: a real agent, real stores, real HTTP to a provider; it posts to us as to an ASGI application."""

import asyncio
import logging
from pathlib import Path

import pytest
from rasa.core.agent import Agent

from tests.assistant.action_server import FORGOT, VALIDATE
from tests.assistant.postbox import AT_MOST_S, Street, played, said

pytestmark = pytest.mark.usefixtures("environment")


def test_a_message_is_accepted_at_once_and_answered_to_whom_it_came_from(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        there.actions.held = VALIDATE
        assert await there.post(said("lan", 1, FORGOT), said("mai", 2, "xin chào")) == 200
        await asyncio.wait_for(there.actions.waits.wait(), AT_MOST_S)
        assert not [one for one in there.taken if one["to"] == "lan"], "accepted long before it was answered"
        there.actions.goes_on.set()
        assert await there.told("lan", 1) and await there.told("mai", 1)

    played(agent, tmp_path, story)


def test_what_the_provider_did_not_sign_is_refused_and_nothing_of_it_is_kept(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        assert await there.post(said("lan", 1, "xin chào"), forged=True) == 403
        assert await there.post(said("lan", 2, "xin chào")) == 200
        assert len(await there.told("lan", 1)) == 1

    played(agent, tmp_path, story)


def test_a_repeat_is_answered_once_in_the_same_request_or_later_or_after_the_session(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        once = said("lan", 1, "xin chào")
        assert await there.post(once, once) == 200
        first = await there.told("lan", 1)
        assert await there.post(once) == 200
        there.channel._clock._offset_s += 31 * 60  # the session is over, and the provider tries for an hour
        assert await there.post(once) == 200
        await there.quiet()
        assert await there.told("lan", 1) == first

    played(agent, tmp_path, story)


def test_messages_of_one_person_are_answered_in_order(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        events = [said("lan", number, text) for number, text in enumerate(["xin chào", "cảm ơn", "tạm biệt"])]
        assert await there.post(*events) == 200
        apart = [(await there.post(said(f"p{number}", 10 + number, one["text"])), one) for number, one in enumerate(events)]
        assert all(status == 200 for status, _ in apart)
        await there.quiet()
        alone = [text for number in range(3) for text in await there.told(f"p{number}", 1)]
        assert [text[:12] for text in await there.told("lan", 3)] == [text[:12] for text in alone]

    played(agent, tmp_path, story)


def test_a_choice_comes_back_as_its_token_and_an_old_one_says_so(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        await there.post(said("lan", 1, "", comes_in=True))
        await there.told("lan", 1)
        choices = there.taken[-1]["choices"]
        await there.post(said("lan", 2, "", token=choices[0]["token"]))
        await there.told("lan", 2)
        user = [
            one["text"] for one in there.channel._log.messages(there.channel._log.sessions.held_by("postbox", "lan").conversation)
        ]
        assert choices[0]["label"] in user
        await there.post(said("mai", 3, "", token=choices[0]["token"]), said("mai", 4, "Không có", token="c:x"))
        texts = await there.told("mai", 2)
        assert texts[0].startswith("Lựa chọn này"), "offered to somebody else"
        assert not texts[1].startswith("Lựa chọn này"), "an old one with a label is what the label says"

    played(agent, tmp_path, story)


def test_a_picture_a_long_text_and_a_slash_are_what_they_are(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        await there.post(said("lan", 1, "", says="utter_message_lost"), said("lan", 2, "a" * 1001), said("lan", 3, "/restart"))
        texts = await there.told("lan", 3)
        assert texts[0].startswith("Tôi vừa khởi động lại") and "dài quá" in texts[1]
        assert ("action_restart", "/restart") not in there.actions.heard and RESTARTED not in texts[2]

    played(agent, tmp_path, story)


RESTARTED = "bắt đầu lại từ đầu"


def test_who_writes_too_much_is_told_once_and_the_rest_is_answered(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        assert await there.post(*(said("lan", number, "xin chào") for number in range(9))) == 200
        assert await there.post(said("mai", 100, "xin chào")) == 200
        await there.quiet()
        texts = await there.told("lan", 4)
        assert len([one for one in texts if "quá nhanh" in one]) == 1 and len(texts) == 4
        assert "quá nhanh" not in (await there.told("mai", 1))[0]

    played(agent, tmp_path, story, messages_per_minute=3)


def test_genuine_nonsense_is_taken_lest_it_be_repeated_for_ever(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        for body in (b"", b"{", b"[]", b'{"events": 5}', b'{"events": [{"holder": "lan"}]}', b"\xff"):
            assert await there.post(body=body) == 200, "it would be repeated for ever"
        assert there.taken == []

    played(agent, tmp_path, story)


def test_while_the_store_is_away_the_provider_is_asked_to_repeat(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        database, away = tmp_path / "chat.db", tmp_path / "away.db"
        database.rename(away)
        assert await there.post(said("lan", 1, "xin chào")) == 503
        away.rename(database)
        assert await there.post(said("lan", 1, "xin chào")) == 200
        assert len(await there.told("lan", 1)) == 1

    played(agent, tmp_path, story)


def test_a_provider_that_is_away_gets_the_bubble_later(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        there.refuses = 1
        await there.post(said("lan", 1, "xin chào"))
        assert len(await there.told("lan", 1)) == 1 and there.channel._delivery.repeated == 1

    played(agent, tmp_path, story)


def test_after_a_crash_what_was_kept_is_answered_and_what_was_written_is_sent(agent: Agent, tmp_path: Path) -> None:
    async def breaks(there: Street) -> None:
        there.refuses = 1000
        await there.post(said("lan", 1, "xin chào"))
        while not there.channel._log.deliveries.waiting("postbox"):
            await asyncio.sleep(0.01)
        there.actions.held = VALIDATE
        await there.post(said("mai", 2, FORGOT))
        await asyncio.wait_for(there.actions.waits.wait(), AT_MOST_S)
        for worker in there.channel._conversations._workers.values():
            worker.cancel()  # as the process's end would

    async def goes_on(there: Street) -> None:
        assert len(await there.told("lan", 1)) == 1
        assert len(await there.told("mai", 1)) == 1

    played(agent, tmp_path, breaks)
    played(agent, tmp_path, goes_on)


def test_nothing_outside_the_sealed_column_says_who_it_is_with(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        await there.post(said("0912345678-lan", 1, "xin chào"))
        await there.told("0912345678-lan", 1)

    played(agent, tmp_path, story)
    for file in tmp_path.iterdir():
        assert b"0912345678-lan" not in file.read_bytes(), file.name


def test_without_its_secret_a_channel_is_off_and_says_so(
    agent: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("POSTBOX_SECRET")

    async def story(there: Street) -> None:
        assert await there.post(said("lan", 1, "xin chào")) == 404

    with caplog.at_level(logging.WARNING):
        played(agent, tmp_path, story)
    assert "the channel postbox is off: POSTBOX_SECRET is not set" in caplog.text
