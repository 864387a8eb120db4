"""What a draft still needs before its task can end: values and photos, by name."""

from sqlalchemy import Connection

from backend.drafts import Draft
from backend.photos import Kind, store
from backend.tasks.task import Task


def photos_of(conn: Connection, task: Task, draft: Draft) -> list[Kind]:
    """The photos that the open draft has; none for a task that takes none, and none once it has ended."""
    return store.kinds_of(conn, draft.id) if task.photos and draft.state == "open" else []


def missing(conn: Connection, task: Task, draft: Draft) -> list[str]:
    """The fields and then the photos without which the task cannot end."""
    there = photos_of(conn, task, draft)
    return [*task.missing(draft.fields), *(kind for kind in task.photos if kind not in there)]
