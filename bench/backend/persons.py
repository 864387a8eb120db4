"""Who is asked about: people on file in an order that no page of the database is read twice in a row for."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from sqlalchemy import select

from backend import challenges, drafts
from backend.accounts import Profile
from backend.assertion import Sender
from backend.citizens import citizen
from backend.core import Core, Unit
from backend.errors import BackendError
from backend.schema import outbox
from backend.tasks import TASKS
from bench.backend.stock import Stock

RESET = TASKS["forgot_password"]
_RUN = random.SystemRandom().getrandbits(48)
_numbers = count()


@dataclass(frozen=True)
class Asked:
    """A conversation with a code in the mail: who holds it, and the six digits."""

    sender: Sender
    code: str


def sender() -> Sender:
    """Somebody who was never heard of: limits count by sender."""
    number = next(_numbers)
    return Sender("web", f"bench-{_RUN:x}-{number}", f"web:bench-{_RUN:x}-{number}", "vi")


def people(stock: Stock) -> Iterator[Profile]:
    """People with an open account, a personal number and an email, at random, without end."""
    lot = random.Random()
    while True:
        profile, status = citizen(0, lot.randrange(stock.people))
        if status == "active" and profile.email and profile.personal_id:
            yield profile


def drafted(core: Core, unit: Unit, who: Sender, profile: Profile) -> None:
    """An open draft with code and email."""
    drafts.open_or_resume(core, unit, who, RESET)
    drafts.consent(core, unit, who, RESET)
    drafts.set_field(core, unit, who, RESET, "code", profile.bhxh_code)
    drafts.set_field(core, unit, who, RESET, "email", str(profile.email))


def asked(core: Core, whom: Iterator[Profile]) -> Asked:
    """A new conversation whose code is in the mail; whoever had too many codes today is passed over."""
    while True:
        who = sender()
        try:
            with core.writing() as unit:
                drafted(core, unit, who, next(whom))
                challenges.issue(core, unit, who, RESET)
                return Asked(who, _mailed(core, unit))
        except BackendError:
            continue


def _mailed(core: Core, unit: Unit) -> str:
    (row_id,) = unit.posted
    sealed = unit.conn.execute(select(outbox.c.content_sealed).where(outbox.c.id == row_id)).scalar_one()
    content = core.keys.unseal(sealed, table="outbox", column="content", row=row_id)
    found = re.search(r"(?<!\d)\d{6}(?!\d)", content)
    assert found is not None
    return found[0]
