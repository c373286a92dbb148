"""What would break for a person who asks who wrote a page: a writer lost, a helper or a stranger named."""

import pytest

from storyledger.articles import extract_article
from storyledger.articles.names import find_people
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


def find_authors(byline, head="", above="", below=""):
    page = (
        f"<html lang='en'><head><title>{TITLE}</title>{head}</head><body><nav><a href='/'>Home</a></nav>{above}"
        f"<article><h1>{TITLE}</h1>{byline}{BODY}</article>{below}<footer>© 2020 The Bay Courier</footer></body></html>"
    )
    return extract_article(make_page("page.html", None, page.encode()), {}).authors


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Nora A. Finch", ("Nora A. Finch",)),
        ("By Nora A Finch and Abel Stone", ("Nora A Finch", "Abel Stone")),
        ("A Bay Courier", ()),
        ("Ada Quill as told to Nora Finch", ("Nora Finch",)),
        ("Photos and Story By Nora Finch", ("Nora Finch",)),
    ],
)
def test_the_writer_is_told_from_the_words_about_her(text, people):
    assert find_people(text) == people


def test_what_is_shown_settles_how_many_of_the_stated_wrote():
    head = '<meta name="author" content="{}">'
    assert find_authors("<p>By Nora Finch</p>", head.format("Nora Finch, Abel Stone")) == ("Nora Finch",)
    assert find_authors("<p>By Nora Finch and Abel Stone</p>", head.format("Nora Finch")) == (
        "Nora Finch",
        "Abel Stone",
    )
    assert find_authors("<p>By Nora Finch and Abel Stone on June 2, 2020</p>", head.format("Nora Finch")) == (
        "Nora Finch",
        "Abel Stone",
    )
    assert find_authors("<p>By Cora Vale</p>", head.format("Nora Finch")) == ("Nora Finch",)


@pytest.mark.parametrize(
    "helper", ["<p>Reviewed by Abel Stone</p>", "<div>Contributions from</div><div class='author'>Abel Stone</div>"]
)
def test_who_lent_a_hand_is_no_author(helper):
    head = '<meta name="author" content="Nora Finch, Abel Stone">'
    assert find_authors("<p>By Nora Finch</p>" + helper, head) == ("Nora Finch",)
    assert find_authors("<p>By Nora Finch</p>" + helper) == ("Nora Finch",)


def test_a_stated_writer_whose_job_hides_her_in_the_byline_is_kept():
    head = '<meta name="author" content="Nora Finch, Abel Stone">'
    assert find_authors("<p>By Nora Finch and Abel Stone Courier Staff</p>", head) == ("Nora Finch", "Abel Stone")


def test_a_job_or_a_photographer_by_another_line_is_no_writer():
    head = '<meta name="author" content="Nora Finch">'
    assert find_authors("<p>By Nora Finch</p><p>By Abel Stone/Bay Pictures</p>", head) == ("Nora Finch",)


def test_an_outlet_glued_to_a_name_is_cut_with_its_article_or_without():
    head = '<meta property="og:site_name" content="The Harrow Courier">'
    byline = "<div class='byline'><span class='author'>Nora Finch</span> Harrow Courier</div>"
    assert find_authors(byline, head) == ("Nora Finch",)


def test_a_name_glued_to_a_date_below_the_title_is_a_byline():
    assert find_authors("<div><b>Nora Finch</b><i>Dec 05, 2023</i><i>2 Shares</i></div>") == ("Nora Finch",)
    assert find_authors("<div><b>Sea walls</b><i>Dec 05, 2023</i></div>") == ()


def test_the_byline_of_another_story_above_the_title_is_not_the_pages():
    above = "<ul><li><a href='/x'>A ferry runs late again</a> <p>By Abel Stone</p></li></ul>"
    assert find_authors("<p>By Nora Finch</p>", above=above) == ("Nora Finch",)


def test_a_writer_whose_two_names_are_written_as_one_is_kept_where_metadata_states_her():
    head = '<meta name="author" content="{}"><meta property="og:site_name" content="BayCourier">'
    assert find_authors("", head.format("NoraFinch")) == ("NoraFinch",)
    assert find_authors("", head.format("BayCourier")) == ()


MARKED = "<a itemprop='author' href='/author/x'><b itemprop='name'>{}</b></a>"
STRANGER = "<p><a href='/author/abel-stone'>Abel Stone</a></p>"


def test_authors_marked_as_such_beat_the_first_links_to_anybody():
    two = "".join(f"<p>{MARKED.format(name)}</p>" for name in ("Nora Finch, Bay Press", "Cora Vale, Bay Press"))
    assert find_authors("", above=STRANGER + two) == ("Nora Finch", "Cora Vale")
    assert find_authors("", above=STRANGER + MARKED.format("Associated Press")) == ()
    remark = f"{BODY * 3}<section><div class='comment'>{MARKED.format('Cora Vale')}</div></section>"
    assert find_authors("", above=STRANGER, below=remark) == ("Abel Stone",)


def test_a_photographer_is_no_author_on_a_page_that_shows_no_title():
    menu = "".join(f"<li><a href='/{n}'>Part {n}</a></li>" for n in range(20))
    page = (
        f"<html lang='en'><head><title>{TITLE}</title><meta name='author' content='Nora Finch, Abel Stone'></head><body><ul>{menu}"
        f"</ul><article><p>Photography by Abel Stone</p>{BODY}</article></body></html>"
    )
    assert extract_article(make_page("page.html", None, page.encode()), {}).authors == ("Nora Finch",)
