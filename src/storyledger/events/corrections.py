"""Judgements about events: what they are keyed to, what merging must obey, and whether the events keep it.

A key names the words of one telling in its page. Invariant: a key that no telling answers to any more changes
nothing and is reported. This module must not know features or probabilities of pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from storyledger.errors import UsageError
from storyledger.events.headlines import is_shown
from storyledger.journal import (
    JudgementProblem,
    MentionKey,
    check_entries,
    find_contradicted,
    find_source_span,
    index_places,
    measure_overlap,
    select_subject,
)
from storyledger.types import Article, Event, EventReport, Evidence, Judgement

# Clauses nest: what a promise promises is told within it. Another telling in the same sentence is not this one.
LEAST_SHARED = 0.5


@dataclass(slots=True)
class Corrections:
    """What the journal asks of the reports, by their position: ties, who stays apart and why, what is no event."""

    same: list[tuple[int, int, str]] = field(default_factory=list)
    apart: dict[int, dict[int, str]] = field(default_factory=dict)  # both ways
    rejected: set[int] = field(default_factory=set)

    def keep_apart(self, one: int, other: int, why: str) -> None:
        """Note that two reports tell two events."""
        self.apart.setdefault(one, {})[other] = why
        self.apart.setdefault(other, {})[one] = why


def key_event(event: Event, articles: Sequence[Article], besides: Evidence | None = None) -> MentionKey:
    """Return the journal key of the telling that stands for ``event`` best: the one that its summary shows.

    Args:
        event: one of the story's.
        articles: the story's.
        besides: a telling that it is told apart from: never taken, and one of another page is taken before those
            of the same page, which would more likely go with it.

    Raises:
        UsageError: no telling of it has a place in the source.
    """
    by_id = {a.id: a for a in articles}

    def rank(mention: Evidence) -> tuple[bool, bool, str, int, int]:
        shown = is_shown(event.summary, mention.text)
        same_page = besides is not None and mention.document == besides.document
        return same_page, not shown, by_id[mention.document].sha256, mention.start, mention.end

    for mention in sorted(event.mentions, key=rank):
        span = find_source_span(by_id[mention.document], mention.start, mention.end)
        if mention != besides and span is not None:
            return by_id[mention.document].sha256, *span, mention.text
    raise UsageError("E-JUDGE-SOURCE", f"{event.summary!r} has no other telling in a source", "choose another event")


def key_telling(telling: Evidence, articles: Sequence[Article]) -> MentionKey:
    """Return the journal key of one telling of an event.

    Raises:
        UsageError: it has no place in the source.
    """
    article = next(a for a in articles if a.id == telling.document)
    span = find_source_span(article, telling.start, telling.end)
    if span is None:
        raise UsageError("E-JUDGE-SOURCE", f"{telling.text!r} has no place in the source", "choose another telling")
    return article.sha256, *span, telling.text


def apply_judgements(
    reports: Sequence[EventReport], judgements: Sequence[Judgement], articles: Sequence[Article]
) -> Corrections:
    """Return what the entries in force about events ask of ``reports``; of two that contradict, the later."""
    result, active = Corrections(), select_subject(judgements, "event")
    if not active:
        return result
    contradicted = find_contradicted(active)
    index = _ReportIndex(reports, articles)
    for entry in active:
        if entry.number in contradicted:
            continue
        because = f": {entry.because}" if entry.because else ""
        first = index.find(entry.a)
        second = index.find(entry.b) if entry.b is not None else []
        pairs = [(one, other) for one in first for other in second if one != other]
        if entry.verb == "reject":
            result.rejected.update(first)
        elif entry.verb == "same":
            result.same += [(*pair, f"judged the same (no. {entry.number}){because}") for pair in pairs]
        elif entry.verb == "different":
            for pair in pairs:
                result.keep_apart(*pair, f"judged different (no. {entry.number}){because}")
    return result


class _ReportIndex:
    """Which reports stand at a key; articles of one hash all count."""

    def __init__(self, reports: Sequence[EventReport], articles: Sequence[Article]) -> None:
        self._articles: dict[str, list[Article]] = {}
        for article in sorted(articles, key=lambda a: a.id):
            self._articles.setdefault(article.sha256, []).append(article)
        self._reports: dict[str, list[tuple[int, Evidence]]] = {}
        for number, report in enumerate(reports):
            self._reports.setdefault(report.document, []).append((number, report.evidence))

    def find(self, key: MentionKey) -> list[int]:
        """Return the position of the best report for the key in each article of its page."""
        found = []
        for article in self._articles.get(key[0], ()):
            rows = sorted((-shared, number) for shared, number in self._iter_overlaps(key, article))
            found += [number for _, number in rows[:1]]
        return found

    def _iter_overlaps(self, key: MentionKey, article: Article) -> Iterator[tuple[float, int]]:
        for number, evidence in self._reports.get(article.id, ()):
            span = find_source_span(article, evidence.start, evidence.end)
            shared = measure_overlap(key, *span) if span is not None else 0.0
            if shared >= LEAST_SHARED:
                yield shared, number


def check_event_judgements(
    judgements: Sequence[Judgement], events: Sequence[Event], articles: Sequence[Article]
) -> list[JudgementProblem]:
    """Return every entry in force about events that they do not keep, and why: contradicted, lost, not obeyed."""
    places = ((m.document, m.start, m.end, event.id) for event in events for m in event.mentions)
    rows = index_places(places, articles)
    active = select_subject(judgements, "event")
    return check_entries(active, rows, {e.id: e.summary for e in events}, LEAST_SHARED)
