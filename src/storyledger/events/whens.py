"""When an event was, chosen among the times that may say so: of its sentence, beside it, the day of the page.

What grammar reads (``dating.py``) is one feature among others; the learned weights (``data/when.json``, made by
``python -m train.event_days``) say how likely each candidate is right. Invariant: what grammar does not tie to the
event has no ``text``: it is assumed. This module must not know how time expressions are read.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import numpy as np

from storyledger.events.dating import (
    assume_when,
    carry_when,
    count_back,
    find_deadline,
    find_when,
    has_clock_time,
    read_bounds,
    words_before,
)
from storyledger.events.frames import Frame
from storyledger.events.surroundings import Surroundings
from storyledger.language import factuality, parse_of
from storyledger.linkage.weights import Floats, load_weights
from storyledger.types import EventStatus, EventWhen, TimeExpression

LEAST_SURE = 0.15  # below it the day stays open
MOST_BESIDE = 3  # times of other sentences on either side, nearest first
# What grammar ties to the event comes first: of clauses kept out .46 and .83 (invented, Wikinews) are dated right with
# it as without it, and what it does for rare phrases cannot be learned. A date carried on through its
# paragraph is right for 21 of 30 clauses, where the day of the page is for 7.
BY_GRAMMAR = 0.7
KINDS = ("own", "counted", "deadline", "before", "behind", "page", "ahead", "open")
AHEAD_DAYS = 3  # an undated plan of a daily report is mostly for the days after it
_LEADS = ("since", "until", "till", "before", "after", "by", "from", "in", "on", "of", "for", "than", "last", "next")
_AUXILIARIES = ("had", "has", "have", "will", "would", "is", "are", "was", "were", "be", "to", "could", "should")
_RELATIONS = ("root", "conj", "ccomp", "advcl", "acl", "xcomp", "nmod", "obl", "obj", "nsubj")
_DAY = len("2000-01-01")


@dataclass(frozen=True, slots=True)
class Told:
    """What is asked about: the predicate's frame, its clause in characters, its status."""

    frame: Frame
    clause: tuple[int, int]
    status: EventStatus | None


@dataclass(frozen=True, slots=True)
class Dated:
    """A time that may be the event's, of one of ``KINDS``.

    Features by name, what is not named is 0: its own, and the event's, which ``common`` has and which weigh for each
    kind by themselves.
    """

    when: EventWhen
    kind: str
    features: dict[str, float]
    common: dict[str, float]


def name_features(row: Dated) -> set[str]:
    """Return the names of what a row of ``make_table`` has of a candidate."""
    return {row.kind, *row.features, *(f"{row.kind}: {name}" for name in row.common)}


def make_table(rows: Sequence[Dated], names: Sequence[str]) -> Floats:
    """Return the features of ``rows`` in the order of ``names``: candidates by features."""
    column, shared = _place_names(tuple(names))
    table = np.zeros((len(rows), len(names)), np.float64)
    for at, row in enumerate(rows):
        for name, value in ((row.kind, 1.0), *row.features.items()):
            if name in column:
                table[at, column[name]] = value
        places = shared[row.kind]
        for name, value in row.common.items():
            if name in places:
                table[at, places[name]] = value
    return table


@cache
def _place_names(names: tuple[str, ...]) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Return the columns by name, and by kind those of what is the event's."""
    column = {name: at for at, name in enumerate(names)}
    shared: dict[str, dict[str, int]] = {
        kind: {name.removeprefix(f"{kind}: "): at for name, at in column.items() if name.startswith(f"{kind}: ")}
        for kind in KINDS
    }
    return column, shared


