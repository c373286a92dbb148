"""Which part each actor of a sentence takes in an event that it tells: acts, is acted on, both or none.

Told by one telling alone, for comparing tellings with each other (``merging.py``); who takes part in the event that is
shown is weighed over all its tellings (``involvement.py``).

What grammar and the sense's scheme say (``participants.py``) is one feature among others; the learned weights
(``data/acting.json``, ``data/undergoing.json``, made by ``python -m train.event_parts``) weigh it against where the
actor stands, what it is, and what kind of event is told. This module must not know how actors are resolved.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from storyledger.events.frames import Frame
from storyledger.events.lexicon import Sense
from storyledger.events.participants import NOT_ACTORS, find_participants
from storyledger.events.senses import Candidate
from storyledger.events.surroundings import Surroundings
from storyledger.linkage.weights import Weights, load_weights
from storyledger.types import CastMention, Participant

TAKES_PART = 0.4  # of .3 to .5 the best F1 on invented piles kept out
FILES = {"actor": "acting.json", "recipient": "undergoing.json"}
_LEADS = ("to", "against", "with", "by", "from", "for", "of", "on", "in", "at", "before", "between", "over", "after")
_RELATIONS = ("nsubj", "obj", "iobj", "obl", "nmod", "appos", "conj", "compound", "amod", "root", "flat", "acl")
_BREAKS = frozenset({",", ";", "and", "but", "—", "-"})
_SCHEMES = ("ag", "alone", "both", "mutual", "pt", "goes", "leaves", "expels", "taken", "receives")


@dataclass(frozen=True, slots=True)
class Part:
    """An actor of the sentence, and how it stands to the event: features by name, what is not named is 0."""

    actor: str
    features: dict[str, float]


def choose_participants(around: Surroundings, candidate: Candidate, tokens: tuple[int, int]) -> tuple[Participant, ...]:
    """Return who acts and who is acted on in the event that ``tokens`` tell, actors first, in text order."""
    parts = list_parts(around, candidate, tokens)
    if not parts:
        return ()
    rows = {}
    for role, name in FILES.items():
        weights = load_weights(__package__, f"data/{name}")
        rows[role] = weights.probabilities(make_table(parts, weights)) >= TAKES_PART
    return tuple(
        [Participant("actor", part.actor) for part, acts in zip(parts, rows["actor"], strict=True) if acts]
        + [Participant("recipient", part.actor) for part, is_it in zip(parts, rows["recipient"], strict=True) if is_it]
    )


def make_table(parts: Sequence[Part], weights: Weights) -> np.ndarray:
    """Return the features of ``parts`` in the order of ``weights``: parts by features."""
    return np.array([[part.features.get(name, 0.0) for name in weights.features] for part in parts], np.float64)


def list_parts(around: Surroundings, candidate: Candidate, tokens: tuple[int, int]) -> list[Part]:
    """Return the actors that stand in the sentence of the event, once each, by their nearest mention."""
    trees, frame = around.trees, candidate.frame
    ruled, _ = find_participants(trees, around.cast, frame, candidate.sense)
    near, common, far = survey_sentence(around, candidate, tokens, ruled, NOT_ACTORS)
    found = [Part(m.actor, common | dict(describe_mention(around, frame, m, head, tokens, ruled))) for m, head in near]
    return found + [Part(actor, common | dict(describe_ruled(actor, ruled)) | {"far": 1.0}) for actor in far]


def survey_sentence(
    around: Surroundings,
    candidate: Candidate,
    tokens: tuple[int, int],
    ruled: Sequence[Participant],
    left_out: AbstractSet[str],
) -> tuple[list[tuple[CastMention, int]], dict[str, float], list[str]]:
    """Return whom the sentence of an event mentions, what is said of the event, and whom grammar finds further away.

    Mentions come with their head tokens, once an actor, the nearest, in text order; actors of the types ``left_out``
    are none. Further away is, for one, the subject that a clause before names.
    """
    trees, frame = around.trees, candidate.frame
    sentence = trees.reading.sentences[trees.sentence_of[frame.token]]
    mentions = [m for m in around.cast.within(sentence.start, sentence.end) if m.type not in left_out]
    heads = [_find_head(around, mention) for mention in mentions]
    best: dict[str, tuple[tuple[bool, int], int]] = {}
    for at, (mention, head) in enumerate(zip(mentions, heads, strict=True)):
        rank = (not tokens[0] <= head < tokens[1], abs(head - frame.token))
        if mention.actor not in best or rank < best[mention.actor][0]:
            best[mention.actor] = rank, at
    near = [(mentions[at], heads[at]) for at in sorted(at for _, at in best.values())]
    far = list(dict.fromkeys(row.actor for row in ruled if row.actor not in best))
    common = dict(_describe_event(frame, candidate.sense))
    common["actors of the sentence"] = float(len(best) + len(far))
    common["actors of the clause"] = float(sum(not rank[0] for rank, _ in best.values()))
    return near, common, far


def _describe_event(frame: Frame, sense: Sense) -> Iterator[tuple[str, float]]:
    yield "passive", float(frame.passive)
    yield "noun", float(frame.is_noun)
    yield f"type {sense.type}", 1.0
    if sense.who in _SCHEMES:
        yield f"scheme {sense.who}", 1.0
    yield "agents", float(len(frame.agents))
    yield "themes", float(len(frame.themes))


def describe_ruled(actor: str, ruled: Sequence[Participant]) -> Iterator[tuple[str, float]]:
    """Yield which parts grammar alone gives an actor, and how many others it gives one."""
    yield from ((f"ruled {row.role}", 1.0) for row in ruled if row.actor == actor)
    yield "ruled others", float(sum(row.actor != actor for row in ruled))


def describe_mention(
    around: Surroundings,
    frame: Frame,
    mention: CastMention,
    head: int,
    tokens: tuple[int, int],
    ruled: Sequence[Participant],
) -> Iterator[tuple[str, float]]:
    """Yield how a mention with the head token ``head`` stands to the event of ``frame`` that ``tokens`` tell."""
    trees = around.trees
    yield from describe_ruled(mention.actor, ruled)
    yield "in the clause", float(tokens[0] <= head < tokens[1])
    yield "before", float(head < frame.token)
    yield "distance", math.log1p(abs(head - frame.token))
    low, high = sorted((head, frame.token))
    yield "breaks between", float(sum(word in _BREAKS for word in trees.words[low + 1 : high]))
    yield f"kind {mention.kind}", 1.0
    yield f"is {mention.type}", 1.0
    relation = trees.relation(head)
    yield f"relation {relation if relation in _RELATIONS else 'other'}", 1.0
    yield "possessive", float(trees.tokens[head].deprel == "nmod:poss")
    preposition = trees.preposition(head)
    if preposition:
        yield f"after {preposition if preposition in _LEADS else 'other'}", 1.0
    chain = [head, *trees.ancestors(head)]
    for name, heads in (("agent", frame.agents), ("theme", frame.themes), ("other", frame.others)):
        yield f"is the {name}", float(head in heads)
        yield f"within the {name}", float(any(step in heads for step in chain))
    for lead, oblique in frame.obliques:
        if oblique in chain:
            yield f"within what follows {lead if lead in _LEADS else 'other'}", 1.0
    yield "hangs on it", float(frame.token in chain[1:])
    yield "steps to it", float(chain.index(frame.token)) if frame.token in chain else 9.0
    yield "it hangs on it", float(head in trees.ancestors(frame.token))
    root = chain[-1]
    yield "subject of the sentence", float(relation == "nsubj" and trees.tokens[head].head == root)
    row = around.voices.find_statement(mention.start, mention.end)
    yield "in a statement", float(row is not None)
    own = around.voices.find_statement(trees.tokens[frame.token].start, trees.tokens[frame.token].end)
    yield "speaks", float(own is not None and own.speaker.actor == mention.actor)


def _find_head(around: Surroundings, mention: CastMention) -> int:
    """The token of a mention that the others hang on; its last where none is."""
    first, last = around.trees.tokens_within(mention.start, mention.end)
    own = range(first, max(last, first + 1))
    heads = [around.trees.tokens[token].head for token in own]
    return next((token for token, head in zip(own, heads, strict=True) if head not in own or head == token), own[-1])
