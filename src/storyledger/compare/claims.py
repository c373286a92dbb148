"""What was said against what was said: denials beside what they deny, and words in two mouths.

Invariant: a denial is set against the words it turns on only where the two share what is rare in the
story, and never against the same speaker's own. This module must not know events' types or figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storyledger.compare.index import (
    PileIndex,
    actor_name,
    cut_evidence,
    describe_place,
    make_comparison,
    origin_of,
    pick_evidence,
    plain_stems,
    sentence_around,
    statement_around,
)
from storyledger.compare.occurrences import shorten
from storyledger.compare.origins import Partition
from storyledger.compare.speech import find_assertions
from storyledger.compare.words import count_negations, cue_set, find_words, is_asked
from storyledger.types import Comparison, Evidence, Side, Statement, Story

MAX_POSTING = 60  # a stem that more claims share tells nothing and would make pairs all-pairs
MIN_SHARED_WEIGHT = 1.5  # two rare stems; measured on ferry 01 to 11 with gold upstream
RARE = 0.4  # a word that up to three in four documents have still tells two denials of one body together
ANTECEDENT_CHARS = 260  # about two sentences
_NOMINAL_THAT = re.compile(
    r"(?:\w+ ){0,2}(?:reports?|claims?|allegations?|suggestions?|rumou?rs|accusations?)\b[^.]{0,40}? that ",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"\b(?:accounts?|claims?|allegations?|accusations?|charges?|descriptions?|reports?|suggestions?|versions?|rumou?rs|"
    r"criticisms?|findings?|as (?:untrue|false|baseless|absurd|nonsense))\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|could|did|does|do)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(r"\b(?:it|this|the (?:charges?|allegations?|accusations?|claims?|reports?))$", re.IGNORECASE)
PLAIN_COVER = 0.6  # of words that are only negated, not denied, nearly all must be the other's
MIN_COVER = 0.45  # share of the denied words' weight that the affirmed words must have


@dataclass(frozen=True, slots=True)
class Claim:
    """Words that say that something is or is not so: who holds it, and what it is about."""

    place: Evidence  # what is shown
    holder: str | None  # actor id
    stems: frozenset[str]
    anaphoric: bool = False  # a denial of "it": what is denied stands before it
    stated: bool = True  # a denial by its verb; else by a "not" in what is said


def compare_statements(story: Story, index: PileIndex, rarity: dict[str, float]) -> list[Comparison]:
    """Return denials beside what they deny, and one saying given to two speakers."""
    return _set_denials(story, index, rarity) + _find_wrong_mouths(story, index)


def _find_wrong_mouths(story: Story, index: PileIndex) -> list[Comparison]:
    """A conflict for each group of versions of which some are given to another speaker."""
    groups: dict[str, list[Statement]] = {}
    for statement in story.statements:
        if statement.version_group is not None and statement.content.document in index.compared:
            groups.setdefault(statement.version_group, []).append(statement)
    found = []
    for _, group in sorted(groups.items()):
        wrong = [s for s in group if s.version_relation == "misattributed"]
        right = [s for s in group if s.version_relation in ("verbatim", "trimmed") and s.speaker.actor]
        wrong = [
            w
            for w in wrong
            if any(_same_words(w, r) and w.speaker.actor != r.speaker.actor for r in right)
            and not any(_one_text(w, r, index) for r in right)
        ]
        right = [r for r in right if any(_same_words(w, r) for w in wrong)]
        if not wrong or not right:
            continue
        sides = [_speaker_side(right, index), _speaker_side(wrong, index)]
        if not all(side.evidence for side in sides):
            continue
        confidence = 0.9 * min(s.confidence for s in wrong)
        why = "The same words are given to two different speakers."
        about = f"Who said “{shorten(wrong[0].content.text, 60)}”"
        found.append(make_comparison("conflict", about, sides, confidence, why))
    return found


def _one_text(a: Statement, b: Statement, index: PileIndex) -> bool:
    """Return whether two documents are one text: there a second speaker is a slip of resolution, not of the press."""
    return origin_of(index, a.content.document) == origin_of(index, b.content.document)


def _same_words(a: Statement, b: Statement) -> bool:
    one, two = ({w.lower for w in find_words(s.content.text)} - cue_set("stop") for s in (a, b))
    return len(one & two) * 2 >= min(len(one), len(two)) > 0


def _speaker_side(statements: Sequence[Statement], index: PileIndex) -> Side:
    places = pick_evidence(index, (s.content for s in statements), 3)
    names = sorted({name for s in statements if (name := actor_name(index, s.speaker.actor)) is not None})
    return Side(", ".join(names) or statements[0].speaker.text, places)


def _set_denials(story: Story, index: PileIndex, rarity: dict[str, float]) -> list[Comparison]:
    denials = _collect_denials(story, index)
    claims = [c for s in story.statements for c in _read_claim(s, index)] + _read_events(story, index)
    postings = _post_claims(claims)
    home: dict[str, list[int]] = {}
    for number, claim in enumerate(claims):
        home.setdefault(claim.place.document, []).append(number)
    pairs: list[tuple[int, int, float]] = []
    for number, denial in enumerate(denials):
        if denial.anaphoric:
            nearest = _find_antecedent(denial, claims, home.get(denial.place.document, []), index)
            pairs += [(number, nearest, 0.8)] if nearest is not None else []
        else:
            pairs += [(number, other, score) for other, score in _match_claims(denial, claims, postings, rarity)]
    return _show_denials(denials, claims, pairs, rarity, index)


def _collect_denials(story: Story, index: PileIndex) -> list[Claim]:
    """Return the denials that predicates state, then those of statements that no predicate states."""
    stated = [
        _make_denial(a.content, a.holder, index, turned=True)
        for a in find_assertions(index, cue_set("denying_verbs"))
        if a.verb in cue_set("plain_denials") or _ACCOUNT.search(a.content.text)
    ]
    stated = [claim for claim in stated if not _OPEN.match(claim.place.text)]
    taken = {(c.place.document, *sentence_around(index, c.place.document, c.place.start, c.place.end)) for c in stated}
    read = [c for s in story.statements for c in _read_denial(s, index)]
    fresh = [
        c
        for c in read
        if not c.stated
        or (c.place.document, *sentence_around(index, c.place.document, c.place.start, c.place.end)) not in taken
    ]
    return [*(c for c in stated if not _turns_round(c.place.text) or c.anaphoric), *fresh]


# Who disputes where or how something was done does not deny that it was.
_OPEN = re.compile(r"(?:where|when|how|why|who|whom|whose|which|what|whether)\b", re.IGNORECASE)


def _read_denial(statement: Statement, index: PileIndex) -> list[Claim]:
    """Return what a statement says is not so; "it" and "that account" are left to the words before."""
    content = statement.content
    if content.document not in index.compared or _OPEN.match(content.text):
        return []
    turned = statement.polarity == "denied" or statement.act == "deny"
    verb = statement.cue.text.lower().split()[-1:] if statement.cue is not None else []
    if turned and verb and verb[0] not in cue_set("plain_denials") and not _ACCOUNT.search(content.text):
        return []  # who rejects an offer says nothing about what is so
    if turned == (count_negations(content.text) % 2 == 1):
        return []
    if not turned and not _opens_negated(content.text):
        return []
    return [_make_denial(content, statement.speaker.actor, index, turned=turned)]


def _make_denial(content: Evidence, holder: str | None, index: PileIndex, *, turned: bool) -> Claim:
    match = _NOMINAL_THAT.match(content.text)
    start = content.start + (match.end() if match else 0)
    stems = plain_stems(index, content.document, start, content.end)
    short = len(stems) < 2 and not _CLAUSE.search(content.text)  # "there is a crisis" says itself what is denied
    anaphoric = turned and (short or bool(_POINTS_BACK.search(content.text)))
    around = sentence_around(index, content.document, content.start, content.end)
    place = cut_evidence(index, content.document, around[0], content.end) if anaphoric else content
    return Claim(place, holder, stems, anaphoric, turned)


def _opens_negated(text: str) -> bool:
    """Return whether the negation is of the whole: among the first words, not in a later clause."""
    return count_negations(text) > 0 and any(
        w.lower in cue_set("negators") or w.lower.endswith("n't") for w in find_words(text)[:3]
    )


def _read_claim(statement: Statement, index: PileIndex) -> list[Claim]:
    content = statement.content
    if content.document not in index.compared or statement.polarity == "denied":
        return []
    if statement.act in ("ask", "demand", "deny", "promise") or _turns_round(content.text):
        return []
    stems = plain_stems(index, content.document, content.start, content.end)
    return [Claim(content, statement.speaker.actor, stems)] if stems else []


def _turns_round(text: str) -> bool:
    lowered = {w.lower for w in find_words(text)}
    return count_negations(text) > 0 or bool(lowered & cue_set("denials"))


def _read_events(story: Story, index: PileIndex) -> list[Claim]:
    claims = []
    for event in story.events:
        if event.status in ("denied", "planned"):
            continue
        for place in event.mentions:
            if place.document not in index.compared or _turns_round(place.text) or is_asked(place.text):
                continue
            inside = statement_around(index, place.document, place.start, place.end)
            if inside is not None and inside.polarity == "denied":
                continue
            holder = inside.speaker.actor if inside is not None else None
            stems = plain_stems(index, place.document, place.start, place.end)
            if stems:
                claims.append(Claim(place, holder, stems))
    return claims


def _find_antecedent(denial: Claim, claims: Sequence[Claim], home: Sequence[int], index: PileIndex) -> int | None:
    """Return the claim of somebody else that a denial points back to.

    The nearest before it in its document (``home``), or one whose sentence has the word that the denial
    takes up ("described ..." before "rejected the description").
    """
    before = [
        (number, claims[number])
        for number in home
        if 0 <= denial.place.start - claims[number].place.end <= ANTECEDENT_CHARS
        and (claims[number].holder is None or claims[number].holder != denial.holder)
    ]
    if not before:
        return None
    return max(before, key=lambda row: (*_takes_up(denial, row[1], index), row[1].place.end, row[1].place.start))[0]


def _takes_up(denial: Claim, claim: Claim, index: PileIndex) -> tuple[int, int]:
    """Return how many words of the denial the claim's sentence has, and how near the claim stands to one (negative)."""
    document = claim.place.document
    start, end = sentence_around(index, document, claim.place.start, claim.place.end)
    wanted = plain_stems(index, document, denial.place.start, denial.place.end)
    words = [w for w in find_words(index.articles[document].text[start:end]) if w.stem in wanted]
    nearest = min((abs(claim.place.start - start - w.end) for w in words), default=0)
    return len({w.stem for w in words}), -nearest


