"""Turns drafts into statements: speaker, kind, polarity, date, hearer, ids.

Invariant: a content's marks are balanced, or its statement is unsure. This module must not know how drafts are found.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from storyledger.ids import make_id
from storyledger.statements.cues import Act
from storyledger.statements.phrases import TIME_WORDS, skip_phrase
from storyledger.statements.quotations import Quotation
from storyledger.statements.sources import Source
from storyledger.statements.speakers import Speakers
from storyledger.statements.trees import Trees
from storyledger.statements.words import load_words
from storyledger.types import Article, Evidence, Interval, Speaker, Statement, TimeExpression

UNSURE = 0.45  # below .5, from which the account shows: marks that do not pair
GUESSED = 0.7  # a pronoun given to who spoke last: right so often where the cast left it open, on ferry 01-11
FOLLOWED = 0.85  # the same where the cast says otherwise
HEARERS = frozenset({"tell", "inform", "assure", "remind", "warn", "promise", "ask", "reassure", "notify"})
VENUES = load_words("venues")
PEOPLE = frozenset({"he", "she"})
PRONOUNS = PEOPLE | {"they", "it"}
MAX_HEARER_CHARS = 80


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement before it has its speaker.

    ``utterance``: its number where it is a quotation; ``continues``: the number that it resumes; ``quoted``: a reported
    sentence that stands in marks as a whole.
    """

    start: int
    end: int
    act: Act
    cue: int | None
    source: Source | None
    score: float
    quoted: bool = False
    utterance: int | None = None
    continues: int | None = None


