"""The verdict on a web address: official by how its host ends, reported, private, a look-alike, or somebody else's."""

from functools import cache

from backend.official import domains, lookalikes
from backend.official.facts import Row, facts
from backend.official.findings import Finding, Kind, Reason, Verdict
from backend.official.hosts import Link, unicode_host

# Services that show nothing of where they lead.
SHORTENERS = frozenset("bit.ly tinyurl.com shorturl.at s.id is.gd t.co goo.gl cutt.ly rb.gy tiny.cc ow.ly buff.ly t.ly".split())
_SHOWN = 200  # characters of an address that are given back


@cache
def official_hosts() -> frozenset[str]:
    """The hosts of the official list; what lies below one of them is official too."""
    return frozenset(row.normalised.partition("/")[0] for row in facts().official_of("website"))


def is_official(host: str) -> bool:
    """Whether the host ends in an official one."""
    return any(domains.ends_in(host, name) for name in official_hosts())


def judge(link: Link) -> Finding:
    """The verdict on a link that is no page of a platform."""
    if not link.is_web:
        return _finding(Verdict.SUSPICIOUS, link, (Reason.NO_WEB_ADDRESS,))
    if link.malformed:
        return _malformed(link)
    if is_official(link.host):
        return _official(link)
    row = reported_row(link)
    if row is not None:
        exact = row.normalised in (link.host, link.address)
        return _finding(Verdict.REPORTED_FRAUD, link, (Reason.REPORTED if exact else Reason.ENDS_IN_REPORTED_HOST,), row)
    tricks = _tricks(link)
    private = next((row for row in facts().private if domains.ends_in(link.host, row.normalised)), None)
    if private is not None and not tricks:
        return _finding(Verdict.NOT_OFFICIAL, link, (Reason.PRIVATE_SITE, Reason.ENDS_OTHERWISE), private)
    if private is None:
        tricks = lookalikes.resemblance(link.host, official_hosts()) + tricks
    if tricks:
        return _finding(Verdict.SUSPICIOUS, link, (*tricks, Reason.ENDS_OTHERWISE), related=imitated(link))
    if domains.is_government(link.host):
        return _finding(Verdict.NOT_OFFICIAL, link, (Reason.OTHER_GOVERNMENT_SITE, Reason.ENDS_OTHERWISE))
    if domains.registrable(link.host) in SHORTENERS:
        return _finding(Verdict.UNKNOWN, link, (Reason.SHORT_LINK, Reason.IN_NO_LIST))
    named = (Reason.USES_OFFICIAL_NAME,) if lookalikes.uses_abbreviation(link.host) else ()
    return _finding(Verdict.NOT_OFFICIAL, link, (*named, Reason.ENDS_OTHERWISE))


def reported_row(link: Link) -> Row | None:
    """The reported domain the host ends in, or the reported link it is; of links the whole path counts, capitals too."""
    for row in facts().reported_of("link"):
        if row.normalised == link.address.rstrip("/"):
            return row
    return next((row for row in facts().reported_of("domain") if domains.ends_in(link.host, row.normalised)), None)


def imitated(link: Link) -> tuple[Row, ...]:
    """The official row whose place the link would take: the one it resembles, or the agency's own site."""
    seen = (link.seen + link.path).lower()
    rows = [row for row in facts().official_of("website") if "/" not in row.normalised and row.offered]
    named = [row for row in rows if row.normalised in seen]
    return tuple(max(named, key=lambda row: len(row.normalised)) for _ in named[:1]) or tuple(rows[:1])


def _official(link: Link) -> Finding:
    row = _most_special_row(link)
    if link.has_user:
        return _finding(Verdict.SUSPICIOUS, link, (Reason.TEXT_BEFORE_AT,), related=(row,))
    reasons = [Reason.LISTED if row.normalised == link.address.lower().rstrip("/") else Reason.ENDS_IN_OFFICIAL_HOST]
    if not row.offered:
        reasons.append(Reason.NOT_OFFERED)
    return _finding(Verdict.OFFICIAL, link, tuple(reasons), row)


def _most_special_row(link: Link) -> Row:
    def _fits(row: Row) -> bool:
        host, _, path = row.normalised.partition("/")
        asked = link.path.lower().strip("/") + "/"
        return domains.ends_in(link.host, host) and (not path or asked.startswith(path + "/"))

    fitting = [row for row in facts().official_of("website") if _fits(row)]
    ending = [row for row in facts().official_of("website") if domains.ends_in(link.host, row.normalised.partition("/")[0])]
    return max(fitting or ending, key=lambda row: len(row.normalised))


def _tricks(link: Link) -> tuple[Reason, ...]:
    tricks = []
    if link.has_user:
        tricks.append(Reason.TEXT_BEFORE_AT)
    if link.is_ip:
        tricks.append(Reason.IP_ADDRESS)
    if any(name in link.path.lower() for name in official_hosts()):
        tricks.append(Reason.OFFICIAL_HOST_IN_PATH)
    if link.path.lower().endswith((".apk", ".xapk", ".ipa")):
        tricks.append(Reason.OUTSIDE_THE_STORES)
    return tuple(tricks)


def _malformed(link: Link) -> Finding:
    reasons = [Reason.MALFORMED]
    if lookalikes.holds_official_host(link.seen, official_hosts()):
        reasons.append(Reason.OFFICIAL_HOST_INSIDE)
    elif lookalikes.is_name_in(link.seen):
        reasons.append(Reason.USES_OFFICIAL_NAME)
    if link.has_user:
        reasons.append(Reason.TEXT_BEFORE_AT)
    if len(reasons) > 1:
        return _finding(Verdict.SUSPICIOUS, link, tuple(reasons), related=imitated(link))
    return _finding(Verdict.UNKNOWN, link, tuple(reasons))


def _finding(
    verdict: Verdict, link: Link, reasons: tuple[Reason, ...], matched: Row | None = None, related: tuple[Row, ...] = ()
) -> Finding:
    shown = link.address or unicode_host(link.seen)
    return Finding(verdict, Kind.LINK, shown[:_SHOWN], reasons, matched, related)
