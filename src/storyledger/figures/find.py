"""Finding: every number that is a claim, with value, comparator, unit and what it counts.

Invariant: figures never overlap, each evidence is ``article.text[start:end]`` and holds its number;
the same input gives the same figures. One pass over the numbers of the text. This module must not
know other articles.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from storyledger.ids import make_id
from storyledger.types import Article, Evidence, Figure, Interval, Reading, TimeExpression

from .comparators import Compared, read_comparator
from .durations import duration_figure
from .entries import sentence_around
from .labels import is_label, names_noun
from .lexicon import people_nouns
from .numbers import Number, iter_numbers
from .phrases import Phrase, counts_people, kind_of, read_count_before, read_kind_before, read_noun, read_predicate
from .units import Unit, read_unit
from .words import Words


def _words(listed: str) -> list[str]:
    return listed.split()


_TOLD = re.compile(r" (?:are|were|have|had|remain|remained|of (?:them|whom|these))\b")
_OF_WHOLE = re.compile(
    r" (?:out )?of (?:the |its |their |his |her |all )?(?=(?:more than |at least |about |some |nearly |up to "
    r"|around )?[\dA-Za-z])"
)
_NUMBER_OF = re.compile(r" the (?:total |confirmed )?(?:number|toll|count|tally) of ([^.,;:\n]{3,60})")
_PART_OF_MANY = re.compile(r"(?:(?:a|three) )?quarters? of a")  # of a year it is a time, of a million none
_RANK = re.compile(
    r"\b(?P<n>second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,2}(?:nd|rd|th))[- ](?:most[- "
    r"]\w+|[a-z]{3,}est)\b(?: [a-z]+)?"
)
_ORDINALS = _words("second third fourth fifth sixth seventh eighth ninth tenth")
_TAKEN_UP = frozenset(("them", "which", "these", "those"))
_TAKEN = re.compile(r" of (?:them|which|whom|these|those)\b")
_OFTEN = re.compile(r" (?:more )?times?\b(?! (?:as|more|less|the|higher|larger|bigger|greater|lower|what|that|its)\b)")
SCALE_CHARS, SCALE_RATIO = 60, 8.0
LIKE_CLAIMS, LIKE_CHARS, LIKE_RATIO = 6, 400, 12.0  # what a bare number leans on; chosen on the training piles
_SPENT = re.compile(r"[ \xa0](?:\w{3,}ing|in|on|for|of|to|worth of)[ \xa0](?=[a-zA-Z])(?!the (?:past|last|next)|\d)")
_MEASURED = frozenset(
    _words(
        "percent km metres nautical_miles knots tonnes litres m3 m3/s degrees_celsius seconds minutes hours "
        "days weeks months years"
    )
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure in the making: where it stands and what it says."""

    start: int
    end: int
    number: Number
    compared: Compared
    unit: str
    about: str
    confidence: float
    own_unit: str | None = None
    scope: str | None = None


def find_figures(article: Article, reading: Reading, times: Sequence[TimeExpression]) -> tuple[Figure, ...]:
    """Return the figures of ``article`` in text order: numbers that claim something.

    Dates, parts of names, list numbers and definite small groups ("the two men") are none. A measure
    in two units is one figure, with the value of the first. ``value`` of a vague number is the smallest
    that it allows; a range has ``low`` and ``high``. ``when`` is the day told in the sentence;
    ``scope`` the place or period that narrows the figure.

    Args:
        article: the article; its text alone is enough.
        reading: the reader's tokens, or none.
        times: its time expressions; numbers inside a date are no figures.
    """
    finder = _Finder(article, reading, times)
    claims = finder.find_claims()
    return tuple(_figure(article, claim, finder) for claim in claims)


