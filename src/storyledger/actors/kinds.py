"""What kind of thing a name names, where the words around it or in it say so better than the reader.

"the trawler X" is a ship, "X militants" follow an armed group, "X's prime minister" makes X a country, "X Accord" is an
agreement; a lone word that is half of a body's name is that body. Votes only: the reader's type counts too.
"""

from __future__ import annotations

from collections.abc import Sequence

from storyledger.actors.lexicon import load_given_names, load_lexicon
from storyledger.actors.marks import Mark
from storyledger.actors.names import is_acronym
from storyledger.actors.page import Page
from storyledger.nations import find_city, find_country

DESCRIBED = frozenset({"facility", "outlet", "agreement", "armed_group", "weapon_system"})
NATIONAL_OFFICES = frozenset(
    {"minister", "premier", "president", "parliament", "army", "navy", "military", "government", "ambassador"}
)
PLURAL_OVER_PERSON = 12.0  # nobody's one name is a plural: more than the reader's own vote


def settle_kinds(page: Page, names: Sequence[Mark]) -> None:
    """Set the type of each name to what most of its occurrences, and the words around them, speak for."""
    votes: dict[tuple[str, ...], dict[str, float]] = {}
    for mark in names:
        row = votes.setdefault(mark.words, {})
        if mark.type:
            row[mark.type] = row.get(mark.type, 0.0) + mark.score
        for kind, weight in _list_hints(page, mark):
            row[kind] = row.get(kind, 0.0) + weight
    people = {m.words[-1] for m in names if m.type == "person" and len(m.words) > 1}
    bodies = {w for m in names if m.coarse == "organisation" and len(m.words) > 1 for w in (m.words[0], m.words[-1])}
    for mark in names:
        row = votes[mark.words]
        if mark.stands_for is None and row:
            mark.type = max(sorted(row), key=lambda t: row[t])
        if len(mark.words) == 1:
            _settle_single(mark, people, bodies)


def _settle_single(mark: Mark, people: set[str], bodies: set[str]) -> None:
    word = mark.words[0]
    if (
        mark.type == "person"
        and not mark.titles
        and word not in people
        and (word in bodies or (is_acronym(mark.text) and len(word) <= 5))
    ):
        mark.type = "organisation"
    elif (
        mark.type != "person"
        and word in people
        and word not in bodies
        and find_country(mark.text) is None
        and find_city(mark.text) is None
    ):
        mark.type = "person"  # a family name that the reader took for something else


def _list_hints(page: Page, mark: Mark) -> list[tuple[str, float]]:
    """Return (type, weight) for what stands before, after and in the name."""
    heads = load_lexicon()
    found: list[tuple[str, float]] = []
    described = heads.head_types.get(mark.titles[-1]) if mark.titles else None
    if described in DESCRIBED and described != "armed_group" and mark.titles[-1] not in heads.titles:
        found.append((described, 3.0))
    if mark.titles and mark.titles[-1] in heads.ship_prefixes:
        found.append(("facility", 4.0))
    found += _read_own_words(mark)
    if mark.article is not None and mark.type in {"facility", "place", "organisation"} and names_officials(page, mark):
        found.append(("government", 3.0))  # "a Hilltop official", and "the Hilltop": a seat, not a firm
    if len(mark.words) == 1 and mark.type in {"organisation", "person"} and _is_people(page, mark):
        found.append(("group", 3.0 if mark.type == "organisation" else PLURAL_OVER_PERSON))
    after = mark.last
    if (
        after < len(page.tokens)
        and page.tokens[mark.head].head == after
        and page.text[mark.end : page.tokens[after].start].strip() in {"", "-"}
    ):
        follows = heads.head_types.get(page.word(after))
        if (
            follows in {"armed_group", "outlet"}
            and mark.type in {"organisation", "place", "person", None}
            and find_country(mark.text) is None
        ):
            found.append((follows, 8.0))
    if mark.type in {"organisation", "person", "facility"} and _names_weapon(page, mark):
        found.append(("weapon_system", 1.2))  # a maker ("X tanks") has other mentions, that outvote this
    if mark.type == "person" and mark.article is not None and len(mark.words) > 1 and not mark.titles:
        found.append(("facility", 0.7))  # nobody is "the Ann Lee": a ship, a train, a prize
    if mark.type == "organisation" and _is_located(page, mark):
        found.append(("place", 1.0))
    if mark.type in {"place", "organisation"} and len(mark.words) <= 2 and _has_national_office(page, mark):
        found.append(("country", 2.0))
    return found


def _read_own_words(mark: Mark) -> list[tuple[str, float]]:
    heads = load_lexicon()
    if mark.words and mark.words[0] in heads.ship_prefixes and len(mark.words) > 1:
        return [("facility", 4.0)]
    if len(mark.words) < 2:
        return [("government", 1.5)] if mark.words and heads.name_words.get(mark.words[0]) == "government" else []
    if mark.type == "person":
        named = mark.words[0] in load_given_names() or mark.titles
        return [("organisation", 1.0)] if not named and heads.name_words.get(mark.words[-1]) == "organisation" else []
    for word in (mark.words[-1], mark.words[0]):
        kind = heads.name_words.get(word)
        if kind is not None:
            return [(kind, 2.0)]
    return []


def names_officials(page: Page, mark: Mark) -> bool:
    """As in "an X official", "X spokesman": it stands before a noun of office, somewhere in the article."""
    return mark.words in _list_seats(page)


def _list_seats(page: Page) -> set[tuple[str, ...]]:
    """Return the words that stand right before "official" and "officials" in the article."""
    found: set[tuple[str, ...]] = set()
    for i in range(len(page.tokens)):
        if page.lemma(i) in {"official", "spokesman", "spokeswoman", "spokesperson", "administration"} and i:
            run = i
            while (
                run > 0
                and page.text[page.tokens[run - 1].start].isupper()
                and page.tokens[run - 1].end + 1 == page.tokens[run].start
            ):
                run -= 1
                found.add(tuple(page.word(k) for k in range(run, i)))
    return found


def _names_weapon(page: Page, mark: Mark) -> bool:
    """As in "X helicopter gunships", "X missiles": it stands before nouns that end in a word for weapons."""
    head = page.tokens[mark.head].head
    if not mark.last <= head <= mark.last + 2 or head >= len(page.tokens):
        return False
    run = all(page.tokens[i].upos in {"NOUN", "PROPN"} for i in range(mark.last, head + 1))
    kinds = load_lexicon().head_types
    return run and "weapon_system" in {kinds.get(page.word(head)), kinds.get(page.lemma(head))}


def _is_people(page: Page, mark: Mark) -> bool:
    """As in "Quakers", also where only "Quaker" beside it tells that it is a plural; no acronym."""
    word = page.word(mark.head)
    plural = word != page.lemma(mark.head) or word[:-1] in page.words
    return word.endswith("s") and plural and not mark.text.isupper()


def _is_located(page: Page, mark: Mark) -> bool:
    """As in "in X", "off X": bodies are seldom inside which one is."""
    cases = {page.word(c) for c in page.children[mark.head] if page.tokens[c].deprel == "case"}
    return (
        bool(cases & {"in", "near", "off", "across", "outside"})
        and page.tokens[mark.head].deprel in {"obl", "nmod"}
        and len(mark.words) == 1
    )


def _has_national_office(page: Page, mark: Mark) -> bool:
    token = page.tokens[mark.head]
    if token.deprel != "nmod:poss" or token.head == mark.head or find_city(mark.text) is not None:
        return False
    return page.lemma(token.head) in NATIONAL_OFFICES
