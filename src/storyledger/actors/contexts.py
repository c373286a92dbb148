"""How the names of an actor stand in their sentences: what its type is told by, beside the reader's word.

A place is gone to, a body says and is spoken for, a ship sails, a treaty is signed. Counts only; ``typing.py`` weighs
them over the whole pile. Knows one article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import Mark
from storyledger.actors.page import Page

PLACED = frozenset({"in", "near", "across", "outside", "inside", "around", "off", "throughout"})
PREPOSITIONS = frozenset({"at", "to", "from", "of", "by", "with", "on", "under", "for", "against", "aboard"})
Contexts = tuple[tuple[str, int], ...]


def read_contexts(page: Page, members: Iterable[Mark]) -> Contexts:
    """Return how often the names among ``members`` stand in each kind of place, in order of its name."""
    counts: Counter[str] = Counter()
    for mark in members:
        if mark.kind == "name":
            counts["names"] += 1
            counts.update(dict.fromkeys(_list_contexts(page, mark), 1))
    return tuple(sorted(counts.items()))


def _list_contexts(page: Page, mark: Mark) -> list[str]:
    token, lexicon = page.tokens[mark.head], load_lexicon()
    found = []
    if mark.article is not None:
        found.append("article")
    cases = [page.word(c) for c in page.children[mark.head] if page.tokens[c].deprel == "case"]
    found += ["placed" if c in PLACED else f"prep_{c}" for c in cases if c in PLACED or c in PREPOSITIONS]
    above = token.head
    if above == mark.head:
        return found
    relation, lemma = token.deprel.split(":")[0], page.lemma(above)
    if relation == "nsubj" and page.tokens[above].upos == "VERB":
        found += ["subject", "says" if lemma in lexicon.say else "acts"]
    elif relation in {"obj", "iobj"}:
        found.append("object")
    elif token.deprel == "nmod:poss":
        found += ["possessor", *_list_owned(page, above)]
    elif relation == "compound" and above > mark.head:
        found += ["modifier", *_list_owned(page, above)]
    elif relation == "appos":
        found += _list_owned(page, above)
    found += [f"is_{k}" for c in page.children[mark.head] if page.tokens[c].deprel == "appos" for k in _kinds(page, c)]
    return found


def _list_owned(page: Page, token: int) -> list[str]:
    return [f"with_{kind}" for kind in _kinds(page, token)]


def _kinds(page: Page, token: int) -> list[str]:
    """Return the type that the lexicon gives to a noun, as a list of one or none."""
    types = load_lexicon().head_types
    kind = types.get(page.word(token)) or types.get(page.lemma(token))
    return [kind] if kind else []
