"""What the ledger of figures says about the sources: agreeing, rounded, superseded, conflicting.

Invariant: a comparison of numbers never says more than the ledger's relations do; a conflict of two
figures is shown once, however many pages repeat either. Ages are compared here too, because the
ledger keeps one age per page. This module must not read text for numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from storyledger.compare.index import (
    PileIndex,
    actor_name,
    describe_place,
    first_day,
    make_comparison,
    order_evidence,
    origin_of,
    pick_evidence,
    published_on,
    sentence_around,
)
from storyledger.compare.origins import Partition, count_origins
from storyledger.compare.words import content_stems
from storyledger.naming import name_figures
from storyledger.types import Comparison, Evidence, Figure, FigureRelation, Quantity, Side, Story

_SAME = ("agree",)
# by how sure the ledger is that equal numbers count one thing, how often two of them are of one marked quantity: 433
# agreements on 29 training piles; how sure the numbers themselves are tells nothing
_ONE_FACT = ([0.3, 0.5, 0.65, 0.75, 0.85, 1.0], [0.15, 0.27, 0.28, 0.64, 0.74, 0.8])
VAGUE_HALF = 30.0  # "half an hour" is said of thirty minutes and of twenty
# by how many words their sentences share besides numbers, how much less sure that makes it (238 on the training piles:
# 11 of 19 hold where they share none, 40 of 57 with one, 132 of 162 with more; of lapses of time 2 of 8, 7 of 8)
_SHARED = (0.75, 0.9, 1.0)
_LAPSES = frozenset({"seconds", "minutes", "hours", "days", "weeks", "months", "years"})
LAPSE_WORDS, LAPSE_SURE = 3, 0.4
MIXED_SURE = 0.4  # of equal numbers of two measures ("$5m", "five million people") 4 of 13 hold on the training piles
# a word that is no number and says of none how many
_NAMING = re.compile(
    r"\b(?!(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|fou?rty|fifty|sixty|"
    r"seventy|eighty|ninety|half|point|dozens?|several|hundreds?|thousands?|million|"
    r"billion|many|few|about|around|some|least|most|than|more|nearly|almost|over|under|and|between|from|the|at|up|to|an?|as)"
    r"\b)[a-z]+"
)
_LOOSE = re.compile(r"\b(?:billions|millions|thousands|hundreds|dozens|scores|several|few|many)\b", re.IGNORECASE)
_OWN = re.compile(r"\b(?:its|their|our|his|her)\b", re.IGNORECASE)
MAX_SIDES = 7  # a toll that rose on thirty days is shown by its steps in the ledger, not here
AGE_DAYS = 60  # two ages given further apart than this may differ by a birthday


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A quantity of the ledger by its numbers; ``nameless``: its name is the words of one of its figures."""

    about: str
    nameless: bool
    groups: list[list[Figure]]
    relations: Sequence[FigureRelation]


def compare_figures(story: Story, index: PileIndex) -> list[Comparison]:
    """Return the conflicts, agreements and steps of every quantity in the ledger, and of ages."""
    figures = {f.id: f for f in story.figures if f.evidence.document in index.compared}
    found: list[Comparison] = []
    for quantity in story.ledger:
        entries = [figures[i] for i in quantity.entries if i in figures]
        whole = quantity.about == name_figures(entries) if entries else False
        parts = part_measures(entries)
        for part in parts:
            known = _take_part(quantity, part, index, nameless=whole or _is_other(quantity.about, part))
            found += _find_conflicts(known, index)
            found += _find_roundings(known, index)
            found += _find_steps(known, index)
        home = {figure.id: n for n, part in enumerate(parts) for figure in part}
        found += _find_agreements(_take_part(quantity, entries, index, nameless=whole), index, home)
    in_ledger = {i for quantity in story.ledger for i in quantity.entries}
    return found + _compare_ages([f for i, f in figures.items() if i not in in_ledger], index)


def _take_part(quantity: Quantity, part: Sequence[Figure], index: PileIndex, *, nameless: bool) -> _Quantity:
    inside = {figure.id for figure in part}
    relations = [r for r in quantity.relations if r.a in inside and r.b in inside]
    return _Quantity(quantity.about, nameless, _group_values(part, relations, index), relations)


