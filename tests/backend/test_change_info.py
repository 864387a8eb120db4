"""Changing what is on file: what is proved, by which address, and what an officer decides."""

import pytest
from backend_kit import LAN, Talk, World
from sqlalchemy import text

from backend.errors import Conflict, NotFound
from backend.officers import changes

VALUES = {"phone": "0912345678", "email": "lan.moi@example.com", "personal_id": "079190000009"}
ON_FILE = {"email": "email", "phone": "sms"}


def proved(world: World, what: str, proof: str, name: str = "one") -> Talk:
    """Everything given and proved, nothing submitted."""
    talk = world.talk(name, task="change_info")
    talk.put(code=LAN[0], what=what, proof=proof)
    assert talk.send().status_code == 200
    assert talk.answer(world.code(ON_FILE[proof])) == "right"
    talk.put(**{what: VALUES[what]})
    if what != "personal_id":
        assert talk.send().status_code == 200
        assert world.outbox()[0]["to"] == VALUES[what]
        assert talk.answer(world.code(ON_FILE[what])) == "right"
    return talk


@pytest.mark.parametrize("what", list(VALUES))
@pytest.mark.parametrize("proof", ["email", "phone"])
def test_a_change_is_on_file_after_both_proofs_and_an_officer(world: World, what: str, proof: str) -> None:
    number = proved(world, what, proof).submit().json()["outcome"]["number"]
    assert world.record(LAN[0])[what] != VALUES[what]
    changes.approve(world.core, number)
    assert world.record(LAN[0])[what] == VALUES[what]
    with pytest.raises(Conflict):
        changes.approve(world.core, number)


def test_a_rejected_change_leaves_everything_and_tells_why(world: World) -> None:
    before = world.record(LAN[0])
    number = proved(world, "email", "phone").submit().json()["outcome"]["number"]
    changes.reject(world.core, number, "Ảnh giấy tờ không rõ")
    assert world.record(LAN[0]) == before
    assert any("Ảnh giấy tờ không rõ" in message["body"] for message in world.outbox())
    assert world.rows("SELECT value_sealed FROM change_requests") == [(None,)]


def test_old_and_new_addresses_are_told_of_a_change(world: World) -> None:
    number = proved(world, "phone", "email").submit().json()["outcome"]["number"]
    changes.approve(world.core, number)
    decided = [message["to"] for message in world.outbox() if "chấp nhận" in message["body"] or "chap nhan" in message["body"]]
    assert sorted(decided) == ["0900000001", "0912345678", LAN[1]]


def test_a_change_seen_in_another_version_or_unknown_is_not_decided(world: World) -> None:
    number = proved(world, "email", "phone").submit().json()["outcome"]["number"]
    with pytest.raises(Conflict):
        changes.approve(world.core, number, version=2)
    with pytest.raises(NotFound):
        changes.approve(world.core, "DN-AAAA-AAAA")


def test_an_account_locked_meanwhile_is_not_changed(world: World) -> None:
    number = proved(world, "email", "phone").submit().json()["outcome"]["number"]
    with world.core.database.write() as conn:
        conn.execute(text("UPDATE accounts SET status = 'locked'"))
    with pytest.raises(Conflict):
        changes.approve(world.core, number)


def test_an_identity_number_of_somebody_else_is_not_put_on_file(world: World) -> None:
    world.account(bhxh_code="7900000002", personal_id=VALUES["personal_id"])
    number = proved(world, "personal_id", "email").submit().json()["outcome"]["number"]
    with pytest.raises(Conflict):
        changes.approve(world.core, number)


def test_another_wish_or_proof_drops_what_was_proved(world: World) -> None:
    talk = proved(world, "email", "phone")
    assert talk.put(what="phone").json()["otp"]["state"] == "none"
    assert talk.submit().json()["code"] == "not_verified"


def test_a_missing_new_value_is_named_after_the_first_proof(world: World) -> None:
    talk = world.talk(task="change_info")
    talk.put(code=LAN[0], what="personal_id", proof="email")
    talk.send()
    talk.answer(world.code())
    assert talk.submit().json()["missing"] == ["personal_id"]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("what", "password", "choice"),
        ("proof", "post", "choice"),
        ("phone", "1900 9068", "not_a_phone"),
        ("phone", "+1900", "not_a_phone"),
        ("phone", "02437899999", "not_a_phone"),
        ("phone", "0900000001;ext=1", "not_a_phone"),
        ("email", "mıke@example.org", "not_an_email"),
        ("email", "a@b.com\r\nBcc: c@d.com", "not_an_email"),
        ("personal_id", "07919000000", "not_an_id"),
        ("personal_id", "079190000001' OR 1=1", "not_an_id"),
    ],
)
def test_what_cannot_be_a_value_is_refused_and_not_kept(world: World, field: str, value: str, reason: str) -> None:
    talk = world.talk(task="change_info")
    talk.put()
    refused = talk.call("PUT", f"/fields/{field}", {"value": value})
    assert (refused.status_code, refused.json()["reason"]) == (422, reason)
    assert talk.draft()["fields"] == {}
