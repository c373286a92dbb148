"""What would break for a person whose captures carry no metadata: outlet, title, writer and day from the head alone."""

import pytest

from storyledger.articles import extract_article
from storyledger.articles.dates import find_dates, parse_stated_date
from storyledger.articles.lines import split_capture
from storyledger.articles.names import find_people
from storyledger.pages.make import make_page

BODY = """\
The council of Harrow Bay voted on Monday to rebuild the old sea wall after two winters of storms and floods.

“We cannot wait for another winter,” said Mayor Ada Quill, who had asked for the money in March.

The work will cost about 4.2 million pounds and should take eighteen months, according to the engineers.

Residents of the lower town, where 340 houses were flooded in January, said the decision had come too late.

The opposition voted against the plan and said that the figures had not been checked by anybody outside.
"""
MENU = "Skip to content\nMenu\nHome  World  Politics  Sport\nSign in | Subscribe\n"


def read(head, tail="\nRelated\nCookie settings\n"):
    return extract_article(make_page("page.txt", None, f"{head}\n\n{BODY}\n{tail}".encode()), {})


@pytest.mark.parametrize("menu", ["", MENU, "Accept all cookies\nManage choices\n"])
def test_a_name_above_the_title_is_the_outlets_and_below_it_the_writers(menu):
    head = "Bay Courier\nHarrow Bay to rebuild its sea wall\nCora Vale\n12 May 2022"
    article = read(menu + head)
    assert (article.outlet, article.title) == ("Bay Courier", "Harrow Bay to rebuild its sea wall")
    assert (article.authors, article.published) == (("Cora Vale",), "2022-05-12")
    assert article.text.count("Bay Courier") == 0
    assert article.outlet_confidence > 0.5


def test_a_deck_is_no_title_and_no_body():
    title, deck = (
        "Sea wall to be rebuilt after storms",
        "Harrow Bay votes for 4.2 million pounds of stone after two winters of floods",
    )
    article = read(f"{MENU}Bay Courier\n{title}\n{deck}\nBy Cora Vale and Abel Stone\n12 May 2022")
    assert (article.title, article.deck) == (title, deck)
    assert article.authors == ("Cora Vale", "Abel Stone")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("From our envoys Cora Vale and Abel Stone", ("Cora Vale", "Abel Stone")),
        ("From our correspondent in Port Merrow", ()),
        ("Interview: Cora Vale", ("Cora Vale",)),
        ("Read by Cora Vale. Report: Abel Stone", ("Cora Vale", "Abel Stone")),
        ("HARROW BAY: Cora Vale", ("Cora Vale",)),
        ("Cora Vale in Harrow Bay and Port Merrow", ("Cora Vale",)),
        ("Cora Vale, West Bay reporter", ("Cora Vale",)),
        ("Por María O'Neil y José D'Angelo", ("María O'Neil", "José D'Angelo")),
        ("Ana Ruiz y Prieto", ("Ana Ruiz y Prieto",)),
        ("Von Otto von Arn", ("Otto von Arn",)),
        ("Par Anne Le Goff", ("Anne Le Goff",)),
        ("By JORDAN O’NEIL, Associated Press", ("Jordan O’Neil",)),
        ("By Cora Vale 3 hours ago", ("Cora Vale",)),
        ("Dr. Martin L. van der Berg III", ("Martin L. van der Berg III",)),
        ("By Abd al-Rahman ibn Khalid and Umm Kulthum Saeed", ("Abd al-Rahman ibn Khalid", "Umm Kulthum Saeed")),
        ("Story by Cora Vale, photos by Abel Stone", ("Cora Vale",)),
        ("By AFP", ()),
        ("By University of Harrow", ()),
        ("Our correspondent", ()),
        ("3 hours ago", ()),
    ],
)
def test_a_byline_names_people_not_places_jobs_and_agencies(text, people):
    assert find_people(text) == people


