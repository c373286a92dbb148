"""Dates that count from somewhere: weekdays, "last week", "two days earlier", "the following spring".

Invariant: without its anchor an expression keeps a value that says so (XXXX-WXX-5), never a guess.
This module must not know written dates or durations.
"""

from __future__ import annotations

import datetime as dt
import re

from storyledger.language import WEEKDAYS

from .absolute import PART, read_mod
from .draft import Draft, Rule, compile_rule, read_amount, read_ordinal
from .lexicon import AMOUNT, DAY_PART, DAY_PARTS, ORDINAL, SEASON, SEASONS, UNIT_WORD, UNITS, WEEKDAY
from .placing import place_base, place_weekday_near
from .scene import Scene, tense_around
from .timex import Days, interval_of, narrow, shift_days, shift_month, shift_unit, week_value


def unit_of(word: str) -> tuple[str, bool]:
    """Return the ISO letter of "years" and whether it is a clock unit."""
    word = word.lower()
    return UNITS.get(word) or UNITS.get(word.rstrip("s")) or UNITS[word.removesuffix("ies") + "y"]


def part_value(word: str | None) -> str:
    """Return "TMO" for "morning", or nothing."""
    return DAY_PARTS[word.lower()] if word else ""


def _today(match: re.Match[str], scene: Scene) -> Draft | None:
    word = re.sub(r"\s+", " ", match["w"].lower())
    offsets = {"today": 0, "yesterday": -1, "tomorrow": 1, "the day before yesterday": -2, "the day after tomorrow": 2}
    part = part_value(match["part"])
    if scene.today is None:
        return Draft("PRESENT_REF", "DATE", 0.4, scene.published) if word == "today" and not part else None
    day = shift_days(_spoken_on(scene), offsets[word])
    return Draft(day.isoformat() + part, "TIME" if part else "DATE", 0.9) if day else None


def _spoken_on(scene: Scene) -> dt.date:
    assert scene.published is not None
    return scene.published[1]


def _this_part(match: re.Match[str], scene: Scene) -> Draft | None:
    """Tonight, last night, this morning."""
    words = re.sub(r"\s+", " ", match[0].lower())
    if scene.today is None or (
        match[0] == "Tonight" and re.match(r" [A-Z]", scene.text[match.end() : match.end() + 2])
    ):
        return None
    part = "TNI" if words == "tonight" else part_value(match["part"])
    day = shift_days(_spoken_on(scene), -1 if words.startswith("last") else 0)
    return Draft(day.isoformat() + part, "TIME", 0.88) if day else None


_NAMED = re.compile(r"\b(?:Bloody|Black|Good|Palm|Super|Cyber|Ash|Easter|Whit|Ruby|Holy|Maundy)\s+$")
_TITLE = re.compile(
    r"\s+(?:Times|Mirror|Express|Herald|Post|Mail|Telegraph|People|Star|Sun|World|Tribune|Independent|Night|"
    r"Club|Bloody)\b"
)


def _weekday(match: re.Match[str], scene: Scene) -> Draft | None:
    text = scene.text
    if text[match.start("d")].islower() or _NAMED.search(text[max(0, match.start("d") - 8) : match.start("d")]):
        return None
    if _TITLE.match(text[match.end("d") : match.end("d") + 14]) and not match["part"]:
        return None
    number, part = WEEKDAYS[match["d"].lower()], part_value(match["part"])
    if match["plural"] or match["parts"]:
        return Draft(f"XXXX-WXX-{number + 1}{part}", "SET", 0.8)
    day, sure = place_weekday(scene, number, match)
    if day is None:
        return Draft(f"XXXX-WXX-{number + 1}{part}", "TIME" if part else "DATE", 0.25)
    return Draft(day.isoformat() + part, "TIME" if part else "DATE", sure, anchor="publication")


