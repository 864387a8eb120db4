"""Two hundred calls at once, and how fast each turn is answered."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.hotline.turns import Caller, spelled
from tests.programs import Programs

CALLS = 200
HEARS_S = {"start": 2.5, "8": 8.5, "code": 13.0}
"""What a caller needs until the next turn, as measured in a real call: the greeting, the question and ten keys, the password."""
LASTS_S = sum(HEARS_S.values())
AT_MOST_S, P95_S = 2.0, 0.3


def test_ten_calls_at_once_each_hear_their_own_password(programs: Programs) -> None:
    people = [programs.new_account(bhxh_code=f"79554{n:05d}", phone=f"09755{n + 40000:05d}") for n in range(10)]

    def calls(person: dict[str, str]) -> str:
        call = Caller(programs, person["phone"])
        call.key("8")
        told = spelled(call.key(person["bhxh_code"]))
        call.hang_up()
        call.close()
        return told[0]

    with ThreadPoolExecutor(10) as pool:
        assert len(set(pool.map(calls, people))) == 10


@pytest.mark.prove
@pytest.mark.timeout(300)
def test_no_turn_of_200_calls_at_once_takes_longer_than_two_seconds(programs: Programs, note: Callable[[str], None]) -> None:
    people = [programs.new_account(bhxh_code=f"79556{n:05d}", phone=f"09756{n:05d}") for n in range(CALLS)]
    took: dict[str, list[float]] = {step: [] for step in (*HEARS_S, "hangup")}

    def timed(step: str, act: Callable[[], Any]) -> Any:
        began = time.monotonic()
        done = act()
        took[step].append(time.monotonic() - began)
        time.sleep(HEARS_S.get(step, 0))
        return done

    def calls(numbered: tuple[int, dict[str, str]]) -> bool:
        number, person = numbered
        time.sleep(LASTS_S * number / CALLS)  # when the last one dials, the first is about to hang up: 200 at once
        call = timed("start", lambda: Caller(programs, person["phone"]))
        timed("8", lambda: call.key("8"))
        told = timed("code", lambda: call.key(person["bhxh_code"]))
        timed("hangup", call.hang_up)
        call.close()
        return bool(spelled(told))

    with ThreadPoolExecutor(CALLS) as pool:
        assert all(pool.map(calls, enumerate(people)))
    for step, seconds in took.items():
        seconds.sort()
        of_them = (
            f"median {statistics.median(seconds):.3f} s, p95 {seconds[int(0.95 * CALLS)]:.3f} s, longest {seconds[-1]:.3f} s"
        )
        note(f"200 calls at once, {step}: {of_them}")
    assert max(max(seconds) for seconds in took.values()) < AT_MOST_S


@pytest.mark.prove
def test_a_turn_is_answered_at_once(programs: Programs, note: Callable[[str], None]) -> None:
    person = programs.new_account(bhxh_code="7955700001", phone="0975570001")
    took = []
    for _ in range(40):
        call = Caller(programs, "0911000777")
        for key in ("8", "123456789", person["bhxh_code"][:9]):
            began = time.monotonic()
            call.key(key)
            took.append(time.monotonic() - began)
        call.hang_up()
        call.close()
    note(f"a turn: median {statistics.median(took):.3f} s, p95 {sorted(took)[int(0.95 * len(took))]:.3f} s")
    assert sorted(took)[int(0.95 * len(took))] < P95_S
