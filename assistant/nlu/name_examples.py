"""Annotated sentences once more, as other people would write them: other names, no accents, no capitals, only the value."""

import random
from typing import Iterator, List, Sequence, Tuple

from assistant.nlu.folding import fold_in_place
from assistant.nlu.given_names import GIVEN
from assistant.nlu.surnames import ACCENTED_SURNAMES, COMMON

Example = Tuple[str, List[Tuple[int, int]]]
"""A text and the spans of the names in it."""

_SEED = 20261122
_MIDDLE = "thị văn đức minh thanh ngọc hữu quốc thu kim hồng xuân gia bảo đình phương mai bá như khánh bích công diễm mỹ trọng tấn".split()
_TALE = 160
"""Characters from which a text tells a story: its variants would teach little and cost much."""


def varied(examples: Sequence[Example]) -> Iterator[Example]:
    """Yield every example, and for those with a name variants of it; the same ones at every call."""
    chance = random.Random(_SEED)
    given = sorted(GIVEN)
    surnames = sorted(ACCENTED_SURNAMES)
    for text, spans in examples:
        yield text, spans
        if not spans or len(text) > _TALE:
            continue
        yield _renamed(text, spans, chance, surnames, given)
        folded = fold_in_place(text)
        yield (folded if chance.random() < 0.5 else folded.title()), spans
        start, end = spans[0]
        if len(spans) == 1:
            yield text[start:], [(0, end - start)]


def _renamed(
    text: str, spans: List[Tuple[int, int]], chance: random.Random, surnames: Sequence[str], given: Sequence[str]
) -> Example:
    """Return the example with each Vietnamese name replaced, in the writing of the old one."""
    result, done, renamed = "", 0, []
    for start, end in sorted(spans):
        old = text[start:end]
        name = old
        if fold_in_place(old).split()[0] in COMMON:
            words = [chance.choice(surnames)]
            if chance.random() < 0.7:
                words.append(chance.choice(_MIDDLE))
            words += chance.sample(given, 2 if chance.random() < 0.35 else 1)
            name = " ".join(words)
            name = name.upper() if old.isupper() else name if old.islower() else name.title()
            name = name if fold_in_place(old) != old.lower() else _folded(name)
        result += text[done:start]
        renamed.append((len(result), len(result) + len(name)))
        result += name
        done = end
    return result + text[done:], renamed


def _folded(name: str) -> str:
    folded = fold_in_place(name)
    return "".join(char.upper() if written.isupper() else char for char, written in zip(folded, name))
