"""What a predicate looks like to the judges that were learned: named numbers and words, one set a predicate.

Invariant: a feature depends on the article, its reading, cast, times and statements alone, never on other pages.
This module must not know weights.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from storyledger.events.frames import Frame
from storyledger.events.lexicon import Sense
from storyledger.events.participants import find_actor
from storyledger.events.senses import UNKNOWN, Candidate
from storyledger.events.surroundings import Surroundings
from storyledger.language.tags import HEADS, read_tags
from storyledger.types import TimeExpression

_RELATIONS = ("root", "conj", "ccomp", "advcl", "acl", "xcomp", "parataxis", "nsubj", "obj", "obl", "nmod", "csubj",
              "appos", "compound")  # fmt: skip
_CHILDREN = ("nsubj", "obj", "iobj", "obl", "ccomp", "xcomp", "advcl", "mark", "cop", "expl", "nmod", "acl", "advmod",
             "conj", "appos", "parataxis")  # fmt: skip
_AUXILIARIES = ("will", "would", "may", "might", "can", "could", "should", "must", "have", "has", "had", "be", "been",
                "is", "are", "was", "were", "do", "did")  # fmt: skip
_MARKS = ("if", "when", "after", "before", "because", "to", "that", "while", "as", "since", "although", "without",
          "for", "by")  # fmt: skip
_PERSONS = {"i": 1, "we": 1, "me": 1, "us": 1, "you": 2}
_ACTS = ("say", "ask", "promise", "threaten", "demand", "deny", "think")
_SPANS = ("cue", "content", "source")
_TAGGED = {head: [f"tag {label}" for label in HEADS[head]] for head in ("event_type", "status", "importance")}
_OWN_TYPES = [f"own {label}" for label in HEADS["event_type"]]
_NO_CLAUSE = np.zeros(64, np.float32)
_KINDS = ("person", "organisation", "armed_group", "government", "country", "place", "facility", "group")


@dataclass(frozen=True, slots=True)
class Features:
    """A predicate's numbers by name (what is not named is 0) and its words, "slot=word"."""

    numbers: dict[str, float]
    words: tuple[str, ...]
    vector: NDArray[np.float32]  # of the clause that hangs on it


