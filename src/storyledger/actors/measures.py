"""What is known of a mention and of an earlier chain: the numbers that the ranker weighs, in a fixed order.

``measure_mark`` tells of the mention alone, ``measure_pairs`` of it with each of its candidates. The chain's own part
is worked out once for a state of the chain. This module must not know how chains are joined, nor the network.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log1p

import numpy as np
from numpy.typing import NDArray

from storyledger.actors.facts import Facts
from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import COARSE, Mark
from storyledger.actors.nouns import measure_likeness
from storyledger.actors.page import Page
from storyledger.caching import keep_answers

Floats = NDArray[np.float32]
MARK_KINDS = (
    "male", "female", "neuter", "plural", "first", "first_plural", "second", "demonstrative", "relative",
    "definite", "indefinite", "possessive", "demonstrative_nominal", "bare", "name",
)  # fmt: skip
TYPES = ("person", "organisation", "place", "thing", "event", "group")
FORMS = ("definite", "indefinite", "possessive", "demonstrative", "bare")
RELATIONS = ("obl", "nmod", "compound", "root", "conj", "appos", "xcomp")
OPENERS = (
    "such",
    "same",
    "other",
    "another",
    "both",
    "all",
    "some",
    "no",
    "every",
    "each",
    "one",
    "it",
    "that",
    "this",
)
CLAUSE_KINDS = ("root", "ccomp", "advcl", "acl", "conj", "parataxis", "xcomp")
MOST_KNOWN = 12  # marks of a chain that are asked for its nations
TALKERS = frozenset({"first", "first_plural", "second"})


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
    late_subject: int  # sentence of the last subject among the last marks, -9 without
    forms: frozenset[str]  # classes of its pronouns
    verbs: frozenset[str] = frozenset()
    tokens: frozenset[int] = frozenset()  # heads of its last marks
    nouns: frozenset[str] = frozenset()  # heads of its last descriptions, titles
    fine: frozenset[str] = frozenset()  # the contract's types
    nations: frozenset[str] = frozenset()
    members: frozenset[int] = frozenset()  # all its marks
    sentences: frozenset[int] = frozenset()  # where its names stand
    late_places: tuple[int, ...] = ()  # sentences of its last twelve marks
    late_forms: frozenset[str] = frozenset()  # forms of the pronouns among its last six
    late_nominals: tuple[Mark, ...] = ()  # descriptions among its last eight
    late_phrases: tuple[frozenset[str], ...] = ()  # what its last eight say, where it is more than nothing
    own_E: Floats = field(default_factory=lambda: np.zeros(0, np.float32))  # noqa: N815  (what depends on no mention)
    last: Mark = field(init=False)  # the mention nearest before

    def __post_init__(self) -> None:
        """Keep the last mention: every pair asks for it four times."""
        self.last = self.marks[-1]


def describe_chain(marks: list[Mark], known: list[Mark], facts: Sequence[Facts]) -> Candidate:
    """Return the candidate made of ``marks`` (before the mention) with what ``known`` (all of the chain) tells."""
    late, later = marks[-6:], marks[-8:]
    told = _gather(known)
    heads, forms, plurals = _gather_before(marks)
    candidate = Candidate(
        marks=marks,
        rank=0,
        types=frozenset(c for t in told.types if (c := COARSE.get(t))),
        genders=frozenset(told.genders),
        titles=frozenset(t for m in told.named for t in m.titles),
        heads=frozenset(heads),
        words=frozenset(told.words),
        has_name=bool(told.named),
        plurals=frozenset(plurals),
        late_subject=max((m.sentence for m in marks[-4:] if m.is_subject), default=-9),
        forms=frozenset(forms),
        verbs=frozenset(v for m in late if (v := facts[m.index].verb_lemma)),
        tokens=frozenset(m.head for m in late),
        nouns=frozenset(
            [*(m.head_word for m in later if m.kind == "nominal"), *(m.titles[-1] for m in told.named[-4:] if m.titles)]
        ),
    )
    candidate.fine = frozenset(told.fine)
    candidate.nations = frozenset().union(*(facts[m.index].nations for m in known[:MOST_KNOWN]))
    candidate.members = frozenset([m.index for m in known])
    candidate.sentences = frozenset(told.sentences)
    candidate.late_places = tuple([m.sentence for m in marks[-12:]])
    candidate.late_forms = frozenset(m.form for m in late if m.kind == "pronoun")
    candidate.late_nominals = tuple(m for m in later if m.kind == "nominal")
    candidate.late_phrases = tuple(phrase for m in later if (phrase := facts[m.index].phrase))
    candidate.own_E = np.array(_measure_chain(candidate, facts), np.float32)
    return candidate


@dataclass(slots=True)
class _Gathered:
    """What the marks of a chain tell together; ``types``: the contract's, of all marks, ``fine``: of no pronouns."""

    named: list[Mark] = field(default_factory=list)
    types: set[str] = field(default_factory=set)
    fine: set[str] = field(default_factory=set)
    genders: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    sentences: set[int] = field(default_factory=set)


