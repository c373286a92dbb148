"""What may attribute: words that may be cues, quotations, and the turns of an interview, each with possible contents.

High recall: a scorer chooses. An anchor's spans are ranges of tokens that may be what is said, each with how it stands
to the cue. This module must not know scores or speakers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from storyledger.statements.cues import load_cues, load_forms, load_matters, load_nouns
from storyledger.statements.turns import find_turns
from storyledger.statements.view import CLASS, Span, View

How = Literal["cue", "quotation", "turn", "question", "answer"]
BEHIND, BEFORE, AROUND, TURN, QUOTED = range(5)  # how a content stands to its cue

SEEN = 0.08  # of the network's probability of a cue; below it one in a thousand was one, out of fold on the train piles
SEEN_RATE = 0.02  # share of a lemma's uses in which it was a cue
ODD_RATE = 0.05  # the same for what is neither verb nor noun
NEAR_MARK = 6  # tokens from a verb to a quotation mark beside which it may be a cue
SHORT_QUOTATION = 3  # tokens; in a longer one nothing attributes but for whom is quoted
MOST_STARTS = 9
MOST_ENDS = 16
REACH = 32  # tokens from a cue to where its content begins, or ends before it
FAR_QUOTATION = 45
_STARTS_BEHIND = frozenset(CLASS[c] for c in ("that", "comma", "colon", "open", "dash", "sc"))
_STARTS_BEFORE = frozenset(CLASS[c] for c in ("comma", "colon", "semi", "dash", "cc", "close", "that"))
_ENDS = frozenset(
    CLASS[c] for c in ("comma", "semi", "colon", "dash", "close", "cc", "sc", "wh", "paren", "stop", "open")
)
_HARD = frozenset(CLASS[c] for c in ("stop", "close", "comma", "semi"))
_LAST = frozenset(CLASS[c] for c in ("stop", "close", "semi"))
_ENDS_BEFORE = frozenset(CLASS[c] for c in ("comma", "close", "dash", "stop"))
_PARTS = frozenset(
    {"ccomp", "xcomp", "obj", "obl", "advcl", "parataxis", "csubj", "acl", "iobj", "nmod", "conj", "appos"}
)
_OBJECTS = frozenset({"ccomp", "xcomp", "obj", "obl", "parataxis", "advcl", "acl", "nmod", "iobj"})
_OCCASIONS = frozenset(
    {"after", "before", "during", "following", "amid", "on", "in", "at", "by", "from", "ahead", "despite"}
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What may attribute. ``cue``: its head token, None for a quotation or turn; ``spans``: (first, last, stands)."""

    how: How
    cue: int | None
    quotation: int | None
    paragraph: int
    spans: tuple[tuple[int, int, int], ...]


def cue_lemma(view: View, i: int) -> str:
    """Return the lemma of token ``i``, by its form where that is a form of a word that attributes."""
    return load_forms().get(view.parse.words[i]) or view.parse.lemmas[i]


def cue_end(view: View, cue: int) -> int:
    """Return the token behind the cue, its particle or the "to" of "according to"."""
    parse, end = view.parse, cue + 1
    if parse.words[cue] == "according" and end < view.n and parse.words[end] == "to":
        return end + 1
    while end < view.n and parse.heads[end] == cue and parse.relations[end] == "compound:prt":
        end += 1
    return end


def find_anchors(view: View, rates: Mapping[str, float]) -> list[Anchor]:
    """Return the anchors of an article outside its headlines: cues in text order, quotations, turns.

    Args:
        view: the article.
        rates: by lemma, in which share of its uses it was a cue where the scorer learned.
    """
    found: list[Anchor] = []
    for i in range(view.n):
        if view.is_heading[i] or _is_quoted(view, i) or not _may_attribute(view, i, rates):
            continue
        spans = tuple(_Spans(view, i).list_spans())
        if spans:
            found.append(Anchor("cue", i, None, int(view.paragraph_of[i]), spans))
    for k, (first, last) in enumerate(view.quotations):
        if last - first > 1 and not view.is_heading[first]:
            low, high = view.trim(first, last)
            if high - low > 1:
                found.append(Anchor("quotation", None, k, int(view.paragraph_of[first]), ((low, high, QUOTED),)))
    for how, paragraph, ranges in find_turns(view):
        found.append(Anchor(how, None, None, paragraph, tuple((a, b, TURN) for a, b in ranges)))
    return found


