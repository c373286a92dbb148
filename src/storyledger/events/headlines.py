"""A line that says an event to who has read nothing else: the best telling's own words, with names put in.

Names stand in brackets where the words have a pronoun, a description or no subject: "[Maria Jansen] resigned". The
words are one telling's and stay in their order, so that its negation and hedges stand. Invariant: what stands outside
brackets is in the telling. This module must not know why tellings are one event.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storyledger.types import Actor, Article, EventReport, Reading

SUMMARY_CHARS = 160
_SHORTEST = 25  # a line of fewer characters says little
_POSSESSIVE = frozenset({"his", "her", "its", "their", "my", "our", "your", "whose"})
_DEFINITE = frozenset({"the", "his", "her", "its", "their", "this", "that", "these", "those"})
_BRACKETED = re.compile(r"\s*\[[^\]]*\](?:['’]s)?\s*")


@dataclass(frozen=True, slots=True)
class Named:
    """A mention in one document: its characters, its kind, and the name of its actor (None where it has none)."""

    start: int
    end: int
    kind: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Naming:
    """Who is mentioned where: by document its mentions in order, by actor its name."""

    mentions: Mapping[str, Sequence[Named]]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tongue:
    """What headlines are made of: the articles and readings by document, and who is mentioned where."""

    articles: Mapping[str, Article]
    readings: Mapping[str, Reading]
    naming: Naming


def gather_names(actors: Sequence[Actor]) -> Naming:
    """Return who is mentioned where, for all documents; an actor that no page names has no name."""
    named = {a.id: a.name for a in actors if any(mention.kind == "name" for mention in a.mentions)}
    mentions: dict[str, list[Named]] = {}
    for actor in actors:
        name = named.get(actor.id)
        for row in actor.mentions:
            mentions.setdefault(row.document, []).append(Named(row.start, row.end, row.kind, name))
    for rows in mentions.values():
        rows.sort(key=lambda row: (row.start, -row.end))
    return Naming(mentions, named)


def choose_headline(reports: Sequence[EventReport], tongue: Tongue) -> str:
    """Return the line of the telling whose line stands alone best."""
    lines = [(_write_line(report, tongue), report) for report in reports]
    best = max(lines, key=lambda row: (_worth(row[0], row[1]), row[1].evidence.document, -row[1].evidence.start))
    return _cut(best[0].words)


def is_shown(summary: str, telling: str) -> bool:
    """Whether a headline was made of a telling: its words outside brackets stand there in their order."""
    words, at = " ".join(telling.split()).casefold(), 0
    for part in _BRACKETED.split(summary.removesuffix(" …").casefold()):
        at = words.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


@dataclass(frozen=True, slots=True)
class _Line:
    words: str
    named: int  # names in it, in its own words or put in
    open: int  # pronouns that nothing was put in for
    subject: bool  # it has one, or one was put in


def _worth(line: _Line, report: EventReport) -> float:
    length = len(line.words)
    readable = 0.2 if _SHORTEST <= length <= SUMMARY_CHARS else -0.3
    told = 0.2 * report.confidence + 0.2 * report.importance + 0.1 * (report.status == "reported")
    return told + readable + 0.1 * min(line.named, 2) - 0.15 * line.open + (0.15 if line.subject else -0.15)


def _write_line(report: EventReport, tongue: Tongue) -> _Line:
    evidence = report.evidence
    rows = tongue.naming.mentions.get(evidence.document, ())
    first = bisect_left(rows, evidence.start, key=lambda row: row.start)
    last = bisect_left(rows, evidence.end, key=lambda row: row.start)
    inside = [row for row in rows[first:last] if row.end <= evidence.end]
    own = {row.name for row in inside if row.kind == "name"}
    words, at, put, unnamed = "", evidence.start, set(own), 0
    for row in inside:
        if row.start < at or row.kind == "name":
            continue
        old = evidence.text[row.start - evidence.start : row.end - evidence.start]
        new = _put_in(old, row, put)
        unnamed += new is None and row.kind == "pronoun"
        if new is not None:
            words += evidence.text[at - evidence.start : row.start - evidence.start] + new
            at = row.end
            put.add(row.name)
    words = " ".join((words + evidence.text[at - evidence.start :]).split())
    subject = _find_subject(report, tongue, put)
    if subject:
        words = f"{subject} {words}"
    has_subject = subject is not None
    return _Line(words[:1].upper() + words[1:], len(put - {None}) + bool(subject), unnamed, has_subject)


def _put_in(old: str, row: Named, put: set[str | None]) -> str | None:
    """Return what stands instead of a pronoun or a description: its actor's name; None where it says enough itself."""
    word = old.lower()
    if row.name is None or (row.name in put and word not in _POSSESSIVE and row.kind != "pronoun"):
        return None
    if row.kind == "pronoun":
        return f"[{row.name}]'s" if word in _POSSESSIVE else f"[{row.name}]"
    return f"[{row.name}]" if word.split(" ")[0] in _DEFINITE else None


def _find_subject(report: EventReport, tongue: Tongue, put: set[str | None]) -> str | None:
    """Return the name to put before words that have no subject; "" where they have one; None where nobody is known."""
    reading = tongue.readings.get(report.document)
    if reading is None:
        return ""
    low = bisect_left(reading.tokens, report.evidence.start, key=lambda token: token.start)
    high = bisect_left(reading.tokens, report.evidence.end, key=lambda token: token.start)
    tokens = reading.tokens[low:high]
    if any(token.deprel.startswith(("nsubj", "csubj")) for token in tokens) or all(t.upos != "VERB" for t in tokens):
        relative = bool(tokens) and tokens[0].lemma.lower() in ("who", "which", "that")
        return "" if not relative else _name_actor(report, tongue, put)
    if tokens and tokens[0].upos in ("NOUN", "PROPN", "DET", "PRON", "NUM") and tokens[0].deprel != "obj":
        return ""  # "a man shot in the leg": the noun stands before its participle
    return _name_actor(report, tongue, put)


def _name_actor(report: EventReport, tongue: Tongue, put: set[str | None]) -> str | None:
    ranked = sorted(report.participants, key=lambda row: row.role)  # who acts before who is acted on
    names = [tongue.naming.names[row.actor] for row in ranked if row.actor in tongue.naming.names]
    free = [name for name in names if name not in put]
    return f"[{free[0]}]" if free else None


def _cut(words: str) -> str:
    return words if len(words) <= SUMMARY_CHARS else words[:SUMMARY_CHARS].rsplit(" ", 1)[0] + " …"
