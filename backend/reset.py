"""The end of a reset: a temporary password by mail, everything else of the account ended, the owner told."""

from dataclasses import dataclass

from sqlalchemy import select, update

from backend import accounts, audit, challenges, counters, drafts, messages, outbox
from backend.assertion import Sender
from backend.core import Core, Unit
from backend.drafts import Draft
from backend.errors import BackendError, Closed, NotVerified, VerificationLost
from backend.passwords import temporary_password
from backend.schema import challenges as challenge_table
from backend.schema import drafts as draft_table
from backend.tasks import Task


@dataclass(frozen=True)
class Prepared:
    """A new password and its hash, made before the transaction so that hashing never holds a lock."""

    password: str
    encoded: str


def prepare(core: Core, sender: Sender, task: Task) -> Prepared | None:
    """Hash a new password if the draft looks redeemable; the transaction decides again."""
    now = core.clock.now()
    with core.database.read() as conn:
        try:
            draft = drafts.newest(core, conn, sender, task, now)
        except BackendError:
            return None
        challenge = challenges.current(conn, draft)
    if draft.state != "open" or challenge is None or not challenge.is_verified(core, now):
        return None
    password = temporary_password(core.randomness)
    return Prepared(password, core.hasher.hash(password))


def redeem(core: Core, unit: Unit, sender: Sender, task: Task, prepared: Prepared | None) -> Draft:
    """Set the temporary password and end everything else of the account.

    Raises NotVerified or DraftClosed, and VerificationLost when the account was locked or changed since: the
    verification is over then, also for the time after.
    """
    if not core.settings.reset_open:
        raise Closed()
    draft = drafts.require_open(core, unit, sender, task)
    challenge = challenges.current(unit.conn, draft)
    if challenge is None or not challenge.is_verified(core, unit.now) or prepared is None:
        raise NotVerified()
    counters.lock(unit, challenge.subject, challenge.purpose)
    # Guarded: a verified challenge is redeemed once.
    won = unit.conn.execute(
        update(challenge_table)
        .where(challenge_table.c.id == challenge.id, challenge_table.c.state == "verified")
        .values(state="used")
    ).rowcount
    account = accounts.get(core, unit.conn, challenge.account_id, lock=True)
    if won != 1:
        raise NotVerified()
    if account is None or not account.active or account.email_index != challenge.address_index:
        unit.conn.execute(update(challenge_table).where(challenge_table.c.id == challenge.id).values(state="dead"))
        raise VerificationLost()
    life_s = core.settings.reset_password_life_s
    expires_at = unit.now + life_s
    accounts.set_password(core, unit, account.id, prepared.encoded, temporary=True, expires_at=expires_at)
    accounts.end_sessions(unit, account.id)
    _end_other_work(unit, account, draft)
    outbox.withdraw(unit, account.id, "password")
    profile = account.profile
    url = f"{core.settings.public_url}/account/login"
    if profile.email:
        notice = messages.notice_mail(sender.lang, profile.email)
        outbox.post(core, unit, notice, kind="notice", reference=account.id, not_after=None)
    if profile.phone:
        notice = messages.notice_sms(sender.lang, profile.phone)
        outbox.post(core, unit, notice, kind="notice", reference=account.id, not_after=None)
    if profile.email:
        letter = messages.password_mail(sender.lang, profile.email, prepared.password, life_s, url)
        outbox.post(core, unit, letter, kind="password", reference=account.id, not_after=expires_at)
    audit.record(unit, "password_reset", account.id, draft.channel)
    return drafts.close(unit, draft, "done")


def _end_other_work(unit: Unit, account: accounts.Account, draft: Draft) -> None:
    table = challenge_table.c
    # Only drafts that gave code and email: one that ended although it gave the code alone would tell that the code exists.
    theirs = select(table.draft_id).where(table.account_id == account.id, table.state != "dropped")
    unit.conn.execute(
        update(draft_table)
        .where(
            draft_table.c.state == "open",
            draft_table.c.id != draft.id,
            draft_table.c.id.in_(theirs),
        )
        .values(state="cancelled", fields_sealed=None, code_index=None)
    )
    unit.conn.execute(
        update(challenge_table).where(table.account_id == account.id, table.draft_id != draft.id).values(state="dropped")
    )
