"""Pages on platforms where anybody can publish: official only when host and path are exactly a listed page's."""

import re

from backend.official import domains, links, numbers
from backend.official.facts import PAGE_KINDS, Row, facts
from backend.official.findings import Finding, Kind, Reason, Verdict
from backend.official.hosts import Link
from backend.official.lookalikes import is_name_in, uses_abbreviation
from backend.official.numbers import Shape
from backend.official.spelling import distance, skeleton

PLATFORMS = frozenset(
    "facebook.com fb.com fb.me fb.watch m.me messenger.com zalo.me tiktok.com youtube.com youtu.be instagram.com t.me "
    "telegram.me x.com twitter.com threads.net sites.google.com docs.google.com forms.gle drive.google.com".split()
)
STORES = frozenset("play.google.com apps.apple.com itunes.apple.com appgallery.huawei.com".split())
# Other doors to the same page.
_SAME = {
    **{f"{door}.facebook.com": "facebook.com" for door in "www m web mbasic touch vi-vn".split()},
    **dict.fromkeys("fb.com www.fb.com m.fb.com".split(), "facebook.com"),
    **{f"{door}.youtube.com": "youtube.com" for door in "www m".split()},
    **{f"{door}.tiktok.com": "tiktok.com" for door in "www m".split()},
    "www.zalo.me": "zalo.me",
}
_SECTIONS = re.compile(r"(/(posts|photos|videos|about|reels|streams|shorts|playlists|community)(/.*)?)$")
_FACEBOOK_ID = re.compile(r"/people/[^/]*/(\d+)$")


def is_page(link: Link) -> bool:
    """Whether the link leads to a platform or an app store, where the host says nothing about who wrote there."""
    known = PLATFORMS | STORES
    return link.is_web and not link.malformed and not link.has_user and (link.host in _SAME or _platform(link.host) in known)


def _platform(host: str) -> str:
    host = host.removeprefix("www.")
    return host if host in PLATFORMS | STORES else domains.registrable(host)


def canonical(link: Link) -> str:
    """Host and path as the lists write them: one host a platform, lower case, no slash at the end, no section of the page."""
    host = _SAME.get(link.host, link.host.removeprefix("www."))
    path = re.sub(r"/+", "/", link.path).rstrip("/").lower()
    if host == "facebook.com":
        found = _FACEBOOK_ID.search(path) or re.search(r"(?:^|&)id=(\d+)", link.query)
        if found and (path == "/profile.php" or path.startswith("/people/")):
            return f"facebook.com/profile.php?id={found[1]}"
    return host + _SECTIONS.sub("", path)


def judge(link: Link) -> Finding:
    """The verdict on a link to a platform."""
    address = canonical(link)
    if _platform(link.host) in STORES:
        apps = tuple(row for row in facts().official_of("app"))
        return Finding(Verdict.UNKNOWN, Kind.APP, address, (Reason.STORE_LINK, Reason.IN_NO_LIST), None, apps)
    official = next((row for row in facts().official_of(*PAGE_KINDS) if row.normalised == address), None)
    if official is not None:
        return Finding(Verdict.OFFICIAL, Kind.PAGE, address, (Reason.LISTED,), official)
    reported = next((row for row in facts().reported_of("page") if row.normalised == address), None) or links.reported_row(link)
    if reported is not None:
        return Finding(Verdict.REPORTED_FRAUD, Kind.PAGE, address, (Reason.REPORTED,), reported)
    host, _, handle = address.partition("/")
    if not handle:
        return Finding(Verdict.NOT_OFFICIAL, Kind.PAGE, address, (Reason.PLATFORM,))
    if host == "zalo.me":
        number = numbers.read(handle)
        if number.shape in (Shape.MOBILE, Shape.LANDLINE, Shape.SERVICE) and re.fullmatch(r"\+?\d+", handle):
            found = numbers.judge(number)
            return Finding(found.verdict, Kind.PAGE, address, found.reasons, found.matched, found.related)
    imitated = _imitated(host, handle)
    if imitated:
        return Finding(Verdict.SUSPICIOUS, Kind.PAGE, address, (Reason.USES_OFFICIAL_NAME, Reason.IN_NO_LIST), None, imitated)
    reasons = [Reason.IN_NO_LIST, Reason.NAME_PROVES_NOTHING]
    if uses_abbreviation(handle):
        reasons.append(Reason.USES_OFFICIAL_NAME)
    return Finding(Verdict.UNKNOWN, Kind.PAGE, address, tuple(reasons))


def _imitated(host: str, handle: str) -> tuple[Row, ...]:
    """The official pages whose name the handle borrows: one of this platform, or all of them."""
    rows = facts().official_of(*PAGE_KINDS)
    here = tuple(row for row in rows if row.normalised.startswith(host + "/"))
    near = [row for row in here if distance(_bare(handle), _bare(row.normalised.partition("/")[2])) <= 2]
    if near or is_name_in(_bare(handle)):
        return tuple(near) or here or rows
    return ()


def _bare(handle: str) -> str:
    return skeleton(re.sub(r"[^\w]|_", "", handle))
