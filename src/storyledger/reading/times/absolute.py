"""Dates that name a day, month, year, decade or century; and months and holidays without their year.

Invariant: a resolver returns None for what is no date (a name, a verb, a count), never a guess beyond
the calendar. This module must not know weekdays, "ago" or durations.
"""

from __future__ import annotations

import datetime as dt
import re

from storyledger.language import MONTHS

from .draft import Draft, Rule, compile_rule, read_ordinal
from .lexicon import (
    ANY_WEEKDAY,
    DAY,
    DECADE_NAMES,
    HOLIDAY,
    MONTH,
    ORDINAL,
    SEASON,
    SEASONS,
    YEAR,
)
from .placing import place_day_of_year, place_month_of_year
from .scene import Scene, tense_around
from .timex import Days, holiday_date, interval_of, make_date, month_span, narrow, shift_month

PART = (
    r"(?P<mod>(?:the )?(?:very )?(?:end|start|beginning|middle|turn|close|early part|latter part|rest|"
    r"remainder|course) of"
    r"|early(?: in| on in)?|earlier(?: in)?|late(?: in)?|later(?: in)?|mid|middle of|end)[ -]?"
)
_MODS = {"end": "END", "close": "END", "late": "END", "latt": "END", "rest": "END", "rema": "END", "mid": "MID"}
_MODS |= {"star": "START", "begi": "START", "earl": "START", "turn": "START", "midd": "MID"}


def read_mod(words: str | None) -> str | None:
    """Return START, MID or END for "early", "the middle of", "late in" ..."""
    if not words:
        return None
    word = re.sub(r"^(?:the\s+)?(?:very\s+)?", "", words.lower())
    return next((mod for stem, mod in _MODS.items() if word.startswith(stem)), None)


def month_number(word: str) -> int:
    """Return 1 for "January" or "jan."."""
    return MONTHS[word.lower().rstrip(".")]


def full_year(word: str) -> int:
    """Return the year of "13" or "2013"; two digits are of 1950 to 2049."""
    number = int(word)
    return number if number > 99 else number + (1900 if number >= 50 else 2000)


def _day(year: int, month: int, day: int, confidence: float = 0.98) -> Draft | None:
    date = make_date(year, month, day)
    return Draft(date.isoformat(), "DATE", confidence, explicit=True) if date else None


def _iso(match: re.Match[str], _scene: Scene) -> Draft | None:
    if int(match["y"]) < FIRST_YEAR:
        return None  # of another calendar
    draft = _day(int(match["y"]), int(match["m"]), int(match["d"]))
    if draft and match["clock"]:
        return Draft(draft.value + "T" + match["clock"], "TIME", 0.98, explicit=True)
    return draft


def _numeric(match: re.Match[str], scene: Scene) -> Draft | None:
    first, second, year = int(match["a"]), int(match["b"]), full_year(match["y"])
    day, month = (first, second) if scene.day_first else (second, first)
    if month > 12 >= day:
        day, month = month, day
    return _day(year, month, day, 0.95 if max(first, second) > 12 else 0.85)


def place_written_day(match: re.Match[str], scene: Scene) -> dt.date | None:
    """Return the day that the groups ``d``, ``m`` and ``y`` name: without a year, or a month, by what was told."""
    groups, day = match.groupdict(), read_ordinal(match["d"])
    if day is None:
        return None
    if not groups.get("m"):
        return place_day_alone(scene, day)
    if groups.get("y"):
        return make_date(int(groups["y"]), month_number(match["m"]), day)
    return place_day_of_year(scene, month_number(match["m"]), day, match.start(), match.end())[0]


def place_day_alone(scene: Scene, day: int) -> dt.date | None:
    """Return the day of a month that was told ("on the 14th"), else of the month of publication or the one before."""
    row = scene.narrated_any()
    base = row.days[0] if row is not None and (row.days[1] - row.days[0]).days <= MONTH_DAYS else scene.today
    if base is None:
        return None
    if row is None and scene.today is not None and day > scene.today.day:
        return make_date(*shift_month(base.year, base.month, -1), day)
    return make_date(base.year, base.month, day)