class _Finder:
    """One article while its numbers are read in order; keeps the last claim, which ellipses lean on."""

    def __init__(self, article: Article, reading: Reading, times: Sequence[TimeExpression]) -> None:
        self.article, self.text = article, article.text
        self.words = Words(article, reading)
        self.times = sorted(times, key=lambda t: (t.evidence.start, t.evidence.end))
        self._time_starts = [t.evidence.start for t in self.times]
        self.claims: list[Claim] = []

    def find_claims(self) -> list[Claim]:
        for number in self._iter_all():
            if self.claims and number.start < self.claims[-1].end:
                continue
            claim = self._read(number)
            if claim is not None:
                self.claims.append(claim)
        return self._with_ranks()

    def _with_ranks(self) -> list[Claim]:
        """Add "the second-largest city": a rank, which no number of its own tells."""
        ranks: list[Claim] = []
        for found in _RANK.finditer(self.text):
            word = found["n"]
            value = float(_ORDINALS.index(word) + 2) if word in _ORDINALS else float(re.sub(r"\D", "", word))
            number = Number(*found.span(), value)
            ranks.append(Claim(*found.span(), number, Compared("=", *found.span()), "rank", found[0], 0.7))
        starts = [claim.start for claim in self.claims]

        def is_free(rank: Claim) -> bool:
            i = bisect.bisect_left(starts, rank.end)
            return i == 0 or self.claims[i - 1].end <= rank.start

        free = [rank for rank in ranks if is_free(rank)]
        return sorted([*self.claims, *free], key=lambda claim: claim.start)

    def _iter_all(self) -> list[Number]:
        """The numbers, and the durations that are written without one ("half an hour")."""
        numbers = list(iter_numbers(self.text))
        parts = [(n.start, n.end) for n in numbers if _PART_OF_MANY.match(n.words)]
        spans = [
            Number(t.evidence.start, t.evidence.end, None)
            for t in self.times
            if t.type == "DURATION" and not any(a < t.evidence.end and t.evidence.start < b for a, b in parts)
        ]
        return sorted([*numbers, *spans], key=lambda number: (number.start, number.end))

    def _read(self, number: Number) -> Claim | None:
        time = self.time_at(number.start, number.end)
        if _PART_OF_MANY.match(number.words):
            time = None
        if time is not None and time.type == "DURATION":
            return self._duration(time)
        if time is not None and not number.currency:
            return None
        if (age := self._age(number)) is not None:
            return age
        if is_label(self.text, number):
            return None
        unit = read_unit(self.text, number.end, number.currency)
        if self._joins_last(number, unit):
            return None
        compared = read_comparator(self.text, number.start, number.end, vague=number.vague)
        if number.value is None:
            compared = replace(compared, sign="range", start=number.start)
        if number.fraction:
            return self._share(number, compared)
        return self._measured(number, compared, unit) if unit else self._counted(number, compared)

    def time_at(self, start: int, end: int) -> TimeExpression | None:
        """Return the time expression that overlaps the range."""
        i = bisect.bisect_left(self._time_starts, end)
        for time in self.times[max(0, i - 2) : i]:
            if time.evidence.end > start:
                return time
        return None

    def times_near(self, start: int, end: int) -> list[TimeExpression]:
        """Return the time expressions of the sentence around the range, and some more."""
        return self.times[
            bisect.bisect_left(self._time_starts, start - 500) : bisect.bisect_left(self._time_starts, end + 500)
        ]

    def _duration(self, time: TimeExpression) -> Claim | None:
        found = duration_figure(self.text, time)
        if found is None or (self.claims and self.claims[-1].end > time.evidence.start):
            return None
        start, end = time.evidence.start, time.evidence.end
        compared = read_comparator(self.text, found.start, end, vague=False)
        value = Number(start, end, found.value)
        about = _around(self.words, start, end)
        return Claim(min(start, compared.start), max(end, compared.end), value, compared, found.unit, about, 0.6)

    def _age(self, number: Number) -> Claim | None:
        """Return the age in "Jane Doe, 34," and "a 19-year-old student"; years of age are figures of their own."""
        text, value = self.text, number.value
        if value is None or not 0 < value < 120 or number.currency:
            return None
        before, after = text[max(0, number.start - 24) : number.start], text[number.end : number.end + 30]
        if found := re.match(r"[- ]year[- ]olds?\b(?:\s+\w+)?", after):
            return self._aged(number, number.end + found.end())
        named = re.search(r"[A-Z][\w’'.-]+,\s$", before) and re.match(r",|\s*[.;)]?$|\.\s", after) and value > 9
        if named or re.search(
            r"\b(?:aged?|turn(?:ed|s|ing)|(?:man|woman|boy|girl|child) of|at the age of)\s+$", before
        ):
            return (
                self._aged(number, number.end)
                if not re.match(r"\s+(?:percent|per cent|people|km|years? (?!old))", after)
                else None
            )
        return None

    def _aged(self, number: Number, end: int) -> Claim:
        return Claim(number.start, end, number, Compared("=", number.start, end), "years", "age", 0.8)

    def _joins_last(self, number: Number, unit: Unit | None) -> bool:
        """Tell that the bracket of "110 kilometers (70 miles)" repeats the last claim in another unit."""
        if not self.claims or unit is None:
            return False
        last = self.claims[-1]
        between = self.text[last.end : number.start]
        measured = last.unit in _MEASURED or last.own_unit or re.fullmatch("[A-Z]{3}", last.unit)
        if not measured or not re.fullmatch(r"\s*\(\s*(?:about|some|around|nearly|roughly|more than|or)?\s*", between):
            return False
        close = self.text.find(")", unit.end, unit.end + 12)
        if close >= 0 and (unit.name != last.unit or unit.own):
            self.claims[-1] = replace(last, end=close + 1)
            return True
        return False

    def _share(self, number: Number, compared: Compared) -> Claim:
        phrase = read_noun(self.words, number.end)
        return Claim(compared.start, phrase.end, number, compared, "percent", phrase.text or "share", 0.6)

    def _measured(self, number: Number, compared: Compared, unit: Unit) -> Claim | None:
        end = max(unit.end, compared.end)
        phrase = (
            read_noun(self.words, unit.end)
            if self.text[unit.end : unit.end + 1] == " " or unit.name == "votes"
            else Phrase("", "", end)
        )
        hyphened = "-" in self.text[number.end : unit.end]
        if unit.name in ("seconds", "minutes", "hours", "days", "weeks", "months", "years"):
            return None
        if hyphened and phrase.head:
            end = phrase.end
        elif len(unit.name) == 3 and (spent := _SPENT.match(self.text, end)):
            end = max(end, read_noun(self.words, spent.end()).end)
        about = f"{unit.own or unit.name} {_around(self.words, compared.start, end)}".strip()
        return Claim(compared.start, end, number, compared, unit.name, about, 0.88, unit.own)

    def _counted(self, number: Number, compared: Compared) -> Claim | None:
        noun_at = self._past_whole(number.end)
        phrase = read_noun(self.words, noun_at)
        if phrase.text.lower().startswith(("times", "time")):
            return self._repeated(number, compared)
        if (
            phrase.head in ("more", "others", "other", "")
            or phrase.head in _TAKEN_UP
            or phrase.text.lower()
            in (
                "or more",
                "or so",
            )
        ):
            return self._elliptic(number, compared, phrase)
        if number.vague and number.value == 3.0 and not counts_people(phrase):
            return None
        predicate, end = read_predicate(self.words, phrase.end, self.text)
        end = end if noun_at == number.end else number.end  # the whole is a figure of its own
        before = read_kind_before(self.words, compared.start)
        people = counts_people(phrase) or (
            kind_of(predicate.lower().split()) in ("dead", "missing", "injured") and not number.words[:1].isdigit()
        )
        about = " ".join(filter(None, (phrase.text, predicate or before)))
        confidence = 0.9 if people else 0.75 if number.value is None or number.value > 10 else 0.5
        return Claim(
            compared.start,
            max(end, compared.end, number.end),
            number,
            compared,
            "people" if people else "count",
            about,
            confidence,
        )

    def _past_whole(self, end: int) -> int:
        """In "34 of the more than 70 people", the noun stands behind the whole that the number is part of."""
        found = _OF_WHOLE.match(self.text, end)
        whole = next(iter_numbers(self.text[found.end() : found.end() + 40]), None) if found else None
        return found.end() + whole.end if found and whole and whole.start <= 20 and whole.value else end

    def _elliptic(self, number: Number, compared: Compared, phrase: Phrase) -> Claim | None:
        """A number without its noun: "six are still missing", "wounding another 60", "the toll rises to 38"."""
        end = max(number.end, phrase.end if phrase.head else number.end, compared.end)
        last = self._last_in_reach(number)
        predicate, predicate_end = read_predicate(self.words, end, self.text)
        if self._is_vote(number):
            return Claim(number.start, number.end, number, compared, "votes", "votes", 0.7)
        if named := _NUMBER_OF.match(self.text, end):
            people = any(word in people_nouns() for word in re.findall(r"[a-z]+", named[1].lower()))
            return Claim(compared.start, named.end(), number, compared, "people" if people else "count", named[1], 0.75)
        before = read_count_before(self.text, compared.start)
        if predicate and kind_of(predicate.lower().split()):
            return Claim(compared.start, predicate_end, number, compared, "people", predicate, 0.8)
        if before is not None:
            unit = "people" if kind_of(re.findall(r"[\w-]+", before[1].lower())) else last.unit if last else "count"
            if unit != "count" or re.match(r"(?:the|a)?\s*(?:number|total|figure)", before[1], re.IGNORECASE):
                about = before[1].strip()
                if (
                    last
                    and kind_of(re.findall(r"[\w-]+", about.lower())) in (None, "protest")
                    and not re.search(r"\blimit\b|\bboard\b", about)
                ):
                    about = last.about
                begin = before[0] if last is None or before[0] >= last.end else compared.start
                return Claim(begin, end, number, compared, unit, about, 0.8)
        leaning = self._leaning(number, compared, phrase, last, end) if last else None
        if leaning is None and names_noun(self.words, number):
            return None
        return leaning or self._bare(number, compared, end)

    def _repeated(self, number: Number, compared: Compared) -> Claim | None:
        """How often something was done: "rang twenty-four times"; "three times as many" only multiplies."""
        found = _OFTEN.match(self.text, number.end)
        if found is None:
            return None
        return Claim(compared.start, found.end(), number, compared, "count", "times", 0.6)

    def _bare(self, number: Number, compared: Compared, end: int) -> Claim:
        """A number whose noun stands elsewhere: what the nearest like number of the article counts, else a count."""
        scaled = self._find_scaled(number) or self._find_scale(number)
        if scaled is not None:
            value, like = scaled
            number = replace(number, value=value)
            return Claim(compared.start, end, number, compared, like.unit, like.about, 0.6)
        last = self._find_like(number)
        unit, about = (last.unit, last.about) if last else ("count", _around(self.words, compared.start, end))
        return Claim(compared.start, end, number, compared, unit, about, 0.5)

    def _find_scaled(self, number: Number) -> tuple[float, Claim] | None:
        """The value and the earlier claim that a bare "31" takes up: "€31 million"."""
        value = number.value
        if value is None or not 0 < value < 1000:
            return None
        for claim in reversed(self.claims):
            told = claim.number.value
            if told in (value * 1e3, value * 1e6, value * 1e9):
                return told, claim
        return None

    def _find_scale(self, number: Number) -> tuple[float, Claim] | None:
        """The value by the scale of the sentence's last number: "€1.9 million in the text and 1.4 in the paper"."""
        value = number.value
        if value is None or not 0 < value < 1000 or not self.claims:
            return None
        last = self.claims[-1]
        between, told = self.text[last.end : number.start], last.number.value
        scale = next((s for s in (1e9, 1e6, 1e3) if told and told >= s), None)
        if scale is None or told is None or len(between) > SCALE_CHARS or re.search(r"[.!?;\n]", between):
            return None
        near = told / scale <= SCALE_RATIO * value and value <= SCALE_RATIO * told / scale
        return (round(value * scale, 6), last) if near else None

    def _find_like(self, number: Number) -> Claim | None:
        """The nearest earlier claim of the size of ``number`` in reach."""
        value = number.value or number.low or 0.0
        if self.claims and _TAKEN.match(self.text, number.end):
            return self.claims[-1]
        for claim in self.claims[: -LIKE_CLAIMS - 1 : -1]:
            told = claim.number.value or claim.number.low or 0.0
            near = number.start - claim.end < LIKE_CHARS and claim.about not in ("age", "times")
            if near and claim.unit != "rank" and value <= LIKE_RATIO * told and told <= LIKE_RATIO * value:
                return claim
        return None

    def _leaning(self, number: Number, compared: Compared, phrase: Phrase, last: Claim, end: int) -> Claim | None:
        after = self.text[end : end + 24]
        another = re.search(
            r"\b(?:another|further|other)\s+$", self.text[max(0, number.start - 10) : number.start], re.IGNORECASE
        )
        place = re.match(r" (?:in|on|at|from|near) ((?:the )?[A-Z]\w+)", after)
        if not phrase.head and _TOLD.match(self.text, end) and last.unit == "people":
            return Claim(compared.start, end, number, compared, last.unit, last.about, 0.65)
        if phrase.head in ("more", "others", "other") or another:
            return Claim(
                compared.start, end, number, compared, last.unit, f"{phrase.head or 'others'} {last.about}", 0.75
            )
        if place and self.text[last.end : number.start].count(".") == 0:
            return Claim(
                compared.start,
                end + place.end(),
                number,
                compared,
                last.unit,
                last.about + place[0],
                0.75,
                scope=place[1],
            )
        if compared.sign not in ("=", "~") or re.search(
            r"\b(?:limit|maximum|minimum|total|average) of $", self.text[max(0, number.start - 12) : number.start]
        ):
            return Claim(compared.start, end, number, compared, last.unit, last.about, 0.7)
        return None

    def _last_in_reach(self, number: Number) -> Claim | None:
        """The claim that an ellipsis may lean on: of the same paragraph, close by."""
        if not self.claims:
            return None
        last = self.claims[-1]
        between = self.text[last.end : number.start]
        return last if len(between) < 260 and "\n\n" not in between and last.about != "age" else None

    def _is_vote(self, number: Number) -> bool:
        """Such as "By 94 votes to 61", "the vote, 14 to 11": bare numbers side by side with "vote" close before."""
        before = self.text[max(0, number.start - 60) : number.start]
        after = self.text[number.end : number.end + 8]
        if re.search(r"\bvotes? to $", before):
            return True
        return bool(re.search(r"\bvot(?:e|es|ed|ing)\b", before, re.IGNORECASE)) and bool(
            re.match(r" to \d", after) or re.search(r"\d to $", before)
        )


