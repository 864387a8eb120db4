"""What every service works with: settings, database, clock, keys, hasher; and one unit of work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection

from backend.clock import Clock
from backend.database import Database
from backend.errors import BackendError
from backend.keys import Keys
from backend.passwords import PasswordHasher
from backend.photos.images import ImageCleaner
from backend.photos.intake import Intake
from backend.randomness import Randomness
from backend.settings import Settings


@dataclass
class Unit:
    """One writing transaction: its connection, its moment, the outbox rows it wrote (id: channel), what its commit counts.

    A `refusal` is raised after the commit: what was written stays, and the caller is refused all the same.
    """

    conn: Connection
    now: int
    posted: dict[str, str] = field(default_factory=dict)
    counted: list[Callable[[], None]] = field(default_factory=list)
    refusal: BackendError | None = None


@dataclass
class Core:
    """The parts every service is given; `after_commit` is told the outbox rows of a committed unit.

    `wall` is the machine's clock where `clock` may be the demo's moved one.
    """

    settings: Settings
    database: Database
    clock: Clock
    wall: Clock
    randomness: Randomness
    keys: Keys
    hasher: PasswordHasher
    images: ImageCleaner = field(default_factory=ImageCleaner)
    intake: Intake = field(default_factory=Intake)
    after_commit: Callable[[dict[str, str]], None] = lambda _posted: None

    @contextmanager
    def writing(self) -> Iterator[Unit]:
        """A unit of work; messages are handed on only after its commit."""
        with self.database.write() as conn:
            unit = Unit(conn, self.clock.now())
            yield unit
        for count in unit.counted:
            count()
        if unit.posted:
            self.after_commit(unit.posted)
        if unit.refusal is not None:
            raise unit.refusal
