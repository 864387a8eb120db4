"""Answers to a challenge: counted first, compared second, one winner; all in one committed transaction."""

from typing import Literal

from sqlalchemy import update

from backend import accounts, breaker, challenges, counters, drafts
from backend.assertion import Sender
from backend.challenges import Challenge
from backend.core import Core, Unit
from backend.drafts import Draft
from backend.identifiers import otp_digits
from backend.keys import same
from backend.schema import challenges as table
from backend.tasks import Task

Result = Literal["right", "wrong", "expired", "dead"]


def answer(core: Core, unit: Unit, sender: Sender, task: Task, typed: str) -> tuple[Result, Draft]:
    """Judge what was typed. Raises NoDraft or DraftClosed; everything else is one of four results."""
    draft = drafts.require_open(core, unit, sender, task)
    challenge = challenges.current(unit.conn, draft)
    if challenge is None:
        return "dead", draft
    counts = counters.lock(unit, challenge.subject, challenge.purpose)
    # Guarded: of parallel answers only as many get past this line as there are tries left.
    wrong = unit.conn.execute(
        update(table)
        .where(table.c.id == challenge.id, table.c.state == "sent", table.c.wrong < core.settings.otp_tries)
        .values(wrong=table.c.wrong + 1)
        .returning(table.c.wrong)
    ).scalar()
    if wrong is None:
        return "dead", draft
    counted = counters.count_wrong(unit, challenge.subject, challenge.purpose)
    if counters.closed_by_answers(core, counts):
        _set_state(unit, challenge, "dead")
        return "dead", draft
    result = _judge(core, unit, challenge, draft, typed)
    if result == "right":
        counters.uncount_right(unit, challenge.subject, challenge.purpose, counted)
        breaker.count(unit, draft.channel)
        return result, draft
    if wrong >= core.settings.otp_tries or len(counts.wrong) + 1 >= core.settings.otp_tries_per_day:
        _set_state(unit, challenge, "dead")
    breaker.count(unit, draft.channel, wrong=1, wrong_real=1 if challenge.account_id else 0)
    return result, draft


def matches(expected: str, given: str) -> bool:
    """Constant-time comparison of two MACs; the only place where an answer meets a code."""
    return same(expected, given)


def _judge(core: Core, unit: Unit, challenge: Challenge, draft: Draft, typed: str) -> Result:
    digits = otp_digits(typed) or "none"
    given = challenges.code_mac(core, challenge.id, challenge.subject, challenge.purpose, draft.binding, digits)
    # Read afresh: the resend of another request may have replaced the code while this one waited for the lock.
    fresh = challenges.current(unit.conn, draft)
    equal = fresh is not None and matches(fresh.code_mac, given)
    # The account is read again at redemption: locked or changed meanwhile, it redeems nothing.
    account = accounts.get(core, unit.conn, challenge.account_id, lock=True)
    fits = account is not None and account.active and account.email_index == challenge.address_index
    if fresh is None or unit.now >= fresh.expires_at:
        return "expired"
    if not (equal and fits):
        return "wrong"
    won = unit.conn.execute(
        update(table)
        .where(table.c.id == challenge.id, table.c.state == "sent", table.c.code_mac == given)
        .values(state="verified", verified_at=unit.now, wrong=table.c.wrong - 1)
    ).rowcount
    return "right" if won == 1 else "wrong"


def _set_state(unit: Unit, challenge: Challenge, state: str) -> None:
    unit.conn.execute(update(table).where(table.c.id == challenge.id).values(state=state))
