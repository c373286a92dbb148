"""What grammar says about an event: it happened, is planned, is claimed, was called off, or is none at all.

One job: from a frame and what stands above it to a status. Invariant: what is conditional,
hypothetical, negated, asked or merely wished is no event. This module must not know PLOVER types
beyond a sense's group.
"""

from __future__ import annotations

from storyledger.events.frames import Frame, find_auxiliaries
from storyledger.events.lexicon import Sense, load_words
from storyledger.events.trees import Trees
from storyledger.types import EventStatus


def find_status(trees: Trees, frame: Frame, sense: Sense) -> EventStatus | None:
    """Return reported, planned or called_off as the clause's grammar has it; None where it tells no event.

    Whether the event is only claimed depends on who speaks; the caller knows the statements.
    """
    if frame.is_noun:
        return _status_of_noun(trees, frame)
    if _is_done_by_moving(trees, frame.token, sense):
        return _status_of_verb(trees, trees.tokens[frame.token].head, negated=False)
    below = trees.lemma(frame.infinitive) if frame.infinitive is not None else ""
    if sense.type in ("REJECT", "REQUEST") and below in load_words("small_talk"):
        return None
    if _is_tried(trees, frame.token) and sense.type not in _TRIED:
        return None
    return _status_of_verb(trees, frame.token, negated=frame.negated)


def _is_done_by_moving(trees: Trees, index: int, sense: Sense) -> bool:
    """Whether the predicate is the purpose of a visit or a letter: "came to ask for help"."""
    return (
        sense.type in ("REQUEST", "CONSULT")
        and trees.relation(index) in ("advcl", "xcomp")
        and any(trees.words[child] == "to" for child in trees.dependents(index, "mark"))
        and trees.lemma(trees.tokens[index].head) in load_words("moving")
    )


def _is_tried(trees: Trees, index: int) -> bool:
    return trees.relation(index) == "xcomp" and trees.lemma(trees.tokens[index].head) in load_words("trying")


def is_attributed(trees: Trees, index: int) -> bool:
    """Whether the clause of ``index``, or the one it is coordinated with, is told "according to" somebody."""
    for current in (index, *trees.ancestors(index)):
        if any(trees.words[child] in ("according", "reportedly", "allegedly") for child in trees.children[current]):
            return True
        for child in trees.dependents(current, "obl"):
            if "according" in {trees.words[below] for below in trees.children[child]}:
                return True
        if trees.relation(current) not in ("conj", "ccomp", "xcomp", "obj"):
            return False
    return False


def _status_of_verb(trees: Trees, index: int, *, negated: bool) -> EventStatus | None:
    if negated or _is_conditional(trees, index) or _is_imperative(trees, index):
        return None
    auxiliaries = find_auxiliaries(trees, index)
    words = {*auxiliaries, *(trees.words[child] for child in trees.dependents(index, "aux"))}
    if words & load_words("possible"):
        return None
    status: EventStatus = "planned" if words & load_words("future") or _is_due(trees, index) else "reported"
    above = _status_above(trees, index)
    if above is None:
        return None
    return "planned" if "planned" in (status, above) else status


def _is_imperative(trees: Trees, index: int) -> bool:
    """Whether the verb is bare, heads its clause and has nobody to do it: "leave it in peace", "let us"."""
    if trees.tokens[index].upos != "VERB" or trees.words[index] != trees.lemma(index):
        return False
    relations = {trees.relation(child) for child in trees.children[index]}
    return trees.relation(index) in ("root", "parataxis") and not relations & {"nsubj", "csubj", "aux", "cop"}


_DUE = frozenset({"due", "set", "scheduled", "expected", "poised", "going", "planning", "planned", "slated"})
_BE = frozenset({"is", "are", "was", "were", "be", "'s", "’s"})


def _is_due(trees: Trees, index: int) -> bool:
    """Whether the verb is "is to meet", "is due to meet", "is going to meet"; the words say it where trees err."""
    before = trees.words[max(0, index - 3) : index]
    passive = before[-2:] == ["to", "be"] and len(before) == 3 and before[0] in _DUE | _BE
    if passive or (len(before) > 1 and before[-1] == "to" and before[-2] in _DUE | _BE):
        return True
    head = trees.tokens[index].head
    marked = any(trees.words[child] == "to" for child in trees.dependents(index, "mark"))
    if marked and {"be"} & set(find_auxiliaries(trees, index)):
        return True  # "is to meet", with the copula as an auxiliary
    if not marked or head == index:
        return False
    due = trees.lemma(head) in ("be", "due", "set", "poised", "scheduled", "about", "going", "bound")
    going = trees.lemma(head) == "go" and trees.words[head] == "going"
    return due or going


def _is_conditional(trees: Trees, index: int) -> bool:
    marks = {trees.words[child] for child in trees.dependents(index, "mark")}
    return bool(marks & load_words("conditions"))


