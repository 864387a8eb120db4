"""The breaker: a busy day passes, an attack does not."""

import pytest
from backend_kit import LAN, START, World, demo_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from backend import breaker
from backend.breaker import Counts, share_paused
from backend.core import Unit

LIMITS = demo_settings()
# Share of a day's resets in each hour, busiest at 9 and 14; the peak hour takes 10.5 %.
HOURS = [
    0.2,
    0.1,
    0.1,
    0.1,
    0.2,
    0.6,
    2.0,
    6.0,
    10.0,
    10.5,
    9.5,
    6.5,
    5.0,
    8.0,
    10.0,
    9.0,
    7.0,
    4.5,
    3.0,
    2.7,
    2.3,
    1.5,
    0.8,
    0.4,
]


@pytest.mark.parametrize("typo_percent", [10, 20])
def test_a_busy_day_does_not_open_the_breaker(typo_percent: int) -> None:
    wrong_day = 0
    for share in HOURS:
        quarter = round(300_000 * share / sum(HOURS) / 4)
        for _ in range(4):
            wrong = quarter * typo_percent // 100
            wrong_day += wrong
            assert share_paused(Counts(quarter, wrong, wrong_day), LIMITS) == 0
    assert wrong_day > 29_000


def test_a_spray_of_three_guesses_a_code_opens_it_whole() -> None:
    assert share_paused(Counts(1_000, 3_000, 0), LIMITS) == 100


def test_a_spray_hidden_in_a_busy_quarter_of_an_hour_opens_it_in_steps() -> None:
    honest, typos = 8_000, 800
    shares = [share_paused(Counts(honest + n, typos + 3 * n, 0), LIMITS) for n in (0, 500, 1_500, 5_000, 40_000)]
    assert shares == sorted(shares) and shares[0] == 0 and {50, 90, 100} <= set(shares)


def test_the_ceiling_of_wrong_answers_on_real_challenges_stops_everything() -> None:
    assert share_paused(Counts(1_000_000, 0, 98_999), LIMITS) == 0
    assert share_paused(Counts(1_000_000, 0, 99_000), LIMITS) == 100


def test_codes_that_are_out_count_towards_the_ceiling_of_the_day_until_they_are_dead(world: World) -> None:
    with world.core.writing() as unit:
        breaker.count(unit, "zalo", issued=32_999)
        assert share_paused(breaker.read(unit, "web", LIMITS), LIMITS) == 0
        breaker.count(unit, "zalo", issued=1)
        assert share_paused(breaker.read(unit, "web", LIMITS), LIMITS) == 100
    for later, share in ((LIMITS.otp_life_s - 1, 100), (breaker.BUCKET_S + 1, 0)):
        world.clock.advance(later)
        with world.core.writing() as unit:
            assert share_paused(breaker.read(unit, "web", LIMITS), LIMITS) == share


def test_few_wrong_answers_at_night_do_not_open_it() -> None:
    assert share_paused(Counts(10, LIMITS.breaker_floor - 1, 0), LIMITS) == 0


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**5))
@settings(max_examples=100, deadline=None)
def test_more_wrong_answers_never_close_it(issued: int, wrong: int, day: int) -> None:
    assert share_paused(Counts(issued, wrong, day), LIMITS) <= share_paused(Counts(issued, wrong + 1, day), LIMITS)


def test_a_spray_attack_is_answered_with_paused_and_ends_by_itself(world: World) -> None:
    world.core.settings = world.core.settings.model_copy(update={"breaker_floor": 10})
    for number in range(4):
        talk = world.talk(f"spray{number}").open(code=f"79111111{number:02d}")
        assert talk.send().status_code == 200
        for _ in range(3):
            assert talk.answer("abcdef") == "wrong"
    honest = world.talk("honest").open()
    refused = honest.send()
    assert (refused.status_code, refused.json()["code"]) == (503, "paused")
    assert refused.headers["Retry-After"] == "300"
    # Another channel goes on, and so does this one when the window has passed.
    assert world.talk("other", channel="zalo").open().send().status_code == 200
    world.clock.advance(900 + 300)
    assert honest.send().status_code == 200


def test_a_running_challenge_can_be_answered_and_resent_while_the_breaker_is_open(world: World) -> None:
    talk = world.talk().open()
    talk.send()
    with world.core.writing() as unit:
        breaker.count(unit, "web", wrong=10_000)
    world.clock.advance(60)
    assert talk.send().status_code == 200
    assert talk.answer(world.code()) == "right"


def test_only_answers_on_real_challenges_count_for_the_day(world: World) -> None:
    for name, email in (("real", LAN[1]), ("decoy", "nobody@example.com")):
        talk = world.talk(name).open(email=email)
        talk.send()
        talk.answer("abcdef")
    with world.core.database.write() as conn:
        counts = breaker.read(Unit(conn, START), "web", LIMITS)
    assert counts == Counts(issued=2, wrong=2, wrong_real_day=1, open_tries=6)
