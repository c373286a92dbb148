"""The map's geometry: the part of the earth where the story happens, the countries' outlines, dots and labels.

Drawn in degrees made even at the middle latitude, which is true enough for a region and needs no explaining; nothing is
fetched. Invariant: a dot stands where its coordinates are; labels never cover each other, and one that finds no room is
left out (the table has them all). This module must not know HTML.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from storyledger.geography import Located, Outline, Whereabouts, list_outlines

WIDTH = 720
LOWEST, HIGHEST = 0.5, 0.72  # of the height, in widths
MARGIN = 0.14  # of the frame, on each side
LEAST_DEGREES = 5.0  # of latitude: less shows no country
WHOLE_DEGREES = 150.0  # of longitude: more is the whole earth
SOUTH, NORTH = -58.0, 80.0
MOST_OUTSIDE = 0.2  # of the weight may stand outside, where the frame would otherwise be this many times as large:
STRETCH = 3.0
STEPS = (1, 2, 5, 10, 20, 30)
NEAREST = 0.8  # points of an outline nearer than this to the one before are left out
CLIP = 8.0  # beyond the frame, so that no cut shows
SIZES = (("wide", 12.0), ("narrow", 23.0))  # labels for two widths of screen: font in units of the drawing
CHAR = 0.56  # of the font's size
MOST_LABELS = 40
LARGEST = 15.0


@dataclass(frozen=True, slots=True)
class Land:
    """A country's outline as an SVG path; ``named``: pages of the story name it."""

    path: str
    name: str
    named: bool


@dataclass(frozen=True, slots=True)
class MapDot:
    """A place: where, how large (by its events), the anchor of its row in the table; ``whole``: a country."""

    anchor: str
    x: float
    y: float
    r: float
    sure: bool
    whole: bool
    title: str


@dataclass(frozen=True, slots=True)
class MapLabel:
    """A name beside its dot, or a country's in its middle. ``end``: the text ends at ``x``."""

    x: float
    y: float
    text: str
    align: str  # SVG's text-anchor
    kind: str  # "place" or "country"


@dataclass(frozen=True, slots=True)
class Atlas:
    """Everything that the SVG needs, and the places in the order of the table; ``outside``: those off the map."""

    height: int
    land: tuple[Land, ...]
    grid: str
    dots: tuple[MapDot, ...]
    labels: tuple[tuple[str, float, tuple[MapLabel, ...]], ...]  # by width of screen: its name, font size, labels
    places: tuple[Located, ...]
    outside: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """A window on the earth in degrees; ``flat``: how much a degree of longitude is shortened."""

    west: float
    east: float
    south: float
    north: float

    @property
    def flat(self) -> float:
        return max(math.cos(math.radians((self.south + self.north) / 2)), 0.2)

    @property
    def scale(self) -> float:
        return WIDTH / ((self.east - self.west) * self.flat)

    @property
    def height(self) -> float:
        return (self.north - self.south) * self.scale

    def place(self, longitude: Any, latitude: Any) -> tuple[Any, Any]:
        return (longitude - self.west) * self.flat * self.scale, (self.north - latitude) * self.scale

    def turn(self, longitude: float) -> float:
        """Return the longitude as one within half a turn of the frame's middle."""
        middle = (self.west + self.east) / 2
        return longitude + 360 * round((middle - longitude) / 360)


def draw_atlas(found: Whereabouts) -> Atlas | None:
    """Return the map of the places where something happened, else of those that are named; None without any."""
    places = tuple(p for p in found.places if p.kind == "place" or p.events)
    happened = [p for p in places if p.events] or list(places)
    if not happened:
        return None
    frame = _choose_frame(happened)
    shown = [(n, p) for n, p in enumerate(places, 1) if _is_inside(frame, p)]
    dots = tuple(sorted((_make_dot(frame, f"place{n}", p) for n, p in shown), key=lambda d: -d.r))
    outlines = [o for o in list_outlines() if o.code != "AQ"]
    labels = tuple((name, size, _lay_labels(frame, shown, outlines, size)) for name, size in SIZES)
    return Atlas(
        round(frame.height),
        tuple(_iter_land(frame, outlines, found.countries)),
        _draw_grid(frame),
        dots,
        labels,
        places,
        tuple(p.name for p in places if p.events and not _is_inside(frame, p)),
        found.unknown,
    )