_TRIED = frozenset({"ASSAULT", "COERCE", "PROTEST", "AID", "RETREAT"})


def _status_above(trees: Trees, index: int) -> EventStatus | None:
    """What the governing word makes of an infinitive, participle or complement."""
    head, relation = trees.tokens[index].head, trees.relation(index)
    if head == index:
        return "reported"
    governor = trees.lemma(head)
    infinitive = any(trees.words[child] == "to" for child in trees.dependents(index, "mark"))
    if infinitive and trees.tokens[head].upos in ("ADJ", "VERB") and governor in ("due", "set", "schedule", "poise"):
        return "planned"
    if relation == "conj":
        return "reported" if trees.tokens[head].upos not in ("VERB", "AUX") else _status_shared(trees, index, head)
    if governor in load_words("demanding") and (relation == "ccomp" or _is_that_clause(trees, index)):
        return None
    if relation == "ccomp" and governor == "warn":
        return "reported" if {"have", "had", "be"} & set(find_auxiliaries(trees, index)) else None
    if relation == "xcomp" or (infinitive and relation in ("ccomp", "csubj")):
        return _status_of_complement(trees, head, governor)
    if relation == "advcl" and infinitive:
        return None
    if relation == "acl" and infinitive:
        return "planned" if governor in load_words("plan_nouns") else None
    if relation == "acl" and trees.dependents(index, "mark", "case") and trees.words[index].endswith("ing"):
        return None  # "an appeal for deploying troops"
    if relation == "advcl" and (_is_conditional(trees, index) or _is_yet_to_come(trees, index)):
        return None
    return "reported"


def _is_yet_to_come(trees: Trees, index: int) -> bool:
    """Whether a clause with "before" stands in the present: "must agree before they disarm"."""
    marks = {trees.words[child] for child in trees.dependents(index, "mark")}
    present = trees.words[index] == trees.lemma(index) and not trees.dependents(index, "aux")
    return "before" in marks and present and bool(trees.dependents(index, "nsubj"))


def _is_that_clause(trees: Trees, index: int) -> bool:
    """Whether the clause says what a noun holds: "the demand that they leave"."""
    marked = "that" in {trees.words[child] for child in trees.dependents(index, "mark")}
    return marked and trees.relation(index) == "acl" and bool(trees.dependents(index, "nsubj"))


def _status_shared(trees: Trees, index: int, head: int) -> EventStatus | None:
    """A coordinated verb without a subject of its own stands in the first one's mood."""
    if trees.dependents(index, "nsubj", "mark", "aux"):
        return "reported"
    return _status_above(trees, head)


def _status_of_complement(trees: Trees, head: int, governor: str) -> EventStatus | None:
    if governor in load_words("planning"):
        return _or_planned(_status_of_verb(trees, head, negated=_negated(trees, head)))
    if governor in load_words("wishing"):
        return None
    return _status_of_verb(trees, head, negated=_negated(trees, head))


def _or_planned(status: EventStatus | None) -> EventStatus | None:
    return None if status is None else "planned"


def _negated(trees: Trees, index: int) -> bool:
    return any(trees.words[child] in load_words("negations") for child in trees.children[index])


def _status_of_noun(trees: Trees, frame: Frame) -> EventStatus | None:
    """An event noun stands as its governing verb has it: planned talks, talks called off, talks held."""
    if frame.negated or trees.dependents(frame.token, "cop"):
        return None  # "it was the worst accident" judges an event, it tells none
    modifiers = {trees.words[child] for child in trees.dependents(frame.token, "amod", "acl")}
    planned = bool(modifiers & load_words("planned_modifiers"))
    if modifiers & load_words("unreal_modifiers"):
        return None
    head = trees.tokens[frame.token].head
    if head == frame.token or not trees.is_clausal(head):
        return "planned" if planned else "reported"
    if trees.preposition(frame.token) in _LOOKING_BACK:
        return "reported"  # "prepares for war, ten years after the invasion"
    if trees.lemma(head) in ("cancel", "postpone", "scrap", "shelve") or _is_called_off(trees, head):
        return "called_off"
    if trees.lemma(head) in load_words("wishing") | load_words("planning") and trees.relation(frame.token) in (
        "obj",
        "obl",
    ):
        return "planned" if trees.lemma(head) in load_words("planning") else None
    status = _status_of_verb(trees, head, negated=_negated(trees, head))
    light = trees.lemma(head) in load_words("light_verbs")
    return ("planned" if planned else status) if light or status is not None else None


_LOOKING_BACK = frozenset({"after", "since", "following"})


def _is_called_off(trees: Trees, head: int) -> bool:
    return trees.lemma(head) == "call" and any(trees.words[child] == "off" for child in trees.children[head])
