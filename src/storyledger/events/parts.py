"""Which part each actor of a page takes in an event that it tells: acts, is acted on, both or none.

What grammar and the sense's scheme say (``participants.py``) is one feature among others; the learned weights
(``acting`` and ``undergoing`` in ``data/parts.npz``, made by ``python -m train.event_parts``) weigh it against where
the actor stands, what it is, how the page speaks of it, and what kind of event is told. Asked about are the actors of
the event's own sentence, of the sentences around it, of the headline, and those that the page names most: who takes
part is often named a sentence before. This module must not know how actors are resolved, nor other tellings.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyledger.events.frames import Frame
from storyledger.events.participants import find_participants
from storyledger.events.senses import Candidate
from storyledger.events.surroundings import Surroundings
from storyledger.linkage.forest import Forest, predict_forest, read_forest
from storyledger.types import CastMention, Chance, Participant, Sentence

# Of .3 and .4 the better F1 of all tellings together on piles kept out (.43 to .42), and what grammar alone says in a
# sentence that stands alone.
TAKES_PART = 0.28
LEAST_CHANCE = 0.02  # below it nothing is kept for the event's other tellings to confirm
FORESTS = {"actor": "acting", "recipient": "undergoing"}
BEFORE, BEHIND = 3, 1  # sentences around the event's own whose actors are asked about
MOST_NAMED = 4  # actors that the page mentions most, asked about wherever they stand
_LEADS = ("to", "against", "with", "by", "from", "for", "of", "on", "in", "at", "before", "between", "over", "after")
_RELATIONS = ("nsubj", "obj", "iobj", "obl", "nmod", "appos", "conj", "compound", "amod", "root", "flat", "acl")
_ROLES = ("ARG0", "ARG1", "ARG2", "ARG3", "ARG4")
_BREAKS = frozenset({",", ";", "and", "but", "—", "-"})
_SCHEMES = ("ag", "alone", "both", "mutual", "pt", "goes", "leaves", "expels", "taken", "receives")
_HEADLINE = frozenset({"title", "deck"})
_FAR = 9.0  # sentences away, where there is no mention on that side


@dataclass(frozen=True, slots=True)
class Part:
    """An actor of the page, and how it stands to the event: features by name, what is not named is 0."""

    actor: str
    features: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A mention in its tree: the token that heads it, and its sentence."""

    mention: CastMention
    head: int
    sentence: int


class Company:
    """The actors of one page: where each stands, and how the page speaks of it."""

    def __init__(self, around: Surroundings) -> None:
        """Find the mentions' heads and count, once for all the page's events."""
        trees = around.trees
        self.around = around
        last = len(trees.reading.sentences) - 1
        self.spots: list[_Spot] = []
        for mention in around.cast.mentions:
            head = _find_head(around, mention)
            if head < len(trees.tokens):
                self.spots.append(_Spot(mention, head, min(trees.sentence_of[head], last)))
        self.by_sentence: dict[int, list[int]] = {}
        self.by_actor: dict[str, list[int]] = {}
        for at, spot in enumerate(self.spots):
            self.by_sentence.setdefault(spot.sentence, []).append(at)
            self.by_actor.setdefault(spot.mention.actor, []).append(at)
        self._blocks = [block.start for block in around.article.blocks]
        counts = Counter(spot.mention.actor for spot in self.spots)
        self.most_named = [name for name, _ in sorted(counts.items(), key=lambda row: (-row[1], row[0]))][:MOST_NAMED]
        headline = [n for n, s in enumerate(trees.reading.sentences) if s.kind in _HEADLINE]
        self.headline = {self.spots[at].mention.actor for n in headline for at in self.by_sentence.get(n, ())}
        self._known = {actor: dict(self._describe(actor, places)) for actor, places in self.by_actor.items()}

    def paragraph(self, sentence: Sentence) -> int:
        """Return the number of the block that a sentence stands in."""
        return bisect_right(self._blocks, sentence.start)

    def describe(self, actor: str) -> Mapping[str, float]:
        """Return how the page speaks of an actor, features by name."""
        return self._known.get(actor, {})

    def _describe(self, actor: str, places: Sequence[int]) -> Iterator[tuple[str, float]]:
        trees, spots = self.around.trees, [self.spots[at] for at in places]
        relations = Counter(trees.relation(spot.head) for spot in spots)
        yield "mentions", math.log1p(len(spots))
        yield "share of mentions", len(spots) / max(1, len(self.spots))
        yield "mostly subject", relations["nsubj"] / len(spots)
        yield "mostly object", (relations["obj"] + relations["iobj"]) / len(spots)
        yield "first told", spots[0].sentence / max(1, len(trees.reading.sentences))
        yield "in the headline", float(actor in self.headline)
        yield "has a name", float(any(spot.mention.kind == "name" for spot in spots))
        yield "rank on the page", float(self.most_named.index(actor) if actor in self.most_named else MOST_NAMED)
        yield f"is {spots[0].mention.type}", 1.0


