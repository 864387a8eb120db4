"""Numbers of cases that people write down and read out: applications, requests, complaints, reports."""

from typing import Literal

from backend.randomness import Randomness

Prefix = Literal["HS", "DN", "KN", "PA"]
"""Hồ sơ (application), đề nghị (change request), khiếu nại (complaint), phản ánh (report of fraud)."""
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"  # without what is mixed up on paper or by ear: 0 O, 1 I L, 5 S, 2 Z, 8 B, U V


def case_number(prefix: Prefix, randomness: Randomness) -> str:
    """`HS-7K3MQ-9XA4D`: 45 random bits, so that among millions no two are alike.

    Five at a time, so that it holds no run of six digits: an OTP is the only one in any message.
    """
    made = "".join(ALPHABET[randomness.below(len(ALPHABET))] for _ in range(10))
    return f"{prefix}-{made[:5]}-{made[5:]}"


def folded(typed: str) -> str:
    """A number as somebody typed it, in its stored form; an unknown one stays unknown."""
    bare = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    return f"{bare[:2]}-{bare[2:7]}-{bare[7:]}"
