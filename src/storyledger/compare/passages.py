"""Two passages beside each other: which of their sentences tell the same, and what differs in them.

Sentences are aligned by the words that they share (weighted by length, and by sentence vectors where
there are readings); in an aligned pair the slots, the direction and the causes are compared. The same
comparison serves the room (sentences of one matter) and the measurement (a passage and its changed
copy). Invariant: a difference needs a counterpart on the other side; what only one side tells is a
gap, never a conflict. This module must not know a story.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from storyledger.compare.cues import cause_cues
from storyledger.compare.slots import Slot, find_slots, same_name, same_number
from storyledger.compare.words import content_stems, count_negations, direction_of, find_words

MIN_SIMILARITY = 0.45  # below this two sentences of one passage tell different things; measured on gmb-news
MIN_EFFECT_SIMILARITY = 0.6
KINDS = ("number", "date", "speaker", "participant", "polarity", "cause")


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in which two sentences that tell the same differ; ranges are into the two texts."""

    kind: str  # one of KINDS
    a: tuple[int, int]
    b: tuple[int, int]
    sentences: tuple[int, int]
    features: tuple[float, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A sentence of the first passage that the second does not have."""

    sentence: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Pairing:
    """What the comparison of two passages found."""

    differences: tuple[Difference, ...]
    gaps: tuple[Gap, ...]
    aligned: tuple[tuple[int, int, float], ...]


Sentences = Sequence[tuple[int, int]]


def compare_passages(
    a: str,
    a_sentences: Sentences,
    b: str,
    b_sentences: Sentences,
    names: tuple[Sentences | None, Sentences | None] = (None, None),
) -> Pairing:
    """Return in what ``b`` differs from ``a``, each difference with a calibrated confidence.

    Args:
        a: text of the first passage (or of its whole document).
        a_sentences: ranges of its sentences in ``a``.
        b: text of the second.
        b_sentences: ranges of its sentences in ``b``.
        names: where names stand in each, as a reader marked them; None: by their capitals.
    """
    one = [_look(a, s, names[0]) for s in a_sentences]
    two = [_look(b, s, names[1]) for s in b_sentences]
    aligned = align_sentences([x.stems for x in one], [x.stems for x in two])
    aligned = sorted([*aligned, *_align_effects(one, two, aligned)])
    differences = [d for i, j, score in aligned for d in _compare_sentences(one[i], two[j], (i, j), score)]
    matched = {i for i, _, _ in aligned}
    loose = [i for i in range(len(one)) if i not in matched and len(one[i].stems) >= 4]
    gaps = [Gap(i, 1.0 - _best_cover(one[i].stems, two)) for i in loose]
    return Pairing(tuple(differences), tuple(gaps), tuple(aligned))


@dataclass(frozen=True, slots=True)
class _Look:
    """A sentence as it is compared."""

    text: str
    start: int
    stems: frozenset[str]
    slots: tuple[Slot, ...]
    effect: frozenset[str]  # of what a cause is given, empty where none is


def _look(text: str, span: tuple[int, int], names: Sentences | None) -> _Look:
    start, end = span
    inside = None if names is None else [(s - start, e - start) for s, e in names if start <= s and e <= end]
    sentence = text[start:end]
    parts = _split_cause(sentence)
    effect = content_stems(sentence[slice(*parts[1])]) if parts else frozenset()
    return _Look(sentence, start, content_stems(sentence), find_slots(sentence, inside), effect)


def align_sentences(a: Sequence[frozenset[str]], b: Sequence[frozenset[str]]) -> list[tuple[int, int, float]]:
    """Return the pairs of sentences that tell the same, each sentence once, the most alike first.

    Candidates come from shared stems, so that long passages are not compared sentence by sentence.
    """
    postings: dict[str, list[int]] = {}
    for j, stems in enumerate(b):
        for stem in stems:
            postings.setdefault(stem, []).append(j)
    pairs = []
    for i, stems in enumerate(a):
        candidates = {j for stem in stems for j in postings.get(stem, ())}
        pairs += [(dice(stems, b[j]), i, j) for j in candidates]
    used_a: set[int] = set()
    used_b: set[int] = set()
    chosen = []
    for score, i, j in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
        if score >= MIN_SIMILARITY and i not in used_a and j not in used_b:
            used_a.add(i)
            used_b.add(j)
            chosen.append((i, j, score))
    return sorted(chosen)


def _align_effects(
    one: Sequence[_Look], two: Sequence[_Look], aligned: Sequence[tuple[int, int, float]]
) -> list[tuple[int, int, float]]:
    """Return further pairs of sentences that explain the same: alike before the cue, whatever the cause."""
    free_a = [i for i in range(len(one)) if one[i].effect and i not in {i for i, _, _ in aligned}]
    free_b = [j for j in range(len(two)) if two[j].effect and j not in {j for _, j, _ in aligned}]
    pairs = align_sentences([one[i].effect for i in free_a], [two[j].effect for j in free_b])
    return [(free_a[i], free_b[j], score) for i, j, score in pairs if score >= MIN_EFFECT_SIMILARITY]


def dice(a: frozenset[str], b: frozenset[str]) -> float:
    """Return twice the shared over all words of both, 0 where either has none."""
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _best_cover(stems: frozenset[str], others: Sequence[_Look]) -> float:
    return max((len(stems & o.stems) / len(stems) for o in others), default=0.0)


def _compare_sentences(a: _Look, b: _Look, where: tuple[int, int], score: float) -> list[Difference]:
    found = []
    for kind in ("number", "date", "name"):
        found += _compare_slots(kind, a, b, where, score)
    found += _compare_direction(a, b, where, score)
    found += _compare_cause(a, b, where, score)
    return found


def _compare_slots(kind: str, a: _Look, b: _Look, where: tuple[int, int], score: float) -> list[Difference]:
    """Pair what only one side has with what only the other has, where the words around it are the same."""
    one, two = ([s for s in look.slots if s.kind == kind] for look in (a, b))
    only_a = [s for s in one if not any(_same_slot(s, t) for t in two)]
    only_b = [t for t in two if not any(_same_slot(s, t) for s in one)]
    pairs = []
    for s in only_a:
        for t in only_b:
            if kind == "date" and s.key.split()[0] != t.key.split()[0]:
                continue
            shared = len(s.context & t.context) / max(1, min(len(s.context), len(t.context)))
            pairs.append((shared, s, t))
    used: set[int] = set()
    found = []
    for shared, s, t in sorted(pairs, key=lambda p: (-p[0], p[1].start, p[2].start)):
        if s.start in used or -t.start - 1 in used:
            continue
        used |= {s.start, -t.start - 1}
        label = kind if kind != "name" else "speaker" if s.speaks and t.speaks else "participant"
        lone = 1.0 if len(only_a) == len(only_b) else 0.0
        near = _nearness(s.key, t.key) if kind == "number" else 0.0
        features = (score, shared, lone, near, float(len(only_a) + len(only_b)))
        found.append(_difference(label, _range(a, s), _range(b, t), where, features))
    return found


def _same_slot(a: Slot, b: Slot) -> bool:
    if a.kind == "name":
        return same_name(a.key, b.key)
    return same_number(a, b) if a.kind == "number" else a.key == b.key


def _nearness(a: str, b: str) -> float:
    """Return 1 where one number may be the other rounded, else 0."""
    x, y = float(a), float(b)
    big = max(abs(x), abs(y))
    return 1.0 if big and abs(x - y) / big <= 0.05 and (x % 10 == 0 or y % 10 == 0) else 0.0


def _range(look: _Look, slot: Slot) -> tuple[int, int]:
    return look.start + slot.start, look.start + slot.end


def _whole(look: _Look) -> tuple[int, int]:
    return look.start, look.start + len(look.text)


def _compare_direction(a: _Look, b: _Look, where: tuple[int, int], score: float) -> list[Difference]:
    """Negation on one side only, or a word and its contrary."""
    odd = (count_negations(a.text) - count_negations(b.text)) % 2
    one, two = _directions(a.text), _directions(b.text)
    flips = sum(1 for name in sorted(one.keys() & two.keys()) if one[name] * two[name] < 0)
    if (odd + flips) % 2 == 0:
        return []
    rest = len(a.stems ^ b.stems)
    features = (score, float(odd), float(flips), 0.0, float(rest) / max(1, len(a.stems | b.stems)))
    return [_difference("polarity", _whole(a), _whole(b), where, features)]


def _directions(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in find_words(text):
        known = direction_of(word.stem)
        if known is not None:
            found[known[0]] = found.get(known[0], 0) + known[1]
    return {name: value for name, value in found.items() if value}


def _compare_cause(a: _Look, b: _Look, where: tuple[int, int], score: float) -> list[Difference]:
    """The same effect and cue with another cause."""
    one, two = _split_cause(a.text), _split_cause(b.text)
    if one is None or two is None or one[2] != two[2]:
        return []
    effect = dice(content_stems(a.text[slice(*one[1])]), content_stems(b.text[slice(*two[1])]))
    cause_a, cause_b = content_stems(a.text[slice(*one[0])]), content_stems(b.text[slice(*two[0])])
    shared = len(cause_a & cause_b) / max(1, min(len(cause_a), len(cause_b)))
    if shared > 0.5 or not cause_a or not cause_b:
        return []
    features = (score, effect, shared, 0.0, min(1.0, len(cause_a) / 5))
    left = (a.start + one[0][0], a.start + one[0][1])
    right = (b.start + two[0][0], b.start + two[0][1])
    return [_difference("cause", left, right, where, features)]


def _split_cause(text: str) -> tuple[tuple[int, int], tuple[int, int], str] | None:
    """Return the ranges of cause and effect around the first causal cue, and what kind of cue it is."""
    for cue in cause_cues():
        match = cue.pattern.search(text)
        if match is not None and 8 < match.start() < len(text) - 8:
            left, right = (0, match.start()), (match.end(), len(text))
            return (right, left, cue.kind) if cue.cause_after else (left, right, cue.kind)
    return None


@cache
def load_calibration() -> dict[str, list[float]]:
    """Return per kind the weights of the logistic curve that ``train/compare.py`` fitted: bias, then features."""
    text = files(__package__).joinpath("calibration.toml").read_text(encoding="utf-8")
    return {kind: list(row["weights"]) for kind, row in tomllib.loads(text).items()}


def _difference(
    kind: str, a: tuple[int, int], b: tuple[int, int], where: tuple[int, int], features: tuple[float, ...]
) -> Difference:
    return Difference(kind, a, b, where, features, score_features(kind, features))


def score_features(kind: str, features: Sequence[float]) -> float:
    """Return the calibrated probability that a difference of ``kind`` with ``features`` is one."""
    bias, *weights = load_calibration()[kind]
    return 1.0 / (1.0 + math.exp(-(bias + math.fsum(w * f for w, f in zip(weights, features, strict=True)))))
