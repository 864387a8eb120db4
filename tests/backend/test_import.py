"""Accounts from a CSV file: every fault by line and column, never a value, and all or nothing."""

import tracemalloc
from pathlib import Path

import pytest
from backend_kit import LAN, World

from backend import accounts, importing
from backend.__main__ import main
from backend.account_columns import COLUMNS
from backend.citizens import citizen
from backend.csv_accounts import UnusableFile
from backend.importing import Findings
from backend.settings import DEMO_SECRETS, Settings

HEADER = ",".join(COLUMNS)
GOOD = {
    "bhxh_code": "0123456789",
    "full_name": "Phan Thị Ánh",
    "dob": "1990-05-14",
    "personal_id": "001190000007",
    "phone": "0912 345 678",
    "email": "Anh.Phan@Example.com",
    "province": "01",
    "status": "active",
}


def line(**changes: str) -> str:
    """One line of a file, good but for the changes."""
    return ",".join({**GOOD, **changes}.values())


def numbered(count: int, first: int = 0) -> list[str]:
    """Good lines, all different."""
    return [
        line(bhxh_code=f"01{number:08d}", personal_id=f"00119{number:07d}", email=f"a{number}@example.com")
        for number in range(first, first + count)
    ]


def written(tmp_path: Path, *lines: str | bytes, header: str = HEADER) -> Path:
    """The file with that header and those lines."""
    path = tmp_path / "accounts.csv"
    path.write_bytes(b"\n".join(one if isinstance(one, bytes) else one.encode() for one in (header, *lines)) + b"\n")
    return path


def look(world: World, path: Path) -> Findings:
    return importing.look_through(world.core, path, lambda _: None)


def faults(world: World, path: Path) -> list[str]:
    return [str(one) for one in look(world, path).first]


def test_a_good_file_is_on_file_as_any_account(either: World, tmp_path: Path) -> None:
    path = written(
        tmp_path, line(), line(bhxh_code="79 00 00 00 77", dob="1961", personal_id="", phone="", email="", province="")
    )
    findings = look(either, path)
    assert (findings.good, findings.first) == (2, [])
    assert importing.write(either.core, path, findings, lambda _: None) == 2
    with either.core.database.read() as conn:
        full = accounts.find(either.core, conn, "001190000007")
        bare = accounts.find(either.core, conn, "7900000077")
    assert full is not None and bare is not None and full.active
    expected = ("0123456789", "Phan Thị Ánh", "1990-05-14", "001190000007", "+84912345678", "anh.phan@example.com", "01")
    assert tuple(vars(full.profile).values()) == expected
    assert bare.profile.dob == "1961" and bare.profile.phone is None and bare.profile.email is None


def test_an_imported_person_resets_the_password(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, line())
    importing.write(world.core, path, look(world, path), lambda _: None)
    assert world.reset(code="0123456789", email="anh.phan@example.com")


BAD = [
    ("bhxh_code", "123", "not a 10-digit insurance code"),
    ("bhxh_code", "001190000007", "not a 10-digit insurance code"),
    ("bhxh_code", "", "empty"),
    ("full_name", " ", "empty"),
    ("full_name", "x" * 101, "longer than 100 characters"),
    ("full_name", "7900000001", "not a name"),
    ("full_name", "Lan\x00", "an invisible character (like NUL or a line break)"),
    ("full_name", "La\u200bn", "an invisible character (like NUL or a line break)"),
    ("dob", "14/05/1990", "not a date like 1990-05-14, nor a year"),
    ("dob", "1990-02-30", "not a date like 1990-05-14, nor a year"),
    ("dob", "1890", "before 1900 or in the future"),
    ("dob", "2027-01-16", "before 1900 or in the future"),
    ("personal_id", "12345678901", "not 12 digits"),
    ("phone", "0281234567", "not a Vietnamese mobile number"),
    ("phone", "+1 212 555 0100", "not a Vietnamese mobile number"),
    ("phone", "0" * 2000, "too long"),
    ("email", "anh@", "not an email address"),
    ("email", "a@" + "b" * 60 + ".example.com" * 20, "not an email address"),
    ("province", "HCM", "not a province's two digits"),
    ("status", "", "empty"),
    ("status", "gone", "not one of active, waiting, locked"),
]


@pytest.mark.parametrize(("column", "value", "why"), BAD)
def test_a_bad_value_is_told_by_line_and_column(world: World, tmp_path: Path, column: str, value: str, why: str) -> None:
    assert faults(world, written(tmp_path, *numbered(3), line(**{column: value}))) == [f"line 5, column {column}: {why}"]


def test_the_day_of_a_birth_is_vietnams(world: World, tmp_path: Path) -> None:
    world.clock.moment = 1_800_000_000 - 1_800_000_000 % 86_400 + 17 * 3600  # midnight there, 17:00 here
    assert faults(world, written(tmp_path, line(dob="2027-01-16"))) == []


