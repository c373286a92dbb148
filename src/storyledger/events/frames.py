"""Frames: a predicate with who acts, on whom, by which prepositions, out of tree and roles together.

One job: turn trees and PropBank arguments into ``Frame`` values, with the subjects that grammar
leaves out (control, relative clauses, participles, coordination, light verbs) put back. Invariant: a
frame names tokens of the Reading only. This module must not know PLOVER, actors or dates.
"""

from __future__ import annotations

from dataclasses import dataclass

from storyledger.events.lexicon import load_words
from storyledger.events.trees import Trees

_SUBJECTS = ("nsubj", "csubj")
_RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
_PASSIVE_AUXILIARY = frozenset({"be", "get"})
_DASHES = frozenset({"-", "–", "—", "--"})
_ROLE_FLOOR = 0.3  # below it an argument of the reader's is more often wrong than right on PropBank EWT dev


@dataclass(frozen=True, slots=True)
class Frame:
    """A predicate's surroundings; all numbers are token indices of the Reading.

    ``agents`` do it, ``themes`` undergo it, ``others`` are further participants (indirect objects);
    ``obliques`` are (preposition, head); ``own`` are the agents and themes that stand in the clause itself.
    """

    token: int
    lemma: str
    is_noun: bool
    passive: bool
    negated: bool
    agents: tuple[int, ...]
    themes: tuple[int, ...]
    others: tuple[int, ...]
    obliques: tuple[tuple[str, int], ...]
    particles: tuple[str, ...]
    auxiliaries: tuple[str, ...]
    infinitive: int | None
    clause: int | None


def build_frame(trees: Trees, index: int) -> Frame:
    """Return the frame of the predicate at ``index``; the tree speaks first, PropBank where it is silent."""
    return _noun_frame(trees, index) if trees.tokens[index].upos in ("NOUN", "PROPN") else _verb_frame(trees, index)


def is_passive(trees: Trees, index: int) -> bool:
    """Whether the verb at ``index`` is passive: marked so, a participle with be, or a bare past participle."""
    relations = {trees.tokens[child].deprel for child in trees.children[index]}
    auxiliaries = {trees.lemma(child) for child in trees.dependents(index, "aux")}
    if auxiliaries and not auxiliaries & _PASSIVE_AUXILIARY:
        return False  # "had written" is active whatever the tree calls its auxiliary
    if index and trees.words[index - 1] == "to":
        return False  # "was due to arrive": an infinitive, whatever hangs on it
    if relations & {"nsubj:pass", "aux:pass", "obl:agent", "csubj:pass"}:
        return True
    if trees.words[index].endswith("ing") or (trees.words[index] == trees.lemma(index) and "aux" not in relations):
        return False
    if auxiliaries:
        return True
    bare = trees.relation(index) in ("acl", "advcl", "amod") and "mark" not in relations
    return bare and not relations & {"obj", "nsubj", "aux"}


def find_subjects(trees: Trees, index: int) -> list[int]:
    """Return the heads of the subject of the clause at ``index``, looked up through grammar where it is left out."""
    for current in (index, *trees.ancestors(index)):
        subjects = trees.dependents(current, *_SUBJECTS) or _mistaken_subjects(trees, current)
        before = [child for child in subjects if child < current]  # of two, the one behind the verb is its object
        own = [head for child in before or subjects for head in trees.with_conjuncts(child)]
        if own:
            return _resolve_relative(trees, own, current)
        relation, head = trees.relation(current), trees.tokens[current].head
        if relation == "acl" and trees.dependents(current, "cc"):
            return _above_noun(trees, current)
        if relation == "acl":
            return trees.with_conjuncts(head)
        if relation == "xcomp":
            objects = [top for child in trees.dependents(head, "obj", "iobj") for top in trees.with_conjuncts(child)]
            if objects:
                return objects
        elif relation not in ("conj", "advcl", "ccomp") or (relation == "conj" and not trees.is_clausal(head)):
            return _beside_dateline(trees, current)
    return []


def _mistaken_subjects(trees: Trees, verb: int) -> list[int]:
    """The noun before an active verb that a tree takes for an adverbial though no preposition leads to it.

    Adverbials without a preposition ("last week") are "obl:unmarked" in the reader's training data, never bare "obl".
    """
    bare = [
        child
        for child in trees.children[verb]
        if child < verb and trees.tokens[child].deprel == "obl" and not trees.dependents(child, "case", "mark")
    ]
    return bare[-1:] if trees.tokens[verb].upos == "VERB" and not is_passive(trees, verb) else []


def _above_noun(trees: Trees, verb: int) -> list[int]:
    """The subject of "took control of the town and attacked another" where the tree hangs the second verb on a noun."""
    for up in trees.ancestors(verb):
        if trees.is_clausal(up):
            return find_subjects(trees, up)
    return []


def _beside_dateline(trees: Trees, verb: int) -> list[int]:
    """The subject that a tree hangs on the dateline, as it hangs the verb: "PORT CITY (Wire) - The mayor resigned"."""
    head = trees.tokens[verb].head
    sentence = trees.reading.sentences[trees.sentence_of[verb]]
    between = trees.words[head:verb]
    if trees.relation(verb) != "conj" or head != sentence.first or not _DASHES & set(between):
        return []
    dash = head + max(at for at, word in enumerate(between) if word in _DASHES)
    nouns = [child for child in trees.dependents(head, "appos", "conj", "list") if dash < child < verb]
    return nouns[-1:] if trees.words[verb] != trees.lemma(verb) else []


