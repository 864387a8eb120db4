"""Whether what somebody says of a person is what stands on file: accents, order of a date and new provinces aside."""

import unicodedata


def bare(text: str) -> str:
    """Lower case without accents and with single spaces: how people type a name."""
    split = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(letter for letter in split if not unicodedata.combining(letter)).split())


def same_name(on_file: str, said: str) -> bool:
    """Whether the names agree but for accents, capitals and spaces."""
    return bare(on_file) == bare(said)


def same_birth(on_file: str | None, said: str) -> bool:
    """Whether the ISO dates agree as far as both go: a year alone is normal on file and in speech."""
    if on_file is None:
        return False
    length = min(len(on_file), len(said))
    return on_file[:length] == said[:length]


def same_province(on_file: str | None, said: str) -> bool:
    """Whether both are the same province."""
    return on_file is not None and bare(on_file) == bare(said)
