"""Answers to a challenge: counted first, compared second, one winner; all in one committed transaction.

The tries of the challenge and the run of wrong answers are counted under locks before anything is compared, the rolling
windows in the same transaction: no answer leaves before its count is committed.
"""

from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import bindparam, update

from backend import accounts, breaker, challenges, counters, drafts, proofs
from backend.assertion import Sender
from backend.core import Core, Unit
from backend.drafts import Draft
from backend.identifiers import otp_digits
from backend.keys import Keys
from backend.proofs import Challenge, Proofs
from backend.schema import challenges as table
from backend.tasks.steps import Step
from backend.tasks.task import Task

Result = Literal["right", "wrong", "expired", "dead"]


# Built once: SQLAlchemy takes longer to build a statement than SQLite to run it.
_SENT = table.c.id == bindparam("of"), table.c.state == "sent"
_TRY = update(table).where(*_SENT, table.c.wrong < bindparam("tries")).values(wrong=table.c.wrong + 1).returning(table)
_WON = (
    update(table)
    .where(*_SENT, table.c.code_mac == bindparam("same"))
    .values(state="verified", verified_at=bindparam("now"), wrong=table.c.wrong - 1)
)


@dataclass(frozen=True)
class Answer:
    """What an answer was worth, and where the draft and its challenges stand after it."""

    result: Result
    purpose: str
    draft: Draft
    proofs: Proofs


def answer(core: Core, unit: Unit, sender: Sender, task: Task, typed: str) -> Answer:
    """Judge what was typed.

    Raises NoDraft, DraftClosed, or DailyLimit for a sender who guessed too much; everything else is one of four results.
    """
    draft = drafts.require_open(core, unit, sender, task)
    found = proofs.of_draft(unit.conn, draft.id)
    step = challenges.current_step(core, task, draft.fields, found, unit.now)
    asked = found.get(step.purpose) if step else None
    if step is None or asked is None:
        return Answer("dead", step.purpose if step else "", draft, found)
    guesser = counters.sender_key(core, sender)
    counts = counters.lock(unit, [asked.key, guesser], guess=asked.key)
    counters.refuse_guesser(core, unit, counts[guesser])
    challenge = _count_try(core, unit, asked)
    if challenge is None:
        counters.uncount_guess(unit, asked.key)  # nothing is compared: the path of the account stays open
        return Answer("dead", step.purpose, draft, proofs.of_draft(unit.conn, draft.id))
    closed = counters.closed_by_answers(core, counts[asked.key])
    result: Result = "dead" if closed else _judge(core, unit, step, challenge, draft, typed)
    if result == "right":
        counters.clear_run(unit, asked.key)
        after = replace(challenge, state="verified", verified_at=unit.now, wrong=challenge.wrong - 1)
        return Answer(result, step.purpose, draft, {**found, step.purpose: after})
    counters.tally(unit, "wrong", asked.key, guesser)
    if (
        closed
        or challenge.wrong >= core.settings.otp_tries
        or len(counts[asked.key].wrong) + 1 >= core.settings.otp_tries_per_day
    ):
        challenge = replace(challenge, state="dead")
        unit.conn.execute(update(table).where(table.c.id == challenge.id).values(state="dead"))
    if not closed:
        breaker.count(unit, draft.channel, wrong=1, wrong_real=0 if challenge.decoy else 1)
    return Answer(result, step.purpose, draft, {**found, step.purpose: challenge})


def matches(keys: Keys, code_mac: str, *parts: str) -> bool:
    """Constant-time comparison; the only place where an answer meets a code."""
    return keys.is_mac(code_mac, "otp", *parts)


def _count_try(core: Core, unit: Unit, asked: Challenge) -> Challenge | None:
    # Guarded: of parallel answers only as many get past this line as there are tries left. What it returns is read
    # afresh: the resend of another request may have replaced the code while this one waited for the lock.
    row = unit.conn.execute(_TRY, {"of": asked.id, "tries": core.settings.otp_tries}).mappings().first()
    return proofs.challenge(row) if row else None


def _judge(core: Core, unit: Unit, step: Step, challenge: Challenge, draft: Draft, typed: str) -> Result:
    digits = otp_digits(typed) or "none"
    parts = challenges.code_parts(challenge.id, challenge.key, draft.binding, digits)
    equal = matches(core.keys, challenge.code_mac, *parts)
    # The account is read again at redemption: locked or changed meanwhile, it redeems nothing.
    account = accounts.get(core, unit.conn, challenge.account_id, lock=True)
    fits = not challenge.decoy and step.still_fits(core, account, challenge, unit.now)
    if unit.now >= challenge.expires_at:
        return "expired"
    if not (equal and fits):
        return "wrong"
    won = unit.conn.execute(_WON, {"of": challenge.id, "same": challenge.code_mac, "now": unit.now}).rowcount
    return "right" if won == 1 else "wrong"
