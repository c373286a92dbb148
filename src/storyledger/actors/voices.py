"""Whom the pronouns around a statement mean, once it is known who speaks: "he" said, "I", "we", the "you" before.

Before statements are read the cast knows a speaker only where the verb of saying stands beside the quotation
(``quotations.py``); who answers an interview, or goes on in the next paragraph, is found by the statements. This module
must not know how speakers are chosen.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from storyledger.actors.lexicon import load_lexicon
from storyledger.types import Actor, ActorMention, Mention, Reading, Statement

BODIES = frozenset({"organisation", "armed_group", "government", "country", "outlet", "group"})
SPEAKS = "the speaker of the statement speaks of itself"
SAYS = "who says the statement"
ASKED = "who answers the question"
QUOTED = frozenset("“\"„‘'")
OPENING = re.compile(r"(?:[^\W\d_][\w .’'-]{0,40}:\s*)?[“\"„‘']?")  # "Name: “" before an answer
OUTER = re.compile(r"“[^”\n]*”?|\"[^\"\n]*\"?")
SOURCES = frozenset({"male", "female", "neuter", "plural"})
INNER = re.compile(r"‘[^’\n]*’|(?<!\w)'[^'\n]*'(?!\w)|“[^”\n]*”")  # somebody else's words inside
LEAST = 0.4  # confidence of a statement whose speaker is taken for its "I"
Place = tuple[str, int, int]


def hear_voices(
    actors: Sequence[Actor],
    statements: Sequence[Statement],
    readings: Mapping[str, Reading],
    texts: Mapping[str, str],
) -> list[Actor]:
    """Return the actors with the pronouns that statements tell of them: who says it, "I" of persons, "we" of bodies.

    "I" and "we" only in quoted words; "you" of a question is who answers it. A pronoun that an actor has stays there.
    The order of the actors stays. ``texts``: of the documents.
    """
    types = {a.id: a.type for a in actors}
    taken = {(m.document, m.start, m.end) for a in actors for m in a.mentions if m.kind == "pronoun"}
    found: dict[str, dict[Place, ActorMention]] = {}
    pronouns: dict[str, tuple[list[int], list[Mention]]] = {}
    for statement in statements:
        actor, document = statement.speaker.actor, statement.content.document
        if actor not in types or document not in readings or statement.confidence < LEAST:
            continue
        if document not in pronouns:
            own = [m for m in readings[document].mentions if m.kind == "pronoun"]
            pronouns[document] = ([m.start for m in own], own)
        heard = [*_list_voices(statement, types[actor], *pronouns[document])]
        if types[actor] == "person":
            heard += _list_asked(statement, texts[document], pronouns[document][1])
        for place, text, why in heard:
            if place not in taken:
                taken.add(place)
                told = ActorMention(*place, text, "pronoun", statement.confidence, why)
                found.setdefault(actor, {})[place] = told
    return [_add(a, found[a.id]) if a.id in found else a for a in actors]


def _list_voices(
    statement: Statement, type_: str, starts: Sequence[int], pronouns: Sequence[Mention]
) -> Iterator[tuple[Place, str, str]]:
    """Yield place, words and reason of each pronoun that means the speaker: who says it, and in its words "I", "we"."""
    source, content, words = statement.speaker.evidence, statement.content, load_lexicon().pronouns
    if source is not None and words.get(source.text.lower()) in SOURCES:
        yield (source.document, source.start, source.end), source.text, SAYS
    form = "first" if type_ == "person" else "first_plural" if type_ in BODIES else None
    if statement.kind != "direct" or form is None:
        return
    inner = [(content.start + m.start(), content.start + m.end()) for m in INNER.finditer(content.text)]
    for mention in pronouns[bisect_left(starts, content.start) : bisect_left(starts, content.end)]:
        text = content.text[mention.start - content.start : mention.end - content.start]
        if words.get(text.lower()) == form and not any(low <= mention.start < high for low, high in inner):
            yield (content.document, mention.start, mention.end), text, SPEAKS


def _list_asked(statement: Statement, text: str, pronouns: Sequence[Mention]) -> Iterator[tuple[Place, str, str]]:
    """Yield each "you" of the paragraph before a statement that opens its own: the question, or what it answers to."""
    start = text.rfind("\n", 0, statement.content.start) + 1
    end = len(text[:start].rstrip())
    begin = text.rfind("\n", 0, end) + 1
    if not OPENING.fullmatch(text[start : statement.content.start]) or text[begin : begin + 1] in QUOTED:
        return
    words = load_lexicon().pronouns
    quoted = [(begin + m.start(), begin + m.end()) for m in OUTER.finditer(text[begin:end])]
    for mention in pronouns:
        own = text[mention.start : mention.end]
        asked = begin <= mention.start < end and words.get(own.lower()) == "second"
        if asked and not any(low <= mention.start < high for low, high in quoted):
            yield (statement.content.document, mention.start, mention.end), own, ASKED


def _add(actor: Actor, mentions: Mapping[Place, ActorMention]) -> Actor:
    every = {(m.document, m.start, m.end): m for m in actor.mentions} | dict(mentions)
    return replace(actor, mentions=tuple(every[k] for k in sorted(every)))
