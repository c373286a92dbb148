"""One article with its reading as a tree to ask questions of: the view that every room uses.

``parse_of(article, reading)`` returns it; the last few are kept, so that the stages that look at one article in turn
share it. Arrays hold one row a token (``*_N``) and are read-only; what needs more than the tree (quotations,
paragraphs) is made when first asked for. Invariant: answers are token numbers of the Reading, or positions in the text
where the name says ``chars``; a range is half open. This module must not know cues, speakers, actors or events.

Relations are Universal Dependencies' labels. Where a method takes relations, "nsubj" stands for its subtypes too
("nsubj:pass"), and "nsubj:pass" for itself alone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from storyledger.language.quotations import Quotation, find_quotations, iter_paragraphs
from storyledger.types import Article, Mention, Predicate, Reading, Sentence, Token

Ints = NDArray[np.int32]
Span = tuple[int, int]

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ"})
CLAUSE_SIDES = ("acl", "advcl", "appos", "parataxis", "conj", "cc", "punct", "case")  # no part of a phrase's core
POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
DEEPEST = 64  # a chain of heads longer than this is a broken tree
PARSES_KEPT = 8  # some 2 MB each


@dataclass(frozen=True, slots=True)
class Phrase:
    """A nominal with what belongs to it: tokens ``[first, last)`` around ``head``, without case and clauses."""

    first: int
    last: int
    head: int


class Parse:
    """The trees, sentences, quotations and phrases of one article, indexed once; never changed."""

    def __init__(self, article: Article, reading: Reading) -> None:
        """Index ``reading``; heads out of range are taken for roots."""
        self.article, self.reading, self.text = article, reading, article.text
        self.tokens: tuple[Token, ...] = reading.tokens
        self.sentences: tuple[Sentence, ...] = reading.sentences
        n, text = len(self.tokens), article.text
        self.starts_N = _freeze([t.start for t in self.tokens])
        self.ends_N = _freeze([t.end for t in self.tokens])
        heads = np.array([t.head for t in self.tokens], np.int32).reshape(n)
        self.heads_N = _freeze(np.where((heads >= 0) & (heads < n), heads, np.arange(n)))
        self.forms: tuple[str, ...] = tuple(text[t.start : t.end] for t in self.tokens)
        self.words: tuple[str, ...] = tuple(form.lower() for form in self.forms)
        self.lemmas: tuple[str, ...] = tuple(t.lemma.lower() for t in self.tokens)
        self.upos: tuple[str, ...] = tuple(self._read_capitals())
        self.relations: tuple[str, ...] = tuple(t.deprel for t in self.tokens)
        self.bases: tuple[str, ...] = tuple(r.partition(":")[0] for r in self.relations)  # without their subtypes
        self.heads: tuple[int, ...] = tuple(self.heads_N.tolist())
        self.starts: tuple[int, ...] = tuple(self.starts_N.tolist())
        children: list[list[int]] = [[] for _ in self.tokens]
        for i, head in enumerate(self.heads):
            if head != i:
                children[head].append(i)
        self.children: tuple[tuple[int, ...], ...] = tuple(map(tuple, children))

    def _read_capitals(self) -> list[str]:
        """Return each token's part of speech; "WHO", "US" and "IT" among small letters are names, no pronouns.

        The network reads lower-cased text. A sentence in capitals says nothing, and one letter ("I") neither.
        """
        tags = [t.upos for t in self.tokens]
        for sentence in self.sentences:
            inside = range(sentence.first, sentence.last)
            loud = [i for i in inside if len(self.forms[i]) > 1 and self.forms[i].isupper()]
            if 2 * len(loud) <= len(inside):
                for i in loud:
                    tags[i] = "PROPN" if tags[i] == "PRON" else tags[i]
        return tags

    def __len__(self) -> int:
        """Return how many tokens there are."""
        return len(self.tokens)

    # -------------------------------------------------------------- sentences, paragraphs, quotations

    @cached_property
    def sentence_of_N(self) -> Ints:  # noqa: N802  (shapes in names, as for variables)
        """The number of the sentence that holds each token."""
        firsts = np.array([s.first for s in self.sentences], np.int32)
        return _freeze(np.maximum(np.searchsorted(firsts, np.arange(len(self)), side="right") - 1, 0))

    @cached_property
    def sentence_of(self) -> tuple[int, ...]:
        """``sentence_of_N`` for questions about one token."""
        return tuple(self.sentence_of_N.tolist())

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """The positions of the article's blocks, or of its lines where it has none."""
        return tuple(iter_paragraphs(self.article))

    @cached_property
    def paragraph_of(self) -> tuple[int, ...]:
        """The number of the paragraph that each token stands in, or follows."""
        firsts = np.array([p[0] for p in self.paragraphs], np.int64)
        found = np.maximum(np.searchsorted(firsts, self.starts_N, side="right") - 1, 0)
        return tuple(found.tolist())

    @cached_property
    def quotations(self) -> tuple[Quotation, ...]:
        """The outermost quotations, in text order."""
        return tuple(find_quotations(self.article))

    @cached_property
    def nested_quotations(self) -> tuple[Quotation, ...]:
        """All quotations, those inside others too."""
        return tuple(find_quotations(self.article, nested=True))

    @cached_property
    def _quotation_starts(self) -> list[int]:
        return [q.start for q in self.quotations]

    def quotation_at(self, position: int) -> int | None:
        """Return the number of the quotation around ``position`` (marks left out), None outside all."""
        k = bisect_right(self._quotation_starts, position) - 1
        return k if k >= 0 and position < self.quotations[k].end else None

    def quotation_of(self, token: int) -> int | None:
        """Return the number of the quotation that ``token`` stands in, None outside all."""
        return self.quotation_at(self.starts[token])

    def sentence_at(self, position: int) -> int:
        """Return the number of the sentence at ``position``, of the one before it between two."""
        return max(0, bisect_right(self.sentences, position, key=lambda s: s.start) - 1)

    # -------------------------------------------------------------- between positions and tokens

    def token_at(self, position: int) -> int:
        """Return the token at ``position`` or the next one after it; the number of tokens where there is none."""
        k = bisect_right(self.starts, position) - 1
        return k if k >= 0 and self.tokens[k].end > position else k + 1

    def tokens_in(self, start: int, end: int) -> Span:
        """Return the range of tokens that stand whole inside ``[start, end)``."""
        first = bisect_left(self.starts, start)
        last = bisect_left(self.starts, end)
        while last > first and self.tokens[last - 1].end > end:
            last -= 1
        return first, max(first, last)

    def tokens_over(self, start: int, end: int) -> Span:
        """Return the range of tokens that overlap ``[start, end)``."""
        first = self.token_at(start)
        return first, max(first, bisect_left(self.starts, end))

    def chars(self, first: int, last: int) -> Span:
        """Return the positions of the tokens ``[first, last)``."""
        return self.tokens[first].start, self.tokens[last - 1].end

    def text_of(self, first: int, last: int) -> str:
        """Return the words of the tokens ``[first, last)`` as they are written."""
        start, end = self.chars(first, last)
        return self.text[start:end]

    # -------------------------------------------------------------- the tree

    def is_one(self, token: int, relations: Iterable[str]) -> bool:
        """Tell whether the relation of ``token`` to its head is, or is a subtype of, one of ``relations``."""
        return self.bases[token] in relations or self.relations[token] in relations

    def dependents(self, token: int, *relations: str) -> list[int]:
        """Return the children of ``token`` by one of ``relations``, in text order."""
        bases, full = self.bases, self.relations
        return [c for c in self.children[token] if bases[c] in relations or full[c] in relations]

    def has_word(self, token: int, words: Iterable[str], *relations: str) -> bool:
        """Tell whether a child of ``token`` by one of ``relations`` (by any, if none is named) is one of ``words``."""
        children = self.dependents(token, *relations) if relations else self.children[token]
        return any(self.words[c] in words for c in children)

    def ancestors(self, token: int) -> Iterator[int]:
        """Yield the heads above ``token``, nearest first."""
        for _ in range(DEEPEST):
            head = self.heads[token]
            if head == token:
                return
            yield head
            token = head

    def subtree(self, token: int, *drop: str, without: Iterable[int] = ()) -> list[int]:
        """Return ``token`` and all below it in text order, but what hangs by ``drop`` or stands under ``without``."""
        skip = {token, *without}
        found, queue = [], [token]
        while queue:
            current = queue.pop()
            found.append(current)
            for child in self.children[current]:
                if child not in skip and not (drop and self.is_one(child, drop)):
                    skip.add(child)
                    queue.append(child)
        return sorted(found)

    @cached_property
    def _reaches(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The first token and the one behind the last under each token, for all tokens at once."""
        n, heads = len(self), self.heads_N
        first, last = np.arange(n, dtype=np.int32), np.arange(1, n + 1, dtype=np.int32)
        for _ in range(DEEPEST):  # the edges climb one step of the tree a round
            low, high = first.copy(), last.copy()
            np.minimum.at(low, heads, first)
            np.maximum.at(high, heads, last)
            if np.array_equal(low, first) and np.array_equal(high, last):
                break
            first, last = low, high
        return tuple(first.tolist()), tuple(last.tolist())

    def reach(self, token: int, *drop: str, without: Iterable[int] = ()) -> Span:
        """Return the range from the first to the last token under ``token``, as ``subtree`` has them."""
        if not drop and not without:
            return self._reaches[0][token], self._reaches[1][token]
        under = self.subtree(token, *drop, without=without)
        return under[0], under[-1] + 1

    def span_head(self, first: int, last: int) -> int:
        """Return the token of ``[first, last)`` that governs it: its head stands outside; nouns before others."""
        tops = [i for i in range(first, last) if not first <= self.heads[i] < last or self.heads[i] == i]
        nouns = [i for i in tops if self.upos[i] in NOMINAL or self.upos[i] == "DET"]
        return (nouns or tops or [last - 1])[0]

    # -------------------------------------------------------------- phrases and clauses

    def phrase(self, head: int) -> Phrase:
        """Return the nominal phrase of ``head``: without case, coordination, apposition and clauses."""
        first, last = head, head + 1
        for child in self.children[head]:
            if not self.is_one(child, CLAUSE_SIDES):
                low, high = self.reach(child)
                first, last = min(first, low), max(last, high)
        return Phrase(first, last, head)

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """The phrase of each nominal that is no part of another's name, in text order of their heads."""
        inner = ("compound", "flat", "amod", "nummod", "fixed", "goeswith", "det")
        heads = (i for i, tag in enumerate(self.upos) if tag in {"NOUN", "PROPN", "PRON"} and not self.is_one(i, inner))
        return tuple(map(self.phrase, heads))

    def conjuncts(self, token: int) -> list[int]:
        """Return ``token`` and the nominal heads coordinated with it; the first of a coordination heads it in UD."""
        parts = (c for c in self.dependents(token, "conj") if c > token)
        return [token, *(c for c in parts if self.upos[c] in NOMINAL)]

    def preposition(self, token: int) -> str:
        """Return the lemma of the first case-marking word of ``token``, "" where it has none; "'s" is none."""
        cases = (c for c in self.dependents(token, "case") if self.words[c] not in POSSESSIVE)
        return next((self.lemmas[c] for c in cases), "")

    def is_clausal(self, token: int) -> bool:
        """Tell whether ``token`` heads a clause: a verb, or a noun or adjective with a subject or copula."""
        return self.upos[token] in {"VERB", "AUX"} or bool(self.dependents(token, "cop", "nsubj", "csubj"))

    def clause_of(self, token: int) -> int:
        """Return the nearest token at or above ``token`` that heads a clause; the root where none does."""
        for current in (token, *self.ancestors(token)):
            if self.is_clausal(current) and not self.is_one(current, ("aux", "cop")):
                return current
            token = current
        return token

    def subjects(self, predicate: int) -> list[int]:
        """Return the subjects of ``predicate``; where it has none, of its first conjunct or its controlling verb."""
        for current in (predicate, *self.ancestors(predicate)):
            found = [h for c in self.dependents(current, "nsubj", "csubj") for h in self.conjuncts(c)]
            if found or not self.is_one(current, ("conj", "xcomp")):
                return found
        return []

    def objects(self, predicate: int) -> list[int]:
        """Return the direct objects of ``predicate`` with their conjuncts; of a passive its subjects."""
        passive = self.dependents(predicate, "nsubj:pass")
        return [h for c in (*self.dependents(predicate, "obj"), *passive) for h in self.conjuncts(c)]

    def auxiliaries(self, predicate: int) -> list[int]:
        """Return the auxiliaries of ``predicate``; where it has none of its own, of its first conjunct."""
        own = self.dependents(predicate, "aux")
        if own or self.bases[predicate] != "conj" or self.dependents(predicate, "nsubj"):
            return own
        return self.dependents(self.heads[predicate], "aux")

    # -------------------------------------------------------------- what the reader marked, by token

    @cached_property
    def predicates(self) -> dict[int, Predicate]:
        """The reader's predicates by their token."""
        return {p.token: p for p in self.reading.predicates}

    @cached_property
    def mentions_at(self) -> dict[int, tuple[Mention, ...]]:
        """The reader's mentions by their head token, the longest first."""
        found: dict[int, list[Mention]] = {}
        for mention in self.reading.mentions:
            found.setdefault(mention.head, []).append(mention)
        return {head: tuple(sorted(rows, key=lambda m: m.first - m.last)) for head, rows in found.items()}

    @cached_property
    def vectors_SD(self) -> NDArray[np.float32]:  # noqa: N802  (shapes in names, as for variables)
        """The sentence vectors, S sentences by D numbers, unit length; no columns where the reading has none."""
        rows = np.frombuffer(self.reading.vectors, "<f2").astype(np.float32)
        found = rows.reshape(len(self.sentences), -1) if len(self.sentences) else rows.reshape(0, 0)
        found.flags.writeable = False
        return found


def _freeze(values: list[int] | NDArray[np.generic]) -> Ints:
    array = np.asarray(values, np.int32)
    array.flags.writeable = False
    return array


_KEPT: OrderedDict[int, Parse] = OrderedDict()


def parse_of(article: Article, reading: Reading) -> Parse:
    """Return the ``Parse`` of an article and its reading, the same object for the same two while it is kept."""
    kept = _KEPT.get(id(reading))
    if kept is not None and kept.reading is reading and kept.article is article:
        _KEPT.move_to_end(id(reading))
        return kept
    made = _KEPT[id(reading)] = Parse(article, reading)
    _KEPT.move_to_end(id(reading))
    while len(_KEPT) > PARSES_KEPT:
        _KEPT.popitem(last=False)
    return made
