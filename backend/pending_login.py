"""Logins that wait for a one-time code, because another device holds the session: begun, sent a code, answered."""

from dataclasses import dataclass

from sqlalchemy import Connection

from backend import accounts, answers, challenges, drafts, metrics, proofs, sessions, submission
from backend.accounts import Account
from backend.answers import Result
from backend.assertion import ACCOUNT_PAGE, Sender
from backend.core import Core, Unit
from backend.drafts import Draft
from backend.errors import NoDraft, VerificationLost
from backend.tasks import second_device
from backend.tasks.second_device import SECOND_DEVICE


@dataclass(frozen=True)
class Pending:
    """A login that still stands: whose it is, how its code goes out, and whether one is out that may be typed now."""

    draft: Draft
    account: Account
    by: str
    is_answerable: bool


@dataclass(frozen=True)
class Judged:
    """What an answer came to; `token` and `account_id` are set when it was right."""

    result: Result
    token: str = ""
    account_id: str = ""


def waiting(device: str, attempt: str, lang: str) -> Sender:
    """The browser that waits: its device id, the random id of this login, the language of its page."""
    return Sender(ACCOUNT_PAGE, device, attempt, lang)


def begin(core: Core, unit: Unit, account: Account, device: str, earlier: str) -> str | None:
    """Note that the password was right; returns the login's id (256 bits), None where no code can reach the owner.

    `earlier` is the browser's id of a login that waits already: while its code may be typed, it goes on with that one.
    """
    fields = second_device.begun(core, account, unit.now)
    if fields is None:
        return None
    before = _found(core, unit.conn, waiting(device, earlier, "vi"), unit.now)
    if before is not None and before.account.id == account.id and before.by == fields["by"] and before.is_answerable:
        drafts.store_fields(core, unit, before.draft.id, fields)
        return earlier
    if before is not None:
        drafts.close(core, unit, before.draft, "cancelled")
    attempt = core.keys.token(32)
    draft = drafts.open_or_resume(core, unit, waiting(device, attempt, "vi"), SECOND_DEVICE)
    drafts.store_fields(core, unit, draft.id, fields)
    return attempt


def find(core: Core, conn: Connection, sender: Sender, now: int) -> Pending:
    """The login that waits in this browser; raises NoDraft when there is none that still stands."""
    found = _found(core, conn, sender, now)
    if found is None:
        raise NoDraft()
    return found


def send(core: Core, sender: Sender) -> None:
    """Send its code, or a new one. Raises NoDraft, and whatever `challenges.issue` refuses."""
    with core.writing() as unit:
        find(core, unit.conn, sender, unit.now)
        challenges.issue(core, unit, sender, SECOND_DEVICE)


def answer(core: Core, sender: Sender, typed: str) -> Judged:
    """Judge what was typed; the right code opens this device's session and ends the other's, in one transaction.

    Raises NoDraft or VerificationLost when the login stands no longer, DailyLimit for a browser that guessed too much.
    """
    with core.writing() as unit:
        pending = find(core, unit.conn, sender, unit.now)
        result = answers.answer(core, unit, sender, SECOND_DEVICE, typed).result
        metrics.answered(unit, SECOND_DEVICE.name, sender.channel, result)
        if result != "right":
            return Judged(result)
        try:
            submission.submit(core, unit, sender, SECOND_DEVICE, None)
        except VerificationLost as error:
            unit.refusal = error  # what was proved is used up for good
            return Judged("dead")
        token = sessions.begin(core, unit, pending.account.id, sender.sender)
    return Judged("right", token, pending.account.id)


def _found(core: Core, conn: Connection, sender: Sender, now: int) -> Pending | None:
    try:
        draft = drafts.newest(core, conn, sender, SECOND_DEVICE, now)
    except NoDraft:
        return None
    if draft.state != "open" or SECOND_DEVICE.missing(draft.fields):
        return None
    account = accounts.find(core, conn, draft.fields["code"])
    if account is None or not second_device.stands(core, account, draft.fields, now):
        return None
    asked = proofs.of_draft(conn, draft.id).get(SECOND_DEVICE.name)
    answerable = asked is not None and asked.state == "sent" and now < asked.expires_at
    return Pending(draft, account, draft.fields["by"], answerable)
