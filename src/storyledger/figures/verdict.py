"""The label of a pair of figures of one quantity: agree, rounded, superseded, compatible or conflict.

Equal values agree. What else a pair is, a scorer says from its values, days, sources and the other figures of the
quantity: a value that is told again after another was told has not been replaced by it. Invariant: the label does not
depend on the order of the pair; a conflict that is not sure is shown as compatible. This module must not know how
quantities are found.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from storyledger.language import load_words
from storyledger.linkage import Weights, load_weights

from .credits import are_rivals
from .entries import BESIDE_CHARS, CONTRAST, Entry
from .lexicon import fate_words, people_nouns
from .links import count_credits
from .rounding import count_digits, fewer_digits, is_loose, is_near, is_rounded

Label = Literal["agree", "rounded", "superseded", "compatible", "conflict"]
JUDGED: tuple[Label, ...] = ("conflict", "superseded", "rounded")  # each with weights of its own; in doubt compatible
# what the probability of one quantity, and that times the one of a conflict, must be for a conflict; someone must also
# set the values against each other (``is_disputed``): in folds .85 of such pairs are marked ones, three of four
# pairs of values; with .7 and .4 183 of 225 and 34 of 48, without the conditions less than .7
LINKED, SURE_CONFLICT = 0.8, 0.55
SURE_UNREAD = 0.45  # the same where nothing was read: without credits the scorer is never as sure
ONE_TIME_DAYS = 1  # between the pages of two numbers at odds; what a later page tells, unless it tells both, is later
LEAST = 0.2  # below it no label is told; chosen on the training piles
ROUNDED_RIGHT = 0.75  # of such pairs in the marked quantities; most others were later counts
CONVERTED = 0.03  # the error of a conversion between units
AGREED = 0.9
# of equal numbers told in two units, one of them a guess: on a timeline of 90 pages 60,000 meals agreed with as many
# families, and 25 km with as many staff; so they are in the ledger and not shown
OTHER_UNIT = 0.5

FEATURES: dict[str, str] = {
    "ratio": "how far apart the values are (natural logarithm of their quotient)",
    "share": "the difference as a share of the larger value",
    "fits": "one value lies within what the other allows",
    "earlier_exact": "the earlier one is told as exact",
    "earlier_about": "the earlier one is told as about",
    "earlier_least": "the earlier one is a lower bound",
    "earlier_most": "the earlier one is an upper bound",
    "later_exact": "the later one is told as exact",
    "later_about": "the later one is told as about",
    "later_least": "the later one is a lower bound",
    "later_most": "the later one is an upper bound",
    "grows": "the later page has the larger value",
    "days": "days between the pages, as logarithm",
    "held_days": "days between what the figures hold for, as logarithm",
    "told_day": "how many of the two sentences tell a day",
    "one_page": "both stand on one page",
    "one_sentence": "both stand in one sentence",
    "one_speaker": "one actor says both",
    "two_speakers": "two actors say them",
    "one_outlet": "one outlet prints both",
    "running": "they count what grows or shrinks while a story runs",
    "people": "they count people",
    "money": "they are money",
    "percent": "they are shares",
    "earlier_again": "how often the earlier value is told on the later page's day or after it",
    "later_before": "how often the later value is told before or on the earlier page's day",
    "values": "how many values the quantity has",
    "rising": "the share of the quantity's steps in time that rise",
    "entries": "how many figures the quantity has, as logarithm",
    "corrects": "one stands beside words of correction",
    "fewer_digits": "one may be the other with fewer digits",
    "loose": "how many are told loosely: nearly 300, a quarter of a million",
    "loose_rounder": "one told loosely has fewer digits than the other, and they are near each other",
    "shared_pages": "pages that tell both values",
    "shared_share": "the same as a share of the pages of the rarer value",
    "beside": "places where both values stand close by",
    "contrast": "the share of those with words of contrast or of saying between them",
    "rivals": "of those, places where two sources are credited with the values",
    "one_credited": "places where one of the values is credited and not the other",
    "one_source": "places where one source is credited with both",
    "refused": "places where one of the values is refused: not 31",
    "changed": "the share of places where words of change or a day stand with the values",
    "credits_apart": "both values are credited somewhere, and no word of the credits is shared",
    "shared_speakers": "some actor says both values",
    "apart_speakers": "both values have actors who say them, and none says both",
    "meanwhile": "both values are told in one period",
    "first_days": "days between the first tellings of the values, as logarithm",
    "earlier_times": "how often the earlier value is told",
    "later_times": "how often the later value is told",
    "replaced": "the last telling of the earlier value comes before the first of the later",
    "change": "words of change stand beside the later figure",
}
_CONTRAST, _RUNNING, _RIVALS = (list(FEATURES).index(name) for name in ("contrast", "running", "rivals"))
RUNNING = frozenset(("dead", "missing", "injured", "rescued", "displaced", "arrested", "infected"))


class Place(NamedTuple):
    """Where a page tells a value: are words of contrast near, whose number is it, is it refused, told of a day."""

    start: int
    contrast: bool
    credit: frozenset[str]
    refused: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class Told:
    """All tellings of one value in a quantity; ``places``: on each page; ``credits``: words of all its credits."""

    count: int
    places: Mapping[str, tuple[Place, ...]]
    credits: frozenset[str]
    speakers: frozenset[str]
    first: str
    last: str


def judge_group(
    group: Sequence[Entry], pairs: Sequence[tuple[int, int]], find_link: Callable[[float, float], float]
) -> list[tuple[Label, float]]:
    """Return for each pair of the quantity's entries its label and how sure it is.

    Args:
        group: the entries.
        pairs: places in ``group``.
        find_link: says how surely two values are of one quantity.

    Raises:
        ValueError: the weights were fitted on other features than ``FEATURES``.
    """
    unlike = [n for n, (i, j) in enumerate(pairs) if not is_equal(group[i], group[j])]
    labels: list[tuple[Label, float]] = [("agree", _agreed(group[i], group[j], find_link)) for i, j in pairs]
    if not unlike:
        return labels
    survey = Survey(group)
    rows = np.array([measure_verdict(survey, *pairs[n]) for n in unlike], np.float64)
    shares = {label: _load(label).probabilities(rows) for label in JUDGED}
    sure = SURE_CONFLICT if any(len(e.vector) for e in group) else SURE_UNREAD
    for k, n in enumerate(unlike):
        a, b = group[pairs[n][0]], group[pairs[n][1]]
        if is_rounded(a.value, b.value):
            labels[n] = "rounded", ROUNDED_RIGHT
            continue
        likely = {label: float(shares[label][k]) for label in JUDGED}
        disputed = is_disputed(rows[k]) and may_be_at_odds(a, b) and not are_unlike(a, b)
        labels[n] = choose_label(likely, find_link(a.value, b.value), disputed, sure)
    return labels


def _agreed(a: Entry, b: Entry, find_link: Callable[[float, float], float]) -> float:
    """Return how sure it is that two equal values agree: that both are of the quantity."""
    units = 1.0 if a.dimension == b.dimension else OTHER_UNIT
    return AGREED * units * (find_link(a.value, b.value) if a.value == b.value else 1.0)


def _load(label: Label) -> Weights:
    weights = load_weights(__package__, f"{label}.json")
    if weights.features != tuple(FEATURES):
        raise ValueError(f"{label}.json was fitted on other features: run python -m train.ledger")
    return weights


def is_disputed(row_F: NDArray[np.float64] | Sequence[float]) -> bool:
    """Return whether a pair's numbers allow a conflict: someone sets the values against each other, and both stand.

    Either two sources are credited with them side by side, or words of contrast stand between what does not grow.
    """
    return bool(row_F[_RIVALS] > 0 or (row_F[_CONTRAST] > 0 and not row_F[_RUNNING]))


def may_be_at_odds(a: Entry, b: Entry) -> bool:
    """Return whether the places of two numbers allow a conflict of them.

    They stand beside each other on one page, or on two pages of one day or two: what a later page tells is later. And
    they are not parts of a comparison ("one added 54 while another added 31"), unless two sources are credited.
    """
    if a.figure.evidence.document != b.figure.evidence.document:
        days = None if a.published is None or b.published is None else abs((a.published - b.published).days)
        return days is not None and days <= ONE_TIME_DAYS
    if abs(a.figure.evidence.start - b.figure.evidence.start) >= BESIDE_CHARS:
        return False
    return are_rivals(a.credit, b.credit) or not (_COMPARES.search(a.beside) or _COMPARES.search(b.beside))


_COMPARES = re.compile(r"\b(?:while|whereas)\b", re.IGNORECASE)


def are_unlike(a: Entry, b: Entry) -> bool:
    """Return whether two numbers tell what cannot be at odds.

    A thing and people ("45 people", "31 families"); people and a class of them ("319 were aboard", "278 passengers");
    what is allowed or meant and what is ("a limit of 12 knots", "18 knots").
    """
    if bool(_BOUNDS & _words(a)) != bool(_BOUNDS & _words(b)):
        return True
    if a.dimension != b.dimension and not (a.open or b.open):
        return True
    few, many = sorted((a, b), key=lambda e: e.value)
    whole = not _classes(many) and (bool(_PEOPLE & _words(many)) or many.kind == "aboard")
    return whole and bool(_classes(few))


_BOUNDS = load_words(__package__, "lexicon.toml", "bounds")
_PEOPLE = load_words(__package__, "lexicon.toml", "whole_people")


def _classes(entry: Entry) -> frozenset[str]:
    """The nouns by which an entry counts a class of people: passengers, children, guards."""
    return (_words(entry) & people_nouns()) - _PEOPLE - fate_words(RUNNING)


def _words(entry: Entry) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", f"{entry.figure.about} {entry.figure.evidence.text}".lower()))


def choose_label(
    shares: Mapping[Label, float], link: float, disputed: bool, sure: float = SURE_CONFLICT
) -> tuple[Label, float]:
    """Return the likeliest label with its probability; what is in doubt, or a conflict not sure, is compatible.

    Args:
        shares: the probability of each label, if the values are of one quantity.
        link: the probability that they are.
        disputed: whether they may conflict at all.
        sure: how likely a conflict must be.
    """
    share, label = max((share, label) for label, share in shares.items())
    if share < LEAST or (label == "conflict" and not (disputed and link >= LINKED and link * share >= sure)):
        return "compatible", 1.0 - share
    return label, link * share


class Survey:
    """What all pairs of a quantity's entries are measured against, worked out once for the quantity."""

    def __init__(self, group: Sequence[Entry]) -> None:
        """Go through the entries of the quantity."""
        self.group = group
        by_value: dict[float, list[Entry]] = {}
        for entry in group:
            by_value.setdefault(entry.value, []).append(entry)
        self.told = {value: _gather(found) for value, found in by_value.items()}
        self.rising = _rising(group)
        self._by_value = sorted(group, key=lambda e: e.value)
        self._values = [e.value for e in self._by_value]
        self._by_bounds: dict[tuple[float, float], list[Entry]] = {}
        for entry in group:
            self._by_bounds.setdefault((entry.low, entry.high), []).append(entry)
        self._changes = {id(e): bool(_CHANGE.search(e.beside)) for e in group}
        self._days: dict[tuple[object, ...], list[str]] = {}
        self._tellings: dict[tuple[float, float], list[float]] = {}

    def count_again(self, entry: Entry, day: str) -> int:
        """Return how many other entries tell the same on ``day`` or after it."""
        days = self._equal_days(entry)
        return len(days) - bisect_left(days, day) - (is_equal(entry, entry) and _day(entry) >= day)

    def count_before(self, entry: Entry, day: str) -> int:
        """Return how many other entries tell the same on ``day`` or before it."""
        return bisect_right(self._equal_days(entry), day) - (is_equal(entry, entry) and _day(entry) <= day)

    def tells_change(self, entry: Entry) -> bool:
        """Return whether words of change stand beside the figure."""
        return self._changes[id(entry)]

    def measure_tellings(self, a: float, b: float) -> list[float]:
        """Return what the tellings of two values say of each other: ``shared_pages`` to ``replaced``."""
        known = self._tellings.get((a, b))
        if known is None:
            known = self._tellings[a, b] = _measure_tellings(self.told[a], self.told[b])
        return known

    def _equal_days(self, entry: Entry) -> list[str]:
        """The days, in order, of all entries that are equal to ``entry``."""
        key = (entry.value, entry.figure.unit, entry.low, entry.high, entry.figure.value is None)
        days = self._days.get(key)
        if days is None:
            slack = abs(entry.value) * CONVERTED / (1 - CONVERTED) + 1e-6
            first = bisect_left(self._values, entry.value - slack)
            last = bisect_right(self._values, entry.value + slack)
            near = {id(e): e for e in self._by_value[first:last]}
            near |= {id(e): e for e in self._by_bounds[entry.low, entry.high]}
            days = self._days[key] = sorted(_day(e) for e in near.values() if is_equal(e, entry))
        return days


