"""What becomes of a picture that a stranger sends: refused before it is decoded, or its pixels and nothing else."""

import struct
import threading
import zipfile
import zlib
from io import BytesIO
from typing import Any

import pytest
from photo_kit import WHERE, drawn, encoded, jpeg, located, png_of
from PIL import Image

from backend.errors import BackendError, Busy, NotAnImage, TooLarge, TooSmall
from backend.photos import headers, images
from backend.photos.images import ImageCleaner
from backend.photos.intake import Intake

CLEANER = ImageCleaner()
PLAIN = {kind: encoded(drawn(), kind) for kind in ("JPEG", "PNG", "WEBP")}


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def refused(data: bytes) -> type[BackendError]:
    with pytest.raises(BackendError) as caught:
        CLEANER.clean(data)
    return caught.type


def corners(image: Image.Image) -> list[str]:
    """The colour at each corner, clockwise from the upper left."""
    width, height = image.size
    places = ((9, 9), (width - 9, 9), (width - 9, height - 9), (9, height - 9))
    pixels = [image.getpixel(place) for place in places]
    return ["red" if isinstance(one, tuple) and one[0] > one[2] else "blue" for one in pixels]


@pytest.mark.parametrize("kind", PLAIN)
def test_jpeg_png_and_webp_become_a_jpeg_with_the_same_pixels(kind: str) -> None:
    image = opened(CLEANER.clean(PLAIN[kind]))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (640, 480))
    assert corners(image) == ["red", "blue", "blue", "red"]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_a_png_of_any_colour_mode_is_taken(mode: str) -> None:
    source = drawn() if mode != "I;16" else Image.new("I;16", (300, 300), 40_000)
    image = opened(CLEANER.clean(encoded(source.convert(mode) if mode != "I;16" else source, "PNG")))
    assert image.mode == "RGB"
    if mode == "I;16":
        assert image.getpixel((5, 5)) == (156, 156, 156)  # 40000 of 65535


def test_a_cmyk_jpeg_and_a_grey_webp_are_taken() -> None:
    assert opened(CLEANER.clean(encoded(drawn(mode="CMYK")))).mode == "RGB"
    assert opened(CLEANER.clean(encoded(drawn(mode="L"), "WEBP"))).mode == "RGB"


def test_what_is_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    assert opened(CLEANER.clean(encoded(clear, "PNG"))).getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_camera_comment_and_profile_are_gone(kind: str) -> None:
    sent = located(kind=kind)
    assert b"CanaryCamera" in sent and opened(sent).getexif().get_ifd(0x8825)[4] == (106.0, 42.0, 2.52)
    kept = CLEANER.clean(sent)
    image = opened(kept)
    assert dict(image.getexif()) == {} and dict(image.getexif().get_ifd(0x8825)) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for trace in (b"Canary", b"Exif", b"xmp", WHERE.encode(), b"ICC", b"2027:01:15"):
        assert trace not in kept


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (1, ["red", "blue", "blue", "red"]),
        (2, ["blue", "red", "red", "blue"]),
        (3, ["blue", "red", "red", "blue"]),
        (6, ["red", "red", "blue", "blue"]),
        (8, ["blue", "blue", "red", "red"]),
    ],
)
def test_a_picture_is_turned_upright_before_its_orientation_is_forgotten(
    kind: str, orientation: int, expected: list[str]
) -> None:
    image = opened(CLEANER.clean(located(orientation, kind)))
    assert corners(image) == expected
    assert image.size == ((640, 480) if orientation < 5 else (480, 640))


def test_a_large_picture_is_made_smaller_and_keeps_its_shape() -> None:
    assert opened(CLEANER.clean(jpeg((4000, 3000)))).size == (2000, 1500)
    assert opened(CLEANER.clean(encoded(drawn((2500, 5000)), "PNG"))).size == (1000, 2000)


