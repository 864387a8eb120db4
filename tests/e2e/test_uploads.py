"""Photos over the chat's contract: taken only for a registration of one's own, and refused with a reason otherwise."""

from collections.abc import Callable
from io import BytesIO

import httpx
import pytest
from PIL import Image

from tests.e2e.responses import name_of
from tests.e2e.test_bad_input import error_of
from tests.programs import Chat

LARGEST = 8 * 1024 * 1024


def jpeg(side: int = 640) -> bytes:
    """A photo."""
    picture = BytesIO()
    Image.new("RGB", (side, side), (120, 160, 200)).save(picture, "JPEG")
    return picture.getvalue()


@pytest.fixture
def registering(chat: Chat) -> Chat:
    """Somebody who has begun to register."""
    chat.say("tôi muốn đăng ký tài khoản vssid")
    return chat


def test_a_photo_is_kept_for_a_registration_and_may_be_sent_again(registering: Chat) -> None:
    for _ in range(2):
        answer = registering.upload("face", jpeg())
        assert answer.status_code == 201 and set(answer.json()) == {"id"}


@pytest.mark.parametrize(
    ("kind", "photo", "refused"),
    [
        ("selfie", jpeg(), (400, "bad_upload")),
        ("", jpeg(), (400, "bad_upload")),
        ("face", b"", (400, "bad_upload")),
        ("face", b"<svg onload=alert(1)>", (400, "not_an_image")),
        ("face", jpeg(20), (400, "too_small")),
        ("face", b"\xff\xd8\xff" + b"0" * LARGEST, (413, "too_large")),
    ],
    ids=["another kind", "no kind", "nothing", "no photo", "tiny", "too many bytes"],
)
def test_what_cannot_be_taken_is_refused_with_a_reason(
    registering: Chat, kind: str, photo: bytes, refused: tuple[int, str]
) -> None:
    assert error_of(registering.upload(kind, photo)) == refused


@pytest.mark.parametrize("body", [b"", b"--x\r\n", b"{}", b"--x\r\nContent-Disposition\r\n\r\n--x--"])
def test_a_body_that_is_no_form_is_refused(registering: Chat, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert error_of(registering.http.post("/chat/api/uploads", content=body, headers=headers)) == (400, "bad_upload")


def test_another_body_is_refused(registering: Chat) -> None:
    assert error_of(registering.http.post("/chat/api/uploads", json={"kind": "face"})) == (400, "not_multipart")


def test_a_photo_where_text_is_expected_changes_nothing(chat: Chat) -> None:
    """Another task is under way: there is nothing a photo could belong to."""
    chat.say("tôi quên mật khẩu")
    assert error_of(chat.upload("face", jpeg())) == (409, "no_registration")
    assert name_of(chat.say("xin chào")[-1]["text"])[0] == "utter_ask_forgot_password_code"


def test_nobody_hands_a_photo_to_somebody_elses_registration(registering: Chat, open_chat: Callable[..., Chat]) -> None:
    assert error_of(open_chat().upload("face", jpeg())) == (409, "no_registration")


def test_another_site_and_a_stranger_cannot_send_photos(registering: Chat) -> None:
    cookies = dict(registering.http.cookies)
    photo = {"file": ("a.jpg", jpeg(), "image/jpeg")}
    url = f"{registering.http.base_url}/chat/api/uploads".replace("//chat", "/chat")

    def post(headers: dict[str, str], known: bool = True) -> httpx.Response:
        return httpx.post(
            url, data={"kind": "face"}, files=photo, headers=headers, cookies=cookies if known else {}, trust_env=False
        )

    own = str(registering.http.base_url).rstrip("/")
    assert error_of(post({"Origin": own})) == (403, "no_header")
    assert error_of(post({"X-CB": "1", "Origin": "https://evil.example"})) == (403, "other_origin")
    assert error_of(post({"X-CB": "1", "Origin": own}, known=False)) == (401, "no_session")