class Writer:
    """Writes the statements of one article, in text order."""

    def __init__(
        self,
        article: Article,
        trees: Trees,
        quotations: Sequence[Quotation],
        speakers: Speakers,
        times: Sequence[TimeExpression],
    ) -> None:
        self.article, self.trees, self.speakers = article, trees, speakers
        self.quotations = sorted(quotations, key=lambda q: q.start)
        self.quote_starts = [q.start for q in self.quotations]
        self.times = sorted((t for t in times if t.type == "DATE" and t.earliest), key=lambda t: t.evidence.start)
        self.told: list[tuple[int, int]] = []  # the contents of all drafts: dates in them are what was said, not when
        self.time_starts = [t.evidence.start for t in self.times]

    def write(self, drafts: Sequence[Draft]) -> tuple[Statement, ...]:
        """Return the statements of ``drafts``; nothing is said twice, nothing inside what another says indirectly."""
        self.told = sorted((d.start, d.end) for d in drafts)
        ids: dict[int, str] = {}
        out: list[Statement] = []
        for draft in sorted(drafts, key=lambda d: (d.start, -d.end)):
            statement = self._write_one(self._balance(draft), ids, out)
            if draft.utterance is not None:
                ids[draft.utterance] = statement.id
            out.append(statement)
        return tuple(out)

    def _write_one(self, draft: Draft, ids: dict[int, str], before: list[Statement]) -> Statement:
        speaker, sure = self._speaker(draft, before)
        content = self._evidence(draft.start, draft.end)
        cue = self.trees.tokens[draft.cue] if draft.cue is not None else None
        return Statement(
            id=make_id("statement1", self.article.id, draft.start, draft.end, cue.start if cue else None),
            speaker=speaker,
            cue=self._evidence(cue.start, cue.end) if cue else None,
            content=content,
            kind=self._kind(draft),
            act=draft.act,
            polarity="denied" if draft.act == "deny" else "affirmed",
            said_on=self._date(draft),
            to=self._hearer(draft),
            continues=ids.get(draft.continues) if draft.continues is not None else None,
            version_group=None,
            version_relation=None,
            confidence=round(draft.score * sure, 3),
        )

    def _evidence(self, start: int, end: int) -> Evidence:
        return Evidence(self.article.id, start, end, self.article.text[start:end])

    # ---------------------------------------------------------------- content

    def _balance(self, draft: Draft) -> Draft:
        """Return the draft with quotation marks that it cuts taken in; unsure where a mark has no partner."""
        if draft.utterance is not None:
            return draft
        start, end, score = draft.start, draft.end, draft.score
        for q in self._quotations_at(draft.start, draft.end):
            if q.outer_start < start and end > q.start:
                start = q.outer_start
            if q.start < end < q.outer_end or (end <= q.outer_start < end):
                end = q.outer_end
            score = score if q.closed else min(score, UNSURE)
            if (start, end) == (q.outer_start, q.outer_end) and self._is_sentence(q):
                inner = self.article.text[q.start : q.end].rstrip(" ,")
                return replace(draft, start=q.start, end=q.start + len(inner), score=score, quoted=True)
        return replace(draft, start=start, end=end, score=score)

    def _is_sentence(self, q: Quotation) -> bool:
        """Say whether a quotation is a sentence with its subject, not words in marks."""
        first, last = self.trees.tokens_in(q.start, q.end)
        tokens = range(first, last)
        subject = any(self.trees.label(i) == "nsubj" for i in tokens)
        return subject and any(self.trees.tokens[i].upos in ("VERB", "AUX") for i in tokens)

    def _quotations_at(self, start: int, end: int) -> Iterator[Quotation]:
        """Yield the quotations that touch the range."""
        k = max(0, bisect_left(self.quote_starts, start) - 1)
        while k < len(self.quotations) and self.quotations[k].outer_start < end:
            if self.quotations[k].outer_end > start:
                yield self.quotations[k]
            k += 1

    def _kind(self, draft: Draft) -> Literal["direct", "indirect", "mixed"]:
        if draft.utterance is not None or draft.quoted:
            return "direct"
        return "mixed" if any(True for _ in self._quotations_at(draft.start, draft.end)) else "indirect"

    # ---------------------------------------------------------------- speaker

    def _speaker(self, draft: Draft, before: list[Statement]) -> tuple[Speaker, float]:
        """Return the speaker and how sure it is; of a pronoun that the cast leaves open the last one spoken of."""
        if draft.source is None:
            return Speaker(None, "", None), 1.0
        speaker, sure = self.speakers.resolve(draft.source)
        word = speaker.text.lower()
        if word not in PRONOUNS:
            return speaker, sure
        last = self._last_speaker(draft.source, before, people=word in PEOPLE)
        if last is not None and last != speaker.actor and not self.speakers.contradicts(last, word):
            return Speaker(last, speaker.text, speaker.evidence), GUESSED if speaker.actor is None else FOLLOWED
        if speaker.actor is None and word in PEOPLE:
            subject = self._last_subject(draft.source)
            if subject is not None:
                return Speaker(subject, speaker.text, speaker.evidence), GUESSED
        return speaker, sure

    def _last_speaker(self, source: Source, before: list[Statement], *, people: bool) -> str | None:
        """Return who spoke last in the pronoun's paragraph, if of the fitting type: 'X said A. "B," she said.'."""
        paragraph = self.article.text.rfind("\n", 0, source.start) + 1
        spoken = [s.speaker for s in before[-4:] if s.speaker.evidence is not None]
        near = [s for s in spoken if s.evidence is not None and paragraph <= s.evidence.start < source.start]
        if not near:
            return None
        last = max(near, key=lambda s: s.evidence.start if s.evidence is not None else 0)
        if last.actor is None or (self.speakers.type_of(last.actor) == "person") != people:
            return None
        return last.actor

    def _last_subject(self, source: Source) -> str | None:
        """Return the person who acted last in this paragraph, or in the one before where this one names nobody yet."""
        text = self.article.text
        paragraph = text.rfind("\n", 0, source.start) + 1
        since = text.rfind("\n", 0, max(0, paragraph - 1)) + 1
        since = paragraph if self.speakers.names_person(paragraph, source.start) else since
        subject = self.speakers.last_subject(source.head, since, people=True)
        return subject.actor if subject is not None else None

    # ---------------------------------------------------------------- circumstances

    def _date(self, draft: Draft) -> Interval | None:
        """Return the date that stands with the cue: in its sentence, outside the content and other quotations."""
        if draft.cue is None:
            return None
        first, last = self.trees.sentence_span(draft.cue)
        start, end = self.trees.chars((first, last))
        at = self.trees.tokens[draft.cue].start
        near: list[tuple[int, TimeExpression]] = []
        for t in self.times[bisect_left(self.time_starts, start) : bisect_left(self.time_starts, end)]:
            between = self.article.text[min(at, t.evidence.start) : max(at, t.evidence.start)]
            if not self._is_elsewhere(draft, t.evidence.start) and not re.search(r"[;:“”\"]", between):
                near.append((abs(t.evidence.start - at), t))
        if not near:
            return None
        best = min(near, key=lambda n: (n[0], n[1].evidence.start))[1]
        return Interval(best.earliest, best.latest)

    def _is_elsewhere(self, draft: Draft, position: int) -> bool:
        """Say whether a date is part of what is told or of who tells it ("who left in 2004")."""
        first = bisect_left(self.told, (position + 1, 0))
        told = any(start <= position < end for start, end in self.told[max(0, first - 4) : first])
        return told or (draft.source is not None and draft.source.start <= position < draft.source.end)

    def _hearer(self, draft: Draft) -> str | None:
        """Return to whom or where it was said, as it is written ("reporters", "in a statement")."""
        if draft.cue is None:
            return None
        trees = self.trees
        if trees.cue_lemma(draft.cue) in HEARERS:
            first = draft.cue + 1
            last = skip_phrase(trees, first, trees.chars(trees.sentence_span(draft.cue))[1], links=True)
            while last - 1 > first and trees.word(last - 1) in TIME_WORDS:
                last -= 1
            text = self._words(first, last, draft) if last > first else None
            if text:
                return text
        for o in trees.select(draft.cue, "obl"):
            if trees.cue_lemma(o) in VENUES:
                text = self._phrase(o, draft)
                if text:
                    return text
        return None

    def _phrase(self, i: int, draft: Draft) -> str | None:
        """Return the words under ``i`` where they are short and no part of the content."""
        first, last = self.trees.reach(i)
        return self._words(first, last, draft)

    def _words(self, first: int, last: int, draft: Draft) -> str | None:
        start, end = self.trees.chars((first, last))
        end = min(end, draft.start) if start < draft.start < end else end
        if not 0 < end - start <= MAX_HEARER_CHARS or (start < draft.end and draft.start < end):
            return None
        text = self.article.text[start:end].strip(' ,"“‘:')
        return text if text and "\n" not in text and text.lower() not in ("a", "an", "the") else None
