"""How likely two reports tell one event, and the reasons in words.

A logistic sum of named features, so that every merge can be explained. Invariant: symmetric, and a
pure function of the two reports and what stands around them. This module must not know clustering.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from storyledger.events.lexicon import base_forms, groups_of, load_senses, load_words, phrase_groups
from storyledger.types import EventReport, EventWhen, Evidence

FAMILIES = {
    "AGREE": "help",
    "CONSULT": "meet",
    "SUPPORT": "help",
    "COOPERATE": "help",
    "AID": "help",
    "CONCEDE": "yield",
    "RETREAT": "yield",
    "REQUEST": "words",
    "ACCUSE": "words",
    "REJECT": "words",
    "THREATEN": "words",
    "PROTEST": "force",
    "SANCTION": "force",
    "MOBILIZE": "force",
    "COERCE": "force",
    "ASSAULT": "force",
    "OTHER": "other",
}
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Telling:
    """A report with what comparing it needs, made once for each report."""

    report: EventReport
    groups: frozenset[str]
    actors: frozenset[str]
    recipients: frozenset[str]
    words: tuple[tuple[str, float], ...]  # lower-case words of the clause with their weights
    earliest: int  # ordinal days; what is open reaches a century out
    latest: int
    stated: bool
    is_copy_of: str  # documents of one origin share it
    named: frozenset[str]  # the participants that have a name: two unnamed ones may be one
    rarity: Mapping[str, float]  # of each participant in the pile: who takes part in all tells events apart badly
    vector: NDArray[np.float32] | None
    acting: frozenset[str] = frozenset()  # the states that the actors act for
    undergoing: frozenset[str] = frozenset()  # the states that the recipients act for
    states: Mapping[str, str] = field(default_factory=dict)  # the state that a participant acts for, where it does


_LONG_AGO, _FAR_OFF = date(1800, 1, 1).toordinal(), date(2200, 1, 1).toordinal()


def read_interval(when: EventWhen | None) -> tuple[int, int]:
    """Return the first and last day of ``when`` as ordinals; open ends reach far out."""
    if when is None:
        return _LONG_AGO, _FAR_OFF
    earliest = first_day(when.earliest) if when.earliest else _LONG_AGO
    latest = last_day(when.latest) if when.latest else _FAR_OFF
    return min(earliest, latest), max(earliest, latest)


def first_day(iso: str) -> int:
    """Return the ordinal of the first day that "2012-01-27", "2012-01" or "2012" means."""
    parts = [int(part) for part in iso[:10].split("-")]
    return date(*[*parts, 1, 1][:3]).toordinal()


def last_day(iso: str) -> int:
    """Return the ordinal of the last day that "2012-01-27", "2012-01" or "2012" means."""
    parts = [int(part) for part in iso[:10].split("-")]
    if len(parts) == 3:
        return date(*parts).toordinal()
    year, month = (parts[0] + 1, 1) if len(parts) == 1 or parts[1] == 12 else (parts[0], parts[1] + 1)
    return (date(year, month, 1) - timedelta(days=1)).toordinal()


def content_words(text: str) -> list[str]:
    """Return the words of ``text`` that carry content, lower case, in order."""
    words, stop = (match[0].lower() for match in _WORD.finditer(text)), load_words("stop")
    return [word for word in words if word not in stop and len(word) > 1]


def make_telling(
    report: EventReport,
    weights: Mapping[str, float],
    origin: str,
    vector: NDArray[np.float32] | None,
    rarity: Mapping[str, float] | None = None,
    unnamed: frozenset[str] = frozenset(),
    camps: Mapping[str, str] | None = None,
) -> Telling:
    """Return ``report`` made ready to compare; ``weights`` are inverse document frequencies."""
    earliest, latest = read_interval(report.when)
    words = dict.fromkeys(content_words(report.evidence.text))
    actors = frozenset(row.actor for row in report.participants if row.role == "actor")
    recipients = frozenset(row.actor for row in report.participants if row.role == "recipient")
    states = camps or {}
    return Telling(
        report=report,
        groups=_find_groups(report),
        actors=actors,
        recipients=recipients,
        words=tuple((word, weights.get(word, 1.0)) for word in words),
        earliest=earliest,
        latest=latest,
        stated=report.when is not None and None not in (report.when.text, report.when.earliest, report.when.latest),
        is_copy_of=origin,
        named=frozenset(row.actor for row in report.participants if row.actor not in unnamed),
        rarity={row.actor: (rarity or {}).get(row.actor, 1.0) for row in report.participants},
        vector=vector,
        acting=frozenset(states[actor] for actor in actors if actor in states),
        undergoing=frozenset(states[actor] for actor in recipients if actor in states),
        states={actor: states[actor] for actor in actors | recipients if actor in states},
    )


def _find_groups(report: EventReport) -> frozenset[str]:
    """The predicate's sense groups of the report's type; where no predicate is known, its first telling word's."""
    senses = load_senses()
    told = {match[0].lower() for match in _WORD.finditer(report.evidence.text)}
    phrases = frozenset(
        group for group in phrase_groups(report.predicate_lemma, told) if senses[group].type == report.type
    )
    if phrases:  # "went down" is no visit
        return phrases
    known: frozenset[str] = frozenset()
    for word in [report.predicate_lemma] if report.predicate_lemma else content_words(report.evidence.text):
        known = frozenset(group for form in base_forms(word) for group in groups_of(form))
        typed = frozenset(group for group in known if senses[group].type == report.type)
        if typed:
            return typed
    return known


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair's probability and its reasons, strongest first."""

    probability: float
    reasons: tuple[str, ...]


