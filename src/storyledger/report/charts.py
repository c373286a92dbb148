"""A small chart per quantity: each figure at its page's date, its value beside it.

Invariant: a figure's place shows its value and nothing else; a range is a bar, a bound has an arrow.
This module must not know HTML.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storyledger.report.lookup import Lookup
from storyledger.report.timeline import day_number
from storyledger.report.wording import MONTHS, say_day, say_figure, say_number, shorten
from storyledger.types import Figure

MOST_POINTS = 160  # of a chart: setting them apart compares each with each
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 460, 190, 58, 40, 18, 32
POINT_SIZE = 11
LABEL_WIDTH, LABEL_HEIGHT = 34, 13


@dataclass(frozen=True, slots=True)
class Point:
    """A figure in the chart; ``y_low`` and ``y_high`` where it is a range, ``bound`` up or down for a limit."""

    href: str
    x: float
    y: float
    y_low: float | None
    y_high: float | None
    bound: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing of a quantity."""

    points: tuple[Point, ...]
    x_labels: tuple[tuple[float, str], ...]
    y_labels: tuple[tuple[float, str], ...]


def _values(figure: Figure) -> list[float]:
    return [v for v in (figure.low, figure.value, figure.high) if v is not None]


def draw_chart(lookup: Lookup, figures: Sequence[Figure]) -> Chart | None:
    """Return the figures at their pages' days, None where there is nothing to see: one value, or no day."""
    drawn = [f for f in figures if _values(f) and lookup.date(f.evidence.document)][:MOST_POINTS]
    values = [v for f in drawn for v in _values(f)]
    if len(set(values)) < 2:
        return None
    low, high = min(values), max(values)
    pad = (high - low) * 0.12
    bottom, top = (0.0 if 0 <= low < (high - low) else low - pad), high + pad

    def y(value: float) -> float:
        return round(TOP + (top - value) / (top - bottom) * (HEIGHT - TOP - BOTTOM), 1)

    places = _place_dates(sorted({lookup.date(f.evidence.document) for f in drawn}))
    points = [_make_point(lookup, f, places[lookup.date(f.evidence.document)], y) for f in drawn]
    y_labels = tuple((y(v), say_number(v)) for v in _choose_grid(bottom, top))
    return Chart(_spread(points), _label_dates(places), y_labels)


def _choose_grid(bottom: float, top: float) -> list[float]:
    """Return round values across the axis: steps of 1, 2 or 5 times a power of ten, three to six of them."""
    raw = (top - bottom) / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= raw)
    first = math.ceil(bottom / step)
    return [round(n * step, 10) for n in range(first, math.floor(top / step) + 1)]


def _place_dates(dates: list[str]) -> dict[str, float]:
    """Dates at equal steps with a share of the true distance: a year's gap must not crush ten days."""
    days = [day_number(d) or 0 for d in dates]
    span = max(days[-1] - days[0], 1)
    places = {}
    for index, (date, day) in enumerate(zip(dates, days, strict=True)):
        even = index / (len(dates) - 1) if len(dates) > 1 else 0.5
        true = (day - days[0]) / span if len(dates) > 1 else 0.5
        places[date] = round(LEFT + 12 + (0.65 * even + 0.35 * true) * (WIDTH - LEFT - RIGHT - 24), 1)
    return places


def _label_dates(places: dict[str, float]) -> tuple[tuple[float, str], ...]:
    labels: list[tuple[float, str]] = []
    for date, x in places.items():
        if not labels or x - labels[-1][0] >= 96:
            words = say_day(date or None).split()
            labels.append((x, " ".join(w[:3] if w in MONTHS else w for w in words)))
    return tuple(labels)


def _make_point(lookup: Lookup, figure: Figure, x: float, y: Callable[[float], float]) -> Point:
    values = _values(figure)
    ranged = figure.low is not None and figure.high is not None
    bound = {">": "up", ">=": "up", "<": "down", "<=": "down"}.get(figure.comparator, "")
    title = f"{say_figure(figure)}, {lookup.cite(figure.evidence.document)}: {shorten(figure.evidence.text, 90)}"
    middle = figure.value if figure.value is not None else math.fsum(values) / len(values)
    low, high = (y(min(values)), y(max(values))) if ranged else (None, None)
    label = ("≥ " if bound == "up" else "≤ " if bound == "down" else "") + say_number(middle)
    if ranged:
        label = f"{say_number(min(values))}–{say_number(max(values))}"
    return Point(lookup.evidence_href(figure.evidence), x, y(middle), low, high, bound, label, title)


def _spread(points: Sequence[Point]) -> tuple[Point, ...]:
    """Set points that would cover each other side by side, and leave off labels that would."""
    spread: list[Point] = []
    for point in points:
        x = point.x
        while any(abs(x - o.x) < POINT_SIZE and abs(point.y - o.y) < POINT_SIZE for o in spread):
            x += POINT_SIZE
        covered = any(o.label and abs(x - o.x) < LABEL_WIDTH and abs(point.y - o.y) < LABEL_HEIGHT for o in spread)
        spread.append(dataclasses.replace(point, x=round(x, 1), label="" if covered else point.label))
    return tuple(spread)
