"""Turns that are broken off or overtaken: a real agent and real stores, an action server that waits when it is told to."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from rasa.core.agent import Agent
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.utils.endpoints import EndpointConfig

from assistant.channels.action_endpoint import BoundedActionEndpoint
from assistant.channels.conversations import Conversations
from assistant.channels.incoming import Incoming
from assistant.channels.turns import LAST_RESORT
from assistant.clock import Clock
from assistant.stores.inbox import MOST_TRIES
from assistant.stores.message_log import MessageLog
from assistant.stores.sealing import Seal
from tests.assistant.action_server import FORGOT, RESTART, VALIDATE, ActionServer, tracker_store, with_new_stores

AT_MOST_S = 60
"""Far more than any of this takes: a test that waits in vain fails instead of hanging."""


@dataclass(frozen=True)
class Scene:
    """One person in the chat, and everything that stands behind it."""

    agent: Any
    actions: ActionServer
    endpoint: BoundedActionEndpoint
    conversations: Conversations
    log: MessageLog
    cookie: str
    conversation: str

    def post(self, text: str) -> None:
        """Send a message without waiting for its turn."""
        client_id = str(uuid.uuid4())
        message = Incoming(None, client_id, text)
        seq, _ = self.log.add_user(self.conversation, client_id, text, message.body())
        self.conversations.accept(self.conversation, replace(message, seq=seq))

    async def say(self, text: str) -> list[str]:
        """Send a message; return what the bot has said when its turn is over."""
        last = len(self.log.messages(self.conversation))
        self.post(text)
        await self.conversations.finish(self.conversation)
        return [one["text"] for one in self.log.messages(self.conversation, last) if one["from"] == "bot"]

    async def break_off(self, *texts: str) -> None:
        """Send messages, and forget the conversation while the first one's action is under way."""
        self.actions.held = VALIDATE
        for text in texts:
            self.post(text)
        await self.actions.waits.wait()
        await self.conversations.forget(self.conversation)

    def is_forgotten(self) -> bool:
        """Tell whether no store knows the conversation."""
        return not self.agent.tracker_store.knows(self.conversation) and not self.log.messages(self.conversation)


