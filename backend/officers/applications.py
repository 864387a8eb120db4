"""Decisions about applications: approved with an account and a temporary password, or rejected with a reason."""

import json

from sqlalchemy import delete, select, update

from backend import accounts, audit, messages, outbox, takeover
from backend.accounts import Profile
from backend.applications import Application, application, find
from backend.core import Core, Unit
from backend.errors import Conflict, NotFound
from backend.messages.cases import Decision
from backend.outbox import Channel
from backend.passwords import temporary_password
from backend.schema import applications as table
from backend.schema import photos
from backend.tasks.task import Prepared

OPEN = ("open", "held")


def listed(core: Core, state: str, limit: int) -> list[Application]:
    """The applications in that state, whose days are over first first."""
    query = select(table).where(table.c.state == state).order_by(table.c.expires_at, table.c.id).limit(limit)
    with core.database.read() as conn:
        return [application(core, row) for row in conn.execute(query).mappings()]


def require(core: Core, number: str) -> Application:
    """The application with that number; raises NotFound."""
    with core.database.read() as conn:
        found = find(core, conn, number)
    if found is None:
        raise NotFound()
    return found


def approve(core: Core, number: str, code: str | None = None, version: int | None = None) -> None:
    """Give the applicant an account and mail a temporary password.

    `code` is the 10-digit insurance code where the application has none. Raises NotFound; Conflict when it is decided
    already, seen in another version, without a code, or when an account with that code is open already.
    """
    password = temporary_password(core.randomness)
    prepared = Prepared(password, core.hasher.hash(password))
    with core.writing() as unit:
        found = _open(core, unit, number, version)
        body = found.body
        insured = body.get("code") or code
        if insured is None or len(insured) != 10:
            raise Conflict(reason="no_code")
        _decide(core, unit, found, "approved", "")
        account_id = _account_of(core, unit, found, insured, prepared.encoded)
        life_s = core.settings.reset_password_life_s
        expires_at = takeover.set_temporary(core, unit, account_id, prepared.encoded, life_s, but_draft="")
        _tell(core, unit, found, "approved", "")
        url = f"{core.settings.public_url}/account/login"
        letter = messages.temporary_password(found.lang, body["email"], prepared.password, life_s, url)
        outbox.post(core, unit, letter, kind="password", reference=account_id, not_after=expires_at)
        audit.record(unit, "application_approved", account_id, "officer")


def reject(core: Core, number: str, reason: str, version: int | None = None) -> None:
    """Refuse the application and tell the applicant why; raises NotFound or Conflict."""
    with core.writing() as unit:
        found = _open(core, unit, number, version)
        _decide(core, unit, found, "rejected", reason)
        _tell(core, unit, found, "rejected", reason)


def expire(core: Core, limit: int = 500) -> int:
    """Delete applications whose days are over, with their photos, and tell the applicants; returns how many."""
    with core.writing() as unit:
        query = select(table).where(table.c.state.in_(OPEN), table.c.expires_at <= unit.now).order_by(table.c.expires_at)
        due = [application(core, row) for row in unit.conn.execute(query.limit(limit)).mappings()]
        gone = [
            one for one in due if unit.conn.execute(delete(table).where(table.c.id == one.id, table.c.state.in_(OPEN))).rowcount
        ]
        for one in gone:
            unit.conn.execute(delete(photos).where(photos.c.application_id == one.id))
            _tell(core, unit, one, "expired", "")
    return len(gone)


def _open(core: Core, unit: Unit, number: str, version: int | None) -> Application:
    found = find(core, unit.conn, number)
    if found is None:
        raise NotFound()
    if found.state not in OPEN or found.expires_at <= unit.now or version not in (None, found.version):
        raise Conflict(reason="decided" if found.state not in OPEN else "changed")
    return found


def _decide(core: Core, unit: Unit, found: Application, decision: Decision, reason: str) -> None:
    sealed = core.keys.seal(reason, table="applications", column="reason", row=found.id) if reason else None
    kept = json.dumps({"id_number": found.body["id_number"]})
    won = unit.conn.execute(
        update(table)
        .where(table.c.id == found.id, table.c.version == found.version, table.c.state.in_(OPEN))
        # What was handed in has served; the number, whose it is and the reason stay to be asked for.
        .values(
            state=decision,
            version=found.version + 1,
            decided_at=unit.now,
            reason_sealed=sealed,
            body_sealed=core.keys.seal(kept, table="applications", column="body", row=found.id),
        )
    ).rowcount
    if won != 1:
        raise Conflict(reason="decided")
    unit.conn.execute(delete(photos).where(photos.c.application_id == found.id))


def _account_of(core: Core, unit: Unit, found: Application, code: str, encoded: str) -> str:
    body = found.body
    standing = accounts.find(core, unit.conn, code)
    person = accounts.find_person(core, unit.conn, body["id_number"])
    if person is not None and (standing is None or person.id != standing.id):
        raise Conflict(reason="person_has_account")
    profile = Profile(
        bhxh_code=code,
        full_name=body["full_name"],
        dob=body["dob"],
        personal_id=body["id_number"],
        phone=body["phone"],
        email=body["email"],
        province=standing.profile.province if standing else None,
    )
    if standing is None:
        return accounts.create(core, unit, profile, "active", encoded)
    if standing.status != "waiting":
        raise Conflict(reason="account_exists")
    accounts.open_waiting(core, unit, standing, profile)
    return standing.id


def _tell(core: Core, unit: Unit, found: Application, decision: Decision, reason: str) -> None:
    reached: list[tuple[Channel, str]] = [("email", found.body["email"]), ("sms", found.body["phone"])]
    for channel, to in reached:
        notice = messages.application_decided(found.lang, channel, to, found.number, decision, reason)
        outbox.post(core, unit, notice, kind="notice", reference=found.id, not_after=None)
