"""How many accounts six digits lose a day: computed from the settings, and a day of guessing simulated minute by minute.

A guess at a living code is right with probability 10^-6, so the loss is the number of guesses that meet a real code. The
breaker is the real one; codes, tries and people are counted as the settings say. `docs/security.md` names the results.
"""

import random
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from backend.breaker import BUCKET_S, Counts, share_paused
from backend.challenges import DIGITS
from backend.settings import Settings

STRIDE = 100_000  # codes that are looked at together
MINUTE_S, MINUTES = 60, 24 * 60
# Per cent of a day's resets by hour, busiest at 9 and 14.
HOURS = (
    0.2, 0.1, 0.1, 0.1, 0.2, 0.6, 2.0, 6.0, 10.0, 10.5, 9.5, 6.5, 5.0, 8.0, 10.0, 9.0, 7.0, 4.5, 3.0, 2.7, 2.3, 1.5, 0.8, 0.4,
)  # fmt: skip


def guesses_at_most(settings: Settings, accounts: int) -> int:
    """Guesses a day that can meet a real code, by somebody who knows code and email of so many accounts."""
    return min(accounts * settings.otp_tries_per_day, settings.breaker_wrong_per_day)


def expected(guesses: float) -> float:
    """Accounts lost to so many guesses."""
    return guesses / float(10**DIGITS)


@dataclass
class Day:
    """One day on one channel: what honest people do in a minute, what the attacker wants, what the breaker lets through.

    The attacker knows code and email of everybody, has a sender for every code, and no two of his guesses are alike.
    """

    settings: Settings
    resets: int
    typo_share: float
    lot: random.Random
    buckets: dict[int, list[int]] = field(default_factory=dict)
    """By start, in seconds: codes issued, answers wrong."""
    guesses: int = 0
    refused_honest: int = 0
    paused_minutes: int = 0
    most_paused: int = 0

    def counts(self, now: int) -> Counts:
        """What `breaker.read` would read."""

        def since(moment: int, column: int) -> int:
            return sum(bucket[column] for start, bucket in self.buckets.items() if start > moment)

        window, living = now - self.settings.breaker_window_s, now - self.settings.otp_life_s - BUCKET_S
        issued, wrong, day = since(window, 0), since(window, 1), since(now - 86_400, 1)
        return Counts(issued, wrong, day, self.settings.otp_tries * since(living, 0))

    def add(self, now: int, issued: int, wrong: int) -> None:
        """Count as `breaker.count` does."""
        bucket = self.buckets.setdefault(now - now % BUCKET_S, [0, 0])
        bucket[0] += issued
        bucket[1] += wrong

    def let_through(self, now: int, wanted: int) -> int:
        """How many of so many new challenges are issued; the breaker is asked before each."""
        issued = 0
        while wanted > 0:
            counts = self.counts(now)
            share = share_paused(counts, self.settings)
            self.most_paused = max(self.most_paused, share)
            if share == 100:
                break
            # With every code the ratio falls and the tries that are out grow: the next change is the ceiling, or the ratio's.
            same = 1 + bisect_left(range(1, min(wanted, STRIDE)), True, key=lambda more: self._after(counts, more) != share)
            allowed = same if share == 0 else sum(self.lot.random() * 100 >= share for _ in range(same))
            self.add(now, allowed, 0)
            issued, wanted = issued + allowed, wanted - same
        return issued

    def _after(self, counts: Counts, more: int) -> int:
        tries = counts.open_tries + more * self.settings.otp_tries
        return share_paused(replace(counts, issued=counts.issued + more, open_tries=tries), self.settings)

    def honest(self, now: int) -> None:
        """The resets of this minute, their typos right after them."""
        wanted = self._about(self.resets * HOURS[now // 3600 % 24] / sum(HOURS) / 60)
        share = share_paused(self.counts(now), self.settings)
        self.paused_minutes += share > 0
        self.most_paused = max(self.most_paused, share)
        refused = round(wanted * share / 100)
        self.refused_honest += refused
        self.add(now, wanted - refused, self._about((wanted - refused) * self.typo_share))

    def guess(self, now: int, challenges: int) -> None:
        """Answer so many living codes wrong, as often as each may be."""
        made = challenges * self.settings.otp_tries
        self.guesses += made
        self.add(now, 0, made)

    def _about(self, mean: float) -> int:
        """A number of people around that mean."""
        return max(0, round(self.lot.gauss(mean, mean**0.5)))


Attack = Callable[[Day, int], None]
"""What the attacker does in a minute."""


def nobody(_day: Day, _now: int) -> None:
    """No attack."""


def spray(wanted: int) -> Attack:
    """Take so many codes a minute and answer each at once."""

    def act(day: Day, now: int) -> None:
        day.guess(now, day.let_through(now, wanted))

    return act


def patient(day: Day, now: int) -> None:
    """Take and answer one code after the other for as long as the next would not open the breaker."""
    tries = day.settings.otp_tries
    while True:
        counts = day.counts(now)
        after = Counts(counts.issued + 1, counts.wrong + tries, counts.wrong_real_day + tries, counts.open_tries + tries)
        if share_paused(after, day.settings):
            return
        day.add(now, 1, 0)
        day.guess(now, 1)


def hoard(a_minute: int) -> Attack:
    """Take codes for as long as the oldest lives and answer all of them together, again and again."""
    held: deque[int] = deque()

    def act(day: Day, now: int) -> None:
        held.append(day.let_through(now, a_minute))
        if len(held) * MINUTE_S >= day.settings.otp_life_s:
            day.guess(now, sum(held))
            held.clear()

    return act


def live(settings: Settings, attack: Attack, *, resets: int, typo_share: float = 0.1, seed: int = 1) -> Day:
    """A whole day, the honest people first in every minute."""
    day = Day(settings, resets, typo_share, random.Random(seed))
    for minute in range(MINUTES):
        now = 10**9 - 10**9 % 86_400 + minute * MINUTE_S
        day.honest(now)
        attack(day, now)
    return day
