"""Which actor says something: candidates from the cast around a statement, and what each looks like as its speaker.

``SPEAKER`` names the numbers for the scorer. A name inside the content counts against its actor; nobody is chosen where
the best candidate is weak. This module must not know contents' edges or scores.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from storyledger.language.parse import Parse
from storyledger.statements.measures import HOWS
from storyledger.statements.sources import DEFINITE, INDEFINITE, RELATIONS, TAGS, Said, Sources, pronoun_of
from storyledger.statements.sums import highest
from storyledger.statements.view import CLASS, Span
from storyledger.statements.words import load_words
from storyledger.types import CastMention

# who issues what is written: "a statement from the ministry on the strike" is the ministry's
ISSUING = frozenset({"person", "organisation", "government", "armed_group", "country", "outlet", "group"})
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
    "names": "times that the article names it",
    "described": "the source's noun describes it elsewhere in the article",
    "possessor": "the source is its, by a possessive: his lawyer, the company's office",
    "preposition": "which preposition its mention in the source stands behind",
    "source_proxy": "the source's noun is one that speaks for somebody",
    "source_document": "the source is a text, a court or a study",
    "best_source": "how well a mention of it does as the source",
    "best_source_other": "how well another's does",
    "other_at_head": "a mention of another holds the source's head",
    "title_against": "the title before its name is for the other pronoun",
    "persons_since": "persons mentioned since the statement before, but for it",
    "in_sentence_before": "mentions in the sentence before the statement's",
    "subject_sentence_before": "one of them is a subject",
    "subject_sentence_behind": "one in the sentence behind is a subject",
    "starts_paragraph": "the statement begins its paragraph",
    "ends_paragraph": "it ends it",
    "previous_how": "the kind of the anchor before",
    "run": "how many statements without a source came before this one",
    "in_heading": "the page's headings name it",
    "source_deprel": "the source's relation to its head",
    "other_recency": "bodies mentioned since its last mention",
    "other_subject_before": "the last body that was a subject before this sentence",
    "other_rank": "its rank among the article's bodies by mentions",
    "noun_person": "how often the source's noun describes a person",
    "noun_against": "how seldom that noun describes its kind",
    "owns": "how often the article says that the source's noun is its: the inquiry's report, his lawyer",
    "fits": "its kind and gender are what the source's word asks for",
    "fit_rank": "its rank among those that fit, the last mentioned first",
    "fit_count": "how many fit",
    "previous_open": "nobody was found for the statement before: 1, in this paragraph: 2",
    "first_named": "its rank among the article's persons by where they are first named",
    "quoted_names": "share of its names that stand in quotations: others speak of it",
    "asked_of": "times that a paragraph which asks something names it",
    "fills_paragraph": "the statement fills its paragraph",
    "page_answers": "paragraphs of the article that are one quotation",
    "page_questions": "paragraphs of the article that end with a question mark",
    "other_head_named": "another whose mention holds the source's head has a name in the article",
    "other_head_mentions": "mentions of that other",
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
HEADINGS = frozenset({"title", "deck", "heading"})
_GENDERS = {"he": "he", "him": "he", "his": "he", "she": "she", "her": "she", "hers": "she"}
_FIRST_PERSON = frozenset({"i", "my", "me", "we", "our"})
_PREPOSITIONS = {"of": 1.0, "for": 2.0, "at": 3.0, "from": 4.0, "in": 5.0, "by": 6.0}
_TITLES = {
    "mr": "he",
    "sir": "he",
    "lord": "he",
    "mrs": "she",
    "ms": "she",
    "miss": "she",
    "madam": "she",
    "lady": "she",
}
_OWNING = frozenset({"of", "by", "from", "for"})
_KINDS = {"name": 1.0, "nominal": 2.0, "pronoun": 3.0}
FITS, FIT_RANK, FIT_COUNT = (list(SPEAKER).index(name) for name in ("fits", "fit_rank", "fit_count"))
PARAGRAPHS_BACK = 2
LATEST = 6  # speakers of the last statements are candidates
MAIN = 4  # so are the persons that the article speaks of most: whom it interviews, it rarely names again
FIRST_PARAGRAPHS = 3
REMEMBERED = 60  # mentions back for recency
NEVER = 30
NO_NOUN = -1.0
UNKNOWN_NOUN = 0.5
NOT_ITS_KIND = 0.6
FAR_CHARS = 3000
BEHIND_SOURCE = 60
BACK_CHARS = 1500
FARTHEST_CHARS = 12_000  # a paragraph without an end would give each statement all mentions before it
BEHIND_PHRASE = 4  # characters: a comma, a dash
BEHIND_END = 2  # tokens: the closing mark, the full stop


@dataclass(frozen=True, slots=True)
class Attributed:
    """A statement with its source phrase: its head token, its tokens, how sure it is.

    ``heads``: what each phrase that was asked about is worth as the source, by its head token.
    """

    said: Said
    head: int | None
    phrase: Span
    score: float
    heads: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recent:
    """Actors of one kind before a statement: how many were mentioned since each, and the last that was a subject."""

    ranks: Mapping[str, int]
    subject: str | None


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
        for m in self.mentions:
            if m.gender is not None:  # all pages together know better than the pronouns tied on this one
                self.pronouns[m.actor] = {m.gender}
        self.persons = self._rank("person")
        self.bodies = self._rank(*(SPEAKING - {"person"}))
        start = parse.paragraphs[min(FIRST_PARAGRAPHS, len(parse.paragraphs) - 1)][1] if parse.paragraphs else 0
        self.at_start = {m.actor for m in self.mentions if m.kind == "name" and m.start < start}
        self.tokens = [parse.tokens_over(m.start, m.end) for m in self.mentions]
        self.is_subject = [any(parse.bases[i] == "nsubj" for i in range(a, b)) for a, b in self.tokens]
        self.in_heading = {
            m.actor
            for m, (first, last) in zip(self.mentions, self.tokens, strict=True)
            if last > first and parse.sentences[parse.sentence_of_N[first]].kind in HEADINGS
        }
        self.names = Counter(m.actor for m in self.mentions if m.kind == "name")
        named = dict.fromkeys(m.actor for m in self.mentions if m.kind == "name" and m.type == "person")
        self.first_named = {actor: n for n, actor in enumerate(named)}
        self._read_turns()
        self.described: dict[str, Counter[str]] = defaultdict(Counter)
        self.owners: dict[str, Counter[str]] = defaultdict(Counter)  # by noun, whose it is
        self.titles: dict[str, set[str]] = defaultdict(set)
        for m, (first, last) in zip(self.mentions, self.tokens, strict=True):
            head = parse.span_head(first, last) if last > first else -1
            if head >= 0 and _is_owner(parse, first, head):
                self.owners[parse.lemmas[parse.heads[head]]][m.actor] += 1
            if m.kind == "nominal" and head >= 0:
                self.described[m.actor][parse.lemmas[head]] += 1
            elif m.kind == "name":
                words = (parse.words[i].rstrip(".") for i in range(max(0, first - 1), last))
                self.titles[m.actor] |= {_TITLES[w] for w in words if w in _TITLES}

    def _read_turns(self) -> None:
        """Note who is named in quotations and in paragraphs that ask, and how many paragraphs answer and ask."""
        parse = self.parse
        ranges = [(q.start, q.end) for q in parse.quotations]
        asking = [(a, b) for a, b in parse.paragraphs if parse.text[a:b].rstrip(' \n”"').endswith("?")]
        whole = {(q.outer_start, q.outer_end) for q in parse.quotations if q.closed}
        self.asking = len(asking)
        self.answering = sum((a, b) in whole for a, b in parse.paragraphs)
        self.in_quotations, self.in_questions = Counter[str](), Counter[str]()
        for found, spans in ((self.in_quotations, ranges), (self.in_questions, asking)):
            for start, end in spans:
                found.update(self.mentions[k].actor for k in self.between(start, end) if self._is_name(k))

    def _is_name(self, number: int) -> bool:
        return self.mentions[number].kind == "name"

    def _rank(self, *types: str) -> dict[str, int]:
        """Return the rank by mentions of each actor of these types."""
        found = Counter(m.actor for m in self.mentions if m.type in types)
        return {a: n for n, (a, _) in enumerate(sorted(found.items(), key=lambda row: (-row[1], row[0])))}

    def between(self, start: int, end: int) -> range:
        """Return the numbers of the mentions that begin in ``[start, end)``."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))


