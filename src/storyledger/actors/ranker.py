"""Which earlier actor a description or pronoun means, or none: features of the pair and a small network.

``measure_pair`` returns what is known of a mention and one candidate chain, ``score_candidates`` turns the rows into
probabilities over the candidates and "none of them". Weights: ``ranker.npz``, made by ``train/actors.py`` from GUM and
GAP; arithmetic in float32, no model run-time. This module must not know how chains are joined.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from math import log1p

import numpy as np
from numpy.typing import NDArray

from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import Mark
from storyledger.actors.page import Page

Floats = NDArray[np.float32]

MARK_KINDS = (
    "male", "female", "neuter", "plural", "first", "first_plural", "second", "demonstrative", "relative",
    "definite", "indefinite", "possessive", "demonstrative_nominal", "bare", "name",
)  # fmt: skip
TYPES = ("person", "organisation", "place", "thing", "event", "group")
SMALL = frozenset({"the", "a", "an", "of", "in", "this", "that", "these", "those", "its", "his", "her", "their"})


@dataclass(slots=True)
class Candidate:
    """A chain as it stands before a mention: its marks up to there, the last one, its rank by recency."""

    marks: list[Mark]
    rank: int
    types: frozenset[str]
    genders: frozenset[str]
    titles: frozenset[str]
    heads: frozenset[str]
    words: frozenset[str]
    has_name: bool
    plurals: frozenset[bool]
    late_subject: int  # sentence of the last subject among the last marks, -1 without

    @property
    def last(self) -> Mark:
        """The mention nearest before."""
        return self.marks[-1]


def describe_chain(marks: list[Mark], known: list[Mark], rank: int = 0) -> Candidate:
    """Return the candidate made of ``marks`` (before the mention) with what ``known`` (all of the chain) tells."""
    named = [m for m in known if m.kind == "name"]
    return Candidate(
        marks=marks,
        rank=rank,
        types=frozenset(c for m in known if (c := m.coarse)),
        genders=frozenset(m.gender for m in known if m.gender),
        titles=frozenset(t for m in named for t in m.titles),
        heads=frozenset(m.head_word for m in marks if m.kind != "pronoun"),
        words=frozenset(w for m in known if m.kind != "pronoun" for w in m.words),
        has_name=bool(named),
        plurals=frozenset(m.plural for m in marks if m.plural is not None),
        late_subject=max((m.sentence for m in marks[-4:] if m.is_subject), default=-9),
    )


def name_mark_kind(mark: Mark) -> str:
    """Return the row of ``MARK_KINDS`` that a mark belongs to."""
    if mark.kind == "name":
        return "name"
    if mark.kind == "nominal" and mark.form == "demonstrative":
        return "demonstrative_nominal"
    return mark.form if mark.form in MARK_KINDS else "relative"


def are_synonyms(a: str, b: str) -> bool:
    """Tell whether two head nouns may name one thing in turn ("the ship", "the vessel")."""
    groups = load_lexicon().synonyms
    return bool(set(groups.get(a, ())) & set(groups.get(b, ())))


def measure_mark(mark: Mark) -> list[float]:
    """Return what speaks for the mention being new, whatever came before."""
    kind = name_mark_kind(mark)
    heads = load_lexicon()
    return [
        *(float(kind == k) for k in MARK_KINDS),
        *(float(mark.coarse == t) for t in TYPES),
        float(mark.is_subject),
        float(mark.deprel == "nmod:poss"),
        float(mark.deprel.startswith(("obj", "iobj"))),
        float(mark.quote is not None),
        log1p(len(mark.words)),
        log1p(len(mark.modifiers)),
        float(mark.head_word in heads.relational),
        float(mark.head_word in heads.head_types),
        float(bool(mark.plural)),
        log1p(mark.sentence),
        float(mark.sentence == 0),
    ]


def measure_pair(page: Page, mark: Mark, candidate: Candidate) -> list[float]:
    """Return what is known of a mention and a candidate chain, in a fixed order."""
    return [
        *_measure_place(mark, candidate),
        *_measure_agreement(mark, candidate),
        *_measure_words(mark, candidate),
        *_measure_structure(page, mark, candidate),
    ]


def _measure_place(mark: Mark, candidate: Candidate) -> list[float]:
    last = candidate.last
    gap = max(0, mark.sentence - last.sentence)
    recent = sum(mark.sentence - m.sentence <= 3 for m in candidate.marks[-12:])
    return [
        *(float(gap == g) for g in (0, 1, 2, 3)),
        float(4 <= gap <= 7),
        float(gap > 7),
        log1p(abs(mark.index - last.index)),
        float(last.index > mark.index),
        float(last.index > mark.index and last.is_subject),
        log1p(abs(mark.first - last.first)),
        *(float(candidate.rank == r) for r in (0, 1, 2)),
        log1p(candidate.rank),
        float(last.paragraph == mark.paragraph),
        log1p(len(candidate.marks)),
        log1p(recent),
        float(candidate.marks[0].sentence == 0),
        float(last.kind == "name"),
        float(last.kind == "nominal"),
        float(last.kind == "pronoun"),
        float(candidate.has_name),
        float(last.is_subject),
        float(last.deprel.startswith("obj")),
        float(last.deprel == "nmod:poss"),
        float(candidate.late_subject >= mark.sentence - 1),
        float(last.is_subject and mark.is_subject),
        float(last.deprel == mark.deprel),
    ]


def _measure_agreement(mark: Mark, candidate: Candidate) -> list[float]:
    genders, types = candidate.genders, candidate.types
    plurals = candidate.plurals
    wanted = {"male": "person", "female": "person"}.get(mark.form) if mark.kind == "pronoun" else mark.coarse
    person_like = bool(types & {"person"})
    neuter = mark.kind == "pronoun" and mark.form == "neuter"
    same_form = any(m.kind == "pronoun" and m.form == mark.form for m in candidate.marks[-6:])
    return [
        float(mark.gender in genders) if mark.gender else 0.0,
        float(bool(genders) and mark.gender not in genders) if mark.gender else 0.0,
        float(mark.plural in plurals) if mark.plural is not None else 0.0,
        float(bool(plurals) and mark.plural not in plurals) if mark.plural is not None else 0.0,
        float(mark.plural is True and "organisation" in types),
        float(wanted in types) if wanted else 0.0,
        float(bool(types) and wanted not in types) if wanted else 0.0,
        float(not types),
        float(neuter and person_like),
        float(neuter and bool(types & {"organisation", "thing", "place"})),
        float(mark.kind == "pronoun" and mark.form == "plural" and "group" in types),
        float(mark.person != candidate.last.person),
        float(same_form),
        *(float(t in types) for t in TYPES),
    ]


def _measure_words(mark: Mark, candidate: Candidate) -> list[float]:
    if mark.kind == "pronoun":
        return [0.0] * 12
    content = frozenset(mark.words) - SMALL
    head = mark.head_word
    nominals = [m for m in candidate.marks if m.kind == "nominal"]
    same_head = [m for m in nominals if m.head_word == head]
    mods = frozenset(mark.modifiers) - SMALL
    return [
        float(bool(same_head)),
        float(any(m.words == mark.words for m in nominals)),
        float(bool(content) and content <= candidate.words),
        float(head in candidate.words),
        float(any(are_synonyms(head, h) for h in candidate.heads)),
        float(head in candidate.titles or any(are_synonyms(head, t) for t in candidate.titles)),
        float(bool(content & candidate.titles)),
        float(bool(mods - candidate.words)),
        float(
            bool(same_head)
            and not any(mods <= frozenset(m.words) or not (frozenset(m.modifiers) - SMALL) for m in same_head)
        ),
        float(bool(same_head) and mark.form == "definite"),
        len(content & candidate.words) / max(1, len(content)),
        float(bool(same_head) and same_head[-1].plural != mark.plural),
    ]


def _measure_structure(page: Page, mark: Mark, candidate: Candidate) -> list[float]:
    last = candidate.last
    inside = last.start <= mark.start and mark.end <= last.end
    holds = mark.start <= last.start and last.end <= mark.end
    same_verb = mark.verb is not None and mark.verb == last.verb and mark.deprel != "nmod:poss"
    head_of_last, head_of_mark = page.tokens[last.head].head, page.tokens[mark.head].head
    between = page.text[last.end : mark.start] if 0 <= mark.start - last.end < 200 else ""
    copula = same_clause_copula(page, mark, last)
    return [
        float(inside),
        float(holds),
        float(same_verb and not mark.text.endswith(("self", "selves"))),
        float(mark.text.endswith(("self", "selves"))),
        float(mark.deprel == "appos" and head_of_mark == last.head),
        float(last.deprel == "appos" and head_of_last == mark.head),
        float(copula),
        float(mark.quote is not None and mark.quote == last.quote),
        float((mark.quote is None) != (last.quote is None)),
        float(between.strip() == ","),
        float(head_of_mark == last.head),
        float(head_of_last == mark.head),
        float(mark.deprel == "conj" and head_of_mark == last.head),
    ]


def same_clause_copula(page: Page, mark: Mark, subject: Mark) -> bool:
    """Tell whether ``mark`` is what ``subject`` is said to be ("X is the director")."""
    children = page.children[mark.head]
    return subject.head in children and subject.is_subject and any(page.tokens[c].deprel == "cop" for c in children)


@dataclass(frozen=True)
class Network:
    """Two small networks: one scores a candidate, one scores "none"; D pair features, M of the mention, H hidden."""

    pair_DH: Floats  # noqa: N815  (shapes in names, as for variables)
    pair_bias_H: Floats  # noqa: N815  (shapes in names, as for variables)
    pair_out_H: Floats  # noqa: N815  (shapes in names, as for variables)
    none_MH: Floats  # noqa: N815  (shapes in names, as for variables)
    none_bias_H: Floats  # noqa: N815  (shapes in names, as for variables)
    none_out_H: Floats  # noqa: N815  (shapes in names, as for variables)
    none_bias: Floats
    temperature: Floats


@lru_cache(maxsize=1)
def load_network() -> Network:
    """Return the shipped weights."""
    with np.load(BytesIO(files(__package__).joinpath("ranker.npz").read_bytes()), allow_pickle=False) as arrays:
        return Network(**{name: arrays[name].astype(np.float32) for name in Network.__dataclass_fields__})


def score_candidates(network: Network, mark_M: list[float], pairs_ND: list[list[float]]) -> Floats:
    """Return N + 1 probabilities: "none of them" first, then one for each candidate."""
    mark = np.asarray(mark_M, dtype=np.float32)
    none = np.maximum(mark @ network.none_MH + network.none_bias_H, 0.0) @ network.none_out_H + network.none_bias
    if pairs_ND:
        rows = np.asarray(pairs_ND, dtype=np.float32)
        rows = np.concatenate([rows, np.broadcast_to(mark, (len(rows), len(mark)))], axis=1)
        pair = np.maximum(rows @ network.pair_DH + network.pair_bias_H, 0.0) @ network.pair_out_H
    else:
        pair = np.zeros(0, dtype=np.float32)
    scores = np.concatenate([none.reshape(1), pair]) / network.temperature
    exponents = np.exp(scores - scores.max())
    result: Floats = (exponents / exponents.sum()).astype(np.float32)
    return result
