"""Times of day: "6 a.m.", "21:10 on Friday", "half past one", "noon", "at nightfall", "the night of 12 September".

Invariant: a time of day has its day wherever the page gives one: its own words, else its sentence, else what was told
before it in the paragraph, else the day of publication. This module must not know how dates are written.
"""

from __future__ import annotations

import datetime as dt
import re

from .absolute import DAY_OF_MONTH, MONTH_AND_DAY, place_written_day
from .deictic import place_weekday
from .draft import Draft, Rule, compile_rule
from .lexicon import CLOCK, DAY_PART, DAY_PARTS, ONES, ORDINAL, TENS, WEEKDAY, WEEKDAYS, alternate
from .scene import Scene
from .timex import shift_days

_FORM = re.compile(r"(?P<h>\d{1,2})(?:[:.](?P<m>\d\d))?(?::\d\d)?\s?(?P<half>[ap])?")
_ZONE = r"(?: ?(?:GMT|UTC|BST|EST|EDT|CET|CEST|PST|PDT|ET|local time))?"
_AFTER_NOON = frozenset({"TAF", "TEV", "TNI"})
_OFFSETS = {"today": 0, "yesterday": -1, "tomorrow": 1}
_MINUTES = {"half": 30, "a quarter": 15, "quarter": 15, **ONES, **TENS, "twenty five": 25}
_ROUND = r"(?:half|a quarter|quarter|five|ten|twenty(?:[ -]five)?)"
# "two to three metres" is a range, "five to ten people" too: "to" counts minutes where they are named, in quarters, or
# after a word that asks for a time of day
_COUNTED = (
    rf"(?:(?={_ROUND} past\b)|(?=(?:a )?quarter to\b)|(?=[a-z-]+(?: [a-z]+)? minutes? (?:past|to)\b)"
    rf"|(?:(?<=\bat\x20)|(?<=\bby\x20)|(?<=\buntil\x20)|(?<=\btill\x20))(?={_ROUND} to\b))"
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
        and not re.search(
            r"\b(?:at|by|until|from|before|after) $", scene.text[max(0, match.start() - 7) : match.start()]
        )
    ):
        return None
    if re.match(r"\s*(?:%|percent|per cent|million|billion|[a-z]*met)", scene.text[match.end() : match.end() + 10]):
        return None
    return _spell(int(form["h"]), int(form["m"] or 0), _half_of(match, form["half"]))


def _half_of(match: re.Match[str], letter: str | None) -> str | None:
    """Return "a" or "p" as the clock or the part of the day beside it says."""
    part = DAY_PARTS.get((match.groupdict().get("part") or "").lower())
    return letter or (None if part is None else "p" if part in _AFTER_NOON else "a")


def _spell(hour: int, minute: int, half: str | None) -> str | None:
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"T{hour:02d}:{minute:02d}" if hour <= 24 and 0 <= minute < 60 else None


def _named(match: re.Match[str], scene: Scene) -> Draft | None:
    return _on_day("T12:00" if match["c"].lower() == "noon" else "T00:00", match, scene)


def _spelled(match: re.Match[str], scene: Scene) -> Draft | None:
    """Seven in the morning, half past one, ten at night."""
    hour = ONES.get(match["n"].lower()) or (int(match["n"]) if match["n"].isdigit() else 0)
    minutes = _read_minutes(match)
    if not 1 <= hour <= 12:
        return None
    part = DAY_PARTS.get((match.groupdict().get("part") or "").lower())
    late = part in _AFTER_NOON and not (part == "TNI" and hour < 6)
    total = (hour % 12 + (12 if late else 0) if part else hour) * 60 + minutes
    return _on_day(f"T{total // 60 % 24:02d}:{total % 60:02d}", match, scene)


def _read_minutes(match: re.Match[str]) -> int:
    """Return 30 of "half past", -20 of "twenty to"."""
    groups = match.groupdict()
    if not groups.get("past"):
        return 0
    minutes = _MINUTES[re.sub(r"[\s-]+", " ", groups["min"].lower())]
    return -minutes if groups["past"].lower() == "to" else minutes


def _part_alone(match: re.Match[str], scene: Scene) -> Draft | None:
    """At nightfall, before dawn, overnight: of the day that is told, else of the page's."""
    word = match["w"].lower()
    day = _told_day(scene, match)
    if day is None or (word == "overnight" and re.match(r" [a-z]", scene.text[match.end() : match.end() + 2]) is None
                       and re.match(r"[ ,.;:)”]", scene.text[match.end() : match.end() + 1]) is None):  # fmt: skip
        return None
    part = {"overnight": "TNI", "nightfall": "TEV", "noon": "TMI"}.get(word) or DAY_PARTS[word]
    return Draft(f"{day.isoformat()}{part}", "TIME", 0.7, (day, day), anchor="narrated time")


