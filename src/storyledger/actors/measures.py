"""What is known of a mention and of an earlier chain: the numbers that the ranker weighs, in a fixed order.

``measure_mark`` tells of the mention alone, ``measure_pairs`` of it with each of its candidates. The chain's own part
is worked out once for a state of the chain. This module must not know how chains are joined, nor the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log1p

from storyledger.actors.facts import Facts
from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import Mark
from storyledger.actors.nouns import measure_likeness
from storyledger.actors.page import Page

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
    own: list[float] = field(default_factory=list)  # what does not depend on the mention

    @property
    def last(self) -> Mark:
        """The mention nearest before."""
        return self.marks[-1]


def describe_chain(marks: list[Mark], known: list[Mark], facts: Sequence[Facts]) -> Candidate:
    """Return the candidate made of ``marks`` (before the mention) with what ``known`` (all of the chain) tells."""
    named = [m for m in known if m.kind == "name"]
    late = marks[-6:]
    candidate = Candidate(
        marks=marks,
        rank=0,
        types=frozenset(c for m in known if (c := m.coarse)),
        genders=frozenset(m.gender for m in known if m.gender),
        titles=frozenset(t for m in named for t in m.titles),
        heads=frozenset(m.head_word for m in marks if m.kind != "pronoun"),
        words=frozenset(w for m in known if m.kind != "pronoun" for w in m.words),
        has_name=bool(named),
        plurals=frozenset(m.plural for m in marks if m.plural is not None),
        late_subject=max((m.sentence for m in marks[-4:] if m.is_subject), default=-9),
        forms=frozenset(m.form for m in marks if m.kind == "pronoun"),
        verbs=frozenset(v for m in late if (v := facts[m.index].verb_lemma)),
        tokens=frozenset(m.head for m in late),
        nouns=frozenset(
            [*(m.head_word for m in marks[-8:] if m.kind == "nominal"), *(m.titles[-1] for m in named[-4:] if m.titles)]
        ),
    )
    candidate.fine = frozenset(m.type for m in known if m.type and m.kind != "pronoun")
    candidate.nations = frozenset().union(*(facts[m.index].nations for m in known[:MOST_KNOWN]))
    candidate.members = frozenset(m.index for m in known)
    candidate.sentences = frozenset(m.sentence for m in known if m.kind != "pronoun")
    candidate.own = _measure_chain(candidate, facts)
    return candidate


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
    groups = load_lexicon().synonyms
    return bool(set(groups.get(a, ())) & set(groups.get(b, ())))


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
    ]


def measure_pairs(page: Page, mark: Mark, candidates: Sequence[Candidate], facts: Sequence[Facts]) -> list[list[float]]:
    """Return what is known of a mention and each candidate chain, in a fixed order."""
    own = facts[mark.index]
    fitting = [agrees(mark, c) for c in candidates]
    likeness = [measure_heads(mark, c) for c in candidates]
    likest = max(likeness, default=0.0)
    count = log1p(sum(fitting))
    rows, rank = [], 0
    for candidate, fits, like in zip(candidates, fitting, likeness, strict=True):
        rows.append(
            [
                *candidate.own,
                float(fits), float(fits and rank == 0), float(fits and rank == 1), log1p(rank), count,
                like, float(like > 0.5), float(like == likest > 0.3),
                *_measure_place(mark, candidate),
                *_measure_agreement(mark, candidate),
                *_measure_words(mark, candidate, own, facts),
                *_measure_structure(page, mark, candidate, own, facts),
                *_measure_standing(mark, candidate, own, facts),
            ]
        )  # fmt: skip
        rank += fits
    return rows


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
    recent = sum(mark.sentence - m.sentence <= 3 for m in candidate.marks[-12:])
    close = sum(mark.sentence - m.sentence <= 1 for m in candidate.marks[-6:])
    ahead = last.index > mark.index
    return [
        *(float(gap == g) for g in (0, 1, 2, 3)),
        float(4 <= gap <= 7),
        float(gap > 7),
        log1p(gap),
        log1p(abs(mark.index - last.index)),
        float(ahead),
        float(ahead and last.is_subject),
        log1p(abs(mark.first - last.first)),
        *(float(candidate.rank == r) for r in (0, 1, 2)),
        log1p(candidate.rank),
        float(last.paragraph == mark.paragraph),
        log1p(recent),
        log1p(close),
        float(candidate.late_subject >= mark.sentence - 1),
        float(last.is_subject and mark.is_subject),
        float(last.deprel == mark.deprel),
    ]


def _measure_agreement(mark: Mark, candidate: Candidate) -> list[float]:
    genders, types = candidate.genders, candidate.types
    plurals = candidate.plurals
    wanted = {"male": "person", "female": "person"}.get(mark.form) if mark.kind == "pronoun" else mark.coarse
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
        float(neuter and "person" in types),
        float(neuter and bool(types & {"organisation", "thing", "place"})),
        float(mark.kind == "pronoun" and mark.form == "plural" and "group" in types),
        float(mark.person != candidate.last.person),
        float(same_form),
        float(mark.kind == "pronoun" and mark.form in candidate.forms),
        float(mark.kind == "pronoun" and bool(candidate.forms) and mark.form not in candidate.forms),
    ]


NO_WORDS = [0.0] * 24


def _measure_words(mark: Mark, candidate: Candidate, own: Facts, facts: Sequence[Facts]) -> list[float]:
    if mark.kind == "pronoun":
        return NO_WORDS
    content, head, mods = own.content, mark.head_word, own.modifiers
    nominals = [m for m in candidate.marks[-8:] if m.kind == "nominal"]
    same_head = [m for m in nominals if m.head_word == head]
    fits = any(mods <= frozenset(m.words) or not facts[m.index].modifiers for m in same_head)
    return [
        float(bool(same_head)),
        float(any(m.words == mark.words for m in nominals)),
        float(bool(content) and content <= candidate.words),
        float(head in candidate.words),
        float(any(are_synonyms(head, h) for h in candidate.heads)),
        float(head in candidate.titles or any(are_synonyms(head, t) for t in candidate.titles)),
        float(bool(content & candidate.titles)),
        float(bool(mods - candidate.words)),
        float(bool(same_head) and not fits),
        float(bool(same_head) and mark.form == "definite"),
        len(content & candidate.words) / max(1, len(content)),
        *_compare_phrases(mark, candidate, same_head, facts),
    ]


def _compare_phrases(mark: Mark, candidate: Candidate, same_head: list[Mark], facts: Sequence[Facts]) -> list[float]:
    """Return how the whole phrase fits those of the chain, above all the last one with the same head."""
    own = facts[mark.index]
    nearest = same_head[-1] if same_head else None
    its = facts[nearest.index] if nearest is not None else own
    likest = max((_overlap(own.phrase, facts[m.index].phrase) for m in same_head), default=0.0)
    widest = max((_overlap(own.phrase, facts[m.index].phrase) for m in candidate.marks[-8:]), default=0.0)
    return [
        float(nearest is not None and nearest.plural != mark.plural),
        float(nearest is not None and nearest.text[-3:] != mark.text[-3:]),
        likest,
        widest,
        float(nearest is not None and own.phrase == its.phrase),
        float(nearest is not None and own.phrase < its.phrase),
        float(nearest is not None and its.phrase < own.phrase),
        float(nearest is not None and own.owner == its.owner != ""),
        float(nearest is not None and own.owner != its.owner),
        float(nearest is not None and own.number != its.number),
        float(nearest is not None and nearest.form == mark.form),
        float(nearest is not None and nearest.form == "indefinite" and mark.form == "definite"),
        float(mark.head_word in candidate.last.words and candidate.last.kind != "pronoun"),
    ]


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a and b else 0.0


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
        float(last.start <= mark.start and mark.end <= last.end),
        float(mark.start <= last.start and last.end <= mark.end),
        float(same_verb and not reflexive),
        float(reflexive and over == 0),
        float(mark.deprel == "appos" and head_of_mark == last.head),
        float(last.deprel == "appos" and head_of_last == mark.head),
        float(same_clause_copula(page, mark, last)),
        float(mark.quote is not None and mark.quote == last.quote),
        float((mark.quote is None) != (last.quote is None)),
        float(between.strip() == ","),
        float(head_of_mark == last.head),
        float(head_of_last == mark.head),
        float(mark.deprel == "conj" and head_of_mark == last.head),
        float(over == 0),  # it is the subject of the mention's own clause
        float(over == 1),
        float(over > 1),
        float(same_sentence and mark.head in its.subjects),
        float(same_sentence and its.governed),
        float(own.verb_lemma in candidate.verbs),
        float(own.relation == its.relation),
        float(last.sentence == mark.sentence - 1 and last.is_subject and its.depth <= 1),
    ]


def _measure_standing(mark: Mark, candidate: Candidate, own: Facts, facts: Sequence[Facts]) -> list[float]:
    """Return how office, nation and the quotation's speaker stand to the chain."""
    named_person = candidate.has_name and "person" in candidate.types
    titled = bool(candidate.titles or candidate.nouns)
    head = mark.head_word
    fits = head in candidate.titles or head in candidate.nouns
    fits = fits or any(are_synonyms(head, t) for t in (*candidate.titles, *candidate.nouns))
    nations = own.nations
    same_type = mark.kind == "nominal" and mark.type in candidate.fine
    other_type = mark.kind == "nominal" and mark.type is not None and bool(candidate.fine) and not same_type
    return [
        float(own.office and named_person and titled and not fits),
        float(own.office and named_person and not titled),
        float(own.office and named_person and fits),
        float(own.office and mark.form == "definite" and not fits and not candidate.words & own.content),
        float(bool(nations) and bool(nations & candidate.nations)),
        float(bool(nations) and bool(candidate.nations) and not nations & candidate.nations),
        float(bool(nations) and not candidate.nations),
        float(same_type),
        float(other_type),
        float(facts[candidate.last.index].aside),
        float(facts[candidate.marks[0].index].aside),
        *_measure_speaker(mark, candidate, own),
    ]


