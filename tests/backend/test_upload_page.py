"""The page behind an upload link: what opens it, what it takes, what ends it."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from backend_kit import World, build_world
from httpx import Response
from photo_kit import KINDS, Registrant, jpeg, located
from sqlalchemy import text

from backend import drafts, retention
from backend.errors import BackendError, BadRequest, Busy, TooLarge
from backend.photos import images
from backend.photos.intake import Intake
from backend.upload_page import pictures, routes
from backend.upload_page.texts import TEXTS

ORIGIN = {"Origin": "http://127.0.0.1:8000"}
GOOD = dict.fromkeys(KINDS, jpeg())


def post(world: World, path: str, files: dict[str, bytes], headers: dict[str, str] | None = None) -> Response:
    """A form with these pictures, as a browser sends it: every input stands in it, also an empty one."""
    form = {kind: (f"{kind}.jpg" if files.get(kind) else "", files.get(kind, b""), "image/jpeg") for kind in KINDS}
    return world.client.post(path, files=form, headers=ORIGIN if headers is None else headers)


def photos(world: World) -> list[str]:
    """The kinds of all stored photos."""
    return [row[0] for row in world.rows("SELECT kind FROM photos ORDER BY kind")]


@pytest.fixture
def registrant(world: World) -> Registrant:
    """Somebody with an open draft, who writes where no photo can be sent."""
    return Registrant(world, channel="zalo").begun()


@pytest.fixture
def path(registrant: Registrant) -> str:
    """The way to the page."""
    return registrant.link()


def test_a_link_leads_to_our_own_page_for_a_quarter_of_an_hour(registrant: Registrant) -> None:
    answer = registrant.call("POST", "/upload_link").json()
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/account/photos/[A-Za-z0-9_-]{43}", answer["url"])
    assert answer["expires_in_s"] == 900


def test_three_pictures_at_once_are_kept_and_end_the_link(world: World, registrant: Registrant, path: str) -> None:
    done = post(world, path, GOOD)
    assert done.status_code == 200 and "Đã nhận đủ 3 ảnh" in done.text
    assert photos(world) == sorted(KINDS) and registrant.draft()["photos"] == list(KINDS)
    assert world.client.get(path).status_code == 404 and post(world, path, GOOD).status_code == 404
    assert world.rows("SELECT count(*) FROM upload_links") == [(0,)]


def test_one_picture_at_a_time_does_it_too(world: World, registrant: Registrant, path: str) -> None:
    for number, kind in enumerate(KINDS):
        assert world.client.get(path).text.count("✓ Đã nhận") == number
        answer = post(world, path, {kind: jpeg()})
        assert answer.status_code == 200
    assert "Đã nhận đủ" in answer.text


def test_what_is_good_is_kept_and_of_the_rest_it_is_said_which_and_why(world: World, path: str) -> None:
    sent = {"face": jpeg(), "id_front": b"<html>", "id_back": jpeg((150, 300))}
    answer = post(world, path, sent)
    assert answer.status_code == 422 and photos(world) == ["face"]
    front, back = (answer.text.split(f'id="{kind}-error"')[1].split("</p>")[0] for kind in ("id_front", "id_back"))
    assert TEXTS["vi"]["not_an_image"] in front and TEXTS["vi"]["too_small"] in back
    assert 'id="face-error"' not in answer.text and TEXTS["vi"]["upload_some"] in answer.text


def test_a_picture_that_is_too_large_does_not_cost_the_others(world: World, path: str) -> None:
    answer = post(world, path, {"face": jpeg(), "id_front": jpeg() + bytes(images.MAX_BYTES), "id_back": jpeg()})
    assert answer.status_code == 422 and TEXTS["vi"]["too_large"] in answer.text
    assert photos(world) == ["face", "id_back"] and world.core.intake.held == 0


def test_a_refused_replacement_leaves_the_link_open(world: World, registrant: Registrant, path: str) -> None:
    registrant.all_photos()
    assert post(world, path, {"face": b"junk", "id_back": jpeg((300, 300))}).status_code == 422
    assert post(world, path, {"face": jpeg((300, 300))}).status_code == 200
    assert len(photos(world)) == 3 and world.client.get(path).status_code == 404


def test_a_form_without_a_picture_says_so(world: World, path: str) -> None:
    answer = post(world, path, {})
    assert answer.status_code == 422 and TEXTS["vi"]["upload_none"] in answer.text


def test_what_comes_through_the_page_is_cleaned_and_sealed(world: World, path: str, tmp_path: Path) -> None:
    post(world, path, {"face": located()})
    kept = images.ImageCleaner().clean(located())
    ((row, sealed),) = world.rows("SELECT id, content_sealed FROM photos")
    assert world.core.keys.unseal_bytes(sealed, table="photos", column="content", row=row) == kept
    assert b"Canary" not in kept and kept[:64] not in b"".join(one.read_bytes() for one in tmp_path.glob("backend.db*"))


def test_looking_at_the_page_uses_nothing_up(world: World, path: str) -> None:
    before = world.rows("SELECT * FROM upload_links"), world.rows("SELECT touched_at FROM drafts")
    world.clock.advance(10)
    with world.statements() as seen:
        pages = {world.client.get(path, headers={"User-Agent": "preview bot"}).text for _ in range(20)}
    assert len(pages) == 1 and not [one for one in seen if re.match("INSERT|UPDATE|DELETE", one)]
    assert (world.rows("SELECT * FROM upload_links"), world.rows("SELECT touched_at FROM drafts")) == before
    assert post(world, path, GOOD).status_code == 200


def dead(world: World, registrant: Registrant, path: str, how: str) -> str:
    """The path of a link that opens nothing."""
    if how == "unknown":
        return f"/account/photos/{secrets.token_urlsafe(32)}"
    if how == "no token":
        return "/account/photos/x"
    if how == "its own hash":
        return f"/account/photos/{world.rows('SELECT token_hash FROM upload_links')[0][0]}"
    if how == "expired":
        world.clock.advance(900)
    elif how == "idle draft":
        with world.core.writing() as unit:
            unit.conn.execute(text("UPDATE upload_links SET expires_at = expires_at + 9000"))
        world.clock.advance(world.core.settings.draft_life_s)
    elif how == "replaced":
        registrant.link()
    elif how == "cancelled":
        registrant.call("DELETE")
    elif how == "cancelled and begun anew":
        registrant.call("DELETE")
        registrant.begun()
    elif how == "draft ended":
        with world.core.writing() as unit:
            unit.conn.execute(text("UPDATE drafts SET state = 'expired'"))
    elif how == "consumed":
        post(world, path, GOOD)
    return path


DEATHS = [
    "unknown",
    "no token",
    "its own hash",
    "expired",
    "idle draft",
    "replaced",
    "cancelled",
    "cancelled and begun anew",
    "draft ended",
    "consumed",
]


@pytest.mark.parametrize("how", DEATHS)
def test_every_link_that_opens_nothing_looks_the_same(world: World, registrant: Registrant, path: str, how: str) -> None:
    gone = dead(world, registrant, path, how)
    before = photos(world)
    unknown = world.client.get(f"/account/photos/{'A' * 43}")
    assert unknown.status_code == 404 and TEXTS["vi"]["no_link"] in unknown.text and "<form" not in unknown.text
    for answer in (world.client.get(gone), post(world, gone, {"face": jpeg((300, 300))})):
        assert (answer.status_code, answer.text) == (404, unknown.text)
        assert answer.headers.items() - unknown.headers.items() == set()
    assert photos(world) == before


def test_a_link_lives_to_its_last_second(world: World, path: str) -> None:
    world.clock.advance(899)
    assert world.client.get(path).status_code == 200
    world.clock.advance(1)
    assert world.client.get(path).status_code == 404
    retention.sweep(world.core)
    assert world.rows("SELECT count(*) FROM upload_links") == [(0,)]


def test_a_link_fills_its_own_draft_and_no_other(world: World, registrant: Registrant, path: str) -> None:
    other = Registrant(world, "two", channel="zalo").begun()
    other.link()
    post(world, path, {"face": jpeg()})
    assert registrant.draft()["photos"] == ["face"] and other.draft()["photos"] == []


def test_a_link_that_dies_while_its_picture_is_looked_at_keeps_nothing(
    world: World, registrant: Registrant, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean = world.core.images.clean

    def meanwhile(data: bytes) -> bytes:
        with world.core.writing() as unit:
            unit.conn.execute(text("UPDATE drafts SET state = 'cancelled'"))
        return clean(data)

    monkeypatch.setattr(world.core.images, "clean", meanwhile)
    answer = post(world, path, GOOD)
    assert answer.status_code == 404 and photos(world) == []


def test_a_link_that_is_replaced_while_its_draft_is_waited_for_keeps_nothing(
    world: World, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = drafts.hold

    def waited(core: Any, unit: Any, draft_id: str) -> Any:
        unit.conn.execute(text("DELETE FROM upload_links"))  # as the other request left it when it let go of the row
        return hold(core, unit, draft_id)

    monkeypatch.setattr("backend.drafts.hold", waited)
    assert post(world, path, GOOD).status_code == 404 and photos(world) == []


def test_no_link_outlives_its_draft(world: World, registrant: Registrant, path: str) -> None:
    assert world.client.get(path).status_code == 200
    registrant.call("DELETE")
    assert world.rows("SELECT count(*) FROM upload_links") == [(0,)]


def test_a_token_is_stored_hashed(world: World, path: str) -> None:
    token = path.split("/")[-1]
    with world.core.database.read() as conn:
        assert token not in str(conn.execute(text("SELECT * FROM upload_links")).all())


def test_a_repeated_request_gets_the_same_link_and_a_new_one_another(registrant: Registrant) -> None:
    first = registrant.call("POST", "/upload_link", key="k").json()
    assert registrant.call("POST", "/upload_link", key="k").json() == first
    assert registrant.call("POST", "/upload_link").json() != first


def test_a_sender_gets_so_many_links_a_day(tmp_path: Path) -> None:
    world = build_world(f"sqlite:///{tmp_path}/b.db", upload_links_per_day=2)
    talk = Registrant(world).begun()
    talk.link()
    talk.link()
    assert talk.call("POST", "/upload_link").json()["code"] == "daily_limit"
    world.close()


def test_a_closed_task_hands_out_no_link(tmp_path: Path) -> None:
    world = build_world(f"sqlite:///{tmp_path}/b.db")
    begun = Registrant(world).begun()
    world.limit(closed="register_account")
    assert begun.call("POST", "/upload_link").json()["code"] == "closed"
    world.close()


def test_only_a_registration_has_an_upload_link(world: World) -> None:
    talk = world.talk().open()
    assert talk.call("POST", "/upload_link").status_code == 404


def test_a_link_takes_ten_posts_whatever_is_in_them(world: World, path: str) -> None:
    for _ in range(9):
        assert post(world, path, {"face": b"junk"}).status_code == 422
    assert world.client.post(path, content=b"x", headers=ORIGIN).status_code == 400
    used = post(world, path, GOOD)
    assert used.status_code == 429 and TEXTS["vi"]["used_up"] in used.text and photos(world) == []
    assert world.client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Origin": "null"}, 200),
        (ORIGIN, 200),
        ({}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"} | ORIGIN, 403),
        ({"Sec-Fetch-Site": "same-site"} | ORIGIN, 403),
        ({"Sec-Fetch-Site": "none"} | ORIGIN, 403),
    ],
)
def test_a_form_from_another_place_is_refused(world: World, path: str, headers: dict[str, str], status: int) -> None:
    answer = post(world, path, GOOD, headers)
    assert answer.status_code == status
    assert len(photos(world)) == (3 if status == 200 else 0)
    if status == 403:
        assert TEXTS["vi"]["not_ours"] in answer.text


def test_the_page_leaks_its_address_to_nobody(world: World, path: str) -> None:
    for answer in (
        world.client.get(path),
        world.client.get(path + "?lang=en"),
        world.client.get("/account/photos/x"),
        post(world, path, {"face": b"x"}),
        post(world, path, GOOD),
    ):
        assert answer.headers["referrer-policy"] == "no-referrer" and answer.headers["cache-control"] == "no-store"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "form-action 'self'" in policy and "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "DENY" and "set-cookie" not in answer.headers
        assert path.split("/")[-1] not in answer.text
        assert "<script" not in answer.text and "style=" not in answer.text and "http" not in answer.text


def test_the_page_speaks_both_languages(world: World, registrant: Registrant, path: str) -> None:
    vietnamese, english = world.client.get(path).text, world.client.get(path + "?lang=en").text
    assert '<html lang="vi">' in vietnamese and "Ảnh khuôn mặt" in vietnamese
    assert '<html lang="en">' in english and "Your face" in english
    assert "The picture is too small" in post(world, path + "?lang=en", {"face": jpeg((150, 150))}).text
    assert "This link no longer works" in world.client.get("/account/photos/x?lang=en").text
    link = Registrant(world, "en", lang="en").begun().call("POST", "/upload_link").json()["url"]
    assert "Your face" in world.client.get(link).text


def test_both_languages_have_the_same_words_and_no_word_of_the_house_is_overwritten() -> None:
    from backend.account_page.texts import TEXTS as HOUSE

    assert set(TEXTS["vi"]) == set(TEXTS["en"])
    assert not set(TEXTS["vi"]) & set(HOUSE["vi"])


BOUNDARY = "b" * 20


def form(*parts: tuple[str, bytes], end: bytes = b"--") -> bytes:
    """A multipart body as written down."""
    written = b""
    for disposition, content in parts:
        written += f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + content + b"\r\n"
    return written + f"--{BOUNDARY}".encode() + end


FACE = 'form-data; name="face"; filename="a.jpg"'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"face=1"),
        ("multipart/form-data", form((FACE, b"x"))),
        ("", form((FACE, b"x"))),
        (None, b"no form at all"),
        (None, form((FACE, b"x"), end=b"")),
        (None, form(('form-data; name="passport"; filename="a.jpg"', b"x"))),
        (None, form(("form-data", b"x"))),
        (None, form((FACE, b"x"), (FACE, b"x"))),
        (None, form(*[(FACE, b"")] * 2)),
        (None, b"--" + BOUNDARY.encode() + b"\r\n" + b"X: y\r\n" * 5_000),
        (None, b"--" + BOUNDARY.encode() + b"\r\nX: " + b"y" * 100_000),
    ],
)
def test_a_form_that_is_not_ours_is_refused(world: World, path: str, content_type: str | None, body: bytes) -> None:
    kind = f"multipart/form-data; boundary={BOUNDARY}" if content_type is None else content_type
    answer = world.client.post(path, content=body, headers=ORIGIN | {"Content-Type": kind})
    assert answer.status_code == 400 and TEXTS["vi"]["unread"] in answer.text
    assert photos(world) == [] and world.core.intake.held == 0


def read(chunks: list[bytes], intake: Intake) -> tuple[list[tuple[str, int | None]], int, BackendError | None]:
    """Kind and length of each picture found in the chunks, the most memory that was held, and the refusal."""
    found: list[tuple[str, int | None]] = []
    most = 0

    async def stream() -> AsyncIterator[bytes]:
        nonlocal most
        for chunk in chunks:
            yield chunk
            most = max(most, intake.held)

    async def run() -> None:
        with intake.space() as space:
            async for picture in pictures.pictures(f"multipart/form-data; boundary={BOUNDARY}", stream(), space):
                found.append((picture.kind, None if picture.content is None else len(picture.content)))

    try:
        asyncio.run(run())
    except BackendError as error:
        return found, most, error
    return found, most, None


def cut(body: bytes, size: int) -> list[bytes]:
    return [body[at : at + size] for at in range(0, len(body), size)]


THREE = [(f'form-data; name="{kind}"; filename="x"', b"\r\n--" + kind.encode() * 1000) for kind in KINDS]


@pytest.mark.parametrize("size", [1, 7, 1_000, 100_000])
def test_a_form_is_read_alike_however_it_is_cut(size: int) -> None:
    found, most, error = read(cut(form(*THREE), size), Intake())
    assert found == [(kind, 4 + 1000 * len(kind)) for kind in KINDS] and error is None
    assert size > 1_000 or most < 9_000  # never two of them at once


def test_of_a_picture_over_the_limit_nothing_is_kept_in_memory() -> None:
    intake = Intake()
    large = bytes(images.MAX_BYTES + 1)
    found, most, error = read(cut(form((THREE[0][0], large), (THREE[1][0], large), THREE[2]), 65_536), intake)
    assert found == [("face", None), ("id_front", None), ("id_back", 4 + 7_000)] and error is None
    assert most <= images.MAX_BYTES and intake.held == 0


def test_a_form_without_end_is_not_read_to_its_end() -> None:
    intake = Intake()
    endless = [form((FACE, b"")).partition(b"\r\n\r\n")[0] + b"\r\n\r\n", *[b"x" * 65_536] * 2_000]
    _, most, error = read(endless, intake)
    assert isinstance(error, TooLarge) and most <= images.MAX_BYTES and intake.held == 0


def test_a_form_waits_its_turn_when_too_much_is_arriving() -> None:
    intake = Intake(1_000)
    assert isinstance(read(cut(form(*THREE), 100), intake)[2], Busy) and intake.held == 0


def test_a_form_that_breaks_off_gives_its_memory_back() -> None:
    intake = Intake()
    assert isinstance(read(cut(form(*THREE), 100)[:20], intake)[2], BadRequest) and intake.held == 0


def test_a_busy_moment_refuses_the_picture_and_not_the_person(world: World, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_data: bytes) -> bytes:
        raise Busy(retry_after=5)

    monkeypatch.setattr(world.core.images, "clean", busy)
    answer = post(world, path, {"face": jpeg()})
    assert answer.status_code == 422 and TEXTS["vi"]["busy_here"] in answer.text
    with world.core.intake.space() as others:
        others.take(12 * images.MAX_BYTES - 10)
        answer = post(world, path, {"face": jpeg()})
    assert answer.status_code == 503 and TEXTS["vi"]["busy"] in answer.text and answer.headers["retry-after"] == "5"


def asked_directly(world: World, path: str, receive: Any) -> list[dict[str, Any]]:
    """The messages that answer a post whose body comes from `receive`."""
    answers: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    kind = f"multipart/form-data; boundary={BOUNDARY}".encode()
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"origin", b"http://127.0.0.1:8000"), (b"content-type", kind)],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    assert world.client.portal is not None
    world.client.portal.call(world.app, scope, receive, send)
    return answers


def test_who_sends_too_slowly_is_let_go(world: World, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "RECEIVE_S", 0.05)
    first = [form((FACE, b"x" * 500), end=b"")]

    async def receive() -> dict[str, Any]:
        if first:
            return {"type": "http.request", "body": first.pop(), "more_body": True}
        await asyncio.sleep(30)  # far past RECEIVE_S: only a page without a deadline waits for it
        raise AssertionError("still waiting")

    assert asked_directly(world, path, receive)[0]["status"] == 400
    assert world.core.intake.held == 0


def test_who_leaves_in_the_middle_keeps_what_was_complete(world: World, path: str, caplog: pytest.LogCaptureFixture) -> None:
    whole = form((FACE, jpeg()), THREE[1])
    coming = [{"type": "http.request", "body": whole[:-2_000], "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> dict[str, Any]:
        return coming.pop(0)

    asked_directly(world, path, receive)
    assert photos(world) == ["face"] and world.core.intake.held == 0
    assert "internal" not in caplog.text


def test_two_people_with_one_link_do_not_spoil_each_others_pictures(world: World, path: str) -> None:
    assert post(world, path, {"face": jpeg(), "id_front": jpeg()}).status_code == 200
    assert post(world, path, {"face": jpeg((300, 300))}).status_code == 200
    assert photos(world) == ["face", "id_front"]


def test_the_page_works_on_either_database(either: World) -> None:
    talk = Registrant(either, channel="zalo").begun()
    old = talk.link()
    path = talk.link()
    assert either.client.get(old).status_code == 404
    assert post(either, path, {"face": jpeg()}).status_code == 200
    assert "Đã nhận đủ" in post(either, path, GOOD).text
    assert either.client.get(path).status_code == 404
