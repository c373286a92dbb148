"""Train the judges of ``events/``: ``python -m train.events --cache FOLDER --models FOLDER [--measure]``.

Linear models over the named features of every predicate (``events/features.py``), learned on the marked piles that may
be learned from: whether a careful reader would list it, its PLOVER type, its status, its importance. Whether it is
listed, and how important, is learned from each predicate twice: as it stands on its page, and, at a smaller weight, as
if its sentence stood alone, so that what the page says is a help and no need. Its type is learned from few features,
held tightly, with the lexicon's type as a prior that the others must outweigh. ``--measure`` says first what each
reaches on piles kept out in turn. Minutes.
Writes ``src/storyledger/events/data/judges.npz``, and into the folder of ``--cache`` the judges of each fold, which
have not seen its piles: what is learned from verdicts must see theirs.
"""

from __future__ import annotations

import argparse
import math
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
from storyledger.events.judges import Space, Verdict, judge_predicates
from storyledger.language.tags import EVENT_TYPES
from train.event_gold import Row, iter_rows
from train.story_piles import SHARED, add_piles, is_wikinews, iter_piles, list_piles

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/events/data/judges.npz"
LEAST_TOLD = 3  # piles' predicates that a word must stand with to be one
LEAST_NUMBERED = 20
FOLDS = 3
# Of .01 to 1 the best on piles kept out.
STRENGTH = {"listed": 0.02, "important": 0.02, "type": 0.01, "status": 0.03}
ROUNDS = 60
ALONE = 0.3  # what a predicate counts that is seen without its page; 0 loses a seventh of the single sentences' types
# What a sentence that stands alone has of the page's numbers; it has no others.
ALONE_HAS = {
    "sentences": math.log(2), "paragraph": math.log(2), "opens its paragraph": 1.0, "like the article": 1.0,
    "like the headline": 1.0, "lemma in the article": math.log(2), "in paragraph": 1.0,
}  # fmt: skip
OF_PAGE = (
    *ALONE_HAS, "chars into the body", "share of the article", "lemma in the headline", "argument in the headline",
    "in title", "in deck",
)  # fmt: skip
# Log odds that the lexicon's type has before anything else is seen: of 0 to 4 the most types right in single sentences
# (.56 to .66) that costs the piles' nothing (.67 and .51 right at 0 and 2, .65 and .50 at 4).
LEXICON_SAYS = 2.0


def make_space(rows: Sequence[Features]) -> Space:
    """Return the columns that ``rows`` fill: numbers and words that are not too rare."""
    words = Counter(word for row in rows for word in set(row.words))
    numbers = Counter(name for row in rows for name in row.numbers)
    named = sorted(name for name, count in numbers.items() if count >= LEAST_NUMBERED)
    table = np.array([[row.numbers.get(name, 0.0) for name in named] for row in rows], np.float32)
    return Space(
        {name: at for at, name in enumerate(named)},
        table.std(0) + np.float32(1e-3),
        {word: at for at, word in enumerate(sorted(w for w, count in words.items() if count >= LEAST_TOLD))},
    )


def make_table(space: Space, rows: Sequence[Features]) -> sparse.csr_matrix:
    """Return the rows as the judges see them: numbers, the clause's vector, words."""
    columns = [space.word_columns(row) for row in rows]
    ends = np.cumsum([0, *map(len, columns)])
    at = np.concatenate([np.array(c, np.int64) for c in columns])
    words = sparse.csr_matrix((np.ones(len(at), np.float32), at, ends), shape=(len(rows), len(space.words)))
    return sparse.hstack([sparse.csr_matrix(space.dense_rows(rows)), words]).tocsr()


def list_targets(rows: Sequence[Row]) -> dict[str, tuple[NDArray[np.bool_], NDArray[np.str_]]]:
    """Return for each judge which rows it learns from, and what is right for each row."""
    told = np.array([row.gold is not None for row in rows])
    return {
        "listed": (np.ones(len(rows), np.bool_), np.array(["yes" if row.gold else "no" for row in rows])),
        "important": (told, np.array(["yes" if row.gold and row.gold.importance == "high" else "no" for row in rows])),
        "type": (told, np.array([row.gold.type if row.gold else "" for row in rows])),
        "status": (told, np.array([row.gold.status if row.gold else "" for row in rows])),
    }


def mask_columns(space: Space, name: str, width: int) -> NDArray[np.float32]:
    """Return 1 for each column of a table of ``width`` that the judge ``name`` looks at, 0 for the others."""
    mask = np.zeros(width, np.float32)
    numbers, dense = len(space.numbers), width - len(space.words)
    if name == "type":
        mask[[at for number, at in space.numbers.items() if is_of_type(number)]] = 1.0
        mask[numbers:] = 1.0
    else:
        mask[:dense] = 1.0
    return mask