# ------------------------------------------------------------------ the frame


def _choose_frame(places: Sequence[Located]) -> _Frame:
    """Return the window on the places, without few that lie far off: they would leave the rest one blot."""
    weights = [len(p.events) + 1 for p in places]
    middle = min(places, key=lambda p: math.fsum(w * _far(p, q) for q, w in zip(places, weights, strict=True)))
    ordered = sorted(zip(places, weights, strict=True), key=lambda row: (_far(middle, row[0]), row[0].actor))
    kept, held = [ordered[0][0]], ordered[0][1]
    for place, weight in ordered[1:]:
        wider = _measure(_fit([*kept, place])) > STRETCH * _measure(_fit(kept))
        if held >= (1 - MOST_OUTSIDE) * math.fsum(weights) and wider:
            break
        kept.append(place)
        held += weight
    return _fit(kept)


def _far(a: Located, b: Located) -> float:
    turn = abs(a.spot.longitude - b.spot.longitude) % 360
    across = min(turn, 360 - turn) * math.cos(math.radians((a.spot.latitude + b.spot.latitude) / 2))
    return math.hypot(across, a.spot.latitude - b.spot.latitude)


def _measure(frame: _Frame) -> float:
    return (frame.east - frame.west) * (frame.north - frame.south)


def _fit(places: Sequence[Located]) -> _Frame:
    west, east = _span_longitudes([p.spot.longitude for p in places])
    if east - west > WHOLE_DEGREES:
        return _Frame(-170.0, 190.0, SOUTH, NORTH)
    south, north = (f(p.spot.latitude for p in places) for f in (min, max))
    middle, flat = (south + north) / 2, max(math.cos(math.radians((south + north) / 2)), 0.2)
    tall = max((north - south) * (1 + 2 * MARGIN), LEAST_DEGREES)
    broad = max((east - west) * flat * (1 + 2 * MARGIN), tall / HIGHEST)
    tall = max(tall, broad * LOWEST)
    across = (west + east) / 2
    low = max(middle - tall / 2, -85.0)
    return _Frame(across - broad / flat / 2, across + broad / flat / 2, low, min(low + tall, 88.0))


def _span_longitudes(longitudes: Sequence[float]) -> tuple[float, float]:
    """Return west and east of the shortest span that has all longitudes; east may be beyond 180."""
    ordered = sorted(set(longitudes))
    gaps = [(b - a, b, a) for a, b in zip(ordered, [*ordered[1:], ordered[0] + 360], strict=True)]
    _, west, east = max(gaps)
    west = west - 360 if west > 180 else west
    return west, east if east >= west else east + 360


def _is_inside(frame: _Frame, place: Located) -> bool:
    longitude = frame.turn(place.spot.longitude)
    return frame.west < longitude < frame.east and frame.south < place.spot.latitude < frame.north


# ------------------------------------------------------------------ land


def _iter_land(frame: _Frame, outlines: Iterable[Outline], named: frozenset[str]) -> Iterable[Land]:
    for outline in outlines:
        parts = [p for ring in outline.rings for turn in (-360, 0, 360) if (p := _draw_ring(frame, ring, turn))]
        if parts:
            yield Land("".join(parts), outline.name, outline.code in named)


def _draw_ring(frame: _Frame, ring: Any, turn: int) -> str:
    west, south = ring.min(axis=0)
    east, north = ring.max(axis=0)
    if west + turn > frame.east or east + turn < frame.west or south > frame.north or north < frame.south:
        return ""
    x, y = frame.place(ring[:, 0] + turn, ring[:, 1])
    points = _thin(np.column_stack([x, y]))
    clipped = _clip(points.tolist(), frame.height)
    if len(clipped) < 3:
        return ""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in clipped) + "Z"


def _thin(points: Any) -> Any:
    """Return a ring without the points that no eye can tell from their neighbour."""
    cells = np.round(points / NEAREST)
    return points[np.append(True, np.any(np.diff(cells, axis=0) != 0, axis=1))]


