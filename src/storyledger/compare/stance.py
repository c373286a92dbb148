"""Stances: what the sources say that somebody did or did not do to something, by predicate and arguments.

Needs readings. A stance is a predicate that has a contrary (accept and refuse, stay and leave, succeed and
fail), which way it points (negation counted), who does it and to what. Two stances on one thing conflict
if they point opposite ways for the same doer (whether), or the same way for different doers (who).
Invariant: "one thing" means objects that share a word that is rare in the story. This module must not
know sentences' likeness.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
    sentence_around,
    statement_around,
)
from storyledger.compare.occurrences import shorten
from storyledger.compare.slots import find_slots, same_name
from storyledger.compare.words import cue_set, direction_of, is_asked, load_cues, stem_word
from storyledger.types import Actor, Comparison, Evidence, Predicate, Reading, Side

MAX_POSTING = 30
MIN_OBJECT_WEIGHT = 0.7  # of the rarity by sentence: a word of few sentences, or two common ones
UNPAIRED_WEIGHT = 1.3  # a plain "not", or a passive without a doer, needs two telling words in common
WHO_OBJECT_WEIGHT = 1.0  # different doers need more: two things of one kind have different doers too
WHO_TYPES = ("person", "organisation", "armed_group", "government", "group", "country")
_EMPTY = frozenset(
    stem_word(w)
    for w in ("be", "is", "was", "have", "had", "do", "did", "say", "said", "make", "get", "go", "take", "tell", "told")
)
_DEGREES = frozenset(
    stem_word(w) for w in ("increase", "likely", "possible", "safe", "stay")
)  # many do the same to one
_UNREAL = frozenset(
    ("may", "might", "could", "should", "if", "plan", "expect", "want", "hope", "attempt", "try", "seek")
)


@dataclass(frozen=True, slots=True)
class Stance:
    """Who did (or did not do) what to what, in one place."""

    place: Evidence
    meaning: str
    sign: int
    paired: bool  # has a contrary of its own, not only a "not"
    doers: frozenset[str]  # actors
    doer_stems: frozenset[str]
    objects: frozenset[str]  # stems
    object_actors: frozenset[str]
    holder: str | None


def compare_stances(index: PileIndex, rarity: Mapping[str, float]) -> list[Comparison]:
    """Return the conflicts of whether and of who between stances of different outlets."""
    stances = [
        stance
        for document in sorted(index.compared & index.readings.keys(), key=lambda d: index.rank[d])
        for stance in read_stances(index, document, index.readings[document])
    ]
    found = []
    for a, b, weight in _pair_stances(stances, rarity):
        comparison = _judge(stances[a], stances[b], weight, index)
        if comparison is not None:
            found.append(comparison)
    return found


def read_stances(index: PileIndex, document: str, reading: Reading) -> list[Stance]:
    """Return the stances of a document in text order."""
    found = []
    for predicate in reading.predicates:
        stance = _read_stance(index, document, reading, predicate)
        if stance is not None:
            found.append(stance)
    return found


def _read_stance(index: PileIndex, document: str, reading: Reading, predicate: Predicate) -> Stance | None:
    if (predicate.modality or "").lower() in _UNREAL:
        return None
    meaning, sign = _meaning_of(index, document, reading, predicate)
    token = reading.tokens[predicate.token]
    since = sentence_around(index, document, token.start, token.end)[0]
    if is_asked(index.articles[document].text[since : token.start]):
        return None
    doers, objects = _Part(), _Part()
    start, end = token.start, token.end
    for argument in predicate.arguments:
        first, last = reading.tokens[argument.first].start, reading.tokens[argument.last - 1].end
        if argument.role.startswith("ARGM") and argument.role != "ARGM-NEG":
            continue
        start, end = min(start, first), max(end, last)
        part = doers if argument.role == "ARG0" else objects
        if argument.role.startswith("ARG"):
            part.stems |= plain_stems(index, document, first, last)
            part.actors |= actors_within(index, document, first, last)
    if not objects.stems or end - start > MAX_EVIDENCE_CHARS or meaning in _EMPTY:
        return None
    turned = predicate.negated != _is_inside_refusal(index, document, reading, predicate)
    spoken = statement_around(index, document, start, end)
    holder = spoken.speaker.actor if spoken is not None else None
    place = cut_evidence(index, document, start, end)
    known = direction_of(stem_word(meaning)) is not None
    return Stance(
        place,
        meaning,
        -sign if turned else sign,
        known,
        frozenset(doers.actors),
        frozenset(doers.stems),
        frozenset(objects.stems - {meaning}),
        frozenset(objects.actors),
        holder,
    )


@dataclass(slots=True)
class _Part:
    """The words and actors of one side of a predicate, while they are gathered."""

    stems: set[str] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)


def _meaning_of(index: PileIndex, document: str, reading: Reading, predicate: Predicate) -> tuple[str, int]:
    """Return what a predicate says and which way: by its pair of contraries, else by its own stem."""
    text = index.articles[document].text
    token = reading.tokens[predicate.token]
    after = reading.tokens[predicate.token + 1] if predicate.token + 1 < len(reading.tokens) else token
    joined = load_cues()["phrases"].get(text[token.start : after.end].lower())
    stem = stem_word(joined or text[token.start : token.end].lower())
    return direction_of(stem) or (stem, 1)


def _is_inside_refusal(index: PileIndex, document: str, reading: Reading, predicate: Predicate) -> bool:
    """Return whether the predicate is what somebody failed, refused or was unable to do, or denied."""
    text = index.articles[document].text
    for other in reading.predicates:
        word = text[reading.tokens[other.token].start : reading.tokens[other.token].end].lower()
        if other.token != predicate.token and word in cue_set("refusing"):
            inside = any(
                a.role.startswith("ARG") and not a.role.startswith("ARGM") and a.first <= predicate.token < a.last
                for a in other.arguments
                if a.role != "ARG0"
            )
            if inside:
                return not other.negated
    return False


def _pair_stances(stances: Sequence[Stance], rarity: Mapping[str, float]) -> list[tuple[int, int, float]]:
    """Return the pairs with one meaning whose objects share what is rare, with the weight that they share."""
    postings: dict[tuple[str, str], list[int]] = {}
    for number, stance in enumerate(stances):
        for stem in stance.objects:
            postings.setdefault((stance.meaning, stem), []).append(number)
    weights: dict[tuple[int, int], float] = {}
    for (_, stem), rows in sorted(postings.items()):
        if len(rows) > MAX_POSTING:
            continue
        for place, a in enumerate(rows):
            for b in rows[place + 1 :]:
                weights[a, b] = weights.get((a, b), 0.0) + rarity.get(stem, 1.0)
    return [(a, b, w) for (a, b), w in sorted(weights.items()) if w >= MIN_OBJECT_WEIGHT]


def _judge(a: Stance, b: Stance, weight: float, index: PileIndex) -> Comparison | None:
    apart = outlet_of(index, a.place.document) != outlet_of(index, b.place.document)
    if not apart or origin_of(index, a.place.document) == origin_of(index, b.place.document):
        return None
    if a.object_actors and b.object_actors and not a.object_actors & b.object_actors:
        return None
    if _are_dated_apart(a.place, b.place, index):
        return None
    sides = [_side(s, index) for s in (a, b)]
    about = shorten(a.place.text, 70)
    strength = min(0.2, 0.1 * (weight - MIN_OBJECT_WEIGHT))
    if a.sign != b.sign and _may_oppose(a, b, weight):
        why = "The sides say of one doer and one thing that it was so, and that it was not."
        return make_comparison("conflict", f"Whether: {about}", sides, 0.52 + strength, why)
    if (
        a.paired
        and a.meaning not in _DEGREES
        and a.sign == b.sign
        and weight >= WHO_OBJECT_WEIGHT
        and _are_rivals(a.doers, b.doers, index)
    ):
        why = "The sides tell the same of one thing and name different doers."
        return make_comparison("conflict", f"Who: {about}", sides, 0.5 + strength, why)
    return None


def _are_dated_apart(a: Evidence, b: Evidence, index: PileIndex) -> bool:
    """Return whether the sentences name different times: then both may be so, one after the other."""
    days = []
    for place in (a, b):
        start, end = sentence_around(index, place.document, place.start, place.end)
        days.append({s.key for s in find_slots(index.articles[place.document].text[start:end]) if s.kind == "date"})
    return bool(days[0] and days[1]) and not days[0] & days[1]


def _may_oppose(a: Stance, b: Stance, weight: float) -> bool:
    """Return whether two stances of opposite sign are of one doer and one thing."""
    same_doer = bool(a.doers & b.doers or a.doer_stems & b.doer_stems)
    nobody = not (a.doers or a.doer_stems) or not (b.doers or b.doer_stems)
    enough = MIN_OBJECT_WEIGHT if a.paired else UNPAIRED_WEIGHT
    return (same_doer and weight >= enough) or (nobody and weight >= UNPAIRED_WEIGHT)


def _are_rivals(a: frozenset[str], b: frozenset[str], index: PileIndex) -> bool:
    """Return whether the doers are different ones, known by name, of a kind that acts."""
    one, two = (sorted(i for i in side if _is_named(index.actors[i])) for side in (a, b))
    return bool(one and two) and not any(
        x == y or same_name(index.actors[x].name.lower(), index.actors[y].name.lower()) for x in one for y in two
    )


def _is_named(actor: Actor) -> bool:
    """Return whether the actor is known by a name or by words that hold one ("the Orlen parliament")."""
    return actor.type in WHO_TYPES and any(
        w[0].isupper() for w in actor.name.split() if w.lower() not in ("the", "a", "an")
    )


def _side(stance: Stance, index: PileIndex) -> Side:
    holder = actor_name(index, stance.holder)
    name = f"{holder}; " if holder else ""
    return Side(f"{shorten(stance.place.text, 80)} ({name}{describe_place(index, stance.place)})", (stance.place,))