def _post_claims(claims: Sequence[Claim]) -> dict[str, list[int]]:
    postings: dict[str, list[int]] = {}
    for number, claim in enumerate(claims):
        for stem in claim.stems:
            postings.setdefault(stem, []).append(number)
    return {stem: rows for stem, rows in postings.items() if len(rows) <= MAX_POSTING}


def _match_claims(
    denial: Claim, claims: Sequence[Claim], postings: dict[str, list[int]], rarity: dict[str, float]
) -> Iterable[tuple[int, float]]:
    """Yield the claims of others that say what ``denial`` denies, with the share of its words they have."""
    weights: dict[int, float] = {}
    for stem in denial.stems:
        for number in postings.get(stem, ()):
            weights[number] = weights.get(number, 0.0) + rarity.get(stem, 1.0)
    total = sum(rarity.get(stem, 1.0) for stem in denial.stems)
    for number, weight in sorted(weights.items()):
        claim = claims[number]
        same_voice = claim.holder is not None and claim.holder == denial.holder
        overlaps = claim.place.document == denial.place.document and (
            claim.place.start < denial.place.end and denial.place.start < claim.place.end
        )
        if same_voice or overlaps or weight < MIN_SHARED_WEIGHT or weight < MIN_COVER * total:
            continue
        if not denial.stated and weight < PLAIN_COVER * total:
            continue
        if len(denial.stems & claim.stems) >= 2:
            yield number, weight / total