def _measure_speaker(mark: Mark, candidate: Candidate, own: Facts) -> list[float]:
    """Return how the chain stands to whoever says the quotation that the mention stands in."""
    speaker = own.speaker
    talks = mark.form in TALKERS
    if speaker is None:
        body = candidate.types <= {"organisation", "group"} and bool(candidate.types)
        return [0.0] * 6 + [float(talks and body), float(talks and body and not candidate.rank)]
    speaks = speaker in candidate.members
    voices = own.voices
    body = bool(voices & candidate.members)
    near = bool(own.said_in & candidate.sentences)
    return [
        float(speaks and talks),
        float(speaks and not talks),
        float(body),
        float(body and talks),
        float(near and talks and not speaks),
        float(near and talks and "organisation" in candidate.types),
        float(talks and bool(candidate.types) and candidate.types <= {"organisation", "group"}),
        float(mark.form == "first_plural" and "first_plural" in candidate.forms),
    ]


def same_clause_copula(page: Page, mark: Mark, subject: Mark) -> bool:
    """Tell whether ``mark`` is what ``subject`` is said to be ("X is the director", not "X is in hospital")."""
    children = page.children[mark.head]
    relations = {page.tokens[c].deprel for c in children}
    return subject.head in children and subject.is_subject and "cop" in relations and "case" not in relations
