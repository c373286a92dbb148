"""Rival explanations: what the sources give as cause, blame or aim of one event.

A sentence explains if it has a cue ("because", "led to", "blamed", "in order to"); the words on one side
of the cue are the effect, on the other the cause. Two explanations stand together if their effects are
one event, or share what is rare; they are rivals if their causes share next to nothing. Invariant: an
explanation is a place in the text, held by whoever says it there. This module must not know polarity.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from storyledger.compare.framing import compile_words
from storyledger.compare.index import (
    MAX_EVIDENCE_CHARS,
    PileIndex,
    actor_name,
    actors_within,
    cut_evidence,
    describe_place,
    make_comparison,
    outlet_of,
    plain_stems,
    statement_around,
)
from storyledger.compare.occurrences import shorten
from storyledger.compare.words import cue_set, find_words, load_cues, meaning_stems
from storyledger.types import Comparison, Event, Evidence, Side, Story

MAX_POSTING = 40
CORE_WORDS = 5
MIN_EFFECT_RARITY = 0.4  # by sentence: a word of about one sentence in ten; read on the seeds and ferry 01 to 11
MAX_CAUSE_OVERLAP = 0.34
MAX_SIDES = 6
MAX_CENTRAL = 3
MIN_IMPORTANCE = 0.5
_ANONYMITY = re.compile(
    r"condition of anonymity|familiar with the|(?:not|n't) (?:allowed|authori[sz]ed|permitted) to speak", re.IGNORECASE
)
_CLAUSE_END = re.compile(r"[;:]|,\s+(?:and|but|while|who|which)\b|[.!?](?:\s|$)")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cause, blame or aim as one source gives it."""

    place: Evidence  # effect, cue and cause
    holder: str | None
    kind: str  # cause | blame | aim
    cause: frozenset[str]
    effect: frozenset[str]
    events: frozenset[str]  # events told in the effect
    core: tuple[tuple[str, str], ...]  # stem and word of the effect's words beside the cue
    around: frozenset[str]  # actors in the sentence


@dataclass(frozen=True, slots=True)
class Cue:
    """One row of cues: its pattern, where the cause stands, what it is."""

    pattern: re.Pattern[str]
    cause_after: bool
    kind: str


@cache
def cause_cues() -> tuple[Cue, ...]:
    """Return the causal cues of ``cues.toml``."""
    return tuple(
        Cue(
            compile_words(row["cues"]),
            row["side"] == "after",
            "blame" if row.get("blame") else "aim" if row.get("aim") else "cause",
        )
        for row in load_cues()["causes"]
    )


def compare_causes(story: Story, index: PileIndex, rarity: Mapping[str, float]) -> list[Comparison]:
    """Return the rival explanations of the story's events."""
    places = _event_places(story.events)
    central = _central_events(story.events, index)
    found = [
        _tie_blame(explanation, central, index)
        for document in sorted(index.compared, key=lambda d: index.rank[d])
        for explanation in _find_explanations(document, places, index)
    ]
    by_event: dict[str, list[int]] = {}
    for number, explanation in enumerate(found):
        for event in explanation.events:
            by_event.setdefault(event, []).append(number)
    about = {event.id: event for event in story.events}
    groups = [(about[e].summary, rows, _event_words(about[e], index)) for e, rows in sorted(by_event.items())]
    groups += [(f"explanations of “{word}”", rows, frozenset()) for word, rows in _group_effects(found, rarity)]
    return [c for summary, rows, known in groups for c in _set_rivals(summary, [found[r] for r in rows], known, index)]


def _event_words(event: Event, index: PileIndex) -> frozenset[str]:
    """Return the stems that two or more tellings of an event share: they are what is explained, not why."""
    words = [plain_stems(index, e.document, e.start, e.end) for e in event.mentions if e.document in index.compared]
    return frozenset(stem for telling in words for stem in telling if sum(stem in w for w in words) >= 2)


def _central_events(events: Sequence[Event], index: PileIndex) -> list[Event]:
    """Return the few events that most outlets tell: what blame is about where nothing else is named."""
    told = [
        (len({outlet_of(index, e.document) for e in v.mentions if e.document in index.compared}), v) for v in events
    ]
    wide = [(number, event) for number, event in told if number >= 3 and event.importance >= MIN_IMPORTANCE]
    wide.sort(key=lambda row: (-row[0], -row[1].importance, row[1].id))
    return [event for _, event in wide[:MAX_CENTRAL]]


def _tie_blame(explanation: Explanation, central: Sequence[Event], index: PileIndex) -> Explanation:
    """Return the explanation; blame without an event is of the central event whose words it has."""
    if explanation.kind != "blame" or explanation.events & {e.id for e in central}:
        return explanation
    stems = explanation.cause | explanation.effect
    for event in central:
        if stems & _event_words(event, index):
            return replace(explanation, events=frozenset((event.id,)))
    return explanation


def _event_places(events: Sequence[Event]) -> dict[str, list[tuple[int, int, str]]]:
    places: dict[str, list[tuple[int, int, str]]] = {}
    for event in events:
        for e in event.mentions:
            places.setdefault(e.document, []).append((e.start, e.end, event.id))
    return {document: sorted(rows) for document, rows in places.items()}


def _find_explanations(
    document: str, places: dict[str, list[tuple[int, int, str]]], index: PileIndex
) -> list[Explanation]:
    text = index.articles[document].text
    found = []
    for start, end in index.sentences[document]:
        if end - start > MAX_EVIDENCE_CHARS or _ANONYMITY.search(text, start, end):
            continue
        for cue in cause_cues():
            match = cue.pattern.search(text, start, end)
            if match is None or _is_plan(text, match):
                continue
            explanation = _read_explanation(document, (start, end), match, cue, places.get(document, []), index)
            if explanation is not None:
                found.append(explanation)
                break
    return found


