"""Finds the statements of one article: quotations and reported clauses, each with who is said to have said it.

Three roads lead to a statement, tried in this order; what a surer one has found, a later one does not find again:
a quotation with its cue (marks), a cue verb with its content (tree), and what the model marked (attribution).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from storyledger.statements.around import find_around, find_before, find_called, find_inside
from storyledger.statements.contents import Content, find_content, trim_edges
from storyledger.statements.cues import Act, load_cues, load_findings, load_matters, load_sources, load_things
from storyledger.statements.phrases import skip_phrase
from storyledger.statements.quotations import find_quotations, iter_paragraphs
from storyledger.statements.quoted import Anchor, Utterance, anchor_utterances, find_utterances, is_speech_verb
from storyledger.statements.segments import Segments
from storyledger.statements.sources import Source, can_speak, find_source, phrase_source, with_name
from storyledger.statements.speakers import Speakers
from storyledger.statements.trees import Trees
from storyledger.statements.write import UNSURE, Draft, Writer
from storyledger.types import Article, Cast, Reading, Statement, TimeExpression

SAME_CONTENT = 0.5  # two finds that share so much of their characters are one
HEADLINE_CHARS = 120  # a line so short is a headline or a caption: no sentence before its quotation
LOOKED_BACK = 0.7  # the score of a quotation whose speaker stands in the sentence before
# Outside of quotation marks: the page itself, its reader, or a quotation whose marks are not known.
WRITERS = frozenset({"i", "we", "you"})
BY_RADIO = frozenset({"report", "radio", "signal", "confirm"})
CLAIMED = frozenset({"responsibility", "victory", "credit"})  # what is claimed so is a deed
MISCOUNTED = re.compile(r"[,;:)]|\.(?!\.)")  # what begins so stands between two quotations
SURE_MARK = 0.8  # of the model's own marks of attribution; below it they were wrong too often on ferry 01-11


def find_statements(
    article: Article, reading: Reading, cast: Cast, times: Sequence[TimeExpression]
) -> tuple[Statement, ...]:
    """Return what the article says that somebody said, in text order.

    A statement's content is the whole of what is attributed and nothing else; its speaker is an actor of ``cast`` or,
    where the source is anonymous or unresolved, null with its words.
    """
    if not reading.tokens:
        return ()
    trees = Trees(article, reading)
    quotations = find_quotations(article)
    utterances = find_utterances(trees, quotations)
    bounds = Bounds(Segments(article, quotations), utterances)
    anchors = anchor_utterances(trees, utterances)
    drafts = list(_draft_utterances(trees, bounds, anchors, article))
    drafts = _add_new(drafts, _drop_nested(list(_draft_reported(trees, bounds)), trees))
    marked = [d for d in _draft_attributions(trees, reading, utterances) if not _is_inside(trees, d, drafts)]
    drafts = _add_new(drafts, marked)
    return Writer(article, trees, quotations, Speakers(trees, cast), times).write(drafts)


def _add_new(drafts: list[Draft], more: Iterable[Draft]) -> list[Draft]:
    """Return ``drafts`` with those of ``more`` that have neither a cue nor a content that a surer road has found."""
    cues = {d.cue for d in drafts if d.cue is not None and d.score > LOOKED_BACK}
    known = sorted(drafts, key=lambda d: d.start)
    starts = [d.start for d in known]
    longest = max((d.end - d.start for d in known), default=0)
    spans = {(d.start, d.end) for d in drafts}
    fresh = []
    for draft in more:
        near = known[bisect_left(starts, draft.start - longest) : bisect_left(starts, draft.end)]
        told = draft.cue in cues or (draft.start, draft.end) in spans
        if not told and all(_share(draft, d) < SAME_CONTENT for d in near):
            fresh.append(draft)
            cues |= {draft.cue} if draft.cue is not None else set()
            spans.add((draft.start, draft.end))
    return [*drafts, *fresh]


def _drop_nested(drafts: list[Draft], trees: Trees) -> list[Draft]:
    """Return the drafts without those whose cue is itself part of what another says: hearsay within hearsay."""
    out: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: (d.start, -d.end)):
        if not _is_inside(trees, draft, out[-3:]):
            out.append(draft)
    return out


def _is_inside(trees: Trees, draft: Draft, others: Sequence[Draft]) -> bool:
    """Say whether the draft's cue is part of another's content."""
    if draft.cue is None:
        return False
    at = trees.tokens[draft.cue].start
    return any(d.start <= at < d.end for d in others)


# --------------------------------------------------------------------------- the three roads


def _draft_utterances(trees: Trees, bounds: Bounds, anchors: list[Anchor], article: Article) -> Iterator[Draft]:
    """Yield a draft for each utterance whose source is known or can be looked for."""
    paragraphs = list(iter_paragraphs(article))
    sources: list[Source | None] = []
    for k, (u, anchor) in enumerate(zip(bounds.utterances, anchors, strict=True)):
        score = anchor.score if u.quotation.closed else min(anchor.score, UNSURE)
        cue, act = anchor.cue, _act_of(trees, anchor.cue)
        if anchor.resumed is not None:
            source = sources[anchor.resumed]
        elif cue is not None:
            source = find_source(trees, cue, bounds.segments.at(trees.tokens[cue].start)[0])
        else:
            source, cue, score = _look_back(trees, u, paragraphs, bounds)
        if source is not None and u.start <= source.start < u.end:
            source = None  # "cites “the conviction that”": a noun of the quotation is nobody
        sources.append(source)
        if source is None or MISCOUNTED.match(trees.text, u.start):
            continue
        yield Draft(u.start, u.end, act, cue, source, score, utterance=k, continues=anchor.resumed)


def _act_of(trees: Trees, cue: int | None) -> Act:
    """Return the act of a verb that stands with a quotation."""
    if cue is None:
        return "say"
    lemma = trees.cue_lemma(cue)
    act = load_cues()["clause"].get(lemma, "say")
    return "say" if act in ("deny", "think") else act


def _look_back(
    trees: Trees, u: Utterance, paragraphs: list[tuple[int, int]], bounds: Bounds
) -> tuple[Source | None, int | None, float]:
    """Return (source, cue, score) of a quotation without a cue, from the sentence before it in its paragraph.

    Its speech verb's source, or else its subject: whoever acts in the sentence before a quotation most often speaks it.
    """
    start, stop = paragraphs[u.quotation.paragraph]
    if stop - start < HEADLINE_CHARS:
        return None, None, 0.0
    first, last = trees.tokens_in(start, u.quotation.outer_start)
    if first >= last:
        return None, None, 0.0
    sentence = trees.sentence_span(last - 1)
    span = max(first, sentence[0]), min(last, sentence[1])
    for i in range(*span):
        if is_speech_verb(trees, i) and trees.label(i) not in ("acl", "amod"):
            source = find_source(trees, i, bounds.segments.at(trees.tokens[i].start)[0])
            if source is not None:
                return source, i, LOOKED_BACK
    for i in range(*span):
        if trees.tokens[i].deprel == "root" or trees.tokens[i].head == i:
            source = find_source(trees, i, bounds.segments.at(trees.tokens[i].start)[0])
            return source, None, 0.6
    return None, None, 0.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reported contents may not reach over."""

    segments: Segments
    utterances: list[Utterance]