@cache
def load_forests(name: str = "parts.npz", folder: Path | None = None) -> dict[str, Forest]:
    """Return the forests in a file of who takes part, by name; ``folder``: not those that ship."""
    with ((folder or files(__package__) / "data") / name).open("rb") as file, np.load(file) as stored:
        kept: dict[str, Any] = {name: stored[name] for name in stored.files}
    names = sorted(name.removesuffix("_features") for name in kept if name.endswith("_features"))
    return {name: read_forest(kept, name, tuple(map(str, kept[f"{name}_features"]))) for name in names}


def weigh_parts(
    company: Company,
    candidate: Candidate,
    tokens: tuple[int, int],
    types: Mapping[str, float],
    forests: Mapping[str, Forest] | None = None,
) -> tuple[Chance, ...]:
    """Return how likely each actor acts and is acted on in the event that ``tokens`` tell, in text order.

    Who is unlikely to do either is left out.

    Args:
        company: the actors of the page.
        candidate: the predicate.
        tokens: the first and last (exclusive) token of its clause.
        types: how likely the event is of each type.
        forests: by name, others than those that ship.
    """
    parts = list_parts(company, candidate, tokens, types)
    if not parts:
        return ()
    known = forests or load_forests()
    acting, undergoing = (
        predict_forest(known[name], make_table([part.features for part in parts], known[name].features))
        for name in FORESTS.values()
    )
    return tuple(
        Chance(part.actor, round(float(acts), 3), round(float(undergoes), 3), within=part.features.get("far", 0.0) == 0)
        for part, acts, undergoes in zip(parts, acting, undergoing, strict=True)
        if max(acts, undergoes) >= LEAST_CHANCE
    )


def choose_participants(chances: Sequence[Chance]) -> tuple[Participant, ...]:
    """Return who acts and who is acted on as one telling has it, actors first, in text order."""
    return tuple(
        [Participant("actor", row.actor) for row in chances if row.acting >= TAKES_PART]
        + [Participant("recipient", row.actor) for row in chances if row.undergoing >= TAKES_PART]
    )


