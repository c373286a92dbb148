"""Two ways of writing a name, measured: whether one actor, or one thing, is meant by both.

Spellings and clauses that say so are found by rules (``names.py``). Here is what is left: translations ("the Harbour
Guild", "Gildia Portowa"), nicknames, one family name with another given name. Compared are the words, who is named
beside them, what is said around them and of which kind they are. Invariant: the numbers of a pair do not depend on its
order; each form is set beside a bounded number of others. This module must not merge actors, nor know comparisons.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, LCSseq

from storyledger.compare.index import PileIndex, actors_within, outlet_of, sentence_around
from storyledger.compare.words import content_stems, load_cues
from storyledger.folding import fold_text
from storyledger.types import ActorMention

Floats = NDArray[np.float64]
MOST_CONTEXTS = 12  # sentences of a form whose words are compared
COMMON = 24  # a key that more forms have brings none together
PARTNERS = 12  # the forms nearest in what is said around them
BEFORE_CHARS = 30
_WORD = re.compile(r"[^\W\d_]+")
_LIKE = {"person": 0, "group": 1, "organisation": 1, "armed_group": 1, "government": 1, "outlet": 1, "publication": 1,
         "place": 2, "facility": 2, "country": 2, "event_name": 3, "agreement": 3, "weapon_system": 4}  # fmt: skip

# in the weights' order: name -> what it says, and whether more of it can only speak for one meaning (1) or against (-1)
FEATURES: dict[str, tuple[str, int]] = {
    "around": ("cosine of the rare stems in the sentences around them", 1),
    "vectors": ("cosine of the mean vectors of those sentences", 1),
    "beside": ("the weight of the actors named beside both", 1),
    "shared": ("the weight of the words in both", 1),
    "share": ("the same over the words of the shorter one", 1),
    "last": ("the last word is one", 0),
    "first": ("the first word is one", 0),
    "letters": ("how alike the other words are in letters", 1),
    "cognates": ("mean likeness of each word to its nearest in the other", 1),
    "within": ("the longest letters of one other word that stand in order in the other's", 1),
    "kind": ("they are taken for actors of one kind", 1),
    "other_kind": ("they are taken for actors of kinds that have nothing in common", -1),
    "person": ("both are taken for persons", 0),
    "merged": ("they are taken for one actor", 1),
    "titles": ("the words before them, of office or kind, are shared", 1),
    "one_page": ("the share of the pages of the rarer that have both", 0),
    "one_sentence": ("they stand in one sentence", 0),
    "outlets": ("the share of the outlets of the rarer that have only it", 0),
    "few": ("mentions of the rarer, as logarithm", 0),
    "many": ("mentions of the other, as logarithm", 0),
    "short": ("words of the shorter one", 0),
    "long": ("words of the longer one", 0),
    "initials": ("one is initials", 0),
    "family": ("forms that have the rarest shared word, as logarithm", -1),
    "rank": ("how many forms are nearer to either in what is said around them", -1),
}


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which the pile writes a name: its bare words, and where; ``actors``: whom it is taken to mean."""

    words: tuple[str, ...]
    mentions: tuple[ActorMention, ...]
    documents: frozenset[str]
    actors: frozenset[str]
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Look:
    """What stands around a form, and its words folded."""

    words: tuple[str, ...]
    stems: Mapping[str, float]
    vector: Floats
    beside: frozenset[str]
    titles: frozenset[str]
    sentences: frozenset[tuple[str, int]]
    outlets: frozenset[str]
    kinds: frozenset[int]
    initials: str


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks of a pile's forms, with how rare words and actors are and which forms stand near which."""

    looks: tuple[Look, ...]
    rarity: Mapping[str, float]
    actor_rarity: Mapping[str, float]
    counts: Mapping[str, int]  # forms by word
    near: tuple[Mapping[int, tuple[float, int]], ...]  # by form: cosine and rank of those nearest around


def look_around(forms: Sequence[Form], index: PileIndex) -> Looks:
    """Return what stands around each form."""
    raw = [_read(form, index) for form in forms]
    words = Counter(w for look in raw for w in set(look.words))
    stems = Counter(s for look in raw for s in look.stems)
    total = math.log(max(20, len(raw)))
    rarity = {s: max(0.0, 1.0 - math.log(n) / total) for s, n in stems.items()}
    looks = [_weigh(look, rarity) for look in raw]
    named = Counter(a for look in raw for a in look.beside)
    actor_rarity = {a: max(0.0, 1.0 - math.log(n) / total) for a, n in named.items()}
    word_rarity = {w: max(0.1, 1.0 - math.log(n) / total) for w, n in words.items()}
    return Looks(tuple(looks), word_rarity, actor_rarity, words, _find_near(looks))


