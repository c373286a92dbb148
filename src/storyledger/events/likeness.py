"""What makes two tellings one event, or two: the named features that ``merging.json`` weighs.

Each feature is a function of two tellings, symmetric, from 0 to 1 or a little above; its docstring is the reason shown.
Weights are made by ``python -m train.event_links``. This module must not know clusters.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from functools import cache

import numpy as np

from storyledger.events.lexicon import load_words
from storyledger.events.similarity import FAMILIES, FAR_OFF, LONG_AGO, Telling
from storyledger.linkage import Scorer, batched, load_weights
from storyledger.linkage.weights import Floats

_NARROW_DAYS = 31  # an interval over more days than this says little of which event it is
_MANY_DAYS_LOG = math.log1p(400.0)


def same_word(a: Telling, b: Telling) -> float:
    """Both tell it with the same word."""
    return float(bool(a.report.predicate_lemma) and a.report.predicate_lemma == b.report.predicate_lemma)


def same_sense(a: Telling, b: Telling) -> float:
    """Their words are of one sense."""
    return float(bool(a.groups & b.groups))


def other_sense(a: Telling, b: Telling) -> float:
    """Their words are of different senses."""
    return float(bool(a.groups and b.groups) and not a.groups & b.groups)


def happens_once(a: Telling, b: Telling) -> float:
    """What happens once: two tellings of it are likely one."""
    return float(bool(a.groups & b.groups & load_words("once")))


def same_type(a: Telling, b: Telling) -> float:
    """Both are of one type."""
    return float(a.report.type == b.report.type)


def same_act(a: Telling, b: Telling) -> float:
    """Both are of one type, and it says something."""
    return float(a.report.type == b.report.type != "OTHER")


def other_family(a: Telling, b: Telling) -> float:
    """Their types are of different families."""
    return float(FAMILIES[a.report.type] != FAMILIES[b.report.type])


def shared_words(a: Telling, b: Telling) -> float:
    """They share words."""
    shared = a.stems.keys() & b.stems.keys()
    return (
        math.fsum(a.stems[word] * b.stems[word] for word in shared) / math.sqrt(a.square * b.square) if shared else 0.0
    )


def told_around(a: Telling, b: Telling) -> float:
    """The words of one stand around the other."""
    return max(_part(a, b.around), _part(b, a.around))


def same_text(a: Telling, b: Telling) -> float:
    """They are told in the same words."""
    return float(len(a.stems) > 1 and a.folded == b.folded)


def rare_word(a: Telling, b: Telling) -> float:
    """They share a rare word."""
    return max((a.stems[word] for word in a.stems.keys() & b.stems.keys()), default=0.0)


@batched
def sentences_alike(left: Sequence[Telling], right: Sequence[Telling]) -> Floats:
    """Their sentences mean something alike."""
    a, b = (np.stack([_vector(t) for t in side]) for side in (left, right))
    alike: Floats = np.maximum(0.0, np.einsum("pd,pd->p", a, b).astype(np.float64))
    return alike


@batched
def clauses_alike(left: Sequence[Telling], right: Sequence[Telling]) -> Floats:
    """Their clauses mean something alike."""
    a, b = (np.stack([_clause(t) for t in side]) for side in (left, right))
    alike: Floats = np.maximum(0.0, np.einsum("pd,pd->p", a, b).astype(np.float64))
    return alike


def same_actor(a: Telling, b: Telling) -> float:
    """The same actor acts."""
    return _rarest(a, a.actors & b.actors)


def same_recipient(a: Telling, b: Telling) -> float:
    """The same actor is acted on."""
    return _rarest(a, a.recipients & b.recipients)


def same_present(a: Telling, b: Telling) -> float:
    """The same actors stand in both."""
    if a.present.isdisjoint(b.present):
        return 0.0
    both, either = a.present & b.present, a.present | b.present
    return _rarest(a, both) * (0.5 + 0.5 * len(both) / len(either))


def one_state(a: Telling, b: Telling) -> float:
    """Those who take part are of one state."""
    shared = (a.actors | a.recipients) & (b.actors | b.recipients)
    return float(not shared and bool(a.acting & b.acting or a.undergoing & b.undergoing))


def other_actors(a: Telling, b: Telling) -> float:
    """Another actor acts."""
    mine, yours = a.named_actors, b.named_actors
    return float(bool(mine and yours) and not mine & b.present and not yours & a.present and not a.acting & b.acting)


def other_recipients(a: Telling, b: Telling) -> float:
    """Another actor is acted on."""
    mine, yours = a.named_recipients, b.named_recipients
    return float(bool(mine and yours) and not mine & b.present and not yours & a.present)


def swapped(a: Telling, b: Telling) -> float:
    """Who acts in one is acted on in the other."""
    crossed = a.actors & b.recipients or a.recipients & b.actors
    straight = a.actors & b.actors or a.recipients & b.recipients
    return float(bool(crossed) and not straight and a.report.type == b.report.type)


def nobody_shared(a: Telling, b: Telling) -> float:
    """They have nobody in common."""
    return float(bool(a.present and b.present) and not a.present & b.present)


def nobody_known(a: Telling, b: Telling) -> float:
    """One of them names nobody."""
    return float(not a.present or not b.present)


def same_place(a: Telling, b: Telling) -> float:
    """The same place."""
    return float(a.report.place is not None and a.report.place == b.report.place)


def other_place(a: Telling, b: Telling) -> float:
    """Different places."""
    return float(None not in (a.report.place, b.report.place) and a.report.place != b.report.place)


def dates_meet(a: Telling, b: Telling) -> float:
    """Their dates meet."""
    narrow = max(a.latest - a.earliest, b.latest - b.earliest) <= _NARROW_DAYS
    return float(a.stated and b.stated and narrow and _gap(a, b) <= 0)


def dates_differ(a: Telling, b: Telling) -> float:
    """Their dates differ."""
    return float(a.stated and b.stated and _gap(a, b) > 1)


def dates_near(a: Telling, b: Telling) -> float:
    """Their dates are a day apart."""
    return float(a.stated and b.stated and _gap(a, b) == 1)


def dated_after(a: Telling, b: Telling) -> float:
    """One is dated after the other was told as a fact."""
    return max(_dated_after(a, b), _dated_after(b, a))


def told_long_after(a: Telling, b: Telling) -> float:
    """One is dated long before the other, undated, was told."""
    return max(_lag(a, b), _lag(b, a))


def told_apart(a: Telling, b: Telling) -> float:
    """They were told at different times."""
    if a.told is None or b.told is None:
        return 0.3
    return min(1.0, math.log1p(abs(a.told - b.told)) / _MANY_DAYS_LOG)


def same_number(a: Telling, b: Telling) -> float:
    """They name the same number."""
    return float(bool(a.numbers & b.numbers))


def other_numbers(a: Telling, b: Telling) -> float:
    """They name different numbers."""
    return float(bool(a.numbers and b.numbers) and not a.numbers & b.numbers)


def one_page(a: Telling, b: Telling) -> float:
    """One page tells both."""
    return float(a.report.document == b.report.document)


def side_by_side(a: Telling, b: Telling) -> float:
    """They are told side by side."""
    return float(a.report.document == b.report.document and a.report.sentence == b.report.sentence)


def far_on_page(a: Telling, b: Telling) -> float:
    """They stand far apart on one page."""
    gap = abs(a.report.sentence - b.report.sentence)
    return min(1.0, math.log1p(gap) / math.log1p(60)) if a.report.document == b.report.document else 0.0


def other_status(a: Telling, b: Telling) -> float:
    """One holds it to have happened, the other does not."""
    return float(a.report.status != b.report.status)


def few_words(a: Telling, b: Telling) -> float:
    """One is told in a word or two."""
    return float(min(len(a.stems), len(b.stems)) <= 2)


def both_listed(a: Telling, b: Telling) -> float:
    """Both are what a reader would list."""
    return math.sqrt(a.report.confidence * b.report.confidence)


FEATURES = (
    same_word, same_sense, other_sense, happens_once, same_type, same_act, other_family, shared_words, told_around,
    same_text, rare_word, sentences_alike, clauses_alike,
    same_actor, same_recipient, same_present, one_state, other_actors,
    other_recipients, swapped, nobody_shared, nobody_known, same_place, other_place, dates_meet, dates_differ,
    dates_near, dated_after, told_long_after, told_apart, same_number, other_numbers, one_page, side_by_side,
    far_on_page, other_status, few_words, both_listed,
)  # fmt: skip


# What parts two tellings whatever else they share: two days, or one doing to the other what was done to it.
PARTING = (dates_differ, swapped)
PARTED = 0.01
# What ties two tellings that nothing parts: several words, the same to the letter.
TYING = (same_text,)
TIED = 0.9


@cache
def load_scorer() -> Scorer[Telling]:
    """Return the scorer of pairs of tellings."""
    return Scorer(FEATURES, load_weights(__package__, "data/merging.json"))


def _vector(telling: Telling) -> Floats:
    return telling.vector if telling.vector is not None else np.zeros(384, np.float32)  # type: ignore[return-value]


def _clause(telling: Telling) -> Floats:
    return telling.clause if telling.clause is not None else np.zeros(64, np.float32)  # type: ignore[return-value]


def _part(telling: Telling, around: frozenset[str]) -> float:
    """How much of its words stands among those ``around``, by their weights."""
    if around.isdisjoint(telling.stems):
        return 0.0
    return math.fsum(weight for word, weight in telling.stems.items() if word in around) / (telling.weight or 1.0)


def _rarest(telling: Telling, shared: Collection[str]) -> float:
    """The rarity of the rarest of the actors that two tellings share, never 0 where they share one."""
    return max(0.1 + 0.9 * telling.rarity.get(actor, 1.0) for actor in shared) if shared else 0.0


def _gap(a: Telling, b: Telling) -> int:
    return max(a.earliest, b.earliest) - min(a.latest, b.latest)


def _dated_after(dated: Telling, told: Telling) -> float:
    late = dated.stated and told.told is not None and dated.earliest > told.told + 1
    return float(late and told.report.status == "reported")


def _lag(dated: Telling, other: Telling) -> float:
    if not dated.stated or other.stated or other.told is None or dated.latest in (LONG_AGO, FAR_OFF):
        return 0.0
    return min(1.0, math.log1p(max(0, other.told - dated.latest)) / _MANY_DAYS_LOG)
