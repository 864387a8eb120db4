"""Every attack of the catalogue has a test, every test a mutant that it must notice, and the table says so."""

from tests.security.attack_table import TABLE, attacks, mutants, table

CONSOLE = {f"T{number}" for number in range(56, 61)}


def test_every_attack_has_a_test_and_a_mutant() -> None:
    catalogue = {f"T{number:02d}" for number in range(1, 65)} - CONSOLE
    assert {one for one, _, _ in attacks()} == catalogue
    assert set(mutants()) == catalogue


def test_the_table_is_current() -> None:
    assert TABLE.read_text(encoding="utf-8") == table(), "run: python -m tests.security.attack_table"