def test_the_24_megapixels_of_current_phones_are_taken() -> None:
    assert images.admitted(jpeg((5712, 4284))).width == 5712


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"\xff\xd8\xff",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + b"\x00" * 400,
        b"%PDF-1.7",
        b"PK\x03\x04" + b"\x00" * 400,
        b"BM" + b"\x00" * 400,
        b"II*\x00" + b"\x00" * 400,
        b"\x00\x00\x00\x18ftypheic" + b"\x00" * 400,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"RIFF\x00\x00\x00\x00WAVE" + b"\x00" * 400,
        b"RIFF\x00\x00\x00\x00WEBPJUNK" + b"\x00" * 400,
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 400,
        b"\xff\xd8\xff\xe0" + b"\x00" * 400,
        b"\xff\xd8\xff" + b"\xff" * 4000,
        b"\xff\xd8\xff\xd9",
        encoded(drawn(), "GIF"),
        encoded(drawn(), "TIFF"),
        encoded(drawn(), "BMP"),
    ],
)
def test_what_is_no_jpeg_png_or_webp_is_refused_whatever_it_is_called(data: bytes) -> None:
    assert refused(data) is NotAnImage


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.95])
def test_a_cut_picture_is_refused(kind: str, part: float) -> None:
    noisy = Image.effect_noise((640, 480), 80).convert("RGB")
    whole = encoded(noisy, kind)
    assert CLEANER.clean(whole)
    assert refused(whole[: int(len(whole) * part)]) is NotAnImage


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_damaged_picture_is_refused(kind: str) -> None:
    whole = bytearray(
        encoded(Image.effect_noise((640, 480), 80).convert("RGB"), kind, **({"lossless": True} if kind == "WEBP" else {}))
    )
    whole[60:120] = bytes(60)
    assert refused(bytes(whole)) is NotAnImage


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animated_picture_is_refused(kind: str) -> None:
    frames = [drawn(), drawn().rotate(90)]
    moving = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    assert refused(moving) is NotAnImage
    if kind == "WEBP":
        with pytest.raises(NotAnImage):
            headers.header_of(moving)


def test_a_picture_with_another_file_behind_or_inside_it_loses_that_file() -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as inside:
        inside.writestr("canary.html", "<script>canary</script>")
    for sent in (
        jpeg() + archive.getvalue(),
        PLAIN["PNG"] + archive.getvalue(),
        jpeg()[:2] + b"\xff\xfe\x00\x19<script>canary</script>" + jpeg()[2:],
    ):
        kept = CLEANER.clean(sent)
        assert b"PK\x03\x04" not in kept and b"canary" not in kept and b"<script" not in kept
        assert not zipfile.is_zipfile(BytesIO(kept))


def test_what_hangs_behind_a_jpeg_never_reaches_the_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    def watched(file: BytesIO) -> Any:
        seen.append(file.getvalue())
        return decoder(file)

    picture, decoder = jpeg(), images.DECODERS["jpeg"]
    monkeypatch.setitem(images.DECODERS, "jpeg", watched)
    CLEANER.clean(picture + b"\xff\xda" * 5000 + jpeg())
    assert seen == [picture]


def undecoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(images, "DECODERS", {"jpeg": never, "png": never, "webp": never})


