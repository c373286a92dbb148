"""What the ledger compares a figure by: its quantity in words, its moment, its source, its value in base units.

Invariant: an entry is a pure function of the figure and its article. This module must not know other
figures.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from storyledger.types import Article, Figure

from .lexicon import generic_words, is_world_word, kind_words
from .units import find_worth


def _words(listed: str) -> list[str]:
    return listed.split()


GENERIC_HEADS = frozenset(
    _words(
        "people person body bodie soul life live lives death dead human victim neighbour neighbor us them individual"
    )
)
# "five knots above the limit" is no speed and no limit: what stands behind the number makes it a difference.
_DIFFERENCE = re.compile(
    r"\s+(?:above|below|short of|ahead of|more than|less than|fewer than|higher|lower|faster|slower|longer|shorter|"
    r"older|younger)\s+(?:than\s+)?(?:the|a|an|its|their|his|her|that|what)\b"
)
_CAPACITY = re.compile(r"\b(?:seats?|seating|capacity|accommodate|can (?:carry|hold|take)|designed|licensed|able to)\b")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_STOPWORDS = frozenset(
    _words(
        "the and for with was were are has have had been its his her their that this these those from into "
        "after before about said "
        "says say who which when while where will would could should may might not but than then there they "
        "them she him our your "
        "one two per of to in on at by as is it he we be or an a no so if up us more most some now also out "
        "over all any each other "
        "according told including however still just only even very"
    )
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure as the ledger sees it. ``stems``: what it counts; ``context``: the sentences around it.

    ``near``: the rarer names of its sentence; ``status``: it tells how a count stands ("toll", "now
    known"), not what one event did; ``part``: its sentence tells a larger figure of the kind.
    """

    figure: Figure
    block: tuple[str, ...]
    kind: str | None
    low: float
    high: float
    value: float
    first: dt.date | None
    last: dt.date | None
    stems: frozenset[str]
    context: frozenset[str]
    names: frozenset[str]
    sentence: tuple[int, int]
    corrects: bool
    near: frozenset[str]
    published: dt.date | None
    status: bool
    scope: str | None
    part: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What all figures of one article share: its dates and the names that it is about."""

    article: Article
    names: frozenset[str]
    first: dt.date | None
    last: dt.date | None
    revised: dt.date | None


def read_page(article: Article) -> Page:
    """Return the dates of ``article`` and its rarer names: capitalised words that it never writes small."""
    counts = Counter(re.findall(r"(?<![.!?”\"] )(?<!\n)\b[A-Z][\w’'-]{2,}", article.text))
    title: set[str] = set(re.findall(r"\b[A-Z][\w’'-]{2,}", article.title or ""))
    written = set(re.findall(r"\b[a-z]{3,}", article.text))
    names = {name for name in map(_bare, [*counts, *sorted(title)]) if name not in written and not is_world_word(name)}
    return Page(
        article,
        frozenset(names),
        _date(article.published_earliest or article.published),
        _date(article.published_latest or article.published, last=True),
        _date(article.modified) or _correction_day(article),
    )


_CORRECTION = re.compile(
    r"\b(?:Correction|Updated?|Clarification|Editor['’]s note)\b[,:]?\s+(?:on\s+)?(?:(\d{1,2})"
    r"\s+([A-Z][a-z]{2,8})|([A-Z][a-z]{2,8})\s+(\d{1,2}))\b"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _correction_day(article: Article) -> dt.date | None:
    """The day of a correction that the text itself dates."""
    found, published = _CORRECTION.search(article.text), _date(article.published)
    if found is None or published is None:
        return None
    month, day = (found[2] or found[3])[:3].lower(), int(found[1] or found[4])
    try:
        return dt.date(published.year, _MONTHS.index(month) + 1, day)
    except ValueError:
        return None


def _bare(name: str) -> str:
    return re.sub(r"['’]s?$", "", name).lower()


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


def make_entry(figure: Figure, page: Page, common: frozenset[str]) -> Entry | None:
    """Return the entry of ``figure``, or None for what is not compared (ages, ranks).

    Args:
        figure: of the page.
        page: what its figures share.
        common: names that most pages write, which tell no event from another.
    """
    text = page.article.text
    start, end = figure.evidence.start, figure.evidence.end
    left, right = sentence_around(text, start, end)
    about = figure.about.lower()
    if figure.unit == "rank" or about == "age" or about.startswith("age of"):
        return None
    words = re.findall(r"[a-z][a-z'-]+", f"{about} {figure.evidence.text.lower()}")
    kind = _kind(figure, words)
    before = text[sentence_around(text, max(0, left - 2), max(0, left - 2))[0] : left]
    context = stems(text[left:right]) | stems(before)
    dimension, factor = _dimension(figure)
    value, low, high = _bounds(figure, factor)
    subject = _subject(figure, kind)
    role = _role(words, text[left:right].lower()) if dimension not in ("people", "count") else ""
    role = "difference" if _DIFFERENCE.match(text, end) else role
    role = "capacity" if kind == "aboard" and _CAPACITY.search(text, left, right) else role
    paragraph = text.rfind("\n", 0, left) + 1
    told = text[max(paragraph, left - 240) : right] if kind == "protest" else text[left:right]
    first, last = as_of(figure, page, told)
    return Entry(
        figure,
        (dimension, kind or "", role, subject if dimension in ("people", "count") else ""),
        kind,
        low,
        high,
        value,
        first,
        last,
        stems(about) - {str(figure.unit).lower()},
        context,
        page.names,
        (left, right),
        bool(
            re.search(
                r"\b(?:correct(?:ion|ed)|since said|revised|earlier version|withdr[ae]wn?|retract|counted twice)\b",
                text[max(0, left - 240) : right].lower(),
            )
        ),
        frozenset(_bare(w) for w in re.findall(r"\b[A-Z][\w’'-]{2,}", text[left:right])) & page.names - common,
        page.last,
        bool(_STATUS.search(text[max(left, start - 60) : end])),
        _scope(figure, text[left:right]),
    )


_STATUS = re.compile(
    (
        r"\b(?:toll|tally|confirmed|known|numbers?|total|count|figure|rose|risen|stands|stood|still|now|so far|"
        r"recovered|counted|bod(?:y|ies)|(?:are|were) (?:dead|missing))\b"
    ),
    re.IGNORECASE,
)


def common_names(pages: Iterable[Page]) -> frozenset[str]:
    """Return the names that at least half of the pages write."""
    listed = list(pages)
    counts = Counter(name for page in listed for name in page.names)
    return frozenset(name for name, n in counts.items() if n >= max(3, 0.5 * len(listed)))


def mark_parts(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries, those marked that are the smaller of one kind in one sentence and one mouth."""
    listed = list(entries)
    most: dict[tuple[object, ...], float] = {}
    for entry in listed:
        key = _mouth(entry)
        most[key] = max(most.get(key, 0.0), entry.value)
    return [replace(e, part=True) if e.kind and e.value < most[_mouth(e)] else e for e in listed]


