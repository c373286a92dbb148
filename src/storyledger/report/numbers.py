"""The numbers: one quantity a chart, like with like, under a name that a person would give.

The ledger brings figures together; a reader compares only those that count the same thing in their own words. So of a
ledger's quantity the figures are parted again by what their words count (``questions.toml``), and numbers of another
time or of a part of it are left in the margin of the pages. Other measures stand under the name of their kind.
Invariant: a value is one page's words, which stand beside it. This module must not know HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from storyledger.language import end_dateline, stop_words
from storyledger.report.asking import find_count, load_counting
from storyledger.report.charts import Chart, draw_chart
from storyledger.report.lookup import Lookup
from storyledger.report.sentences import Sentences
from storyledger.report.timeline import day_number
from storyledger.report.wording import say_figure
from storyledger.types import Evidence, Figure

OLD_DAYS = 200  # a number as of a day that far before its page is of another time
CONTEXT_WORDS = 6  # on each side of a number, where its sentence is longer than twice as much
_PART = re.compile(  # "three of the five", "two other charities", "40 more homes": beside what is not counted here
    r"(?i)\b(?:\w+|\d[\d,.]*) of (?:the|our|their|its|his|her|them|those)\b|\b(?:other|another|further|additional)\b"
    r"|\bmore\b(?! than)"
)
_OTHER = re.compile(
    r"(?i)\b(?:other|another|further|additional|remaining|up|down|rose|fell|rise|fall)(?: (?:by|of))?\s*\Z"
)
_ON_TOP = re.compile(r"(?i)\s*(?:more|fewer|less)\b")
_OF_MORE = re.compile(r"(?i)\s+of (?:the|our|their|its|his|her|them|those|these|which|whom)\b")
PART_CHARS = 14
MIXED_VALUES = 8  # a quantity of more, spread over places, is several: nobody reads forty numbers of five countries
_STATE = re.compile(r"(?i)\b(confirmed|suspected|possible|probable|likely)\b")
_NEEDS_THE = re.compile(r"(?:States|Kingdom|Emirates|Islands|Netherlands|Philippines|Republic|Union)$")
_NEW = re.compile(r"(?i)\bnew\b")
_WORD = re.compile(r"\S+")
_LETTERS = re.compile(r"[a-z]{3,}")
MEASURES: tuple[tuple[str, frozenset[str]], ...] = (
    ("Money", frozenset()),  # every currency
    ("Speed", frozenset({"knots", "km_h", "mph"})),
    ("Distance, length, height", frozenset({"km", "metres", "nautical_miles", "miles", "feet"})),
    ("Weight and volume", frozenset({"tonnes", "litres", "m3", "m3/s", "kg"})),
    ("Share", frozenset({"percent"})),
    ("Time taken", frozenset({"years", "months", "weeks", "days", "hours", "minutes", "seconds"})),
    ("Temperature", frozenset({"degrees_celsius"})),
    ("Votes", frozenset({"votes"})),
)


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A value with the words that give it first, who gives it in them, and the outlets that repeat it."""

    anchor: str
    figure: Figure
    value: str
    words: tuple[Evidence, ...]  # before the number, the number itself, after it
    outlets: tuple[str, ...]
    origins: int


@dataclass(frozen=True, slots=True)
class Series:
    """A quantity: its question, its values in the order of their pages, and a chart of them."""

    anchor: str
    title: str
    rows: tuple[NumberRow, ...]
    chart: Chart | None
    shown: tuple[NumberRow, ...]  # those whose words stand beside the chart
    share: float = 1.0  # of its quantity's figures that count this: of a mixed one it is likely no single thing


@dataclass(frozen=True, slots=True)
class Measures:
    """Numbers of one kind that are no series: sums of money, speeds."""

    title: str
    rows: tuple[NumberRow, ...]


