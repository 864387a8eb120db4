"""The clock tells nobody who exists: five hundred known and five hundred unknown people, in turns."""

import statistics
import time
from collections.abc import Callable, Iterator

import pytest
from backend_kit import World

from backend import accounts, answers, challenges
from backend.accounts import Profile
from backend.api.views import draft_view
from backend.core import Unit
from backend.tasks import TASKS

pytestmark = [pytest.mark.prove, pytest.mark.timeout(900)]
RESET = TASKS["forgot_password"]
PAIRS, APART = 500, 0.05  # how far the medians may lie apart
CHANCES = 3  # a chance result does not come three times in a row
Timed = tuple[dict[str, object], float]


@pytest.fixture
def quiet(either: World) -> World:
    """Nothing is delivered before a call returns, as outside demo mode."""
    either.core.after_commit = lambda _posted: None
    return either


def timed(world: World, effect: Callable[[Unit], dict[str, object]]) -> Timed:
    began = time.perf_counter()
    with world.core.writing() as unit:
        seen = effect(unit)
    return seen, time.perf_counter() - began


def person(world: World, number: int, *, known: bool) -> tuple[str, str]:
    code, email = f"78{number:08d}", f"person{number:08d}@example.com"
    if known:
        with world.core.writing() as unit:
            profile = Profile(code, "Lan", "1990", None, None, email, None)
            accounts.create(world.core, unit, profile, "active", world.core.hasher.dummy)
    return code, email


def conversation(world: World, number: int, *, known: bool) -> Iterator[Timed]:
    """A code is asked for, a wrong answer given; what is seen of each and how long it took."""
    talk = world.talk(f"{known} {number}").open(*person(world, number, known=known))
    core = world.core

    def issue(unit: Unit) -> dict[str, object]:
        return draft_view(core, unit.conn, RESET, challenges.issue(core, unit, talk.sender, RESET), unit.now)

    def answer(unit: Unit) -> dict[str, object]:
        given = answers.answer(core, unit, talk.sender, RESET, "no code")
        return {"result": given.result, "draft": draft_view(core, unit.conn, RESET, given.draft, unit.now, given.proofs)}

    yield timed(world, issue)
    yield timed(world, answer)


def apart(world: World, first: int) -> list[float]:
    """How far the medians of known and unknown lie apart, as a share: for the code, for the answer."""
    took: dict[bool, tuple[list[float], list[float]]] = {True: ([], []), False: ([], [])}
    for number in range(PAIRS):
        seen = {}
        for known in (True, False) if number % 2 else (False, True):
            views = []
            whose = first + 2 * number + known
            for step, (view, seconds) in enumerate(conversation(world, whose, known=known)):
                took[known][step].append(seconds)
                views.append(str(view))
            seen[known] = views
        assert [one.replace(f"{first + 2 * number + 1:08d}"[-4:], "") for one in seen[True]] == [
            one.replace(f"{first + 2 * number:08d}"[-4:], "") for one in seen[False]
        ]
    return [abs(statistics.median(took[True][step]) / statistics.median(took[False][step]) - 1) for step in range(2)]


def test_a_code_and_an_answer_take_as_long_for_nobody_as_for_somebody(quiet: World) -> None:
    quiet.limit(breaker_floor=5_000)
    found = []
    for chance in range(CHANCES):
        quiet.clock.advance(86_400)
        found.append(apart(quiet, chance * 10_000))
        if max(found[-1]) < APART:
            return
    raise AssertionError(f"medians lie {found} apart")
