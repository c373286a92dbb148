"""The verb that a time hangs on, and how it is told: "will meet", "had met", "was to meet", "is expected to meet".

Read from the tree, where there is one: the words around ("set for Saturday, was called off") mislead where clauses
nest. Invariant: a label is one of a few words, whatever the sentence. This module must not know values or anchors.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from storyledger.reading.wordlists import word_set
from storyledger.types import Reading, Token

_CLIMB = 6  # heads that are looked at above an expression
_AHEAD = frozenset({"will", "shall"})
_MODAL = frozenset({"may", "might", "could", "can", "should", "must"})
_PLANS = word_set("plans")


class Governors:
    """The heads of an article's tokens, for looking up what governs a place in the text."""

    def __init__(self, text: str, reading: Reading) -> None:
        """Index the tokens: where they start, and which hang on which."""
        self._text, self._tokens = text, reading.tokens
        self._starts = [token.start for token in reading.tokens]
        self._children: dict[int, list[int]] = {}
        for at, token in enumerate(reading.tokens):
            if token.head != at:
                self._children.setdefault(token.head, []).append(at)

    def describe(self, start: int, end: int) -> Iterator[str]:
        """Yield how the verb that governs text[start:end] is told, and whether a noun stands between."""
        at = bisect_right(self._starts, start) - 1
        if at < 0 or self._tokens[at].end <= start:
            return
        at = self._leave(at, start, end)
        through_noun = False
        for _ in range(_CLIMB):
            token = self._tokens[at]
            if token.upos in ("VERB", "AUX"):
                yield f"verb={self._tell(at)}"
                break
            if token.upos in ("NOUN", "PROPN") and not start <= token.start < end:
                through_noun = True
            if token.head == at:
                yield "verb=none"
                break
            at = token.head
        if through_noun:
            yield "noun"

    def _leave(self, at: int, start: int, end: int) -> int:
        """Return the highest token of the expression that ``at`` stands in."""
        while self._tokens[at].head != at and start <= self._tokens[self._tokens[at].head].start < end:
            at = self._tokens[at].head
        return at

    def _tell(self, at: int) -> str:
        own = [self._tokens[child] for child in self._children.get(at, ())]
        aux = [token for token in own if token.deprel.startswith(("aux", "cop"))]
        lemmas = {token.lemma for token in aux}
        if lemmas & _AHEAD:
            return "will"
        if "would" in lemmas:
            return "would"
        if lemmas & _MODAL:
            return "modal"
        if any(token.deprel == "mark" and token.lemma == "to" for token in own):
            head = self._tokens[self._tokens[at].head]
            return "to plan" if head.lemma in _PLANS else "to"
        tenses = [self._form(token) for token in aux]
        if "have" in lemmas:
            return "had" if "past" in tenses else "has"
        return next((tense for tense in tenses if tense in ("past", "present")), self._form(self._tokens[at]))

    def _form(self, token: Token) -> str:
        """Return the tense of a word by how it differs from its lemma."""
        word, lemma = self._text[token.start : token.end].lower(), token.lemma.lower()
        if word in _PAST_FORMS:
            return "past"
        if word == lemma or word in ("is", "are", "am", "has", "does", "'s", "’s", "'re", "’re"):
            return "present"
        if word.endswith("ing"):
            return "going on"
        return "present" if word.endswith("s") and word[:-1].rstrip("e") in lemma else "past"


_PAST_FORMS = frozenset({"was", "were", "had", "did"})
