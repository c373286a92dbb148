"""The account as a text: what it says, what it must never say, and that it says the same twice."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from pathlib import Path

import pytest
from report_stories import cut_ferry, load_ferry, make_article, make_hostile

from storyledger.report import render_report, write_report_folder
from storyledger.report.digest import allow_words
from storyledger.report.page import count_digest_words
from storyledger.report.sentences import count_words
from storyledger.types import Event, Evidence, Failure, NewsStory, Story

FAILURE = Failure("pages/<b>.html", "3", "pages", "E-PAGE-EMPTY", "the page is empty & void", "save it again")


@pytest.fixture(scope="module")
def account(ferry: Path) -> str:
    return render_report(*load_ferry(ferry), [])


def test_the_same_story_gives_the_same_page_to_the_byte(ferry: Path) -> None:
    story, captures = cut_ferry(ferry)
    backwards = dict(reversed(captures.items()))
    assert render_report(story, captures, [FAILURE]) == render_report(story, backwards, [FAILURE])


def test_the_page_names_no_address_that_it_could_fetch(account: str) -> None:
    assert re.findall(r'(?:src|href|action|poster|data)="(?!#|data:,)[^"]*"', account) == []
    assert "@import" not in account
    assert not re.search(r"url\((?!#)", account)
    assert not re.search(r"<(?:img|iframe|object|embed|link rel=\"stylesheet\")", account)


def test_the_policy_allows_exactly_the_script_and_the_style_that_are_in_the_page(account: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', account)
    assert policy
    for tag in ("style", "script"):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", account, re.DOTALL)
        assert body
        digest = base64.b64encode(hashlib.sha256(body[1].encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-{digest}&#39;" in policy[1].replace("'", "&#39;")
    assert "unsafe" not in policy[1]
    assert not re.search(r'\s(?:on\w+|style)="', account)


def test_hostile_text_never_reaches_the_page_as_markup() -> None:
    story, captures = make_hostile()
    page = render_report(story, captures, [dataclasses.replace(FAILURE, message="<script>window.pwned=9</script>")])
    assert "<script>window" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert "{{ 7*7 }}" in page


def test_what_could_not_be_used_is_listed_with_what_to_do() -> None:
    page = render_report(Story(), {}, [FAILURE])
    assert "pages/&lt;b&gt;.html, record 3" in page
    assert "the page is empty &amp; void" in page
    assert "save it again" in page
    assert "E-PAGE-EMPTY" in page


def test_a_story_of_nothing_is_still_an_account() -> None:
    assert "<main" in render_report(Story(), {}, [])


def test_a_section_whose_stage_was_not_run_says_so_in_a_line() -> None:
    article, data = make_article("one", "A short page.")
    page = render_report(Story(documents=(article,), stages=("articles", "reading", "actors")), {"one": data}, [])
    for what in ("Events", "Figures", "Statements", "Comparisons"):
        assert f"{what} have not been worked out in this account: that stage was not run." in page
    assert "Actors have not been" not in page
    assert "No actors were found." in page


def test_an_export_that_points_nowhere_is_shown_not_refused(ferry: Path) -> None:
    story, captures = cut_ferry(ferry)
    wrong = dataclasses.replace(story, documents=story.documents[:1], actors=(), ledger=story.ledger)
    assert "a page that is not in this account" in render_report(wrong, captures, [])
    article = dataclasses.replace(story.documents[0], text="short", source_map=((0, 99999, 5, 2),))
    assert "<main" in render_report(dataclasses.replace(story, documents=(article,)), captures, [])


def test_codes_that_the_account_has_no_words_for_are_shown_as_they_are(ferry: Path) -> None:
    story, captures = cut_ferry(ferry)
    article = dataclasses.replace(story.documents[0], outlet_basis="hearsay", published_basis="hearsay")
    event = dataclasses.replace(story.events[0], type="FROBNICATE")
    odd = dataclasses.replace(story, documents=(article, *story.documents[1:]), events=(event, *story.events[1:]))
    page = render_report(odd, captures, [])
    assert "hearsay" in page
    assert "frobnicate" in page


def test_an_inferred_date_reads_as_an_interval_and_inferred() -> None:
    inferred = {
        "published_earliest": "2013-11-03",
        "published_latest": "2013-11-10",
        "published_basis": "inferred",
        "published_confidence": 0.75,
        "outlet": "The Paper",
    }
    article, data = make_article("one", "A short page.", **inferred)
    page = render_report(Story(documents=(article,)), {"one": data}, [])
    assert "between 3 and 10 November 2013, inferred" in page
    assert "%" not in re.sub(r"(?s)<(style|script).*?</\1>", "", page)  # doubt is a word, not a number on each line


def test_every_evidence_of_every_entry_has_its_place_in_the_marked_pages(ferry: Path, account: str) -> None:
    story, _ = load_ferry(ferry)
    number = {a.id: n for n, a in enumerate(story.documents, 1)}
    spots = [s.content for s in story.statements]
    spots += [m for e in story.events for m in e.mentions]
    spots += [f.evidence for f in story.figures]
    spots += [e for c in story.comparisons for side in c.sides for e in side.evidence]
    missing = [s for s in spots if f'<b id="d{number[s.document]}-{s.start}-{s.end}"></b>' not in account]
    assert missing == []


def test_the_ferry_fits_in_two_megabytes(account: str) -> None:
    assert len(account.encode()) < 2_000_000


def test_the_digest_is_as_long_as_a_reader_has_time_for(ferry: Path) -> None:
    for story, _ in (load_ferry(ferry), cut_ferry(ferry), (make_pile(120), {})):
        words = sum(count_words(a.text) for a in story.documents)
        page = render_report(story, {}, [])
        digest = page[page.index("<main") : page.index('<section id="articles"')]
        assert 100 < count_digest_words(digest) <= allow_words(len(story.documents), words)


def make_pile(pages: int) -> Story:
    """Return a story on so many pages, a sentence of each an event: as long as a pile of a season."""
    people = ("Ana Lund", "Bo Falk", "Cara Holm", "Dag Moen", "Eli Rask", "Finn Aas", "Gro Lie", "Hans Vik")
    places = ("Lundau", "Norvik", "Halden", "Sandnes", "Molde", "Tromvik", "Askim", "Elverum", "Larvik")
    deeds = ("opened the bridge at", "closed the harbour of", "visited the school of", "fined the council of", "sued")
    articles, events = [], []
    for n in range(pages):
        told = [
            f"{people[(n + m) % 8]} {deeds[(n * m + m) % 5]} {places[(n * 7 + m) % 9]} after {n * 13 + m} days of talks."
            for m in range(12)
        ]
        article, _ = make_article(
            f"p{n}", " ".join(told), published=f"2021-{1 + n % 12:02}-{1 + n % 28:02}", title="News"
        )
        articles.append(article)
        spots = [Evidence(article.id, at := article.text.index(t), at + len(t), t) for t in told]
        events += [
            Event(f"e{n}.{m}", "OTHER", e.text, (), None, None, "reported", 0.6, (e,), 0.9) for m, e in enumerate(spots)
        ]
    return Story(documents=tuple(articles), events=tuple(events), timeline=tuple(e.id for e in events))


def test_a_pile_of_several_stories_opens_with_their_list(tmp_path: Path) -> None:
    pile = make_pile(6)
    keys = [a.id for a in pile.documents]
    stories = (
        NewsStory("s1", "The bridge of Lundau", "2021-01-01", "2021-03-03", tuple(keys[:3])),
        NewsStory("s2", "Harbours <closed>", "2021-04-04", "2021-05-05", tuple(keys[3:5])),
    )
    page = render_report(dataclasses.replace(pile, stories=stories), {}, [])
    opening = page[page.index("<main") : page.index('<section id="timeline"')]
    assert "2 stories on 6 pages" in opening
    assert opening.index("The bridge of Lundau") < opening.index("Harbours &lt;closed&gt;")
    alone = pile.documents[5].text.split(".")[0]
    assert alone not in page[page.index("<main") : page.index('<section id="articles"')]  # a page apart feeds nothing
    write_report_folder(make_pile(60), {}, [], tmp_path)
    assert max(p.stat().st_size for p in tmp_path.glob("*.html")) < 1_000_000


def test_a_lone_surrogate_from_a_broken_export_can_still_be_written() -> None:
    article, data = make_article("one", "A short page.")
    article = dataclasses.replace(article, title="broken \ud800 title", text="A short \udfff page")
    assert "broken" in render_report(Story(documents=(article,)), {"one": data}, []).encode("utf-8").decode()


def test_a_folder_has_an_index_a_page_an_article_and_each_capture_once(ferry: Path, tmp_path: Path) -> None:
    story, captures = cut_ferry(ferry)
    write_report_folder(story, captures, [FAILURE], tmp_path / "out")
    names = sorted(p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert names == sorted(
        [f"{part}.html" for part in ("index", "questions", "people", "sources", "numbers")]
        + ["assets/account.css", "assets/account.js", "assets/search.js"]
        + [f"article-{n}.html" for n in range(1, 5)]
        + [f"captures/{n}.js" for n in range(1, 5)]
    )
    before = {n: (tmp_path / "out" / n).read_bytes() for n in names}
    write_report_folder(story, captures, [FAILURE], tmp_path / "out")
    assert before == {n: (tmp_path / "out" / n).read_bytes() for n in names}


def test_links_between_the_pages_of_a_folder_lead_to_ids_that_exist(ferry: Path, tmp_path: Path) -> None:
    write_report_folder(*load_ferry(ferry), [], tmp_path)
    ids = {p.name: set(re.findall(r'\sid="([^"]+)"', p.read_text(encoding="utf-8"))) for p in tmp_path.glob("*.html")}
    for path in tmp_path.glob("*.html"):
        for href in re.findall(r'<a [^>]*?href="([^"]+)"', path.read_text(encoding="utf-8")):
            name, _, anchor = href.partition("#")
            assert not anchor or anchor in ids[name or path.name], (path.name, href)
            assert name == "" or name in ids