def test_every_fault_is_told_in_the_order_of_the_lines(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, line(phone="1", email="x"), *numbered(2), line(dob="x", bhxh_code="0100000001"), line())
    assert faults(world, path) == [
        "line 2, column phone: not a Vietnamese mobile number",
        "line 2, column email: not an email address",
        "line 5, column dob: not a date like 1990-05-14, nor a year",
    ]
    assert (look(world, path).good, look(world, path).bad) == (3, {2, 5})


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (line() + ",more", "line 3: it has 9 columns, the header has 8"),
        ('0123456789,"Lan', "line 3: its quotes are not those of a CSV file, or do not end"),
        (line(full_name="XX").encode().replace(b"XX", b"\xd0\xe0o"), "line 3, column full_name: not UTF-8"),
    ],
)
def test_a_broken_line_takes_no_other_with_it(world: World, tmp_path: Path, bad: str | bytes, why: str) -> None:
    path = written(tmp_path, *numbered(1), bad, *numbered(2, first=1))
    assert faults(world, path) == [why]
    assert look(world, path).good == 3


def test_what_spreadsheets_write_is_read(world: World, tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    turned = ",".join(f'"{value}"' for value in reversed(GOOD.values()))
    path.write_bytes(("\ufeff" + ",".join(reversed(COLUMNS)).upper() + "\r\n" + turned + "\r\n\r\n").encode())
    assert faults(world, path) == [] and look(world, path).good == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the file is empty"),
        (HEADER.encode("utf-16"), "UTF-16"),
        (HEADER.replace(",phone", "").encode(), "line 1: the header lacks phone"),
        ((HEADER + ",note").encode(), "line 1: the header has unknown or repeated"),
        ((HEADER + ",phone").encode(), "line 1: the header has unknown or repeated"),
        (HEADER.encode() + b"\n" + b"x" * 9000, "line 2: longer than 8192 bytes"),
        (b"\x89PNG\r\n\x1a\n", "line 1: the header lacks bhxh_code"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_line(world: World, tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "accounts.csv"
    path.write_bytes(content)
    with pytest.raises(UnusableFile) as refused:
        look(world, path)
    assert why in str(refused.value) and "\n" not in str(refused.value)


def test_repeated_codes_and_people_on_file_are_told(either: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    good = numbered(4)
    path = written(
        tmp_path,
        *good,
        line(bhxh_code="0100000001", personal_id=""),
        line(bhxh_code=LAN[0]),
        line(bhxh_code="0100000099", personal_id="001190000000"),
        line(bhxh_code="0100000098", personal_id="079190000001"),
    )
    assert faults(either, path) == [
        "line 6, column bhxh_code: the same as in line 3",
        "line 7, column bhxh_code: on file already",
        "line 8, column personal_id: the same as in line 2",
        "line 9, column personal_id: on file already",
    ]
    findings = look(either, path)
    assert findings.good == 4 and importing.write(either.core, path, findings, lambda _: None) == 4


def test_who_comes_on_file_between_looking_and_writing_stops_all_of_it(either: World, tmp_path: Path) -> None:
    path = written(tmp_path, *numbered(3))
    findings = look(either, path)
    either.account(bhxh_code="0100000002")
    with pytest.raises(UnusableFile, match="nothing was written"):
        importing.write(either.core, path, findings, lambda _: None)
    assert either.rows("SELECT count(*) FROM accounts")[0][0] == 2


@pytest.mark.parametrize("change", [numbered(2), numbered(4), [*numbered(2), line(phone="1")]])
def test_a_file_that_changes_between_looking_and_writing_is_not_written(world: World, tmp_path: Path, change: list[str]) -> None:
    findings = look(world, written(tmp_path, *numbered(3)))
    with pytest.raises(UnusableFile, match="changed meanwhile"):
        importing.write(world.core, written(tmp_path, *change), findings, lambda _: None)
    assert world.rows("SELECT count(*) FROM accounts")[0][0] == 1


def test_faults_are_told_up_to_a_bound_and_counted_beyond_it(world: World, tmp_path: Path) -> None:
    findings = look(world, written(tmp_path, *[line(phone="1")] * 150))
    assert (len(findings.first), findings.faults) == (100, 150)


@pytest.mark.prove
def test_a_long_file_is_not_held_in_memory(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is read takes about 800 bytes; what is kept of it under 100."""
    monkeypatch.setattr(importing, "BATCH", 50)
    look(world, written(tmp_path, *numbered(100)))  # whatever is made once
    peaks = []
    for count in (300, 3_000):
        path = written(tmp_path, *numbered(count))
        tracemalloc.start()
        assert look(world, path).good == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 2_700 * 300


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A migrated database of the command's own."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in {"DEMO": "1", "VAR": str(tmp_path), **DEMO_SECRETS}.items():
        monkeypatch.setenv(name, value)
    assert main(["migrate"]) == 0
    return tmp_path


def test_the_command_writes_nothing_when_a_line_is_bad(command: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(command, *numbered(2), line(phone="7900000001", email="not lan"))
    assert main(["import", str(path)]) == 1
    told = capsys.readouterr()
    assert told.err.splitlines() == [
        "line 4, column phone: not a Vietnamese mobile number",
        "line 4, column email: not an email address",
        "backend: 2 lines are good, 1 are bad; nothing was written. Mend them, or leave them out with --skip-bad.",
    ]
    assert main(["import", "--skip-bad", str(path)]) == 0
    told = capsys.readouterr()
    assert told.out == "2 lines are good, 1 are bad; 2 accounts were written.\n"
    for value in ("7900000001", "not lan", "Phan"):
        assert value not in told.err + told.out


def test_seeded_people_could_have_come_from_a_file(world: World, tmp_path: Path) -> None:
    made = [citizen(5, number) for number in range(300)]
    lines = [",".join([*(value or "" for value in vars(one).values()), status]) for one, status in made]
    assert faults(world, written(tmp_path, *lines)) == []