def _core_of(effect: str, cause_after: bool, plain: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return the content words of the effect, no names, that stand nearest to the cue."""
    words = [w for w in find_words(effect) if w.lower not in cue_set("stop") and w.stem in plain]
    near = words[-CORE_WORDS:] if cause_after else words[:CORE_WORDS]
    return tuple((w.stem, w.lower) for w in near)


def _is_plan(text: str, match: re.Match[str]) -> bool:
    """Return whether "due to" says what is planned ("was due to arrive"), not why."""
    return match.group().lower() == "due to" and bool(
        re.search(r"\b(?:is|was|are|were|be)\s+$", text[: match.start()][-8:])
    )


def _read_explanation(
    document: str,
    sentence: tuple[int, int],
    match: re.Match[str],
    cue: Cue,
    places: list[tuple[int, int, str]],
    index: PileIndex,
) -> Explanation | None:
    text = index.articles[document].text
    start, end = sentence
    stop = _CLAUSE_END.search(text, match.end(), end)
    right = (match.end(), stop.start() if stop else end)
    left = (start, match.start())
    cause, effect = (right, left) if cue.cause_after else (left, right)
    if cue.kind == "blame":
        effect = (start, end)
    named = actors_within(index, document, *cause)
    cause_stems = plain_stems(index, document, *cause) | {
        i for i in named if index.actors[i].type not in ("country", "place")
    }
    effect_stems = plain_stems(index, document, *effect)
    if not cause_stems or not effect_stems:
        return None
    told = frozenset(i for s, e, i in places if s < effect[1] and effect[0] < e)
    spoken = statement_around(index, document, *cause)
    holder = spoken.speaker.actor or spoken.speaker.text if spoken is not None else None
    around = actors_within(index, document, start, end)
    core = _core_of(text[slice(*effect)], cue.cause_after, effect_stems)
    place = cut_evidence(index, document, start, max(right[1], match.end()))
    return Explanation(place, holder, cue.kind, cause_stems, effect_stems - cause_stems, told, core, around)


def _group_effects(found: Sequence[Explanation], rarity: Mapping[str, float]) -> list[tuple[str, list[int]]]:
    """Return the explanations of different outlets whose effects share a telling word beside the cue, and an actor."""
    postings: dict[str, list[int]] = {}
    for number, explanation in enumerate(found):
        for stem, _ in explanation.core if explanation.kind != "blame" else ():
            if rarity.get(stem, 1.0) >= MIN_EFFECT_RARITY:
                postings.setdefault(stem, []).append(number)
    groups: dict[tuple[int, ...], str] = {}
    for stem, rows in sorted(postings.items()):
        chosen = [a for a in rows if any(_may_share(found[a], found[b]) for b in rows)]
        if 2 <= len(chosen) <= MAX_POSTING:
            word = next(w for s, w in found[chosen[0]].core if s == stem)
            groups.setdefault(tuple(chosen), word)
    largest = [g for g in groups if not any(set(g) < set(other) for other in groups)]
    return sorted((groups[g], list(g)) for g in largest)


def _may_share(a: Explanation, b: Explanation) -> bool:
    cores = {s for s, _ in a.core} & {s for s, _ in b.core}
    one_matter = len(cores) >= 2 or (bool(cores & _happenings()) and bool(a.around & b.around))
    return a.place.document != b.place.document and one_matter and not a.events & b.events


@cache
def _happenings() -> frozenset[str]:
    """Return the meanings of the nouns of what happens."""
    return frozenset(stem for word in cue_set("happenings") for stem in meaning_stems(word))


def _set_rivals(
    about: str, explanations: Sequence[Explanation], known: frozenset[str], index: PileIndex
) -> list[Comparison]:
    """Return a conflict of the explanations that differ in cause, one for each holder."""
    sides: list[Explanation] = []
    for explanation in sorted(explanations, key=lambda e: (index.rank[e.place.document], e.place.start)):
        if all(_are_rivals(explanation, other, known, index) for other in sides):
            sides.append(explanation)
    if len(sides) < 2:
        return []
    shown = [Side(_name_side(e, index), (e.place,)) for e in sides[:MAX_SIDES]]
    why = f"The sides give different {_KINDS[sides[0].kind]} for one event ({about})."
    return [make_comparison("conflict", f"Why: {about}", shown, 0.58, why)]


_KINDS = {"cause": "causes", "blame": "culprits", "aim": "aims"}


def _are_rivals(a: Explanation, b: Explanation, known: frozenset[str], index: PileIndex) -> bool:
    voices = {a.holder, b.holder}
    same_voice = outlet_of(index, a.place.document) == outlet_of(index, b.place.document) and (
        len(voices) == 1 or (None in voices and a.place.document == b.place.document)
    )  # what a page tells beside what somebody says in it is most often that one's too
    if same_voice or (a.kind == "aim") != (b.kind == "aim"):
        return False
    one, two = a.cause - known, b.cause - known
    return bool(one and two) and len(one & two) <= MAX_CAUSE_OVERLAP * min(len(one), len(two))


def _name_side(explanation: Explanation, index: PileIndex) -> str:
    holder = explanation.holder
    name = actor_name(index, holder) or holder
    source = f"{name}; " if name else ""
    return f"{shorten(explanation.place.text, 70)} ({source}{describe_place(index, explanation.place)})"
