"""How each channel is spoken to, and everything it answered on the way."""

import json
from typing import Protocol

import httpx

from tests.channels.person import ProviderChat
from tests.e2e.responses import name_of, patterns
from tests.hotline.turns import Caller, heard, spelled
from tests.programs import Chat, Programs
from tests.security.canaries import ACCOUNT


class Answers:
    """Every HTTP answer seen, by where it came from."""

    def __init__(self) -> None:
        self.seen: dict[str, bytes] = {}

    def note(self, place: str, content: bytes) -> None:
        """Keep one more answer."""
        self.seen[f"answers of {place}"] = self.seen.get(f"answers of {place}", b"") + content + b"\n"

    def of(self, response: httpx.Response) -> None:
        """Keep a response's head and body; a cookie handed to its owner is no leak."""
        head = [f"{name}: {value}" for name, value in response.headers.multi_items() if name != "set-cookie"]
        self.note(response.request.url.path.rpartition("/")[0], "\n".join([str(response.status_code), *head]).encode())
        self.note(response.request.url.path.rpartition("/")[0], response.read())


class Driver(Protocol):
    """A person on one channel."""

    def __init__(self, programs: Programs, answers: Answers) -> None: ...

    def say(self, text: str) -> list[str]:
        """Say something, however long it takes; return the names of the responses."""
        ...

    def hand_in_photos(self) -> None:
        """Open the link that was offered and hand in the photos."""
        ...

    def secrets(self) -> dict[str, str]:
        """Return what only this person may hold, such as a session cookie."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


class WebDriver:
    """Somebody at the chat page, who also presses what is offered and says what they think of it."""

    def __init__(self, programs: Programs, answers: Answers) -> None:
        self._chat = Chat(programs)
        self._chat.http.event_hooks["response"].append(answers.of)

    def say(self, text: str) -> list[str]:
        """Type a message and wait for the end of its turn; a refused one has no answer."""
        if self._chat.post(text=text).status_code != 202:
            return []
        return [name_of(bubble["text"])[0] for bubble in self._chat.wait()]

    def hand_in_photos(self) -> None:
        """Open the newest link and hand in three photos."""
        self._chat.upload_photos()

    def think(self, reason: str) -> None:
        """Say about the newest bubble that it did not help, and why."""
        self._chat.http.post("/chat/api/feedback", json={"seq": self._chat.bubbles[-1]["seq"], "up": False, "reason": reason})

    def misuse(self, canary: str) -> None:
        """Put a value where none belongs: in place of the client's id, of a choice, of a language, of a header."""
        http = self._chat.http
        for body in ({"client_id": canary, "text": "a"}, {"client_id": canary, "choice": canary}, {"text": {canary: canary}}):
            http.post("/chat/api/messages", json=body)
        http.post("/chat/api/session", json={"lang": canary})
        http.post("/chat/api/uploads", data={"kind": canary}, files={"file": (canary, canary.encode(), canary)})
        http.post("/chat/api/uploads", content=canary, headers={"Content-Type": f"multipart/form-data; boundary={canary!a}"})
        http.post("/chat/api/messages", content=json.dumps(canary), headers={"Content-Type": "application/json"})
        http.get("/chat/api/messages", params={"after": canary})
        http.get("/chat/api/events", params={"after": canary}, headers={"Sec-Fetch-Site": "cross-site"})

    def secrets(self) -> dict[str, str]:
        """Return the cookie: whoever holds it reads the conversation."""
        return {"cookie of the session": self._chat.http.cookies["cb"]}

    def close(self) -> None:
        """Close the page."""
        self._chat.http.close()


class ProviderDriver:
    """Somebody who writes through a fake provider, and sends a picture and a sticker besides."""

    channel = ""

    def __init__(self, programs: Programs, answers: Answers) -> None:
        self._person = ProviderChat(programs, self.channel)
        self._answers = answers
        for kind in ("image", "sticker"):
            self._person.happens(kind)

    def say(self, text: str) -> list[str]:
        """Type a message and wait for the end of its turn; a refused one has no answer."""
        told = self._person.fake.do("say", user=self._person.user, text=text)
        if told["posts"][0]["state"] != "taken":
            return []
        bubbles = self._person.wait()
        for bubble in bubbles:
            self._answers.note(f"bubbles of {self.channel}", bubble["raw"]["text"].encode())
        return [name_of(bubble["text"])[0] for bubble in bubbles]

    def hand_in_photos(self) -> None:
        """Open the newest link and hand in three photos."""
        self._person.upload_photos()

    def secrets(self) -> dict[str, str]:
        """Return the provider's id of the person: in no store it says who wrote what."""
        return {f"id at {self.channel}": self._person.user}

    def close(self) -> None:
        """Leave."""


class MessengerDriver(ProviderDriver):
    """Somebody on Messenger."""

    channel = "messenger"


class ZaloDriver(ProviderDriver):
    """Somebody on Zalo."""

    channel = "zalo"


class HotlineDriver:
    """Somebody who calls from the registered telephone and speaks."""

    def __init__(self, programs: Programs, answers: Answers) -> None:
        self._caller = Caller(programs, ACCOUNT["phone"])
        self._answers = answers
        self._spelled: list[str] = []

    def say(self, text: str) -> list[str]:
        """Say something in the call; in one that has ended nobody listens."""
        turn = self._caller.speak(text[:200])
        self._spelled += spelled(turn)
        self._answers.note("turns of the hotline", heard(turn).encode())
        texts = [one["text"] for one in turn["say"] if "text" in one]
        return [name for text in texts for name, _, pattern in patterns() if pattern.fullmatch(text)]

    def hand_in_photos(self) -> None:
        """There are none in a call."""

    def secrets(self) -> dict[str, str]:
        """Return what was read out: it belongs to the caller's ear."""
        return {f"spoken password {number}": password for number, password in enumerate(self._spelled)}

    def close(self) -> None:
        """Hang up."""
        self._caller.hang_up()
        self._caller.close()


SPOKEN_FORMS = frozenset({"hotline_password_form"})
"""Forms that only a caller gets to, who gets to no other."""


def has_form(channel: str, form: str) -> bool:
    """Tell whether a form can be reached on a channel."""
    return (DRIVERS[channel] is HotlineDriver) == (form in SPOKEN_FORMS)


DRIVERS: dict[str, type[Driver]] = {
    "assistant.channels.web.WebChannel": WebDriver,
    "assistant.channels.messenger.MessengerChannel": MessengerDriver,
    "assistant.channels.zalo.ZaloChannel": ZaloDriver,
    "assistant.channels.hotline.HotlineChannel": HotlineDriver,
}
"""One driver a channel of `credentials.yml`, by the name it has there."""
