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


def test_a_clock_or_a_day_in_a_sentence_is_no_stamp():
    line = "The wall was last inspected at 08:03 on 5 July 2016, the day on which the list was last updated by hand."
    assert ("paragraph", line) in blocks(read(line))
