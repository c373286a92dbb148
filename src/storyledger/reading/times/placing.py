"""Which day a date means that does not say so: "Friday", "on 11 July", "in March", "at 16.10".

Its candidates are the days, months or years that it may mean, around the day of publication and around what was told
before; each is weighed by where it lies, by the clause around the expression and by what was told. The weights are
learned (``placing.json``, ``python -m train.times``): tense alone sends "set for Saturday, was called off" and
"September 13" of a page of November ten months ahead. Invariant: the same scene gives the same choice; ties go to the
first candidate. This module must not know the grammar of any expression.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from .scene import Narrated, Scene, list_verb_cues, tense_around
from .timex import interval_of, make_date, shift_days, shift_unit

Grain = Literal["weekday", "day", "month", "clock", "base"]
# Last days of the bins that a candidate's distance from publication falls into, by grain.
_EDGES: Mapping[str, tuple[int, ...]] = {
    "weekday": (-14, -7, -1, 0, 6, 13),
    "day": (-730, -366, -270, -180, -90, -31, -8, 0, 8, 31, 90, 180, 270, 366),
    "month": (-730, -366, -270, -180, -90, -31, -1, 0, 31, 90, 180, 270, 366),
    "clock": (-366, -31, -7, -2, -1, 0, 7),
    "base": (-366, -31, -7, -2, -1, 0, 7, 31),
}
_PREPOSITIONS = frozenset(
    ("on", "in", "at", "since", "until", "till", "by", "from", "for", "before", "after", "of", "between", "to",
     "through", "during", "late", "early", "last", "next", "the", "that", "a", "every", "each", "and", "or", "as",
     "than", "this", "ordinary")
)  # fmt: skip
_DEFINITE = frozenset(("the", "that", "a"))
_REVISED_SURE = 0.85
_NEAR_WORDS = 10  # words before and behind an expression that say whether it is planned or done


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate: its days, and the names of what speaks for and against it."""

    days: tuple[dt.date, dt.date]
    features: tuple[str, ...]


Choose = Callable[[str, int, int, Sequence[Option]], "tuple[int, float]"]


def place(
    scene: Scene,
    grain: Grain,
    start: int,
    end: int,
    candidates: Sequence[dt.date],
    meant: Sequence[dt.date] | None = None,
) -> tuple[dt.date, float]:
    """Return the likeliest of ``candidates`` for the expression at text[start:end], and its probability.

    A month is given by its first day. ``meant``: what the expression would mean by each, where that is another day
    ("two days later" than each). There must be a candidate; the probability is 1 where there is but one.
    """
    options = list(describe(scene, grain, start, end, candidates, meant or candidates))
    chosen, probability = (scene.choose or choose)(grain, start, end, options)
    return candidates[chosen], probability


def choose(grain: str, start: int, end: int, options: Sequence[Option]) -> tuple[int, float]:
    """Return the likeliest option's number and its probability by the shipped weights."""
    del grain, start, end  # what a trainer's chooser asks for
    return rate(options, load_weights())


def rate(options: Sequence[Option], weights: Mapping[str, float]) -> tuple[int, float]:
    """Return the number and the probability of the option whose features weigh most."""
    scores = [math.fsum(weights.get(name, 0.0) for name in option.features) for option in options]
    best = max(range(len(scores)), key=lambda at: (scores[at], -at))
    return best, 1.0 / math.fsum(math.exp(max(-30.0, score - scores[best])) for score in scores)


