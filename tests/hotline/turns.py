"""A caller of the real hotline, over the turns that every telephone asks for."""

import uuid
from typing import Any

import httpx

from tests.programs import Programs

Turn = dict[str, Any]


class Caller:
    """Somebody in a call; `number` is what the network claims."""

    def __init__(self, programs: Programs, number: str) -> None:
        self.call_id = str(uuid.uuid4())
        self.number = number
        self.turns: list[Turn] = []
        self._http = httpx.Client(base_url=programs.base_url, timeout=20, trust_env=False)
        self.event("start")

    def event(self, event: str, value: str = "", turn: int | None = None) -> Turn:
        """Have something happen in the call; return what the hotline does then."""
        body: dict[str, Any] = {"call_id": self.call_id, "from": self.number, "event": event, "value": value}
        answer = self._http.post("/webhooks/hotline/simulator", json=body | ({} if turn is None else {"turn": turn}))
        assert answer.status_code == 200, answer.text
        self.turns.append(answer.json())
        return self.turns[-1]

    def key(self, digits: str) -> Turn:
        """Press keys."""
        return self.event("digits", digits)

    def speak(self, text: str) -> Turn:
        """Say something."""
        return self.event("speech", text)

    def silence(self) -> Turn:
        """Say and press nothing."""
        return self.event("silence")

    def hang_up(self) -> Turn:
        """End the call."""
        return self.event("hangup")

    def close(self) -> None:
        """Close the connection."""
        self._http.close()


def heard(turn: Turn) -> str:
    """What a turn says, in words."""
    return " ".join(one.get("text", "") for one in turn["say"])


def spelled(turn: Turn) -> list[str]:
    """What a turn spells."""
    return [one["spell"] for one in turn["say"] if "spell" in one]
