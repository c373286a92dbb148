"""How well times are read: Recognizers-Text cases, GUM's dates, the ferry pile.

``python -m evals.times [--show N]`` prints a table and exits 1 where a floor of ``floors.toml`` is missed.

Recognizers-Text tests a calendar assistant; left out is what news does not write (see ``LEFT_OUT``),
with the count of each reason in the table. Names of days, months and holidays get the capital that
news gives them. A case passes when every expected expression is found (intersection over union of at
least .5) with its value, or with the interval of its past or future resolution, and, where it expects
none, none is found.
"Two weeks ago" has the grain of its unit in TIMEX3: a resolution to the day passes inside the interval.
"""

from __future__ import annotations

import argparse
import calendar
import collections
import datetime as dt
import gzip
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storyledger.export import read_story
from storyledger.reading.times import find_times
from storyledger.reading.times.timex import interval_of
from storyledger.types import Article, Reading, TimeExpression

SHARED = Path(__file__).resolve().parents[2] / "shared"
FLOORS = Path(__file__).with_name("floors.toml")
GROUPS = {
    "DateParser": "dates",
    "HolidayParser": "dates",
    "DatePeriodParser": "periods",
    "DurationParser": "durations",
    "SetParser": "sets",
    "DateTimeModel": "mixed",
}
# reason -> what a case's input, value or type looks like that news does not hold
LEFT_OUT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("time zones and clock arithmetic", re.compile((r"timezone|datetimealt|datetimerange|timerange|"
        r"datetimeV2\.time\b|datetimeV2\.datetime\b"), re.IGNORECASE)),
    ("a day without its month", re.compile(r"XXXX-XX-\d\d")),
    ("business days, fiscal and school years, week numbers", re.compile((r"P\d+BD|\bFY|\bSY|fiscal|school "
        r"year|\bcy ?\d|calendar year|business day|working day|\bweek \d+|\bW\d\d?\b|\d+(?:st|nd|rd|th) week|"
        r"week (?:number|of the year)|\bweek starting|\bw/c\b"), re.IGNORECASE)),
    ("typing errors, chat and command shorthand", re.compile((r"\b(?:tmr|tmrw|tom|wk|wks|yr|mon\.? |eod|eoy|"
        r"eom|eoq|cortana|h\b|3h|min\b|hrs?\b|schdule|noe|yuandan)\b|\d{1,2}\.\d{1,2}(?!\d|\.\d)|\d+hr|\d+min|"
        r"all-|full-"), re.IGNORECASE)),
    ("ranges, which TIMEX3 writes as two expressions", re.compile(r"^\(XXXX|\(\d{4}.*,.*\)", re.IGNORECASE)),
    ("sets of clock times, which TIMEX3 writes as two expressions", re.compile(r"^(?:XXXX-WXX-\d)?T\d\d(?::\d\d)?$")),
    ('sums and open ends: "3 days after May 2", "2018 or later"', re.compile((r"\b(?:after|before|from|since) "
        r"(?:today|yesterday|tomorrow|now on|january|february|march|april|may|june|july|august|sep\w*|october|"
        r"november|december|christmas|easter|new year|\d{4}|\d\d?/\d)|greater|or later|or after|and after|or "
        r"before|not \d|more than .* ago|less than .* ago"), re.IGNORECASE)),
    ("years without their century, or spelled in words", re.compile((r"XX\d0-|two thousand|one thousand|two "
        r"hundred|nineteen \w+|twenty (?:sixteen|seventeen|eighteen|fifteen|twelve|ten|nineteen|twenty)\b|"
        r"\bof \d\d\b|August 99"), re.IGNORECASE)),
    ("numeric dates without a year", re.compile((r"(?<![\d/-])\d{1,2}[/-]\d{1,2}(?:,\s?\d{2,4})?(?![\d/-])|"
        r"\b[a-z]{3}[/-]?\d{1,2}\b"), re.IGNORECASE)),
    ("an assistant's day (\"my day\", \"the day\", \"last day\")", re.compile((r"\b(?:my|the|the last|the "
        r"next|last|next|this|current|of|entire) (?:day|date)\b"), re.IGNORECASE)),
    ("vague numbers as just three", re.compile(r"\bfew\b|\bseveral\b|\bsome (?:day|week|month|year)", re.IGNORECASE)),
    ("weekdays counted in a month, other calendars, dates that do not exist", re.compile((r"XXXX-\d\d-WXX|"
        r"WXX-\d-#|lunar|hijri|islamic|chinese|XXXX-02-30|-02-(?:29|30)\b|-WXX-\d-\d|0001-01-01|32|eid al|"
        r"\b(?:first|second|third|fourth|fifth) (?:mon|tues|wednes|thurs|fri|satur|sun)day"), re.IGNORECASE)),
)  # fmt: skip
_CAPITALS = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:january|february|march|april|may|june|july|"
    r"august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\b(?=\.?,? ?(?:the )?\d|\.)|(?<=in |of )(?:january|"
    r"february|march|april|may|june|july|august|september|october|november|december)\b|"
    r"\b(?:january|february|april|june|july|august|september|october|november|december)\b|\b(?:christmas|"
    r"easter|thanksgiving|halloween|labor|memorial|independence|earth|new year)\b",
)


