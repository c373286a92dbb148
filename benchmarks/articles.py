"""Speed of extraction beside trafilatura in the same run, and near duplicates among made-up pages.

    python benchmarks/articles.py [--pages N] [--made N]

``--pages``: saved pages of ../shared that are read (0: all). ``--made``: made-up pages among which near
duplicates are found (a tenth of them first, for the growth). Exits with 1 where HTML is slower than half
of trafilatura's pages a second, captures slower than ten times that, or the growth from a tenth to all of
the made-up pages is more than 1.5 times linear.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import hashlib
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from inscriptis import get_text
from trafilatura.core import bare_extraction

from storyledger.articles import extract_article, place_articles
from storyledger.engine import SerialEngine
from storyledger.pages.make import make_page
from storyledger.types import Article, Block, Page

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "articles" / "html"
HALF, TIMES, GROWTH = 0.5, 10, 1.5
OTHER_LANGUAGE = "Der Fluss stieg in der Nacht über die Ufer, und niemand hatte die Dörfer gewarnt. " * 8
TURN = 28  # pages of one job before the next has its turn
CLUSTER = 10  # of ten made-up pages one is a copy with a new lead


def load_once(function: Callable[[Page], object], page: Page) -> None:
    """Have the process load what it loads once (models, also that of other languages): that is not counted."""
    for one in (page, make_page("other.txt", None, OTHER_LANGUAGE.encode())):
        function(one)


def time_in_turns(jobs: Sequence[tuple[Callable[[Page], object], Sequence[Page]]]) -> list[float]:
    """Return pages a second of processor time of each job, done in turns of some pages.

    What else the machine does slows all jobs alike in that way; the ratio is what is asked.
    """
    for function, pages in jobs:
        load_once(function, pages[0])
    spent = [0.0] * len(jobs)
    for low in range(0, max(len(pages) for _, pages in jobs), TURN):
        for number, (function, pages) in enumerate(jobs):
            began = time.process_time()
            for page in pages[low : low + TURN]:
                function(page)
            spent[number] += time.process_time() - began
    return [len(pages) / seconds for (_, pages), seconds in zip(jobs, spent, strict=True)]


def measure_extraction(count: int) -> bool:
    """Print pages a second of trafilatura, of HTML and of captures; return whether both are fast enough."""
    files = sorted(DATA.glob("*.html.gz"))[: count or None]
    sources = [gzip.decompress(file.read_bytes()) for file in files]
    pages = [make_page(f"{n}.html", None, data) for n, data in enumerate(sources)]
    texts = [get_text(data.decode("utf-8", "replace")) for data in sources]
    captures = [make_page(f"{n}.txt", None, text.encode()) for n, text in enumerate(texts) if text.strip()]
    theirs, ours, plain = time_in_turns(
        (
            (lambda page: bare_extraction(page.data, with_metadata=True, include_comments=False), pages),
            (lambda page: extract_article(page, {}), pages),
            (lambda page: extract_article(page, {}), captures),
        )
    )
    print(f"{len(pages)} pages: trafilatura {theirs:.1f}, HTML {ours:.1f}, captures {plain:.1f} pages a second")
    wanted = HALF * theirs
    print(f"  asked: HTML {wanted:.1f}, captures {TIMES * wanted:.1f}")
    return ours >= wanted and plain >= TIMES * wanted


def make_articles(count: int) -> list[Article]:
    """Return made-up articles of 300 words, every tenth a copy of the one before with a new lead."""
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefghiklmnoprstuw", k=chance.randint(3, 9))) for _ in range(20_000)]
    made: list[Article] = []
    body = ""
    for number in range(count):
        if number % CLUSTER:
            body = " ".join(chance.choices(words, k=300))
        text = " ".join(chance.choices(words, k=40)) + " " + body
        digest = hashlib.sha256(text.encode()).hexdigest()
        made.append(
            Article(
                f"article:{number}",
                f"{number:06d}.txt",
                None,
                "utf-8",
                digest,
                text,
                (),
                (Block(0, len(text), "paragraph"),),
            )
        )
    return [dataclasses.replace(a, published="2020-01-01", published_basis="stated") for a in made]


def measure_copies(count: int) -> bool:
    """Print the seconds that a tenth and all of the made-up pages take; return whether the growth is near linear."""
    seconds = []
    for size in (count // 10, count):
        articles = make_articles(size)
        began = time.perf_counter()
        placed = place_articles(articles, SerialEngine())
        seconds.append(time.perf_counter() - began)
        found = sum(article.copy_of is not None for article in placed)
        print(f"near duplicates: {size} pages in {seconds[-1]:.1f} s, {found} copies found of {size // CLUSTER - 1}")
    growth = seconds[1] / seconds[0] / 10
    print(f"  growth over linear: {growth:.2f}, asked at most {GROWTH}")
    return growth <= GROWTH


def main() -> int:
    """Measure; return 1 where something asked is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=0)
    parser.add_argument("--made", type=int, default=20_000)
    arguments = parser.parse_args()
    good = measure_copies(arguments.made)
    if DATA.is_dir():
        good = measure_extraction(arguments.pages) and good
    else:
        print("../shared is absent: extraction not measured")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
