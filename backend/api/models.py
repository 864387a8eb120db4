"""What goes in and out of `/v1`; separate models, nothing undeclared is accepted."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy import Connection

from backend import challenges
from backend.answers import Result
from backend.core import Core
from backend.drafts import Draft
from backend.identifiers import masked


class Strict(BaseModel):
    """No coercion, no undeclared member."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Empty(Strict):
    """An empty JSON object."""


class FieldValue(Strict):
    """One typed value, as the person wrote it."""

    value: Annotated[str, StringConstraints(max_length=1024)]


class Answer(Strict):
    """What was typed as the one-time code."""

    code: Annotated[str, StringConstraints(max_length=1024)]


class OtpView(BaseModel):
    """The challenge as its conversation may see it; the same for a decoy. Times in seconds from now."""

    state: Literal["none", "sent", "verified", "dead"]
    length: int
    expires_in_s: int
    resend_in_s: int
    resends_left: int
    tries_left: int


class DraftView(BaseModel):
    """A draft with masked fields."""

    task: str
    state: Literal["open", "done", "cancelled", "expired"]
    consented: bool
    fields: dict[str, str]
    otp: OtpView


class AnswerView(BaseModel):
    """The judgement of one answer, and the draft after it."""

    result: Result
    draft: DraftView


class ProblemView(BaseModel):
    """RFC 9457 problem; further members by code: `retry_after_s`, `field`, `reason`, `missing`, `state`, `id`."""

    type: str
    title: str
    status: int
    detail: str
    code: str


def draft_view(core: Core, conn: Connection, draft: Draft, now: int) -> dict[str, object]:
    """The draft as JSON; `now` in seconds since the epoch."""
    limits = core.settings
    challenge = challenges.current(conn, draft)
    otp = OtpView(
        state="none",
        length=challenges.DIGITS,
        expires_in_s=0,
        resend_in_s=0,
        resends_left=limits.otp_resends,
        tries_left=limits.otp_tries,
    )
    aged = challenge is not None and challenge.state == "verified" and not challenge.is_verified(core, now)
    if challenge is not None and draft.state == "open" and not aged:
        state = challenge.state
        assert state in ("sent", "verified", "dead", "used")
        alive = state == "sent"
        otp.state = "sent" if alive else "verified" if state == "verified" else "dead"
        otp.expires_in_s = max(0, challenge.expires_at - now) if alive else 0
        otp.resend_in_s = max(0, challenge.sent_at + limits.otp_resend_wait_s - now)
        otp.resends_left = max(0, limits.otp_resends + 1 - challenge.sends)
        otp.tries_left = max(0, limits.otp_tries - challenge.wrong) if alive else 0
    fields = {name: masked(name, value) for name, value in draft.fields.items()}
    view = DraftView(
        task=draft.task,
        state=draft.state,
        consented=draft.consented,
        fields=fields,
        otp=otp,
    )
    return view.model_dump(mode="json")
