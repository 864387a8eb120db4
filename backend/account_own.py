"""What a logged-in person does with the own account: changing the password."""

from dataclasses import dataclass

from backend import accounts, audit, messages, owner, password_rules, throttle
from backend.accounts import Account
from backend.assertion import ACCOUNT_PAGE
from backend.core import Core


@dataclass(frozen=True)
class PasswordChange:
    """What was typed into the form, and the language (`vi` or `en`) of the page it stood on."""

    current: str
    new: str
    again: str
    lang: str = "vi"


@dataclass(frozen=True)
class Refusal:
    """Why the password stays as it is; `wait_s` in seconds when the reason is `wait`."""

    reason: str
    wait_s: int = 0


def asks_current(account: Account) -> bool:
    """The present password is asked again, but for a temporary one that was typed a moment ago."""
    return not account.password_temporary


def change_password(core: Core, account: Account, change: PasswordChange) -> Refusal | None:
    """Set a permanent password and end every session; returns the refusal, or None when it is done.

    Reasons: `differ`, `wait`, `current_wrong`, `same`, those of `password_rules.refusal`, `ended` when the account
    changed meanwhile. Raises Busy when the hashing queue is full.
    """
    if change.new != change.again:
        return Refusal("differ")
    reason = password_rules.refusal(change.new, account.profile)
    if reason:
        return Refusal(reason)
    refusal = _refuse_current(core, account, change) if asks_current(account) else None
    if refusal:
        return refusal
    if core.hasher.verify(account.password, change.new):
        return Refusal("same")
    encoded = core.hasher.hash(change.new)
    with core.writing() as unit:
        now = accounts.get(core, unit.conn, account.id, lock=True)
        # A reset that came between wins: its password is newer than what this form was opened for.
        if now is None or not now.active or now.password != account.password or now.has_outlived(unit.now):
            return Refusal("ended")
        accounts.set_password(core, unit, account.id, encoded, temporary=False, expires_at=None)
        accounts.end_sessions(unit, account.id)
        owner.tell(core, unit, account.id, account.profile, lambda how, to: messages.password_changed(change.lang, how, to))
        audit.record(unit, "password_changed", account.id, ACCOUNT_PAGE)
    return None


def _refuse_current(core: Core, account: Account, change: PasswordChange) -> Refusal | None:
    # Throttled like a login: whoever finds an open session must not find out the password with it.
    subject = throttle.own_page_subject(account.id)
    with core.writing() as unit:
        wait_s = throttle.begin(core, unit, subject)
    if wait_s > 0:
        return Refusal("wait", wait_s)
    if not core.hasher.verify(account.password, change.current):
        return Refusal("current_wrong")
    with core.writing() as unit:
        throttle.clear(unit, subject)
    return None
