"""Links to the upload page, for channels that cannot take a photo: 256 random bits that open one draft for a quarter of an hour.

Looking at the page uses nothing up, since chat programs fetch every link for a preview. A link ends when all photos are
there, when a newer one is made, when its draft ends, or by its time; none of these looks different from a link never made.
"""

from sqlalchemy import Connection, delete, insert, select

from backend import counters, drafts
from backend.assertion import Sender
from backend.core import Core, Unit
from backend.counters import Key
from backend.drafts import Draft
from backend.errors import DraftClosed, NotFound
from backend.schema import drafts as draft_table
from backend.schema import upload_links as table
from backend.spoken import hashed
from backend.tasks import closing
from backend.tasks.task import Task

PURPOSE = "upload_link"


def make(core: Core, unit: Unit, sender: Sender, task: Task) -> dict[str, object]:
    """`{"url", "expires_in_s"}` of a new link to this conversation's draft; the older one is dead.

    Raises Closed, NoDraft, DraftClosed, or DailyLimit for a sender who had the day's links.
    """
    closing.refuse(core, task, sender)
    draft = drafts.require_open(core, unit, sender, task)
    key = Key(counters.sender_key(core, sender).subject, PURPOSE)
    counts = counters.lock(unit, [key])[key]
    counters.refuse_over(unit, (counts.sends, core.settings.upload_links_per_day, counters.DAY_S))
    counters.tally(unit, "send", key)
    drop(unit, draft)
    token, life_s = core.keys.token(32), core.settings.upload_link_life_s
    unit.conn.execute(insert(table).values(token_hash=hashed(token), draft_id=draft.id, expires_at=unit.now + life_s))
    lang = "?lang=en" if sender.lang == "en" else ""
    return {"url": f"{core.settings.public_url}/account/photos/{token}{lang}", "expires_in_s": life_s}


def draft_id_of(core: Core, conn: Connection, token: str, now: int) -> str:
    """The id of the open draft that the link is to; raises NotFound, whatever is wrong with the link."""
    query = (
        select(table.c.draft_id)
        .join(draft_table, draft_table.c.id == table.c.draft_id)
        .where(
            table.c.token_hash == hashed(token),
            table.c.expires_at > now,
            draft_table.c.state == "open",
            draft_table.c.touched_at > now - core.settings.draft_life_s,
        )
    )
    found = conn.execute(query).scalar()
    if found is None:
        raise NotFound()
    return str(found)


def count_post(core: Core, token: str) -> None:
    """Count one attempt to upload, before any of it is read; raises NotFound, or DailyLimit for a link that had them all."""
    with core.writing() as unit:
        draft_id_of(core, unit.conn, token, unit.now)
        key = Key(hashed(token), PURPOSE)
        counts = counters.lock(unit, [key])[key]
        counters.refuse_over(unit, (counts.sends, core.settings.upload_link_posts, counters.DAY_S))
        counters.tally(unit, "send", key)


def hold(core: Core, unit: Unit, token: str) -> Draft:
    """The link's draft with its row locked; raises NotFound, also when the link died a moment ago."""
    try:
        draft = drafts.hold(core, unit, draft_id_of(core, unit.conn, token, unit.now))
    except DraftClosed:
        raise NotFound() from None
    draft_id_of(core, unit.conn, token, unit.now)  # again behind the lock: a newer link may have been made meanwhile
    return draft


def drop(unit: Unit, draft: Draft) -> None:
    """End every link to the draft."""
    unit.conn.execute(delete(table).where(table.c.draft_id == draft.id))
