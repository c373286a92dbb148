"""What would break for a person who reads an article: its words, where they stand, its facts."""

import contextlib
import html
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyledger.articles import body_text, extract_article, fingerprint_lines, place_articles
from storyledger.articles.decode import decode_page
from storyledger.engine import SerialEngine
from storyledger.errors import PageError
from storyledger.pages.make import make_page
from storyledger.types import SourceNote

PARAGRAPHS = (
    "The council of Harrow Bay voted on Monday to rebuild the old sea wall after two winters of storms &amp; floods.",
    "“We cannot wait for another winter,” said Mayor Ada Quill, who had asked for the money in March, when it was calm.",
    "The work will cost about 4.2 million pounds and should take eighteen months, according to the council’s engineers.",
    "Residents of the lower town, where 340 houses were flooded in January, said the decision had come much too late.",
    "The council’s opposition voted against the plan and said that the figures had not been checked by anybody outside.",
    "Work is expected to begin in the autumn, when the beach is empty, and the promenade will be closed until it is done.",
)
HTML = (
    "<!DOCTYPE html><html lang='en-GB'><head><title>Harrow Bay to rebuild its sea wall | The Bay Courier</title>"
    '<meta property="og:site_name" content="The Bay Courier"><meta property="article:published_time" content="2020-06-02T08:00:00+01:00">'
    '<meta property="article:modified_time" content="2020-06-05T08:00:00+01:00"><meta name="author" content="By Nora Finch"></head>'
    "<body><nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav><article><h1>Harrow Bay to rebuild its sea wall</h1>"
    + "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    + "</article><footer>© 2020 The Bay Courier. All rights reserved.</footer></body></html>"
)
CAPTURE = "The Bay Courier\nMenu  Search  Log in\nHarrow Bay to rebuild its sea wall\nBy Nora Finch\n2 June 2020, 08:00\n\n" + "\n\n".join(
    html.unescape(p) for p in PARAGRAPHS
) + "\n\nMore news\nCookie settings\n© 2020 The Bay Courier\n"  # fmt: skip


def read(data, name="page.html", **more):
    return extract_article(make_page(name, None, data if isinstance(data, bytes) else data.encode(), **more), {})


def time_capture(text):
    """The processor time that a capture takes, whether it has an article or not."""
    began = time.process_time()
    with contextlib.suppress(PageError):
        read(text, "page.txt")
    return time.process_time() - began


def assert_positions(article, data):
    """Every row of the map, as the contract's scorer checks it; blocks in order; blanks alone unmapped."""
    source = data.decode(article.encoding, "strict").removeprefix("\ufeff")
    end = 0
    for ts, te, ss, se in article.source_map:
        assert end <= ts < te
        assert set(article.text[end:ts]) <= {" ", "\n"}
        end = te
        shown = source[ss:se] if te - ts == se - ss else html.unescape(source[ss:se])
        assert shown == article.text[ts:te]
    assert end == len(article.text)
    places = [(b.start, b.end) for b in article.blocks]
    assert places == sorted(places)
    assert "\n\n".join(article.text[s:e] for s, e in places) == article.text


@pytest.mark.parametrize(("data", "name"), [(HTML, "page.html"), (CAPTURE, "page.txt")])
def test_an_article_has_its_words_and_facts_and_no_furniture(data, name):
    article = read(data, name)
    assert article.title == "Harrow Bay to rebuild its sea wall"
    assert article.outlet == "The Bay Courier"
    assert article.authors == ("Nora Finch",)
    assert article.published == "2020-06-02"
    assert [article.text[b.start : b.end] for b in article.blocks if b.kind == "paragraph"] == [
        html.unescape(p) for p in PARAGRAPHS
    ]
    assert_positions(article, data.encode())
    assert article.dropped


def test_a_date_of_change_is_never_the_publication():
    data = HTML.replace('<meta property="article:published_time" content="2020-06-02T08:00:00+01:00">', "")
    article = read(data)
    assert article.published is None
    assert article.modified == "2020-06-05"


def test_a_line_that_says_first_published_beats_a_moved_page():
    moved = HTML.replace("2020-06-02T08", "2020-09-01T08").replace("2020-06-05T08", "2020-09-01T08")
    data = moved.replace("</article>", "<p>First published in the print edition of Tuesday, 2 June 2020.</p></article>")
    article = read(data)
    assert (article.published, article.published_basis) == ("2020-06-02", "stated")


