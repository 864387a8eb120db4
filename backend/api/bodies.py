"""JSON as it is read: a member that stands twice is refused, for whoever checks the one may not be who uses the other."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute


class UnambiguousRequest(Request):
    """A request whose JSON has one meaning (security note, row 72)."""

    async def json(self) -> Any:
        """The parsed body; raises JSONDecodeError, also for what is no UTF-8 and for a member that stands twice at any depth."""
        try:
            text = (await self.body()).decode("utf-8")
        except UnicodeDecodeError as error:
            raise json.JSONDecodeError("no UTF-8", "", error.start) from error

        def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            members = dict(pairs)
            if len(members) != len(pairs):
                raise json.JSONDecodeError("a member stands twice", text, 0)
            return members

        return json.loads(text, object_pairs_hook=once)


class UnambiguousRoute(APIRoute):
    """A route that reads its body so."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, given such a request."""
        handler = super().get_route_handler()

        async def read_once(request: Request) -> Response:
            return await handler(UnambiguousRequest(request.scope, request.receive))

        return read_once
