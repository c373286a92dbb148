"""Descriptions and pronouns tied to the actors that they mean, in text order.

Sure ties first (appositions, "X is the director"), then quotations ("I", "you"), then the ranker for the rest, each
only where its probability is high enough for its kind: a description in the wrong place costs more than one left alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyledger.actors.chains import Chains
from storyledger.actors.described import tie_descriptions
from storyledger.actors.facts import read_facts
from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import Mark
from storyledger.actors.measures import (
    TALKERS,
    Candidate,
    are_synonyms,
    describe_chain,
    list_synonyms,
    measure_mark,
    measure_pairs,
)
from storyledger.actors.page import Page
from storyledger.actors.quotations import Sayers, tie_speaker
from storyledger.actors.ranker import Network, load_network, score_candidates

PRONOUN_SENTENCES = 4  # farther back no pronoun of GUM train has its antecedent but in 2 %
NOMINAL_SENTENCES = 12
MAX_CANDIDATES = 24
# marked stories for training, a fourth kept out: where one more wrong tie costs as much as two right ones bring
SURE_ENOUGH = {
    "male": 0.4, "female": 0.4, "neuter": 0.4, "plural": 0.35, "first": 0.35, "first_plural": 0.35, "second": 0.5,
    "demonstrative": 0.6, "definite": 0.4, "possessive": 0.4, "bare": 0.4, "indefinite": 0.4,
}  # fmt: skip
SURE_UNSEEN_GENDER = 0.4  # "he" of a name that may be a woman's: what a chain begins with, all that follow take over
MOST_BACK = 120  # marks looked at for candidates
FIRST_MARKS, LATE_MARKS = 64, 192  # of a longer chain what these tell stands for all: each of its marks asks it anew

Record = dict[int, list[tuple[list[int], float]]]  # mark -> (marks of a candidate chain, its probability)


class Discourse:
    """The chains as they stand at one point of the text, most recent first."""

    def __init__(
        self, page: Page, marks: list[Mark], chains: Chains, speakers: Mapping[int, Mark] | None = None
    ) -> None:
        """Index the marks in reading order; ``speakers``: quotation -> the mark of who says it."""
        self.page, self.marks, self.chains = page, marks, chains
        self.facts = read_facts(page, marks, speakers)
        self.heads = {m.head: m.index for m in reversed(marks) if m.kind == "name"}
        self.at = {m.head: m.index for m in reversed(marks)}
        self.order = [m.index for m in in_reading_order(marks)]
        self.place = {index: place for place, index in enumerate(self.order)}
        self.by_word: dict[str, list[int]] = {}  # head nouns, last titles and forms of talkers -> places, in order
        for place, index in enumerate(self.order):
            for word in _list_words(marks[index]):
                self.by_word.setdefault(word, []).append(place)
        self._described: dict[int, tuple[int, int, Candidate]] = {}  # chain -> marks before, all marks, what they tell

    def count_heads(self, mark: Mark) -> int:
        """Return how many earlier mentions have the head of a description."""
        return bisect_left(self.by_word.get(mark.head_word, ()), self.place[mark.index])

    def list_chains(self, mark: Mark) -> list[int]:
        """Return the chains that ``mark`` may mean, most recent first; a pronoun may look ahead in its sentence.

        Never that of a mention inside it: "her lawyer" is not she; nor, of an object, that of its subject: "the premier
        met the mayor" (binding, Chomsky 1981).
        """
        reach = PRONOUN_SENTENCES if mark.kind == "pronoun" else NOMINAL_SENTENCES
        seen: dict[int, None] = {}
        here = self.place[mark.index]
        for i in reversed(self.order[max(0, here - MOST_BACK) : here]):
            other = self.marks[i]
            if mark.sentence - other.sentence > reach or len(seen) >= MAX_CANDIDATES:
                break
            if self.is_byline(other):
                continue  # who wrote the page is not in it
            if not (other.start < mark.end and mark.start < other.end):
                seen.setdefault(self.chains.find(i))
        for i in self.list_elsewhere(mark):
            seen.setdefault(self.chains.find(i))
        shut = {self.chains.find(i) for i in (*self.list_inside(mark), *self.list_subjects(mark))}
        return [chain for chain in seen if chain not in shut]

    def is_byline(self, mark: Mark) -> bool:
        """Tell whether a mark stands in the line that names the page's authors."""
        return self.page.sentences[mark.sentence].kind == "byline"

    def list_elsewhere(self, mark: Mark) -> Iterator[int]:
        """Yield marks out of reach that ``mark`` may mean: the same noun, the last "I", a name ahead, who speaks."""
        here = self.place[mark.index]
        if mark.kind != "pronoun" or mark.form in TALKERS:
            word = mark.head_word if mark.kind != "pronoun" else mark.form
            places = self.by_word.get(word, [])
            before = places[: bisect_left(places, here)]
            for place in reversed(before[-6:] if mark.kind != "pronoun" else before[-1:]):
                yield self.order[place]
        elif mark.person == 3:
            yield from self.list_ahead(mark)
        own = self.facts[mark.index]
        if mark.form in TALKERS and own.speaker is not None:
            yield own.speaker
            yield from sorted(own.voices)

    def list_ahead(self, mark: Mark) -> list[int]:
        """Return the names after a pronoun that are subjects of a clause above its own ("In his youth, X ...")."""
        above = (self.heads.get(token) for token in self.facts[mark.index].subjects)
        return [i for i in above if i is not None and i > mark.index]

    def hear_speaker(self, mark: Mark) -> None:
        """Note for whom the speaker of a mark's quotation speaks, as far as the chains tell by now."""
        facts = self.facts[mark.index]
        if facts.speaker is not None and mark.form in TALKERS:
            members = self.chains.members(facts.speaker)
            facts.voices = frozenset(b for m in members for b in self.facts[m.index].bodies)
            facts.said_in = frozenset(m.sentence for m in members if m.kind != "pronoun")

    def measure(self, mark: Mark, candidates: list[Candidate]) -> tuple[list[float], NDArray[np.float32]]:
        """Return what the ranker weighs: the mention's numbers, and a row for each candidate."""
        seen = self.count_heads(mark) if mark.kind != "pronoun" else 0
        mark_M = measure_mark(mark, self.facts[mark.index], seen)
        return mark_M, measure_pairs(self.page, mark, candidates, self.facts)

    def candidates(self, mark: Mark) -> list[Candidate]:
        """Return what ``mark`` may mean, most recent first."""
        self.hear_speaker(mark)
        found = [self.describe(mark, chain) for chain in self.list_chains(mark)]
        found = [c for c in found if may_mean(mark, c)]
        for rank, candidate in enumerate(found):
            candidate.rank = rank  # kept for the next mention, where its rank is set anew
        return found

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

    def describe(self, mark: Mark, chain: int) -> Candidate:
        """Return the candidate of a chain: its marks before ``mark`` (else the first after it), and all its names."""
        members = self.chains.member_indices(chain)
        count = bisect_left(members, mark.index)
        known = self._described.get(chain)
        if known is None or known[:2] != (count, len(members)):
            marks = self.marks
            before = members[:count]
            if count > FIRST_MARKS + LATE_MARKS:
                before = [*members[:FIRST_MARKS], *members[count - LATE_MARKS : count]]
            after = [marks[i] for i in members[count : count + LATE_MARKS] if marks[i].kind == "name"]
            all_known = [*(marks[i] for i in before), *after]
            all_known = all_known or [marks[i] for i in members[:LATE_MARKS]]
            described = describe_chain(all_known[: len(before)] or all_known[:1], all_known, self.facts)
            known = self._described[chain] = (count, len(members), described)
        return known[2]


