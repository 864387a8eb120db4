"""What the lists hold: official channels, reported frauds, private sites; read once, each row with source and date."""

from dataclasses import dataclass
from functools import cache

from backend import knowledge

PAGE_KINDS = ("facebook", "zalo", "youtube")


@dataclass(frozen=True)
class Row:
    """One row of a list, as it may be said to people.

    `what` says what it is for, or what was reported of it; `offered` is false for what is official but old or not meant
    for people; `evidence` is false for a prefix that millions of others share.
    """

    list: str
    kind: str
    value: str
    normalised: str
    owner: str
    what: str
    source: str
    as_of: str
    offered: bool = False
    evidence: bool = True


@dataclass(frozen=True)
class Facts:
    """All rows, ready to be looked up by their normalised value."""

    official: tuple[Row, ...]
    reported: tuple[Row, ...]
    private: tuple[Row, ...]
    former_numbers: dict[str, Row]
    official_numbers: dict[str, Row]

    def official_of(self, *kinds: str) -> tuple[Row, ...]:
        """The official rows of those kinds."""
        return tuple(row for row in self.official if row.kind in kinds)

    def reported_of(self, *kinds: str) -> tuple[Row, ...]:
        """The reported rows of those kinds that name something that can be compared."""
        return tuple(row for row in self.reported if row.kind in kinds and row.normalised)


@cache
def facts() -> Facts:
    """The lists of `knowledge/`; raises BadConfiguration when one cannot be read."""
    offices = knowledge.rows("offices")
    phones = [(phone, row) for row in offices for phone in knowledge.several(row["phone"])]
    current = tuple(_of_office(phone, row) for phone, row in phones if row["status"] == "current")
    listed = tuple(
        Row(
            list="official",
            kind=row["kind"],
            value=row["value"],
            normalised=row["normalised_value"],
            owner=row["owner"],
            what=row["purpose"],
            source=row["source"],
            as_of=row["as_of"],
            offered=row["offered"] == "yes",
        )
        for row in knowledge.rows("official_channels")
    )
    known = {row.normalised for row in listed}
    official = listed + tuple(row for row in current if row.normalised not in known)
    return Facts(
        official=official,
        official_numbers={row.normalised: row for row in official if row.kind in ("phone", "office phone")},
        reported=tuple(_reported(row) for row in knowledge.rows("reported_frauds")),
        private=tuple(_private(row) for row in knowledge.rows("private_sites")),
        # A closed office's number may belong to anybody now.
        former_numbers={phone: _of_office(phone, row) for phone, row in phones if row["status"] != "current"},
    )


def _of_office(phone: str, row: dict[str, str]) -> Row:
    return Row(
        list="official",
        kind="office phone",
        value=phone,
        normalised=phone,
        owner=row["unit"],
        what="Điện thoại của cơ quan",
        source=row["source"],
        as_of=row["as_of"],
        offered=row["status"] == "current",
    )


def _reported(row: dict[str, str]) -> Row:
    return Row(
        list="reported",
        kind=row["kind"],
        value=row["value"],
        normalised=row["normalised_value"],
        owner="",
        what=row["reported"],
        source=row["source"],
        as_of=row["as_of"],
        evidence=row["evidence"] == "yes",
    )


def _private(row: dict[str, str]) -> Row:
    return Row("private", "website", row["host"], row["host"], "", row["what"], row["source"], row["as_of"])
