"""Brings the versions of one utterance together: verbatim, trimmed, paraphrased, given to somebody else.

Candidates share a run of words, or the speaker (of one who speaks much: a rare word and the speaker). Whether a pair is
one utterance a forest says, ``versions.npz``, made by ``python -m train.versions``; two remarks with days that exclude
each other stay two. Never all pairs: keys that too many statements share are left out. This module must not know how
statements are found.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from importlib import resources
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from storyledger.engine import Engine
from storyledger.ids import make_id
from storyledger.linkage.forest import Forest, predict_forest, read_forest
from storyledger.overlaps import Overlaps
from storyledger.statements.words import content_words, numbers_in, quoted_words, split_words
from storyledger.types import Actor, Article, Reading, Statement

Relation = Literal["verbatim", "trimmed", "paraphrase", "misattributed"]

SHINGLE = 4  # words; three made too many chance pairs ("the number of"), five missed trimmed quotations
PAIR = {
    "shared_short": "words in order, of the shorter",
    "shared_long": "words in order, of the longer",
    "shared": "words in order",
    "alike": "content words of both, of all",
    "alike_short": "content words of both, of the fewer",
    "rarity": "how rare those are in the pile",
    "rarity_of_all": "the same as a share of all",
    "rarity_of_fewer": "and of the fewer",
    "near": "cosine of their sentences' vectors",
    "speaker": "the same 1, another -1, unknown 0",
    "same_numbers": "all numbers are the same",
    "numbers_shared": "numbers of both",
    "numbers_apart": "numbers of one of them",
    "short": "words of the shorter",
    "long": "words of the longer",
    "direct": "how many of the two are quotations",
    "days": "days between their pages, -1 where one has none",
    "same_act": "the same act",
    "same_polarity": "both deny or neither does",
    "quotes": "what one has in quotation marks stands in the other",
    "turn": "words in order of the shorter one's turn",
    "same_page": "of one page",
}
RAREST, RARE = 8, 6  # the rarest words of a statement, two of which bring it beside another, or one that few have
CROWD = 40  # a key that more statements share says nothing; it also bounds the pairs
VERBATIM = 0.92  # of the words of both, in order
TRIMMED = 0.85  # of the words of the shorter one, in order
INITIALS = 2  # letters of a part of a name that tells nobody from another
SURE = 0.6  # of the forest; out of fold on the train piles .83 of the pairs of the groups so made are right


@dataclass(frozen=True, slots=True)
class Utterance:
    """A statement with its words, ready to be compared."""

    number: int
    statement: Statement
    words: tuple[str, ...]
    content: frozenset[str]
    numbers: frozenset[str]
    quoted: tuple[tuple[str, ...], ...]
    turn: tuple[str, ...]  # the words of the whole turn: with what it resumes and what resumes it
    vector: NDArray[np.float32] | None
    published: str
    named: frozenset[str] = frozenset()  # the parts of its speaker's names; none where he is only described


def link_versions(
    statements: Sequence[Statement],
    articles: Sequence[Article],
    readings: Mapping[str, Reading],
    engine: Engine,
    actors: Sequence[Actor],
) -> list[Statement]:
    """Return the statements, versions of one utterance with a common ``version_group`` and each with its relation.

    The relation is to the fullest wording of the speaker who has it in the earliest page: that one is "verbatim". Words
    are given to another ("misattributed") only where both speakers have names that share no part.
    """
    named = {actor.id: _name_parts(actor) for actor in actors}
    utterances = [
        replace(u, named=named.get(u.statement.speaker.actor or "", frozenset()))
        for u in list_utterances(statements, articles, readings)
    ]
    pairs = [p for p, sure in judge_pairs(utterances) if sure > SURE]
    groups = [g for g in join_pairs(len(utterances), pairs) if len(g) > 1]
    labels: dict[int, tuple[str, Relation]] = {}
    for rows in engine.map_values(_label_group, [[utterances[i] for i in g] for g in groups]):
        labels.update(rows)
    return [
        replace(u.statement, version_group=labels[u.number][0], version_relation=labels[u.number][1])
        if u.number in labels
        else replace(u.statement, version_group=None, version_relation=None)
        for u in utterances
    ]


def _name_parts(actor: Actor) -> frozenset[str]:
    """The words of an actor's names that are more than initials and particles."""
    words = (word for alias in actor.aliases if alias.kind == "name" for word in alias.text.split())
    return frozenset(word for word in words if len(word) > INITIALS and word[0].isupper())