class Numbers:
    """Lays out the numbers of a story."""

    def __init__(self, lookup: Lookup, sentences: Sentences) -> None:
        """Remember whose numbers these are."""
        self._lookup, self._sentences = lookup, sentences

    def list_series(self) -> list[Series]:
        """Return what several pages count, that of most origins and values first."""
        found = [s for q in self._lookup.story.ledger for s in self._part(q.id, q.entries)]
        best: dict[str, Series] = {}
        for series in sorted(found, key=lambda s: (-len(s.rows), -_origins(s.rows), s.anchor)):
            best.setdefault(series.title, series)  # two quantities of one name: the fuller one tells it
        return sorted(best.values(), key=lambda s: (-_origins(s.rows) * s.share, -len(s.rows), s.anchor))

    def _part(self, quantity: str, entries: Iterable[str]) -> Iterable[Series]:
        figures = [self._lookup.figures[key] for key in entries if key in self._lookup.figures]
        parts: dict[str, list[Figure]] = {}
        names = {self._name(figure) for figure in figures} - {""}
        only = next(iter(names)) if len(names) == 1 else ""
        naming = {figure.evidence.document for figure in figures if self._name(figure)}
        for figure in figures:
            near = _is_bare(figure) and not self._is_part(figure) and figure.evidence.document in naming
            title = self._name(figure) or (only if near else "")
            if title and self._is_of_its_time(figure) and self._is_told(figure):
                parts.setdefault(title, []).append(figure)
        for number, (title, members) in enumerate(sorted(parts.items(), key=lambda p: (-len(p[1]), p[0]))):
            anchor = self._lookup.anchor("q", quantity) if number == 0 else ""
            for name, own in self._part_places(title, members):
                rows = self.merge_rows(own)
                if len({row.value for row in rows}) > 1:
                    chart = draw_chart(self._lookup, [r.figure for r in rows])
                    share = len(own) / len(figures) if name == title else 1.0
                    yield Series(anchor, name, rows, chart, rows, share)
                    anchor = ""

    def _part_places(self, title: str, members: list[Figure]) -> list[tuple[str, list[Figure]]]:
        """Return ``members`` under ``title``; of many values those of one place and state together, named by them."""
        if len({say_figure(f) for f in members}) <= MIXED_VALUES:
            return [(title, members)]
        parts: dict[str, list[Figure]] = {}
        for figure in members:
            place = self._find_place(figure)
            if place and not _NEW.search(figure.evidence.text):
                state = _STATE.search(figure.evidence.text)
                words = title.replace("How many ", f"How many {state[1].lower()} ", 1) if state else title
                parts.setdefault(f"{words[:-1]} in {place}?", []).append(figure)
        return sorted(parts.items(), key=lambda p: (-len(p[1]), p[0]))

    def _find_place(self, figure: Figure) -> str:
        """Return the place that the figure's sentence names nearest to it, those behind it first; "" for none."""
        evidence = figure.evidence
        found = self._sentences.at(evidence)
        spots = self._sentences.places_in(found) if found else []
        behind = [(start, key) for start, key in spots if start >= evidence.end]
        before = [(-start, key) for start, key in spots if start < evidence.start]
        near = min(behind or before, default=None)
        name = self._lookup.name(near[1]) if near else ""
        return f"the {name}" if _NEEDS_THE.search(name) else name

    def _name(self, figure: Figure) -> str:
        """Return the question that the figure answers in its own words; "" where they do not say."""
        if figure.scope or self._is_part(figure) or (figure.value is None and figure.low is None):
            return ""
        if figure.unit == "people":
            row = find_count(figure.evidence.text)
            return row.title if row else ""
        if figure.unit != "count":
            return ""
        nouns = [
            w for w in _LETTERS.findall(figure.evidence.text.casefold()) if w not in load_counting() | stop_words()
        ]
        return f"How many {nouns[-1]}?" if nouns and nouns[-1].endswith("s") else ""

    def _is_part(self, figure: Figure) -> bool:
        """Whether a number counts a part, or what came on top: "eleven of the 23", "the other twelve", "six more"."""
        evidence = figure.evidence
        article = self._lookup.articles.get(evidence.document)
        text = article.text if article else evidence.text
        start, end = (evidence.start, evidence.end) if article else (0, len(text))
        before = text[max(0, start - PART_CHARS) : start]
        behind = _ON_TOP.match(text, end) or _OF_MORE.match(text, end)
        return bool(_PART.search(evidence.text) or _OTHER.search(before) or behind)

    def _is_told(self, figure: Figure) -> bool:
        article = self._lookup.articles.get(figure.evidence.document)
        return article is not None and article.in_story

    def _is_of_its_time(self, figure: Figure) -> bool:
        when = day_number(figure.when.latest, last=True) if figure.when else None
        page = day_number(self._lookup.date(figure.evidence.document) or None)
        return when is None or page is None or page - when <= OLD_DAYS

    def merge_rows(self, figures: Sequence[Figure]) -> tuple[NumberRow, ...]:
        """Return each value once, with its first telling, in the order of the pages."""
        ordered = sorted(figures, key=lambda f: (self._lookup.order(f.evidence.document), f.evidence.start))
        groups: dict[str, list[Figure]] = {}
        for figure in ordered:
            groups.setdefault(say_figure(figure), []).append(figure)
        return tuple(self._make_row(value, group) for value, group in groups.items())

    def _make_row(self, value: str, group: list[Figure]) -> NumberRow:
        first = group[0]
        outlets = tuple(dict.fromkeys(self._lookup.outlet(f.evidence.document) for f in group))
        origins = len({self._lookup.origin(f.evidence.document) for f in group})
        words = self._clip(first.evidence)
        return NumberRow(self._lookup.anchor("f", first.id), first, value, words, outlets, origins)

    def _clip(self, evidence: Evidence) -> tuple[Evidence, ...]:
        """Return the words nearest to a number in its sentence, cut before and behind it."""
        sentence = self._sentences.at(evidence)
        article = self._lookup.articles.get(evidence.document)
        if sentence is None or article is None:
            return (evidence,)
        low = sentence.start + end_dateline(article.text[sentence.start : sentence.end])
        words = clip_words(article.text, min(low, evidence.start), sentence.end, evidence, CONTEXT_WORDS)
        cuts = (words.start, evidence.start, min(evidence.end, words.end), words.end)
        return tuple(Evidence(evidence.document, a, b, article.text[a:b]) for a, b in pairwise(cuts))

    def list_measures(self, told: set[str]) -> list[Measures]:
        """Return the other numbers by the kind of their unit, those of most origins first; ``told``: ids shown."""
        groups: dict[str, list[Figure]] = {}
        for figure in self._lookup.story.figures:
            kind = "" if _is_age(figure) or not self._is_told(figure) else _kind_of(figure.unit)
            if kind and figure.id not in told and (figure.value is not None or figure.low is not None):
                groups.setdefault(kind, []).append(figure)
        order = [title for title, _ in MEASURES]
        return [Measures(kind, self._rank(self.merge_rows(groups[kind]))) for kind in sorted(groups, key=order.index)]

    def _rank(self, rows: Sequence[NumberRow]) -> tuple[NumberRow, ...]:
        """Return the rows, those of most origins first; of several numbers in one sentence only the first."""
        ranked = sorted(rows, key=lambda r: (-r.origins, -len(r.outlets), r.figure.evidence.document, r.anchor))
        once: dict[tuple[str, int], NumberRow] = {}
        for row in ranked:
            found = self._sentences.at(row.figure.evidence)
            place = (found.document, found.start) if found else (row.figure.id, 0)
            once.setdefault(place, row)
        return tuple(once.values())


