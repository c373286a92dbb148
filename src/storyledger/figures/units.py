"""Units: of measure, money, time and counting, by the word or sign beside a number.

Invariant: the unit is one of the contract's or "count"; a figure in a unit that the contract lacks
("miles") keeps its own value. Sources of the currency codes: ISO 4217. This module must not know
comparators or phrases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SIGNS = {
    "$": "USD",
    "us$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₽": "RUB",
    "₺": "TRY",
    "₪": "ILS",
    "₤": "GBP",
}
_SIGNS |= {
    "a$": "AUD",
    "au$": "AUD",
    "c$": "CAD",
    "ca$": "CAD",
    "nz$": "NZD",
    "hk$": "HKD",
    "s$": "SGD",
    "rs": "INR",
    "rs.": "INR",
}
_SIGNS |= {"usd": "USD", "eur": "EUR", "gbp": "GBP", "iqd": "IQD", "chf": "CHF"}
_MONEY = {
    "dollar": "USD",
    "euro": "EUR",
    "pound": "GBP",
    "sterling": "GBP",
    "yen": "JPY",
    "yuan": "CNY",
    "renminbi": "CNY",
    "rupee": "INR",
    "rouble": "RUB",
    "ruble": "RUB",
    "dinar": "IQD",
    "lira": "TRY",
    "riyal": "SAR",
    "rial": "IRR",
    "shekel": "ILS",
    "dirham": "AED",
    "franc": "CHF",
    "krona": "SEK",
    "kronor": "SEK",
    "krone": "DKK",
    "kroner": "DKK",
    "zloty": "PLN",
    "won": "KRW",
    "peso": "MXN",
    "real": "BRL",
    "rand": "ZAR",
    "hryvnia": "UAH",
    "cent": "count",
}
_MONEY_OF = {
    ("australian", "dollar"): "AUD",
    ("canadian", "dollar"): "CAD",
    ("zealand", "dollar"): "NZD",
    ("kuwaiti", "dinar"): "KWD",
    ("jordanian", "dinar"): "JOD",
    ("iraqi", "dinar"): "IQD",
    ("egyptian", "pound"): "EGP",
    ("syrian", "pound"): "SYP",
    ("lebanese", "pound"): "LBP",
    ("iranian", "rial"): "IRR",
    ("norwegian", "kroner"): "NOK",
    ("norwegian", "krone"): "NOK",
    ("pakistani", "rupee"): "PKR",
    ("turkish", "lira"): "TRY",
    ("syrian", "lira"): "SYP",
    ("us", "dollar"): "USD",
}
_MEASURES = {
    "km": "km",
    "kms": "km",
    "kilometre": "km",
    "kilometer": "km",
    "metre": "metres",
    "meter": "metres",
    "m": "metres",
    "knot": "knots",
    "kt": "knots",
    "tonne": "tonnes",
    "ton": "tonnes",
    "litre": "litres",
    "liter": "litres",
    "percent": "percent",
    "%": "percent",
    "pc": "percent",
    "pct": "percent",
    "percentage": "percent",
    "second": "seconds",
    "minute": "minutes",
    "hour": "hours",
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years",
    "vote": "votes",
    "ballot": "votes",
    "cumec": "m3/s",
}
# units that the contract has no name for, with what one is in a unit that it has
FOREIGN = {
    "mile": ("km", 1.609344),
    "mph": ("km/h", 1.609344),
    "kph": ("km/h", 1.0),
    "foot": ("metres", 0.3048),
    "feet": ("metres", 0.3048),
    "ft": ("metres", 0.3048),
    "yard": ("metres", 0.9144),
    "inch": ("metres", 0.0254),
    "inche": ("metres", 0.0254),
    "gallon": ("litres", 3.785412),
    "barrel": ("litres", 158.987),
    "acre": ("hectares", 0.404686),
    "hectare": ("hectares", 1.0),
    "kg": ("tonnes", 0.001),
    "kilo": ("tonnes", 0.001),
    "kilogram": ("tonnes", 0.001),
    "gram": ("tonnes", 1e-6),
    "centimetre": ("metres", 0.01),
    "centimeter": ("metres", 0.01),
    "cm": ("metres", 0.01),
    "mm": ("metres", 0.001),
    "millimetre": ("metres", 0.001),
    "millimeter": ("metres", 0.001),
    "megawatt": ("MW", 1.0),
    "mw": ("MW", 1.0),
    "fahrenheit": ("fahrenheit", 1.0),
}
_LONG = (
    (re.compile(r"[\s-]*nautical[\s-]+miles?\b", re.IGNORECASE), "nautical_miles"),
    (re.compile(r"[\s-]*(?:per\s?cent|percentage\s+points?|%|percent)(?!\w)", re.IGNORECASE), "percent"),
    (
        re.compile(
            (
                r"[\s-]*(?:degrees?\s+)(?:celsius|centigrade|c)\b|[\s]*°\s?C\b|"
                r"[\s-]*degrees?\b(?!\s+(?:fahrenheit|f\b|north|south|east|west))"
            ),
            re.IGNORECASE,
        ),
        "degrees_celsius",
    ),
    (re.compile(r"\s*(?:cubic\s+met(?:re|er)s?\s+(?:per|a)\s+second|m³/s|m3/s)", re.IGNORECASE), "m3/s"),
    (re.compile(r"\s*(?:cubic\s+met(?:re|er)s?|m³|m3)(?!\w)", re.IGNORECASE), "m3"),
    (
        re.compile(
            r"[\s-]*(?:square\s+(?:miles?|kilomet(?:re|er)s?|met(?:re|er)s?|feet)|sq\s?km|km²|m²)(?!\w)", re.IGNORECASE
        ),
        "count",
    ),
    (
        re.compile(
            (
                r"[\s-]*(?:km/h|kmh|kph|mph|kilomet(?:re|er)s?\s+(?:per|an)\s+hour|miles?\s+(?:per|an)"
                r"\s+hour)\b"
            ),
            re.IGNORECASE,
        ),
        "count",
    ),
)
_NEXT = re.compile(r"[\s\xa0-]*([A-Za-z%°]+)(?:[\s\xa0]+([A-Za-z]+))?")


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit and where its word ends; ``own``: the unit as written, where the contract has no name for it."""

    name: str
    end: int
    own: str | None = None


