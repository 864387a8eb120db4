"""What the photo tests share: pictures of every sort, and a person who registers."""

import struct
import zlib
from io import BytesIO
from typing import Any

from backend_kit import Talk, World
from httpx import Response
from PIL import Image

KINDS = ("face", "id_front", "id_back")
FIELDS = {
    "full_name": "Trần Thị Hoa",
    "dob": "1992-03-08",
    "id_number": "079192000055",
    "phone": "0900000055",
    "email": "hoa.tran@example.com",
    "office": "BHXH Quận 1",
}
WHERE = "10.776889"  # what the GPS tag of `located` says, as text in its comment too


def drawn(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture in a file format."""
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def jpeg(size: tuple[int, int] = (640, 480)) -> bytes:
    """A plain JPEG."""
    return encoded(drawn(size))


def located(orientation: int = 1, kind: str = "JPEG") -> bytes:
    """A picture with a place, a camera, a comment, a colour profile and XMP."""
    image = drawn()
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CanaryCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (10.0, 46.0, 36.8), 3: "E", 4: (106.0, 42.0, 2.52), 29: "2027:01:15"})
    more: dict[str, Any] = {"exif": exif, "icc_profile": b"CanaryProfile" * 20}
    if kind == "JPEG":
        more |= {"comment": f"CanaryComment {WHERE}".encode(), "xmp": b"<x:xmpmeta>CanaryXmp</x:xmpmeta>"}
    return encoded(image, kind, **more)


def png_of(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG that says it has that size, with these chunks and no pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(b"\x00" * 100)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


class Registrant(Talk):
    """A conversation that registers; its channel sends the photos."""

    def __init__(self, world: World, name: str = "one", lang: str = "vi", channel: str = "web") -> None:
        super().__init__(world, name, lang, channel)
        self.task = "register_account"

    def begun(self) -> "Registrant":
        assert self.call("PUT").status_code == 200
        return self

    def filled(self, **fields: str) -> "Registrant":
        """With every field, and the code of the mailbox answered."""
        self.begun()
        for name, value in (FIELDS | fields).items():
            answer = self.call("PUT", f"/fields/{name}", {"value": value})
            assert answer.status_code == 200, answer.text
        assert self.send().status_code == 200
        assert self.answer(self.world.code()) == "right"
        return self

    def by_channel(
        self,
        method: str,
        kind: str,
        content: bytes = b"",
        key: str | None = None,
        content_type: str = "image/jpeg",
        **otherwise: Any,
    ) -> Response:
        """A request about a photo, signed by the channel."""
        url = f"/v1/drafts/register_account/photos/{kind}"
        signing = {"credential": self.world.core.settings.channel_credentials()[0], **otherwise}
        headers = self.headers(method, url, content, key, **signing) | {"Content-Type": content_type}
        return self.world.client.request(method, url, content=content, headers=headers)

    def put(self, kind: str = "face", content: bytes | None = None, key: str | None = None, **otherwise: Any) -> Response:
        return self.by_channel("PUT", kind, jpeg() if content is None else content, key, **otherwise)

    def all_photos(self) -> "Registrant":
        for kind in KINDS:
            assert self.put(kind).status_code == 200
        return self

    def link(self) -> str:
        """The path of a new upload link."""
        answer = self.call("POST", "/upload_link")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["url"]).removeprefix("http://127.0.0.1:8000")
