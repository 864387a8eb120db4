"""A login while another device holds the session: it waits for a code to the owner and is worth nothing without it."""

from typing import Any

import pytest
from account_visitor import ORIGIN, Visitor
from backend_kit import LAN, START, Talk, World, wrong
from sqlalchemy import text
from two_devices import (
    DEVICE,
    GOOD,
    NEW,
    again,
    answer,
    codes_sent,
    device_of,
    execute,
    is_in,
    set_password,
    waiting,
    where,
)
from two_devices import first as first  # the fixtures
from two_devices import second as second
from two_devices import visitor as visitor

from backend import answers, breaker, metrics, pending_login, submission
from backend.assertion import ACCOUNT_PAGE, Sender
from backend.errors import NotFound, VerificationLost
from backend.tasks import task_named
from backend.tasks.second_device import SECOND_DEVICE

# What opens a session, and what does not


def test_the_code_from_the_phone_on_file_opens_the_session_and_ends_the_first(
    world: World, first: Visitor, second: Visitor
) -> None:
    assert is_in(first) and not is_in(second)
    assert codes_sent(world) == [("sms", "0900000001")]
    assert answer(second, world.code("sms")).headers["location"] == "/account/?lang=vi"
    assert is_in(second) and not is_in(first)
    assert world.rows("SELECT count(*) FROM sessions") == [(1,)]
    assert world.rows("SELECT event, channel FROM audit ORDER BY seq DESC LIMIT 1") == [("device_changed", "account_page")]


def test_a_login_on_the_same_device_needs_no_code_and_its_old_token_is_dead(world: World, first: Visitor) -> None:
    old = first.client.cookies["account"]
    first.client.cookies.delete("account")  # as when the browser was closed
    assert first.login(LAN[0], GOOD).headers["location"].startswith("/account/?")
    assert is_in(first) and codes_sent(world) == []
    first.client.cookies.set("account", old, domain="127.0.0.1")
    assert not is_in(first)
    assert "note=ended" in where(first), "the same device is not another one"


def test_the_device_cookie_of_the_holder_cannot_be_guessed_or_left_out(world: World, first: Visitor) -> None:
    for device in ("", "A" * 22, first.client.cookies["device"].partition(".")[0][:-1]):
        stranger = Visitor(world)
        stranger.client.cookies.set("device", f"{device}.", domain="127.0.0.1")
        assert stranger.login(LAN[0], GOOD).headers["location"].startswith(DEVICE)
    assert is_in(first)


@pytest.mark.parametrize("ended", ["logout", "idle", "total"])
def test_no_code_is_asked_when_no_session_lives(world: World, first: Visitor, ended: str) -> None:
    if ended == "logout":
        first.post("/account/logout", {}, page="/account/")
    elif ended == "idle":
        world.clock.advance(900)
    else:
        for _ in range(50):
            is_in(first)
            world.clock.advance(864)
    other = Visitor(world)
    assert other.login(LAN[0], GOOD).headers["location"].startswith("/account/?")
    assert codes_sent(world) == []


def test_one_second_before_it_is_idle_a_session_still_counts(world: World, first: Visitor) -> None:
    world.clock.advance(899)
    assert waiting(world)


def test_without_the_code_nobody_is_thrown_out_however_often_it_is_tried(world: World, first: Visitor) -> None:
    for _ in range(3):
        browser = waiting(world)
        bad = wrong(world.code("sms"))
        assert [answer(browser, bad).status_code for _ in range(3)] == [422] * 3
        assert not is_in(browser) and is_in(first)
    assert world.rows("SELECT count(*) FROM displaced_sessions") == [(0,)]


def test_a_wrong_password_asks_for_no_code(world: World, first: Visitor) -> None:
    assert Visitor(world).login(LAN[0], "wrong one").status_code == 401
    assert codes_sent(world) == []


def test_a_code_is_worth_nothing_in_another_browser_or_another_login(world: World, second: Visitor) -> None:
    code = world.code("sms")
    other = waiting(world)
    assert answer(other, code).status_code == 422
    stolen = Visitor(world)  # has the id of the login, and not the device it was begun on
    stolen.client.cookies.set("attempt", second.client.cookies["attempt"], domain="127.0.0.1")
    stolen.get("/account/login")
    assert "note=attempt_over" in where(stolen, DEVICE)
    assert answer(second, code).status_code == 303 and is_in(second)


def test_a_login_that_waits_opens_nothing_else(world: World, second: Visitor) -> None:
    assert "account" not in second.client.cookies
    for path in ("/account/", "/account/password"):
        assert where(second, path).startswith("/account/login")
    sent = {"new": NEW, "again": NEW, "current": GOOD, "csrf": second.token(DEVICE)}
    refused = second.client.post("/account/password", data=sent, headers={"Origin": ORIGIN})
    assert refused.headers["location"].startswith("/account/login")