def read_unit(text: str, end: int, sign: str | None) -> Unit | None:
    """Return the unit of the number that ends at ``end``, or None where a noun is counted."""
    if sign:
        return Unit(_SIGNS.get(sign.lower().strip(), "USD"), end)
    for pattern, long_name in _LONG:
        if found := pattern.match(text, end):
            return Unit(long_name, found.end(), found[0].strip(" -").lower() if long_name == "count" else None)
    if of := re.compile(r"\s+of(?=\s)").match(text, end):
        end = of.end()
    found = _NEXT.match(text, end, min(len(text), end + 40))
    if of and found and _MONEY.get(_single(found[1])) is None:
        return None
    if found is None:
        return None
    if found[2] and (name := _MONEY_OF.get((found[1].lower(), _single(found[2])))):
        return Unit(name, found.end())
    word = _single(found[1])
    if word in ("m", "real", "won", "pound") and not _fits(word, text, end, found):
        return None
    if name := _MEASURES.get(word) or _MONEY.get(word):
        return Unit(name, found.end(1))
    return Unit("count", found.end(1), word) if word in FOREIGN else None


def _fits(word: str, text: str, end: int, found: re.Match[str]) -> bool:
    """Short or double words only where they stand as a unit: "30m deep", "20,000 won", "pounds" not before "of"."""
    if word == "m":
        return text[end : end + 1] == "m" or text[end : end + 2] == " m"
    if word == "pound":
        return (found[2] or "").lower() != "of"
    return word == "won" and text[end : end + 4] == " won" and (found[2] or "").lower() not in ("the", "a", "seats")


def _single(word: str) -> str:
    lower = word.lower()
    if lower in _MEASURES or lower in _MONEY or lower in FOREIGN:
        return lower
    return lower.removesuffix("s")
