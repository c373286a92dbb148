"""What would break for a person who asks when and where a saved page was published."""

import json

import pytest

from storyledger.articles import extract_article
from storyledger.articles.decode import decode_page
from storyledger.pages.make import make_page

TITLE = "Harrow Bay to rebuild its sea wall"
BODY = "".join(
    f"<p>{text}</p>"
    for text in (
        "The council of Harrow Bay voted on Monday to rebuild the old sea wall after two winters of storms and floods.",
        "The work will cost about 4.2 million pounds and should take eighteen months, according to the engineers.",
        "Residents of the lower town, where 340 houses were flooded, said the decision had come much too late.",
        "The opposition voted against the plan and said that the figures had not been checked by anybody outside.",
    )
)
OWN = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2022-05-12", "author": {"name": "Cora Vale"}}
OTHER = {"@type": "NewsArticle", "headline": "Ten hurt as bus leaves road", "datePublished": "2023-11-02"}


def read(head="", above="", language="en-gb", before=""):
    page = (
        f"<!DOCTYPE html>{before}<html lang='{language}'><head><title>{TITLE} | Bay Courier</title>{head}</head><body>"
        f"<article><h1>{TITLE}</h1>{above}<div class='story'>{BODY}</div></article></body></html>"
    )
    return extract_article(make_page("page.html", None, page.encode()), {})


def linked(*nodes):
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


@pytest.mark.parametrize(
    "nodes",
    [
        [{"@type": "ItemList", "itemListElement": [OTHER]}, OWN],
        [OTHER, OWN],
        [{"@graph": [OTHER, OWN]}],
        [{**OWN, "@type": "LiveBlogPosting", "liveBlogUpdate": [{**OTHER, "@type": "BlogPosting"}]}],
    ],
)
def test_the_day_and_writer_of_another_story_are_never_the_pages(nodes):
    article = read(linked(*nodes))
    assert (article.published, article.authors) == ("2022-05-12", ("Cora Vale",))


def test_the_day_of_a_live_blog_that_states_its_start_is_no_posts():
    blog = {"@type": "LiveBlogPosting", "headline": TITLE, "coverageStartTime": "2022-05-12T08:00:00+01:00"}
    assert read(linked({**blog, "liveBlogUpdate": [{**OTHER, "@type": "BlogPosting"}]})).published == "2022-05-12"


def test_numbers_of_a_stated_day_are_read_in_the_order_of_the_pages_language():
    head = '<meta property="article:published_time" content="05/06/2022 10:15">'
    assert read(head).published == "2022-06-05"
    assert read(head, language="en-us").published == "2022-05-06"
    assert read(head, language="en").published is None


def test_a_sentence_with_a_day_dates_no_page():
    assert read(above="<p>On 3 May 2019 the old wall was built.</p>").published is None
    assert read(above="<p>Posted on 3 May 2019 by the desk.</p>").published == "2019-05-03"


def test_a_time_that_shows_as_two_days_ago_is_read_by_what_it_holds():
    assert read(above='<p><time datetime="2022-05-12T23:30:00Z">2 days ago</time></p>').published == "2022-05-12"
    assert read(above="<p>3 hours ago</p>").published is None


URL = "https://baycourier.example/2022/05/12/wall"


@pytest.mark.parametrize(
    "comment",
    [
        f"<!-- saved from url=(0042){URL} -->",
        f"<!--\n Page saved with SingleFile \n url: {URL} \n saved date: Thu May 12 2022\n-->",
    ],
)
def test_the_address_that_a_saver_noted_is_the_pages(comment):
    assert read(before=comment).url == URL


def test_one_bad_byte_costs_one_byte():
    text = "“Zoë Müller” paid €500 for it. " * 5
    data = text.encode() + b"it\x92s late" + text.encode()
    source, codec = decode_page(make_page("page.txt", None, data))
    assert codec == "utf-8"
    assert source == f"{text}it\ufffds late{text}"
    cut = text.encode()[:-40] + "€".encode()[:2]
    assert decode_page(make_page("page.txt", None, cut))[1] == "utf-8"
    latin = "Zoë Müller und die Brücke über den Fluß. " * 5
    assert decode_page(make_page("page.txt", None, latin.encode("cp1252")))[0] == latin


@pytest.mark.parametrize(
    ("shown", "changed"),
    [
        ("Thursday 12 May 2022, 17:05 | updated Monday 16 May, 21:40", "2022-05-16"),
        ("30 December 2021, 08:10 (last updated 2 January, 7:15 p.m.)", "2022-01-02"),
        ("12 May 2022 - updated 21:30 GMT", None),
        ("12 May 2022, updated Friday 16 May", None),  # no Friday: the day is misprinted
    ],
)
def test_a_day_of_change_without_its_year_is_the_next_such_day(shown, changed):
    assert read(above=f"<p class='date'>{shown}</p>").modified == changed
