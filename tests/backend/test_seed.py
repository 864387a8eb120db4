"""Invented people in any number."""

import io
import itertools
import re

import pytest
from backend_kit import World
from sqlalchemy import event

from backend import accounts, citizens, seeding
from backend.accounts import Profile
from backend.citizens import MOST, citizen
from backend.identifiers import email_address, insurance_code, mobile_number
from backend.progress import Progress


def people(world: World, count: int, series: int = 0) -> list[Profile]:
    """The seeded people as the services read them."""
    with world.core.database.read() as conn:
        codes = [citizen(series, number)[0].bhxh_code for number in range(count)]
        found = [accounts.find(world.core, conn, code) for code in codes]
    return [account.profile for account in found if account is not None]


def test_a_number_of_a_series_is_always_the_same_person() -> None:
    assert [citizen(7, number) for number in range(50)] == [citizen(7, number) for number in range(50)]
    assert citizen(7, 1) != citizen(8, 1)


def test_no_two_share_a_code_or_a_personal_number_anywhere_in_the_series() -> None:
    # The first ones, and neighbours of every million, where the numbers' pieces come round again.
    numbers = [*range(20_000), *(high * 10**6 + low for high in range(1, 100) for low in (0, 1, 999_999))]
    made = [citizen(0, number)[0] for number in numbers]
    codes = [one.bhxh_code for one in made]
    personal = [one.personal_id for one in made if one.personal_id]
    assert len(set(codes)) == len(codes) and len(set(personal)) == len(personal)
    assert len({number * citizens.STRIDE % MOST // 10**6 for number in numbers}) == 100


def test_each_is_what_the_services_take() -> None:
    for number in range(3_000):
        one, status = citizen(1, number)
        assert insurance_code(one.bhxh_code) == one.bhxh_code and len(one.bhxh_code) == 10
        assert one.phone is None or (mobile_number(one.phone) == one.phone and one.phone.startswith("+84900"))
        assert one.email is None or (email_address(one.email) == one.email and one.email.endswith("@example.com"))
        assert one.personal_id is None or re.fullmatch("[0-9]{12}", one.personal_id)
        assert one.full_name == one.full_name.strip() and status in ("active", "waiting", "locked")
        if one.personal_id and one.dob:
            assert one.personal_id[4:6] == one.dob[2:4] and int(one.personal_id[3]) // 2 == (int(one.dob[:4]) - 1900) // 100


def test_there_are_names_and_gaps_of_all_kinds() -> None:
    made = [citizen(0, number) for number in range(3_000)]
    names = {len(one.full_name.split()) for one, _ in made}
    assert names >= {2, 3, 4, 5} and any("'" in one.full_name for one, _ in made)
    for column in ("email", "phone", "personal_id"):
        assert 0 < sum(getattr(one, column) is None for one, _ in made) < 1_000
    assert {status for _, status in made} == {"active", "waiting", "locked"}
    assert any(len(one.dob or "") == 4 for one, _ in made)


def test_seeded_people_are_on_file_as_any_other(either: World) -> None:
    assert seeding.seed(either.core, 40, 0, lambda _: None) == 40
    assert people(either, 40) == [citizen(0, number)[0] for number in range(40)]
    hashes = either.rows("SELECT password_sealed FROM accounts")
    assert len(set(hashes)) == len(hashes), "each hash is sealed for its row"
    with either.core.database.read() as conn:
        opened = {accounts.find(either.core, conn, citizen(0, number)[0].bhxh_code).password for number in range(40)}  # type: ignore[union-attr]
    assert len(opened) == 1


def test_a_seeded_person_resets_the_password(world: World) -> None:
    seeding.seed(world.core, 30, 0, lambda _: None)
    one = next(one for one, status in (citizen(0, number) for number in range(30)) if one.email and status == "active")
    assert world.reset(code=one.bhxh_code, email=str(one.email))


def test_repeating_adds_who_is_missing_only(either: World) -> None:
    assert seeding.seed(either.core, 10, 0, lambda _: None) == 10
    assert seeding.seed(either.core, 25, 0, lambda _: None) == 15
    assert seeding.seed(either.core, 25, 0, lambda _: None) == 0
    assert either.rows("SELECT count(*) FROM accounts")[0][0] == 26  # and Lan


def test_an_interrupted_seeding_leaves_whole_batches_and_is_taken_up_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeding, "BATCH", 10)
    statements = itertools.count()

    def breaks(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO accounts") and next(statements) == 2:
            raise RuntimeError

    engine = world.core.database.engine
    event.listen(engine, "after_cursor_execute", breaks)
    with pytest.raises(RuntimeError):
        seeding.seed(world.core, 40, 0, lambda _: None)
    event.remove(engine, "after_cursor_execute", breaks)
    assert world.rows("SELECT count(*) FROM accounts")[0][0] == 1 + 20
    assert seeding.seed(world.core, 40, 0, lambda _: None) == 20


def test_a_personal_number_that_somebody_has_is_not_given_again(world: World) -> None:
    mine = citizen(0, 0)[0]
    with world.core.writing() as unit:
        other = Profile("7912345678", "Ai", None, mine.personal_id, None, None, None)
        accounts.create(world.core, unit, other, "active", world.core.hasher.dummy)
    assert seeding.seed(world.core, 5, 0, lambda _: None) == 5
    assert people(world, 1)[0].personal_id is None


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (io.StringIO(), "people: 600 of 1,000 (60%), 100/s, 0:04 left\n"),
        (Terminal(), "\r\x1b[K[##################            ] people: 600 of 1,000 (60%), 100/s, 0:04 left"),
    ],
    ids=["a file", "a terminal"],
)
def test_progress_tells_rate_and_time_left(stream: io.StringIO, expected: str) -> None:
    moment = 0.0
    progress = Progress("people", 1_000, stream, lambda: moment)
    progress.advance(300)
    assert stream.getvalue() == "", "not at once"
    moment = 6.0
    progress.advance(300)
    assert stream.getvalue() == expected