def _gather(known: Sequence[Mark]) -> _Gathered:
    """Go through the marks once: a chain of hundreds is gathered anew for each of its mentions."""
    told = _Gathered()
    for mark in known:
        if mark.type:
            told.types.add(mark.type)
        if mark.gender:
            told.genders.add(mark.gender)
        if mark.kind != "pronoun":
            told.words.update(mark.words)
            told.sentences.add(mark.sentence)
            if mark.type:
                told.fine.add(mark.type)
            if mark.kind == "name":
                told.named.append(mark)
    return told


def _gather_before(marks: Sequence[Mark]) -> tuple[set[str], set[str], set[bool]]:
    """Return the heads of names and descriptions, the forms of pronouns, and whether they are of several."""
    heads, forms, plurals = set(), set(), set()
    for mark in marks:
        if mark.kind == "pronoun":
            forms.add(mark.form)
        else:
            heads.add(mark.head_word)
        if mark.plural is not None:
            plurals.add(mark.plural)
    return heads, forms, plurals


def _measure_chain(candidate: Candidate, facts: Sequence[Facts]) -> list[float]:
    marks, last = candidate.marks, candidate.marks[-1]
    its = facts[last.index]
    first = marks[0]
    subjects = sum(m.is_subject for m in marks)
    return [
        log1p(len(marks)),
        float(len(marks) == 1),
        float(first.sentence == 0),
        float(first.sentence <= 3),
        float(last.kind == "name"),
        float(last.kind == "nominal"),
        float(last.kind == "pronoun"),
        float(candidate.has_name),
        float(last.is_subject),
        float(last.deprel.startswith("obj")),
        float(last.deprel == "nmod:poss"),
        *(float(its.relation == r) for r in RELATIONS),
        *(float(last.kind == "nominal" and last.form == f) for f in FORMS),
        *(float(first.kind == "nominal" and first.form == f) for f in FORMS),
        float(its.governed),
        float(its.predicative),
        float(its.empty),
        float(its.depth),
        subjects / len(marks),
        log1p(subjects),
        float(not candidate.types),
        *(float(t in candidate.types) for t in TYPES),
        *(float(f in candidate.forms) for f in MARK_KINDS[:8]),
    ]


def name_mark_kind(mark: Mark) -> str:
    """Return the row of ``MARK_KINDS`` that a mark belongs to."""
    if mark.kind == "name":
        return "name"
    if mark.kind == "nominal" and mark.form == "demonstrative":
        return "demonstrative_nominal"
    return mark.form if mark.form in MARK_KINDS else "relative"


def are_synonyms(a: str, b: str) -> bool:
    """Tell whether two head nouns may name one thing in turn ("the ship", "the vessel")."""
    return b in list_synonyms(a)


@keep_answers(65_536)
def list_synonyms(word: str) -> frozenset[str]:
    """Return the head nouns that may name what ``word`` names, itself too; none where the lexicon lacks it."""
    groups = load_lexicon().synonyms
    own = set(groups.get(word, ()))
    return frozenset(other for other, found in groups.items() if not own.isdisjoint(found)) if own else frozenset()


