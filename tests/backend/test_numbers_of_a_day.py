"""Six digits at thirty million accounts: what a day of guessing costs, with the real breaker, minute by minute."""

import random

import pytest
from backend_kit import World, demo_settings

from backend import breaker
from bench.backend import expected_loss as loss
from bench.backend.expected_loss import Attack, hoard, live, nobody, patient, spray

LIMITS = demo_settings()
ACCOUNTS = 30_000_000
BUSY = 300_000  # resets a day
ATTACKS = {
    "spray": lambda: spray(2_000),
    "patient": lambda: patient,
    "hoard slowly": lambda: hoard(1_000),
    "hoard as fast as fifty processes issue": lambda: hoard(600_000),
}


def test_what_the_settings_allow_is_less_than_a_tenth_of_an_account_a_day() -> None:
    assert loss.guesses_at_most(LIMITS, ACCOUNTS) == 99_000
    assert loss.expected(loss.guesses_at_most(LIMITS, ACCOUNTS)) < 0.1
    # Without the breaker it would be three hundred.
    assert loss.expected(ACCOUNTS * LIMITS.otp_tries_per_day) == 300


@pytest.mark.parametrize("typos", [0.1, 0.2])
def test_a_busy_day_opens_nothing_in_any_minute(typos: float) -> None:
    day = live(LIMITS, nobody, resets=BUSY, typo_share=typos)
    assert (day.paused_minutes, day.most_paused, day.refused_honest, day.guesses) == (0, 0, 0, 0)


@pytest.mark.parametrize("resets", [0, 3_000, BUSY])
@pytest.mark.parametrize("attack", list(ATTACKS))
def test_no_attack_gets_more_guesses_than_the_ceiling(attack: str, resets: int) -> None:
    act: Attack = ATTACKS[attack]()
    day = live(LIMITS, act, resets=resets)
    # The last code was issued just below the ceiling.
    assert 0 < day.guesses < loss.guesses_at_most(LIMITS, ACCOUNTS) + LIMITS.otp_tries
    assert loss.expected(day.guesses) < 0.1


def test_a_spray_that_answers_as_it_goes_is_stopped_whole_after_some_hundred_answers() -> None:
    day = loss.Day(LIMITS, 0, 0, random.Random(1))
    for second in range(10**9, 10**9 + 2 * breaker.BUCKET_S):
        spray(1)(day, second)
    assert day.most_paused == 100 and LIMITS.breaker_floor <= day.guesses < LIMITS.breaker_floor + 10


def test_accounts_are_lost_as_often_as_computed() -> None:
    """A thousand years of the worst day, every guess drawn."""
    guesses, days, lot = loss.guesses_at_most(LIMITS, ACCOUNTS), 365_000, random.Random(7)
    # The time between two right guesses is geometric; summed up until the years are over.
    left, lost = float(guesses * days), 0
    while (left := left - lot.expovariate(1e-6)) > 0:
        lost += 1
    assert lost / days == pytest.approx(loss.expected(guesses), rel=0.02)


def test_the_simulated_breaker_counts_as_the_stored_one_does(world: World) -> None:
    lot = random.Random(3)
    day = loss.Day(LIMITS, 0, 0, lot)
    for _ in range(60):
        world.clock.advance(lot.randrange(1, 600))
        now, issued, wrong = world.clock.now(), lot.randrange(50), lot.randrange(50)
        day.add(now, issued, wrong)
        with world.core.writing() as unit:
            breaker.count(unit, "web", issued=issued, wrong=wrong, wrong_real=wrong)
            assert breaker.read(unit, "web", LIMITS) == day.counts(now)