def _list_words(mark: Mark) -> set[str]:
    if mark.kind == "pronoun":
        return {mark.form} if mark.form in TALKERS else set()
    return {mark.head_word, *mark.titles[-1:]}


@dataclass(slots=True)
class Weighed:
    """A mention with its candidates and how likely each is; ``scores_N1``: "none of them" first."""

    mark: Mark
    candidates: list[Candidate]
    mark_M: list[float]  # noqa: N815  (shapes in names, as for variables)
    pairs_ND: NDArray[np.float32]  # noqa: N815  (shapes in names, as for variables)
    scores_N1: NDArray[np.float32]  # noqa: N815  (shapes in names, as for variables)

    def tie(self, chains: Chains) -> None:
        """Join the mention to its likeliest candidate, where that is sure enough."""
        if not self.candidates:
            return
        best = int(self.scores_N1[1:].argmax())
        chosen, probability = self.candidates[best], float(self.scores_N1[best + 1])
        if is_sure(self.mark, chosen, probability):
            chains.join(self.mark.index, chosen.last.index, probability, explain_reference(self.mark, chosen))


def weigh_mark(network: Network, discourse: Discourse, mark: Mark) -> Weighed:
    """Return how likely each chain is that a description or pronoun may mean."""
    candidates = discourse.candidates(mark)
    mark_M, pairs_ND = discourse.measure(mark, candidates)
    return Weighed(mark, candidates, mark_M, pairs_ND, score_candidates(network, mark_M, pairs_ND))


