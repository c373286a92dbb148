"""Sentences of one matter, brought together and told apart: who tells the same, otherwise, or another part of it.

Three scorers over the numbers of ``likeness.py``: whether a pair is of one matter, and whether such a pair conflicts
or agrees. The surest pairs open a matter, further tellings join it. It is a conflict if some pair of it surely
conflicts, an agreement if its pairs mostly agree, else its tellings complement each other. Invariant: a telling
stands in one matter at most; the result does not depend on the order of the documents. This module must not know how
alikeness is measured.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from storyledger.compare.index import (
    PileIndex,
    actor_name,
    cut_evidence,
    describe_place,
    make_comparison,
    origin_of,
    statement_around,
)
from storyledger.compare.likeness import FEATURES, Pile, Telling, find_candidates, gather_tellings, measure_pairs
from storyledger.compare.occurrences import shorten
from storyledger.compare.origins import count_origins
from storyledger.compare.words import find_words
from storyledger.linkage import load_weights
from storyledger.types import Comparison, ComparisonKind, Evidence, Figure, Side, Story

OPENS = 0.2  # the probability of one matter from which a pair opens one; chosen on the training piles, in folds
JOINS = 0.4  # the same from which a telling joins a matter
# out of fold .3 shows 34 true and 5 false, .35 32 and 2; .2 called none right on 33 Wikinews pages
RIVAL = 0.35  # of matter times conflict: from here on a matter is a conflict
# more by so much for each doubling of a story's pages beyond these: what is alike by chance grows with the pairs. Of 69
# conflicts that .3 gave on four timelines of 80 to 110 pages at most three were ones; this leaves four
RIVAL_STEP, FEW_PAGES, RIVAL_MOST = 0.1, 16, 0.55
SAME_SHARE = 0.1  # of the larger of two numbers that may be one rounded
AGREES = 0.5  # the mean of its pairs from which a matter is an agreement
MOST_TELLINGS = 8
MOST_SIDE = 4
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Relation:
    """A pair of tellings: the probability of one matter, and of a conflict or an agreement if it is one."""

    a: int
    b: int
    matter: float
    conflict: float
    agreement: float


@dataclass(frozen=True, slots=True)
class Matter:
    """Tellings of one matter on their sides; ``score``: of what its kind says, not yet calibrated."""

    kind: ComparisonKind
    sides: tuple[tuple[int, ...], ...]
    score: float


def measure_relations(story: Story, index: PileIndex) -> tuple[Pile, list[Relation]]:
    """Return the sentences of the story and how those pairs of them stand that are worth measuring."""
    pile = gather_tellings(story, index)
    pairs = find_candidates(pile)
    if not pairs:
        return pile, []
    rows = measure_pairs(pile, pairs)
    scores = [score_rows(name, rows).tolist() for name in ("matter", "conflict", "agreement")]
    return pile, [Relation(i, j, *row) for (i, j), *row in zip(pairs, *scores, strict=True)]


def relate_tellings(pile: Pile, measured: Sequence[Relation], index: PileIndex) -> list[Comparison]:
    """Return the agreements and conflicts of sentences that are of one matter."""
    origins = [origin_of(index, t.document) for t in pile.tellings]
    relations = [heed_figures(_without_copies(r, pile, origins), pile) for r in measured]
    made = [
        _show(pile, index, matter) for matter in gather_matters(relations, origins, rival_from(len(index.compared)))
    ]
    return [c for c in made if c is not None]


def _without_copies(relation: Relation, pile: Pile, origins: Sequence[str]) -> Relation:
    """What two copies of one text tell otherwise is a change or a correction; ``sentences.py`` tells which."""
    a, b = relation.a, relation.b
    if origins[a] == origins[b] and pile.tellings[a].document != pile.tellings[b].document:
        return replace(relation, conflict=0.0)
    return relation


def heed_figures(relation: Relation, pile: Pile) -> Relation:
    """Return the relation, no agreement where both count one thing differently: "7,000 were buried", "75,000 were".

    Args:
        relation: of two tellings.
        pile: the tellings with their figures.
    """
    a, b = (pile.tellings[n].figures for n in (relation.a, relation.b))
    shared = {f.quantity for f in a} & {f.quantity for f in b} - {None}
    if not shared or any(_may_agree(x, y) for x in a for y in b if x.quantity == y.quantity and x.quantity in shared):
        return relation
    return replace(relation, agreement=0.0)


def _may_agree(a: Figure, b: Figure) -> bool:
    """Return whether one number lies near what the other allows."""
    one, two = (
        (a.low, a.high) if a.value is None else (a.value, a.value),
        ((b.low, b.high) if b.value is None else (b.value, b.value)),
    )
    low, high = max(one[0] or 0.0, two[0] or 0.0), min(one[1] or math.inf, two[1] or math.inf)
    return low <= high or (low - high) <= SAME_SHARE * low


def score_rows(name: str, rows_PF: Floats) -> Floats:
    """Return the probabilities that the scorer ``name`` gives to the pairs.

    Raises:
        ValueError: its weights were fitted on other features than ``FEATURES``.
    """
    weights = load_weights(__package__, f"{name}.json")
    if weights.features != tuple(FEATURES):
        raise ValueError(f"{name}.json was fitted on other features: run python -m train.comparisons")
    return weights.probabilities(rows_PF)


def rival_from(pages: int) -> float:
    """Return from which of matter times conflict on a matter is a conflict in a story of so many pages."""
    return min(RIVAL_MOST, RIVAL + RIVAL_STEP * max(0.0, math.log2(max(1, pages) / FEW_PAGES)))


def gather_matters(relations: Sequence[Relation], origins: Sequence[str], rival: float = RIVAL) -> list[Matter]:
    """Return the matters that the relations make, the surest first.

    Args:
        relations: of pairs of tellings, each pair once.
        origins: of each telling: an agreement needs two.
        rival: from which of matter times conflict on a matter is a conflict.
    """
    by_pair = {(r.a, r.b): r for r in relations if r.matter >= min(OPENS, JOINS)}
    home: dict[int, list[int]] = {}
    groups: list[list[int]] = []
    for r in sorted(by_pair.values(), key=lambda r: (-r.matter, r.a, r.b)):
        one, two = home.get(r.a), home.get(r.b)
        if one is None and two is None and r.matter >= OPENS:
            groups.append([r.a, r.b])
            home[r.a] = home[r.b] = groups[-1]
        elif (one is None) != (two is None) and r.matter >= JOINS:
            group, fresh = (one, r.b) if two is None else (two, r.a)
            if group is not None and len(group) < MOST_TELLINGS:
                group.append(fresh)
                home[fresh] = group
    matters = [_judge(group, by_pair, rival) for group in groups]
    fit = [m for m in matters if m.kind == "conflict" or len({origins[i] for side in m.sides for i in side}) > 1]
    return sorted(fit, key=lambda m: (-m.score, m.sides))


def _judge(group: Sequence[int], by_pair: Mapping[tuple[int, int], Relation], least: float) -> Matter:
    inside = [r for (a, b), r in by_pair.items() if a in group and b in group]
    rival = max(inside, key=lambda r: (r.matter * r.conflict, -r.a, -r.b))
    if rival.matter * rival.conflict >= least:
        return Matter("conflict", _take_sides(group, rival, by_pair), rival.matter * rival.conflict)
    agrees = math.fsum(r.agreement for r in inside) / len(inside) >= AGREES
    best = max(inside, key=lambda r: (r.matter, -r.a, -r.b))
    return Matter("agreement" if agrees else "complement", tuple((i,) for i in sorted(group)), best.matter)


def _take_sides(
    group: Sequence[int], rival: Relation, by_pair: Mapping[tuple[int, int], Relation]
) -> tuple[tuple[int, ...], ...]:
    """Return two sides, the rivals first: each other telling goes to the rival that it agrees with more."""
    sides: tuple[list[int], list[int]] = ([rival.a], [rival.b])
    for i in sorted(group):
        if i not in (rival.a, rival.b):
            agrees = [_agreement(by_pair.get((min(i, r), max(i, r)))) for r in (rival.a, rival.b)]
            if max(agrees) > 0:
                sides[agrees[1] > agrees[0]].append(i)
    # the rivals are what a reader is shown of the sides: in the order of the pages they were hidden, or cut off
    return tuple((side[0], *sorted(side[1:]))[:MOST_SIDE] for side in sides)


def _agreement(relation: Relation | None) -> float:
    return relation.matter * (1.0 - relation.conflict) if relation is not None else 0.0


def _show(pile: Pile, index: PileIndex, matter: Matter) -> Comparison | None:
    sides = [_side([pile.tellings[i] for i in side], index) for side in matter.sides]
    places = [e for s in sides for e in s.evidence]
    origins = count_origins(index, places)
    if matter.kind != "conflict" and origins < 2:
        return None
    about = shorten(places[0].text)
    return make_comparison(matter.kind, about, sides, rate_matter(matter), say_why(pile, index, matter), origins)


@cache
def _curves() -> dict[str, dict[str, list[float]]]:
    curves: dict[str, dict[str, list[float]]] = json.loads(
        files(__package__).joinpath("matters.json").read_text("utf-8")
    )
    return curves


def rate_matter(matter: Matter) -> float:
    """Return how often matters of this kind and score were ones on piles that the scorers had not seen."""
    curve = _curves()[matter.kind]
    return float(np.interp(matter.score, curve["x"], curve["y"]))


def say_why(pile: Pile, index: PileIndex, matter: Matter) -> str:
    """Return what ties the sides: the event, the quantity, the rarest words that they share, as the first has them."""
    first, second = (pile.tellings[side[0]] for side in matter.sides[:2])
    text = index.articles[first.document].text[first.start : first.end]
    words = {w.stem: text[w.start : w.end] for w in find_words(text)}
    rare = sorted(first.stems & second.stems & words.keys(), key=lambda s: (-pile.rarity[s], s))[:3]
    ties = []
    if first.events & second.events:
        ties.append("tell one event")
    if {f.quantity for f in first.figures if f.quantity} & {f.quantity for f in second.figures if f.quantity}:
        ties.append("count one quantity")
    if rare:
        ties.append(f"share the rare words {', '.join(words[stem] for stem in rare)}")
    how = {"conflict": "and do not tell the same of it", "agreement": "and tell the same"}.get(
        matter.kind, "and tell different parts of it"
    )
    return f"The sides {', '.join(ties) or 'are alike in wording'}, {how}."


def _side(tellings: Sequence[Telling], index: PileIndex) -> Side:
    places: list[Evidence] = [cut_evidence(index, t.document, t.start, t.end) for t in tellings]
    first = places[0]
    spoken = statement_around(index, first.document, first.start, first.end)
    holder = actor_name(index, spoken.speaker.actor) if spoken is not None else None
    name = f"{holder}; " if holder else ""
    return Side(f"{shorten(first.text, 70)} ({name}{describe_place(index, first)})", tuple(places))
