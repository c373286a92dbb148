"""Descriptions whose words say by themselves whom they mean: appositions, titles, a headline's office.

What is tied here the ranker of ``references`` does not weigh. Knows one article only.
"""

from __future__ import annotations

from storyledger.actors.chains import Chains
from storyledger.actors.marks import Mark
from storyledger.actors.measures import are_synonyms
from storyledger.actors.page import Page


def tie_descriptions(page: Page, marks: list[Mark], chains: Chains) -> None:
    """Join every description that is sure by its words or its place."""
    tie_appositions(page, marks, chains)
    tie_described(marks, chains)
    tie_headlines(page, marks, chains)
    tie_offices(page, marks, chains)


def tie_appositions(page: Page, marks: list[Mark], chains: Chains) -> None:
    """Join a phrase and its apposition, and a subject and what it is said to be."""
    by_head: dict[int, Mark] = {}
    for mark in marks:
        known = by_head.get(mark.head)
        if known is None or (mark.kind == "name" and known.kind != "name"):
            by_head[mark.head] = mark
    for mark in marks:
        for child in page.children[mark.head]:
            other = by_head.get(child)
            if other is None or other is mark or page.tokens[child].deprel != "appos":
                continue
            if _fits(mark, other):
                chains.join(other.index, mark.index, 0.95, "in apposition")


def tie_described(marks: list[Mark], chains: Chains) -> None:
    """Join "the trawler" to the one name that "trawler" stands before in this article ("the trawler X")."""
    owners: dict[str, dict[int, Mark]] = {}
    for mark in marks:
        if mark.kind == "name" and mark.titles:
            owners.setdefault(mark.titles[-1], {}).setdefault(chains.find(mark.index), mark)
    for mark in marks:
        if (
            mark.kind != "nominal"
            or mark.form not in {"definite", "demonstrative"}
            or mark.plural
            or len(mark.words) != 2
        ):
            continue
        named = {chains.find(m.index): m for m in owners.get(mark.words[-1], {}).values()}
        if len(named) == 1:
            owner = next(iter(named.values()))
            chains.join(mark.index, owner.index, 0.92, "described by the word that stands before its name")


def tie_headlines(page: Page, marks: list[Mark], chains: Chains) -> None:
    """Join a headline's "Norland president" to the one person whom the article calls "Norland President X".

    A headline leaves out names that the first sentence gives; the ranker, which looks back, cannot see them.
    """
    owners: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.kind == "name" and mark.coarse == "person" and mark.titles:
            owners.setdefault(mark.titles[-1], []).append(mark)
    for mark in marks:
        if mark.kind != "nominal" or mark.plural or mark.coarse != "person" or not _is_headline(page, mark):
            continue
        said = set(mark.words) - {mark.head_word} - HEADLINE_WORDS
        titles = (t for t in owners if t == mark.head_word or are_synonyms(t, mark.head_word))
        named = {chains.find(m.index): m for t in titles for m in owners[t] if said <= set(m.titles)}
        if len(named) == 1:
            owner = next(iter(named.values()))
            chains.join(
                mark.index, owner.index, 0.9, "described in the headline by the title that stands with its name"
            )


def tie_offices(page: Page, marks: list[Mark], chains: Chains) -> None:
    """Join a long office to the name right behind it: "Minister of Mines for the Harbour Region (HR) Anna Berg"."""
    names = {m.start: m for m in marks if m.kind == "name" and m.coarse == "person"}
    for mark in marks:
        owner = names.get(mark.end + 1)
        bare = mark.kind == "nominal" and mark.form == "bare" and not mark.plural and mark.coarse == "person"
        if bare and owner is not None and owner.sentence == mark.sentence and page.text[mark.end] == " ":
            chains.join(mark.index, owner.index, 0.93, "stands as a title before its name")


HEADLINE_WORDS = frozenset({"former", "ex", "late", "the", "a", "an", "new", "top", "acting"})


def _is_headline(page: Page, mark: Mark) -> bool:
    return mark.sentence < len(page.sentences) and page.sentences[mark.sentence].kind in ("title", "deck")


def _fits(a: Mark, b: Mark) -> bool:
    if a.kind == "pronoun" or b.kind == "pronoun" or (a.kind == b.kind == "name"):
        return False
    if a.plural != b.plural and True in {a.plural, b.plural}:
        return False
    types = {a.coarse, b.coarse} - {None}
    return len(types) < 2 or types <= {"organisation", "thing"} or (types <= {"person", "group"} and False)
