"""Names as both networks and the printed letters spell them: one label a word, weighed, then the likeliest sequence.

The reader's names, the second network's tags, capitals, the same word elsewhere on the page and the neighbours are
features; ``spelling.json`` holds their weights, fitted by ``train/spelling.py`` to the marked stories. A Reading
without tags spells nothing. This module must not know what becomes of a name.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from storyledger.actors.page import Page
from storyledger.language.tags import ACTOR_TYPES, read_tags
from storyledger.types import Reading

Floats = NDArray[np.float64]
SPELT_IN = frozenset({"paragraph", "list", "quote"})  # titles and bylines are not marked: the reader alone reads them
SMALL = frozenset(
    {"of", "the", "and", "for", "de", "del", "da", "do", "la", "le", "di", "du", "des", "van", "von", "e", "y"}
)
LEAST = 0.004  # a probability below the tags' step of 1/255
OUT, BEGIN, INSIDE = range(3)


class Ranged(Protocol):
    """A name with its place in the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name: tokens ``[first, last)``, the contract's type likeliest for it, and how likely its labels are."""

    first: int
    last: int
    type: str
    score: float


def has_tags(reading: Reading) -> bool:
    """Tell whether the second network has read this text."""
    return bool(reading.tags)


def spell_names(page: Page, reading: Reading, known: Sequence[Ranged]) -> list[Spelling]:
    """Return the names in the body of a page, in text order; they never overlap nor leave their sentence.

    ``known``: the reader's names, cleaned and mended.
    """
    names_TL = read_tags(reading)["name"].astype(np.float64)
    p_T3 = weigh_tokens(measure_tokens(page, reading, names_TL, known))
    found = []
    for sentence in page.sentences:
        if sentence.kind in SPELT_IN:
            labels = decode_labels(p_T3[sentence.first : sentence.last])
            for first, last in list_runs(labels):
                a, b = sentence.first + first, sentence.first + last
                mass = names_TL[a:b, 1:].reshape(b - a, -1, 2).sum((0, 2))
                score = float(np.exp(np.log(np.maximum(p_T3[a:b, 1:].sum(1), LEAST)).mean()))
                found.append(Spelling(a, b, ACTOR_TYPES[int(mass.argmax())], round(score, 4)))
    return found


def measure_tokens(page: Page, reading: Reading, names_TL: Floats, known: Sequence[Ranged]) -> Floats:
    """Return what is known of each token, T by F: tags, names raw and cleaned, letters, repeats, its neighbours'."""
    tokens = page.tokens
    size = len(tokens)
    begins, inside = names_TL[:, 1::2].sum(1), names_TL[:, 2::2].sum(1)
    read = np.zeros((size, 4))
    for name in known:
        first, last = page.token_range(name.start, name.end)
        read[first : first + 1, 2] = 1.0
        read[first + 1 : last, 3] = 1.0
    for mention in reading.mentions:
        if mention.kind == "name" and mention.first < size:
            read[mention.first, 0] = mention.score
            read[mention.first + 1 : mention.last, 1] = mention.score
    words = [page.text[t.start : t.end] for t in tokens]
    shares = np.column_stack([begins, inside, 1 - begins - inside])
    letters, repeats = _measure_words(page, words), _measure_repeats(words, begins + inside)
    own = np.column_stack([np.log(np.maximum(shares, LEAST)), begins, inside, read, letters, repeats])
    far = own[:, 3:9]  # the tags' and the reader's word, two tokens away
    return np.column_stack([np.ones(size), own, _shift(own, 1), _shift(own, -1), _shift(far, 2), _shift(far, -2)])


def _shift(own: Floats, step: int) -> Floats:
    """Return the rows of the token ``step`` before each, zeros where there is none."""
    out = np.zeros_like(own)
    if step > 0:
        out[step:] = own[:-step]
    else:
        out[:step] = own[-step:]
    return out


def _measure_words(page: Page, words: Sequence[str]) -> Floats:
    lower = {w for w in words if w.islower()}
    firsts = {s.first for s in page.sentences}
    rows = [
        (
            w[:1].isupper(),
            w.isupper() and len(w) > 1,
            any(c.isdigit() for c in w),
            i in firsts,
            page.tokens[i].upos == "PROPN",
            page.tokens[i].upos == "NOUN",
            w.lower() in SMALL,
            not any(c.isalnum() for c in w),
            w in {"'s", "’s", "'", "’"},
            w[:1].isupper() and w.lower() in lower,
            page.tokens[i].upos in {"ADJ", "VERB", "ADV"},
        )
        for i, w in enumerate(words)
    ]
    return np.array(rows, dtype=np.float64).reshape(len(words), 11)


def _measure_repeats(words: Sequence[str], named: Floats) -> Floats:
    """Return how much of a name the same word is elsewhere on the page, and whether it stands there at all."""
    places: dict[str, list[int]] = defaultdict(list)
    for i, word in enumerate(words):
        places[word].append(i)
    shares = np.zeros((len(words), 2))
    for rows in places.values():
        if len(rows) > 1:
            total = named[rows].sum()
            shares[rows, 0] = (total - named[rows]) / (len(rows) - 1)
            shares[rows, 1] = 1.0
    return shares


@lru_cache(maxsize=1)
def load_spelling() -> Floats:
    """Return the weights, F by 3: outside, beginning, inside."""
    return np.array(json.loads(files(__package__).joinpath("spelling.json").read_text("utf-8"))["weights"])


def weigh_tokens(features_TF: Floats) -> Floats:
    """Return the probability of each label for each token."""
    scores = features_TF @ load_spelling()
    e = np.exp(scores - scores.max(1, keepdims=True))
    shares: Floats = e / e.sum(1, keepdims=True)
    return shares


def decode_labels(p_T3: Floats) -> list[int]:
    """Return the likeliest labels of a sentence; none is inside a name that has not begun (Viterbi)."""
    if not len(p_T3):
        return []
    logs = np.log(np.maximum(p_T3, 1e-9))
    best = logs[0] + np.array([0.0, 0.0, -np.inf])
    back = []
    for row in logs[1:]:
        previous = int(best.argmax())
        running = BEGIN if best[BEGIN] >= best[INSIDE] else INSIDE
        back.append((previous, previous, running))
        best = np.array([best[previous], best[previous], best[running]]) + row
    label = int(best.argmax())
    labels = [label]
    for row in reversed(back):
        label = row[label]
        labels.append(label)
    return labels[::-1]


def list_runs(labels: Sequence[int]) -> list[tuple[int, int]]:
    """Return the half-open ranges that labels spell."""
    runs: list[tuple[int, int]] = []
    for i, label in enumerate(labels):
        if label == BEGIN:
            runs.append((i, i + 1))
        elif label == INSIDE and runs:
            runs[-1] = runs[-1][0], i + 1
    return runs