_UNDATED = -1.5  # of -.8, -1.5: an undated page of another year no longer joined what it only resembles (seeds)
_BIAS = -2.2  # of -2.6, -2.3, -2.0, -1.7: the most links at a precision above .95 on ferry 01 to 11


def judge_pair(one: Telling, other: Telling) -> Judged:
    """Return how likely the two tell one event; each reason names its feature."""
    rows = [*_compare_sense(one, other), *_compare_participants(one, other), *_compare_times(one, other)]
    rows += [*_compare_words(one, other), *_compare_places(one, other)]
    rows += _compare_position(one, other)
    total = _BIAS + sum(weight for weight, _ in rows)
    reasons = tuple(reason for weight, reason in sorted(rows, key=lambda row: (-row[0], row[1])) if weight > 0)
    return Judged(1.0 / (1.0 + math.exp(-total)), reasons)


def _compare_sense(one: Telling, other: Telling) -> list[tuple[float, str]]:
    a, b = one.report, other.report
    shared = one.groups & other.groups
    once = 0.9 if shared & load_words("once") else 0.0
    if a.predicate_lemma and a.predicate_lemma == b.predicate_lemma:
        return [(1.9 + once, f"both tell it with “{a.predicate_lemma}”")]
    if shared:
        return [(1.3 + once, f"“{a.predicate_lemma}” and “{b.predicate_lemma}” are of one sense")]
    if a.type == b.type == "OTHER":  # a collection: of two senses it is two things
        return [(-1.8 if one.groups and other.groups else 0.0, "of different senses")]
    if a.type == b.type:
        return [(0.5, f"both are {a.type}")]
    return [(-0.8 if FAMILIES[a.type] == FAMILIES[b.type] else -2.2, "types differ")]


def _compare_participants(one: Telling, other: Telling) -> list[tuple[float, str]]:
    mine, yours = one.actors | one.recipients, other.actors | other.recipients
    if not mine or not yours:
        return [(-0.3, "participants unknown")]
    shared = mine & yours
    if not shared and (one.acting & other.acting or one.undergoing & other.undergoing):
        return [(0.2, "participants of one state")]
    if not shared:
        known = _name_one_part(one, other)
        parts = (one.actors and other.actors) or (one.recipients and other.recipients)
        return [(-2.2 if known else -0.6 if parts else -0.3, "no participant in common")]
    both = len(one.actors & other.actors) + len(one.recipients & other.recipients)
    if not both and not one.actors & one.recipients:
        return [(-2.5, "the roles are swapped")]
    if _have_other_actors(one, other):
        return [(-1.0, "done by others")]
    part = len(shared) / min(len(mine), len(yours))
    rarity = max(one.rarity.get(actor, 1.0) for actor in shared)
    weight = 0.2 + (0.6 + 0.9 * part + 0.4 * (len(shared) > 1)) * rarity
    return [(weight, "the same participants" if part == 1 else "shared participants")]


def _name_one_part(one: Telling, other: Telling) -> bool:
    """Whether both name who acted, or both who was acted on: where each names another part, both may be right."""
    acted = one.actors & one.named and other.actors & other.named
    return bool(acted or (one.recipients & one.named and other.recipients & other.named))


def _have_other_actors(one: Telling, other: Telling) -> bool:
    """Whether both name who acted, and it is nobody of one name, state or other part in it."""
    mine, yours = one.actors & one.named, other.actors & other.named
    both = mine and yours and not one.actors & (other.actors | other.recipients)
    return bool(both) and not other.actors & one.recipients and not one.acting & other.acting


