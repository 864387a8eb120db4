"""The password that a call is told: kept sealed for a moment under a handle which that call, and no other, redeems once."""

import hashlib

from sqlalchemy import delete, insert

from backend import drafts
from backend.assertion import Sender
from backend.core import Core, Unit
from backend.errors import NotFound
from backend.schema import spoken_passwords as table


def keep(core: Core, unit: Unit, account_id: str, binding: str, password: str) -> str:
    """Keep the password for the conversation with that binding; returns the handle (256 bits, stored hashed)."""
    handle = core.keys.token(32)
    row = hashed(handle)
    unit.conn.execute(
        insert(table).values(
            handle_hash=row,
            account_id=account_id,
            binding=binding,
            password_sealed=core.keys.seal(password, table="spoken_passwords", column="password", row=row),
            expires_at=unit.now + core.settings.spoken_handle_life_s,
        )
    )
    return handle


def redeem(core: Core, unit: Unit, sender: Sender, handle: str) -> str:
    """The password, once, to its own call; raises NotFound for every other handle, call or time."""
    row = unit.conn.execute(
        delete(table)
        .where(
            table.c.handle_hash == hashed(handle),
            table.c.binding.in_(drafts.bindings_of(core, sender)),
            table.c.expires_at > unit.now,
        )
        .returning(table.c.handle_hash, table.c.password_sealed)
    ).first()
    if row is None:
        raise NotFound()
    return core.keys.unseal(row.password_sealed, table="spoken_passwords", column="password", row=row.handle_hash)


def hashed(token: str) -> str:
    """What is stored of 256 random bits; a plain hash is enough for them."""
    return hashlib.sha256(token.encode()).hexdigest()
