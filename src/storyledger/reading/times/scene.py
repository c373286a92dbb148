"""What a time expression is counted from: publication, the narrated time, and the tense around it.

Invariant: a scene only grows by dates that stand earlier in the text, so resolving in text order is
deterministic and linear. This module must not know the grammar of any expression.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from storyledger.language import MONTHS
from storyledger.reading.wordlists import word_set
from storyledger.types import Article, Reading

from .governors import Governors
from .timex import Days, interval_of, make_date


def _words(listed: str) -> list[str]:
    return listed.split()


Direction = Literal["past", "future"] | None
REVISION_DAYS = 2  # a later stamp is a template's, not a revision of the text (ferry pile: 5 days off)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence: its range of the text, and the number of the paragraph that it stands in."""

    start: int
    end: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Narrated:
    """A date that the text has named: its days, where, and whether it named the year itself."""

    days: Days
    start: int
    sentence: int
    paragraph: int
    explicit: bool
    value: str


@dataclass(slots=True)
class Scene:
    """The state of one article while its expressions are resolved in text order."""

    text: str
    published: Days | None
    revised: dt.date | None
    day_first: bool
    sentences: list[Stretch]
    narrated: list[Narrated] = field(default_factory=list)
    historic: bool = False
    lead: Narrated | None = None
    sentence: int = 0
    governors: Governors | None = None  # where there are trees
    choose: Callable[..., tuple[int, float]] | None = None  # a trainer's, that looks at what it is asked
    _told: dict[dt.date, int] = field(default_factory=dict)

    @property
    def today(self) -> dt.date | None:
        """The day of publication, where it is known to the day or nearly so."""
        if self.published is None or (self.published[1] - self.published[0]).days > 10:
            return None
        return self.published[1]

    @property
    def common_day(self) -> dt.date | None:
        """The day that was told oftenest so far, the earlier of two, where one was told twice."""
        told = max(self._told.values(), default=0)
        return min(day for day, count in self._told.items() if count == told) if told > 1 else None

    @property
    def here(self) -> Stretch:
        """The sentence that is being resolved."""
        return self.sentences[self.sentence]

    def note(self, days: Days | None, start: int, value: str, *, explicit: bool, dateline: bool) -> None:
        """Remember a resolved date as what later expressions may be counted from."""
        if days is None:
            return
        row = Narrated(days, start, self.sentence, self.here.paragraph, explicit, value)
        self.narrated.append(row)
        if days[0] == days[1]:
            self._told[days[0]] = self._told.get(days[0], 0) + 1
        if self.lead is None and days[0] == days[1] and not dateline:
            self.lead = row

    def before(self, *, paragraph: bool = False, width_days: int = 400) -> Narrated | None:
        """Return the nearest earlier date of the same sentence, or of the same paragraph, not wider than given."""
        for row in reversed(self.narrated[-8:]):
            if row.paragraph != self.here.paragraph or (not paragraph and row.sentence != self.sentence):
                return None
            if (row.days[1] - row.days[0]).days <= width_days:
                return row
        return None

    def narrated_day(self) -> dt.date | None:
        """Return the day that "the next day" and "six days earlier" count from."""
        row = self.before(width_days=0) or self.before(paragraph=True, width_days=0) or self.lead
        return row.days[0] if row else None

    def narrated_any(self) -> Narrated | None:
        """Return the nearest earlier date of any grain, at most two paragraphs back."""
        row = self.narrated[-1] if self.narrated else None
        return row if row and self.here.paragraph - row.paragraph <= 2 else None


def is_historic(text: str, published: Days | None) -> bool:
    """Tell whether most years that the text names lie over five before publication: a life, a history."""
    years = [int(y) for y in re.findall(r"(?<![\d.,$])(?:1[5-9]|20)\d\d(?![\d.,]\d)", text)]
    if published is None or len(years) < 6:
        return False
    return sum(y < published[0].year - 5 for y in years) >= 0.7 * len(years)


def publication_days(article: Article) -> Days | None:
    """Return the first and last day on which ``article`` may have been published."""
    first = interval_of(article.published_earliest or article.published or "")
    last = interval_of(article.published_latest or article.published or "")
    if first and last and first[0] <= last[1]:
        return first[0], last[1]
    return first or last


