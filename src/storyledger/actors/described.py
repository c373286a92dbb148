"""Descriptions whose words say by themselves whom they mean: appositions, titles, a headline's office.

What is tied here the ranker of ``references`` does not weigh. Knows one article only.
"""

from __future__ import annotations

import re
from bisect import bisect_left

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
    """Join a long office to the name right behind it, or to the one that a comma sets off behind it.

    "Minister of Mines for the Harbour Region (HR) Anna Berg", "an official of the charity, Anna Berg, said".
    """
    names = [m for m in marks if m.kind == "name" and m.coarse == "person"]
    starts = [m.start for m in names]
    by_start = {m.start: m for m in names}
    found: dict[int, list[Mark]] = {}
    for mark in marks:
        if mark.kind != "nominal" or mark.plural or mark.coarse != "person":
            continue
        owner = by_start.get(mark.end + 1)
        if mark.form == "bare" and owner is not None and page.text[mark.end] == " " and owner.sentence == mark.sentence:
            chains.join(mark.index, owner.index, 0.93, "stands as a title before its name")
            continue
        near = names[bisect_left(starts, page.tokens[mark.head].end) : bisect_left(starts, mark.end + LONGEST_LINK)]
        beside = next((m for m in near if _is_set_beside(page, mark, m)), None)
        if beside is not None:
            found.setdefault(beside.index, []).append(mark)
    for name, offices in found.items():
        if len(offices) == 1:  # "the wife of the mayor, Anna Berg": one of two
            chains.join(offices[0].index, name, 0.93, "stands as a title beside its name")


LONGEST_LINK = 24  # characters between an office and its name: a comma, titles
TITLE = r"(?:(?:the\s+)?[A-Z][\w’']*\.?\s+){0,3}"
LINKED = re.compile(rf"(?P<set_off>\s?,)?\s+{TITLE}")
SET_OFF_END = re.compile(r"\s?[,.;:!?)”\"]")
JOINTS = frozenset({"ADP", "CCONJ", "PART", "DET", "VERB", "AUX", "SCONJ", "PRON"})


def _is_set_beside(page: Page, mark: Mark, name: Mark) -> bool:
    """Tell whether a name behind an office's noun is whose office it is: by the letters between, and by the tree.

    The tree hangs the name on any noun of the office, or makes both subjects of one verb.
    """
    if name.sentence != mark.sentence or (name.start < mark.end < name.end):
        return False
    start = name.title_span[0] if name.title_span and name.title_span[0] > page.tokens[mark.head].start else name.start
    last = page.token_range(mark.start, start)[1] - 1
    while last > mark.head and page.tokens[last].upos == "PUNCT":
        last -= 1
    link = LINKED.fullmatch(page.text[page.tokens[last].end : name.start])
    if link is None or page.tokens[last].upos in JOINTS:
        return False
    if link["set_off"] and not SET_OFF_END.match(page.text[name.end : name.end + 2]):
        return False
    if not link["set_off"] and (len(name.words) == 1 or (last != mark.head and page.tokens[last].upos != "PROPN")):
        return False  # "the head of the maker Acme": it is the maker's name, whatever type it was read with
    governor = page.tokens[name.head].head
    inside = mark.first <= governor < mark.last and governor != name.head
    return inside or (bool(link["set_off"]) and mark.is_subject and name.is_subject and mark.verb == name.verb)


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
