"""Whether what somebody says of a person is what stands on file: accents, order of a date and new provinces aside."""

from functools import cache

from backend import knowledge
from backend.directory.book import book
from backend.folding import words


def same_name(on_file: str, said: str) -> bool:
    """Whether the names agree but for accents, capitals and spaces."""
    return words(on_file) == words(said)


def same_birth(on_file: str | None, said: str) -> bool:
    """Whether the ISO dates agree as far as both go: a year alone is normal on file and in speech."""
    if on_file is None:
        return False
    length = min(len(on_file), len(said))
    return on_file[:length] == said[:length]


def same_province(on_file: str | None, said: str) -> bool:
    """Whether both are the same province of today, by any old or new name; on file it may be the code on insurance cards."""
    return on_file is not None and bool(_units(on_file) & _units(said))


def province_name(on_file: str | None) -> str | None:
    """Name a province of a record, where it may be the code on insurance cards."""
    return _names_by_code().get(on_file.strip(), on_file) if on_file else None


def _units(text: str) -> set[str]:
    by_code = _names_by_code().get(text.strip())
    meant = book().provinces.meant(by_code or text)
    found = {province.name for province in (meant.province, *meant.candidates) if province}
    return found or {" ".join(words(text))}


@cache
def _names_by_code() -> dict[str, str]:
    return {row["bhxh_code"]: row["old_name"] for row in knowledge.rows("provinces")}
