"""Framing: which words each outlet has, in its own voice, for the same event or actor.

Own voice: outside what somebody is said to have said, and outside quotation marks. A word frames if the
lexicon (``framing.toml``, with its sources) says that it judges, and if it is unusual: most other
outlets on the same matter do without it. Invariant: a framing has two outlets. This module must not
know numbers, and never says which word is right.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from storyledger.compare.index import (
    MAX_EVIDENCE_CHARS,
    PileIndex,
    cut_evidence,
    describe_place,
    in_quotes,
    make_comparison,
    order_evidence,
    outlet_of,
    sentence_around,
    statement_around,
)
from storyledger.compare.occurrences import shorten
from storyledger.language import load_table
from storyledger.types import Actor, Comparison, Event, Evidence, Reading, Side, Statement, Story

MAX_SIDES = 6
REACH_WORDS = 4  # a loaded word this far before a name still describes it: "fat-cat ferry tycoon NAME"
JUDGING = ("scorn", "blame", "praise")
MIN_JUDGING = 3  # different words; fewer say little about an outlet
REACH_TOKENS = 7
BESIDE_CHARS = 30  # a word this near to a name in its clause is said of it
MAX_SHARE = 0.5  # a word that more of the other outlets use is the usual word
_PUNCTUATION = re.compile(r"[;:!?()“”\"]|,(?!\d)|(?<![A-Z])\.(?=\s|$)|\s[-–—]+\s")

# how often such a framing was one of the marked ones on 29 training piles that its rules were not read on
SCARE_RIGHT, TONE_RIGHT, EVENT_RIGHT = 0.32, 0.2, 0.4


@dataclass(frozen=True, slots=True)
class Telling:
    """One outlet's words for a matter: where, and which of them judge."""

    place: Evidence
    outlet: str
    loaded: tuple[str, ...]


@cache
def load_framing() -> Mapping[str, Any]:
    """Return the lexicon of loaded words, reporting verbs and senses, read once."""
    return load_table(__package__, "framing.toml")


@cache
def loaded_pattern() -> re.Pattern[str]:
    """Return one pattern of all loaded words; a hyphen stands for a hyphen or a space."""
    words = {w for group in load_framing()["loaded"].values() for w in group}
    return compile_words(words)


