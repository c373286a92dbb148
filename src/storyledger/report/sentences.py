"""The pages' own sentences, fit to stand alone: names put in behind pronouns, datelines left off, the day they tell.

Invariant: a piece with evidence is the page's text to the letter; a piece without is a name that the account puts in,
in brackets. A sentence that would leave a reader asking who is not fit to stand alone, and says so.
This module must not know HTML.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise

from storyledger.language import Quotation, content_stems, end_dateline, find_quotations
from storyledger.report.lookup import Lookup
from storyledger.report.marks import split_blocks, split_sentences
from storyledger.report.timeline import day_number
from storyledger.types import Article, BlockKind, Event, Evidence, Interval, TimeExpression

SURE_NAME = 0.8  # of who a pronoun means: below, a name put in is wrong too often to be printed
SURE_DESCRIPTION = 0.8  # "the bank" fits more than one
LONGEST_BACKGROUND_DAYS = 366
LONGEST_TIME_DAYS = 7  # a sentence that names a month or a year tells no day
_WORD = re.compile(r"\w+(?:[’'.,]\w+)*")
# what a broken page leaves before a sentence, and what marks a highlight as new
_LITTER = re.compile(r"[\])}>|•*\s]+|(?:NEW|UPDATED?|BREAKING|JUST IN): ")
_HOUR = re.compile(r"T\d")
_DAY_WORD = re.compile(
    r"(?i)day\b|(?<!mid)night|morning|evening|afternoon|yesterday|today|tomorrow|\d{4}"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
_SUBJECTS = frozenset({"he", "she", "they"})  # with no name, nobody knows who; "it" may be nothing at all
_PERSONAL = frozenset({"him", "his", "her", "hers"})  # behind a name they may be its own
_POINTING = frozenset(
    {"this", "that", "these", "those", "it", "one", "such", "both", "another", "others", "so", "then"}
)
# what it points at stands in another sentence: "The company ended that in March"
_LEFT_OPEN = re.compile(
    r"\b(?:ended|did|denied|stopped|began|called|rejected|wanted|changed|confirmed|knew|saw) (?:that|this)\b"
    r"(?=[.,;]|\s(?:in|on|at|by|after|before)\b)"
)
_DEFINITE = frozenset({"the", "his", "her", "its", "their", "this", "that", "these", "those"})
_THIRD = frozenset(
    {"he", "him", "his", "himself", "she", "her", "hers", "herself", "it", "its", "itself"}
    | {"they", "them", "their", "theirs", "themselves"}
)
_LISTING = re.compile(r"(?i)(?:[\s,;/&()'’-]|\b(?:and|or|nor|the|as well as|s)\b)*")
# before a name that is where something is, or whose part: "from China", "investigators of the board"
_PLACED = re.compile(r"(?i)\b(?:in|at|from|near|across|through|into|of|outside|like|than|around)(?:\s+the)?\s+\Z")
_OWN = frozenset({"i", "we", "me", "us", "my", "our", "you", "your"})


# a relative clause that is still open, or what the sentence follows on ("aid arrives following the storm on Tuesday"):
# what it tells is another day's than the sentence's
_ASIDE = re.compile(
    r"(?:,\s+(?:which|who|whom|whose|where)\b|(?<!\bthe\s)\b(?:following|in the wake of|in response to)\s)[^,;:–—]*\Z"
)
# words before a day that make it another thing's: "the sale of 14 May", "since Friday", but "the night of 14 May"
_LEADING_AWAY = re.compile(
    r"(?i)(?:(?<!night)(?<!morning)(?<!evening)(?<!afternoon)(?<!hours)(?<!midday)(?<!noon)(?<!dawn)(?<!day)\s+of"
    r"|\b(?:since|until|till|before|after|by|than|from))(?:\s+(?:the|last|this))?\s*\Z"
)
# a clause behind the main one that is still open: "... shot since work began on Monday", "... after a fall on Monday"
_EARLIER = re.compile(r"\w[^.]*[^,]\s(?:since|until|till|before|after|than)\s[^,;:–—]*\Z")
_ITS_THING = re.compile(r"['’]s\b")  # "Friday's meeting": the meeting's day
_NAMED_THING = re.compile(r"\s[a-z]")  # behind "the 14 May": "the 14 May sale"
_MONTH = re.compile(r"(?i)\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_TURN = re.compile(r"(?i)\b(?:last|next|ago|earlier|previous|before)\b")
_THAT_YEAR = re.compile(r"(?:,| of)? that year\b")
GUESSED_DAYS = 200  # a day without its year that far from its page is a guess
RANGE_CHARS = 14  # "between March 3 and 4, 1998": the year is the day's
# a turn of a transcript: "BRUN, HOST: There is ...", "BRUN (voice-over): ..."
_TURN = re.compile(r"[A-Z][A-Z.'’ -]+(?:, [A-Z][A-Z .,'’&-]*)?(?: \([^()\n]{1,30}\))?: (?=\S)")
TURNS = 4  # from so many on a page is a transcript: what stands behind the first is said by somebody
FRONT_CHARS = 30  # a time that begins before is what the sentence starts from


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a page. ``place``: its number among those of the body, 0 the first; ``whole``: no open quotation.

    ``spoken``: all of it stands inside a quotation or a turn of a transcript, so that it does not say who speaks.
    """

    document: str
    number: int  # among the page's sentences, from 1: its anchor in the marked page
    start: int
    end: int
    kind: BlockKind | str
    place: int
    whole: bool
    spoken: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: the page's where ``evidence`` is set, else a name put in."""

    text: str
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence to be read alone. ``fit``: it says who; ``when``: the day or days that its own clause tells.

    ``named``: what any of its clauses does, "... on the raid, which began on 3 May" too.
    """

    sentence: Sentence
    pieces: tuple[Piece, ...]
    fit: bool
    when: Interval | None
    named: Interval | None

    @property
    def evidence(self) -> Evidence:
        """The page's words, without what was put in."""
        words = "".join(p.text for p in self.pieces if p.evidence)
        first, last = self.pieces[0].evidence, self.pieces[-1].evidence
        start = first.start if first else self.sentence.start
        end = last.end if last else start + len(words)
        return Evidence(self.sentence.document, start, end, words)


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    kind: str
    actor: str
    confidence: float


