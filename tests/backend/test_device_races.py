"""Parallel logins and answers on both databases: one valid token, whoever wins, and no failure counted."""

from collections import Counter

import pytest
from backend_kit import LAN, World, build_world
from test_races import together
from two_devices import QUICK, set_password

from backend import login, pending_login, sessions
from backend.assertion import Sender
from backend.login import LoginResult

MANY = 50
CODES_A_DAY = 5


class AlwaysFits:
    """A hasher that finds every password right, at once: what is raced is the database."""

    dummy = ""

    def verify(self, *_: str) -> bool:
        return True

    def hash(self, password: str) -> str:
        return QUICK.hash(password)


@pytest.fixture
def race(either: World) -> World:
    """A world in which every password fits."""
    either.core.hasher = AlwaysFits()  # type: ignore[assignment]
    set_password(either)
    return either


def device(number: int) -> str:
    return f"device-{number:015d}"


def log_in(world: World, number: int) -> LoginResult:
    """From a device that Lan has used before: each such device has a throttle of its own."""
    account_id = world.rows("SELECT id FROM accounts")[0][0]
    mark = login.device_mark(world.core, device(number), account_id)
    return login.attempt(world.core, LAN[0], "x", device(number), mark)


def asked(world: World, number: int) -> tuple[Sender, str]:
    """A waiting login on that device, and its code."""
    result = log_in(world, number)
    assert result.outcome == "code"
    sender = pending_login.waiting(device(number), result.attempt, "vi")
    pending_login.send(world.core, sender)
    return sender, world.code("sms")


def valid(world: World, tokens: list[str]) -> list[str]:
    with world.core.writing() as unit:
        return [token for token in tokens if sessions.whose(world.core, unit, token) is not None]


def displaced(world: World, tokens: list[str]) -> int:
    with world.core.database.read() as conn:
        return sum(sessions.was_displaced(conn, token) for token in tokens)


def login_failures(world: World) -> int:
    return int(world.rows("SELECT count(*) FROM tallies WHERE purpose = 'login'")[0][0])


def check_parallel_logins(world: World) -> None:
    results = together(MANY, lambda number: log_in(world, number))
    assert Counter(result.outcome for result in results) == {"in": 1, "code": MANY - 1}
    tokens = [result.token for result in results if result.token]
    assert valid(world, tokens) == tokens and displaced(world, tokens) == 0
    assert login_failures(world) == 0


def test_of_fifty_parallel_logins_one_is_in_and_all_others_are_asked_for_a_code(race: World) -> None:
    check_parallel_logins(race)


@pytest.mark.prove
@pytest.mark.parametrize("_round", range(30))
def test_fifty_parallel_logins_thirty_times(race: World, _round: int) -> None:
    check_parallel_logins(race)


def test_fifty_parallel_logins_of_one_device_leave_one_valid_token(race: World) -> None:
    results = together(MANY, lambda _: log_in(race, 7))
    tokens = [result.token for result in results if isinstance(result, LoginResult) and result.token]
    # A device's own counter lets through what was begun before the first success: the rest is told to wait.
    assert tokens and {result.outcome for result in results} <= {"in", "wait"}
    assert len(valid(race, tokens)) == 1 and displaced(race, tokens) == 0


def test_fifty_parallel_right_answers_open_one_session(race: World) -> None:
    old = log_in(race, 0).token
    sender, code = asked(race, 1)
    results = together(MANY, lambda _: pending_login.answer(race.core, sender, code))
    tokens = [result.token for result in results if isinstance(result, pending_login.Judged) and result.token]
    assert len(tokens) == 1 and valid(race, [old, *tokens]) == tokens
    assert displaced(race, [old]) == 1
    assert len([one for one in race.outbox() if "thiet bi khac" in one["body"]]) == 1, "the owner is told once"
    assert login_failures(race) == 0


def test_parallel_right_answers_of_five_devices_leave_one_valid_token(race: World) -> None:
    old = log_in(race, 0).token
    waiting = [asked(race, number) for number in range(1, 1 + CODES_A_DAY)]
    results = together(MANY, lambda number: pending_login.answer(race.core, *waiting[number % CODES_A_DAY]))
    tokens = [result.token for result in results if isinstance(result, pending_login.Judged) and result.token]
    assert 1 <= len(tokens) <= CODES_A_DAY
    assert len(valid(race, [old, *tokens])) == 1
    assert displaced(race, [old, *tokens]) == len(tokens), "every one before the last"
    assert login_failures(race) == 0


def test_fifty_parallel_wrong_answers_get_three_comparisons_and_throw_nobody_out(race: World) -> None:
    old = log_in(race, 0).token
    sender, code = asked(race, 1)
    bad = f"{(int(code) + 1) % 10**6:06d}"
    results = Counter(together(MANY, lambda _: pending_login.answer(race.core, sender, bad).result))
    assert results == {"wrong": 3, "dead": MANY - 3}
    assert valid(race, [old]) == [old]


def test_a_right_answer_against_a_new_password_never_leaves_an_old_login_in(race: World) -> None:
    for number in range(1, 1 + CODES_A_DAY):
        log_in(race, 0)
        sender, code = asked(race, number)

        def act(turn: int, sender: Sender = sender, code: str = code) -> str:
            if turn:
                return pending_login.answer(race.core, sender, code).token
            reset(race)
            return ""

        tokens = [token for token in together(2, act) if len(token) == 43]
        assert valid(race, tokens) == [], "either the answer came too late, or the change ended its session"


def reset(world: World) -> None:
    """What every change of a password does, in one transaction: set it and end the sessions."""
    from backend import accounts

    encoded = QUICK.hash("another")
    with world.core.writing() as unit:
        account = accounts.find(world.core, unit.conn, LAN[0])
        assert account
        accounts.get(world.core, unit.conn, account.id, lock=True)
        accounts.set_password(world.core, unit, account.id, encoded, temporary=False, expires_at=None)
        accounts.end_sessions(unit, account.id)


def test_two_instances_share_one_session(race: World) -> None:
    other = build_world(race.url, migrate_first=False)
    other.core.hasher = AlwaysFits()  # type: ignore[assignment]
    results = together(10, lambda number: log_in((race, other)[number % 2], number))
    assert Counter(result.outcome for result in results) == {"in": 1, "code": 9}
    other.close()
