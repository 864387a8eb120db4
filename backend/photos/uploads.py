"""A photo on its way into a draft: cleaned before the transaction, which decides again whether the draft takes it."""

from backend import counters, drafts
from backend.assertion import Sender
from backend.core import Core, Unit
from backend.counters import Key
from backend.errors import BackendError, Busy
from backend.photos import KINDS, Kind, links, store
from backend.tasks.task import Task

PURPOSE = "photo"


def prepare(core: Core, sender: Sender, task: Task, picture: bytes) -> bytes | None:
    """The cleaned picture, if the conversation's draft looks open.

    Raises NotAnImage, TooLarge, TooSmall or Busy; DailyLimit for a sender who had the day's pictures looked at.
    """
    with core.writing() as unit:
        try:
            draft = drafts.newest(core, unit.conn, sender, task, unit.now)
        except BackendError:
            return None
        if draft.state != "open":
            return None
        key = Key(counters.sender_key(core, sender).subject, PURPOSE)
        counts = counters.lock(unit, [key])[key]
        counters.refuse_over(unit, (counts.sends, core.settings.photos_per_day, counters.DAY_S))
        counters.tally(unit, "send", key)
    return core.images.clean(picture)


def put(core: Core, unit: Unit, sender: Sender, task: Task, kind: Kind, prepared: bytes | None) -> dict[str, object]:
    """`{"id"}` of the photo kept in this conversation's open draft; raises NoDraft or DraftClosed."""
    draft = drafts.require_open(core, unit, sender, task)
    if prepared is None:  # the draft was opened between looking and keeping
        raise Busy(retry_after=1)
    return {"id": store.put(core, unit, draft, kind, prepared)}


def remove(core: Core, unit: Unit, sender: Sender, task: Task, kind: Kind) -> dict[str, object]:
    """`{"deleted"}`: whether the open draft had such a photo; raises NoDraft or DraftClosed."""
    return {"deleted": store.remove(unit, drafts.require_open(core, unit, sender, task), kind)}


def put_by_link(core: Core, token: str, kind: Kind, picture: bytes) -> None:
    """Clean and keep a picture sent through a link.

    Raises NotAnImage, TooLarge, TooSmall, Busy, or NotFound for a link that is none.
    """
    jpeg = core.images.clean(picture)
    with core.writing() as unit:
        store.put(core, unit, links.hold(core, unit, token), kind, jpeg)


def end_when_complete(core: Core, token: str) -> bool:
    """End the link if all photos are there, and say whether; raises NotFound for a link that is none."""
    with core.writing() as unit:
        draft = links.hold(core, unit, token)
        complete = store.kinds_of(unit.conn, draft.id) == list(KINDS)
        if complete:
            links.drop(unit, draft)
    return complete
