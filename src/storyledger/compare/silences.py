"""What several pages tell and a later page of the story leaves out, by how much such a silence weighs.

A fact is a sentence with those of other pages that are of one matter with it (``relations.py``). Who came out when it
was public and has no such sentence omits it. Most such silences mean nothing; a scorer that learned from marked
omissions says which weigh. Invariant: a document is in one of an omission's lists at most; the result does not depend
on the order of the documents. This module must not know kinds of comparison.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyledger.compare.index import (
    PileIndex,
    actor_name,
    cut_evidence,
    first_day,
    is_later,
    is_whole,
    order_evidence,
    origin_of,
    outlet_of,
    public_since,
)
from storyledger.compare.likeness import Pile, Telling
from storyledger.compare.occurrences import shorten
from storyledger.linkage import load_weights
from storyledger.types import Omission

Floats = NDArray[np.float64]
TELLS = 0.15  # of one matter: from here on another page's sentence tells the fact; in folds half the marked facts had
# their tellers and silent pages nearly right with it, fewer from .3 on
HINTS = 0.06  # from here on a page may tell it in other words: it is neither a teller nor silent
MOST_DAYS = 400  # after the last telling; an anniversary piece is one of the story
LEAST = 0.1  # of the weight of a silence that is told
FEWEST, MOST = 4, 12  # facts shown; between them one for two pages
_GRAVE = re.compile(
    r"\b(?:warn\w*|die[ds]?|dead|death\w*|kill\w*|refus\w*|den(?:y|ied|ies)|letter|complain\w*|never|not|nobody|without|"
    r"fail\w*|false|forged|court|ruling|fine[ds]?|arrest\w*|detain\w*|resign\w*|before|already|known?|knew|inspector|"
    r"audit|report(?:ed)? to|stopped|withdr\w+|called off|cut|protest\w*|left|walked out|freed|closed)\b",
    re.IGNORECASE,
)

FEATURES = (
    "tellers", "share of origins", "silent", "share that tells", "mean likeness", "least likeness",
    "links among tellers", "importance of the event", "place in the pages", "earliest place", "grave words", "disputed",
    "denied", "said", "figures", "days", "shared actors", "silent with an actor", "silent party", "party is named",
    "silent days", "words", "rarest word", "share too early", "silent copies",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """Tellings of one fact, each page's best; ``silent`` leave it out, ``early`` came before it was told."""

    tellings: tuple[int, ...]
    likeness: tuple[float, ...]  # of each other telling to the first
    known: str
    silent: tuple[str, ...]
    early: tuple[str, ...]


def find_silences(pile: Pile, matters: Mapping[tuple[int, int], float], index: PileIndex) -> list[Omission]:
    """Return the facts whose omission weighs, the weightiest first.

    Args:
        pile: the tellings.
        matters: by pair of tellings the probability that they are of one matter.
        index: the pile's lookups.

    Raises:
        ValueError: the weights were fitted on other features than ``FEATURES``.
    """
    near = gather_near(matters)
    facts = find_facts(pile, near, index)
    if not facts:
        return []
    weights = load_weights(__package__, "silence.json")
    if weights.features != FEATURES:
        raise ValueError("silence.json was fitted on other features: run python -m train.silences")
    scores = weights.probabilities(measure_facts(pile, near, facts, index))
    chosen = choose_facts(facts, scores.tolist(), len(index.compared))
    return [make_omission(facts[n], float(scores[n]), pile, index) for n in chosen]


def gather_near(matters: Mapping[tuple[int, int], float]) -> dict[int, dict[int, float]]:
    """Return by telling the tellings that are likely of one matter with it."""
    near: dict[int, dict[int, float]] = {}
    for (i, j), matter in matters.items():
        if matter >= HINTS:
            near.setdefault(i, {})[j] = matter
            near.setdefault(j, {})[i] = matter
    return near


def find_facts(pile: Pile, near: Mapping[int, Mapping[int, float]], index: PileIndex) -> list[Fact]:
    """Return for each telling that other origins tell, too, the fact with those who leave it out, if any do."""
    published = {d: public_since(index.articles[d]) for d in index.compared}
    found = []
    for first in sorted(near):
        best: dict[str, tuple[float, int]] = {}
        own = pile.tellings[first].document
        hinting = {pile.tellings[other].document for other in near[first]}
        for other, matter in near[first].items():
            document = pile.tellings[other].document
            if document != own and matter >= TELLS:
                best[document] = max(best.get(document, (0.0, 0)), (matter, -other))
        tellers = {own, *best}
        if len({origin_of(index, d) for d in tellers}) < 2 or None in (published[d] for d in tellers):
            continue
        days = sorted(d for t in tellers if (d := published[t]) is not None)
        silent, early = _part_silent(tellers | hinting, days[0], days[-1], published, index)
        outlets = {outlet_of(index, d) for d in tellers}
        silent = tuple(d for d in silent if outlet_of(index, d) not in outlets)  # it told it on another page
        if silent:
            rows = sorted((-n, m) for m, n in best.values())
            found.append(Fact((first, *(n for n, _ in rows)), tuple(m for _, m in rows), days[0], silent, early))
    return found


