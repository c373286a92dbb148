"""Durations ("nearly two years", "half an hour"), rates and sets ("every day", "twice a week").

Invariant: a duration's value is a pure function of its words. This module must not know anchors,
except that "the past 24 hours" ends at publication.
"""

from __future__ import annotations

import re

from storyledger.language import WEEKDAYS

from .deictic import counted_date, unit_of
from .draft import Draft, Rule, compile_rule, read_amount
from .lexicon import AMOUNT, CALENDAR_UNIT, SMALL_NUMBER, UNIT_WORD, UNITS, VAGUE_AMOUNT, WEEKDAY
from .scene import Scene, tense_around
from .timex import duration_value, shift_days

_MORE = (
    r"(?P<mod>(?:nearly|almost|close to|less than|fewer than|under|more than|over|at least|at most|up to|"
    r"no more than|no less than|just|only|just over|just under|well over|a little over) )?"
)
_AGE_AFTER = re.compile(r"[ -]olds?\b|\s+of age\b")
_LESS = ("nearly", "almost", "close to", "less than", "fewer than", "under", "just under")
_GREATER = ("more than", "over", "just over", "well over", "a little over")


def _mod(words: str | None) -> str | None:
    word = re.sub(r"\s+", " ", (words or "").lower()).strip()
    return "LESS_THAN" if word in _LESS else "MORE_THAN" if word in _GREATER else None


def _duration(match: re.Match[str], scene: Scene) -> Draft | None:
    amount = read_amount(match["n"])
    text = scene.text
    if amount is None or _AGE_AFTER.match(text[match.end() : match.end() + 8]) or _is_other(match, text):
        return None
    letter, clock = unit_of(match["unit"])
    if match["unit"].lower().startswith("fortnight"):
        amount *= 2
    if letter == "M" and clock is False and match["unit"].lower().startswith("min"):
        return None
    value = duration_value(amount, letter, clock=clock)
    more = match.groupdict().get("n2")
    if more and (finer := read_amount(more)) is not None:
        value = _join(value, _value_of(finer, match["unit2"]))
    return Draft(value, "DURATION", 0.88, mod=_mod(match.groupdict().get("mod")))


def _value_of(amount: float, unit: str) -> str:
    letter, clock = unit_of(unit)
    return duration_value(amount, letter, clock=clock)


def _join(value: str, finer: str) -> str:
    """P2Y + P6M is P2Y6M; PT2H + PT40M is PT2H40M."""
    if "T" in value and finer.startswith("PT"):
        return value + finer[2:]
    return value + finer[1:]


def _is_other(match: re.Match[str], text: str) -> bool:
    """An ordinal use of a unit: "the second time", "a second man", "one day", "a day" as a rate, "a minute"."""
    words = match["n"].lower()
    unit = match["unit"].lower()
    if unit == "second" and words == "a":
        return True
    if words == "one" and unit in ("day", "night"):
        return True
    after = text[match.end() : match.end() + 12]
    if re.match(r"['’]s? ", after) and words in ("a", "an"):
        return False
    if unit == "quarter" and re.match(r" of ", after):
        return True
    return bool(re.match(r"\s+(?:ago|earlier|later)\b", after))


def _whole_unit(match: re.Match[str], _scene: Scene) -> Draft | None:
    """All day, the whole week, another month."""
    return Draft(_value_of(1.0, match["unit"]), "DURATION", 0.75)


def _in_future(match: re.Match[str], scene: Scene) -> Draft | None:
    """Such as "Will resign in two weeks": a date, where the clause tells of the future and nothing is measured."""
    amount = read_amount(match["n"])
    if amount is None or scene.published is None or tense_around(scene, match.start(), match.end()) != "future":
        return None
    return counted_date(scene.published[1], amount, match["unit"])


def _vague(match: re.Match[str], scene: Scene) -> Draft | None:
    """Years, many years, several weeks: a duration of no number."""
    letter, clock = unit_of(match["unit"])
    before = scene.text[max(0, match.start() - 24) : match.start()]
    bare = not match["n"]
    if bare and re.search(
        r"\b(?:the|his|her|their|its|our|my|these|those|\w*day|\d|of|in|light|teen\w*|early|recent)[ -]+$",
        before,
        re.IGNORECASE,
    ):
        return None
    if bare and not re.search(
        (
            r"\b(?:for|after|spent|took|takes?|taken|last(?:ed|ing)?|be|by|within|until|and|following|with|over|"
            r"requires?|need(?:s|ed)?|despite|through) $"
        ),
        before,
        re.IGNORECASE,
    ):
        return None
    if match["unit"].lower() in ("seconds", "minutes") and bare:
        return None
    return Draft(f"P{'T' if clock else ''}X{letter}", "DURATION", 0.7)