@dataclass(frozen=True)
class Case:
    """A specification: the text, the day it is said, and what is expected (text, values, intervals)."""

    group: str
    text: str
    day: str
    expected: list[tuple[str, int | None, set[str], set[tuple[str, str]]]]
    left_out: str | None


def iter_cases() -> Iterator[Case]:
    folder = SHARED / "data" / "time-and-numbers" / "DateTime"
    for name, group in GROUPS.items():
        for row in json.loads(gzip.decompress((folder / f"{name}.json.gz").read_bytes())):
            text = _CAPITALS.sub(lambda m: m[0][0].upper() + m[0][1:], row["Input"])
            day = ((row.get("Context") or {}).get("ReferenceDateTime") or "2016-11-07")[:10]
            if not row["Results"] and name != "DateTimeModel":
                continue  # "not a date" there: another extractor's case
            expected = [_read_result(result) for result in row["Results"]]
            types = " ".join(str(r.get("Type") or r.get("TypeName")) for r in row["Results"])
            values = [v for e in expected for v in e[2]]
            yield Case(group, text, day, expected, _reason([row["Input"], types, *values]))


def _reason(texts: list[str]) -> str | None:
    return next((why for why, pattern in LEFT_OUT if any(pattern.search(t) for t in texts)), None)


def _read_result(result: dict[str, Any]) -> tuple[str, int | None, set[str], set[tuple[str, str]]]:
    value = result.get("Value") or {}
    rows = [value.get(k) or {} for k in ("FutureResolution", "PastResolution")] + list(
        ((result.get("Resolution") or {}).get("values")) or []
    )
    values = {v for v in [value.get("Timex"), *(r.get("timex") for r in rows)] if v}
    spans = set()
    for row in rows:
        one = row.get("date") or row.get("value") or ""
        first, last = row.get("startDate") or row.get("start") or one, row.get("endDate") or row.get("end") or one
        if re.match(r"\d{4}-\d\d-\d\d", str(first)) and re.match(r"\d{4}-\d\d-\d\d", str(last)):
            spans.add((str(first)[:10], str(last)[:10]))
    return result.get("Text") or "", result.get("Start"), values, spans


def passes(case: Case) -> bool:
    article = make_article(case.text, case.day)
    found = find_times(article, empty_reading(article))
    if len(found) != len(case.expected) and not case.expected:
        return False
    return all(any(_fits(time, case, *expected) for time in found) for expected in case.expected)