# Where the code goes


def test_without_a_phone_the_code_goes_by_mail(world: World, visitor: Visitor) -> None:
    world.account(bhxh_code=LAN[0], email=LAN[1], phone=None, password=GOOD)
    visitor.login(LAN[0], GOOD)
    page = waiting(world).get(DEVICE).text
    assert codes_sent(world) == [("email", LAN[1])] and "email đăng ký" in page and "SMS" not in page
    assert LAN[1] not in page and "lan" not in page.replace("lang", "")


@pytest.mark.parametrize(("age", "channel"), [(259_199, "email"), (259_200, "sms")])
def test_a_number_changed_within_72_hours_gets_no_code(world: World, visitor: Visitor, age: int, channel: str) -> None:
    world.move(phone="+84900000099")
    world.clock.advance(age)
    visitor.login(LAN[0], GOOD)
    assert waiting(world)
    assert [sent[0] for sent in codes_sent(world)] == [channel]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_without_any_address_the_page_says_what_to_do(world: World, visitor: Visitor, lang: str) -> None:
    world.account(bhxh_code=LAN[0], email=None, phone=None, password=GOOD)
    visitor.login(LAN[0], GOOD)
    other = Visitor(world)
    refused = other.post(f"/account/login?lang={lang}", {"code": LAN[0], "password": GOOD})
    words = ("đăng xuất trên thiết bị kia", "15 phút", "cơ quan BHXH") if lang == "vi" else ("Log out", "15 minutes", "office")
    assert refused.status_code == 409 and all(word in refused.text for word in words)
    assert 'name="otp"' not in refused.text and "attempt" not in other.client.cookies
    assert codes_sent(world) == [] and is_in(visitor)
    assert world.rows("SELECT count(*) FROM drafts") == [(0,)]


def test_the_page_shows_three_digits_of_the_phone_and_nothing_more(world: World, second: Visitor) -> None:
    page = second.get(DEVICE).text
    assert "số điện thoại đăng ký ••• 001" in page
    for private in ("0900000", "0001", LAN[0], LAN[1], "Lan", "Nguyễn"):
        assert private not in page, private


def test_the_message_says_what_its_code_is_for(world: World, second: Visitor) -> None:
    assert "dang nhap VssID tren thiet bi moi" in world.outbox()[0]["body"]
    english = Visitor(world)
    english.post("/account/login?lang=en", {"code": LAN[0], "password": GOOD})
    assert "log in to VssID on a new device" in world.outbox()[0]["body"]


# Limits


def test_a_new_code_needs_a_minute_and_kills_the_old(world: World, second: Visitor) -> None:
    old = world.code("sms")
    refused = again(second)
    assert refused.status_code == 429 and refused.headers["retry-after"] == "60" and "60 giây" in refused.text
    world.clock.advance(60)
    assert again(second).status_code == 303
    new = world.code("sms")
    assert new == old or answer(second, old).status_code == 422
    assert answer(second, new).status_code == 303 and is_in(second)


def test_a_login_has_two_resends_and_then_begins_anew(world: World, second: Visitor) -> None:
    for _ in range(2):
        world.clock.advance(60)
        assert again(second).status_code == 303
    assert "Gửi lại mã" not in second.get(DEVICE).text
    world.clock.advance(60)
    refused = again(second)
    assert refused.status_code == 429 and "hết lượt" in refused.text
    world.clock.advance(300)
    assert "hết hạn" in second.get(DEVICE).text
    assert second.login(LAN[0], GOOD).headers["location"].startswith(DEVICE)
    assert len(codes_sent(world)) == 4 and answer(second, world.code("sms")).status_code == 303


def test_three_wrong_answers_kill_the_code(world: World, second: Visitor) -> None:
    code = world.code("sms")
    first_try = answer(second, wrong(code))
    assert first_try.status_code == 422 and "bạn còn 2 lần thử" in first_try.text
    assert "bạn còn 1 lần thử" in answer(second, wrong(code)).text
    token = second.token(DEVICE)
    last = answer(second, wrong(code))
    assert last.status_code == 422 and "hết lượt thử" in last.text and "0 lần" not in last.text
    dead = answer(second, code, token)
    assert dead.status_code == 422 and "không dùng được nữa" in dead.text and 'name="otp"' not in dead.text
    assert not is_in(second)


