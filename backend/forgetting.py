"""Forgetting a person: everything that is stored about one code is deleted, on request of the person or by order."""

from sqlalchemy import delete, or_, select

from backend import accounts, audit
from backend.core import Core
from backend.errors import NotFound
from backend.schema import accounts as account_table
from backend.schema import applications, challenges, change_requests, drafts, outbox, photos, subjects, tallies

NOBODY = "nobody"  # no row names it; an empty text would name everybody who has no account


def forget(core: Core, code: str) -> dict[str, int]:
    """Delete account, sessions, requests, applications with photos, drafts, messages and counts of that person.

    Returns how many rows of each went. What stays: the audit trail, which knows the deleted account by a random number only.
    Raises NotFound when nothing is stored under the code or identity number.
    """
    gone: dict[str, int] = {}
    with core.writing() as unit:
        account = accounts.find(core, unit.conn, code)
        codes = {code} | ({account.profile.bhxh_code, account.profile.personal_id} if account else set())
        indexes = [mac for one in codes if one for mac in core.keys.macs("index-code", one)]
        persons = [mac for one in codes if one for mac in core.keys.macs("index-person", one)]
        handed_in = list(
            unit.conn.execute(
                select(applications.c.id).where(
                    or_(applications.c.code_index.in_(indexes), applications.c.person_index.in_(persons))
                )
            ).scalars()
        )
        owner = account.id if account else NOBODY
        asked = unit.conn.execute(select(challenges.c.id, challenges.c.draft_id).where(challenges.c.account_id == owner)).all()
        about_them = [owner, *handed_in, *(row.id for row in asked)]
        theirs = {row.draft_id for row in asked}
        for name, query in (
            ("photos", delete(photos).where(photos.c.application_id.in_(handed_in))),
            ("applications", delete(applications).where(applications.c.id.in_(handed_in))),
            ("messages", delete(outbox).where(outbox.c.reference.in_(about_them))),
            ("drafts", delete(drafts).where(or_(drafts.c.code_index.in_(indexes), drafts.c.id.in_(theirs)))),
            ("requests", delete(change_requests).where(change_requests.c.account_id == owner)),
            ("counts", delete(tallies).where(tallies.c.subject == owner)),
            ("counters", delete(subjects).where(subjects.c.subject == owner)),
            ("accounts", delete(account_table).where(account_table.c.id == owner)),
        ):
            gone[name] = unit.conn.execute(query).rowcount
        if not any(gone.values()):
            raise NotFound()
        audit.record(unit, "forgotten", owner, "officer")
    return gone
