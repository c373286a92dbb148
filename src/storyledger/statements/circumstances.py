"""Where, through what, to whom and when something was said: what stands around a statement's cue.

This module must not know scores.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from storyledger.statements.anchors import cue_lemma
from storyledger.statements.engine import Spoken
from storyledger.statements.view import CLASS, Span, View
from storyledger.statements.words import load_words
from storyledger.types import Evidence, Interval, TimeExpression

HEARERS = load_words("hearers")
VENUES = load_words("venues")
MEDIA = load_words("media")
THROUGH = frozenset({"in", "at", "on", "during", "via", "through", "by", "over", "to", "from", "with"})
MAX_CHARS = 80
_DROPPED = ("acl", "advcl", "appos", "conj", "cc", "punct", "case", "parataxis", "dep", "obl", "ccomp")
_BREAKS = frozenset({CLASS["colon"], CLASS["semi"], CLASS["open"], CLASS["close"]})


class Circumstances:
    """The circumstances of an article's statements, asked for by their number."""

    def __init__(self, view: View, spoken: Sequence[Spoken], times: Sequence[TimeExpression]) -> None:
        """Index what is told, so that no circumstance is part of it."""
        self.view, self.parse, self.spoken = view, view.parse, spoken
        self.told = sorted((s.said.first, s.said.last) for s in spoken)
        self.times = sorted((t for t in times if t.type == "DATE" and t.earliest), key=lambda t: t.evidence.start)
        self.time_starts = [t.evidence.start for t in self.times]

    # -------------------------------------------------------------- when

    def find_date(self, number: int) -> Interval | None:
        """Return the date that stands with the cue: in its sentence, outside all contents and the source."""
        cue = self.spoken[number].said.anchor.cue
        if cue is None:
            return None
        start, end = self.parse.chars(*self.view.sentence_span(cue))
        near = [
            (self._distance(cue, t), t.evidence.start, t)
            for t in self.times[bisect_left(self.time_starts, start) : bisect_left(self.time_starts, end)]
            if self._is_free(number, self.parse.token_at(t.evidence.start))
        ]
        near = [n for n in near if n[0] is not None]
        if not near:
            return None
        best = min(near, key=lambda n: (n[0], n[1]))[2]
        return Interval(best.earliest, best.latest)

    def _distance(self, cue: int, time: TimeExpression) -> int | None:
        """Return the tokens between a time and the cue, None where a break stands between."""
        at = self.parse.token_at(time.evidence.start)
        between = self.view.codes[min(at, cue) + 1 : max(at, cue)]
        return None if any(int(c) in _BREAKS for c in between) else len(between)

    def _is_free(self, number: int, token: int) -> bool:
        """Say whether a token is part of no content and of no source of this statement."""
        k = bisect_left(self.told, (token + 1, 0))
        if any(first <= token < last for first, last in self.told[max(0, k - 2) : k]):
            return False
        first, last = self.spoken[number].source.phrase
        return not first <= token < last

    # -------------------------------------------------------------- to whom, and where

    def find_hearer(self, number: int) -> str | None:
        """Return to whom it was said, as it is written ("reporters", "the court")."""
        span = self._hearer(number)
        return None if span is None else self.parse.text_of(*span)

    def _hearer(self, number: int) -> Span | None:
        cue = self.spoken[number].said.anchor.cue
        if cue is None or not self._tells(cue):
            return None
        objects = [c for c in self.parse.dependents(cue, "iobj", "obj") if c > cue]
        objects += [c for c in self.parse.dependents(cue, "obl") if c > cue and self.parse.preposition(c) == "to"]
        spans = (self._phrase(number, c) for c in objects)
        return next((span for span in spans if span is not None), None)

    def _tells(self, cue: int) -> bool:
        to = any(self.parse.preposition(c) == "to" for c in self.parse.dependents(cue, "obl"))
        return to or cue_lemma(self.view, cue) in HEARERS

    def find_venue(self, number: int) -> Evidence | None:
        """Return the occasion, the medium or the cited outlet: "an interview with the Courier", "Twitter"."""
        for head in self._places(number):
            span = self._phrase(number, head, whole=True)
            if span is not None:
                start, end = self.parse.chars(*span)
                return Evidence(self.parse.article.id, start, end, self.parse.text[start:end])
        return None

    def _places(self, number: int) -> Iterator[int]:
        """Yield the heads of phrases that may be the venue: those of the cue, of the verb above it, the hearer."""
        cue = self.spoken[number].said.anchor.cue
        if cue is None:
            return
        above = [cue, *(h for h in list(self.parse.ancestors(cue))[:2] if self.parse.upos[h] == "VERB")]
        for verb in above:
            for child in self.parse.dependents(verb, "obl", "nmod"):
                if self.parse.lemmas[child] in VENUES | MEDIA and self.parse.preposition(child) in THROUGH:
                    yield child
        for verb in above:
            for child in self.parse.dependents(verb, "obj", "iobj"):
                if self.parse.lemmas[child] in VENUES and self.parse.lemmas[verb] in {
                    "issue",
                    "release",
                    "give",
                    "write",
                    "send",
                }:
                    yield child
        hearer = self._hearer(number)
        if hearer is not None:
            head = self.parse.span_head(*hearer)
            if self.parse.lemmas[head] in MEDIA or self.parse.upos[head] == "PROPN":
                yield head

    def _phrase(self, number: int, head: int, *, whole: bool = False) -> Span | None:
        """Return the phrase around ``head`` where it is short and no part of what is said; ``whole``: with its "of"."""
        drop = _DROPPED if whole else (*_DROPPED, "nmod")
        first, last = self.parse.reach(head, *drop)
        while first < head and self.view.codes[first] in {CLASS["adp"], CLASS["comma"]}:
            first += 1
        start, end = self.parse.chars(first, last)
        text = self.parse.text[start:end]
        free = self._is_free(number, first) and self._is_free(number, last - 1)
        return (first, last) if free and len(text) <= MAX_CHARS and "\n" not in text else None
