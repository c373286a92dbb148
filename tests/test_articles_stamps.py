"""What would break for a person who pastes a page as one text: its stamp told as news, its headline run into a line."""

from dataclasses import replace

import pytest

from storyledger.articles import extract_article
from storyledger.pages.make import make_page

LEAD = "The council of Harrow Bay has voted to rebuild the old sea wall after two winters of storms and floods."
MORE = "The work will cost about 4.2 million pounds and should take eighteen months, according to the engineers."


def read(first):
    return extract_article(replace(make_page("page.txt", None, f"{first}\n\n{MORE}\n".encode()), given=True), {})


def blocks(article):
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


@pytest.mark.parametrize(
    ("before", "stamp"),
    [
        ("", "Page last updated at 08:03 GMT, Tuesday, 5 July 2016 09:03 UK"),
        ("", "5 July 2016 Last updated at 14:59 GMT Help"),
        ("Harrow Bay to rebuild its sea wall", "Page last updated at 08:03 GMT, Tuesday, 5 July 2016"),
        ("", "PORT HARROW, July 5 | Tue Jul 5, 2016 9:03 pm EDT"),
        ("Cora Vale", "| 10:57 UK time, Tuesday, 5 July 2016"),
    ],
)
def test_a_stamp_that_runs_on_in_the_first_line_is_no_part_of_its_sentence(before, stamp):
    told = blocks(read(" ".join(filter(None, (before, stamp, LEAD)))))
    assert ("paragraph", LEAD) in told
    assert ("dateline", stamp) in told


@pytest.mark.parametrize(
    ("headline", "lead"),
    [
        (
            "Many feared dead in Harrow Bay flood",
            "A major loss of life is feared in Harrow Bay after a flood broke the old sea wall.",
        ),
        (
            "Council to rebuild Harrow Bay sea wall",
            "The council of Harrow Bay has voted to rebuild the old sea wall after two winters.",
        ),
    ],
)
def test_a_headline_that_runs_on_into_its_sentence_is_the_title(headline, lead):
    article = read(f"{headline} {lead}")
    assert blocks(article)[:2] == [("title", headline), ("paragraph", lead)]
    assert article.title == headline


def test_a_text_that_begins_with_a_sentence_keeps_it_whole():
    for line in (LEAD, "Harrow Bay Mayor Cora Vale told the Norland Wall Council that the Bay Bridge must be rebuilt."):
        assert blocks(read(line))[0] == ("paragraph", line)


def test_a_clock_or_a_day_in_a_sentence_is_no_stamp():
    line = "The wall was last inspected at 08:03 on 5 July 2016, the day on which the list was last updated by hand."
    assert ("paragraph", line) in blocks(read(line))


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        (["By the NNB Wire Staff"], ()),
        (["By Cora Vale and Ruth Ollis, NNB"], ("Cora Vale", "Ruth Ollis")),
        (["By Cora J. Vale, Special to NNB"], ("Cora J. Vale",)),
        (["By Cora Vale NNB News,", "Los Angeles"], ("Cora Vale",)),
        (["By Cora Vale, Health and Science Editor"], ("Cora Vale",)),
        (["July 5, 2016 |", "By Cora Vale and Ruth Ollis, NNB"], ("Cora Vale", "Ruth Ollis")),
        (["July 5, 2016 |", "By Cora Vale"], ("Cora Vale",)),
    ],
)
def test_a_byline_that_runs_on_in_the_first_line_names_its_writers(head, authors):
    lead = LEAD.replace("The council", "Councillors")
    article = read(" ".join([*head, lead]))
    kinds = ["byline" if part.startswith("By") else "dateline" for part in head]
    assert blocks(article)[: len(head) + 1] == [*zip(kinds, head, strict=True), ("paragraph", lead)]
    assert article.authors == authors


@pytest.mark.parametrize(
    "line",
    [
        "By Monday morning Harrow Bay had no power, said Cora Vale, who runs the shelter at the NNB hall.",
        "From Harrow Bay to Port Harrow, NNB Radio could not be heard by anyone on that long and stormy Tuesday night.",
    ],
)
def test_a_sentence_that_begins_with_by_is_no_byline(line):
    assert ("paragraph", line) in blocks(read(line))


@pytest.mark.parametrize(
    ("deck", "place"),
    [
        ("Council says the old wall can be mended Storms return in winter", "Cairo, Egypt "),
        ("The wall of Mayor Cora Vale", "New York "),
        ("Walls are planned in Harrow Bay, Port Harrow and Boston", ""),
    ],
)
def test_highlights_before_an_agencys_place_line_are_a_deck(deck, place):
    told = blocks(read(f"{deck} {place}(NNB) -- {LEAD}"))
    assert told[:2] == [("deck", deck), ("paragraph", f"{place}(NNB) -- {LEAD}")]


def test_highlights_that_are_marked_as_new_stand_each_alone():
    news = ["Council meets again", "NEW: The old wall can be mended", "NEW: Storms return in winter"]
    told = blocks(read(f"{' '.join(news)} Cairo, Egypt (NNB) -- {LEAD}"))
    assert told[:3] == [("deck", line) for line in news]


def test_a_transcript_tells_when_it_was_aired():
    title, stamp = "Harrow Bay Rebuilds; Interview With Cora Vale", "Aired July 5, 2016 - 11:53 ET THIS IS A DRAFT."
    assert blocks(read(f"{title} {stamp} {LEAD}"))[:3] == [("title", title), ("dateline", stamp), ("paragraph", LEAD)]


@pytest.mark.parametrize(
    "row", [", ".join(["Abcdefghijk Abcdefghijk Abcdefghijk"] * 40), "A" + "b" * 100_000, "Abcd and " * 3_000]
)
def test_a_row_of_names_that_ends_in_nothing_is_read_at_once(row):
    """A word that could be matched in several ways took for ever: the test would not end."""
    assert read(f"By Cora {row} x").text.startswith("By Cora A")
