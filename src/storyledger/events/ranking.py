"""Which of an article's candidate events a reader would list.

Importance is a sum of what speaks for an event: its sense, the headline or the lead, participants that
are known, a date of its own. Invariant: the choice depends on the article alone. Weights were set on
eleven pages of the ferry pile and read on the others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from storyledger.events.lexicon import groups_of
from storyledger.events.senses import Candidate
from storyledger.events.trees import Trees
from storyledger.types import Article, EventReport, EventStatus, Sentence

WORDS_PER_EVENT = 20  # gold tells an event in about 38 words of body (ferry 01 to 11)
LEAST_IMPORTANCE = 0.46  # of .43 and .46: fewer events for the same links (ferry 01 to 11)
_LEAD_CHARS = 400


def weigh_importance(
    article: Article,
    trees: Trees,
    candidate: Candidate,
    sentence: Sentence,
    *,
    participants: int,
    dated: bool,
    status: EventStatus,
) -> float:
    """Return how much a reader would want the event listed, 0 to 1."""
    frame = candidate.frame
    score = 0.2 + 0.5 * candidate.sense.salience
    score += _position_bonus(article, sentence)
    score += 0.06 * min(participants, 2) + (0.08 if dated else 0.0)
    score -= 0.15 if frame.is_noun else 0.0
    score -= 0.12 if frame.is_noun and not participants and not dated else 0.0
    aside = trees.tokens[frame.token].deprel == "acl" and dated  # "the report, published on Thursday, says"
    score -= 0.12 * max(0, _depth(trees, frame.token) - aside)
    score -= 0.05 if status in ("planned", "denied") else 0.0
    return round(min(1.0, max(0.0, score)), 3)


def _position_bonus(article: Article, sentence: Sentence) -> float:
    if sentence.kind in ("title", "deck"):
        return 0.2
    body = next((block.start for block in article.blocks if block.kind == "paragraph"), 0)
    into = max(0, sentence.start - body)
    return 0.15 if into < _LEAD_CHARS else 0.05 * math.exp(-(into - _LEAD_CHARS) / 2000)


def _depth(trees: Trees, token: int) -> int:
    """How many clauses stand above, at most two; what somebody says counts as told."""
    steps, current = 0, token
    for above in trees.ancestors(token):
        steps += trees.relation(current) in ("advcl", "acl")
        current = above
    return min(steps, 2)


def choose_reports(article: Article, reports: Sequence[EventReport]) -> tuple[EventReport, ...]:
    """Return the most important reports that do not tell the same words twice, in text order.

    The best one is kept however little it matters: an article of small events tells one.
    """
    most = max(4, round(len(article.text.split()) / WORDS_PER_EVENT))
    ranked = sorted(reports, key=lambda report: (-report.importance, report.evidence.start, report.id))
    chosen: list[EventReport] = []
    for report in ranked:
        if len(chosen) == most or (chosen and report.importance < LEAST_IMPORTANCE):
            break
        if not any(_overlaps(report, other) for other in chosen):
            chosen.append(report)
    return tuple(sorted(chosen, key=lambda report: (report.evidence.start, report.evidence.end, report.id)))


def _overlaps(one: EventReport, other: EventReport) -> bool:
    """Whether two reports rest on the same words, or on mostly the same and are of one sense."""
    if (one.evidence.start, one.evidence.end) == (other.evidence.start, other.evidence.end):
        return True  # a headline with a verb and an event noun tells one event
    shared = min(one.evidence.end, other.evidence.end) - max(one.evidence.start, other.evidence.start)
    shortest = min(one.evidence.end - one.evidence.start, other.evidence.end - other.evidence.start)
    alike = one.type == other.type and bool(groups_of(one.predicate_lemma) & groups_of(other.predicate_lemma))
    return shared > 0.8 * shortest and alike