def part_measures(entries: Sequence[Figure]) -> list[list[Figure]]:
    """Return the figures of a quantity apart by what they measure: five million dollars are not five million people.

    A number that names nothing ("the price would be back at 2.4 million") goes with what the quantity measures mostly.
    """
    measures = [_name_measure(figure.unit) for figure in entries]
    named = [m for m, figure in zip(measures, entries, strict=True) if m != "count" or not _is_bare(figure)]
    mostly = max(dict.fromkeys(named), key=named.count, default="count")
    parts: dict[str, list[Figure]] = {}
    for measure, figure in zip(measures, entries, strict=True):
        parts.setdefault(mostly if measure == "count" and _is_bare(figure) else measure, []).append(figure)
    return list(parts.values())


def _is_bare(figure: Figure) -> bool:
    """Return whether the words are a number and how sure it is, nothing else."""
    return _NAMING.search(figure.evidence.text.lower()) is None


def _name_measure(unit: str) -> str:
    if unit in ("people", "count"):
        return "count"  # "1,140 jobs" are people, too
    return unit if unit in ("percent", "rank") or _is_money(unit) else "measured"  # miles and kilometres


def _is_money(unit: str) -> bool:
    return len(unit) == 3 and unit.isupper()


def _is_other(about: str, part: Sequence[Figure]) -> bool:
    """Return whether a quantity's name speaks of people and these figures count none."""
    return about.startswith("people") and not any(figure.unit == "people" for figure in part)


def _group_values(
    entries: Sequence[Figure], relations: Sequence[FigureRelation], index: PileIndex
) -> list[list[Figure]]:
    """Return the figures that the ledger calls the same number, in order of publication."""
    same = Partition()
    for figure in entries:
        same.find(figure.id)
    for relation in relations:
        if relation.label in _SAME:
            same.join(relation.a, relation.b)
    groups: dict[str, list[Figure]] = {}
    for figure in sorted(entries, key=lambda f: (index.rank[f.evidence.document], f.evidence.start)):
        groups.setdefault(same.find(figure.id), []).append(figure)
    return list(groups.values())


def _find_conflicts(quantity: _Quantity, index: PileIndex) -> list[Comparison]:
    groups = quantity.groups
    figures = {figure.id: figure for group in groups for figure in group}
    edges = [r for r in quantity.relations if r.label == "conflict" and not _count_own(figures[r.a], figures[r.b])]
    home = {figure.id: number for number, group in enumerate(groups) for figure in group}
    linked = Partition()
    for edge in edges:
        linked.join(str(home[edge.a]), str(home[edge.b]))
    apart: dict[str, list[FigureRelation]] = {}
    for edge in edges:
        apart.setdefault(linked.find(str(home[edge.a])), []).append(edge)
    found = []
    for _, inside in sorted(apart.items(), key=lambda row: int(row[0])):
        named = {e.a for e in inside} | {e.b for e in inside}
        numbers = sorted({home[i] for i in named})
        sides = [_side([f for f in groups[n] if f.id in named], index) for n in numbers][:MAX_SIDES]
        if sum(bool(side.evidence) for side in sides) < 2:
            continue
        about = _name(quantity, [f for n in numbers for f in groups[n] if f.id in named])
        why = f"The ledger holds these numbers for one quantity ({about}) at one time; they cannot all be right."
        confidence = max(e.confidence for e in inside)
        found.append(make_comparison("conflict", about, sides, 0.9 * confidence, why))
    return found


def _count_own(a: Figure, b: Figure) -> bool:
    """Return whether two who count each count their own: "three of its crew", another "four"."""
    owned = all(_OWN.search(figure.evidence.text) for figure in (a, b))
    return owned and a.attributed_to != b.attributed_to and None not in (a.attributed_to, b.attributed_to)


