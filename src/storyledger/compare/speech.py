"""Who denies or asserts what, read off predicates and their arguments.

The statements room is strict about what it calls a statement; a comparison may show any "X denied Y".
Invariant: content and holder are arguments of one predicate. Needs readings; without them there is
nothing here. This module must not know what the content is set against.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storyledger.compare.index import MAX_EVIDENCE_CHARS, PileIndex, actors_within, cut_evidence, sentence_around
from storyledger.types import Argument, Evidence, Predicate, Reading

_STOP = re.compile(r"[,;:.!?”\"]|\s(?:and|but)\b")


@dataclass(frozen=True, slots=True)
class Assertion:
    """Content that somebody denies or brings forward with a given verb."""

    holder: str | None
    holder_text: str
    content: Evidence
    verb: str


def find_assertions(index: PileIndex, verbs: frozenset[str]) -> list[Assertion]:
    """Return the assertions with one of ``verbs`` (forms, lower case), by publication and place."""
    found = []
    for document in sorted(index.compared & index.readings.keys(), key=lambda d: index.rank[d]):
        reading = index.readings[document]
        for predicate in reading.predicates:
            assertion = _read_assertion(index, document, reading, predicate, verbs)
            if assertion is not None:
                found.append(assertion)
    return found


def _read_assertion(
    index: PileIndex, document: str, reading: Reading, predicate: Predicate, verbs: frozenset[str]
) -> Assertion | None:
    token = reading.tokens[predicate.token]
    verb = index.articles[document].text[token.start : token.end].lower()
    if predicate.is_noun or predicate.negated or verb not in verbs:
        return None
    content = next((a for a in predicate.arguments if a.role == "ARG1"), None)
    if content is None:
        return None
    start, end = _range(reading, content)
    if not 0 < end - start <= MAX_EVIDENCE_CHARS:
        return None
    source = next((a for a in predicate.arguments if a.role == "ARG0"), None)
    lo, hi = _range(reading, source) if source is not None else (start, start)
    actors = actors_within(index, document, lo, hi)
    holder = min(actors) if len(actors) == 1 else None
    first, last = sentence_around(index, document, token.start, token.end)
    if start < first:  # the reader overlooked a full stop: what is asserted follows its verb
        start, end = token.end, last
    place = cut_evidence(index, document, start, _clause_end(index, document, end, last))
    return Assertion(holder, index.articles[document].text[lo:hi], place, verb)


def _clause_end(index: PileIndex, document: str, end: int, last: int) -> int:
    """Return where the clause ends that an argument breaks off in: at punctuation, "and", or the sentence's end."""
    stop = _STOP.search(index.articles[document].text, end, last)
    return max(end, stop.start() if stop is not None else last)


def _range(reading: Reading, argument: Argument) -> tuple[int, int]:
    return reading.tokens[argument.first].start, reading.tokens[argument.last - 1].end
