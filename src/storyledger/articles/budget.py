"""How much of a page is read: its budget of work, in signs and not in seconds, so that every machine reads the same.

Invariant: a page within its budget comes back as it was; of a longer one the text stays whole, and what is read of it
ends where a line or a sentence ends. This module must not know how a text is read.
"""

from __future__ import annotations

import re
from dataclasses import replace

from storyledger.types import Article

# a word costs one for each three letters begun, any other sign one: at least what the network makes of it, so that a
# page of rare words, of signs or of letters that it does not know costs what one of news does
_PIECE = re.compile(r"[A-Za-z0-9]{1,3}|[^\sA-Za-z0-9]")
_END = re.compile(r"\n|[.!?][\"'”’)\]]*\s")
READ_PIECES = 15_000  # some 7,000 words of news: the longest of the sets have 2,500; 200,000 characters took a minute
BACK_CHARS = 2_000  # how far before the budget's end a line or a sentence ends, or none is looked for


def find_end(text: str) -> int:
    """Return where the part of ``text`` ends that is read: its length where the budget holds all of it."""
    spent = 0
    for spent, piece in enumerate(_PIECE.finditer(text)):
        if spent == READ_PIECES:
            ends = [match.end() for match in _END.finditer(text, max(0, piece.start() - BACK_CHARS), piece.start())]
            return ends[-1] if ends else piece.start()
    return len(text)


def tell_spent(article: Article) -> Article:
    """Return ``article`` with its completeness saying how much of it is read, where that is not all."""
    end = find_end(article.text)
    if end == len(article.text):
        return article
    told = f"of {_count(article.text):,} words the first {_count(article.text[:end]):,} were read"
    reason = f"{article.completeness_reason}; {told}" if article.completeness_reason else told
    state = "cut" if article.completeness == "whole" else article.completeness
    return replace(article, completeness=state, completeness_reason=reason)


def keep_read(article: Article) -> Article:
    """Return ``article`` with no more of its text than is read; its source map stays whole."""
    end = find_end(article.text)
    if end == len(article.text):
        return article
    blocks = tuple(replace(b, end=min(b.end, end)) for b in article.blocks if b.start < end)
    return replace(article, text=article.text[:end], blocks=blocks)


def _count(text: str) -> int:
    return len(text.split())
