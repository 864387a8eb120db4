"""The pictures of a posted form, one after the other as they arrive; never more than one of them is in memory, none on disk."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from backend.errors import BadRequest, TooLarge
from backend.photos import KINDS, Kind
from backend.photos.images import MAX_BYTES
from backend.photos.intake import Space

MAX_FORM = 6 * MAX_BYTES  # bytes read in all: three pictures that are each too large still get their own answer


@dataclass
class Picture:
    """What was sent as one kind of photo; `content` is None when it is over the limit of bytes."""

    kind: Kind
    content: bytes | None


@dataclass
class _Part:
    disposition: bytes = b""
    kind: Kind | None = None
    length: int = 0
    content: bytearray = field(default_factory=bytearray)


class _Reader:
    def __init__(self, content_type: str, space: Space) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or b"boundary" not in options:
            raise BadRequest(reason="form")
        self._space = space
        self._part = _Part()
        self._header, self._value = b"", b""
        self._seen: set[Kind] = set()
        self.ended = False
        self.ready: list[Picture] = []
        self.parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._named,
                "on_part_data": self._data,
                "on_part_end": self._finish,
                "on_end": self._end,
            },
        )

    def _begin(self) -> None:
        self._part = _Part()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._part.disposition = self._value
        self._header, self._value = b"", b""

    def _named(self) -> None:
        name = parse_options_header(self._part.disposition)[1].get(b"name", b"").decode("latin-1")
        self._part.kind = next((kind for kind in KINDS if kind == name), None)
        if self._part.kind is None or self._part.kind in self._seen:
            raise BadRequest(reason="form")
        self._seen.add(self._part.kind)

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        part.length += end - start
        if part.length > MAX_BYTES:
            part.content.clear()
            self._space.empty()
            return
        self._space.take(end - start)
        part.content += data[start:end]

    def _finish(self) -> None:
        part = self._part
        if part.length and part.kind:  # an input without a file sends an empty part
            self.ready.append(Picture(part.kind, bytes(part.content) if part.length <= MAX_BYTES else None))
        part.content.clear()

    def _end(self) -> None:
        self.ended = True

    def release(self) -> None:
        """Give back what finished pictures held; the part that is arriving keeps its own."""
        self._space.empty()
        self._space.take(len(self._part.content))


async def pictures(content_type: str, stream: AsyncIterator[bytes], space: Space) -> AsyncIterator[Picture]:
    """The pictures of the form, each as soon as it is complete; its memory is given back when the next one is asked for.

    Raises BadRequest for what is no form of ours or ends too early, TooLarge past MAX_FORM, Busy when too much is arriving.
    """
    reader = _Reader(content_type, space)
    length = 0
    async for chunk in stream:
        length += len(chunk)
        if length > MAX_FORM:
            raise TooLarge()
        try:
            reader.parser.write(chunk)
        except FormParserError as error:
            raise BadRequest(reason="form") from error
        while reader.ready:
            yield reader.ready.pop(0)
            reader.release()
    if not reader.ended:
        raise BadRequest(reason="form")
