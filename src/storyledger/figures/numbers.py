"""Numbers as they are written: digits, words, scales, vague words, fractions and ranges.

Invariant: ``iter_numbers`` yields non-overlapping numbers in text order and is one pass over the text.
A vague number has the smallest value that its word allows ("dozens" 24, "hundreds" 200). This module
must not know what is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


def _words(listed: str) -> list[str]:
    return listed.split()


LARGEST = 1e18  # no count in news is larger; a run of digits that is, is a code, and beyond 1e308 no float at all
_ONES = dict(
    zip(
        _words(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        ),
        range(20),
        strict=True,
    )
)
_TENS = dict(zip(_words("twenty thirty forty fifty sixty seventy eighty ninety"), range(20, 100, 10), strict=True))
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}
_SCALES |= {"lakh": 1e5, "crore": 1e7}
_SUFFIXES = {
    "m": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "bn": 1e9,
    "tn": 1e12,
    "k": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
_SUFFIXES |= {"thousand": 1e3, "hundred": 1e2, "dozen": 12.0, "lakh": 1e5, "crore": 1e7, "lakh crore": 1e12}
_SIGNED_PARTS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_VAGUE = {
    "dozens": 24.0,
    "scores": 40.0,
    "hundreds": 200.0,
    "thousands": 1000.0,
    "millions": 1e6,
    "billions": 1e9,
    "trillions": 1e12,
}
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
_FRACTIONS |= {"eighth": 8, "ninth": 9, "tenth": 10}

_UNIT_WORDS = "|".join(sorted([*_ONES, *_TENS], key=len, reverse=True))
_SCALE_WORDS = "|".join(sorted(_SCALES, key=len, reverse=True))
_AND_HALF = r"(?: and a (?:half|quarter)(?: (?:hundred|thousand|million|billion|trillion|lakh|crore)\b)?)"
_POINT = rf"(?:{_UNIT_WORDS}) point (?:{_UNIT_WORDS})(?: (?:{_UNIT_WORDS}))?(?: (?:{_SCALE_WORDS}))?"
_PARTS_OF = r"(?:(?:a|three) )?quarters? of a (?:million|billion|thousand)"
_SPELLED = (
    rf"(?:{_POINT}|{_PARTS_OF}|"
    rf"(?:(?:{_UNIT_WORDS})(?:[- ](?:{_UNIT_WORDS}))?(?:[- ](?:{_SCALE_WORDS})(?:(?:,? | and )"
    rf"(?:{_UNIT_WORDS})(?:[- ](?:{_UNIT_WORDS}))?"
    rf"(?:[- ](?:{_SCALE_WORDS}))?)*)*|(?:an? |half an? |half )(?:{_SCALE_WORDS})(?: (?:{_SCALE_WORDS}))*"
    rf"(?:,? and (?:{_UNIT_WORDS})(?:[- ](?:{_UNIT_WORDS}))?(?:[- ](?:{_SCALE_WORDS}))?)?){_AND_HALF}?)"
)
_DIGITS = (
    r"(?:\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?:,\d{3})+|\d{1,3}(?:[\xa0\u2009\u202f ]\d{3})+(?!\d)|\d+)(?:\.\d+)?"
    r"[½¼¾]?(?:(?:[ \n\xa0-])?(?:million|billion|trillion|thousand|hundred|lakh crore|lakh|crore)\b|"
    r"[ \xa0]?(?:bn|mn|mln|tn)\b|[mk](?!\w))?"
    rf"{_AND_HALF}?"
)
_VAGUE_FORM = (
    r"(?:(?:several|many|some|a few) )?(?:tens|dozens|scores|hundreds|thousands|millions|billions|trillions)"
    r"(?: of (?:thousands?|millions?|billions?))?(?: and (?:thousands|hundreds))?"
    r"|(?:several|a few|a couple of|a couple)(?: (?:hundred|thousand|million|billion|dozen))?"
    r"|half a dozen|a dozen|a handful of|a score of"
)
_FRACTION_FORM = (
    r"(?:(?:one|two|three|four|five|nine|a)[- ]"
    r"(?:third|quarter|fifth|sixth|seventh|eighth|ninth|tenth|half)s?|halves|half)"
    r"(?= (?:of|the|its|their|his|her|all)\b)(?! of an? (?:million|billion|thousand))"
    r"|(?:one|two|three|four|five|six|seven|eight|nine)[- ](?:in|out of)[- ](?:every )?(?:two|three|four|"
    r"five|six|seven|eight|nine|ten|\d+)(?= \w+s\b| people)"
)
_CURRENCY = r"(?:(?:US|A|C|NZ|HK|S|AU|CA)?\$|[€£¥₹₽₺₪₤]|(?:USD|EUR|GBP|IQD|Rs\.?|CHF) ?)"
_ATOM = rf"(?:{_CURRENCY} ?)?(?:{_DIGITS}|{_SPELLED})"
_BLANK = r"[ \xa0\n]"
_FORM = (
    rf"(?<![\w.,/:’'$€£+-])(?:(?P<fraction>{_FRACTION_FORM})|(?P<vague>{_VAGUE_FORM})|"
    rf"(?P<between>between )?(?P<a>{_ATOM})(?:(?P<link> ?[-–—] ?| to | and | or )(?P<b>{_ATOM}))?)"
    r"(?:(?=(?:km|kms|m|ft|kg|mph|kph|pc)(?!\w))|(?![\w$€£]|[:/]\d|\.\d|,\d{3}))"
)
# "from 25 to 26.5 percent" and "by nine to 27" tell two figures
_FROM = re.compile(r"\b(?:from|by) $", re.IGNORECASE)
MOST_SPREAD = 5  # "fell by 1.8 billion to 58.6 billion" is no range
_NUMBER = re.compile(re.sub(r"\[[^]]*\]| ", lambda m: _BLANK if m[0] == " " else m[0], _FORM), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the text: ``value``, or ``low`` and ``high`` of a range; ``currency`` as its sign."""

    start: int
    end: int
    value: float | None
    low: float | None = None
    high: float | None = None
    vague: bool = False
    fraction: bool = False
    currency: str | None = None
    words: str = ""


