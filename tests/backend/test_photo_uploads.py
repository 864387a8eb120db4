"""Photos that a channel sends: into its own sender's open draft, sealed there, gone with it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from backend_kit import World, build_world
from photo_kit import KINDS, Registrant, jpeg, located
from sqlalchemy import text

from backend import retention
from backend.api.limits import BodyLimit
from backend.assertion import Sender
from backend.keys import Unreadable
from backend.photos import images, store
from backend.photos.intake import Intake


def photos(world: World) -> list[str]:
    """The kinds of all stored photos."""
    return [row[0] for row in world.rows("SELECT kind FROM photos ORDER BY kind")]


@pytest.fixture
def registrant(world: World) -> Registrant:
    """Somebody with an open draft."""
    return Registrant(world).begun()


def test_the_draft_tells_which_photos_are_there_and_which_are_missing(registrant: Registrant) -> None:
    draft = registrant.draft()
    assert draft["photos"] == [] and draft["missing"][-3:] == list(KINDS)
    registrant.put("id_back")
    registrant.put("face")
    draft = registrant.draft()
    assert draft["photos"] == ["face", "id_back"] and draft["missing"][-1] == "id_front"


def test_a_draft_that_takes_no_photos_has_and_misses_none(world: World) -> None:
    draft = world.talk().open().draft()
    assert draft["photos"] == [] and draft["missing"] == []


def test_a_registration_ends_only_with_its_three_photos(world: World) -> None:
    talk = Registrant(world).filled()
    talk.put("face")
    refused = talk.submit()
    assert (refused.status_code, refused.json()["missing"]) == (409, ["id_front", "id_back"])
    talk.all_photos()
    done = talk.submit().json()
    assert done["state"] == "done" and done["outcome"]["number"].startswith("HS-")
    assert done["photos"] == [] and done["missing"] == []


def test_the_officer_sees_the_pixels_that_were_sent(world: World) -> None:
    talk = Registrant(world).filled().all_photos()
    assert talk.submit().status_code == 200
    (application,) = world.rows("SELECT id FROM applications")[0]
    with world.core.database.read() as conn:
        found = store.of_application(world.core, conn, application)
    assert list(found) == list(KINDS) and set(found.values()) == {images.ImageCleaner().clean(jpeg())}
    with world.core.database.read() as conn:
        assert store.of_application(world.core, conn, "another") == {}


def test_a_second_photo_of_a_kind_replaces_the_first(world: World, registrant: Registrant) -> None:
    first, second = registrant.put().json()["id"], registrant.put(content=jpeg((300, 300))).json()["id"]
    assert world.rows("SELECT id FROM photos") == [(second,)] and first != second


def test_a_photo_can_be_deleted_once(world: World, registrant: Registrant) -> None:
    registrant.put()
    assert registrant.by_channel("DELETE", "id_front").json() == {"deleted": False}
    assert registrant.by_channel("DELETE", "face").json() == {"deleted": True}
    assert registrant.by_channel("DELETE", "face").json() == {"deleted": False}
    assert photos(world) == []


def test_what_is_stored_shows_no_picture_and_opens_nowhere_else(world: World, registrant: Registrant, tmp_path: Path) -> None:
    registrant.put(content=located())
    registrant.put("id_front", located())
    on_disk = b"".join(path.read_bytes() for path in tmp_path.glob("backend.db*"))
    kept = images.ImageCleaner().clean(located())
    for piece in (b"JFIF", b"CanaryCamera", kept[:64], kept[300:364], kept[-64:]):
        assert piece not in on_disk
    with world.core.writing() as unit:
        unit.conn.execute(
            text("INSERT INTO applications SELECT 'a', 'HS', NULL, 'p', NULL, 'open', 1, 'web', 'vi', 1, 9, NULL, NULL")
        )
        unit.conn.execute(text("UPDATE photos SET application_id = 'a'"))
        assert len(store.of_application(world.core, unit.conn, "a")) == 2
        unit.conn.execute(text("UPDATE photos SET content_sealed = (SELECT content_sealed FROM photos WHERE kind = 'face')"))
        with pytest.raises(Unreadable):
            store.of_application(world.core, unit.conn, "a")


def test_photos_are_gone_after_cancelling(world: World, registrant: Registrant) -> None:
    registrant.all_photos()
    assert registrant.call("DELETE").json()["photos"] == []
    assert photos(world) == []


def test_photos_are_gone_once_their_draft_is_too_old(world: World, registrant: Registrant) -> None:
    registrant.all_photos()
    retention.sweep(world.core)
    assert len(photos(world)) == 3
    world.clock.advance(world.core.settings.draft_life_s)
    assert registrant.draft()["photos"] == []
    retention.sweep(world.core)
    assert photos(world) == []


def test_photos_of_an_application_outlive_the_sweep_and_go_with_it(world: World) -> None:
    Registrant(world).filled().all_photos().submit()
    world.clock.advance(5 * 86_400)
    retention.sweep(world.core)
    assert len(photos(world)) == 3
    with world.core.writing() as unit:
        unit.conn.execute(text("DELETE FROM applications"))
    assert photos(world) == []


def test_the_photos_of_a_decided_application_can_be_deleted_alone(world: World) -> None:
    Registrant(world).filled().all_photos().submit()
    (application,) = world.rows("SELECT id FROM applications")[0]
    with world.core.writing() as unit:
        store.remove_of_applications(unit, ["another"])
        assert len(store.of_application(world.core, unit.conn, application)) == 3
        store.remove_of_applications(unit, [application])
    assert photos(world) == [] and world.rows("SELECT count(*) FROM applications") == [(1,)]


def test_another_conversation_can_neither_put_see_nor_delete_them(world: World, registrant: Registrant) -> None:
    registrant.put()
    before = world.rows("SELECT id, draft_id FROM photos")
    mine = registrant.sender
    for sender in (
        Sender("zalo", mine.sender, mine.conversation, "vi"),
        Sender("web", "another", mine.conversation, "vi"),
        Sender("web", mine.sender, "web:another", "vi"),
    ):
        other = Registrant(world)
        other.sender = sender
        for answer in (
            other.put("face"),
            other.by_channel("DELETE", "face"),
            other.call("GET"),
            other.call("POST", "/upload_link"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "no_draft")
        assert other.begun().draft()["photos"] == []
        assert other.by_channel("DELETE", "face").json() == {"deleted": False}
    assert world.rows("SELECT id, draft_id FROM photos") == before


def test_a_draft_that_has_ended_takes_no_photo_and_gives_none_away(world: World) -> None:
    talk = Registrant(world).filled().all_photos()
    assert talk.submit().status_code == 200
    for answer in (talk.put(), talk.by_channel("DELETE", "face")):
        assert (answer.status_code, answer.json()["code"]) == (409, "draft_closed")
    assert len(photos(world)) == 3
    late = Registrant(world, "late").begun()
    world.clock.advance(world.core.settings.draft_life_s)
    assert late.put().json()["state"] == "expired"


def test_only_the_channel_may_send_photos_and_only_the_action_server_may_make_links(world: World, registrant: Registrant) -> None:
    settings = world.core.settings
    for method in ("PUT", "DELETE"):
        body = jpeg() if method == "PUT" else b""
        refused = registrant.by_channel(method, "face", body, credential=settings.service_credentials()[0])
        assert refused.status_code == 401
        assert registrant.by_channel(method, "face", body, assertion="").status_code == 401
    url = "/v1/drafts/register_account/upload_link"
    assert registrant.request("POST", url, {}, credential=settings.channel_credentials()[0]).status_code == 401
    assert registrant.request("POST", url, {}, drop="X-Sender").status_code == 401
    assert photos(world) == []


def test_the_routes_tested_here_are_all_there_are_about_photos(world: World) -> None:
    paths = world.client.get("/openapi.json").json()["paths"]
    found = [(method, path.rpartition("account/")[2]) for path in paths if "/register_account/" in path for method in paths[path]]
    assert sorted(found) == [("delete", "photos/{kind}"), ("post", "upload_link"), ("put", "photos/{kind}")]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_write_about_a_photo_wants_a_key_and_a_signature_is_good_once(
    world: World, registrant: Registrant, method: str
) -> None:
    url, body = "/v1/drafts/register_account/photos/face", jpeg() if method == "PUT" else b""
    assert registrant.by_channel(method, "face", body, key="").json()["reason"] == "idempotency_key"
    headers = registrant.headers(method, url, body, credential=world.core.settings.channel_credentials()[0])
    headers |= {"Content-Type": "image/jpeg"}
    first, second = (world.client.request(method, url, content=body, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 401)


def test_a_replayed_signature_costs_no_decoding(world: World, registrant: Registrant, monkeypatch: pytest.MonkeyPatch) -> None:
    url, body = "/v1/drafts/register_account/photos/face", jpeg()
    headers = registrant.headers("PUT", url, body, credential=world.core.settings.channel_credentials()[0])
    headers |= {"Content-Type": "image/jpeg"}
    assert world.client.put(url, content=body, headers=headers).status_code == 200
    monkeypatch.setattr(world.core.images, "clean", lambda _data: pytest.fail("decoded"))
    assert world.client.put(url, content=body, headers=headers).status_code == 401


def test_a_repeated_photo_is_kept_once_and_another_picture_under_its_key_is_refused(world: World, registrant: Registrant) -> None:
    first = registrant.put(key="k")
    again = registrant.put(key="k")
    assert first.json() == again.json() and len(photos(world)) == 1
    assert registrant.put(content=jpeg((300, 300)), key="k").json()["code"] == "key_reused"
    assert registrant.put("id_front", key="k").json()["code"] == "key_reused"
    registrant.call("DELETE")
    assert registrant.put(key="k").json() == first.json()
    assert photos(world) == []


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [(b"<html>", 422, "not_an_image"), (jpeg((150, 300)), 422, "too_small"), (b"\x00" * (8 * 1024 * 1024 + 1), 413, "too_large")],
)
@pytest.mark.parametrize(("lang", "word"), [("vi", "ảnh"), ("en", "picture")])
def test_a_refusal_has_a_code_and_says_what_to_do(
    world: World, content: bytes, status: int, code: str, lang: str, word: str
) -> None:
    talk = Registrant(world, lang=lang).begun()
    talk.put()
    refused = talk.put(content=content)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    # What is refused before anybody knows who asks speaks Vietnamese.
    assert ("ảnh" if code == "too_large" else word) in refused.json()["detail"].lower()
    assert len(photos(world)) == 1


def test_a_kind_or_a_content_type_of_another_sort_is_refused(world: World, registrant: Registrant) -> None:
    assert registrant.put("passport").status_code == 422
    assert registrant.put(content_type="text/html").status_code == 400
    assert registrant.put(content_type="image/gif").status_code == 200  # what it is, its content says
    assert photos(world) == ["face"]


def test_only_the_photo_route_takes_large_bodies(world: World, registrant: Registrant) -> None:
    large = jpeg((4000, 3000))
    assert len(large) > 16_384 and b"\x00" in large
    assert registrant.put(content=large).status_code == 200
    for method, url in (
        ("POST", "/v1/drafts/register_account/photos/face"),
        ("PUT", "/v1/drafts/register_account/photos/face/more"),
        ("PUT", "/v1/drafts/forgot_password/photos/face"),
        ("PUT", "/v1/drafts/register_account"),
        ("POST", "/account/login"),
        ("POST", "/account/photos"),
    ):
        assert world.client.request(method, url, content=large).status_code == 413, url
    assert registrant.by_channel("DELETE", "face", large).status_code == 413


def test_a_body_past_the_limit_is_not_read_to_its_end(world: World, registrant: Registrant) -> None:
    pieces, answers = [0], []

    async def receive() -> dict[str, Any]:
        pieces[0] += 1
        return {"type": "http.request", "body": b"\xff" * 65_536, "more_body": True}

    async def send(message: Any) -> None:
        answers.append(message)

    async def never(*_: Any) -> None:
        raise AssertionError("passed on")

    scope = {"type": "http", "method": "PUT", "path": "/v1/drafts/register_account/photos/face", "app": world.app, "headers": []}
    intake = Intake()
    asyncio.run(BodyLimit(never, intake)(scope, receive, send))
    assert answers[0]["status"] == 413 and pieces[0] == images.MAX_BYTES // 65_536 + 1 and intake.held == 0


def test_too_much_arriving_at_once_is_told_to_wait(world: World, registrant: Registrant) -> None:
    with world.core.intake.space() as others:
        others.take(12 * images.MAX_BYTES - 100)
        busy = registrant.put()
    assert (busy.status_code, busy.json()["code"], busy.headers["retry-after"]) == (503, "busy", "5")
    assert registrant.put().status_code == 200 and world.core.intake.held == 0


def test_a_sender_gets_so_many_pictures_looked_at_a_day(tmp_path: Path) -> None:
    world = build_world(f"sqlite:///{tmp_path}/b.db", photos_per_day=3)
    talk = Registrant(world).begun()
    assert [talk.put(content=b"junk").status_code for _ in range(3)] == [422] * 3
    talk.call("DELETE")
    talk.begun()
    assert talk.put().json()["code"] == "daily_limit"
    assert Registrant(world, "two").begun().put().status_code == 200
    world.clock.advance(86_400)
    assert talk.begun().put().status_code == 200
    world.close()


def test_without_an_open_draft_nothing_is_decoded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.core.images, "clean", lambda _data: pytest.fail("decoded"))
    talk = Registrant(world)
    assert talk.put().json()["code"] == "no_draft"
    talk.begun().call("DELETE")
    assert talk.put().json()["code"] == "draft_closed"


def test_photos_live_on_either_database(either: World) -> None:
    talk = Registrant(either).filled().all_photos()
    assert talk.put("face", jpeg((300, 300))).status_code == 200
    assert either.client.get(talk.link()).status_code == 200
    assert talk.submit().json()["state"] == "done"
    retention.sweep(either.core)
    assert photos(either) == sorted(KINDS)
    other = Registrant(either, "two").begun().all_photos()
    other.call("DELETE")
    assert len(photos(either)) == 3
    with either.core.writing() as unit:
        unit.conn.execute(text("DELETE FROM applications"))
    assert photos(either) == []


def test_no_log_line_holds_anything_of_a_photo(world: World, registrant: Registrant, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "backend")
    registrant.put(content=located())
    path = registrant.link()
    world.client.get(path)
    world.client.get(path + "x")
    assert "Canary" not in caplog.text and path.split("/")[-1] not in caplog.text
