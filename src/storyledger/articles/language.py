"""The language of a text: by py3langid, checked against what the page states.

Invariant: what the page states gives the region ("en-GB") and decides short texts; the text decides where
the two differ. This module must not know markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

ENOUGH_CHARS = 200  # shorter texts are told wrongly too often
FIRST_CHARS, READ_CHARS = 400, 3000  # all is read only where the first of it leaves a doubt
SURE, VERY_SURE = 0.9, 0.999


@cache
def _load() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def tell_language(paragraphs: Sequence[str], stated: str | None) -> str | None:
    """Return the language of the paragraphs as a BCP 47 tag, with the region where the page states it."""
    text = " ".join(paragraphs)[:READ_CHARS]
    if len(text) < ENOUGH_CHARS:
        return stated
    found, sure = _load().classify(text[:FIRST_CHARS])
    if sure < VERY_SURE and len(text) > FIRST_CHARS:
        found, sure = _load().classify(text)
    if stated is not None and (sure < SURE or stated.lower().split("-")[0] == found):
        return stated
    return str(found) if sure >= SURE else stated
