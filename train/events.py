"""Train the judges of ``events/``: ``python -m train.events --cache FOLDER --models FOLDER [--measure]``.

Linear models over the named features of every predicate (``events/features.py``), learned on the marked piles that may
be learned from: whether a careful reader would list it, its PLOVER type, its status, its importance. ``--measure`` says
first what each reaches on piles kept out in turn. Minutes.
Writes ``src/storyledger/events/data/judges.npz``.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from storyledger.events.features import Features
from storyledger.events.judges import Space
from train.event_gold import Row, iter_rows
from train.story_piles import add_piles, is_wikinews, iter_piles

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/events/data/judges.npz"
LEAST_TOLD = 3  # piles' predicates that a word must stand with to be one
LEAST_NUMBERED = 20
DIRECTIONS = 64
VECTOR_SCALE = 6.0  # sentence vectors are of length one: against the words' ones and zeros they would weigh nothing
FOLDS = 5
# Of .02 to 1 the best on piles kept out.
STRENGTH = {"listed": 0.05, "important": 0.03, "type": 0.3, "status": 0.1}
ROUNDS = 60


def make_space(rows: Sequence[Features]) -> Space:
    """Return the columns that ``rows`` fill: numbers and words that are not too rare, the vectors' main directions."""
    words = Counter(word for row in rows for word in set(row.words))
    numbers = Counter(name for row in rows for name in row.numbers)
    named = sorted(name for name, count in numbers.items() if count >= LEAST_NUMBERED)
    vectors = np.stack([row.vector for row in rows])
    mean = vectors.mean(0)
    directions = np.linalg.svd(vectors[::3] - mean, full_matrices=False)[2][:DIRECTIONS].T * VECTOR_SCALE
    table = np.array([[row.numbers.get(name, 0.0) for name in named] for row in rows], np.float32)
    return Space(
        {name: at for at, name in enumerate(named)},
        table.std(0) + np.float32(1e-3),
        mean,
        directions.astype(np.float32),
        {word: at for at, word in enumerate(sorted(w for w, count in words.items() if count >= LEAST_TOLD))},
    )


def make_table(space: Space, rows: Sequence[Features]) -> sparse.csr_matrix:
    """Return the rows as the judges see them: numbers, directions, words."""
    columns = [space.word_columns(row) for row in rows]
    ends = np.cumsum([0, *map(len, columns)])
    at = np.concatenate([np.array(c, np.int64) for c in columns])
    words = sparse.csr_matrix((np.ones(len(at), np.float32), at, ends), shape=(len(rows), len(space.words)))
    return sparse.hstack([sparse.csr_matrix(space.dense_rows(rows)), words]).tocsr()


def list_targets(rows: Sequence[Row]) -> dict[str, tuple[NDArray[np.bool_], NDArray[np.str_]]]:
    """Return for each judge which rows it learns from, and what is right for each row."""
    told = np.array([row.gold is not None for row in rows])
    near = np.array([row.near for row in rows])
    return {
        "listed": (told | ~near | True, np.array(["yes" if row.gold else "no" for row in rows])),
        "important": (told, np.array(["yes" if row.gold and row.gold.importance == "high" else "no" for row in rows])),
        "type": (told, np.array([row.gold.type if row.gold else "" for row in rows])),
        "status": (told, np.array([row.gold.status if row.gold else "" for row in rows])),
    }


def fit(table: sparse.csr_matrix, right: NDArray[np.str_], strength: float) -> LogisticRegression:
    """Return the linear model of one judge."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it stops at ROUNDS, whatever is left to gain
        return LogisticRegression(C=strength, max_iter=ROUNDS).fit(table, right)


def pack_judge(name: str, model: LogisticRegression, dense: int) -> dict[str, Any]:
    """Return a judge's arrays as ``events/judges.py`` reads them."""
    weights, bias, classes = model.coef_, model.intercept_, model.classes_
    if len(classes) == 2:
        classes = np.array(["no", "yes"])
        weights, bias = np.concatenate([0 * weights, weights]), np.concatenate([0 * bias, bias])
    return {
        f"{name}.classes": classes,
        f"{name}.dense": weights[:, :dense].T.astype(np.float16),
        f"{name}.sparse": weights[:, dense:].T.astype(np.float16),
        f"{name}.bias": bias.astype(np.float32),
    }


def sort_folds(rows: Sequence[Row]) -> NDArray[np.int64]:
    """Return the fold of each row: a pile stands in one."""
    piles = sorted({row.pile for row in rows})
    order = np.random.default_rng(0).permutation(len(piles))
    fold = {pile: int(order[at]) % FOLDS for at, pile in enumerate(piles)}
    return np.array([fold[row.pile] for row in rows])


def measure(rows: Sequence[Row], table: sparse.csr_matrix) -> None:
    """Print what each judge reaches on piles kept out, invented ones and Wikinews apart."""
    folds, real = sort_folds(rows), np.array([is_wikinews(row.pile) for row in rows])
    for name, (learned, right) in list_targets(rows).items():
        said, chance = np.empty(len(rows), right.dtype), np.zeros(len(rows))
        for fold in range(FOLDS):
            model = fit(table[learned & (folds != fold)], right[learned & (folds != fold)], STRENGTH[name])
            out = learned & (folds == fold)
            said[out], chance[out] = model.predict(table[out]), model.predict_proba(table[out])[:, -1]
        for part, where in (("invented", learned & ~real), ("Wikinews", learned & real)):
            share = (said == right)[where].mean()
            precision = average_precision_score(right[where] == "yes", chance[where]) if "yes" in right else np.nan
            print(f"{name:10s} {part:9s} right {share:.4f}  average precision {precision:.4f}", flush=True)


def main() -> int:
    """Read the piles, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_piles(parser)
    parser.add_argument("--measure", action="store_true", help="say what piles kept out reach")
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    rows = [row for pile in iter_piles(options) for row in iter_rows(pile)]
    features = [row.asked.features for row in rows]
    space = make_space(features)
    table = make_table(space, features)
    if options.measure:
        measure(rows, table)
    packed: dict[str, Any] = {
        "numbers": np.array(list(space.numbers)),
        "scales": space.scales,
        "mean": space.mean.astype(np.float32),
        "directions": space.directions.astype(np.float16),
        "words": np.array(list(space.words)),
    }
    for name, (learned, right) in list_targets(rows).items():
        model = fit(table[learned], right[learned], STRENGTH[name])
        packed |= pack_judge(name, model, len(space.numbers) + DIRECTIONS)
    np.savez_compressed(options.out, **packed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