def list_utterances(
    statements: Sequence[Statement], articles: Sequence[Article], readings: Mapping[str, Reading]
) -> list[Utterance]:
    """Return the statements in the order of pages and text, ready to be compared."""
    dates = {a.id: a.published_earliest or a.published or "9999" for a in articles}
    vectors = _Vectors(articles, readings)
    ordered = sorted(statements, key=lambda s: (s.content.document, s.content.start, s.content.end, s.id))
    turns = _join_turns(ordered)
    return [_prepare(n, s, turns[s.id], dates, vectors) for n, s in enumerate(ordered)]


def _join_turns(ordered: Sequence[Statement]) -> dict[str, tuple[str, ...]]:
    """Return the words of the turn that each statement is part of."""
    lead: dict[str, str] = {}
    words: dict[str, list[str]] = {}
    for s in ordered:
        lead[s.id] = lead.get(s.continues or "", s.id)
        words.setdefault(lead[s.id], []).extend(split_words(s.content.text))
    turns = {first: tuple(said) for first, said in words.items()}
    return {key: turns[first] for key, first in lead.items()}


def _prepare(
    number: int, s: Statement, turn: tuple[str, ...], dates: Mapping[str, str], vectors: _Vectors
) -> Utterance:
    words = split_words(s.content.text)
    return Utterance(
        number,
        s,
        words,
        content_words(words),
        numbers_in(words),
        quoted_words(s.content.text) if s.kind == "mixed" else (),
        turn,
        vectors.of(s),
        dates.get(s.content.document, "9999"),
    )


class _Vectors:
    """The sentence vector of a statement: that of the sentence that shares most of its characters."""

    def __init__(self, articles: Sequence[Article], readings: Mapping[str, Reading]) -> None:
        self.readings = {a.id: readings[a.id] for a in articles if a.id in readings and readings[a.id].vectors}
        self.tables: dict[str, NDArray[np.float32]] = {}
        self.places: dict[str, Overlaps] = {}

    def of(self, s: Statement) -> NDArray[np.float32] | None:
        reading = self.readings.get(s.content.document)
        if reading is None or not reading.sentences:
            return None
        if s.content.document not in self.tables:
            table = np.frombuffer(reading.vectors, "<f2").reshape(len(reading.sentences), -1)
            self.tables[s.content.document] = table.astype(np.float32)
            self.places[s.content.document] = Overlaps((x.start, x.end) for x in reading.sentences)
        near = self.places[s.content.document].over(s.content.start, s.content.end)
        sentences = reading.sentences
        shares = [(min(s.content.end, sentences[k].end) - max(s.content.start, sentences[k].start), -k) for k in near]
        return self.tables[s.content.document][-max(shares)[1]] if shares else None


# --------------------------------------------------------------------------- which pairs


def judge_pairs(utterances: Sequence[Utterance]) -> list[tuple[tuple[int, int], float]]:
    """Return the pairs that may be one utterance, each with how likely it is."""
    rarity = weigh_words(utterances)
    pairs = list_pairs(utterances)
    if not pairs:
        return []
    rows = np.array([list(measure_pair(utterances[i], utterances[j], rarity).values()) for i, j in pairs], np.float32)
    return list(zip(pairs, predict_forest(load_judge(), rows).tolist(), strict=True))


