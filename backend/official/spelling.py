"""How alike two names look: letters of other scripts, digits for letters, letters swapped or dropped."""

from functools import cache

from backend.folding import without_accents

# Letters of other scripts that are drawn like a Latin one (a choice from Unicode's confusables.txt).
_DRAWN_ALIKE = {
    "a": "аαɑ",
    "b": "ьвβƅ",
    "c": "сϲᴄ",
    "d": "ԁɗ",
    "e": "еєεҽ",
    "g": "ɡԍց",
    "h": "һհн",
    "i": "іιıɩ",
    "j": "јϳ",
    "k": "кκ",
    "l": "ӏłⅼ",
    "m": "мⅿ",
    "n": "пոηռ",
    "o": "оοօσøо",
    "p": "рρ",
    "q": "ԛ",
    "r": "гʀ",
    "s": "ѕꜱ",
    "t": "тτ",
    "u": "υսц",
    "v": "ѵνᴠ",
    "w": "ԝωѡ",
    "x": "хχ",
    "y": "уγү",
    "z": "ᴢ",
}
_LATIN = str.maketrans({foreign: latin for latin, group in _DRAWN_ALIKE.items() for foreign in group})
# l and 1 are one shape with i, whichever was meant.
_SHAPES = str.maketrans("l1|0345789", "iiioeastbg")


def latin(text: str) -> str:
    """The text in Latin letters without accents, foreign letters replaced by those they look like."""
    return without_accents(text.lower().translate(_LATIN))


@cache
def skeleton(text: str) -> str:
    """What the eye keeps of a name: equal skeletons are names that are easily taken for each other."""
    return latin(text).translate(_SHAPES).replace("rn", "m").replace("vv", "w")


def distance(one: str, other: str) -> int:
    """Letters inserted, dropped, replaced or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, wanted in enumerate(other, start=1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, last = last, current
    return last[-1]


def nearest_part(text: str, name: str) -> int:
    """The distance of `name` from the part of `text` that is nearest to it."""
    last = list(range(len(name) + 1))
    best = last[-1]
    for letter in text:
        current = [0]
        for column, wanted in enumerate(name, start=1):
            current.append(min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != wanted)))
        last = current
        best = min(best, last[-1])
    return best
