"""Posts that sources dispute: one page's head of a department is another's temporary contractor.

Read from the roles and descriptions that the cast ties to a person. A post and a lesser standing (``cues.toml``) clash
where both are of one body, or the lesser one names none, and neither is told as past while the other is not. Invariant:
two places in the pages say the two. This module must not know offices of state, nor tie descriptions to persons.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from storyledger.compare.index import (
    PileIndex,
    cut_evidence,
    describe_place,
    first_day,
    make_comparison,
    order_evidence,
    pick_evidence,
    published_on,
)
from storyledger.compare.words import content_stems, cue_set, stem_word
from storyledger.types import Actor, ActorMention, Comparison, Evidence, Side, Story, Token

MOST_PERSONS = 400  # of a pile, those with most mentions: a post that is disputed is somebody's of whom much is told
SURE = 0.8  # ten of ten were marked ones on the training piles, and few were shown
YEAR = 366  # days between the pages: later he may have become the other
_PAST = re.compile(
    r"\b(?:former|formerly|ex|late|then|retired|one-?time|once|until|future|incoming|next)\b", re.IGNORECASE
)
_CUT = re.compile(r"[,;:(“”\"]| who | whose | which | that ")
_BODY = re.compile(r" (?:of|to|at|for|in) (?:the )?(?:[\w’'-]+ ?){1,4}(?=[,.;:]|$)")
_BEFORE_NOUN = ("det", "amod", "compound", "nmod:poss")
# who "will be an adviser" has no such post yet
_NOT_YET = frozenset(("will", "would", "shall", "may", "might", "could", "should", "to"))
_HOLDING = cue_set("holding")
REACH = 8  # tokens between a verb and the noun that it says of its subject
_COMPLEMENT = re.compile(r" (?:of|to|at|for|with|in|on|from) |’s |'s ")


@dataclass(frozen=True, slots=True)
class Post:
    """What one place calls a person, without what follows its noun phrase."""

    text: str
    lesser: bool
    standings: frozenset[str]  # the words for a lesser standing in it, also where another raises one
    past: bool
    body: frozenset[str]  # stems of what it names beside the post itself
    open: bool  # it names nothing that it is a post of
    place: Evidence


def compare_posts(story: Story, index: PileIndex) -> list[Comparison]:
    """Return the persons whom some places give a post and others a lesser standing in the same body."""
    persons = [a for a in story.actors if a.type == "person"]
    known = sorted(persons, key=lambda a: (-len(a.mentions), a.id))[:MOST_PERSONS]
    return [c for actor in sorted(known, key=lambda a: a.id) for c in _clash(actor, find_posts(actor, index), index)]


def find_posts(actor: Actor, index: PileIndex) -> list[Post]:
    """Return the posts and lesser standings that descriptions and roles of the actor name, each place once."""
    places = [r.evidence for r in actor.roles if r.evidence is not None]
    places += [cut_evidence(index, m.document, m.start, m.end) for m in actor.mentions if m.kind == "nominal"]
    places += find_predicates(actor, index)
    found = [read_post(place) for place in order_evidence(index, places)]
    return [post for post in found if post is not None]


def find_predicates(actor: Actor, index: PileIndex) -> list[Evidence]:
    """Return the noun phrases that sentences say of the actor: "she was a trainee", "acted as an adviser"."""
    by_document: dict[str, list[ActorMention]] = {}
    for m in actor.mentions:
        by_document.setdefault(m.document, []).append(m)
    return [
        place
        for document, mentions in sorted(by_document.items())
        if document in index.readings and document in index.compared
        for place in _read_predicates(document, mentions, index)
    ]


def _read_predicates(document: str, mentions: Sequence[ActorMention], index: PileIndex) -> list[Evidence]:
    tokens = index.readings[document].tokens
    found = []
    for m in mentions:
        first = bisect_left(tokens, m.start, key=lambda t: t.start)
        last = bisect_left(tokens, m.end, key=lambda t: t.start)
        head = next((n for n in range(first, last) if not first <= tokens[n].head < last), None)
        if head is None or tokens[head].deprel not in ("nsubj", "nsubj:pass", "obj"):
            continue
        verb = tokens[head].head
        nouns = dict.fromkeys((verb, *range(max(0, verb - REACH), min(len(tokens), verb + REACH))))
        said = (n for n in nouns if tokens[n].upos == "NOUN" and _is_said(tokens, n, verb, tokens[head].deprel))
        found += [_phrase(tokens, n, document, index) for n in said]
    return found


def _is_said(tokens: Sequence[Token], noun: int, verb: int, relation: str) -> bool:
    """Return whether the noun is what the subject is ("was a clerk"), or as what it acts or is described."""
    near = range(max(0, noun - REACH), min(len(tokens), noun + 2))
    if any(tokens[n].head == verb and tokens[n].lemma.lower() in _NOT_YET for n in range(max(0, verb - REACH), verb)):
        return False
    if noun == verb:
        return relation == "nsubj" and any(tokens[n].deprel == "cop" and tokens[n].head == noun for n in near)
    under = tokens[noun].head == verb and tokens[noun].deprel.startswith("obl")
    under = under and tokens[verb].lemma.lower() in _HOLDING
    return under and any(tokens[n].lemma == "as" and tokens[n].head == noun for n in near)


def _phrase(tokens: Sequence[Token], noun: int, document: str, index: PileIndex) -> Evidence:
    """Return a noun with its article and adjectives, and with what it is a post of."""
    start = noun
    while start > 0 and tokens[start - 1].head == noun and tokens[start - 1].deprel in _BEFORE_NOUN:
        start -= 1
    text, end = index.articles[document].text, tokens[noun].end
    of = _BODY.match(text, end)
    return cut_evidence(index, document, tokens[start].start, of.end() if of else end)


def read_post(place: Evidence) -> Post | None:
    """Return the post that a description names in its first noun phrase, or None."""
    phrase = _CUT.split(place.text, maxsplit=1)[0]
    words = re.findall(r"[\w-]+", phrase.casefold())
    lesser, posts = cue_set("lesser_posts"), cue_set("full_posts")
    low = any(w in lesser and not _is_raised(words, n) for n, w in enumerate(words))
    if not low and not any(w in posts or w in lesser for w in words):
        return None
    own = {stem_word(w) for w in (*lesser, *posts, *cue_set("mere"))}
    return Post(
        phrase.strip(), low, lesser.intersection(words), bool(_PAST.search(phrase)), content_stems(phrase) - own,
        _COMPLEMENT.search(phrase) is None, place,
    )  # fmt: skip


def _is_raised(words: Sequence[str], at: int) -> bool:
    """Return whether the words beside a lesser standing make it a post: "chief adviser", "assistant director"."""
    if any(w in cue_set("raising") for w in words[:at]):
        return True
    return words[at] == "assistant" and any(w in cue_set("full_posts") for w in words[at + 1 : at + 2])


def _clash(actor: Actor, posts: Sequence[Post], index: PileIndex) -> list[Comparison]:
    full, low = [p for p in posts if not p.lesser], [p for p in posts if p.lesser]
    pairs = [(a, b) for a in full for b in low if _disagree(a, b, index)]
    if not pairs:
        return []
    sides = []
    for chosen in zip(*pairs, strict=True):
        kept = list(dict.fromkeys(chosen))
        evidence = pick_evidence(index, (p.place for p in kept))
        sides.append(Side(f"{kept[0].text} ({describe_place(index, kept[0].place)})", evidence))
    why = f"{actor.name} is given a post by one side and a lesser standing by the other, at one time."
    return [make_comparison("role_conflict", f"{actor.name}: post", sides, SURE, why)]


def _disagree(full: Post, low: Post, index: PileIndex) -> bool:
    days = [published_on(index.articles[p.place.document]) for p in (full, low)]
    if not days[0] or not days[1] or abs((first_day(days[0]) - first_day(days[1])).days) > YEAR:
        return False
    if full.standings & low.standings:
        return False  # "a senior adviser" is "an adviser", said in full
    of_one = bool(full.body & low.body) or (low.open and not low.body)
    return of_one and full.past == low.past
