"""How a program can fail its caller, as a go-between plays it."""

import json

from tests.failures.go_between import Asked, Failure

PERSONAL = "7900000001 lan.nguyen@example.com 482913"
"""What an error page of a careless program repeats of its request."""


def breaks_off(asked: Asked) -> None:
    """The connection dies before anything happened."""
    asked.reset()


def hangs(asked: Asked) -> None:
    """Nothing happens and nothing is said until the failure is over."""
    asked.hold()
    asked.reset()


def works_too_late(asked: Asked) -> None:
    """Like a frozen or a very slow program: what was asked happens when nobody waits for it any more."""
    asked.hold()
    asked.answer(*asked.pass_on())


def loses_its_answer(asked: Asked) -> None:
    """What was asked happens, and the answer never arrives."""
    asked.pass_on()
    asked.reset()


def answers_late(asked: Asked) -> None:
    """What was asked happens at once, and the answer comes when the test has done what it wanted to do meanwhile."""
    answer = asked.pass_on()
    asked.hold()
    asked.answer(*answer)


def answers(status: int, kind: str, body: bytes) -> Failure:
    """Return the failure of a program that answers this, whatever it is asked."""

    def failure(asked: Asked) -> None:
        asked.answer(status, kind, body)

    return failure


def breaks_off_in_mid_answer(asked: Asked) -> None:
    """Half an answer, then the connection dies."""
    asked.answer(200, "application/json", b'{"events": [{"event": "slot", "na', said_length=4000)
    asked.reset()


def never_stops_talking(asked: Asked) -> None:
    """An answer of 512 MB, for as long as the caller listens."""
    asked.answer(200, "application/json", b'{"events": [', said_length=512 * 1024 * 1024)
    asked.keep_talking(b" " * 1024 * 1024, times=511)


GARBAGE: dict[str, Failure] = {
    "a page": answers(200, "text/html", b"<html>not what you asked for</html>"),
    "broken json": answers(200, "application/json", b'{"events": [,]}'),
    "bytes": answers(200, "application/octet-stream", bytes(range(256)) * 20),
    "nothing": answers(200, "application/json", b""),
    "another shape": answers(200, "application/json", b'{"events": "many", "state": 7, "fields": []}'),
    "a list": answers(200, "application/json", b"[1, 2, 3]"),
    "null": answers(200, "application/json", b"null"),
    "unknown things": answers(
        200, "application/json", json.dumps({"events": [{"event": "no_such"}], "responses": [{}]}).encode()
    ),
    "an error with personal values": answers(
        500, "application/json", json.dumps({"error": "x", "request_body": PERSONAL}).encode()
    ),
    "a redirect": answers(302, "text/html", b""),
    "half an answer": breaks_off_in_mid_answer,
    "without end": never_stops_talking,
}
