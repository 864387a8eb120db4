"""The programs come up in any order; whoever chats before all are there gets a sentence, not silence."""

from collections.abc import Iterator
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest

from tests.e2e.responses import name_of
from tests.failures.outages import ends_well_whatever_is_heard, slow_but
from tests.failures.person import Person
from tests.programs import Chat, Programs

ORDERS = [" ".join(order) for order in permutations(("backend", "actions", "rasa"))]


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[Programs]:
    """Programs that are not started yet."""
    with Programs(tmp_path) as programs:
        yield programs


@pytest.mark.parametrize("order", slow_but(ORDERS, "rasa actions backend"))
def test_every_order_ends_in_a_whole_reset(stopped: Programs, order: str) -> None:
    names = order.split()
    for up, name in enumerate(names, start=1):
        stopped.start(name)
        if "rasa" in names[:up] and up < len(names):
            early = Chat(stopped)
            with closing(early.http):
                assert [name_of(one["text"]) for one in early.bubbles] == [("utter_greet", "vi")]
                assert [name_of(one["text"]) for one in early.say("tôi quên mật khẩu")] == [("utter_system_busy", "vi")]
    with closing(Person(stopped)) as person:
        ends_well_whatever_is_heard(person, person.hears("tôi quên mật khẩu"))