def compile_words(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of ``words`` as whole words, in any case."""
    ordered = sorted(words, key=lambda w: (-len(w), w))
    return re.compile(r"\b(?:" + "|".join(re.escape(w).replace(r"\-", "[- ]") for w in ordered) + r")\b", re.IGNORECASE)


def compare_framing(story: Story, index: PileIndex) -> list[Comparison]:
    """Return the framings of events, of actors, of one saying's reporting verbs, and scare quotes."""
    usual = _count_outlets(index)
    found = [c for event in story.events for c in _frame_event(event, usual, index)]
    found += [c for actor in story.actors for c in _frame_actor(actor, usual, index)]
    found += _frame_cues(story.statements, index)
    found += _frame_senses(index)
    found += _frame_outlets(usual, index)
    return found + _find_scare_quotes(index)


def own_voice(index: PileIndex, document: str, start: int, end: int) -> bool:
    """Return whether the words are the outlet's: not within a statement, not between quotation marks."""
    return statement_around(index, document, start, end) is None and not in_quotes(index, document, start, end)


def _count_outlets(index: PileIndex) -> dict[str, frozenset[str]]:
    """Return for each loaded word the outlets that use it anywhere."""
    found: dict[str, set[str]] = {}
    for document in sorted(index.compared):
        for match in loaded_pattern().finditer(index.articles[document].text):
            found.setdefault(match.group().casefold(), set()).add(outlet_of(index, document))
    return {word: frozenset(outlets) for word, outlets in found.items()}


def _loaded_within(
    index: PileIndex, document: str, start: int, end: int, usual: dict[str, frozenset[str]], outlets: int
) -> tuple[str, ...]:
    """Return the loaded words in ``[start, end)`` in the outlet's own voice that few others use."""
    text = index.articles[document].text
    found = []
    for match in loaded_pattern().finditer(text, start, end):
        word = match.group().casefold()
        others = len(usual.get(word, frozenset()) - {outlet_of(index, document)})
        if own_voice(index, document, match.start(), match.end()) and others <= MAX_SHARE * max(1, outlets - 1):
            found.append(word)
    return tuple(dict.fromkeys(found))


def _frame_event(event: Event, usual: dict[str, frozenset[str]], index: PileIndex) -> list[Comparison]:
    places = order_evidence(index, event.mentions)
    outlets = {outlet_of(index, e.document) for e in places}
    if len(outlets) < 2:
        return []
    tellings = []
    for place in places:
        loaded = _loaded_within(index, place.document, place.start, place.end, usual, len(outlets))
        tellings.append(Telling(place, outlet_of(index, place.document), loaded))
    why = f"Outlets tell this event ({event.summary}) in words that judge it differently."
    return _contrast(tellings, event.summary, why, EVENT_RIGHT * event.confidence, index)


def _contrast(
    tellings: Sequence[Telling], about: str, why: str, confidence: float, index: PileIndex
) -> list[Comparison]:
    """Return a framing if one outlet loads what another does not, or loads it with other words."""
    loaded = [t for t in tellings if t.loaded]
    full = {t.place.document for t in loaded}
    words: dict[str, Telling] = {}
    for telling in tellings:
        if not telling.loaded and telling.place.document not in full:
            words.setdefault(telling.place.text.casefold(), telling)  # a copy's words are shown once
    plain = list(words.values())
    if not loaded or len({t.outlet for t in (*loaded, *plain)}) < 2:
        return []
    chosen = _first_per_outlet(loaded, 2)[: MAX_SIDES - 1]
    chosen += _first_per_outlet(plain, 2)[: MAX_SIDES - len(chosen)]
    sides = [Side(_label(t, index), (t.place,)) for t in chosen]
    return [make_comparison("framing", about, sides, confidence, why)]


def _first_per_outlet(tellings: Sequence[Telling], limit: int) -> list[Telling]:
    """Return each outlet's first tellings, the most loaded first among equals."""
    counts: dict[str, int] = {}
    chosen = []
    for telling in tellings:
        if counts.get(telling.outlet, 0) < limit:
            counts[telling.outlet] = counts.get(telling.outlet, 0) + 1
            chosen.append(telling)
    return chosen


def _label(telling: Telling, index: PileIndex) -> str:
    words = ", ".join(f"“{w}”" for w in telling.loaded) or shorten(telling.place.text, 60)
    return f"{words} ({describe_place(index, telling.place)})"


def _frame_actor(actor: Actor, usual: dict[str, frozenset[str]], index: PileIndex) -> list[Comparison]:
    """Loaded words that stand at the actor's name, or in a description of it, beside others' plain ones."""
    if actor.type in ("place", "country", "outlet", "publication"):
        return []
    outlets = {outlet_of(index, m.document) for m in actor.mentions if m.document in index.compared}
    if len(outlets) < 2:
        return []
    loaded, plain = [], []
    for mention in sorted(actor.mentions, key=lambda m: (index.rank.get(m.document, 0), m.start)):
        if mention.document not in index.compared or mention.kind == "pronoun":
            continue
        start, end = _description_around(index, mention.document, mention.start, mention.end)
        words = _loaded_within(index, mention.document, start, end, usual, len(outlets))
        place = cut_evidence(index, mention.document, start, end)
        telling = Telling(place, outlet_of(index, mention.document), words)
        if words and len(place.text) <= MAX_EVIDENCE_CHARS:
            loaded.append(telling)
        elif (
            not words
            and (mention.kind == "nominal" or start < mention.start)
            and not in_quotes(index, mention.document, start, end)
        ):
            plain.append(telling)
    why = f"Outlets describe {actor.name} in words that judge differently."
    return _contrast([*loaded, *plain], f"{actor.name}: description", why, 0.6, index)


def _description_around(index: PileIndex, document: str, start: int, end: int) -> tuple[int, int]:
    """Return the range of a mention with the words of its noun phrase before it."""
    if document in index.readings:
        first, _ = sentence_around(index, document, start, end)
        return _phrase_start(index.readings[document], first, start), end
    text = index.articles[document].text
    first, _ = sentence_around(index, document, start, end)
    before = text[first:start]
    cut = max((m.end() for m in _PUNCTUATION.finditer(before)), default=0)
    words = list(re.finditer(r"\S+", before[cut:]))[-REACH_WORDS:]
    words = _after_function_word(words)
    return (first + cut + words[0].start() if words else start), end


def _phrase_start(reading: Reading, floor: int, start: int) -> int:
    """Return where the noun phrase begins that runs up to ``start``: adjectives, nouns, determiners before it."""
    place = bisect_left(reading.tokens, start, key=lambda t: t.start)
    first = place
    while first > 0 and place - first < REACH_TOKENS and reading.tokens[first - 1].start >= floor:
        if reading.tokens[first - 1].upos not in _NOMINAL_POS and reading.tokens[first - 1].lemma not in (
            "-",
            "’s",
            "'s",
        ):
            break
        first -= 1
    return reading.tokens[first].start if first < place else start


_NOMINAL_POS = ("ADJ", "NOUN", "PROPN", "DET", "NUM")
_FUNCTION = re.compile(
    r"^(?:to|of|by|with|from|for|in|on|at|and|or|but|that|as|than|into|after|before|over|against|is|are|was|were|has|had|"
    r"have|will|would|said|told|says|who|which|when|while|where|because|if|about|between|under|out)$",
    re.IGNORECASE,
)


def _after_function_word(words: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the words after the last preposition, verb or conjunction: the noun phrase's own."""
    for number in range(len(words) - 1, -1, -1):
        if _FUNCTION.match(words[number].group()):
            return words[number + 1 :]
    return words


@cache
def _senses() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Return (sense, tone, its words) for the senses of ``framing.toml``."""
    rows = load_framing()["senses"]
    return tuple(
        (row["name"], tone, compile_words(words)) for row in rows for tone, words in row.items() if tone != "name"
    )


def _frame_senses(index: PileIndex) -> list[Comparison]:
    """One thing said of one actor in words of different tone by different outlets ("left", "was driven out")."""
    used: dict[tuple[str, str], dict[str, list[Telling]]] = {}
    for document in sorted(index.compared, key=lambda d: index.rank[d]):
        text = index.articles[document].text
        for sense, tone, pattern in _senses():
            for match in pattern.finditer(text):
                actor = _actor_beside(index, document, *match.span())
                if actor is None or not own_voice(index, document, *match.span()):
                    continue
                place = _clause_around(index, document, *match.span())
                telling = Telling(place, outlet_of(index, document), (match.group().lower(),))
                used.setdefault((sense, actor), {}).setdefault(tone, []).append(telling)
    found = []
    for (sense, actor), tones in sorted(used.items()):
        judged = [t for tone, rows in tones.items() if tone != "plain" for t in rows]
        plain = [t for t in tones.get("plain", []) if t.outlet not in {x.outlet for x in judged}]
        kinds = {tone for tone, rows in tones.items() if tone != "plain" and rows}
        if not judged or not (plain or (len(kinds) > 1 and len({t.outlet for t in judged}) > 1)):
            continue
        chosen = [*_first_per_outlet(judged, 1)[:3], *_first_per_outlet(plain, 1)[:2]]
        sides = [Side(_label(t, index), (t.place,)) for t in chosen]
        about = f"{index.actors[actor].name}: words for {sense}"
        why = "Outlets use words of different tone for one thing, in their own voice."
        found.append(make_comparison("framing", about, sides, TONE_RIGHT, why))
    return found


def _actor_beside(index: PileIndex, document: str, start: int, end: int) -> str | None:
    """Return the actor that a word is part of ("the Orlen regime"), else the nearest in its clause, or None."""
    clause = _clause_around(index, document, start, end)
    rows = [
        r for r in index.mentions.get(document, ()) if clause.start <= r[0] and r[1] <= clause.end and r[3] != "pronoun"
    ]
    own = [r for r in rows if r[0] <= start and end <= r[1]]
    if own:
        return min(own, key=lambda r: (r[1] - r[0], r[2]))[2]
    near = min(((min(abs(r[0] - end), abs(start - r[1])), r[2]) for r in rows), default=None)
    return near[1] if near is not None and near[0] <= BESIDE_CHARS else None


def _frame_outlets(usual: dict[str, frozenset[str]], index: PileIndex) -> list[Comparison]:
    """The outlets that judge most in their own voice, beside each other: what each calls things."""
    judging = compile_words(w for tone in JUDGING for w in load_framing()["loaded"][tone])
    outlets = {outlet_of(index, d) for d in index.compared}
    phrases: dict[str, dict[str, Evidence]] = {}
    for document in sorted(index.compared, key=lambda d: index.rank[d]):
        text = index.articles[document].text
        for match in judging.finditer(text):
            word, outlet = match.group().casefold(), outlet_of(index, document)
            others = len(usual.get(word, frozenset()) - {outlet})
            if others <= MAX_SHARE * max(1, len(outlets) - 1) and own_voice(index, document, *match.span()):
                phrases.setdefault(outlet, {}).setdefault(word, _clause_around(index, document, *match.span()))
    full = {outlet: found for outlet, found in phrases.items() if len(found) >= MIN_JUDGING}
    if len(full) < 2:
        return []
    ranked = sorted(full, key=lambda o: (-len(full[o]), o))[:3]
    sides = [_side_of_outlet(full[outlet], index) for outlet in ranked]
    why = "These outlets judge most in their own voice; their words stand beside each other."
    return [make_comparison("framing", "Words that judge, by outlet", sides, TONE_RIGHT, why)]


def _side_of_outlet(found: dict[str, Evidence], index: PileIndex) -> Side:
    words = ", ".join(f"“{word}”" for word in list(found)[:MAX_SIDES])
    places = list(dict.fromkeys(found.values()))[:MAX_SIDES]
    return Side(f"{words} ({describe_place(index, places[0])})", tuple(places))


def _clause_around(index: PileIndex, document: str, start: int, end: int) -> Evidence:
    """Return the words around a place up to the next punctuation on either side."""
    first, last = sentence_around(index, document, start, end)
    text = index.articles[document].text
    left = max((m.end() for m in _PUNCTUATION.finditer(text, first, start)), default=first)
    right = _PUNCTUATION.search(text, end, last)
    return cut_evidence(index, document, left, right.start() if right else last)


@cache
def _cue_tones() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((tone, compile_words(words)) for tone, words in load_framing()["reporting"].items())


def _tone_of_cue(text: str) -> str | None:
    return next((tone for tone, pattern in _cue_tones() if pattern.search(text)), None)


def _frame_cues(statements: Sequence[Statement], index: PileIndex) -> list[Comparison]:
    """One saying that one outlet brings with "said" and another with "admitted" or "claimed"."""
    groups: dict[str, list[tuple[Statement, str]]] = {}
    for statement in statements:
        if statement.version_group is None or statement.cue is None or statement.content.document not in index.compared:
            continue
        tone = _tone_of_cue(statement.cue.text)
        if tone is not None and statement.version_relation != "misattributed":
            groups.setdefault(statement.version_group, []).append((statement, tone))
    found = []
    for _, group in sorted(groups.items()):
        tones = dict.fromkeys(tone for _, tone in group)
        outlets = {outlet_of(index, s.content.document) for s, _ in group}
        if len(tones) < 2 or len(outlets) < 2 or set(tones) <= {"neutral", "truth"}:
            continue
        sides = []
        for tone in tones:
            first = next(s for s, t in group if t == tone)
            assert first.cue is not None
            sides.append(
                Side(f"“{first.cue.text}” ({describe_place(index, first.content)})", (first.content, first.cue))
            )
        about = f"How “{shorten(group[0][0].content.text, 60)}” is brought"
        why = "One saying is brought with verbs that commit the outlet differently."
        found.append(make_comparison("framing", about, sides, SCARE_RIGHT, why))
    return found


_SCARE = re.compile(r"(?<!\w)[“\"‘]([A-Za-z][\w’'-]*(?: [\w’'-]+){0,2})[”\"’](?!\w)")
_NAMES_IT = re.compile(
    r"\b(?:called|named|nicknamed|dubbed|titled|entitled|headlined|known as|book|film|song|magazine)\s*$"
)


def _find_scare_quotes(index: PileIndex) -> list[Comparison]:
    """Words that one outlet puts in quotation marks without a speaker and another uses as its own."""
    quoted: dict[str, list[Evidence]] = {}
    for document in sorted(index.compared, key=lambda d: index.rank[d]):
        text = index.articles[document].text
        for match in _SCARE.finditer(text):
            start, end = match.span()
            spoken = statement_around(index, document, start, end)
            if spoken is not None or _NAMES_IT.search(text[max(0, start - 20) : start]):
                continue
            if len(match.group(1)) >= 6:
                quoted.setdefault(match.group(1).casefold(), []).append(cut_evidence(index, document, start, end))
    have: dict[str, list[str]] = {}
    wanted = {word for words in quoted for word in words.split()}
    for document in sorted(index.compared):
        for word in wanted & set(index.articles[document].text.casefold().split()):
            have.setdefault(word, []).append(document)
    found = []
    for words, places in sorted(quoted.items()):
        outlets = {outlet_of(index, e.document) for e in places}
        plain = _find_plain(words, outlets, index, have)
        if plain:
            sides = [Side(f"“{words}” in quotation marks ({describe_place(index, places[0])})", tuple(places[:3]))]
            sides.append(Side(f"{words} without ({describe_place(index, plain[0])})", tuple(plain[:3])))
            why = "One outlet holds the words at a distance with quotation marks, another uses them as its own."
            found.append(make_comparison("framing", f"“{words}”", sides, SCARE_RIGHT, why))
    return found


def _find_plain(words: str, outlets: set[str], index: PileIndex, have: Mapping[str, Sequence[str]]) -> list[Evidence]:
    """Return where other outlets use the words unquoted, in their own voice; ``have``: documents by word."""
    first, *rest = words.split()
    documents = set(have.get(first, ())).intersection(*(have.get(word, ()) for word in rest))
    pattern = re.compile(rf"(?<![\w“\"‘]){re.escape(words)}(?![\w”\"’])", re.IGNORECASE)
    return [
        cut_evidence(index, document, *match.span())
        for document in sorted(documents, key=lambda d: index.rank[d])
        if outlet_of(index, document) not in outlets
        for match in pattern.finditer(index.articles[document].text)
        if own_voice(index, document, *match.span())
    ]
