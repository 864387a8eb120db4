"""The outbox: a message is a row of the transaction that caused it, sealed until it is sent, erased afterwards."""

import json
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import and_, insert, or_, select, update

from backend.core import Core, Unit
from backend.schema import outbox

Channel = Literal["email", "sms"]
LEASE_S = 60  # longer than a transport's whole time (transports.WHOLE_S), so that a live sender never loses its row
DELAYS_S = (5, 15, 60, 180, 600, 1800, 3600, 7200)  # after the last one the message is given up


@dataclass(frozen=True)
class Message:
    """One message to one address. SMS have no subject."""

    channel: Channel
    to: str
    subject: str
    body: str


@dataclass(frozen=True)
class Claimed:
    """A row this process alone may send until its lease ends."""

    id: str
    kind: str
    void: bool
    attempts: int
    message: Message


def post(
    core: Core,
    unit: Unit,
    message: Message,
    *,
    kind: str,
    reference: str,
    not_after: int | None,
    void: bool = False,
) -> None:
    """Write the message into the transaction; `not_after` is the second after which it must not be sent."""
    row_id = core.keys.row_id()
    content = json.dumps([message.to, message.subject, message.body], ensure_ascii=False)
    unit.conn.execute(
        insert(outbox).values(
            id=row_id,
            channel=message.channel,
            kind=kind,
            void=void,
            reference=reference,
            content_sealed=core.keys.seal(content, table="outbox", column="content", row=row_id),
            state="pending",
            attempts=0,
            next_at=unit.now,
            not_after=not_after,
            created_at=unit.now,
        )
    )
    unit.posted[row_id] = message.channel


def withdraw(unit: Unit, reference: str, kind: str) -> None:
    """Take back unsent messages of that cause: a replaced code must not arrive after its successor."""
    unit.conn.execute(
        update(outbox)
        .where(outbox.c.reference == reference, outbox.c.kind == kind, outbox.c.state == "pending")
        .values(state="withdrawn", content_sealed=None)
    )


def claim(core: Core, owner: str, *, channel: Channel | None = None, ids: list[str] | None = None) -> Claimed | None:
    """Lease the oldest due row for `owner`; rows past `not_after` are dropped on the way."""
    with core.writing() as unit:
        now = unit.now
        # What lies further ahead than it ever can was written before the clock was set back.
        due = [
            outbox.c.state == "pending",
            or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now, outbox.c.lease_until > now + 2 * LEASE_S),
        ]
        narrowed = [*due, or_(outbox.c.next_at <= now, and_(outbox.c.attempts == 0, outbox.c.created_at > now))]
        if channel:
            narrowed.append(outbox.c.channel == channel)
        if ids is not None:
            narrowed.append(outbox.c.id.in_(ids))
        stale = [*narrowed, outbox.c.not_after < now]
        unit.conn.execute(update(outbox).where(*stale).values(state="expired", content_sealed=None))
        first = select(outbox.c.seq).where(*narrowed).order_by(outbox.c.seq).limit(1)
        picked = first.with_for_update(skip_locked=True).scalar_subquery()
        row = (
            unit.conn.execute(
                # The lease is tested again in the update itself: of two processes one gets the row.
                update(outbox)
                .where(outbox.c.seq == picked, *due)
                .values(lease_owner=owner, lease_until=now + LEASE_S, attempts=outbox.c.attempts + 1)
                .returning(outbox)
            )
            .mappings()
            .first()
        )
    if row is None:
        return None
    to, subject, body = json.loads(core.keys.unseal(row["content_sealed"], table="outbox", column="content", row=row["id"]))
    message = Message(row["channel"], to, subject, body)
    return Claimed(row["id"], row["kind"], row["void"], row["attempts"], message)


def is_pending(core: Core, row_id: str) -> bool:
    """Whether the row still waits to be sent."""
    with core.database.read() as conn:
        return conn.execute(select(outbox.c.state).where(outbox.c.id == row_id)).scalar() == "pending"


def mark_sent(core: Core, claimed: Claimed, owner: str, *, keep_body: bool) -> None:
    """The row is sent; its body is erased unless the demo outbox still shows it."""
    values: dict[str, object] = {"state": "sent", "sent_at": core.clock.now(), "lease_until": None}
    if claimed.void or not keep_body:
        values["content_sealed"] = None
    with core.writing() as unit:
        unit.conn.execute(update(outbox).where(outbox.c.id == claimed.id, outbox.c.lease_owner == owner).values(**values))


def mark_failed(core: Core, claimed: Claimed, owner: str) -> bool:
    """Try later with a growing delay; after the last delay give up and erase. Returns whether it is tried again."""
    kept = claimed.attempts <= len(DELAYS_S)
    with core.writing() as unit:
        values: dict[str, object] = {"lease_until": None, "lease_owner": None}
        if not kept:
            values |= {"state": "failed", "content_sealed": None}
        else:
            values["next_at"] = unit.now + DELAYS_S[claimed.attempts - 1]
        unit.conn.execute(update(outbox).where(outbox.c.id == claimed.id, outbox.c.lease_owner == owner).values(**values))
    return kept


def expire_unsent(core: Core) -> None:
    """Erase bodies that may not be sent any more, whatever holds up the senders."""
    with core.writing() as unit:
        unit.conn.execute(
            update(outbox)
            .where(outbox.c.state == "pending", outbox.c.content_sealed.is_not(None), outbox.c.not_after < unit.now)
            .values(state="expired", content_sealed=None)
        )


def erase_shown(core: Core, older_than_s: int) -> None:
    """Erase bodies of sent messages that are older than that (the demo outbox's 15 minutes)."""
    with core.writing() as unit:
        limit = unit.now - older_than_s
        unit.conn.execute(
            update(outbox)
            .where(outbox.c.state == "sent", outbox.c.content_sealed.is_not(None), outbox.c.sent_at <= limit)
            .values(content_sealed=None)
        )
