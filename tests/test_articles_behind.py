"""What would break for a person whose page was saved before its scripts ran: the article that stands in the scripts."""

import html
import json

import pytest

from storyledger.articles import body_text, extract_article
from storyledger.pages.make import make_page

TITLE = "Harrow Bay to rebuild its sea wall"
PARAGRAPHS = (
    "The council of Harrow Bay voted on Monday to rebuild the old sea wall after two winters of storms and floods.",
    "“We cannot wait for another winter,” said Mayor Ada Quill, who had asked for the money in March, when it was calm.",
    "The work will cost about 4.2 million pounds and should take eighteen months, according to the council's engineers.",
    "Residents of the lower town, where 340 houses were flooded in January, said the decision had come much too late.",
    "The council's opposition voted against the plan and said that the figures had not been checked by anybody outside.",
    "Work is expected to begin in the autumn, when the beach is empty, and the promenade will be closed until then.",
)
NEWSLETTER = (
    "<div class='box'><p>Get the morning in five minutes: sign up for our free newsletter, every day at six.</p></div>"
)


def read(head="", body="", tail=""):
    page = (
        f"<!DOCTYPE html><html lang='en'><head><title>{TITLE} | Bay Courier</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav><h1>{TITLE}</h1>{body}"
        f"<footer>© 2020 The Bay Courier</footer>{tail}</body></html>"
    )
    article = extract_article(make_page("page.html", None, page.encode()), {})
    for ts, te, ss, se in article.source_map:
        shown = page[ss:se] if te - ts == se - ss else html.unescape(page[ss:se])
        assert article.text[ts:te] == shown
    return article


def script(kind, value):
    return f"<script {kind}>{json.dumps(value)}</script>"


LINKED = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n\n".join(PARAGRAPHS)}
STATE = {"props": {"menu": ["Home", "Sport"], "story": [{"type": "p", "html": f"<p>{p}</p>"} for p in PARAGRAPHS]}}
FRAME = html.escape(f"<html><body><h1>{TITLE}</h1>{''.join(f'<p>{p}</p>' for p in PARAGRAPHS)}</body></html>")


@pytest.mark.parametrize("shown", ["", NEWSLETTER, f"<p>{PARAGRAPHS[0]}</p>"])
@pytest.mark.parametrize(
    ("head", "tail"),
    [
        (script('type="application/ld+json"', LINKED), ""),
        ("", script('id="__NEXT_DATA__" type="application/json"', STATE)),
        ("", f'<iframe srcdoc="{FRAME}"></iframe>'),
    ],
)
def test_an_article_that_the_page_holds_and_does_not_show_is_found(head, tail, shown):
    article = read(head, shown, tail)
    body = body_text(article)
    assert article.title == TITLE
    assert [p for p in PARAGRAPHS if p not in body] == []
    assert "newsletter" not in body


def test_an_article_in_a_shadow_root_is_shown():
    inner = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    body = body_text(read(body=f"<x-story><template shadowrootmode='open'>{inner}</template></x-story>"))
    assert [p for p in PARAGRAPHS if p not in body] == []
    hidden = body_text(read(body=f"{inner}<template><p>Never shown to anybody, says the template.</p></template>"))
    assert "Never shown" not in hidden


def test_what_is_in_the_scripts_of_another_story_stays_there():
    other = [
        "A ferry between the islands ran aground late on Friday with forty people on board, the coast guard said."
    ] * 3
    shown = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[:2])
    body = body_text(
        read(
            body=shown,
            tail=script('type="application/json"', {"teasers": [f"{t} {n}" for n, t in enumerate(other * 4)]}),
        )
    )
    assert "ferry" not in body
    assert PARAGRAPHS[0] in body
