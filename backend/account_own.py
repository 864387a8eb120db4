"""What a logged-in person does with the own account: changing the password."""

from dataclasses import dataclass

from backend import accounts, audit, messages, outbox, password_rules
from backend.accounts import Account
from backend.core import Core


@dataclass(frozen=True)
class PasswordChange:
    """What was typed into the form."""

    current: str
    new: str
    again: str


def asks_current(account: Account) -> bool:
    """The present password is asked again, but for a temporary one that was typed a moment ago."""
    return not account.password_temporary


def change_password(core: Core, account: Account, change: PasswordChange) -> str | None:
    """Set a permanent password and end every session; returns the reason when it is refused.

    Reasons: `differ`, `current_wrong`, `same`, those of `password_rules.refusal`, `ended` when the account changed
    meanwhile. Raises Busy when the hashing queue is full.
    """
    if change.new != change.again:
        return "differ"
    reason = password_rules.refusal(change.new, account.profile)
    if reason:
        return reason
    if asks_current(account) and not core.hasher.verify(account.password, change.current):
        return "current_wrong"
    if core.hasher.verify(account.password, change.new):
        return "same"
    encoded = core.hasher.hash(change.new)
    with core.writing() as unit:
        now = accounts.get(core, unit.conn, account.id, lock=True)
        # A reset that came between wins: its password is newer than what this form was opened for.
        if now is None or not now.active or now.password != account.password:
            return "ended"
        accounts.set_password(core, unit, account.id, encoded, temporary=False, expires_at=None)
        accounts.end_sessions(unit, account.id)
        if account.profile.email:
            notice = messages.changed_mail("vi", account.profile.email)
            outbox.post(core, unit, notice, kind="notice", reference=account.id, not_after=None)
        audit.record(unit, "password_changed", account.id, "account_page")
    return None
