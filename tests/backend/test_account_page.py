"""The account page: log in, forced change, sessions, throttle, what a browser is told."""

import pytest
from account_visitor import Visitor
from backend_kit import LAN, World
from sqlalchemy import text

GOOD = "một câu dài dễ nhớ"


@pytest.fixture
def visitor(world: World) -> Visitor:
    """A browser; Lan's password is known."""
    encoded = world.core.hasher.hash(GOOD)
    with world.core.writing() as unit:
        from backend import accounts

        account = accounts.find(world.core, unit.conn, LAN[0])
        assert account
        accounts.set_password(world.core, unit, account.id, encoded, temporary=False, expires_at=None)
    return Visitor(world)


def test_the_page_speaks_both_languages_and_says_that_it_is_a_demonstration(visitor: Visitor) -> None:
    vietnamese, english = visitor.get("/account/login").text, visitor.get("/account/login?lang=en").text
    assert '<html lang="vi">' in vietnamese and "Trợ lý VssID" in vietnamese and "bản trình diễn" in vietnamese
    assert '<html lang="en">' in english and "Log in" in english and "demonstration" in english


def test_both_languages_have_the_same_words() -> None:
    from backend.account_page.texts import TEXTS

    assert set(TEXTS["vi"]) == set(TEXTS["en"])


def test_every_page_forbids_scripts_framing_and_storing(visitor: Visitor) -> None:
    visitor.login(LAN[0], GOOD)
    for path in ("/account/login", "/account/", "/account/password"):
        answer = visitor.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert "<script" not in answer.text and "style=" not in answer.text and "http://" not in answer.text


def test_cookies_are_for_this_site_alone(visitor: Visitor) -> None:
    cookies = visitor.login(LAN[0], GOOD).headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/" in cookie


def test_over_https_cookies_are_secure_and_host_bound(world: World, visitor: Visitor) -> None:
    world.core.settings = world.core.settings.model_copy(update={"public_url": "https://account.example.com"})
    cookie = visitor.get("/account/login").headers["set-cookie"]
    assert cookie.startswith("__Host-device=") and "Secure" in cookie and "Domain" not in cookie


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999", ""])
def test_a_form_from_another_place_is_refused(visitor: Visitor, origin: str) -> None:
    fields = {"code": LAN[0], "password": GOOD}
    assert visitor.post("/account/login", fields, origin=origin).status_code == 403


def test_a_form_without_its_token_is_refused(visitor: Visitor) -> None:
    assert visitor.post("/account/login", {"code": LAN[0], "password": GOOD, "csrf": "x"}).status_code == 403
    visitor.login(LAN[0], GOOD)
    assert visitor.post("/account/logout", {"csrf": "x"}, page="/account/").status_code == 403
    refused = visitor.post("/account/password", {"new": "x" * 9, "again": "x" * 9, "csrf": "x"})
    assert refused.status_code == 403


def test_a_token_of_another_browser_is_refused(world: World, visitor: Visitor) -> None:
    stolen = Visitor(world).token("/account/login")
    assert visitor.post("/account/login", {"code": LAN[0], "password": GOOD, "csrf": stolen}).status_code == 403


def test_the_personal_number_logs_in_too(visitor: Visitor) -> None:
    assert visitor.login("079190000001", GOOD).status_code == 303


def test_the_same_letters_typed_on_another_keyboard_are_the_same_password(visitor: Visitor) -> None:
    import unicodedata

    assert visitor.login(LAN[0], unicodedata.normalize("NFD", GOOD)).status_code == 303


def test_the_token_is_stored_hashed(world: World, visitor: Visitor) -> None:
    visitor.login(LAN[0], GOOD)
    token = visitor.client.cookies["account"]
    assert len(token) == 43 and token not in str(world.rows("SELECT * FROM sessions"))


def test_a_session_ends_after_fifteen_idle_minutes(world: World, visitor: Visitor) -> None:
    visitor.login(LAN[0], GOOD)
    for _ in range(3):
        world.clock.advance(899)
        assert visitor.get("/account/").status_code == 200
    world.clock.advance(900)
    assert "note=ended" in visitor.get("/account/").headers["location"]


def test_a_session_ends_after_twelve_hours_whatever_happens(world: World, visitor: Visitor) -> None:
    visitor.login(LAN[0], GOOD)
    for _ in range(48):
        assert visitor.get("/account/").status_code == 200
        world.clock.advance(899)
    world.clock.advance(60)
    assert visitor.get("/account/").status_code == 303


def test_logging_out_ends_the_session_on_the_server(world: World, visitor: Visitor) -> None:
    visitor.login(LAN[0], GOOD)
    visitor.post("/account/logout", {}, page="/account/")
    assert world.rows("SELECT count(*) FROM sessions") == [(0,)]


@pytest.mark.parametrize("status", ["locked", "waiting"])
def test_an_account_that_is_not_active_answers_like_a_wrong_password(world: World, visitor: Visitor, status: str) -> None:
    visitor.login(LAN[0], GOOD)
    with world.core.database.write() as conn:
        conn.execute(text("UPDATE accounts SET status = :status"), {"status": status})
    assert visitor.get("/account/").status_code == 303
    refused = visitor.login(LAN[0], GOOD)
    assert refused.status_code == 401 and "không đúng" in refused.text


@pytest.mark.parametrize("code", [LAN[0], "7911111111"])
def test_five_wrong_passwords_bring_a_growing_wait_known_account_or_not(world: World, visitor: Visitor, code: str) -> None:
    waits = []
    for _ in range(5):
        assert visitor.login(code, "wrong one").status_code == 401
    for _ in range(3):
        refused = visitor.login(code, GOOD)
        assert refused.status_code == 429
        waits.append(int(refused.headers["retry-after"]))
        world.clock.advance(waits[-1])
        assert visitor.login(code, "wrong one").status_code == 401
    assert waits == [30, 60, 120]


