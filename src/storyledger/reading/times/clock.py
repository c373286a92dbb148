"""Times of day: "6 a.m.", "21:10 on Friday", "half past one", "noon", "at nightfall", "the night of 12 September".

Invariant: a time of day has its day wherever the page gives one: its own words, else its sentence, else what was told
before it in the paragraph, else the likeliest (``placing.py``). This module must not know how dates are written.
"""

from __future__ import annotations

import datetime as dt
import re

from storyledger.language import WEEKDAYS

from .absolute import DAY_OF_MONTH, MONTH_AND_DAY, place_written_day
from .deictic import place_weekday
from .draft import Draft, Rule, compile_rule
from .lexicon import CLOCK, DAY_PART, DAY_PARTS, ONES, ORDINAL, TENS, WEEKDAY, alternate
from .placing import place_clock, place_shifted
from .scene import Scene, tense_around
from .timex import shift_days

_FORM = re.compile(r"(?P<h>\d{1,2})(?:[:.]?(?P<m>\d\d))?(?::\d\d)?\s?(?P<half>[ap])?")
_ZONE = r"(?P<zone> ?(?:GMT|UTC|BST|EST|EDT|CET|CEST|PST|PDT|ET|local time))?"
_AFTER_NOON = frozenset({"TAF", "TEV", "TNI"})
_OFFSETS = {"today": 0, "yesterday": -1, "tomorrow": 1}
_TOLD_SURE = 0.7  # 68 of 96 times of day on the training stories are of the day that their paragraph told last
_SMALL_HOURS = 6  # "at two that night" is of the small hours, "at nine that night" is not
_WORKING_HOURS = range(1, 6)  # "at four", of which nothing tells the half of the day, is rather in the afternoon
_MINUTES = {"half": 30, "a quarter": 15, "quarter": 15, **ONES, **TENS, "twenty five": 25}
_ROUND = r"(?:half|a quarter|quarter|five|ten|twenty(?:[ -]five)?)"
# "two to three metres" is a range, "five to ten people" too: "to" counts minutes where they are named, in quarters, or
# after a word that asks for a time of day
_COUNTED = (
    rf"(?:(?={_ROUND} past\b)|(?=(?:a )?quarter to\b)|(?=[a-z-]+(?: [a-z]+)? minutes? (?:past|to)\b)"
    rf"|(?:(?<=\bat\x20)|(?<=\bby\x20)|(?<=\buntil\x20)|(?<=\btill\x20)|(?<=\bwas\x20))(?={_ROUND} to\b))"
)
_PAST = rf"{_COUNTED}(?P<min>{alternate(_MINUTES)})(?: minutes?)? (?P<past>past|to)"


def _clock(match: re.Match[str], scene: Scene) -> Draft | None:
    hour = _read_clock(match, scene)
    return _on_day(hour, match, scene) if hour is not None else None


def _read_clock(match: re.Match[str], scene: Scene) -> str | None:
    """Return "T06:15" of digits; None where they are a sum, a share or a length."""
    words = match["c"].lower()
    form = _FORM.match(words)
    if form is None or (
        "." in words
        and not form["half"]
        and not match.groupdict().get("hours")
        and not _names_zone(match)
        and not re.search(
            r"\b(?:at|by|until|from|before|after) $",
            scene.text[max(0, match.start() - 7) : match.start()],
            re.IGNORECASE,
        )
    ):
        return None
    if re.match(r"\s*(?:%|percent|per cent|million|billion|[a-z]*met)", scene.text[match.end() : match.end() + 10]):
        return None
    hour = int(form["h"])
    return _spell(hour, int(form["m"] or 0), _half_of(match, form["half"], hour))


def _names_zone(match: re.Match[str]) -> bool:
    """Whether a zone follows: "15.49 BST" is an hour, "15.49 et al." is not."""
    zone = (match.groupdict().get("zone") or "").strip()
    return zone.isupper() or zone.lower() == "local time"


def _half_of(match: re.Match[str], letter: str | None, hour: int) -> str | None:
    """Return "a" or "p" as the clock or the part of the day beside it says."""
    words = next((match[name] for name in ("part", "part2") if match.groupdict().get(name)), "")
    return letter or _half_of_part(DAY_PARTS.get(words.lower()), hour)


def _half_of_part(part: str | None, hour: int) -> str | None:
    if part is None:
        return None
    return "p" if part in _AFTER_NOON and not (part == "TNI" and hour % 12 < _SMALL_HOURS) else "a"


_PART_WORD = re.compile(rf"\b{DAY_PART}\b", re.IGNORECASE)


def _guess_half(match: re.Match[str], scene: Scene, hour: int) -> str:
    """Return the half of the day of an hour in words: as its sentence tells, else the working day's."""
    here = scene.here
    told = [(abs(m.start() - match.start()), m[0]) for m in _PART_WORD.finditer(scene.text, here.start, here.end)]
    half = _half_of_part(DAY_PARTS[min(told)[1].lower()], hour) if told else None
    return half or ("p" if hour in _WORKING_HOURS or hour == 12 else "a")