def make_table(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> NDArray[np.float32]:
    """Return features by name as a table: rows by ``names``; what a row does not name is 0."""
    return np.array([[row.get(name, 0.0) for name in names] for row in rows], np.float32)


def list_parts(
    company: Company, candidate: Candidate, tokens: tuple[int, int], types: Mapping[str, float]
) -> list[Part]:
    """Return the actors that may take part in the event, once each, by their nearest mention: its sentence's first."""
    around, frame = company.around, candidate.frame
    trees = around.trees
    number = trees.sentence_of[frame.token]
    ruled, _ = find_participants(trees, around.cast, frame, candidate.sense)
    best: dict[str, tuple[tuple[bool, int], int]] = {}
    for at in company.by_sentence.get(number, ()):
        spot = company.spots[at]
        rank = (not tokens[0] <= spot.head < tokens[1], abs(spot.head - frame.token))
        if spot.mention.actor not in best or rank < best[spot.mention.actor][0]:
            best[spot.mention.actor] = rank, at
    near = sorted(place for _, place in best.values())
    far = _list_far(company, number, [row.actor for row in ruled], set(best))
    common = dict(_describe_event(frame, candidate, types))
    common["actors of the sentence"] = float(len(best))
    common["actors of the clause"] = float(sum(not rank[0] for rank, _ in best.values()))
    common["in the title"] = float(trees.reading.sentences[number].kind in _HEADLINE)
    subject = _find_subject(company, number)
    common["its subject is somebody"] = float(subject is not None)
    found = []
    spots: dict[str, _Spot | None] = {company.spots[place].mention.actor: company.spots[place] for place in near}
    for actor, own in (spots | dict.fromkeys(far)).items():
        features = common | dict(company.describe(actor)) | dict(_ruled(actor, ruled))
        features |= dict(_describe_around(company, actor, number))
        features |= {"far": 1.0} if own is None else dict(_describe(around, frame, own, tokens))
        found.append(Part(actor, features))
    return found


def _list_far(company: Company, number: int, ruled: Sequence[str], near: set[str]) -> list[str]:
    """Who stands beside the event's sentence, in the headline, or is named most, and whom grammar finds further off."""
    around = [
        company.spots[at].mention.actor
        for n in (*range(number - 1, number - 1 - BEFORE, -1), *range(number + 1, number + 1 + BEHIND))
        for at in company.by_sentence.get(n, ())
    ]
    found = dict.fromkeys([*ruled, *around, *company.most_named, *sorted(company.headline)])
    return [actor for actor in found if actor not in near]


def _find_subject(company: Company, number: int) -> str | None:
    """The actor that is the subject of the main clause of a sentence."""
    trees = company.around.trees
    for at in company.by_sentence.get(number, ()):
        spot = company.spots[at]
        above = trees.tokens[spot.head].head
        if trees.relation(spot.head) == "nsubj" and trees.relation(above) == "root":
            return spot.mention.actor
    return None


def _describe_event(frame: Frame, candidate: Candidate, types: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    yield "passive", float(frame.passive)
    yield "noun", float(frame.is_noun)
    yield from ((f"type {name}", share) for name, share in types.items())
    if candidate.sense.who in _SCHEMES:
        yield f"scheme {candidate.sense.who}", 1.0
    yield "agents", float(len(frame.agents))
    yield "themes", float(len(frame.themes))


def _ruled(actor: str, ruled: Sequence[Participant]) -> Iterator[tuple[str, float]]:
    yield from ((f"ruled {row.role}", 1.0) for row in ruled if row.actor == actor)
    yield "ruled others", float(sum(row.actor != actor for row in ruled))
    yield from ((f"ruled other {row.role}", 1.0) for row in ruled if row.actor != actor)


def _describe_around(company: Company, actor: str, number: int) -> Iterator[tuple[str, float]]:
    """How far from the event's sentence the actor's nearest mentions stand, and as what."""
    trees, places = company.around.trees, company.by_actor.get(actor, [])
    sentences = [company.spots[at].sentence for at in places]
    low, high = bisect_left(sentences, number), bisect_right(sentences, number)
    before, behind = places[low - 1] if low else None, places[high] if high < len(places) else None
    yield "sentences back", min(_FAR, float(number - company.spots[before].sentence)) if before is not None else _FAR
    yield "sentences ahead", min(_FAR, float(company.spots[behind].sentence - number)) if behind is not None else _FAR
    rows = trees.reading.sentences
    if before is not None:
        spot = company.spots[before]
        yield "subject before", float(trees.relation(spot.head) == "nsubj")
        yield "in the paragraph", float(company.paragraph(rows[spot.sentence]) == company.paragraph(rows[number]))
        yield "leads the sentence before", float(_find_subject(company, spot.sentence) == actor)


def _describe(around: Surroundings, frame: Frame, spot: _Spot, tokens: tuple[int, int]) -> Iterator[tuple[str, float]]:
    trees, mention, head = around.trees, spot.mention, spot.head
    yield "in the clause", float(tokens[0] <= head < tokens[1])
    yield "before", float(head < frame.token)
    yield "distance", math.log1p(abs(head - frame.token))
    low, high = sorted((head, frame.token))
    yield "breaks between", float(sum(word in _BREAKS for word in trees.words[low + 1 : high]))
    yield f"kind {mention.kind}", 1.0
    yield "sure who", mention.confidence
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
    predicate = trees.predicates.get(frame.token)
    for argument in predicate.arguments if predicate is not None else ():
        if argument.role in _ROLES and argument.head in chain:
            yield f"within {argument.role}", argument.score
            yield f"is {argument.role}", argument.score * (argument.head == head)
    yield "hangs on it", float(frame.token in chain[1:])
    yield "steps to it", float(chain.index(frame.token)) if frame.token in chain else _FAR
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
    heads = [around.trees.tokens[token].head if token < len(around.trees.tokens) else token for token in own]
    return next((token for token, head in zip(own, heads, strict=True) if head not in own or head == token), own[-1])
