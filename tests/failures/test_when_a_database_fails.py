"""A store that is locked or gone while its program runs: nothing is half done, and it goes on when the store is back."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.failures.go_between import PATIENCE_S, GoBetween
from tests.failures.outages import ends_well_whatever_is_heard, is_told_and_goes_on, slow_but, submits
from tests.failures.person import EMAIL, MOMENTS, OTP, Moment, Person
from tests.failures.ways_to_fail import answers_late
from tests.programs import Programs

Somebody = Callable[..., Person]
Fault = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold the database's write lock, as a stuck backup or a second program does."""
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def gone(database: Path) -> Iterator[None]:
    """Take the database's files away and bring them back."""
    aside = database.parent / "aside"
    aside.mkdir()
    for file in database.parent.glob(f"{database.name}*"):
        file.rename(aside / file.name)
    try:
        yield
    finally:
        for file in database.parent.glob(f"{database.name}*"):
            file.unlink()
        for file in aside.iterdir():
            file.rename(database.parent / file.name)
        aside.rmdir()


@contextmanager
def replaced(database: Path) -> Iterator[None]:
    """Put another file in the database's place, as somebody who restores a backup under a running program."""
    with gone(database):
        sqlite3.connect(database).close()
        database.touch()
        yield


@pytest.mark.parametrize("moment", slow_but(MOMENTS, EMAIL), ids=str)
@pytest.mark.parametrize("fault", slow_but([locked, gone, replaced], locked), ids=lambda fault: fault.__name__)
def test_the_backend_without_its_database_says_so(programs: Programs, somebody: Somebody, fault: Fault, moment: Moment) -> None:
    is_told_and_goes_on(somebody(moment.lang), moment, fault(programs.var / "backend.db"), late=fault is locked)


@pytest.mark.parametrize("moment", slow_but(MOMENTS, EMAIL), ids=str)
@pytest.mark.parametrize("fault", slow_but([locked, gone], gone), ids=lambda fault: fault.__name__)
def test_the_dialogue_without_its_store_says_so(programs: Programs, somebody: Somebody, fault: Fault, moment: Moment) -> None:
    """A turn that cannot be remembered is not begun."""
    is_told_and_goes_on(somebody(moment.lang), moment, fault(programs.var / "tracker.db"))


@pytest.mark.parametrize("fault", slow_but([locked, gone], gone), ids=lambda fault: fault.__name__)
def test_a_message_the_chat_cannot_keep_is_refused(programs: Programs, somebody: Somebody, fault: Fault) -> None:
    """503 with Retry-After, as the contract says: the page shows it and the person sends it again."""
    person = somebody()
    person.comes_to(EMAIL)
    with fault(programs.var / "chat.db"):
        answer = person.chat.post(text=person.account["email"])
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["error"]["code"] == "unavailable"
    assert person.mails()["codes"] == 0
    ends_well_whatever_is_heard(person, person.hears("$email"))


def test_an_answer_the_chat_cannot_keep_is_shown_later(programs: Programs, somebody: Somebody, before_actions: GoBetween) -> None:
    """The reset is done and its answer on the way when the chat's store goes: the person still hears of it, and the truth."""
    person = somebody("en")
    person.comes_to(OTP)
    with ExitStack() as store, before_actions.failing(answers_late, when=submits) as held:
        assert person.chat.post(text=programs.otp(person.account["email"])).status_code == 202
        assert held.wait(PATIENCE_S)
        store.enter_context(gone(programs.var / "chat.db"))
        before_actions.release()
        wait_for_line(programs, "the chat's store is away")
        store.close()
        assert person.names(person.chat.wait()) == ["utter_forgot_password_done"]
    ends_well_whatever_is_heard(person, ["utter_forgot_password_done"])


def wait_for_line(programs: Programs, line: str) -> None:
    """Wait until Rasa has logged something that it is bound to log."""
    started = time.monotonic()
    while line not in programs.log("rasa"):
        assert time.monotonic() - started < PATIENCE_S, f"Rasa never logged {line!r}"
        time.sleep(0.05)