def _find_agreements(quantity: _Quantity, index: PileIndex, measures: Mapping[str, int]) -> list[Comparison]:
    found = []
    sure: dict[str, float] = {}
    for relation in quantity.relations:
        if relation.label in _SAME:
            sure[relation.a] = max(sure.get(relation.a, 0.0), relation.confidence)
    for group in quantity.groups:
        told = [f for f in group if not _is_loose(f)]
        places = [f.evidence for f in told]
        texts = {origin_of(index, p.document) for p in places}
        if len(texts) < 2 or all(_is_vague(f) for f in told):
            continue  # that two say "hundreds" is no agreement on a number
        chosen = pick_evidence(index, places, 6)
        sides = [Side(_value_text(_figure_at(group, e)), (e,)) for e in chosen]
        origins = count_origins(index, places)
        about = name_figures(group) if _is_other(quantity.about, group) else _name(quantity, group)
        why = f"{len({p.document for p in places})} documents give the same number for {about}."
        link = max((sure[f.id] for f in group if f.id in sure), default=1.0)
        confidence = rate_agreement(link) * _rate_words(chosen, group[0].unit, index)
        if len({measures.get(f.id) for f in told}) > 1:
            confidence *= MIXED_SURE
        found.append(make_comparison("agreement", about, sides, confidence, why, origins))
    return found


def rate_agreement(link: float) -> float:
    """Return how often equal numbers are one fact, by how sure the ledger is that they count one thing."""
    return float(np.interp(link, *_ONE_FACT))


def _rate_words(places: Sequence[Evidence], unit: str, index: PileIndex) -> float:
    """Return the factor by which an agreement is less sure for what its sentences share besides numbers."""
    stems = [_stems_around(index, place) for place in places]
    texts = [origin_of(index, place.document) for place in places]
    shared = max(
        (len(a & b) for n, a in enumerate(stems) for m, b in enumerate(stems[:n]) if texts[n] != texts[m]), default=0
    )
    if unit in _LAPSES and shared < LAPSE_WORDS:
        return LAPSE_SURE
    return _SHARED[min(shared, len(_SHARED) - 1)]


def _stems_around(index: PileIndex, place: Evidence) -> set[str]:
    start, end = sentence_around(index, place.document, place.start, place.end)
    return {w for w in content_stems(index.articles[place.document].text[start:end]) if not w[0].isdigit()}


def _is_loose(figure: Figure) -> bool:
    """Return whether the words name no number at all: "millions of fans" agrees with no million people."""
    words = figure.evidence.text
    return _LOOSE.search(words) is not None and not any(c.isdigit() for c in words)


def _is_vague(figure: Figure) -> bool:
    """Return whether the figure is a word for many ("dozens", "about half an hour"), without a digit."""
    return not any(c.isdigit() for c in figure.evidence.text) and (
        figure.comparator != "=" or figure.value == VAGUE_HALF
    )


def _find_roundings(quantity: _Quantity, index: PileIndex) -> list[Comparison]:
    """One agreement per rounded number: with the exact one that stands nearest to it."""
    groups, relations = quantity.groups, quantity.relations
    home = {figure.id: number for number, group in enumerate(groups) for figure in group}
    pairs: dict[int, dict[int, float]] = {}
    for relation in relations:
        if relation.label == "rounded":
            vague, exact = sorted(
                (home[relation.a], home[relation.b]), key=lambda n: (groups[n][0].comparator == "=", n)
            )
            known = pairs.setdefault(vague, {})
            known[exact] = max(known.get(exact, 0.0), relation.confidence)
    found = []
    for vague, exacts in sorted(pairs.items()):
        exact = min(exacts, key=lambda n: (_shared(groups[vague], groups[n]), _distance(groups[vague], groups[n]), n))
        both = groups[vague] + groups[exact]
        sides = [_side(groups[vague], index), _side(groups[exact], index)]
        about = _name(quantity, both)
        why = f"One number is the other rounded ({about})."
        confidence = 0.85 * exacts[exact] * min(f.confidence for f in both)
        origins = count_origins(index, [f.evidence for f in both])
        found.append(make_comparison("agreement", about, sides, confidence, why, origins))
    return found


def _name(quantity: _Quantity, figures: Sequence[Figure]) -> str:
    """What the figures at hand count: the quantity's kind, or their own words where it has none.

    A quantity without a kind may hold several sums or lengths; its name is not the name of each.
    """
    return name_figures(figures) if quantity.nameless else quantity.about


