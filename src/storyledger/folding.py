"""Text folded for comparing: lower case, without accents and typographic marks.

Invariant: a pure function of the text. This module must not know what the text names.
"""

from __future__ import annotations

import unicodedata

from storyledger.caching import keep_answers

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss"})
_MARKS = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "\u00a0": " "}
)


@keep_answers(65_536)
def fold_text(text: str) -> str:
    """Return ``text`` in lower case without accents, typographic marks and double blanks."""
    if text.isascii():
        return " ".join(text.replace("`", "'").lower().split())
    plain = unicodedata.normalize("NFKD", text.translate(_MARKS).casefold())
    # Once more: a mathematical capital is one only when it is taken apart.
    plain = unicodedata.normalize("NFKD", plain.translate(_MARKS).casefold().translate(_LETTERS))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
