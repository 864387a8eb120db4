"""A very small HTTP/1.1 client: the benchmark shares the machine with the server and must leave it the processor.

`httpx` takes about a millisecond a request, as much as a fast answer itself.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

LONGEST_ANSWER_S = 120.0


@dataclass(frozen=True)
class Answer:
    """A whole answer; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


class Connection:
    """One kept-alive connection. `source` is the loopback address to come from: limits count per address."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self._port = port
        self._source = source
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        """Return the answer to a GET."""
        return await asyncio.wait_for(self._exchange("GET", path, None, headers or {}), LONGEST_ANSWER_S)

    async def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Answer:
        """Return the answer to a POST of JSON."""
        return await asyncio.wait_for(self._exchange("POST", path, body, headers or {}), LONGEST_ANSWER_S)

    async def lines(self, path: str, headers: dict[str, str]) -> AsyncIterator[str]:
        """Yield the lines of a streamed answer as they come."""
        reader = await self._send("GET", path, None, headers)
        status, answered = await self._head(reader)
        if status != 200 or answered.get("transfer-encoding") != "chunked":
            raise ConnectionError(f"{path} answered {status}")
        rest = ""
        while size := int(await reader.readline(), 16):
            rest += (await reader.readexactly(size + 2))[:-2].decode()
            *whole, rest = rest.split("\n")
            for line in whole:
                yield line

    async def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    async def _exchange(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        reader = await self._send(method, path, body, headers)
        status, answered = await self._head(reader)
        content = await reader.readexactly(int(answered.get("content-length", "0")))
        if answered.get("connection") == "close":
            await self.close()
        return Answer(status, answered, content)

    async def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> asyncio.StreamReader:
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(self._source, 0))
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}"]
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*lines, "\r\n"]).encode() + content)
        return self._reader

    @staticmethod
    async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = (line.partition(": ") for line in lines if line)
        return int(first.split()[1]), {name.lower(): value for name, _, value in fields}
