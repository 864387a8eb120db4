"""Calls without a telephone or a backend: what each number may, which doors are open, and a password that cannot be had."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

from assistant.channels.calls import CallEvent
from assistant.channels.hotline import HotlineChannel
from assistant.stores.message_log import Bubble
from tests.assistant.action_server import with_new_stores
from tests.assistant.postbox import SETTINGS

CALLS = {**SETTINGS, "calls_per_minute_per_number": 3, "calls_per_day_per_number": 5, "transfer_to": "02437899999"}


def channel_at(folder: Path) -> HotlineChannel:
    """The hotline with a store of its own."""
    return HotlineChannel.from_credentials({**CALLS, "message_log": f"sqlite:///{folder / 'chat.db'}"})


def played(agent: Any, folder: Path, story: Callable[[HotlineChannel], Awaitable[None]]) -> None:
    """Play a story with the hotline started."""

    async def play() -> None:
        with_new_stores(agent, folder, EndpointConfig("http://127.0.0.1:1/webhook"))
        channel = channel_at(folder)
        # What the channel needs of a server: the agent, and somewhere for a task that is of no interest here.
        await channel.start(SimpleNamespace(ctx=SimpleNamespace(agent=agent), add_task=lambda task, name: task.close()))  # type: ignore[arg-type]
        try:
            await story(channel)
        finally:
            await channel.stop()

    asyncio.run(play())


def test_a_number_that_calls_too_often_is_told_so_and_others_are_served(
    agent: Agent, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    async def story(channel: HotlineChannel) -> None:
        turns = [await channel.take(CallEvent(f"c{number}", "0912345678", "start")) for number in range(4)]
        assert [turn.is_over for turn in turns] == [False, False, False, True]
        assert "quá nhiều lần" in turns[3].say[0]["text"]
        assert not (await channel.take(CallEvent("other", "0987654321", "start"))).is_over

    played(agent, tmp_path, story)


def test_a_password_that_cannot_be_had_ends_the_call_with_what_to_do(
    agent: Agent, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    async def story(channel: HotlineChannel) -> None:
        await channel.take(CallEvent("c", "0912345678", "start"))
        conversation = channel._log.sessions.held_by("hotline", "c").conversation
        voice = {"handle": "h", "again": "Nhắc lại.", "last": "Xin chào.", "hangup": True}
        last = channel._log.last(conversation)
        channel._log.add_bot(conversation, Bubble("Mật khẩu mới của bạn là.", voice=voice))
        turn = await channel._spoken(conversation, last)
        assert turn.is_over and "Xin gọi lại" in turn.say[0]["text"] and len(turn.say) == 1

    played(agent, tmp_path, story)


def test_a_call_leaves_nothing_when_it_ends_or_its_program_does(
    agent: Agent, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    async def ends(channel: HotlineChannel) -> None:
        await channel.take(CallEvent("c", "0912345678", "start"))
        await channel.take(CallEvent("c", "0912345678", "hangup"))
        assert channel._log.sessions.conversations("hotline") == []
        await channel.take(CallEvent("d", "0912345678", "start"))

    async def later(channel: HotlineChannel) -> None:
        assert channel._log.sessions.conversations("hotline") == []

    played(agent, tmp_path, ends)
    played(agent, tmp_path, later)


def test_a_call_whose_end_nobody_told_is_forgotten_and_nothing_of_other_channels(
    agent: Agent, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    async def story(channel: HotlineChannel) -> None:
        await channel.take(CallEvent("c", "0912345678", "start"))
        _, chat = channel._log.sessions.open("web", "vi")
        silent = channel._log.sessions.conversations("hotline")
        channel._clock._offset_s += 31 * 60
        await channel.take(CallEvent("d", "0987654321", "start"))
        left = channel._log.sessions.conversations("hotline")
        assert len(left) == 1 and left != silent
        assert channel._log.sessions.conversations("web") == [chat.conversation]

    played(agent, tmp_path, story)


def test_what_was_read_out_is_forgotten_with_the_call(agent: Agent, tmp_path: Path, environment: pytest.MonkeyPatch) -> None:
    async def story(channel: HotlineChannel) -> None:
        await channel.take(CallEvent("c", "0912345678", "start", turn=0))
        assert channel._read_out
        await channel.take(CallEvent("c", "0912345678", "hangup"))
        assert not channel._read_out

    played(agent, tmp_path, story)


@pytest.mark.parametrize(
    ("settings", "doors"),
    [
        ({}, set()),
        ({"HOTLINE_TWIML_TOKEN": "t"}, {"/twiml"}),
        ({"HOTLINE_JAMBONZ_SECRET": "s"}, {"/jambonz"}),
        ({"DEMO": "1"}, {"/simulator", "/telephone/voice"}),
    ],
)
def test_a_door_opens_with_its_secret_and_the_simulator_in_demo_mode_only(
    tmp_path: Path, environment: pytest.MonkeyPatch, settings: dict[str, str], doors: set[str]
) -> None:
    for name, value in settings.items():
        environment.setenv(name, value)
    routes = channel_at(tmp_path).blueprint(lambda message: asyncio.sleep(0))._future_routes
    assert {route.uri for route in routes if "POST" in route.methods} == doors