class Calendar:
    """One article's times as the dating of its events looks at them."""

    def __init__(self, around: Surroundings) -> None:
        """Keep what is looked at, made once."""
        self._around, self._article, self._trees, self._times = around, around.article, around.trees, around.times
        self._parse = parse_of(around.article, around.trees.reading)
        self._sentences = [sentence.start for sentence in around.trees.reading.sentences]
        self._blocks = [block.start for block in around.article.blocks]
        published = around.article.published_latest or around.article.published
        self._published = published[:10] if published and len(published) >= _DAY else None

    def choose(self, asked: Sequence[Told]) -> list[tuple[EventWhen | None, float]]:
        """Return for each event when it was and how likely that is right; an open end where nobody can say."""
        listed = [self.list_dated(one) for one in asked]
        rows = [row for own in listed for row in own]
        weights = load_weights(__package__, "data/when.json")
        sure = weights.probabilities(make_table(rows, weights.features)).tolist() if rows else []
        at, chosen = 0, []
        for own, one in zip(listed, asked, strict=True):
            chosen.append(self._choose(one, own, sure[at : at + len(own)]))
            at += len(own)
        return chosen

    def _choose(self, one: Told, rows: Sequence[Dated], sure: Sequence[float]) -> tuple[EventWhen | None, float]:
        settled = next((at for at, row in enumerate(rows) if _is_grammar(row)), None)
        if settled is not None:
            least = 0.0 if rows[settled].kind == "own" else BY_GRAMMAR
            return rows[settled].when, max(least, round(sure[settled], 3))
        best = max(range(len(rows)), key=lambda at: (sure[at], -at), default=None)
        if best is not None and sure[best] >= LEAST_SURE:
            return rows[best].when, round(sure[best], 3)
        return assume_when(self._article, planned=one.status == "planned", recent=False), 0.0

    def list_dated(self, one: Told) -> list[Dated]:
        """Return the times that may be the event's: of its sentence, beside it, the days around the page's own."""
        trees, times, frame = self._trees, self._times, one.frame
        sentence = trees.reading.sentences[trees.sentence_of[frame.token]]
        ruled = find_when(trees, times, frame)
        counted = None if ruled is not None else count_back(self._article, trees, times, frame)
        own = times.within(sentence.start, sentence.end)
        common = dict(self._describe_event(one))
        common |= {"own times": float(len(own)), "ruled": float(ruled is not None)}
        rows = [self._describe_own(one, time, ruled, common) for time in own]
        due = find_deadline(self._article, trees, times, frame) if one.status == "planned" else None
        for name, when in (("counted", counted), ("deadline", due)):
            if when is not None:
                rows.append(Dated(when, name, dict(self._describe_days(when)), common))
        rows += self._list_beside(one, common)
        rows += self._list_assumed(common)
        return rows

    def _describe_event(self, one: Told) -> Iterator[tuple[str, float]]:
        trees, frame = self._trees, one.frame
        number = trees.sentence_of[frame.token]
        sentence = trees.reading.sentences[number]
        yield f"status {one.status}", 1.0
        yield f"mood {factuality(self._parse, frame.token).value}", 1.0
        words = {trees.words[child] for child in trees.dependents(frame.token, "aux", "cop", "mark")}
        yield from ((f"aux {word}", 1.0) for word in _AUXILIARIES if word in words or word in frame.auxiliaries)
        word, lemma = trees.words[frame.token], trees.lemma(frame.token)
        yield "noun", float(frame.is_noun)
        yield "past", float(word != lemma and not word.endswith(("ing", "s")))
        yield "passive", float(frame.passive)
        relation = trees.relation(frame.token)
        yield f"relation {relation if relation in _RELATIONS else 'other'}", 1.0
        yield "in the title", float(sentence.kind in ("title", "deck"))
        yield "share of the page", number / max(1, len(self._sentences))
        yield "sentences before", math.log1p(number)
        yield "said", float(self._around.voices.find_statement(*one.clause) is not None)
        yield "no time", float(not self._times.within(sentence.start, sentence.end))
        yield "clock", float(has_clock_time(trees, self._times, frame))
        yield "spans", float(len(self._times.undated_within(sentence.start, sentence.end)))
        yield "undated page", float(self._published is None)

    def _describe_own(
        self, one: Told, time: TimeExpression, ruled: EventWhen | None, common: dict[str, float]
    ) -> Dated:
        trees, token = self._trees, one.frame.token
        when, sentence = read_bounds(trees, time, token), trees.reading.sentences[trees.sentence_of[token]]
        if one.status == "planned":
            when = self._bound_plan(when)
        place = trees.tokens[token].start
        features = dict(self._describe_days(when))
        features["is ruled"] = float(ruled is not None and ruled.text == time.evidence.text)
        features["in the clause"] = float(one.clause[0] <= time.evidence.start < one.clause[1])
        features["chars"] = math.log1p(abs(time.evidence.start - place))
        features["ahead of it"] = float(time.evidence.start < place)
        features["an hour"] = float(time.type == "TIME")
        leads = words_before(trees, time, sentence)
        features |= {f"lead {lead}": 1.0 for lead in _LEADS if lead in leads}
        stands = trees.find_token(time.evidence.start, sentence)
        chain = [stands, *trees.ancestors(stands)] if stands is not None else []
        features["steps to it"] = float(chain.index(token)) if token in chain else 9.0
        low, high = sorted((token if stands is None else stands, token))
        between = [trees.tokens[i].upos for i in range(low + 1, high)]
        features["verbs between"] = float(sum(upos == "VERB" for upos in between))
        features["breaks between"] = float(sum(upos in ("PUNCT", "SCONJ", "CCONJ") for upos in between))
        told = bool(features["is ruled"])
        return Dated(when if told else replace(when, text=None), "own", features, common)

    def _list_beside(self, one: Told, common: dict[str, float]) -> Iterator[Dated]:
        """The nearest times of other sentences; what they say is assumed of this one."""
        trees = self._trees
        here = trees.sentence_of[one.frame.token]
        sentence = trees.reading.sentences[here]
        carried = carry_when(self._article, trees, self._times, one.frame)
        paragraph = bisect_right(self._blocks, sentence.start)
        sides = self._times.beside(sentence.start, sentence.end, MOST_BESIDE)
        for side, found in zip(("before", "behind"), sides, strict=True):
            for rank, time in enumerate(found):
                when, start = EventWhen(time.earliest, time.latest, None), time.evidence.start
                features = {**dict(self._describe_days(when)), "rank": float(rank)}
                apart = abs(here - max(0, bisect_right(self._sentences, start) - 1))
                features["sentences apart"] = math.log1p(apart)
                features["paragraphs apart"] = math.log1p(abs(paragraph - bisect_right(self._blocks, start)))
                features["is carried"] = float(carried is not None and carried.earliest == time.earliest)
                features["an hour"] = float(time.type == "TIME")
                yield Dated(when, side, features, common)

    def _list_assumed(self, common: dict[str, float]) -> Iterator[Dated]:
        """The days before the page's own, those after it, and an open end."""
        if self._published is None:
            return
        recent = assume_when(self._article, planned=False, recent=True)
        if recent is not None:
            yield Dated(recent, "page", {}, common)
        last = (date.fromisoformat(self._published) + timedelta(days=AHEAD_DAYS)).isoformat()
        yield Dated(EventWhen(self._published, last, None), "ahead", {}, common)
        yield Dated(EventWhen(self._published, None, None), "open", {}, common)

    def _describe_days(self, when: EventWhen) -> Iterator[tuple[str, float]]:
        """How long the interval is, and how it lies to the page's day."""
        first, last, published = _day(when.earliest), _day(when.latest), _day(self._published)
        yield "open at the start", float(first is None)
        yield "open at the end", float(last is None)
        if first is not None and last is not None:
            yield "days", math.log1p(max(0, (last - first).days))
        yield "precision", float(len(when.earliest or when.latest or ""))
        edge = last or first
        if published is not None and edge is not None:
            back = (published - edge).days
            yield "days back", math.copysign(math.log1p(abs(back)), back)
            yield "the page's day", float(back == 0)

    def _bound_plan(self, when: EventWhen) -> EventWhen:
        """A plan with an end alone begins at the page's day."""
        if when.earliest is None and when.latest is not None and self._published and self._published <= when.latest:
            return replace(when, earliest=self._published)
        return when


def _is_grammar(row: Dated) -> bool:
    return row.kind in ("counted", "deadline") or bool(row.features.get("is carried") or row.features.get("is ruled"))


def _day(iso: str | None) -> date | None:
    return date.fromisoformat((iso + "-01-01")[:_DAY]) if iso else None
