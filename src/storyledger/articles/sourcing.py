"""Which other outlet a page says that it was written from: "By Ada Brun and agencies", "with Norpress".

Invariant: a name in running text is none, for a page also speaks of an agency as of anybody; it stands in the byline,
in the mark of an agency, or beside the word "agency". This module must not know what the pages share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from storyledger.articles.names import load_words
from storyledger.language import load_frequencies, stem_word
from storyledger.types import Article

Credit = Literal["named", "general"]
LEAST_INITIALS = 2  # "AP"
LEAST_WORD = 4  # letters of the one word by which an agency is called: "Norlantic" of "Norlantic Press"
RARE = 2_000  # texts of news at large to each that has the word
_NAME = r"[A-Z][\w.&’'-]*(?:\s+[A-Z][\w.&’'-]*){0,3}"
_AGENCY = re.compile(rf"\b(?i:agency|wire|service),?\s+({_NAME})|\b({_NAME})\s+(?i:(?:news\s+|press\s+)?agency)\b")
_GENERAL = re.compile(
    r"\b(?:and|with|from)\s+(?:\w+\s+)?(?:news\s+)?(?:agencies|wires|wire\s+(?:reports|services))\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sourcing:
    """Where a page may name another as its source (``marks``), and whether it speaks of agencies in general."""

    marks: str
    general: bool


NO_SOURCING = Sourcing("", general=False)


def read_sourcing(article: Article) -> Sourcing:
    """Return what ``article`` says of where it is from."""
    bylines = [article.text[b.start : b.end] for b in article.blocks if b.kind == "byline"]
    named = (name for found in _AGENCY.finditer(article.text) for name in found.groups() if name)
    marks = " | ".join(filter(None, (*bylines, article.wire, *named)))
    return Sourcing(marks, any(map(_GENERAL.search, bylines)))


def find_credit(sourcing: Sourcing, first: Article) -> Credit | None:
    """Return how a page credits the outlet of ``first``: by a name of it, as one of the agencies, or not."""
    if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sourcing.marks) for name in _call(first)):
        return "named"
    return "general" if sourcing.general else None


def _call(article: Article) -> Iterator[str]:
    """Yield what an outlet is called by: its name, its mark, its initials, the word that is its alone."""
    texts, counts = load_frequencies()
    for name in filter(None, (article.outlet, article.wire)):
        words = re.findall(r"\w+", name)
        yield name
        initials = "".join(word[0] for word in words if word[0].isupper())
        if len(words) > 1 and len(initials) >= LEAST_INITIALS:
            yield initials
        for word in words:
            own = word[0].isupper() and len(word) >= LEAST_WORD and word.lower() not in load_words("bodies")
            if own and counts.get(stem_word(word.lower()), 0) * RARE < texts:
                yield word
