"""What to call what has no name: a number without a kind, a page without a title.

A number is called by the words around it that its figures share most, a page by its first words.

Invariant: a number's name is the phrase of one of the figures, its unit left off; "…" is where the number stands.
This module must not know how figures are grouped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from storyledger.types import Article, Figure

_GAP = "…"
_INSIDE = frozenset(
    {"of", "which", "that", "who", "at", "in", "to", "by", "for", "from", "with", "and", "been", "after"}
)
_SHORT = 3  # letters of a word that tells nothing: "of", "its", "the"


PAGE_NAME_CHARS = 80
_BODY = frozenset({"deck", "paragraph", "quote", "list"})


def name_page(article: Article) -> str:
    """Return the title of a page; its first words where it has none, and its file where it has no text."""
    if article.title:
        return article.title
    first = next((article.text[b.start : b.end] for b in article.blocks if b.kind in _BODY), "")
    from storyledger.language import end_dateline  # noqa: PLC0415 - it loads numpy, which a look at a ledger does without

    words = " ".join(first[end_dateline(first) :].split())
    if len(words) <= PAGE_NAME_CHARS:
        return words or article.path
    head = words[: PAGE_NAME_CHARS - 1]
    return head[: max(head.rfind(" "), PAGE_NAME_CHARS // 2)].rstrip(" ,;:-–—") + "…"


def name_figures(figures: Iterable[Figure]) -> str:
    """Return the figures' most typical phrase: "each bereaved family" rather than "it would cost …"."""
    phrases = [_strip_unit(figure) for figure in figures]
    counts = Counter(word for phrase in phrases for word in set(_words(phrase)))

    def key(phrase: str) -> tuple[bool, float, int, str]:
        words = _words(phrase)
        worth = sum(counts[word] for word in words) / (len(words) + 1)
        return _is_torn(phrase, words), -worth, len(phrase), phrase

    return min(phrases, key=key)


def _strip_unit(figure: Figure) -> str:
    phrase = figure.about.removesuffix(_GAP).strip()
    while phrase.startswith(f"{figure.unit} "):
        phrase = phrase.removeprefix(f"{figure.unit} ")
    return phrase or figure.about


def _is_torn(phrase: str, words: list[str]) -> bool:
    """Whether a phrase reads as torn out: it begins within a clause, holds another number, or says nothing."""
    begins = phrase.split(" ", maxsplit=1)[0].lower() in _INSIDE
    return begins or not words or any(char.isdigit() for char in phrase)


def _words(phrase: str) -> list[str]:
    return [word for word in phrase.lower().split() if word != _GAP and len(word) > _SHORT]