def _spell(hour: int, minute: int, half: str | None) -> str | None:
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"T{hour:02d}:{minute:02d}" if hour <= 24 and 0 <= minute < 60 else None


def _named(match: re.Match[str], scene: Scene) -> Draft | None:
    return _on_day("T12:00" if match["c"].lower() == "noon" else "T00:00", match, scene)


def _spelled(match: re.Match[str], scene: Scene) -> Draft | None:
    """Seven in the morning, half past one, ten at night, four o'clock on the Friday."""
    hour = ONES.get(match["n"].lower()) or (int(match["n"]) if match["n"].isdigit() else 0)
    if not 1 <= hour <= 12:
        return None
    half = _half_of(match, None, hour) or _guess_half(match, scene, hour)
    total = (hour % 12 + 12 * (half == "p")) * 60 + _read_minutes(match)
    return _on_day(f"T{total // 60 % 24:02d}:{total % 60:02d}", match, scene)


def _read_minutes(match: re.Match[str]) -> int:
    """Return 30 of "half past", -20 of "twenty to"."""
    groups = match.groupdict()
    if not groups.get("past"):
        return 0
    minutes = _MINUTES[re.sub(r"[\s-]+", " ", groups["min"].lower())]
    return -minutes if groups["past"].lower() == "to" else minutes


_PART_VALUES = {**DAY_PARTS, "overnight": "TNI", "nightfall": "TEV", "noon": "TMI", "first light": "TMO"}


def _part_alone(match: re.Match[str], scene: Scene) -> Draft | None:
    """At nightfall, before dawn on Thursday, overnight, in the evening: of the day told with it or before it."""
    word = re.sub(r"\s+", " ", match["w"].lower())
    own = _own_day(match, scene)
    day, sure = (own, 0.9) if own is not None else _told_day(scene, match)
    behind = scene.text[match.end() : match.end() + 2]
    if day is None or (word == "overnight" and re.match(r" [a-z]|[ ,.;:)”]", behind) is None):
        return None
    return Draft(f"{day.isoformat()}{_PART_VALUES[word]}", "TIME", sure, (day, day), anchor="narrated time")


def _part_told(match: re.Match[str], scene: Scene) -> Draft | None:
    """In the evening, by the morning: where the page tells what was, not what is every morning."""
    return _part_alone(match, scene) if tense_around(scene, match.start(), match.end()) == "past" else None


def _on_day(value: str, match: re.Match[str], scene: Scene) -> Draft:
    """Put a clock time on its day; where no day is known it stays a bare one."""
    day = _own_day(match, scene)
    sure = 0.9
    if day is None:
        day, sure = _told_day(scene, match)
    return Draft(value, "TIME", 0.6) if day is None else Draft(day.isoformat() + value, "TIME", sure, (day, day))


def _own_day(match: re.Match[str], scene: Scene) -> dt.date | None:
    """Return the day that stands in the expression: "noon today", "at four that morning", "the night of 9 May"."""
    groups = match.groupdict()
    if groups.get("wd"):
        return place_weekday(scene, WEEKDAYS[groups["wd"].lower()], match)[0]
    if groups.get("today") and scene.today is not None:
        return shift_days(scene.today, _OFFSETS[groups["today"].lower()])
    if groups.get("near"):
        near = re.sub(r"\s+", " ", groups["near"].lower())
        if near in ("this", "last"):
            return shift_days(scene.today, -(near == "last")) if scene.today is not None else None
        return place_shifted(scene, "D", float(near.endswith(("next", "following"))), match.start(), match.end())[0]
    return place_written_day(match, scene) if groups.get("d") else None


_WEEKDAY_NEAR = re.compile(rf"\b(?P<wd>{WEEKDAY})\b(?P<rel>)(?P<week>)", re.IGNORECASE)


def _told_day(scene: Scene, match: re.Match[str]) -> tuple[dt.date | None, float]:
    """Return the day that the sentence gives, else the paragraph before, else the likeliest one.

    Weights learned over all candidates were right oftener in invented news and half as often in real news.
    """
    row = scene.before(width_days=0)
    if row is not None:
        return row.days[0], _TOLD_SURE
    ahead = _WEEKDAY_NEAR.search(scene.text, match.end(), max(match.end(), scene.here.end))
    if ahead is not None and scene.today is not None:
        return place_weekday(scene, WEEKDAYS[ahead["wd"].lower()], ahead)
    row = scene.before(paragraph=True, width_days=0)
    return (row.days[0], _TOLD_SURE) if row is not None else place_clock(scene, match.start(), match.end())


def _part_of_day(match: re.Match[str], scene: Scene) -> Draft | None:
    """The night of 12 September, the morning of the 18th, the early hours of Sunday."""
    words = re.sub(r"\s+", " ", match["w"].lower())
    part = "TMO" if "hours" in words else DAY_PARTS[words.split(" ")[-1].rstrip("s")]
    day = _own_day(match, scene)
    return Draft(f"{day.isoformat()}{part}", "TIME", 0.9, (day, day)) if day is not None else None