class Scene:
    """The article as the features look at it: made once, asked for each predicate."""

    def __init__(self, around: Surroundings) -> None:
        """Keep what is looked at; counts are made when first asked for."""
        self.article, self.reading, self.trees = around.article, around.trees.reading, around.trees
        self.cast, self.times, self.voices = around.cast, around.times, around.voices
        self._paragraphs = [block.start for block in self.article.blocks]
        self._body = next((block.start for block in self.article.blocks if block.kind == "paragraph"), 0)

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """Sentence vectors, sentences by dimensions; none where the reading has none."""
        if not self.reading.vectors:
            return np.zeros((len(self.reading.sentences), 384), np.float32)
        return np.frombuffer(self.reading.vectors, "<f2").reshape(len(self.reading.sentences), -1).astype(np.float32)

    @cached_property
    def clauses(self) -> dict[int, NDArray[np.float32]]:
        """The unit vectors of clauses by the tokens that they hang on."""
        if not self.reading.clause_vectors:
            return {}
        rows = (
            np.frombuffer(self.reading.clause_vectors, "i1").reshape(len(self.reading.clauses), -1).astype(np.float32)
        )
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
        return dict(zip(self.reading.clauses, rows, strict=True))

    @cached_property
    def centre(self) -> NDArray[np.float32]:
        """The mean direction of the article's sentences."""
        mean = self.vectors.mean(0) if len(self.vectors) else np.zeros(384, np.float32)
        unit: NDArray[np.float32] = mean / np.float32(max(float(np.linalg.norm(mean)), 1e-6))
        return unit

    @cached_property
    def title(self) -> NDArray[np.float32]:
        """The vector of the headline, of the first sentence where there is none."""
        kinds = [sentence.kind for sentence in self.reading.sentences]
        index = kinds.index("title") if "title" in kinds else 0
        row: NDArray[np.float32] = self.vectors[index]
        return row

    @cached_property
    def lemmas(self) -> Counter[str]:
        """How often each lemma stands in the article."""
        return Counter(token.lemma.lower() for token in self.trees.tokens)

    @cached_property
    def title_lemmas(self) -> frozenset[str]:
        """The lemmas of the headline and the deck."""
        rows = [s for s in self.reading.sentences if s.kind in ("title", "deck")]
        return frozenset(self.trees.lemma(i) for s in rows for i in range(s.first, s.last))

    @cached_property
    def tags(self) -> dict[str, NDArray[np.float32]]:
        """What the second network says of each token, by head."""
        return read_tags(self.reading)

    @cached_property
    def inside(self) -> dict[str, NDArray[np.float32]]:
        """How likely each token is inside what a head marks."""
        return {head: 1.0 - self.tags[head][:, 0] for head in ("event", *_SPANS)}

    def describe(
        self, candidate: Candidate, tokens: tuple[int, int], status: str | None, beside: Sequence[int]
    ) -> Features:
        """Return the features of a predicate.

        Args:
            candidate: the predicate in its tree, and what the lexicon takes it for.
            tokens: the first and last (exclusive) token of the clause that tells it.
            status: what grammar and the statements make of it; None where grammar says that it tells no event.
            beside: the tokens of all predicates of its sentence, in text order.
        """
        frame, sense = candidate.frame, candidate.sense if candidate.sense is not UNKNOWN else None
        clause = self.trees.tokens[tokens[0]].start, self.trees.tokens[tokens[1] - 1].end
        numbers: dict[str, float] = {}
        for part in (
            self._tags(frame, tokens),
            self._position(frame, clause, beside),
            self._grammar(frame),
            self._arguments(frame),
            self._voice(frame, clause),
            self._time(frame, clause),
        ):
            numbers.update(part)
        numbers["known"] = float(sense is not None)
        numbers["salience"] = sense.salience if sense is not None else 0.0
        numbers[f"status {status}"] = 1.0
        if sense is not None:
            numbers[f"lexicon {sense.type}"] = 1.0
        return Features(numbers, tuple(self._words(frame, sense)), self.clauses.get(frame.token, _NO_CLAUSE))

    def _tags(self, frame: Frame, tokens: tuple[int, int]) -> Iterator[tuple[str, float]]:
        """What the second network says of the predicate and of the words of its clause."""
        here, own = slice(*tokens), frame.token
        event = self.inside["event"]
        yield "tag event", _log_odds(event[own])
        yield "tag event of the clause", _log_odds(event[here].mean())
        begins = self.tags["event"][tokens[0] : tokens[0] + 3, 1]
        yield "tag begins", _log_odds(begins.max(initial=0.0))
        around = event[max(0, tokens[0] - 1)], event[min(len(event) - 1, tokens[1])]
        yield "tag event around", float(sum(around) / 2)
        weight = event[here] / max(float(event[here].sum()), 1e-6)
        for head in ("event_type", "status", "importance"):
            said = (weight @ self.tags[head][here]).tolist()
            yield from zip(_TAGGED[head], [math.log(p + 0.02) for p in said], strict=True)
        own_type = self.tags["event_type"][own].tolist()
        yield from zip(_OWN_TYPES, [math.log(p + 0.02) for p in own_type], strict=True)
        for head in _SPANS:
            inside = self.inside[head]
            yield f"tag {head}", float(inside[own])
            yield f"tag {head} of the clause", float(inside[here].mean())

    def _position(self, frame: Frame, clause: tuple[int, int], beside: Sequence[int]) -> Iterator[tuple[str, float]]:
        number = self.trees.sentence_of[frame.token]
        sentence, total = self.reading.sentences[number], len(self.reading.sentences)
        into = max(0, sentence.start - self._body)
        paragraph = bisect_right(self._paragraphs, sentence.start)
        yield f"in {sentence.kind}", 1.0
        yield "sentences", math.log1p(total)
        yield "chars into the body", math.log1p(into)
        yield "share of the article", number / total
        yield "paragraph", math.log1p(paragraph)
        yield (
            "opens its paragraph",
            float(number == 0 or bisect_right(self._paragraphs, self.reading.sentences[number - 1].start) != paragraph),
        )
        yield "tokens of the sentence", math.log1p(sentence.last - sentence.first)
        yield "predicates of the sentence", float(len(beside))
        yield "predicates before", float(sum(token < frame.token for token in beside))
        yield "chars of the clause", math.log1p(clause[1] - clause[0])
        yield "share of the sentence", (clause[1] - clause[0]) / max(1, sentence.end - sentence.start)
        vector = self.vectors[number]
        yield "like the article", float(vector @ self.centre)
        yield "like the headline", float(vector @ self.title)
        lemma = self.trees.lemma(frame.token)
        yield "lemma in the article", math.log1p(self.lemmas[lemma])
        yield "lemma in the headline", float(lemma in self.title_lemmas)
        told = {self.trees.lemma(i) for i in (*frame.agents, *frame.themes)}
        yield "argument in the headline", float(bool(told & self.title_lemmas))

    def _grammar(self, frame: Frame) -> Iterator[tuple[str, float]]:
        trees, token = self.trees, frame.token
        word, lemma = trees.words[token], trees.lemma(token)
        yield f"upos {trees.tokens[token].upos}", 1.0
        relation = trees.relation(token)
        yield f"relation {relation if relation in _RELATIONS else 'other'}", 1.0
        yield "relative", float(trees.tokens[token].deprel == "acl:relcl")
        clauses, depth = 0, 0
        current = token
        for above in trees.ancestors(token):
            depth += 1
            clauses += trees.relation(current) in ("advcl", "acl")
            current = above
        yield "clauses above", float(clauses)
        yield "depth", float(depth)
        kinds = Counter(trees.relation(child) for child in trees.children[token])
        yield from ((f"has {kind}", float(kinds[kind])) for kind in _CHILDREN if kinds[kind])
        words = {trees.words[child] for child in trees.dependents(token, "aux")} | set(frame.auxiliaries)
        yield from ((f"aux {aux}", 1.0) for aux in _AUXILIARIES if aux in words)
        marks = {trees.words[child] for child in trees.dependents(token, "mark", "case", "advmod")}
        yield from ((f"mark {mark}", 1.0) for mark in _MARKS if mark in marks)
        yield "base form", float(word == lemma)
        yield "ends ing", float(word.endswith("ing"))
        yield "past form", float(word != lemma and not word.endswith(("ing", "s")))
        yield "third person", float(word != lemma and word.endswith("s"))
        yield "passive", float(frame.passive)
        yield "negated", float(frame.negated)
        yield "noun", float(frame.is_noun)
        yield "of roles", float(token in trees.predicates)
        head = trees.tokens[token].head
        if head != token:
            yield f"head {trees.tokens[head].upos}", 1.0
        sentence = self.reading.sentences[trees.sentence_of[token]]
        yield "asks", float(trees.words[sentence.last - 1] == "?")

    def _arguments(self, frame: Frame) -> Iterator[tuple[str, float]]:
        for slot, heads in (("agent", frame.agents), ("theme", frame.themes)):
            yield f"{slot}s", float(len(heads))
            for head in heads[:2]:
                token = self.trees.tokens[head]
                yield f"{slot} {token.upos}", 1.0
                person = _PERSONS.get(self.trees.words[head])
                if person is not None:
                    yield f"{slot} person {person}", 1.0
                mention = find_actor(self.trees, self.cast, head)
                if mention is not None:
                    yield f"{slot} named", float(self.cast.is_named(mention))
                    if mention.type in _KINDS:
                        yield f"{slot} is {mention.type}", 1.0
                yield f"{slot} counted", float(bool(self.trees.dependents(head, "nummod")))
        yield "obliques", float(len(frame.obliques))
        yield "others", float(len(frame.others))

    def _voice(self, frame: Frame, clause: tuple[int, int]) -> Iterator[tuple[str, float]]:
        row = self.voices.find_statement(*clause)
        token = self.trees.tokens[frame.token]
        yield "is a cue", float(self.voices.is_cue(token.start, token.end))
        if row is None:
            return
        yield "said", 1.0
        yield f"said {row.kind}", 1.0
        if row.act in _ACTS:
            yield f"act {row.act}", 1.0
        yield "speaker named", float(row.speaker.actor is not None)
        yield "said and denied", float(row.polarity == "denied")
        share = (clause[1] - clause[0]) / max(1, row.content.end - row.content.start)
        yield "share of what is said", min(share, 2.0)

    def _time(self, frame: Frame, clause: tuple[int, int]) -> Iterator[tuple[str, float]]:
        sentence = self.reading.sentences[self.trees.sentence_of[frame.token]]
        own, near = self.times.within(*clause), self.times.within(sentence.start, sentence.end)
        yield "dates in the clause", float(len(own))
        yield "dates in the sentence", float(len(near))
        yield "spans in the sentence", float(len(self.times.undated_within(sentence.start, sentence.end)))
        for where, rows in (("clause", own), ("sentence", near)):
            days = [gap for row in rows if (gap := self._days_before(row)) is not None]
            if days:
                yield (
                    f"days back in the {where}",
                    math.copysign(math.log1p(abs(min(days, key=abs))), min(days, key=abs)),
                )
        text = self.article.text[clause[0] : clause[1]]
        yield "figures in the clause", float(sum(word[0].isdigit() for word in text.split()))
        yield "quotation marks", float(sum(text.count(mark) for mark in '"“”'))

    def _days_before(self, time: TimeExpression) -> float | None:
        published = self.article.published_latest or self.article.published
        if not published or not time.earliest or len(published) < 10:
            return None
        day = (
            np.datetime64((time.earliest + "-01-01")[:10])
            if len(time.earliest) < 10
            else np.datetime64(time.earliest[:10])
        )
        return float((np.datetime64(published[:10]) - day).astype(int))

    def _words(self, frame: Frame, sense: Sense | None) -> Iterator[str]:
        trees = self.trees
        kind = "noun" if frame.is_noun else "verb" if trees.tokens[frame.token].upos == "VERB" else "state"
        yield f"{kind}={trees.lemma(frame.token)}"
        if sense is not None:
            yield f"group={sense.group}"
        for slot, heads in (("agent", frame.agents), ("theme", frame.themes)):
            for head in heads[:3]:
                if trees.tokens[head].upos != "PROPN":
                    yield f"{slot}={trees.lemma(head)}"


def _log_odds(probability: float) -> float:
    """The log odds of a probability, between -5 and 5."""
    sure = min(max(float(probability), 1e-9), 1 - 1e-9)
    return min(5.0, max(-5.0, math.log(sure / (1 - sure))))
