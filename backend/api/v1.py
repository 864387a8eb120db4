"""`/v1`: what the action server may do with a draft. Every decision is a service's; here are only shapes."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request

from backend import answers, challenges, drafts, idempotency, metrics, reset
from backend.api.access import CoreDep, KeyDep, SenderDep, caller
from backend.api.models import Answer, AnswerView, DraftView, Empty, FieldValue, ProblemView, draft_view
from backend.assertion import Sender
from backend.core import Core, Unit
from backend.drafts import Draft
from backend.idempotency import Write
from backend.tasks import task_named

REFUSALS: dict[int | str, dict[str, object]] = {
    status: {"model": ProblemView, "content": {"application/problem+json": {}}}
    for status in (400, 401, 404, 409, 422, 429, 500, 503)
}
router = APIRouter(prefix="/v1", dependencies=[Depends(caller)], responses=REFUSALS)


def _write(
    core: Core,
    request: Request,
    sender: Sender,
    key: str,
    body: str,
    effect: Callable[[Unit], dict[str, object]],
) -> dict[str, object]:
    write = Write(sender=sender, key=key, method=request.method, path=request.url.path, body=body)
    return idempotency.once(core, write, effect)


def _drafted(core: Core, change: Callable[[Unit], Draft]) -> Callable[[Unit], dict[str, object]]:
    return lambda unit: draft_view(core, unit.conn, change(unit), unit.now)


@router.put("/drafts/{task}", response_model=DraftView)
def open_draft(task: str, body: Empty, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep) -> dict[str, object]:
    """Open this conversation's draft of the task, or resume it."""
    found = task_named(task)
    change = _drafted(core, lambda unit: drafts.open_or_resume(core, unit, sender, found))
    return _write(core, request, sender, key, body.model_dump_json(), change)


@router.get("/drafts/{task}", response_model=DraftView)
def read_draft(task: str, core: CoreDep, sender: SenderDep) -> dict[str, object]:
    """This conversation's newest draft of the task."""
    found = task_named(task)
    now = core.clock.now()
    with core.database.read() as conn:
        return draft_view(core, conn, drafts.newest(core, conn, sender, found, now), now)


@router.delete("/drafts/{task}", response_model=DraftView)
def cancel_draft(task: str, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep) -> dict[str, object]:
    """Cancel: the values are erased and the challenge is dead."""
    found = task_named(task)
    change = _drafted(core, lambda unit: drafts.cancel(core, unit, sender, found))
    return _write(core, request, sender, key, "", change)


@router.put("/drafts/{task}/consent", response_model=DraftView)
def note_consent(task: str, body: Empty, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep) -> dict[str, object]:
    """Note that the person went on after the privacy sentence."""
    found = task_named(task)
    change = _drafted(core, lambda unit: drafts.consent(core, unit, sender, found))
    return _write(core, request, sender, key, body.model_dump_json(), change)


@router.put("/drafts/{task}/fields/{field}", response_model=DraftView)
def set_field(
    task: str, field: str, body: FieldValue, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep
) -> dict[str, object]:
    """Give one value; another value than before drops a challenge that was issued."""
    found = task_named(task)
    change = _drafted(core, lambda unit: drafts.set_field(core, unit, sender, found, field, body.value))
    return _write(core, request, sender, key, body.model_dump_json(), change)


@router.post("/drafts/{task}/otp", response_model=DraftView)
def send_otp(task: str, body: Empty, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep) -> dict[str, object]:
    """Send a code to the address on file, or a new code of the same challenge."""
    found = task_named(task)
    change = _drafted(core, lambda unit: challenges.issue(core, unit, sender, found))
    return _write(core, request, sender, key, body.model_dump_json(), change)


@router.post("/drafts/{task}/otp/answers", response_model=AnswerView)
def answer_otp(task: str, body: Answer, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep) -> dict[str, object]:
    """Judge what was typed as the code: right, wrong, expired or dead."""
    found = task_named(task)

    def effect(unit: Unit) -> dict[str, object]:
        result, draft = answers.answer(core, unit, sender, found, body.code)
        metrics.answered(unit, found.name, sender.channel, result)
        return {"result": result, "draft": draft_view(core, unit.conn, draft, unit.now)}

    return _write(core, request, sender, key, body.model_dump_json(), effect)


@router.post("/drafts/{task}/submit", response_model=DraftView)
def submit(task: str, body: Empty, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep) -> dict[str, object]:
    """Redeem the verified challenge: the task's effect happens, once."""
    found = task_named(task)
    prepared = reset.prepare(core, sender, found)
    change = _drafted(core, lambda unit: reset.redeem(core, unit, sender, found, prepared))
    return _write(core, request, sender, key, body.model_dump_json(), change)
