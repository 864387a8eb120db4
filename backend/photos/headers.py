"""What a picture's own first bytes say about it: its format and size, read before any decoder gets to see it."""

import re
from dataclasses import dataclass
from typing import Literal

from backend.errors import NotAnImage

Format = Literal["jpeg", "png", "webp"]
MAX_SEGMENTS = 1_000  # of a JPEG; cameras write under a hundred
MAX_SCANS = 100  # of a JPEG; a progressive one has about ten, and each costs a pass over the whole picture
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF markers (ITU-T T.81, table B.1)
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # what ends the coded data of a scan (T.81, B.1.1.2)
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))  # markers without a length
_END, _SCAN = 0xD9, 0xDA


@dataclass(frozen=True)
class Header:
    """The format, the size in pixels, and how many of the bytes are the picture: what hangs behind them is left out."""

    format: Format
    width: int
    height: int
    length: int


def header_of(data: bytes) -> Header:
    """The header of a JPEG, PNG or still WebP. Raises NotAnImage for all else and where the header is cut or nonsense."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
            return Header("png", _big(data, 16, 4), _big(data, 20, 4), len(data))
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _webp(data)
    except IndexError as error:  # the bytes end before the header does
        raise NotAnImage() from error
    raise NotAnImage()


def _jpeg(data: bytes) -> Header:
    at, scans, size = 2, 0, None
    for _ in range(MAX_SEGMENTS):
        if data[at] != 0xFF:
            raise NotAnImage()
        while data[at] == 0xFF:
            at += 1
        marker, at = data[at], at + 1
        if marker == _END:
            if size is None or not scans:
                raise NotAnImage()
            return Header("jpeg", *size, length=at)
        if marker in _ALONE:
            continue
        length = _big(data, at, 2)
        if marker in _FRAMES:
            if size is not None:
                raise NotAnImage()
            size = (_big(data, at + 5, 2), _big(data, at + 3, 2))
        at += length
        if marker == _SCAN:
            scans += 1
            found = _NEXT_MARKER.search(data, at)
            if found is None or scans > MAX_SCANS:
                raise NotAnImage()
            at = found.start()
    raise NotAnImage()


def _webp(data: bytes) -> Header:
    # RFC 9649, sections 2.5 to 2.7; a canvas may be larger than 25 megapixels only there.
    chunk = data[12:16]
    if chunk == b"VP8X":
        if data[20] & 0x02:  # animated
            raise NotAnImage()
        return Header("webp", 1 + _little(data, 24, 3), 1 + _little(data, 27, 3), len(data))
    if chunk == b"VP8L":
        bits = _little(data, 21, 4)
        return Header("webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), len(data))
    if chunk == b"VP8 ":
        return Header("webp", _little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF, len(data))
    raise NotAnImage()


def _big(data: bytes, at: int, count: int) -> int:
    return int.from_bytes(_piece(data, at, count), "big")


def _little(data: bytes, at: int, count: int) -> int:
    return int.from_bytes(_piece(data, at, count), "little")


def _piece(data: bytes, at: int, count: int) -> bytes:
    if at + count > len(data):
        raise IndexError
    return data[at : at + count]