def _show_denials(
    denials: Sequence[Claim],
    claims: Sequence[Claim],
    pairs: list[tuple[int, int, float]],
    rarity: dict[str, float],
    index: PileIndex,
) -> list[Comparison]:
    """One conflict for each denial, with the same holder's denials of the same elsewhere."""
    linked = _link_denials(denials, rarity)
    found = []
    matched: dict[str, list[tuple[int, int, float]]] = {}
    for pair in pairs:
        matched.setdefault(linked.find(str(pair[0])), []).append(pair)
    alike: dict[str, list[int]] = {}
    for number in range(len(denials)):
        alike.setdefault(linked.find(str(number)), []).append(number)
    for root in sorted(matched, key=int):
        inside, same = matched[root], alike[root]
        score = max(s for _, _, s in inside)
        best = [p for p in inside if p[2] >= 0.75 * score]
        said = pick_evidence(index, (claims[c].place for _, c, _ in best))
        denied = pick_evidence(index, (denials[d].place for d in same))
        if not said or not denied:
            continue
        sides = [Side(_position(said, index), said), Side(f"denied: {_position(denied, index)}", denied)]
        why = "One side says that it is so, the other that it is not; they share the words that are rare in this story."
        apart = len({origin_of(index, e.document) for e in (*said, *denied)}) > 1
        confidence = min(0.85, 0.3 + 0.55 * score) + (0.0 if apart else -0.05)
        found.append(make_comparison("conflict", shorten(said[0].text), sides, confidence, why))
    return found


def _link_denials(denials: Sequence[Claim], rarity: dict[str, float]) -> Partition:
    """Make one the denials by one holder that share a rare word, and those with the same words."""
    linked, first = Partition(), dict[tuple[str, str], int]()
    for number, denial in enumerate(denials):
        linked.find(str(number))
        for stem in sorted(denial.stems):
            if denial.holder is not None and rarity.get(stem, 1.0) >= RARE:
                linked.join(str(number), str(first.setdefault((denial.holder, stem), number)))
        words = denial.place.text.casefold().rstrip(".")
        linked.join(str(number), str(first.setdefault(("", words), number)))
    return linked


def _position(places: Sequence[Evidence], index: PileIndex) -> str:
    return f"{shorten(places[0].text, 70)} ({describe_place(index, places[0])})"