def _gather(entries: Sequence[Entry]) -> Told:
    places: dict[str, list[Place]] = {}
    for e in entries:
        evidence = e.figure.evidence
        changed = e.told_day or bool(_CHANGE.search(e.beside))
        place = Place(evidence.start, bool(CONTRAST.search(e.beside)), e.credit, e.refused, changed)
        places.setdefault(evidence.document, []).append(place)
    return Told(
        len(entries),
        {page: tuple(sorted(found, key=lambda p: p.start)) for page, found in places.items()},
        frozenset().union(*(e.credit for e in entries)),
        frozenset(e.figure.attributed_to for e in entries if e.figure.attributed_to),
        min(map(_day, entries)),
        max(map(_day, entries)),
    )


def is_equal(a: Entry, b: Entry) -> bool:
    """Return whether the values are the same, within the error of a conversion where the units differ."""
    if a.figure.value is None or b.figure.value is None:
        return (a.low, a.high) == (b.low, b.high)
    slack = 0.0 if a.figure.unit == b.figure.unit else CONVERTED
    return abs(a.value - b.value) <= slack * max(abs(a.value), abs(b.value)) + 1e-9


def measure_verdict(survey: Survey, i: int, j: int) -> list[float]:
    """Return the numbers of ``FEATURES`` for two entries of a quantity, in that order."""
    a, b = sorted((survey.group[i], survey.group[j]), key=_told_order)
    big, small = max(abs(a.value), abs(b.value)), min(abs(a.value), abs(b.value))
    speakers = a.figure.attributed_to, b.figure.attributed_to
    one_page = a.figure.evidence.document == b.figure.evidence.document
    return [
        min(9.0, math.log((big + 1e-9) / (small + 1e-9))),
        (big - small) / big if big else 0.0,
        float(a.low <= b.high and b.low <= a.high),
        *_signs(a),
        *_signs(b),
        float(b.value > a.value),
        _days(a.published, b.published),
        _days(a.first, b.first),
        float(a.told_day) + float(b.told_day),
        float(one_page),
        float(one_page and a.sentence == b.sentence),
        float(speakers[0] is not None and speakers[0] == speakers[1]),
        float(None not in speakers and speakers[0] != speakers[1]),
        float(a.outlet == b.outlet),
        float(bool({a.kind, b.kind} & RUNNING)),
        float(a.dimension == "people"),
        float(len(a.dimension) == 3 and a.dimension.isupper()),
        float(a.dimension == "percent"),
        float(survey.count_again(a, _day(b))),
        float(survey.count_before(b, _day(a))),
        float(len(survey.told)),
        survey.rising,
        math.log(len(survey.group)),
        float(a.corrects or b.corrects),
        float(fewer_digits(a.value, b.value) or fewer_digits(b.value, a.value)),
        float(is_loose(a.figure)) + float(is_loose(b.figure)),
        float(is_near(a.value, b.value) and (_is_rounder(a, b) or _is_rounder(b, a))),
        *survey.measure_tellings(a.value, b.value),
        float(survey.tells_change(b)),
    ]