def revision_day(article: Article, published: Days | None) -> dt.date | None:
    """Return the day of a revision shortly after publication, if the page or its text states one."""
    stated = interval_of((article.modified or "")[:10])
    days = [stated[0] if stated else None, _correction_day(article.text, published)]
    return next((d for d in days if d and published and 0 < (d - published[1]).days <= REVISION_DAYS), None)


_CORRECTION = re.compile(
    r"\b(?:Correction|Updated?|Clarification|Editor['’]s note)\b[,:]?\s+(?:on\s+)?"
    r"(?:(?P<d>\d{1,2})\s+(?P<m>[A-Z][a-z]{2,8})|(?P<m2>[A-Z][a-z]{2,8})\s+(?P<d2>\d{1,2}))\b"
)


def _correction_day(text: str, published: Days | None) -> dt.date | None:
    """The day of a correction that the text itself dates ("Correction, 12 March: ...")."""
    found = _CORRECTION.search(text)
    month = MONTHS.get((found["m"] or found["m2"]).lower()) if found else None
    if found is None or month is None or published is None:
        return None
    return make_date(published[1].year, month, int(found["d"] or found["d2"]))


_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([./-])(\d{1,2})\2(?:19|20)?\d\d(?![\d/-])")
_WRITTEN = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_MONTH_DAY = re.compile(rf"\b{_WRITTEN} \d{{1,2}}\b(?! ?[:h])", re.IGNORECASE)
_DAY_MONTH = re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)? {_WRITTEN}\b", re.IGNORECASE)


def is_day_first(text: str) -> bool:
    """Tell whether the page writes 10/03 for 10 March.

    An impossible month among its numeric dates decides; then the dot as separator; then the order of
    its written dates; an undecided page is taken as month first, the layout of American outlets.
    """
    votes = 0
    for match in _NUMERIC.finditer(text):
        first, second = int(match[1]), int(match[3])
        votes += 100 * ((first > 12) - (second > 12)) + (2 if match[2] == "." else 0)
    if votes:
        return votes > 0
    return len(_DAY_MONTH.findall(text)) > len(_MONTH_DAY.findall(text))


# Titles and initials before which a full stop ends no sentence.
_NO_END = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Maj|Sgt|Capt|Cmdr|Adm|Sen|Rep|Gov|Rev|St|Prof|Hon|Jan|Feb|Mar|Apr|Jun|"
    r"Jul|Aug|Sept|Sep|"
    r"Oct|Nov|Dec|No|vs|Inc|Ltd|Co|Corp|Bros|approx|U\.S|U\.N|U\.K|[ap]\.m|[A-Z])\.)$"
)
_END = re.compile(r"[.!?]+[\"”’')\]]*(?=\s+[\"“‘'(\[]?[A-Z0-9])|\n\s*\n|\n(?=\s*[-*•])|(?<=[.!?\"”])\n")


def cut_sentences(article: Article, reading: Reading) -> list[Stretch]:
    """Return the sentences: the reader's where it has any, else cut at full stops and paragraph breaks."""
    text = article.text
    if reading.sentences:
        edges = [(s.start, s.end) for s in reading.sentences]
    else:
        edges, last = [], 0
        for match in _END.finditer(text):
            if not (match[0].startswith(".") and _NO_END.search(text, max(0, match.start() - 8), match.start() + 1)):
                edges.append((last, match.end()))
                last = match.end()
        edges.append((last, len(text)))
    return _number_paragraphs(text, [e for e in edges if e[0] < e[1]])


def _number_paragraphs(text: str, edges: list[tuple[int, int]]) -> list[Stretch]:
    stretches, paragraph, last = [], 0, 0
    for start, end in edges:
        paragraph += "\n" in text[last : start + 1] or (last > 0 and "\n" in text[last - 1 : last])
        stretches.append(Stretch(start, end, paragraph))
        last = len(text[:end].rstrip()) if end - start > 2_000 else start + len(text[start:end].rstrip())
    return stretches or [Stretch(0, len(text), 0)]


_WORD = re.compile(r"[A-Za-z]+(?:[’'](?:ll|d|s|re|ve|t))?|[;:]")
_FUTURE = word_set("tells_future")
_PAST = word_set("tells_past")
_SCHEDULED = word_set("scheduled")
_UP_TO = frozenset(_words("until till through by to"))
_PUT_OFF = word_set("put_off")
_OPENING = 3  # words of a sentence before an expression that opens it
_GOING = frozenset(_words("is are am was were due going set able ready"))


