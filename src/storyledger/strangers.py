"""Whether two pages tell of one story: by the rarer names that both write.

A rarer name is a capitalised word that its page never writes small and that is no word of the world's ("president",
"Iraqi"). Invariant: a pure function of the texts. This module must not know what is compared.
"""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from storyledger.caching import keep_answers
from storyledger.language import load_table

# Pages of one story share three and more in 97 of 100 pairs (29 invented piles), pages of Wikinews on related subjects
# in 8 of 100.
SHARED_NAMES = 3
PAGES_KEPT = 16_384
_CAPITALISED = re.compile(r"(?<![.!?”\"] )(?<!\n)\b[A-Z][\w’'-]{2,}")


@cache
def _world_words() -> frozenset[str]:
    listed = set(str(load_table(__package__, "strangers.toml")["words"]).split())
    for name in Locale("en").territories.values():
        listed.update(re.findall(r"[a-z]{3,}", name.lower()))
    return frozenset(listed)


@cache
def _world_stems() -> frozenset[str]:
    return frozenset(word[:5] for word in _world_words() if len(word) >= 5)


def is_world_word(word: str) -> bool:
    """Tell whether ``word`` (lower case) says little about which story a page tells ("iraq", "iraqi", "president")."""
    if word in _world_words():
        return True
    ending = word.endswith(("n", "i", "ese", "ns", "is", "ish"))
    return ending and (word[:5] in _world_stems() or word[:4] in _world_words())


@keep_answers(PAGES_KEPT)
def rare_names(text: str) -> frozenset[str]:
    """Return the rarer names of a page, in lower case."""
    small = set(re.findall(r"\b[a-z]{3,}", text))
    names = {re.sub(r"['’]s?$", "", word).lower() for word in _CAPITALISED.findall(text)}
    return frozenset(name for name in names if name not in small and not is_world_word(name))


def are_strangers(a: str, b: str) -> bool:
    """Return whether two texts share too few rarer names to tell of one story."""
    return len(rare_names(a) & rare_names(b)) < SHARED_NAMES
