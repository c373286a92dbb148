"""What is disputed, as far as the account says so: conflicts that the pages' own words bear out.

The engine that compares proposes; here each proposal is read once more by what a reader would see. Two sides of which
one has all the numbers of the other, which tell one number at different times, or which have no matter in common are
not put before a reader as a dispute: they stay in the margin of the pages. Invariant: nothing is added, and a side
keeps its words. This module must not know HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storyledger.language import content_stems, end_dateline, stem_word
from storyledger.report.asking import find_count
from storyledger.report.lookup import Lookup
from storyledger.report.sentences import Line, Sentences
from storyledger.types import Comparison, Evidence, Side

SHOWN_FROM = 0.5  # conflicts below are for the review
SAME_WORDS = 0.8  # of the shorter side's content in the other: the same telling
COMMON_WORDS = 2  # content words that sides of one matter share, besides numbers
FIRST_SCREEN = 3  # disputes that a first screen has
ANSWERS = 3  # tellings of one side that are shown
ONE_THING = 0.5  # of the shorter telling's words in the other's
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_COUNTS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()  # noqa: SIM905
_DENYING = frozenset({"deny", "not", "no", "never", "reject", "disput", "fals", "without", "neither", "nobodi", "none"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What one side holds, the telling that the dispute rests on first, and how many independent origins it has."""

    position: str
    lines: tuple[Line, ...]
    tellings: tuple[Evidence, ...]
    origins: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """A matter on which pages do not agree. ``unsure``: read by the program with doubt."""

    comparison: Comparison
    anchor: str
    head: str
    answers: tuple[Answer, ...]
    unsure: bool


def list_disputes(lookup: Lookup, sentences: Sentences) -> list[Dispute]:
    """Return the disputes, the surest first; of one matter only the surest."""
    conflicts = [c for c in lookup.story.comparisons if c.kind in ("conflict", "role_conflict")]
    shown = [c for c in conflicts if c.confidence >= SHOWN_FROM and _is_borne_out(lookup, c)]
    shown.sort(key=lambda c: (-_count_origins(lookup, c), -c.confidence, c.id))
    disputes: list[Dispute] = []
    told: list[frozenset[tuple[str, int]]] = []
    for conflict in shown:
        dispute = _make(lookup, sentences, conflict)
        spots = frozenset((ln.sentence.document, ln.sentence.start) for a in dispute.answers for ln in a.lines)
        if not any(spots & other for other in told):
            disputes.append(dispute)
            told.append(spots)
    return disputes


def choose_surest(disputes: Sequence[Dispute]) -> list[Dispute]:
    """Return the disputes for a first screen: none of which the program doubts that its sides speak of one matter."""
    return [d for d in disputes if not d.unsure][:FIRST_SCREEN]


def _count_origins(lookup: Lookup, comparison: Comparison) -> int:
    return lookup.count_support(e for s in comparison.sides for e in s.evidence)[1]


def _make(lookup: Lookup, sentences: Sentences, conflict: Comparison) -> Dispute:
    answers = [_answer(lookup, sentences, side) for side in conflict.sides if side.evidence]
    head = name_matter(conflict)
    unsure = conflict.confidence < 0.7
    return Dispute(conflict, lookup.anchor("c", conflict.id), head, tuple(answers), unsure)


def _answer(lookup: Lookup, sentences: Sentences, side: Side) -> Answer:
    """Return a side with one telling of each origin; its first evidence is what disagrees with the other side."""
    first, *others = side.evidence
    order = [first, *sorted(others, key=lambda e: (lookup.order(e.document), e.start))]
    origins: dict[str, Evidence] = {}
    for evidence in order:
        origins.setdefault(lookup.origin(evidence.document), evidence)
    tellings = tuple(origins.values())
    lines = tuple(line for e in tellings[:ANSWERS] if (line := sentences.line_at(e)))
    return Answer(side.position, lines, tellings, len(origins))


def name_matter(conflict: Comparison) -> str:
    """Return the question that the sides answer."""
    about = conflict.about.split(":")[0].strip()
    if conflict.kind == "role_conflict":
        return f"Which office has {about}?"
    numbers = [set(_numbers(_text(side))) for side in conflict.sides]
    if all(numbers) and len({frozenset(n) for n in numbers}) > 1:
        rows = [find_count(_text(side)) for side in conflict.sides]
        if rows[0] and all(row == rows[0] for row in rows):
            return rows[0].title
        counted = _counted_alike([_text(side) for side in conflict.sides])
        return f"How many {counted}?" if counted else "Which number is right?"
    if any(_denies(side) for side in conflict.sides):
        return "Did it happen?"
    return "Whose account is right?"


