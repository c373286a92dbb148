"""Which pairs of tellings are worth comparing.

In a small pile all are. In a larger one those that share a key: words, actors, a place or a number with a kind of event
or a month. Invariant: the number of pairs is linear in the number of tellings, and independent of their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from storyledger.events.similarity import FAMILIES, Telling
from storyledger.linkage import block

SMALL = 300  # tellings of some fifteen pages: 45,000 pairs, a second
MOST_SHARING = 32  # tellings that a key may join in a larger pile: what more share tells nothing
MOST_COPIES = 200  # that tell something in the very same words, as an agency's pages do
_RARE_WORDS = 3
_RARE_ACTORS = 3
_KEY_MONTHS = 4  # an interval over more months than this is no key in time
_DAYS_IN_MONTH = 30


def list_pairs(tellings: Sequence[Telling]) -> NDArray[np.int64]:
    """Return the pairs of positions to compare, smaller first, each once, in order: (P, 2)."""
    if len(tellings) <= SMALL:
        low, high = np.triu_indices(len(tellings), k=1)
        return np.stack([low, high], axis=1)
    shared = block(tellings, iter_keys, most=MOST_SHARING)
    copied = block(tellings, lambda telling: [telling.report.evidence.text], most=MOST_COPIES)
    codes = np.unique(np.concatenate([pairs[:, 0] * len(tellings) + pairs[:, 1] for pairs in (shared, copied)]))
    return np.stack(np.divmod(codes, len(tellings)), axis=1)


def iter_keys(telling: Telling) -> Iterator[tuple[str, ...]]:
    """Yield the blocking keys of one telling."""
    report, family = telling.report, FAMILIES[telling.report.type]
    months, words = _months(telling), _rarest(telling.stems, _RARE_WORDS)
    who = _rarest({actor: telling.rarity.get(actor, 1.0) for actor in telling.present}, _RARE_ACTORS)
    yield from (("words", *pair) for pair in combinations(sorted(words), 2))
    yield from (("who", *pair) for pair in combinations(sorted(who), 2))
    for actor in who:
        yield "act", report.predicate_lemma, actor
        yield from (("word and who", word, actor) for word in words)
        yield from (("month", family, actor, month) for month in months)
        yield from (("sense", group, actor) for group in sorted(telling.groups))
        yield from (("number", number, actor) for number in sorted(telling.numbers))
    yield from (("word", report.predicate_lemma, word) for word in words)
    yield from (("number and word", number, word) for number in sorted(telling.numbers) for word in words)
    if report.place is not None:
        yield from (("place", family, report.place, month) for month in months)


def _months(telling: Telling) -> list[str]:
    first, last = telling.earliest // _DAYS_IN_MONTH, telling.latest // _DAYS_IN_MONTH
    return [str(month) for month in range(first, last + 1)] if last - first < _KEY_MONTHS else []


def _rarest(weights: Mapping[str, float], most: int) -> list[str]:
    ranked = sorted(weights.items(), key=lambda row: (-row[1], row[0]))
    return [name for name, _ in ranked[:most]]
