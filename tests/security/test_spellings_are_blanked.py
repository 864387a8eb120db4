"""What a store writes of a message: every spelling of every value, beside a sentence of every topic, at every place in it."""

import pytest

from assistant.privacy import blank
from tests.security.canaries import PERSONAL, Canary
from tests.security.leak_search import leaks
from tests.security.product_topics import examples

SENTENCES = [lines[0] for lines in examples().values()]


def beside(sentence: str, value: str) -> list[str]:
    """Return the value before, within and after a sentence, with and without space."""
    words = sentence.split()
    middle = len(words) // 2
    within = " ".join([*words[:middle], value, *words[middle:]])
    return [f"{value} {sentence}", within, f"{sentence}, {value}", f"{sentence}({value})", f"{value}\n{sentence}"]


@pytest.mark.parametrize("canary", PERSONAL, ids=lambda canary: canary.kind)
def test_a_value_is_blanked_wherever_it_stands(canary: Canary) -> None:
    written = [blank(message) for spelling in canary.typed for sentence in SENTENCES for message in beside(sentence, spelling)]
    assert leaks(PERSONAL, {"what is written": "\n".join(written).encode()}) == []