def _on_day(value: str, match: re.Match[str], scene: Scene) -> Draft:
    """Put a clock time on its day; where no day is known it stays a bare one."""
    day = _own_day(match, scene)
    sure = 0.9
    if day is None:
        day, sure = _told_day(scene, match), 0.75
    return Draft(value, "TIME", 0.6) if day is None else Draft(day.isoformat() + value, "TIME", sure, (day, day))


def _own_day(match: re.Match[str], scene: Scene) -> dt.date | None:
    """Return the day that stands in the expression itself: "7.15 a.m. on Saturday", "noon today"."""
    groups = match.groupdict()
    if groups.get("wd"):
        return place_weekday(scene, WEEKDAYS[groups["wd"].lower()], match)[0]
    if groups.get("today") and scene.today is not None:
        return shift_days(scene.today, _OFFSETS[groups["today"].lower()])
    return None


_WEEKDAY_NEAR = re.compile(rf"\b(?P<wd>{WEEKDAY})\b(?P<rel>)(?P<week>)", re.IGNORECASE)


def _told_day(scene: Scene, match: re.Match[str]) -> dt.date | None:
    """Return the day that the sentence, else the paragraph, gives; else that of publication."""
    row = scene.before(width_days=0)
    if row is not None:
        return row.days[0]
    ahead = _WEEKDAY_NEAR.search(scene.text, match.end(), max(match.end(), scene.here.end))
    if ahead is not None and scene.today is not None:
        return place_weekday(scene, WEEKDAYS[ahead["wd"].lower()], ahead)[0]
    row = scene.before(paragraph=True, width_days=0)
    return row.days[0] if row is not None else scene.today


def _part_of_day(match: re.Match[str], scene: Scene) -> Draft | None:
    """The night of 12 September, the morning of the 18th, the early hours of Sunday."""
    words = re.sub(r"\s+", " ", match["w"].lower())
    part = "TMO" if "hours" in words else DAY_PARTS[words.split(" ")[-1].rstrip("s")]
    day = _day_named(match, scene)
    return Draft(f"{day.isoformat()}{part}", "TIME", 0.9, (day, day)) if day is not None else None


def _day_named(match: re.Match[str], scene: Scene) -> dt.date | None:
    groups = match.groupdict()
    if groups.get("wd"):
        return place_weekday(scene, WEEKDAYS[groups["wd"].lower()], match)[0]
    return place_written_day(match, scene)


_PART = rf"(?:early |late )?(?P<part>{DAY_PART})"
_REST = (
    rf"(?:,? (?:on )?(?P<rel>last |next |this )?(?P<wd>{WEEKDAY})(?P<week>)(?:,? {_PART})?"
    r"|,? (?P<today>today|yesterday|tomorrow))"
)
_NUMBER = alternate([*list(ONES)[:12], *range(1, 13)])
_SPELLED_PART = "(?:in the|at) (?P<part>morning|afternoon|evening|night)"
_OF_DAY = rf"(?P<w>(?:the )?(?:early )?(?:{DAY_PART}|(?:small|early) hours)) of (?:the )?"
RULES: list[Rule] = [
    compile_rule(rf"(?P<c>{CLOCK})(?P<hours> hours)?{_ZONE}", _clock),
    compile_rule(rf"(?P<c>{CLOCK})(?P<hours> hours)?{_ZONE}{_REST}", _clock),
    compile_rule(r"(?P<c>noon|midnight)", _named),
    compile_rule(rf"(?P<c>noon|midnight){_REST}", _named),
    compile_rule(rf"(?P<n>{_NUMBER})(?: o['’]clock)? {_SPELLED_PART}", _spelled),
    compile_rule(rf"(?P<n>{alternate(list(ONES)[:12])}) o['’]clock", _spelled),
    compile_rule(rf"{_PAST} (?P<n>{_NUMBER})(?: {_SPELLED_PART})?", _spelled),
    compile_rule(r"(?<=\bat\s)(?P<w>dawn|daybreak|sunrise|nightfall|dusk|sunset|midday|lunchtime)", _part_alone),
    compile_rule(r"(?<=\bby\s)(?P<w>dawn|daybreak|sunrise|nightfall|dusk|sunset|midday|lunchtime)", _part_alone),
    compile_rule(r"(?<=before\s)(?P<w>dawn|daybreak|sunrise|nightfall|dusk|sunset|midday)", _part_alone),
    compile_rule(r"(?P<w>overnight)", _part_alone),
    compile_rule(rf"{_OF_DAY}(?P<wd>{WEEKDAY})(?P<rel>)(?P<week>)", _part_of_day),
    compile_rule(rf"{_OF_DAY}(?:{WEEKDAY},? )?{MONTH_AND_DAY}", _part_of_day),
    compile_rule(rf"{_OF_DAY}(?:{WEEKDAY},? )?{DAY_OF_MONTH}", _part_of_day),
    compile_rule(rf"{_OF_DAY}(?P<d>{ORDINAL})(?P<m>)(?! (?:of|century))", _part_of_day),
]  # fmt: skip
