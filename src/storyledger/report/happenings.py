"""The timeline's entries: what pages tell to have happened on a day that their own words name.

What happened long before its page is background, and stands apart; so does what is told without a day. An entry is a
sentence of a page that says who; of an event told often, the telling that names the day in the fewest words.
Invariant: an entry's day is told by the very sentence that it shows. This module must not know HTML.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storyledger.report.lookup import Lookup
from storyledger.report.sentences import Line, Piece, Sentence, Sentences, count_words, shorten_line
from storyledger.report.telling import FAR_DAYS, FEW_TELLINGS, Pool, Teller
from storyledger.report.timeline import day_number
from storyledger.types import Event, Interval

TITLE_WORDS = 26
SHOWN_FROM = 0.4  # of the program's trust in an event
LONG_WORDS = 26  # a longer sentence is a poor title, however it is cut
TOO_LIKE = 0.55
LEAST_UNDATED = 0.6  # of an entry's worth, where there is room for more than a few


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as one page tells it. ``when``: the day or days told; None for what is told without one."""

    event: Event
    anchor: str
    when: Interval | None
    line: Line
    title: tuple[Piece, ...]
    cut: bool

    @property
    def words(self) -> str:
        """The title as one string."""
        return "".join(p.text for p in self.title) + ("…" if self.cut else "")


@dataclass(frozen=True, slots=True)
class Happenings:
    """The timeline's list and what stands beside it, each in order of time; ``drawn``: with the story's own lines."""

    told: tuple[Happening, ...]
    background: tuple[Happening, ...]
    undated: tuple[Happening, ...]
    drawn: tuple[Happening, ...]


class Chronicler:
    """Chooses the timeline's entries."""

    def __init__(self, lookup: Lookup, sentences: Sentences, teller: Teller) -> None:
        """Keep what says when, and what is alike."""
        self._lookup, self._sentences, self._teller = lookup, sentences, teller
        self._ranked: dict[tuple[Sentence, ...], list[tuple[Event, list[Line]]]] = {}

    def chronicle(
        self, documents: Iterable[str], most: int, beside: int, lines: Mapping[tuple[str, int], str], more: int = 0
    ) -> Happenings:
        """Return the weightiest ``most`` entries with a day, and ``beside`` of the background and of the undated.

        Args:
            documents: the pages.
            most: how many with a day, beside those that ``lines`` has.
            beside: how many of the background, and of the undated.
            lines: the anchors of the story's own lines, by place; what they tell is drawn, and not told again.
            more: how many more of the undated, if they weigh something.
        """
        pool = self._teller.pool(documents)
        told: list[Happening] = []
        back: list[Happening] = []
        undated: list[Happening] = []
        drawn: dict[tuple[str, int], Happening] = {}
        for event, tellings in self._rank(pool):
            found = self._tell(event, tellings)
            if found is None:
                continue
            happening, place = found
            line = lines.get(_place(happening))
            if line:
                drawn.setdefault(_place(happening), dataclasses.replace(happening, anchor=line))
                continue
            rows, limit = {"told": (told, most), "back": (back, beside), "undated": (undated, beside + more)}[place]
            slight = place == "undated" and len(rows) >= beside and pool.worth[happening.line.sentence] < LEAST_UNDATED
            if len(rows) >= limit or slight:
                continue
            kept = (*told, *back, *undated, *drawn.values())
            sentence = happening.line.sentence
            if all(self._teller.alike(sentence, k.line.sentence, pool) < TOO_LIKE for k in kept):
                again = sum(k.event is event for k in kept)  # an id stands once in a page
                anchor = f"{happening.anchor}-{again + 1}" if again else happening.anchor
                rows.append(dataclasses.replace(happening, anchor=anchor))
        shown = [row for row in drawn.values() if row.when] + told
        return Happenings(*(tuple(sorted(rows, key=self._order)) for rows in (told, back, undated, shown)))

    def _rank(self, pool: Pool) -> list[tuple[Event, list[Line]]]:
        """Return the events with the lines that may tell them, those whose lines weigh most first.

        An event of many tellings is a whole story brought together: each of its sentences tells something of its own.
        """
        if pool.rows in self._ranked:
            return self._ranked[pool.rows]
        fit = {(s.document, s.start): s for s in pool.rows}
        rows: list[tuple[float, Event, list[Line]]] = []
        for event in self._lookup.story.events:
            places = {(s.document, s.start): s for m in event.mentions if (s := self._sentences.at(m))}
            tellings = [places[place] for place in sorted(places) if place in fit]
            if event.confidence < SHOWN_FROM or not tellings:
                continue
            groups = [[s] for s in tellings] if len(event.mentions) >= FEW_TELLINGS else [tellings]
            rows += [(max(pool.worth[s] for s in g), event, [self._sentences.line(s) for s in g]) for g in groups]
        rows.sort(key=lambda row: (-row[0], row[1].id, row[2][0].sentence.document, row[2][0].sentence.start))
        self._ranked[pool.rows] = [(event, tellings) for _, event, tellings in rows]
        return self._ranked[pool.rows]

    def _order(self, row: Happening) -> tuple[str, str, int]:
        page = self._lookup.date(row.line.sentence.document) or "9"
        return (row.when.earliest if row.when else None) or page, page, row.line.sentence.start

    def _tell(self, event: Event, lines: Sequence[Line]) -> tuple[Happening, str] | None:
        fit = [ln for ln in lines if 4 < count_words(ln.evidence.text) <= LONG_WORDS]
        fit.sort(key=lambda ln: (count_words(ln.evidence.text), ln.evidence.document, ln.evidence.start))
        days = [(line, self._sentences.day_of(line, event)) for line in fit]
        one = len(event.mentions) < FEW_TELLINGS  # the day of many is none of theirs
        dated = [(line, day) for line, day in days if day and self._agrees(event if one else None, day, line)]
        if dated:
            return self._make(event, *dated[0]), "told"
        for line in fit:
            when = self._sentences.looks_back(line.sentence)
            if when and self._is_far(when, line):
                return self._make(event, line, when), "back"
        return (self._make(event, fit[0], None), "undated") if fit else None

    def _agrees(self, event: Event | None, when: Interval, line: Line) -> bool:
        """Whether the sentence's day is the event's, and not after the page unless it is only planned.

        Without ``event`` the sentence's day alone is looked at.
        """
        first, last = day_number(when.earliest), day_number(when.latest, last=True)
        page = day_number(self._lookup.date(line.sentence.document) or None, last=True)
        if first is None or last is None or (page is not None and page - last > FAR_DAYS):
            return False
        if page is not None and first > page and not (event and event.status == "planned"):
            return False
        when_told = event.when if event else None
        start = day_number(when_told.earliest) if when_told else None
        end = day_number(when_told.latest, last=True) if when_told else None
        return (start is None or last >= start) and (end is None or first <= end)

    def _is_far(self, when: Interval, line: Line) -> bool:
        last, page = day_number(when.latest, last=True), day_number(self._lookup.date(line.sentence.document) or None)
        return last is not None and page is not None and page - last > FAR_DAYS

    def _make(self, event: Event, line: Line, when: Interval | None) -> Happening:
        title, cut = shorten_line(line, TITLE_WORDS)
        return Happening(event, self._lookup.anchor("e", event.id), when, line, title, cut)


def _place(row: Happening) -> tuple[str, int]:
    return row.line.sentence.document, row.line.sentence.start