def test_a_code_dies_after_five_minutes(world: World, second: Visitor) -> None:
    code, token = world.code("sms"), second.token(DEVICE)
    world.clock.advance(300)
    expired = answer(second, code, token)
    assert expired.status_code == 422 and "hết hạn" in expired.text and not is_in(second)


def test_an_account_gets_five_of_these_codes_a_day_from_whichever_browser(world: World, first: Visitor) -> None:
    for _ in range(5):
        waiting(world)
    refused = Visitor(world).login(LAN[0], GOOD)
    assert refused.status_code == 429 and "đăng xuất trên thiết bị kia" in refused.text and 'name="otp"' not in refused.text
    assert len(codes_sent(world)) == 5 and is_in(first)
    assert world.reset(), "another purpose has its own count"


def test_ten_wrong_answers_a_day_close_the_way_and_leave_the_session(world: World, first: Visitor) -> None:
    answered = 0
    for _ in range(4):
        browser = waiting(world)
        code = world.code("sms")
        for _ in range(3):
            token = browser.token(DEVICE)
            answer(browser, wrong(code), token)
            answered += 1
            if answered == 10:
                break
    assert world.rows("SELECT count(*) FROM tallies WHERE purpose = 'second_device' AND kind = 'wrong'") == [(10,)]
    token = browser.token(DEVICE)
    assert answer(browser, code, token).status_code == 422
    assert Visitor(world).login(LAN[0], GOOD).status_code == 429
    assert is_in(first)


def test_the_breaker_of_the_page_is_its_own_and_pauses_new_codes(world: World, first: Visitor) -> None:
    with world.core.writing() as unit:
        breaker.count(unit, ACCOUNT_PAGE, issued=100, wrong=600)
    refused = Visitor(world).login(LAN[0], GOOD)
    assert refused.status_code == 503 and "đăng xuất trên thiết bị kia" in refused.text
    assert world.talk().open().send().status_code == 200


@pytest.mark.parametrize("closed", ["second_device", "account_page"])
def test_a_setting_closes_it_and_people_are_told_the_other_ways(world: World, first: Visitor, closed: str) -> None:
    world.limit(closed=closed)
    refused = Visitor(world).login(LAN[0], GOOD)
    assert refused.status_code == 503 and "tạm đóng" in refused.text and codes_sent(world) == []


def test_typing_the_password_again_sends_no_second_code_while_one_is_good(world: World, second: Visitor) -> None:
    code = world.code("sms")
    assert second.login(LAN[0], GOOD).headers["location"].startswith(DEVICE)
    assert len(codes_sent(world)) == 1
    assert answer(second, code).status_code == 303 and is_in(second)


def test_a_second_account_in_the_same_browser_gets_its_own_code(world: World, second: Visitor) -> None:
    world.account(bhxh_code="7900000009", phone="0900000009", email=None, password=GOOD)
    lans = world.code("sms")
    Visitor(world).login("7900000009", GOOD)
    second.login("7900000009", GOOD)
    assert world.rows("SELECT state FROM drafts ORDER BY seq LIMIT 1") == [("cancelled",)], "what waited before is over"
    assert codes_sent(world)[0] == ("sms", "0900000009")
    theirs = world.code("sms")
    assert theirs == lans or answer(second, lans).status_code == 422
    assert answer(second, theirs).status_code == 303
    assert "••••0009" in second.get("/account/").text


# How long a login waits, and what ends it


@pytest.mark.parametrize(("after", "stands"), [(599, True), (600, False)])
def test_a_login_waits_ten_minutes_however_busy_it_is(world: World, second: Visitor, after: int, stands: bool) -> None:
    world.clock.advance(290)
    assert again(second).status_code == 303
    world.clock.advance(290)
    assert again(second).status_code == 303
    code, token = world.code("sms"), second.token(DEVICE)
    world.clock.advance(after - 580)
    answer(second, code, token)
    assert is_in(second) is stands


@pytest.mark.parametrize("what", ["reset", "change", "same password set anew", "locked", "hotline"])
def test_what_changes_the_account_makes_a_waiting_login_worthless(
    world: World, first: Visitor, second: Visitor, what: str
) -> None:
    code, token = world.code("sms"), second.token(DEVICE)
    if what == "reset":
        world.reset()
    elif what == "change":
        assert first.change(NEW, current=GOOD).status_code == 303
    elif what == "hotline":
        call = world.talk("call", channel="hotline", sender="+84900000001", task="hotline_password")
        call.put(code=LAN[0])
        assert call.submit().json()["outcome"]["result"] == "match"
    elif what == "locked":
        execute(world, "UPDATE accounts SET status = 'locked'")
    else:
        set_password(world)
    before = len(world.outbox())
    for path, fields in ((DEVICE, {"otp": code}), (f"{DEVICE}/code", {})):
        world.clock.advance(60)
        refused = second.client.post(path, data={"csrf": token, **fields}, headers={"Origin": ORIGIN})
        assert refused.headers["location"].startswith(DEVICE)
        assert not is_in(second)
    assert "note=attempt_over" in where(second, DEVICE)
    assert len(world.outbox()) == before, "no code is sent for it any more"


