"""What an editor cut out of a copied text: since when it was public, who told it.

Invariant: a stretch of several sentences, none of which the copy has in other words; a page of which only a part is
there is not blamed. This module must not know comparisons, nor what pages leave out that copy nothing.
"""

from __future__ import annotations

from storyledger.compare.index import (
    PileIndex,
    cut_evidence,
    in_order,
    is_whole,
    origin_of,
    public_since,
)
from storyledger.compare.occurrences import shorten
from storyledger.compare.words import meaning_stems
from storyledger.types import Article, Evidence, Omission, Story

MIN_CUT_SENTENCES = 3  # an editor shortens anywhere; a passage is a choice


def find_cuts(story: Story, index: PileIndex) -> list[Omission]:
    """Return what trimmed copies left out of the texts that they copy, as one omission per stretch of it."""
    cut = [a for a in story.documents if is_whole(a)]
    return [omission for article in cut for omission in _omit_cut(article, story, index)]


def _omit_cut(article: Article, story: Story, index: PileIndex) -> list[Omission]:
    """What a trimmed copy left out of the text that it copies, as one omission per stretch of it."""
    copy = article.copy_of
    if copy is None or copy.kind != "wire_trimmed" or article.id not in index.compared:
        return []
    if copy.document not in index.compared:
        return []
    source = index.articles[copy.document]
    kept = [meaning_stems(article.text[s:e]) for s, e in index.sentences[article.id]]
    found = []
    for run in _missing_runs(source, kept, index):
        evidence = _evidence_in(run, source, index)
        if not evidence:
            continue
        others = _others_that_have(evidence, article, story, index)
        told = tuple(d for d in in_order(index) if d == source.id or d in others)
        about = f"Cut from the copied text: {shorten(source.text[run[0][0] : run[0][1]])}"
        day = public_since(source)
        found.append(Omission(about, evidence, day, told, (article.id,), (), 0.85))
    return found


def _missing_runs(source: Article, kept: list[frozenset[str]], index: PileIndex) -> list[list[tuple[int, int]]]:
    """Return the stretches of sentences of ``source`` that the copy lacks: three or more, one kept between at most."""
    runs: list[list[tuple[int, int]]] = [[]]
    have, gap = set(kept), 0
    furniture = [(b.start, b.end) for b in source.blocks if b.kind in ("title", "caption", "byline", "dateline")]
    for start, end in index.sentences[source.id]:
        stems = meaning_stems(source.text[start:end])
        aside = len(stems) < 2 or any(lo <= start < hi for lo, hi in furniture)
        if not aside and not (stems in have or any(len(stems & k) >= 0.7 * len(stems) for k in have)):
            runs[-1].append((start, end))
            gap = 0
        elif not aside:
            gap += 1
            if gap == 2:
                runs.append([])
    return [run for run in runs if len(run) >= MIN_CUT_SENTENCES]


def _evidence_in(run: list[tuple[int, int]], source: Article, index: PileIndex) -> tuple[Evidence, ...]:
    """Return what was said in the stretch, or its sentences where nobody speaks."""
    lo, hi = run[0][0], run[-1][1]
    said = [s.content for s in index.statements.get(source.id, ()) if lo <= s.content.start and s.content.end <= hi]
    sentences = [cut_evidence(index, source.id, s, e) for s, e in run]
    return tuple(p for p in (said or sentences) if p.end - p.start <= 400)[:12]


def _others_that_have(evidence: tuple[Evidence, ...], article: Article, story: Story, index: PileIndex) -> set[str]:
    """Return the documents that tell part of the stretch: copies of the text, and versions of its statements."""
    spans = {(e.document, e.start, e.end) for e in evidence}
    groups = {
        s.version_group
        for s in story.statements
        if s.version_group and (s.content.document, s.content.start, s.content.end) in spans
    }
    versions = {s.content.document for s in story.statements if s.version_group in groups}
    texts = [meaning_stems(e.text) for e in evidence]
    copies = {
        d
        for d in index.compared
        if origin_of(index, d) == origin_of(index, article.id)
        and any(t <= meaning_stems(index.articles[d].text) for t in texts)
    }
    return ((versions & index.compared) | copies) - {article.id}
