"""Bubbles to a provider that is slow, full, gone or says no: a real HTTP server, real stores on files."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from assistant.channels.delivery import MOST_TRIES, Delivery, GivenUp, TryAgain
from assistant.stores.message_log import Bubble, MessageLog
from assistant.stores.sealing import Seal
from tests.assistant.test_message_log import ClockAt

Story = Callable[["Stage"], Awaitable[None]]


class Stage:
    """A provider with an answer for each request in turn (200 when there is none), and what it was sent."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.answers: list[int] = []
        self.taken: list[str] = []
        self.waited: list[float] = []
        self.log = self.opened()
        self.delivery = Delivery(self.log, self.send, self.sleep)

    def opened(self) -> MessageLog:
        """The log, as the next process opens it."""
        url = f"sqlite:///{self.folder / 'chat.db'}"
        return MessageLog(url, ClockAt(), 1800, 86400, Seal("a"), delivers=True)

    async def sleep(self, seconds: float) -> None:
        """Take no time, but note how long it would have been."""
        self.waited.append(seconds)

    async def send(self, conversation: str, shown: dict[str, Any]) -> None:
        """Hand a bubble to the provider."""
        async with aiohttp.ClientSession() as http, http.post(self.url, json={"text": shown["text"]}) as answer:
            if answer.status == 403:
                raise GivenUp()
            if answer.status != 200:
                raise TryAgain(float(answer.headers["Retry-After"]) if "Retry-After" in answer.headers else None)

    async def take(self, request: web.Request) -> web.Response:
        """What the provider does with a request; 599 stands for taking it and losing the answer."""
        status = self.answers.pop(0) if self.answers else 200
        if status in (200, 599):
            self.taken.append((await request.json())["text"])
        headers = {"Retry-After": "7"} if status == 429 else {}
        return web.Response(status=500 if status == 599 else status, headers=headers)

    async def say(self, *texts: str) -> None:
        """Have bubbles delivered and wait for the end of it."""
        for text in texts:
            self.log.add_bot("fb:1", Bubble(text))
        self.delivery.start("fb:1")
        await self.delivery.finish("fb:1")


def played(folder: Path, story: Story) -> None:
    """Play a story with a provider of its own."""

    async def play() -> None:
        app, stages = web.Application(), []
        app.router.add_post("/", lambda request: stages[0].take(request))
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        stages.append(Stage(folder, f"http://127.0.0.1:{runner.addresses[0][1]}/"))
        try:
            await story(stages[0])
        finally:
            await runner.cleanup()

    asyncio.run(play())


def test_bubbles_arrive_in_order_and_none_is_left(tmp_path: Path) -> None:
    async def story(there: Stage) -> None:
        await there.say("một", "hai", "ba")
        assert there.taken == ["một", "hai", "ba"]
        assert there.log.deliveries.waiting("fb") == [] and there.delivery.repeated == 0

    played(tmp_path, story)


def test_a_provider_that_is_full_gets_it_when_it_says_and_the_order_stays(tmp_path: Path) -> None:
    async def story(there: Stage) -> None:
        there.answers = [429, 500, 200]
        await there.say("một", "hai")
        assert there.taken == ["một", "hai"] and there.waited == [7.0, 2.0]

    played(tmp_path, story)


def test_an_answer_that_got_lost_is_a_repeat_and_counted(tmp_path: Path) -> None:
    async def story(there: Stage) -> None:
        there.answers = [599]
        await there.say("một")
        assert there.taken == ["một", "một"] and there.delivery.repeated == 1

    played(tmp_path, story)


def test_a_provider_that_never_takes_it_is_tried_a_bounded_number_of_times(tmp_path: Path) -> None:
    async def story(there: Stage) -> None:
        there.answers = [500] * MOST_TRIES
        await there.say("một", "hai")
        assert there.taken == ["hai"] and there.delivery.given_up == 1
        assert there.waited == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0]

    played(tmp_path, story)


def test_a_provider_that_says_never_is_not_asked_again(tmp_path: Path) -> None:
    async def story(there: Stage) -> None:
        there.answers = [403]
        await there.say("một", "hai")
        assert there.taken == ["hai"] and there.waited == []

    played(tmp_path, story)


def test_what_was_not_sent_before_a_crash_is_sent_after_it_and_what_was_begun_counts_as_a_repeat(tmp_path: Path) -> None:
    async def story(there: Stage) -> None:
        for text in ("một", "hai"):
            there.log.add_bot("fb:1", Bubble(text))
        there.log.deliveries.begin("fb:1", 1)  # and then the process died
        there.log = there.opened()
        there.delivery = Delivery(there.log, there.send, there.sleep)
        there.delivery.recover("fb")
        await there.delivery.finish("fb:1")
        assert there.taken == ["một", "hai"] and there.delivery.repeated == 1

    played(tmp_path, story)


def test_a_forgotten_conversation_is_sent_nothing_more(tmp_path: Path) -> None:
    async def story(there: Stage) -> None:
        there.log.add_bot("fb:1", Bubble("một"))
        there.log.forget("fb:1")
        await there.say()
        assert there.taken == []

    played(tmp_path, story)