def is_of_type(number: str) -> bool:
    """Whether a number says of which type a predicate is: the second network's word for it, or the lexicon's."""
    kind, _, label = number.partition(" ")
    return number == "known" or (kind in ("tag", "own", "lexicon") and label in EVENT_TYPES)


def stand_alone(space: Space, table: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the rows as if each predicate's sentence stood on a page of its own."""
    columns = [space.numbers[name] for name in OF_PAGE if name in space.numbers]
    alone = np.zeros(table.shape[1], np.float32)
    for name, value in ALONE_HAS.items():
        if name in space.numbers:
            alone[space.numbers[name]] = value / space.scales[space.numbers[name]]
    keep = np.ones(table.shape[1], np.float32)
    keep[columns] = 0.0
    shared = sparse.csr_matrix(np.tile(alone, (table.shape[0], 1)))
    return (table @ sparse.diags(keep) + shared).tocsr()


def fit(space: Space, name: str, table: sparse.csr_matrix, right: NDArray[np.str_]) -> LogisticRegression:
    """Return the linear model of one judge; its weights on the columns that it does not look at are 0."""
    mask = mask_columns(space, name, table.shape[1])
    seen, weights = table, np.ones(len(right))
    if name in ("listed", "important"):
        seen = sparse.vstack([table, stand_alone(space, table)])
        right, weights = np.concatenate([right, right]), np.concatenate([weights, np.full(len(right), ALONE)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it stops at ROUNDS, whatever is left to gain
        model = LogisticRegression(C=STRENGTH[name], max_iter=ROUNDS)
        model.fit((seen @ sparse.diags(mask)).tocsr(), right, sample_weight=weights)
    model.coef_ = model.coef_ * mask
    if name == "type":
        for row, label in enumerate(model.classes_):
            column = space.numbers.get(f"lexicon {label}")
            if column is not None:
                model.coef_[row, column] += LEXICON_SAYS * space.scales[column]
    return model


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


def sort_folds(names: Sequence[str]) -> NDArray[np.int64]:
    """Return the fold of each row by its pile's name: a pile stands in one."""
    piles = sorted(set(names))
    order = np.random.default_rng(0).permutation(len(piles))
    fold = {pile: int(order[at]) % FOLDS for at, pile in enumerate(piles)}
    return np.array([fold[name] for name in names])


def measure(space: Space, rows: Sequence[Row], table: sparse.csr_matrix) -> None:
    """Print what each judge reaches on piles kept out, invented ones and Wikinews apart."""
    folds, real = sort_folds([row.pile for row in rows]), np.array([is_wikinews(row.pile) for row in rows])
    for name, (learned, right) in list_targets(rows).items():
        said, chance = np.empty(len(rows), right.dtype), np.zeros(len(rows))
        for fold in range(FOLDS):
            model = fit(space, name, table[learned & (folds != fold)], right[learned & (folds != fold)])
            out = learned & (folds == fold)
            said[out], chance[out] = model.predict(table[out]), model.predict_proba(table[out])[:, -1]
        for part, where in (("invented", learned & ~real), ("Wikinews", learned & real)):
            share = (said == right)[where].mean()
            precision = average_precision_score(right[where] == "yes", chance[where]) if "yes" in right else np.nan
            print(f"{name:10s} {part:9s} right {share:.4f}  average precision {precision:.4f}", flush=True)


def pack_judges(space: Space, rows: Sequence[Row], table: sparse.csr_matrix) -> dict[str, Any]:
    """Return the arrays of the judges that ``rows`` teach, as ``events/judges.py`` reads them."""
    packed: dict[str, Any] = {
        "numbers": np.array(list(space.numbers)),
        "scales": space.scales,
        "words": np.array(list(space.words)),
    }
    for name, (learned, right) in list_targets(rows).items():
        model = fit(space, name, table[learned], right[learned])
        packed |= pack_judge(name, model, table.shape[1] - len(space.words))
    return packed


def kept_out(cache: Path, fold: int) -> Path:
    """Return where the judges stand that have not seen the piles of a fold."""
    return cache / f"judges{fold}.npz"


def judge_kept_out(cache: Path, rows: Sequence[Row]) -> list[Verdict]:
    """Return the verdicts on the predicates of one pile by the judges that have not seen it."""
    names = sorted("_".join(folder.relative_to(SHARED).parts) for folder in list_piles())
    fold = dict(zip(names, sort_folds(names).tolist(), strict=True))[rows[0].pile] if rows else 0
    return judge_predicates([row.asked.features for row in rows], kept_out(cache, fold))


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
        measure(space, rows, table)
    np.savez_compressed(options.out, **pack_judges(space, rows, table))
    folds = sort_folds([row.pile for row in rows])
    for fold in range(FOLDS):
        seen = np.flatnonzero(folds != fold)
        np.savez_compressed(kept_out(options.cache, fold), **pack_judges(space, [rows[at] for at in seen], table[seen]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
