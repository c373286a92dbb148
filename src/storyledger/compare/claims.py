"""What was said against what was said: denials beside what they deny, and words in two mouths.

Invariant: a denial is set against the words it turns on only where the two share what is rare in the
story, and never against the same speaker's own. This module must not know events' types or figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storyledger.compare.index import (
    PileIndex,
    actors_within,
    cut_evidence,
    describe_place,
    make_comparison,
    origin_of,
    pick_evidence,
    sentence_around,
    statement_around,
)
from storyledger.compare.occurrences import shorten
from storyledger.compare.origins import Partition
from storyledger.compare.words import count_negations, cue_set, find_words, meaning_stems
from storyledger.types import Comparison, Evidence, Side, Statement, Story

MAX_POSTING = 60  # a stem that more claims share tells nothing and would make pairs all-pairs
MIN_SHARED_WEIGHT = 1.5  # two rare stems; measured on ferry 01 to 11 with gold upstream
MIN_COVER = 0.45  # share of the denied words' weight that the affirmed words must have


@dataclass(frozen=True, slots=True)
class Claim:
    """Words that say that something is or is not so: who holds it, and what it is about."""

    place: Evidence  # what is shown
    holder: str | None  # actor id
    stems: frozenset[str]
    actors: frozenset[str]
    negative: bool


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
        wrong = [w for w in wrong if any(_same_words(w, r) and w.speaker.actor != r.speaker.actor for r in right)]
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


def _same_words(a: Statement, b: Statement) -> bool:
    one, two = (
        {w.lower for w in find_words(s.content.text)} - cue_set("stop") for s in (a, b)
    )
    return len(one & two) * 2 >= min(len(one), len(two)) > 0


def _speaker_side(statements: Sequence[Statement], index: PileIndex) -> Side:
    places = pick_evidence(index, (s.content for s in statements), 3)
    names = sorted({index.actors[s.speaker.actor].name for s in statements if s.speaker.actor in index.actors})
    return Side(", ".join(names) or statements[0].speaker.text, places)


def _set_denials(story: Story, index: PileIndex, rarity: dict[str, float]) -> list[Comparison]:
    denials = [c for s in story.statements for c in _read_denial(s, index)]
    claims = [c for s in story.statements for c in _read_claim(s, index)] + _read_events(story, index)
    postings = _post_claims(claims, rarity)
    pairs: list[tuple[int, int, float]] = []
    for number, denial in enumerate(denials):
        pairs += [(number, other, score) for other, score in _match_claims(denial, claims, postings, rarity)]
    return _show_denials(denials, claims, pairs, index)


def _read_denial(statement: Statement, index: PileIndex) -> list[Claim]:
    """Return what a statement says is not so; where it denies "it", the words before are what is denied."""
    content = statement.content
    if content.document not in index.compared:
        return []
    turned = statement.polarity == "denied" or statement.act == "deny"
    negative = turned != (count_negations(content.text) % 2 == 1)
    if not negative:
        return []
    stems = meaning_stems(content.text)
    start, end = sentence_around(index, content.document, content.start, content.end)
    place = content
    if turned and len(stems) < 2:
        before = sentence_around(index, content.document, max(0, start - 2), max(1, start - 1))
        stems = meaning_stems(index.articles[content.document].text[before[0] : end])
        place = cut_evidence(index, content.document, start, end)
    actors = actors_within(index, content.document, start, end)
    return [Claim(place, statement.speaker.actor, stems, actors, negative=True)]


def _read_claim(statement: Statement, index: PileIndex) -> list[Claim]:
    content = statement.content
    if content.document not in index.compared or statement.polarity == "denied" or statement.act in ("ask", "demand"):
        return []
    if count_negations(content.text) % 2 == 1:
        return []
    actors = actors_within(index, content.document, content.start, content.end)
    return [Claim(content, statement.speaker.actor, meaning_stems(content.text), actors, negative=False)]


def _read_events(story: Story, index: PileIndex) -> list[Claim]:
    claims = []
    for event in story.events:
        for place in event.mentions:
            if place.document not in index.compared or event.status in ("denied", "planned"):
                continue
            inside = statement_around(index, place.document, place.start, place.end)
            if count_negations(place.text) or (inside is not None and inside.polarity == "denied"):
                continue
            actors = actors_within(index, place.document, place.start, place.end)
            holder = inside.speaker.actor if inside is not None else None
            claims.append(Claim(place, holder, meaning_stems(place.text), actors, negative=False))
    return claims


def _post_claims(claims: Sequence[Claim], rarity: dict[str, float]) -> dict[str, list[int]]:
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
        if len(denial.stems & claim.stems) >= 2:
            yield number, weight / total


def _show_denials(
    denials: Sequence[Claim], claims: Sequence[Claim], pairs: list[tuple[int, int, float]], index: PileIndex
) -> list[Comparison]:
    """One conflict for each set of denials and claims that hang together."""
    linked = Partition()
    for denial, claim, _ in pairs:
        linked.join(f"d{denial}", f"c{claim}")
    found = []
    for root in sorted({linked.find(f"d{d}") for d, _, _ in pairs}):
        inside = [p for p in pairs if linked.find(f"d{p[0]}") == root]
        said = pick_evidence(index, (claims[c].place for _, c, _ in inside))
        denied = pick_evidence(index, (denials[d].place for d, _, _ in inside))
        if not said or not denied:
            continue
        score = max(s for _, _, s in inside)
        sides = [Side(_position(said, index), said), Side(f"denied: {_position(denied, index)}", denied)]
        why = "One side says that it is so, the other that it is not; they share the words that are rare in this story."
        apart = len({origin_of(index, e.document) for e in (*said, *denied)}) > 1
        confidence = min(0.9, 0.35 + 0.5 * score) - (0.0 if apart else 0.1)
        found.append(make_comparison("conflict", shorten(said[0].text), sides, confidence, why))
    return found


def _position(places: Sequence[Evidence], index: PileIndex) -> str:
    return f"{shorten(places[0].text, 70)} ({describe_place(index, places[0])})"
