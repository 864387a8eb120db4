"""Applications for an account: handed in once proved, open for ten days, one open a code and a person."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, and_, insert, or_, select, update

from backend import accounts, messages, outbox, owner, sending
from backend.assertion import Sender
from backend.case_numbers import case_number
from backend.clock import iso
from backend.core import Core, Unit
from backend.drafts import Draft
from backend.outbox import Channel
from backend.schema import applications as table
from backend.schema import photos

DAY_S = 86_400


@dataclass(frozen=True)
class Application:
    """One application; `body` holds what was given, in full. Times in seconds since the epoch."""

    id: str
    number: str
    person_index: str
    body: dict[str, str]
    state: str
    version: int
    lang: str
    created_at: int
    expires_at: int
    reason: str


def person_indexes(core: Core, id_number: str) -> list[str]:
    """Blind indexes of an identity number, under every key of the ring."""
    return core.keys.macs("index-person", id_number)


def find(core: Core, conn: Connection, number: str) -> Application | None:
    """The application with that number."""
    row = conn.execute(select(table).where(table.c.number == number)).mappings().first()
    return application(core, row) if row else None


def hand_in(core: Core, unit: Unit, sender: Sender, draft: Draft) -> dict[str, object]:
    """Make the draft an application and tell the applicant; returns `{"number", "days", "until"}`.

    Where an open one of the same code or person stands already, this one is `held` beside it: its applicant sees no
    difference, the older one's neither, and the officer meets whoever comes. The owner of an account is told.
    """
    fields = draft.fields
    row_id, number, expires_at = store(core, unit, fields, sender.channel, sender.lang)
    unit.conn.execute(update(photos).where(photos.c.draft_id == draft.id).values(application_id=row_id))
    days, until = core.settings.application_days, iso(expires_at)[:10]
    said = "/".join(reversed(until.split("-")))
    reached: list[tuple[Channel, str]] = [("email", fields["email"]), ("sms", fields["phone"])]
    for channel, to in reached:
        # The mailbox is proved, the number is not: it may be a stranger's.
        if channel == "email" or not sending.is_spared(core, unit, channel, to):
            letter = messages.application_received(sender.lang, channel, to, number, days, said, fields["office"])
            outbox.post(core, unit, letter, kind="notice", reference=row_id, not_after=None)
    _tell_owner(core, unit, sender, fields.get("code"), fields["id_number"])
    return {"number": number, "days": days, "until": until}


def store(core: Core, unit: Unit, fields: dict[str, str], channel: str, lang: str) -> tuple[str, str, int]:
    """Write the application, open or held; returns its id, its number, and when it expires (seconds since the epoch)."""
    row_id, number = core.keys.row_id(), case_number("HS", core.randomness)
    codes = core.keys.macs("index-code", fields["code"]) if "code" in fields else []
    persons = person_indexes(core, fields["id_number"])
    # The state on both sides: otherwise SQLite reads all open ones.
    is_open = table.c.state == "open"
    same = or_(and_(table.c.code_index.in_(codes), is_open), and_(table.c.person_index.in_(persons), is_open))
    standing = select(table.c.id).where(same)
    held = unit.conn.execute(standing.limit(1)).first() is not None
    expires_at = unit.now + core.settings.application_days * DAY_S
    unit.conn.execute(
        insert(table).values(
            id=row_id,
            number=number,
            code_index=codes[0] if codes else None,
            person_index=persons[0],
            body_sealed=core.keys.seal(json.dumps(fields, ensure_ascii=False), table="applications", column="body", row=row_id),
            state="held" if held else "open",
            version=1,
            channel=channel,
            lang=lang,
            created_at=unit.now,
            expires_at=expires_at,
        )
    )
    return row_id, number, expires_at


def _tell_owner(core: Core, unit: Unit, sender: Sender, code: str | None, person: str) -> None:
    by_code = accounts.find(core, unit.conn, code) if code else None
    known = by_code or accounts.find_person(core, unit.conn, person)
    if known is not None and known.active:
        for channel, to in owner.addresses(known.profile):
            if not sending.is_spared(core, unit, channel, to):
                owner.post(core, unit, known.id, messages.application_seen_elsewhere(sender.lang, channel, to))


def application(core: Core, row: RowMapping) -> Application:
    """The row as a value."""

    def opened(column: str) -> str:
        sealed = row[f"{column}_sealed"]
        return core.keys.unseal(sealed, table="applications", column=column, row=row["id"]) if sealed else ""

    return Application(
        id=row["id"],
        number=row["number"],
        person_index=row["person_index"],
        body=json.loads(opened("body") or "{}"),
        state=row["state"],
        version=row["version"],
        lang=row["lang"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        reason=opened("reason"),
    )
