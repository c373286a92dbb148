"""Questions about the dependency trees of one article, each answered in time linear in what it returns.

Invariant: answers are token indices of the Reading. This module must not know PLOVER or actors.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from storyledger.types import Predicate, Reading, Sentence, Token

_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ"})
_DEEPEST = 64  # a chain of heads longer than this is a broken tree


class Trees:
    """The trees of one Reading with what every question about them needs, made once."""

    def __init__(self, reading: Reading, text: str) -> None:
        """Index the words, children, sentences and predicates of ``reading``."""
        self.reading = reading
        self.tokens: tuple[Token, ...] = reading.tokens
        self._starts = [token.start for token in reading.tokens]
        self.words = [text[token.start : token.end].lower() for token in reading.tokens]
        self.children: list[list[int]] = [[] for _ in reading.tokens]
        for index, token in enumerate(reading.tokens):
            if token.head != index and 0 <= token.head < len(reading.tokens):
                self.children[token.head].append(index)
        self.sentence_of = [0] * len(reading.tokens)
        for number, sentence in enumerate(reading.sentences):
            for index in range(sentence.first, min(sentence.last, len(reading.tokens))):
                self.sentence_of[index] = number
        self._lemmas = [token.lemma.lower() for token in reading.tokens]
        self._bases = [token.deprel.split(":", maxsplit=1)[0] for token in reading.tokens]
        self._relations = [(token.deprel, base) for token, base in zip(reading.tokens, self._bases, strict=True)]
        self.predicates: dict[int, Predicate] = {predicate.token: predicate for predicate in reading.predicates}

    def lemma(self, index: int) -> str:
        """Return the lemma in lower case."""
        return self._lemmas[index]

    def relation(self, index: int) -> str:
        """Return the relation to the head without its subtype."""
        return self._bases[index]

    def dependents(self, index: int, *relations: str) -> list[int]:
        """Return the children of ``index`` whose relation is, or is a subtype of, one of ``relations``."""
        found = []
        for child in self.children[index]:
            whole, base = self._relations[child]
            if base in relations or whole in relations:
                found.append(child)
        return found

    def subtree(self, index: int, *without: str) -> list[int]:
        """Return ``index`` and all below it, in text order, not going down relations in ``without``."""
        found, queue, seen = [], [index], {index}
        while queue:
            current = queue.pop()
            found.append(current)
            for child in self.children[current]:
                whole, base = self._relations[child]
                if child not in seen and base not in without and whole not in without:
                    seen.add(child)
                    queue.append(child)
        return sorted(found)

    def ancestors(self, index: int) -> Iterator[int]:
        """Yield the heads above ``index``, nearest first."""
        for _ in range(_DEEPEST):
            head = self.tokens[index].head
            if head == index or not 0 <= head < len(self.tokens):
                return
            yield head
            index = head

    def find_token(self, start: int, sentence: Sentence) -> int | None:
        """Return the token of ``sentence`` that ``start`` falls on, or the next one."""
        for index in range(sentence.first, sentence.last):
            if self.tokens[index].end > start:
                return index
        return None

    def tokens_within(self, start: int, end: int) -> tuple[int, int]:
        """Return the first and last (exclusive) token that stand in the characters ``[start, end)``."""
        return bisect_left(self._starts, start), bisect_left(self._starts, end)

    def with_conjuncts(self, index: int) -> list[int]:
        """Return ``index`` and the nominal heads coordinated with it."""
        parts = [child for child in self.dependents(index, "conj") if child > index]  # in UD the first one heads
        return [index, *(child for child in parts if self.tokens[child].upos in _NOMINAL)]

    def preposition(self, index: int) -> str:
        """Return the first case-marking word of ``index``; "" where it has none."""
        cases = [child for child in self.dependents(index, "case") if self.words[child] not in ("'s", "’s", "'", "’")]
        return self.lemma(cases[0]) if cases else ""

    def is_clausal(self, index: int) -> bool:
        """Whether ``index`` heads a clause: a verb, or a predicate noun or adjective with a subject or copula."""
        return self.tokens[index].upos in ("VERB", "AUX") or bool(self.dependents(index, "cop", "nsubj", "csubj"))
