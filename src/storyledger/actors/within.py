"""One article's mentions brought together: the sieves in order, then what the article tells of each actor.

Pure: (article, reading) -> DocumentActors. Knows no other article and no judgement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from storyledger.actors.chains import Chains, Tie
from storyledger.actors.contexts import read_contexts
from storyledger.actors.documents import DocumentActors, Link, LocalActor
from storyledger.actors.marks import Mark, read_marks
from storyledger.actors.metonyms import mark_metonyms
from storyledger.actors.names import find_age, is_acronym, parse_person
from storyledger.actors.page import Page
from storyledger.actors.quotations import read_sayers, tie_same_quote, tie_writers
from storyledger.actors.references import Record, tie_references
from storyledger.actors.roles import find_roles
from storyledger.actors.sieves import tie_names
from storyledger.actors.somebody import SURE, Described, judge, names_a_kind
from storyledger.types import ActorMention, Article, MentionKind, Reading

ACTOR_TYPES = frozenset(
    {"person", "organisation", "armed_group", "government", "country", "place", "facility", "weapon_system"}
    | {"agreement", "event_name", "outlet", "publication", "group"}
)  # fmt: skip
SHOWN_TITLE_CHARS = 40
SURE_OUTLET = 0.6  # below, "we" of the page stays open
VOICE_WEIGHT = 10.0  # of the type of who only says "we" or "I": as of one name
SPEAKS = 3  # the column of ``Page.standing``: source of a statement, and an actor
SURE_SPEAKS = 0.5
SPEAKING = frozenset({"obl", "obj", "root", "conj", "dep", "parataxis"})  # beside a subject: "according to the audit"


def resolve_document(article: Article, reading: Reading) -> DocumentActors:
    """Return the article's actors with their mentions, in order of first mention.

    Names first, then quotations, then descriptions and pronouns. What is only described is kept where it can act (a
    person, a body, a group); a pronoun alone is nobody. Deterministic; linear in the number of mentions but for the
    sort.
    """
    if not reading.tokens or not reading.mentions:
        return DocumentActors(article.id, ())
    page = Page(article, reading)
    marks = read_marks(reading, page)
    chains = chain_mentions(page, reading, marks)
    sure = article.outlet is not None and "." not in article.outlet  # a host is no name of who speaks
    outlet = article.outlet if sure and (article.outlet_confidence or 1.0) >= SURE_OUTLET else None
    voices = {v.chain: v for v in tie_writers(page, marks, chains, outlet, article.authors)}
    groups = choose_actors(page, marks, chains, frozenset(voices))
    place = {chains.find(g[0]): n for n, g in enumerate(groups)}
    ties: dict[int, list[Tie]] = {}
    for tie in chains.ties:
        ties.setdefault(chains.find(tie.a), []).append(tie)
    actors = [
        _make_actor(article, page, marks, chains, group, ties.get(chains.find(group[0]), []), place) for group in groups
    ]
    for chain, voice in voices.items():
        named = replace(actors[place[chain]], names=(voice.name,), types=((voice.type, VOICE_WEIGHT),))
        actors[place[chain]] = named
    return DocumentActors(article.id, tuple(actors))


def chain_mentions(page: Page, reading: Reading, marks: list[Mark], record: Record | None = None) -> Chains:
    """Return the chains of all marks: the room's coreference, before it is asked what an actor is."""
    chains = Chains(marks)
    if marks:
        mark_metonyms(page, marks)
        tie_names(page, marks, chains)
        sayers = read_sayers(page, reading, marks)
        tie_same_quote(marks, chains, sayers)
        tie_references(page, marks, chains, sayers, record)
    return chains


def choose_actors(page: Page, marks: list[Mark], chains: Chains, voices: frozenset[int]) -> list[list[int]]:
    """Return the chains that are actors, by their marks: those with a name, who speaks, whom the page describes so."""
    names = [m for m in marks if m.kind == "name"]
    found, asked = {}, []
    for group in chains.groups():
        members, chain = [marks[i] for i in group], chains.find(group[0])
        named = [m for m in members if m.kind == "name"]
        if named:
            typed = decide_type(members)[0][0] in ACTOR_TYPES
            found[chain] = typed or (len(members) > 1 and not any(m.type for m in named))
        elif any(_speaks(page, m) for m in members) and not _belongs(members, names):
            found[chain] = True  # "the audit found": who is told to speak is somebody, whatever the noun
        elif any(m.kind == "nominal" for m in members):
            asked.append((chain, members))
    described = Described(page, marks)
    if described.is_read and asked:
        rows = [described.measure(members, decide_type(members)[0][0]) for _, members in asked]
        found |= zip((chain for chain, _ in asked), (judge(rows) >= SURE).tolist(), strict=True)
    elif asked:
        found |= {chain: any(names_a_kind(m) for m in members) for chain, members in asked}
    return [g for g in chains.groups() if found.get(chains.find(g[0])) or chains.find(g[0]) in voices]


