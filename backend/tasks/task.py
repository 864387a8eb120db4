"""What a task is: the values it takes, what has to be proved by one-time codes, and its end."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from backend.assertion import Sender
from backend.core import Core, Unit
from backend.drafts import Draft
from backend.errors import BadValue
from backend.photos import Kind
from backend.proofs import Proofs
from backend.tasks.steps import Step

Fields = Mapping[str, str]
Fold = Callable[[str], str]
"""Folds what was typed into one canonical form, or raises BadValue."""


@dataclass(frozen=True)
class Prepared:
    """A new password and its hash, made before the transaction so that hashing never holds a lock."""

    password: str
    encoded: str


@dataclass(frozen=True)
class Ending:
    """What a task's end has to work with: who asks, the draft, what was proved, the password made beforehand."""

    sender: Sender
    draft: Draft
    proofs: Proofs
    prepared: Prepared | None


class Task(ABC):
    """One task. Its drafts hold the fields; `finish` runs in the transaction that closes the draft."""

    name: ClassVar[str]
    fields: ClassVar[Mapping[str, Fold]]
    event: ClassVar[str]
    """What the audit trail calls its end."""
    optional: ClassVar[frozenset[str]] = frozenset()
    photos: ClassVar[tuple[Kind, ...]] = ()
    """The photos it needs besides."""
    channels: ClassVar[frozenset[str] | None] = None
    """The only channels it may be opened on; None for all that talk to people."""

    def fold(self, field: str, typed: str, today: date) -> str:
        """The value in its canonical form; raises BadValue."""
        value = self.fields[field](typed)
        if field == "dob" and value > today.isoformat():
            raise BadValue(field, "in_the_future")
        return value

    def steps(self, _fields: Fields) -> tuple[Step, ...]:
        """What has to be proved, in order, given the fields so far."""
        return ()

    def missing(self, fields: Fields) -> list[str]:
        """The fields without which it cannot end."""
        return [name for name in self.fields if name not in fields and name not in self.optional]

    def prepare(self, _core: Core, _draft: Draft) -> Prepared | None:
        """What is made before the transaction, for a draft that looks ready."""
        return None

    @abstractmethod
    def finish(self, core: Core, unit: Unit, ending: Ending) -> dict[str, object]:
        """Have the effect and return what came of it; raises BackendError."""
