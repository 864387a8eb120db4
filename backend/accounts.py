"""Accounts as values: found by blind index, personal data sealed, never an ORM object."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from backend.core import Core, Unit
from backend.schema import accounts, sessions


@dataclass(frozen=True)
class Profile:
    """What is on file about a person. Email is canonical, phone is E.164, dob is ISO 8601."""

    bhxh_code: str
    full_name: str
    dob: str | None
    personal_id: str | None
    phone: str | None
    email: str | None
    province: str | None


@dataclass(frozen=True)
class Account:
    """One account. Times are seconds since the epoch; `password` is the encoded argon2 hash."""

    id: str
    profile: Profile
    status: str
    email_index: str | None
    password: str
    password_temporary: bool
    password_set_at: int
    password_expires_at: int | None

    @property
    def active(self) -> bool:
        """Whether anything can be redeemed for this account."""
        return self.status == "active"

    def has_outlived(self, now: int) -> bool:
        """Whether the password is a temporary one past its life."""
        return self.password_temporary and self.password_expires_at is not None and now >= self.password_expires_at


def code_index(core: Core, code: str) -> str:
    """Blind index of a 10-digit code or a 12-digit personal number (their lengths keep them apart)."""
    return core.keys.mac("index-code", code)


def email_index(core: Core, email: str) -> str:
    """Blind index of a canonical address."""
    return core.keys.mac("index-email", email)


def find(core: Core, conn: Connection, code: str) -> Account | None:
    """The account with that code or personal number; one statement whether it exists or not."""
    column = accounts.c.personal_index if len(code) == 12 else accounts.c.code_index
    row = conn.execute(select(accounts).where(column == code_index(core, code))).mappings().first()
    return _account(core, row) if row else None


def get(core: Core, conn: Connection, account_id: str, *, lock: bool = False) -> Account | None:
    """The account with that id, its row locked when asked (SQLite holds the write lock anyway)."""
    query = select(accounts).where(accounts.c.id == account_id)
    row = conn.execute(query.with_for_update() if lock else query).mappings().first()
    return _account(core, row) if row else None


def set_password(core: Core, unit: Unit, account_id: str, encoded: str, *, temporary: bool, expires_at: int | None) -> None:
    """Store a new password hash, sealed with the row's id (a pepper and a guard against moved rows)."""
    sealed = core.keys.seal(encoded, table="accounts", column="password", row=account_id)
    unit.conn.execute(
        update(accounts)
        .where(accounts.c.id == account_id)
        .values(
            password_sealed=sealed,
            password_temporary=temporary,
            password_set_at=unit.now,
            password_expires_at=expires_at,
        )
    )


def end_sessions(unit: Unit, account_id: str) -> None:
    """End every session of the account."""
    unit.conn.execute(delete(sessions).where(sessions.c.account_id == account_id))


def create(core: Core, unit: Unit, profile: Profile, status: str, encoded: str) -> str:
    """Insert an account with a permanent password hash; returns its id."""
    made = row(core, profile, status, encoded, unit.now)
    unit.conn.execute(insert(accounts).values(made))
    return str(made["id"])


def row(core: Core, profile: Profile, status: str, encoded: str, now: int) -> dict[str, object]:
    """A new account's row, everything personal sealed; `now` in seconds since the epoch. The one place that makes it."""
    account_id = core.keys.row_id()
    body = json.dumps(asdict(profile), ensure_ascii=False)
    return {
        "id": account_id,
        "code_index": code_index(core, profile.bhxh_code),
        "personal_index": code_index(core, profile.personal_id) if profile.personal_id else None,
        "email_index": email_index(core, profile.email) if profile.email else None,
        "profile_sealed": core.keys.seal(body, table="accounts", column="profile", row=account_id),
        "status": status,
        "password_sealed": core.keys.seal(encoded, table="accounts", column="password", row=account_id),
        "password_temporary": False,
        "password_set_at": now,
        "password_expires_at": None,
        "created_at": now,
    }


def taken(core: Core, conn: Connection, codes: Collection[str]) -> set[str]:
    """Which of these codes and personal numbers somebody has, in two statements."""
    by_index = {code_index(core, code): code for code in codes}
    found: set[str] = set()
    for column in (accounts.c.code_index, accounts.c.personal_index):
        hits = conn.execute(select(column).where(column.in_(by_index))).scalars()
        found.update(by_index[hit] for hit in hits)
    return found


def _account(core: Core, row: RowMapping) -> Account:
    row_id = row["id"]
    profile = json.loads(core.keys.unseal(row["profile_sealed"], table="accounts", column="profile", row=row_id))
    return Account(
        id=row_id,
        profile=Profile(**profile),
        status=row["status"],
        email_index=row["email_index"],
        password=core.keys.unseal(row["password_sealed"], table="accounts", column="password", row=row_id),
        password_temporary=row["password_temporary"],
        password_set_at=row["password_set_at"],
        password_expires_at=row["password_expires_at"],
    )
