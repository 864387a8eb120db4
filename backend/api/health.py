"""For whoever watches the program: does it live, is it ready. Neither says anything of anybody."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from backend.api.writes import REFUSALS
from backend.readiness import Readiness

router = APIRouter()
STRAY: dict[int | str, dict[str, object]] = {status: REFUSALS[status] for status in (405, 500)}


async def readiness_of(request: Request) -> Readiness:
    """The application's readiness."""
    found = request.app.state.readiness
    assert isinstance(found, Readiness)
    return found


@router.get("/healthz", responses=STRAY)
async def healthz(response: Response) -> dict[str, str]:
    """Whether the process lives; looks at nothing else, so that a database that is away kills no process."""
    response.headers["Cache-Control"] = "no-store"
    return {"status": "ok"}


@router.get("/readyz", responses={**STRAY, 503: {"description": "Something is missing; within a second"}})
async def readyz(response: Response, readiness: Annotated[Readiness, Depends(readiness_of)]) -> dict[str, object]:
    """Whether the process can do its work: the database answers, its schema is ours, the hashing queue has room."""
    response.headers["Cache-Control"] = "no-store"
    missing = await readiness.missing()
    if missing:
        response.status_code = 503
    return {"status": "not ready" if missing else "ready", "missing": missing}
