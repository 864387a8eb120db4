"""The spellings of every province, from `knowledge/provinces.csv`: exact keys, near keys, and short forms that need a context."""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Dict, FrozenSet, List, Tuple

from assistant.nlu.folding import fold

_PART = re.compile(r"[^\W\d_]+")
TABLE = Path("knowledge/provinces.csv")
_SAID = {"Hồ Chí Minh": "TP. Hồ Chí Minh"}
"""How a province is called where its bare name would also be a person's."""
OLDER_NAMES = {"thuathienhue": "Thừa Thiên Huế", "tthue": "Thừa Thiên Huế", "tth": "Thừa Thiên Huế",
    "thienhue": "Thừa Thiên Huế", "hatay": "Hà Tây", "minhhai": "Minh Hải",
              "songbe": "Sông Bé", "hasonbinh": "Hà Sơn Bình", "hanamninh": "Hà Nam Ninh", "nghetinh": "Nghệ Tĩnh",
              "cuulong": "Cửu Long",
              "vinhphu": "Vĩnh Phú", "habac": "Hà Bắc", "haihung": "Hải Hưng", "hoanglienson": "Hoàng Liên Sơn"}  # fmt: skip
"""Provinces that were merged before the table begins, or whose older name people still say: what was said stays."""
_RARE = frozenset("minhhai songbe cuulong habac vinhphu".split())
_NICKNAMES = {
    "sài thành": "Hồ Chí Minh", "thành phố mang tên bác": "Hồ Chí Minh", "hà thành": "Hà Nội", "đất cảng": "Hải Phòng",
    "thành phố hoa phượng đỏ": "Hải Phòng",
    "xứ thanh": "Thanh Hóa", "xứ nghệ": "Nghệ An", "xứ huế": "Huế", "cố đô huế": "Huế", "xứ lạng": "Lạng Sơn",
    "xứ dừa": "Bến Tre", "đất mũi": "Cà Mau",
    "tây đô": "Cần Thơ", "đất mỏ": "Quảng Ninh", "đất sen hồng": "Đồng Tháp", "đất võ": "Bình Định", "tp hcm": "Hồ Chí Minh",
    "tp.hcm": "Hồ Chí Minh",
    "sgon": "Hồ Chí Minh", "sài gòn": "Hồ Chí Minh", "sài gềnh": "Hồ Chí Minh", "hà lội": "Hà Nội", "hanoi": "Hà Nội",
    "hnoi": "Hà Nội",
    "tphcm": "Hồ Chí Minh", "tp ho chi minh": "Hồ Chí Minh", "đăk lăk": "Đắk Lắk", "daclac": "Đắk Lắk", "gia lay": "Gia Lai",
    "br vt": "Bà Rịa - Vũng Tàu",
}  # fmt: skip
_SHORT = {"hn": "Hà Nội", "đn": "Đà Nẵng", "bd": "Bình Dương", "bđ": "Bình Định", "đl": "Đắk Lắk", "bn": "Bắc Ninh",
    "bg": "Bắc Giang",
          "qb": "Quảng Bình", "vt": "Bà Rịa - Vũng Tàu", "đt": "Đồng Tháp", "ddn": "Đà Nẵng", "nb": "Ninh Bình"}  # fmt: skip
"""Short forms beside the table's; where two provinces share one, the one that more people live in."""
_NEVER_SHORT = frozenset("la na th kh".split())
"""Short forms of the table that are among the commonest words of a sentence."""
DISTRICTS = frozenset(
    """binhthanh binhtan binhchanh tanbinh tanphu phunhuan longthanh longdien longbien dongda dongxoai donghoi dongha
    dongtrieu haihau haian
    haichau haba thanhtri thanhha thanhxuan thanhba namdan namtu namsach quangyen quangdien quangxuong caolanh caoloc
    tienlang tiendu tienyen
    tayho tayson bacha bactuliem namtuliem laivung hoabac hoavang phutan phuloc phuninh phutho phuly phumy vinhyen vinhhung
    vinhchau
    donganh dongson dongphu binhminh binhlong binhson binhluc binhgiang kienxuong kienan tanan anbien angiang hungha
    hungnguyen hanoi yenbinh yenbai sonlam
    longkhanh longxuyen longho bencat benluc bencau canduoc canhgio cangio cangiuoc langchanh langgiang hatien hatrung hahoa
    tramvinh travinh baclieu""".split()
)
"""Districts and towns whose names are a letter away from a province's."""
_ALSO_WORDS = frozenset("hue hoabinh thanhhoa hanam sonla habac gialai".split())
"""Names that are also words or people's names when their accents are left out."""


@dataclass(frozen=True)
class Spelling:
    """One spelling of a province: its proper `name`, and the accented words it is spelled with (empty: an alias without any)."""

    name: str
    accented: Tuple[str, ...]
    also_a_word: bool = False
    as_written: bool = False
    """Counts only with all its accents."""


@dataclass(frozen=True)
class Table:
    """Keys are folded and joined: `exact` to a spelling, `near` (a letter left out) to the keys it may stand for."""

    exact: Dict[str, Spelling]
    near: Dict[str, FrozenSet[str]]
    short: Dict[str, str]
    towns: FrozenSet[str]
    parts: FrozenSet[str]
    """Every word of a spelling, folded: a message's word that is none begins and ends no name."""


@lru_cache(maxsize=1)
def table() -> Table:
    """Read the table once."""
    exact: Dict[str, Spelling] = {}
    short: Dict[str, str] = {}
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    aliases: List[Tuple[str, str]] = [(spelling, row["old_name"]) for row in rows for spelling in row["aliases"].split("; ")]
    names = [(row["old_name"], row["old_name"]) for row in rows]
    for spelling, old_name in [*names, *_NICKNAMES.items(), *aliases]:
        key = joined(spelling)
        name = OLDER_NAMES.get(key) or _SAID.get(old_name, old_name)
        if key and key not in exact:
            accented = tuple(spelling.lower().replace("-", " ").replace("–", " ").replace(".", " ").split())
            has_accents = fold(spelling) != spelling.lower()
            exact[key] = Spelling(
                name,
                accented if has_accents else (),
                key in _ALSO_WORDS,
                spelling in _NICKNAMES and has_accents and spelling != "sài gòn",
            )
    for key, name in OLDER_NAMES.items():
        exact.setdefault(key, Spelling(name, tuple(name.lower().split()), key in _RARE))
    for row in rows:
        for form in filter(None, row["short_forms"].split("; ")):
            if form in _NEVER_SHORT:
                continue
            short[form] = _SAID.get(row["old_name"], row["old_name"])
    parts = {
        part
        for spelling in (*(one for one, _ in names), *_NICKNAMES, *(one for one, _ in aliases), *OLDER_NAMES.values())
        for part in _PART.findall(fold(spelling))
    }
    towns = frozenset(fold(town) for row in rows for town in filter(None, row["cities"].split("; ")))
    near: Dict[str, set] = {}
    for key, spelling in exact.items():
        if len(key) >= 6 and len(spelling.accented) == 2 and key not in OLDER_NAMES:
            for place in range(len(key)):
                near.setdefault(key[:place] + key[place + 1 :], set()).add(key)
    return Table(exact, {key: frozenset(keys) for key, keys in near.items()}, {**short, **_SHORT}, towns, frozenset(parts))


def joined(text: str) -> str:
    """Return the key of a spelling: folded, only its letters."""
    return "".join(char for char in fold(text) if char.isalnum())