_CHANGE = re.compile(
    r"\b(?:rose|risen|climb\w*|grew|grown|now|later|since|up to|had been|earlier|first|then|previous\w*|revis\w*|"
    r"correct\w*|increas\w*|fell|fallen|dropp\w*|updated?|latest)\b",
    re.IGNORECASE,
)


def _measure_tellings(a: Told, b: Told) -> list[float]:
    few, many = sorted((a.places, b.places), key=len)
    both = [page for page in few if page in many]
    near = [pair for page in both for pair in _iter_beside(a.places[page], b.places[page])]
    contrast = sum(x.contrast or y.contrast for x, y in near)
    return [
        float(len(both)),
        len(both) / min(len(a.places), len(b.places)),
        float(len(near)),
        contrast / max(1, len(near)),
        *count_credits((x.credit, y.credit, x.refused or y.refused) for x, y in near),
        sum(x.changed or y.changed for x, y in near) / max(1, len(near)),
        float(are_rivals(a.credits, b.credits)),
        float(bool(a.speakers & b.speakers)),
        float(bool(a.speakers and b.speakers and not a.speakers & b.speakers)),
        float(a.first <= b.last and b.first <= a.last),
        _days_between(a.first, b.first),
        float(a.count),
        float(b.count),
        float(a.last < b.first),
    ]


