"""`/v1`: is this number, link, page or app the agency's; what is; and reports of fraud."""

from fastapi import APIRouter, Depends, Request

from backend.api.access import CoreDep, KeyDep, SenderDep, caller, spend
from backend.api.models import FieldValue
from backend.api.official_models import ChannelsView, FraudReport, JudgementView, ReportedView, judgement_view, row_view
from backend.api.writes import REFUSALS, write
from backend.core import Unit
from backend.official import reports
from backend.official.facts import facts
from backend.official.verdict import judge

router = APIRouter(prefix="/v1", dependencies=[Depends(caller)], responses=REFUSALS)


@router.post("/official_channels/verdicts", response_model=JudgementView)
def give_verdict(body: FieldValue, request: Request, core: CoreDep) -> dict[str, object]:
    """Judge a number, a link, a page, an app or a text that holds some; changes nothing."""
    spend(core, request)
    return judgement_view(judge(body.value))


@router.get("/official_channels", response_model=ChannelsView)
def list_channels(request: Request, core: CoreDep) -> ChannelsView:
    """The official list, with what is official and not offered."""
    spend(core, request)
    listed = (row for row in facts().official if row.kind != "office phone")
    return ChannelsView(channels=[row_view(row) for row in listed])


@router.post("/fraud_reports", response_model=ReportedView)
def report_fraud(body: FraudReport, request: Request, core: CoreDep, sender: SenderDep, key: KeyDep) -> dict[str, object]:
    """Keep a report of fraud; answers its number and the verdict of the lists, which a report does not change."""

    def effect(unit: Unit) -> dict[str, object]:
        number, judgement = reports.report(core, unit, sender, body.value, body.note)
        return {"number": number, **judgement_view(judgement)}

    return write(core, request, sender, key, body.model_dump_json(), effect)
