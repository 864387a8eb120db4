"""Logging in with code and password: counted first, the same work for an unknown account; one device at a time."""

from dataclasses import dataclass
from typing import Literal

from backend import accounts, audit, pending_login, sessions, throttle
from backend.accounts import Account
from backend.assertion import ACCOUNT_PAGE
from backend.core import Core
from backend.errors import BadValue
from backend.identifiers import insurance_code

Outcome = Literal["in", "wrong", "wait", "old_temporary", "code", "held"]


@dataclass(frozen=True)
class LoginResult:
    """What came of it; `token` is set when in, `wait_s` in seconds when to wait.

    Where another device holds the session, `code` asks for a one-time code under the waiting login's id `attempt`, and
    `held` says that no code can reach the owner.
    """

    outcome: Outcome
    token: str = ""
    wait_s: int = 0
    subject: str = ""
    attempt: str = ""


def login_subject(core: Core, account_id: str | None, code: str) -> str:
    """The key failed logins are counted under: the account, or the code nobody has."""
    return account_id or core.keys.mac("login-subject", "decoy", code)


def device_mark(core: Core, device: str, subject: str) -> str:
    """The proof, kept in the device's cookie, that this device logged in to this account."""
    return core.keys.mac("device", device, subject)


def attempt(core: Core, typed_code: str, password: str, device: str, mark: str, waiting: str = "") -> LoginResult:
    """Try to log in. `device` is the device cookie's id, `mark` the proof that it once logged in to this account.

    A device that logged in before has its own counter: strangers who guess cannot lock its owner out. `waiting` is the id of
    a login of this browser that waits for its code already.
    """
    try:
        code = insurance_code(typed_code)
    except BadValue:
        code = "none"
    with core.writing() as unit:
        account = accounts.find(core, unit.conn, code)
        subject = login_subject(core, account.id if account else None, code)
        trusted = core.keys.is_mac(mark, "device", device, subject)
        throttled = f"{device}.{subject}" if trusted else subject
        wait_s = throttle.begin(core, unit, throttled)
        if wait_s > 0:
            return LoginResult("wait", wait_s=wait_s, subject=subject)
    fits = core.hasher.verify(account.password if account else core.hasher.dummy, password)
    if account is None or not fits or not account.active:
        return LoginResult("wrong", subject=subject)
    with core.writing() as unit:
        # Read again: the password may have been reset while this one was being hashed.
        now = accounts.get(core, unit.conn, account.id, lock=True)
        if now is None or not now.active or now.password != account.password:
            return LoginResult("wrong", subject=subject)
        if now.has_outlived(unit.now):
            return LoginResult("old_temporary", subject=subject)
        throttle.clear(unit, throttled)
        if sessions.is_held_elsewhere(core, unit, account.id, device):
            pending = pending_login.begin(core, unit, now, device, waiting)
            return LoginResult("code" if pending else "held", subject=subject, attempt=pending or "")
        token = sessions.begin(core, unit, account.id, device)
        audit.record(unit, "logged_in", account.id, ACCOUNT_PAGE)
    return LoginResult("in", token=token, subject=subject)


def must_change(core: Core, account: Account, now: int) -> bool:
    """Whether nothing but changing the password is open to this account."""
    age_s = now - account.password_set_at
    return account.password_temporary or age_s >= core.settings.login_password_age_days * 86_400
