"""Which actor says something: candidates from the cast around a statement, and what each looks like as its speaker.

``SPEAKER`` names the numbers for the scorer. A name inside the content counts against its actor; nobody is chosen where
the best candidate is weak. This module must not know contents' edges or scores.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyledger.language.parse import Parse
from storyledger.statements.measures import HOWS
from storyledger.statements.sources import DEFINITE, INDEFINITE, PRONOUNS, TAGS, Said, Sources
from storyledger.statements.sums import highest
from storyledger.statements.view import CLASS, Span
from storyledger.types import CastMention

SPEAKER = {
    "how": "the anchor's kind",
    "type": "the actor's type",
    "at_head": "a mention of it holds the source's head",
    "head_confidence": "how sure the cast is of that mention",
    "head_kind": "name, description or pronoun",
    "exact": "that mention is the source and no more",
    "in_source": "a mention stands elsewhere in the source",
    "apposed": "its name stands in apposition to the source, or right behind it",
    "after_preposition": "it stands behind of, for, at, from or in there",
    "in_sentence": "mentions in the cue's sentence outside the content",
    "subject": "one of them is a subject",
    "named_in_content": "times that the content names it",
    "in_content": "mentions in the content",
    "first_person": "I, my, we in the content that the cast gives to it",
    "previous": "it spoke last",
    "second_last": "it spoke before that",
    "statement_distance": "paragraphs from the statement before",
    "previous_same_paragraph": "it spoke last, in this paragraph",
    "stops_since": "full stops since the statement before",
    "pronoun": "which pronoun the source is",
    "gender_against": "the cast speaks of it with the other pronoun only",
    "gender_for": "the cast speaks of it with this pronoun",
    "he_she": "the source is he or she: 1, and it is a person: 2",
    "it_they": "the source is it or they: 1, and it is no person: 2",
    "mentions": "mentions in the article",
    "named_before": "times that it is named nearby before",
    "recency": "actors mentioned since its last mention",
    "person_recency": "persons mentioned since",
    "subject_before": "the last person that was a subject before this sentence",
    "in_paragraph_before": "mentions in the paragraph before the cue",
    "p_source": "the network's probability of a source on its mention in the source",
    "p_named": "the network's probability that the source is an actor",
    "no_source": "the statement has no source phrase",
    "source_score": "how sure the source phrase is",
    "source_anonymous": "the source's head names nobody",
    "source_indefinite": "the source is indefinite",
    "source_plural": "the source is a plural",
    "source_tag": "the source's part of speech",
    "source_length": "tokens of the source",
    "source_joined": "another is joined to the source: two speak as one",
    "head_in_name": "the source's noun is part of its name",
    "name_alike": "the source's name is part of its name",
    "last_turn": "it had the last turn of the interview",
    "other_turn": "it had the turn before that",
    "mention_distance": "characters to its nearest mention outside the content",
    "paragraph_distance": "paragraphs back to its nearest mention",
    "spoke": "statements of it so far",
    "only_person": "it is the only person around",
    "candidates": "how many candidates there are",
    "outlet": "it is an outlet",
    "own_outlet": "it is this page's own outlet",
    "after_question": "the paragraph before asks",
    "answered": "statements of it so far that followed a question",
    "asked": "questions of it so far",
    "person_rank": "its rank among the article's persons by mentions",
    "at_start": "it is named in the first paragraphs",
}
SPEAKING = frozenset(
    {
        "person",
        "organisation",
        "armed_group",
        "government",
        "country",
        "outlet",
        "publication",
        "group",
        "place",
        "facility",
    }
)
_TYPES = {
    name: n
    for n, name in enumerate(
        ("person", "organisation", "armed_group", "government", "country", "place", "facility", "outlet", "publication",
         "group", "weapon_system", "agreement", "event_name")
    )
}  # fmt: skip
_GENDERS = {"he": "he", "him": "he", "his": "he", "she": "she", "her": "she", "hers": "she"}
_FIRST_PERSON = frozenset({"i", "my", "me", "we", "our"})
_PREPOSITIONS = frozenset({"of", "for", "at", "from", "in"})
_KINDS = {"name": 1.0, "nominal": 2.0, "pronoun": 3.0}
PARAGRAPHS_BACK = 2
LATEST = 6  # speakers of the last statements are candidates
MAIN = 2  # so are the persons that the article speaks of most: whom it interviews, it rarely names again
FIRST_PARAGRAPHS = 3
REMEMBERED = 60  # mentions back for recency
NEVER = 30
FAR_CHARS = 3000
BEHIND_SOURCE = 60
BACK_CHARS = 1500


@dataclass(frozen=True, slots=True)
class Attributed:
    """A statement with its source phrase: its head token, its tokens, how sure it is."""

    said: Said
    head: int | None
    phrase: Span
    score: float


class Company:
    """The cast of one article: who is mentioned where, with which pronouns, as what."""

    def __init__(self, parse: Parse, mentions: Iterable[CastMention], outlet: str | None = None) -> None:
        """Index the mentions."""
        self.parse = parse
        self.mentions = sorted(mentions, key=lambda m: (m.start, -m.end, m.actor))
        self.starts = [m.start for m in self.mentions]
        self.counts = Counter(m.actor for m in self.mentions)
        self.types = {m.actor: m.type for m in self.mentions}
        self.words = {m.actor: frozenset(m.name.lower().split()) for m in self.mentions}
        self.outlet = {a for a, name in ((m.actor, m.name) for m in self.mentions) if outlet and name == outlet}
        self.pronouns: dict[str, set[str]] = defaultdict(set)
        for m in self.mentions:
            gender = _GENDERS.get(parse.text[m.start : m.end].lower())
            if gender is not None and m.kind == "pronoun":
                self.pronouns[m.actor].add(gender)
        persons = Counter(m.actor for m in self.mentions if m.type == "person")
        self.persons = [actor for actor, _ in sorted(persons.items(), key=lambda row: (-row[1], row[0]))]
        start = parse.paragraphs[min(FIRST_PARAGRAPHS, len(parse.paragraphs) - 1)][1] if parse.paragraphs else 0
        self.at_start = {m.actor for m in self.mentions if m.kind == "name" and m.start < start}
        self.tokens = [parse.tokens_over(m.start, m.end) for m in self.mentions]
        self.is_subject = [any(parse.bases[i] == "nsubj" for i in range(a, b)) for a, b in self.tokens]

    def between(self, start: int, end: int) -> range:
        """Return the numbers of the mentions that begin in ``[start, end)``."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))


