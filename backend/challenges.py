"""Issuing one-time codes: a first code or a new one of the same challenge, to the address on file, or a decoy's same work."""

import base64

import pyotp
from sqlalchemy import insert, update

from backend import accounts, breaker, counters, drafts, messages, metrics, outbox, proofs, sending
from backend.assertion import Sender
from backend.core import Core, Unit
from backend.drafts import Draft
from backend.errors import MissingFields, SendLimit, TooSoon
from backend.proofs import Challenge, Proofs
from backend.schema import challenges
from backend.tasks import closing
from backend.tasks.steps import Recipient, Step
from backend.tasks.task import Task

DIGITS = 6
_NEW = insert(challenges)  # built once: that takes SQLAlchemy longer than SQLite takes to run it


def current_step(core: Core, task: Task, fields: dict[str, str], found: Proofs, now: int) -> Step | None:
    """The first step that is not proved yet; the last one when all are; None for a task without steps."""
    steps = task.steps(fields)
    for step in steps:
        if step.purpose not in found or not found[step.purpose].is_verified(core, now):
            return step
    return steps[-1] if steps else None


def issue(core: Core, unit: Unit, sender: Sender, task: Task) -> Draft:
    """Send a code for the step that is to be proved next.

    Raises MissingFields, Closed, Paused, TooSoon, SendLimit or DailyLimit: each the same for account and decoy.
    """
    closing.refuse(core, task, sender)
    draft = drafts.require_open(core, unit, sender, task)
    found = proofs.of_draft(unit.conn, draft.id)
    step = current_step(core, task, draft.fields, found, unit.now)
    missing = [name for name in (step.needs if step else task.missing(draft.fields)) if name not in draft.fields]
    if step is None or missing:
        raise MissingFields(missing=missing)
    before = found.get(step.purpose)
    if before is not None and before.is_verified(core, unit.now):
        return draft
    to = step.recipient(core, unit.conn, draft.fields, found, unit.now)
    resend = before if before is not None and before.state == "sent" else None
    if resend is not None and (resend.decoy or to.key != resend.key):
        # A challenge stays what it was when it began, whatever became of the account since.
        to = Recipient(resend.key, "", to.address, decoy=True)
    if before is not None and before.is_over(core, unit.now):
        unit.conn.execute(update(challenges).where(challenges.c.id == before.id).values(state="dropped"))
    keys = sending.keys(core, sender, step.channel, to)
    counts = counters.lock(unit, [to.key, *keys])
    if resend is not None and resend.sends > core.settings.otp_resends:
        raise SendLimit()
    counters.refuse_when_spent(core, unit, counts[to.key])
    _refuse_too_soon(core, unit, before, to)
    sending.refuse_when_spent(core, unit, counts[keys.sender])
    if resend is None:
        breaker.refuse_when_open(unit, draft.channel, core.settings, _lot(core, to.key.subject, unit.now))
    sending.refuse_over_budget(core, unit, step.channel)
    void = to.decoy or sending.is_full(core, counts[keys.address])
    code = new_code(core)
    challenge_id = _store(core, unit, draft, step, to, resend, code)
    counters.tally(unit, "send", to.key, keys.sender, keys.address)
    outbox.withdraw(unit, challenge_id, "otp")
    letter = messages.one_time_code(sender.lang, step.channel, to.address, step.purpose, code, core.settings.otp_life_s)
    not_after = unit.now + core.settings.otp_life_s
    outbox.post(core, unit, letter, kind="otp", reference=challenge_id, not_after=not_after, void=void)
    sending.count(unit, step.channel)
    breaker.count(unit, draft.channel, issued=1)
    metrics.issued(unit, step.purpose, draft.channel)
    return draft


def new_code(core: Core) -> str:
    """Six digits from an HOTP with a fresh 160-bit secret that is forgotten at once (RFC 4226, section 4)."""
    secret = base64.b32encode(core.randomness.octets(20)).decode("ascii")
    return pyotp.HOTP(secret, digits=DIGITS).at(0)


def code_parts(challenge_id: str, key: counters.Key, binding: str, code: str) -> tuple[str, ...]:
    """What a code's MAC covers: challenge, account or decoy, purpose, conversation and the code."""
    return (challenge_id, key.subject, key.purpose, binding, code)


def _refuse_too_soon(core: Core, unit: Unit, before: Challenge | None, to: Recipient) -> None:
    if before is None:
        return
    wait = before.sent_at + core.settings.otp_resend_wait_s - unit.now
    # A code from the future: the clock was set back, and nobody waits out a corrected clock.
    if 0 < wait <= core.settings.otp_resend_wait_s and before.key == to.key:
        raise TooSoon(retry_after=wait)


def _store(core: Core, unit: Unit, draft: Draft, step: Step, to: Recipient, resend: Challenge | None, code: str) -> str:
    challenge_id = resend.id if resend else core.keys.row_id()
    values = {
        "code_mac": core.keys.mac("otp", *code_parts(challenge_id, to.key, draft.binding, code)),
        "sends": (resend.sends if resend else 0) + 1,
        "sent_at": unit.now,
        "expires_at": unit.now + core.settings.otp_life_s,
    }
    if resend is not None:
        unit.conn.execute(update(challenges).where(challenges.c.id == challenge_id).values(**values))
        return challenge_id
    made = {
        "id": challenge_id,
        "draft_id": draft.id,
        "subject": to.key.subject,
        "purpose": step.purpose,
        "decoy": to.decoy,
        "account_id": to.account_id,
        "address_index": accounts.address_index(core, to.address),
        "state": "sent",
        "wrong": 0,
        "created_at": unit.now,
    }
    unit.conn.execute(_NEW, made | values)
    return challenge_id


def _lot(core: Core, subject: str, now: int) -> int:
    # The same for as long as a refused caller is told to wait, so that asking again draws no better one.
    return int(core.keys.mac("breaker-lot", subject, str(now // breaker.RETRY_S)), 16) % 100
