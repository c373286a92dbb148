"""Train what places a date that names no year, week or day: ``python -m train.times --cache FOLDER [--write]``.

Each such expression of the marked piles is a choice among candidate days (``reading/times/placing.py``): the marked
one is right. A conditional logit (McFadden 1974) over the candidates' features, with a ridge; five folds over piles
say what holds for stories that were not seen. What was told before an expression depends on earlier choices, so it is
fitted in rounds: the first sees the marked days as told, the later ones what the weights of the round before chose
(for each pile weights that have not seen it).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from storyledger.reading.times import find_times, placing
from storyledger.reading.times.placing import Option, rate
from storyledger.reading.times.timex import week_value
from storyledger.types import Article, Reading
from train.story_piles import Pile, add_piles, find_in_text, is_wikinews, iter_piles

TARGET = Path(placing.__file__).with_name("placing.json")
SENTENCES = Path(__file__).with_name("times_sentences.tsv")  # our own: published, sentence, words, value
ROUNDS, FOLDS = 3, 5
RIDGE = 1.0
OWN_WEIGHT = 3  # times that each of our own sentences counts: forms that the marked piles hardly have
FEWEST = 4  # choices that a feature must stand in, to have a weight
Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Choice:
    """An expression that was placed: the pile, the grain, the options, the right one's number.

    ``bare``: the page was read as if there were no trees.
    """

    pile: str
    grain: str
    options: tuple[Option, ...]
    right: int
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked time of a page, in the article's positions."""

    start: int
    end: int
    values: tuple[str, ...]


def list_marks(pile: Pile) -> dict[str, list[Mark]]:
    """Return the marked times by article."""
    found: dict[str, list[Mark]] = defaultdict(list)
    for row in pile.gold["time_expressions"]:
        article = pile.article_of(row["file"])
        span = find_in_text(article, *row["span"]) if article is not None else None
        if article is not None and span is not None:
            found[article.id].append(Mark(*span, (row["value"], *(row.get("alt") or ()))))
    return found


def find_right(marks: Sequence[Mark], grain: str, start: int, end: int, options: Sequence[Option]) -> int | None:
    """Return the number of the option that is marked at text[start:end]; None where nothing says."""
    mark = next((m for m in marks if m.start < end and start < m.end), None)
    for value in mark.values if mark is not None else ():
        for at, option in enumerate(options):
            if _means(value, option, grain):
                return at
    return None


def _means(value: str, option: Option, grain: str) -> bool:
    """Whether a marked value is the option's day; what is counted may be as wide as a week, a month or a year."""
    day = option.days[0].isoformat()
    if grain == "base" and len(value) < 10:
        return value in (day[:4], day[:7], week_value(option.days[0]))
    width = 7 if grain == "month" else 10
    return len(value) >= width and value[:width] == day[:width]


def collect(
    pile: Pile,
    marks: Mapping[str, Sequence[Mark]],
    choose: Callable[[Sequence[Option], int | None], tuple[int, float]],
) -> list[Choice]:
    """Return the choices of a pile; ``choose`` is told the options and the right one, where it is known.

    Each page is read twice, the second time as if there were no trees, as a caller of the library may.
    """
    found: list[Choice] = []

    def note(
        article: Article, reading: Reading, grain: str, start: int, end: int, options: Sequence[Option]
    ) -> tuple[int, float]:
        right = find_right(marks.get(article.id, ()), grain, start, end, options)
        if right is not None and len(options) > 1:
            found.append(Choice(pile.name, grain, tuple(options), right, not reading.tokens))
        return choose(options, right)

    marked = {document["file"] for document in pile.gold["documents"]}
    for article in pile.articles:
        if Path(article.path).name in marked and article.id in pile.marks.readings:
            for reading in (pile.marks.readings[article.id], Reading(article.id, (), (), (), (), ())):
                find_times(article, reading, partial(note, article, reading))
    return found


