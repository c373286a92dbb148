"""Which sense each predicate of an article has, given who and what stands around it.

One job: look at a frame, describe it to the lexicon as a ``Scene``, keep the answer. Invariant: a
noun that completes a verb's sense ("hold talks") is not told twice. This module must not know dates
or status.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from storyledger.events.frames import Frame, build_frame
from storyledger.events.lexicon import Scene, Sense, find_known, find_sense, load_words
from storyledger.events.trees import Trees
from storyledger.types import Cast, Reading

UNKNOWN = Sense("unknown", "OTHER", 0.0, 0.3, "ag")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A predicate that the lexicon knows, in its frame and sense; ``object`` completes its sense, if any."""

    frame: Frame
    sense: Sense


class TypeMap:
    """Types of names and resolved actors by the tokens that they cover."""

    def __init__(self, trees: Trees, reading: Reading, cast: Cast) -> None:
        """Mark the tokens of every typed mention; resolved actors overrule the reader's own types."""
        self._types: dict[int, str] = {}
        self._named = frozenset(
            index
            for mention in reading.mentions
            if mention.kind == "name" and mention.type != "event_name"
            for index in range(mention.first, mention.last)
        )
        for mention in reading.mentions:
            if mention.type is not None:
                self._types.update(dict.fromkeys(range(mention.first, mention.last), mention.type))
        starts = {token.start: index for index, token in enumerate(trees.tokens)}
        for who in cast.mentions:
            index = starts.get(who.start)
            while index is not None and index < len(trees.tokens) and trees.tokens[index].end <= who.end:
                self._types[index] = who.type
                index += 1

    def is_in_name(self, index: int) -> bool:
        """Whether the token is part of a name: the "Armed" of a committee tells nothing."""
        return index in self._named

    def keys(self, trees: Trees, head: int) -> list[str]:
        """Return the lexicon keys of an argument: its lemma, its word and the type of who it names."""
        kind = self._types.get(head)
        keys = [trees.lemma(head), trees.words[head]]
        if trees.lemma(head) in load_words("quantities"):
            keys += [trees.lemma(child) for child in trees.dependents(head, "nmod")]
        keys += [f"{trees.words[child]} {trees.lemma(head)}" for child in trees.dependents(head, "compound", "amod")]
        if kind is not None and trees.tokens[head].upos in ("PROPN", "PRON", "NOUN", "ADJ"):
            keys.append(f"#{kind}")
        return keys


def list_predicates(trees: Trees, types: TypeMap) -> list[Candidate]:
    """Return every predicate of the article, in text order: verbs, event nouns, and what is said to be something.

    One whose word the lexicon does not know has the sense ``UNKNOWN``.
    """
    found: list[Candidate] = []
    for index in range(len(trees.tokens)):
        if types.is_in_name(index):
            continue
        known = find_candidate(trees, types, index)
        if known is not None or _is_predicate(trees, index):
            found.append(known or make_candidate(trees, types, index))
    return found


def make_candidate(trees: Trees, types: TypeMap, index: int) -> Candidate:
    """Return the predicate at ``index`` in the sense that the lexicon has for it, else of an unknown sense."""
    return find_candidate(trees, types, index) or Candidate(build_frame(trees, index), UNKNOWN)


def _is_predicate(trees: Trees, index: int) -> bool:
    verb = trees.tokens[index].upos == "VERB" and trees.relation(index) not in ("amod", "compound", "aux")
    return verb or index in trees.predicates or bool(trees.dependents(index, "cop"))


def find_candidate(trees: Trees, types: TypeMap, index: int) -> Candidate | None:
    """Return the predicate at ``index`` with its sense; None where it is none or the lexicon has none."""
    token, lemma = trees.tokens[index], trees.lemma(index)
    if types.is_in_name(index) or (token.upos == "VERB" and trees.relation(index) in ("amod", "compound")):
        return None
    is_noun = token.upos == "NOUN" or (token.upos == "PROPN" and index in trees.predicates)
    if not is_noun and token.upos != "VERB" and not (token.upos == "ADJ" and lemma in load_words("adjectives")):
        return None
    known = find_known(lemma, trees.words[index], is_noun=is_noun)
    if known is None:
        return None
    frame = replace(build_frame(trees, index), lemma=known)
    sense = find_sense(known, is_noun=is_noun, scene=describe_scene(trees, types, frame))
    return Candidate(frame, sense) if sense is not None else None


def describe_scene(trees: Trees, types: TypeMap, frame: Frame) -> Scene:
    """Return what stands around the predicate, as the lexicon asks for it."""

    def keys(heads: Iterable[int]) -> frozenset[str]:
        return frozenset(key for head in heads for key in types.keys(trees, head))

    obliques: dict[str, list[int]] = {}
    for preposition, head in frame.obliques:
        obliques.setdefault(preposition, []).append(head)
    heads = [head for _, head in frame.obliques]
    follows = {*frame.particles, *obliques, *(trees.lemma(head) for head in (*frame.themes, *heads))}
    for below in (frame.infinitive, frame.clause):
        follows |= {trees.words[child] for child in trees.dependents(below, "mark")} if below is not None else set()
    follows |= {trees.words[child] for child in trees.children[frame.token] if trees.words[child].isalpha()}
    return Scene(
        subjects=keys(frame.agents),
        objects=keys(frame.themes),
        others=keys((*frame.others, *_below_infinitive(trees, frame), *_beside_objects(trees, frame))),
        by_preposition=tuple((preposition, keys(rows)) for preposition, rows in obliques.items()),
        follows=frozenset(follows),
        particles=frozenset(trees.lemma(child) for child in _particles(trees, frame)),
        has_infinitive=frame.infinitive is not None and not frame.is_noun,
        has_clause=frame.clause is not None,
        has_object=bool(trees.dependents(frame.token, "obj")),
        has_obligation=frame.clause is not None
        and any(trees.words[below] in ("must", "should") for below in trees.dependents(frame.clause, "aux")),
        has_condition=frame.clause is not None
        and any(trees.words[below] in ("if", "unless") for below in trees.subtree(frame.clause)),
    )


def _particles(trees: Trees, frame: Frame) -> list[int]:
    """The particles of a verb, which complete its sense before any preposition does."""
    return [child for child in trees.dependents(frame.token, "compound:prt") if not frame.is_noun]


def _beside_objects(trees: Trees, frame: Frame) -> list[int]:
    """A second object that the tree hangs on the first: "pay each family 10,000 euros"."""
    if frame.is_noun:
        return []
    return [child for head in frame.themes for child in trees.dependents(head, "nmod:unmarked", "nmod:npmod")]


def _below_infinitive(trees: Trees, frame: Frame) -> list[int]:
    """What the infinitive under a verb acts on: "failed to reach an agreement"."""
    if frame.infinitive is None or frame.is_noun:
        return []
    return [frame.infinitive, *trees.dependents(frame.infinitive, "obj", "obl")]
