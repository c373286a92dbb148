"""Two sentences of different texts, measured: how alike they are, and in what they differ.

What is compared comes from the other rooms: events, quantities with the ledger's labels, statements and their versions,
times, actors, sentence vectors; of the words only stems, negation, contraries and cues. Invariant: the numbers of a
pair do not depend on its order; each sentence is set beside a bounded number of others. This module must not know kinds
of comparison.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from storyledger.compare.framing import loaded_pattern
from storyledger.compare.index import MAX_EVIDENCE_CHARS, PileIndex, actors_within, published_on, statements_over
from storyledger.compare.passages import dice
from storyledger.compare.words import count_negations, direction_of, find_words, meaning_stems
from storyledger.language import content_stems
from storyledger.strangers import are_strangers
from storyledger.types import Article, BlockKind, Evidence, Figure, Reading, Story

V = TypeVar("V")
Floats = NDArray[np.float64]
BODY: frozenset[BlockKind] = frozenset(("paragraph", "quote", "list"))
LATEST = 16  # how many earlier sentences of other texts with one stem a sentence is set beside
CANDIDATES = 40  # the partners of a sentence that are measured: those with the most and rarest stems in common
NEAR_SENTENCES = 4  # on one page: an account and what counters it stand near each other
FEWEST_STEMS = 2
UNKNOWN = -1.0
_QUOTED = re.compile(r"[“\"«„]([^”\"»“]{2,300})[”\"»“]")
_SCARE_WORDS = 4  # quotation marks around at most so many words put them at a distance
_DATELINE = re.compile(r"\)\s*[-–—]+\s*$")  # "ORLEN, May 2 (Northwire) -": where and whose, and no sentence
_CAUSE = re.compile(
    r"\b(?:because|due to|caused?|causing|blamed?|reason|why|owing to|led to|in order to|so that|after|result of|"
    r"aim\w*)\b"
)
_DISPUTE = re.compile(
    r"\b(?:den(?:y|ies|ied|ial|ials|ying)|disput\w*|reject\w*|dismiss\w*|contradict\w*|refut\w*|rebut\w*|untrue|false|"
    r"lies?|liar|nonsense|baseless|invent\w*|contest\w*|challeng\w*|insist\w*|maintain\w*|disagree\w*|contrary)\b"
)
_CONTRAST = re.compile(
    r"\b(?:but|however|while|whereas|although|though|not|no|nor|never|instead|rather|yet|only|against|versus)\b"
)

# in the weights' order: name -> what it says, and whether more of it can only speak for one matter (1) or against it
FEATURES: dict[str, tuple[str, int]] = {
    "vectors": ("cosine of the sentences' vectors", 1),
    "around": ("cosine of the vectors of what stands around them", 1),
    "weight": ("the weight of the shared stems, by rarity", 1),
    "share": ("the weight of the shared stems over that of all", 1),
    "rarest": ("the weight of the rarest shared stem", 1),
    "second": ("the weight of the second rarest shared stem", 1),
    "paragraph": ("the weight of the stems that the paragraphs share", 1),
    "meanings": ("the share of meanings (synonyms and contraries one) that both have", 1),
    "dice": ("twice the shared stems over all of both", 0),
    "actors": ("the weight of the actors in both, by rarity", 1),
    "event": ("both tell one event", 1),
    "event_weight": ("the importance of the event that both tell", 1),
    "status": ("the statuses of the event in the two documents differ", 0),
    "quantity": ("both give a figure of one quantity", 1),
    "same_value": ("both give the same value of one quantity", 1),
    "ledger_conflict": ("how sure the ledger is that they give rival values", 0),
    "ledger_later": ("the ledger says that one value was overtaken", 0),
    "equal_figures": ("figures of one value and unit in both", 1),
    "other_figures": ("both have figures of one unit, of other values", 0),
    "day": ("both name one day", 0),
    "other_day": ("both name days, and no one", 0),
    "negation": ("one is turned round by a negation and the other is not", 0),
    "contraries": ("words and their contraries stand on the two sides", 0),
    "denied": ("one is denied by its speaker", 0),
    "said": ("how many of the two are what somebody said", 0),
    "two_speakers": ("two actors say them", 0),
    "one_speaker": ("one actor says both", 0),
    "version": ("both are versions of one saying", 1),
    "causes": ("how many of the two give a cause", 0),
    "loaded": ("loaded words in both", 0),
    "loaded_one": ("loaded words in one more than in the other", 0),
    "scare": ("short quotations in one more than in the other", 0),
    "quoted": ("how many of the two are mostly quotation", 0),
    "words": ("words of the shorter one", 0),
    "longer": ("words of the longer one over those of the shorter", 0),
    "days": ("days between the pages, as logarithm", 0),
    "outlets": ("they are of two outlets", 0),
    "origins": ("they are of two origins", 0),
    "one_page": ("both stand on one page, near each other", 0),
    "gap": ("how many sentences lie between them on their page", 0),
    "disputes": ("how many of the two hold words of dispute", 0),
    "contrasts": ("how many of the two hold words of contrast", 0),
    "crowd": ("how many sentences of the pile the pair's stems bring together, as logarithm", 0),
}


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence with all that a pair is measured by."""

    document: str
    start: int
    end: int
    stems: frozenset[str]
    meanings: frozenset[str]
    directions: Mapping[str, int]
    number: int  # of the sentence in its document
    paragraph: int  # its number in the pile
    vector: Floats
    around: Floats
    actors: frozenset[str]
    events: frozenset[int]
    figures: tuple[Figure, ...]
    days: frozenset[str]
    negations: int
    speakers: frozenset[str]
    said: bool
    denied: bool
    versions: frozenset[str]
    causes: bool
    disputes: bool
    contrasts: bool
    loaded: int
    scare: int
    quoted: bool
    words: int


