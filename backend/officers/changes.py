"""Decisions about change requests: the new detail comes on file, old and new addresses are told."""

from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, select, update

from backend import accounts, audit, messages, owner
from backend.accounts import Profile
from backend.core import Core, Unit
from backend.errors import Conflict, NotFound
from backend.messages.cases import Decision, What
from backend.schema import change_requests as table


@dataclass(frozen=True)
class ChangeRequest:
    """One request; `value` in full, empty once it is decided. Times in seconds since the epoch."""

    id: str
    number: str
    account_id: str
    what: What
    value: str
    state: str
    version: int
    lang: str
    created_at: int


def listed(core: Core, state: str, limit: int) -> list[ChangeRequest]:
    """The requests in that state, oldest first."""
    query = select(table).where(table.c.state == state).order_by(table.c.created_at, table.c.id).limit(limit)
    with core.database.read() as conn:
        return [_request(core, row) for row in conn.execute(query).mappings()]


def require(core: Core, number: str) -> ChangeRequest:
    """The request with that number; raises NotFound."""
    with core.database.read() as conn:
        return _found(core, conn, number)


def approve(core: Core, number: str, version: int | None = None) -> None:
    """Put the new detail on file.

    Raises NotFound; Conflict when it is decided already, seen in another version, when the account is not open or the
    identity number belongs to another one.
    """
    with core.writing() as unit:
        found = _open(core, unit.conn, number, version)
        account = accounts.get(core, unit.conn, found.account_id, lock=True)
        if account is None or not account.active:
            raise Conflict(reason="account_closed")
        if found.what == "personal_id" and accounts.find_person(core, unit.conn, found.value):
            raise Conflict(reason="person_has_account")
        _decide(core, unit, found, "approved", "")
        profile = accounts.change_profile(core, unit, account, **{found.what: found.value})
        _tell(core, unit, found, "approved", "", account.profile, profile)
        audit.record(unit, f"{found.what}_changed", account.id, "officer")


def reject(core: Core, number: str, reason: str, version: int | None = None) -> None:
    """Leave everything as it is and tell the owner why; raises NotFound or Conflict."""
    with core.writing() as unit:
        found = _open(core, unit.conn, number, version)
        account = accounts.get(core, unit.conn, found.account_id)
        _decide(core, unit, found, "rejected", reason)
        if account is not None:
            _tell(core, unit, found, "rejected", reason, account.profile)


def _open(core: Core, conn: Connection, number: str, version: int | None) -> ChangeRequest:
    found = _found(core, conn, number)
    if found.state != "open" or version not in (None, found.version):
        raise Conflict(reason="decided" if found.state != "open" else "changed")
    return found


def _found(core: Core, conn: Connection, number: str) -> ChangeRequest:
    row = conn.execute(select(table).where(table.c.number == number)).mappings().first()
    if row is None:
        raise NotFound()
    return _request(core, row)


def _decide(core: Core, unit: Unit, found: ChangeRequest, decision: Decision, reason: str) -> None:
    sealed = core.keys.seal(reason, table="change_requests", column="reason", row=found.id) if reason else None
    won = unit.conn.execute(
        update(table)
        .where(table.c.id == found.id, table.c.version == found.version, table.c.state == "open")
        .values(state=decision, version=found.version + 1, decided_at=unit.now, reason_sealed=sealed, value_sealed=None)
    ).rowcount
    if won != 1:
        raise Conflict(reason="decided")


def _tell(core: Core, unit: Unit, found: ChangeRequest, decision: Decision, reason: str, *profiles: Profile) -> None:
    told: set[str] = set()
    for profile in profiles:
        for channel, to in owner.addresses(profile):
            if to not in told:
                told.add(to)
                notice = messages.change_decided(found.lang, channel, to, found.number, found.what, decision, reason)
                owner.post(core, unit, found.account_id, notice)


def _request(core: Core, row: RowMapping) -> ChangeRequest:
    sealed = row["value_sealed"]
    value = core.keys.unseal(sealed, table="change_requests", column="value", row=row["id"]) if sealed else ""
    names = ("id", "number", "account_id", "what", "state", "version", "lang", "created_at")
    return ChangeRequest(value=value, **{name: row[name] for name in names})
