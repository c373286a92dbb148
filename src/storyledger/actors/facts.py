"""What the tree around each mention tells, found once and asked by every pair: its clauses, its noun, its words.

Invariant: one ``Facts`` for each mark, at the mark's index. Knows marks, not chains.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from storyledger.actors.identity import find_nations
from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import Mark
from storyledger.actors.page import Page

SMALL = frozenset({"the", "a", "an", "of", "in", "this", "that", "these", "those", "its", "his", "her", "their"})
CLIMB = 12  # steps up the tree at most
CLAUSES = frozenset({"advcl", "acl", "ccomp", "xcomp", "csubj", "parataxis", "conj", "root"})
CLAUSAL = frozenset({"ccomp", "csubj", "xcomp", "advcl"})
EMPTY_VERBS = frozenset({"be", "seem", "appear", "take", "mean", "turn", "happen"})


@dataclass(slots=True)
class Facts:
    """One mention in its sentence."""

    relation: str  # deprel without its subtype
    clause: str  # what its clause is in the sentence: root, ccomp, advcl ...
    depth: int  # clauses above it
    verb_lemma: str
    subjects: tuple[int, ...]  # head tokens of the subjects of its clause and those above, nearest first
    governed: bool  # another mention's phrase holds it: nmod, compound, conj, appos
    opener: str
    owner: str  # "their" of "their party", "" without
    content: frozenset[str]  # words of the cleaned phrase, small words left out
    modifiers: frozenset[str]
    phrase: frozenset[str]  # lemmas of nouns, names, adjectives and numbers of the whole subtree
    defined: bool  # a relative clause, a participle or a phrase of its own follows the head
    predicative: bool
    empty: bool  # "it" of "it is clear that"
    number: str | None  # a number that counts it
    office: bool  # a noun of office or trade ("the judge"), which names nobody by itself
    nations: frozenset[str]  # ISO codes of the nations in the phrase and in the title before a name
    speaker: int | None  # the mark of who says the quotation that it stands in
    bodies: frozenset[int]  # marks of bodies inside the phrase, the title or the apposition
    voices: frozenset[int]  # marks of the bodies whom that speaker speaks for, as far as known when it is weighed
    said_in: frozenset[int]  # sentences in which that speaker is named
    standing: tuple[float, ...]  # what the second network says of its head, see ``Page.standing``
    aside: bool  # in a byline or a caption: nobody whom the text means


def read_facts(page: Page, marks: list[Mark], speakers: Mapping[int, Mark] | None = None) -> list[Facts]:
    """Return the facts of each mark, in order; ``speakers``: quotation -> the mark of who says it."""
    said_by = speakers or {}
    owned = _list_bodies(page, marks)
    found = []
    for mark in marks:
        speaker = said_by.get(mark.quote) if mark.quote is not None else None
        found.append(_read_one(page, mark, speaker.index if speaker is not None else None, owned[mark.index]))
    return found


def _list_bodies(page: Page, marks: list[Mark]) -> list[frozenset[int]]:
    """Return for each mark the bodies in its phrase and title, and in the apposition beside it."""
    bodies = [m for m in marks if m.coarse == "organisation" and m.kind != "pronoun"]
    starts = [b.start for b in bodies]
    found: list[set[int]] = []
    at = {m.head: m.index for m in marks}
    for mark in marks:
        low, high = mark.outer or (mark.start, mark.end)
        low = min(low, mark.title_span[0]) if mark.title_span else low
        inside = bodies[bisect_left(starts, low) : bisect_left(starts, high)]
        own = mark.kind != "pronoun" and mark.coarse in {"person", None}
        found.append({b.index for b in inside if b.index != mark.index and b.end <= high} if own else set())
    for mark in marks:
        above = page.tokens[mark.head].head
        if mark.deprel.startswith("appos") and above in at:
            found[at[above]] |= found[mark.index]
    return [frozenset(f) for f in found]


def _read_one(page: Page, mark: Mark, speaker: int | None, bodies: frozenset[int]) -> Facts:
    tokens, head = page.tokens, mark.head
    children = page.children[head]
    relations = [tokens[c].deprel for c in children]
    subjects, clause, depth = _climb(page, head)
    lemma = page.lemma(mark.verb) if mark.verb is not None else ""
    owner = next((page.word(c) for c, r in zip(children, relations, strict=True) if r == "nmod:poss"), "")
    number = next((page.word(c) for c, r in zip(children, relations, strict=True) if r == "nummod"), None)
    relation = mark.deprel.split(":")[0]
    return Facts(
        relation=relation,
        clause=clause,
        depth=depth,
        verb_lemma=lemma,
        subjects=subjects,
        governed=relation in {"nmod", "compound", "conj", "appos", "flat"},
        opener=page.word(mark.first),
        owner=owner,
        content=frozenset(mark.words) - SMALL,
        modifiers=frozenset(mark.modifiers) - SMALL,
        phrase=_read_phrase(page, mark) if mark.kind != "pronoun" else frozenset(),
        defined=any(tokens[c].deprel in {"acl:relcl", "acl", "nmod"} for c in children if c > head),
        predicative="cop" in relations and "case" not in relations,
        empty=mark.kind == "pronoun" and mark.form == "neuter" and _is_empty(page, mark),
        number=number,
        office=mark.kind == "nominal" and load_lexicon().head_types.get(mark.head_word) == "person",
        nations=find_nations((*mark.words, *mark.titles)) if mark.kind != "pronoun" else frozenset(),
        speaker=speaker,
        bodies=bodies,
        voices=frozenset(),
        said_in=frozenset(),
        standing=tuple(page.standing[head].tolist()),
        aside=page.sentences[mark.sentence].kind in {"byline", "caption"},
    )


def _climb(page: Page, head: int) -> tuple[tuple[int, ...], str, int]:
    """Return the subjects' heads of the clauses above ``head``, the first clause's kind, and how many there are."""
    subjects: list[int] = []
    clause, depth, i = "", 0, head
    tokens = page.tokens
    for _ in range(CLIMB):
        above = tokens[i].head
        if above == i or not 0 <= above < len(tokens):
            break
        i = above
        own = [c for c in page.children[i] if tokens[c].deprel.startswith("nsubj") and c != head]
        subjects += own
        kind = tokens[i].deprel.split(":")[0]
        if kind in CLAUSES and (kind != "conj" or own or tokens[i].upos == "VERB"):
            clause = clause or kind
            depth += 1
    return tuple(subjects), clause, depth


def _read_phrase(page: Page, mark: Mark) -> frozenset[str]:
    low, high = mark.outer or (mark.start, mark.end)
    first, last = page.token_range(low, high)
    solid = {"NOUN", "PROPN", "ADJ", "NUM", "VERB"}
    return frozenset(page.lemma(i) for i in range(first, min(last, first + 40)) if page.tokens[i].upos in solid)


def _is_empty(page: Page, mark: Mark) -> bool:
    """Tell whether "it" stands for a clause that follows: "it is clear that", "it seems"."""
    if not mark.is_subject:
        return False
    above = page.tokens[mark.head].head
    row = page.children[above]
    late = any(page.tokens[c].deprel.split(":")[0] in CLAUSAL and c > above for c in row)
    cop = any(page.tokens[c].deprel == "cop" for c in row)
    return late and (cop or page.lemma(above) in EMPTY_VERBS)