@asynccontextmanager
async def scene(agent: Any, folder: Path) -> AsyncIterator[Scene]:
    """Put a person into the chat, with new stores on files and an action server of their own."""
    actions = ActionServer()
    app = web.Application()
    app.router.add_post("/webhook", actions.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    endpoint = BoundedActionEndpoint(EndpointConfig(url), AT_MOST_S, agent.domain)
    with_new_stores(agent, folder, endpoint)
    log = MessageLog(f"sqlite:///{folder / 'chat.db'}", Clock(), idle_s=1800, life_s=86400, seal=Seal("a secret of the test"))
    conversations = Conversations("web", log, 20, AT_MOST_S, lambda conversation, lang: "voucher")
    conversations.use(agent, endpoint, asyncio.Semaphore(8))
    cookie, session = log.sessions.open("web", "vi")
    try:
        yield Scene(agent, actions, endpoint, conversations, log, cookie, session.conversation)
    finally:
        actions.goes_on.set()
        await endpoint.close()
        await runner.cleanup()


async def another_process_writes(there: Scene, folder: Path) -> None:
    """Store a turn of the same conversation through a store of its own."""
    other = tracker_store(there.agent, folder)
    tracker = await other.get_or_create_tracker(there.conversation)
    tracker.update_with_events([UserUttered("a", {"name": "inform"}), ActionExecuted("action_listen")], there.agent.domain)
    await other.save(tracker)
    other.engine.dispose()


def played(agent: Any, folder: Path, story: Callable[[Scene], Awaitable[None]]) -> None:
    """Play a story to its end."""

    async def play() -> None:
        async with scene(agent, folder) as there:
            await asyncio.wait_for(story(there), AT_MOST_S)

    asyncio.run(play())


def test_messages_that_wait_are_not_played_when_the_conversation_is_forgotten(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Scene) -> None:
        await there.say(FORGOT)
        there.actions.heard.clear()
        screen = there.conversations.listen(there.conversation)
        await there.break_off("đợi chút", "xin chào", "7900000001")
        assert there.actions.heard == [(VALIDATE, "đợi chút"), (RESTART, "")]
        assert [screen.get_nowait() for _ in range(screen.qsize())] == [{"typing": True}, {"closed": True}]
        assert not there.conversations.is_working(there.conversation)
        assert there.is_forgotten()

    played(agent, tmp_path, story)


def test_a_turn_that_ends_just_when_it_is_broken_off_is_the_last_one(
    agent: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's `wait_for` swallows a cancellation that comes at the moment of the result; the worker lives on."""

    async def story(there: Scene) -> None:
        handle, forgetting = there.agent.handle_message, []

        async def ends_as_it_is_forgotten(message: Any) -> Any:
            answer = await handle(message)
            if not forgetting:
                forgetting.append(asyncio.create_task(there.conversations.forget(there.conversation)))
            return answer

        monkeypatch.setattr(there.agent, "handle_message", ends_as_it_is_forgotten)
        there.post(FORGOT)
        there.post("xin chào")
        there.post("7900000001")
        await there.conversations.finish(there.conversation)
        await forgetting[0]
        assert {text for _, text in there.actions.heard} == {FORGOT, ""}
        assert there.is_forgotten()

    played(agent, tmp_path, story)


def test_forgetting_waits_for_a_turn_that_cannot_be_broken_off(
    agent: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same swallowing one level below: the action's answer comes with the cancellation, and the turn goes on to its end."""

    async def story(there: Scene) -> None:
        ask, save, forgetting = there.endpoint._ask, there.agent.tracker_store.save, []

        async def answers_as_it_is_forgotten(call: Any) -> Any:
            answer = await ask(call)
            if not forgetting:
                forgetting.append(asyncio.create_task(there.conversations.forget(there.conversation)))
                await asyncio.sleep(0)
            return answer

        async def saves_late(tracker: Any) -> None:
            if forgetting:
                await asyncio.wait({forgetting[0]}, timeout=0.1)
            await save(tracker)
            saved.append(tracker.sender_id)

        saved: list[str] = []
        monkeypatch.setattr(there.endpoint, "_ask", answers_as_it_is_forgotten)
        monkeypatch.setattr(there.agent.tracker_store, "save", saves_late)
        there.post(FORGOT)
        await there.conversations.finish(there.conversation)
        await forgetting[0]
        assert saved, "the turn went on although it was cancelled"
        assert there.is_forgotten()

    played(agent, tmp_path, story)


def test_nobody_can_post_into_a_conversation_that_is_being_forgotten(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Scene) -> None:
        await there.say(FORGOT)
        assert there.log.sessions.find(there.cookie) is not None
        there.actions.held = RESTART
        forgetting = asyncio.create_task(there.conversations.forget(there.conversation))
        await there.actions.waits.wait()
        assert there.log.sessions.find(there.cookie) is None
        there.actions.goes_on.set()
        await forgetting
        assert there.is_forgotten()

    played(agent, tmp_path, story)


def test_a_task_that_cannot_be_cancelled_does_not_keep_a_conversation(
    agent: Agent, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(there: Scene) -> None:
        await there.say(FORGOT)
        there.actions.meanwhile = partial(another_process_writes, there, tmp_path)
        await there.conversations.forget(there.conversation)
        assert "an open task could not be cancelled: ConversationMoved" in caplog.text
        assert there.is_forgotten()

    played(agent, tmp_path, story)


def test_an_answer_that_cannot_be_remembered_is_not_taken_back(agent: Agent, tmp_path: Path) -> None:
    """Another process writes in mid turn. What the person was told has happened, "nothing has been changed" would be wrong."""

    async def story(there: Scene) -> None:
        asked = await there.say(FORGOT)
        there.actions.meanwhile = partial(another_process_writes, there, tmp_path)
        assert await there.say("đợi chút") == asked[-1:], "the question again, and no other sentence"
        whole = await there.agent.tracker_store.retrieve_full_tracker(there.conversation)
        assert whole is not None
        said = [event.text for event in whole.events if isinstance(event, UserUttered)]
        assert said == [FORGOT, "a"], "the turn itself was not stored"

    played(agent, tmp_path, story)


def test_a_turn_that_failed_before_it_said_anything_says_so(agent: Agent, tmp_path: Path) -> None:
    """The proof that the sentence missing above would be seen."""

    async def story(there: Scene) -> None:
        there.actions.fails = True
        assert await there.say(FORGOT) == [LAST_RESORT["vi"]]

    played(agent, tmp_path, story)


@pytest.mark.parametrize("fails", [False, True], ids=["the restart works", "the restart fails"])
@pytest.mark.parametrize("in_a_form", [False, True], ids=["before the form", "in the form"])
def test_a_forgotten_turn_leaves_nothing_at_the_action_endpoint(
    agent: Agent, tmp_path: Path, in_a_form: bool, fails: bool
) -> None:
    async def story(there: Scene) -> None:
        if in_a_form:
            await there.say(FORGOT)
        there.actions.fails = fails
        await there.break_off(FORGOT)
        assert there.actions.heard[-1][0] == (RESTART if in_a_form else VALIDATE)
        assert there.endpoint._ends == {} and there.endpoint._failed == set()
        assert there.is_forgotten()

    played(agent, tmp_path, story)


def as_after_a_crash(there: Scene, tries: int = 1) -> None:
    """Put the first message back into the inbox, as if its turn had never come to its end."""
    shown = there.log.messages(there.conversation)
    first = next(one["seq"] for one in shown if one["from"] == "user")
    with there.log._engine.begin() as connection:
        client_id = connection.exec_driver_sql("select client_id from chat_messages where sender = 'user'").scalar_one()
        there.log.inbox.put(connection, there.conversation, first, Incoming(None, client_id, FORGOT).body())
    for _ in range(tries):
        there.log.inbox.begin(there.conversation, first)


@pytest.mark.parametrize("saved", [True, False], ids=["after it was remembered", "before it was remembered"])
def test_a_turn_that_is_played_again_after_a_crash_says_nothing_twice(agent: Agent, tmp_path: Path, saved: bool) -> None:
    async def story(there: Scene) -> None:
        said = await there.say(FORGOT)
        asked = len(there.actions.heard)
        as_after_a_crash(there)
        if not saved:
            there.agent.tracker_store.forget(there.conversation)
        await there.conversations.recover()
        await there.conversations.finish(there.conversation)
        assert [one["text"] for one in there.log.messages(there.conversation) if one["from"] == "bot"] == said != []
        assert len(there.actions.heard) == (asked if saved else 2 * asked)
        assert there.log.inbox.left("web") == []

    played(agent, tmp_path, story)


def test_a_turn_that_was_remembered_and_not_shown_is_shown_when_it_is_played_again(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Scene) -> None:
        said = await there.say(FORGOT)
        as_after_a_crash(there)
        with there.log._engine.begin() as connection:
            connection.exec_driver_sql("delete from chat_messages where sender = 'bot'")
        await there.conversations.recover()
        await there.conversations.finish(there.conversation)
        assert [one["text"] for one in there.log.messages(there.conversation) if one["from"] == "bot"] == said

    played(agent, tmp_path, story)


def test_a_message_that_was_tried_too_often_is_asked_for_again(agent: Agent, tmp_path: Path) -> None:
    async def story(there: Scene) -> None:
        await there.say(FORGOT)
        as_after_a_crash(there, tries=MOST_TRIES)
        await there.conversations.recover()
        assert "gửi lại" in there.log.messages(there.conversation)[-1]["text"]
        assert there.log.inbox.left("web") == []

    played(agent, tmp_path, story)
