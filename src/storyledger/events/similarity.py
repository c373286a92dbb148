"""Tellings: reports made ready to compare, each once.

Invariant: a telling depends on its report and what stands around it, and on how rare words and actors are in the pile.
This module must not know what makes two tellings one event.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from storyledger.events.lexicon import base_forms, groups_of, load_senses, load_words, phrase_groups
from storyledger.language import content_stems
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
_NUMBER = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True, slots=True)
class Telling:
    """A report with what comparing it needs, made once for each report."""

    report: EventReport
    groups: frozenset[str]
    actors: frozenset[str]
    recipients: frozenset[str]
    stems: Mapping[str, float]  # content words of the clause with how rare they are in the pile, 0 to 1
    around: frozenset[str]  # content words of its sentence
    numbers: frozenset[str]  # that the clause names, in figures or words
    present: frozenset[str]  # the actors that stand in the clause
    told: int | None  # the day of publication, ordinal
    earliest: int  # ordinal days; what is open reaches a century out
    latest: int
    stated: bool
    is_copy_of: str  # documents of one origin share it
    named: frozenset[str]  # the participants that have a name: two unnamed ones may be one
    rarity: Mapping[str, float]  # of each participant in the pile: who takes part in all tells events apart badly
    vector: NDArray[np.float32] | None
    clause: NDArray[np.float32] | None = None
    acting: frozenset[str] = frozenset()  # the states that the actors act for
    undergoing: frozenset[str] = frozenset()  # the states that the recipients act for
    states: Mapping[str, str] = field(default_factory=dict)  # what state whoever may take part acts for
    # what every pair would else work out anew: the stems' weights, summed, and their squares; the words, case folded;
    # who acts and who is acted on with a name
    weight: float = field(init=False)
    square: float = field(init=False)
    folded: str = field(init=False)
    named_actors: frozenset[str] = field(init=False)
    named_recipients: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Work out what pairs ask for."""
        for name, value in (
            ("weight", math.fsum(self.stems.values())),
            ("square", math.fsum(w * w for w in self.stems.values())),
            ("folded", self.report.evidence.text.casefold()),
            ("named_actors", self.actors & self.named),
            ("named_recipients", self.recipients & self.named),
        ):
            object.__setattr__(self, name, value)


LONG_AGO, FAR_OFF = date(1800, 1, 1).toordinal(), date(2200, 1, 1).toordinal()


def read_interval(when: EventWhen | None) -> tuple[int, int]:
    """Return the first and last day of ``when`` as ordinals; open ends reach far out."""
    if when is None:
        return LONG_AGO, FAR_OFF
    earliest = first_day(when.earliest) if when.earliest else LONG_AGO
    latest = last_day(when.latest) if when.latest else FAR_OFF
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


def count_origins(tellings: Iterable[Telling]) -> int:
    """Return how many origins tell an event in words of their own: pages that print one sentence alike are one.

    Twelve pages of an outlet that all begin with a line about another story are no twelve witnesses of it.
    """
    told = [(telling.is_copy_of, telling.around) for telling in tellings]
    return min(len({origin for origin, _ in told}), len({words for _, words in told}))


def content_words(text: str) -> list[str]:
    """Return the words of ``text`` that carry content, lower case, in order."""
    words, stop = (match[0].lower() for match in _WORD.finditer(text)), load_words("stop")
    return [word for word in words if word not in stop and len(word) > 1]


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a report: its page's day and origin, its sentence, who stands in its clause."""

    origin: str
    told: str | None = None
    sentence: str = ""
    present: frozenset[str] = frozenset()
    vector: NDArray[np.float32] | None = None  # of its sentence
    clause: NDArray[np.float32] | None = None  # of its clause


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare words and actors are in the pile, 0 to 1, who has no name in it, and which state an actor acts for."""

    words: Mapping[str, float] = field(default_factory=dict)
    actors: Mapping[str, float] = field(default_factory=dict)
    unnamed: frozenset[str] = frozenset()
    camps: Mapping[str, str] = field(default_factory=dict)


def make_telling(report: EventReport, context: Context, pile: Rarity) -> Telling:
    """Return ``report`` made ready to compare."""
    earliest, latest = read_interval(report.when)
    text = report.evidence.text
    actors = frozenset(row.actor for row in report.participants if row.role == "actor")
    recipients = frozenset(row.actor for row in report.participants if row.role == "recipient")
    involved = {row.actor for row in report.involved}
    states, present = pile.camps, actors | recipients | context.present
    return Telling(
        report=report,
        groups=_find_groups(report),
        actors=actors,
        recipients=recipients,
        stems={word: pile.words.get(word, 1.0) for word in sorted(content_stems(text))},
        around=content_stems(context.sentence) | content_stems(text),
        numbers=frozenset(match[0].replace(",", "").rstrip(".") for match in _NUMBER.finditer(text))
        | frozenset(word for word in text.lower().split() if word in load_words("numerals")),
        present=present,
        told=last_day(context.told) if context.told else None,
        earliest=earliest,
        latest=latest,
        stated=report.when is not None and None not in (report.when.text, report.when.earliest, report.when.latest),
        is_copy_of=context.origin,
        named=present - pile.unnamed,
        rarity={actor: pile.actors.get(actor, 1.0) for actor in present},
        vector=context.vector,
        clause=context.clause,
        acting=frozenset(states[actor] for actor in actors if actor in states),
        undergoing=frozenset(states[actor] for actor in recipients if actor in states),
        states={actor: states[actor] for actor in actors | recipients | involved if actor in states},
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


def weigh_words(texts: Sequence[str]) -> dict[str, float]:
    """Return inverse document frequencies of the content words of ``texts``, 0 to 1."""
    counts: dict[str, int] = {}
    for text in texts:
        for word in content_stems(text):
            counts[word] = counts.get(word, 0) + 1
    most = math.log(len(texts) + 1) or 1.0
    return {word: max(0.05, math.log((len(texts) + 1) / count) / most) for word, count in counts.items()}


def weigh_actors(present: Sequence[frozenset[str]]) -> dict[str, float]:
    """Return for each actor how rare it is among those ``present`` in each clause, 0 (in all) to 1 (in one)."""
    counts: dict[str, int] = {}
    for actors in present:
        for actor in actors:
            counts[actor] = counts.get(actor, 0) + 1
    most = math.log(len(present) + 1) or 1.0
    return {actor: 1.0 - math.log(count) / most for actor, count in counts.items()}


def evidence_key(evidence: Evidence) -> tuple[str, int, int]:
    """Return what evidences are sorted by."""
    return evidence.document, evidence.start, evidence.end
