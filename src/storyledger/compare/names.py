"""What the actors say about the sources: one body under several names, one name for two bodies.

Invariant: variants are forms of the name itself; a shorter form of the same name, a title or an
ending is none. This module must not merge or split actors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rapidfuzz.distance import OSA

from storyledger.compare.index import (
    PileIndex,
    cut_evidence,
    make_comparison,
    name_mentions,
    pick_evidence,
    sentence_around,
)
from storyledger.compare.origins import Partition
from storyledger.compare.slots import is_country
from storyledger.compare.words import load_cues
from storyledger.types import Actor, ActorMention, Comparison, Evidence, Side, Story

_BODIES = ("organisation", "armed_group", "government", "agreement", "facility", "weapon_system")
_SPELT = ("person", "organisation", "armed_group", "agreement", "facility", "place", "event_name", "outlet")
_ENDINGS = ("s", "n", "i", "an", "ian", "ish", "ese", "is", "ns", "ians")
_DOTS = re.compile(r"(?<=\b[A-Za-z])\.")
_TOKEN = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_RENAMED = re.compile(
    r"\b(?:formerly|previously|once|renamed|rebranded|now|called|known as|changed its name|also known|better known)\b"
)
MAX_VARIANTS = 8
RENAME_CHARS = 90  # a renaming names both within one clause


def compare_names(story: Story, index: PileIndex) -> list[Comparison]:
    """Return spellings of one name, renamings, and initials that two bodies share."""
    found = []
    for actor in sorted(story.actors, key=lambda a: a.id):
        mentions = name_mentions(index, actor)
        found += _find_spellings(actor, mentions, index)
        found += _find_renamings(actor, mentions, index)
    return found + _find_shared_initials(story, index)


def bare_name(text: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, without titles, countries before titles, articles and endings."""
    titles = load_cues()["titles"]
    words = [w.lower().removesuffix("’s").removesuffix("'s") for w in _TOKEN.findall(_DOTS.sub("", text))]
    ranked = [n for n, w in enumerate(words) if w in titles]
    if (
        ranked
        and all(w in titles or is_country(w) or w == "the" for w in words[: ranked[-1] + 1])
        and ranked[-1] + 1 < len(words)
    ):
        words = words[ranked[-1] + 1 :]
    while len(words) > 1 and words[0] in ("the", "a", "an"):
        words = words[1:]
    return tuple(words)


def _find_spellings(actor: Actor, mentions: Sequence[ActorMention], index: PileIndex) -> list[Comparison]:
    """One comparison for an actor whose name is spelt in several ways."""
    if actor.type not in _SPELT:
        return []
    forms: dict[tuple[str, ...], list[ActorMention]] = {}
    for mention in mentions:
        forms.setdefault(bare_name(mention.text), []).append(mention)
    names = [form for form in forms if form]
    variants = [a for a in names if any(_spelt_apart(a, b) for b in names)]
    if not variants:
        return []
    chosen = sorted(variants, key=lambda f: (-len(f), -len(forms[f]), f))[:MAX_VARIANTS]
    sides = [
        Side(_without_title(forms[f][0].text, f), pick_evidence(index, _places(forms[f], index), 2)) for f in chosen
    ]
    why = f"These are spellings of one name, {actor.name}: the words differ by a few letters."
    return [make_comparison("name_variant", f"{actor.name}: spellings", sides, 0.85, why)]


def _without_title(text: str, form: tuple[str, ...]) -> str:
    """Return the name as it is written, from its first bare word on."""
    starts = [match.start() for match in _TOKEN.finditer(text)]
    return text[starts[-len(form)] :] if len(form) < len(starts) and "." not in text else text


def _places(mentions: Iterable[ActorMention], index: PileIndex) -> list[Evidence]:
    return [cut_evidence(index, m.document, m.start, m.end) for m in mentions]


