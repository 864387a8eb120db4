"""Registration: an application with a number, ten days, one open a code and a person, an officer's decision."""

from typing import Any

import pytest
from account_visitor import Visitor
from backend_kit import LAN, Talk, World
from sqlalchemy import text

from backend import retention
from backend.errors import Conflict, NotFound
from backend.officers import applications

HOA = {
    "code": "7900000050",
    "full_name": "Trần Thị Hoa",
    "dob": "12/3/2001",
    "id_number": "079301000050",
    "phone": "0912 000 050",
    "email": "hoa.tran@example.com",
    "office": "BHXH cơ sở Bến Thành",
}
DAY_S = 86_400


def applied(world: World, name: str = "one", photos: bool = True, **fields: str) -> Talk:
    """Everything given and proved, nothing submitted."""
    talk = world.talk(name, task="register_account")
    talk.put(**{field: value for field, value in (HOA | fields).items() if value})
    if photos:
        world.add_photos(talk)
    assert talk.send().status_code == 200
    assert talk.answer(world.code()) == "right"
    return talk


def number(talk: Talk) -> str:
    answer = talk.submit()
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["outcome"]["number"]
    return found


def status(world: World, number: str, id_number: str = HOA["id_number"], name: str = "asks") -> dict[str, Any]:
    talk = world.talk(name, task="application_status")
    talk.put(number=number, id_number=id_number)
    found: dict[str, Any] = talk.submit().json()["outcome"]
    return found


def test_an_approved_application_is_an_account_with_a_temporary_password(world: World) -> None:
    answer = applied(world).submit().json()
    assert answer["outcome"] | {"number": ""} == {"number": "", "days": 10, "until": "2027-01-25"}
    told = [message for message in world.outbox() if answer["outcome"]["number"] in message["body"]]
    assert sorted(message["to"] for message in told) == ["0912000050", "hoa.tran@example.com"]
    assert all("25/01/2027" in message["body"] for message in told)
    applications.approve(world.core, answer["outcome"]["number"])
    assert world.record("7900000050")["full_name"] == "Trần Thị Hoa"
    visitor = Visitor(world)
    assert visitor.login("7900000050", world.password()).status_code == 303
    assert "/account/password" in visitor.get("/account/").headers["location"]
    assert status(world, answer["outcome"]["number"])["status"] == "approved"
    assert world.rows("SELECT count(*) FROM photos") == [(0,)]


def test_a_waiting_account_is_opened_by_its_application(world: World) -> None:
    world.account(bhxh_code="7900000050", personal_id=HOA["id_number"], status="waiting")
    applications.approve(world.core, number(applied(world)))
    assert world.record("7900000050") | {"province": None} == {
        "bhxh_code": "7900000050",
        "full_name": "Trần Thị Hoa",
        "dob": "2001-03-12",
        "personal_id": "079301000050",
        "phone": "0912000050",
        "email": "hoa.tran@example.com",
        "province": None,
        "status": "active",
    }


def test_an_application_without_a_code_needs_one_from_the_officer(world: World) -> None:
    handed_in = number(applied(world, code=""))
    with pytest.raises(Conflict):
        applications.approve(world.core, handed_in)
    applications.approve(world.core, handed_in, code="7900000051")
    assert world.record("7900000051")["full_name"] == "Trần Thị Hoa"


def test_a_rejected_application_says_why_and_keeps_no_photos(world: World) -> None:
    handed_in = number(applied(world))
    applications.reject(world.core, handed_in, "Ảnh mờ")
    assert status(world, handed_in) == {"status": "rejected", "reason": "Ảnh mờ"}
    assert "Ảnh mờ" in next(message["body"] for message in world.outbox() if message["channel"] == "email")
    assert world.rows("SELECT count(*) FROM photos") == [(0,)]
    with pytest.raises(Conflict):
        applications.approve(world.core, handed_in)


def test_after_ten_days_it_is_deleted_with_its_photos_and_the_applicant_is_told(world: World) -> None:
    handed_in = number(applied(world))
    world.clock.advance(10 * DAY_S - 1)
    retention.sweep(world.core)
    assert status(world, handed_in)["status"] == "waiting"
    world.clock.advance(1)
    with pytest.raises(Conflict):
        applications.approve(world.core, handed_in)
    retention.sweep(world.core)
    world.app.state.postman.deliver_one(channel="sms")
    world.app.state.postman.deliver_one(channel="email")
    assert world.rows("SELECT (SELECT count(*) FROM applications), (SELECT count(*) FROM photos)") == [(0, 0)]
    assert [message["to"] for message in world.outbox() if "hết hạn" in message["body"]] == ["hoa.tran@example.com"]
    assert status(world, handed_in, name="again")["status"] == "unknown"


