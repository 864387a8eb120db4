"""Numbers that people are given for what they handed in, to be read out and typed again."""

from datetime import UTC, datetime

from backend.clock import VIETNAM
from backend.randomness import Randomness

# No 0 O, 1 I L, 5 S, 2 Z, 8 B, U V: what is mixed up on paper and on the telephone.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LETTERS = 6  # 23^6 = 148 million a day and prefix: guessing one in use is hopeless, two alike are made anew by the caller


def case_number(prefix: str, randomness: Randomness, now: int) -> str:
    """A number such as `PA-261122-7K3M9Q`: what it is, the date in Vietnam at `now` (seconds), six random letters."""
    day = datetime.fromtimestamp(now, UTC).astimezone(VIETNAM).strftime("%y%m%d")
    drawn = "".join(ALPHABET[randomness.below(len(ALPHABET))] for _ in range(LETTERS))
    return f"{prefix}-{day}-{drawn}"