def _fits(
    time: TimeExpression, case: Case, words: str, at: int | None, values: set[str], spans: set[tuple[str, str]]
) -> bool:
    start = case.text.lower().find(words.lower()) if at is None else at
    end = start + len(words)
    shared = min(end, time.evidence.end) - max(start, time.evidence.start)
    joined = max(end, time.evidence.end) - min(start, time.evidence.start)
    if start < 0 or shared <= 0 or shared / joined < 0.5:
        return False
    if time.value in values or _half_unit(time.value) in {_half_unit(v) for v in values}:
        return True
    if not spans and any(
        re.fullmatch(v.replace("XXXX", r"\d{4}"), time.value)
        for v in values
        if v.startswith("XXXX-") and "WXX" not in v
    ):
        return True  # the case gives no resolution, ours is one
    if (
        values & {"SP", "SU", "FA", "WI"} and time.value[-2:] in values
    ):  # news gives the year that the assistant leaves open
        return True
    if any(time.earliest == a and time.latest in (b, _day_before(b)) for a, b in spans):
        return True
    counted = re.search(r"\b(?:week|month|year|decade)s?\b", words, re.IGNORECASE) and re.search(
        r"^in\b|\b(?:ago|from now|later|earlier|back|hence)\b", words, re.IGNORECASE
    )
    return bool(counted and time.earliest and time.latest) and any(time.earliest <= a <= time.latest for a, _ in spans)


def _half_unit(value: str) -> str:
    """P0.5Y and P6M, PT2.5H and PT150M, P10Y and P1DE are the same length."""
    for pattern, unit, factor in (
        (r"PT([\d.]+)H", "PT{:g}M", 60),
        (r"P([\d.]+)Y", "P{:g}M", 12),
        (r"P([\d.]+)DE", "P{:g}M", 120),
        (r"P([\d.]+)W", "P{:g}D", 7),
    ):
        if match := re.fullmatch(pattern, value):
            return unit.format(float(match[1]) * factor)
    return value


def _day_before(day: str) -> str:
    return (dt.date.fromisoformat(day) - dt.timedelta(1)).isoformat()


def make_article(text: str, day: str | None) -> Article:
    return Article(
        "document",
        "document",
        None,
        "utf-8",
        "",
        text,
        (),
        (),
        published=day,
        published_earliest=day,
        published_latest=day,
    )


def empty_reading(article: Article) -> Reading:
    return Reading(article.id, (), (), (), (), ())


def score_recognizers(show: int) -> dict[str, float]:
    counts: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0])
    left: collections.Counter[str] = collections.Counter()
    for case in iter_cases():
        if case.left_out:
            left[case.left_out] += 1
            continue
        ok = passes(case)
        counts[case.group][0] += ok
        counts[case.group][1] += 1
        if not ok and show > 0:
            show -= 1
            article = make_article(case.text, case.day)
            got = [
                (t.evidence.text, t.value, t.earliest, t.latest) for t in find_times(article, empty_reading(article))
            ]
            print(
                "  failed:",
                case.group,
                repr(case.text),
                case.day,
                "want",
                [(w, sorted(v), sorted(s)) for w, _, v, s in case.expected],
                "got",
                got,
            )
    for reason, n in left.most_common():
        print(f"  left out {n:4d}  {reason}")
    for group, (good, total) in sorted(counts.items()):
        print(f"  recognizers {group:10s} {good}/{total} = {good / total:.3f}")
    return {"recognizers": sum(c[0] for c in counts.values()) / sum(c[1] for c in counts.values())}


def _gum_text(xml: str) -> tuple[str, list[tuple[int, int, dict[str, str]]]]:
    """The text of a GUM document with its dates as ranges of it."""
    parts: list[str] = []
    size, open_at, dates = 0, [], []
    for line in xml.splitlines():
        if match := re.match(r"<date\b([^>]*)>", line):
            open_at.append((size, dict(re.findall(r'(\w+)="([^"]*)"', match[1]))))
        elif line.startswith("</date>") and open_at:
            start, keys = open_at.pop()
            dates.append((start, size, keys))
        elif re.match(r"<(?:head|p|item)\b", line) and parts:
            parts.append("\n\n")
            size += 2
        elif not line.startswith("<") and "\t" in line:
            word = line.split("\t")[0]
            glue = (
                ""
                if not parts
                or word in (",", ".", ";", ":", ")", "!", "?", "'s", "’s", "%")
                or parts[-1].strip(" ") in ("(", "\n\n", "$", "[")
                else " "
            )
            parts.append(glue + word)
            size += len(glue + word)
    return "".join(parts), dates


