"""What would break for a person who reads a saved page's body: the end of a list lost, the furniture below it read."""

import numpy as np

from storyledger.articles.facts import Dating
from storyledger.articles.front import Front
from storyledger.articles.layout import Sheet, lay_out
from storyledger.articles.lines import Line
from storyledger.articles.tree import parse_tree, read_lines

TEXT = "The match against {} went to five sets and was decided, after a break for the rain, by one stroke at the net."


def find_body(parts, scores):
    tree = parse_tree(f"<html><body><h1>Five matches to see again</h1>{''.join(parts)}</body></html>")
    lines = read_lines(tree, vote=False)
    assert len(lines) == len(scores) + 1
    front = Front(0, frozenset(), (), frozenset(), Dating())
    sheet = Sheet(lines, np.array([0.0, *scores]), front, [0] * len(lines))
    return [choice.line.text for choice in lay_out(sheet) if choice.kind not in (None, "title")]


def wrap(name, place="story"):
    return f"<div class='{place}'><p>{TEXT.format(name)}</p></div>"


def test_prose_in_the_very_place_of_the_body_is_of_the_body():
    names = ("Quill", "Finch", "Vale", "Stone")
    parts = [*map(wrap, names), wrap("Marsh", "teaser"), wrap("Reed", "teaser")]
    assert find_body(parts, [0.9, 0.9, 0.3, 0.1, 0.1, 0.1]) == [TEXT.format(name) for name in names]


def test_one_line_alone_after_the_end_or_a_place_without_a_name_adds_nothing():
    three = [TEXT.format(name) for name in ("Quill", "Finch")]
    assert find_body([*map(wrap, ("Quill", "Finch", "Vale"))], [0.9, 0.9, 0.1]) == three
    bare = [f"<div><p>{TEXT.format(name)}</p></div>" for name in ("Quill", "Finch", "Vale", "Stone")]
    assert find_body(bare, [0.9, 0.9, 0.1, 0.1]) == three


def test_what_is_mostly_a_link_is_not_of_the_body():
    linked = [f"<div class='story'><p><a href='/x'>{TEXT.format(name)}</a></p></div>" for name in ("Vale", "Stone")]
    assert len(find_body([wrap("Quill"), wrap("Finch"), *linked], [0.9, 0.9, 0.1, 0.1])) == 2


def test_a_question_put_to_each_stands_in_the_interview_each_time():
    asked = "<div class='story'><p>What did you think when you first saw the plan?</p></div>"
    parts = [asked, wrap("Quill"), asked, wrap("Finch"), asked, wrap("Vale")]
    assert len(find_body(parts, [0.97, 0.95, 0.97, 0.95, 0.97, 0.95])) == 6
    assert len(find_body(parts, [0.97, 0.95, 0.6, 0.95, 0.6, 0.95])) == 4


def test_long_values_and_pictures_in_a_page_are_no_attributes():
    drawing = "<svg viewBox='0 0 9 9'>" + "<path d='M0 0' fill='none' />" * 3000 + "</svg>"
    state = "<div data-state='" + '{"a": "b = c"} ' * 3000 + "'></div>"
    prose = "".join(
        f"<p>The {n} boats came home to the harbour before the storm, the master said on Monday.</p>" for n in range(9)
    )
    tree = parse_tree(f"<html><body>{drawing}{state}<h1>Boats home</h1>{prose}</body></html>")
    assert len(read_lines(tree, vote=False)) == 10


def test_what_is_struck_out_and_the_signs_of_notes_are_none_of_the_words():
    struck = "<p>The toll was given as <del>12</del> <ins>14</ins>, and <s>Ada Finch</s> Bo Quill was held.</p>"
    styled = "<p>It will <span style='text-decoration: line-through'>not</span> open, the clerk said.</p>"
    noted = "<p>Some 12<sup>3</sup> people were hurt,<sup><a href='#n'>b</a></sup> as the clerk wrote<sup>*</sup>.</p>"
    powers = "<p>The hall has 40 m<sup>2</sup> on the 2<sup>nd</sup> floor, in the XX<sup>e</sup> arrondissement.</p>"
    tree = parse_tree(f"<html><body>{struck}{styled}{noted}{powers}</body></html>")
    assert [line.text for line in read_lines(tree, vote=False)] == [
        "The toll was given as 14, and Bo Quill was held.",
        "It will open, the clerk said.",
        "Some 12 people were hurt, as the clerk wrote.",
        "The hall has 40 m2 on the 2nd floor, in the XXe arrondissement.",
    ]


CONSENT = (
    "When you visit our website we store cookies on your browser. You can opt out of our cookies in your privacy settings "
    "at any time, but then parts of our site and your personal choices may not work for you."
)


