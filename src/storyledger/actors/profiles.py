"""What is compared across articles: local actors of one name seen as one profile.

Invariant: local actors with equal names, class and gender share a profile, so that the work grows with the number of
distinct names and not with the number of articles. This module must not know how profiles are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from storyledger.actors.documents import DocumentActors, LocalActor
from storyledger.actors.identity import GENERATIONS, NOBODY, Identity, find_nations
from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import COARSE
from storyledger.actors.names import PersonName, content_words, is_acronym, parse_person, spell_initials, split_words
from storyledger.nations import find_country, find_demonym

COMPANY_NAMES = 40  # names of an article that count as the company of each of its actors


@dataclass(frozen=True, slots=True)
class Node:
    """A local actor and where it stands: ``key`` sorts nodes the same way whatever the order of the pages."""

    key: tuple[str, str, int, int]
    document: str
    number: int
    actor: LocalActor


@dataclass(frozen=True, slots=True)
class Profile:
    """The names of a local actor, taken apart; see the features in ``pairs.py`` for what each is asked for."""

    forms: tuple[tuple[str, ...], ...]
    person: bool | None  # None: one word, no title, no "he" or "she": the reader may be wrong
    coarse: str | None
    people: tuple[PersonName, ...]
    single: str | None  # the only name is this one word of a person
    gender: str | None
    acronyms: frozenset[str]
    initials: frozenset[str]
    expansions: tuple[tuple[str, tuple[str, ...]], ...]  # (acronym, the words that it stands for here)
    spelt_out: tuple[tuple[str, ...], ...]  # forms that are no acronym, content words only
    country: str | None
    government: str | None
    named: bool
    identity: Identity = NOBODY


def settle_types(nodes: Sequence[Node]) -> list[Node]:
    """Return the nodes with the types that the whole pile gives to their names: what most pages say of a form counts.

    A rare name's type wavers from page to page.
    """
    votes: dict[tuple[str, ...], Counter[str]] = {}
    for node in nodes:
        for form in _list_forms(node.actor):
            votes.setdefault(form, Counter()).update(dict(node.actor.types))
    return [_retype(node, votes) for node in nodes]


def _retype(node: Node, votes: dict[tuple[str, ...], Counter[str]]) -> Node:
    forms = _list_forms(node.actor)
    if not forms:
        return node
    fullest = max(forms, key=len)
    ranked = tuple(sorted(votes[fullest].items(), key=lambda v: (-v[1], v[0])))
    return replace(node, actor=replace(node.actor, types=ranked))


def _list_forms(actor: LocalActor) -> list[tuple[str, ...]]:
    """Return the forms that may vote: a capital that stands for its government is not the town of that name."""
    names = actor.names if actor.stands_for is None else ()
    return [words for t in names if (words := split_words(t))]


def make_profile(actor: LocalActor) -> Profile:
    """Return the profile of a local actor; one that is only described has its description as its form."""
    names = actor.names
    coarse = COARSE.get(actor.types[0][0]) if actor.types else None
    person = _is_person(actor, coarse)
    texts = names or tuple(m.text for m in actor.mentions[:1])
    forms = tuple(dict.fromkeys(words for t in texts if (words := split_words(t))))
    people = () if person is False else tuple(dict.fromkeys(p for t in names if (p := parse_person(t)) is not None))
    lone = people[0].family if people and not any(p.given or p.suffix in GENERATIONS for p in people) else None
    spelt = tuple(dict.fromkeys(words for t in names if (words := content_words(t))))  # not of "The" or "“"
    government = actor.stands_for
    return Profile(
        forms=forms,
        person=person,
        coarse=coarse,
        people=people,
        single=lone,
        gender=actor.gender,
        acronyms=frozenset()
        if person
        else frozenset(split_words(t)[0] for t in names if is_acronym(t) and find_country(t) is None),
        initials=frozenset() if person else frozenset().union(*(spell_initials(t) for t in names)),
        expansions=() if person else _list_expansions(names),
        spelt_out=() if person else spelt,
        country=None if government or person is not False else next((c for t in names if (c := find_country(t))), None),
        government=government,
        named=bool(names),
        identity=identify_actor(actor, person, people),
    )


def identify_actor(actor: LocalActor, person: bool | None, people: Sequence[PersonName]) -> Identity:
    """Return what a local actor cannot share with another and still be one; see ``identity.py``."""
    told = load_lexicon().title_gender  # pronouns may be tied wrongly: they are weighed (``other_gender``), no bar
    genders = frozenset(g for t in actor.titles if person and (g := told.get(t)))
    genders = genders if len(genders) == 1 else frozenset()
    if person is not False:
        full = tuple(p for p in people if p.given)
        kinds = frozenset({"person"} if person and (full or actor.titles) else ())
        return Identity(people=full, genders=genders, kinds=kinds, ages=frozenset(actor.ages))
    codes = {c for t in actor.names if (c := find_country(t))} if actor.stands_for is None else set()
    full_names = [content_words(t) for t in actor.names if not is_acronym(t) and find_country(t) is None]
    bodies = tuple(dict.fromkeys(w for w in full_names if len(w) > 1))
    coarse = COARSE.get(actor.types[0][0]) if actor.types else None
    nations = frozenset().union(*(find_nations(w) for w in bodies)) if coarse == "organisation" else frozenset()
    kinds = frozenset({"other"} if bodies or codes else ())
    return Identity(bodies=bodies, countries=frozenset(codes), nations=nations, kinds=kinds)


def _is_person(actor: LocalActor, coarse: str | None) -> bool | None:
    if not actor.names or (coarse != "person" and not _may_be_person(actor, coarse)):
        return False
    sure = actor.gender is not None or actor.titles or any(len(split_words(n)) > 1 for n in actor.names)
    return True if sure and coarse == "person" else None


def _may_be_person(actor: LocalActor, coarse: str | None) -> bool:
    """One capitalised word taken for a body may be a family name that the article never gives in full."""
    lone = all(len(split_words(n)) == 1 and not n.isupper() for n in actor.names)
    return (
        coarse in {"organisation", None} and lone and find_country(actor.names[0]) is None and actor.stands_for is None
    )


def _list_expansions(names: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every name of several words is the expansion of any of its possible initials."""
    rows = ((letters, content_words(t)) for t in names if not is_acronym(t) for letters in spell_initials(t))
    return tuple(sorted((letters, words) for letters, words in rows if len(words) > 1))


