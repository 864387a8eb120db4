"""The demo's JSON routes: people, clock, faults. Loopback only, demo mode only."""

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from sqlalchemy import delete, or_, select

from backend import accounts, counters, owner
from backend.accounts import Profile
from backend.api.access import CoreDep
from backend.api.models import Strict
from backend.clock import iso
from backend.core import Core, Unit
from backend.demo import people
from backend.demo.access import loopback_only
from backend.demo.faults import Mode, Part
from backend.errors import BadValue, NotFound
from backend.identifiers import insurance_code
from backend.login import login_subject
from backend.schema import accounts as account_table
from backend.schema import applications, audit, challenges, change_requests, drafts, subjects, tallies
from backend.throttle import own_page_subject

if TYPE_CHECKING:
    from backend.demo.demonstration import Demonstration

router = APIRouter(prefix="/demo", dependencies=[Depends(loopback_only)], include_in_schema=False)


class NewAccount(Strict):
    """Missing = invented, null = none."""

    bhxh_code: str | None = None
    full_name: str | None = None
    dob: str | None = None
    personal_id: str | None = None
    phone: str | None = None
    email: str | None = None
    province: str | None = None
    status: Literal["active", "waiting", "locked"] = "active"
    password: str | None = None


class Advance(Strict):
    """Seconds to move the clock forward, at most ten years in one go."""

    advance_s: Annotated[int, Field(ge=0, le=315_360_000)]


class Fail(Strict):
    """Which part fails how, for how many real seconds."""

    part: Part
    mode: Mode
    seconds: Annotated[float, Field(ge=0, le=3600, strict=False)]


def _demonstration(request: Request) -> "Demonstration":
    found: Demonstration = request.app.state.demonstration
    return found


@router.post("/accounts", status_code=201)
def make_account(body: NewAccount, core: CoreDep) -> dict[str, str | None]:
    """Make an account, or replace the one with that code; its counters are cleared."""
    given = {name: getattr(body, name) for name in body.model_fields_set - {"status", "password"}}
    profile = people.invent(core, given)
    encoded = core.hasher.hash(body.password or core.keys.token())
    with core.writing() as unit:
        _clear(core, unit, profile)
        if profile.personal_id and accounts.find(core, unit.conn, profile.personal_id):
            raise BadValue("personal_id", "taken")
        accounts.create(core, unit, profile, body.status, encoded)
    return people.record(profile, body.status)


@router.get("/accounts/{code}")
def read_account(code: str, core: CoreDep) -> dict[str, object]:
    """The record with everything that hangs on it."""
    with core.database.read() as conn:
        account = accounts.find(core, conn, insurance_code(code))
        if account is None:
            raise NotFound()
        theirs = select(challenges.c.draft_id).where(challenges.c.account_id == account.id)
        code_indexes = core.keys.macs("index-code", account.profile.bhxh_code)
        found_drafts = conn.execute(
            select(drafts.c.id, drafts.c.task, drafts.c.channel, drafts.c.state, drafts.c.touched_at)
            .where(or_(drafts.c.code_index.in_(code_indexes), drafts.c.id.in_(theirs)))
            .order_by(drafts.c.seq)
        ).mappings()
        table = challenges.c
        found_challenges = conn.execute(
            select(
                table.id,
                table.purpose,
                table.state,
                table.wrong,
                table.sends,
                table.sent_at,
                table.expires_at,
            )
            .where(table.account_id == account.id)
            .order_by(table.created_at)
        ).mappings()
        found_changes = conn.execute(
            select(change_requests.c.number, change_requests.c.what, change_requests.c.state, change_requests.c.created_at)
            .where(change_requests.c.account_id == account.id)
            .order_by(change_requests.c.created_at, change_requests.c.version.desc())
        ).mappings()
        found_applications = conn.execute(
            select(applications.c.number, applications.c.state, applications.c.created_at, applications.c.expires_at)
            .where(applications.c.code_index.in_(code_indexes))
            .order_by(applications.c.created_at)
        ).mappings()
        events = conn.execute(
            select(audit.c.at, audit.c.event, audit.c.channel).where(audit.c.account_id == account.id)
        ).mappings()
        return {
            "record": people.record(account.profile, account.status),
            "drafts": [dict(row) for row in found_drafts],
            "challenges": [dict(row) for row in found_challenges],
            "changes": [dict(row) for row in found_changes],
            "applications": [dict(row) for row in found_applications],
            "audit": [dict(row) for row in events],
        }


@router.get("/clock")
async def read_clock(request: Request, core: CoreDep) -> dict[str, object]:
    """The demo clock and how far it is ahead, in seconds."""
    return {"now": iso(core.clock.now()), "offset_s": _demonstration(request).offset_s}


@router.post("/clock")
def move_clock(body: Advance, request: Request, core: CoreDep) -> dict[str, object]:
    """Move the clock of all programs forward."""
    _demonstration(request).advance(body.advance_s)
    return {"now": iso(core.clock.now())}


@router.get("/fail")
async def read_faults(request: Request) -> dict[str, dict[str, object]]:
    """The active faults."""
    return _demonstration(request).faults.active()


@router.post("/fail")
def switch_fault(body: Fail, request: Request) -> dict[str, dict[str, object]]:
    """Switch a fault on; 0 seconds switches it off."""
    faults = _demonstration(request).faults
    faults.switch(body.part, body.mode, body.seconds)
    if body.seconds == 0:
        request.app.state.postman.wake()
    return faults.active()


def _clear(core: Core, unit: Unit, profile: Profile) -> None:
    old = accounts.find(core, unit.conn, profile.bhxh_code)
    codes = [code for code in (profile.bhxh_code, profile.personal_id) if code]
    gone = [login_subject(core, None, code) for code in codes]
    gone += [counters.decoy_subject(core, code) for code in codes]
    gone += [counters.decoy_subject(core, code, profile.email) for code in codes if profile.email]
    gone += [counters.person_subject(core, code) for code in codes]
    gone += [counters.address_subject(core, address) for _, address in owner.addresses(profile)]
    indexes = core.keys.macs("index-code", profile.bhxh_code)
    unit.conn.execute(delete(applications).where(applications.c.code_index.in_(indexes)))
    if old is not None:
        gone += [old.id, login_subject(core, old.id, ""), own_page_subject(old.id)]
        unit.conn.execute(delete(account_table).where(account_table.c.id == old.id))
    unit.conn.execute(delete(tallies).where(tallies.c.subject.in_(gone)))
    unit.conn.execute(delete(subjects).where(subjects.c.subject.in_(gone)))