def _day_alone(match: re.Match[str], scene: Scene) -> Draft | None:
    """On the 14th, until the fourth: a day of the month that is told."""
    number = read_ordinal(match["d"])
    date = place_day_alone(scene, number) if number else None
    return Draft(date.isoformat(), "DATE", 0.7, anchor="narrated time") if date else None


def _fiscal(match: re.Match[str], _scene: Scene) -> Draft:
    """A fiscal year is no calendar year, and nobody says when it begins: a value without days."""
    groups = match.groupdict()
    year = full_year(groups["y2"] or groups["y"])
    return Draft(f"FY{year}", "DATE", 0.8, explicit=True)


def _written_day(match: re.Match[str], scene: Scene) -> Draft | None:
    groups = match.groupdict()
    month, day = month_number(match["m"]), read_ordinal(match["d"])
    if (
        day is None
        or _in_a_name(match, scene)
        or (match["m"][0].islower() and not groups.get("y") and match["m"].lower() in ("may", "march"))
    ):
        return None
    if year := groups.get("y") or _year_ahead(scene, match.end()):
        return _day(int(year), month, day)
    if (years := _years_since(match, scene)) and scene.published is not None:
        return _day(scene.published[1].year - years, month, day, 0.85)
    date, sure = place_day_of_year(scene, month, day, match.start(), match.end())
    return Draft(date.isoformat(), "DATE", sure) if date else Draft(f"XXXX-{month:02d}-{day:02d}", "DATE", 0.3)


_ANNIVERSARY = re.compile(rf"\b(?P<n>{ORDINAL}) anniversary of $", re.IGNORECASE)


def _years_since(match: re.Match[str], scene: Scene) -> int | None:
    """The years since a day whose anniversary the page tells: "the tenth anniversary of the 3 May shooting"."""
    found = _ANNIVERSARY.search(scene.text[max(0, match.start() - 40) : match.start()])
    return read_ordinal(found["n"]) if found else None


def _in_a_name(match: re.Match[str], scene: Scene) -> bool:
    """A group that is called after a date ("the Mothers of 4 May"): a capital that opens no sentence, and "of"."""
    found = re.search(r"([A-Z][\w’'-]+ of )$", scene.text[max(0, match.start() - 24) : match.start()])
    if found is None:
        return False
    return re.search(rf"[a-z,] {re.escape(found[1] + match[0])}", scene.text[:NAMED_EARLY_CHARS]) is not None


def _day_of_named_year(match: re.Match[str], scene: Scene) -> Draft | None:
    """9 February last year, 20 April of this year."""
    year, day = _named_year(match["named"], scene), read_ordinal(match["d"])
    return _day(year, month_number(match["m"]), day, 0.9) if year and day else None


def _first_of_pair(match: re.Match[str], scene: Scene) -> Draft | None:
    """The 22 of "22 and 23 June"."""
    day, month = int(match["d"]), month_number(match["m"])
    if match["y"]:
        return _day(int(match["y"]), month, day, 0.9)
    date, sure = place_day_of_year(scene, month, day, match.start(), match.end())
    return Draft(date.isoformat(), "DATE", sure) if date else None


def _day_range(match: re.Match[str], scene: Scene) -> Draft | None:
    year = int(match["y"]) if match["y"] else None
    first, second = read_ordinal(match["d"]), read_ordinal(match["d2"])
    month = month_number(match["m"])
    if first is None or second is None:
        return None
    if year is None:
        start, _ = place_day_of_year(scene, month, first, match.start(), match.end())
        year = start.year if start else 0
    a, b = make_date(year, month, first), make_date(year, month, second)
    if a is None or b is None or a >= b:
        return None
    return Draft(a.isoformat(), "DATE", 0.85, (a, b), explicit=bool(match["y"]))  # TIMEX3 has no value for both


FIRST_YEAR = 1500  # before it digits are of the Persian or Muslim calendar
MONTH_DAYS = 31
NAMED_EARLY_CHARS = 20_000  # where a page introduces the names that it uses


_BEFORE_MONTH = re.compile(
    r"\b(?:in|since|by|of|until|till|before|after|from|to|for|during|between|through|throughout|last|next|"
    r"this|early|late|mid|and|"
    r"or|each|every|on|as|around|about|end|following|previous|the)[ -]$",
    re.IGNORECASE,
)
_AMBIGUOUS_MONTHS = frozenset(("may", "march", "june", "april", "august", "mar", "jan", "dec", "sep"))