def _speaks(page: Page, mark: Mark) -> bool:
    """Tell whether a description is who says something, as the second network reads it: its head, not a word in it."""
    stands = mark.is_subject or mark.deprel.split(":")[0] in SPEAKING
    return mark.kind == "nominal" and stands and float(page.standing[mark.head, SPEAKS]) > SURE_SPEAKS


def _belongs(members: Sequence[Mark], names: Sequence[Mark]) -> bool:
    """Tell whether a text or a thing that speaks is somebody's who is named in its phrase: then that one speaks."""
    things = [m for m in members if m.type is None or m.coarse == "thing"]
    return any(m.start <= n.start < m.end for m in things for n in names)


def decide_type(members: list[Mark]) -> list[tuple[str, float]]:
    """Return the types of a chain with their weight, heaviest first; names outweigh descriptions."""
    votes: dict[str, float] = {}
    for mark in members:
        if mark.type and mark.kind != "pronoun":
            votes[mark.type] = votes.get(mark.type, 0.0) + mark.score * (10.0 if mark.kind == "name" else 1.0)
    return sorted(votes.items(), key=lambda v: (-v[1], v[0])) or [("unknown", 0.0)]


def _make_actor(
    article: Article,
    page: Page,
    marks: list[Mark],
    chains: Chains,
    group: list[int],
    ties: list[Tie],
    place: dict[int, int],
) -> LocalActor:
    members = [marks[i] for i in group]
    position = {i: n for n, i in enumerate(group)}
    confidence = {t.a: t.probability for t in ties}
    why = {t.a: t.reason for t in ties}
    roles, bodies = find_roles(article, page, marks, chains, members)
    titles = [
        t for m in members for t in (m.titles if m.kind == "name" else (m.head_word,) if m.kind == "nominal" else ())
    ]
    return LocalActor(
        mentions=tuple(_make_mention(article, m, confidence.get(m.index, 1.0), why.get(m.index)) for m in members),
        links=tuple(Link(position[t.a], position[t.b], round(t.probability, 4), t.reason) for t in ties),
        names=order_names([m for m in members if m.kind == "name"]),
        types=tuple((t, round(w, 4)) for t, w in decide_type(members)),
        titles=tuple(dict.fromkeys(titles)),
        gender=_decide_gender(members, confidence),
        plural=any(m.plural for m in members if m.kind != "pronoun"),
        stands_for=next((m.stands_for for m in members if m.stands_for), None),
        roles=roles,
        affiliations=tuple(
            n for b in bodies if (n := place.get(b)) is not None and n != place.get(chains.find(group[0]))
        ),
        ages=_list_ages(article, members),
        contexts=read_contexts(page, members),
    )


SURE_GENDER = 1.0  # a title, a sure pronoun, or two


def _decide_gender(members: list[Mark], confidence: dict[int, float]) -> str | None:
    """Return the gender that titles and pronouns agree on, each as sure as its tie; a given name counts half."""
    votes: Counter[str] = Counter()
    for mark in members:
        if mark.gender in {"male", "female"}:
            guessed = mark.kind == "name" and not mark.titles
            sure = 0.5 if guessed else confidence.get(mark.index, 1.0) if mark.kind == "pronoun" else 1.0
            votes[mark.gender] += sure  # type: ignore[assignment]  # weights in a Counter
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < SURE_GENDER / 2:
        return None
    other = ranked[1][1] if len(ranked) > 1 else 0.0
    return ranked[0][0] if ranked[0][1] > 2 * other else None


def _list_ages(article: Article, members: list[Mark]) -> tuple[tuple[int, int], ...]:
    year = (article.published or "")[:4]
    ages = (find_age(article.text, m.start, m.end) for m in members if m.kind == "name" and m.coarse == "person")
    return tuple(sorted({(age, int(year)) for age in ages if age is not None})) if year.isdigit() else ()


def _make_mention(article: Article, mark: Mark, confidence: float, why: str | None) -> ActorMention:
    """Return the mention as shown: a name with its article ("the Senate") or a person's title ("Sgt Smith")."""
    start = mark.start if mark.article is None else mark.article
    if mark.coarse == "person" and mark.title_span is not None and mark.start - mark.title_span[0] <= SHOWN_TITLE_CHARS:
        start = mark.title_span[0]
    kind = cast("MentionKind", mark.kind)
    return ActorMention(article.id, start, mark.end, article.text[start : mark.end], kind, round(confidence, 4), why)


def order_names(members: list[Mark]) -> tuple[str, ...]:
    """Return the distinct forms, the fullest first: most words, no acronym, most often, earliest."""
    counts = Counter(m.text for m in members)
    first: dict[str, int] = {}
    for mark in members:
        first.setdefault(mark.text, mark.index)

    def rank(text: str) -> tuple[int, bool, int, int]:
        person = parse_person(text)
        full = len(person.given) if person and any(m.coarse == "person" for m in members) else len(text.split())
        return -min(full, 4), is_acronym(text), -counts[text], first[text]

    return tuple(sorted(counts, key=rank))
