"""Growth of the merging of events at 100, 1,000 and 5,000 pages: time, pairs compared, memory.

    python benchmarks/events.py [--sizes 100,1000,5000]

Reports are found once in the 365 dated articles of ../shared/data/wikinews, each name an actor of its own
(one name, one actor); beyond 365 pages an article comes again as another day's: its dates are moved on and
half of its actors are others, so blocks fill as those of a long story do. Exit status 1 where the pairs
compared grow more than 1.6 times as fast as the reports from 1,000 pages on.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from storyledger.events import find_reports, merge_reports
from storyledger.events.blocking import list_pairs
from storyledger.events.merging import make_tellings
from storyledger.reading import load_reader
from storyledger.reading.times import find_times
from storyledger.types import Article, Block, Cast, CastMention, EventReport, EventWhen, Reading

WIKINEWS = Path(__file__).resolve().parents[2] / "shared" / "data" / "wikinews" / "articles.json.gz"
DAYS_ON = 9
MOST_GROWTH = 1.6


def list_articles() -> list[Article]:
    """Return the Wikinews articles as articles of one paragraph a line."""
    articles = []
    for line in gzip.decompress(WIKINEWS.read_bytes()).decode("utf-8").splitlines():
        row = json.loads(line)
        parts = {part["name"]: " ".join(part.get("value", "").split()) for part in row["document"]}
        lines = [row["title"], *(value for name, value in parts.items() if name.startswith("body") and value)]
        articles.append(make_article(f"wikinews:{row['docId']}", lines, find_day(parts.get("dateline", ""))))
    return articles


def make_article(number: str, lines: Sequence[str], day: str) -> Article:
    """Return an article with its title and one paragraph block for each further line."""
    blocks, start = [], 0
    for line in lines:
        blocks.append(Block(start, start + len(line), "paragraph" if blocks else "title"))
        start += len(line) + 1
    return Article(
        number, number, None, "utf-8", "", "\n".join(lines), (), tuple(blocks), published=day, published_earliest=day,
        published_latest=day, title=lines[0],
    )  # fmt: skip


def find_day(dateline: str) -> str:
    """Return the day of a dateline such as "November 13, 2004"; the middle of the set where it has none."""
    match = re.search(r"([A-Z][a-z]+) (\d{1,2}), (\d{4})", dateline)
    if match is None:
        return "2009-06-30"
    return datetime.strptime(match[0], "%B %d, %Y").replace(tzinfo=UTC).date().isoformat()


def make_cast(reading: Reading, text: str) -> Cast:
    """Return a cast in which each name is an actor."""
    names = [m for m in reading.mentions if m.kind == "name"]
    rows = [
        CastMention(
            m.start, m.end, text[m.start : m.end].lower(), text[m.start : m.end], m.type or "group", "name", 0.9
        )
        for m in names
    ]
    return Cast(reading.document, tuple(sorted(rows, key=lambda row: (row.start, row.end))))


def read_reports(articles: Sequence[Article]) -> dict[str, tuple[EventReport, ...]]:
    """Return every article's reports."""
    reader = load_reader()
    found = {}
    for article in articles:
        reading = reader.read(article)
        cast = make_cast(reading, article.text)
        found[article.id] = find_reports(article, reading, cast, find_times(article, reading), ())
    return found


def make_pile(
    articles: Sequence[Article], reports: dict[str, tuple[EventReport, ...]], size: int
) -> tuple[list[Article], list[EventReport]]:
    """Return ``size`` pages with their reports."""
    pages, rows = [], []
    for number in range(size):
        article, again = articles[number % len(articles)], number // len(articles)
        if not again:
            pages.append(article)
            rows += reports[article.id]
            continue
        name = f"{article.id}:{again}"
        moved = _move(article.published, again)
        pages.append(replace(article, id=name, published=moved, published_earliest=moved, published_latest=moved))
        rows += [_repeat(report, name, again) for report in reports[article.id]]
    return pages, rows


def _move(day: str | None, again: int) -> str | None:
    return (date.fromisoformat(day) + timedelta(days=DAYS_ON * again)).isoformat() if day and len(day) == 10 else day


def _repeat(report: EventReport, name: str, again: int) -> EventReport:
    people = tuple(
        row if len(row.actor) % 2 else replace(row, actor=f"{row.actor} {again}") for row in report.participants
    )
    when = report.when
    if when is not None:
        when = EventWhen(_move(when.earliest, again), _move(when.latest, again), when.text)
    evidence = replace(report.evidence, document=name)
    return replace(report, id=f"{report.id}:{again}", document=name, evidence=evidence, participants=people, when=when)


def measure(articles: Sequence[Article], rows: Sequence[EventReport]) -> tuple[int, int, int, float]:
    """Return the reports, pairs, events and seconds of one merging."""
    pairs = len(list_pairs(make_tellings(rows, {article.id: article for article in articles}, {}, ())))
    started = time.perf_counter()
    events = merge_reports(rows, articles, {}, ())
    return len(rows), pairs, len(events), time.perf_counter() - started


def main() -> int:
    """Print the table; 1 where pairs grow much faster than reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100,1000,5000")
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    articles = list_articles()[: max(sizes)]
    reports = read_reports(articles)
    print(
        f"{'pages':>7} {'reports':>8} {'pairs':>10} {'pairs/report':>13} {'events':>8} {'seconds':>8} {'peak MiB':>9}"
    )
    ratios = []
    for size in sizes:
        told, pairs, events, seconds = measure(*make_pile(articles, reports, size))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        ratios.append(pairs / max(1, told))
        print(f"{size:>7} {told:>8} {pairs:>10} {ratios[-1]:>13.1f} {events:>8} {seconds:>8.2f} {peak:>9.0f}")
    return 1 if len(ratios) > 1 and ratios[-1] > MOST_GROWTH * ratios[-2] else 0


if __name__ == "__main__":
    sys.exit(main())
