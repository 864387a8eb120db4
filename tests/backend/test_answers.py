"""Judging answers: counters that no resend, conversation or channel refills."""

import pytest
from backend_kit import LAN, World, wrong
from sqlalchemy import text


def spend(world: World, name: str, tries: int, email: str = LAN[1]) -> list[str]:
    """Wrong answers in a conversation of their own."""
    talk = world.talk(name).open(email=email)
    assert talk.send().status_code == 200
    # Letters are never a code, so they are surely wrong.
    return [talk.answer("abcdef") for _ in range(tries)]


@pytest.mark.parametrize("email", [LAN[1], "nobody@example.com"])
def test_three_wrong_answers_kill_a_challenge(world: World, email: str) -> None:
    assert spend(world, "one", 4, email) == ["wrong", "wrong", "wrong", "dead"]
    assert world.talk("one").draft()["otp"]["state"] == "dead"


def test_the_right_code_is_dead_after_three_wrong_answers(world: World) -> None:
    talk = world.talk().open()
    talk.send()
    code = world.code()
    for _ in range(3):
        talk.answer(wrong(code))
    assert talk.answer(code) == "dead"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12 34 5", "abcdef", "½23456", "1" * 500])
def test_anything_but_six_digits_counts_as_a_wrong_answer(world: World, typed: str) -> None:
    talk = world.talk().open()
    talk.send()
    assert talk.answer(typed) == "wrong"
    assert talk.draft()["otp"]["tries_left"] == 2


@pytest.mark.parametrize("email", [LAN[1], "nobody@example.com"])
def test_ten_wrong_answers_a_day_close_the_path_whatever_the_conversation_and_channel(world: World, email: str) -> None:
    for name in ("a", "b", "c"):
        assert spend(world, name, 3, email) == ["wrong"] * 3
    assert spend(world, "d", 2, email) == ["wrong", "dead"]
    refused = world.talk("e", channel="messenger").open(email=email).send()
    assert refused.json()["code"] == "daily_limit" and refused.json()["retry_after_s"] == 86_400
    world.clock.advance(86_400)
    assert world.talk("f").open(email=email).send().status_code == 200


def test_the_day_rolls_and_does_not_begin_at_midnight(world: World) -> None:
    for name in ("a", "b", "c"):
        spend(world, name, 3)
        world.clock.advance(3600)
    spend(world, "d", 1)
    world.clock.advance(86_400 - 3 * 3600)
    assert world.talk("e").open().send().status_code == 200
    world.clock.advance(-60)
    assert world.talk("f").open().send().json()["code"] == "daily_limit"


def test_thirty_wrong_answers_in_a_row_close_the_path_without_end(world: World) -> None:
    for day in range(3):
        for name in ("a", "b", "c", "d"):
            spend(world, f"{name}{day}", 3 if name != "d" else 1)
        world.clock.advance(86_400)
    refused = world.talk("last").open().send()
    assert refused.json()["code"] == "daily_limit" and "retry_after_s" not in refused.json()


def test_a_right_answer_clears_the_run_but_never_the_day(world: World) -> None:
    spend(world, "a", 3)
    talk = world.talk("b").open()
    talk.send()
    assert talk.answer(world.code()) == "right"
    assert world.rows("SELECT consecutive FROM subjects WHERE purpose = 'forgot_password'") == [(0,)]
    assert world.rows("SELECT count(*) FROM tallies WHERE kind = 'wrong' AND purpose = 'forgot_password'") == [(3,)]


def test_a_used_code_is_dead(world: World) -> None:
    talk = world.talk().open()
    talk.send()
    code = world.code()
    assert [talk.answer(code), talk.answer(code)] == ["right", "dead"]
    assert talk.draft()["otp"]["state"] == "verified"


def test_a_decoy_is_never_right_even_for_its_own_code(world: World) -> None:
    talk = world.talk().open(email="nobody@example.com")
    drawn: list[str] = []
    from backend import challenges

    make = challenges.new_code
    challenges.new_code = lambda core: drawn.append(make(core)) or drawn[-1]  # type: ignore[func-returns-value]
    try:
        talk.send()
    finally:
        challenges.new_code = make
    assert talk.answer(drawn[0]) == "wrong"


def test_a_new_challenge_after_a_dead_one_waits_and_counts(world: World) -> None:
    talk = world.talk().open()
    talk.send()
    for _ in range(3):
        talk.answer("abcdef")
    assert talk.send().json()["code"] == "too_soon"
    world.clock.advance(60)
    assert talk.send().json()["otp"]["tries_left"] == 3
    assert talk.answer(world.code()) == "right"


def test_the_count_is_committed_before_the_answer_is_given(world: World) -> None:
    spend(world, "a", 1)
    assert world.rows("SELECT wrong FROM challenges") == [(1,)]
    assert world.rows("SELECT consecutive FROM subjects WHERE purpose = 'forgot_password'") == [(1,)]


def test_a_code_moved_to_another_challenge_row_is_wrong(world: World) -> None:
    one = world.talk("one").open()
    one.send()
    code = world.code()
    [(first,)] = world.rows("SELECT code_mac FROM challenges")
    two = world.talk("two").open()
    two.send()
    with world.core.database.write() as conn:
        conn.execute(text("UPDATE challenges SET code_mac = :mac"), {"mac": first})
    assert two.answer(code) == "wrong"
    assert one.answer(code) == "right"


def test_an_answer_costs_at_most_fourteen_statements_and_two_commits_however_much_is_stored(world: World) -> None:
    costs = set()
    for rounds in range(2):
        talk = world.talk(f"right{rounds}").open()
        talk.send()
        code = world.code()
        with world.statements() as statements:
            assert talk.answer(wrong(code)) == "wrong"
        assert len(statements) <= 14
        with world.statements() as statements, world.commits() as commits:
            assert talk.answer(code) == "right"
        costs.add((len(statements), len(commits)))
        for index in range(30):
            world.talk(f"other{rounds}{index}").open(code=f"79111{rounds}11{index:02d}").send()
        world.clock.advance(61)
    # On SQLite two of them are BEGIN, which PostgreSQL's driver sends by itself.
    assert costs == {(13 if world.core.database.is_sqlite else 11, 2)}
