"""Descriptions and pronouns tied to the actors that they mean, in text order.

Sure ties first (appositions, "X is the director"), then quotations ("I", "you"), then the ranker for the rest, each
only where its probability is high enough for its kind: a description in the wrong place costs more than one left alone.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyledger.actors.chains import Chains
from storyledger.actors.described import tie_descriptions
from storyledger.actors.facts import read_facts
from storyledger.actors.marks import Mark
from storyledger.actors.measures import (
    TALKERS,
    Candidate,
    are_synonyms,
    describe_chain,
    measure_mark,
    measure_pairs,
)
from storyledger.actors.page import Page
from storyledger.actors.ranker import Network, load_network, score_candidates

PRONOUN_SENTENCES = 4  # farther back no pronoun of GUM train has its antecedent but in 2 %
NOMINAL_SENTENCES = 12
MAX_CANDIDATES = 24
SURE_ENOUGH = {"pronoun": 0.4, "nominal": 0.4}  # GUM dev, gold mentions: 58.7 CoNLL F1 at .5, 60.8 at .4, 61.6 at .3
SURE_UNSEEN_GENDER = 0.6  # "he" of a name that may be a woman's: what a chain begins with, all that follow take over
SURE_INDEFINITE = 0.5  # two of the three ties of both piles below it were wrong

Record = dict[int, list[tuple[list[int], float]]]  # mark -> (marks of a candidate chain, its probability)


class Discourse:
    """The chains as they stand at one point of the text, most recent first."""

    def __init__(self, page: Page, marks: list[Mark], chains: Chains) -> None:
        """Start before the first mention."""
        self.page, self.marks, self.chains = page, marks, chains
        self.facts = read_facts(page, marks)
        self.by_form: dict[str, int] = {}  # "I", "we", "you" -> the last mark of that kind
        self.heads = {m.head: m.index for m in reversed(marks) if m.kind == "name"}
        self.at = {m.head: m.index for m in reversed(marks)}
        self.recent: list[int] = []  # marks seen, in order
        self.by_head: dict[str, list[int]] = {}
        self._described: dict[tuple[int, int, int], Candidate] = {}

    def see(self, mark: Mark) -> None:
        """Move past ``mark``."""
        self.recent.append(mark.index)
        if mark.form in TALKERS:
            self.by_form[mark.form] = mark.index
        if mark.kind != "pronoun":
            for word in {mark.head_word, *mark.titles[-1:]}:
                self.by_head.setdefault(word, []).append(mark.index)

    def list_chains(self, mark: Mark) -> list[int]:
        """Return the chains that ``mark`` may mean, most recent first; a pronoun may look ahead in its sentence.

        Never that of a mention inside it: "her lawyer" is not she; nor, of an object, that of its subject: "the premier
        met the mayor" (binding, Chomsky 1981).
        """
        reach = PRONOUN_SENTENCES if mark.kind == "pronoun" else NOMINAL_SENTENCES
        seen: dict[int, None] = {}
        for i in reversed(self.recent):
            other = self.marks[i]
            if mark.sentence - other.sentence > reach or len(seen) >= MAX_CANDIDATES:
                break
            if not (other.start < mark.end and mark.start < other.end):
                seen.setdefault(self.chains.find(i))
        if mark.kind != "pronoun":
            for i in reversed(self.by_head.get(mark.head_word, [])[-6:]):
                seen.setdefault(self.chains.find(i))
        elif mark.form in TALKERS:
            if mark.form in self.by_form:
                seen.setdefault(self.chains.find(self.by_form[mark.form]))
        elif mark.person == 3:
            for i in self.list_ahead(mark):
                seen.setdefault(self.chains.find(i))
        shut = {self.chains.find(i) for i in (*self.list_inside(mark), *self.list_subjects(mark))}
        return [chain for chain in seen if chain not in shut]

    def list_ahead(self, mark: Mark) -> list[int]:
        """Return the names after a pronoun that are subjects of a clause above its own ("In his youth, X ...")."""
        above = (self.heads.get(token) for token in self.facts[mark.index].subjects)
        return [i for i in above if i is not None and i > mark.index]

    def measure(self, mark: Mark, candidates: list[Candidate]) -> tuple[list[float], list[list[float]]]:
        """Return what the ranker weighs: the mention's numbers, and a row for each candidate."""
        seen = len(self.by_head.get(mark.head_word, ())) if mark.kind != "pronoun" else 0
        mark_M = measure_mark(mark, self.facts[mark.index], seen)
        return mark_M, measure_pairs(self.page, mark, candidates, self.facts)

    def candidates(self, mark: Mark) -> list[Candidate]:
        """Return what ``mark`` may mean, most recent first."""
        return self.describe_all(mark, self.list_chains(mark))

    def describe_all(self, mark: Mark, chains: list[int]) -> list[Candidate]:
        """Return the candidates of chains, most recent first."""
        return [self.describe(mark, chain, rank) for rank, chain in enumerate(chains)]

    def list_inside(self, mark: Mark) -> list[int]:
        """Return the marks that stand inside a description."""
        inside: list[int] = []
        if mark.kind == "nominal":
            for other in self.marks[mark.index + 1 :]:
                if other.start >= mark.end:
                    break
                inside.append(other.index)
        return inside

    def list_subjects(self, mark: Mark) -> list[int]:
        """Return the subjects of the verb whose object ``mark`` is, unless it says that they are one ("themselves").

        Of descriptions only those of people: "the group" and "the company" are told of themselves too often (GUM dev).
        """
        bound = mark.coarse == "person" if mark.kind == "nominal" else not mark.text.endswith(("self", "selves"))
        if mark.deprel not in {"obj", "iobj"} or mark.verb is None or not bound:
            return []
        tokens = self.page.tokens
        subjects = (c for c in self.page.children[mark.verb] if tokens[c].deprel.split(":")[0] == "nsubj")
        return [self.at[c] for c in subjects if c in self.at]

    def describe(self, mark: Mark, chain: int, rank: int) -> Candidate:
        """Return the candidate of a chain: its marks before ``mark`` (else the first after it), and all its names."""
        members = self.chains.member_indices(chain)
        count = bisect_left(members, mark.index)
        key = (chain, count, len(members))
        known = self._described.get(key)
        if known is None or (mark.index in members[count : count + 1]):
            marks = self.marks
            after = (marks[i] for i in members[count:] if marks[i].kind == "name" and i != mark.index)
            all_known = [*(marks[i] for i in members[:count]), *after]
            known = describe_chain(all_known[:count] or all_known[:1], all_known, self.facts)
            if mark.index not in members[count : count + 1]:
                self._described[key] = known
        known.rank = rank  # kept for the next mention, where its rank is set anew
        return known