def place_weekday(scene: Scene, number: int, match: re.Match[str]) -> tuple[dt.date | None, float]:
    """Return the day that a weekday means and how sure that is.

    Without "last" or "next" it is placed by its clause and by what was told (``placing.py``). A revision
    shortly after publication makes the days up to it the nearest ones.
    """
    rel = re.sub(r"\s+", " ", (match["rel"] or "").lower()).strip()
    if rel in ("following", "previous"):
        rel = "the " + rel
    if rel in ("the following", "the next") and (day := scene.narrated_day()):
        return shift_days(day, (number - day.weekday() - 1) % 7 + 1), 0.75
    today = scene.today
    if today is None and not rel and not match["week"]:
        return place_weekday_near(scene, number, match.start(), match.end())
    if today is None or scene.published is None:
        return None, 0.0
    back = (today.weekday() - number) % 7
    ahead = -back % 7
    if match["week"] or rel == "this coming":
        return shift_days(today, (ahead or 7) + (7 if match["week"] else 0)), 0.85
    if rel == "next":  # of the week after this one: the page would say "Friday" for the nearer one
        return shift_days(today, number - today.weekday() + 7), 0.8
    if rel in ("last", "this past", "the previous"):
        return shift_days(today, -(back or 7)), 0.88
    return place_weekday_near(scene, number, match.start(), match.end())


def _after_next(match: re.Match[str], scene: Scene) -> Draft | None:
    value = _unit_value(scene.published[1], match["unit"].lower(), 2) if scene.published else None
    return Draft(value, "DATE", 0.85) if value else None


_OPEN = {"last": "PAST_REF", "past": "PAST_REF", "previous": "PAST_REF", "next": "FUTURE_REF", "coming": "FUTURE_REF"}


def _weekday_of_week(match: re.Match[str], scene: Scene) -> Draft | None:
    """Friday next week, next week on Friday, this week Friday."""
    if scene.today is None or scene.text[match.start("d")].islower():
        return None
    weeks = {"last": -1, "next": 1, "previous": -1, "following": 1}.get(match["rel"].lower(), 0)
    day = shift_days(scene.today, WEEKDAYS[match["d"].lower()] - scene.today.weekday() + 7 * weeks)
    part = part_value(match.groupdict().get("part"))
    return Draft(day.isoformat() + part, "TIME" if part else "DATE", 0.88) if day else None


def _weekday_and_day(match: re.Match[str], scene: Scene) -> Draft | None:
    """Thursday the 21st: the nearest day that is both."""
    number, today = read_ordinal(match["n"]), scene.today
    if number is None or today is None:
        return None
    near = (shift_days(today, by) for distance in range(100) for by in (-distance, distance))
    day = next((d for d in near if d and d.day == number and d.weekday() == WEEKDAYS[match["d"].lower()]), None)
    return Draft(day.isoformat(), "DATE", 0.85) if day else None


def _this_unit(match: re.Match[str], scene: Scene) -> Draft | None:
    """Last week, this year, next month, the past decade, earlier this week, the same day."""
    rel = re.sub(r"\s+", " ", match["rel"].lower()).removeprefix("the ")
    unit = match["unit"].lower()
    if rel in ("next", "coming") and unit in ("decade", "century") and scene.today is not None:
        ends = shift_unit(scene.today, unit_of(unit)[0], 1)  # "over the next decade": ten years from now
        return Draft(f"P1{unit_of(unit)[0]}", "DURATION", 0.8, (scene.today, ends) if ends else None)
    if rel in ("same", "following", "previous", "next") and re.match(r"the ", match["rel"], re.IGNORECASE):
        return _narrated_unit(scene, rel, unit)
    if rel in ("that", "that same"):
        return _narrated_unit(scene, "same", unit)
    if scene.published is None:
        return Draft(_OPEN.get(rel, "PRESENT_REF"), "DATE", 0.3)
    by = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1, "upcoming": 1, "following": 1}.get(rel, 0)
    mod = read_mod(match["mod"])
    if (
        rel in ("past", "last")
        and match["rel"].lower().startswith("the")
        and not mod
        and unit in ("day", "week", "month", "year", "decade", "century")
    ):
        letter = unit_of(unit)[0]
        return Draft(f"P1{letter}", "DURATION", 0.75, _back_from(scene, 1, letter))
    value = _unit_value(_spoken_on(scene), unit, by)
    days = interval_of(value) if value else None
    return Draft(value, "DATE", 0.92, narrow(days, mod) if days else None, mod, anchor="publication") if value else None


