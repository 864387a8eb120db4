"""Everything that people, officers and the sweeper do with the backend, done once: what runs is what is looked at."""

import json

from account_visitor import ORIGIN, Visitor
from backend_kit import LAN, Talk, World
from photo_kit import Registrant, jpeg
from test_register_account import applied
from two_devices import DEVICE, again, answer

from backend import forgetting, retention
from backend.officers import applications, changes, complaints

PASSWORD = "mot cau rat dai va la"


def live(world: World) -> None:
    """The whole day; Lan is on file, the clock is set."""
    _forgotten(world)
    _at_the_account_page(world)
    _on_another_device(world)
    _changed(world)
    _email_added(world)
    _registered(world)
    _photographed(world)
    _asked(world)
    _called(world)
    _swept(world)


def forgotten(world: World) -> None:
    """The end of it: Lan asks to be forgotten."""
    forgetting.forget(world.core, LAN[0])


def _done(talk: Talk) -> dict[str, str]:
    answer = talk.submit()
    assert answer.status_code == 200, answer.text
    outcome: dict[str, str] = answer.json()["outcome"]
    return outcome


def _forgotten(world: World) -> None:
    own = {"phone": "0912000060", "email": "an@example.com", "personal_id": "079190000060"}
    world.account(bhxh_code="7900000060", **own)
    for code in ("7900000060", "7911111111", "079190000060"):
        talk = world.talk(f"forgot {code}").open(code, own["email"])
        talk.send()
        assert talk.answer("000000") == "wrong"
        world.clock.advance(60)
        assert talk.send().status_code == 200
        assert talk.draft()["otp"]["resends_left"] == 1
        talk.call("PUT", "/fields/email", {"value": "other@example.com"})
        talk.call("DELETE")
    talk = world.talk("forgot dead").open("7900000060", own["email"])
    talk.send()
    assert [talk.answer("000000") for _ in range(3)] == ["wrong"] * 3 and talk.answer("000000") == "dead"
    world.reset("reset")


def _at_the_account_page(world: World) -> None:
    visitor = Visitor(world)
    visitor.get("/account/style.css"), visitor.get("/account"), visitor.get("/account/")
    assert visitor.login(LAN[0], "wrong one").status_code == 401
    assert visitor.login(LAN[0], world.password()).status_code == 303
    visitor.get("/account/password")
    assert visitor.change(PASSWORD).status_code == 303
    assert visitor.login(LAN[0], PASSWORD).status_code == 303
    assert visitor.get("/account/").status_code == 200
    assert visitor.change("mot cau khac dai hon", current=PASSWORD).status_code == 303
    assert visitor.login(LAN[0], "mot cau khac dai hon").status_code == 303
    assert visitor.post("/account/logout", {}, page="/account/").status_code == 303


def _on_another_device(world: World) -> None:
    first, second = Visitor(world), Visitor(world)
    password = "mot cau khac dai hon"
    assert first.login(LAN[0], password).status_code == 303
    assert second.login(LAN[0], password).headers["location"].startswith(DEVICE)
    assert second.get(DEVICE).status_code == 200
    world.clock.advance(60)
    again(second)
    assert answer(second, world.code("sms")).status_code == 303
    assert first.get("/account/").status_code == 303


def _photographed(world: World) -> None:
    talk = Registrant(world, "photos").begun()
    assert talk.put("face").status_code == talk.by_channel("DELETE", "face").status_code == 200
    link = talk.link()
    assert world.client.get(link).status_code == 200
    sent = world.client.post(link, files={"face": ("x.jpg", jpeg(), "image/jpeg")}, headers={"Origin": ORIGIN})
    assert sent.status_code == 200, sent.text


def _changed(world: World) -> None:
    for decision in ("approve", "reject"):
        talk = world.talk(f"change {decision}", task="change_info")
        talk.put(code=LAN[0], what="personal_id", proof="email")
        talk.send()
        assert talk.answer(world.code()) == "right"
        talk.put(personal_id=f"07919000009{len(decision)}")
        number = _done(talk)["number"]
        assert changes.listed(world.core, "open", 10)
        if decision == "approve":
            changes.approve(world.core, number)
        else:
            changes.reject(world.core, number, "x")
        world.clock.advance(60)


def _email_added(world: World) -> None:
    talk = world.talk("add email", task="add_email")
    talk.put(code=LAN[0])
    talk.send()
    assert talk.answer(world.code("sms")) == "right"
    talk.put(email="lan.moi@example.com")
    talk.send()
    assert talk.answer(world.code()) == "right"
    assert _done(talk)["number"]


def _registered(world: World) -> None:
    numbers = {}
    for index, name in enumerate(("approved", "rejected", "expired")):
        own = {"code": f"790000005{index}", "id_number": f"07930100005{index}", "email": f"hoa{index}@example.com"}
        talk = applied(world, name, **own)
        numbers[name] = _done(talk)["number"]
        assert applications.listed(world.core, "open", 10)
        status = world.talk(f"status {name}", task="application_status")
        status.put(number=numbers[name], id_number=own["id_number"])
        assert _done(status)["status"] == "waiting"
    applied(world, "held", code="7900000051", id_number="079301000059", email="held@example.com").submit()
    applications.approve(world.core, numbers["approved"])
    applications.reject(world.core, numbers["rejected"], "x")


def _asked(world: World) -> None:
    search = world.talk("search", task="code_search")
    search.put(full_name="Nguyễn Thị Lan", dob="1990", id_number="079190000096", province="Hà Nội")
    assert search.submit().status_code == 200
    complaint = world.talk("complaint", task="complaint")
    complaint.put(text="x")
    assert _done(complaint)["number"] and complaints.listed(world.core, 10)
    talk = world.talk("questions")
    for path, body in (
        ("/official_channels/verdicts", {"value": "1900 2525 10"}),
        ("/fraud_reports", {"value": "1900 2525 10", "note": "x"}),
        ("/offices/search", {"province": "Hà Nội"}),
        ("/facilities/search", {"province": "Hà Nội", "name": "Bạch Mai"}),
    ):
        assert talk.request("POST", f"/v1{path}", body).status_code == 200
    assert talk.request("GET", "/v1/official_channels").status_code == 200
    assert world.client.get("/healthz").status_code == world.client.get("/readyz").status_code == 200


def _called(world: World) -> None:
    for number in ("+84900000001", "+84912345678"):
        call = world.talk(f"call {number}", channel="hotline", sender=number, task="hotline_password")
        call.put(code=LAN[0])
        outcome = _done(call)
        if outcome["result"] == "match":
            assert json.loads(call.fetch_spoken(outcome["handle"]).text)["spell"]


def _swept(world: World) -> None:
    world.talk("left alone", task="register_account").put(code="7900000077")
    world.clock.advance(1_800)
    for _ in range(3):  # what was past its time is gone after the first
        retention.sweep(world.core)
    for by in ("email", "sms"):
        world.app.state.postman.deliver_one(channel=by)