@dataclass(frozen=True, slots=True)
class Pile:
    """The tellings of a pile in order of publication, with how rare stems and actors are."""

    tellings: tuple[Telling, ...]
    rarity: Mapping[str, float]
    actor_rarity: Mapping[str, float]
    paragraphs: tuple[frozenset[str], ...]
    importance: tuple[float, ...]
    statuses: tuple[Mapping[str, str], ...]  # by event: document -> what it tells
    labels: Mapping[tuple[str, str], tuple[str, float]]  # of pairs of figures, the smaller id first
    index: PileIndex


def gather_tellings(story: Story, index: PileIndex) -> Pile:
    """Return the body sentences of the compared documents, at most 400 characters long, with what stands in them."""
    shelf = _Shelf(story, index)
    tellings: list[Telling] = []
    paragraphs: list[frozenset[str]] = []
    for document in sorted(index.compared, key=lambda d: index.rank[d]):
        tellings += shelf.read_document(document, paragraphs)
    counts = Counter(s for t in tellings for s in t.stems)
    total = math.log(max(80, len(tellings)))
    seen = Counter(a for t in tellings for a in t.actors)
    return Pile(
        tuple(tellings),
        {s: max(0.0, 1.0 - math.log(n) / total) for s, n in counts.items()},
        {a: max(0.0, 1.0 - math.log(n) / total) for a, n in seen.items()},
        tuple(paragraphs),
        tuple(e.importance for e in story.events),
        tuple(dict(e.statuses) for e in story.events),
        {(min(r.a, r.b), max(r.a, r.b)): (r.label, r.confidence) for q in story.ledger for r in q.relations},
        index,
    )


class _Shelf:
    """What stands where in a story, while its sentences are read."""

    def __init__(self, story: Story, index: PileIndex) -> None:
        self.index = index
        self.events = _by_place((e, n) for n, event in enumerate(story.events) for e in event.mentions)
        self.figures = _by_place((f.evidence, f) for f in story.figures)

    def read_document(self, document: str, paragraphs: list[frozenset[str]]) -> list[Telling]:
        """Return the tellings of a document, and add the stems of its paragraphs to ``paragraphs``."""
        article, reading = self.index.articles[document], self.index.readings.get(document)
        blocks = [b for b in article.blocks if b.kind in BODY] or None
        starts = [b.start for b in blocks] if blocks else [0]
        base = len(paragraphs)
        spans = [(b.start, b.end) for b in blocks] if blocks else [(0, len(article.text))]
        paragraphs += [content_stems(article.text[a:z]) for a, z in spans]
        vectors = _unpack(reading)
        rows = [reading.sentences[k].start for k in range(len(reading.sentences))] if reading else []
        found = []
        for number, (start, end) in enumerate(self.index.sentences[document]):
            place = bisect_right(starts, start) - 1
            if end - start > MAX_EVIDENCE_CHARS or place < 0 or _DATELINE.search(article.text[start:end]):
                continue
            if (blocks and start >= spans[place][1]) or (document, start) in self.index.furniture:
                continue
            row = max(0, bisect_right(rows, start) - 1)
            found.append(self._read(document, start, end, base + place, vectors, row, number))
        return [t for t in found if len(t.stems) >= FEWEST_STEMS]

    def _read(
        self, document: str, start: int, end: int, paragraph: int, vectors: Floats, row: int, number: int
    ) -> Telling:
        text = self.index.articles[document].text[start:end]
        said = [
            s
            for s in statements_over(self.index, document, start, end)
            if min(end, s.content.end) - max(start, s.content.start) > 0.3 * (end - start)
        ]
        words = find_words(text)
        short = [q for q in _QUOTED.findall(text) if len(q.split()) <= _SCARE_WORDS]
        beside = vectors[max(0, row - 1) : row + 2]
        return Telling(
            document,
            start,
            end,
            frozenset(s for s in content_stems(text) if len(s) > 1),
            meaning_stems(text),
            _directions(text),
            number,
            paragraph,
            vectors[row] if len(vectors) else np.zeros(0),
            beside.mean(axis=0) if len(beside) else np.zeros(0),
            actors_within(self.index, document, start, end),
            frozenset(n for _, _, n in _within(self.events.get(document, []), start, end)),
            tuple(f for _, _, f in _within(self.figures.get(document, []), start, end)),
            frozenset(
                t.earliest
                for t in self.index.times.get(document, ())
                if start <= t.evidence.start < end and t.earliest and t.earliest == t.latest
            ),
            count_negations(text),
            frozenset(s.speaker.actor for s in said if s.speaker.actor),
            bool(said),
            any(s.polarity == "denied" or s.act == "deny" for s in said),
            frozenset(s.version_group for s in said if s.version_group),
            bool(_CAUSE.search(text.lower())),
            bool(_DISPUTE.search(text.lower())),
            bool(_CONTRAST.search(text.lower())),
            len(loaded_pattern().findall(text)),
            len(short),
            sum(len(q) for q in _QUOTED.findall(text)) * 2 > len(text),
            len(words),
        )