_PART = rf"(?:early |late )?(?P<part>{DAY_PART})"
_WEEKDAY = rf"(?:,? (?:on )?(?P<rel>last |next |this |the |that )?(?P<wd>{WEEKDAY})(?P<week>)(?:,? {_PART})?)"
_NEAR = rf"(?:,? (?P<near>this|last|that|that same|the same|the next|the following) (?P<part>{DAY_PART}))"
_NEXT_TO = rf"(?:,? (?P<today>today|yesterday|tomorrow)(?: (?P<part2>{DAY_PART}))?)"
_DATED = rf"(?:,? on (?:the )?(?:{WEEKDAY},? (?:the )?)?{{0}})"
_DAYS = (
    _WEEKDAY,
    _NEAR,
    _NEXT_TO,
    _DATED.format(MONTH_AND_DAY),
    _DATED.format(DAY_OF_MONTH),
)
_NUMBER = alternate([*list(ONES)[:12], *range(1, 13)])
_HOUR = alternate(list(ONES)[:12])
_SPELLED_PART = "(?:in the|at) (?P<part>morning|afternoon|evening|night)"
_PARTS = "(?P<w>dawn|daybreak|sunrise|first light|nightfall|dusk|sunset|midday|lunchtime)"
_PLAIN_PART = "(?P<w>morning|afternoon|evening|night)"
_OF_DAY = rf"(?P<w>(?:the )?(?:early )?(?:{DAY_PART}|(?:small|early) hours)) of (?:the )?"
_DIGITS = rf"(?P<c>{CLOCK})(?P<hours> ?hours?| ?hrs| ?h)?{_ZONE}"
# An hour in words that nothing else tells to be one: "at four.", "until eleven, when", not "at four hospitals".
_ALONE = r"(?=[.,;:!?”\"’)]|$| (?:when|and the|but|as)\b)"
RULES: list[Rule] = [
    compile_rule(_DIGITS, _clock),
    *(compile_rule(_DIGITS + day, _clock) for day in _DAYS),
    compile_rule(r"(?P<c>noon|midnight)", _named),
    *(compile_rule(r"(?P<c>noon|midnight)" + day, _named) for day in _DAYS),
    compile_rule(rf"(?P<n>{_NUMBER})(?: o['’]clock)? {_SPELLED_PART}", _spelled),
    compile_rule(rf"(?P<n>{_HOUR}) o['’]clock", _spelled),
    *(compile_rule(rf"(?P<n>{_NUMBER})(?: o['’]clock)?" + day, _spelled) for day in (_WEEKDAY, _NEAR, _NEXT_TO)),
    compile_rule(rf"{_PAST} (?P<n>{_NUMBER})(?: {_SPELLED_PART})?", _spelled),
    *(compile_rule(rf"{_PAST} (?P<n>{_NUMBER})" + day, _spelled) for day in _DAYS),
    compile_rule(rf"(?P<rel>last |next |this |the |that )?(?P<wd>{WEEKDAY})(?P<week>),? at {_DIGITS}", _clock),
    compile_rule(rf"{MONTH_AND_DAY},?(?: at)? {_DIGITS}", _clock),
    compile_rule(rf"{DAY_OF_MONTH},?(?: at)? {_DIGITS}", _clock),
    compile_rule(rf"(?P<rel>last |next |this |the |that )?(?P<wd>{WEEKDAY})(?P<week>),? at (?P<n>{_HOUR})", _spelled),
    *(
        compile_rule(rf"(?<={before}\s)(?P<n>{_HOUR}){_ALONE}", _spelled)
        for before in (r"\bat", r"\bbefore", r"\buntil", r"\btill", r"\btowards")
    ),
    *(compile_rule(rf"(?<={before}\s){_PARTS}", _part_alone) for before in (r"\bat", r"\bby", r"\bbefore", r"\bsince")),
    *(compile_rule(rf"(?:(?:before|at|by|around|since) )?{_PARTS}" + day, _part_alone) for day in _DAYS),
    compile_rule(r"(?P<w>overnight)", _part_alone),
    *(
        compile_rule(rf"(?<={before}\s)the (?:early |late )?{_PLAIN_PART}(?! (?:of|before|after)\b)", _part_told)
        for before in (r"\bin", r"\bby", r"\bthrough", r"\bduring", r"\buntil")
    ),
    compile_rule(rf"{_OF_DAY}(?P<wd>{WEEKDAY})(?P<rel>)(?P<week>)", _part_of_day),
    compile_rule(rf"{_OF_DAY}(?:{WEEKDAY},? )?{MONTH_AND_DAY}", _part_of_day),
    compile_rule(rf"{_OF_DAY}(?:{WEEKDAY},? )?{DAY_OF_MONTH}", _part_of_day),
    compile_rule(rf"{_OF_DAY}(?P<d>{ORDINAL})(?P<m>)(?! (?:of|century))", _part_of_day),
]  # fmt: skip