@pytest.mark.parametrize("what", ["password", "locked", "time", "phone"])
def test_the_transaction_that_opens_the_session_looks_again(world: World, second: Visitor, what: str) -> None:
    core = world.core
    sender = pending_login.waiting(device_of(second), second.client.cookies["attempt"], "vi")
    with core.writing() as unit:
        assert answers.answer(core, unit, sender, SECOND_DEVICE, world.code("sms")).result == "right"
    if what == "password":
        set_password(world)
    elif what == "locked":
        execute(world, "UPDATE accounts SET status = 'locked'")
    elif what == "phone":
        world.move(phone="+84900000098")
    else:
        world.limit(login_pending_life_s=60)
        world.clock.advance(60)
    with pytest.raises(VerificationLost), core.writing() as unit:
        submission.submit(core, unit, sender, SECOND_DEVICE, None)


def test_a_right_code_for_a_login_that_stands_no_longer_is_dead_for_good(
    world: World, second: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = answers.answer

    def overtaken(core: Any, unit: Any, *rest: Any) -> Any:
        judged = judge(core, unit, *rest)
        unit.conn.execute(text("UPDATE accounts SET status = 'locked'"))
        return judged

    monkeypatch.setattr(answers, "answer", overtaken)
    assert answer(second, world.code("sms")).headers["location"].startswith(DEVICE)
    assert world.rows("SELECT state FROM challenges") == [("dead",)]
    execute(world, "UPDATE accounts SET status = 'active'")
    monkeypatch.undo()
    assert answer(second, world.code("sms")).status_code == 422 and not is_in(second)


def test_a_login_with_a_temporary_password_that_dies_while_it_waits_opens_nothing(world: World, visitor: Visitor) -> None:
    set_password(world, temporary=True, expires_at=START + 100)
    visitor.login(LAN[0], GOOD)
    browser = waiting(world)
    code, token = world.code("sms"), browser.token(DEVICE)
    world.clock.advance(100)
    answer(browser, code, token)
    assert not is_in(browser) and world.rows("SELECT count(*) FROM sessions WHERE created_at > 1800000000") == [(0,)]


def test_a_code_cannot_be_used_twice_and_a_second_click_is_no_error(world: World, second: Visitor) -> None:
    code, token, cookies = world.code("sms"), second.token(DEVICE), dict(second.client.cookies)
    assert answer(second, code).status_code == 303 and "attempt" not in second.client.cookies
    double = Visitor(world)
    for name, value in cookies.items():  # the second click left before the first was answered
        double.client.cookies.set(name, value, domain="127.0.0.1")
    assert answer(double, code, token).headers["location"].startswith(DEVICE)
    assert not is_in(double) and "note=attempt_over" in where(double, DEVICE)
    assert where(second, DEVICE) == "/account/?lang=vi" and is_in(second)


def test_the_operator_sees_codes_and_answers_of_this_page(world: World, second: Visitor) -> None:
    def counted(name: str, **labels: str) -> float:
        found = metrics.registry.get_sample_value(name, {"purpose": "second_device", "channel": ACCOUNT_PAGE, **labels})
        return found or 0.0

    issued, right = (counted("backend_challenges_issued_total"), counted("backend_challenges_answered_total", result="right"))
    other = waiting(world)
    assert counted("backend_challenges_issued_total") == issued + 1
    answer(other, world.code("sms"))
    assert counted("backend_challenges_answered_total", result="right") == right + 1


# Nobody else may name it


def test_no_channel_can_vouch_for_the_account_page(world: World) -> None:
    for task in ("second_device", "forgot_password"):
        talk = Talk(world, channel=ACCOUNT_PAGE, task=task)
        assert talk.call("PUT").status_code == 401
    assert world.rows("SELECT count(*) FROM drafts") == [(0,)]


@pytest.mark.parametrize("channel", ["web", "hotline", ACCOUNT_PAGE])
def test_the_task_is_none_that_can_be_opened_over_v1(world: World, channel: str) -> None:
    with pytest.raises(NotFound):
        task_named("second_device", Sender(channel, "s", "c", "vi"))
    if channel != ACCOUNT_PAGE:
        assert Talk(world, channel=channel, task="second_device").call("PUT").status_code == 404
