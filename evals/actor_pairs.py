"""Pairs of names across articles: what blocking keeps, and whether their probabilities mean what they say.

Gold: the entity chains of MEANTIME, mentions given. Bundles count that have names, most of which
lie in one chain. Blocking recall: the share of true pairs that ``pair_candidates`` yields. Calibration: candidates by
probability, beside the share that is true; the expected error is the mean gap, weighted by count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from evals.coreference_data import ChainDocument, read_meantime
from storyledger.actors import resolve_document
from storyledger.actors.blocking import pair_candidates
from storyledger.actors.pairs import measure_bundles, weigh_pair
from storyledger.actors.profiles import Bundle, bundle_nodes, list_company
from storyledger.actors.resolve import count_longer, make_nodes, split_rivals
from storyledger.types import Article, Reading

BINS = 10


@dataclass(frozen=True)
class PairCase:
    """A candidate pair: its features, and whether gold has it in one chain."""

    features: dict[str, float]
    is_one: bool


@dataclass(frozen=True)
class PairSet:
    """The candidate pairs of a split, and how many true pairs there are with and without blocking."""

    cases: tuple[PairCase, ...]
    true_pairs: int
    true_candidates: int
    all_pairs: int


def collect_pairs(give: Callable[[ChainDocument], tuple[Article, Reading]], split: str) -> PairSet:
    """Return the pairs of a split of MEANTIME; ``give`` returns an article and its reading with gold mentions."""
    documents = read_meantime(split)
    cases: list[PairCase] = []
    true_pairs = true_candidates = all_pairs = 0
    for topic in sorted({d.topic for d in documents}):
        part = [d for d in documents if d.topic == topic]
        pairs = [give(d) for d in part]
        local = [resolve_document(a, r) for a, r in pairs]
        bundles = [
            b
            for b in split_rivals(bundle_nodes(make_nodes(local, [a for a, _ in pairs]), list_company(local)))
            if b.profile.named
        ]
        count_longer(bundles)
        chains = [_find_chain(b, part) for b in bundles]
        counts = Counter(c for c in chains if c is not None)
        true_pairs += sum(n * (n - 1) // 2 for n in counts.values())
        known = sum(c is not None for c in chains)
        all_pairs += known * (known - 1) // 2
        for a, b in pair_candidates(bundles):
            one, two = chains[a], chains[b]
            if one is not None and two is not None:
                true_candidates += one == two
                cases.append(PairCase(measure_bundles(bundles[a], bundles[b]), one == two))
    return PairSet(tuple(cases), true_pairs, true_candidates, all_pairs)


def _find_chain(bundle: Bundle, part: list[ChainDocument]) -> str | None:
    """Return the gold chain that most names of a bundle lie in, None where none has half of them."""
    by_id = {d.article.id: d for d in part}
    votes: Counter[str] = Counter()
    total = 0
    for node in bundle.nodes:
        for m in node.actor.mentions:
            if m.kind == "name":
                total += 1
                fitting = [
                    (e - s, c)
                    for s, e, c in by_id[m.document].mentions
                    if s <= m.end - 1 < e and m.start <= e and m.end <= e
                ]
                if fitting:
                    votes[min(fitting)[1]] += 1
    chain, count = votes.most_common(1)[0] if votes else ("", 0)
    return chain if 2 * count > total else None


def measure_pairs(found: PairSet, *, show: bool = True) -> dict[str, float]:
    """Return blocking recall, the share of pairs compared, and the expected calibration error; print the table."""
    rows: list[list[float]] = [[0.0, 0.0, 0.0] for _ in range(BINS)]
    for case in found.cases:
        p = weigh_pair(case.features)
        row = rows[min(BINS - 1, int(p * BINS))]
        row[0] += 1
        row[1] += p
        row[2] += case.is_one
    error = sum(abs(p - right) for n, p, right in rows if n) / max(1, len(found.cases))
    if show:
        print("probability    pairs   said   true")
        for i, (n, p, right) in enumerate(rows):
            if n:
                bar = "#" * round(40 * right / n)
                print(f"{i / BINS:.1f} to {(i + 1) / BINS:.1f}   {n:6.0f}   {p / n:.2f}   {right / n:.2f}  {bar}")
    return {
        "blocking_recall": found.true_candidates / max(1, found.true_pairs),
        "compared_share": len(found.cases) / max(1, found.all_pairs),
        "calibration_error": error,
    }
