"""Numbers that are no claims: parts of names, list and section numbers, scores, dates, definite groups.

Invariant: a pure function of the text around a number. This module must not know phrases.
"""

from __future__ import annotations

import re

from storyledger.language import load_words

from .numbers import Number
from .units import unit_words
from .words import Words

_BEFORE = re.compile(
    r"(?:\b(?:No|Nos|Article|Articles|Section|Chapter|Resolution|Group of|Category|Phase|Page|pp?|Part|"
    r"Volume|Flight|Highway|Route|"
    r"Channel|Room|Unit|Division|Brigade|Battalion|Camp|Area|Zone|Level|Type|Class|Apollo|Boeing|Airbus|"
    r"Order|Directive|Gate|Pier|Berth|"
    r"Tel|Phone|Fax|chapter|section|article|page|paragraph|Figure|Table|Day|Week|Game|Round|Formula|Windows|"
    r"Version|Model|Mark|Mk)\.?\s+|[#№]\s?|"
    r"\+|[A-Za-z]-|[A-Z]{2,}\s)$"
)
_STREET = re.compile(
    r"(?: [A-Z][\w’']+){1,3} (?:Street|St|Road|Avenue|Square|Lane|Boulevard)\b|-?(?:st|nd|rd|th|first|second|"
    r"third|fourth|fifth|sixth|seventh|eighth|ninth)\b"
)
# "a three-judge panel", "the 30-share index": the compound describes; a unit behind the hyphen is measured before this
_COMPOUND = re.compile(
    rf"-(?!(?:{'|'.join(map(re.escape, unit_words()))})s?\b|"
    r"per|nautical|cubic|square|odd|plus|strong|some|million|billion|thousand|hundred)[a-z]+",
    re.IGNORECASE,
)
_LIST = re.compile(r"(?:^|\n)\s*(?:\(\s*)?$")
_LIST_END = re.compile(r"\s*[.)]\s")
_CAPITAL_BEFORE = re.compile(r"(?<![.!?:”\"\n] )(?<![.!?\n])\b[A-Z][\w’'-]+ $")
# a capital before a number is its name ("the Type 45 destroyers") unless a preposition or a verb led to
# it, or it is a weekday
_NAMED_NUMBER = re.compile(
    r"\b(?:in|on|at|near|from|of|to|for|by|with|across|outside|inside|killed|injured|wounded|and|has|had|"
    r"have|sent|gave|paid|late|early|last|said|says|told)"
    r" (?:the )?(?:[A-Z][\w’'-]+ ){1,4}$|(?:day|January|February|March|April|May|June|July|August|September|"
    r"October|November|December) $"
)
_COMPARING = load_words(__package__, "lexicon.toml", "comparing")
_AFTER = re.compile(
    r"(?:st|nd|rd|th)\b|-\d{4}\b|\s*(?:°\s*[NSEW]\b|degrees? (?:north|south|east|west))|\s*-\s*\d|\s+(?:January|"
    r"February|March|April|May|June|July|August|September|October|November|December)\b"
)
# "the 787 Dreamliner": one thing by its number; "the 40 Iraqi soldiers" are counted.
_BEFORE_MODEL = re.compile(r"\b(?:the|a|an|its|their|new|latest|first)\s+$", re.IGNORECASE)
_MODEL = re.compile(r"\s[A-Z][a-z]+(?<!s)\b(?!\s+(?!was\b|is\b|has\b|does\b)[a-z]+(?:s|men|women|people|children)\b)")
_IDLE = re.compile(
    r"\s*-?\s*(?:of the (?:most|best|few|largest|biggest|main|worst)\b|another\b|more thing|things?\b|ways?\b|"
    r"sides?\b|reasons?\b|kinds?\b|types?\b|sorts?\b|thirds\b|fronts?\b|by one\b)"
)
_CLOCK_BEFORE = re.compile(r"\b(?:quarter|half|twenty|ten|five) (?:to|past) $|\bminutes (?:to|past) $", re.IGNORECASE)
_CLOCK_AFTER = re.compile(
    r" o['’]clock\b|(?: \w+)? in the (?:morning|afternoon|evening)\b| at night\b| (?:minutes )?(?:to|past) "
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|midnight|noon)\b",
    re.IGNORECASE,
)
_ONE_NOUNS = re.compile(
    r"\s+(?:\w+ )?(?:person|man|woman|child|boy|girl|soldier|civilian|officer|policeman|policewoman|gentleman|lady|"
    r"passenger|prisoner|body|in (?:two|three|four|five|six|seven|eight|nine|ten)|police|death|other)\b(?!['’]s?)"
)


# groups of digits behind a group that begins with nought ("0320 51 51 700") or behind a word of calling
_TELEPHONE = re.compile(
    r"(?:(?<![\d.,])\(?0\d{1,4}\)?[ -](?:\d{2,4}[ -])*|"
    r"\b(?:call|calling|phone|phoning|telephone|telephoning|dial|dialling|hotline|fax|tel)\b[:. ]+(?:on )?[\d ()-]*)$",
    re.IGNORECASE,
)


