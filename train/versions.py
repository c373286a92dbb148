"""Train the judge of versions: ``python -m train.versions --work FOLDER [--out FILE]``.

Data: the version groups of the marked piles that may be learned from, on their marked statements, with articles and
readings as ``python -m train.marked`` wrote them. A share of speakers is forgotten, as the program will not know all.
Three folds by story are measured on the pairs of the groups that come of it; the package's forest is trained on all.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyledger.statements.versions import (
    PAIR,
    SURE,
    Utterance,
    join_pairs,
    list_pairs,
    list_utterances,
    measure_pair,
    weigh_words,
)
from storyledger.types import Article, Evidence, Speaker, Statement
from train.forests import fit_forest, pack_forest
from train.marked import TRAINING, deal_piles, list_piles, to_text

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/statements/versions.npz"
FOLDS = 3
TREES = 120
FORGOTTEN = 0.2  # of the speakers
UNREAD = 0.3
SEED = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A pile's statements, the group of each (None: none), and its pairs with their ``PAIR`` numbers and labels."""

    fold: int
    utterances: list[Utterance]
    groups: list[str | None]
    pairs: list[tuple[int, int]]
    rows: NDArray[np.float32]
    labels: NDArray[np.bool_]


def load_pile(name: str, folder: Path, fold: int, work: Path, rng: np.random.Generator) -> Told:
    """Return the pairs of one pile."""
    _, _, read = pickle.loads((work / "cache" / f"{name}.pkl").read_bytes())
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    articles = {PurePath(a.path).name: a for a, _, _ in read}
    group = {v["statement"]: q["id"] for q in gold["quote_versions"] for v in q["versions"] if v.get("statement")}
    made = (_make(articles.get(s["file"]), s, rng) for s in gold["statements"])
    told = list_utterances([s for s in made if s is not None], list(articles.values()), {a.id: r for a, r, _ in read})
    groups = [group.get(u.statement.id) for u in told]
    rarity, pairs = weigh_words(told), list_pairs(told)
    rows = [list(measure_pair(told[i], told[j], rarity).values()) for i, j in pairs]
    labels = [groups[i] is not None and groups[i] == groups[j] for i, j in pairs]
    table = np.array(rows, np.float32).reshape(-1, len(PAIR))
    return Told(fold, told, groups, pairs, table, np.array(labels, bool))


def _make(article: Article | None, said: dict[str, Any], rng: np.random.Generator) -> Statement | None:
    span = to_text(article, said["span"]) if article is not None else None
    if article is None or span is None:
        return None
    actor = said["speaker"] if rng.random() > FORGOTTEN else None
    return Statement(
        id=said["id"],
        speaker=Speaker(actor, said.get("speaker_text") or "", None),
        cue=None,
        content=Evidence(article.id, *span, article.text[slice(*span)]),
        kind=said["kind"],
        act=said.get("act", "say"),
        polarity=said["polarity"],
        said_on=None,
        to=None,
        continues=said.get("continues"),
        version_group=None,
        version_relation=None,
        confidence=1.0,
    )


def measure(piles: list[Told], sure: list[NDArray[np.float64]], least: float) -> str:
    """Return how many pairs of the groups are right, and how many of the gold's are found."""
    right = made = wanted = 0
    for pile, scores in zip(piles, sure, strict=True):
        joined = [p for p, score in zip(pile.pairs, scores, strict=True) if score > least]
        for members in join_pairs(len(pile.utterances), joined):
            own = [(pile.groups[a], pile.groups[b]) for n, a in enumerate(members) for b in members[:n]]
            made += len(own)
            right += sum(a is not None and a == b for a, b in own)
        sizes: dict[str, int] = defaultdict(int)
        for group in pile.groups:
            if group is not None:
                sizes[group] += 1
        wanted += sum(n * (n - 1) // 2 for n in sizes.values())
    return f"{least}: P {right / max(1, made):.3f} R {right / wanted:.3f} F1 {2 * right / (made + wanted):.3f}"


def fit(piles: list[Told]) -> Any:
    """Return the trees; the same pairs stand there again, at less weight, as an imported story has them: unread."""
    rows, labels = np.concatenate([p.rows for p in piles]), np.concatenate([p.labels for p in piles])
    unread = rows.copy()
    unread[:, list(PAIR).index("near")] = 0.0
    weights = np.repeat([1.0, UNREAD], len(rows))
    return fit_forest(np.concatenate([rows, unread]), np.tile(labels, 2), weights, trees=TREES)


def main() -> None:
    """Measure out of fold, fit on all, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=TARGET)
    args = parser.parse_args()
    folders, rng = list_piles(TRAINING), np.random.default_rng(SEED)
    order = deal_piles(folders, FOLDS)
    piles = [load_pile(name, folder, order[name], args.work, rng) for name, folder in folders.items()]
    folds = [fit([p for p in piles if p.fold != fold]) for fold in range(FOLDS)]
    sure = [folds[p.fold].predict_proba(p.rows)[:, 1] if len(p.rows) else np.zeros(0) for p in piles]
    print(f"{sum(len(p.pairs) for p in piles)} pairs, {sum(int(p.labels.sum()) for p in piles)} of one utterance")
    for least in (0.4, 0.5, SURE, 0.7, 0.8):
        print(measure(piles, sure, least))
    np.savez_compressed(args.out, **pack_forest(fit(piles), "version", list(PAIR)))


if __name__ == "__main__":
    main()