def _is_quoted(view: View, i: int) -> bool:
    k = view.quote_of[i]
    return bool(k >= 0 and view.quotations[k][1] - view.quotations[k][0] > SHORT_QUOTATION)


def _may_attribute(view: View, i: int, rates: Mapping[str, float]) -> bool:
    """Say whether a word may be a cue: by its lemma, by what hangs on it, by what the network says."""
    parse = view.parse
    tag = parse.upos[i]
    if parse.words[i] in {"according", "per"}:
        return True
    if parse.words[i] == "to" and i and parse.words[i - 1] == "according":
        return False  # the word before it is the cue
    if tag not in {"VERB", "NOUN", "AUX", "ADJ", "ADV", "ADP", "PROPN"}:
        return False
    if view.tags.cue[i] > SEEN:
        return True
    lemma = cue_lemma(view, i)
    if tag == "NOUN":
        return lemma in load_nouns() or rates.get(lemma, 0.0) > SEEN_RATE
    if tag != "VERB":
        return rates.get(lemma, 0.0) > ODD_RATE
    known = any(lemma in acts for acts in load_cues().values()) or any(lemma == verb for verb, _ in load_matters())
    if known or rates.get(lemma, 0.0) > SEEN_RATE or parse.dependents(i, "ccomp"):
        return True
    around = slice(max(0, i - NEAR_MARK), i + NEAR_MARK + 1)
    return bool((view.opens[around] >= 0).any() or (view.closes[around] >= 0).any())