# an hour in four digits, behind a word of time and with nothing behind it that could be counted: "shortly after 1100"
_HOURS_BEFORE = re.compile(
    r"\b(?:at|after|before|by|until|till|around|about|since|from|between)\s+(?:(?:about|around|roughly|[01]\d[0-5]\d|"
    r"2[0-3][0-5]\d)\s+)?(?:(?:and|to)\s+)?$",
    re.IGNORECASE,
)
_HOUR = r"(?:[01]\d|2[0-3])[0-5]\d"
_HOURS = re.compile(rf"(?:between\s+|from\s+)?{_HOUR}(?:\s*(?:and|to|-|\u2013)\s*{_HOUR})?\Z", re.IGNORECASE)
_HOURS_AFTER = re.compile(
    r"\s*(?:[.,;:!?\"'\u201d\u2019)]|\Z|\n|(?:GMT|UTC|hours|hrs)\b|(?:local|UK) time\b|on (?:\d|[A-Z])|"
    r"(?:and|to) \d{4}\b)"
)
# the number that is dialled for help, as a name: "a 911 call", "rang 999"
_HELP = re.compile(
    r"(?<!\w)(?:911|999|112|000)(?=\s+(?:call|caller|operators?|dispatch\w*|recordings?|tapes?|emergency)\b)"
)


# "five articles -- 76, 77 and 88 -- were": three and more numbers behind what they name, with nothing behind them that
# could be counted
_ROW_CHARS = 60
_ROW = re.compile(
    r"\b(?![Aa]ges\b)(?:[A-Za-z]+[a-z]s|Nos?\.?)(?: ?(?:--|[-–—:]) ?|,? (?:numbers? )?)"
    r"(?P<row>\d{1,4}, (?:\d{1,4}, )*\d{1,4},? (?:and|or) \d{1,4})"
    r"(?=\s*(?:--|[-–—.,;:)!?]|\Z|(?:was|were|is|are|had|have|has|of|in|on|at|to|from|by|for)\b))"
)


def is_label(text: str, number: Number) -> bool:
    """Tell whether ``number`` names or orders something instead of counting it."""
    if number.words[:1].isdigit() and _TELEPHONE.search(text[max(0, number.start - 32) : number.start]):
        return True
    before, after = text[max(0, number.start - 24) : number.start], text[number.end : number.end + 40]
    if number.currency:
        return False
    if number.words.isdigit() and _is_in_row(text, number.start):
        return True
    if _HELP.match(text, number.start) or _is_hours(before, after, number):
        return True
    if _BEFORE.search(before) or _AFTER.match(after) or _is_clock(before, after, number):
        return True
    if _STREET.match(after) or _COMPOUND.match(after) or re.match(r"0\d", number.words):
        return True
    if _LIST.search(before) and _LIST_END.match(after):
        return True
    if number.words[:1].isdigit() and _BEFORE_MODEL.search(before) and _MODEL.match(after):
        return True
    capital = _find_capital(text, number.start)
    if (
        capital
        and _NAMED_NUMBER.search(text[max(0, number.start - 60) : number.start]) is None
        and number.words[:1].isdigit()
    ):
        return True
    if capital and not re.match(r"[ \xa0-][a-z%]|%", after):
        return not re.match(r"\s*(?:million|billion|km|%)", after) and number.words[:1].isdigit()
    return _is_idle(after, number)


def _is_in_row(text: str, start: int) -> bool:
    low = max(0, start - _ROW_CHARS)
    return any(m.start("row") <= start < m.end("row") for m in _ROW.finditer(text, low, start + _ROW_CHARS))


def _is_clock(before: str, after: str, number: Number) -> bool:
    """An hour of the day that no time expression took: "a quarter to ten", "by three in the afternoon"."""
    if number.value is None or number.value > 24:
        return False
    return bool(_CLOCK_BEFORE.search(before) or _CLOCK_AFTER.match(after))


def _is_hours(before: str, after: str, number: Number) -> bool:
    """An hour in four digits that no time expression took: "at about 1100", "between 1040 and 1050"."""
    led = number.words[:1].isalpha() or _HOURS_BEFORE.search(before) is not None
    return led and _HOURS.match(number.words) is not None and _HOURS_AFTER.match(after) is not None


def names_noun(words: Words, number: Number) -> bool:
    """Tell whether a bare number in digits names the noun before it: "flight 417", "pier 7", "release no. 31"."""
    if not number.words[:1].isdigit() or number.value is None or number.value >= 10_000:
        return False
    before = words.before(number.start, 1)
    if not before or words.text[before[-1].end : number.start].strip():
        return bool(re.search(r"\bno\.? $", words.text[max(0, number.start - 5) : number.start], re.IGNORECASE))
    return before[-1].upos in ("NOUN", "PROPN") and before[-1].lower not in _TOLD_BY


_TOLD_BY = load_words(__package__, "lexicon.toml", "told_by")


def _find_capital(text: str, start: int) -> bool:
    """Whether a capitalised word that opens no sentence and compares nothing stands right before."""
    found = _CAPITAL_BEFORE.search(text[max(0, start - 40) : start])
    if found is None or start - len(found[0]) == 0:
        return False
    return found[0].strip().lower() not in _COMPARING


def _is_idle(after: str, number: Number) -> bool:
    """Small numbers that tell no quantity: "one of them", "two sides"."""
    if number.value is None or number.value > 10 or number.fraction:
        return False
    if number.words == "one":
        return not _ONE_NOUNS.match(after)
    return number.value == 0 or bool(_IDLE.match(after))