def _around(words: Words, start: int, end: int) -> str:
    """The words beside a measure that say what is measured: up to three before, three behind."""
    line = words.text.rfind("\n", 0, start) + 1
    before = [w.text for w in words.before(start, 4) if w.upos != "PUNCT" and w.start >= line][-3:]
    after: list[str] = []
    for word in words.after(end, 4):
        if word.upos == "PUNCT" or "\n" in words.text[end : word.start]:
            break
        after.append(word.text)
    return " ".join((*before, "…", *after[:3])) if before else " ".join(after[:3])


def _figure(article: Article, claim: Claim, finder: _Finder) -> Figure:
    text = article.text
    end = claim.start + len(text[claim.start : claim.end].rstrip(" ,\n"))
    evidence = Evidence(article.id, claim.start, end, text[claim.start : end])
    when, scope = read_scope(article, claim.start, end, finder.times_near(claim.start, end))
    if claim.scope and not scope:
        told = finder.time_at(end - len(claim.scope), end)
        scope = told.value if told else claim.scope
    number = claim.number
    identity = make_id("figure", article.id, claim.start, end, number.start)
    return Figure(
        identity,
        claim.about,
        number.value,
        number.low,
        number.high,
        claim.compared.sign,
        claim.unit,
        when,
        None,
        evidence,
        None,
        claim.confidence,
        scope,
    )