def _spelt_apart(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Return whether two forms are one name in two spellings: same length, words near but not equal."""
    if a == b or len(a) != len(b):
        return "".join(a) == "".join(b) and a != b
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return all(_near_words(x, y) for x, y in pairs)


def _near_words(a: str, b: str) -> bool:
    """Return whether two different words are one word spelt in two ways: a few letters apart, same start.

    An initial and an inflected form are not another spelling; two short words are two words.
    """
    if min(len(a), len(b)) < 4 or a[0] != b[0] or any(char.isdigit() for char in a + b):
        return False  # the number of a model is no spelling
    short, long = sorted((a, b), key=len)
    if long.startswith(short) and long[len(short) :] in _ENDINGS:
        return False
    return OSA.distance(a, b) <= max(1, min(len(a), len(b)) // 4) + (len(a) >= 6)


def _find_renamings(actor: Actor, mentions: Sequence[ActorMention], index: PileIndex) -> list[Comparison]:
    """One comparison for a body under names that share no word."""
    if actor.type not in _BODIES:
        return []
    forms: dict[tuple[str, ...], list[ActorMention]] = {}
    for mention in mentions:
        form = bare_name(mention.text)
        if form and not _is_acronym(mention.text):
            forms.setdefault(form, []).append(mention)
    groups = Partition()
    for a in forms:
        groups.find(" ".join(a))
        for b in forms:
            if _share_word(a, b) or _spelt_apart(a, b):
                groups.join(" ".join(a), " ".join(b))
    names: dict[str, list[ActorMention]] = {}
    for form, found in forms.items():
        names.setdefault(groups.find(" ".join(form)), []).extend(found)
    if len(names) < 2:
        return []
    clauses = _rename_clauses(list(names.values()), index)
    if not clauses and actor.type not in ("organisation", "armed_group", "agreement"):
        return []
    sides = [Side(group[0].text, pick_evidence(index, _places(group, index), 2)) for group in names.values()]
    sides += [Side("the renaming", pick_evidence(index, clauses, 3))] if clauses else []
    why = f"{len(names)} names without a common word stand for one body, {actor.name}."
    confidence = 0.9 if clauses else 0.55
    return [make_comparison("name_variant", f"{actor.name}: names", sides, confidence, why)]


def _share_word(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Return whether two forms have a word in common, in any form of it; a country is a word."""
    return any(
        x == y or (len(x) >= 4 and len(y) >= 4 and x[:4] == y[:4]) or (is_country(x) and is_country(y))
        for x in a
        for y in b
    )


def _rename_clauses(groups: list[list[ActorMention]], index: PileIndex) -> list[Evidence]:
    """Return the places where two of the names stand in one sentence with a word of renaming."""
    by_document: dict[str, list[tuple[int, int, int]]] = {}
    for number, group in enumerate(groups):
        for m in group:
            by_document.setdefault(m.document, []).append((m.start, m.end, number))
    found = []
    for document, rows in sorted(by_document.items()):
        rows.sort()
        for (s1, _, n1), (_, e2, n2) in pairwise(rows):
            if n1 == n2 or e2 - s1 > RENAME_CHARS:
                continue
            _, end = sentence_around(index, document, s1, e2)
            text = index.articles[document].text
            clause = min((p for p in (text.find(c, e2, end) for c in ",;.") if p >= 0), default=end)
            if _RENAMED.search(text, s1, max(clause, e2)):
                found.append(cut_evidence(index, document, s1, max(clause, e2)))
    return found


def _is_acronym(text: str) -> bool:
    letters = text.replace(".", "").removeprefix("the ").removeprefix("The ")
    return 2 <= len(letters) <= 7 and letters.isupper() and letters.isalpha()


def _find_shared_initials(story: Story, index: PileIndex) -> list[Comparison]:
    """One comparison for each set of initials that means two actors."""
    owners: dict[str, dict[str, list[ActorMention]]] = {}
    for actor in sorted(story.actors, key=lambda a: a.id):
        for mention in name_mentions(index, actor):
            if _is_acronym(mention.text):
                owners.setdefault(
                    mention.text.replace(".", "").removeprefix("the ").removeprefix("The "), {}
                ).setdefault(actor.id, []).append(mention)
    found = []
    for initials, bodies in sorted(owners.items()):
        if len(bodies) < 2:
            continue
        sides = [Side(index.actors[i].name, pick_evidence(index, _places(m, index), 3)) for i, m in bodies.items()]
        why = f"The initials {initials} stand for {len(bodies)} bodies; they are kept apart."
        about = f"{initials}: " + " or ".join(index.actors[i].name for i in bodies)
        found.append(make_comparison("name_variant", about, sides, 0.8, why))
    return found
