"""Which words a statement is attributed to: noun phrases near its cue, and what each looks like as its source.

``SOURCE`` names the numbers for the scorer. This module must not know the cast.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyledger.language.parse import Parse
from storyledger.statements.anchors import Anchor
from storyledger.statements.cues import load_proxies, load_sources, load_things
from storyledger.statements.measures import HOWS
from storyledger.statements.sums import Sums, highest
from storyledger.statements.view import CLASS, RELATIVES, Ints, Span

SOURCE = {
    "distance": "tokens from the cue",
    "far": "the same without direction",
    "before": "it stands before the cue",
    "tag": "its part of speech",
    "pronoun": "which pronoun it is",
    "deprel": "its relation to its head",
    "subject": "it is the cue's subject",
    "agent": "it is an agent with by",
    "head_is_cue": "it hangs on the cue",
    "head_of_head": "its head does",
    "p_source": "the network's probability of a source at its head",
    "p_source_highest": "the highest in its phrase",
    "p_source_best": "how far it is from the best of all candidates",
    "same_paragraph": "it stands in the statement's paragraph",
    "sentences": "sentences from the cue's",
    "between_stops": "full stops between it and the cue",
    "between_verbs": "verbs between",
    "between_commas": "commas between",
    "between_candidates": "other candidates between",
    "comma_after": "a comma stands behind its phrase",
    "comma_before": "a comma stands before it",
    "close_before": "a closing mark stands before it",
    "anonymous": "a noun that names nobody",
    "document": "a text, a court or a study",
    "thing": "a noun that says nothing",
    "to_content": "tokens from the content",
    "rank_before": "its rank among those before the cue",
    "rank_after": "its rank among those behind it",
    "how": "the anchor's kind",
    "stands": "how the content stands to the cue",
    "according": "the cue is according to",
    "conjunct": "it is joined to another",
    "relative": "it is a relative pronoun",
    "p_cue": "the network's probability of the cue",
    "length": "tokens of its phrase",
    "named": "its phrase holds a name",
    "beside_cue": "it hangs where the cue hangs",
    "plural": "it is a plural",
    "preposition": "by, to or from goes with it",
    "preposition_before": "by, to or from stands before its phrase",
    "object": "it is the cue's object",
    "definite": "its determiner: definite, indefinite or neither",
    "cue_ing": "the cue ends with -ing",
    "be_before": "a form of be stands before the cue",
    "run_head": "it heads the words that the network reads as one source",
    "run_mean": "how sure the network is of those words",
    "run_rank": "its place among such runs of words, the nearest to the cue first",
}
PRONOUNS = {
    "he": 1, "she": 2, "it": 3, "they": 4, "i": 5, "we": 6, "who": 7, "that": 8, "which": 8, "this": 8, "these": 8,
    "you": 9, "one": 10, "some": 10, "many": 10, "others": 10, "both": 10, "those": 11,
}  # fmt: skip
TAGS = {"PROPN": 1, "NOUN": 2, "PRON": 3, "NUM": 4, "DET": 5, "ADJ": 6}
DEFINITE = frozenset({"the", "his", "her", "its", "their", "this"})
INDEFINITE = frozenset({"a", "an", "some", "several", "one", "many", "two", "three", "another"})
RELATIONS = {
    "nsubj": 1, "nsubj:pass": 2, "obj": 3, "iobj": 4, "obl": 5, "nmod": 6, "appos": 7, "conj": 8, "root": 9,
    "parataxis": 10, "nmod:poss": 11, "ccomp": 12,
}  # fmt: skip
_QUANTITIES = frozenset({"one", "some", "many", "others", "both", "another", "those"})
_INNER = frozenset({"compound", "flat", "amod", "nummod", "fixed", "goeswith", "det"})
_CLAUSES = ("acl", "advcl", "parataxis", "conj", "cc", "case", "punct", "cop", "nsubj", "aux", "mark", "obl", "dep",
            "csubj", "ccomp", "discourse", "appos")  # fmt: skip
_BE = frozenset({"is", "was", "were", "are", "been", "be"})
_WITH = frozenset({"by", "to", "from"})
BEFORE, BEHIND = 30, 22  # tokens around a cue in which its source was found on the train piles
AROUND_QUOTATION = (30, 14)
NO_RUN = 9.0
IN_RUN = 0.5  # probability from which a word belongs to a source as the network reads it
INSIDE = 14  # the same where the cue stands in its content
SHORT_QUOTATION = 6


@dataclass(frozen=True, slots=True)
class Said:
    """A chosen statement before it has a source: its anchor, its tokens, how they stand to the cue, how sure it is."""

    anchor: Anchor
    first: int
    last: int
    stands: int
    score: float


def pronoun_of(parse: Parse, token: int) -> int:
    """Return the number of the pronoun that ``token`` is, 0 where it is none: "WHO said" names a body."""
    return 0 if parse.upos[token] == "PROPN" else PRONOUNS.get(parse.words[token], 0)


class Sources:
    """The noun phrases of an article as possible sources."""

    def __init__(self, sums: Sums) -> None:
        """List the heads of the article's noun phrases."""
        self.sums, self.view = sums, sums.view
        parse = sums.view.parse
        self.heads: Ints = np.array([i for i in range(sums.view.n) if _heads_phrase(sums, i)], np.int64)
        self.documents, self.anonymous = load_sources()
        self.things, self.proxies = load_things(), load_proxies()
        self.parse = parse
        self.runs = list_runs(np.asarray(self.view.tags.source) > IN_RUN)
        self.run_of = {t: n for n, (first, last) in enumerate(self.runs) for t in range(first, last)}
        self.run_heads = [parse.span_head(first, last) for first, last in self.runs]

    def phrase(self, head: int) -> Span:
        """Return the phrase around ``head`` without clauses and appositions."""
        return self.parse.reach(head, *_CLAUSES)

    def joined(self, head: int) -> list[int]:
        """Return the nouns that "and" joins to ``head`` behind it: "the mayor and the governor said"."""
        parse = self.parse
        if parse.bases[head] == "conj":
            return []
        others = (t for t in parse.conjuncts(head) if t > head and parse.upos[t] in {"NOUN", "PROPN", "PRON"})
        return [t for t in others if any(head < c < t and parse.words[c] in {"and", "&"} for c in parse.children[t])]

    def candidates(self, said: Said) -> list[int]:
        """Return the heads of phrases that may be the source, in text order; none inside the content."""
        low, high = self._window(said)
        cue = said.anchor.cue
        around = cue is not None and said.first <= cue < said.last
        found = []
        for t in self.heads[np.searchsorted(self.heads, low) : np.searchsorted(self.heads, high)].tolist():
            k = int(self.view.quote_of[t])
            quoted = k >= 0 and self.view.quotations[k][1] - self.view.quotations[k][0] > SHORT_QUOTATION
            inside = said.first <= t < said.last and not around
            if not quoted and not inside and not (around and cue is not None and abs(t - cue) > INSIDE):
                found.append(t)
        return found

    def _window(self, said: Said) -> Span:
        low, high = self.view.paragraphs[said.anchor.paragraph]
        cue = said.anchor.cue
        if cue is not None:
            first, last = self.view.sentence_span(cue)
            return min(max(first, cue - BEFORE), max(low, cue - 12)), min(last, cue + BEHIND)
        if said.anchor.how == "quotation":
            return max(low - 1, said.first - AROUND_QUOTATION[0], 0), min(high, said.last + AROUND_QUOTATION[1])
        return low, said.first

    def cue_of(self, said: Said) -> int:
        """Return the cue, or where it would stand: behind a quotation that its sentence goes on after, else before."""
        cue, codes, n = said.anchor.cue, self.view.codes, self.view.n
        if cue is None:
            goes_on = codes[min(n, said.last)] == CLASS["comma"] or codes[min(n, said.last + 1)] != CLASS["stop"]
            cue = said.last if said.anchor.how == "quotation" and goes_on else said.first - 1
        return min(max(cue, 0), n - 1)

    def measure(self, said: Said, heads: list[int]) -> NDArray[np.float32]:
        """Return one row of ``SOURCE`` numbers for each candidate."""
        cue = self.cue_of(said)
        subjects = frozenset(self.parse.subjects(cue)) if said.anchor.cue is not None else frozenset()
        best = max((float(self.view.tags.source[t]) for t in heads), default=0.0)
        rows = np.zeros((len(heads), len(SOURCE)), np.float32)
        near = sorted({self.run_of[t] for t in heads if t in self.run_of}, key=lambda n: abs(self.run_heads[n] - cue))
        for number, head in enumerate(heads):
            row = {**self._by_itself(head), **self._to_cue(head, cue, heads), "subject": head in subjects}
            row |= self._in_run(head, near)
            row |= {"p_source_best": row["p_source"] - best, "how": HOWS[said.anchor.how], "stands": said.stands}
            row["same_paragraph"] = self.view.paragraph_of[head] == said.anchor.paragraph
            row["to_content"] = min(abs(head - said.first), abs(head - said.last))
            rows[number] = [row[name] for name in SOURCE]
        return rows

    def _in_run(self, head: int, near: list[int]) -> dict[str, float]:
        """Return how the head stands in the words that the network reads as a source; ``near``: such runs in order."""
        run = self.run_of.get(head)
        if run is None:
            return {"run_head": 0.0, "run_mean": 0.0, "run_rank": NO_RUN}
        mean = float(np.mean(self.view.tags.source[slice(*self.runs[run])]))
        return {"run_head": float(self.run_heads[run] == head), "run_mean": mean, "run_rank": float(near.index(run))}

    def _by_itself(self, head: int) -> dict[str, float]:
        parse, codes = self.parse, self.view.codes
        first, last = self.phrase(head)
        children = {parse.words[c] for c in parse.children[head]}
        lemma, word = parse.lemmas[head], parse.words[head]
        return {
            "tag": TAGS.get(parse.upos[head], 7),
            "pronoun": pronoun_of(parse, head),
            "deprel": RELATIONS.get(parse.relations[head], RELATIONS.get(parse.bases[head], 13)),
            "agent": parse.bases[head] == "obl" and "by" in children,
            "p_source": float(self.view.tags.source[head]),
            "p_source_highest": highest(self.view.tags.source, first, last),
            "comma_after": codes[min(self.view.n, last)] == CLASS["comma"],
            "comma_before": first > 0 and codes[first - 1] == CLASS["comma"],
            "close_before": first > 0 and codes[first - 1] == CLASS["close"],
            "anonymous": lemma in self.anonymous,
            "document": lemma in self.documents,
            "thing": lemma in self.things,
            "conjunct": parse.bases[head] == "conj",
            "relative": word in RELATIVES,
            "length": last - first,
            "named": any(parse.upos[i] == "PROPN" for i in range(first, last)),
            "plural": parse.upos[head] == "NOUN" and lemma != word,
            "preposition": bool(children & _WITH),
            "preposition_before": first > 0 and parse.words[first - 1] in _WITH,
            "definite": bool(children & DEFINITE) + 2 * bool(children & INDEFINITE),
        }

    def _to_cue(self, head: int, cue: int, heads: list[int]) -> dict[str, float]:
        parse, sums = self.parse, self.sums
        low, high = min(head, cue) + 1, max(head, cue)
        low = min(low, high)
        above = parse.heads[cue]
        return {
            "distance": head - cue,
            "far": abs(head - cue),
            "before": head < cue,
            "head_is_cue": parse.heads[head] == cue,
            "head_of_head": parse.heads[parse.heads[head]] == cue,
            "sentences": self.view.sentence_of[head] - self.view.sentence_of[cue],
            "between_stops": sums.stops[high] - sums.stops[low],
            "between_verbs": sums.verbs[high] - sums.verbs[low],
            "between_commas": sums.commas[high] - sums.commas[low],
            "between_candidates": sum(low <= t < high for t in heads),
            "rank_before": sum(head < t < cue for t in heads) if head < cue else -1,
            "rank_after": sum(cue < t < head for t in heads) if head > cue else -1,
            "according": "according" in parse.words[max(0, cue - 1) : cue + 1],
            "p_cue": float(self.view.tags.cue[cue]),
            "beside_cue": above not in (cue, head) and parse.heads[head] == above,
            "object": parse.heads[head] == cue and parse.bases[head] in {"obj", "iobj"},
            "cue_ing": parse.words[cue].endswith("ing"),
            "be_before": cue > 0 and parse.words[cue - 1] in _BE,
        }


def list_runs(inside: NDArray[np.bool_]) -> list[Span]:
    """Return the ranges of neighbouring true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _heads_phrase(sums: Sums, i: int) -> bool:
    parse = sums.view.parse
    if parse.bases[i] in _INNER:
        return False
    if parse.upos[i] in {"NOUN", "PROPN", "PRON"}:
        return True
    return parse.words[i] in _QUANTITIES and parse.upos[i] in {"NUM", "DET", "ADJ"}
