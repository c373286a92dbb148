"""When an event happened: the time expressions of its clause, else of its sentence, else the narration's.

Invariant: an interval's ends are ISO dates or None, ``text`` is the wording it rests on or None. This
module must not know how time expressions are normalised.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from storyledger.events.frames import Frame
from storyledger.events.lexicon import load_words
from storyledger.events.trees import Trees
from storyledger.types import Article, EventWhen, Sentence, TimeExpression

_RECENT_DAYS = 2  # an undated telling in the past of a daily report is mostly of the two days before it


class TimeIndex:
    """The dated time expressions of one article, found by position."""

    def __init__(self, times: Sequence[TimeExpression]) -> None:
        """Keep expressions that mean an interval, in text order; durations and sets date nothing."""
        dated = [time for time in times if time.type in ("DATE", "TIME") and (time.earliest or time.latest)]
        self._times = sorted(dated, key=lambda time: time.evidence.start)
        self._starts = [time.evidence.start for time in self._times]

    def within(self, start: int, end: int) -> list[TimeExpression]:
        """Return the expressions that stand in ``[start, end)``, in text order."""
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [time for time in self._times[low:high] if time.evidence.end <= end]


def find_when(trees: Trees, times: TimeIndex, frame: Frame) -> EventWhen | None:
    """Return the interval that the sentence states for the event of ``frame``.

    The expression that hangs on the predicate, nearest first; else one on a clause that the predicate's
    clause is part of, unless "after", "before", "since" or "until" stands between. A date after "since"
    or "until" is one end of the interval.
    """
    sentence = trees.reading.sentences[trees.sentence_of[frame.token]]
    above = _clauses_above(trees, frame.token)
    ranked = []
    for time in times.within(sentence.start, sentence.end):
        token = trees.find_token(time.evidence.start, sentence)
        rank = None if token is None else _find_rank(trees, token, frame.token, above)
        if rank is not None:
            ranked.append((rank, abs(time.evidence.start - trees.tokens[frame.token].start), time))
    if not ranked:
        return None
    _, _, chosen = min(ranked, key=lambda row: row[:2])
    return _read_bounds(trees, chosen, sentence)


def _clauses_above(trees: Trees, token: int) -> dict[int, int]:
    """The predicate and the heads above it whose dates are its dates too, with their distance."""
    above, current = {token: 0}, token
    if trees.tokens[token].upos not in ("VERB", "AUX") and not _shares_date(trees, token):
        return above
    for distance, head in enumerate(trees.ancestors(token), 1):
        marks = {trees.words[child] for child in trees.dependents(current, "mark", "case")}
        apart = trees.relation(current) in ("ccomp", "acl", "parataxis")
        apart |= bool(marks & {"after", "before", "since", "until"})
        if apart and "when" not in {trees.words[child] for child in trees.children[current]}:
            break
        above[head] = distance
        current = head
    return above


def _shares_date(trees: Trees, noun: int) -> bool:
    """Whether an event noun is dated by the verb above it: its subject, or the object of a light verb."""
    head, relation = trees.tokens[noun].head, trees.relation(noun)
    return relation == "nsubj" or (relation == "obj" and trees.lemma(head) in load_words("light_verbs"))


def _find_rank(trees: Trees, token: int, predicate: int, above: Mapping[int, int]) -> int | None:
    """How far from the predicate the clause of a time expression stands; None where it dates something else."""
    current = token
    for step in (token, *trees.ancestors(token)):
        if step in above:
            return above[step]
        if step != token and (trees.tokens[step].upos == "VERB" or trees.relation(step) in ("acl", "advcl")):
            return None
        if trees.preposition(step) in load_words("comparing") and step != predicate:
            return None
        current = step
    return None if current != predicate else 0


def _read_bounds(trees: Trees, time: TimeExpression, sentence: Sentence) -> EventWhen:
    token = trees.find_token(time.evidence.start, sentence)
    before = {trees.words[index] for index in range(max(sentence.first, (token or 0) - 2), token or 0)}
    if "until" in before or "till" in before:
        return EventWhen(None, time.latest, time.evidence.text)
    if "since" in before:
        return EventWhen(time.earliest, None, time.evidence.text)
    return EventWhen(time.earliest, time.latest, time.evidence.text)


def is_ahead(article: Article, when: EventWhen) -> bool:
    """Whether the interval begins after the article was published: what it tells is still to come."""
    published = article.published_latest or article.published
    return bool(published and when.earliest and len(published) >= 10 and when.earliest[:10] > published[:10])


def assume_when(article: Article, *, planned: bool, recent: bool) -> EventWhen | None:
    """Return what an undated telling means: the days before publication, or from it on where planned.

    ``recent`` is False for the past perfect and the like: then only the end is known.
    """
    published = article.published_latest or article.published
    if published is None or len(published) < 10:
        return EventWhen(None, published, None) if published and not planned else None
    if planned:
        return EventWhen(published, None, None)
    day = date.fromisoformat(published[:10])
    earliest = article.published_earliest or published
    start = min(day - timedelta(days=_RECENT_DAYS), date.fromisoformat((earliest + "-01-01")[:10]))
    return EventWhen(start.isoformat() if recent else None, published[:10], None)