@cache
def load_weights() -> Mapping[str, float]:
    """Return the weights by feature."""
    text = (files(__package__) / "placing.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(text)["weights"]
    return weights


def describe(
    scene: Scene, grain: Grain, start: int, end: int, candidates: Sequence[dt.date], meant: Sequence[dt.date]
) -> Iterator[Option]:
    """Yield the candidates with their features, each with the days that the expression would mean by it."""
    around = tuple(_describe_clause(scene, start, end))
    told = list(_list_told(scene))
    word = next((name[5:] for name in around if name.startswith("word=")), "")
    for first, other in zip(candidates, meant, strict=True):
        days = _days_of(grain, first)
        lies, compared = list(_place_in_time(scene, grain, days)), list(_compare_with_told(scene, grain, days, told))
        side = next(name for name in lies if name.startswith("side="))
        own = [f"{grain}|{name}" for name in (*lies, *compared)]
        crossed = [f"{grain}|{side}|{name}" for name in around]
        # "the Friday", "that Sunday", "a Monday": of the week that was told
        told_so = [f"{grain}|{word}|{name}" for name in compared] if word in _DEFINITE else []
        yield Option(_days_of(grain, other), (*own, *crossed, *told_so))


def _days_of(grain: Grain, first: dt.date) -> tuple[dt.date, dt.date]:
    if grain != "month":
        return first, first
    return interval_of(f"{first.year:04d}-{first.month:02d}") or (first, first)


def _place_in_time(scene: Scene, grain: Grain, days: tuple[dt.date, dt.date]) -> Iterator[str]:
    """Yield where a candidate lies from the day of publication."""
    if scene.published is None:
        yield "side=open"
        return
    low, high = scene.published
    latest = max(high, scene.revised or high)
    offset = (days[1] - low).days if days[1] < low else max(0, (days[0] - latest).days)
    yield f"bin={sum(offset > edge for edge in _EDGES[grain])}"
    yield "side=" + ("past" if offset < 0 else "future" if offset > 0 else "same")
    yield f"year={max(-2, min(2, days[0].year - high.year))}"


def _list_told(scene: Scene) -> Iterator[tuple[str, Narrated]]:
    """Yield what was told before, by how near it was: in the sentence, the paragraph, two paragraphs, at all."""
    seen: set[str] = set()
    for row in reversed(scene.narrated[-8:]):
        near = scene.here.paragraph - row.paragraph
        place = "here" if row.sentence == scene.sentence else "par" if near == 0 else "near" if near <= 2 else "far"
        if place not in seen:
            seen.add(place)
            yield place, row
    if scene.lead is not None:
        yield "lead", scene.lead


def _compare_with_told(
    scene: Scene, grain: Grain, days: tuple[dt.date, dt.date], told: Sequence[tuple[str, Narrated]]
) -> Iterator[str]:
    for place, row in told:
        wide = (row.days[1] - row.days[0]).days
        kind = f"{place}{'!' if row.explicit else ''}"
        if days[0].year == row.days[0].year:
            yield f"{kind}:year"
        if wide > 31:
            continue
        after = (days[0] - row.days[0]).days
        if wide == 0 and after == 0:
            yield f"{kind}:day"
        elif 0 < after <= 7:
            yield f"{kind}:week after"
        elif -7 <= after < 0:
            yield f"{kind}:week before"
        elif grain in ("day", "month") and 0 <= after <= 180:
            yield f"{kind}:months after"
    if scene.historic:
        yield "historic:" + ("told" if any(r.explicit and r.days[0].year == days[0].year for _, r in told) else "no")
    most = scene.common_day
    if most is not None and most == days[0]:
        yield "common"


def _describe_clause(scene: Scene, start: int, end: int) -> Iterator[str]:
    """Yield what the clause says of its time: tense, the word before, plans and what was put off."""
    yield "all"
    yield f"tense={tense_around(scene, start, end)}"
    before, after = list_verb_cues(scene, start, end, _NEAR_WORDS)
    last = next((word for word, _ in reversed(before)), "")
    yield "word=" + (last if last in _PREPOSITIONS else "-" if last else "^")
    for side, words in (("<", before), (">", after)):
        for cue in sorted({cue for _, cues in words for cue in cues}):
            yield f"{side}{cue}"
    nearest = next((cues[0] for _, cues in reversed(before) if cues), None)
    yield f"nearest={nearest}"
    if scene.governors is not None:
        yield from scene.governors.describe(start, end)
    else:
        yield "no tree"
    if _QUOTE.search(scene.text, scene.here.start, start):
        yield "quoted"


_QUOTE = re.compile(r"[“\"][^”\"]*$")


def list_years(scene: Scene, *, back: int = 2) -> list[int]:
    """Return the years that a date without its own may be of: around publication, and those that were told."""
    years = {row.days[0].year for row in scene.narrated[-8:] if (row.days[1] - row.days[0]).days <= 366}
    if scene.published is not None:
        year = scene.published[1].year
        years |= set(range(year - back, year + 2)) | {scene.published[0].year + 1}
    return sorted(year for year in years if 1500 <= year <= 9998)


def place_day_of_year(scene: Scene, month: int, day: int, start: int, end: int) -> tuple[dt.date | None, float]:
    """Return the day that a date without its year means, and how sure that is; None where nothing gives a year."""
    dates = [date for year in list_years(scene) if (date := make_date(year, month, day)) is not None]
    return place(scene, "day", start, end, dates) if dates else (None, 0.0)


def place_month_of_year(scene: Scene, month: int, start: int, end: int) -> tuple[int | None, float]:
    """Return the year of a month without one, and how sure that is."""
    firsts = [dt.date(year, month, 1) for year in list_years(scene)]
    if not firsts:
        return None, 0.0
    first, sure = place(scene, "month", start, end, firsts)
    return first.year, sure


def place_weekday_near(scene: Scene, number: int, start: int, end: int) -> tuple[dt.date | None, float]:
    """Return the day that a weekday (0 is Monday) means: of the weeks around publication, or around what was told."""
    days: set[dt.date] = set()
    if scene.today is not None and scene.published is not None:
        for day in _weekdays_around(scene.revised, number, (0,)) if scene.revised is not None else ():
            if day > scene.today:
                return day, _REVISED_SURE  # a revision after publication is written from its own day
        for base in scene.published:
            days |= set(_weekdays_around(base, number, (-7, 0, 7)))
    for _, row in _list_told(scene):
        if row.days[0] == row.days[1]:
            days |= set(_weekdays_around(row.days[0], number, (0, 7)))
    return place(scene, "weekday", start, end, sorted(days)) if days else (None, 0.0)


def _weekdays_around(base: dt.date, number: int, weeks: Sequence[int]) -> Iterator[dt.date]:
    """Yield the weekday on or last before ``base``, ``weeks`` days later."""
    last = shift_days(base, -((base.weekday() - number) % 7))
    for by in weeks if last is not None else ():
        if last is not None and (day := shift_days(last, by)) is not None:
            yield day


def place_clock(scene: Scene, start: int, end: int) -> tuple[dt.date | None, float]:
    """Return the day of a time of day that names none."""
    days = {row.days[0] for _, row in _list_told(scene) if row.days[0] == row.days[1]}
    if scene.today is not None:
        days |= {day for by in (-1, 0) if (day := shift_days(scene.today, by)) is not None}
    if scene.common_day is not None:
        days.add(scene.common_day)
    return place(scene, "clock", start, end, sorted(days)) if days else (None, 0.0)


def place_base(
    scene: Scene, letter: str, amount: float, start: int, end: int, *, told_only: bool = False
) -> tuple[dt.date | None, float]:
    """Return the day that "two days later" counts from (``amount`` of the unit with the ISO ``letter``), and how sure.

    It was told, or is that of publication (not with ``told_only``); None where neither is known.
    """
    bases = {
        row.days[0] for _, row in _list_told(scene) if (row.days[1] - row.days[0]).days <= (0 if letter == "D" else 366)
    }
    if scene.today is not None and not told_only:
        bases.add(scene.today)
    if scene.common_day is not None:
        bases.add(scene.common_day)
    pairs = sorted((base, day) for base in bases if (day := shift_unit(base, letter, amount)) is not None)
    if not pairs:
        return None, 0.0
    return place(scene, "base", start, end, [base for base, _ in pairs], [day for _, day in pairs])


def place_shifted(scene: Scene, letter: str, amount: float, start: int, end: int) -> tuple[dt.date | None, float]:
    """Return the day ``amount`` units after the day that ``place_base`` finds, and how sure that is."""
    base, sure = place_base(scene, letter, amount, start, end)
    return (shift_unit(base, letter, amount), sure) if base is not None else (None, 0.0)