def _shared(a: list[Figure], b: list[Figure]) -> bool:
    """Return whether no document gives both (False sorts first)."""
    return not ({f.evidence.document for f in a} & {f.evidence.document for f in b})


def _distance(a: list[Figure], b: list[Figure]) -> float:
    return abs((a[0].value or 0.0) - (b[0].value or 0.0))


def _find_steps(quantity: _Quantity, index: PileIndex) -> list[Comparison]:
    """The values that followed each other, as one complement in order of time."""
    groups, relations = quantity.groups, quantity.relations
    stepped = {i for r in relations if r.label == "superseded" for i in (r.a, r.b)}
    steps = [[f for f in group if f.id in stepped] for group in groups]
    steps = [group for group in steps if group]
    if len(steps) < 2 or len({f.evidence.document for group in steps for f in group}) < 2:
        return []
    sides = [_side(group, index, 1) for group in _thin_out(steps)]
    about = _name(quantity, [f for group in steps for f in group])
    why = f"The number was overtaken by later ones ({about}): each was right in its time."
    confidence = 0.85 * max(r.confidence for r in relations if r.label == "superseded")
    return [make_comparison("complement", about, sides, confidence, why)]


def _thin_out(steps: list[list[Figure]]) -> list[list[Figure]]:
    """Keep the first, the last and evenly spread ones between, at most ``MAX_SIDES``."""
    if len(steps) <= MAX_SIDES:
        return steps
    last = len(steps) - 1
    return [steps[round(k * last / (MAX_SIDES - 1))] for k in range(MAX_SIDES)]


def _side(group: Sequence[Figure], index: PileIndex, limit: int = 4) -> Side:
    chosen = pick_evidence(index, (f.evidence for f in group), limit)
    if not chosen:
        return Side(_value_text(group[0]), ())
    figure = _figure_at(group, chosen[0])
    holder = actor_name(index, figure.attributed_to)
    source = f"{holder}; {describe_place(index, chosen[0])}" if holder else describe_place(index, chosen[0])
    return Side(f"{_value_text(figure)} ({source})", chosen)


def _figure_at(group: Sequence[Figure], place: Evidence) -> Figure:
    return next(f for f in group if f.evidence == place)


_SIGN = {"=": "", ">": "more than ", ">=": "at least ", "~": "about ", "<": "less than ", "<=": "at most ", "range": ""}


def _value_text(figure: Figure) -> str:
    if figure.value is None:
        value = f"{_plain(figure.low)} to {_plain(figure.high)}"
    else:
        value = _SIGN[figure.comparator] + _plain(figure.value)
    return f"{value} {figure.unit.replace('_', ' ')}"


def _plain(value: float | None) -> str:
    if value is None:
        return "?"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.10g}"


def _compare_ages(figures: Sequence[Figure], index: PileIndex) -> list[Comparison]:
    """Compare figures whose ``about`` names somebody's age, by that name."""
    ages: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.unit == "years" and figure.about.startswith("age of ") and figure.value is not None:
            ages.setdefault(figure.about, []).append(figure)
    found = []
    for about, group in sorted(ages.items()):
        ordered = {e: _figure_at(group, e) for e in order_evidence(index, (f.evidence for f in group))}
        values: dict[float, list[Figure]] = {}
        for figure in ordered.values():
            values.setdefault(figure.value or 0.0, []).append(figure)
        if len(values) == 1 and len({origin_of(index, e.document) for e in ordered}) > 1:
            found += _find_agreements(
                _Quantity(about, nameless=False, groups=[list(ordered.values())], relations=()), index, {}
            )
        if len(values) > 1 and _near(index, ordered):
            sides = [_side(v, index, 2) for v in values.values()]
            confidence = 0.7 * min(f.confidence for f in ordered.values())
            why = f"Documents of the same weeks give different numbers for the {about}."
            found.append(make_comparison("conflict", about, sides, confidence, why))
    return found


def _near(index: PileIndex, places: Iterable[Evidence]) -> bool:
    """Return whether the documents were published within ``AGE_DAYS`` of each other."""
    days = [published_on(index.articles[p.document]) for p in places]
    known = sorted(first_day(d).toordinal() for d in days if d)
    return len(known) == len(days) and known[-1] - known[0] <= AGE_DAYS
