"""The people who write to the page or account, and what each sees in the chat."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fakes.webhooks import Post

Who = Literal["person", "bot", "human"]
"""`human` is an agent who answers from the provider's inbox."""


@dataclass(frozen=True)
class Choice:
    """Something to press: `reply` vanishes, `postback` and `query` stay, `hide` stays unseen; `url`, `phone` lead off."""

    label: str
    payload: str
    kind: Literal["reply", "postback", "query", "hide", "url", "phone"]


@dataclass
class Item:
    """One thing in a chat."""

    id: str
    who: Who
    kind: str
    text: str
    at_ms: int
    choices: list[Choice] = field(default_factory=list)
    link: str = ""
    paid: bool = False
    """Zalo bills what is sent later than 48 h after the person's last word."""
    reactions: list[str] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    """The webhooks that told our channel of it."""

    def content(self) -> tuple[object, ...]:
        """Return what makes two items look the same to the person."""
        return (self.who, self.kind, self.text, self.link, *self.choices)


@dataclass
class Person:
    """One person's chat; times are milliseconds, 0 is never."""

    id: str
    items: list[Item] = field(default_factory=list)
    interacted_ms: int = 0
    typing_until_ms: int = 0
    seen_ms: int = 0
    blocked: bool = False
    following: bool | None = None

    def add(self, item: Item) -> Item:
        """Put an item at the end of the chat."""
        self.items.append(item)
        return item

    def offered(self) -> Iterator[Choice]:
        """Yield what can be pressed now, newest first: quick replies only below the last message."""
        for number, item in enumerate(reversed(self.items)):
            yield from (choice for choice in item.choices if choice.kind != "reply" or number == 0)

    def as_json(self, now_ms: int) -> dict[str, Any]:
        """Return the chat; `times` says how often the person sees the very same thing, 2 and more mean that it was sent again."""
        times = Counter(item.content() for item in self.items)
        last = len(self.items) - 1
        return {
            "user": self.id,
            "blocked": self.blocked,
            "following": self.following,
            "typing": now_ms < self.typing_until_ms,
            "seen_ms": self.seen_ms,
            "idle_s": (now_ms - self.interacted_ms) / 1000 if self.interacted_ms else None,
            "items": [
                {
                    "id": item.id,
                    "from": item.who,
                    "kind": item.kind,
                    "text": item.text,
                    "link": item.link,
                    "at_ms": item.at_ms,
                    "paid": item.paid,
                    "reactions": item.reactions,
                    "choices": [
                        {"label": one.label, "payload": one.payload, "kind": one.kind}
                        for one in item.choices
                        if one.kind != "reply" or number == last
                    ],
                    "times": times[item.content()],
                    "webhooks": [attempt.as_json() for post in item.posts for attempt in post.attempts],
                }
                for number, item in enumerate(self.items)
            ],
        }


@dataclass
class People:
    """Everybody who ever wrote."""

    known: dict[str, Person] = field(default_factory=dict)

    def meet(self, user: str) -> Person:
        """Return a person, who is new here if nobody of that id was known."""
        return self.known.setdefault(user, Person(user))