def iter_numbers(text: str) -> Iterator[Number]:
    """Yield the numbers of ``text`` in order; the "between" of a range is part of it."""
    place = 0
    while match := _NUMBER.search(text, place):
        number = _read_match(match)
        place = number.end if number else match.end()
        if number:
            yield number


def _read_match(match: re.Match[str]) -> Number | None:
    words = re.sub(r"\s+", " ", match[0].lower().replace("\xa0", " "))
    if match["fraction"]:
        share = _read_fraction(words)
        return Number(*match.span(), share, fraction=True, words=words) if share else None
    if match["vague"]:
        return Number(
            *match.span(),
            _read_vague(words),
            vague=not words.endswith("dozen") or words.startswith(("several", "a few")),
            words=words,
        )
    return _read_range(match) or _read_single(match)


def _read_range(match: re.Match[str]) -> Number | None:
    """A range only where it rises, and "and" or "to" join one: "between 5 and 7", "two to three"."""
    if not match["b"]:
        return None
    link, led = match["link"].strip(), (match["between"] or "").strip().lower()
    low, high = read_value(match["a"]), read_value(match["b"])
    if low is None or high is None or (link == "and" and led != "between"):
        return None
    scale = _trailing_scale(match["b"])
    if scale and not _trailing_scale(match["a"]) and low < scale:  # "two or three hundred" begins at 200
        low *= scale
    if (
        not low < high
        or (link == "or" and high > 3 * low)
        or (not led and high > MOST_SPREAD * low)
        or _FROM.search(match.string[: match.start()][-6:])
        or (link in "-–—" and not _plain_range(match))
    ):
        return None
    currency = _currency(match["a"]) or _currency(match["b"])
    return Number(*match.span(), None, low, high, currency=currency, words=match[0].lower())


def _plain_range(match: re.Match[str]) -> bool:
    """Not a score, a telephone number or a model number: "2-1" falls anyway, "555-1234" is no range."""
    if re.fullmatch(r"\d{3}", match["a"]) and re.fullmatch(r"\d{4}", match["b"]):
        return False
    return not (match["b"].isdigit() and len(match["b"]) > len(match["a"]) + 1)


def _read_single(match: re.Match[str]) -> Number | None:
    value = read_value(match["a"])
    start, end = match.span("a")
    if value is None:
        return None
    return Number(start, end, value, currency=_currency(match["a"]), words=match["a"].lower())


def _currency(words: str) -> str | None:
    found = re.match(_CURRENCY, words, re.IGNORECASE)
    return found[0].strip() if found else None


def _trailing_scale(words: str) -> float | None:
    found = re.search(r"([a-z]+)$", words.lower())
    return _SUFFIXES.get(found[1]) if found else None