def test_a_new_device_cookie_refills_nothing(world: World, visitor: Visitor) -> None:
    for _ in range(5):
        Visitor(world).login(LAN[0], "wrong one")
    assert Visitor(world).login(LAN[0], GOOD).status_code == 429


def test_a_device_that_logged_in_before_is_not_locked_out_by_strangers(world: World, visitor: Visitor) -> None:
    visitor.login(LAN[0], GOOD)
    for _ in range(6):
        Visitor(world).login(LAN[0], "wrong one")
    assert visitor.login(LAN[0], GOOD).status_code == 303


def test_a_throttled_login_does_not_block_a_reset(world: World, visitor: Visitor) -> None:
    for _ in range(6):
        visitor.login(LAN[0], "wrong one")
    assert world.reset()


def test_a_password_older_than_six_months_must_be_changed(world: World, visitor: Visitor) -> None:
    world.clock.advance(183 * 86_400)
    visitor.login(LAN[0], GOOD)
    assert visitor.get("/account/").headers["location"].startswith("/account/password")
    page = visitor.get("/account/password").text
    assert "6 tháng" in page and 'name="current"' in page
    assert visitor.change("ngày mai trời lại sáng", current="not it").status_code == 422
    assert visitor.change("ngày mai trời lại sáng", current=GOOD).status_code == 303
    assert visitor.login(LAN[0], "ngày mai trời lại sáng").headers["location"].startswith("/account/?")


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("ngắn", "ít nhất 8"),
        ("x" * 129, "128"),
        ("password1", "phổ biến"),
        ("MatKhau123", "phổ biến"),
        ("mật khẩu 2026", "phổ biến"),
        ("bảo hiểm xã hội", "phổ biến"),
        ("aaaaaaaaaa", "phổ biến"),
        ("nguyễn thị lan", "không được là"),
        ("Nguyenthilan1", "không được là"),
        ("0900000001", "không được là"),
        ("7900000001", "không được là"),
        ("14051990", "không được là"),
        ("lan.nguyen!", "không được là"),
        (GOOD, "phải khác"),
    ],
)
def test_a_poor_password_is_refused_with_the_reason(visitor: Visitor, new: str, words: str) -> None:
    visitor.login(LAN[0], GOOD)
    refused = visitor.change(new, current=GOOD)
    assert refused.status_code == 422 and words in refused.text


@pytest.mark.parametrize(
    "new", ["tám ký tự", "correct horse battery", "Xe đạp của Lan màu xanh", "ptgkrwzm", "🐘🐘🐘 con voi ở Bản Đôn"]
)
def test_a_fair_password_needs_no_digits_or_capitals(visitor: Visitor, new: str) -> None:
    visitor.login(LAN[0], GOOD)
    assert visitor.change(new, current=GOOD).status_code == 303


def test_two_different_entries_are_refused(visitor: Visitor) -> None:
    visitor.login(LAN[0], GOOD)
    assert "không giống nhau" in visitor.change("một câu khác hẳn", current=GOOD, again="một câu khác nữa").text


def test_the_temporary_password_cannot_be_kept(world: World) -> None:
    password = world.reset()
    visitor = Visitor(world)
    visitor.login(LAN[0], password)
    assert "phải khác" in visitor.change(password).text


def test_a_reset_during_the_change_wins(world: World, visitor: Visitor) -> None:
    from backend import account_own, accounts

    with world.core.database.read() as conn:
        before = accounts.find(world.core, conn, LAN[0])
    assert before
    world.reset()
    change = account_own.PasswordChange(GOOD, "ngày mai trời lại sáng", "ngày mai trời lại sáng")
    assert account_own.change_password(world.core, before, change) == account_own.Refusal("ended")


def test_what_people_typed_is_shown_nowhere_as_markup(world: World, visitor: Visitor) -> None:
    world.account(bhxh_code="7900000009", full_name="<b onclick=x>Lan</b>", password=GOOD)
    visitor.login("7900000009", GOOD)
    page = visitor.get("/account/").text
    assert "&lt;b onclick=x&gt;" in page and "<b onclick" not in page


def test_a_hash_that_asks_for_too_much_is_not_verified(world: World) -> None:
    import time

    hostile = "$argon2id$v=19$m=8388608,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43
    began = time.perf_counter()
    assert world.core.hasher.verify(hostile, "x") is False
    assert time.perf_counter() - began < 1


def test_a_full_hashing_queue_answers_busy_and_recovers() -> None:
    from backend.errors import Busy
    from backend.passwords import PasswordHasher

    hasher = PasswordHasher(cores=1, queue=0)
    with hasher._place(), pytest.raises(Busy):
        hasher.hash("x")
    assert hasher.verify(hasher.hash("x"), "x")


def test_temporary_passwords_are_strong_and_readable(world: World) -> None:
    import math
    import re

    from backend.passwords import DIGITS, LETTERS, TEMPORARY_LENGTH, temporary_password

    made = {temporary_password(world.core.randomness) for _ in range(300)}
    assert len(made) == 300 and TEMPORARY_LENGTH * math.log2(len(LETTERS + DIGITS)) - 1 > 50
    for password in made:
        assert re.search("[0-9]", password) and re.search("[a-z]", password) and not re.search(r"\d{6}", password)
        assert not set(password) & set("il1o0O")
