"""What goes in and out of the official-channel routes."""

from typing import Annotated

from pydantic import BaseModel, StringConstraints

from backend.api.models import FieldValue, Strict
from backend.official.facts import Row
from backend.official.findings import Finding, Kind, Reason, Verdict
from backend.official.verdict import Judgement


class FraudReport(FieldValue):
    """What somebody reports as fraud, and what they say about it."""

    note: Annotated[str, StringConstraints(max_length=2048)] = ""


class RowView(BaseModel):
    """A row of a list. `offered`: whether people should be sent there."""

    kind: str
    value: str
    owner: str | None
    what: str
    offered: bool
    source: str
    as_of: str


class FindingView(BaseModel):
    """The verdict on one thing. `related` explains the verdict and is no evidence: a row that it resembles."""

    verdict: Verdict
    kind: Kind
    value: str
    reasons: list[Reason]
    matched: RowView | None
    related: list[RowView]


class JudgementView(FindingView):
    """The worst of what the text holds, the rest of it, and the official list of that kind."""

    others: list[FindingView]
    official: list[RowView]


class ChannelsView(Strict):
    """The official list."""

    channels: list[RowView]


class ReportedView(JudgementView):
    """The verdict on what was reported, and the number of the report."""

    number: str


def row_view(row: Row) -> RowView:
    """A row as JSON has it."""
    return RowView(
        kind=row.kind,
        value=row.value,
        owner=row.owner or None,
        what=row.what,
        offered=row.offered,
        source=row.source,
        as_of=row.as_of,
    )


def finding_view(finding: Finding) -> FindingView:
    """A finding as JSON has it."""
    return FindingView(
        verdict=finding.verdict,
        kind=finding.kind,
        value=finding.value,
        reasons=list(finding.reasons),
        matched=row_view(finding.matched) if finding.matched else None,
        related=[row_view(row) for row in finding.related],
    )


def judgement_view(judgement: Judgement) -> dict[str, object]:
    """A judgement as JSON has it."""
    return {
        **finding_view(judgement.finding).model_dump(mode="json"),
        "others": [finding_view(finding).model_dump(mode="json") for finding in judgement.others],
        "official": [row_view(row).model_dump(mode="json") for row in judgement.official],
    }
