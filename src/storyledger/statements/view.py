"""One article as statements look at it: the parse, the second network's tags, and classes of tokens as numbers.

Arrays have one row a token (``_N``); ranges of tokens are half open. This module must not know cues or speakers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyledger.language.parse import Parse

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Span = tuple[int, int]

# What a token is for the edges of a content; its number is a measure.
CLASSES = (
    "other", "sentence", "comma", "colon", "open", "that", "dash", "adp", "cc", "sc", "verb", "close", "semi", "to",
    "noun", "aux", "adv", "pron", "det", "wh", "paren", "num", "adj", "stop",
)  # fmt: skip
CLASS = {name: number for number, name in enumerate(CLASSES)}
_MARKS = {
    ",": "comma", ":": "colon", ";": "semi", "–": "dash", "—": "dash", "-": "dash", "--": "dash", "(": "paren",
    ")": "paren", "[": "paren", "]": "paren", ".": "stop", "?": "stop", "!": "stop", "…": "stop", "...": "stop",
}  # fmt: skip
_TAGS = {
    "ADP": "adp", "CCONJ": "cc", "SCONJ": "sc", "VERB": "verb", "NOUN": "noun", "PROPN": "noun", "AUX": "aux",
    "ADV": "adv", "PRON": "pron", "DET": "det", "NUM": "num", "ADJ": "adj",
}  # fmt: skip
RELATIVES = frozenset({"who", "which", "whose", "whom", "where"})
_OUTSIDE = frozenset({"title", "deck", "heading", "byline", "dateline"})
_EDGES = frozenset(CLASS[name] for name in ("comma", "colon", "semi", "dash"))
_FRONT = _EDGES | {CLASS["stop"], CLASS["close"]}


@dataclass(frozen=True, slots=True)
class Tags:
    """The second network's probabilities that matter here, one row a token.

    ``source``, ``cue``, ``content``: that it is part of one; ``*_begins``: that it is the first word of one; ``named``:
    that its source is an actor of the story; ``act`` (N by 7) and ``denied``: of the content that it is part of.
    """

    source: Floats
    cue: Floats
    content: Floats
    source_begins: Floats
    content_begins: Floats
    named: Floats
    act: Floats
    denied: Floats


class View:
    """A parse with its tags, its classes of tokens, its quotations and paragraphs in tokens."""

    def __init__(self, parse: Parse, tags: Tags) -> None:
        """Index the article once; every later question is answered in the size of its answer."""
        self.parse, self.tags, self.n = parse, tags, len(parse)
        self.quotations: list[Span] = [parse.tokens_in(q.start, q.end) for q in parse.quotations]
        self.codes = np.array([*map(self._classify, range(self.n)), CLASS["stop"]], np.int64)
        self.quote_of = np.full(self.n + 1, -1, np.int64)  # the quotation that a token stands in
        self.opens, self.closes = self.quote_of.copy(), self.quote_of.copy()  # the quotation whose mark a token is
        self._mark_quotations()
        self.sentence_of = np.append(parse.sentence_of_N, parse.sentence_of_N[-1:]).astype(np.int64)
        self.sentences: list[Span] = [(s.first, s.last) for s in parse.sentences]
        self.paragraph_of = np.array([*parse.paragraph_of, *parse.paragraph_of[-1:]], np.int64)
        self.paragraphs: list[Span] = [parse.tokens_over(a, b) for a, b in parse.paragraphs]
        kinds = [s.kind in _OUTSIDE for s in parse.sentences]
        self.is_heading = np.array([kinds[s] for s in self.sentence_of[: self.n]], bool)

    def _classify(self, i: int) -> int:
        word, tag = self.parse.words[i], self.parse.upos[i]
        if word in _MARKS:
            return CLASS[_MARKS[word]]
        if word == "that" and tag in {"SCONJ", "PRON", "DET"}:
            return CLASS["that"]
        if word in RELATIVES or word == "to":
            return CLASS["to" if word == "to" else "wh"]
        return CLASS[_TAGS.get(tag, "other")]

    def _mark_quotations(self) -> None:
        """Note which tokens stand in quotations and which are their marks."""
        parse = self.parse
        for k, (q, (first, last)) in enumerate(zip(parse.quotations, self.quotations, strict=True)):
            self.quote_of[first:last] = k
            mark = parse.token_at(q.outer_start)
            if mark < self.n and parse.starts[mark] < q.start:
                self.opens[mark], self.codes[mark] = k, CLASS["open"]
            mark = parse.token_at(q.end)
            if q.closed and mark < self.n and q.end <= parse.starts[mark] < q.outer_end:
                self.closes[mark], self.codes[mark] = k, CLASS["close"]

    def sentence_span(self, token: int) -> Span:
        """Return the sentence of ``token``, cut at the ends of its paragraph."""
        first, last = self.sentences[int(self.sentence_of[token])]
        low, high = self.paragraphs[int(self.paragraph_of[token])]
        return max(first, low), min(last, high)

    def trim(self, first: int, last: int) -> Span:
        """Return the range without punctuation at its edges and without the marks of a quotation that it cuts or is."""
        while first < last and self.codes[first] in _FRONT:
            first += 1
        last = self._trim_end(first, last)
        if last > first and self.closes[last - 1] >= 0 and self.quotations[self.closes[last - 1]][0] - 1 < first:
            last = self._trim_end(first, last - 1)
        if last > first and self.opens[first] >= 0:
            k = self.opens[first]
            whole = self.closes[last - 1] == k
            if whole or self.quotations[k][1] >= last:
                first, last = first + 1, self._trim_end(first + 1, last - whole)
        return first, last

    def _trim_end(self, first: int, last: int) -> int:
        while last > first and (
            self.codes[last - 1] in _EDGES or self.parse.words[last - 1] == "." or self.opens[last - 1] >= 0
        ):
            last -= 1
        return last


def take_tags(heads: Mapping[str, NDArray[np.floating]]) -> Tags:
    """Return the tags that matter here from the second network's heads, as ``read_tags`` gives them."""
    wide = {name: np.asarray(table, np.float64) for name, table in heads.items()}
    inside = {name: wide[name][:, 1:].sum(axis=1) for name in ("source", "cue", "content")}
    return Tags(
        **inside,
        source_begins=wide["source"][:, 1],
        content_begins=wide["content"][:, 1],
        named=wide["named"][:, 0],
        act=wide["act"],
        denied=wide["polarity"][:, 1],
    )
