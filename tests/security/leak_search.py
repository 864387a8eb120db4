"""The search for canaries: through every encoding in which a value may have been written down."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote_to_bytes

from tests.security.canaries import Canary

_ESCAPED_LETTER = re.compile(r"\\+u([0-9a-fA-F]{4})")
_ESCAPED_SPACE = re.compile(r"\\+[nrt]")
_ESCAPED_BYTES = re.compile(rb"(?:\\+x[0-9a-fA-F]{2})+")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_\-]{16,}")


def folded(text: str) -> str:
    """Return `text` in lower case, full-width characters narrowed, without accents, whichever way they were composed."""
    decomposed = unicodedata.normalize("NFKD", text).lower().replace("đ", "d")
    return re.sub(r"[\u0300-\u036f]", "", decomposed)


def views(content: bytes) -> Iterator[str]:
    """Yield `content` as everything it may be: UTF-8 with JSON, repr and URL escapes read, UTF-16, and base64 within."""
    for data in {content, unquote_to_bytes(content), _ESCAPED_BYTES.sub(_read_bytes, content)}:
        text = data.decode("utf-8", "replace")
        yield folded(text)
        if "\\" in text:
            read = _ESCAPED_LETTER.sub(lambda found: chr(int(found.group(1), 16)), text)
            yield folded(_ESCAPED_SPACE.sub(" ", read))
    for encoding in ("utf-16-le", "utf-16-be"):
        if b"\x00" in content:
            yield folded(content.decode(encoding, "ignore"))
            yield folded(content[1:].decode(encoding, "ignore"))
    hidden = [_from_base64(found.group()[start:]) for found in _BASE64.finditer(content) for start in range(4)]
    yield folded(b"\n".join(hidden).decode("utf-8", "replace"))


def leaks(canaries: Sequence[Canary], contents: Mapping[str, bytes]) -> list[str]:
    """Return "kind in place: what stands there" for every canary found."""
    found = []
    for place, content in contents.items():
        texts = list(dict.fromkeys(views(content)))
        for canary in canaries:
            hits = (pattern.search(text) for text in texts for pattern in canary.patterns)
            hit = next((one for one in hits if one is not None), None)
            if hit is not None:
                around = hit.string[max(0, hit.start() - 60) : hit.end() + 40]
                found.append(f"{canary.kind} in {place}: {around!r}")
    return found


def written_files(var: Path) -> dict[str, bytes]:
    """Return every file below `var` but the backend's own database, whose fields are its business."""
    files = (path for path in sorted(var.rglob("*")) if path.is_file() and not path.name.startswith("backend.db"))
    return {str(path.relative_to(var)): path.read_bytes() for path in files}


def _read_bytes(found: "re.Match[bytes]") -> bytes:
    return bytes(int(part[:2], 16) for part in re.split(rb"\\+x", found.group())[1:])


def _from_base64(run: bytes) -> bytes:
    standard = run.translate(bytes.maketrans(b"-_", b"+/"))
    try:
        return base64.b64decode(standard[: len(standard) // 4 * 4])
    except (binascii.Error, ValueError):
        return b""