def _iter_beside(a: Sequence[Place], b: Sequence[Place]) -> Iterator[tuple[Place, Place]]:
    """Yield each two places of one page that stand near each other."""
    few, many = sorted((a, b), key=len)
    starts = [place.start for place in many]
    for place in few:
        first = bisect_left(starts, place.start - BESIDE_CHARS + 1)
        last = bisect_left(starts, place.start + BESIDE_CHARS)
        for other in many[first:last]:
            yield place, other


def _is_rounder(a: Entry, b: Entry) -> bool:
    return is_loose(a.figure) and count_digits(a.value) < count_digits(b.value)


def _days_between(a: str, b: str) -> float:
    if "9999" in (a, b):
        return -1.0
    return math.log1p(abs((dt.date.fromisoformat(a) - dt.date.fromisoformat(b)).days))


def _told_order(entry: Entry) -> tuple[str, str, int]:
    return _day(entry), entry.figure.evidence.document, entry.figure.evidence.start


def _day(entry: Entry) -> str:
    return entry.published.isoformat() if entry.published else "9999"


def _signs(entry: Entry) -> tuple[float, float, float, float]:
    sign = entry.figure.comparator
    return float(sign == "="), float(sign in ("~", "range")), float(sign in (">", ">=")), float(sign in ("<", "<="))


def _rising(group: Sequence[Entry]) -> float:
    """The share of steps from one day to the next told day that go up; one half where there is none."""
    ordered = sorted(group, key=_told_order)
    steps = [(a.value, b.value) for a, b in pairwise(ordered) if _day(a) != _day(b)]
    changes = [b > a for a, b in steps if a != b]
    return sum(changes) / len(changes) if changes else 0.5


def _days(a: object, b: object) -> float:
    if a is None or b is None:
        return -1.0
    return math.log1p(abs((a - b).days))  # type: ignore[operator]
