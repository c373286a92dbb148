"""Who takes part: the arguments of a frame as resolved actors.

Invariant: a participant is an actor of the article's cast whose mention covers, or stands in the noun
phrase of, the argument's head. This module must not know how actors are resolved.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from storyledger.events.arguments import sort_arguments, unfold_quantities
from storyledger.events.frames import Frame
from storyledger.events.lexicon import Sense, load_classes
from storyledger.events.trees import Trees
from storyledger.types import Cast, CastMention, Participant

NOT_ACTORS = frozenset({"place", "event_name", "agreement", "weapon_system", "publication"})
_BESIDE = ("appos", "flat", "nmod:desc", "nmod:poss", "compound")
_PLACES = frozenset({"place", "country", "facility", "government"})
_PLACING = frozenset({"in", "at", "near", "off", "outside", "around", "inside", "across", "on"})


class CastIndex:
    """The cast of one document, found by token in logarithmic time."""

    def __init__(self, cast: Cast) -> None:
        """Sort the mentions; where they nest, the longest before a place is looked at last."""
        self._mentions = sorted(cast.mentions, key=lambda mention: (mention.start, -mention.end))
        self._starts = [mention.start for mention in self._mentions]
        self._named = frozenset(mention.actor for mention in self._mentions if mention.kind == "name")

    def is_named(self, mention: CastMention) -> bool:
        """Whether the document names the mention's actor anywhere."""
        return mention.actor in self._named

    def within(self, start: int, end: int) -> list[CastMention]:
        """Return the mentions that stand in ``[start, end)``, in text order."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [mention for mention in self._mentions[first:last] if mention.end <= end]

    def find_at(self, start: int, end: int) -> CastMention | None:
        """Return the shortest mention that covers ``[start, end)``."""
        best: CastMention | None = None
        position = bisect_right(self._starts, start)
        for mention in reversed(self._mentions[max(0, position - 12) : position]):  # nesting is shallow
            covers = mention.end >= end
            if covers and (best is None or mention.end - mention.start < best.end - best.start):
                best = mention
        return best


def find_participants(
    trees: Trees, index: CastIndex, frame: Frame, sense: Sense
) -> tuple[tuple[Participant, ...], list[int]]:
    """Return who acts and who is acted on, and the heads that no actor was found for, in text order."""
    doing, undergoing = sort_arguments(trees, frame, sense)
    agents, lost_agents = _resolve(trees, index, doing)
    recipients, lost_recipients = _resolve(trees, index, undergoing)
    if sense.who == "mutual":
        agents = recipients = list(dict.fromkeys([*agents, *recipients]))
    rows = [Participant("actor", actor) for actor in agents]
    rows += [Participant("recipient", actor) for actor in recipients if sense.who == "mutual" or actor not in agents]
    return tuple(rows), [*lost_agents, *lost_recipients]


def _resolve(trees: Trees, index: CastIndex, heads: Iterable[int]) -> tuple[list[str], list[int]]:
    actors: list[str] = []
    lost: list[int] = []
    for head in unfold_quantities(trees, heads):
        mention = find_actor(trees, index, head)
        if mention is None or mention.type in NOT_ACTORS:
            lost.append(head)
        elif mention.actor not in actors:
            actors.append(mention.actor)
    return actors, lost


def find_actor(trees: Trees, index: CastIndex, head: int) -> CastMention | None:
    """Return who the phrase at ``head`` is: its own mention if the document names it, else a name beside it.

    Beside it are a name in apposition and, for the unnamed ("the company's offices", "the ministry's
    crews"), whose they are.
    """
    own = index.find_at(trees.tokens[head].start, trees.tokens[head].end)
    if own is not None and index.is_named(own):
        return own
    whose = _find_whose(trees, head) if not _is_person(trees, own, head) else None
    if whose is not None:
        return find_actor(trees, index, whose)
    relations = ("appos", "flat", "nmod:desc", "compound") if _is_person(trees, own, head) else _BESIDE
    for child in trees.dependents(head, *relations):
        for part in (child, *trees.dependents(child, "flat")):  # of "Anna Berg" the cast may know "Berg" alone
            beside = index.find_at(trees.tokens[part].start, trees.tokens[part].end)
            owned = trees.relation(child) == "nmod" and beside is not None and beside.type == "government"
            if beside is not None and index.is_named(beside) and (owned or not _only_places(own, beside)):
                return beside
    return own


def _find_whose(trees: Trees, head: int) -> int | None:
    """Return the noun that "whose" before ``head`` stands for: "the captain, whose licence was suspended"."""
    if all(trees.words[child] != "whose" for child in trees.children[head]):
        return None
    clause = next((up for up in (head, *trees.ancestors(head)) if trees.relation(up) == "acl"), None)
    noun = trees.tokens[clause].head if clause is not None else head
    return noun if noun < head else None


def _is_person(trees: Trees, own: CastMention | None, head: int) -> bool:
    """Whether the phrase is of one person, who acts for nobody that owns them: "her deputy", "the mayor's wife"."""
    return own.type == "person" if own is not None else trees.lemma(head) in load_classes()["leader"]


def _only_places(own: CastMention | None, beside: CastMention) -> bool:
    """Tell whether the name beside says where somebody belongs: a country is not its every politician."""
    if own is not None and own.type == "armed_group" and beside.type in ("country", "government"):
        return True  # troops act on their own, and whose they are stands in their name
    whose = own is not None and own.type == "person" and beside.type in ("country", "place")
    return whose or beside.type in NOT_ACTORS


def find_place(trees: Trees, index: CastIndex, frame: Frame, sense: Sense) -> str | None:
    """Return the actor id of the place that the clause names, if any."""
    for preposition, head in frame.obliques:
        mention = find_actor(trees, index, head) if preposition in _PLACING else None
        if mention is not None and mention.type in _PLACES:
            return mention.actor
    themes = (*frame.themes, *(frame.agents if sense.who == "taken" else ()))
    for head in (*themes, *_heads_within(trees, themes)):
        mention = find_actor(trees, index, head)
        if mention is not None and mention.type == "place":
            return mention.actor
    return None


def _heads_within(trees: Trees, heads: Iterable[int]) -> list[int]:
    """What stands in the phrases of ``heads`` after "of", twice over: "control of the city of X"."""
    below = [child for head in heads for child in trees.dependents(head, "nmod") if trees.preposition(child) == "of"]
    return [*below, *(_heads_within(trees, below) if below else [])]
