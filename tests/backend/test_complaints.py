"""Complaints: a number for a text, sealed, five a day."""

from backend_kit import World


def complain(world: World, text: str, **more: str) -> dict[str, str]:
    talk = world.talk(task="complaint")
    talk.put(text=text, **more)
    answer: dict[str, str] = talk.submit().json()
    return answer


def test_a_complaint_gets_a_number_and_is_stored_sealed(world: World) -> None:
    done = complain(world, "Công ty nợ BHXH\nđã 6 tháng", contact="0912345678")
    number = done["outcome"]["number"]  # type: ignore[index]
    assert number.startswith("KN-") and len(number) == 14
    ((stored, sealed),) = world.rows("SELECT number, body_sealed FROM complaints")
    assert stored == number and "nợ" not in sealed and "0912345678" not in sealed


def test_characters_that_could_mislead_an_officer_are_gone(world: World) -> None:
    talk = world.talk(task="complaint")
    talk.put(text="a\u202eb\x1b[31mc\rd\ne\u200b")
    from backend.officers import complaints

    talk.submit()
    assert complaints.listed(world.core, 10)[0].text == "ab[31mcd\ne"


def test_a_sender_has_five_a_day(world: World) -> None:
    for _ in range(5):
        assert complain(world, "x")["state"] == "done"
    assert complain(world, "x")["code"] == "daily_limit"
    world.clock.advance(86_400)
    assert complain(world, "x")["state"] == "done"