def test_the_evening_before_in_universal_time_is_the_day_that_the_page_shows():
    data = HTML.replace("2020-06-02T08:00:00+01:00", "2020-06-03T01:00:00Z").replace(
        "</h1>", "</h1><p class='date'>June 2, 2020</p>"
    )
    assert read(data).published == "2020-06-02"


def test_a_date_between_names_and_counts_that_only_the_style_sets_apart_is_read():
    bare = HTML.replace('<meta property="article:published_time" content="2020-06-02T08:00:00+01:00">', "")
    line = "<div><span>Nora Finch</span><span>Jun 02, 2020</span><span>8 Shares</span><span>153 Views</span></div>"
    article = read(bare.replace("</h1>", "</h1>" + line))
    assert (article.published, article.published_basis) == ("2020-06-02", "stated")
    updated = read(bare.replace("</h1>", "</h1>" + line.replace("Nora Finch", "Last updated ")))
    assert updated.published is None  # the word in front of it stands in another element


def test_a_date_in_a_caption_is_no_publication_date():
    data = (
        "Harrow Bay to rebuild its sea wall\n\nThe wall after the storm of Jan. 12, 2020. Photo: A. Lane\n\n"
        + "\n\n".join(PARAGRAPHS)
    )
    assert read(data, "page.txt").published is None


def test_a_persons_word_beats_what_the_page_says():
    note = SourceNote(outlet="The Other Paper", title="Their title", published="2019-01-01", authors=("Ann Lee",))
    article = read(HTML, sidecar=note)
    assert (article.outlet, article.outlet_basis) == ("The Other Paper", "sidecar")
    assert (article.published, article.published_basis) == ("2019-01-01", "sidecar")
    assert (article.title, article.authors) == ("Their title", ("Ann Lee",))


def test_a_credit_glued_to_a_caption_is_cut_off():
    lines = [
        "Harrow Bay to rebuild its sea wall",
        PARAGRAPHS[0],
        "The wall after the stormImage: agency/dpa",
        *PARAGRAPHS[1:],
    ]
    article = read("\n\n".join(lines), "page.txt")
    captions = [article.text[b.start : b.end] for b in article.blocks if b.kind == "caption"]
    assert captions == ["The wall after the storm"]


def test_alternative_text_and_caption_of_one_picture_are_kept_once():
    lines = ["The wall after the storm of January.", "The wall after the storm of January. Photo: A. Lane", *PARAGRAPHS]
    assert read("\n\n".join(lines), "page.txt").text.count("after the storm of January") == 1


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_any_encoding_is_recorded_and_decodes_strictly(codec):
    data = CAPTURE.encode(codec)
    article = read(data, "page.txt")
    assert "“We cannot wait for another winter,”" in article.text
    assert_positions(article, data)


def test_a_stray_nul_does_not_cost_the_page():
    article = read(CAPTURE.replace("Monday", "Mon\x00day"), "page.txt")
    assert len(article.blocks) > 5


def test_two_equal_sentences_lead_to_two_places():
    data = HTML.replace("</article>", f"<p>{PARAGRAPHS[0]} It is late. It is late.</p></article>")
    article = read(data)
    spots = [i for i in range(len(article.text)) if article.text.startswith("It is late", i)]
    assert len(spots) == 2
    assert_positions(article, data.encode())


def test_a_page_without_text_is_named():
    with pytest.raises(PageError, match="NO-TEXT"):
        read("<html><body><script>var a = 1;</script></body></html>")


def test_time_grows_with_the_length_of_a_capture_and_no_faster():
    for unit in ("a", ". ", "1.", "A B", "\r", "Nora Finch said on 2 June. ", "Read more\n", "\n\n \u200b"):
        small, large = (time_capture("Harrow Bay floods again\n" + unit * count) for count in (10_000, 50_000))
        assert large < 25 * max(small, 0.02), unit  # five times the length: twenty-five times would be its square


def test_a_line_as_long_as_a_short_book_is_read():
    article = read("One sentence stands here. " * 15_000, "page.txt")
    assert len(article.text) > 380_000


def test_what_other_pages_show_too_is_left_out_but_a_copy_stays_whole():
    page = make_page("page.html", None, HTML.encode())
    lines = fingerprint_lines(page)
    assert body_text(extract_article(page, dict.fromkeys(lines, 3))).count("\n\n") == 5
    promo = HTML.replace(
        "</article>",
        "<p>The Courier takes no money from anyone. Its readers pay for what you have just read here.</p></article>",
    )
    page = make_page("page.html", None, promo.encode())
    extra = [line for line in fingerprint_lines(page) if line not in lines]
    assert "takes no money" not in extract_article(page, dict.fromkeys(extra, 3)).text


