"""`/v1/drafts`: what the action server may do with a draft. Every decision is a service's; here are only shapes."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from backend import answers, carrying, challenges, drafts, metrics, submission
from backend.api.access import CoreDep, KeyDep, SenderDep, caller, spend
from backend.api.bodies import UnambiguousRoute
from backend.api.models import Answer, AnswerView, DraftView, Empty, FieldValue
from backend.api.views import draft_view
from backend.api.writes import REFUSALS, once, write
from backend.core import Core, Unit
from backend.drafts import Draft
from backend.tasks import TASKS, closing, task_named
from backend.tasks.task import Task

router = APIRouter(prefix="/v1", dependencies=[Depends(caller)], responses=REFUSALS, route_class=UnambiguousRoute)

# For the reader only: what is not among them is answered 404, like a task that another channel has.
TaskName = Annotated[str, Path(json_schema_extra={"enum": sorted(TASKS)})]
FieldName = Annotated[str, Path(json_schema_extra={"enum": sorted({name for task in TASKS.values() for name in task.fields})})]


def _drafted(core: Core, task: Task, change: Callable[[Unit], Draft]) -> Callable[[Unit], dict[str, object]]:
    return lambda unit: draft_view(core, unit.conn, task, change(unit), unit.now)


@router.put("/drafts/{task}", response_model=DraftView)
def open_draft(task: TaskName, body: Empty, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep) -> dict[str, object]:
    """Open this conversation's draft of the task, or resume it; a new one knows who was named for another task here.

    Raises Closed at once: nobody should first give what is then not used, and on the hotline pay for it.
    """
    found = task_named(task, sender)
    closing.refuse(core, found, sender)
    change = _drafted(core, found, lambda unit: carrying.open_or_resume(core, unit, sender, found))
    return write(core, request, sender, key, body.model_dump_json(), change)


@router.get("/drafts/{task}", response_model=DraftView)
def read_draft(task: TaskName, request: Request, core: CoreDep, sender: SenderDep) -> dict[str, object]:
    """This conversation's newest draft of the task."""
    spend(core, request)
    found = task_named(task, sender)
    now = core.clock.now()
    with core.database.read() as conn:
        return draft_view(core, conn, found, drafts.newest(core, conn, sender, found, now), now)


@router.delete("/drafts/{task}", response_model=DraftView)
def cancel_draft(task: TaskName, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep) -> dict[str, object]:
    """Cancel: the values are erased and the challenge is dead."""
    found = task_named(task, sender)
    change = _drafted(core, found, lambda unit: drafts.cancel(core, unit, sender, found))
    return write(core, request, sender, key, "", change)


@router.put("/drafts/{task}/consent", response_model=DraftView)
def note_consent(
    task: TaskName, body: Empty, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep
) -> dict[str, object]:
    """Note that the person went on after the privacy sentence."""
    found = task_named(task, sender)
    change = _drafted(core, found, lambda unit: drafts.consent(core, unit, sender, found))
    return write(core, request, sender, key, body.model_dump_json(), change)


@router.put("/drafts/{task}/fields/{field}", response_model=DraftView)
def set_field(
    task: TaskName, field: FieldName, body: FieldValue, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep
) -> dict[str, object]:
    """Give one value; another value than before drops the challenges that hang on it."""
    found = task_named(task, sender)
    change = _drafted(core, found, lambda unit: drafts.set_field(core, unit, sender, found, field, body.value))
    return write(core, request, sender, key, body.model_dump_json(), change)


@router.post("/drafts/{task}/otp", response_model=DraftView)
def send_otp(task: TaskName, body: Empty, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep) -> dict[str, object]:
    """Send a code for what is to be proved next, or a new code of the same challenge."""
    found = task_named(task, sender)
    change = _drafted(core, found, lambda unit: challenges.issue(core, unit, sender, found))
    return write(core, request, sender, key, body.model_dump_json(), change)


@router.post("/drafts/{task}/otp/answers", response_model=AnswerView)
def answer_otp(
    task: TaskName, body: Answer, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep
) -> dict[str, object]:
    """Judge what was typed as the code: right, wrong, expired or dead."""
    found = task_named(task, sender)

    def effect(unit: Unit) -> dict[str, object]:
        given = answers.answer(core, unit, sender, found, body.code)
        metrics.answered(unit, given.purpose, sender.channel, given.result)
        view = draft_view(core, unit.conn, found, given.draft, unit.now, given.proofs)
        return {"result": given.result, "draft": view}

    return write(core, request, sender, key, body.model_dump_json(), effect)


@router.post("/drafts/{task}/submit", response_model=DraftView)
def submit(task: TaskName, body: Empty, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep) -> dict[str, object]:
    """End the task: what was proved is redeemed, the effect happens, once; `outcome` says what came of it."""
    found = task_named(task, sender)
    spend(core, request)  # before anything is hashed: a repeated request costs nothing
    prepared = submission.prepare(core, sender, found)
    change = _drafted(core, found, lambda unit: submission.submit(core, unit, sender, found, prepared))
    return once(core, request, sender, key, body.model_dump_json(), change)