def is_month_name(scene: Scene, start: int, end: int, word: str) -> bool:
    """Tell a month from a name, a verb or a modal: "May" and "March" need a word before that takes a month."""
    text = scene.text
    if word[0].islower():
        return word.lower() not in ("may", "march", "mar", "dec", "sep", "jan") and len(word) > 3
    before = text[max(0, start - 14) : start]
    if word.lower().rstrip(".") in _AMBIGUOUS_MONTHS or (len(word) < 4 and not word.endswith(".")):
        if word.lower() == "may" and re.match(r"\s+(?:be|not|have|well|also)\b", text[end : end + 8]):
            return False
        return bool(_BEFORE_MONTH.search(before)) and not re.match(r"\s+[A-Z][a-z]", text[end : end + 4])
    return not re.search(r"\b(?:Mr|Mrs|Ms|Dr)\.? $", before)


def _month(match: re.Match[str], scene: Scene) -> Draft | None:
    month, groups = month_number(match["m"]), match.groupdict()
    mod = read_mod(groups.get("mod"))
    if not groups.get("y") and not mod and (ahead := _year_ahead(scene, match.end())) and match["m"][0].isupper():
        return _month_draft(int(ahead), month, mod, 0.9, explicit=True)
    if groups.get("y"):
        if match["m"][0].islower() and match["m"].lower() in ("may", "march") and not mod:
            return None
        return _month_draft(int(match["y"]), month, mod, 0.97, explicit=True)
    rel = (groups.get("rel") or "").lower()
    if not rel and not mod and not is_month_name(scene, match.start("m"), match.end("m"), match["m"]):
        return None
    if (mod or rel) and match["m"][0].islower() and match["m"].lower() in ("may", "march"):
        return None
    year, sure = place_month(scene, month, rel, match.start(), match.end())
    return _month_draft(year, month, mod, sure) if year else Draft(f"XXXX-{month:02d}", "DATE", 0.3)


_AHEAD = re.compile(
    rf"(?: ?[-–—] ?| (?:to|and|or|through|until|till) )(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)"
    rf"?{MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?)?,?"
    rf"(?: in| of)? (?P<y>{YEAR})",
    re.IGNORECASE,
)


def _year_ahead(scene: Scene, end: int) -> str | None:
    """The year that stands only at the end of a range: "from March to August 2011"."""
    found = _AHEAD.match(scene.text, end, end + 48)
    return found["y"] if found else None


def _month_draft(year: int, month: int, mod: str | None, confidence: float, *, explicit: bool = False) -> Draft:
    value = f"{year:04d}-{month:02d}"
    days = interval_of(value)
    return Draft(value, "DATE", confidence, narrow(days, mod) if days else None, mod, explicit)


def place_month(scene: Scene, month: int, rel: str, start: int, end: int) -> tuple[int | None, float]:
    """Return the year of a month without one, and how sure that is."""
    if rel.endswith(("following", "after")) and (row := scene.narrated_any()):
        return row.days[0].year + (month <= row.days[0].month), 0.8
    if rel in ("", "the previous", "the next") or scene.published is None:
        return place_month_of_year(scene, month, start, end)
    first, last = scene.published
    years = {
        "next": first.year + (month <= first.month),
        "this coming": first.year + (month <= first.month),
        "last": last.year - (month >= last.month),
        "the last": last.year - (month >= last.month),
        "this past": last.year - (month >= last.month),
        "this": last.year,
    }
    return (years[rel], 0.9) if rel in years else place_month_of_year(scene, month, start, end)


_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|of|until|till|by|from|to|before|after|during|between|through|and|or|for|early|late|"
    r"mid|circa|year|"
    r"around|about|back|than|as|the|summer|spring|autumn|fall|winter|late|end|start|beginning|christmas|c\.|"
    r"ca\.)[ -]*|[(\[–—-] ?|^|\n)$",
    re.IGNORECASE,
)
# A part of an address, a number of things, a place or a paragraph, a year of another calendar.
_NO_YEAR_BEFORE = re.compile(
    r"(?:[\w.][/_]|\b[a-z]+-|\b(?:some|nearly|almost|least|most|than|room|article|section|paragraph|flight|bought|sold|killed|"
    r"[a-z]+[^e\W]ed|Muslim year|Hijri(?: year)?|Persian(?: year)?|solar year) )$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s+(?:people|men|women|troops|soldiers|dead|km|kilomet|mile|metre|meter|ton|feet|foot|percent|per cent|"
    r"euros?|dollars?|pounds?|"
    r"or so|more\b|other|civilian|[a-z]+ers\b|[a-z]{2,}[^aius\W]s\b)"
)