def webp_of(width: int, height: int) -> bytes:
    """A WebP that says it has a canvas of that size."""
    canvas = struct.pack("<I", 0x10) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", 100) + b"WEBPVP8X" + struct.pack("<I", 10) + canvas + bytes(60)


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose frame says it has that size."""
    made = jpeg()
    at = made.index(b"\xff\xc0") + 5
    return made[:at] + struct.pack(">HH", height, width) + made[at + 4 :]


@pytest.mark.parametrize("bomb", [png_of, webp_of, jpeg_of])
@pytest.mark.parametrize("size", [(10_001, 300), (300, 10_001), (6_000, 5_000), (65_000, 65_000)])
def test_a_bomb_is_refused_before_anything_decodes_it(monkeypatch: pytest.MonkeyPatch, bomb: Any, size: tuple[int, int]) -> None:
    undecoded(monkeypatch)
    assert refused(bomb(*size)) is TooLarge


@pytest.mark.parametrize("size", [(199, 400), (400, 199), (1, 1)])
def test_a_picture_that_shows_nobody_is_refused_before_anything_decodes_it(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    undecoded(monkeypatch)
    for kind in ("JPEG", "PNG", "WEBP"):
        assert refused(encoded(drawn(size), kind)) is TooSmall
    assert refused(encoded(drawn(size), "WEBP", lossless=True)) is TooSmall


def test_the_smallest_and_the_narrowest_pictures_are_taken() -> None:
    assert opened(CLEANER.clean(jpeg((200, 200)))).size == (200, 200)
    assert opened(CLEANER.clean(encoded(drawn((10_000, 200)), "PNG"))).size == (2000, 40)


def test_too_many_bytes_are_refused_before_anything_looks_at_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "header_of", lambda _data: pytest.fail("looked at"))
    assert refused(jpeg() + bytes(images.MAX_BYTES)) is TooLarge


def test_a_size_that_the_decoder_sees_otherwise_is_refused() -> None:
    """A PNG with two headers: the first is small, the pixels are the second's."""
    large = encoded(Image.new("1", (9_000, 3_000)), "PNG")
    small = png_of(400, 400)
    assert refused(large) is TooLarge
    assert refused(small[:33] + large[8:]) is NotAnImage


def test_a_jpeg_with_endless_scans_is_refused_before_anything_decodes_it() -> None:
    whole = encoded(drawn(), progressive=True)
    assert CLEANER.clean(whole)
    at = whole.rindex(b"\xff\xda")
    scan = whole[at:-2]
    for endless in (whole[:at] + scan * 200 + whole[-2:], whole[:2] + b"\xff\xfe\x00\x02" * 2_000 + whole[2:]):
        with pytest.raises(NotAnImage):
            headers.header_of(endless)


def test_a_jpeg_that_says_two_sizes_is_refused_before_anything_decodes_it() -> None:
    whole = jpeg()
    at = whole.index(b"\xff\xc0")
    frame = whole[at : at + 2 + int.from_bytes(whole[at + 2 : at + 4], "big")]
    with pytest.raises(NotAnImage):
        headers.header_of(whole[:at] + frame + whole[at:])


def test_compressed_text_in_a_png_cannot_fill_the_memory() -> None:
    text = b"Comment\x00\x00" + zlib.compress(bytes(100 * 1024 * 1024), 9)
    sent = PLAIN["PNG"]
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text + struct.pack(">I", zlib.crc32(b"zTXt" + text))
    assert refused(sent[:33] + chunk + sent[33:]) is NotAnImage


def test_one_picture_is_decoded_at_a_time_and_a_full_queue_says_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    cleaner = ImageCleaner(queue=2)
    inside, most, go = [0], [0], threading.Event()
    lock, entered = threading.Lock(), threading.Event()
    decode = images._decoded

    def slow(header: headers.Header, data: bytes) -> Image.Image:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        entered.set()
        go.wait(30)
        made = decode(header, data)
        with lock:
            inside[0] -= 1
        return made

    monkeypatch.setattr(images, "_decoded", slow)
    picture, done = jpeg(), []
    threads = [threading.Thread(target=lambda: done.append(cleaner.clean(picture))) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert entered.wait(30)
    while cleaner._places._value:  # until all three stand in the queue
        pass
    with pytest.raises(Busy):
        cleaner.clean(picture)
    go.set()
    for thread in threads:
        thread.join(30)
    assert len(done) == 3 and most[0] == 1
    assert cleaner.clean(picture)


def test_a_refused_picture_leaves_its_place_to_the_next() -> None:
    cleaner = ImageCleaner(queue=0)
    for _ in range(3):
        with pytest.raises(NotAnImage):
            cleaner.clean(PLAIN["PNG"][:-400])
    assert cleaner.clean(jpeg())


def test_all_pictures_that_arrive_share_one_budget_of_memory() -> None:
    intake = Intake(100)
    with intake.space() as one, intake.space() as two:
        one.take(60)
        two.take(40)
        with pytest.raises(Busy):
            two.take(1)
        one.empty()
        two.take(60)
        assert intake.held == 100
    assert intake.held == 0
