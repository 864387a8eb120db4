"""Photos of a registration: face and both sides of the identity card, sealed, deleted with their draft or application."""

from typing import Literal

from sqlalchemy import select

from backend.core import Unit
from backend.drafts import Draft
from backend.errors import MissingFields
from backend.schema import photos

Kind = Literal["face", "id_front", "id_back"]
KINDS: tuple[Kind, ...] = ("face", "id_front", "id_back")


def require_all(unit: Unit, draft: Draft) -> None:
    """Raise MissingFields for the photos that the draft has not."""
    there = set(unit.conn.execute(select(photos.c.kind).where(photos.c.draft_id == draft.id)).scalars())
    missing = [kind for kind in KINDS if kind not in there]
    if missing:
        raise MissingFields(missing=missing)
