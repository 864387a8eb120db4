"""Sessions of the account page: an opaque token stored hashed, one an account, idle and total life."""

import hashlib

from sqlalchemy import ColumnElement, Connection, delete, exists, literal, select, update

from backend import accounts
from backend.accounts import Account
from backend.core import Core, Unit
from backend.database import insert_into
from backend.schema import displaced_sessions, sessions


def begin(core: Core, unit: Unit, account_id: str, device: str) -> str:
    """A new token of 256 bits for that device; in one statement it replaces the account's earlier session.

    A living session of another device is remembered as displaced, so that it can be told. The caller holds the account's lock.
    """
    token = core.keys.token(32)
    elsewhere = select(sessions.c.token_hash, sessions.c.account_id, literal(unit.now)).where(
        *_held_elsewhere(core, unit, account_id, device)
    )
    told = insert_into(unit.conn, displaced_sessions).from_select(["token_hash", "account_id", "at"], elsewhere)
    unit.conn.execute(told.on_conflict_do_nothing())
    values = {"token_hash": _hashed(token), "device_hash": _hashed(device), "created_at": unit.now, "seen_at": unit.now}
    row = insert_into(unit.conn, sessions).values(account_id=account_id, **values)
    unit.conn.execute(row.on_conflict_do_update(index_elements=["account_id"], set_=values))
    return token


def is_held_elsewhere(core: Core, unit: Unit, account_id: str, device: str) -> bool:
    """Whether a device other than this one holds a living session of the account."""
    return bool(unit.conn.execute(select(exists().where(*_held_elsewhere(core, unit, account_id, device)))).scalar())


def whose(core: Core, unit: Unit, token: str) -> Account | None:
    """The active account of a living session, whose idle time begins anew; None for everything else.

    A session opened with a temporary password ends with that password's life.
    """
    query = select(sessions).where(sessions.c.token_hash == _hashed(token), *_living(core, unit))
    row = unit.conn.execute(query).mappings().first()
    if row is None:
        return None
    account = accounts.get(core, unit.conn, row["account_id"])
    if account is None or not account.active or account.has_outlived(unit.now):
        return None
    unit.conn.execute(update(sessions).where(sessions.c.token_hash == row["token_hash"]).values(seen_at=unit.now))
    return account


def was_displaced(conn: Connection, token: str) -> bool:
    """Whether the session with that token ended because another device logged in."""
    return bool(conn.execute(select(exists().where(displaced_sessions.c.token_hash == _hashed(token)))).scalar())


def end(unit: Unit, token: str) -> None:
    """End the session with that token."""
    unit.conn.execute(delete(sessions).where(sessions.c.token_hash == _hashed(token)))


def _living(core: Core, unit: Unit) -> tuple[ColumnElement[bool], ...]:
    limits = core.settings
    return (sessions.c.seen_at > unit.now - limits.login_idle_s, sessions.c.created_at > unit.now - limits.login_total_s)


def _held_elsewhere(core: Core, unit: Unit, account_id: str, device: str) -> tuple[ColumnElement[bool], ...]:
    return (sessions.c.account_id == account_id, sessions.c.device_hash != _hashed(device), *_living(core, unit))


def _hashed(secret: str) -> str:
    # A plain hash is enough for what the server drew at random: 256 bits of a token, 128 of a device.
    return hashlib.sha256(secret.encode()).hexdigest()