def _mouth(entry: Entry) -> tuple[object, ...]:
    figure = entry.figure
    return figure.evidence.document, entry.sentence[0], entry.kind, figure.attributed_to, figure.unit


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
    """Return the content words of ``text``, cut to a crude stem; numbers and function words left out."""
    found = (re.sub(r"['’]s$", "", w.lower()) for w in re.findall(r"[A-Za-z][A-Za-z'’-]{2,}", text))
    return frozenset(stem(w) for w in found if w not in _STOPWORDS and w not in generic_words())


def stem(word: str) -> str:
    """Return ``word`` without the endings of number and tense; a key for comparing, not a lemma."""
    for ending in ("ings", "ing", "edly", "ied", "ies", "ed", "es", "s", "ers", "er", "ion", "ions"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _kind(figure: Figure, words: list[str]) -> str | None:
    if figure.unit != "people":
        return None
    present = set(words) | (
        {"aboard"} if re.search(r"\bon board\b", f"{figure.about} {figure.evidence.text}".lower()) else set()
    )
    return next((kind for kind, known in kind_words() if present & known), None)


def _subject(figure: Figure, kind: str | None) -> str:
    """The noun that is counted, where it narrows the kind: "police officers" killed are not the people killed."""
    words = [
        w
        for w in re.findall(r"[a-z][a-z'-]+", figure.about.lower())
        if w not in generic_words() and w not in _STOPWORDS
    ]
    known = next((known for name, known in kind_words() if name == kind), frozenset())
    left = [stem(w) for w in words if w not in known]
    if kind == "protest":
        return ""
    if kind == "aboard":
        return next((part for part in ("crew", "passenger") if any(w.startswith(part) for w in words)), "")
    head = left[0] if left else ""
    if figure.unit != "people":
        return stem(words[-1]) if words else ""
    return "" if head in GENERIC_HEADS or _is_told(head, figure) else head


def _is_told(head: str, figure: Figure) -> bool:
    """The first content word is a verb or place around the count, not its noun."""
    noun = re.search(rf"\b{re.escape(head)}\w*", figure.evidence.text.lower())
    number = re.search(
        (
            r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens|hundreds|thousands|"
            r"\w+ty|\w+teen)\b"
        ),
        figure.evidence.text.lower(),
    )
    return noun is None or number is None or noun.start() < number.start()


def _role(words: list[str], sentence: str) -> str:
    found = [w for w in ("limit", "excess", "above") if w in words]
    return found[0] if found else ("limit" if re.search(r"-knot channel", sentence) and "channel" in words else "")


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


def as_of(figure: Figure, page: Page, sentence: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the days on which the figure held: its own, else a weekday of its sentence, else publication."""
    if figure.when and (figure.when.earliest or figure.when.latest):
        return _date(figure.when.earliest), _date(figure.when.latest, last=True)
    revised = page.revised is not None and page.last is not None and 0 < (page.revised - page.last).days <= 2
    base = page.revised if revised else page.last
    found = _WEEKDAY.search(sentence)
    if found and base and page.first and (base - page.first).days <= 10:
        number = _WEEKDAYS.index(found[0].lower())
        day = base - dt.timedelta((base.weekday() - number) % 7)
        return day, day
    return (base, base) if revised else (page.first, page.last)


# "Around 30 armed men within the crowd": some of those counted elsewhere.
_PART = re.compile(r"\b(?:within|inside|in) the (?:crowd|group|mob|convoy|march|unit|column)\b", re.IGNORECASE)


def _scope(figure: Figure, sentence: str) -> str | None:
    """The period, place or whole that narrows the figure; a year named with an earlier event sets it apart too."""
    if figure.scope:
        return figure.scope.lower()
    told = re.search(r"\b((?:19|20)\d\d)\b", figure.about)
    if told:
        return told[1]
    place = sentence.find(figure.evidence.text)
    if place >= 0 and _PART.search(figure.evidence.text + sentence[place + len(figure.evidence.text) :][:40]):
        return "part"
    near = sentence[max(0, place - 16) : place] if place >= 0 else ""
    before = re.search(r"\b((?:19|20)\d\d), (?:when )?$", near)
    return before[1] if before and "when" in before[0] else None