def _counted_alike(texts: list[str]) -> str:
    """Return the word that follows a number in every text, in the first one's form; "" where none does."""
    counted = [{stem_word(w): w for w in _find_counted(text)} for text in texts]
    shared = [word for stem, word in counted[0].items() if all(stem in other for other in counted[1:])]
    return shared[0] if shared else ""


def _find_counted(text: str) -> list[str]:
    number = rf"(?:\d[\d,.]*|{'|'.join(_COUNTS[1:])})"
    found = re.findall(rf"(?i)\b{number}\s+(?:more\s+|other\s+)?([a-z]{{3,}}s|people)\b", text)
    return [word.lower() for word in found]


def _is_borne_out(lookup: Lookup, conflict: Comparison) -> bool:
    sides = [s for s in conflict.sides if s.evidence]
    if len(sides) < 2:
        return False
    if conflict.kind == "role_conflict":
        return True
    a, b = sides[0], sides[1]
    return not (
        _tell_alike(a, b) or _has_all_numbers(a, b) or _was_overtaken(lookup, a, b) or not _share_matter(lookup, a, b)
    )


def _text(side: Side) -> str:
    return " ".join(strip(e.text) for e in side.evidence)


def strip(text: str) -> str:
    """Return ``text`` without the dateline that it may begin with."""
    return text[end_dateline(text) :]


def _numbers(text: str) -> list[str]:
    words = [w for w in re.findall(r"[a-z]+", text.casefold()) if w in _COUNTS]
    return [n.replace(",", "") for n in _NUMBER.findall(text)] + [str(_COUNTS.index(w) + 1) for w in words]


def _tell_alike(a: Side, b: Side) -> bool:
    first, second = (strip(s.evidence[0].text) for s in (a, b))
    words_a, words_b = content_stems(first), content_stems(second)
    shorter = min(len(words_a), len(words_b))
    if not shorter or len(words_a & words_b) / shorter < SAME_WORDS:
        return False
    return set(_numbers(first)) == set(_numbers(second)) and _denies(a) == _denies(b)


def _has_all_numbers(a: Side, b: Side) -> bool:
    """Whether the first telling of one side has every number of the other's: then no number is disputed.

    Where one side denies, they may dispute all the same, if they tell of one thing in like words.
    """
    texts = [strip(s.evidence[0].text) for s in (a, b)]
    first, second = ({n for n in _numbers(t) if not _YEAR.fullmatch(n)} for t in texts)
    if not first or not second or not (first <= second or second <= first):
        return False
    words_a, words_b = (content_stems(t) for t in texts)
    like = len(words_a & words_b) >= ONE_THING * min(len(words_a), len(words_b))
    return not (like and _denies(a) != _denies(b))


def _denies(side: Side) -> bool:
    return any(_DENYING & (content_stems(e.text) | set(e.text.casefold().split())) for e in side.evidence)


def _was_overtaken(lookup: Lookup, a: Side, b: Side) -> bool:
    """Whether the ledger sets the sides' numbers one after the other, on different days, and none in conflict."""
    spots = [{f.id for f in lookup.story.figures if any(_covers(e, f.evidence) for e in s.evidence)} for s in (a, b)]
    pairs = [
        r
        for q in lookup.story.ledger
        for r in q.relations
        if (r.a in spots[0] and r.b in spots[1]) or (r.a in spots[1] and r.b in spots[0])
    ]
    labels = {r.label for r in pairs if r.label != "superseded" or _day_of(lookup, r.a) != _day_of(lookup, r.b)}
    kept = {r.label for r in pairs}
    return "superseded" in labels and "conflict" not in kept


def _day_of(lookup: Lookup, figure: str) -> str:
    return lookup.date(lookup.figures[figure].evidence.document)


def _covers(outer: Evidence, inner: Evidence) -> bool:
    return outer.document == inner.document and outer.start < inner.end and inner.start < outer.end


def _share_matter(lookup: Lookup, a: Side, b: Side) -> bool:
    """Whether some telling of one side speaks of what some telling of the other speaks of."""
    named = (actor.name for actor in lookup.story.actors if any(m.kind == "name" for m in actor.mentions))
    names = frozenset(word for name in named for word in content_stems(name))
    return any(
        len({w for w in content_stems(strip(x.text)) & content_stems(strip(y.text)) - names if not w[0].isdigit()})
        >= COMMON_WORDS
        for x in a.evidence
        for y in b.evidence
    )
