"""A draft as its conversation may see it."""

from sqlalchemy import Connection

from backend import challenges, proofs
from backend.api.models import DraftView, OtpView
from backend.core import Core
from backend.drafts import Draft
from backend.identifiers import masked
from backend.proofs import Proofs
from backend.tasks import completeness
from backend.tasks.task import Task


def draft_view(
    core: Core, conn: Connection, task: Task, draft: Draft, now: int, known: Proofs | None = None
) -> dict[str, object]:
    """The draft as JSON; `now` in seconds since the epoch, `known` its challenges where they were read already."""
    view = DraftView(
        task=draft.task,
        state=draft.state,
        consented=draft.consented,
        fields={name: masked(name, value) for name, value in draft.fields.items()},
        photos=completeness.photos_of(conn, task, draft),
        missing=completeness.missing(conn, task, draft) if draft.state == "open" else [],
        otp=otp_view(core, conn, task, draft, now, known),
        outcome=draft.outcome,
    )
    return view.model_dump(mode="json")


def otp_view(core: Core, conn: Connection, task: Task, draft: Draft, now: int, known: Proofs | None = None) -> OtpView:
    """What the draft is to prove next, as above."""
    limits = core.settings
    found = known if known is not None else proofs.of_draft(conn, draft.id) if draft.state == "open" else {}
    step = challenges.current_step(core, task, draft.fields, found, now) if draft.state == "open" else None
    otp = OtpView(
        state="none",
        purpose=step.purpose if step else "",
        length=challenges.DIGITS,
        expires_in_s=0,
        resend_in_s=0,
        resends_left=limits.otp_resends,
        tries_left=limits.otp_tries,
    )
    challenge = found.get(step.purpose) if step else None
    aged = challenge is not None and challenge.state == "verified" and not challenge.is_verified(core, now)
    if challenge is not None and not aged:
        state = challenge.state
        assert state in ("sent", "verified", "dead")
        alive = state == "sent"
        otp.state = "sent" if alive else "verified" if state == "verified" else "dead"
        otp.expires_in_s = max(0, challenge.expires_at - now) if alive else 0
        otp.resend_in_s = max(0, challenge.sent_at + limits.otp_resend_wait_s - now)
        otp.resends_left = max(0, limits.otp_resends + 1 - challenge.sends)
        otp.tries_left = max(0, limits.otp_tries - challenge.wrong) if alive else 0
    return otp