def _is_bare(figure: Figure) -> bool:
    """Whether a number stands alone ("put their number at 2,300"): on a page that names its quantity it counts that."""
    words = figure.evidence.text.casefold()
    plain = figure.scope is None and figure.unit == "count" and (figure.value is not None or figure.low is not None)
    return plain and not [w for w in _LETTERS.findall(words) if w not in load_counting()]


def cut_series(series: Series, most: int) -> Series:
    """Return the series with the words of ``most`` values shown: the first, the last and those of most origins."""
    ends = {0, len(series.rows) - 1}
    ranked = sorted(range(len(series.rows)), key=lambda n: (n not in ends, -series.rows[n].origins, -n))
    return replace(series, shown=tuple(series.rows[n] for n in sorted(ranked[:most])))


def _is_age(figure: Figure) -> bool:
    """Whether these are somebody's years, or years of which the words do not say what they are."""
    return figure.unit == "years" and ("old" in figure.evidence.text or "year" not in figure.evidence.text)


def _kind_of(unit: str) -> str:
    if len(unit) == 3 and unit.isupper():
        return "Money"
    return next((title for title, units in MEASURES if unit in units), "")


def _origins(rows: Sequence[NumberRow]) -> int:
    return sum(row.origins for row in rows)


def clip_words(text: str, start: int, end: int, around: Evidence, words: int) -> Evidence:
    """Return at most ``words`` words of ``text[start:end]`` on each side of ``around``, and ``around`` itself."""
    before = [m.start() for m in _WORD.finditer(text, start, max(start, min(around.start, end)))]
    after = [m.end() for m in _WORD.finditer(text, min(around.end, end), end)]
    low = before[-words] if len(before) > words else start
    high = after[words - 1] if len(after) > words else end
    low, high = min(low, around.start), max(high, around.end)
    return Evidence(around.document, low, high, text[low:high])
