"""Why a host that is not official looks as if it were: whose name it borrows, and how."""

import re

from backend.folding import without_accents
from backend.official import domains
from backend.official.findings import Reason
from backend.official.hosts import unicode_host
from backend.official.spelling import distance, latin, nearest_part, skeleton

# Names by which people know the agency, its app and the national one: long enough that nobody else bears them by chance.
NAMES = ("baohiemxahoi", "vssid", "vneid")
# Its abbreviation is a word of the trade: it counts in the name that was registered, not below somebody's own domain.
ABBREVIATION = "bhxh"
_LONG = 10  # letters; a longer name bears two mistakes, a shorter one a single one
_PORTAL = re.compile(r"(cong)?dichvucong(quocgia|trungtam|gov|govvn|vn|online)*")  # not dichvucongchung, a notary's
_GOV_VN = re.compile(r"gov-?v+n|vn[a-z]?-?gov(?![a-z])|^gov$")


def resemblance(host: str, official_hosts: frozenset[str]) -> tuple[Reason, ...]:
    """Every way in which the host imitates an official one, none when it does not. `host` is ASCII and not official."""
    shown = unicode_host(host)
    suffix = domains.suffix_of(host)
    labels = [label for label in shown[: len(shown) - len(unicode_host(suffix))].split(".") if label] or [shown]
    *below, registered = labels
    found: list[Reason] = []
    inside = holds_official_host(shown, official_hosts)
    if inside:
        found.append(Reason.OFFICIAL_HOST_INSIDE)
    borrowed = _in_registered_name(registered, suffix)
    if borrowed is not None and not inside:
        found.append(borrowed)
    if any(is_name_in(label) for label in below):
        found.append(Reason.OFFICIAL_NAME_AS_SUBDOMAIN)
    elif any(_is_misspelled(label) for label in below):
        found.append(Reason.MISSPELLED)
    if _imitates_gov_vn(labels, suffix):
        found.append(Reason.LIKE_GOV_VN)
    if not shown.isascii() and (found or _mixes_scripts(shown)):
        found.insert(0, Reason.FOREIGN_LETTERS)
    if domains.is_government(host):
        # Nobody but the state registers there, so only a slip of the pen or a trick with letters remains.
        tricks = (Reason.FOREIGN_LETTERS, Reason.MISSPELLED, Reason.OFFICIAL_HOST_INSIDE)
        return tuple(reason for reason in found if reason in tricks)
    return tuple(found)


def holds_official_host(text: str, official_hosts: frozenset[str]) -> bool:
    """Whether an official host stands somewhere in the text, its dots perhaps dropped or made hyphens."""
    squeezed = re.sub(r"[.\-]", "", latin(text))
    return any(_squeezed(name) in squeezed for name in official_hosts)


def is_name_in(label: str) -> bool:
    """Whether one of the names stands in it as the eye reads it."""
    seen = skeleton(label.replace("-", ""))
    return any(skeleton(name) in seen for name in NAMES)


def uses_abbreviation(text: str) -> bool:
    """Whether the agency's abbreviation stands in it."""
    return ABBREVIATION in latin(text).replace("-", "")


def _squeezed(host: str) -> str:
    return host.replace(".", "")


def _in_registered_name(registered: str, suffix: str) -> Reason | None:
    bare = latin(registered).replace("-", "")
    if bare in (*NAMES, ABBREVIATION) or (bare == "vss" and suffix.endswith("vn")):
        return Reason.OFFICIAL_NAME_ADDED_TO if "-" in registered else Reason.OTHER_ENDING
    if _PORTAL.fullmatch(bare):
        return Reason.OTHER_ENDING if bare == "dichvucong" else Reason.OFFICIAL_NAME_ADDED_TO
    if any(name in bare for name in NAMES) or ABBREVIATION in bare:
        return Reason.OFFICIAL_NAME_ADDED_TO
    if is_name_in(registered) or _is_misspelled(registered):
        return Reason.MISSPELLED
    return None


def _is_misspelled(label: str) -> bool:
    whole = skeleton(label.replace("-", ""))
    parts = {whole, *(skeleton(part) for part in label.split("-"))}
    for name in map(skeleton, NAMES):
        if len(name) < _LONG:
            near = any(part[:1] == name[0] and distance(part, name) == 1 for part in parts)
        else:
            near = nearest_part(whole, name) <= 1 or any(distance(part, name) <= 2 for part in parts)
        if near:
            return True
    return False


def _imitates_gov_vn(labels: list[str], suffix: str) -> bool:
    if suffix == domains.GOVERNMENT:
        return False
    neighbours = zip(labels, [*labels[1:], suffix.split(".")[0]], strict=True)
    return any(_GOV_VN.search(latin(label)) for label in labels) or ("gov", "vn") in neighbours


def _mixes_scripts(shown: str) -> bool:
    # Vietnamese letters fold to Latin ones by dropping accents alone; what needs the look-alike table is another script.
    return any(not label.isascii() and re.search(r"[a-z]", label) and _has_other_script(label) for label in shown.split("."))


def _has_other_script(label: str) -> bool:
    return not without_accents(label).isascii()
