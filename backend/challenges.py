"""Challenges: issuing and resending a six-digit code to the address on file, or the same work for a decoy."""

import base64
from dataclasses import dataclass

import pyotp
from sqlalchemy import Connection, RowMapping, insert, select, update

from backend import accounts, breaker, counters, drafts, messages, metrics, outbox
from backend.assertion import Sender
from backend.core import Core, Unit
from backend.drafts import Draft
from backend.errors import Closed, MissingFields, SendLimit, TooSoon
from backend.schema import challenges
from backend.tasks import Task

DIGITS = 6


@dataclass(frozen=True)
class Challenge:
    """One challenge over all its codes; `account_id` is empty for a decoy. Times in seconds since the epoch."""

    id: str
    draft_id: str
    subject: str
    purpose: str
    account_id: str
    address_index: str
    code_mac: str
    state: str
    wrong: int
    sends: int
    sent_at: int
    expires_at: int
    verified_at: int | None

    def is_verified(self, core: Core, now: int) -> bool:
        """Whether it was answered right and not too long ago."""
        life_s = core.settings.otp_verified_life_s
        return self.state == "verified" and self.verified_at is not None and now < self.verified_at + life_s

    def is_over(self, core: Core, now: int) -> bool:
        """Whether the next code needs a new challenge."""
        return self.state == "dead" or (self.state == "verified" and not self.is_verified(core, now))


def current(conn: Connection, draft: Draft) -> Challenge | None:
    """The draft's challenge that was not dropped."""
    query = select(challenges).where(challenges.c.draft_id == draft.id, challenges.c.state != "dropped")
    row = conn.execute(query).mappings().first()
    return _challenge(row) if row else None


def issue(core: Core, unit: Unit, sender: Sender, task: Task) -> Draft:
    """Send a first code, or a new code of the same challenge.

    Raises MissingFields, Closed, Paused, TooSoon, SendLimit or DailyLimit: each the same for account and decoy.
    """
    if not core.settings.reset_open:
        raise Closed()
    draft = drafts.require_open(core, unit, sender, task)
    missing = [field for field in task.fields if field not in draft.fields]
    if missing:
        raise MissingFields(missing=missing)
    before = current(unit.conn, draft)
    if before is not None and before.is_verified(core, unit.now):
        return draft
    account = accounts.find(core, unit.conn, draft.fields["code"])
    asked = accounts.email_index(core, draft.fields["email"])
    fits = account is not None and account.active and account.email_index == asked
    owner = account if fits else None
    if owner is not None:
        subject = counters.account_subject(core, owner.id)
    else:
        subject = counters.decoy_subject(core, draft.fields["code"], draft.fields["email"])
    resend = before if before is not None and before.state == "sent" else None
    if resend is not None:
        # A challenge stays what it was when it began, whatever became of the account since.
        owner = owner if subject == resend.subject else None
        subject = resend.subject
    if before is not None and before.is_over(core, unit.now):
        unit.conn.execute(update(challenges).where(challenges.c.id == before.id).values(state="dropped"))
    counts = counters.lock(unit, subject, task.name)
    if resend is not None and resend.sends > core.settings.otp_resends:
        raise SendLimit()
    counters.refuse_when_spent(core, unit, counts)
    if before is not None:
        wait = before.sent_at + core.settings.otp_resend_wait_s - unit.now
        # A code from the future: the clock was set back, and nobody waits out a corrected clock.
        if 0 < wait <= core.settings.otp_resend_wait_s and before.subject == subject:
            raise TooSoon(retry_after=wait)
    if resend is None:
        breaker.refuse_when_open(unit, draft.channel, core.settings, _lot(core, subject, unit.now))
    challenge_id = resend.id if resend else core.keys.row_id()
    code = new_code(core)
    values = {
        "code_mac": code_mac(core, challenge_id, subject, task.name, draft.binding, code),
        "sends": (resend.sends if resend else 0) + 1,
        "sent_at": unit.now,
        "expires_at": unit.now + core.settings.otp_life_s,
    }
    if resend is None:
        unit.conn.execute(
            insert(challenges).values(
                id=challenge_id,
                draft_id=draft.id,
                subject=subject,
                purpose=task.name,
                account_id=owner.id if owner else "",
                decoy=owner is None,
                address_index=asked,
                state="sent",
                wrong=0,
                created_at=unit.now,
                **values,
            )
        )
    else:
        unit.conn.execute(update(challenges).where(challenges.c.id == challenge_id).values(**values))
    counters.tally(unit, subject, task.name, "send")
    outbox.withdraw(unit, challenge_id, "otp")
    to = owner.profile.email if owner and owner.profile.email else draft.fields["email"]
    letter = messages.otp_mail(sender.lang, to, code, core.settings.otp_life_s)
    not_after = unit.now + core.settings.otp_life_s
    outbox.post(core, unit, letter, kind="otp", reference=challenge_id, not_after=not_after, void=owner is None)
    breaker.count(unit, draft.channel, issued=1)
    metrics.issued(unit, task.name, draft.channel)
    return draft


def new_code(core: Core) -> str:
    """Six digits from an HOTP with a fresh 160-bit secret that is forgotten at once (RFC 4226, section 4)."""
    secret = base64.b32encode(core.randomness.octets(20)).decode("ascii")
    return pyotp.HOTP(secret, digits=DIGITS).at(0)


def _lot(core: Core, subject: str, now: int) -> int:
    # The same for as long as a refused caller is told to wait, so that asking again draws no better one.
    return int(core.keys.mac("breaker-lot", subject, str(now // breaker.RETRY_S)), 16) % 100


def code_mac(core: Core, challenge_id: str, subject: str, purpose: str, binding: str, code: str) -> str:
    """What is stored instead of the code: bound to challenge, account or decoy, purpose and conversation."""
    return core.keys.mac("otp", challenge_id, subject, purpose, binding, code)


def _challenge(row: RowMapping) -> Challenge:
    return Challenge(**{name: row[name] for name in Challenge.__dataclass_fields__})
