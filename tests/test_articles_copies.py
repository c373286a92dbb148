"""What would break for a user if copies were told wrongly: nine pages would pass for nine witnesses, or one for none."""

from __future__ import annotations

import dataclasses
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


AGENCY = (
    "A crane toppled onto the fish market of Lindhaven on Monday morning, killing 3 porters and injuring 14 people.",
    "The crane was lifting 22 tonnes of steel for a new roof when its base gave way at 6.40, the harbour master said.",
    "“We had asked for it to be taken down since March,” said Ilse Marrow, who speaks for the porters' union.",
    "The builder, Toller & Sons, said that its crane had been inspected on 9 April and found sound.",
    "The mayor closed the market for 5 days and ordered an inquiry into all 11 cranes at the port.",
)
ANEW = (
    "Three men who carried fish all their lives are dead, and 14 more were hurt, after a crane came down on our market.",
    "It had 22 tonnes of roof steel on the hook at 6.40 yesterday, says the harbour master, when the base failed.",
    "Ilse Marrow of the porters' union is bitter. “We had asked for it to be taken down since March,” she said.",
    "Toller & Sons, the builder, points to an inspection on 9 April that found the crane sound.",
    "Nobody will sell fish here for 5 days, by order of the mayor; all 11 port cranes are to be looked at.",
)
ELSEWHERE = (
    "The choir of Lindhaven sang for 14 minutes in the rain before the concert was called off on Monday.",
    "Its conductor blamed the town, which had promised a roof for the bandstand since March.",
    "The bandstand will be repaired within 5 days, the mayor's office said.",
)


def told_by_agency() -> Article:
    return article("a", *AGENCY, outlet="Nordmar Press", published="2020-05-04")


def told_next_day(name: str, byline: str, *paragraphs: str) -> Article:
    page = article(name, byline, *paragraphs, outlet="Lindhaven Post", published="2020-05-05")
    blocks = (Block(0, len(byline), "byline"), *page.blocks[1:])
    return dataclasses.replace(page, blocks=blocks)


def test_a_page_that_credits_an_agency_and_tells_its_story_anew_is_no_second_witness() -> None:
    for byline in ("By Ada Brun, with Nordmar", "By Ada Brun and agencies"):
        first, later = place_articles([told_by_agency(), told_next_day("b", byline, *ANEW)], SerialEngine())
        assert later.copy_of is not None
        assert (later.copy_of.document, later.copy_of.kind) == (first.id, "wire_rewritten")
        assert later.origin == first.origin


def test_two_reporters_of_one_accident_are_two_witnesses() -> None:
    first, later = place_articles([told_by_agency(), told_next_day("b", "By Ada Brun", *ANEW)], SerialEngine())
    assert later.copy_of is None
    assert later.origin != first.origin


def test_a_credit_under_another_matter_makes_no_copy() -> None:
    pages = [told_by_agency(), told_next_day("b", "By Ada Brun, with Nordmar", *ELSEWHERE)]
    assert place_articles(pages, SerialEngine())[1].copy_of is None


def test_a_text_that_very_many_pages_have_costs_each_of_them_one_comparison_and_has_one_origin() -> None:
    text = story(5)
    assert len(pair_candidates([text] * 50, [[text]] * 50)) == 50 * 49 // 2
    assert len(pair_candidates([text] * 200, [[text]] * 200)) == 199
    pages = [article(f"p{n:03}", text, outlet=f"O{n}", published=f"2020-05-{2 + n % 20:02}") for n in range(60)]
    placed = place_articles(pages, SerialEngine())
    assert len({a.origin for a in placed}) == 1
    assert sum(a.copy_of is None for a in placed) == 1
