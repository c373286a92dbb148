"""By question: what the sources answer, side by side, who gives which answer, since when, from how many origins.

An answer is a sentence of a page. What the program holds to be in dispute stands first; beside it stand the sentences
that speak of who, why, whether, who knew and what was promised, those closest to the heart of the story and of sources
that differ. Invariant: nothing here says that two sentences contradict each other but a dispute.
This module must not know HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storyledger.report.asking import QuestionRow, load_questions
from storyledger.report.lookup import Lookup
from storyledger.report.sentences import Line, Sentence, Sentences, count_words
from storyledger.report.telling import Pool, Teller
from storyledger.types import Comparison

AGREED_FROM = 0.6
SOURCE_ORIGINS = 2  # what pages of one origin tell alike is one telling
SHORTEST_AGREED, LONGEST_AGREED = 6, 40
HEART = 0.9


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the sentences that answer it, in the order of their pages."""

    key: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """A sentence that pages of several origins bear out, and those pages."""

    anchor: str
    line: Line
    documents: tuple[str, ...]
    origins: int


class Asker:
    """Finds what answers each question."""

    def __init__(self, lookup: Lookup, sentences: Sentences, teller: Teller) -> None:
        """Gather which sentences hold a statement of which act."""
        self._lookup, self._sentences, self._teller = lookup, sentences, teller
        self._acts: dict[tuple[str, int], set[str]] = {}
        for statement in lookup.story.statements:
            found = sentences.at(statement.content)
            if found:
                acts = self._acts.setdefault((found.document, found.start), set())
                acts.add("denied" if statement.polarity == "denied" else statement.act)

    def ask(self, documents: list[str], most: int, told: set[tuple[str, int]]) -> list[Question]:
        """Return the questions that have answers beyond the sentences ``told`` already, ``most`` answers each."""
        pool = self._teller.pool(documents)
        seen = set(told)
        questions = []
        for row in load_questions():
            bonus = {s: self._fitness(row, s, pool) for s in pool.rows if (s.document, s.start) not in seen}
            wanted = {s: 0.6 * pool.worth[s] + b for s, b in bonus.items() if b > 0}
            chosen = self._teller.choose(wanted, pool, most)
            seen |= {(s.document, s.start) for s in chosen}
            chosen.sort(key=lambda s: (self._lookup.date(s.document) or "9", s.document, s.start))
            if chosen:
                questions.append(Question(row.key, row.title, tuple(self._sentences.line(s) for s in chosen)))
        return questions

    def _fitness(self, row: QuestionRow, sentence: Sentence, pool: Pool) -> float:
        """Return how well a sentence answers; 0 where it does not."""
        acts = self._acts.get((sentence.document, sentence.start), set())
        text = self._sentences.line(sentence).evidence.text
        clear, spoken = row.count_clear(text), bool(acts & row.acts)
        if not clear and not spoken:
            return 0.1 if pool.worth[sentence] >= HEART and row.is_faint(text) else 0.0
        return 0.4 * min(clear, 2) + 0.5 * spoken + 0.2 * bool(acts)

    def list_agreed(self, documents: set[str], told: set[tuple[str, int]]) -> list[Agreed]:
        """Return what pages of several origins tell alike, that of most origins first, each sentence once."""
        rows = [self._make_agreed(c) for c in self._lookup.story.comparisons if c.kind == "agreement"]
        kept: list[Agreed] = []
        seen = set(told)
        found = [r for r in rows if r is not None and set(r.documents) & documents]
        for row in sorted(found, key=lambda r: (-r.origins, r.line.evidence.document, r.line.evidence.start)):
            place = (row.line.sentence.document, row.line.sentence.start)
            words = self._teller.words(row.line.sentence)
            like = any(len(words & self._teller.words(k.line.sentence)) >= 0.6 * len(words) for k in kept)
            if place not in seen and not like:
                kept.append(row)
                seen.add(place)
        return kept

    def _make_agreed(self, comparison: Comparison) -> Agreed | None:
        evidence = [e for side in comparison.sides for e in side.evidence]
        documents = tuple(dict.fromkeys(e.document for e in evidence))
        origins = comparison.independent_origins or len({self._lookup.origin(d) for d in documents})
        if comparison.confidence < AGREED_FROM or origins < SOURCE_ORIGINS:
            return None
        lines = [line for e in evidence if (line := self._sentences.line_at(e)) and line.fit]
        sized = [ln for ln in lines if SHORTEST_AGREED <= count_words(ln.evidence.text) <= LONGEST_AGREED]
        if not sized:
            return None
        best = min(sized, key=lambda ln: (-self._share(ln, sized), *self._lookup.order(ln.evidence.document)))
        return Agreed(self._lookup.anchor("c", comparison.id), best, documents, origins)

    def _share(self, line: Line, lines: Sequence[Line]) -> float:
        """Return how many of a line's words another page's line has, too, in the mean."""
        words = self._teller.words(line.sentence)
        others = [self._teller.words(o.sentence) for o in lines if o.evidence.document != line.evidence.document]
        return sum(len(words & other) for other in others) / len(others) if others else 0.0