def measure_mark(mark: Mark, facts: Facts, seen: int = 0) -> list[float]:
    """Return what speaks for the mention being new; ``seen``: earlier mentions with its head."""
    kind = name_mark_kind(mark)
    heads = load_lexicon()
    return [
        *(float(kind == k) for k in MARK_KINDS),
        *(float(mark.coarse == t) for t in TYPES),
        float(mark.is_subject),
        float(mark.deprel == "nmod:poss"),
        float(mark.deprel.startswith(("obj", "iobj"))),
        *(float(facts.relation == r) for r in RELATIONS),
        *(float(facts.opener == o) for o in OPENERS),
        *(float(facts.clause == c) for c in CLAUSE_KINDS),
        log1p(facts.depth),
        float(facts.defined),
        float(facts.predicative),
        float(facts.empty),
        float(facts.number is not None),
        float(bool(facts.owner)),
        float(mark.quote is not None),
        float(mark.text.endswith(("self", "selves"))),
        log1p(len(mark.words)),
        log1p(len(mark.modifiers)),
        log1p(len(facts.phrase)),
        float(mark.head_word in heads.relational),
        float(mark.head_word in heads.head_types),
        float(mark.coarse is None),
        float(bool(mark.plural)),
        float(mark.plural is False),
        float(mark.text[:1].isupper()),
        log1p(mark.sentence),
        float(mark.sentence == 0),
        log1p(seen),
        float(seen > 0),
        *facts.standing,
    ]


def measure_pairs(page: Page, mark: Mark, candidates: Sequence[Candidate], facts: Sequence[Facts]) -> Floats:
    """Return what is known of a mention and each of N candidate chains, (N, D), columns in a fixed order."""
    if not candidates:
        return np.zeros((0, 0), np.float32)
    own = facts[mark.index]
    fitting = [agrees(mark, c) for c in candidates]
    likeness = [measure_heads(mark, c) for c in candidates]
    likest = max(likeness, default=0.0)
    count = log1p(sum(fitting))
    rows: list[float] = []
    rank = 0
    for candidate, fits, like in zip(candidates, fitting, likeness, strict=True):
        rows += [
            fits, fits and rank == 0, fits and rank == 1, log1p(rank), count,
            like, like > 0.5, like == likest > 0.3,
            *_measure_place(mark, candidate),
            *_measure_agreement(mark, candidate),
            *_measure_words(mark, candidate, own, facts),
            *_measure_structure(page, mark, candidate, own, facts),
            *_measure_standing(mark, candidate, own, facts),
        ]  # fmt: skip
        rank += fits
    packed = struct.pack(f"{len(rows)}f", *rows)  # half the time of numpy on nested lists
    rows_NF = np.frombuffer(packed, np.float32).reshape(len(candidates), -1)
    return np.concatenate([np.array([c.own_E for c in candidates]), rows_NF], axis=1)


def measure_heads(mark: Mark, candidate: Candidate) -> float:
    """Return how near the mention's noun is to the nearest of the chain's nouns and titles."""
    if mark.kind == "pronoun":
        return 0.0
    return max((measure_likeness(mark.head_word, h) for h in candidate.nouns), default=0.0)


def agrees(mark: Mark, candidate: Candidate) -> bool:
    """Tell whether number, gender, class and words leave the candidate open."""
    if mark.kind != "pronoun":
        head = mark.head_word
        return head in candidate.heads or head in candidate.words or head in candidate.titles
    if mark.form in TALKERS:
        return mark.form in candidate.forms
    if candidate.forms & TALKERS and not candidate.has_name:
        return False
    return _agrees_in_form(mark.form, candidate)


def _agrees_in_form(form: str, candidate: Candidate) -> bool:
    types, plural = candidate.types, True in candidate.plurals
    if form in {"male", "female"}:
        clear = candidate.genders <= {form} and not candidate.forms & {"neuter", "plural"}
        return clear and (not types or "person" in types) and not plural
    if form == "neuter":
        return not candidate.genders & {"male", "female"} and not types & {"person", "group"} and not plural
    if form == "plural":
        return plural or bool(types & {"group", "organisation"}) or "plural" in candidate.forms
    return True