def score_gum(show: int) -> dict[str, float]:
    """Share of GUM's dates whose interval is exact.

    Left out: dates of no year, bounds (notBefore), BC and names of eras.
    """
    right = total = left = 0
    for path in sorted((SHARED / "data" / "gum-xml").glob("*/*.xml.gz")):
        xml = gzip.decompress(path.read_bytes()).decode("utf-8")
        created = re.search(r'dateCreated="(\d{4}-\d\d-\d\d)"', xml)
        text, dates = _gum_text(xml)
        article = make_article(text, created[1] if created else None)
        found = find_times(article, empty_reading(article))
        for start, end, keys in dates:
            want = _gum_span(keys)
            if want is None or not re.search(
                (
                    r"\d|day|week|month|year|decade|centur|spring|summer|autumn|winter|Jan|Feb|Mar|Apr|May|Jun|"
                    r"Jul|Aug|Sep|Oct|Nov|Dec|morrow"
                ),
                text[start:end],
            ):
                left += 1
                continue
            total += 1
            got = [t for t in found if min(t.evidence.end, end) > max(t.evidence.start, start)]
            whole = [interval_of(t.value) for t in got]  # GUM's years and decades are whole where a word narrows them
            ok = any((t.earliest, t.latest) == want for t in got) or want in [
                (str(d[0]), str(d[1])) for d in whole if d
            ]
            right += ok
            if not ok and show > 0:
                show -= 1
                print(
                    "  gum:",
                    path.name[4:-7],
                    created and created[1],
                    repr(text[max(0, start - 50) : end + 20]),
                    "want",
                    want,
                    "got",
                    [(t.evidence.text, t.value) for t in got],
                )
    print(f"  gum dates {right}/{total} = {right / total:.3f} exact (left out: {left})")
    return {"gum": right / total}


def _gum_span(keys: dict[str, str]) -> tuple[str, str] | None:
    when, first, last = keys.get("when"), keys.get("from"), keys.get("to")
    if when and re.fullmatch(r"\d{4}(?:-\d\d)?(?:-\d\d)?", when):
        return _edge(when, last=False), _edge(when, last=True)
    if first and last and all(re.fullmatch(r"\d{4}(?:-\d\d)?(?:-\d\d)?", v) for v in (first, last)):
        return _edge(first, last=False), _edge(last, last=True)
    return None


def _edge(value: str, *, last: bool) -> str:
    parts = [int(p) for p in value.split("-")]
    if len(parts) == 1:
        parts.append(12 if last else 1)
    if len(parts) == 2:
        parts.append(calendar.monthrange(max(parts[0], 1), parts[1])[1] if last else 1)
    return f"{parts[0]:04d}-{parts[1]:02d}-{parts[2]:02d}"


def score_ferry() -> dict[str, float]:
    """Share of the ferry gold's expressions with a value that it takes, body text, 01 to 11 and 12 to 16."""
    pile = SHARED / "piles" / "ferry"
    story = read_story(pile / "gold_story.json")
    gold = json.loads((pile / "gold.json").read_text(encoding="utf-8"))
    scores = {}
    for name, first, last in (("ferry_01_11", "01", "11"), ("ferry_12_16", "12", "16")):
        right = total = 0
        for article in story.documents:
            if not first <= article.path[:2] <= last:
                continue
            got = collections.Counter((t.evidence.text, t.value) for t in find_times(article, empty_reading(article)))
            for row in gold["time_expressions"]:
                if row["file"] == Path(article.path).name and not row.get("optional"):
                    total += 1
                    hit = next((v for v in (row["value"], *(row.get("alt") or ())) if got[row["text"], v] > 0), None)
                    right += hit is not None
                    if hit is not None:
                        got[row["text"], hit] -= 1
        print(f"  {name} same words and value {right}/{total} = {right / total:.3f}")
        scores[name] = right / total
    return scores


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=int, default=0, help="print up to N misses of each set")
    show = parser.parse_args().show
    if not SHARED.is_dir():
        print("../shared is absent: nothing to measure")
        return 0
    scores = score_recognizers(show) | score_gum(show) | score_ferry()
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8")).get("times", {}) if FLOORS.is_file() else {}
    missed = [f"{k}: {scores[k]:.3f} is under the floor {v}" for k, v in floors.items() if scores.get(k, 0.0) < v]
    print("\n".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