def tie_references(
    page: Page, marks: list[Mark], chains: Chains, sayers: Sayers | None = None, record: Record | None = None
) -> None:
    """Join descriptions and pronouns to the chains that they mean.

    "I" and "we" of a quotation whose speaker is known come last, when it is known who the speaker is. ``record`` takes
    every weighing, for evaluation.
    """
    tie_descriptions(page, marks, chains)
    network = load_network()
    discourse = Discourse(page, marks, chains, sayers.speakers if sayers else None)
    talkers = sayers.talkers if sayers else frozenset()
    for mark in list_open(discourse, talkers):
        if len(chains.member_indices(mark.index)) > 1:
            continue
        if mark.index in talkers and mark.form == "first":
            tie_speaker(chains, mark, discourse.facts[mark.index].speaker)
            continue
        weighed = weigh_mark(network, discourse, mark)
        if record is not None:
            rows = zip(weighed.candidates, weighed.scores_N1[1:], strict=True)
            record[mark.index] = [(list(chains.member_indices(c.last.index)), float(p)) for c, p in rows]
        weighed.tie(chains)


def list_open(discourse: Discourse, talkers: frozenset[int]) -> list[Mark]:
    """Return the descriptions and pronouns in the order of asking: talkers last, "I" before "we"."""
    marks = [discourse.marks[i] for i in discourse.order]
    asked = [m for m in marks if m.kind != "name" and m.form != "relative"]
    return sorted(asked, key=lambda m: (m.index in talkers) + (m.index in talkers and m.form != "first"))


def in_reading_order(marks: list[Mark]) -> list[Mark]:
    """Return the marks by their head words: "her" comes before "her lawyer", who then cannot be she."""
    return sorted(marks, key=lambda m: (m.head, m.index))


def is_sure(mark: Mark, candidate: Candidate, probability: float) -> bool:
    """Tell whether a tie is likely enough for its form; "a firm" is never one of another class."""
    if mark.kind == "nominal" and mark.form == "indefinite":
        other = mark.coarse is not None and bool(candidate.types) and mark.coarse not in candidate.types
        return probability >= SURE_ENOUGH["indefinite"] and not other
    if mark.kind == "pronoun" and mark.gender and candidate.has_name and mark.gender not in candidate.genders:
        return not candidate.genders and probability >= SURE_UNSEEN_GENDER
    return probability >= SURE_ENOUGH.get(mark.form, SURE_ENOUGH["bare"])


def may_mean(mark: Mark, candidate: Candidate) -> bool:
    """Tell whether a chain is worth weighing: not people for "it", not a man for "she", not a ship for "the lawyer".

    What it leaves out is right in under 1 % of the cases of GUM train (``train/actors.py`` counts them).
    """
    types = candidate.types
    if mark.kind == "pronoun":
        if mark.form in {"male", "female"}:
            return candidate.genders <= {mark.form} and (not types or bool(types & {"person", "group"}))
        if mark.form == "neuter":
            return not (candidate.has_name and types == {"person"}) and not candidate.genders & {"male", "female"}
        return True
    return not clashes(mark, candidate) and not is_other_office(mark, candidate)


def is_other_office(mark: Mark, candidate: Candidate) -> bool:
    """Tell whether "the judge" is said of a named person whom nothing calls a judge.

    An office that a page names for the first time is somebody without a name: in the marked stories for training 1 of
    166 such ties was right that the ranker found likelier than not, and 13 of all.
    """
    heads = load_lexicon()
    office = heads.head_types.get(mark.head_word) == "person" and mark.head_word not in heads.head_gender
    if not office or not candidate.has_name or "person" not in candidate.types:
        return False
    known = (*candidate.titles, *candidate.nouns)
    return mark.head_word not in known and list_synonyms(mark.head_word).isdisjoint(known)


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
