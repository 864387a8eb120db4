"""The judgement on whatever somebody asks about: every thing in it, the worst first."""

from dataclasses import dataclass

from backend.official import apps, hosts, links, numbers, pages, reading
from backend.official.facts import PAGE_KINDS, Row, facts
from backend.official.findings import GRAVITY, Finding, Kind, Reason, Verdict
from backend.official.lookalikes import holds_official_host, is_name_in

# Which part of the official list answers a question about such a thing.
_LISTS = {
    Kind.NUMBER: ("phone",),
    Kind.LINK: ("website",),
    Kind.EMAIL: ("website",),
    Kind.PAGE: PAGE_KINDS,
    Kind.APP: ("app",),
    Kind.SMS_SENDER: ("phone",),
    Kind.LETTER: ("website", "phone"),
    Kind.TEXT: ("phone", "website", *PAGE_KINDS, "app"),
}


@dataclass(frozen=True)
class Judgement:
    """The worst finding, the others, and what the agency really offers of that kind."""

    finding: Finding
    others: tuple[Finding, ...]
    official: tuple[Row, ...]


def judge(value: str) -> Judgement:
    """Judge a number, a link, a page, an app or a text that holds some of them. Never raises for any text."""
    findings = sorted(dict.fromkeys(_findings(value)), key=lambda found: GRAVITY.index(found.verdict))
    if not findings:
        findings = [Finding(Verdict.UNKNOWN, Kind.TEXT, "", (Reason.NOTHING_TO_CHECK,))]
    worst, *others = findings
    return Judgement(worst, tuple(others), offered(*_LISTS[worst.kind]))


def offered(*kinds: str) -> tuple[Row, ...]:
    """The official rows of those kinds that people should use."""
    return tuple(row for row in facts().official_of(*kinds) if row.offered)


def _findings(value: str) -> list[Finding]:
    web, emails, rest = reading.links_in(value)
    found = apps.reported_in(rest)
    found += [pages.judge(link) if pages.is_page(link) else links.judge(link) for link in web]
    found += [_email(address) for address in emails]
    found += [numbers.judge(number) for number in reading.numbers_in(rest)]
    # A name proves the least: it is looked at when there is nothing else to go by.
    return found or apps.named_in(value)


def _email(address: str) -> Finding:
    local, _, host = address.rpartition("@")
    link = hosts.read(host)
    if not link.malformed and links.is_official(link.host):
        row = links.judge(link).matched
        related = (row,) if row else ()
        return Finding(Verdict.UNKNOWN, Kind.EMAIL, f"@{link.host}", (Reason.SENDER_CAN_BE_FORGED,), related=related)
    judged = links.judge(link)
    borrows = holds_official_host(local, links.official_hosts()) or is_name_in(local)
    if borrows and judged.verdict is not Verdict.REPORTED_FRAUD:
        reasons = (Reason.TEXT_BEFORE_AT, *judged.reasons)
        return Finding(Verdict.SUSPICIOUS, Kind.EMAIL, f"@{judged.value}", reasons, related=links.imitated(hosts.read(local)))
    return Finding(judged.verdict, Kind.EMAIL, f"@{judged.value}", judged.reasons, judged.matched, judged.related)