def collect_own(choose: Callable[[Sequence[Option], int | None], tuple[int, float]]) -> list[Choice]:
    """Return the choices of our own sentences, each a page of its own."""
    found: list[Choice] = []
    for row in SENTENCES.read_text(encoding="utf-8").splitlines():
        published, text, words, value = row.split("\t")
        dated = {"published": published, "published_earliest": published, "published_latest": published}
        article = Article("own", "own.txt", None, "utf-8", "", text, (), (), **dated)
        mark = Mark(text.rindex(words), text.rindex(words) + len(words), (value,))

        def note(grain: str, start: int, end: int, options: Sequence[Option], mark: Mark = mark) -> tuple[int, float]:
            right = find_right([mark], grain, start, end, options)
            if right is not None and len(options) > 1:
                found.append(Choice("", grain, tuple(options), right))
            return choose(options, right)

        find_times(article, Reading(article.id, (), (), (), (), ()), note)
    return found * OWN_WEIGHT


def fit(choices: Sequence[Choice]) -> dict[str, float]:
    """Return the weights that make the right options likeliest."""
    counts = Counter(name for c in choices for name in {n for o in c.options for n in o.features})
    names = sorted(name for name, count in counts.items() if count >= FEWEST)
    column = {name: at for at, name in enumerate(names)}
    rows, columns, first = [], [], []
    total = 0
    for choice in choices:
        first.append(total)
        for option in choice.options:
            own = [column[name] for name in option.features if name in column]
            rows += [total] * len(own)
            columns += own
            total += 1
    table = csr_matrix((np.ones(len(rows)), (rows, columns)), (total, len(names)))
    starts = np.array(first)
    of_choice = np.repeat(np.arange(len(choices)), np.diff([*first, total]))
    right = starts + np.array([c.right for c in choices])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = table @ weights
        scores -= np.maximum.reduceat(scores, starts)[of_choice]
        shares = np.exp(scores)
        shares /= np.add.reduceat(shares, starts)[of_choice]
        missing = -shares
        missing[right] += 1.0
        value = -np.log(np.maximum(shares[right], 1e-12)).sum() + 0.5 * RIDGE * float(weights @ weights)
        return value, RIDGE * weights - table.T @ missing

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return {name: round(float(w), 4) for name, w in zip(names, found.x, strict=True) if abs(w) >= 0.001}


def measure(choices: Sequence[Choice], weights: Mapping[int, Weights], fold_of: Mapping[str, int]) -> None:
    """Print the share right by grain, and how sure the choices were, on piles that the weights have not seen."""
    for wikinews in (False, True):
        rows = [c for c in choices if is_wikinews(c.pile) == wikinews]
        for grain in ("weekday", "day", "month", "clock", "base"):
            rated = [(c.right, rate(c.options, weights[fold_of[c.pile]])) for c in rows if c.grain == grain]
            if rated:
                good = np.mean([right == at for right, (at, _) in rated])
                sure = np.mean([probability for _, (_, probability) in rated])
                kind = "Wikinews" if wikinews else "invented"
                print(f"  {kind} {grain:8s} {len(rated):4d} right {good:.3f}, said to be {sure:.3f}")


def main() -> None:
    """Collect, fit in rounds, print what the folds say, write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_piles(parser)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    piles = list(iter_piles(options))
    marks = {pile.name: list_marks(pile) for pile in piles}
    fold_of = {name: at % FOLDS for at, name in enumerate(sorted(marks))}
    weights: dict[int, Weights] = {}

    def choose(name: str, given: Sequence[Option], right: int | None) -> tuple[int, float]:
        if not weights:
            return (right if right is not None else len(given) // 2), 1.0
        return rate(given, weights[fold_of[name]])

    choices: list[Choice] = []
    for number in range(ROUNDS):
        choices = [c for p in piles for c in collect(p, marks[p.name], partial(choose, p.name))]
        with_trees = [c for c in choices if not c.bare]
        choices += collect_own(lambda _, right: (right or 0, 1.0))
        weights = {k: fit([c for c in choices if fold_of.get(c.pile) != k]) for k in range(FOLDS)}
        print(f"round {number + 1}: {len(with_trees)} choices")
        measure(with_trees, weights, fold_of)
    if options.write:
        text = json.dumps({"made_by": "python -m train.times --write", "weights": fit(choices)}, indent=0)
        TARGET.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