@pytest.mark.parametrize("same", ["code", "person"])
def test_a_second_application_stands_beside_the_first_and_neither_sees_a_difference(world: World, same: str) -> None:
    first = applied(world, "one").submit().json()
    other = {"id_number": "079301000099"} if same == "code" else {"code": "7900000099"}
    world.clock.advance(61)
    second = applied(world, "two", email="an@example.com", **other).submit().json()
    assert first["outcome"] | {"number": ""} == second["outcome"] | {"number": ""}
    assert world.rows("SELECT state FROM applications ORDER BY created_at") == [("open",), ("held",)]
    for one, person in ((first, HOA["id_number"]), (second, other.get("id_number", HOA["id_number"]))):
        assert status(world, one["outcome"]["number"], person, f"asks {person}{one['outcome']['number']}")["status"] == "waiting"
    mails = [
        message["body"].replace(second["outcome"]["number"], "").replace(first["outcome"]["number"], "")
        for message in world.outbox()
    ]
    assert len({body for body in mails if "Đã nhận" in body}) == 1


def test_whoever_comes_with_the_held_one_gets_the_account_and_only_once(world: World) -> None:
    first = number(applied(world, "one"))
    second = number(applied(world, "two", email="that.hoa@example.com"))
    applications.approve(world.core, second)
    assert world.record("7900000050")["email"] == "that.hoa@example.com"
    with pytest.raises(Conflict):
        applications.approve(world.core, first)


def test_the_owner_of_an_account_hears_that_somebody_applied_with_the_code(world: World) -> None:
    answer = applied(world, code=LAN[0]).submit().json()
    assert answer["outcome"]["days"] == 10
    assert {
        message["to"] for message in world.outbox() if "đã có tài khoản" in message["body"] or "van nhu cu" in message["body"]
    } == {
        LAN[1],
        "0900000001",
    }
    with pytest.raises(Conflict):
        applications.approve(world.core, answer["outcome"]["number"])
    assert world.record(LAN[0])["email"] == LAN[1]


def test_without_all_photos_or_the_mailbox_nothing_is_handed_in(world: World) -> None:
    talk = applied(world, photos=False)
    world.add_photos(talk, ("face",))
    assert talk.submit().json()["missing"] == ["id_front", "id_back"]
    unproved = world.talk("two", task="register_account")
    unproved.put(**HOA)
    world.add_photos(unproved)
    assert unproved.submit().json()["code"] == "not_verified"
    assert world.rows("SELECT count(*) FROM applications") == [(0,)]


def test_photos_go_with_a_cancelled_and_with_an_expired_draft(world: World) -> None:
    applied(world, "one").call("DELETE")
    assert world.rows("SELECT count(*) FROM photos") == [(0,)]
    applied(world, "two", email="b@example.com")
    world.clock.advance(1800)
    retention.sweep(world.core)
    assert world.rows("SELECT count(*) FROM photos") == [(0,)]


def test_a_status_needs_number_and_person_and_ten_a_day_are_answered(world: World) -> None:
    handed_in = number(applied(world))
    assert status(world, handed_in.lower().replace("-", " "))["office"] == HOA["office"]
    for index in range(9):
        assert status(world, "HS-AAAA-AAAA" if index % 2 else handed_in, "079301000051") == {"status": "unknown"}
    talk = world.talk("asks", task="application_status")
    talk.put(number=handed_in, id_number=HOA["id_number"])
    assert talk.submit().json()["code"] == "daily_limit"


def test_an_unknown_number_cannot_be_decided(world: World) -> None:
    with pytest.raises(NotFound):
        applications.approve(world.core, "HS-AAAA-AAAA")


def test_what_was_handed_in_is_sealed_and_after_a_decision_erased_but_for_the_person(world: World) -> None:
    handed_in = number(applied(world))
    (row,) = world.rows("SELECT body_sealed FROM applications")
    assert "Hoa" not in row[0] and "hoa.tran" not in row[0]
    applications.reject(world.core, handed_in, "x")
    (found,) = applications.listed(world.core, "rejected", 10)
    assert found.body == {"id_number": HOA["id_number"]}


def test_the_person_behind_another_account_gets_no_second_one(world: World) -> None:
    world.account(bhxh_code="7900000060", personal_id=HOA["id_number"])
    with pytest.raises(Conflict):
        applications.approve(world.core, number(applied(world)))


def test_two_officers_decide_once(either: World) -> None:
    from test_races import together

    handed_in = number(applied(either))
    acts = [lambda: applications.approve(either.core, handed_in), lambda: applications.reject(either.core, handed_in, "x")]
    results = together(8, lambda index: acts[index % 2]() or "done")
    assert results.count("done") == 1 and set(results) == {"done", "conflict"}
    with either.core.database.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM applications WHERE version = 2")).scalar() == 1
