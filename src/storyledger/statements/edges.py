"""What a possible content looks like: numbers for the scorer that says which words are what is said.

``SPAN`` names them with what they mean. All spans of an article are measured at once. This module must not know
speakers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyledger.statements.anchors import BEFORE, Anchor
from storyledger.statements.sums import Sums
from storyledger.statements.view import CLASS
from storyledger.statements.words import load_words

Ints = NDArray[np.int64]
TIME_WORDS = load_words("times")
SPAN = {
    "stands": "behind, before or around the cue, a turn, a quotation",
    "to_start": "tokens from the cue to its first",
    "to_end": "tokens from the cue to its end",
    "length": "its tokens",
    "chars": "its characters",
    "before_class": "class of the token before it",
    "second_before_class": "class of the one before that",
    "first_class": "class of its first token",
    "last_class": "class of its last token",
    "next_class": "class of the token behind it",
    "second_next_class": "class of the one behind that",
    "p_first": "the network's probability that its first token is content",
    "p_before": "the same of the token before",
    "p_last": "of its last token",
    "p_next": "of the token behind",
    "p_lower_edge": "the lower of first and last",
    "p_begins": "that its first token begins a content",
    "p_begins_inside": "how many contents begin inside it",
    "p_begins_next": "that the token behind it begins one",
    "p_mean": "mean probability inside",
    "p_sum": "sum inside",
    "p_missed": "sum of probability of content left out in its sentences",
    "p_missed_before": "sum over six tokens before it",
    "p_missed_behind": "sum over six tokens behind it",
    "p_source_inside": "sum of probability of sources inside",
    "p_cue_inside": "sum of probability of cues inside",
    "p_cue_outside": "the same outside in its sentences",
    "rate_inside": "how much attributes inside",
    "rate_behind": "how much attributes behind it in its sentence",
    "stops": "full stops inside",
    "commas": "commas inside",
    "finite": "finite verbs inside",
    "opens": "opening marks inside",
    "closes": "closing marks inside",
    "unbalanced": "opening less closing marks",
    "quoted_share": "share that stands in quotations",
    "whole_quotation": "it is a quotation",
    "starts_in_quotation": "it begins in a quotation, or with one",
    "ends_in_quotation": "it ends in a quotation, or with one",
    "sentence_start": "it begins its sentence",
    "sentence_end": "it ends its sentence",
    "paragraph_start": "it begins its paragraph",
    "paragraph_end": "it ends its paragraph",
    "first_sentence": "sentences from the cue's to its first",
    "last_sentence": "sentences from the cue's to its last",
    "capital": "it begins with a capital",
    "paragraphs": "paragraphs that it runs over",
    "child_start": "it begins where an object or phrase of the cue does",
    "child_end": "it ends where one does",
    "clause_start": "it begins where the cue's clause does",
    "clause_end": "it ends where that does",
    "theme_start": "it begins where an argument of the cue does",
    "theme_end": "it ends where one does",
    "time_behind": "words of time stand behind it",
    "next_hangs_on_cue": "the token behind it hangs on the cue",
    "next_word": "which function word stands behind it, or behind the comma there",
    "first_word": "which function word it begins with",
    "holds_cue": "the cue stands inside",
    "between": "tokens between it and the cue",
    "between_stops": "full stops there",
    "between_opens": "opening marks there",
    "tokens_left": "tokens of its sentence behind it",
    "start_rank": "its start among the anchor's starts",
    "end_rank": "its end among the anchor's ends, the last first",
}
_NEXT = (
    "and", "but", "as", "while", "after", "before", "when", "which", "who", "in", "on", "at", "for", "with", "because",
    "saying", "adding", "according", "following", "to", "or", "although", "though", "by", "from", "during", "where",
    "if", "since", "so",
)  # fmt: skip
_FIRST = (
    "that", "to", "it", "he", "she", "they", "the", "a", "an", "there", "this", "for", "of", "about", "if", "whether",
    "how", "what", "why", "as", "in", "no", "not", "and", "but", "who", "his", "her", "their", "its", "we", "i", "you",
)  # fmt: skip
NEXT_WORDS = {word: n for n, word in enumerate(_NEXT, 1)}
FIRST_WORDS = {word: n for n, word in enumerate(_FIRST, 1)}
BEHIND_COMMA = 40
WITHOUT_CUE = 99
_NEAR = 6


@dataclass(frozen=True, slots=True)
class SpanTable:
    """All spans of an article: anchor number, tokens, how they stand to the cue, and their ``SPAN`` numbers."""

    anchor: Ints
    first: Ints
    last: Ints
    stands: Ints
    rows: NDArray[np.float32]


def measure_spans(sums: Sums, anchors: Sequence[Anchor]) -> SpanTable:
    """Return the spans of all anchors with their measures."""
    listed = [(k, *span) for k, anchor in enumerate(anchors) for span in anchor.spans]
    anchor, first, last, stands = np.array(listed, np.int64).reshape(-1, 4).T
    table = SpanTable(anchor, first, last, stands, np.zeros((len(listed), len(SPAN)), np.float32))
    if listed:
        cues = np.array([-1 if a.cue is None else a.cue for a in anchors], np.int64)[anchor]
        columns = {**_shape(sums, table, cues), **_network(sums, table), **_marks(sums, table)}
        columns |= {**_place(sums, table, cues), **_words(sums, table, cues), **_tree(sums, table, anchors)}
        table.rows[:] = np.stack([np.asarray(columns[name], np.float32) for name in SPAN], axis=1)
    return table


Columns = dict[str, NDArray[np.generic]]


def _shape(sums: Sums, t: SpanTable, cues: Ints) -> Columns:
    view, has = sums.view, cues >= 0
    starts, ends = view.parse.starts_N, view.parse.ends_N
    gap_first = np.where(t.stands == BEFORE, t.last, np.where(has, cues + 1, t.first))
    gap_last = np.maximum(gap_first, np.where(t.stands == BEFORE, np.where(has, cues, t.last), t.first))
    return {
        "stands": t.stands,
        "to_start": np.where(has, t.first - cues, WITHOUT_CUE),
        "to_end": np.where(has, t.last - cues, WITHOUT_CUE),
        "length": t.last - t.first,
        "chars": ends[t.last - 1] - starts[t.first],
        "holds_cue": has & (t.first <= cues) & (cues < t.last),
        "between": gap_last - gap_first,
        "between_stops": sums.stops[gap_last] - sums.stops[gap_first],
        "between_opens": sums.opens[gap_last] - sums.opens[gap_first],
    }


def _sentence_edges(sums: Sums, t: SpanTable) -> tuple[Ints, Ints]:
    """Return where the first sentence of each span begins and its last one ends."""
    firsts, lasts = (np.array(edge, np.int64) for edge in zip(*sums.view.sentences, strict=True))
    return firsts[sums.view.sentence_of[t.first]], np.maximum(lasts[sums.view.sentence_of[t.last - 1]], t.last)


def _network(sums: Sums, t: SpanTable) -> Columns:
    content = np.concatenate([[0.0], sums.view.tags.content, [0.0]])  # one row before the first token
    begins = np.append(sums.view.tags.content_begins, 0.0)
    low, high = _sentence_edges(sums, t)
    before, behind = np.maximum(t.first - _NEAR, 0), np.minimum(t.last + _NEAR, sums.view.n)
    inside = sums.content[t.last] - sums.content[t.first]
    return {
        "p_first": content[t.first + 1],
        "p_before": content[t.first],
        "p_last": content[t.last],
        "p_next": content[t.last + 1],
        "p_lower_edge": np.minimum(content[t.first + 1], content[t.last]),
        "p_begins": begins[t.first],
        "p_begins_inside": sums.begins[t.last] - sums.begins[t.first + 1],
        "p_begins_next": begins[t.last],
        "p_mean": inside / (t.last - t.first),
        "p_sum": inside,
        "p_missed": sums.content[high] - sums.content[t.last] + sums.content[t.first] - sums.content[low],
        "p_missed_before": sums.content[t.first] - sums.content[before],
        "p_missed_behind": sums.content[behind] - sums.content[t.last],
        "p_source_inside": sums.source[t.last] - sums.source[t.first],
        "p_cue_inside": sums.cue[t.last] - sums.cue[t.first],
        "p_cue_outside": sums.cue[high] - sums.cue[t.last] + sums.cue[t.first] - sums.cue[low],
        "rate_inside": sums.rate[t.last] - sums.rate[t.first],
        "rate_behind": sums.rate[high] - sums.rate[t.last],
    }


def _marks(sums: Sums, t: SpanTable) -> Columns:
    view, end = sums.view, t.last - 1
    opens, closes = sums.opens[t.last] - sums.opens[t.first], sums.closes[t.last] - sums.closes[t.first]
    edges = np.array([*view.quotations, (-1, -1)], np.int64)
    at_start, at_end = view.quote_of[t.first], view.quote_of[end]
    begins = (at_start >= 0) & (edges[at_start, 0] == t.first)
    ends = (at_end >= 0) & (edges[at_end, 1] - t.last <= 1)
    return {
        "stops": sums.stops[t.last] - sums.stops[t.first],
        "commas": sums.commas[t.last] - sums.commas[t.first],
        "finite": sums.finite[t.last] - sums.finite[t.first],
        "opens": opens,
        "closes": closes,
        "unbalanced": opens - closes,
        "quoted_share": (sums.quoted[t.last] - sums.quoted[t.first]) / (t.last - t.first),
        "whole_quotation": begins & ends & (at_start == at_end),
        "starts_in_quotation": (at_start >= 0) * 1 + begins,
        "ends_in_quotation": (at_end >= 0) * 1 + ends,
    }


def _place(sums: Sums, t: SpanTable, cues: Ints) -> Columns:
    view, end = sums.view, t.last - 1
    low, high = _sentence_edges(sums, t)
    paragraphs = np.array(view.paragraphs, np.int64)
    sentence, own = view.sentence_of, np.where(cues >= 0, cues, t.first)
    return {
        "sentence_start": t.first == low,
        "sentence_end": high - t.last <= 1,
        "paragraph_start": t.first - paragraphs[view.paragraph_of[t.first], 0] <= 1,
        "paragraph_end": paragraphs[view.paragraph_of[end], 1] - t.last <= 2,
        "first_sentence": sentence[t.first] - sentence[own],
        "last_sentence": sentence[end] - sentence[own],
        "paragraphs": view.paragraph_of[end] - view.paragraph_of[t.first],
        "tokens_left": high - t.last,
    }


def _words(sums: Sums, t: SpanTable, cues: Ints) -> Columns:
    view, n = sums.view, sums.view.n
    parse, codes = view.parse, view.codes
    before = np.concatenate([[CLASS["sentence"], CLASS["sentence"]], codes])  # codes of the two tokens before
    low, _ = _sentence_edges(sums, t)
    after = np.minimum(t.last + 1, n)
    follows = np.array([*(NEXT_WORDS.get(w, 0) for w in parse.words), 0], np.int64)
    leads = np.array([FIRST_WORDS.get(w, 0) for w in parse.words], np.int64)
    timed = np.array([*(w in TIME_WORDS for w in parse.words), False])
    heads = np.array([*parse.heads, -1], np.int64)
    comma = np.where(codes[t.last] == CLASS["comma"], BEHIND_COMMA + follows[after], 0)
    return {
        "before_class": np.where(t.first == low, CLASS["sentence"], before[t.first + 1]),
        "second_before_class": before[t.first],
        "first_class": codes[t.first],
        "last_class": codes[t.last - 1],
        "next_class": codes[t.last],
        "second_next_class": codes[after],
        "capital": np.array([form[:1].isupper() for form in parse.forms])[t.first],
        "time_behind": timed[t.last] * 1 + timed[after] * 2,
        "next_hangs_on_cue": (cues >= 0) & (heads[t.last] == cues),
        "next_word": np.where(follows[t.last] > 0, follows[t.last], comma),
        "first_word": leads[t.first],
    }


def _tree(sums: Sums, t: SpanTable, anchors: Sequence[Anchor]) -> Columns:
    """Return where spans begin and end with what hangs on their cue, and their place among its spans."""
    names = (
        "child_start",
        "child_end",
        "clause_start",
        "clause_end",
        "theme_start",
        "theme_end",
        "start_rank",
        "end_rank",
    )
    out = {name: np.zeros(len(t.anchor)) for name in names}
    edges = np.searchsorted(t.anchor, np.arange(len(anchors) + 1))
    for k, anchor in enumerate(anchors):
        here = slice(edges[k], edges[k + 1])
        first, last = t.first[here], t.last[here]
        out["start_rank"][here] = np.unique(first, return_inverse=True)[1]
        ends, rank = np.unique(last, return_inverse=True)
        out["end_rank"][here] = len(ends) - 1 - rank
        if anchor.cue is not None:
            for kind, low, high in _parts(sums, anchor.cue):
                begins = (first == low) | (first == low + 1)
                out[f"{kind}_start"][here] = np.maximum(out[f"{kind}_start"][here], begins)
                out[f"{kind}_end"][here] = np.maximum(out[f"{kind}_end"][here], np.abs(last - high) <= 1)
    return dict(out)


_CLAUSES = frozenset({"ccomp", "parataxis"})
_CHILDREN = frozenset({"xcomp", "obj", "obl", "advcl", "acl", "nmod"})


def _parts(sums: Sums, cue: int) -> list[tuple[str, int, int]]:
    """Return (clause, child or theme, first, last) of what the cue governs, without "that"."""
    parse, found = sums.view.parse, []
    for child in parse.children[cue]:
        kind = "clause" if parse.bases[child] in _CLAUSES else "child" if parse.bases[child] in _CHILDREN else None
        if kind is not None:
            low, high = parse.reach(child)
            found.append((kind, low + (sums.view.codes[low] == CLASS["that"]), high))
    predicate = parse.predicates.get(cue)
    arguments = predicate.arguments if predicate is not None else ()
    return found + [("theme", a.first, a.last) for a in arguments if a.role in {"ARG1", "ARG2"}]