def read_value(words: str) -> float | None:
    """Return the number that ``words`` write ("1.2 million", "half a million", "twenty-one"), or None."""
    value = _read_words(words)
    return value if value is not None and value <= LARGEST else None


def _read_words(words: str) -> float | None:
    text = re.sub(rf"\A\s*{_CURRENCY}", "", words, flags=re.IGNORECASE)  # "Rs" also ends "quarters"
    text = re.sub(r"[\s\xa0-]+", " ", text.lower()).strip()
    if found := re.fullmatch(r"(.+) and a (half|quarter)(?: ([a-z]+))?", text):
        whole, part = read_value(found[1]), 0.5 if found[2] == "half" else 0.25
        return None if whole is None else (whole + part) * _SCALES.get(found[3] or "", 1.0)
    if found := re.fullmatch(r"(?:(a|three) )?quarters? of an? (\w+)", text):
        return (0.75 if found[1] == "three" else 0.25) * _SCALES[found[2]]
    if " point " in text:
        return _read_pointed(text)
    text = re.sub(r"(?<=\d) (?=\d{3}\b)", "", text)
    text = re.sub(r"(\d+)?([½¼¾])", lambda m: f"{int(m[1] or 0) + _SIGNED_PARTS[m[2]]}", text)
    if found := re.fullmatch(r"([\d,]*\.?\d+) ?([a-z]+(?: crore)?)?", text):
        scale = _SUFFIXES.get(found[2] or "", None if found[2] else 1.0)
        return None if scale is None else round(float(found[1].replace(",", "")) * scale, 6)
    return _read_spelled(text.replace(",", " ").split())


def _read_pointed(text: str) -> float | None:
    """Such as "two point four million": each word behind the point is a digit."""
    before, after = text.split(" point ", 1)
    words = after.split()
    scale = _SCALES.get(words[-1], 1.0)
    digits = [_ONES.get(w) for w in words if w not in _SCALES]
    whole = _read_spelled(before.split())
    if whole is None or not digits or any(d is None or d > 9 for d in digits):
        return None
    return round(float(f"{whole:.0f}." + "".join(str(d) for d in digits)) * scale, 6)


def _read_spelled(words: list[str]) -> float | None:
    total = current = 0.0
    for i, word in enumerate(words):
        if word in ("and", "a", "an"):
            current = current or (1.0 if word != "and" and i == 0 else current)
        elif word == "half":
            current = 0.5
        elif word in _ONES or word in _TENS:
            current += _ONES.get(word, 0) + _TENS.get(word, 0)
        elif word in _SCALES and word not in ("hundred", "dozen"):
            total, current = total + (current or 1.0) * _SCALES[word], 0.0
        elif word in _SCALES:
            current = (current or 1.0) * _SCALES[word]
        else:
            return None
    return total + current


def _read_vague(words: str) -> float:
    exact = {"a dozen": 12.0, "half a dozen": 6.0, "a couple": 2.0, "a couple of": 2.0, "several": 3.0, "a few": 3.0}
    exact |= {"a handful of": 3.0, "a score of": 20.0}
    if words in exact:
        return exact[words]
    if found := re.fullmatch(r"(?:several|a few|a couple of|a couple) (hundred|thousand|million|billion|dozen)", words):
        return (3.0 if words.startswith("several") else 2.0) * _SCALES[found[1]]
    words = re.sub(r"\b(thousand|million|billion)\b", r"\1s", words)
    parts = re.findall(r"tens|dozens|scores|hundreds|thousands|millions|billions|trillions", words)
    if len(parts) == 2 and " of " in words:
        factor = {"tens": 20.0, "dozens": 24.0, "scores": 40.0, "hundreds": 200.0, "thousands": 1000.0}.get(
            parts[0], 1.0
        )
        return factor * {"thousands": 1e3, "millions": 1e6, "billions": 1e9}.get(parts[1], 1.0)
    return _VAGUE.get(parts[0], 20.0)


def _read_fraction(words: str) -> float | None:
    if found := re.fullmatch(r"(\w+)[- ](?:in|out of)[- ](?:every )?(\w+)", words):
        a, b = read_value(found[1]), read_value(found[2])
        return round(100 * a / b, 1) if a and b and a <= b else None
    if words in ("half", "halves"):
        return 50.0
    upper, lower = re.split(r"[- ]", words)[:2]
    whole = _FRACTIONS.get(lower.rstrip("s"), _FRACTIONS.get(lower))
    count = 1 if upper == "a" else _ONES.get(upper)
    return round(100 * count / whole, 1) if count and whole and count < whole else None