def _year(match: re.Match[str], scene: Scene) -> Draft | None:
    text, number = scene.text, int(match["y"])
    if re.search(r"\d-\d{1,4}-$|\d-$(?<!\b\d{4}-)", text[max(0, match.start() - 12) : match.start()]):
        return None  # a telephone number
    if _NO_YEAR_BEFORE.search(text[max(0, match.start() - 24) : match.start()]) or text[match.end() :][:1] in (
        "/",
        "_",
    ):
        return None
    led = bool(_YEAR_BEFORE.search(text[max(0, match.start("y") - 12) : match.start("y")]))
    if not led and not 1900 <= number <= 2060:
        return None
    if (number > 2060 or number < 1500) and not re.search(
        r"\b(?:in|since|until|year|by) $", text[max(0, match.start() - 6) : match.start()]
    ):
        return None
    strong = re.search(r"\b(?:in|since|until|during) $", text[max(0, match.start() - 7) : match.start()], re.IGNORECASE)
    named = strong or (led and 1900 <= number <= 2060)
    if _COUNTED.match(text[match.end() : match.end() + 24]) and not (named and number % 50):
        return None
    if re.search(
        r"[$€£#№/]$|\b(?:No|Flight|Highway|Route|Room|page|p)\.? ?$", text[max(0, match.start() - 8) : match.start()]
    ):
        return None
    mod = read_mod(match["mod"])
    days = interval_of(match["y"])
    if days and mod and _EDGE.match(match["mod"]):
        edge = month_span(number, 1, 2) if mod == "START" else month_span(number, 11, 12)
        return Draft(match["y"], "DATE", 0.95, edge, mod, explicit=True)
    return Draft(match["y"], "DATE", 0.95, narrow(days, mod) if days else None, mod, explicit=True)


def _year_range(match: re.Match[str], scene: Scene) -> Draft | None:
    first = int(match["y"])
    last = first - first % 100 + int(match["y2"])
    if not first < last <= first + 120 or re.match(r"[-/]\d", scene.text[match.end() : match.end() + 2]):
        return None
    days: Days = (dt.date(first, 1, 1), dt.date(last, 12, 31))
    return Draft(f"{first}", "DATE", 0.85, days, explicit=True)


_HIJRI_EPOCH = dt.date(622, 7, 19).toordinal()  # the first day of its first year, of the civil calendar
LAST_HIJRI = 1600


