"""A small chart per quantity: each figure at its page's date, conflicts marked.

Invariant: a figure's place shows its value and nothing else; a range is a bar, a bound has an arrow.
This module must not know HTML.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storyledger.report.lookup import Lookup
from storyledger.report.timeline import day_number
from storyledger.report.wording import MONTHS, say_day, say_figure, say_number, shorten
from storyledger.types import Figure, FigureRelation, Quantity

MOST_POINTS = 160  # of a chart; the table below it has all
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 460, 190, 58, 40, 18, 32
POINT_SIZE = 15


@dataclass(frozen=True, slots=True)
class Point:
    """A figure in the chart; ``y_low`` and ``y_high`` where it is a range, ``bound`` up or down for a limit."""

    anchor: str
    x: float
    y: float
    y_low: float | None
    y_high: float | None
    bound: str
    conflict: bool
    outlet: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """A figure in the table below the chart."""

    figure: Figure
    anchor: str
    date: str
    conflicts: tuple[Figure, ...]
    outlet: str


@dataclass(frozen=True, slots=True)
class QuantityView:
    """A ledger entry: chart, table and how its pairs stand to each other."""

    anchor: str
    quantity: Quantity
    rows: tuple[Row, ...]
    points: tuple[Point, ...]
    x_labels: tuple[tuple[float, str], ...]
    y_labels: tuple[tuple[float, str], ...]
    labels: tuple[tuple[str, int], ...]
    conflicts: tuple[FigureRelation, ...]
    outlets: tuple[tuple[str, str], ...]


def view_quantity(lookup: Lookup, quantity: Quantity, outlets: dict[str, str]) -> QuantityView:
    """Return the chart and the table of ``quantity``; ``outlets`` gives each outlet its letter."""
    conflicts = tuple(r for r in quantity.relations if r.label == "conflict" and {r.a, r.b} <= lookup.figures.keys())
    against: dict[str, list[str]] = {}
    for relation in conflicts:
        against.setdefault(relation.a, []).append(relation.b)
        against.setdefault(relation.b, []).append(relation.a)
    figures = [lookup.figures[key] for key in quantity.entries if key in lookup.figures]
    figures.sort(key=lambda f: (lookup.date(f.evidence.document), f.value or f.low or 0.0))
    rows = tuple(_make_row(lookup, figure, against.get(figure.id, ()), outlets) for figure in figures)
    counts: dict[str, int] = {}
    for relation in quantity.relations:
        counts[relation.label] = counts.get(relation.label, 0) + 1
    points, x_labels, y_labels = _draw(lookup, rows)
    seen = sorted({(row.outlet, lookup.outlet(row.figure.evidence.document)) for row in rows})
    labels = tuple(sorted(counts.items()))
    anchor = lookup.anchor("q", quantity.id)
    return QuantityView(anchor, quantity, rows, points, x_labels, y_labels, labels, conflicts, tuple(seen))


def _make_row(lookup: Lookup, figure: Figure, others: Sequence[str], outlets: dict[str, str]) -> Row:
    document = figure.evidence.document
    return Row(
        figure,
        lookup.anchor("f", figure.id),
        lookup.date(document),
        tuple(lookup.figures[key] for key in others),
        outlets.get(lookup.outlet(document), "·"),
    )


def _values(figure: Figure) -> list[float]:
    return [v for v in (figure.low, figure.value, figure.high) if v is not None]


def _draw(
    lookup: Lookup, rows: tuple[Row, ...]
) -> tuple[tuple[Point, ...], tuple[tuple[float, str], ...], tuple[tuple[float, str], ...]]:
    drawn = _choose_drawn([row for row in rows if _values(row.figure)])
    if len({v for row in drawn for v in _values(row.figure)}) < 2:  # nothing to see: the table says it
        return (), (), ()
    values = [v for row in drawn for v in _values(row.figure)]
    low, high = min(values), max(values)
    pad = (high - low) * 0.12 or max(abs(high) * 0.1, 1.0)
    bottom, top = (0.0 if 0 <= low < (high - low) else low - pad), high + pad

    def y(value: float) -> float:
        return round(TOP + (top - value) / (top - bottom) * (HEIGHT - TOP - BOTTOM), 1)

    places = _place_dates(drawn)
    points = tuple(_make_point(lookup, row, places[row.date], y) for row in drawn)
    y_labels = tuple((y(v), say_number(v)) for v in dict.fromkeys((low, high)))
    return _spread(points), _label_dates(places), y_labels


def _choose_drawn(rows: list[Row]) -> list[Row]:
    """All rows of a chart that holds them; of more, one for each value of a day, and of those every so manieth."""
    if len(rows) <= MOST_POINTS:
        return rows
    apart = list({(row.date, *_values(row.figure)): row for row in reversed(rows)}.values())[::-1]
    step = -(-len(apart) // MOST_POINTS)
    return apart[::step]


def _place_dates(rows: list[Row]) -> dict[str, float]:
    """Dates at equal steps with a share of the true distance: a year's gap must not crush ten days."""
    dates = sorted({row.date for row in rows})
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


def _make_point(lookup: Lookup, row: Row, x: float, y: Callable[[float], float]) -> Point:
    figure = row.figure
    values = _values(figure)
    ranged = figure.low is not None and figure.high is not None
    bound = {">": "up", ">=": "up", "<": "down", "<=": "down"}.get(figure.comparator, "")
    title = f"{say_figure(figure)}, {lookup.cite(figure.evidence.document)}: {shorten(figure.evidence.text, 90)}"
    middle = figure.value if figure.value is not None else sum(values) / len(values)
    low, high = (y(min(values)), y(max(values))) if ranged else (None, None)
    return Point(
        row.anchor,
        x,
        y(middle),
        low,
        high,
        bound,
        bool(row.conflicts),
        row.outlet,
        title,
    )


def _spread(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Set points that would cover each other side by side."""
    spread: list[Point] = []
    for point in points:
        x = point.x
        while any(abs(x - other.x) < POINT_SIZE and abs(point.y - other.y) < POINT_SIZE for other in spread):
            x += POINT_SIZE
        spread.append(dataclasses.replace(point, x=round(x, 1)))
    return tuple(spread)
