"""The closed word lists of English time expressions, and the regular expressions made of them.

Invariant: data only; every fragment is a non-capturing group, so that patterns can name their parts.
This module must not know what an expression means.
"""

from __future__ import annotations

from collections.abc import Iterable

from storyledger.language import MONTHS, WEEKDAYS


def _words(listed: str) -> list[str]:
    return listed.split()


SEASONS = {"spring": "SP", "springtime": "SP", "summer": "SU", "summertime": "SU", "autumn": "FA", "fall": "FA"}
SEASONS |= {"winter": "WI", "wintertime": "WI"}
DAY_PARTS = {
    "morning": "TMO",
    "mid-morning": "TMO",
    "dawn": "TMO",
    "sunrise": "TMO",
    "daybreak": "TMO",
    "lunchtime": "TMI",
    "midday": "TMI",
    "noon": "TMI",
    "afternoon": "TAF",
    "evening": "TEV",
    "dusk": "TEV",
    "sunset": "TEV",
    "nightfall": "TNI",
    "night": "TNI",
}
# unit -> (ISO 8601 letter, whether it belongs after the T of a duration)
UNITS = {
    "second": ("S", True),
    "sec": ("S", True),
    "minute": ("M", True),
    "min": ("M", True),
    "hour": ("H", True),
    "hr": ("H", True),
    "day": ("D", False),
    "night": ("D", False),
    "week": ("W", False),
    "weekend": ("WE", False),
    "fortnight": ("W", False),
    "month": ("M", False),
    "quarter": ("Q", False),
    "year": ("Y", False),
    "yr": ("Y", False),
    "summer": ("Y", False),
    "winter": ("Y", False),
    "decade": ("DE", False),
    "century": ("CE", False),
    "centurie": ("CE", False),
    "millennium": ("ML", False),
}
ONES = dict(
    zip(
        _words(
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        ),
        range(1, 20),
        strict=True,
    )
)
TENS = dict(zip(_words("twenty thirty forty fifty sixty seventy eighty ninety"), range(20, 100, 10), strict=True))
ORDINALS = dict(
    zip(
        _words(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ),
        range(1, 21),
        strict=True,
    )
)
DECADE_NAMES = dict(
    zip(
        _words("twenties thirties forties fifties sixties seventies eighties nineties"), range(20, 100, 10), strict=True
    )
)

# Fixed holidays (month, day); moving ones: (month, weekday, nth), nth -1 for the last; days from Easter Sunday.
FIXED_HOLIDAYS = {
    "new year's day": (1, 1),
    "new year's eve": (12, 31),
    "valentine's day": (2, 14),
    "st patrick's day": (3, 17),
    "saint patrick's day": (3, 17),
    "st. patrick's day": (3, 17),
    "earth day": (4, 22),
    "may day": (5, 1),
    "international workers' day": (5, 1),
    "labour day": (5, 1),
    "independence day": (7, 4),
    "bastille day": (7, 14),
    "halloween": (10, 31),
    "all saints' day": (11, 1),
    "armistice day": (11, 11),
    "veterans day": (11, 11),
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "christmas": (12, 25),
    "boxing day": (12, 26),
    "juneteenth": (6, 19),
    "new year": (1, 1),
    "new year eve": (12, 31),
    "inauguration day": (1, 20),
}
MOVING_HOLIDAYS = {
    "martin luther king day": (1, 0, 3),
    "martin luther king jr. day": (1, 0, 3),
    "mlk day": (1, 0, 3),
    "presidents day": (2, 0, 3),
    "presidents' day": (2, 0, 3),
    "mother's day": (5, 6, 2),
    "memorial day": (5, 0, -1),
    "father's day": (6, 6, 3),
    "labor day": (9, 0, 1),
    "columbus day": (10, 0, 2),
    "thanksgiving": (11, 3, 4),
    "thanksgiving day": (11, 3, 4),
    "black friday": (11, 4, 4),
    "cyber monday": (12, 0, 1),
}
EASTER_HOLIDAYS = {
    "ash wednesday": -46,
    "palm sunday": -7,
    "good friday": -2,
    "easter": 0,
    "easter sunday": 0,
    "easter day": 0,
    "easter monday": 1,
    "ascension day": 39,
    "pentecost": 49,
    "whit monday": 50,
}


