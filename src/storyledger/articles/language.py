"""The language of a text: by py3langid, checked against what the page states.

Invariant: what the page states gives the region ("en-GB") and decides short texts; the text decides where
the two differ. This module must not know markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

ENOUGH_CHARS = 200  # shorter texts are told wrongly too often
READ_CHARS = 3000
SURE = 0.9
# article set: so many of these words have 375 of the 383 texts that py3langid calls English, none of the others
_ENGLISH = frozenset(("the", "of", "and", "to", "in", "that"))
ENGLISH_SHARE, THE_SHARE, ENGLISH_CHARS = 0.1, 0.02, 1500


@cache
def _load() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def tell_language(paragraphs: Sequence[str], stated: str | None) -> str | None:
    """Return the language of the paragraphs as a BCP 47 tag, with the region where the page states it."""
    text = " ".join(paragraphs)[:READ_CHARS]
    if len(text) < ENOUGH_CHARS:
        return stated
    found, sure = ("en", 1.0) if _is_plain_english(text) else _load().classify(text)
    if stated is not None and (sure < SURE or stated.lower().split("-")[0] == found):
        return stated
    return str(found) if sure >= SURE else stated


def _is_plain_english(text: str) -> bool:
    """Return whether the commonest English words are as many as in English prose: told in a tenth of the time."""
    words = text[:ENGLISH_CHARS].lower().split()
    common = [word for word in words if word in _ENGLISH]
    return len(common) >= ENGLISH_SHARE * len(words) and common.count("the") >= THE_SHARE * len(words)
