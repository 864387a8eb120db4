"""Where a link really leads: its host as a browser reads it, whatever was done to the look of it.

Follows the URL standard (url.spec.whatwg.org, "URL parsing" and "host parsing") for what people are cheated with: user
names before an @, backslashes, percent-encoding, tabs, foreign dots and letters, numbers for hosts. Never raises.
"""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

import idna

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):(.*)", re.DOTALL)
_WEB = ("http", "https", "ftp", "ws", "wss")
_PORT = re.compile(r"\d{0,5}")
_FORBIDDEN = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^`{|}\x7f]")
_IGNORED = re.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\t\n\r]")
_NUMBER_PART = re.compile(r"0[xX][0-9a-fA-F]*|\d+")
_DOT_SEGMENTS = {".": ".", "%2e": ".", "..": "..", ".%2e": "..", "%2e.": "..", "%2e%2e": ".."}
MAX_HOST = 253  # characters (RFC 1035)


@dataclass(frozen=True)
class Link:
    """A link taken apart. `host` is in ASCII, empty when there is none or it is malformed; `seen` is the host as shown."""

    scheme: str = "http"
    host: str = ""
    seen: str = ""
    path: str = ""
    query: str = ""
    has_user: bool = False
    malformed: bool = False

    @property
    def is_web(self) -> bool:
        """Whether a browser would open it as a page."""
        return self.scheme in _WEB

    @property
    def is_ip(self) -> bool:
        """Whether the host is a number instead of a name."""
        return self.host.startswith("[") or _ipv4(self.host) is not None

    @property
    def address(self) -> str:
        """Host and path without scheme, for comparing and showing."""
        return self.host + ("" if self.path == "/" else self.path)


def read(text: str) -> Link:
    """Take a link apart, with or without a scheme."""
    bare = _IGNORED.sub("", text).strip()
    found = _SCHEME.fullmatch(bare)
    scheme, rest = "http", bare
    # `host:8080/x` has no scheme; a scheme has no dot, or slashes behind its colon.
    if found and ("." not in found[1] or found[2].startswith(("/", "\\"))) and not re.match(r"\d{1,5}([/\\?#]|$)", found[2]):
        scheme, rest = found[1].lower().replace("hxxp", "http"), found[2]
    if scheme not in _WEB:
        return Link(scheme=scheme, seen=rest, malformed=True)
    authority, path, query = _parts(rest.lstrip("/\\"))
    user, at, host_port = authority.rpartition("@")
    seen, malformed = _without_port(host_port)
    host = _ascii_host(seen)
    return Link(
        scheme=scheme,
        host=host,
        seen=seen,
        path=path,
        query=query,
        # Behind a backslash programs disagree which side of the @ is the host.
        has_user=bool(at and user) or ("\\" in rest and "@" in rest.partition("\\")[2]),
        malformed=malformed or not host,
    )


def _parts(rest: str) -> tuple[str, str, str]:
    cut = min((rest.find(mark) for mark in "/\\?#" if mark in rest), default=len(rest))
    authority, tail = rest[:cut], rest[cut:]
    tail = tail.partition("#")[0]
    path, _, query = tail.partition("?")
    kept: list[str] = []
    for segment in path.replace("\\", "/").split("/"):
        dots = _DOT_SEGMENTS.get(segment.lower())
        if dots == "..":
            kept = kept[:-1] or [""]
        elif dots is None:
            kept.append(segment)
    return authority, unquote("/".join(kept)), unquote(query)


def _without_port(host_port: str) -> tuple[str, bool]:
    if host_port.startswith("["):
        host, bracket, port = host_port.partition("]")
        return host + bracket, not bracket
    host, colon, port = host_port.partition(":")
    return host, bool(colon) and not _PORT.fullmatch(port)


def _ascii_host(seen: str) -> str:
    if seen.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(seen[1:-1]).compressed}]" if seen.endswith("]") else ""
        except ValueError:
            return ""
    host = unquote(seen)
    if not host.isascii():
        host = _mapped(host)
    labels = host.lower().removesuffix(".").split(".")
    ascii_labels = [_ascii_label(label) for label in labels]
    host = ".".join(ascii_labels)
    if not all(ascii_labels) or len(host) > MAX_HOST or _FORBIDDEN.search(host):
        return ""
    number = _ipv4(host)
    return host if number is None else number


def _mapped(host: str) -> str:
    try:
        return idna.uts46_remap(host, std3_rules=False, transitional=False)
    except (idna.IDNAError, UnicodeError):
        return unicodedata.normalize("NFKC", host).replace("。", ".")


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    try:
        return idna.alabel(label).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        # Browsers still open labels that the strict rules forbid, such as emoji.
        return "xn--" + label.encode("punycode", "ignore").decode("ascii")


def _ipv4(host: str) -> str | None:
    """The dotted form of a host that ends in a number, in any notation a browser takes; None for a name."""
    parts = host.split(".")
    if not host or not _NUMBER_PART.fullmatch(parts[-1]):
        return None
    if len(parts) > 4 or not all(_NUMBER_PART.fullmatch(part) for part in parts):
        return host
    numbers = [_number(part) for part in parts]
    value = numbers[-1] + sum(number << (8 * (3 - index)) for index, number in enumerate(numbers[:-1]))
    return str(ipaddress.IPv4Address(value)) if 0 <= value < 2**32 else host


def _number(part: str) -> int:
    if part[:2].lower() == "0x":
        return int(part[2:] or "0", 16)
    octal = len(part) > 1 and part[0] == "0" and not set(part) & {"8", "9"}
    return int(part, 8) if octal else int(part[:20])


def unicode_host(host: str) -> str:
    """The host as it is shown: punycode labels turned into their letters."""
    return ".".join(_shown(label) for label in host.split("."))


def _shown(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
