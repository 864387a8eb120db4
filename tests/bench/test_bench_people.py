"""The benchmark's people: what they time, and that a refusal is never taken for a fast answer."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bench.assistant.people import Person, RestCaller, TurnFailed, Visitor
from bench.assistant.running import first_answer
from tests.programs import free_port

Reply = Callable[[asyncio.StreamWriter, str], None]


def reply(writer: asyncio.StreamWriter, status: int, body: object, *headers: str) -> None:
    content = json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(content)}", *headers, "", ""]
    writer.write("\r\n".join(lines).encode() + content)


def event(writer: asyncio.StreamWriter, kind: str, data: object) -> None:
    text = f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode()
    for half in (text[:9], text[9:]):
        writer.write(f"{len(half):x}\r\n".encode() + half + b"\r\n")


@asynccontextmanager
async def served(answers: dict[str, Reply]) -> AsyncIterator[int]:
    writers = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        while head := (await reader.readuntil(b"\r\n\r\n")).decode() if not reader.at_eof() else "":
            length = next((line for line in head.lower().split("\r\n") if line.startswith("content-length")), ":0")
            await reader.readexactly(int(length.split(":")[1]))
            answers[head.split()[1].partition("?")[0]](writer, head)

    async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(quietly, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for writer in writers:
            writer.close()


class ChatPage:
    """Our chat's routes with one answer for every message."""

    def __init__(self, *bubbles: str, status: int = 202) -> None:
        self._bubbles = bubbles
        self._status = status
        self._stream: asyncio.StreamWriter | None = None
        self.asked: list[str] = []
        self.routes: dict[str, Reply] = {
            "/chat/api/session": lambda writer, head: reply(
                writer, 200, {"messages": [{"seq": 4}]}, "Set-Cookie: cb=AbC; Path=/"
            ),
            "/chat/api/events": self._listen,
            "/chat/api/messages": self._take,
        }

    def _listen(self, writer: asyncio.StreamWriter, head: str) -> None:
        self.asked.append(head)
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        event(writer, "typing", {"typing": False})
        self._stream = writer

    def _take(self, writer: asyncio.StreamWriter, head: str) -> None:
        self.asked.append(head)
        reply(writer, self._status, {"seq": 5})
        assert self._stream is not None
        event(self._stream, "message", {"from": "user", "text": "hi"})
        event(self._stream, "typing", {"typing": True})
        for bubble in self._bubbles:
            event(self._stream, "message", {"from": "bot", "text": bubble})
        event(self._stream, "typing", {"typing": False})


async def say_twice(person: Person) -> list[list[str]]:
    try:
        await person.open()
        return [(await person.say("hi")).bubbles, (await person.say("hi")).bubbles]
    finally:
        await person.close()


async def visit(page: ChatPage) -> list[list[str]]:
    async with served(page.routes) as port:
        return await say_twice(Visitor(port, 7))


async def call(status: int, body: object) -> list[list[str]]:
    async with served({"/webhooks/rest/webhook": lambda writer, head: reply(writer, status, body)}) as port:
        return await say_twice(RestCaller(port, 7))


def test_a_visitor_reads_every_bubble_of_each_turn() -> None:
    assert asyncio.run(visit(ChatPage("one", "two"))) == [["one", "two"], ["one", "two"]]


def test_a_visitor_keeps_the_cookie_and_skips_the_greeting() -> None:
    page = ChatPage("one")
    asyncio.run(visit(page))
    assert "Cookie: cb=AbC\r\n" in page.asked[1]
    assert page.asked[0].startswith("GET /chat/api/events?after=4 ")


def test_a_turn_lasts_to_its_last_bubble_and_not_to_the_end_of_typing() -> None:
    class Slow(ChatPage):
        def _take(self, writer: asyncio.StreamWriter, head: str) -> None:
            reply(writer, 202, {"seq": 5})
            assert self._stream is not None
            event(self._stream, "message", {"from": "bot", "text": "one"})
            asyncio.get_running_loop().call_later(0.3, event, self._stream, "typing", {"typing": False})

    async def timed() -> tuple[float, float]:
        async with served(Slow().routes) as port:
            person = Visitor(port, 7)
            await person.open()
            started = time.perf_counter()
            turn = await person.say("hi")
            took = time.perf_counter() - started
            await person.close()
            return turn.ms / 1000, took

    shown, ended = asyncio.run(timed())
    assert ended >= 0.3 and ended - shown > 0.2


@pytest.mark.parametrize("status", [401, 429, 503])
def test_a_refused_message_fails_the_run(status: int) -> None:
    with pytest.raises(TurnFailed, match=str(status)):
        asyncio.run(visit(ChatPage("one", status=status)))


def test_a_turn_that_failed_fails_the_run() -> None:
    with pytest.raises(TurnFailed):
        asyncio.run(visit(ChatPage("Hệ thống đang bận nên tôi chưa làm được việc này.")))


def test_silence_fails_the_run() -> None:
    with pytest.raises(TurnFailed):
        asyncio.run(visit(ChatPage()))


def test_a_caller_reads_every_bubble() -> None:
    assert asyncio.run(call(200, [{"text": "one"}, {"image": "two"}])) == [["one", ""], ["one", ""]]


def test_a_caller_who_is_refused_or_ignored_fails_the_run() -> None:
    with pytest.raises(TurnFailed, match="500"):
        asyncio.run(call(500, []))
    with pytest.raises(TurnFailed):
        asyncio.run(call(200, []))


def test_a_visitor_who_was_not_let_in_can_leave() -> None:
    page = ChatPage("one")
    page.routes["/chat/api/session"] = lambda writer, head: reply(writer, 503, {})
    with pytest.raises(TurnFailed, match="503"):
        asyncio.run(visit(page))


def test_people_come_from_addresses_of_their_own() -> None:
    sources = {Visitor(1, number)._source for number in range(10_000)}
    assert len(sources) == 10_000


def test_an_assistant_that_ends_while_it_starts_is_not_waited_for() -> None:
    with pytest.raises(TurnFailed, match="ended"):
        asyncio.run(asyncio.wait_for(first_answer(RestCaller, free_port(), "hi", lambda: 1), 30))


def test_the_first_answer_is_awaited_over_refusals() -> None:
    left = [503, 503, 200]

    async def start() -> float:
        route: Reply = lambda writer, head: reply(writer, left.pop(0), [{"text": "one"}], "Connection: close")  # noqa: E731
        async with served({"/webhooks/rest/webhook": route}) as port:
            return await first_answer(RestCaller, port, "hi", lambda: None)

    assert asyncio.run(start()) > 0
    assert not left
