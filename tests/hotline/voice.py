"""The voice of the hotline in the tests: espeak-ng, in Vietnamese or English, as 8 kHz samples for the telephone."""

import subprocess
from array import array
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import accumulate, pairwise

from tests.hotline.alaw import RATE

WORDS_A_MINUTE = 160
"""Of sentences: about four Vietnamese syllables a second, which is calm speech. espeak-ng itself takes 175."""

DIGITS_WORDS_A_MINUTE = 130
"""Of digits that somebody writes down: 0.2 to 0.6 s each."""

AFTER_DIGIT_S = 0.25
AFTER_GROUP_S = 0.6
GROUP = 4
"""Digits that people keep in mind at once."""

AFTER_PIECE_S = 0.35
"""Between two things that are said, in seconds."""

_QUIET = 300
"""Samples below it are no speech: one hundredth of the loudest."""


def seconds(samples: array[int]) -> float:
    """Return how long samples last."""
    return len(samples) / RATE


def pause(seconds: float) -> array[int]:
    """Return silence."""
    return array("h", bytes(2 * int(seconds * RATE)))


@lru_cache(maxsize=1024)
def spoken(text: str, lang: str, words_a_minute: int = WORDS_A_MINUTE) -> array[int]:
    """Return a text as it is said, without silence around it. Do not change what comes back: it is kept.

    Raises FileNotFoundError without espeak-ng.
    """
    command = ["espeak-ng", "-v", "en" if lang == "en" else "vi", "-s", str(words_a_minute), "-z", "--stdin", "--stdout"]
    wav = subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout
    # The sizes in the header of a WAV to a pipe are not filled in, so `wave` does not read it.
    rate, body = int.from_bytes(wav[24:28], "little"), wav[wav.index(b"data") + 8 :]
    samples = array("h", body[: len(body) // 2 * 2])
    return _without_edges(_at_telephone_rate(samples, rate))


def spelled(digits: str, lang: str) -> array[int]:
    """Return digits one by one, with a pause after each and a longer one after four."""
    samples = array("h")
    for place, digit in enumerate(digits):
        if place:
            samples += pause(AFTER_GROUP_S if place % GROUP == 0 else AFTER_DIGIT_S)
        samples += spoken(digit, lang, DIGITS_WORDS_A_MINUTE)
    return samples


def rendered(say: Iterable[Mapping[str, str]], lang: str) -> array[int]:
    """Return everything that a turn says: `{"text": ...}` as a sentence, `{"spell": ...}` digit by digit."""
    samples = array("h")
    for piece in say:
        if samples:
            samples += pause(AFTER_PIECE_S)
        samples += spelled(piece["spell"], lang) if "spell" in piece else spoken(piece["text"], lang)
    return samples


def loudness(samples: array[int]) -> float:
    """Return the root of the mean square: 0 is silence, speech of espeak-ng lies between 2000 and 6000."""
    return float((sum(sample * sample for sample in samples) / len(samples)) ** 0.5) if samples else 0.0


def _at_telephone_rate(samples: array[int], rate: int) -> array[int]:
    """Return samples at 8 kHz, each the mean of the time it stands for, which also takes away what is too high for it."""
    sums = array("q", [0, *accumulate(samples)])
    edges = [min(len(samples), at * rate // RATE) for at in range(len(samples) * RATE // rate + 1)]
    return array("h", ((sums[to] - sums[since]) // (to - since) for since, to in pairwise(edges)))


def _without_edges(samples: array[int]) -> array[int]:
    loud = [place for place, sample in enumerate(samples) if abs(sample) > _QUIET]
    return samples[loud[0] : loud[-1] + 1] if loud else samples[:0]