def _measure_place(mark: Mark, candidate: Candidate) -> list[float]:
    last = candidate.last
    gap = max(0, mark.sentence - last.sentence)
    places, rank = candidate.late_places, candidate.rank
    recent = sum(map((mark.sentence - 3).__le__, places))
    close = sum(map((mark.sentence - 1).__le__, places[-6:]))
    ahead = last.index > mark.index
    return [
        gap == 0,
        gap == 1,
        gap == 2,
        gap == 3,
        4 <= gap <= 7,
        gap > 7,
        log1p(gap),
        log1p(abs(mark.index - last.index)),
        ahead,
        ahead and last.is_subject,
        log1p(abs(mark.first - last.first)),
        rank == 0,
        rank == 1,
        rank == 2,
        log1p(rank),
        last.paragraph == mark.paragraph,
        log1p(recent),
        log1p(close),
        candidate.late_subject >= mark.sentence - 1,
        last.is_subject and mark.is_subject,
        last.deprel == mark.deprel,
    ]


def _measure_agreement(mark: Mark, candidate: Candidate) -> list[float]:
    genders, types = candidate.genders, candidate.types
    plurals = candidate.plurals
    wanted = {"male": "person", "female": "person"}.get(mark.form) if mark.kind == "pronoun" else mark.coarse
    neuter = mark.kind == "pronoun" and mark.form == "neuter"
    return [
        (mark.gender in genders) if mark.gender else 0.0,
        (bool(genders) and mark.gender not in genders) if mark.gender else 0.0,
        (mark.plural in plurals) if mark.plural is not None else 0.0,
        (bool(plurals) and mark.plural not in plurals) if mark.plural is not None else 0.0,
        mark.plural is True and "organisation" in types,
        (wanted in types) if wanted else 0.0,
        (bool(types) and wanted not in types) if wanted else 0.0,
        neuter and "person" in types,
        neuter and bool(types & {"organisation", "thing", "place"}),
        mark.kind == "pronoun" and mark.form == "plural" and "group" in types,
        mark.person != candidate.last.person,
        mark.form in candidate.late_forms,
        mark.kind == "pronoun" and mark.form in candidate.forms,
        mark.kind == "pronoun" and bool(candidate.forms) and mark.form not in candidate.forms,
    ]


NO_WORDS = [0.0] * 24
NO_NEAREST = [0.0] * 8


def _measure_words(mark: Mark, candidate: Candidate, own: Facts, facts: Sequence[Facts]) -> list[float]:
    if mark.kind == "pronoun":
        return NO_WORDS
    content, head, mods = own.content, mark.head_word, own.modifiers
    nominals, synonyms = candidate.late_nominals, list_synonyms(head)
    same_head = [m for m in nominals if m.head_word == head]
    fits = bool(same_head) and any(mods <= frozenset(m.words) or not facts[m.index].modifiers for m in same_head)
    return [
        bool(same_head),
        bool(nominals) and any(m.words == mark.words for m in nominals),
        bool(content) and content <= candidate.words,
        head in candidate.words,
        not synonyms.isdisjoint(candidate.heads),
        head in candidate.titles or not synonyms.isdisjoint(candidate.titles),
        bool(content & candidate.titles),
        bool(mods - candidate.words),
        bool(same_head) and not fits,
        bool(same_head) and mark.form == "definite",
        len(content & candidate.words) / max(1, len(content)),
        *_compare_phrases(mark, candidate, same_head, facts),
    ]


def _compare_phrases(mark: Mark, candidate: Candidate, same_head: list[Mark], facts: Sequence[Facts]) -> list[float]:
    """Return how the whole phrase fits those of the chain, above all the last one with the same head."""
    own = facts[mark.index]
    widest = max([_overlap(own.phrase, phrase) for phrase in candidate.late_phrases], default=0.0)
    named = mark.head_word in candidate.last.words and candidate.last.kind != "pronoun"
    if not same_head:
        return [False, False, 0.0, widest, *NO_NEAREST, named]
    nearest = same_head[-1]
    its = facts[nearest.index]
    likest = max([_overlap(own.phrase, facts[m.index].phrase) for m in same_head], default=0.0)
    return [
        nearest.plural != mark.plural,
        nearest.text[-3:] != mark.text[-3:],
        likest,
        widest,
        own.phrase == its.phrase,
        own.phrase < its.phrase,
        its.phrase < own.phrase,
        own.owner == its.owner != "",
        own.owner != its.owner,
        own.number != its.number,
        nearest.form == mark.form,
        nearest.form == "indefinite" and mark.form == "definite",
        named,
    ]


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if shared else 0.0


