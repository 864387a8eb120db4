"""Somebody who resets a password while programs fail, and what must be true whatever happens."""

import re
import time
from dataclasses import dataclass
from typing import Any

from tests.e2e.responses import name_of
from tests.programs import Chat, Programs

TOLD_WITHIN_S = 6
"""From posting a message to the sentence that says it could not be done."""
TOLD_SO = {"utter_system_busy", "utter_forgot_password_unconfirmed", "utter_task_closed"}
"""The sentences with which a failed turn may end."""


@dataclass(frozen=True)
class Moment:
    """A place in the dialogue at which something fails: what the person says then, and what the bot asks there."""

    name: str
    lang: str
    says: str
    asked: str

    def __str__(self) -> str:
        """Return the name, for the test's id."""
        return self.name


START = Moment("at the start", "vi", "tôi quên mật khẩu", "")
CODE = Moment("giving the code", "en", "$code", "utter_ask_forgot_password_code")
EMAIL = Moment("giving the email", "vi", "$email", "utter_ask_forgot_password_email")
OTP = Moment("giving the one-time code", "en", "$otp", "utter_ask_forgot_password_otp")
ONCE = {"codes": 1, "passwords": 1, "notices": 1}
"""The mails of one whole reset."""
MOMENTS = [START, CODE, EMAIL, OTP]
WORDS = {"vi": ("tôi quên mật khẩu", "xin chào"), "en": ("I forgot my password", "hello")}


class Person:
    """A person with an account of their own at the chat page."""

    def __init__(self, programs: Programs, lang: str = "vi") -> None:
        self.programs = programs
        self.lang = lang
        self.account = programs.new_account()
        self.chat = Chat(programs, lang)

    def comes_to(self, moment: Moment) -> None:
        """Play the dialogue up to where the moment's question is open."""
        for step in (START, CODE, EMAIL, OTP)[: MOMENTS.index(moment)]:
            heard = self.hears(WORDS[self.lang][0] if step is START else step.says)
        if moment is not START:
            assert heard[-1] == moment.asked

    @property
    def greeting(self) -> str:
        """A word that gives nothing, after which a form asks its question again."""
        return WORDS[self.lang][1]

    def hears(self, text: str) -> list[str]:
        """Say something; return the names of the responses that come back, all in the person's language."""
        return self.names(self.chat.say(self.filled_in(text)))

    def is_told(self, text: str) -> list[str]:
        """Say something while something fails: exactly one clear sentence says so, in time. Return all names."""
        posted = time.monotonic()
        answer = self.chat.post(text=self.filled_in(text))
        assert answer.status_code == 202, answer.text
        bubbles: list[dict[str, Any]] = []
        while not TOLD_SO & {name_of(bubble["text"])[0] for bubble in bubbles}:
            assert time.monotonic() - posted < TOLD_WITHIN_S, f"told nothing in time, only {self.names(bubbles)}"
            screen = self.chat.http.get("/chat/api/messages", params={"after": self.chat.seq}).json()
            bubbles = [one for one in screen["messages"] if one["from"] == "bot"]
            time.sleep(0.02)
        names = self.names(self.chat.wait())
        assert len(TOLD_SO & set(names)) == 1 and names.count("utter_system_busy") <= 1, names
        return names

    def names(self, bubbles: list[dict[str, Any]]) -> list[str]:
        """Return which responses these bubbles are; they are in the person's language."""
        found = [name_of(bubble["text"]) for bubble in bubbles]
        assert {lang for _, lang in found} <= {self.lang}, found
        return [name for name, _ in found]

    def finishes(self, heard: list[str]) -> None:
        """Answer whatever is asked until the reset is done."""
        answers = {moment.asked: moment.says for moment in (CODE, EMAIL, OTP)}
        for _ in range(6):
            if heard[-1] == "utter_forgot_password_done":
                return
            heard = self.hears(answers[heard[-1]])
        raise AssertionError(f"the task does not end, it hears {heard}")

    def has(self, event: str) -> int:
        """Return how many audit rows of that event the account has."""
        return sum(one["event"] == event for one in self.programs.account(self.account["bhxh_code"])["audit"])

    def mails(self) -> dict[str, int]:
        """Return how many mails the account's owner got, by kind."""
        bodies = [mail["body"] for mail in self.programs.outbox() if mail["to"] == self.account["email"]]
        codes = sum(bool(re.search(r"(?<!\d)\d{6}(?!\d)", body)) for body in bodies)
        passwords = sum("/account/login" in body for body in bodies)
        return {"codes": codes, "passwords": passwords, "notices": len(bodies) - codes - passwords}

    def close(self) -> None:
        """Close the page."""
        self.chat.http.close()

    def filled_in(self, text: str) -> str:
        """Return a text with `$code`, `$email` or `$otp` replaced by this person's."""
        values = {"$code": self.account["bhxh_code"], "$email": self.account["email"]}
        if text == "$otp":
            return self.programs.otp(self.account["email"])
        return values.get(text, text)