def test_a_consent_box_that_reads_most_like_an_article_does_not_hide_the_article():
    parts = [wrap("Quill"), wrap("Finch"), "<h4>Functional Cookies</h4>", f"<p>{CONSENT}</p>"]
    assert find_body(parts, [0.1, 0.1, 0.8, 0.95]) == [TEXT.format("Quill"), TEXT.format("Finch")]


def test_prose_that_is_all_one_link_is_another_storys():
    linked = [f"<div class='box'><a href='/x'>{TEXT.format(name)}</a></div>" for name in ("Vale", "Stone", "Marsh")]
    parts = [wrap("Quill"), wrap("Finch"), *linked]
    assert find_body(parts, [0.9, 0.9, 0.8, 0.8, 0.8]) == [TEXT.format("Quill"), TEXT.format("Finch")]


def test_beginnings_of_other_stories_cut_at_one_length_are_none_of_this_one():
    cut = [f"<p>{(TEXT.format(name) * 2)[:130]}...</p>" for name in ("Vale", "Stone", "Marsh")]
    alone = f"<p>{TEXT.format('Reed')} And then she said ...</p>"
    assert len(find_body([wrap("Quill"), *cut], [0.9, 0.9, 0.9, 0.9])) == 1
    assert len(find_body([wrap("Quill"), alone, cut[0]], [0.9, 0.9, 0.9])) == 3


def test_a_digest_of_the_pages_own_sentences_stands_once():
    digest = f"<p>{TEXT.format('Quill')} {TEXT.format('Finch')}</p>"
    parts = [digest, f"<p>LONDON: {TEXT.format('Quill')}</p>", f"<p>{TEXT.format('Finch')}</p>"]
    assert find_body(parts, [0.9, 0.9, 0.9]) == [f"LONDON: {TEXT.format('Quill')}", TEXT.format("Finch")]


def test_who_made_the_piece_and_how_to_reach_them_is_none_of_it():
    notes = (
        "This interview has been lightly edited for length and clarity.",
        "Contributing: The Associated Press; Nora Finch and Abel Stone",
        "You can email Nora Finch at nora@courier.example or send a letter to the paper.",
        "Also: Twelve rivers that burst their banks this year",
    )
    told = (
        "This story originally ran in another paper, she said, under another name.",
        "Email him a photo of the bridge, and he will tell you who built it.",
    )
    parts = [wrap("Quill"), *(f"<p>{text}</p>" for text in (*notes, *told))]
    assert find_body(parts, [0.9] * 7) == [TEXT.format("Quill"), *told]


def test_headings_that_part_a_list_of_places_stay_though_they_are_links():
    parts = []
    for name in ("Quill Hall", "Finch Inn", "Stone House"):
        parts += [f"<h2><a href='/x'>{name}</a></h2>", f"<p>{TEXT.format(name)}</p>"]
    found = find_body([f"<div class='story'>{''.join(parts)}</div>"], [0.1, 0.9] * 3)
    assert [text for text in found if len(text) < 20] == ["Quill Hall", "Finch Inn", "Stone House"]


def find_pasted_body(lines, scores, title=0):
    front = Front(title, frozenset(), (), frozenset(), Dating())
    sheet = Sheet([Line(text, (n, n), 1, 0) for n, text in enumerate(lines)], np.array(scores), front, [0] * len(lines))
    return [choice.line.text for choice in lay_out(sheet) if choice.kind not in (None, "title")]


def test_stories_below_a_pasted_page_each_with_its_writer_and_day_are_none_of_it():
    body = [TEXT.format(name) for name in ("Quill", "Finch", "Vale")]
    below, scores = [], []
    for number, name in enumerate(("Marsh", "Reed", "Hale", "Poole")):
        below += [f"* {name} wins again", TEXT.format(name), f"Nora Finch May {number + 3}, 2020"]
        scores += [0.4, 0.7, 0.1]
    filler = [f"Part {n}" for n in range(60)]
    found = find_pasted_body(["Five matches", *body, *filler, *below], [0.1, 0.95, 0.95, 0.95, *[0.0] * 60, *scores])
    assert found == body
    posts = [part for n, text in enumerate(body) for part in (text, f"May {n + 3}, 2020")]
    assert find_pasted_body(["Five matches", *posts, *filler], [0.1, *[0.95, 0.1] * 3, *[0.0] * 60]) == body


def test_what_the_page_earns_is_none_of_its_text():
    told = "The bank said that it earns a commission of 2 percent when customers buy through its links."
    parts = [wrap("Quill"), "<p>We may earn a commission from links on this page.</p>", f"<p>{told}</p>"]
    assert find_body(parts, [0.9, 0.9, 0.9]) == [TEXT.format("Quill"), told]