def _resolve_relative(trees: Trees, heads: list[int], clause: int) -> list[int]:
    """Replace a relative pronoun by the noun that its clause is about."""
    resolved: list[int] = []
    while trees.relation(clause) == "conj":
        clause = trees.tokens[clause].head
    for head in heads:
        relative = trees.lemma(head) in _RELATIVE and trees.relation(clause) == "acl"
        resolved += trees.with_conjuncts(trees.tokens[clause].head) if relative else [head]
    return resolved


def _roles(trees: Trees, index: int, *roles: str) -> list[int]:
    predicate = trees.predicates.get(index)
    arguments = predicate.arguments if predicate is not None else ()
    heads = [argument.head for argument in arguments if argument.role in roles and argument.score >= _ROLE_FLOOR]
    return [head for head in heads if trees.tokens[head].upos not in ("VERB", "AUX", "ADV", "ADP", "SCONJ")]


def _obliques(trees: Trees, index: int, *relations: str) -> list[tuple[str, int]]:
    rows = []
    for child in trees.dependents(index, *relations):
        preposition = trees.preposition(child)
        rows += [(preposition, head) for head in trees.with_conjuncts(child)]
    return rows


def _verb_frame(trees: Trees, index: int) -> Frame:
    passive = is_passive(trees, index)
    subjects = find_subjects(trees, index)
    objects = [head for child in trees.dependents(index, "obj") for head in trees.with_conjuncts(child)]
    obliques = _obliques(trees, index, "obl", "nmod")
    by = [head for preposition, head in obliques if preposition == "by"] if passive else []
    agents = by if passive else subjects or _roles(trees, index, "ARG0")
    themes = (subjects if passive else []) + objects or [
        head for head in _resolve(trees, _roles(trees, index, "ARG1")) if head not in agents
    ]
    others = [head for child in trees.dependents(index, "iobj") for head in trees.with_conjuncts(child)]
    complements = trees.dependents(index, "xcomp")
    clauses = trees.dependents(index, "ccomp")
    return Frame(
        token=index,
        lemma=trees.lemma(index),
        is_noun=False,
        passive=passive,
        negated=_is_negated(trees, index),
        agents=tuple(dict.fromkeys(agents)),
        themes=tuple(dict.fromkeys(themes)),
        others=tuple(dict.fromkeys(others)),
        obliques=tuple(row for row in dict.fromkeys(obliques) if not (passive and row[0] == "by")),
        particles=tuple(trees.lemma(child) for child in trees.dependents(index, "compound", "advmod", "case")),
        auxiliaries=find_auxiliaries(trees, index),
        infinitive=complements[0] if complements else None,
        clause=clauses[0] if clauses else None,
    )


def _resolve(trees: Trees, heads: list[int]) -> list[int]:
    resolved: list[int] = []
    for head in heads:
        clause = next((up for up in trees.ancestors(head) if trees.relation(up) == "acl"), None)
        relative = trees.lemma(head) in _RELATIVE and clause is not None
        resolved += [trees.tokens[clause].head] if relative and clause is not None else [head]
    return resolved


def find_auxiliaries(trees: Trees, index: int) -> tuple[str, ...]:
    """Return the lemmas of the auxiliaries; a coordinated verb without its own shares those of the first."""
    own = tuple(trees.lemma(child) for child in trees.dependents(index, "aux", "cop"))
    head = trees.tokens[index].head
    if not own and trees.relation(index) == "conj" and head != index and not trees.dependents(index, *_SUBJECTS):
        return find_auxiliaries(trees, head) if head < index else ()
    return own


def _is_negated(trees: Trees, index: int) -> bool:
    predicate = trees.predicates.get(index)
    if predicate is not None and predicate.negated:
        return True
    negations = load_words("negations")
    own = any(trees.lemma(child) in negations or trees.words[child] in negations for child in trees.children[index])
    nobody = any(
        trees.words[child] in ("nobody", "none", "no-one", "nothing")
        or any(trees.words[below] in ("no", "neither") for below in trees.dependents(child, "det"))
        for child in trees.dependents(index, "nsubj", "obj")
    )
    return own or nobody


def _noun_frame(trees: Trees, index: int) -> Frame:
    obliques = _obliques(trees, index, "nmod")
    owners = [
        head for child in trees.dependents(index, "nmod:poss", "det:poss") for head in trees.with_conjuncts(child)
    ]
    by = [head for preposition, head in obliques if preposition == "by"]
    of = [head for preposition, head in obliques if preposition == "of"]
    beside = [child for child in trees.dependents(index, "compound", "amod") if trees.tokens[child].upos != "VERB"]
    agents = [*owners, *by] or _roles(trees, index, "ARG0")
    light = trees.tokens[index].head if trees.relation(index) in ("obj", "obl") else None
    if not agents and light is not None and trees.lemma(light) in load_words("light_verbs"):
        agents = find_subjects(trees, light)
    themes = of or [head for head in _roles(trees, index, "ARG1") if head not in agents]
    return Frame(
        token=index,
        lemma=trees.lemma(index),
        is_noun=True,
        passive=False,
        negated=any(trees.words[child] == "no" for child in trees.dependents(index, "det")),
        agents=tuple(dict.fromkeys(agents)),
        themes=tuple(dict.fromkeys(themes)),
        others=tuple(beside),
        obliques=tuple(row for row in dict.fromkeys(obliques) if row[0] not in ("by", "of") and row[1] not in owners),
        particles=tuple(trees.words[child] for child in beside),
        auxiliaries=(),
        infinitive=next(iter(trees.dependents(index, "acl")), None),
        clause=None,
    )
