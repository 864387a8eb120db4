"""What people leave out when they type: abbreviations, teencode, and words of everyday English (`abbreviations.csv`)."""

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import Dict, Pattern, Tuple

TABLE = Path(__file__).with_name("abbreviations.csv")


@lru_cache(maxsize=1)
def meanings() -> Dict[str, str]:
    """Return what each written form means; forms that mean several things are not in the table."""
    with TABLE.open(encoding="utf-8", newline="") as rows:
        return {row["written"]: row["meant"] for row in csv.DictReader(rows)}


def expand(text: str) -> str:
    """Return a tidied (lower-case, NFC) text with its abbreviations written out; what it does not know stays."""
    pattern, table = _pattern()
    return pattern.sub(lambda match: table[match.group()], text)


@lru_cache(maxsize=1)
def _pattern() -> Tuple[Pattern[str], Dict[str, str]]:
    table = meanings()
    longest_first = sorted(table, key=len, reverse=True)
    return re.compile(rf"(?<![\w@.])(?:{'|'.join(map(re.escape, longest_first))})(?![\w@])"), table