@dataclass(slots=True)
class Weighed:
    """A mention with its candidates and how likely each is; ``scores_N1``: "none of them" first."""

    mark: Mark
    candidates: list[Candidate]
    mark_M: list[float]  # noqa: N815  (shapes in names, as for variables)
    pairs_ND: list[list[float]]  # noqa: N815  (shapes in names, as for variables)
    scores_N1: NDArray[np.float32]  # noqa: N815  (shapes in names, as for variables)

    def tie(self, chains: Chains) -> None:
        """Join the mention to its likeliest candidate, where that is sure enough."""
        best = int(self.scores_N1.argmax())
        if best == 0:
            return
        chosen, probability = self.candidates[best - 1], float(self.scores_N1[best])
        if is_sure(self.mark, chosen, probability):
            chains.join(self.mark.index, chosen.last.index, probability, explain_reference(self.mark, chosen))


def weigh_mark(network: Network, discourse: Discourse, mark: Mark) -> Weighed:
    """Return how likely each chain is that a description or pronoun may mean."""
    candidates = discourse.candidates(mark)
    mark_M, pairs_ND = discourse.measure(mark, candidates)
    return Weighed(mark, candidates, mark_M, pairs_ND, score_candidates(network, mark_M, pairs_ND))


def tie_references(page: Page, marks: list[Mark], chains: Chains, record: Record | None = None) -> None:
    """Join descriptions and pronouns to the chains that they mean; ``record`` takes every weighing, for evaluation."""
    tie_descriptions(page, marks, chains)
    network = load_network()
    discourse = Discourse(page, marks, chains)
    for mark in in_reading_order(marks):
        if mark.kind != "name" and mark.form != "relative" and len(chains.member_indices(mark.index)) == 1:
            weighed = weigh_mark(network, discourse, mark)
            if record is not None:
                rows = zip(weighed.candidates, weighed.scores_N1[1:], strict=True)
                record[mark.index] = [(list(chains.member_indices(c.last.index)), float(p)) for c, p in rows]
            weighed.tie(chains)
        discourse.see(mark)


def in_reading_order(marks: list[Mark]) -> list[Mark]:
    """Return the marks by their head words: "her" comes before "her lawyer", who then cannot be she."""
    return sorted(marks, key=lambda m: (m.head, m.index))


def is_sure(mark: Mark, candidate: Candidate, probability: float) -> bool:
    """Tell whether a tie is likely enough; "a firm" is new unless more likely not so, and never of another class."""
    if mark.kind == "nominal" and clashes(mark, candidate):
        return False
    if mark.kind == "nominal" and mark.form == "indefinite":
        other = mark.coarse is not None and bool(candidate.types) and mark.coarse not in candidate.types
        return probability >= SURE_INDEFINITE and not other
    if mark.kind == "pronoun" and mark.gender and candidate.has_name and mark.gender not in candidate.genders:
        return not candidate.genders and probability >= SURE_UNSEEN_GENDER
    return probability >= SURE_ENOUGH[mark.kind]


def clashes(mark: Mark, candidate: Candidate) -> bool:
    """Tell whether people are said of a thing, or a thing of people; bodies may be either."""
    if mark.coarse is None or not candidate.types:
        return False
    people = {"person", "group"}
    return (
        candidate.types <= people
        if mark.coarse in {"thing", "event"}
        else (mark.coarse in people and not candidate.types & {*people, "organisation"})
    )


def explain_reference(mark: Mark, candidate: Candidate) -> str:
    """Return in words what ties a description or pronoun to a chain."""
    if mark.kind == "pronoun":
        return "a pronoun that agrees with it, nearest or most in view"
    if any(m.words == mark.words for m in candidate.marks):
        return "the same description again"
    if mark.head_word in candidate.heads:
        return "a description with the same head noun"
    if mark.head_word in candidate.titles or any(are_synonyms(mark.head_word, t) for t in candidate.titles):
        return "described by the title that stands with its name"
    if any(are_synonyms(mark.head_word, h) for h in candidate.heads):
        return "a description in other words"
    if mark.head_word in candidate.words:
        return "a word of its name"
    return "a description that fits it, most in view"