def alternate(words: Iterable[object]) -> str:
    """Return a non-capturing group of ``words``, longest first."""
    listed = sorted((str(w) for w in words), key=lambda w: (-len(w), w))
    return "(?:" + "|".join(w.replace(".", r"\.").replace("'", "['’]") for w in listed) + ")"


_LONG_MONTHS = [m for m in MONTHS if len(m) > 4 or m in ("may", "june", "july")]
_SHORT_MONTHS = [m for m in MONTHS if m not in _LONG_MONTHS]
MONTH = f"(?:{alternate(_LONG_MONTHS)}|{alternate(_SHORT_MONTHS)}\\b\\.?)"
_LONG_DAYS = [d for d in WEEKDAYS if d.endswith("day")]
_SHORT_DAYS = [d for d in WEEKDAYS if not d.endswith("day")]
WEEKDAY = alternate(_LONG_DAYS)
ANY_WEEKDAY = f"(?:{WEEKDAY}|{alternate(_SHORT_DAYS)}\\b\\.?)"
SEASON = alternate(SEASONS)
DAY_PART = alternate(["morning", "mid-morning", "lunchtime", "midday", "afternoon", "evening", "night"])
YEAR = r"(?:1\d{3}|20\d{2})(?!\d|[.,]\d|%|-\d{3}(?!\d))"
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d:]|[.,]\d|-year)"
ORDINAL = (
    f"(?:(?:twenty|thirty)[- ]{alternate(list(ORDINALS)[:9])}|thirtieth|{alternate(ORDINALS)}|"
    f"\\d{{1,2}}(?:st|nd|rd|th))"
)
HOLIDAY = alternate([*FIXED_HOLIDAYS, *MOVING_HOLIDAYS, *EASTER_HOLIDAYS])

_ONE = alternate(ONES)
_TEN = alternate(TENS)
SMALL_NUMBER = f"(?:{_TEN}(?:[- ]{alternate(list(ONES)[:9])})?|{_ONE}|\\d{{1,3}}(?:,\\d{{3}})*(?:\\.\\d+)?)"
AMOUNT = (
    "(?:half an?|an?\\s+half|a\\s+quarter\\s+of\\s+an|(?:an?\\s+)?couple(?:\\s+of)?|(?:a\\s+|"
    f"half\\s+a\\s+)?dozen|{SMALL_NUMBER}(?:\\s+and\\s+a\\s+half|[- ]and[- ]a[- ]half)?|an?)"
)
VAGUE_AMOUNT = (
    r"(?:(?:a\s+)?(?:good\s+)?many|several|(?:just\s+|only\s+)?a\s+few|few|some|dozens\s+of|"
    r"hundreds\s+of|thousands\s+of|countless|numerous|a\s+number\s+of|a\s+matter\s+of)"
)
UNIT_WORD = (
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|weekends?|fortnights?|"
    r"months?|quarters?|years?|yrs?|decades?|centur(?:y|ies)|millenni(?:um|a))"
)
CALENDAR_UNIT = r"(?:days?|weeks?|weekends?|fortnights?|months?|quarters?|years?|decades?|centur(?:y|ies))"
CLOCK = (
    r"(?:(?:[01]\d|2[0-3])[0-5]\d(?= ?(?:UTC|GMT|local time|hours|hrs)\b)"
    r"|(?:[01]?\d|2[0-4])[:.][0-5]\d(?::[0-5]\d)?(?:\s?(?:[ap]\.m\.|[ap]m\b))?|(?:1[0-2]|0?[1-9])"
    r"(?:\s?(?:[ap]\.m\.|[ap]m\b))|(?:1[0-2]|[1-9])\s+o['’]clock)"
)