def _hijri_year(match: re.Match[str], _scene: Scene) -> Draft | None:
    """The Muslim year 1443, from August 2021 to July 2022; TIMEX3 has no value for another calendar's year.

    By the tabular calendar (Reingold and Dershowitz), a day or two off what is sighted.
    """
    year = int(match["y"])
    if year > LAST_HIJRI:
        return None
    first, after = (_HIJRI_EPOCH + (number - 1) * 354 + (3 + 11 * number) // 30 for number in (year, year + 1))
    days: Days = (dt.date.fromordinal(first), dt.date.fromordinal(after - 1))
    return Draft(f"{days[0].year:04d}", "DATE", 0.9, days, explicit=True)


# "The end of 2011" is its last two months, "late 2011" its last third.
_EDGE = re.compile(r"(?:the )?(?:very )?(?:end|close|start|beginning|turn) of", re.IGNORECASE)
_OWN = re.compile(r"\b(?:his|her|their|my|your|our) $", re.IGNORECASE)


def _decade(match: re.Match[str], scene: Scene) -> Draft | None:
    """The 1990s, the late eighties; "in his 30s" is an age."""
    if _OWN.search(scene.text[max(0, match.start() - 6) : match.start()]) or scene.text.startswith(
        "-", match.start() - 1
    ):
        return None  # a person's, or the model of a machine ("C-80s")
    groups = match.groupdict()
    if groups.get("name"):
        decade = 190 + DECADE_NAMES[match["name"].lower()] // 10
    else:
        digits = match["y"].strip("'’‘")
        decade = int(digits) // 10 if len(digits) == 4 else 190 + int(digits) // 10
    value, mod = str(decade), read_mod(match["mod"])
    days = interval_of(value)
    return Draft(value, "DATE", 0.9, narrow(days, mod) if days else None, mod, explicit=True)


def _century(match: re.Match[str], _scene: Scene) -> Draft | None:
    number = read_ordinal(match["n"].replace(" ", "-").split("-")[-1])
    if match["n"].lower().startswith("twenty-") or match["n"].lower().startswith("twenty "):
        number = (number or 0) + 20
    if not number or not 2 <= number <= 22:
        return None
    first = (number - 1) * 100
    days: Days = (dt.date(first, 1, 1), dt.date(first + 99, 12, 31))
    mod = read_mod(match["mod"])
    return Draft(f"{number - 1:02d}", "DATE", 0.9, narrow(days, mod), mod, explicit=True)


_PERIODS = {"quarter": "Q", "half": "H"}


def _quarter(match: re.Match[str], scene: Scene) -> Draft | None:
    groups = match.groupdict()
    if groups.get("q"):
        letter, number = "Q", int(match["q"])
    else:
        letter, number = (
            _PERIODS[match["p"].lower()],
            {"last": 4, "final": 4}.get(match["n"].lower()) or read_ordinal(match["n"]) or 0,
        )
        number = 2 if letter == "H" and number == 4 else number
    if not 1 <= number <= (4 if letter == "Q" else 2):
        return None
    year = _named_year(groups.get("y"), scene)
    return Draft(f"{year:04d}-{letter}{number}", "DATE", 0.85, explicit=bool(groups.get("y"))) if year else None


def _named_year(words: str | None, scene: Scene) -> int | None:
    if words and words.isdigit():
        return int(words)
    if scene.published is None:
        return None
    shift = {"last": -1, "next": 1}.get((words or "").lower().split(" ")[0], 0)
    return scene.published[1].year + shift


def _week_of_month(match: re.Match[str], scene: Scene) -> Draft | None:
    number = 5 if match["n"].lower() in ("last", "final") else read_ordinal(match["n"])
    month = month_number(match["m"])
    year = int(match["y"]) if match["y"] else place_month(scene, month, "", match.start(), match.end())[0]
    if not number or not year or number > 5:
        return None
    span = month_span(year, month, month)
    assert span is not None
    first = min(1 + 7 * (number - 1), span[1].day - 6)
    days = (dt.date(year, month, first), dt.date(year, month, first + 6))
    return Draft(f"{year:04d}-{month:02d}-W{number:02d}", "DATE", 0.7, days)


def _season_year(match: re.Match[str], scene: Scene) -> Draft | None:
    year = _named_year(match["y"], scene)
    if not year:
        return None
    value = f"{year:04d}-{SEASONS[match['s'].lower()]}"
    mod = read_mod(match["mod"])
    days = interval_of(value)
    return Draft(value, "DATE", 0.93, narrow(days, mod) if days else None, mod, explicit=match["y"].isdigit())


def _holiday(match: re.Match[str], scene: Scene) -> Draft | None:
    name = re.sub(r"\s+", " ", match["h"].lower().replace("’", "'"))
    if match["h"][0].islower() or re.search(
        r"\b(?:Orthodox|Coptic|Eastern) $", scene.text[max(0, match.start() - 10) : match.start()]
    ):
        return None  # another church's Easter is another day
    if match["y"]:
        year = _named_year(match["y"], scene)
        day = holiday_date(name, year) if year else None
        return Draft(day.isoformat(), "DATE", 0.9, explicit=match["y"].isdigit()) if day else None
    today = scene.today
    if today is None:
        return None
    direction = tense_around(scene, match.start(), match.end())
    options = [d for k in (-1, 0, 1) if (d := holiday_date(name, today.year + k))]
    if direction == "future" or (match["rel"] or "").lower() == "next":
        options = [d for d in options if d >= today] or options
    elif direction == "past" or (match["rel"] or "").lower() == "last":
        options = [d for d in options if d <= today] or options
    day = min(options, key=lambda d: (abs((d - today).days), d))
    return Draft(day.isoformat(), "DATE", 0.8)


def _day_of_unit(match: re.Match[str], scene: Scene) -> Draft | None:
    """The 20th of next month."""
    value, day = next_month(scene, {"last": -1, "next": 1}.get(match["rel"].lower(), 0)), read_ordinal(match["d"])
    return _day(int(value[:4]), int(value[5:]), day, 0.85) if value and day else None


def _month_of_year(match: re.Match[str], scene: Scene) -> Draft | None:
    """June next year, March of last year."""
    if scene.published is None or (match["m"][0].islower() and match["m"].lower() in ("may", "march")):
        return None
    year = scene.published[1].year + {"last": -1, "next": 1}.get(match["named"].lower(), 0)
    return _month_draft(year, month_number(match["m"]), None, 0.9)


def _first_of_month(match: re.Match[str], scene: Scene) -> Draft | None:
    """Fiscal or calendar "month/year" in digits: "10/2013"; within an address it is none."""
    if scene.text[match.start() - 1 : match.start()] == "/" or scene.text[match.end() : match.end() + 1] == "/":
        return None
    month = int(match["mm"])
    return _month_draft(int(match["y"]), month, None, 0.8, explicit=True) if 1 <= month <= 12 else None


def next_month(scene: Scene, by: int) -> str | None:
    """Return the month ``by`` months after that of publication."""
    if scene.published is None:
        return None
    year, month = shift_month(scene.published[1].year, scene.published[1].month, by)
    return f"{year:04d}-{month:02d}"


_WD = rf"(?:{ANY_WEEKDAY},? (?:the )?)?"
MONTH_AND_DAY = rf"(?P<m>{MONTH}) (?P<d>{DAY}|{ORDINAL})(?:(?: ?, ?| of | )(?P<y>{YEAR}))?"
DAY_OF_MONTH = rf"(?P<d>{DAY}|{ORDINAL}) (?:of )?(?P<m>{MONTH})(?:(?: ?, ?| of | in | )(?P<y>{YEAR}))?"
_THAT_YEAR = rf"(?P<y>{YEAR}|(?:last|this|next) year)"
RULES: list[Rule] = [
    compile_rule(
        (
            r"(?P<y>\d{4})[-/.](?P<m>0?[1-9]|1[0-2])[-/.](?P<d>0?[1-9]|[12]\d|3[01])(?:[T ](?P<clock>\d\d:\d\d)"
            r"(?::\d\d)?Z?)?"
        ),
        _iso,
    ),
    compile_rule(
        r"(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<y>(?:1[5-9]|20)\d\d|\d\d)(?![\d./-]\d)", _numeric
    ),
    compile_rule(
        rf"{_WD}(?P<m>{MONTH}) ?(?:the )?(?P<d>{DAY}|{ORDINAL})(?:(?: ?, ?| of | )(?P<y>{YEAR}))?", _written_day
    ),
    compile_rule(
        (
            rf"{_WD}(?:the )?(?P<d>{DAY}|{ORDINAL})\.?(?: day)? (?:of )?(?P<m>{MONTH})(?:(?: ?, ?| of | in | )"
            rf"(?P<y>{YEAR}))?"
        ),
        _written_day,
    ),
    compile_rule(
        rf"(?:the )?(?P<d>{DAY}|{ORDINAL}) (?:of )?(?P<m>{MONTH}),? (?:of )?(?P<named>last|next|this) year",
        _day_of_named_year,
    ),
    compile_rule(
        rf"(?P<m>{MONTH}) (?P<d>{DAY}|{ORDINAL}),? (?:of )?(?P<named>last|next|this) year", _day_of_named_year
    ),
    compile_rule(
        rf"(?P<d>[12]?\d|3[01])(?= (?:and|or|until|till) (?:[12]?\d|3[01]) (?P<m>{MONTH})(?: (?P<y>{YEAR}))?)",
        _first_of_pair,
    ),
    compile_rule(
        rf"(?P<m>{MONTH}) (?P<d>{DAY}) ?(?:-|–|—|to|through) ?(?P<d2>{DAY})(?:(?: ?, ?| )(?P<y>{YEAR}))?", _day_range
    ),
    compile_rule(
        rf"(?P<d>{DAY}) ?(?:-|–|—|to) ?(?P<d2>{DAY}) (?:of )?(?P<m>{MONTH})(?:(?: ?, ?| )(?P<y>{YEAR}))?", _day_range
    ),
    compile_rule(rf"(?:{PART})?(?P<m>{MONTH})(?: of |, | ?)(?P<y>{YEAR})", _month),
    compile_rule(
        rf"(?:{PART})?(?:(?P<rel>last|next|this|this past|this coming|the following|the previous) )?(?P<m>{MONTH})",
        _month,
    ),
    compile_rule(rf"(?:{PART})?(?:the year )?(?P<y>{YEAR})", _year),
    compile_rule(r"(?:the )?(?:year )?(?P<y>[1-9]\d{2,3}) (?-i:AH\b|A\.H\.)", _hijri_year),
    compile_rule(r"(?:the )?(?:year )?(?-i:AH|A\.H\.) (?P<y>[1-9]\d{2,3})(?![\d.,]\d)", _hijri_year),
    compile_rule(rf"(?P<y>{YEAR}) ?[-–—/] ?(?P<y2>\d\d)(?!\d)", _year_range),
    compile_rule(rf"(?:{PART})?(?:the )?(?P<y>(?:1[0-9]|20)\d0|['’‘]?[2-9]0)['’]?s", _decade),
    compile_rule(rf"(?:{PART})?the (?:nineteen[ -])?(?P<name>{'|'.join(DECADE_NAMES)})", _decade),
    compile_rule(rf"(?:{PART})?(?:the )?(?P<n>(?:twenty[- ])?{ORDINAL})(?: | ?- ?)century", _century),
    compile_rule(
        (
            r"(?:the )?(?P<n>first|second|third|fourth|last|final) (?P<p>quarter|half)(?: of)?(?: the year)?(?: "
            rf"of)? (?P<y>{YEAR}|(?:last|this|next) year)"
        ),
        _quarter,
    ),
    compile_rule(r"(?:the )?(?P<n>first|second|third|fourth|last|final) (?P<p>quarter|half) of the year", _quarter),
    compile_rule(rf"Q(?P<q>[1-4])(?:[ -]| of )?(?P<y>{YEAR})?", _quarter),
    compile_rule(
        rf"(?:the )?(?P<n>first|second|third|fourth|last|final) week (?:of|in) (?P<m>{MONTH})(?:,? (?P<y>{YEAR}))?",
        _week_of_month,
    ),
    compile_rule(rf"(?:{PART})?(?:the )?(?P<s>{SEASON}) (?:of )?{_THAT_YEAR}", _season_year),
    compile_rule(rf"(?:(?P<rel>last|next|this) )?(?P<h>{HOLIDAY})(?: (?:of )?{_THAT_YEAR})?", _holiday),
    compile_rule(rf"(?:the )?(?P<d>{ORDINAL}) (?:of|day of) (?P<rel>this|next|last|the) month", _day_of_unit),
    compile_rule(r"(?<![\d-])(?P<mm>0?[1-9]|1[0-2]) ?[-/] ?(?P<y>(?:19|20)\d\d)(?![\d-])", _first_of_month),
    compile_rule(r"(?P<y>(?:19|20)\d\d) ?[-/] ?(?P<mm>0?[1-9]|1[0-2])(?![-/]\d)", _first_of_month),
    compile_rule(rf"(?P<y>{YEAR}),? (?P<m>{MONTH})(?! \d)", _month),
    compile_rule(rf"(?P<m>{MONTH}),? (?:of )?(?P<named>last|next|this) year", _month_of_year),
    compile_rule(
        (
            rf"(?<=\b(?:on|by|of|to)\s)the (?P<d>{ORDINAL})"
            r"(?=[.,;:)!?”]|$| (?:and|or|but|when|by|at|in|to|was|is|that|he|she|they|it|his|her)\b)"
        ),
        _day_alone,
    ),
    compile_rule(rf"(?:the )?(?:fiscal|financial|tax)(?: year)? (?P<y>{YEAR})(?:[-–/](?P<y2>\d\d)(?!\d))?", _fiscal),
    compile_rule(r"FY ?['’]?(?P<y>(?:20)?\d\d)(?:[-–/](?P<y2>\d\d)(?!\d))?", _fiscal),
]
