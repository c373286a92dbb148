"""The label of a pair of figures of one quantity: agree, rounded, superseded, compatible or conflict.

Invariant: scope before verdict; what is in doubt is compatible; the label does not depend on the order
of the pair. This module must not know how quantities are found.
"""

from __future__ import annotations

from typing import Literal

from .entries import Entry

Label = Literal["agree", "rounded", "superseded", "compatible", "conflict"]

# counts that grow or shrink while a story runs; a later one replaces an earlier one
RUNNING = frozenset(("dead", "missing", "injured", "rescued", "displaced", "arrested", "infected"))
CONFLICTING = frozenset((*RUNNING, "aboard", "protest"))
SHARED_NAMES = 3  # rarer names that two pages of one story share; 364 Wikinews articles: 2 let strangers meet
STORY_DAYS = 366
OFFERS_APART = 10  # a raised offer; beyond, something else is paid for
MOST_APART = 2.5  # counts further apart than this differ in what they count more often than in fact
ROUNDED = 0.05  # of a number, at most so much is lost by rounding
NEAR_DAYS = 2  # a rounded count may be a day or two off the exact one


def judge_pair(a: Entry, b: Entry) -> tuple[Label, float]:
    """Return the label of the pair and how sure it is.

    Equal figures agree. Then a running count that is told later supersedes; the same source speaking
    again supersedes itself; what an approximation or a bound allows, near by, is rounded. A conflict needs the
    same scope, the same day (or a fixed quantity) and numbers that cannot both hold.
    """
    if _later(b, a):
        a, b = b, a
    if a.scope != b.scope and not (_same(a, b) and (a.scope is None or b.scope is None)):
        return "compatible", 0.7
    if _same(a, b):
        return "agree", 0.9
    if a.kind in RUNNING:
        return _judge_running(a, b)
    return _judge_fixed(a, b)


def _later(a: Entry, b: Entry) -> bool:
    """Whether ``b`` is told of an earlier day than ``a`` ... read as: a comes before b."""
    key_a = (a.first.isoformat() if a.first else "", a.figure.evidence.document, a.figure.evidence.start)
    key_b = (b.first.isoformat() if b.first else "", b.figure.evidence.document, b.figure.evidence.start)
    return key_a < key_b


def _same(a: Entry, b: Entry) -> bool:
    """Equal values, within the error of a conversion where the units differ."""
    if a.figure.value is None or b.figure.value is None:
        return (a.low, a.high) == (b.low, b.high)
    if {a.figure.comparator[:1], b.figure.comparator[:1]} == {"<", ">"}:
        return False
    slack = 0.0 if a.figure.unit == b.figure.unit else 0.03
    return abs(a.value - b.value) <= slack * max(abs(a.value), abs(b.value)) + 1e-9


def _near(a: Entry, b: Entry) -> bool:
    """One stands for the other: an approximation, a bound close by, or the same number with fewer digits."""
    overlap = a.low <= b.high and b.low <= a.high
    big = max(abs(a.value), abs(b.value))
    close = abs(a.value - b.value) <= 0.25 * big
    if overlap and close and a.figure.comparator != b.figure.comparator:
        return True
    return _fewer_digits(a.value, b.value) or _fewer_digits(b.value, a.value)


def _fewer_digits(short: float, long: float) -> bool:
    """4.7 billion is 4.65 billion rounded; 30 is not 29 rounded: two digits at least, or a large number."""
    if short == 0 or long == 0 or (abs(short) < 100 and short == int(short)):
        return False
    if abs(short - long) > ROUNDED * abs(long):
        return False  # 25,000 comes to 20,000 in one digit; no writer means that
    digits = len(f"{abs(short):.10g}".replace(".", "").strip("0"))
    if digits >= len(f"{abs(long):.10g}".replace(".", "").strip("0")) or (digits < 2 and abs(short) < 10_000):
        return False
    return float(f"{long:.{digits}g}"[:24]) == short or abs(
        float(f"{long * (1 + 1e-9):.{digits}g}") - short
    ) < 1e-9 * abs(short)


def _gap_days(a: Entry, b: Entry) -> int | None:
    if a.first is None or b.first is None or a.last is None or b.last is None:
        return None
    if a.first <= b.last and b.first <= a.last:
        return 0
    return max((b.first - a.last).days, (a.first - b.last).days)


def _judge_running(a: Entry, b: Entry) -> tuple[Label, float]:
    gap = _gap_days(a, b)
    if gap is None:
        return "compatible", 0.5
    if _is_part(a, b) or _are_two_events(a, b):
        return "compatible", 0.7
    if gap <= NEAR_DAYS and a.figure.comparator != b.figure.comparator and _near(a, b) and not _vague_pair(a, b):
        return "rounded", 0.75
    if gap == 0:
        return _same_day(a, b)
    grows = a.kind not in ("missing", "displaced")
    if not grows or b.value > a.value or _same_source(a, b):
        return "superseded", 0.8
    return "compatible", 0.6


