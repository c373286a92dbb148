"""When an event happened: the time expressions of its clause, else of its sentence, else the passage's.

Invariant: an interval's ends are ISO dates or None, ``text`` is the wording it rests on or None. This
module must not know how time expressions are normalised.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from storyledger.events.frames import Frame
from storyledger.events.lexicon import load_words
from storyledger.events.trees import Trees
from storyledger.types import Article, EventWhen, Sentence, TimeExpression

_RECENT_DAYS = 2  # an undated telling in the past of a daily report is mostly of the two days before it
_CARRIED_ON = 2  # sentences over which a passage keeps its date
# Days that a plan's "within a month" and "in the coming weeks" reach at most.
_UNIT_DAYS = {"D": 1, "W": 7, "M": 31, "Y": 366}
_COMING = {"hours": 1, "days": 14, "weeks": 60, "months": 180}
_OLD_DAYS = 3  # what is dated later than that is as near to what an undated telling is given anyway
_BOUNDS = frozenset({"since", "until", "till", "before", "after", "by", "from", "than"})
_SUBORDINATE = ("advcl", "acl", "appos")
_PAST_AUXILIARIES = frozenset({"was", "were", "did", "had", "been"})
_PERFECT = frozenset({"has", "have", "'ve", "’ve"})
# A clause on an event noun with one of these says when: "mourning, beginning on Friday", "a march set for Friday".
_SETTING = frozenset({"begin", "start", "open", "hold", "plan", "schedule", "set", "slate", "arrange"})
# What is asked, ordered or reported in writing is of the day on which that was sent: "a letter, sent on Friday, asks".
_SENDING = frozenset({"send", "write", "date", "sign", "issue", "publish", "release", "deliver", "post"})
_NOT_QUITE = 0.25  # how far off a rounded "two years after" may be, as a share of the time
_SPAN = re.compile(r"P(\d+)([DWMY])$")


class TimeIndex:
    """The dated time expressions of one article, found by position."""

    def __init__(self, times: Sequence[TimeExpression]) -> None:
        """Keep expressions that mean an interval, in text order, and apart those that may bound a plan."""
        ordered = sorted(times, key=lambda time: time.evidence.start)
        self._times = [time for time in ordered if time.type in ("DATE", "TIME") and (time.earliest or time.latest)]
        self._starts = [time.evidence.start for time in self._times]
        self._others = [time for time in ordered if time.earliest is None and time.latest is None]
        self._other_starts = [time.evidence.start for time in self._others]

    def within(self, start: int, end: int) -> list[TimeExpression]:
        """Return the expressions that stand in ``[start, end)``, in text order."""
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [time for time in self._times[low:high] if time.evidence.end <= end]

    def beside(self, start: int, end: int, most: int) -> tuple[list[TimeExpression], list[TimeExpression]]:
        """Return at most ``most`` expressions on either side of ``[start, end)``, the nearest first."""
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return self._times[max(0, low - most) : low][::-1], self._times[high : high + most]

    def undated_within(self, start: int, end: int) -> list[TimeExpression]:
        """Return the expressions of ``[start, end)`` that mean no days of their own: durations, "the coming weeks"."""
        low, high = bisect_left(self._other_starts, start), bisect_left(self._other_starts, end)
        return self._others[low:high]


def find_when(trees: Trees, times: TimeIndex, frame: Frame) -> EventWhen | None:
    """Return the interval that the sentence states for the event of ``frame``.

    The expression that hangs on the predicate, nearest first; else one on a clause that the predicate's
    clause is part of, unless "after", "before", "since" or "until" stands between. A date after "since",
    "until", "before" or "by" (an hour) is one end of the interval.
    """
    sentence = trees.reading.sentences[trees.sentence_of[frame.token]]
    nearest = _find_nearest(trees, times.within(sentence.start, sentence.end), frame)
    return read_bounds(trees, nearest, frame.token) if nearest is not None else None


def count_back(article: Article, trees: Trees, times: TimeIndex, frame: Frame) -> EventWhen | None:
    """Return when an event was that is told by what came so long after it: "two years after the troops left, ...".

    Counted from the day that the sentence gives what came after, else from publication.
    """
    after, sentence = _find_after(trees, frame), trees.reading.sentences[trees.sentence_of[frame.token]]
    spans = times.undated_within(sentence.start, trees.tokens[after].start) if after is not None else []
    span = _SPAN.match(spans[-1].value) if spans else None
    anchor = _find_anchor(article, trees, times, frame)
    if after is None or span is None or anchor is None or trees.tokens[after].start - spans[-1].evidence.end > 1:
        return None
    days = int(span[1]) * _UNIT_DAYS[span[2]]
    slack = round(_NOT_QUITE * days / int(span[1]) ** 0.5) if span[2] != "D" else 1
    first, last = (anchor - timedelta(days=days + step) for step in (slack, -slack))
    return EventWhen(first.isoformat(), last.isoformat(), spans[-1].evidence.text)


def _find_anchor(article: Article, trees: Trees, times: TimeIndex, frame: Frame) -> date | None:
    """The day of the clause that an event is set before."""
    sentence = trees.reading.sentences[trees.sentence_of[frame.token]]
    above = replace(frame, token=trees.tokens[frame.token].head)
    stated = _find_nearest(trees, times.within(sentence.start, sentence.end), above)
    day = stated.earliest if stated is not None else article.published_latest or article.published
    return date.fromisoformat(day[:10]) if day is not None and len(day) >= len("2000-01-01") else None


def _find_after(trees: Trees, frame: Frame) -> int | None:
    """The "after" that leads to the event."""
    marks = trees.dependents(frame.token, "mark", "case", "advmod")
    return next((child for child in marks if trees.words[child] == "after" and child < frame.token), None)


def has_clock_time(trees: Trees, times: TimeIndex, frame: Frame) -> bool:
    """Whether the sentence names an hour of no day: a report then means the last one ("by 6 a.m. they had ...")."""
    sentence = trees.reading.sentences[trees.sentence_of[frame.token]]
    return any(time.type == "TIME" for time in times.undated_within(sentence.start, sentence.end))


def _find_nearest(trees: Trees, times: Sequence[TimeExpression], frame: Frame) -> TimeExpression | None:
    """The expression that dates the event of ``frame``: of the nearest clause, then the nearest in the text."""
    sentence = trees.reading.sentences[trees.sentence_of[frame.token]]
    above = _clauses_above(trees, frame.token)
    ranked = []
    for time in times:
        token = trees.find_token(time.evidence.start, sentence)
        rank = None if token is None else _find_rank(trees, token, frame.token, above)
        if rank is not None:
            ranked.append((rank, abs(time.evidence.start - trees.tokens[frame.token].start), time))
    return min(ranked, key=lambda row: row[:2])[2] if ranked else None


def find_deadline(article: Article, trees: Trees, times: TimeIndex, frame: Frame) -> EventWhen | None:
    """Return the days that a plan leaves itself, counted from publication: "within a month", "in the coming weeks"."""
    published = article.published_latest or article.published
    if published is None or len(published) < len("2000-01-01"):
        return None
    sentence = trees.reading.sentences[trees.sentence_of[frame.token]]
    near = _find_nearest(trees, times.undated_within(sentence.start, sentence.end), frame)
    days = _count_days(trees, near, sentence) if near is not None else None
    if near is None or days is None:
        return None
    last = date.fromisoformat(published[:10]) + timedelta(days=days)
    return EventWhen(published[:10], last.isoformat(), near.evidence.text)


def _count_days(trees: Trees, time: TimeExpression, sentence: Sentence) -> int | None:
    """How far ahead an expression reaches: a duration after "within", or what is coming; None for all else."""
    words = time.evidence.text.lower().split()
    if time.value == "FUTURE_REF":
        return _COMING.get(words[-1])
    span = _SPAN.match(time.value)
    within = "within" in words or "within" in words_before(trees, time, sentence)
    return int(span[1]) * _UNIT_DAYS[span[2]] if span is not None and within else None


def words_before(trees: Trees, time: TimeExpression, sentence: Sentence) -> set[str]:
    """The two words before a time expression; a quotation mark between is none."""
    token = trees.find_token(time.evidence.start, sentence) or sentence.first
    return {trees.words[index] for index in range(max(sentence.first, token - 2), token)}


def _clauses_above(trees: Trees, token: int) -> dict[int, int]:
    """The predicate and the heads above it whose dates are its dates too, with their distance."""
    above, current = {token: 0}, token
    if trees.tokens[token].upos not in ("VERB", "AUX") and not _shares_date(trees, token):
        return above
    for distance, head in enumerate(trees.ancestors(token), 1):
        marks = {trees.words[child] for child in trees.dependents(current, "mark", "case")}
        apart = trees.relation(current) in ("ccomp", "acl", "parataxis")
        apart |= bool(marks & {"after", "before", "since", "until"}) or _is_of_another_tense(trees, current)
        if apart and "when" not in {trees.words[child] for child in trees.children[current]}:
            break
        above[head] = distance
        current = head
    return above


def _is_of_another_tense(trees: Trees, index: int) -> bool:
    """Whether a coordinated verb stands in the perfect that the first has not: "took it last year and has spent it"."""
    own = {trees.words[child] for child in trees.dependents(index, "aux")}
    first = {trees.words[child] for child in trees.dependents(trees.tokens[index].head, "aux")}
    return trees.relation(index) == "conj" and bool(own & _PERFECT) and not first & _PERFECT


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
        clause = trees.tokens[step].upos == "VERB" or trees.relation(step) in ("acl", "advcl")
        if step != token and clause and not _sets_date(trees, step, above):
            return None
        if trees.preposition(step) in load_words("comparing") and step != predicate:
            return None
        current = step
    return None if current != predicate else 0


def _sets_date(trees: Trees, clause: int, above: Mapping[int, int]) -> bool:
    """Whether a clause beside the event says when it was: when it begins, or when the letter that tells it was sent."""
    if trees.lemma(clause) in _SETTING:
        bare = not trees.dependents(clause, "mark", "nsubj")  # "since the war began in 2011" begins something else
        return trees.relation(clause) == "acl" or (trees.relation(clause) == "advcl" and bare)
    head = trees.tokens[clause].head
    sent = trees.relation(clause) == "acl" and trees.lemma(clause) in _SENDING
    return sent and trees.relation(head) == "nsubj" and above.get(trees.tokens[head].head) == 0


def read_bounds(trees: Trees, time: TimeExpression, predicate: int) -> EventWhen:
    """Return the interval that an expression gives the event of ``predicate``: all of it, or one end of it."""
    sentence = trees.reading.sentences[trees.sentence_of[predicate]]
    before, text = words_before(trees, time, sentence), time.evidence.text
    if "when" in {trees.words[child] for child in trees.children[predicate]}:
        return EventWhen(time.earliest, time.latest, text)  # "the worst since 1987, when a ship sank"
    if "until" in before or "till" in before:
        return EventWhen(None, time.latest, text)
    if "since" in before:
        return EventWhen(time.earliest, None, text)
    if "before" in before and time.earliest is not None:
        return EventWhen(None, _add_days(time.earliest, -1), text)
    if "by" in before and time.type == "TIME":  # what is done by an hour was done in the hours before it
        return EventWhen(_add_days(time.earliest, -1), time.latest, text)
    return EventWhen(time.earliest, time.latest, text)


def _add_days(iso: str | None, days: int) -> str | None:
    """The day ``days`` after ``iso``; None where that is no day."""
    if iso is None or len(iso) < len("2000-01-01"):
        return None
    return (date.fromisoformat(iso[:10]) + timedelta(days=days)).isoformat()


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


def carry_when(article: Article, trees: Trees, times: TimeIndex, frame: Frame) -> EventWhen | None:
    """Return the old date that the passage before gives an undated past; None where it gives none.

    The nearest dated sentence before, at most ``_CARRIED_ON`` away and in one paragraph, must hold one date
    alone, on its main clause, longer ago than ``assume_when`` would assume; only a simple past goes on with it.
    """
    number = trees.sentence_of[frame.token]
    if not is_told_as_past(trees, times, frame):
        return None
    starts = [block.start for block in article.blocks]
    paragraph = bisect_right(starts, trees.reading.sentences[number].start)
    for before in reversed(trees.reading.sentences[max(0, number - _CARRIED_ON) : number]):
        dated = times.within(before.start, before.end)
        if bisect_right(starts, before.start) != paragraph:
            return None
        if dated:
            alone = len(dated) == 1 and _dates_sentence(trees, dated[0], before)
            old = alone and _is_old(article, dated[0])
            return EventWhen(dated[0].earliest, dated[0].latest, None) if old else None
    return None


def _dates_sentence(trees: Trees, time: TimeExpression, sentence: Sentence) -> bool:
    """Whether an expression, no bound, stands on the main clause of its sentence."""
    token = trees.find_token(time.evidence.start, sentence)
    if token is None or words_before(trees, time, sentence) & _BOUNDS:
        return False
    return not any(trees.relation(step) in _SUBORDINATE for step in (token, *trees.ancestors(token)))


def _is_old(article: Article, time: TimeExpression) -> bool:
    published = (article.published_latest or article.published or "")[:10]
    if len(published) < len("2000-01-01") or not time.earliest or not time.latest:
        return False
    return time.latest[:10] < (date.fromisoformat(published) - timedelta(days=_OLD_DAYS)).isoformat()


def is_told_as_past(trees: Trees, times: TimeIndex, frame: Frame) -> bool:
    """Whether a verb is a simple past in a sentence that names no other time."""
    sentence = trees.reading.sentences[trees.sentence_of[frame.token]]
    timed = times.within(sentence.start, sentence.end) or times.undated_within(sentence.start, sentence.end)
    present = {trees.words[child] for child in trees.dependents(frame.token, "aux", "cop")} - _PAST_AUXILIARIES
    word, lemma = trees.words[frame.token], trees.lemma(frame.token)
    past = word != lemma and not word.endswith(("ing", "s"))
    past &= trees.relation(frame.token) not in ("advcl", "acl") or bool(trees.dependents(frame.token, "nsubj"))
    return not frame.is_noun and not timed and not present and past