class Sentences:
    """The sentences of a story's pages, each cut once."""

    def __init__(self, lookup: Lookup) -> None:
        """Gather who is mentioned where and which times are told where."""
        self._lookup = lookup
        self._cut: dict[str, list[Sentence]] = {}
        self._lines: dict[tuple[str, int], Line] = {}
        self._aside: dict[tuple[str, int], bool] = {}  # by where a time stands
        self._quotations: dict[str, list[Quotation]] = {}
        named = [a for a in lookup.story.actors if any(m.kind == "name" for m in a.mentions)]
        self._named = {a.id: a.type == "person" for a in named}
        self._mentions: dict[str, list[_Mention]] = {}
        for actor in lookup.story.actors:
            for m in actor.mentions:
                row = _Mention(m.start, m.end, m.kind, actor.id, m.confidence)
                self._mentions.setdefault(m.document, []).append(row)
        for rows in self._mentions.values():
            rows.sort(key=lambda m: (m.start, -m.end, m.actor))
        self._tells_days = any(time.earliest for time in lookup.story.times)
        self._times: dict[str, list[tuple[int, int, Interval]]] = {}
        for time in self._list_days():
            if time.earliest and time.latest:
                told = (time.evidence.start, time.evidence.end, Interval(time.earliest, time.latest))
                self._times.setdefault(time.evidence.document, []).append(told)

    def _list_days(self) -> Iterator[TimeExpression]:
        """Yield the expressions that tell when: no hour alone, no "now", no day whose year is guessed."""
        found = [t for t in self._lookup.story.times if t.type in ("DATE", "TIME") and t.earliest and t.latest]
        for at, time in enumerate(found):
            after = found[at + 1] if at + 1 < len(found) else None
            vague = time.value == "PRESENT_REF" or time.evidence.text.casefold() == "overnight"
            if not vague and not _is_clock(time) and not self._is_guessed(time, after):
                yield time

    def _is_guessed(self, time: TimeExpression, after: TimeExpression | None) -> bool:
        """Return whether a day or month stands without its year, and which year is meant is not plain."""
        words, year = time.evidence.text, (time.earliest or "")[:4]
        if not _MONTH.search(words) or _YEAR.search(words) or _TURN.search(words):
            return False
        text = (
            self._lookup.articles[time.evidence.document].text
            if time.evidence.document in self._lookup.articles
            else ""
        )
        if _THAT_YEAR.match(text, time.evidence.end):
            return True
        same = after is not None and after.evidence.document == time.evidence.document
        if same and after and after.evidence.start - time.evidence.end <= RANGE_CHARS and _YEAR.fullmatch(after.value):
            return after.value != year
        page = day_number(self._lookup.date(time.evidence.document) or None)
        told = day_number(time.earliest)
        return page is not None and told is not None and abs(page - told) > GUESSED_DAYS

    def day_of(self, line: Line, event: Event) -> Interval | None:
        """Return the day that the line tells of ``event``; of an export that has no times, the event's own."""
        if self._tells_days or event.when is None:
            return line.named
        when = Interval(event.when.earliest, event.when.latest)
        span = _days(when)
        return when if span is not None and span <= LONGEST_TIME_DAYS else None

    def of(self, document: str) -> list[Sentence]:
        """Return the sentences of a page in text order."""
        if document not in self._cut:
            article = self._lookup.articles.get(document)
            self._quotations[document] = find_quotations(article) if article else []
            self._cut[document] = list(_cut(article, self._quotations[document])) if article else []
        return self._cut[document]

    def at(self, evidence: Evidence) -> Sentence | None:
        """Return the sentence in which ``evidence`` begins."""
        rows = self.of(evidence.document)
        index = bisect_right(rows, evidence.start, key=lambda s: s.start) - 1
        return rows[index] if index >= 0 and evidence.start < rows[index].end else None

    def line(self, sentence: Sentence) -> Line:
        """Return the sentence with names put in."""
        key = (sentence.document, sentence.start)
        if key not in self._lines:
            self._lines[key] = self._write(sentence)
        return self._lines[key]

    def line_at(self, evidence: Evidence) -> Line | None:
        """Return the line of the sentence in which ``evidence`` begins."""
        sentence = self.at(evidence)
        return self.line(sentence) if sentence else None

    def named_in(self, sentence: Sentence) -> set[str]:
        """Return the actors that the sentence names."""
        return {m.actor for m in self._within(sentence.document, sentence.start, sentence.end) if m.kind == "name"}

    def first_in(self, sentence: Sentence, wanted: Callable[[str], bool]) -> str | None:
        """Return the first actor of those ``wanted`` that the sentence speaks of: as a rule who acts in it."""
        inside = self._within(sentence.document, sentence.start, sentence.end)
        sure = (m for m in inside if m.kind == "name" or m.confidence >= SURE_NAME)
        return next((m.actor for m in sure if wanted(m.actor)), None)

    def places_in(self, sentence: Sentence) -> list[tuple[int, str]]:
        """Return where the sentence names which country or place."""
        inside = self._within(sentence.document, sentence.start, sentence.end)
        actors = self._lookup.actors
        return [(m.start, m.actor) for m in inside if m.kind == "name" and actors[m.actor].type in ("country", "place")]

    def met_in(self, sentence: Sentence) -> set[str]:
        """Return the actors of whom the sentence surely speaks, by whatever words."""
        return {m.actor for m in self._sure_in(sentence.document, sentence.start, sentence.end)}

    def are_apart(self, clause: Evidence, first: str, second: str) -> bool:
        """Return whether ``clause`` speaks of both, with more between them than what lists: "China, Japan and Peru"."""
        inside = self._sure_in(clause.document, clause.start, clause.end)
        text = self._lookup.articles[clause.document].text
        spots = sorted((m.start, m.end, m.actor) for m in inside if m.actor in (first, second))
        for (_, end, one), (start, _, other) in pairwise(spots):
            between = self._leave_out(clause.document, text, end, start) if end < start else ""
            if one != other and not _LISTING.fullmatch(between) and not _PLACED.search(text, end, start):
                return True
        return False

    def _sure_in(self, document: str, start: int, end: int) -> list[_Mention]:
        inside = self._within(document, start, end)
        return [m for m in inside if m.kind == "name" or m.confidence >= SURE_DESCRIPTION]

    def _leave_out(self, document: str, text: str, start: int, end: int) -> str:
        """Return ``text[start:end]`` without the names in it."""
        kept, at = [], start
        for m in self._within(document, start, end):
            if m.kind == "name" and m.start >= at:
                kept.append(text[at : m.start])
                at = m.end
        return "".join((*kept, text[at:end]))

    def _within(self, document: str, start: int, end: int) -> list[_Mention]:
        rows = self._mentions.get(document, [])
        low, high = (bisect_left(rows, at, key=lambda m: m.start) for at in (start, end))
        return [m for m in rows[low:high] if m.end <= end]

    def _write(self, sentence: Sentence) -> Line:
        article = self._lookup.articles[sentence.document]
        text = article.text
        start = sentence.start + end_dateline(text[sentence.start : sentence.end])
        start += len(found.group()) if (found := _LITTER.match(text, start, sentence.end)) else 0
        marks = self._quotations[sentence.document]
        quoted = [(q.start, q.end) for q in marks if q.start < sentence.end and q.end > start]
        puts, nameless = self._choose_names(sentence.document, start, sentence.end, quoted)
        pieces, at = [], start
        for position, name in puts:
            pieces.append(_piece(sentence.document, text, at, position))
            pieces.append(Piece(f" [{name}]", None))
            at = position
        pieces.append(_piece(sentence.document, text, at, sentence.end))
        words = _WORD.findall(text[start : sentence.end])
        first = words[0].casefold() if words else ""
        pointing = first in _POINTING and not (puts and puts[0][0] - start <= len(first) + 1)
        fit = sentence.whole and not (nameless or pointing or sentence.spoken) and len(words) > 3
        fit = fit and not _LEFT_OPEN.search(text, start, sentence.end)
        own = any(w.casefold() in _OWN for w in _unquoted_words(text, start, sentence.end, quoted))
        named = self._time_in(sentence.document, start, sentence.end)
        when = self._told_at(sentence.document, start, sentence.end)
        return Line(sentence, tuple(pieces), fit and not own, when, named)

    def _choose_names(
        self, document: str, start: int, end: int, quoted: Sequence[tuple[int, int]]
    ) -> tuple[list[tuple[int, str]], bool]:
        """Return where which name is put in, and whether a subject stays without one."""
        article = self._lookup.articles[document]
        inside = self._within(document, start, end)
        known = {m.actor for m in inside if m.kind == "name"}
        spelled = article.text[start:end]
        puts: list[tuple[int, str]] = []
        named_at: set[int] = set()
        for m in inside:
            word = article.text[m.start : m.end].casefold()
            if m.kind == "name" or any(low <= m.start < high for low, high in quoted):
                continue
            if m.actor in known:
                named_at.add(m.start)
                continue
            sure = SURE_NAME if m.kind == "pronoun" else SURE_DESCRIPTION
            # Of bodies and things "it" and "the company" may be several in one page: names are put in for people.
            if not self._named.get(m.actor) or m.confidence < sure or not _asks_who(m.kind, word):
                continue
            name = self._lookup.name(m.actor)
            alike = m.kind != "pronoun" and content_stems(name) & content_stems(word)
            if name in spelled or alike or (puts and m.end <= puts[-1][0]):
                continue
            puts.append((m.end, name))
            named_at.add(m.start)
            known.add(m.actor)
        first_name = min((m.start for m in inside if m.kind == "name"), default=end)
        for found in _WORD.finditer(article.text, start, end):
            told, at = found.group().casefold(), found.start()
            if at in named_at or any(low <= at < high for low, high in quoted):
                continue
            if told in _SUBJECTS or (told in _PERSONAL and at < first_name):
                return puts, True
        return puts, False

    def looks_back(self, sentence: Sentence) -> Interval | None:
        """Return the most exact time of a year at most that the sentence names."""
        return self._time_in(sentence.document, sentence.start, sentence.end, LONGEST_BACKGROUND_DAYS)

    def starts_from(self, sentence: Sentence) -> Interval | None:
        """Return the time, of a year at most, that the sentence begins with: "In the summer of 1961 the divers ..."."""
        low = sentence.start
        first = next((t for t in self._times.get(sentence.document, ()) if low <= t[0] < sentence.end), None)
        if first is None or first[0] - low > FRONT_CHARS:
            return None
        span = _days(first[2])
        return first[2] if span is not None and span <= LONGEST_BACKGROUND_DAYS else None

    def _told_at(self, document: str, start: int, end: int) -> Interval | None:
        """Return the time that the sentence names itself: "reported on the raid, which began on 3 May" names none."""
        text = self._lookup.articles[document].text
        aside = {
            low for low, _, _ in self._times.get(document, ()) if start <= low < end and _ASIDE.search(text, start, low)
        }
        return self._time_in(document, start, end, aside=frozenset(aside))

    def _is_of_a_thing(self, document: str, start: int, low: int, high: int) -> bool:
        """Return whether a time tells of a thing's day and not of what the sentence tells."""
        if (document, low) not in self._aside:
            self._aside[document, low] = self._stands_aside(document, start, low, high)
        return self._aside[document, low]

    def _stands_aside(self, document: str, start: int, low: int, high: int) -> bool:
        text = self._lookup.articles[document].text
        if _LEADING_AWAY.search(text, start, low) or _EARLIER.match(text, start, low) or _ITS_THING.match(text, high):
            return True
        return text[low : low + 4].casefold() == "the " and bool(
            _MONTH.search(text, low, high) and _NAMED_THING.match(text, high)
        )

    def _time_in(
        self,
        document: str,
        start: int,
        end: int,
        longest_days: int = LONGEST_TIME_DAYS,
        aside: frozenset[int] = frozenset(),
    ) -> Interval | None:
        """Return the most exact time that the words name, the first of those; none that begins at one of ``aside``."""
        told = self._times.get(document, ())
        found = [
            (low, t)
            for low, high, t in told
            if start <= low and high <= end and low not in aside and not self._is_of_a_thing(document, start, low, high)
        ]
        sized = [
            (low - start > FRONT_CHARS, span, low, t)
            for low, t in found
            if (span := _days(t)) is not None and span <= longest_days
        ]
        return min(sized, key=lambda row: row[:3])[3] if sized else None


