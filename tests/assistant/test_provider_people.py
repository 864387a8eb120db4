"""People at a provider: numbers for choices, pictures, human agents, people who leave, and bubbles a provider refuses."""

import asyncio
import base64
import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent

from assistant.channels.delivery import MOST_TRIES
from assistant.stores.message_log import Bubble
from tests.assistant.action_server import FORGOT, RESTART, VALIDATE
from tests.assistant.postbox import SETTINGS, Postbox, Street, played, said

pytestmark = pytest.mark.usefixtures("environment")
NUMBERED = {"choices": 0}
"""A provider that has room for no button."""
HAND = {"is_human": True}


def holds(there: Street, holder: str = "lan") -> str:
    """The conversation with somebody."""
    return there.channel._log.sessions.held_by("postbox", holder).conversation


def said_by(there: Street, holder: str = "lan") -> list[str]:
    """What the log has of a person's own messages."""
    return [one["text"] for one in there.channel._log.messages(holds(there, holder)) if one["from"] == "user"]


def passes(there: Street, minutes: float) -> None:
    """Let time pass."""
    there.channel._clock._offset_s += minutes * 60


def test_a_number_names_a_choice_of_the_list_that_was_just_shown_and_only_of_that(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        await there.post(said("lan", 1, "", comes_in=True))
        [greeting] = await there.told("lan", 1)
        assert "\n\nBạn trả lời bằng số:\n1. Quên mật khẩu\n2. " in greeting
        await there.post(said("lan", 2, "7"))
        await there.told("lan", 2)
        assert said_by(there)[-1] == "7", "beyond the list it is a text"
        await there.post(said("lan", 3, "", comes_in=True))
        await there.told("lan", 3)
        await there.post(said("lan", 4, "Số 4"))
        await there.told("lan", 4)
        assert said_by(there)[-1] == "Gặp tư vấn viên"
        await there.post(said("lan", 5, "4"))
        await there.told("lan", 5)
        assert said_by(there)[-1] == "4", "what was said since then offers nothing"

    played(agent, tmp_path, story, **NUMBERED)


def test_a_number_is_a_number_where_the_choices_were_buttons(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        await there.post(said("lan", 1, "", comes_in=True))
        assert "1." not in (await there.told("lan", 1))[0]
        await there.post(said("lan", 2, "1"))
        await there.told("lan", 2)
        assert said_by(there)[-1] == "1"

    played(agent, tmp_path, story)


def test_the_sentence_above_the_numbers_is_in_the_persons_language(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        await there.post(said("lan", 1, "Hello, good morning to you"))
        assert "Answer with a number:\n1. " in (await there.told("lan", 1))[0]

    played(agent, tmp_path, story, **NUMBERED)


def test_a_picture_is_refused_and_at_the_photos_the_link_is_named(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        await there.post(said("lan", 1, "", is_picture=True))
        assert "tôi không nhận ảnh và tệp" in (await there.told("lan", 1))[0]
        there.channel._log.add_bot(holds(there), Bubble("Giờ cần 3 ảnh", input="photo"))
        await there.post(said("lan", 2, "", is_picture=True), said("lan", 3, "", is_picture=True))
        texts = await there.told("lan", 4)
        assert ["“Gửi ảnh” tôi đã đưa" in text for text in texts[-2:]] == [True, True], "also for the second of three"

    played(agent, tmp_path, story)


def test_while_a_human_writes_the_bot_keeps_quiet_over_a_restart_and_then_answers_again(agent: Agent, tmp_path: Path) -> None:
    async def taken_over(there: Street) -> None:
        await there.post(said("lan", 1, "xin chào"))
        await there.told("lan", 1)
        assert await there.post(said("lan", 2, "", **HAND)) == 200
        await there.post(said("lan", 3, "cảm ơn"), said("mai", 4, "xin chào"))
        assert len(await there.told("mai", 1)) == 1 and len(await there.told("lan", 1)) == 1
        assert said_by(there) == ["xin chào"], "not even thought about: a turn has effects"

    async def goes_on(there: Street) -> None:
        await there.post(said("lan", 5, "cảm ơn nhé"))
        await there.quiet()
        assert there.taken == []
        passes(there, 31)
        await there.post(said("lan", 3, "cảm ơn"))
        await there.quiet()
        assert there.taken == [], "what the human has answered is not answered again when the provider repeats it"
        await there.post(said("lan", 6, "xin chào"))
        assert len(await there.told("lan", 1)) == 1

    played(agent, tmp_path, taken_over)
    played(agent, tmp_path, goes_on)


def test_a_takeover_is_counted_from_the_humans_last_word_and_its_repeat_counts_for_nothing(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        await there.post(said("lan", 1, "", **HAND))
        passes(there, 20)
        await there.post(said("lan", 2, "", **HAND))
        passes(there, 20)
        await there.post(said("lan", 3, "xin chào"))
        await there.quiet()
        assert there.taken == []
        await there.post(said("lan", 2, "", **HAND))
        passes(there, 11)
        await there.post(said("lan", 4, "xin chào"))
        assert len(await there.told("lan", 1)) == 1

    played(agent, tmp_path, story)


def test_a_bubble_that_was_under_way_when_a_human_took_over_is_not_sent(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        there.actions.held = VALIDATE
        await there.post(said("lan", 1, FORGOT))
        await asyncio.wait_for(there.actions.waits.wait(), 30)
        await there.post(said("lan", 2, "", **HAND))
        there.actions.goes_on.set()
        await there.quiet()
        assert there.taken == [] and there.channel._log.deliveries.waiting("postbox") == []

    played(agent, tmp_path, story)


def is_known(folder: Path, conversation: str) -> bool:
    """Tell whether any store has a row of the conversation."""
    for name in ("chat.db", "tracker.db"):
        with closing(sqlite3.connect(folder / name)) as database:
            for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
                if any(conversation in row for row in database.execute(f"select * from {table}").fetchall()):
                    return True
    return False


@pytest.mark.parametrize("how", ["leaves", "blocked"])
def test_who_leaves_or_has_blocked_us_is_forgotten_and_their_open_task_cancelled(agent: Agent, tmp_path: Path, how: str) -> None:
    async def story(there: Street) -> None:
        await there.post(said("lan", 1, FORGOT))
        await there.told("lan", 1)
        conversation = holds(there)
        assert is_known(tmp_path, conversation)
        if how == "leaves":
            assert await there.post(said("lan", 2, "", leaves=True)) == 200
        else:
            there.answers = [410]
            await there.post(said("lan", 2, "xin chào"))
        await there.quiet()
        await there.quiet()
        assert not is_known(tmp_path, conversation)
        cancelled = [voucher for (action, _), voucher in zip(there.actions.heard, there.actions.vouchers) if action == RESTART]
        payload = cancelled[-1].split(".")[0]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        assert (claims["sender"], claims["conversation"]) == ("lan", conversation), "the backend knows a draft by both"
        sent = len(there.taken)
        await there.post(said("lan", 1, FORGOT), said("lan", 2, "xin chào"))
        await there.quiet()
        assert len(there.taken) == sent, "repeats of what was said before"
        await there.post(said("lan", 3, "xin chào"))
        await there.quiet()
        assert len(there.taken) > sent and holds(there) != conversation

    played(agent, tmp_path, story)


def test_somebody_unknown_may_leave(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        assert await there.post(said("lan", 1, "", leaves=True)) == 200
        await there.quiet()
        assert there.channel._log.sessions.conversation_of("postbox", "lan") is None

    played(agent, tmp_path, story)


def test_what_somebody_of_ours_must_put_right_is_one_line_in_the_log(
    agent: Agent, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(there: Street) -> None:
        for number, status in enumerate((401, 401, 200, 401)):
            there.answers = [status]
            await there.post(said("lan", number, "xin chào"))
            await there.quiet()
        assert len(there.taken) == 1, "it is not tried again and again"

    with caplog.at_level(logging.ERROR):
        played(agent, tmp_path, story)
    lines = [one.getMessage() for one in caplog.records if "cannot send" in one.getMessage()]
    assert lines == ["the channel postbox cannot send: the token is old; docs/channels.md says what to do"] * 2
    assert "lan" not in "".join(one.getMessage() for one in caplog.records).split()


def test_a_bubble_later_than_the_provider_lets_us_write_is_given_up(agent: Agent, tmp_path: Path) -> None:
    async def breaks(there: Street) -> None:
        there.refuses = 1000
        await there.post(said("lan", 1, "xin chào"))
        while not there.channel._log.deliveries.waiting("postbox"):
            await asyncio.sleep(0.01)

    async def too_late(there: Street) -> None:
        await there.quiet()
        assert there.taken == [] and there.channel._delivery.given_up == 1

    played(agent, tmp_path, breaks)
    played(agent, tmp_path, too_late, window_hours=0)


def test_only_what_is_missing_of_a_bubble_is_sent_again_after_a_failure(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        there.answers = [200, 503, 200, 599]
        await there.post(said("lan", 1, "", comes_in=True))
        texts = await there.told("lan", 7)
        assert len(texts) == 8 and texts[2] == texts[3], "an answer that got lost"
        assert texts[:3] + texts[4:] == list(dict.fromkeys(texts))

    played(agent, tmp_path, story, lines=True, **NUMBERED)


def test_only_what_is_missing_of_a_bubble_is_sent_again_after_a_crash(agent: Agent, tmp_path: Path) -> None:
    before: list[str] = []

    async def breaks(there: Street) -> None:
        there.answers = [200, 200, *[503] * MOST_TRIES]
        await there.post(said("lan", 1, "", comes_in=True))
        while len(there.taken) < 2 or there.channel._delivery._workers == {}:
            await asyncio.sleep(0.01)
        before.extend(one["text"] for one in there.taken)

    async def goes_on(there: Street) -> None:
        texts = [*before, *await there.told("lan", 5)]
        assert len(texts) == 7 and texts == list(dict.fromkeys(texts))

    played(agent, tmp_path, breaks, lines=True, **NUMBERED)
    played(agent, tmp_path, goes_on, lines=True, **NUMBERED)


def test_typing_is_shown_and_its_failure_is_nobodys_business(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Street) -> None:
        await there.post(said("lan", 1, "xin chào"))
        assert len(await there.told("lan", 1)) == 1 and there.channel.typing == ["lan"]
        await there.post(said("lan", 2, "", **HAND), said("lan", 3, "xin chào"))
        await there.quiet()
        assert there.channel.typing == ["lan"], "a human is at it"

    played(agent, tmp_path, story)


@pytest.mark.parametrize(("demo", "is_off"), [("1", False), ("0", True)])
def test_a_demo_secret_opens_a_channel_in_demo_mode_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo: str, is_off: bool
) -> None:
    monkeypatch.setenv("DEMO", demo)
    monkeypatch.setenv("POSTBOX_SECRET", "demo-postbox")
    channel: Any = Postbox({**SETTINGS, "message_log": f"sqlite:///{tmp_path / 'chat.db'}"})
    assert bool(channel.missing) is is_off
