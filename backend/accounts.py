"""Accounts as values: found by blind index, personal data sealed, never an ORM object."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, Connection, RowMapping, Select, bindparam, delete, insert, select, update

from backend.core import Core, Unit
from backend.schema import accounts, sessions

# Built once: SQLAlchemy takes longer to build a statement than SQLite to run it.
_INDEXES: BindParameter[Any] = bindparam("indexes", expanding=True)
_BY_CODE = select(accounts).where(accounts.c.code_index.in_(_INDEXES))
_BY_PERSON = select(accounts).where(accounts.c.personal_index.in_(_INDEXES))
_BY_ID = select(accounts).where(accounts.c.id == bindparam("of"))
_BY_ID_LOCKED = _BY_ID.with_for_update()


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
    phone_changed_at: int | None
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


def address_indexes(core: Core, address: str) -> list[str]:
    """Blind indexes of a canonical email address or E.164 number, under every key of the ring."""
    return core.keys.macs("index-email" if "@" in address else "index-phone", address)


def address_index(core: Core, address: str) -> str:
    """The one of them that is written."""
    return address_indexes(core, address)[0]


def find(core: Core, conn: Connection, code: str) -> Account | None:
    """The account with that code or personal number; one statement whether it exists or not."""
    if len(code) == 12:
        return find_person(core, conn, code)
    return _first(core, conn, _BY_CODE, {"indexes": core.keys.macs("index-code", code)})


def find_person(core: Core, conn: Connection, id_number: str) -> Account | None:
    """The account of the person with that identity number."""
    return _first(core, conn, _BY_PERSON, {"indexes": core.keys.macs("index-code", id_number)})


def get(core: Core, conn: Connection, account_id: str, *, lock: bool = False) -> Account | None:
    """The account with that id, its row locked when asked (SQLite holds the write lock anyway)."""
    return _first(core, conn, _BY_ID_LOCKED if lock else _BY_ID, {"of": account_id})


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


def profile_of(opened: str) -> Profile:
    """What was sealed, as a value."""
    return Profile(**json.loads(opened))


def row_of(core: Core, account_id: str, profile: Profile) -> dict[str, object]:
    """The columns that follow from the profile: sealed, and to be found by."""
    body = json.dumps(asdict(profile), ensure_ascii=False)
    index = core.keys.mac
    return {
        "code_index": index("index-code", profile.bhxh_code),
        "personal_index": index("index-code", profile.personal_id) if profile.personal_id else None,
        "email_index": address_index(core, profile.email) if profile.email else None,
        "profile_sealed": core.keys.seal(body, table="accounts", column="profile", row=account_id),
    }


def create(core: Core, unit: Unit, profile: Profile, status: str, encoded: str) -> str:
    """Insert an account with a permanent password hash; returns its id."""
    made = row(core, profile, status, encoded, unit.now)
    unit.conn.execute(insert(accounts).values(made))
    return str(made["id"])


def row(core: Core, profile: Profile, status: str, encoded: str, now: int) -> dict[str, object]:
    """A new account's row, everything personal sealed; `now` in seconds since the epoch. The one place that makes it."""
    account_id = core.keys.row_id()
    return {
        "id": account_id,
        "status": status,
        "password_sealed": core.keys.seal(encoded, table="accounts", column="password", row=account_id),
        "password_temporary": False,
        "password_set_at": now,
        "password_expires_at": None,
        "created_at": now,
        **row_of(core, account_id, profile),
    }


def taken(core: Core, conn: Connection, codes: Collection[str]) -> set[str]:
    """Which of these codes and personal numbers somebody has, in two statements."""
    by_index = {index: code for code in codes for index in core.keys.macs("index-code", code)}
    found: set[str] = set()
    for column in (accounts.c.code_index, accounts.c.personal_index):
        hits = conn.execute(select(column).where(column.in_(by_index))).scalars()
        found.update(by_index[hit] for hit in hits)
    return found


def change_profile(core: Core, unit: Unit, account: Account, **changes: str) -> Profile:
    """Put new details on file; a new phone receives no codes for a while. Returns the new profile."""
    profile = replace(account.profile, **changes)
    values = row_of(core, account.id, profile)
    if profile.phone != account.profile.phone:
        values["phone_changed_at"] = unit.now
    unit.conn.execute(update(accounts).where(accounts.c.id == account.id).values(**values))
    return profile


def open_waiting(core: Core, unit: Unit, account: Account, profile: Profile) -> None:
    """A waiting account becomes active with what its application says."""
    values = row_of(core, account.id, profile)
    unit.conn.execute(update(accounts).where(accounts.c.id == account.id).values(status="active", **values))


def _first(core: Core, conn: Connection, query: Select[Any], given: dict[str, object]) -> Account | None:
    row = conn.execute(query, given).mappings().first()
    return _account(core, row) if row else None


def _account(core: Core, row: RowMapping) -> Account:
    row_id = row["id"]
    profile = profile_of(core.keys.unseal(row["profile_sealed"], table="accounts", column="profile", row=row_id))
    return Account(
        id=row_id,
        profile=profile,
        status=row["status"],
        phone_changed_at=row["phone_changed_at"],
        password=core.keys.unseal(row["password_sealed"], table="accounts", column="password", row=row_id),
        password_temporary=row["password_temporary"],
        password_set_at=row["password_set_at"],
        password_expires_at=row["password_expires_at"],
    )