def is_telling_description(profile: Profile) -> bool:
    """Tell whether a description says enough to be the same thing in another article ("Iraqi officials" kind)."""
    return (
        any(find_demonym(w.capitalize()) or find_country(w) for form in profile.forms for w in form)
        and len(profile.forms[0]) >= 2
    )


def list_company(documents: Sequence[DocumentActors]) -> dict[str, frozenset[tuple[str, ...]]]:
    """Return for each document the names that stand in it most, as the company of each of its actors."""
    company = {}
    for document in documents:
        counts = Counter({split_words(a.names[0]): len(a.mentions) for a in document.actors if a.names})
        ranked = sorted(counts.items(), key=lambda c: (-c[1], c[0]))
        company[document.document] = frozenset(words for words, _ in ranked[:COMPANY_NAMES])
    return company


@dataclass(slots=True)
class Bundle:
    """All nodes of one profile with what their articles say of them together."""

    profile: Profile
    nodes: list[Node]
    documents: frozenset[str]
    titles: frozenset[str]
    bodies: frozenset[str]
    company: frozenset[tuple[str, ...]]
    longer: int = 0  # distinct longer names that begin or end with the one short name
    rivals: int = 1  # people in the pile with this family name and other given names
    spellings: int = 1  # bodies of the pile that have an acronym of its own
    namesakes: int = 1  # people in the pile with this given name and other family names


def bundle_nodes(nodes: Sequence[Node], company: dict[str, frozenset[tuple[str, ...]]]) -> list[Bundle]:
    """Return the nodes by profile, in order of their first node."""
    groups: dict[Profile, list[Node]] = {}
    for node in nodes:
        groups.setdefault(make_profile(node.actor), []).append(node)
    return [_make_bundle(profile, group, company) for profile, group in groups.items()]


def _make_bundle(profile: Profile, nodes: list[Node], company: dict[str, frozenset[tuple[str, ...]]]) -> Bundle:
    around: Counter[tuple[str, ...]] = Counter()
    for node in nodes[:50]:
        around.update(company.get(node.document, frozenset()))
    own = set(profile.forms)
    return Bundle(
        profile,
        nodes,
        frozenset(n.document for n in nodes),
        frozenset(t for n in nodes for t in n.actor.titles),
        frozenset(r.organisation for n in nodes for r in n.actor.roles if r.organisation),
        frozenset(w for w, _ in around.most_common(200) if w not in own),
    )
