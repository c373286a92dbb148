"""What the ledger compares a figure by: its value in base units, its words, its day, its source.

Invariant: an entry is a pure function of the figure, its article and its reading. This module must not know other
figures.
"""

from __future__ import annotations

import bisect
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyledger.language import MONTHS, content_stems, load_words, stem_word
from storyledger.strangers import rare_names
from storyledger.types import Article, Figure, Reading, Token

from .credits import Tree, find_credit, grow_tree
from .lexicon import generic_words, kind_words, told_words
from .units import find_worth

Floats = NDArray[np.float32]

BARE = 0.5  # the confidence of a figure whose noun stands elsewhere: its unit is a guess
BESIDE_CHARS = 250  # two values this near each other on a page are told beside each other
CONTRAST = re.compile(
    r"\b(?:not|nor|but|while|whereas|against|says|said|puts?|claims?|instead|according|counts?|disput\w*|den(?:y|ie)\w*|"
    r"rather|versus|however|yet|insists?|spoke|speaks?)\b",
    re.IGNORECASE,
)
NEAR_CHARS = 48  # to each side of a number: what is said of it
_NUMBER_WORD = re.compile(
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundreds?|thousands?|millions?|billions?|"
    r"dozens?|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)(?:-\w+)?"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure as the ledger sees it.

    ``about``, ``near``, ``rule`` and ``context`` are stems: of what is counted, of the words beside the number, of the
    words that govern it in the tree, of its sentence, of that with the one before (``around``). ``kinds`` are topics
    (dead, injured, crowd, price ...) that words beside the number tell. ``names`` are the capitalised words of the
    sentence, ``story`` the rarer names of its page, ``vector`` is the sentence's (empty where nothing was read),
    ``beside`` the words beside the number.
    """

    figure: Figure
    dimension: str
    kind: str | None
    bare: bool
    open: bool  # its words hold no noun: what it counts, and in which unit, is a guess
    low: float
    high: float
    value: float
    first: dt.date | None  # the days on which it held
    last: dt.date | None
    published: dt.date | None
    about: frozenset[str]
    near: frozenset[str]
    rule: frozenset[str]
    context: frozenset[str]
    around: frozenset[str]
    kinds: frozenset[str]
    names: frozenset[str]
    story: frozenset[str]
    vector: Floats
    sentence: tuple[int, int]
    origin: str
    outlet: str
    position: float  # of the number in its article, 0 to 1
    told_day: bool  # its sentence tells the day
    corrects: bool
    beside: str
    credit: frozenset[str]  # stems of whose number it is by its sentence
    refused: bool  # it stands behind "not"


@dataclass(frozen=True, slots=True)
class Page:
    """What all figures of one article share: its dates, its reading by place."""

    article: Article
    reading: Reading | None
    token_starts: tuple[int, ...]
    sentence_starts: tuple[int, ...]
    vectors: Floats
    tree: Tree | None
    first: dt.date | None
    last: dt.date | None
    revised: dt.date | None


def read_page(article: Article, reading: Reading | None = None) -> Page:
    """Return the dates of ``article`` and its reading, to be found by place."""
    vectors = np.zeros((0, 0), np.float32)
    if reading is not None and reading.vectors and reading.sentences:
        vectors = np.frombuffer(reading.vectors, "<f2").reshape(len(reading.sentences), -1).astype(np.float32)
    return Page(
        article,
        reading,
        tuple(t.start for t in reading.tokens) if reading else (),
        tuple(s.start for s in reading.sentences) if reading else (),
        vectors,
        grow_tree(reading) if reading and reading.tokens else None,
        _date(article.published_earliest or article.published),
        _date(article.published_latest or article.published, last=True),
        _date(article.modified) or _correction_day(article),
    )


_CORRECTION = re.compile(
    r"\b(?:Correction|Updated?|Clarification|Editor['’]s note)\b[,:]?\s+(?:on\s+)?(?:(\d{1,2})"
    r"\s+([A-Z][a-z]{2,8})|([A-Z][a-z]{2,8})\s+(\d{1,2}))\b"
)
_CORRECTS = re.compile(
    r"\b(?:correct(?:ion|ed)|since said|revised|earlier version|withdr[ae]wn?|retract\w*|counted twice)\b"
)


def _correction_day(article: Article) -> dt.date | None:
    """The day of a correction that the text itself dates."""
    found, published = _CORRECTION.search(article.text), _date(article.published)
    if found is None or published is None:
        return None
    month, day = (found[2] or found[3])[:3].lower(), int(found[1] or found[4])
    try:
        return dt.date(published.year, MONTHS[month], day)
    except (KeyError, ValueError):
        return None


def _date(value: str | None, *, last: bool = False) -> dt.date | None:
    found = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", value or "")
    if not found:
        return None
    try:
        if found[3]:
            return dt.date(int(found[1]), int(found[2]), int(found[3]))
        month = int(found[2] or (12 if last else 1))
        return dt.date(int(found[1]), month, 28 if last else 1)
    except ValueError:
        return None


def make_entry(figure: Figure, page: Page) -> Entry | None:
    """Return the entry of ``figure``, or None for what is not compared (ages, ranks, how often)."""
    text, about = page.article.text, figure.about.lower()
    if figure.unit == "rank" or about in ("age", "times") or about.startswith("age of"):
        return None
    start, end = figure.evidence.start, figure.evidence.end
    left, right = sentence_around(text, start, end)
    dimension, factor = _dimension(figure)
    value, low, high = _bounds(figure, factor)
    sentence = text[left:right]
    beside = f"{text[max(left, start - NEAR_CHARS) : end]} {text[end : min(right, end + NEAR_CHARS)]}"
    first, last, told_day = as_of(figure, page)
    line = text.rfind("\n", 0, max(0, left - 1)) + 1
    before = text[sentence_around(text, max(line, left - 2), max(line, left - 2))[0] : left] if left > line else ""
    words = re.findall(r"[a-z][a-z'-]+", f"{about} {figure.evidence.text.lower()}")
    return Entry(
        figure=figure,
        dimension=dimension,
        kind=_kind(figure, words),
        bare=figure.confidence <= BARE and "…" in figure.about,
        open=figure.confidence <= BARE or _is_nounless(figure.evidence.text),
        low=low,
        high=high,
        value=value,
        first=first,
        last=last,
        published=page.last,
        about=stems(about) - {str(figure.unit).lower()},
        near=stems(beside),
        rule=_governing(page, start, end),
        context=stems(sentence),
        around=stems(before) | stems(sentence),
        kinds=kinds_of(re.findall(r"[a-z][a-z'-]+", beside.lower())),
        names=frozenset(_bare_name(w) for w in re.findall(r"(?<!^)\b[A-Z][\w’'-]{2,}", sentence)),
        story=rare_names(text),
        vector=_vector(page, start),
        sentence=(left, right),
        origin=page.article.origin or page.article.id,
        outlet=page.article.outlet or page.article.id,
        position=start / max(1, len(text)),
        told_day=told_day,
        corrects=bool(_CORRECTS.search(text[max(0, left - 240) : right].lower())),
        beside=beside,
        credit=_credit(page, start, end),
        refused=bool(_REFUSED.search(text, left, start)),
    )


_REFUSED = re.compile(r"\b(?:not|nor|never|instead of|rather than)(?: the| a| some| about| at)? ?$", re.IGNORECASE)


def _credit(page: Page, start: int, end: int) -> frozenset[str]:
    if page.tree is None:
        return frozenset()
    first, last = (bisect.bisect_left(page.token_starts, place) for place in (start, end))
    return find_credit(page.tree, first, last)


_BESIDE_NUMBER = load_words(__package__, "lexicon.toml", "beside_number")


def _is_nounless(text: str) -> bool:
    """Return whether a number's words hold nothing but numbers and words of measure: "eleven or more", "31"."""
    words = re.findall(r"[a-z][a-z'-]*", text.lower())
    told = any(not c.isalnum() and not c.isspace() and c not in ".,'’-–—“”\"()" for c in text)  # a sign of money, %
    return not told and all(w in _BESIDE_NUMBER or _NUMBER_WORD.fullmatch(w) for w in words)


def _bare_name(name: str) -> str:
    return re.sub(r"['’]s?$", "", name).lower()


def _vector(page: Page, start: int) -> Floats:
    if not len(page.vectors):
        return np.zeros(0, np.float32)
    row: Floats = page.vectors[max(0, bisect.bisect_right(page.sentence_starts, start) - 1)]
    return row


def _governing(page: Page, start: int, end: int) -> frozenset[str]:
    """The stems of what governs the number in its tree, up to three heads on, with their subjects and objects."""
    if page.reading is None or not page.token_starts:
        return frozenset()
    tokens = page.reading.tokens
    first, last = (bisect.bisect_left(page.token_starts, place) for place in (start, end))
    heads = {t.head for t in tokens[first:last]} | set(range(first, last))
    for _ in range(2):
        heads |= {tokens[i].head for i in heads if 0 <= i < len(tokens)}
    near = _dependents(page, tokens, heads)
    return frozenset(stem_word(tokens[i].lemma) for i in heads | near if _is_content(tokens[i]))


def _dependents(page: Page, tokens: Sequence[Token], heads: set[int]) -> set[int]:
    """The subjects and objects of ``heads`` in the sentence of the first."""
    if not heads or page.reading is None:
        return set()
    row = max(0, bisect.bisect_right(page.sentence_starts, tokens[min(heads)].start) - 1)
    sentence = page.reading.sentences[row]
    return {
        i
        for i in range(sentence.first, sentence.last)
        if tokens[i].head in heads and tokens[i].deprel.split(":")[0] in ("nsubj", "obj", "obl", "nmod", "compound")
    }


def _is_content(token: Token) -> bool:
    return token.upos in ("NOUN", "VERB", "PROPN", "ADJ") and token.lemma.lower() not in generic_words()


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range of the sentence that holds text[start:end], at most 400 characters to each side."""
    base = max(0, start - 400)
    cuts = [
        m.end()
        for m in re.finditer(r"[.!?][\"”’)]?\s+(?=[A-Z\"“‘])|\n+", text[base : start + 1])
        if base + m.end() <= start
    ]
    left = base + (cuts[-1] if cuts else 0)
    found = re.search(r"[.!?][\"”’)]?(?=\s+[A-Z\"“‘]|\s*$)|\n", text[end : end + 400])
    return left, end + (found.start() if found else min(400, len(text) - end))


def stems(text: str) -> frozenset[str]:
    """Return the stems of the words of ``text`` that tell something; numbers and words of every count left out."""
    generic = generic_words()
    return frozenset(
        s for s in content_stems(text) if s not in generic and not _NUMBER_WORD.fullmatch(s) and s.isalpha()
    )


def kinds_of(words: Sequence[str]) -> frozenset[str]:
    """Return the kinds of count that any of ``words`` tells."""
    present = set(words)
    return frozenset(kind for kind, known in (*kind_words(), *told_words()) if present & known)


def _kind(figure: Figure, words: list[str]) -> str | None:
    if figure.unit != "people":
        return None
    on_board = re.search(r"\bon board\b", f"{figure.about} {figure.evidence.text}".lower())
    present = set(words) | ({"aboard"} if on_board else set())
    return next((kind for kind, known in kind_words() if present & known), None)


def _dimension(figure: Figure) -> tuple[str, float]:
    """Return the dimension of a figure and what its unit is worth; a unit of its own is the first word of ``about``."""
    unit = figure.about.split(" ", maxsplit=1)[0] if figure.unit == "count" else figure.unit
    return find_worth(unit) or (figure.unit, 1.0)


def _bounds(figure: Figure, factor: float) -> tuple[float, float, float]:
    """The value and the least and most that the figure allows, in base units."""
    if figure.value is None:
        low, high = figure.low or 0.0, figure.high if figure.high is not None else float("inf")
        return (low + high) / 2 * factor, low * factor, high * factor
    value = figure.value
    slack = max(0.1 * abs(value), 0.5 * _grain(value))
    limits = {
        "=": (value, value),
        "~": (value - slack, value + slack),
        ">": (value, float("inf")),
        ">=": (value, float("inf")),
    }
    limits |= {"<": (0.0, value), "<=": (0.0, value)}
    low, high = limits.get(figure.comparator, (value, value))
    return value * factor, low * factor, high * factor


def _grain(value: float) -> float:
    """The step that a round number stands for: 300 is rounded to hundreds, 312 to ones."""
    if value == 0 or value != int(value):
        return 0.0
    text = str(int(abs(value)))
    return float(10 ** (len(text) - len(text.rstrip("0"))))


def as_of(figure: Figure, page: Page) -> tuple[dt.date | None, dt.date | None, bool]:
    """Return the days on which the figure held, and whether its sentence tells them; else those of publication."""
    if figure.when and (figure.when.earliest or figure.when.latest):
        return _date(figure.when.earliest), _date(figure.when.latest, last=True), True
    revised = page.revised is not None and page.last is not None and 0 < (page.revised - page.last).days <= 2
    return (page.revised, page.revised, False) if revised else (page.first, page.last, False)