def _past_amount(match: re.Match[str], scene: Scene) -> Draft | None:
    """The past 24 hours, the next five years: a duration that ends or begins at publication."""
    amount = read_amount(match["n"])
    letter, clock = unit_of(match["unit"])
    if amount is None:
        return Draft(f"P{'T' if clock else ''}X{letter}", "DURATION", 0.6)
    value = duration_value(amount, letter, clock=clock)
    today = scene.today
    width = {"D": 1, "W": 7, "M": 30.4, "Y": 365.25, "DE": 3652.5, "H": 1 / 24}.get(
        letter if not clock or letter == "H" else "", 0
    )
    if today is None or not width:
        return Draft(value, "DURATION", 0.85)
    ahead = match["rel"].lower() in ("next", "coming", "following")
    other = shift_days(today, round(amount * width) * (1 if ahead else -1))
    days = None if other is None else ((today, other) if ahead else (other, today))
    return Draft(value, "DURATION", 0.85, days, anchor="publication")


def _long(match: re.Match[str], scene: Scene) -> Draft | None:
    if re.search(
        r"\b(?:the|at|first|last|this|every|same|of)\s+$",
        scene.text[max(0, match.start() - 7) : match.start()],
        re.IGNORECASE,
    ):
        return None
    return Draft("PXX", "DURATION", 0.7)


_ADVERBS = {
    "daily": "P1D",
    "weekly": "P1W",
    "monthly": "P1M",
    "yearly": "P1Y",
    "annually": "P1Y",
    "hourly": "PT1H",
    "nightly": "P1D",
}
# A word behind "daily" that is no function word, as the noun of "daily briefings" is.
_NOUN_NEXT = re.compile(r" (?!(?:to|in|at|by|on|for|and|or|from|since|until|with|as|but|over|of)\b)[a-z]{3,}")
_ADVERBS |= {
    "quarterly": "P3M",
    "bi-weekly": "P2W",
    "biweekly": "P2W",
    "bi-monthly": "P2M",
    "fortnightly": "P2W",
}


def _set(match: re.Match[str], scene: Scene) -> Draft | None:
    groups = match.groupdict()
    if groups.get("d"):
        return Draft(f"XXXX-WXX-{WEEKDAYS[match['d'].lower()] + 1}", "SET", 0.85)
    if groups.get("adv"):
        # "the annual report", "nightly cuts": a kind of thing, no time of anything
        if match["adv"][0].isupper() or _NOUN_NEXT.match(scene.text, match.end()):
            return None
        return Draft(_ADVERBS[match["adv"].lower()], "SET", 0.6)
    if groups.get("part"):
        return Draft(
            {"morning": "TMO", "afternoon": "TAF", "evening": "TEV", "night": "TNI"}[match["part"].lower()], "SET", 0.8
        )
    amount = read_amount(groups.get("n") or "one")
    if groups.get("other"):
        amount = 2.0
    if amount is None:
        return None
    return Draft(_value_of(amount, match["unit"]), "SET", 0.85)


def _rate(match: re.Match[str], _scene: Scene) -> Draft:
    """Once a week: how often, not how long."""
    return Draft(_value_of(1.0, match["unit"]), "SET", 0.75)


_SINGLE_UNIT = "(?:" + "|".join(sorted(UNITS, key=len, reverse=True)) + ")"
RULES: list[Rule] = [
    compile_rule(
        rf"(?<=\bin\s)(?P<n>{AMOUNT}) (?P<unit>days?|weeks?|months?|years?)(?: time|['’] time)?(?=[.,;:?!”\"]|$)",
        _in_future,
    ),
    compile_rule(
        (
            r"(?:all|another|(?:the|a|an) (?:whole|entire|full)|for (?:whole|full)) (?P<unit>day|night|week|"
            r"month|year|hour|decade)(?! of the)"
        ),
        _whole_unit,
    ),
    compile_rule(rf"(?:once|twice) (?P<a>a|an|per) (?P<unit>{CALENDAR_UNIT})", _rate),
    compile_rule(
        (
            rf"{_MORE}(?P<n>{AMOUNT})(?: full| whole| straight| consecutive| long| short| more| further| solid)? "
            rf"?-?(?P<unit>{UNIT_WORD})(?:,? (?:and )?(?P<n2>{SMALL_NUMBER}) (?P<unit2>{UNIT_WORD}))?"
        ),
        _duration,
    ),
    compile_rule(rf"{_MORE}(?P<n>{AMOUNT})-(?P<unit>{UNIT_WORD})(?:-long)?", _duration),
    compile_rule(
        rf"(?P<n>{VAGUE_AMOUNT} )?(?P<unit>seconds|minutes|hours|days|weeks|months|years|decades|centuries)", _vague
    ),
    compile_rule(
        (
            rf"(?:the|this) (?P<rel>past|last|next|coming|previous|following|first|final) (?P<n>{AMOUNT}|few|"
            rf"several|many) (?P<unit>{UNIT_WORD})"
        ),
        _past_amount,
    ),
    compile_rule(r"(?:quite )?(?:some|a (?:very )?(?:long|short)|a little) (?:time|while)", _long),
    compile_rule(
        rf"(?:every|each)(?P<other> other| second)?(?: single)? (?:(?P<n>{SMALL_NUMBER}) )?(?P<unit>{_SINGLE_UNIT}s?)",
        _set,
    ),
    compile_rule(rf"(?:every|each) (?P<d>{WEEKDAY})", _set),
    compile_rule(r"(?:every|each) (?P<part>morning|afternoon|evening|night)", _set),
    compile_rule(rf"(?P<adv>{'|'.join(sorted(_ADVERBS, key=len, reverse=True))})", _set),
]
