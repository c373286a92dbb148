"""What the scorers of ``storyledger.statements`` learn from: anchors, spans, sources and speakers with their labels.

The measures are the product's own functions. Nothing here trains.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from storyledger.language.parse import Parse
from storyledger.language.tags import read_tags
from storyledger.statements.acts import ACTS
from storyledger.statements.anchors import Anchor, cue_lemma, find_anchors
from storyledger.statements.edges import SpanTable, measure_spans
from storyledger.statements.measures import measure_anchors
from storyledger.statements.sources import Said, Sources
from storyledger.statements.speakers import Attributed, Speakers
from storyledger.statements.sums import Lemmas, Sums
from storyledger.statements.view import View, take_tags
from storyledger.types import Cast
from train.marked import Gold, MarkedArticle, Span

HIT = 0.7  # of the characters of both, as the contract's scorer has it
EARLIER_CHARS = 60  # where both end together, one may begin so much earlier
PRIOR = 4.0  # uses of a lemma that are counted as no cue beforehand
KNOWN_NOUN = 3  # descriptions with a noun from which its share of persons is known
CUE_TAGS = frozenset({"VERB", "NOUN", "ADJ", "AUX", "ADV", "ADP", "PROPN"})


def make_view(marked: MarkedArticle) -> View:
    """Return the article as the room looks at it."""
    return View(Parse(marked.article, marked.reading), take_tags(read_tags(marked.reading)))


# --------------------------------------------------------------------------- lemmas


@dataclass
class LemmaCounts:
    """By lemma: uses outside quotations, uses as a cue, those by act, descriptions with it, those of persons."""

    uses: Counter[str]
    cues: Counter[str]
    acts: Counter[tuple[str, str]]
    nouns: Counter[str]
    persons: Counter[str]

    def add(self, other: LemmaCounts, sign: int = 1) -> LemmaCounts:
        """Return the sum, or with ``sign`` -1 what is left without the other."""
        own, others = ([getattr(c, f.name) for f in fields(LemmaCounts)] for c in (self, other))
        return LemmaCounts(*(Counter({k: a[k] + sign * b[k] for k in a | b}) for a, b in zip(own, others, strict=True)))

    def table(self) -> Lemmas:
        """Return the shares that the measures read."""
        words = sorted(w for w, n in self.cues.items() if n > 0)
        return Lemmas(
            {w: self.cues[w] / (self.uses[w] + PRIOR) for w in words},
            {w: self.cues[w] for w in words},
            {w: tuple(self.acts[w, act] / self.cues[w] for act in ACTS) for w in words},
            {w: (self.persons[w] + 0.5) / (n + 1.0) for w, n in sorted(self.nouns.items()) if n >= KNOWN_NOUN},
        )


def count_lemmas(view: View, gold: Sequence[Gold], cast: Cast) -> LemmaCounts:
    """Return the counts of one article."""
    counts = LemmaCounts(*(Counter() for _ in fields(LemmaCounts)))
    parse = view.parse
    for mention in cast.mentions:
        first, last = parse.tokens_over(mention.start, mention.end)
        if mention.kind == "nominal" and last > first:
            noun = parse.lemmas[parse.span_head(first, last)]
            counts.nouns[noun] += 1
            counts.persons[noun] += mention.type == "person"
    heads = {head: g.act for g in gold if g.cue is not None and (head := cue_head(view, g.cue)) is not None}
    for i in range(view.n):
        if view.quote_of[i] < 0:
            lemma = cue_lemma(view, i)
            counts.uses[lemma] += 1
            if i in heads:
                counts.cues[lemma] += 1
                counts.acts[lemma, heads[i]] += 1
    return counts


def cue_head(view: View, cue: Span) -> int | None:
    """Return the token that a marked cue is known by: "according", else its first verb or noun."""
    tokens = [i for i in range(*view.parse.tokens_over(*cue)) if view.parse.upos[i] in CUE_TAGS]
    if tokens and view.parse.words[tokens[0]] != "according":
        tokens = [i for i in tokens if view.parse.upos[i] in {"VERB", "NOUN"}] or tokens
    return tokens[0] if tokens else None


# --------------------------------------------------------------------------- anchors and spans


@dataclass
class Proposed:
    """An article's anchors and spans, measured, with labels.

    ``hit``: characters shared with the best statement of the gold; ``same``: to the word; ``fits``: 1 where the anchor
    is that statement's cue, .6 where it has none, the gold has one and no anchor is it; ``which``: its number, or -1.
    """

    anchors: list[Anchor]
    anchor_rows: NDArray[np.float32]
    table: SpanTable
    hit: NDArray[np.float64]
    same: NDArray[np.bool_]
    fits: NDArray[np.float64]
    which: NDArray[np.int64]
    anchor_label: NDArray[np.int64]


def propose(view: View, gold: Sequence[Gold], lemmas: Lemmas) -> Proposed:
    """Return everything that the scorers choose from in one article."""
    sums = Sums(view, lemmas)
    anchors = find_anchors(view, lemmas.rates)
    table = measure_spans(sums, anchors)
    starts, ends = view.parse.starts_N[table.first], view.parse.ends_N[table.last - 1]
    hit, which = np.zeros(len(starts)), np.full(len(starts), -1)
    same = np.zeros(len(starts), bool)
    for number, g in enumerate(gold):
        shared = share_spans(starts, ends, g.span)
        better = shared > hit
        hit, which = np.where(better, shared, hit), np.where(better, number, which)
        same |= (starts == g.span[0]) & (ends == g.span[1])
    fits = np.zeros(len(starts))
    for k in np.flatnonzero(hit >= HIT):
        fits[k] = _fit_anchor(view, anchors[table.anchor[k]], gold[which[k]])
    for number in range(len(gold)):
        own = (which == number) & (fits > 0)
        if (fits[own] == 1.0).any():
            fits[own & (fits < 1.0)] = 0.0  # the cue is there: the quotation alone would lose its source
    label = np.zeros(len(anchors))
    np.maximum.at(label, table.anchor, (hit >= HIT) * fits)
    rows = measure_anchors(sums, anchors)
    return Proposed(anchors, rows, table, hit, same, fits, which, (label > 0).astype(np.int64))


def share_spans(starts: NDArray[np.int32], ends: NDArray[np.int32], span: Span) -> NDArray[np.float64]:
    """Return how much of both each range shares with ``span``, as the contract's scorer counts it."""
    inside = np.minimum(ends, span[1]) - np.maximum(starts, span[0])
    whole = np.maximum(ends, span[1]) - np.minimum(starts, span[0])
    shared = np.where(inside > 0, inside / np.maximum(1, whole), 0.0)
    together = (np.abs(ends - span[1]) <= 2) & (inside > 0) & (np.abs(starts - span[0]) <= EARLIER_CHARS)
    return np.where(together, np.maximum(shared, HIT), shared)