def _draft_reported(trees: Trees, bounds: Bounds) -> Iterator[Draft]:
    """Yield a draft for each cue of reported speech outside of utterances."""
    inside = _inside_utterances(trees, bounds.utterances)
    cues = load_cues()
    lemmas = set(cues["clause"]) | set(cues["infinitive"]) | set(cues["object_infinitive"]) | set(cues["object"])
    lemmas |= {verb for verb, _ in load_matters()}
    for i, token in enumerate(trees.tokens):
        if inside[i]:
            continue
        if trees.word(i) == "according":
            yield from _draft_according(trees, i, bounds)
        elif token.upos == "VERB" and (trees.cue_lemma(i) in lemmas or is_speech_verb(trees, i)):
            draft = _draft_cue(trees, i, bounds)
            if draft is not None:
                yield draft


def _draft_cue(trees: Trees, cue: int, bounds: Bounds) -> Draft | None:
    """Return the draft of what one verb attributes: the clause before "..., NP said", else what stands behind it."""
    low, high = bounds.segments.at(trees.tokens[cue].start)
    source = find_source(trees, cue, low)
    if source is None or (trees.cue_lemma(cue) in load_findings() and not _is_finding(trees, source)):
        return None
    if _is_nobody(trees, cue, source):
        return None
    content = None
    if source.start < trees.tokens[cue].start:
        content = find_before(trees, cue, source.start, low, high) or find_inside(trees, cue, source.start, low, high)
        if content is None and trees.text[low : source.start].rstrip().endswith(" what"):
            content = find_called(trees, cue, high)
    elif trees.tokens[source.head].start > trees.tokens[cue].start:
        content = find_before(trees, cue, trees.tokens[cue].start, low, high)
    content = content or find_content(trees, cue, high)
    return None if content is None else _clip(trees, content, cue, source, bounds)


def _is_nobody(trees: Trees, cue: int, source: Source) -> bool:
    """Say whether a thing, the writer or a deed stands where the speaker would; a ship may report, by its radio."""
    head = trees.tokens[source.head]
    thing = head.upos == "NOUN" and head.lemma.lower() in load_things() and trees.cue_lemma(cue) not in BY_RADIO
    deed = trees.word(min(cue + 1, len(trees.tokens) - 1)) in CLAIMED
    return thing or deed or trees.word(source.head) in WRITERS