def _compare_times(one: Telling, other: Telling) -> list[tuple[float, str]]:
    gap = max(one.earliest, other.earliest) - min(one.latest, other.latest)
    if one.stated and other.stated:
        if gap > 0:
            return [(-4.0 if gap > 1 else -1.5, "the dates differ")]
        return [(1.2 if -gap <= 3 else 0.7 if -gap <= 31 else 0.0, "the dates meet")]
    if one.stated or other.stated:
        dated, told = (one, other) if one.stated else (other, one)
        if dated.earliest > told.latest + 1 and told.report.status == "reported":
            return [(-3.0, "dated after the other was told")]
    once = bool(one.groups & other.groups & load_words("once"))
    if _is_undated(one) or _is_undated(other):
        weight = 0.5 * _UNDATED if once else _UNDATED
        return [(weight if one.report.document != other.report.document else 0.0, "one is told without any date")]
    # An undated telling may look back: the longer before it was told, the less likely, what recurs least.
    worst = 0.4 if once else 2.0
    if gap <= 3 and not once and _LONG_AGO in (one.earliest, other.earliest):
        gap, worst = abs(one.latest - other.latest), worst / 2  # open intervals meet whatever they tell
    elif gap <= 3 and not once and _FAR_OFF in (one.latest, other.latest):
        gap, worst = abs(one.earliest - other.earliest), worst / 2
    return [(0.4 if gap <= 3 else -worst * min(gap, 180) / 180, "told close to it")]


def _is_undated(telling: Telling) -> bool:
    """Whether neither its words nor its page say when: such a telling may be of any year."""
    return telling.earliest == _LONG_AGO and telling.latest == _FAR_OFF


def _compare_position(one: Telling, other: Telling) -> list[tuple[float, str]]:
    """Two verbs of one sentence tell two things, unless they are one word."""
    a, b = one.report, other.report
    apart = a.document == b.document and a.sentence == b.sentence and a.predicate_lemma != b.predicate_lemma
    return [(-2.5, "told side by side")] if apart and a.evidence != b.evidence and one.vector is not None else []


def _compare_words(one: Telling, other: Telling) -> list[tuple[float, str]]:
    mine, yours = dict(one.words), dict(other.words)
    if one.report.evidence.text == other.report.evidence.text and len(mine) > 2:
        return [(4.0, "the same words")]
    shared = [word for word in mine if word in yours]
    norm = math.sqrt(sum(w * w for w in mine.values()) * sum(w * w for w in yours.values())) or 1.0
    cosine = sum(mine[word] * yours[word] for word in shared) / norm
    rows = [(2.6 * cosine, "shared words: " + ", ".join(sorted(shared, key=lambda w: (-mine[w], w))[:4]))]
    if one.vector is not None and other.vector is not None:
        likeness = float(one.vector @ other.vector)
        rows.append((2.2 * (likeness - 0.35), f"sentences alike ({likeness:.2f})"))
    return rows


def _compare_places(one: Telling, other: Telling) -> list[tuple[float, str]]:
    a, b = one.report.place, other.report.place
    if a is None or b is None:
        return []
    if a == b:
        return [(0.6, "the same place")]
    return [(-4.0 if one.report.document == other.report.document else -1.5, "different places")]


def weigh_words(texts: Sequence[str]) -> dict[str, float]:
    """Return inverse document frequencies of the content words of ``texts``, 0 to 1."""
    counts: dict[str, int] = {}
    for text in texts:
        for word in dict.fromkeys(content_words(text)):
            counts[word] = counts.get(word, 0) + 1
    most = math.log(len(texts) + 1) or 1.0
    return {word: max(0.05, math.log((len(texts) + 1) / count) / most) for word, count in counts.items()}


def weigh_actors(reports: Sequence[EventReport]) -> dict[str, float]:
    """Return for each participant how rare it is among ``reports``, 0 (in all) to 1 (in one)."""
    counts: dict[str, int] = {}
    for report in reports:
        for actor in {row.actor: None for row in report.participants}:
            counts[actor] = counts.get(actor, 0) + 1
    most = math.log(len(reports) + 1) or 1.0
    return {actor: 1.0 - math.log(count) / most for actor, count in counts.items()}


def evidence_key(evidence: Evidence) -> tuple[str, int, int]:
    """Return what evidences are sorted by."""
    return evidence.document, evidence.start, evidence.end