def _part_silent(
    told: set[str], known: str, last: str, published: Mapping[str, str | None], index: PileIndex
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    silent, early = [], []
    for document in sorted(index.compared - told, key=lambda d: index.rank[d]):
        day = published[document]
        if day is None or not is_whole(index.articles[document]):
            continue
        if is_later(known, day):
            early.append(document)
        elif not is_later(day, last, MOST_DAYS):
            silent.append(document)
    return tuple(silent), tuple(early)


def measure_facts(
    pile: Pile, near: Mapping[int, Mapping[int, float]], facts: Sequence[Fact], index: PileIndex
) -> Floats:
    """Return the numbers of ``FEATURES`` for each fact, in that order."""
    named = {d: frozenset(r[2] for r in index.mentions.get(d, ())) for d in index.compared}
    rows = [_measure(fact, pile, near, named, index) for fact in facts]
    return np.array(rows, np.float64).reshape(len(rows), len(FEATURES))


def _measure(
    fact: Fact,
    pile: Pile,
    near: Mapping[int, Mapping[int, float]],
    named: Mapping[str, frozenset[str]],
    index: PileIndex,
) -> list[float]:
    tellings = [pile.tellings[n] for n in fact.tellings]
    documents = {t.document for t in tellings}
    texts = [index.articles[t.document].text[t.start : t.end] for t in tellings]
    actors = _shared_actors(tellings, index)
    parties = [d for d in fact.silent if _is_party(d, named, actors, index)]
    among = [near[a].get(b, 0.0) for n, a in enumerate(fact.tellings) for b in fact.tellings[n + 1 :]]
    places = [t.number / max(1, len(index.sentences[t.document])) for t in tellings]
    origins = {origin_of(index, d) for d in documents}
    first_silent = min(d for s in fact.silent if (d := public_since(index.articles[s])) is not None)
    return [
        math.log(len(documents)),
        len(origins) / len(documents),
        math.log(len(fact.silent)),
        len(documents) / (len(documents) + len(fact.silent)),
        math.fsum(fact.likeness) / len(fact.likeness),
        min(fact.likeness),
        sum(m >= TELLS for m in among) / max(1, len(among)),
        max((pile.importance[n] for t in tellings for n in t.events), default=0.0),
        math.fsum(places) / len(places),
        min(places),
        sum(bool(_GRAVE.search(t)) for t in texts) / len(texts),
        _share(t.disputes for t in tellings),
        _share(t.denied for t in tellings),
        _share(t.said for t in tellings),
        _share(bool(t.figures) for t in tellings),
        _share(bool(t.days) for t in tellings),
        float(len(actors)),
        sum(bool(actors & named[d]) for d in fact.silent) / len(fact.silent),
        float(len(parties)),
        float(any(_names_outlet(d, tellings, index) for d in fact.silent)),
        math.log1p(max(0.0, float(_days(fact.known, first_silent)))),
        sum(t.words for t in tellings) / len(tellings),
        max((pile.rarity.get(s, 0.0) for t in tellings[:1] for s in t.stems), default=0.0),
        len(fact.early) / len(index.compared),
        _share(index.articles[d].copy_of is not None for d in fact.silent),
    ]


def _share(flags: Iterable[bool]) -> float:
    rows = list(flags)
    return sum(rows) / max(1, len(rows))


def _days(a: str, b: str) -> int:
    return (first_day(b) - first_day(a)).days


def _shared_actors(tellings: Sequence[Telling], index: PileIndex) -> frozenset[str]:
    """Return the actors, no places or papers, that two tellings name."""
    counts: dict[str, int] = {}
    for telling in tellings:
        for actor in telling.actors:
            if index.actors[actor].type not in ("place", "country", "outlet", "publication"):
                counts[actor] = counts.get(actor, 0) + 1
    return frozenset(actor for actor, count in counts.items() if count >= 2)


def _is_party(document: str, named: Mapping[str, frozenset[str]], actors: frozenset[str], index: PileIndex) -> bool:
    """Return whether the document is an actor's own: its outlet is one whom it names."""
    outlet = outlet_of(index, document)
    return any(
        index.actors[a].type in ("organisation", "government", "armed_group")
        and (name := (actor_name(index, a) or "").casefold()) != ""
        and (name in outlet or outlet in name)
        for a in named[document] | actors
    )


def _names_outlet(document: str, tellings: Sequence[Telling], index: PileIndex) -> bool:
    """Return whether a telling names the outlet that keeps silent."""
    outlet = outlet_of(index, document)
    names = {(actor_name(index, a) or "").casefold() for t in tellings for a in t.actors}
    return any(len(n) > len("the") and (n in outlet or outlet in n) for n in names)


def choose_facts(facts: Sequence[Fact], scores: Sequence[float], pages: int) -> list[int]:
    """Return the weightiest facts of a pile of so many pages, of two that share a telling the weightier."""
    most = min(MOST, max(FEWEST, pages // 2))
    chosen: list[int] = []
    taken: set[int] = set()
    for n in sorted(range(len(facts)), key=lambda n: (-scores[n], facts[n].tellings)):
        if scores[n] < LEAST or len(chosen) == most:
            break
        if not taken & set(facts[n].tellings):
            chosen.append(n)
            taken |= set(facts[n].tellings)
    return chosen


def make_omission(fact: Fact, score: float, pile: Pile, index: PileIndex) -> Omission:
    """Return the fact as an omission, its tellings in order of publication."""
    tellings = [pile.tellings[n] for n in fact.tellings]
    places = order_evidence(index, (cut_evidence(index, t.document, t.start, t.end) for t in tellings))
    told = sorted({t.document for t in tellings}, key=lambda d: index.rank[d])
    about = shorten(index.articles[tellings[0].document].text[tellings[0].start : tellings[0].end])
    return Omission(about, tuple(places[:8]), fact.known, tuple(told), fact.silent, fact.early, round(score, 3))