def _cut(article: Article, marks: Sequence[Quotation]) -> Iterator[Sentence]:
    quotations = sorted((q.outer_start, q.outer_end) for q in marks)
    starts = [start for start, _ in quotations]
    reach = list(accumulate((end for _, end in quotations), max, initial=0))  # the farthest end before each
    place, number = 0, 0
    blocks = [(end, kind, split_sentences(article.text, start, end)) for start, end, kind in split_blocks(article)]
    turns = [p.start for _, _, pieces in blocks for p in pieces if _TURN.match(article.text, p.start)]
    talk = turns[0] if len(turns) >= TURNS else len(article.text)
    for end, kind, pieces in blocks:
        for piece in pieces:
            low, high = piece.start, piece.end
            unended = (
                high < end and article.text[high - 1 : high].isalnum() and "\n" not in article.text[high : high + 2]
            )
            stop = bisect_left(starts, high)
            first = stop
            while first and reach[first] >= low - 1:  # of those before none reaches the sentence
                first -= 1
            near = quotations[first:stop]
            across = any((a < low < b) or (a < high < b) for a, b in near)
            spoken = low >= talk or any(a <= low and high <= b + 1 for a, b in near)
            number += 1
            yield Sentence(article.id, number, low, high, kind, place, not across and not unended, spoken)
            place += kind == "paragraph" and not unended


