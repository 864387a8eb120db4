"""Accent folding: one spelling for `mật khẩu`, `mat khau`, `MẬT KHẨU` and their decomposed forms."""

import unicodedata


def fold(text: str) -> str:
    """Return `text` in lower case without Vietnamese accents; `đ` becomes `d`.

    Composed (NFC) and decomposed (NFD) input fold to the same string.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def compose(text: str) -> str:
    """Return `text` as NFC: some keyboards send accents as separate marks, which cuts words apart."""
    return unicodedata.normalize("NFC", text)


def fold_in_place(text: str) -> str:
    """Fold character by character, so that offsets into the result are offsets into `text` (which is NFC)."""
    return "".join((fold(char) or char)[0] for char in text)
