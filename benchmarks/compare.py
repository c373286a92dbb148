"""Growth of the comparison: time over the number of pages, for piles of many stories and for one story.

    python benchmarks/compare.py [--largest N]

Pages are made up: 16 to a story, each story with words, names, numbers and events of its own, so that
the work may grow only with the pages. Exit status 1 where the time grows faster than N to the 1.3.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time

from storyledger.compare import compare_story
from storyledger.engine import SerialEngine
from storyledger.types import (
    Actor,
    ActorMention,
    Alias,
    Article,
    Event,
    EventWhen,
    Evidence,
    Figure,
    FigureRelation,
    Participant,
    Quantity,
    Speaker,
    Statement,
    Story,
)

PAGES = 16
EXPONENT = 1.3  # near-linear: sorting, and words that stories share by chance
_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "is", "ol")]
_COMMON = [
    "officials",
    "city",
    "residents",
    "road",
    "hospital",
    "council",
    "water",
    "budget",
    "report",
    "school",
    "market",
]


def make_story(
    number: int, rng: random.Random
) -> tuple[list[Article], list[Actor], list[Event], list[Figure], list[Statement]]:
    """Return the parts of one made-up story of ``PAGES`` pages."""
    words = ["".join(rng.choice(_SYLLABLES) for _ in range(3)) for _ in range(60)]
    names = ["".join(rng.choice(_SYLLABLES) for _ in range(3)).title() for _ in range(6)]
    articles, statements, figures = [], [], []
    places: dict[str, list[ActorMention]] = {name: [] for name in names}
    tellings: list[list[Evidence]] = [[] for _ in range(8)]
    for page in range(PAGES):
        ident = f"s{number}p{page}"
        text = ""
        for _ in range(25):
            name = rng.choice(names)
            start = len(text)
            verb = rng.choice(["accepted", "rejected", "left", "did not leave", "because of", "led to", "supported"])
            tail = " ".join([rng.choice(words), verb, *rng.choices(words, k=4), *rng.choices(_COMMON, k=3)])
            text += f"{name} {tail}. "
            places[name].append(ActorMention(ident, start, start + len(name), name, "name"))
            place = Evidence(ident, start, len(text) - 2, text[start : len(text) - 2])
            if rng.random() < 0.4:
                tellings[rng.randrange(8)].append(place)
            if rng.random() < 0.4:
                speaker = Speaker(f"s{number}{rng.choice(names)}", name, None)
                content = Evidence(
                    ident, start + len(name) + 1, len(text) - 2, text[start + len(name) + 1 : len(text) - 2]
                )
                polarity = "denied" if rng.random() < 0.2 else "affirmed"
                told = ("indirect", "say", polarity, None, None, None, None, None, 0.9)
                statements.append(Statement(f"t{ident}{start}", speaker, None, content, *told))  # type: ignore[arg-type]
        value = float(rng.choice([40, 90]))
        start = len(text)
        text += f"{value:g} people came."
        place = Evidence(ident, start, start + 9, text[start : start + 9])
        told = ("people", value, None, None, "=", "people", None, None, place, f"q{number}", 0.9)
        figures.append(Figure(f"f{ident}", *told))  # type: ignore[arg-type]
        articles.append(
            Article(ident, ident, None, "utf-8", ident, text, (), (), outlet=f"Outlet {number} {page % 5}",
                    published=f"2020-03-{page + 1:02d}", origin=ident)
        )  # fmt: skip
    actors = [
        Actor(f"s{number}{name}", name, "organisation", (Alias(name, "name"),), (), tuple(found))
        for name, found in places.items()
    ]
    when = EventWhen("2020-03-01", "2020-03-01", None)
    events = [
        Event(f"e{number}.{n}", "PROTEST", f"event {n}", (Participant("actor", actors[n % 6].id),), None, when,
              "reported", 0.9, tuple(found), 0.9)
        for n, found in enumerate(tellings) if found
    ]  # fmt: skip
    return articles, actors, events, figures, statements


def make_pile(stories: int) -> Story:
    """Return a pile of ``stories`` stories."""
    rng = random.Random(5)
    parts = [make_story(number, rng) for number in range(stories)]
    ledger = []
    for number, part in enumerate(parts):
        figures = part[3]
        relations = tuple(
            FigureRelation(a.id, b.id, "agree" if a.value == b.value else "conflict", 0.9)
            for n, a in enumerate(figures)
            for b in figures[:n]
        )
        ledger.append(Quantity(f"q{number}", "people", tuple(f.id for f in figures), relations))
    columns = [tuple(value for part in parts for value in part[n]) for n in range(5)]
    return Story(columns[0], columns[1], columns[4], columns[2], columns[3], tuple(ledger))


def main() -> int:
    """Print seconds by pages and return 1 where they grow too fast."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--largest", type=int, default=32, help="stories in the largest pile, 16 pages each")
    largest = options.parse_args().largest
    rows = []
    stories = max(1, largest // 8)
    while stories <= largest:
        story = make_pile(stories)
        begun = time.perf_counter()
        comparisons, omissions = compare_story(story, {}, SerialEngine())
        seconds = time.perf_counter() - begun
        rows.append((stories * PAGES, seconds))
        print(f"{stories * PAGES:6d} pages {seconds:7.2f} s {1000 * seconds / (stories * PAGES):6.1f} ms a page "
              f"{len(comparisons):6d} comparisons {len(omissions):6d} omissions")  # fmt: skip
        stories *= 2
    (n1, t1), (n2, t2) = rows[0], rows[-1]
    exponent = math.log(t2 / t1) / math.log(n2 / n1) if n2 > n1 else 1.0
    print(f"grows with the pages to the {exponent:.2f} (at most {EXPONENT})")
    return 0 if exponent <= EXPONENT else 1


if __name__ == "__main__":
    sys.exit(main())
