"""What goes in and out of `/v1`; separate models, nothing undeclared is accepted."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from backend.answers import Result
from backend.photos import Kind


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
    """What is to be proved next as its conversation may see it; the same for a decoy. Times in seconds from now.

    `purpose` names the step: a task may have several, and the last one stays when all are verified.
    """

    state: Literal["none", "sent", "verified", "dead"]
    purpose: str
    length: int
    expires_in_s: int
    resend_in_s: int
    resends_left: int
    tries_left: int


class DraftView(BaseModel):
    """A draft with masked fields; `photos` lists those that are there, `missing` the fields and photos it still needs.

    `outcome` is what came of it.
    """

    task: str
    state: Literal["open", "done", "cancelled", "expired"]
    consented: bool
    fields: dict[str, str]
    photos: list[Kind]
    missing: list[str]
    otp: OtpView
    outcome: dict[str, str | int | None] | None


class PhotoView(BaseModel):
    """The photo that was kept."""

    id: str


class PhotoGone(BaseModel):
    """Whether there was a photo to delete."""

    deleted: bool


class UploadLink(BaseModel):
    """Where the person can upload the photos, and for how long, in seconds."""

    url: str
    expires_in_s: int


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