def _vague_pair(a: Entry, b: Entry) -> bool:
    """Such as "Dozens" is no rounding of 34 told a day later: a lower bound says nothing of how many."""
    return ">=" in (a.figure.comparator, b.figure.comparator) and _gap_days(a, b) != 0


def _same_day(a: Entry, b: Entry) -> tuple[Label, float]:
    if a.low <= b.high and b.low <= a.high:
        return "compatible", 0.6
    if (a.corrects or b.corrects) and (_same_source(a, b) or a.figure.evidence.document == b.figure.evidence.document):
        return "superseded", 0.7
    return ("conflict", 0.75) if _comparable(a, b) else ("compatible", 0.5)


def _is_part(a: Entry, b: Entry) -> bool:
    """Two numbers of one sentence in one mouth are a whole and its part."""
    one = a.figure.evidence.document == b.figure.evidence.document and a.sentence == b.sentence
    return one and a.figure.attributed_to == b.figure.attributed_to


def _are_two_events(a: Entry, b: Entry) -> bool:
    """Two attacks, each with its dead: neither tells how a count stands, and no name of their sentences is shared."""
    told = a.kind in ("dead", "injured", "arrested")
    return told and not a.status and not b.status and not a.near & b.near


def _same_source(a: Entry, b: Entry) -> bool:
    return a.figure.attributed_to is not None and a.figure.attributed_to == b.figure.attributed_to


def _judge_fixed(a: Entry, b: Entry) -> tuple[Label, float]:
    upper = a.figure.comparator == b.figure.comparator == "<="
    gap = _gap_days(a, b)
    if _near(a, b) and not upper:
        return "rounded", 0.75
    if _same_source(a, b) and gap and _is_of_one_order(a, b):
        return "superseded", 0.7
    if (a.low <= b.high and b.low <= a.high) and not upper:
        return "compatible", 0.6
    if gap and gap > 7 and _are_offers(a, b):
        return "superseded", 0.65
    if a.kind == "protest" and gap != 0:
        return "compatible", 0.6
    return ("conflict", 0.65) if _comparable(a, b) else ("compatible", 0.5)


_OFFERING = frozenset(("offer", "cost", "price", "estimat", "payment", "budget", "compensat", "pay"))


def _is_of_one_order(a: Entry, b: Entry) -> bool:
    """Whether one sum may have become the other: from 500 million to 22 billion something else is counted."""
    if not a.figure.unit.isupper():  # lengths, times and counts do change by so much
        return True
    return min(abs(a.value), abs(b.value)) * OFFERS_APART >= max(abs(a.value), abs(b.value))


def _are_offers(a: Entry, b: Entry) -> bool:
    """Two prices or offers for one thing: a later one replaces an earlier one, if it is not of another order."""
    near = min(a.value, b.value) * OFFERS_APART >= max(a.value, b.value)
    shared = ((a.stems | a.context) & (b.stems | b.context)) - (a.names & b.names)
    return near and bool(shared & _OFFERING) and (a.stems == b.stems or len(shared) >= 3)


def _comparable(a: Entry, b: Entry) -> bool:
    """Whether a clash of the numbers may be called a conflict at all.

    Counts of people by what befell them, and measures of one thing; counts of things and money differ by what they
    leave out too often (measured on the ferry pile: none of its conflicts is of those).
    """
    if min(a.figure.confidence, b.figure.confidence) < 0.6 or not _of_one_story(a, b) or a.part or b.part:
        return False
    if _is_one_page(a, b) and a.figure.attributed_to == b.figure.attributed_to:
        return False
    if a.block[0] == "people":
        near = min(a.value, b.value) * MOST_APART >= max(a.value, b.value)
        return a.kind in CONFLICTING and (near or a.kind == "protest")
    if a.block[0] in ("count", "percent", "votes") or (len(a.figure.unit) == 3 and a.figure.unit.isupper()):
        return False
    if a.stems and a.stems == b.stems:
        return "…" not in a.figure.about or bool(a.near & b.near) or _is_one_page(a, b)
    return a.block[0] == "knots" and bool((a.context & b.context) - a.names)


def _is_one_page(a: Entry, b: Entry) -> bool:
    return a.figure.evidence.document == b.figure.evidence.document


def _of_one_story(a: Entry, b: Entry) -> bool:
    """Pages that share rarer names and appeared within a year of each other."""
    if _is_one_page(a, b):
        return True
    apart = abs((a.published - b.published).days) if a.published and b.published else 0
    return len(a.names & b.names) >= SHARED_NAMES and apart <= STORY_DAYS