def _back_from(scene: Scene, amount: float, letter: str) -> Days | None:
    if scene.today is None:
        return None
    start = shift_unit(scene.today, letter, -round(amount))
    return (start, scene.today) if start else None


def _narrated_unit(scene: Scene, rel: str, unit: str) -> Draft | None:
    by = {"same": 0, "previous": -1}.get(rel, 1)
    row = scene.narrated_any()
    if unit in ("day", "night"):
        day = scene.narrated_day()
        anchor = shift_days(day, by) if day else None
        part = "TNI" if unit == "night" else ""
        return (
            Draft(anchor.isoformat() + part, "TIME" if part else "DATE", 0.75, anchor="narrated time")
            if anchor
            else None
        )
    if row is None and scene.published and rel == "same":
        value = _unit_value(_spoken_on(scene), unit, by)
        return Draft(value, "DATE", 0.5, anchor="publication") if value else None
    if row is None or unit not in ("week", "month", "year", "decade"):
        return None
    if (row.days[1] - row.days[0]).days > {"week": 8, "month": 32, "year": 367}.get(unit, 4000):
        return None
    value = _unit_value(row.days[0], unit, by)
    return Draft(value, "DATE", 0.75, anchor="narrated time") if value else None


def _unit_value(base: dt.date, unit: str, by: int) -> str | None:
    """The calendar unit around ``base``, ``by`` units later."""
    letter = unit_of(unit)[0]
    try:
        if letter == "D":
            return (base + dt.timedelta(by)).isoformat()
        if unit == "fortnight":
            return None
        if letter in ("W", "WE"):
            return week_value(base + dt.timedelta(7 * by)) + ("-WE" if letter == "WE" else "")
    except OverflowError:
        return None
    if letter == "M":
        year, month = shift_month(base.year, base.month, by)
        return f"{year:04d}-{month:02d}"
    if letter == "Q":
        year, month = shift_month(base.year, base.month, 3 * by)
        return f"{year:04d}-Q{(month + 2) // 3}"
    widths = {"Y": (1, "04d"), "DE": (10, "03d"), "CE": (100, "02d")}
    if letter not in widths:
        return None
    width, shape = widths[letter]
    return format(base.year // width + by, shape)


def _weekend(match: re.Match[str], scene: Scene) -> Draft | None:
    """The weekend: the one just over for the past, else that of the week of publication."""
    today = scene.today
    if today is None:
        return None
    past = re.search(r"\bover\s+$", scene.text[max(0, match.start() - 6) : match.start()], re.IGNORECASE) or (
        tense_around(scene, match.start(), match.end()) == "past"
    )
    base = today - dt.timedelta(7) if past and today.weekday() < 5 else today
    return Draft(week_value(base) + "-WE", "DATE", 0.8)


def _the_unit(match: re.Match[str], scene: Scene) -> Draft | None:
    """The end of the month, earlier in the year, the rest of the week."""
    if scene.published is None or (
        match["mod"].lower().startswith(("mid", "end")) and match["mod"].lower() in ("mid", "end")
    ):
        return None
    value = _unit_value(_spoken_on(scene), match["unit"].lower(), 0)
    days, mod = interval_of(value or ""), read_mod(match["mod"])
    return Draft(value, "DATE", 0.85, narrow(days, mod) if days else None, mod) if value else None


_SEASON_OF = re.compile(
    r" (?!(?:of|in|on|at|when|and|with|was|is|are|will|to|after|before|that|for|as|by|or|but|from|has|had|would|"
    r"because|since|which|while|until|than|said|says|if|he|she|they|it|we|his|her|their|its|the|a|an|following|when|brought|came|saw)\b)[a-z]+"
)


def _season(match: re.Match[str], scene: Scene) -> Draft | None:
    word, rel = match["s"].lower(), re.sub(r"\s+", " ", (match["rel"] or "").lower()).removeprefix("the ")
    if word in ("fall", "spring") and not rel and not match["mod"]:
        return None
    if match["s"][0].isupper() and re.match(r" [A-Z]", scene.text[match.end() : match.end() + 2]):
        return None  # "the Winter Games"
    if rel in ("the", "that", "") and _SEASON_OF.match(scene.text, match.end()):
        return None  # "the spring fair", "the summer holidays"
    mod = read_mod(match["mod"])
    year = _season_year(scene, SEASONS[word], rel, match)
    if year is None:
        return Draft(f"XXXX-{SEASONS[word]}", "DATE", 0.3)
    value = f"{year:04d}-{SEASONS[word]}"
    days = interval_of(value)
    return Draft(value, "DATE", 0.87, narrow(days, mod) if days else None, mod)


def _season_year(scene: Scene, season: str, rel: str, match: re.Match[str]) -> int | None:
    row = scene.narrated_any()
    if rel in ("following", "same", "previous") or (rel == "next" and match["rel"].lower().startswith("the")):
        base = row.days[0] if row else None
        return _season_from(base, season, rel) if base else None
    if rel == "that":
        return row.days[0].year if row else None
    if scene.published is None:
        return None
    first, last = scene.published
    started = interval_of(f"{last.year:04d}-{season}")
    assert started is not None
    if rel in ("last", "past", "this past"):
        return last.year if started[1] < last else last.year - 1
    if rel in ("next", "coming", "this coming", "upcoming"):
        return first.year if started[0] > first else first.year + 1
    if rel == "this":
        return last.year
    direction = tense_around(scene, match.start(), match.end())
    if direction == "past":
        return last.year if started[0] <= last else last.year - 1
    return first.year if started[1] >= first else first.year + (direction == "future")


def _season_from(base: dt.date, season: str, rel: str) -> int:
    span = interval_of(f"{base.year:04d}-{season}")
    assert span is not None
    if rel == "previous":
        return base.year if span[1] < base else base.year - 1
    if rel == "same":
        return base.year
    return base.year if span[0] > base else base.year + 1


def _anniversary(match: re.Match[str], scene: Scene) -> Draft | None:
    """Ten years ago today, a year ago to the day: that very day."""
    amount, today = read_amount(match["n"]), scene.today
    letter, clock = unit_of(match["unit"])
    day = shift_unit(today, letter, -amount) if amount and today and not clock else None
    return Draft(day.isoformat(), "DATE", 0.9, anchor="publication") if day else None


def _ago(match: re.Match[str], scene: Scene) -> Draft | None:
    """Two nights ago, three weeks from now: counted from publication, as exact as the unit."""
    amount = read_amount(match["n"]) if match["n"] else None
    if amount is None:
        return Draft("PAST_REF" if match["way"].lower().startswith("ago") else "FUTURE_REF", "DATE", 0.5)
    sign = -1 if match["way"].lower() in ("ago", "back") else 1
    if match["way"].lower() == "back" and unit_of(match["unit"])[1]:
        return None  # "a second back" is a distance in a race
    if scene.published is None:
        return Draft("PAST_REF" if sign < 0 else "FUTURE_REF", "DATE", 0.3)
    if match["n0"] and (first := read_amount(match["n0"])) is not None and not unit_of(match["unit0"])[1]:
        base = shift_unit(scene.published[1], unit_of(match["unit0"])[0], sign * first)
        return counted_date(base, sign * amount, match["unit"], part=True)
    return counted_date(scene.published[1], sign * amount, match["unit"], part=True)


def counted_date(base: dt.date | None, amount: float, unit: str, *, part: bool = False) -> Draft | None:
    """Return the date ``amount`` units after ``base``, as exact as the unit; None for parts of a day."""
    letter, clock = unit_of(unit)
    if base is None:
        return None
    if clock:
        hours = amount * {"H": 1, "M": 1 / 60, "S": 1 / 3600}[letter]
        return Draft("PAST_REF" if hours < 0 else "FUTURE_REF", "DATE", 0.4, (base, base)) if abs(hours) < 24 else None
    if unit.lower().startswith("fortnight"):
        amount *= 2
    day = shift_unit(base, letter, amount)
    if day is None:
        return None
    night = "TNI" if part and unit.lower().startswith("night") else ""
    if letter == "ML":
        return Draft(f"{day.year:04d}", "DATE", 0.5)
    if letter == "D":
        return Draft(day.isoformat() + night, "TIME" if night else "DATE", 0.88)
    grains = {"W": "week", "WE": "weekend", "M": "month", "Q": "quarter", "Y": "year", "DE": "year", "CE": "decade"}
    value = _unit_value(day, grains[letter], 0)
    return Draft(value, "DATE", 0.85) if value else None


def _earlier(match: re.Match[str], scene: Scene) -> Draft | None:
    """Six days earlier, two years later: counted from the narrated time."""
    amount = read_amount(match["n"])
    sign = -1 if match["way"].lower() in ("earlier", "before", "previously", "prior") else 1
    if match["way"].lower() == "before" and re.match(
        r"\s+(?:the|a|an|his|her|its|their|[A-Z]|it|he|she|they|\w+ing\b)", scene.text[match.end() : match.end() + 8]
    ):
        return None
    if amount is None:
        return None
    letter, clock = unit_of(match["unit"])
    if clock:
        day = scene.narrated_day()
        return Draft(day.isoformat(), "DATE", 0.5, anchor="narrated time") if day and letter == "H" else None
    weeks = 2 if match["unit"].lower().startswith("fortnight") else 1
    base, sure = place_base(scene, letter, sign * amount * weeks, match.start(), match.end())
    told_day = base is not None and any(row.days == (base, base) for row in scene.narrated)
    if letter == "W" and told_day:
        draft = counted_date(base, sign * amount * weeks * 7, "day")
    else:
        draft = counted_date(base, sign * amount, match["unit"])
    return Draft(draft.value, draft.type, sure, draft.days, anchor="narrated time") if draft is not None else None


def _day_beside(match: re.Match[str], scene: Scene) -> Draft | None:
    """The day before, two days after: beside what was told, where nothing behind says beside what."""
    if re.match(
        r"\s+(?:the|a|an|his|her|its|their|[A-Z]|it|he|she|they|\w+ing\b)", scene.text[match.end() : match.end() + 8]
    ):
        return None
    by = {"before": -1, "after": 1}[match["after"].lower()]
    base, sure = place_base(scene, "D", by, match.start(), match.end())
    day = shift_days(base, by) if base is not None else None
    return Draft(day.isoformat(), "DATE", sure, anchor="narrated time") if day is not None else None


_NEXT_DAYS = {"same": 0, "that": 0, "that first": 1, "that very": 0, "that same": 0, "previous": -1}


def _next_part(match: re.Match[str], scene: Scene) -> Draft | None:
    """The next morning, the same evening, that night."""
    rel = re.sub(r"\s+", " ", match["rel"].lower()).removeprefix("the ")
    return _part_of_narrated(scene, _NEXT_DAYS.get(rel, 1), match["part"], match)


def _night_before(match: re.Match[str], scene: Scene) -> Draft | None:
    if scene.text[match.end() : match.end() + 2].strip()[:1].isalpha():
        return None
    return _part_of_narrated(scene, -1 if match["after"].lower() == "before" else 1, match["part"], match)


def _part_of_narrated(scene: Scene, by: int, part: str, match: re.Match[str]) -> Draft | None:
    base, sure = place_base(scene, "D", by, match.start(), match.end(), told_only=True)
    moved = shift_days(base, by) if base is not None else None
    if moved is None or (scene.published and moved > scene.published[1] and by > 0):
        return None  # the morning after what is not told here
    return Draft(moved.isoformat() + part_value(part), "TIME", sure, anchor="narrated time")


_REL = r"(?P<rel>last|next|this|this past|this coming|(?:the )?following|(?:the )?previous|the next)"
_THE_REL = r"(?P<rel>(?:the )?(?:last|next|previous|following|same|coming|upcoming|past)|this|that same|that)"
_SEASON_REL = (
    r"(?P<rel>last|next|this|this past|this coming|the following|the previous|the next|the same|"
    r"the coming|the past|the|that)"
)
_PART_OF_DAY = rf"(?P<part>{DAY_PART})"
RULES: list[Rule] = [
    compile_rule(
        r"(?:(?:earlier|later|late) )?(?P<w>today|yesterday|tomorrow|the day before yesterday|the day after tomorrow)"
        rf"(?: {_PART_OF_DAY})?",
        _today,
    ),
    compile_rule(rf"tonight|(?:this|last) {_PART_OF_DAY}", _this_part),
    compile_rule(
        rf"(?:(?:early|late|later|earlier)(?: on)? )?(?:{_REL} )?(?P<d>{WEEKDAY})(?P<plural>s(?!['’]))?(?P<week> week)?"
        rf"(?:,? (?:late |early )?{_PART_OF_DAY}(?P<parts>s)?)?",
        _weekday,
    ),
    compile_rule(
        (
            rf"(?:on )?(?P<d>{WEEKDAY})(?: {_PART_OF_DAY})?,? (?:of )?(?P<rel>last|next|this|the following|the "
            r"previous) week"
        ),
        _weekday_of_week,
    ),
    compile_rule(rf"(?P<rel>last|next|this) week,? (?:on )?(?P<d>{WEEKDAY})(?: {_PART_OF_DAY})?", _weekday_of_week),
    compile_rule(  # not "on Sunday the first 21 were buried": a day in words ends its phrase
        rf"(?P<d>{WEEKDAY}),? (?:the )?(?P<n>{ORDINAL})(?! (?:of|hour|time|day))(?:(?<=\d(?:st|nd|rd|th))|(?! ?\w))",
        _weekday_and_day,
    ),
    compile_rule(r"(?:the|this past|this) weekend", _weekend),
    compile_rule(
        rf"(?:{PART})?{_THE_REL} (?P<unit>day|night|week|weekend|month|quarter|year|decade|century)", _this_unit
    ),
    compile_rule(r"the (?P<unit>month|year|week) after (?:the )?next", _after_next),
    compile_rule(rf"{PART}(?:the |this )?(?P<unit>week|month|year|decade|century)", _the_unit),
    compile_rule(rf"(?:{PART})?(?:(?:over|during|in) )?(?:{_SEASON_REL} )(?P<s>{SEASON})(?! of )", _season),
    compile_rule(
        rf"(?P<n>{AMOUNT}) (?P<unit>{UNIT_WORD}) ago(?:,? to the day|,? on this day| today| this (?:week|day))",
        _anniversary,
    ),
    compile_rule(
        (
            rf"(?:(?P<n0>{AMOUNT}) (?P<unit0>{UNIT_WORD}),? (?:and )?)?(?P<n>{AMOUNT}|some) (?P<unit>{UNIT_WORD})"
            r" (?P<way>ago|back|from now|from today)"
        ),
        _ago,
    ),
    compile_rule(
        (
            r"(?P<n0>)(?P<unit0>)(?P<n>many|several|some|a few|few)? ?(?P<unit>(?:year|decade|month|week|day|"
            r"centurie)s|a long time) (?P<way>ago)"
        ),
        _ago,
    ),
    compile_rule(
        rf"(?P<n>{AMOUNT}) (?P<unit>{UNIT_WORD}) (?P<way>earlier|later|before|afterwards?|previously)", _earlier
    ),
    compile_rule(
        rf"(?P<rel>the next|the following|the same|the previous|that first|that very|that same|that) {_PART_OF_DAY}",
        _next_part,
    ),
    compile_rule(rf"the {_PART_OF_DAY} (?P<after>before|after)", _night_before),
    compile_rule(r"the day (?P<after>before|after)", _day_beside),
]