def _is_owner(parse: Parse, first: int, head: int) -> bool:
    """Say whether what a mention hangs on is the mention's: by a possessive, or behind of, by, from, for."""
    if parse.relations[head] == "nmod:poss":
        return True
    return parse.bases[head] in {"nmod", "obl"} and any(w in _OWNING for w in parse.words[max(0, first - 2) : first])


class Speakers:
    """The speakers of an article's statements, which are asked for in text order."""

    def __init__(self, sources: Sources, company: Company) -> None:
        """Nothing has been said yet."""
        self.sources, self.company = sources, company
        self.view, self.parse, self.sums = sources.view, sources.parse, sources.sums
        self.before: list[tuple[Attributed, str | None]] = []
        self.spoken: list[str | None] = []  # who said each of them
        self.turns: list[str] = []  # who had the turns of an interview among them
        self.spoke: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.run = 0  # statements without a source since the last that has one

    def add(self, statement: Attributed, actor: str | None) -> None:
        """Remember who said a statement: the next ones ask for it."""
        self.before.append((statement, actor))
        self.spoken.append(actor)
        if actor is not None:
            self.spoke[actor] += 1
            self.asked[actor] += statement.said.anchor.how == "question"
            self.turns += [actor] * (statement.said.anchor.how in {"turn", "answer", "question"})
        self.run = self.run + 1 if statement.head is None else 0
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
        begin = max(parse.paragraphs[first][0], parse.starts[said.first] - FARTHEST_CHARS)
        for k in self.company.between(begin, end):
            if self.company.mentions[k].type in SPEAKING:
                found.setdefault(self.company.mentions[k].actor, []).append(k)
        latest = [actor for _, actor in self.before[-LATEST:] if actor is not None]
        main = islice(self.company.persons, MAIN if statement.head is None else 0)
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
        persons_back, bodies_back = (
            self._recency(statement, kind) for kind in (self.company.persons, self.company.bodies)
        )
        mentioned, since = self._mentioned(statement), self._persons_since(statement)
        worth = {actor: self._worth_as_source(mentions, statement) for actor, mentions in candidates.items()}
        ranked = sorted(worth.values(), reverse=True)
        holders = sorted(self.holders(statement))
        rows = np.zeros((len(candidates), len(SPEAKER)), np.float32)
        for number, (actor, mentions) in enumerate(candidates.items()):
            row = {**shared, **self._of_actor(actor, mentions, statement), **self._of_history(actor, statement)}
            row["recency"] = mentioned.get(actor, NEVER)
            row["person_recency"], row["other_recency"] = (
                b.ranks.get(actor, NEVER) for b in (persons_back, bodies_back)
            )
            row["subject_before"] = float(persons_back.subject == actor)
            row["other_subject_before"] = float(bodies_back.subject == actor)
            row["only_person"] = float(persons == 1 and self.company.types.get(actor) == "person")
            row["best_source"] = worth[actor]
            row["best_source_other"] = ranked[len(ranked) > 1 and worth[actor] == ranked[0]] if len(ranked) > 1 else 0.0
            others = [a for a in holders if a != actor]
            row["other_at_head"] = float(bool(others))
            row["other_head_named"] = float(any(self.company.names[a] for a in others))
            row["other_head_mentions"] = float(max((self.company.counts[a] for a in others), default=0))
            row["persons_since"] = float(len(since - {actor}))
            rows[number] = [row[name] for name in SPEAKER]
        fits = [actor for actor, row in zip(candidates, rows, strict=True) if row[FITS] > 0]
        order = {actor: n for n, actor in enumerate(sorted(fits, key=lambda a: mentioned.get(a, NEVER)))}
        rows[:, FIT_RANK] = [order.get(actor, NEVER) for actor in candidates]
        rows[:, FIT_COUNT] = len(fits)
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
        low, high = self.view.paragraphs[said.anchor.paragraph]
        row["starts_paragraph"], row["ends_paragraph"] = float(said.first - low <= 1), float(high - said.last <= 2)
        row["run"] = float(self.run)
        row["fills_paragraph"] = float(said.first - low <= 1 and high - said.last <= BEHIND_END)
        row["page_answers"], row["page_questions"] = float(self.company.answering), float(self.company.asking)
        if self.before:
            earlier = self.before[-1][0].said
            same = earlier.anchor.paragraph == said.anchor.paragraph
            row["previous_open"] = (1.0 + same) * (self.before[-1][1] is None)
            row["previous_how"] = 1.0 + HOWS[earlier.anchor.how]
            row["statement_distance"] = float(said.anchor.paragraph - earlier.anchor.paragraph)
            row["stops_since"] = float(self.sums.stops[said.first] - self.sums.stops[min(earlier.last, said.first)])
        if head is None:
            return row
        children = {parse.words[c] for c in parse.children[head]}
        named = any(parse.upos[c] == "PROPN" for c in parse.children[head])
        bare = parse.upos[head] == "NOUN" and not named and not children & (DEFINITE | {"that", "these"})
        first, last = statement.phrase
        row |= {
            "pronoun": float(pronoun_of(parse, head)),
            "p_named": float(self.view.tags.named[head]),
            "source_score": statement.score,
            "source_anonymous": float(parse.lemmas[head] in self.sources.anonymous),
            "source_indefinite": float(bool(children & INDEFINITE) or bare),
            "source_plural": float(parse.upos[head] == "NOUN" and parse.lemmas[head] != parse.words[head]),
            "source_tag": float(TAGS.get(parse.upos[head], 7)),
            "source_length": float(last - first),
            "source_joined": float(self.is_joined(head)),
            "noun_person": self.sums.known.persons.get(parse.lemmas[head], NO_NOUN),
            "source_proxy": float(parse.lemmas[head] in self.sources.proxies),
            "source_deprel": float(RELATIONS.get(parse.bases[head], 13)),
            "source_document": float(parse.lemmas[head] in self.sources.documents),
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
            "person_rank": float(company.persons.get(actor, NEVER)),
            "other_rank": float(company.bodies.get(actor, NEVER)),
            "at_start": float(actor in company.at_start),
            "names": float(company.names[actor]),
            "first_named": float(company.first_named.get(actor, NEVER)),
            "quoted_names": company.in_quotations[actor] / max(1, company.names[actor]),
            "asked_of": float(company.in_questions[actor]),
            "in_heading": float(actor in company.in_heading),
        }
        row |= self._beside(numbers, said)
        if statement.head is not None:
            row |= self._in_source(actor, outside, statement, statement.head)
        return row

    def _beside(self, numbers: list[int], said: Said) -> dict[str, float]:
        """Return how the actor stands in the sentences before the statement and behind it."""
        company, sentences = self.company, self.parse.sentences
        at = int(self.view.sentence_of[said.first]) - 1
        end = int(self.view.sentence_of[said.last - 1]) + 1

        def inside(number: int) -> list[int]:
            if not 0 <= number < len(sentences):
                return []
            return [k for k in numbers if sentences[number].start <= company.starts[k] < sentences[number].end]

        before = inside(at)
        return {
            "in_sentence_before": float(len(before)),
            "subject_sentence_before": float(any(company.is_subject[k] for k in before)),
            "subject_sentence_behind": float(any(company.is_subject[k] for k in inside(end))),
        }

    def _worth_as_source(self, numbers: list[int], statement: Attributed) -> float:
        """Return the best score of a source whose head a mention of the actor holds."""
        worth = 0.0
        for k in numbers:
            first, last = self.company.tokens[k]
            worth = max([worth, *(score for head, score in statement.heads.items() if first <= head < last)])
        return worth

    def holders(self, statement: Attributed) -> set[str]:
        """Return the actors with a mention that holds the source's head."""
        return {m.actor for m in self._at_head(statement)}

    def stands_there(self, actor: str, statement: Attributed) -> bool:
        """Say whether a name or a description of the actor holds the source's head: the source is it, or nobody."""
        return any(m.actor == actor and m.kind != "pronoun" for m in self._at_head(statement))

    def names_it(self, actor: str, statement: Attributed) -> bool:
        """Say whether the source has a name of the actor in it or right behind it: "its maker, Acme"."""
        start, end = self.parse.chars(*statement.phrase)
        near = self.company.between(start, end + BEHIND_PHRASE)
        return any(self.company.mentions[k].actor == actor and self.company.mentions[k].kind == "name" for k in near)

    def list_issuers(self, statement: Attributed) -> set[str]:
        """Return whose statement or release the source is: who is named or described inside, beside its head."""
        if statement.head is None or self.parse.words[statement.head].casefold() not in load_words("issued"):
            return set()
        start, end = self.parse.chars(*statement.phrase)
        inside = {self.company.mentions[k] for k in self.company.between(start, end)}
        return {m.actor for m in inside - set(self._at_head(statement)) if m.kind != "pronoun" and m.type in ISSUING}

    def _at_head(self, statement: Attributed) -> list[CastMention]:
        if statement.head is None:
            return []
        at, company = self.parse.starts[statement.head], self.company
        near = company.between(at - BACK_CHARS, at + 1)
        return [company.mentions[k] for k in near if at < company.mentions[k].end]

    def _persons_since(self, statement: Attributed) -> set[str]:
        """Return the persons mentioned between the statement before and this one."""
        said, company = statement.said, self.company
        last = self.before[-1][0].said.last if self.before else 0
        start, end = self.parse.chars(min(last, said.first), said.first + 1)
        return {company.mentions[k].actor for k in company.between(start, end) if company.mentions[k].type == "person"}

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
        row |= {"after_preposition": 0.0, "p_source": 0.0, "possessor": 0.0, "preposition": 0.0}
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
                before = [_PREPOSITIONS[w] for w in parse.words[max(0, first - 2) : first] if w in _PREPOSITIONS]
                row["after_preposition"] = max(row["after_preposition"], float(bool(before)))
                row["preposition"] = before[-1] if before else row["preposition"]
                owns = last > first and parse.relations[parse.span_head(first, last)] == "nmod:poss"
                row["possessor"] = max(row["possessor"], float(owns))
            elif end <= m.start < end + BEHIND_PHRASE:
                row["apposed"] = max(row["apposed"], 0.5)
            if m.start <= at < m.end or start <= m.start < end:
                row["p_source"] = max(row["p_source"], highest(self.view.tags.source, first, last))
        return row | self._fit_words(actor, head)

    def _fit_words(self, actor: str, head: int) -> dict[str, float]:
        """Return how the source's word fits the actor: gender, number, name."""
        parse, person = self.parse, self.company.types.get(actor) == "person"
        word, tag = parse.words[head], parse.upos[head]
        row = {"noun_against": UNKNOWN_NOUN}
        if word in {"he", "she"}:
            used = self.company.pronouns.get(actor, set())
            titles = self.company.titles.get(actor, set())
            row |= {"gender_against": float(bool(used) and word not in used), "gender_for": float(word in used)}
            row["title_against"] = float(bool(titles) and word not in titles)
            row["he_she"] = 1.0 + person
        elif word in {"it", "they"}:
            row["it_they"] = 1.0 + (not person)
        alike = word in self.company.words.get(actor, frozenset())
        if tag == "NOUN":
            lemma = parse.lemmas[head]
            share = self.sums.known.persons.get(lemma, UNKNOWN_NOUN)
            row["noun_against"] = 1.0 - share if person else share
            row["described"] = float(self.company.described.get(actor, Counter())[lemma])
            row["owns"] = float(self.company.owners.get(lemma, Counter())[actor])
        against = (word in {"he", "she"} and not person) or (word == "it" and person)
        against = against or row["noun_against"] > NOT_ITS_KIND
        row["fits"] = float(not (against or row.get("gender_against") or row.get("title_against")))
        return {**row, "head_in_name": float(alike and tag == "NOUN"), "name_alike": float(alike and tag == "PROPN")}

    def _of_history(self, actor: str, statement: Attributed) -> dict[str, float]:
        """Return what the actor has said so far."""
        last, second, turns = self.spoken[-1:], self.spoken[-2:-1], self.turns
        same = bool(self.before) and self.before[-1][0].said.anchor.paragraph == statement.said.anchor.paragraph
        return {
            "previous": float(last == [actor]),
            "second_last": float(second == [actor]),
            "previous_same_paragraph": float(last == [actor] and same),
            "last_turn": float(turns[-1:] == [actor]),
            "other_turn": float(turns[-2:-1] == [actor]),
            "spoke": float(self.spoke[actor]),
            "answered": float(self.answered[actor]),
            "asked": float(self.asked[actor]),
        }

    def is_joined(self, head: int) -> bool:
        """Say whether two speak as one, "the mayor and the governor said"; a name with "and" in it is one."""
        others = self.sources.joined(head)
        if not others:
            return False
        company = self.company
        near = company.between(self.parse.starts[head] - BACK_CHARS, self.parse.ends_N[head])
        spans = [company.tokens[k] for k in near if company.tokens[k][0] <= head < company.tokens[k][1]]
        return any(not any(a <= other < b for a, b in spans) for other in others)

    def _mentioned(self, statement: Attributed) -> dict[str, int]:
        """Return how many actors were mentioned since each one."""
        company = self.company
        last = company.between(0, self._at(statement)).stop
        recent = (company.mentions[k].actor for k in range(last - 1, max(-1, last - 1 - REMEMBERED), -1))
        return {actor: n for n, actor in enumerate(dict.fromkeys(recent))}

    def _recency(self, statement: Attributed, kind: Mapping[str, int]) -> Recent:
        """Return how far back the actors of a kind were mentioned, and which of them was the last subject."""
        company = self.company
        token = statement.said.first if statement.said.anchor.cue is None else statement.said.anchor.cue
        begin = self.parse.sentences[int(self.view.sentence_of[token])].start
        own = (actor for actor in self._mentioned(statement) if actor in kind)
        back = company.between(max(0, begin - BACK_CHARS), begin)
        subjects = (company.mentions[k].actor for k in reversed(back) if company.is_subject[k])
        return Recent({actor: n for n, actor in enumerate(own)}, next((a for a in subjects if a in kind), None))
