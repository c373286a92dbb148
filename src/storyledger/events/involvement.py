"""How likely each actor that a telling names takes part in its event, for the event that all tellings make.

Beside what ``parts.py`` asks of one telling alone: lists, paths in the tree, PropBank's arguments, the type as shares,
whoever says it, and places, too. Apart from it since the features of pairs were fitted on its participants: with other
ones tellings join otherwise. Weights: ``data/involved_acting.json``, ``data/involved_undergoing.json``, made by
``python -m train.event_involvement``. This module must not know how actors are resolved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from storyledger.events.frames import Frame
from storyledger.events.participants import find_participants
from storyledger.events.parts import Part, describe_mention, describe_ruled, make_table, survey_sentence
from storyledger.events.senses import Candidate
from storyledger.events.surroundings import Surroundings
from storyledger.events.trees import Trees
from storyledger.linkage.weights import load_weights
from storyledger.types import Involvement

FILES = {"actor": "involved_acting.json", "recipient": "involved_undergoing.json"}
_LONGEST_PATH = 3


def weigh_involved(
    around: Surroundings, candidate: Candidate, tokens: tuple[int, int], types: Mapping[str, float]
) -> tuple[Involvement, ...]:
    """Return how likely each actor around the event that ``tokens`` tell acts or is acted on, in text order.

    ``types``: how likely the event is of each type.
    """
    parts = list_involved(around, candidate, tokens, types)
    if not parts:
        return ()
    odds = []
    for name in FILES.values():
        weights = load_weights(__package__, f"data/{name}")
        odds.append(weights.probabilities(make_table(parts, weights)).tolist())
    return tuple(
        Involvement(part.actor, round(acts, 3), round(undergoes, 3))
        for part, acts, undergoes in zip(parts, *odds, strict=True)
    )


def list_involved(
    around: Surroundings, candidate: Candidate, tokens: tuple[int, int], types: Mapping[str, float]
) -> list[Part]:
    """Return the actors that stand in the sentence of the event, or say it, once each, by their nearest mention.

    ``types``: how likely the event is of each type.
    """
    trees, frame = around.trees, candidate.frame
    ruled, _ = find_participants(trees, around.cast, frame, candidate.sense)
    near, common, far = survey_sentence(around, candidate, tokens, ruled, frozenset())
    common |= {f"share {name}": share for name, share in types.items()}
    found = []
    for mention, head in near:
        first = _find_first(trees, head)
        features = dict(describe_mention(around, frame, mention, first, tokens, ruled))
        found.append(Part(mention.actor, common | features | dict(_describe_place(trees, frame, head, first))))
    told = trees.tokens[frame.token]
    said = around.voices.find_statement(told.start, told.end)
    speaker = said.speaker.actor if said is not None else None
    if speaker is not None and speaker not in far and all(mention.actor != speaker for mention, _ in near):
        far.append(speaker)
    for actor in far:
        features = dict(describe_ruled(actor, ruled)) | {"far": 1.0, "speaks": float(actor == speaker)}
        found.append(Part(actor, common | features))
    return found


def _find_first(trees: Trees, head: int) -> int:
    """The first of the list that ``head`` stands in: all of "Norway, Sweden and Denmark" do what the first does."""
    while trees.relation(head) in ("conj", "appos") and trees.tokens[head].head < head:
        head = trees.tokens[head].head
    return head


def _describe_place(trees: Trees, frame: Frame, head: int, first: int) -> Iterator[tuple[str, float]]:
    yield "listed", float(head != first)
    yield "listed after", float(max(0, head - first))
    for name, heads in (("agent", frame.agents), ("theme", frame.themes), ("other", frame.others)):
        yield f"is itself the {name}", float(head in heads)
    chain = [first, *trees.ancestors(first)]
    if frame.token in chain:
        yield f"path {_find_path(trees, chain, frame.token)}", 1.0
    found = trees.predicates.get(frame.token)
    for argument in found.arguments if found is not None else ():
        if argument.first <= first < argument.last:
            yield f"role {argument.role}", argument.score
            yield f"heads {argument.role}", float(argument.head == first)


def _find_path(trees: Trees, chain: Sequence[int], predicate: int) -> str:
    """The relations from a mention up to the predicate, with their prepositions."""
    steps = chain[: chain.index(predicate)]
    path = " ".join(f"{trees.tokens[step].deprel}/{trees.preposition(step)}" for step in steps)
    return "long" if len(steps) > _LONGEST_PATH else path or "itself"