BROKEN = (
    "<div>" * 3000, "<b>" * 2000, "<table><tr><td>" * 500, "<" * 5000, '<a b="' * 3000, "<!--" * 3000, "<!-- x ", "&" * 5000, "&#xD800;&#0;&bogus;&amp",
    "<script>", "</p></div></html>", "<p title='>'>", "<![CDATA[ x ]]>", "<?php echo 1 ?>", "\x00\x01", "\U00020000\U00030001", "<textarea>", "<title>",
    "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"author\":[[[{}]]],\"datePublished\":{}}</script>", "<meta name=author>", "\r\r\n\n\r",
    "<p>By </p>", "10.13.2020", "\u2028", "\ud7ff", "<br>" * 300, "<time datetime='x' class='published'>",
)  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
@pytest.mark.parametrize("name", ["page.html", "page.txt"])
def test_broken_pages_raise_nothing_and_keep_their_positions(broken, name):
    for data in (broken + HTML, HTML.replace("<article>", "<article>" + broken) + broken):
        check_hostile(data.encode("utf-8", "surrogatepass"), name)


def check_hostile(data, name):
    try:
        page = make_page(name, None, data)
        article = extract_article(page, {})
    except PageError:
        return
    assert_positions(article, data)
    assert extract_article(page, {}) == article
    assert place_articles([article], SerialEngine())[0].text == article.text
    source, _ = decode_page(page)
    assert all(0 <= d.source_start <= d.source_end <= len(source) for d in article.dropped)


PIECES = st.sampled_from(
    ["<p>", "</p>", "<div class='caption'>", "</div>", "<b>", "</i>", "<a href='x'>", "</a>", "<br>", "&amp;", "&nbsp;", "&#8217;", "&lt", " ", "\n", "\xa0",
     "By Ann Lee", "10.31.13 11:50 PM ET", "The bridge was closed for a year, the council said on Monday. ", "Photo: A/B", "Image: x", "<h1>", "</h1>",
     "<script>", "</script>", "<!--", "-->", "<ul><li>", "Related:", "© 2020 The Paper", "“", "”", "\r\n", "<", ">", '"', "'", "=", "é", "\U0001f600"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from(["page.html", "page.txt"]))
@settings(max_examples=80, deadline=None)
def test_no_page_raises_and_positions_are_always_true(text, name):
    check_hostile(text.encode(), name)


@given(st.text(max_size=300), st.sampled_from(["page.html", "page.txt"]))
@settings(max_examples=40, deadline=None)
def test_no_text_raises(text, name):
    check_hostile(text.encode("utf-8", "replace"), name)


def test_the_ferry_is_read_as_its_gold_says(ferry):
    files = sorted((ferry / "pages").iterdir())
    pages = [make_page(file.name, None, file.read_bytes()) for file in files]
    articles = [extract_article(page, {}) for page in pages]
    for article, page in zip(articles, pages, strict=True):
        assert_positions(article, page.data)
    placed = place_articles(articles, SerialEngine())
    names = {article.id: article.path[:2] for article in placed}
    copies = {a.path[:2]: (names[a.copy_of.document], a.copy_of.kind) for a in placed if a.copy_of}
    assert copies == {
        "02": ("01", "wire_verbatim"),
        "03": ("01", "wire_trimmed"),
        "04": ("01", "wire_rewritten"),
        "06": ("05", "revision"),
        "17": ("10", "byte_duplicate"),
    }
    assert [a.path[:2] for a in placed if not a.in_story] == ["16"]
    shuffled = random.Random(3).sample(articles, len(articles))
    again = {a.id: a for a in place_articles(shuffled, SerialEngine())}
    assert [again[a.id] for a in placed] == placed


def test_a_country_over_a_list_is_no_outlet():
    lead = (
        "On Jan. 8, the forces of the coalition conducted 34 strikes in Chile and in Peru, the command said on Monday. "
    )
    strike = (
        ".       Near the river, four strikes hit a bridge, two depots and a convoy of eleven vehicles of the militia."
    )
    text = "\n".join(
        [lead * 3, "Chile", strike, strike.replace("river", "border"), "Peru", strike.replace("four", "two")]
    )
    assert read(text + "\nChile strikes end", "page.txt").outlet is None
