"""Roles as each article states them: titles before a name, appositions after it, "X is the director".

A role is stated for the interval in which the article was published; "former" stays in its words. The organisation is
the last name inside the role, or what a possessive before it means ("its director"). Knows one article.
"""

from __future__ import annotations

import re

from storyledger.actors.chains import Chains
from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import Mark
from storyledger.actors.page import Page
from storyledger.types import Article, Evidence, Role

ROLE_CHARS = 120  # a longer apposition is a story, not a role
# what leads to a role and is none of it: "on Tuesday Mayor X", "the death of singer X"
_LED = re.compile(
    r"(?:(?:of|by|from|for|with|as|on|in|at|to|and|but|that)\s+|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\s+)+(?=\w)"
)


def find_roles(
    article: Article, page: Page, marks: list[Mark], chains: Chains, members: list[Mark]
) -> tuple[tuple[Role, ...], tuple[int, ...]]:
    """Return the roles of the chain ``members`` and the chains (mark indices) of the bodies in them."""
    roles: dict[str, Role] = {}
    bodies: list[int] = []
    for span in list_role_spans(members):
        _add(article, page, marks, chains, span, roles, bodies)
    return tuple(roles.values()), tuple(dict.fromkeys(bodies))


def list_role_spans(members: list[Mark]) -> list[tuple[int, int]]:
    """Return where the roles of a person stand: titles before the name, descriptions of office."""
    if not any(m.kind == "name" and m.coarse == "person" for m in members):
        return []
    spans = []
    for mark in members:
        if mark.kind == "name" and mark.title_span and _is_role(mark.titles):
            spans.append(mark.title_span)
        elif mark.kind == "nominal" and _describes_office(mark):
            spans.append((mark.start, _end_of_office(mark, members)))
    return spans


def _end_of_office(mark: Mark, members: list[Mark]) -> int:
    """Return where a description ends before the name of whom it describes ("Secretary of State X, who ...")."""
    names = (m for m in members if m.kind == "name" and mark.start < m.start and m.end <= mark.end)
    return min((m.start for m in names), default=mark.end)


def _is_role(titles: tuple[str, ...]) -> bool:
    lexicon = load_lexicon()
    plain = {"mr", "ms", "mrs", "miss", "sir", "dr", "dott", "ing", "eng", "engr", "atty", "arq"}
    return any(t not in plain and (t in lexicon.titles or lexicon.head_types.get(t) == "person") for t in titles)


def _describes_office(mark: Mark) -> bool:
    lexicon = load_lexicon()
    office = lexicon.head_types.get(mark.head_word) == "person" and mark.head_word not in lexicon.head_gender
    stated = bool(mark.modifiers) or len(mark.words) > 2
    return (
        (office or mark.head_word in {"spokesman", "spokeswoman", "chairman", "chairwoman"})
        and stated
        and mark.end - mark.start <= ROLE_CHARS
    )


def _add(
    article: Article,
    page: Page,
    marks: list[Mark],
    chains: Chains,
    span: tuple[int, int],
    roles: dict[str, Role],
    bodies: list[int],
) -> None:
    text = page.text[span[0] : span[1]].rstrip()
    led = _LED.match(text)
    start = span[0] + (led.end() if led else 0)
    text, span = page.text[start : span[0] + len(text)], (start, span[0] + len(text))
    words = re.sub(r"^(?:the|a|an|his|her|its|their)\s+", "", text, flags=re.IGNORECASE).strip(" ,")
    inside = [
        m
        for m in marks
        if span[0] <= m.start and m.end <= span[1] and m.kind in {"name", "pronoun"} and (m.start, m.end) != span
    ]
    body = next((m for m in reversed(inside) if m.coarse in {"organisation", "place"}), None) or _find_owner(
        inside, chains
    )
    if body is not None:
        bodies.append(chains.find(body.index))
    organisation = (
        next((m.text for m in chains.members(body.index) if m.kind == "name"), body.text) if body is not None else None
    )
    key = words.casefold()
    if words and key not in roles and not _says_only_whose(words) and not key.startswith("not "):
        earliest = article.published_earliest or article.published
        latest = article.published_latest or article.published
        roles[key] = Role(words, organisation, earliest, latest, Evidence(article.id, span[0], span[1], text))


def _says_only_whose(words: str) -> bool:
    """Say whether a role is "predecessor" or "elder brother", of nobody named; "Brother" in capitals is a title."""
    *before, head = words.split()
    return words.islower() and head in load_lexicon().whose and not any(w.endswith(("'s", "’s")) for w in before)


def _find_owner(inside: list[Mark], chains: Chains) -> Mark | None:
    for mark in inside:
        if mark.kind == "pronoun" and mark.form in {"neuter", "plural"}:
            named = [m for m in chains.members(mark.index) if m.kind == "name" and m.coarse == "organisation"]
            if named:
                return named[0]
    return None
