"""Who acts and who is acted on: the arguments of a frame sorted as its sense says.

The lexicon names a scheme for each group of senses and for single verbs of it (``who`` and ``who_of`` in
``senses.toml``); here is one function for each. Invariant: heads are tokens of the frame's own sentence. This module
must not know actors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from storyledger.events.frames import Frame
from storyledger.events.lexicon import Sense, load_classes, load_words
from storyledger.events.trees import Trees

# Prepositions that lead to who is acted on, and to who acts along.
_TOWARDS = frozenset({"against", "on", "at", "to", "from", "toward", "towards", "for", "into", "over", "upon"})
_ALONGSIDE = frozenset({"with", "between", "among", "alongside"})
# Types whose target may stand in what is promised, refused, demanded or threatened.
_REACHING = frozenset({"AGREE", "SUPPORT", "REQUEST", "REJECT", "THREATEN", "ACCUSE", "CONCEDE", "COOPERATE"})


@dataclass(frozen=True, slots=True)
class Case:
    """A frame in its tree with its sense, and the heads of its arguments: agents, themes, others, by preposition."""

    trees: Trees
    frame: Frame
    sense: Sense
    agents: list[int]
    themes: list[int]
    others: list[int]
    towards: list[int]
    beside: list[int]


Sorted = tuple[list[int], list[int]]


def sort_arguments(trees: Trees, frame: Frame, sense: Sense) -> Sorted:
    """Return the heads of who acts and of who is acted on."""
    doing, undergoing = SCHEMES[sense.who](_make_case(trees, frame, sense))
    undergoing = [head for head in undergoing if trees.preposition(head) not in sense.whereabouts]
    if not frame.is_noun and sense.type in _REACHING:
        undergoing += _heads_below(trees, frame)
    if not frame.is_noun and sense.type == "AID":
        undergoing += _find_helped(trees, frame)
    return doing, undergoing


def _make_case(trees: Trees, frame: Frame, sense: Sense) -> Case:
    leads = _TOWARDS - sense.whereabouts | ({"before"} if sense.type == "CONSULT" else set())
    towards = [head for preposition, head in frame.obliques if preposition in leads]
    beside = [head for preposition, head in frame.obliques if preposition in _ALONGSIDE]
    agents, themes, others = list(frame.agents), list(frame.themes), list(frame.others)
    if frame.is_noun and frame.lemma in load_words("suffered") and not themes:
        agents, themes = [], agents  # "his trial": the one whose trial it is undergoes it
    if frame.is_noun and not (sense.who in _GOING and themes):
        agents, others = agents or others, [] if not agents else others
    return Case(trees, frame, sense, agents, themes, others, towards, beside)


# ------------------------------------------------------------------ a function for each scheme


def _act_on(case: Case) -> Sorted:
    if case.frame.is_noun and not case.agents and case.sense.type in ("RETREAT", "PROTEST"):
        return case.themes, []
    return case.agents, [*case.themes, *case.others, *case.towards, *case.beside]


def _act_alone(case: Case) -> Sorted:
    return case.agents or case.themes, []


def _act_together(case: Case) -> Sorted:
    return [*case.agents, *case.themes, *case.beside], [] if case.sense.type == "OTHER" else case.towards


def _undergo(case: Case) -> Sorted:
    return [*case.themes, *case.agents] if case.frame.passive or not case.agents else case.agents, []


def _go(case: Case) -> Sorted:
    """Who is pulled out goes: "withdrew its troops from X"."""
    if case.frame.is_noun:
        return _act_on(case)
    left = _heads_left(case.trees, case.themes)
    return [*case.agents, *case.themes], [*case.others, *case.towards, *left]


def _leave(case: Case) -> Sorted:
    """What is left stands as the object: "the troops left X"."""
    return _act_on(case) if case.frame.is_noun else (case.agents, [*case.themes, *case.others, *case.towards])


def _expel(case: Case) -> Sorted:
    """Who throws them out is left: "X expelled the troops"."""
    if case.frame.is_noun or not case.themes:
        return _go(case)
    return case.themes, [*case.agents, *case.towards]


def _be_taken(case: Case) -> Sorted:
    """Who takes what another loses: "fell to them", "under their control", "lost it to them"."""
    return _find_takers(case.trees, case.frame), list(case.frame.agents)


def _receive(case: Case) -> Sorted:
    """Who gives stands after "from": "received weapons from X"."""
    if case.frame.is_noun or case.frame.passive:
        return _act_on(case)
    return [head for preposition, head in case.frame.obliques if preposition == "from"], list(case.frame.agents)


SCHEMES: Mapping[str, Callable[[Case], Sorted]] = {
    "ag": _act_on,
    "alone": _act_alone,
    "both": _act_together,
    "mutual": _act_on,
    "pt": _undergo,
    "goes": _go,
    "leaves": _leave,
    "expels": _expel,
    "taken": _be_taken,
    "receives": _receive,
}
_GOING = frozenset({"goes", "leaves", "expels"})


# ------------------------------------------------------------------ heads that the frame itself lacks


def _find_takers(trees: Trees, frame: Frame) -> list[int]:
    takers: list[int] = []
    for preposition, head in frame.obliques:
        if preposition in ("to", "under", "into"):
            owners = trees.dependents(head, "nmod:poss", "compound", "nmod:desc", "amod")
            owners += [child for child in trees.dependents(head, "nmod") if trees.preposition(child) == "of"]
            takers += owners if trees.lemma(head) in load_classes()["control"] else [head]
    return takers


def _find_helped(trees: Trees, frame: Frame) -> list[int]:
    """Whom an infinitive of purpose says it is for: "sent weapons to help them"."""
    purposes = [
        child for head in (frame.token, *frame.themes) for child in trees.dependents(head, "advcl", "xcomp", "acl")
    ]
    helping = [verb for verb in purposes if trees.lemma(verb) in load_words("helping")]
    helped = [child for verb in helping for child in trees.dependents(verb, "obj", "iobj")]
    for verb in helping:  # "help them retake it": they are the subject of what they do
        helped += [
            child for deed in trees.dependents(verb, "xcomp", "ccomp") for child in trees.dependents(deed, "nsubj")
        ]
    return [head for child in helped for head in trees.with_conjuncts(child)]


def _heads_below(trees: Trees, frame: Frame) -> list[int]:
    """Whom the complement is about: "threatened to attack them", "demanded that they go"."""
    heads: list[int] = []
    if frame.infinitive is not None:
        for child in trees.dependents(frame.infinitive, "obj", "iobj", "obl"):
            if trees.relation(child) != "obl" or trees.preposition(child) in _TOWARDS | _ALONGSIDE:
                heads += trees.with_conjuncts(child)
    if frame.clause is not None:
        heads += [head for child in trees.dependents(frame.clause, "nsubj") for head in trees.with_conjuncts(child)]
    return heads


def _heads_left(trees: Trees, themes: Iterable[int]) -> list[int]:
    """What those who go leave, where the tree hangs it on them: "all of its forces from X"."""
    going = unfold_quantities(trees, themes)
    return [child for head in going for child in trees.dependents(head, "nmod") if trees.preposition(child) == "from"]


def unfold_quantities(trees: Trees, heads: Iterable[int]) -> Iterator[int]:
    """Yield the heads, with what "all of" and "dozens of" count in place of the count."""
    for head in heads:
        counted = [child for child in trees.dependents(head, "nmod") if trees.preposition(child) == "of"]
        counts = trees.tokens[head].upos in ("DET", "NUM") or trees.lemma(head) in load_words("quantities")
        yield from counted if counts and counted else [head]