@pytest.mark.parametrize(
    ("head", "people"),
    [
        ("30 May 2023 / Cora Vale", ("Cora Vale",)),
        ("Cora Vale · Bay News · Posted: May 30, 2023 8:25 AM EST", ("Cora Vale",)),
        ("As told to Cora ValePublished: May 30, 2023 4:13 PM EST", ("Cora Vale",)),
        ("Posted On : May 30, 2023 Published By : Cora Vale", ("Cora Vale",)),
        ("May 30, 2023\nBy\nCora Vale\n,\nAbel Stone\n,\nAda Finch", ("Cora Vale", "Abel Stone", "Ada Finch")),
        ("by Cora Vale\nHarbour Works, Coast Affairs\nMay 30, 2023", ("Cora Vale",)),
        ("By Cora Vale\nMay 30, 2023\nBy Abel M. Stone/Bay Images.", ("Cora Vale",)),
    ],
)
def test_a_writer_is_read_beside_the_day_and_topics_and_pictures_are_by_nobody(head, people):
    article = read(f"{MENU}Harrow Bay to rebuild its sea wall\n\n{head}")
    assert (article.title, article.authors) == ("Harrow Bay to rebuild its sea wall", people)


def test_a_way_through_the_site_and_teasers_in_a_list_are_no_title():
    title = (
        "Harrow Bay to rebuild its sea wall after two winters of storms, with stone from the old quarry at Port Merrow"
    )
    teasers = "".join(
        f"* {name} wins the regatta after a night of wind that broke two masts at the pier\n" for name in "ABCDEF"
    )
    article = read(f"{MENU}1. News\n2. Coast\n\n{teasers}Previous\nNext\n\n{title}\n\nBy Cora Vale\n12 May 2022")
    assert (article.title, article.authors) == (title, ("Cora Vale",))


@pytest.mark.parametrize(
    "imprint", ["© Copyright Bay Courier 2022", "Copyright 2022 Bay Courier Company LLC. All rights reserved"]
)
def test_an_imprint_names_the_outlet_and_not_what_it_is_by_law(imprint):
    assert (
        read("Harrow Bay to rebuild its sea wall\n12 May 2022", f"\nBay Courier\n{imprint}\n").outlet == "Bay Courier"
    )


def test_a_place_that_the_text_names_is_no_second_writer():
    assert find_people("Cora Vale, Port Merrow", "The boats lay in Port Merrow all night.") == ("Cora Vale",)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("10.31.13 11:50 PM ET", "2013-10-31"),  # a year of two digits before a time of day
        ("5 de marzo de 2024 - 07:30 h", "2024-03-05"),
        ("Samstag, 13. September 2014", "2014-09-13"),
        ("le 3 février 2020", "2020-02-03"),
        ("2019. március 13., szerda", "2019-03-13"),
        ("27. 11. 2017", "2017-11-27"),
        ("21-IX-1998", "1998-09-21"),
    ],
)
def test_a_day_is_read_in_the_languages_that_pages_are_dated_in(text, day):
    assert [found.day.isoformat() for found in find_dates(text)] == [day]


def test_a_weekday_in_any_language_checks_the_day():
    assert find_dates("jeudi 10 juin 2021")[0].weekday_fits is True
    assert find_dates("vendredi 10 juin 2021")[0].weekday_fits is False


def test_a_day_in_numbers_is_read_only_where_its_order_is_known():
    assert parse_stated_date("05/06/2022", american=False) == "2022-06-05"
    assert parse_stated_date("05/06/2022", american=True) == "2022-05-06"
    assert parse_stated_date("05/06/2022") is None


def test_invisible_characters_stand_in_no_word_of_a_capture():
    source = "The har\u00adbour autho\u200brity closed the bridge."
    (line,) = split_capture(source)
    assert line.text == "The harbour authority closed the bridge."
    assert all(line.text[ts:te] == source[ss:se] for ts, te, ss, se in line.rows)
