"""Sentences of different outlets that tell the same though no earlier stage tied them together.

Two sentences are of one matter if they share words that are rare in the story and (where there are
readings) the direction of their sentence vectors. Invariant: each sentence stands in two comparisons at most, so that a
central sentence does not fill the account. This module must not know events or the ledger.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyledger.compare.index import (
    MAX_EVIDENCE_CHARS,
    PileIndex,
    actor_name,
    actors_within,
    cut_evidence,
    describe_place,
    make_comparison,
    origin_of,
    outlet_of,
    plain_stems,
    sentence_number,
    statement_around,
)
from storyledger.compare.occurrences import shorten
from storyledger.compare.origins import count_origins
from storyledger.compare.passages import dice
from storyledger.compare.words import cue_set, stem_word
from storyledger.types import Comparison, Reading, Side

MAX_POSTING = 24
MIN_WEIGHT = 1.6  # of shared rare stems; 2.25 and .75 were read on the seeds and ferry 01 to 11: all of one matter
SURE_WEIGHT = 2.25
MIN_COSINE = 0.6
SURE_COSINE = 0.75
SURE_SHARE = 0.2  # of the words' weight; two long sentences share three story words by chance
BLIND_WEIGHT = 3.5  # without vectors
MAX_USES = 2
COPIED = 0.8


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with what places it in a matter."""

    document: str
    start: int
    end: int
    stems: frozenset[str]
    actors: frozenset[str]
    number: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences of one matter: rare words shared (weight, share of all), cosine (None: nothing read)."""

    a: Sentence
    b: Sentence
    weight: float
    share: float
    cosine: float | None
    score: float


def compare_matters(index: PileIndex, rarity: Mapping[str, float], known: Sequence[Comparison]) -> list[Comparison]:
    """Return the agreements of sentences that ``known`` does not set beside each other already."""
    pairs = find_pairs(index, rarity)
    beside = {
        tuple(sorted({(e.document, sentence_number(index, e.document, e.start)) for e in (x, y)}))
        for c in known
        for n, s in enumerate(c.sides)
        for t in c.sides[:n]
        for x in s.evidence
        for y in t.evidence
    }
    uses: dict[tuple[str, int], int] = {}
    found = []
    for pair in sorted(pairs, key=lambda p: (-p.score, p.a.document, p.a.start, p.b.document, p.b.start)):
        ends = [(s.document, s.number) for s in (pair.a, pair.b)]
        if tuple(sorted(set(ends))) in beside or any(uses.get(e, 0) >= MAX_USES for e in ends):
            continue
        comparison = _judge_pair(pair, index)
        if comparison is not None:
            found.append(comparison)
            for e in ends:
                uses[e] = uses.get(e, 0) + 1
    return found


def find_pairs(index: PileIndex, rarity: Mapping[str, float]) -> list[Pair]:
    """Return the pairs of sentences of different outlets that are of one matter."""
    sentences = _collect(index)
    vectors = {document: unpack_vectors(reading) for document, reading in index.readings.items()}
    postings: dict[str, list[int]] = {}
    for number, sentence in enumerate(sentences):
        for stem in sentence.stems:
            postings.setdefault(stem, []).append(number)
    weights: dict[tuple[int, int], float] = {}
    for stem, rows in sorted(postings.items()):
        if len(rows) > MAX_POSTING:
            continue
        for place, a in enumerate(rows):
            for b in rows[place + 1 :]:
                weights[a, b] = weights.get((a, b), 0.0) + rarity.get(stem, 1.0)
    pairs = []
    for (x, y), weight in weights.items():
        one, two = sentences[x], sentences[y]
        if weight < MIN_WEIGHT or not _are_apart(one, two, index):
            continue
        cosine = _cosine(index, vectors, one, two)
        if weight < BLIND_WEIGHT if cosine is None else cosine < MIN_COSINE:
            continue
        share = weight / math.sqrt(max(1e-9, _weigh(one, rarity) * _weigh(two, rarity)))
        pairs.append(Pair(one, two, weight, share, cosine, min(1.0, weight / 4.0) * 0.5 + (cosine or 0.7) * 0.5))
    return pairs


def _weigh(sentence: Sentence, rarity: Mapping[str, float]) -> float:
    return sum(rarity.get(stem, 1.0) for stem in sentence.stems)


def unpack_vectors(reading: Reading) -> NDArray[np.float32]:
    """Return the sentence vectors of a reading, S by D, or an empty array where it has none."""
    if not reading.vectors or not reading.sentences:
        return np.zeros((0, 0), dtype=np.float32)
    return np.frombuffer(reading.vectors, "<f2").reshape(len(reading.sentences), -1).astype(np.float32)


def _cosine(index: PileIndex, vectors: Mapping[str, NDArray[np.float32]], a: Sentence, b: Sentence) -> float | None:
    one, two = vectors.get(a.document), vectors.get(b.document)
    if one is None or two is None or not len(one) or not len(two):
        return None
    return float(one[_row_of(index, a)] @ two[_row_of(index, b)])


def _row_of(index: PileIndex, sentence: Sentence) -> int:
    """Return the reader's sentence that holds a sentence: ours may be cut finer."""
    starts = [s.start for s in index.readings[sentence.document].sentences]
    return max(0, bisect_right(starts, sentence.start) - 1)


def _collect(index: PileIndex) -> list[Sentence]:
    found = []
    titles = {stem_word(title) for title in cue_set("titles")}
    for document in sorted(index.compared, key=lambda d: index.rank[d]):
        for number, (start, end) in enumerate(index.sentences[document]):
            if end - start > MAX_EVIDENCE_CHARS:
                continue
            stems = frozenset(s for s in plain_stems(index, document, start, end) - titles if not s[0].isdigit())
            if len(stems) >= 3:
                actors = actors_within(index, document, start, end)
                found.append(Sentence(document, start, end, stems, actors, number))
    return found


def _are_apart(a: Sentence, b: Sentence, index: PileIndex) -> bool:
    """Return whether the sentences are of different outlets and texts."""
    return outlet_of(index, a.document) != outlet_of(index, b.document) and (
        origin_of(index, a.document) != origin_of(index, b.document)
    )


def _judge_pair(pair: Pair, index: PileIndex) -> Comparison | None:
    sure = pair.weight >= SURE_WEIGHT and pair.share >= SURE_SHARE
    sure = sure and (pair.cosine is None or pair.cosine >= SURE_COSINE)
    if _is_told_again(pair.a, pair.b):
        return None
    sides = [_side(s, index) for s in (pair.a, pair.b)]
    why = "Two outlets tell this in sentences that share the words that are rare in the story."
    origins = count_origins(index, [e for s in sides for e in s.evidence])
    sure = sure and origins > 1
    about = shorten(sides[0].evidence[0].text)
    confidence = 0.2 + 0.6 * pair.score if sure else min(0.45, 0.1 + 0.5 * pair.score)
    return make_comparison("agreement", about, sides, confidence, why, origins)


def _is_told_again(a: Sentence, b: Sentence) -> bool:
    """Return whether one sentence is the other's copy: that two pages have it says nothing."""
    return dice(a.stems, b.stems) >= COPIED


def _side(sentence: Sentence, index: PileIndex) -> Side:
    place = cut_evidence(index, sentence.document, sentence.start, sentence.end)
    spoken = statement_around(index, place.document, place.start, place.end)
    holder = actor_name(index, spoken.speaker.actor) if spoken is not None else None
    name = f"{holder}; " if holder else ""
    return Side(f"{shorten(place.text, 70)} ({name}{describe_place(index, place)})", (place,))