def _fit_anchor(view: View, anchor: Anchor, gold: Gold) -> float:
    if anchor.cue is None:
        return 1.0 if gold.cue is None else 0.6
    if gold.cue is None:
        return 0.0
    first, last = view.parse.tokens_over(*gold.cue)
    return float(first <= anchor.cue < last)


# --------------------------------------------------------------------------- sources, speakers, acts


def align_gold(gold: Sequence[Gold], made: Proposed) -> list[tuple[Gold, Said]]:
    """Return the gold's statements as the room would have them, in text order: the nearest span of the right anchor."""
    found = []
    for number, g in enumerate(gold):
        fit = np.flatnonzero((made.which == number) & (made.fits > 0.0))
        if len(fit):
            k = fit[np.argmax(made.hit[fit] + made.same[fit])]
            t = made.table
            found.append((g, Said(made.anchors[t.anchor[k]], int(t.first[k]), int(t.last[k]), int(t.stands[k]), 1.0)))
    return sorted(found, key=lambda pair: (pair[1].first, pair[1].last))


def label_sources(sources: Sources, said: Said, gold: Gold) -> tuple[list[int], NDArray[np.int64]]:
    """Return the candidates of a statement's source and which one it is; none where the gold has no source."""
    heads, parse = sources.candidates(said), sources.parse
    labels = np.zeros(len(heads), np.int64)
    if gold.source is not None:
        first, last = parse.tokens_over(*gold.source)
        inside = [k for k, t in enumerate(heads) if first <= t < last]
        if inside:
            top = parse.span_head(first, last)
            labels[next((k for k in inside if heads[k] == top), inside[0])] = 1
    return heads, labels


def label_speakers(
    speakers: Speakers, statement: Attributed, gold: Gold, actors: dict[str, str]
) -> tuple[dict[str, list[int]], NDArray[np.int64]]:
    """Return the candidates of a statement's speaker and which ones are it."""
    candidates = speakers.candidates(statement)
    right = [gold.speaker is not None and actors.get(actor) == gold.speaker for actor in candidates]
    return candidates, np.array(right, np.int64).reshape(len(candidates))
