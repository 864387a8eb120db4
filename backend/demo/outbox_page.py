"""The demo outbox: what would have gone out by mail and SMS, as a page and as JSON."""

import json

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader
from sqlalchemy import select

from backend.api.access import CoreDep
from backend.clock import iso
from backend.core import Core
from backend.demo.access import loopback_only
from backend.identifiers import national
from backend.schema import outbox

SHOWN = 200  # messages; older ones fall off the page
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
router = APIRouter(prefix="/demo", dependencies=[Depends(loopback_only)], include_in_schema=False)
pages = Environment(loader=PackageLoader("backend.demo"), autoescape=True)


def shown(core: Core) -> list[dict[str, str]]:
    """Sent messages whose body is not erased yet, newest first."""
    query = (
        select(outbox)
        .where(outbox.c.state == "sent", outbox.c.void.is_(False), outbox.c.content_sealed.is_not(None))
        .order_by(outbox.c.seq.desc())
        .limit(SHOWN)
    )
    with core.database.read() as conn:
        rows = conn.execute(query).mappings().all()
    messages = []
    for row in rows:
        text = core.keys.unseal(row["content_sealed"], table="outbox", column="content", row=row["id"])
        to, subject, body = json.loads(text)
        messages.append(
            {
                "id": row["id"],
                "channel": row["channel"],
                "to": national(to) if row["channel"] == "sms" else to,
                "subject": subject,
                "body": body,
                "at": iso(row["created_at"]),
            }
        )
    return messages


@router.get("/outbox.json")
def outbox_json(core: CoreDep) -> list[dict[str, str]]:
    """The messages, newest first."""
    return shown(core)


@router.get("/outbox")
def outbox_html(core: CoreDep) -> HTMLResponse:
    """The same for people; refreshes itself."""
    page = pages.get_template("outbox.html").render(messages=shown(core), now=iso(core.clock.now()))
    return HTMLResponse(page, headers=HEADERS)