def _unpack(reading: Reading | None) -> Floats:
    if reading is None or not reading.vectors or not reading.sentences:
        return np.zeros((0, 0))
    return np.frombuffer(reading.vectors, "<f2").reshape(len(reading.sentences), -1).astype(np.float64)


def _by_place(rows: Iterable[tuple[Evidence, V]]) -> dict[str, list[tuple[int, int, V]]]:
    found: dict[str, list[tuple[int, int, V]]] = {}
    for place, value in rows:
        found.setdefault(place.document, []).append((place.start, place.end, value))
    return {document: sorted(listed, key=lambda r: r[:2]) for document, listed in found.items()}


def _within(rows: Sequence[tuple[int, int, V]], start: int, end: int) -> list[tuple[int, int, V]]:
    """Return the rows that start in the range."""
    return list(rows[bisect_left(rows, start, key=lambda r: r[0]) : bisect_left(rows, end, key=lambda r: r[0])])


def _directions(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in find_words(text):
        known = direction_of(word.stem)
        if known is not None:
            found[known[0]] = found.get(known[0], 0) + known[1]
    return {name: value for name, value in found.items() if value}


def find_candidates(pile: Pile) -> list[tuple[int, int]]:
    """Return the pairs (i < j) of tellings worth measuring: they share stems or an event, or stand near on one page.

    Each telling meets the latest sentences that have one of its stems; those with which it shares most are kept.
    """
    postings: dict[object, list[int]] = {}
    pairs: list[tuple[int, int]] = []
    for j, telling in enumerate(pile.tellings):
        shared: dict[int, float] = {}
        keys: list[tuple[object, float]] = [(s, pile.rarity[s]) for s in sorted(telling.stems)]
        keys += [(("event", n), 1.0) for n in sorted(telling.events)]
        for key, worth in keys:
            for i in postings.get(key, ())[-LATEST:]:
                shared[i] = shared.get(i, 0.0) + worth
            postings.setdefault(key, []).append(j)
        near = range(max(0, j - NEAR_SENTENCES), j)
        pairs += [(i, j) for i in near if pile.tellings[i].document == telling.document]
        best = sorted(shared, key=lambda i: (-shared[i], -i))
        other = [i for i in best if _of_one_story(pile, i, j)]
        pairs += [(i, j) for i in sorted(other[:CANDIDATES])]
    return pairs


def _of_one_story(pile: Pile, i: int, j: int) -> bool:
    """Return whether two tellings stand in two documents that tell of one story."""
    one, two = pile.tellings[i].document, pile.tellings[j].document
    return one != two and not are_strangers(pile.index.articles[one].text, pile.index.articles[two].text)


def measure_pairs(pile: Pile, pairs: Sequence[tuple[int, int]]) -> Floats:
    """Return the numbers of ``FEATURES`` for each pair of tellings, in that order."""
    crowds = Counter(n for pair in pairs for n in pair)
    shares: dict[tuple[int, int], float] = {}
    rows = [_measure(pile, pile.tellings[i], pile.tellings[j], crowds[i] + crowds[j], shares) for i, j in pairs]
    return np.array(rows, np.float64).reshape(len(rows), len(FEATURES))


def _share_paragraphs(pile: Pile, a: Telling, b: Telling, shares: dict[tuple[int, int], float]) -> float:
    """Return the worth of what two paragraphs share, from ``shares`` where it was asked before: some have all lines."""
    key = a.paragraph, b.paragraph
    if key not in shares:
        shares[key] = math.fsum(pile.rarity.get(s, 0.0) for s in pile.paragraphs[key[0]] & pile.paragraphs[key[1]])
    return shares[key]


def _measure(pile: Pile, a: Telling, b: Telling, crowd: int, shares: dict[tuple[int, int], float]) -> list[float]:
    shared = sorted((pile.rarity[s] for s in a.stems & b.stems), reverse=True)
    whole = math.fsum(pile.rarity[s] for s in a.stems | b.stems)
    weight = math.fsum(shared)  # exact, so that the order of a set changes nothing
    events = a.events & b.events
    flips = sum(1 for n in a.directions.keys() & b.directions.keys() if a.directions[n] * b.directions[n] < 0)
    short, long = sorted((a.words, b.words))
    articles = pile.index.articles[a.document], pile.index.articles[b.document]
    return [
        float(a.vector @ b.vector) if len(a.vector) and len(b.vector) else UNKNOWN,
        float(a.around @ b.around) if len(a.around) and len(b.around) else UNKNOWN,
        weight,
        weight / whole if whole else 0.0,
        shared[0] if shared else 0.0,
        shared[1] if len(shared) > 1 else 0.0,
        _share_paragraphs(pile, a, b, shares),
        len(a.meanings & b.meanings) / max(1, min(len(a.meanings), len(b.meanings))),
        dice(a.stems, b.stems),
        math.fsum(pile.actor_rarity[x] for x in a.actors & b.actors),
        float(bool(events)),
        max((pile.importance[n] for n in events), default=0.0),
        float(any(_statuses_differ(pile.statuses[n], a.document, b.document) for n in events)),
        *_compare_figures(pile, a.figures, b.figures),
        float(bool(a.days & b.days)),
        float(bool(a.days and b.days and not a.days & b.days)),
        float((a.negations + b.negations) % 2),
        float(flips),
        float(a.denied != b.denied),
        float(a.said) + float(b.said),
        float(bool(a.speakers and b.speakers and not a.speakers & b.speakers)),
        float(bool(a.speakers & b.speakers)),
        float(bool(a.versions & b.versions)),
        float(a.causes) + float(b.causes),
        float(min(a.loaded, b.loaded)),
        float(abs(a.loaded - b.loaded)),
        float(abs(a.scare - b.scare)),
        float(a.quoted) + float(b.quoted),
        float(short),
        long / max(1, short),
        _days_between(*articles),
        float((articles[0].outlet or articles[0].id) != (articles[1].outlet or articles[1].id)),
        float((articles[0].origin or articles[0].id) != (articles[1].origin or articles[1].id)),
        float(a.document == b.document),
        float(abs(a.number - b.number)) if a.document == b.document else 0.0,
        float(a.disputes) + float(b.disputes),
        float(a.contrasts) + float(b.contrasts),
        math.log(crowd),
    ]


def _statuses_differ(statuses: Mapping[str, str], a: str, b: str) -> bool:
    return a in statuses and b in statuses and statuses[a] != statuses[b]


def _compare_figures(pile: Pile, a: Sequence[Figure], b: Sequence[Figure]) -> list[float]:
    """Return ``quantity`` to ``other_figures``."""
    one = same = conflict = later = equal = other = 0.0
    for f in a:
        for g in b:
            label, sure = pile.labels.get((min(f.id, g.id), max(f.id, g.id)), ("", 0.0))
            one, same = max(one, float(bool(label))), max(same, float(label == "agree"))
            conflict = max(conflict, sure if label == "conflict" else 0.0)
            later = max(later, float(label == "superseded"))
            like = f.unit == g.unit and f.value is not None
            equal = max(equal, float(like and f.value == g.value))
            other = max(other, float(like and f.value != g.value))
    return [one, same, conflict, later, equal, 0.0 if equal else other]


def _days_between(a: Article, b: Article) -> float:
    days = [published_on(x) for x in (a, b)]
    if not all(d and len(d) == 10 for d in days):
        return UNKNOWN
    return math.log1p(abs((date.fromisoformat(str(days[0])) - date.fromisoformat(str(days[1]))).days))