def _clip(points: list[list[float]], height: float) -> list[list[float]]:
    """Return a ring cut at the frame and a little beyond. Source: Sutherland and Hodgman 1974."""
    for axis, edge, sign in ((0, -CLIP, 1), (0, WIDTH + CLIP, -1), (1, -CLIP, 1), (1, height + CLIP, -1)):
        out: list[list[float]] = []
        for a, b in zip([points[-1], *points[:-1]] if points else [], points, strict=True):
            inside_a, inside_b = sign * a[axis] >= sign * edge, sign * b[axis] >= sign * edge
            if inside_a != inside_b:
                share = (edge - a[axis]) / (b[axis] - a[axis])
                out.append([a[k] + share * (b[k] - a[k]) for k in (0, 1)])
            if inside_b:
                out.append(b)
        points = out
    return points


def _draw_grid(frame: _Frame) -> str:
    """Return the lines of latitude and longitude as one path."""
    step = next((s for s in STEPS if (frame.north - frame.south) / s <= 6), STEPS[-1])
    across = next((s for s in STEPS if (frame.east - frame.west) / s <= 9), STEPS[-1])
    rows = range(math.ceil(frame.south / step) * step, math.floor(frame.north) + 1, step)
    columns = range(math.ceil(frame.west / across) * across, math.floor(frame.east) + 1, across)
    lines = [f"M0 {frame.place(0, degree)[1]:.1f}H{WIDTH}" for degree in rows]
    lines += [f"M{frame.place(degree, 0)[0]:.1f} 0V{frame.height:.0f}" for degree in columns]
    return "".join(lines)


# ------------------------------------------------------------------ dots and labels


def _make_dot(frame: _Frame, anchor: str, place: Located) -> MapDot:
    x, y = _place(frame, place)
    count = len(place.events)
    told = f"{count} event{'s' if count != 1 else ''}" if count else "named"
    title = f"{place.name}: {told}{'' if place.sure else '; unsure which place is meant'}"
    return MapDot(anchor, x, y, _size(place), place.sure, place.kind == "country", title)


def _size(place: Located) -> float:
    return round(min(3.5 + 2.5 * math.sqrt(len(place.events)), LARGEST), 1) if place.events else 3.0


def _place(frame: _Frame, place: Located) -> tuple[float, float]:
    x, y = frame.place(frame.turn(place.spot.longitude), place.spot.latitude)
    return round(x, 1), round(y, 1)


def _lay_labels(
    frame: _Frame, shown: Sequence[tuple[int, Located]], outlines: Iterable[Outline], size: float
) -> tuple[MapLabel, ...]:
    """Return the labels that find room: places by weight, then the countries' names."""
    taken = []
    for _, place in shown:
        x, y = _place(frame, place)
        r = _size(place) if place.events else 0.0
        taken.append((x - r, y - r, x + r, y + r))
    labels: list[MapLabel] = []

    def put(x: float, y: float, text: str, align: str, kind: str) -> bool:
        broad = len(text) * CHAR * size * (1.15 if kind == "country" else 1.0)
        left = x - broad * {"start": 0.0, "middle": 0.5, "end": 1.0}[align]
        box = (left - 2, y - size * 0.8, left + broad + 2, y + size * 0.25)
        outside = box[0] < 0 or box[2] > WIDTH or box[1] < 0 or box[3] > frame.height
        if outside or any(box[0] < c and a < box[2] and box[1] < d and b < box[3] for a, b, c, d in taken):
            return False
        taken.append(box)
        labels.append(MapLabel(round(x, 1), round(y, 1), text, align, kind))
        return True

    for _, place in shown[:MOST_LABELS]:
        x, y = _place(frame, place)
        r = _size(place) + 3
        spots = ((x + r, y + size * 0.35, "start"), (x - r, y + size * 0.35, "end"))
        beside = ((x, y - r - 1, "middle"), (x, y + r + size * 0.75, "middle"))
        any(put(left, low, place.name, align, place.kind) for left, low, align in (*spots, *beside))
    whole = {place.spot.country for _, place in shown if place.kind == "country"}
    for outline in outlines:
        longitude = frame.turn(outline.middle[0])
        x, y = frame.place(longitude, outline.middle[1])
        if 0 < x < WIDTH and 0 < y < frame.height and (not outline.code or outline.code not in whole):
            put(x, y, outline.name, "middle", "country")
    return tuple(labels)
