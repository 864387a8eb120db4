"""A document that quotes what a program wrote: between two marks, which stay."""

import re
from collections.abc import Mapping


class NoPlace(ValueError):
    """The document has no pair of marks of that name."""


def with_quotes(document: str, quoted: Mapping[str, str]) -> str:
    """Return the document with each text between `<!-- name -->` and `<!-- /name -->`; raises NoPlace."""
    for name, text in quoted.items():
        place = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- /{re.escape(name)} -->)", re.DOTALL)
        if not place.search(document):
            raise NoPlace(name)
        document = place.sub(lambda marks, text=text: f"{marks[1]}\n{text}\n\n{marks[2]}", document)  # type: ignore[misc]
    return document
