"""What would break for a user if copies were told wrongly: nine pages would pass for nine witnesses, or one for none."""

from __future__ import annotations

import random

from storyledger.articles.place import place_articles
from storyledger.articles.shingles import pair_candidates
from storyledger.engine import SerialEngine
from storyledger.types import Article, Block

ABOUT = (
    "The Ostmere Courier was founded in 1887 and is read in all four valleys. Write to the editor at the old customs "
    "house, or ring the news desk on any weekday between eight and six; letters may be cut for length and for clarity."
)
WORDS = [
    "ferry",
    "council",
    "harbour",
    "school",
    "winter",
    "market",
    "library",
    "bridge",
    "choir",
    "mill",
    "tram",
    "river",
    "garden",
    "festival",
    "road",
    "tower",
]


def article(name: str, *paragraphs: str, **more: object) -> Article:
    text = "\n\n".join(paragraphs)
    blocks, at = [], 0
    for p in paragraphs:
        blocks.append(Block(at, at + len(p), "paragraph"))
        at += len(p) + 2
    fields: dict[str, object] = {"published": "2020-05-02", "published_basis": "stated", **more}
    return Article(name, name, None, "utf-8", name, text, (), tuple(blocks), **fields)  # type: ignore[arg-type]


def story(seed: int) -> str:
    dice = random.Random(seed)
    return " ".join(f"{dice.choice(WORDS)} {dice.choice(WORDS)} {n * seed}" for n in range(60)) + "."


def test_eight_pages_with_one_paragraph_about_their_outlet_are_eight_origins() -> None:
    pages = [article(f"p{n}", story(n + 1), ABOUT, outlet="Ostmere Courier") for n in range(8)]
    placed = place_articles(pages, SerialEngine())
    assert [a.copy_of for a in placed] == [None] * 8
    assert len({a.origin for a in placed}) == 8


def test_a_text_with_a_word_changed_here_and_there_is_a_copy() -> None:
    first = story(3).split()
    changed = [w if n % 7 else "meadow" for n, w in enumerate(first)]
    placed = place_articles(
        [
            article("a", " ".join(first), outlet="A"),
            article("b", " ".join(changed), outlet="B", published="2020-05-03"),
        ],
        SerialEngine(),
    )
    assert [a.copy_of.document for a in placed if a.copy_of] == ["a"]


def test_a_text_that_very_many_pages_have_costs_each_of_them_one_comparison_and_has_one_origin() -> None:
    text = story(5)
    assert len(pair_candidates([text] * 50, [[text]] * 50)) == 50 * 49 // 2
    assert len(pair_candidates([text] * 200, [[text]] * 200)) == 199
    pages = [article(f"p{n:03}", text, outlet=f"O{n}", published=f"2020-05-{2 + n % 20:02}") for n in range(60)]
    placed = place_articles(pages, SerialEngine())
    assert len({a.origin for a in placed}) == 1
    assert sum(a.copy_of is None for a in placed) == 1