@functools.cache
def load_judge() -> Forest:
    """Return the forest that comes with the package."""
    with (
        resources.files(__package__).joinpath("versions.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as stored,
    ):
        return read_forest(dict(stored), "version", tuple(PAIR))


def weigh_words(utterances: Sequence[Utterance]) -> dict[str, float]:
    """Return how rare each content word is among the statements."""
    common = Counter(w for u in utterances for w in u.content)
    return {word: math.log((len(utterances) + 1) / n) for word, n in common.items()}


def list_pairs(utterances: Sequence[Utterance]) -> list[tuple[int, int]]:
    """Return the pairs that share a run of words or the speaker (of one who speaks much also a rare word), in order."""
    common = Counter(w for u in utterances for w in u.content)
    spoken = Counter(u.statement.speaker.actor for u in utterances)
    keys: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for u in utterances:
        for key in sorted(_keys(u, common, len(utterances))):
            keys[key].append(u.number)
        actor = u.statement.speaker.actor
        if actor is not None and spoken[actor] <= CROWD:
            keys["said", actor].append(u.number)
    found = {(a, b) for rows in keys.values() if len(rows) <= CROWD for k, a in enumerate(rows) for b in rows[k + 1 :]}
    return [(i, j) for i, j in sorted(found) if _may_be_one(utterances[i], utterances[j])]


def _keys(u: Utterance, common: Counter[str], total: int) -> set[tuple[str, ...]]:
    size = min(SHINGLE, len(u.words))
    found = {("words", *u.words[k : k + size]) for k in range(len(u.words) - size + 1)} if size > 1 else set()
    for part in u.quoted:
        found |= {("words", *part[k : k + 3]) for k in range(max(1, len(part) - 2))}
    if len(u.words) >= 3:
        found |= {
            ("words", *u.words[k : k + 3]) for k in range(len(u.words) - 2) if set(u.words[k : k + 3]) & u.content
        }
    if u.statement.speaker.actor is not None:
        rare = [w for w in u.content if common[w] <= max(4, total // 20)]
        found |= {("said", u.statement.speaker.actor, w) for w in rare}
    rarest = sorted(u.content, key=lambda w: (common[w], w))[:RAREST]
    found |= {("pair", a, b) for a, b in combinations(sorted(rarest), 2)}
    found |= {("rare", w) for w in rarest if common[w] <= RARE}
    return found


def measure_pair(a: Utterance, b: Utterance, rarity: Mapping[str, float]) -> dict[str, float]:
    """Return the ``PAIR`` numbers of two statements, in that order."""
    short, long = sorted((a, b), key=lambda u: (len(u.words), u.number))
    shared, inter, union = shared_in_order(a.words, b.words), a.content & b.content, a.content | b.content
    own = [math.fsum(rarity[w] for w in sorted(words)) for words in (inter, union, a.content, b.content)]
    speakers = a.statement.speaker.actor, b.statement.speaker.actor
    near = float(a.vector @ b.vector) if a.vector is not None and b.vector is not None else 0.0
    return {
        "shared_short": shared / max(1, len(short.words)),
        "shared_long": shared / max(1, len(long.words)),
        "shared": shared,
        "alike": len(inter) / max(1, len(union)),
        "alike_short": len(inter) / max(1, min(len(a.content), len(b.content))),
        "rarity": own[0],
        "rarity_of_all": own[0] / own[1] if own[1] else 0.0,
        "rarity_of_fewer": own[0] / min(own[2:]) if min(own[2:]) else 0.0,
        "near": near,
        "speaker": 0.0 if None in speakers else 1.0 if speakers[0] == speakers[1] else -1.0,
        "same_numbers": float(a.numbers == b.numbers),
        "numbers_shared": len(a.numbers & b.numbers),
        "numbers_apart": len(a.numbers ^ b.numbers),
        "short": len(short.words),
        "long": len(long.words),
        "direct": (a.statement.kind == "direct") + (b.statement.kind == "direct"),
        "days": _days_apart(a.published, b.published),
        "same_act": float(a.statement.act == b.statement.act),
        "same_polarity": float(a.statement.polarity == b.statement.polarity),
        "quotes": float(_quotes_from(a, b) or _quotes_from(b, a)),
        "turn": shared_in_order(short.turn, long.turn) / max(1, len(short.turn)),
        "same_page": float(a.statement.content.document == b.statement.content.document),
    }


def _days_apart(a: str, b: str) -> float:
    try:
        return float(abs((dt.date.fromisoformat(a[:10]) - dt.date.fromisoformat(b[:10])).days))
    except ValueError:
        return -1.0


def _may_be_one(a: Utterance, b: Utterance) -> bool:
    return not _same_place(a, b) and not _two_occasions(a.statement, b.statement)


def _same_place(a: Utterance, b: Utterance) -> bool:
    """Say whether both are the same stretch of one article, one inside the other."""
    x, y = a.statement.content, b.statement.content
    return x.document == y.document and x.start < y.end and y.start < x.end


def _two_occasions(a: Statement, b: Statement) -> bool:
    """Say whether both carry a date and the dates exclude each other."""
    if a.said_on is None or b.said_on is None:
        return False
    lo, hi = (
        max(a.said_on.earliest or "", b.said_on.earliest or ""),
        min(a.said_on.latest or "9", b.said_on.latest or "9"),
    )
    return lo[:10] > hi[:10]


def _quotes_from(a: Utterance, b: Utterance) -> bool:
    """Say whether all that ``a`` has in quotation marks stands in ``b``, three words at least."""
    said = [w for part in a.quoted for w in part]
    return len(said) >= 3 and all(" ".join(part) in " ".join(b.turn) for part in a.quoted if part)


def shared_in_order(a: Sequence[str], b: Sequence[str]) -> int:
    """Return how many words both have in the same order, in runs of two at least or as long as the shorter."""
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    shortest = min(2, len(a), len(b))
    return sum(m.size for m in blocks if m.size >= shortest)


def join_pairs(count: int, pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return the groups that pairs connect, members and groups in order of their smallest number."""
    root = list(range(count))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    for a, b in pairs:
        x, y = find(a), find(b)
        root[max(x, y)] = min(x, y)
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(count):
        groups[find(i)].append(i)
    return [groups[k] for k in sorted(groups)]


# --------------------------------------------------------------------------- which relation


def _label_group(group: list[Utterance]) -> list[tuple[int, tuple[str, Relation]]]:
    """Return (number, (group id, relation)) of each member."""
    first = min(group, key=lambda u: (u.published, u.statement.kind != "direct", -len(u.words), u.number))
    own = [u for u in group if not _is_another(u, first)]
    direct = [u for u in own if u.statement.kind == "direct"] or own
    key = make_id("version1", *sorted(u.statement.id for u in group))
    relations: list[Relation] = ["misattributed" if _is_another(u, first) else _relate(u, direct) for u in group]
    return [(u.number, (key, relation)) for u, relation in zip(group, relations, strict=True)]


def _is_another(u: Utterance, first: Utterance) -> bool:
    """Return whether the two speakers are known to be two.

    Who is only described ("the minister") may be anybody, and "Ada Brun" of one page the "A. Brun-Keller" of another.
    """
    apart = u.statement.speaker.actor != first.statement.speaker.actor
    return apart and bool(u.named and first.named) and not u.named & first.named


def _relate(u: Utterance, wordings: Sequence[Utterance]) -> Relation:
    """Return how ``u`` stands to the fullest of the ``wordings`` that have its words."""
    if u.statement.kind == "mixed" and any(_quotes_from(u, w) for w in wordings if w is not u):
        return "trimmed"
    longer = [w for w in wordings if w is not u and len(w.words) > len(u.words) * 1.08]
    if any(shared_in_order(u.words, w.words) >= TRIMMED * len(u.words) for w in longer):
        return "trimmed"
    earliest = min(w.published for w in wordings)
    models = [w for w in wordings if w is not u and (w.statement.kind == "direct" or w.published == earliest)]
    if any(_is_verbatim(u, w) for w in models):
        return "verbatim"
    return "verbatim" if u in wordings and u.published == earliest else "paraphrase"


def _is_verbatim(a: Utterance, b: Utterance) -> bool:
    shared = shared_in_order(a.words, b.words)
    return a.numbers == b.numbers and shared >= VERBATIM * max(len(a.words), len(b.words))


def iter_differences(a: str, b: str) -> Iterator[tuple[Literal["same", "only a", "only b"], str]]:
    """Yield the words of two wordings as runs that both have and runs that one has, in order."""
    x, y = a.split(), b.split()
    for tag, i, j, k, m in SequenceMatcher(
        None, [w.lower() for w in x], [w.lower() for w in y], autojunk=False
    ).get_opcodes():
        if tag == "equal":
            yield "same", " ".join(x[i:j])
        else:
            if i < j:
                yield "only a", " ".join(x[i:j])
            if k < m:
                yield "only b", " ".join(y[k:m])
