"""Sessions of the account page: an opaque token stored hashed, one an account, idle and total life."""

import hashlib

from sqlalchemy import delete, select, update

from backend import accounts
from backend.accounts import Account
from backend.core import Core, Unit
from backend.database import insert_into
from backend.schema import sessions


def begin(core: Core, unit: Unit, account_id: str) -> str:
    """A new token of 256 bits; in one statement it displaces the account's earlier session."""
    token = core.keys.token(32)
    row = insert_into(unit.conn, sessions).values(
        account_id=account_id, token_hash=_hashed(token), created_at=unit.now, seen_at=unit.now
    )
    unit.conn.execute(
        row.on_conflict_do_update(
            index_elements=["account_id"],
            set_={"token_hash": row.excluded.token_hash, "created_at": unit.now, "seen_at": unit.now},
        )
    )
    return token


def whose(core: Core, unit: Unit, token: str) -> Account | None:
    """The active account of a living session, whose idle time begins anew; None for everything else.

    A session opened with a temporary password ends with that password's life.
    """
    limits = core.settings
    query = select(sessions).where(
        sessions.c.token_hash == _hashed(token),
        sessions.c.seen_at > unit.now - limits.login_idle_s,
        sessions.c.created_at > unit.now - limits.login_total_s,
    )
    row = unit.conn.execute(query).mappings().first()
    if row is None:
        return None
    account = accounts.get(core, unit.conn, row["account_id"])
    if account is None or not account.active or account.has_outlived(unit.now):
        return None
    unit.conn.execute(update(sessions).where(sessions.c.token_hash == row["token_hash"]).values(seen_at=unit.now))
    return account


def end(unit: Unit, token: str) -> None:
    """End the session with that token."""
    unit.conn.execute(delete(sessions).where(sessions.c.token_hash == _hashed(token)))


def _hashed(token: str) -> str:
    # A plain hash is enough for 256 random bits.
    return hashlib.sha256(token.encode()).hexdigest()
