"""SIP messages as text: one start line, headers, a body (RFC 3261, section 7)."""

import re
from dataclasses import dataclass, field
from typing import Self

_LONG = {"i": "call-id", "f": "from", "t": "to", "v": "via", "m": "contact", "c": "content-type", "l": "content-length"}
"""Compact forms of header names (RFC 3261, section 7.3.3)."""

_URI = re.compile(r"(?:sips?:|tel:)([^@;>\s]+)")


@dataclass(frozen=True)
class Message:
    """A request or a response. Header names are compared without case, their order is kept."""

    start: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""

    @classmethod
    def read(cls, data: bytes) -> Self | None:
        """Return the message in a datagram, or None when it is none."""
        head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        start, *lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")  # a line that begins with a space goes on
        if "SIP/2.0" not in start:
            return None
        headers = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        message = cls(start, headers, body)
        needed = ("via", "from", "to", "call-id", "cseq")
        return message if all(message.values(name) for name in needed) and " " in message["cseq"] else None

    def written(self) -> bytes:
        """Return the datagram, with the length of its body."""
        headers = [*self.headers, ("Content-Length", str(len(self.body.encode())))]
        return "\r\n".join([self.start, *(f"{name}: {value}" for name, value in headers), "", self.body]).encode()

    def values(self, name: str) -> list[str]:
        """Return all values of a header."""
        return [value for each, value in self.headers if _LONG.get(each.lower(), each.lower()) == name.lower()]

    def __getitem__(self, name: str) -> str:
        """Return a header's first value, or an empty text."""
        return next(iter(self.values(name)), "")

    @property
    def method(self) -> str:
        """What is asked for, or empty in a response."""
        return "" if self.start.startswith("SIP/2.0") else self.start.split(" ")[0]

    @property
    def turn(self) -> tuple[int, str]:
        """Number and method of the transaction."""
        number, _, method = self["cseq"].partition(" ")
        return int(number), method.strip()

    def answered(self, status: str, tag: str, peer: tuple[str, int], *more: tuple[str, str], body: str = "") -> "Message":
        """Return a response to this request, as RFC 3261, section 8.2.6, says which headers are repeated.

        `peer` is where the request came from, which its Via is told (RFC 3581).
        """
        first, *rest = self.values("via")
        vias = [f"{first.replace(';rport', '')};received={peer[0]};rport={peer[1]}", *rest]
        to = self["to"] if ";tag=" in self["to"] or status.startswith("100") else f"{self['to']};tag={tag}"
        same = [("From", self["from"]), ("To", to), ("Call-ID", self["call-id"]), ("CSeq", self["cseq"])]
        return Message(f"SIP/2.0 {status}", [*(("Via", via) for via in vias), *same, *more], body)


def number_in(value: str) -> str:
    """Return the user of the first URI in a From or P-Asserted-Identity: a number, or "anonymous"."""
    found = _URI.search(value)
    return found[1] if found else ""


def uri_in(value: str) -> str:
    """Return the URI of a From, To or Contact without its parameters."""
    inside = re.search(r"<([^>]+)>", value)
    return inside[1] if inside else value.split(";")[0].strip()
