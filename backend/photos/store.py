"""Where photos are kept: sealed, one of a kind in a draft, then in its application; gone with either."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from backend.core import Core, Unit
from backend.drafts import Draft
from backend.photos import KINDS, Kind
from backend.schema import photos


def put(core: Core, unit: Unit, draft: Draft, kind: Kind, jpeg: bytes) -> str:
    """Keep the photo in place of an earlier one of its kind; returns its id. The draft's row must be locked."""
    remove(unit, draft, kind)
    row_id = core.keys.row_id()
    unit.conn.execute(
        insert(photos).values(
            id=row_id,
            draft_id=draft.id,
            kind=kind,
            content_sealed=core.keys.seal_bytes(jpeg, table="photos", column="content", row=row_id),
            created_at=unit.now,
        )
    )
    return row_id


def remove(unit: Unit, draft: Draft, kind: Kind) -> bool:
    """Delete the draft's photo of that kind; whether there was one."""
    mine = delete(photos).where(photos.c.draft_id == draft.id, photos.c.kind == kind, photos.c.application_id.is_(None))
    return unit.conn.execute(mine).rowcount > 0


def kinds_of(conn: Connection, draft_id: str) -> list[Kind]:
    """Which photos the draft has, in the order they are asked for."""
    mine = select(photos.c.kind).where(photos.c.draft_id == draft_id, photos.c.application_id.is_(None))
    there = set(conn.execute(mine).scalars())
    return [kind for kind in KINDS if kind in there]


def of_application(core: Core, conn: Connection, application_id: str) -> dict[Kind, bytes]:
    """The application's photos as JPEGs, for the officer who decides; raises Unreadable for a moved or forged one."""
    rows = conn.execute(select(photos).where(photos.c.application_id == application_id)).mappings()
    sealed = {row["kind"]: (row["id"], row["content_sealed"]) for row in rows}
    return {
        kind: core.keys.unseal_bytes(sealed[kind][1], table="photos", column="content", row=sealed[kind][0])
        for kind in KINDS
        if kind in sealed
    }


def remove_of_applications(unit: Unit, application_ids: Sequence[str]) -> None:
    """Delete the photos of applications that were decided; those of deleted ones go by themselves."""
    unit.conn.execute(delete(photos).where(photos.c.application_id.in_(application_ids)))


def remove_of_drafts(unit: Unit, draft_ids: Sequence[str]) -> None:
    """Delete the photos of drafts that ended without an application."""
    unit.conn.execute(delete(photos).where(photos.c.application_id.is_(None), photos.c.draft_id.in_(draft_ids)))
