"""Which pages are about something else than the pile.

Invariant: a page is set apart only where the pile hangs together and the page shares next to none of the
names that the pile is about; in a pile of many stories nothing is. This module must not know copies or
dates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from storyledger.articles.body import body_text
from storyledger.types import Article

MIN_PILE = 4
CORE_SHARE = 0.4  # a name that so many of the pages have is what the pile is about
MIN_CORE = 4
# ferry pile: the decoy has 1 of 28 core names, the poorest other page 9; seeds: 31 of 61 and above
APART_SHARE = 0.15
_NAME = re.compile(r"(?<![.!?“\"‘(]\s)(?<!^)(?<!\n)(?<![“\"‘(])\b[A-ZÀ-Þ][\w’'-]{2,}")


def find_apart(articles: Sequence[Article], copies: frozenset[int]) -> frozenset[int]:
    """Return the numbers of the articles that are about something else.

    Args:
        articles: the pile.
        copies: numbers of the articles that are copies: they have no voice in what the pile is about.
    """
    names = [_find_names(article) for article in articles]
    voices = [number for number in range(len(articles)) if number not in copies]
    if len(voices) < MIN_PILE:
        return frozenset()
    counts = Counter(name for number in voices for name in names[number])
    core = {name for name, count in counts.items() if count >= CORE_SHARE * len(voices)}
    shares = [len(own & core) / len(core) if core else 0.0 for own in names]
    typical = sorted(shares[number] for number in voices)[len(voices) // 2]
    if len(core) < MIN_CORE or typical < 2 * APART_SHARE:
        return frozenset()
    return frozenset(number for number, share in enumerate(shares) if share < min(APART_SHARE, typical / 3))


def _find_names(article: Article) -> frozenset[str]:
    """Return the capitalised words inside sentences, without possessive endings; a page has each once."""
    text = body_text(article)
    return frozenset(re.sub(r"[’']s?\Z", "", match.group()).casefold() for match in _NAME.finditer(text))
