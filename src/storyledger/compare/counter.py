"""Two accounts side by side in one document: what it tells, and what somebody counters with at once.

An outlet that sets "X insisted that ..." right behind its own or another's account of the same thing sets
out a conflict. Invariant: the cue commits the outlet to nothing (claimed, insisted, countered), the
sentences stand next to each other, and share somebody and a telling word. This module must not know
other documents.
"""

from __future__ import annotations

from collections.abc import Mapping

from storyledger.compare.index import (
    MAX_EVIDENCE_CHARS,
    PileIndex,
    actor_name,
    actors_within,
    cut_evidence,
    describe_place,
    make_comparison,
    plain_stems,
    sentence_number,
)
from storyledger.compare.occurrences import shorten
from storyledger.compare.speech import Assertion, find_assertions
from storyledger.compare.words import cue_set
from storyledger.types import Comparison, Evidence, Side, Story

MIN_SHARED_WEIGHT = 0.4  # one word of about one sentence in ten
GAP_CHARS = 3  # nothing but a space between the two: not across a heading or a break


def find_counters(story: Story, index: PileIndex, rarity: Mapping[str, float]) -> list[Comparison]:
    """Return the counter-claims of the story's documents, each beside the account that it counters."""
    verbs = cue_set("countering")
    spoken = find_assertions(index, verbs)
    taken = {(a.content.document, sentence_number(index, a.content.document, a.content.start)) for a in spoken}
    for s in story.statements:
        where = (s.content.document, sentence_number(index, s.content.document, s.content.start))
        usable = s.content.document in index.compared and s.polarity == "affirmed" and s.cue is not None
        if usable and s.cue is not None and s.cue.text.strip().lower() in verbs and where not in taken:
            spoken.append(Assertion(s.speaker.actor, s.speaker.text, s.content, s.cue.text))
    known = [a for a in spoken if a.holder is not None]  # an unknown "party" may be whose account it is
    return [c for assertion in known for c in _set_beside(assertion, index, rarity)]


def _set_beside(statement: Assertion, index: PileIndex, rarity: Mapping[str, float]) -> list[Comparison]:
    document = statement.content.document
    rows = index.sentences[document]
    number = sentence_number(index, document, statement.content.start)
    if number == 0 or rows[number][0] - rows[number - 1][1] > GAP_CHARS:
        return []
    if _is_headline(index, document, rows[number - 1][0]):
        return []
    before = cut_evidence(index, document, *rows[number - 1])
    if len(before.text) > MAX_EVIDENCE_CHARS or _same_speaker(before, statement, index):
        return []
    shared = plain_stems(index, document, before.start, before.end) & plain_stems(
        index, document, statement.content.start, statement.content.end
    )
    actors = actors_within(index, document, before.start, before.end)
    named = actors & actors_within(index, document, *rows[number])
    if not named or sum(rarity.get(stem, 1.0) for stem in shared) < MIN_SHARED_WEIGHT:
        return []
    name = actor_name(index, statement.holder) or statement.holder_text
    sides = [
        Side(f"{shorten(before.text, 70)} ({describe_place(index, before)})", (before,)),
        Side(f"{shorten(statement.content.text, 70)} ({name})", (statement.content,)),
    ]
    why = f"The document sets what {name} counters right behind the account of the same."
    return [make_comparison("conflict", shorten(before.text, 70), sides, 0.55, why)]


def _is_headline(index: PileIndex, document: str, start: int) -> bool:
    """Return whether a headline stands there: the first sentence says it again."""
    return any(b.start <= start < b.end and b.kind in ("title", "deck") for b in index.articles[document].blocks)


def _same_speaker(before: Evidence, statement: Assertion, index: PileIndex) -> bool:
    """Return whether the sentence before is already the speaker's own words."""
    return any(
        other.speaker.actor is not None and other.speaker.actor == statement.holder
        for other in index.statements.get(before.document, ())
        if before.start <= other.content.start < before.end
    )