def _is_finding(trees: Trees, source: Source) -> bool:
    """Say whether the source is a text, a court or a study: what finds in words."""
    documents, _ = load_sources()
    return trees.tokens[source.head].lemma.lower() in documents


def _inside_utterances(trees: Trees, utterances: Iterable[Utterance]) -> list[bool]:
    inside = [False] * len(trees.tokens)
    for u in utterances:
        for i in range(*trees.tokens_in(u.quotation.outer_start, u.quotation.outer_end)):
            inside[i] = True
    return inside


def _holds(trees: Trees, cue: int, source: Source, start: int, end: int) -> bool:
    """Say whether a content holds its own cue or source."""
    return (source.start < end and start < source.end) or start <= trees.tokens[cue].start < end


def _clip(trees: Trees, content: Content, cue: int, source: Source, bounds: Bounds) -> Draft | None:
    """Return the draft of a reported content, cut where an utterance of its own begins in it.

    None where it begins in one, and where it would hold its own source or cue.
    """
    start, end = content.start, content.end
    for u in bounds.utterances:
        q = u.quotation
        if q.outer_start <= start < q.outer_end:
            return None
        if start < q.outer_start < end and trees.text[: q.outer_start].rstrip()[-1:] in (":", ".", "?", "!"):
            end = q.outer_start
    start, end = trim_edges(trees.text, start, end)
    if end <= start or (content.how != "inside" and _holds(trees, cue, source, start, end)):
        return None
    return Draft(start, end, content.act, cue, source, content.score)


def _draft_according(trees: Trees, i: int, bounds: Bounds) -> Iterator[Draft]:
    """Yield the draft of "according to X": its sentence without the phrase."""
    if i + 2 >= len(trees.tokens) or trees.word(i + 1) != "to":
        return
    low, high = bounds.segments.at(trees.tokens[i].start)
    last = skip_phrase(trees, i + 2, high, links=True)
    if last == i + 3 and trees.tokens[i + 2].upos == "DET":  # the words behind it look like no noun phrase
        last = max(last, trees.tokens[i].head + 1)
    source = phrase_source(trees, i + 2, last)
    if source is None or not (_is_set_off(trees, i, last) or can_speak(trees, source.head)):
        return  # "changed according to plan"
    source = with_name(trees, source, last)
    last = _skip_apposition(trees, source, max(last, trees.token_at(source.end - 1) + 1), high)
    for content in find_around(trees, i, last, low, high):
        draft = _clip(trees, content, i, source, bounds)
        if draft is not None:
            yield draft


def _is_set_off(trees: Trees, first: int, last: int) -> bool:
    """Say whether a comma stands before or behind tokens ``first`` to ``last``."""
    return (first > 0 and trees.word(first - 1) == ",") or (last < len(trees.tokens) and trees.word(last) == ",")


def _skip_apposition(trees: Trees, source: Source, last: int, high: int) -> int:
    """Return the token behind "Anna Berg, harbour expert at the institute,"."""
    if last >= len(trees.tokens) or trees.word(last) != "," or trees.tokens[source.head].upos != "PROPN":
        return last
    end = skip_phrase(trees, last + 1, high, links=True)
    described = any(trees.tokens[i].upos == "NOUN" for i in range(last + 1, end))
    return end if described and end < len(trees.tokens) and trees.word(end) == "," else last


def _draft_attributions(trees: Trees, reading: Reading, utterances: list[Utterance]) -> Iterator[Draft]:
    """Yield a draft for what the model marked with a source and a cue that the tree has nothing for."""
    inside = _inside_utterances(trees, utterances)
    for mark in reading.attributions:
        if mark.source is None or mark.cue is None or not mark.content or mark.score < SURE_MARK:
            continue
        cue = trees.token_at(mark.cue[0])
        if cue >= len(trees.tokens) or inside[cue] or trees.tokens[cue].upos == "VERB":
            continue  # what the verbs attribute, the other roads have found or refused
        first, last = trees.tokens_in(*mark.source)
        head = next((i for i in range(first, last) if not first <= trees.tokens[i].head < last), None)
        start, end = trim_edges(trees.text, *max(mark.content, key=lambda c: c[1] - c[0]))
        if head is not None and end > start and "\n" not in trees.text[start:end]:
            source = Source(head, *mark.source)
            yield Draft(start, end, _act_of(trees, cue), cue, source, 0.6 * mark.score)


def _share(a: Draft, b: Draft) -> float:
    common = min(a.end, b.end) - max(a.start, b.start)
    return common / (max(a.end, b.end) - min(a.start, b.start)) if common > 0 else 0.0
