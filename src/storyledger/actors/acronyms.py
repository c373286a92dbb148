"""Acronyms of one article tied to the names that they stand for: by definition in brackets, else by their letters.

A bracket defines where its letters are those of the name, or where a body of several words stands right before it; an
agency's sign in a dateline ("United Nations (XYZ) --") and a party behind a person's name define nothing. Letters that
two names of the article may stand for stay open. Knows one article only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from storyledger.actors.chains import Chains
from storyledger.actors.identity import fit_bodies
from storyledger.actors.marks import Mark
from storyledger.actors.names import are_letters_of, content_words, is_acronym, spell_initials
from storyledger.actors.page import Page
from storyledger.nations import find_country

BRACKET = re.compile(r"(?:'s|’s)?\s*\(\s*(?:the |or )?")
DATELINE_END = re.compile(r"\)\s*(?:[-–—]|--)")
SURE_DEFINED, SURE_LETTERS, SURE_FOREIGN = 0.99, 0.93, 0.9


def tie_defined(page: Page, names: Sequence[Mark], chains: Chains) -> set[int]:
    """Join acronyms to the names that define them; return the marks of letters that two bodies of the article share."""
    defined: dict[str, list[tuple[Mark, Mark]]] = {}
    for place, mark in enumerate(names):
        if _is_body_acronym(mark) and (found := _find_defined(page, place, names)) is not None:
            other, probability = found
            chains.join(mark.index, other.index, probability, "the article defines the acronym")
            defined.setdefault(_letters(mark), []).append((mark, other))
    shared = {letters for letters, rows in defined.items() if _are_two([other for _, other in rows])}
    return {m.index for m in names if _is_body_acronym(m) and _letters(m) in shared}


def _are_two(bodies: Sequence[Mark]) -> bool:
    return any(not fit_bodies(content_words(a.text), content_words(b.text)) for a in bodies for b in bodies)


def tie_letters(names: Sequence[Mark], chains: Chains) -> None:
    """Join acronyms to the one name of the article whose initials they are."""
    spelt = [(m, initials) for m in names if m.coarse != "person" and (initials := spell_initials(m.text))]
    for mark in names:
        if _is_body_acronym(mark):
            _tie_only(mark, [m.index for m, initials in spelt if _letters(mark) in initials], chains)


def _is_body_acronym(mark: Mark) -> bool:
    """Tell whether a name is an acronym of a body; "UK" is no town's initials."""
    return (
        len(mark.words) == 1 and is_acronym(mark.text) and mark.coarse != "person" and find_country(mark.text) is None
    )


def _letters(mark: Mark) -> str:
    return mark.words[0].removesuffix("s") if mark.text.endswith("s") else mark.words[0]


def _tie_only(mark: Mark, fitting: Sequence[int], chains: Chains) -> None:
    """Join an acronym to the one chain that its letters fit; two bodies of the same letters leave it open."""
    if len({chains.find(i) for i in fitting}) == 1:
        nearest = min(fitting, key=lambda i: (abs(i - mark.index), i))
        chains.join(mark.index, nearest, SURE_LETTERS, "its letters are the initials of a name in this article")


def _find_defined(page: Page, place: int, names: Sequence[Mark]) -> tuple[Mark, float] | None:
    """Return the name before "(ACRONYM)", or inside the brackets after it, and how sure that is."""
    mark = names[place]
    for step in (-1, 1):
        if 0 <= place + step < len(names):
            other = names[place + step]
            left, right = sorted((mark, other), key=lambda m: m.start)
            between = page.text[left.end : right.start]
            closed = page.text[right.end : right.end + 1] in {")", ",", ";"}
            if BRACKET.fullmatch(between) and closed and len(other.words) > 1:
                if are_letters_of(_letters(mark), other.text):
                    return other, SURE_DEFINED
                if step == -1 and _may_be_foreign(page, mark, other):
                    return other, SURE_FOREIGN
    return None


def _may_be_foreign(page: Page, mark: Mark, other: Mark) -> bool:
    """Tell whether letters in brackets may be of the name in its own language ("Workers' Front (PLK)")."""
    dateline = DATELINE_END.match(page.text[mark.end : mark.end + 5]) is not None
    bodies = other.coarse == "organisation" and mark.coarse in {"organisation", None}
    return bodies and not dateline and len(content_words(other.text)) > 1