_PERIOD_BEFORE = re.compile(
    r"[,:]?\s*(?:when|in which|alone)?\s*(?:the|about|some|more than|at least|nearly|an estimated|only|over|up to)?\s*",
    re.IGNORECASE,
)
_PERIOD_AFTER = re.compile(r"[^.,;:!?\n]{0,45}")
_FINITE = re.compile(
    r"\b(?:was|were|is|are|has|have|had|said|says|will|would|when|which|who|that|after|before|than)\b", re.IGNORECASE
)


def read_scope(
    article: Article, start: int, end: int, times: Sequence[TimeExpression]
) -> tuple[Interval | None, str | None]:
    """Return when the figure held and the period or place that narrows it.

    The day told nearest in its sentence, never after publication; None where the sentence tells no day.
    """
    text = article.text
    left, right = sentence_around(text, start, end)
    day: tuple[int, TimeExpression] | None = None
    scope: str | None = None
    latest = article.published_latest or article.published
    for time in times:
        if (
            time.type in ("SET", "DURATION")
            or not left <= time.evidence.start < right
            or time.earliest is None
            or time.value.endswith("_REF")
        ):
            continue
        if len(time.value) >= 10 and "/" not in time.value:
            near = min(abs(time.evidence.start - end), abs(start - time.evidence.end))
            if not (latest and time.earliest > latest and len(latest) == 10) and (day is None or near < day[0]):
                day = (near, time)
        elif scope is None and _narrows(text, start, end, time):
            scope = time.value
    place = re.match(r" (?:in|on|at|near) ((?:the )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)", text[end : end + 60])
    if place and not any(time.evidence.start < end + place.end() and end < time.evidence.end for time in times):
        scope = scope or place[1]
    return (Interval(day[1].earliest, day[1].latest) if day else None), scope


def _narrows(text: str, start: int, end: int, time: TimeExpression) -> bool:
    """A period beside the figure is its scope: "In 2012, 4,500 were killed", "killed so far this year"."""
    if time.evidence.end <= start:
        return bool(_PERIOD_BEFORE.fullmatch(text[time.evidence.end : start])) and start - time.evidence.end < 40
    between = text[end : time.evidence.start]
    return time.evidence.start >= end and bool(_PERIOD_AFTER.fullmatch(between)) and not _FINITE.search(between)