def _piece(document: str, text: str, start: int, end: int) -> Piece:
    return Piece(text[start:end], Evidence(document, start, end, text[start:end]))


def _is_clock(time: TimeExpression) -> bool:
    """Whether the words name an hour and no day: "at 10.40 p.m." is of the night that is told of, not of the page's."""
    return _HOUR.search(time.value) is not None and _DAY_WORD.search(time.evidence.text) is None


def _asks_who(kind: str, word: str) -> bool:
    """Whether a reader who has only this sentence would ask who is meant."""
    return word in _THIRD if kind == "pronoun" else word.split(" ", maxsplit=1)[0] in _DEFINITE


def _unquoted_words(text: str, start: int, end: int, quoted: Sequence[tuple[int, int]]) -> Iterator[str]:
    for word in _WORD.finditer(text, start, end):
        if not any(low <= word.start() < high for low, high in quoted):
            yield word.group()


def _days(interval: Interval) -> int | None:
    try:
        first, last = date.fromisoformat(interval.earliest or ""), date.fromisoformat(interval.latest or "")
    except ValueError:
        return None
    return (last - first).days


def shorten_line(line: Line, words: int) -> tuple[tuple[Piece, ...], bool]:
    """Return the line's first ``words`` words in pieces, and whether it goes on."""
    left, kept = words, []
    for piece in line.pieces:
        found = list(re.finditer(r"\S+", piece.text))
        if len(found) <= left:
            kept.append(piece)
            left -= len(found)
            continue
        if left and piece.evidence:
            text = piece.text[: found[left - 1].end()].rstrip(",;: ")
            start = piece.evidence.start
            kept.append(Piece(text, Evidence(line.sentence.document, start, start + len(text), text)))
        return tuple(kept), True
    return tuple(kept), False


def count_words(text: str) -> int:
    """Return how many words a reader reads in ``text``: runs of what is no space that hold a letter or a digit."""
    return sum(1 for word in text.split() if any(c.isalnum() for c in word))