def tense_around(scene: Scene, start: int, end: int) -> Direction:
    """Return whether the clause of text[start:end] tells of the past or of the future.

    The nearest verb before the expression decides; for an expression that opens its sentence, the
    nearest behind it. A past participle under a future auxiliary is future ("will be sworn in").
    """
    here = scene.here
    told = [m[0] for m in _WORD.finditer(scene.text, max(here.start, start - 160), start)]
    before = ["" if word == "May" else word.lower() for word in told]
    if before and before[-1] in _UP_TO and _reaches_ahead(before[:-1]):
        return "future"
    found = _nearest_tense(before)
    if found:
        return found
    if len(before) > _OPENING:
        return None  # it hangs on a noun ("its account of 13 October will please nobody")
    after = [m[0].lower() for m in _WORD.finditer(scene.text, end, min(here.end, end + 120))]
    return next((sign for i in range(len(after)) if (sign := _tense_at(after, i))), None)


def _reaches_ahead(words: list[str]) -> bool:
    """Whether what lasts "until" a day is put off, or told in the present: not "was held until Monday"."""
    near = words[-8:]
    return bool(_PUT_OFF.intersection(near)) or not any(_tense_at(near, i) == "past" for i in range(len(near)))


def _nearest_tense(words: list[str]) -> Direction:
    for i in range(len(words) - 1, max(-1, len(words) - 15), -1):
        if words[i] == ";":
            return None
        if sign := _tense_at(words, i):
            return sign
    return None


def _tense_at(words: list[str], i: int) -> Direction:
    word = words[i]
    if word in _FUTURE or word.endswith(("'ll", "’ll")):
        return "future"
    if word in _SCHEDULED and (i == 0 or words[i - 1] not in _NO_VERB_AFTER):
        return "future"
    if word == "to" and i and words[i - 1] in _GOING and i + 1 < len(words):
        return "future"
    if word in _PAST or (word.endswith("ed") and len(word) > 4):
        return "future" if _under_future(words, i) else "past"
    return None


_NO_VERB_AFTER = frozenset(_words("the a an this that his her its their of in on at for from by with to did not"))


def _under_future(words: list[str], i: int) -> bool:
    for j in range(i - 1, max(-1, i - 4), -1):
        if words[j] in ("will", "would", "shall", "may", "might", "could", "should") or words[j].endswith(
            ("’ll", "'ll")
        ):
            return True
        if words[j] == "to" and words[i] != "said":
            return True
    return False


def list_verb_cues(
    scene: Scene, start: int, end: int, most: int
) -> tuple[list[tuple[str, tuple[str, ...]]], list[tuple[str, tuple[str, ...]]]]:
    """Return up to ``most`` words of the sentence before text[start:end] and behind it, with what each tells.

    Words are lower case; cues are "plan", "off" (put off or closed), "fixture" (said in the present of things to
    come), "past", "had", "will" (or "is to"), "was to", "to" (before another infinitive).
    """
    here = scene.here
    before = [m[0].lower() for m in _WORD.finditer(scene.text, max(here.start, start - 120), start)][-most:]
    after = [m[0].lower() for m in _WORD.finditer(scene.text, end, min(here.end, end + 120))][:most]
    return [(w, _cues(before, i)) for i, w in enumerate(before)], [(w, _cues(after, i)) for i, w in enumerate(after)]


_WILL = frozenset(_words("will would shall won't"))


def _cues(words: list[str], at: int) -> tuple[str, ...]:
    word = words[at]
    found = ["had"] if word == "had" else []
    if word in _WILL or word.endswith(("'ll", "’ll")):
        found.append("will")
    elif word in _FUTURE:
        found.append("plan")
    if word in _PUT_OFF:
        found.append("off")
    if word in _SCHEDULED and (at == 0 or words[at - 1] not in _NO_VERB_AFTER):
        found.append("fixture")
    if word == "to" and at and words[at - 1] in ("is", "are", "was", "were"):
        found.append("will" if words[at - 1] in ("is", "are") else "was to")
    elif word == "to" and at + 1 < len(words) and words[at + 1] not in _NO_VERB_AFTER:
        found.append("to")
    if not found and (word in _PAST or (word.endswith("ed") and len(word) > 4)):
        found.append("past")
    return tuple(found)
