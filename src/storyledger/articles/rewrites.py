"""Whether a page tells the story of another in words of its own.

An outlet that writes an agency's story anew keeps what its sentences tell, its numbers and its quotations. So do two
reporters at one event: of 300 pairs of pages from three American outlets, each pair on one event, this scorer takes 58
for one written from the other. It speaks only where the later page names its source (``sourcing.py``). Weights:
``rewrites.json``, fitted by ``python -m train.rewrites``. Invariant: the features do not depend on which page is asked
first. This module must not know how candidates are found, nor which page was first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from storyledger.articles.body import BODY_KINDS
from storyledger.articles.copies import Body, share_wording
from storyledger.articles.sourcing import Credit
from storyledger.language import content_stems, cut_sentences, load_frequencies
from storyledger.linkage import Scorer, load_weights
from storyledger.types import Article

# Out of fold on the training stories, of pages that credit another of at most two days before by name: from .3 on 13 of
# 14 copies, and below .1 the one pair that is none; agencies in general are credited once there, a copy at .9.
SURE = {"named": 0.3, "general": 0.7}
QUOTED_RUN = 4  # words of a quotation
FEW_RUNS, FEW_NUMBERS = 8, 3
LEAST_STEMS = 3  # a sentence with fewer tells too little to be found again
MOST_SENTENCES = 200  # of a page: what is written from another is so from its beginning
_NUMBER = re.compile(r"\d[\d.,:]*\d|\d")


@dataclass(frozen=True, slots=True)
class Told:
    """What a page tells, as far as another page's words can be asked for it."""

    body: Body
    sentences: tuple[frozenset[str], ...]  # stems of content
    numbers: frozenset[str]
    quoted: frozenset[tuple[str, ...]]  # runs of words inside quotation marks


def read_told(article: Article, body: Body) -> Told:
    """Return what ``article`` tells; ``body`` is its own."""
    blocks = [block for block in article.blocks if block.kind in BODY_KINDS]
    spans = [span for block in blocks for span in cut_sentences(article.text, block.start, block.end)]
    stems = (frozenset(content_stems(article.text[start:end])) for start, end in spans[:MOST_SENTENCES])
    numbers = (_NUMBER.findall(article.text[block.start : block.end]) for block in blocks)
    return Told(
        body,
        tuple(found for found in stems if len(found) >= LEAST_STEMS),
        frozenset(number for row in numbers for number in row),
        frozenset(_quoted_runs(body)),
    )


def _quoted_runs(body: Body) -> Iterable[tuple[str, ...]]:
    for start in range(len(body.words) - QUOTED_RUN + 1):
        if all(body.quoted[start : start + QUOTED_RUN]):
            yield body.words[start : start + QUOTED_RUN]


def shared_wording(a: Told, b: Told) -> float:
    """They have runs of words in common outside quotation marks."""
    return math.sqrt(share_wording(a.body, b.body))


def shared_quotations(a: Told, b: Told) -> float:
    """They quote the same words."""
    return _share(a.quoted, b.quoted, FEW_RUNS)


def shared_numbers(a: Told, b: Told) -> float:
    """They give the same numbers."""
    return _share(a.numbers, b.numbers, FEW_NUMBERS)


def sentences_alike(a: Told, b: Told) -> float:
    """The sentences of one tell what sentences of the other tell."""
    likeness = _compare(a.sentences, b.sentences)
    return float(max(likeness.max(axis=0).mean(), likeness.max(axis=1).mean())) if likeness.size else 0.0


FEATURES = (shared_wording, shared_quotations, shared_numbers, sentences_alike)


def is_rewrite(first: Told, later: Told, credit: Credit) -> bool:
    """Return whether ``later``, which credits ``first`` so, was written from it."""
    return bool(_load_scorer().probabilities([first], [later])[0] >= SURE[credit])


@cache
def _load_scorer() -> Scorer[Told]:
    return Scorer(FEATURES, load_weights(__package__, "rewrites.json"))


def _share(one: AbstractSet[object], other: AbstractSet[object], few: int) -> float:
    """Return the share that both have of what has fewer; ``few`` more are added, that two of two are not all."""
    return len(one & other) / (min(len(one), len(other)) + few)


def _compare(one: Sequence[frozenset[str]], other: Sequence[frozenset[str]]) -> NDArray[np.float64]:
    """Return for each two sentences the cosine of their stems, each stem by how much it tells."""
    if not one or not other:
        return np.zeros((0, 0))
    shared = frozenset().union(*one) & frozenset().union(*other)
    vocabulary = {stem: n for n, stem in enumerate(sorted(shared))}
    left, right = (_weigh(side, vocabulary) for side in (one, other))
    likeness: NDArray[np.float64] = left @ right.T
    return likeness


def _weigh(sentences: Sequence[frozenset[str]], vocabulary: dict[str, int]) -> NDArray[np.float64]:
    """Return the sentences as rows of unit length, of which only the columns of ``vocabulary`` are kept."""
    rows = np.zeros((len(sentences), len(vocabulary)))
    for row, stems in zip(rows, sentences, strict=True):
        length = math.sqrt(sum(_tell(stem) ** 2 for stem in stems))
        for stem in stems & vocabulary.keys():
            row[vocabulary[stem]] = _tell(stem) / length
    return rows


@cache
def _tell(stem: str) -> float:
    """How much a stem tells: the rarer in news at large, the more."""
    texts, counts = load_frequencies()
    return math.log((texts + 1) / (counts.get(stem, 0) + 1))
