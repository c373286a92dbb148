"""The timeline's geometry: a time axis that gives room where much happened, and lanes for labels.

Invariant: positions depend only on the events; the order on the axis is the order of time. The axis is
stretched (the page says so): with a linear one, ten years before and two weeks in the middle of a story
leave the weeks as one blot. The script only zooms in the same coordinate ``u`` in [0, 1].
This module must not know HTML.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyledger.report.lookup import Lookup
from storyledger.report.wording import MONTHS, say_when, shorten, split_date
from storyledger.types import Event, EventWhen, Interval

if TYPE_CHECKING:
    from storyledger.report.happenings import Happening

WIDTH, LANE_HEIGHT, TOP = 1060, 20, 30
LABEL_CHARS, CHAR_WIDTH, DOT_WIDTH = 38, 6.0, 16  # an 11 px sans; the script measures its own
LABEL_LANES, LABEL_GAP = 15, 10  # what finds no room in these lanes is a bare dot below them
RUG_STEP = 12
TICK_GAP = 64


@dataclass(frozen=True, slots=True)
class Dot:
    """An event on the axis: ``u0`` to ``u1`` its interval; ``left``: the label stands left of it; ``bare``: none."""

    anchor: str
    label: str
    title: str
    status: str
    doubt: bool
    importance: float
    actors: str
    u0: float
    u1: float
    x: float
    x1: float
    y: float = 0.0
    left: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A date on the axis; ``level`` 0 is a year, 1 a month, 2 a day."""

    u: float
    x: float
    label: str
    level: int
    shown: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything that the SVG and its script need."""

    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    height: int


def day_number(iso: str | None, last: bool = False) -> int | None:
    """Return the ordinal of an ISO date; of the last day that it allows with ``last``. None for no date."""
    parts = split_date(iso)
    if parts is None or parts[0] < 1:
        return None
    year, month, day = parts
    month = month or (12 if last else 1)
    try:
        if day is not None or not last:
            return dt.date(year, month, day or 1).toordinal()
        return dt.date(year + month // 12, month % 12 + 1, 1).toordinal() - 1
    except ValueError:
        return None


def event_days(event: Event) -> tuple[int, int] | None:
    """Return first and last day on which the event may have been; an open end closes on the other."""
    return days_of(event.when) if event.when else None


def days_of(when: EventWhen | Interval) -> tuple[int, int] | None:
    """Return first and last day of a time, None for one without; an open end closes on the other."""
    first, last = day_number(when.earliest), day_number(when.latest, last=True)
    ends = [day for day in (first, last) if day is not None]
    return (min(ends), max(ends)) if ends else None


class Axis:
    """Days to ``u`` in [0, 1]: between two days with events, the logarithm of the gap; at each, its events."""

    def __init__(self, days: Sequence[int]) -> None:
        """Lay the axis through ``days``, one per event."""
        counts: dict[int, int] = {}
        for day in sorted(days):
            counts[day] = counts.get(day, 0) + 1
        self.days = list(counts)
        position, self.places = 0.0, []
        for index, day in enumerate(self.days):
            gap = day - self.days[index - 1] if index else 0
            position += math.log1p(gap) + 0.6 * counts[day]
            self.places.append(position)
        self.low = self.places[0] - 1 if self.places else 0.0
        self.high = self.places[-1] + 1 if self.places else 1.0

    def place(self, day: int) -> float:
        """Return ``u`` of a day, linear between the two days with events around it."""
        days, places = self.days, self.places
        if not days:
            return 0.5
        if day <= days[0]:
            raw = places[0] - min(1.0, (days[0] - day) / 365)
        elif day >= days[-1]:
            raw = places[-1] + min(1.0, (day - days[-1]) / 365)
        else:
            index = bisect_right(days, day)
            share = (day - days[index - 1]) / (days[index] - days[index - 1])
            raw = places[index - 1] + share * (places[index] - places[index - 1])
        return round((raw - self.low) / (self.high - self.low), 5)


def lay_timeline(lookup: Lookup, happenings: Sequence[Happening]) -> Timeline:
    """Return the drawing of ``happenings``, which have a day each."""
    spans = [(row, span) for row in happenings if row.when and (span := days_of(row.when))]
    axis = Axis([(first + last) // 2 for _, (first, last) in spans])
    dots = _lay_lanes([_make_dot(lookup, row, span, axis) for row, span in spans])
    height = int(max((d.y for d in dots), default=TOP) + LANE_HEIGHT)
    return Timeline(tuple(dots), tuple(_choose_ticks(axis)), height)


def _make_dot(lookup: Lookup, row: Happening, days: tuple[int, int], axis: Axis) -> Dot:
    u0, u1 = axis.place(days[0]), axis.place(days[1])
    event = row.event
    actors = dict.fromkeys(lookup.anchor("a", p.actor) for p in event.participants)
    return Dot(
        anchor=row.anchor,
        label=shorten(row.words, LABEL_CHARS),
        title=f"{say_when(row.when)}: {row.words}",
        status=event.status,
        doubt=event.confidence < 0.7,
        importance=event.importance,
        actors=" ".join(actors),
        u0=u0,
        u1=u1,
        x=round(u0 * WIDTH, 1),
        x1=round(u1 * WIDTH, 1),
    )


def _lay_lanes(dots: list[Dot]) -> list[Dot]:
    """Give labels their lanes, the most important first; the rest are bare dots in rows below."""
    lanes: list[list[tuple[float, float]]] = []
    laid, bare = [], []
    for dot in sorted(dots, key=lambda d: (-d.importance, d.u0, d.anchor)):
        label = DOT_WIDTH + len(dot.label) * CHAR_WIDTH
        left = dot.x + label > WIDTH
        box = (dot.x - label if left else dot.x - 6, max(dot.x + (6 if left else label), dot.x1) + LABEL_GAP)
        lane = _find_lane(lanes, box, LABEL_LANES)
        if lane is None:
            bare.append(dot)
        else:
            laid.append(dataclasses.replace(dot, y=TOP + (lane + 0.5) * LANE_HEIGHT, left=left))
    top = TOP + len(lanes) * LANE_HEIGHT + 8
    rows: list[list[tuple[float, float]]] = []
    for dot in sorted(bare, key=lambda d: (d.u0, d.anchor)):
        row = _find_lane(rows, (dot.x, dot.x + RUG_STEP), len(bare))
        laid.append(dataclasses.replace(dot, y=top + ((row or 0) + 0.5) * RUG_STEP, bare=True))
    return sorted(laid, key=lambda d: (d.u0, d.u1, d.anchor))


def _find_lane(lanes: list[list[tuple[float, float]]], box: tuple[float, float], limit: int) -> int | None:
    """Put ``box`` in the first lane where it covers nothing, opening a new one up to ``limit``."""
    for number, lane in enumerate(lanes):
        if all(box[1] <= start or box[0] >= end for start, end in lane):
            lane.append(box)
            return number
    if len(lanes) >= limit:
        return None
    lanes.append([box])
    return len(lanes) - 1


def _choose_ticks(axis: Axis) -> list[Tick]:
    """Years first, then months, then days, each where it has room and something happened."""
    days = [dt.date.fromordinal(n) for n in axis.days]
    marks = [(max(dt.date(y, 1, 1), days[0]), 0, str(y)) for y in sorted({d.year for d in days})]
    months = sorted({(d.year, d.month) for d in days})
    marks += [(max(dt.date(y, m, 1), days[0]), 1, f"{MONTHS[m - 1][:3]} {y}") for y, m in months]
    marks += [(d, 2, f"{d.day} {MONTHS[d.month - 1][:3]} {d.year}") for d in days]
    taken: list[float] = []
    ticks = []
    for day, level, label in marks:
        u = axis.place(day.toordinal())
        free = u < 0.97 and all(abs(u * WIDTH - x) >= TICK_GAP for x in taken)
        if free:
            taken.append(u * WIDTH)
        ticks.append(Tick(u, round(max(u * WIDTH, 16), 1), label, level, free))
    return ticks
