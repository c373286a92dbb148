"""One stemmer: the key under which the forms of a word meet when wordings are compared.

Porter's English stemmer, second version, as the Snowball project keeps it; irregular forms (``stems.toml``) are brought
to their base form first. A stem is a key for comparing, never a word to show. Where a reading is at hand, its lemmas
say more.
Source: Porter 1980, 2001.
"""

from __future__ import annotations

from functools import cache

import snowballstemmer

from storyledger.caching import keep_answers
from storyledger.language.lexicon import load_table
from storyledger.language.words import WORD, stop_words

KEPT = 65_536  # forms whose stem is kept: the vocabulary of some thousand articles


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@cache
def _irregular() -> dict[str, str]:
    rows = load_table(__package__, "stems.toml")["irregular"]
    return {form: base for base, forms in rows.items() for form in forms.split()}


@keep_answers(KEPT)
def stem_word(word: str) -> str:
    """Return the stem of ``word``, whatever its case; numbers and words of other letters come back in lower case."""
    lower = word.lower().replace("’", "'")
    stem: str = _stemmer().stemWord(_irregular().get(lower, lower))
    return stem


@keep_answers(KEPT)
def content_stems(text: str) -> frozenset[str]:
    """Return the stems of the words of ``text`` that are no stop words; numbers as they are written."""
    words = set(WORD.findall(text.lower().replace("’", "'"))) - stop_words()
    return frozenset(map(stem_word, words))