def _read(form: Form, index: PileIndex) -> Look:
    stems: Counter[str] = Counter()
    beside: set[str] = set()
    titles: set[str] = set()
    sentences = set()
    vectors = []
    own = {s for w in form.words for s in content_stems(w)}
    for m in _spread(form.mentions):
        start, end = sentence_around(index, m.document, m.start, m.end)
        text = index.articles[m.document].text
        sentences.add((m.document, start))
        stems.update(s for s in content_stems(text[start:end]) if s not in own and len(s) > 1)
        beside |= actors_within(index, m.document, start, end) - form.actors
        before = text[max(start, m.start - BEFORE_CHARS) : m.start].split()[-3:]
        inside = fold_text(m.text).split()
        extra = inside[: max(0, len(inside) - len(form.words))]
        titles |= {w for w in (*extra, *(fold_text(b).strip(".,“”\"'") for b in before)) if len(w) > len("the")}
        vector = _vector(index, m.document, start)
        if vector is not None:
            vectors.append(vector)
    mean = np.mean(vectors, axis=0) if vectors else np.zeros(0)
    norm = float(np.linalg.norm(mean)) if len(mean) else 0.0
    letters = "".join(form.words) if len(form.words) == 1 else ""
    written = form.mentions[0].text.replace(".", "").split()[-1:] if letters else []
    capital = next((w for w in written if w.isupper() and 1 < len(w) <= 7), "")
    return Look(
        tuple(fold_text(w) for w in form.words),
        {s: float(n) for s, n in stems.items()},
        mean / norm if norm else mean,
        frozenset(beside),
        frozenset(titles),
        frozenset(sentences),
        frozenset(outlet_of(index, d) for d in form.documents),
        frozenset(_LIKE.get(t, 5) for t in form.types),
        capital.lower(),
    )


def _spread(mentions: Sequence[ActorMention]) -> list[ActorMention]:
    """Return a bounded number of mentions, of as many pages as possible."""
    seen: Counter[str] = Counter()
    ranked: list[tuple[int, int, ActorMention]] = []
    for m in mentions:
        seen[m.document] += 1
        ranked.append((seen[m.document], len(ranked), m))
    return [m for _, _, m in sorted(ranked)[:MOST_CONTEXTS]]


def _vector(index: PileIndex, document: str, start: int) -> Floats | None:
    reading = index.readings.get(document)
    if reading is None or not reading.vectors or not reading.sentences:
        return None
    row = max(0, bisect_right(reading.sentences, start, key=lambda s: s.start) - 1)
    table = np.frombuffer(reading.vectors, "<f2").reshape(len(reading.sentences), -1)
    vector: Floats = table[row].astype(np.float64)
    return vector


def _weigh(look: Look, rarity: Mapping[str, float]) -> Look:
    """Return the look with its stems weighed by rarity, at unit length."""
    weights = {s: (1.0 + math.log(n)) * rarity[s] for s, n in sorted(look.stems.items())}
    norm = math.sqrt(math.fsum(v * v for v in weights.values())) or 1.0
    scaled = {s: v / norm for s, v in weights.items() if v > 0}
    return replace(look, stems=scaled)


def _find_near(looks: Sequence[Look]) -> tuple[Mapping[int, tuple[float, int]], ...]:
    """Return by form the forms nearest to it by the rare stems around it: cosine and rank."""
    postings: dict[str, list[int]] = {}
    for n, look in enumerate(looks):
        for stem in look.stems:
            postings.setdefault(stem, []).append(n)
    found = []
    for n, look in enumerate(looks):
        sums: dict[int, list[float]] = {}
        for stem, weight in look.stems.items():
            held = postings[stem]
            if len(held) <= COMMON:
                for other in held:
                    if other != n:
                        sums.setdefault(other, []).append(weight * looks[other].stems[stem])
        ranked = sorted(((-math.fsum(v), other) for other, v in sums.items()))
        found.append({other: (-minus, rank) for rank, (minus, other) in enumerate(ranked[: 4 * PARTNERS])})
    return tuple(found)


def find_pairs(forms: Sequence[Form], looks: Looks) -> list[tuple[int, int]]:
    """Return the pairs (i < j) of forms worth measuring: neither is part of the other, and something brings them near.

    A rare word that both have, one actor that both are taken for, or sentences that speak of the same.
    """
    keys: dict[object, list[int]] = {}
    for n, form in enumerate(forms):
        for key in (*form.words, *(("actor", a) for a in sorted(form.actors))):
            keys.setdefault(fold_text(key) if isinstance(key, str) else key, []).append(n)
    pairs = {
        (i, j) for held in keys.values() if len(held) <= COMMON for at, i in enumerate(held) for j in held[at + 1 :]
    }
    for n, near in enumerate(looks.near):
        pairs |= {(min(n, m), max(n, m)) for m, (_, rank) in near.items() if rank < PARTNERS}
    return sorted((i, j) for i, j in pairs if _is_told_apart(i, j, looks, keys))