class Speakers:
    """The speakers of an article's statements, which are asked for in text order."""

    def __init__(self, sources: Sources, company: Company) -> None:
        """Nothing has been said yet."""
        self.sources, self.company = sources, company
        self.view, self.parse, self.sums = sources.view, sources.parse, sources.sums
        self.before: list[tuple[Attributed, str | None]] = []
        self.answered: Counter[str] = Counter()

    def add(self, statement: Attributed, actor: str | None) -> None:
        """Remember who said a statement: the next ones ask for it."""
        self.before.append((statement, actor))
        if actor is not None and self.follows_question(statement):
            self.answered[actor] += 1

    def candidates(self, statement: Attributed) -> dict[str, list[int]]:
        """Return the actors that may speak, each with its mentions around the statement."""
        said, parse = statement.said, self.parse
        first = max(0, said.anchor.paragraph - PARAGRAPHS_BACK)
        at = said.first if said.anchor.cue is None else said.anchor.cue
        end = parse.sentences[int(self.view.sentence_of[at])].end
        if statement.head is not None:
            end = max(end, int(parse.ends_N[statement.head]) + BEHIND_SOURCE)
        if said.anchor.how == "quotation":
            end = max(end, int(parse.ends_N[min(self.view.n - 1, said.last + 14)]))
        found: dict[str, list[int]] = {}
        for k in self.company.between(parse.paragraphs[first][0], end):
            if self.company.mentions[k].type in SPEAKING:
                found.setdefault(self.company.mentions[k].actor, []).append(k)
        latest = [actor for _, actor in self.before[-LATEST:] if actor is not None]
        main = self.company.persons[:MAIN] if statement.head is None else []
        for actor in (*latest, *main):
            found.setdefault(actor, [])
        return {actor: mentions for actor, mentions in found.items() if not self._is_told_of(statement, mentions)}

    def _is_told_of(self, statement: Attributed, mentions: list[int]) -> bool:
        """Say whether the content names an actor that the source does not: then others speak of it."""
        start, end = self.parse.chars(statement.said.first, statement.said.last)
        own = [self.company.mentions[k] for k in mentions]
        if statement.head is not None:
            at = self.parse.starts[statement.head]
            if any(m.start <= at < m.end for m in own):
                return False
        return any(m.kind == "name" and start <= m.start < end for m in own)

    def follows_question(self, statement: Attributed) -> bool:
        """Say whether the paragraph before the statement's asks something."""
        paragraph = statement.said.anchor.paragraph
        if not paragraph:
            return False
        start, end = self.parse.paragraphs[paragraph - 1]
        return self.parse.text[start:end].rstrip(' \n”"').endswith("?")

    def measure(self, statement: Attributed, candidates: dict[str, list[int]]) -> NDArray[np.float32]:
        """Return one row of ``SPEAKER`` numbers for each candidate."""
        shared = {**dict.fromkeys(SPEAKER, 0.0), **self._of_statement(statement), "candidates": float(len(candidates))}
        persons = sum(self.company.types.get(actor) == "person" for actor in candidates)
        recency = self._recency(statement)
        rows = np.zeros((len(candidates), len(SPEAKER)), np.float32)
        for number, (actor, mentions) in enumerate(candidates.items()):
            row = {**shared, **self._of_actor(actor, mentions, statement), **self._of_history(actor, statement)}
            row |= {"recency": recency[0].get(actor, NEVER), "person_recency": recency[1].get(actor, NEVER)}
            row["subject_before"] = float(recency[2] == actor)
            row["only_person"] = float(persons == 1 and self.company.types.get(actor) == "person")
            rows[number] = [row[name] for name in SPEAKER]
        return rows

    # -------------------------------------------------------------- the parts of a row

    def _at(self, statement: Attributed) -> int:
        cue = statement.said.anchor.cue
        return self.parse.starts[statement.said.first if cue is None else cue]

    def _of_statement(self, statement: Attributed) -> dict[str, float]:
        """Return what is the same for all candidates: the source phrase, what was said before."""
        said, head, parse = statement.said, statement.head, self.parse
        row = {"how": float(HOWS[said.anchor.how]), "no_source": float(head is None), "statement_distance": 99.0}
        row["after_question"] = float(self.follows_question(statement))
        if self.before:
            earlier = self.before[-1][0].said
            row["statement_distance"] = float(said.anchor.paragraph - earlier.anchor.paragraph)
            row["stops_since"] = float(self.sums.stops[said.first] - self.sums.stops[min(earlier.last, said.first)])
        if head is None:
            return row
        children = {parse.words[c] for c in parse.children[head]}
        named = any(parse.upos[c] == "PROPN" for c in parse.children[head])
        bare = parse.upos[head] == "NOUN" and not named and not children & (DEFINITE | {"that", "these"})
        first, last = statement.phrase
        row |= {
            "pronoun": float(PRONOUNS.get(parse.words[head], 0)),
            "p_named": float(self.view.tags.named[head]),
            "source_score": statement.score,
            "source_anonymous": float(parse.lemmas[head] in self.sources.anonymous),
            "source_indefinite": float(bool(children & INDEFINITE) or bare),
            "source_plural": float(parse.upos[head] == "NOUN" and parse.lemmas[head] != parse.words[head]),
            "source_tag": float(TAGS.get(parse.upos[head], 7)),
            "source_length": float(last - first),
            "source_joined": float(self.sources.is_joined(head)),
        }
        return row

    def _of_actor(self, actor: str, numbers: list[int], statement: Attributed) -> dict[str, float]:
        """Return what the actor's mentions around the statement say."""
        said, parse, company = statement.said, self.parse, self.company
        start, end = parse.chars(said.first, said.last)
        at = self._at(statement)
        token = said.first if said.anchor.cue is None else said.anchor.cue
        sentence = parse.sentences[int(self.view.sentence_of[token])]
        mentions = [company.mentions[k] for k in numbers]
        inside = [m for m in mentions if start <= m.start < end]
        outside = [k for k in numbers if not start <= company.mentions[k].start < end]
        near = [k for k in outside if sentence.start <= company.mentions[k].start < sentence.end]
        kind = company.types.get(actor, "")
        paragraph = parse.paragraphs[said.anchor.paragraph][0]
        row = {
            "type": float(_TYPES.get(kind, 20)),
            "named_in_content": float(sum(m.kind == "name" for m in inside)),
            "in_content": float(len(inside)),
            "first_person": float(sum(parse.text[m.start : m.end].lower() in _FIRST_PERSON for m in inside)),
            "in_sentence": float(len(near)),
            "subject": float(any(company.is_subject[k] for k in near)),
            "mention_distance": float(min((abs(company.starts[k] - at) for k in outside), default=FAR_CHARS)),
            "paragraph_distance": float(self._paragraphs_back(outside, at, said.anchor.paragraph)),
            "mentions": float(company.counts[actor]),
            "named_before": float(sum(m.kind == "name" and m.start < at for m in mentions)),
            "in_paragraph_before": float(sum(paragraph <= company.starts[k] < at for k in outside)),
            "outlet": float(kind in {"outlet", "publication"}),
            "own_outlet": float(actor in company.outlet),
            "person_rank": float(company.persons.index(actor)) if kind == "person" else float(NEVER),
            "at_start": float(actor in company.at_start),
        }
        if statement.head is not None:
            row |= self._in_source(actor, outside, statement, statement.head)
        return row

    def _paragraphs_back(self, numbers: list[int], at: int, paragraph: int) -> int:
        back = [paragraph - self._paragraph_at(k) for k in numbers if self.company.starts[k] <= at]
        return min(back, default=9)

    def _paragraph_at(self, number: int) -> int:
        token = min(self.company.tokens[number][0], self.view.n - 1)
        return int(self.view.paragraph_of[token])

    def _in_source(self, actor: str, numbers: list[int], statement: Attributed, head: int) -> dict[str, float]:
        """Return how the actor's mentions stand in the source phrase."""
        parse, company, codes = self.parse, self.company, self.view.codes
        at = parse.starts[head]
        start, end = parse.chars(*statement.phrase)
        row = dict.fromkeys(("at_head", "head_confidence", "head_kind", "exact", "in_source", "apposed"), 0.0)
        row |= {"after_preposition": 0.0, "p_source": 0.0}
        for k in numbers:
            m, (first, last) = company.mentions[k], company.tokens[k]
            if m.start <= at < m.end:
                exact = float(m.start >= start - 1 and m.end <= end + 1)
                row |= {"at_head": 1.0, "head_confidence": m.confidence, "head_kind": _KINDS[m.kind], "exact": exact}
            elif start <= m.start < end:
                row["in_source"] = 1.0
                top = parse.bases[parse.span_head(first, last)] if last > first else ""
                set_off = first > 0 and codes[first - 1] == CLASS["comma"]
                joined = m.kind == "name" and (top in {"appos", "flat", "conj"} or set_off)
                row["apposed"] = max(row["apposed"], float(joined))
                before = parse.words[max(0, first - 2) : first]
                row["after_preposition"] = max(row["after_preposition"], float(any(w in _PREPOSITIONS for w in before)))
            elif end <= m.start < end + 4:
                row["apposed"] = max(row["apposed"], 0.5)
            if m.start <= at < m.end or start <= m.start < end:
                row["p_source"] = max(row["p_source"], highest(self.view.tags.source, first, last))
        return row | self._fit_words(actor, head)

    def _fit_words(self, actor: str, head: int) -> dict[str, float]:
        """Return how the source's word fits the actor: gender, number, name."""
        parse, person = self.parse, self.company.types.get(actor) == "person"
        word, tag = parse.words[head], parse.upos[head]
        row = {}
        if word in {"he", "she"}:
            used = self.company.pronouns.get(actor, set())
            row = {"gender_against": float(bool(used) and word not in used), "gender_for": float(word in used)}
            row["he_she"] = 1.0 + person
        elif word in {"it", "they"}:
            row["it_they"] = 1.0 + (not person)
        alike = word in self.company.words.get(actor, frozenset())
        return {**row, "head_in_name": float(alike and tag == "NOUN"), "name_alike": float(alike and tag == "PROPN")}

    def _of_history(self, actor: str, statement: Attributed) -> dict[str, float]:
        """Return what the actor has said so far."""
        spoken = [who for _, who in self.before]
        turns = [
            who for s, who in self.before if who is not None and s.said.anchor.how in {"turn", "answer", "question"}
        ]
        same = bool(self.before) and self.before[-1][0].said.anchor.paragraph == statement.said.anchor.paragraph
        return {
            "previous": float(spoken[-1:] == [actor]),
            "second_last": float(spoken[-2:-1] == [actor]),
            "previous_same_paragraph": float(spoken[-1:] == [actor] and same),
            "last_turn": float(turns[-1:] == [actor]),
            "other_turn": float(turns[-2:-1] == [actor]),
            "spoke": float(spoken.count(actor)),
            "answered": float(self.answered[actor]),
            "asked": float(sum(who == actor and s.said.anchor.how == "question" for s, who in self.before)),
        }

    def _recency(self, statement: Attributed) -> tuple[dict[str, int], dict[str, int], str | None]:
        """Return how many actors, and persons, were mentioned since each one; and the last subject that is a person."""
        company, at = self.company, self._at(statement)
        token = statement.said.first if statement.said.anchor.cue is None else statement.said.anchor.cue
        begin = self.parse.sentences[int(self.view.sentence_of[token])].start
        last = company.between(0, at).stop
        recent = [company.mentions[k].actor for k in range(last - 1, max(-1, last - 1 - REMEMBERED), -1)]
        ranks = {actor: n for n, actor in enumerate(dict.fromkeys(recent))}
        persons = (a for a in dict.fromkeys(recent) if company.types.get(a) == "person")
        back = company.between(max(0, begin - BACK_CHARS), begin)
        subjects = (k for k in reversed(back) if company.is_subject[k] and company.mentions[k].type == "person")
        subject = next((company.mentions[k].actor for k in subjects), None)
        return ranks, {actor: n for n, actor in enumerate(persons)}, subject
