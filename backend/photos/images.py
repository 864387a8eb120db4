"""Pictures that strangers send become plain JPEGs: only the pixels are kept, and one picture is decoded at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import ExifTags, Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from backend.errors import Busy, NotAnImage, TooLarge, TooSmall
from backend.photos.headers import Format, Header, header_of

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 24 * 1024 * 1024  # the "24 megapixels" of current phones are 5712 x 4284, a little over 24 million
MAX_SIDE, MIN_SIDE = 10_000, 200  # pixels, as sent
KEPT_SIDE = 2_000  # pixels, as kept: an identity card stays readable
QUALITY = 85  # Pillow's scale for JPEG
QUEUE = 8  # pictures that may wait; at about half a second each
DECODERS: dict[Format, type[ImageFile]] = {"jpeg": JpegImageFile, "png": PngImageFile, "webp": WebPImageFile}
# What EXIF's orientation says has to be done (Exif 2.32, tag 0x0112).
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class ImageCleaner:
    """Decodes one picture at a time (some 420 MiB for the largest WebP), with a short queue."""

    def __init__(self, queue: int = QUEUE) -> None:
        self._places = threading.BoundedSemaphore(1 + queue)
        self._turn = threading.Lock()

    def clean(self, data: bytes) -> bytes:
        """The picture as a JPEG of its pixels alone, upright, at most KEPT_SIDE a side.

        The format is what the content says. Raises TooLarge or TooSmall before anything is decoded, NotAnImage for what is
        no whole still picture, Busy when the queue is full.
        """
        header = admitted(data)
        with self._place():
            return _encoded(_decoded(header, data[: header.length]))

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Busy(retry_after=5)
        try:
            with self._turn:
                yield
        finally:
            self._places.release()


def admitted(data: bytes) -> Header:
    """The header of a picture that may be decoded; raises TooLarge, TooSmall or NotAnImage."""
    if len(data) > MAX_BYTES:
        raise TooLarge()
    header = header_of(data)
    width, height = header.width, header.height
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise TooLarge()
    if min(width, height) < MIN_SIDE:
        raise TooSmall()
    return header


def _decoded(header: Header, data: bytes) -> Image.Image:
    try:
        # Not Image.open: it would try whatever formats it knows, and look into what hangs behind the picture.
        with DECODERS[header.format](BytesIO(data)) as image:
            if image.size != (header.width, header.height) or getattr(image, "is_animated", False):
                raise NotAnImage()
            turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
            image.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
            image.load()
            flat = _flat(image)
    except NotAnImage:
        raise
    except Exception as error:  # hostile bytes make decoders fail in any way they can
        raise NotAnImage() from error
    return flat if turn is None else flat.transpose(turn)


def _flat(image: Image.Image) -> Image.Image:
    mode = "RGBA" if image.has_transparency_data else "RGB"
    # Greys of 16 bits: Pillow would cut them off at 255 instead of scaling them.
    eight_bits = image.convert("I").point(lambda grey: grey * (1 / 256)) if image.mode.startswith("I") else image
    plain = eight_bits if eight_bits.mode == mode else eight_bits.convert(mode)  # a copy would double the memory
    plain.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    # A new picture, because metadata cling to the old one and the encoder writes a comment that it finds.
    on_white = Image.new("RGB", plain.size, "white")
    on_white.paste(plain, mask=plain.getchannel("A") if mode == "RGBA" else None)
    return on_white


def _encoded(pixels: Image.Image) -> bytes:
    written = BytesIO()
    pixels.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()