class _Spans:
    """The ranges that one cue may attribute: every pair of a start and an end that can be edges of a content."""

    def __init__(self, view: View, cue: int) -> None:
        self.view, self.cue, self.behind = view, cue, cue_end(view, cue)
        self.codes = view.codes
        self.first, self.last = view.sentence_span(cue)
        self.low, self.high = view.paragraphs[int(view.paragraph_of[cue])]
        # a quotation that begins in the cue's sentence goes on over its end
        after = [b for a, b in view.quotations if cue < a <= self.last + 1 and a >= self.first]
        self.reach = min(max([self.last, *after]), view.n)
        children = view.parse.children[cue]
        self.parts = [(view.parse.reach(c), view.parse.bases[c]) for c in children if view.parse.bases[c] in _PARTS]
        self.found: dict[Span, int] = {}

    def list_spans(self) -> Iterator[tuple[int, int, int]]:
        """Yield (first, last, how it stands to the cue), each range once."""
        ends_behind = self._ends_behind()
        for start in self._starts_behind():
            for end in ends_behind:
                self._put(start, end, BEHIND)
        self._put_quotation_behind()
        starts, ends = self._starts_before(), self._ends_before()
        for start in starts:
            for end in ends:
                self._put(start, end, BEFORE)
        self._put_around(starts[:4], ends, ends_behind)
        for (first, last), stands in self.found.items():
            yield first, last, stands

    def _put(self, first: int, last: int, stands: int) -> None:
        if first >= last:
            return
        first, last = self.view.trim(first, last)
        lone = last - first == 1 and self.view.parse.upos[first] not in {"NOUN", "PROPN", "ADJ", "NUM", "VERB", "ADV"}
        if last > first and not lone:
            self.found.setdefault((first, last), stands)

    # -------------------------------------------------------------- behind the cue

    def _starts_behind(self) -> list[int]:
        """Return where a content behind the cue may begin: at once, behind "that", a mark, a preposition, a hearer."""
        cue, found = self.cue, dict.fromkeys([self.behind])
        prepositions = 0
        for t in range(self.behind, min(self.reach, cue + REACH - 2)):
            if self.codes[t] in _STARTS_BEHIND:
                found[t + 1] = None
            elif self.codes[t] == CLASS["adp"] and t <= self.behind + NEAR_MARK and prepositions < 3:
                prepositions += 1
                found[t + 1] = None
            if len(found) >= MOST_STARTS:
                break
        for (first, last), relation in self.parts:
            if first > cue and relation in _OBJECTS:
                found[first + (self.codes[first] == CLASS["that"] and relation != "obj")] = None
                if relation in {"obj", "iobj", "obl"}:
                    found[last] = None
        return sorted(t for t in found if self._can_start(t))[:MOST_STARTS]

    def _can_start(self, t: int) -> bool:
        if not self.cue < t < min(self.reach, self.cue + REACH):
            return False
        return self.view.parse.upos[t] != "PUNCT" or bool(self.view.opens[t] >= 0)

    def _ends_behind(self) -> list[int]:
        """Return where a content behind the cue may end: before marks, conjunctions and what hangs on the cue."""
        cue, heads, words = self.cue, self.view.parse.heads, self.view.parse.words
        found = {t for t in range(cue + 2, self.reach) if self.codes[t] in _ENDS} | {self.reach}
        for (first, last), _ in self.parts:
            if first > cue:
                found |= {last, first} if first > self.behind + 1 else {last}
        found |= {
            t
            for t in range(self.behind, self.reach)
            if heads[t] != t and self.codes[t] == CLASS["adp"] and words[t] in _OCCASIONS
        }
        ends = sorted(t for t in found if cue + 1 < t <= self.reach)
        if len(ends) > MOST_ENDS:
            hard = [t for t in ends if t >= self.reach or self.codes[t] in _HARD]
            ends = sorted({*hard[:6], *hard[-6:], *ends[:3], *ends[-3:]})
        return ends

    def _put_quotation_behind(self) -> None:
        """Add the next quotation of the paragraph, even over a full stop."""
        for first, last in self.view.quotations:
            if self.cue < first < min(self.cue + FAR_QUOTATION, self.high):
                self._put(first, last, BEHIND)
                return

    # -------------------------------------------------------------- before and around the cue

    def _starts_before(self) -> list[int]:
        """Return where a content before the cue may begin: its quotation, its sentence, behind a mark in it."""
        cue, parse = self.cue, self.view.parse
        before = [a for a, b in self.view.quotations if cue - FAR_QUOTATION <= b <= cue and a >= self.low]
        found = [*before[-2:], self.first]
        found += [t + 1 for t in range(self.first, cue) if self.codes[t] in _STARTS_BEFORE][:5]
        found += [a for (a, b), r in self.parts if b <= cue and r in {"ccomp", "parataxis", "csubj", "obj", "advcl"}]
        head = parse.heads[cue]
        if head != cue and parse.bases[cue] in {"parataxis", "acl", "advcl", "conj", "dep", "nmod", "obl"}:
            found.append(parse.reach(head)[0])
        return [t for t in dict.fromkeys(found) if t < cue][:8]

    def _ends_before(self) -> list[int]:
        """Return where a content before the cue may end: at the nearest marks, at the clause that hangs on it."""
        cue = self.cue
        marks = [t for t in range(cue, max(self.first, cue - REACH), -1) if self.codes[t] in _ENDS_BEFORE]
        clauses = [b for (_, b), r in self.parts if b <= cue and r in {"ccomp", "parataxis", "csubj", "obj", "advcl"}]
        return list(dict.fromkeys([*marks[:4], *clauses]))[:5]

    def _put_around(self, starts: list[int], ends: list[int], ends_behind: list[int]) -> None:
        """Add the ranges that hold the cue: "The radar, it confirms, had been down"."""
        cue, n = self.cue, self.view.n
        alone = self.view.parse.words[cue] == "according" or self.view.parse.upos[cue] == "ADV"
        if alone:
            for start in starts:
                self._put(start, cue, BEFORE)
        near = range(self.behind, min(self.reach, self.behind + 14))
        set_off = any(self.codes[t] in {CLASS["comma"], CLASS["open"]} for t in near)
        if not (ends or alone) or not (set_off or self.view.parse.words[cue] == "according" or cue >= self.last - 3):
            return
        tails = [t for t in ends_behind if t >= self.reach or (t < n and self.codes[t] in _LAST)][-3:]
        tails += [b for a, b in self.view.quotations if cue < a < self.reach][:1]
        for start in starts:
            for end in tails:
                if end > self.behind:
                    self._put(start, end, AROUND)
