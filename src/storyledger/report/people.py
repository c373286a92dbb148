"""By person and body: who they are, what they said, what they did, what was done to them, with whom.

Invariant: what stands under a name is there because the ledger ties it to that actor, in the page's own words; each
telling of one utterance or event once, the earliest. This module must not know HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from storyledger.language import content_stems
from storyledger.report.lookup import Lookup
from storyledger.report.numbers import clip_words
from storyledger.report.sentences import Line, Sentences, count_words
from storyledger.report.wording import say_day
from storyledger.types import Actor, Event, Evidence, Role, Statement

TYPES = frozenset({"person", "organisation", "armed_group", "government", "country", "outlet", "group"})
SURE_SAID, SURE_DONE = 0.5, 0.5  # below, what is tied to a name is for the margin of the pages
SAID_WORDS = 34  # of one utterance; the page has the rest
SHORTEST_SAID, SHORTEST_REPORTED = 4, 5  # words; less says nothing that stands alone
LONGEST_ROLE_WORDS = 8
SAID_AGAIN = 0.6  # of an utterance's words: the sentence tells what stands above already
MOST_ALIASES, MOST_WITH, LEAST_MET = 6, 3, 2
LOUD = {"deny": 0.5, "promise": 0.4, "threaten": 0.4, "demand": 0.4, "ask": 0.0, "think": -0.1, "say": 0.1}


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role as pages state it: since when, on which page first, on how many."""

    words: str
    since: str
    evidence: Evidence | None
    told: int = 1  # origins


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance: a quotation's words, cut where they are long, or the ``line`` that reports it."""

    anchor: str
    statement: Statement
    words: Evidence
    cut: bool
    line: Line | None


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody did or what was done to them, in a sentence that names them."""

    event: Event
    line: Line


@dataclass(slots=True)
class Portrait:
    """An actor with everything that the account says of it."""

    actor: Actor
    anchor: str
    weight: float
    roles: list[RoleLine] = field(default_factory=list)
    known_as: RoleLine | None = None
    aliases: list[str] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    did: list[Done] = field(default_factory=list)
    undergone: list[Done] = field(default_factory=list)
    company: list[str] = field(default_factory=list)  # actor ids


def is_nameable(actor: Actor) -> bool:
    """Tell whether the actor has a name, so that a reader knows who is meant: no number, no description."""
    words = actor.name.split()
    if not words or not any(m.kind == "name" for m in actor.mentions):
        return False
    if any(c.isdigit() for c in words[0]) or len(words) > 6:
        return False
    return any(w[:1].isupper() for w in words[1:]) or (words[0][:1].isupper() and words[0].casefold() != "the")


class Gallery:
    """Draws the portraits of a story's actors."""

    def __init__(self, lookup: Lookup, sentences: Sentences) -> None:
        """Gather what is said and done by whom."""
        self._lookup, self._sentences = lookup, sentences
        self._said: dict[str, list[Statement]] = {}
        told = {a.id for a in lookup.story.documents if a.in_story}
        for statement in lookup.story.statements:
            sure = statement.confidence >= SURE_SAID and statement.content.document in told
            if statement.speaker.actor and sure:
                self._said.setdefault(statement.speaker.actor, []).append(statement)
        self._speaking: dict[tuple[str, int], set[str]] = {}  # by sentence, who speaks in it
        for statement in lookup.story.statements:
            if statement.speaker.actor:
                self._speaking.setdefault(_place(sentences, statement.content), set()).add(statement.speaker.actor)
        self._done: dict[str, list[Event]] = {}
        self._undergone: dict[str, list[Event]] = {}
        for event in lookup.story.events:
            sure = event.confidence >= SURE_DONE and any(m.document in told for m in event.mentions)
            for part in event.participants if sure else ():
                where = self._done if part.role == "actor" else self._undergone
                if event not in where.setdefault(part.actor, []):
                    where[part.actor].append(event)

    def draw(self, most: int, each: int, told_before: set[tuple[str, int]]) -> list[Portrait]:
        """Return the ``most`` actors of most weight, with at most ``each`` utterances and as many deeds.

        Deeds in sentences of ``told_before`` are left to where they are told.
        """
        named = [a for a in self._lookup.story.actors if a.type in TYPES and is_nameable(a)]
        weighed = sorted(((self._weigh(a), a) for a in named), key=lambda row: (-row[0], row[1].name, row[1].id))
        told: set[object] = set(told_before)
        return [self._portray(actor, weight, each, told) for weight, actor in weighed[:most] if weight > 0]

    def _weigh(self, actor: Actor) -> float:
        """By what they say and do; who is only named weighs little, a country or an outlet that does nothing less."""
        origins = len({self._lookup.origin(m.document) for m in actor.mentions})
        said, done = len(self._said.get(actor.id, ())), len(self._done.get(actor.id, ()))
        acts = min(said, 12) + 0.7 * min(done, 12) + 0.4 * min(len(self._undergone.get(actor.id, ())), 8)
        roles = 1.0 if actor.roles else 0.0
        scale = 1.0 if actor.type == "person" else 0.8 if actor.type not in ("country", "outlet", "group") else 0.4
        return scale * (acts + 0.8 * min(origins, 8) + roles) if acts or roles else 0.0

    def _portray(self, actor: Actor, weight: float, each: int, told: set[object]) -> Portrait:
        portrait = Portrait(actor, self._lookup.anchor("a", actor.id), weight)
        roles = list_roles(self._lookup, actor.roles)
        portrait.roles = roles[: max(each, 2)]
        portrait.known_as = choose_role(roles)
        portrait.aliases = _list_aliases(actor)
        portrait.said = self._choose_said(actor.id, each)
        told |= {_place(self._sentences, said.statement.content) for said in portrait.said}
        portrait.did = self._choose_done(actor.id, self._done.get(actor.id, ()), each, told, portrait.said)
        portrait.undergone = self._choose_done(
            actor.id, self._undergone.get(actor.id, ()), max(each // 2, 1), told, portrait.said
        )
        portrait.company = self._find_company(actor.id)
        return portrait

    def _choose_said(self, key: str, most: int) -> list[Said]:
        ranked = sorted(self._said.get(key, ()), key=lambda s: (-self._loudness(s), s.content.document, s.id))
        chosen: list[Statement] = []
        groups: set[str] = set()
        for statement in ranked:
            words = content_stems(statement.content.text)
            like = any(len(words & content_stems(c.content.text)) >= 0.6 * max(min(len(words), 40), 1) for c in chosen)
            least = SHORTEST_SAID if statement.kind == "direct" else SHORTEST_REPORTED
            if like or statement.version_group in groups or count_words(statement.content.text) < least:
                continue
            chosen.append(statement)
            groups |= {statement.version_group} if statement.version_group else set()
            if len(chosen) == most:
                break
        chosen.sort(key=lambda s: (self._said_day(s), s.content.document, s.content.start))
        return [self._make_said(s) for s in chosen]

    def _loudness(self, statement: Statement) -> float:
        quoted = 0.4 if statement.kind == "direct" else 0.2 if statement.kind == "mixed" else 0.0
        denied = 0.4 if statement.polarity == "denied" else 0.0
        words = count_words(statement.content.text)
        return statement.confidence + quoted + denied + LOUD.get(statement.act, 0.0) + 0.02 * min(words, 30)

    def _said_day(self, statement: Statement) -> str:
        said = statement.said_on
        return (said.earliest or said.latest if said else None) or self._lookup.date(statement.content.document) or "9"

    def _make_said(self, statement: Statement) -> Said:
        content = statement.content
        article = self._lookup.articles.get(content.document)
        anchor = self._lookup.anchor("s", statement.id)
        line = self._sentences.line_at(content) if statement.kind != "direct" else None
        if line and line.fit and count_words(line.evidence.text) <= SAID_WORDS:
            return Said(anchor, statement, content, cut=False, line=line)
        if article is None or count_words(content.text) <= SAID_WORDS:
            return Said(anchor, statement, content, cut=False, line=None)
        start = Evidence(content.document, content.start, content.start, "")
        words = clip_words(article.text, content.start, content.end, start, SAID_WORDS)
        return Said(anchor, statement, words, cut=True, line=None)

    def _choose_done(
        self, key: str, events: Iterable[Event], most: int, told: set[object], said: Sequence[Said]
    ) -> list[Done]:
        ranked = sorted(events, key=lambda e: (-e.importance * e.confidence, e.id))
        acting = events is self._done.get(key)
        chosen: list[Done] = []
        quoted = [content_stems(s.statement.content.text) for s in said]
        for event in ranked:
            line = self._find_naming(key, event, told)
            if line and acting and key in self._speaking.get((line.sentence.document, line.sentence.start), ()):
                continue  # what somebody says there is no deed
            if line and acting and self._sentences.first_in(line.sentence, self._is_named) != key:
                continue  # somebody else acts in it
            words = content_stems(line.evidence.text) if line else frozenset()
            again = any(len(words & q) >= SAID_AGAIN * len(q) for q in quoted if q)
            if line and not again and len(chosen) < most:
                told |= {(line.sentence.document, line.sentence.start), line.evidence.text}
                chosen.append(Done(event, line))
        return sorted(chosen, key=lambda d: (self._lookup.date(d.line.sentence.document) or "9", d.line.sentence.start))

    def _find_naming(self, key: str, event: Event, told: set[object]) -> Line | None:
        """Return the shortest telling that names the actor and stands alone, of those not told yet."""
        found = []
        for mention in event.mentions:
            article = self._lookup.articles.get(mention.document)
            line = self._sentences.line_at(mention) if article and article.copy_of is None else None
            place = (line.sentence.document, line.sentence.start) if line else None
            if line and line.fit and place not in told and line.evidence.text not in told:
                names = self._sentences.named_in(line.sentence)
                put = any(p.evidence is None and p.text.strip(" []") == self._lookup.name(key) for p in line.pieces)
                if key in names or put:
                    found.append(line)
        return min(found, key=lambda ln: (count_words(ln.evidence.text), ln.evidence.document), default=None)

    def _is_named(self, key: str) -> bool:
        actor = self._lookup.actors.get(key)
        return actor is not None and actor.type in TYPES and is_nameable(actor)

    def _find_company(self, key: str) -> list[str]:
        """Return whom sentences tell of together with ``key`` in what either does, in two sentences at least."""
        counts: dict[str, int] = {}
        met: dict[tuple[str, int], set[str]] = {}
        for event in dict.fromkeys((*self._done.get(key, ()), *self._undergone.get(key, ()))):
            parts = {p.actor for p in event.participants} - {key}
            for mention in event.mentions:
                sentence = self._sentences.at(mention)
                names = self._sentences.met_in(sentence) if sentence else set()
                if sentence and key in names:
                    met.setdefault((sentence.document, sentence.start), set()).update(parts & names)
        for other in (o for others in met.values() for o in others):
            actor = self._lookup.actors.get(other)
            if actor and is_nameable(actor):
                counts[other] = counts.get(other, 0) + 1
        ranked = sorted((k for k in counts if counts[k] >= LEAST_MET), key=lambda k: (-counts[k], self._lookup.name(k)))
        return ranked[:MOST_WITH]


def list_roles(lookup: Lookup, roles: Sequence[Role]) -> list[RoleLine]:
    """Return the roles in order of time, each once, with the first page that states it."""
    once: dict[str, list[Role]] = {}
    for role in sorted(roles, key=lambda r: (r.earliest or r.latest or "9", r.latest or "9")):
        words = _bare_role(role)
        if words and len(words.split()) <= LONGEST_ROLE_WORDS and re.search(r"[^\W\d_]{2}", words):
            once.setdefault(words.casefold().rstrip("."), []).append(role)
    lines: list[RoleLine] = []
    for group in once.values():
        first = group[0]
        body = first.organisation if first.organisation not in lookup.actors else lookup.name(first.organisation)
        words = _bare_role(first)
        full = words if not body or body.casefold() in words.casefold() else f"{words}, {body}"
        said_already = content_stems(full)
        if any(said_already <= content_stems(line.words) | _GENERIC for line in lines):
            continue
        told = len({lookup.origin(r.evidence.document) for r in group if r.evidence})
        lines.append(RoleLine(full, say_day(first.earliest or first.latest or None), first.evidence, told))
    return lines


def _bare_role(role: Role) -> str:
    """Return a role without its article, and without the title that begins the name behind it: "officer Sir"."""
    words = re.sub(r"^(?:the|a|an|its|his|her|their) ", "", role.role.strip())
    return re.sub(r",? (?:Sir|Dame|Lord|Lady|Dr|Mr|Mrs|Ms|Prof)\.?$", "", words)


def choose_role(roles: Sequence[RoleLine]) -> RoleLine | None:
    """Return the role that stands at a name: what most origins call the actor, no bare title.

    Of several the one that names a body, of those the latest.
    """
    best, rank = None, (False, 0, False)
    for role in roles:
        own = _TITLE.fullmatch(role.words) is None, role.told, "," in role.words
        if best is None or own >= rank:
            best, rank = role, own
    return best


_TITLE = re.compile(r"(?i)\w{1,5}\.|hon|sir|dame|lady|lord|mr|mrs|ms|dr|prof|professor|colonel|general|captain|sister")
_GENERIC = frozenset({"compani", "firm", "group", "bodi", "agenc"})  # "the company's director": which is told before


def _list_aliases(actor: Actor) -> list[str]:
    names = dict.fromkeys(a.text for a in actor.aliases if a.kind == "name" and a.text != actor.name)
    return [n for n in names if n not in actor.name][:MOST_ALIASES]


def _place(sentences: Sentences, evidence: Evidence) -> tuple[str, int]:
    found = sentences.at(evidence)
    return (found.document, found.start) if found else (evidence.document, evidence.start)