def _is_told_apart(i: int, j: int, looks: Looks, keys: Mapping[object, Sequence[int]]) -> bool:
    """Return whether two forms name in two ways: neither is part of the other, or its initials, nor both of a third."""
    a, b = looks.looks[i], looks.looks[j]
    if is_part(a.words, b.words):
        return False
    if (a.initials and _spells(a.initials, b.words)) or (b.initials and _spells(b.initials, a.words)):
        return False
    both = set(a.words) | set(b.words)
    return not any(both <= set(looks.looks[n].words) for n in keys.get(a.words[0], ()))


def is_part(a: Sequence[str], b: Sequence[str]) -> bool:
    """Return whether all words of one name are words of the other: a shorter form of it."""
    return set(a) <= set(b) or set(b) <= set(a)


def measure_forms(forms: Sequence[Form], looks: Looks, pairs: Iterable[tuple[int, int]]) -> Floats:
    """Return the numbers of ``FEATURES`` for each pair of forms, in that order."""
    rows = [_measure(forms, looks, i, j) for i, j in pairs]
    return np.array(rows, np.float64).reshape(len(rows), len(FEATURES))


def _measure(forms: Sequence[Form], looks: Looks, i: int, j: int) -> list[float]:
    a, b = looks.looks[i], looks.looks[j]
    one, two = forms[i], forms[j]
    shared = set(a.words) & set(b.words)
    rest_a, rest_b = ([w for w in x.words if w not in shared and len(w) > 1] for x in (a, b))
    few, many = sorted((len(one.mentions), len(two.mentions)))
    rare = i if len(one.mentions) <= len(two.mentions) else j
    less, more = (a, b) if rare == i else (b, a)
    pages = one.documents & two.documents
    titles = (a.titles & b.titles) - shared
    near = [looks.near[i].get(j), looks.near[j].get(i)]
    return [
        max((n[0] for n in near if n), default=0.0),
        float(a.vector @ b.vector) if len(a.vector) and len(b.vector) else 0.0,
        math.fsum(looks.actor_rarity[x] for x in a.beside & b.beside),
        math.fsum(looks.rarity[w] for w in shared),
        len(shared) / max(1, min(len(a.words), len(b.words))),
        float(a.words[-1] == b.words[-1]),
        float(a.words[0] == b.words[0]),
        max((_alike(x, y) for x in rest_a for y in rest_b), default=0.0),
        _cognates(a.words, b.words),
        max((_within(x, y) for x in rest_a for y in rest_b), default=0.0),
        float(bool(one.types & two.types)),
        float(not a.kinds & b.kinds),
        float("person" in one.types and "person" in two.types),
        float(bool(one.actors & two.actors)),
        float(len(titles & _titles()) + 0.5 * min(1, len(titles - _titles()))),
        len(pages) / max(1, min(len(one.documents), len(two.documents))),
        float(bool(a.sentences & b.sentences)),
        len(less.outlets - more.outlets) / max(1, len(less.outlets)),
        math.log(few),
        math.log(many),
        float(min(len(a.words), len(b.words))),
        float(max(len(a.words), len(b.words))),
        float(bool(a.initials or b.initials)),
        math.log(1 + min((looks.counts[w] for w in shared), default=0)),
        float(min((n[1] for n in near if n), default=4 * PARTNERS)),
    ]


def _titles() -> frozenset[str]:
    return frozenset(load_cues()["titles"])


def _alike(a: str, b: str) -> float:
    return 1.0 - OSA.distance(a, b) / max(len(a), len(b))


def _within(a: str, b: str) -> float:
    """Return how much of the shorter word's letters stand in order in the longer: Tony, Anthony."""
    return LCSseq.similarity(a, b) / min(len(a), len(b)) if min(len(a), len(b)) > len("Al") else 0.0


def _cognates(a: Sequence[str], b: Sequence[str]) -> float:
    """Return how alike each longer word is to its nearest in the other name, on average over the shorter name."""
    short, long = sorted(([w for w in x if len(w) > len("the")] for x in (a, b)), key=len)
    if not short:
        return 0.0
    return math.fsum(sorted(max(_alike(w, x) for x in long) for w in short)) / len(short)


def _spells(initials: str, words: Sequence[str]) -> bool:
    """Return whether the words, or those of them that are long, have these initials."""
    whole = "".join(w[0] for w in words)
    return initials in (whole, "".join(w[0] for w in words if len(w) > len("and")))