def _measure_structure(page: Page, mark: Mark, candidate: Candidate, own: Facts, facts: Sequence[Facts]) -> list[float]:
    last = candidate.last
    its = facts[last.index]
    same_verb = mark.verb is not None and mark.verb == last.verb and mark.deprel != "nmod:poss"
    reflexive = mark.text.endswith(("self", "selves"))
    head_of_last, head_of_mark = page.tokens[last.head].head, page.tokens[mark.head].head
    between = page.text[last.end : mark.start] if 0 <= mark.start - last.end < 200 else ""
    same_sentence = last.sentence == mark.sentence
    over = next((n for n, s in enumerate(own.subjects) if s in candidate.tokens), -1) if same_sentence else -1
    return [
        last.start <= mark.start and mark.end <= last.end,
        mark.start <= last.start and last.end <= mark.end,
        same_verb and not reflexive,
        reflexive and over == 0,
        mark.deprel == "appos" and head_of_mark == last.head,
        last.deprel == "appos" and head_of_last == mark.head,
        same_clause_copula(page, mark, last),
        mark.quote is not None and mark.quote == last.quote,
        (mark.quote is None) != (last.quote is None),
        between.strip() == ",",
        head_of_mark == last.head,
        head_of_last == mark.head,
        mark.deprel == "conj" and head_of_mark == last.head,
        over == 0,  # it is the subject of the mention's own clause
        over == 1,
        over > 1,
        same_sentence and mark.head in its.subjects,
        same_sentence and its.governed,
        own.verb_lemma in candidate.verbs,
        own.relation == its.relation,
        last.sentence == mark.sentence - 1 and last.is_subject and its.depth <= 1,
    ]


def _measure_standing(mark: Mark, candidate: Candidate, own: Facts, facts: Sequence[Facts]) -> list[float]:
    """Return how office, nation and the quotation's speaker stand to the chain."""
    named_person = candidate.has_name and "person" in candidate.types
    titled = bool(candidate.titles or candidate.nouns)
    head = mark.head_word
    known = list_synonyms(head) | {head}
    fits = not (known.isdisjoint(candidate.titles) and known.isdisjoint(candidate.nouns))
    nations = own.nations
    same_type = mark.kind == "nominal" and mark.type in candidate.fine
    other_type = mark.kind == "nominal" and mark.type is not None and bool(candidate.fine) and not same_type
    return [
        own.office and named_person and titled and not fits,
        own.office and named_person and not titled,
        own.office and named_person and fits,
        own.office and mark.form == "definite" and not fits and not candidate.words & own.content,
        bool(nations) and bool(nations & candidate.nations),
        bool(nations) and bool(candidate.nations) and not nations & candidate.nations,
        bool(nations) and not candidate.nations,
        same_type,
        other_type,
        facts[candidate.last.index].aside,
        facts[candidate.marks[0].index].aside,
        *_measure_speaker(mark, candidate, own),
    ]


def _measure_speaker(mark: Mark, candidate: Candidate, own: Facts) -> list[float]:
    """Return how the chain stands to whoever says the quotation that the mention stands in."""
    speaker = own.speaker
    talks = mark.form in TALKERS
    if speaker is None:
        body = candidate.types <= {"organisation", "group"} and bool(candidate.types)
        return [0.0] * 6 + [talks and body, talks and body and not candidate.rank]
    speaks = speaker in candidate.members
    voices = own.voices
    body = bool(voices & candidate.members)
    near = bool(own.said_in & candidate.sentences)
    return [
        speaks and talks,
        speaks and not talks,
        body,
        body and talks,
        near and talks and not speaks,
        near and talks and "organisation" in candidate.types,
        talks and bool(candidate.types) and candidate.types <= {"organisation", "group"},
        mark.form == "first_plural" and "first_plural" in candidate.forms,
    ]


def same_clause_copula(page: Page, mark: Mark, subject: Mark) -> bool:
    """Tell whether ``mark`` is what ``subject`` is said to be ("X is the director", not "X is in hospital")."""
    children = page.children[mark.head]
    if subject.head not in children or not subject.is_subject:
        return False
    relations = {page.tokens[c].deprel for c in children}
    return "cop" in relations and "case" not in relations
