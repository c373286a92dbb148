"""What a sentence fills in: numbers, days, names, with the words around each; and whether it affirms.

Two sentences that tell the same are compared slot by slot. Invariant: a slot's key is the same for two
ways to write one thing ("12" and "twelve", "5 March" and "March 5"). This module must not know where a
sentence comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storyledger.caching import keep_answers
from storyledger.compare.words import Word, cue_set, find_words
from storyledger.language import MONTHS
from storyledger.nations import find_capital, find_country, find_demonym

CONTEXT_WORDS = 4
_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
_MONTH = re.compile(rf"\b(?:{'|'.join(name.capitalize() for name in MONTHS)})\b\.?")
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NAME = re.compile(r"\b(?:[A-Z]\.)+|\b[A-Z][\w’'-]*(?: (?:of the |of |al-|bin |de |van |von |el-)?[A-Z][\w’'-]*)*")
_SAYING = re.compile(
    r"\b(?:said|says|told|added|stated|wrote|announced|claimed|warned|insisted|argued|according|denied|accused)\b"
)


_HEDGES = tuple(
    (name, re.compile(rf"\b(?:{words})\s+$", re.IGNORECASE))
    for name, words in (
        ("over", "more than|over|at least|above|no fewer than|in excess of"),
        ("under", "nearly|almost|under|less than|fewer than|up to|at most|no more than|close to"),
        ("about", "about|around|some|roughly|approximately|an estimated|estimated"),
    )
)
ROUNDED = 0.25  # a hedged number within a quarter of the other is that number rounded, not another one


@dataclass(frozen=True, slots=True)
class Slot:
    """Something a sentence fills in, at ``[start, end)`` of the text, with the stems around it."""

    kind: str  # number | date | name
    key: str
    start: int
    end: int
    context: frozenset[str]
    speaks: bool = False  # a name beside a verb of saying
    hedge: str = ""  # of a number: over | under | about


def find_slots(text: str, names: Sequence[tuple[int, int]] | None = None) -> tuple[Slot, ...]:
    """Return the slots of a sentence in text order.

    Args:
        text: one sentence.
        names: where names stand, as a reader marked them; without it, by their capitals.
    """
    words = find_words(text)
    dates = _find_dates(text, words)
    taken = [(s.start, s.end) for s in dates]
    numbers = [s for s in _find_numbers(text, words) if not _overlaps(s, taken)]
    marked = _find_names(text, words, names)
    return tuple(sorted([*dates, *numbers, *(n for n in marked if not _overlaps(n, taken))], key=lambda s: s.start))


def _overlaps(slot: Slot, taken: Iterable[tuple[int, int]]) -> bool:
    return any(slot.start < end and start < slot.end for start, end in taken)


def _context(words: Sequence[Word], start: int, end: int) -> frozenset[str]:
    """Return the content stems of the few words before and after ``[start, end)``."""
    stop = cue_set("stop")
    before = [w.stem for w in words if w.end <= start and w.lower not in stop and w.stem.isalpha()]
    after = [w.stem for w in words if w.start >= end and w.lower not in stop and w.stem.isalpha()]
    return frozenset(before[-CONTEXT_WORDS:] + after[:CONTEXT_WORDS])


def _find_dates(text: str, words: Sequence[Word]) -> list[Slot]:
    found = []
    for match in _MONTH.finditer(text):
        if match.group() == "May" and not re.search(
            r"\d\s*$|^\s*\d|\bin $", text[: match.start()] + text[match.end() :][:3]
        ):
            continue
        day = re.match(r"\s(\d{1,2})(?:st|nd|rd|th)?\b(?!,?\d)", text[match.end() :])
        day_before = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?(?: of)? $", text[: match.start()])
        start = day_before.start() if day_before and not day else match.start()
        end = match.end() + (day.end() if day else 0)
        number = (day or day_before).group(1) if day or day_before else ""  # type: ignore[union-attr]
        month = MONTHS[match.group().rstrip(".").lower()]
        found.append(Slot("date", f"month {month}", match.start(), match.end(), _context(words, start, end)))
        if number:
            at = text.find(number, start)
            found.append(Slot("date", f"day {int(number)}", at, at + len(number), _context(words, start, end)))
    for pattern, label in ((_WEEKDAY, "weekday"), (_YEAR, "year")):
        for match in pattern.finditer(text):
            context = _context(words, match.start(), match.end())
            found.append(Slot("date", f"{label} {match.group().lower()}", match.start(), match.end(), context))
    return found


def _find_numbers(text: str, words: Sequence[Word]) -> list[Slot]:
    found, number = [], 0
    while number < len(words):
        last, value = _read_number(words, number)
        if value is None:
            number += 1
            continue
        start, end = words[number].start, words[last - 1].end
        hedge = next((name for name, pattern in _HEDGES if pattern.search(text[max(0, start - 16) : start])), "")
        found.append(Slot("number", f"{value:.12g}", start, end, _context(words, start, end), hedge=hedge))
        number = last
    return found


def _read_number(words: Sequence[Word], first: int) -> tuple[int, float | None]:
    """Return the value of the number that starts at word ``first`` and the word after it."""
    total, current, at = 0.0, None, first
    while at < len(words):
        lower = words[at].lower
        part = _number_of(lower)
        if part is not None and (
            current is None or (part < 10 <= current < 100 and current % 10 == 0 and lower.isalpha())
        ):
            current = part if current is None else current + part
        elif lower in _SCALES and (
            current is not None or lower in ("dozen", "hundred", "thousand", "million", "billion")
        ):
            current = (current if current is not None else 1) * _SCALES[lower]
            if _SCALES[lower] >= 1000:
                total, current = total + current, 0.0
        elif lower == "and" and current is not None and at > first and words[at - 1].lower == "hundred":
            pass
        else:
            break
        at += 1
    if current is None or words[first].lower == "one":
        return first + 1, None  # "one" is mostly no number
    return at, total + current


def _number_of(lower: str) -> float | None:
    if lower[0].isdigit():
        digits = lower.replace(",", "").rstrip(".:")
        return float(digits) if re.fullmatch(r"\d+(?:\.\d+)?", digits) else None
    return _UNITS.get(lower)


def _find_names(text: str, words: Sequence[Word], names: Sequence[tuple[int, int]] | None) -> list[Slot]:
    spans = names if names is not None else [m.span() for m in _NAME.finditer(text)]
    found = []
    for start, end in spans:
        key = _key_of(text[start:end])
        opens = not text[:start].strip("“\"'‘ ")
        if not key or (names is None and opens and key in cue_set("stop") | cue_set("openers")):
            continue
        if key.split()[0] in (
            "january",
            "february",
            "march",
            "april",
            "june",
            "july",
            "august",
            "september",
            "october",
        ):
            continue
        around = text[max(0, start - 18) : end + 40]
        found.append(Slot("name", key, start, end, _context(words, start, end), bool(_SAYING.search(around))))
    return found


def same_number(a: Slot, b: Slot) -> bool:
    """Return whether two numbers may be one: equal, or one of them hedged and near, on the side it says."""
    x, y = float(a.key), float(b.key)
    if x == y:
        return True
    near = abs(x - y) <= ROUNDED * max(abs(x), abs(y))
    return near and any(_covers(hedge, one, two) for hedge, one, two in ((a.hedge, x, y), (b.hedge, y, x)))


def _covers(hedge: str, bound: float, value: float) -> bool:
    return hedge == "about" or (hedge == "over" and value >= bound) or (hedge == "under" and value <= bound)


def _key_of(name: str) -> str:
    """Return a name in lower case, without full stops, articles and possessive endings."""
    words = name.replace(".", "").replace("’", "'").lower().split()
    return " ".join(w.removesuffix("'s") for w in words if w not in ("the", "a", "an"))


def same_name(a: str, b: str) -> bool:
    """Return whether two name keys may be one name: one's words within the other's, initials, a demonym."""
    one, two = _without_titles(a), _without_titles(b)
    if not one or not two:
        return False
    first, second = _country_of(a), _country_of(b)
    if first is not None and first == second:
        return True
    if set(one) <= set(two) or set(two) <= set(one) or one[-1] == two[-1]:
        return True
    short, long = sorted((one, two), key=len)
    if len(short) == 1 and len(long) > 1 and short[0].replace(".", "") == "".join(w[0] for w in long):
        return True
    x, y = one[-1], two[-1]
    return len(one) == len(two) == 1 and len(x) >= 4 and len(y) >= 4 and x[:4] == y[:4]


@keep_answers(4096)
def _country_of(key: str) -> str | None:
    """Return which country a name key names, by its name, its seat or what is of it; None for other names."""
    bare = key.replace(".", "")
    return find_country(bare) or find_capital(bare) or find_demonym(bare.capitalize())


def is_country(word: str) -> bool:
    """Return whether a word in lower case names a country, what is of it, or its seat."""
    return _country_of(word) is not None


def _without_titles(key: str) -> list[str]:
    """Return the words of a name key; if all of them are titles, all of them."""
    words = key.split()
    bare = [w for w in words if w not in cue_set("titles")]
    return bare or words
