"""The parts of the account by themselves: marks, captures, words, differences, drawings."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_stories import load_ferry, make_article

from storyledger.report.capture import decode_capture, iter_pieces, pack_capture
from storyledger.report.charts import view_quantity
from storyledger.report.lookup import Lookup
from storyledger.report.marks import Span, mark_article
from storyledger.report.relations import lay_network, list_relations, weigh_event
from storyledger.report.sections import (
    choose_quote,
    count_facts,
    grow_copy_trees,
    lay_matrix,
    list_outlets,
    write_brief,
)
from storyledger.report.timeline import WIDTH, Axis, lay_timeline
from storyledger.report.versions import diff_copy, diff_words, group_versions
from storyledger.report.wording import say_doubt, say_figure, say_interval, say_number, shorten
from storyledger.types import Block, CopyOf, Dropped, Event, EventWhen, Evidence, Figure, Participant, Story

HOSTILE_TEXT = st.text(max_size=120)
TEXT = st.text(alphabet="ab .!?\n“”A1\r\t😀é", max_size=120)


# ------------------------------------------------------------------ marks


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(TEXT)
    bound = st.integers(-3, len(text) + 5)
    pairs = draw(st.lists(st.tuples(bound, bound), max_size=12))
    spans = [Span(min(p), max(p), "asef"[n % 4], f"e{n}", f"label {n}", f"t{n}") for n, p in enumerate(pairs)]
    return text, spans


@given(marked_texts())
def test_marks_never_change_the_text_however_they_nest(drawn: tuple[str, list[Span]]) -> None:
    text, spans = drawn
    article, _ = make_article("one", text, blocks=(Block(0, len(text), "paragraph"),) if text else ())
    paragraphs = mark_article(article, 1, spans)
    shown = "".join("".join(g.text for g in s.segments) + s.tail for p in paragraphs for s in p.sentences)
    assert shown == "".join(text) or not text.strip()
    for sentence in (s for p in paragraphs for s in p.sentences):
        assert "".join(g.text for g in sentence.segments) == text[sentence.start : sentence.end]


@given(marked_texts())
def test_each_character_carries_the_marks_that_cover_it_and_no_other(drawn: tuple[str, list[Span]]) -> None:
    text, spans = drawn
    article, _ = make_article("one", text, blocks=(Block(0, len(text), "paragraph"),) if text else ())
    for sentence in (s for p in mark_article(article, 1, spans) for s in p.sentences):
        at = sentence.start
        for segment in sentence.segments:
            for position in range(at, at + len(segment.text)):
                covering = {s.entry for s in spans if s.start <= position < s.end}
                assert set(segment.entries.split()) == covering, (position, segment)
            at += len(segment.text)


@given(marked_texts())
def test_every_target_is_reachable_once(drawn: tuple[str, list[Span]]) -> None:
    text, spans = drawn
    article, _ = make_article("one", text, blocks=(Block(0, len(text), "paragraph"),) if text else ())
    sentences = [s for p in mark_article(article, 1, spans) for s in p.sentences]
    targets = [t for s in sentences for g in s.segments for t in g.targets]
    assert sorted(targets) == sorted({s.target for s in spans} if sentences else set())


def test_a_sentence_does_not_end_at_a_title_or_an_initial() -> None:
    text = "Mr. Smith met Gen. A. Jones in the U.S. Embassy. They spoke. “Yes.” No more!"
    article, _ = make_article("one", text)
    sentences = [text[s.start : s.end] for p in mark_article(article, 1, []) for s in p.sentences]
    assert sentences == ["Mr. Smith met Gen. A. Jones in the U.S. Embassy.", "They spoke.", "“Yes.”", "No more!"]


def test_a_sentence_lists_all_that_rests_on_it_also_what_only_reaches_into_it() -> None:
    article, _ = make_article("one", "One ends here. Two follows it.")
    spans = [Span(4, 20, "s", "s1", "says", "t"), Span(15, 18, "a", "a1", "Two", "u")]
    first, second = mark_article(article, 1, spans)[0].sentences
    assert [link.entry for link in first.entries] == ["s1"]
    assert [link.entry for link in second.entries] == ["s1", "a1"]


# ------------------------------------------------------------------ captures


def test_packed_bytes_come_back_and_pack_alike() -> None:
    data = bytes(range(256)) * 3
    assert gzip.decompress(base64.b64decode(pack_capture(data))) == data
    assert pack_capture(data) == pack_capture(data)


def test_a_byte_order_mark_is_no_part_of_the_source() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert decode_capture("Größe".encode("utf-8-sig" if encoding == "utf-8" else encoding), encoding) == "Größe"
    assert decode_capture(b"abc", "no-such-encoding") == "abc"


@given(
    st.text(alphabet="abc\n<>&é😀", max_size=60),
    st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=6),
    st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=6),
)
def test_every_character_of_the_source_is_in_exactly_one_piece(source: str, kept: list, dropped: list) -> None:
    rows = tuple((0, 1, min(p), max(p)) for p in kept)
    drops = tuple(Dropped(min(p), max(p), "x") for p in dropped)
    article, _ = make_article("one", "t", source_map=rows, dropped=drops)
    pieces = list(iter_pieces(article, source.encode()))
    assert "".join(p.text + p.tail for p in pieces) == source


def test_furniture_is_shown_with_its_reason_and_a_long_run_by_its_ends() -> None:
    article, data = make_article("one", "The text.")
    assert [(p.text, p.reason) for p in iter_pieces(article, data)] == [
        ("Menu: Home | News\n", "a menu"),
        ("The text.", None),
    ]
    long = dataclasses.replace(article, source_map=(), dropped=(Dropped(0, 5000, "a script"),))
    (piece,) = iter_pieces(long, b"x" * 5000)
    assert len(piece.text) + piece.hidden_chars + len(piece.tail) == 5000
    assert piece.hidden_chars > 4000


# ------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("earliest", "latest", "words"),
    [
        ("2013-11-03", "2013-11-10", "between 3 and 10 November 2013"),
        ("2013-10-30", "2013-11-10", "between 30 October and 10 November 2013"),
        ("2012-12-30", "2013-01-02", "between 30 December 2012 and 2 January 2013"),
        ("2013-11-01", "2013-11-30", "November 2013"),
        ("2013-01-01", "2013-12-31", "2013"),
        ("2013-11-01", "2013-11-01", "1 November 2013"),
        ("2013-11", "2013-11", "November 2013"),
        ("2012", "2013-11", "between 2012 and November 2013"),
        (None, "2013-11-10", "by 10 November 2013"),
        ("2013-11-10", None, "from 10 November 2013"),
        (None, None, "undated"),
        ("2013-13-40", "2013-13-40", "2013-13-40"),
    ],
)
def test_an_interval_is_said_as_what_it_is(earliest: str | None, latest: str | None, words: str) -> None:
    assert say_interval(earliest, latest) == words


@given(HOSTILE_TEXT, HOSTILE_TEXT)
def test_no_date_however_broken_stops_the_account(a: str, b: str) -> None:
    assert isinstance(say_interval(a, b), str)


def test_a_figure_keeps_its_bound_its_range_and_its_unit() -> None:
    figure = make_figure(5, 3, None, None, ">=", "people")
    assert say_figure(figure) == "at least 3 people"
    assert say_figure(make_figure(5, None, 60, 70, "range", "percent")) == "60 to 70 percent"
    assert say_figure(make_figure(5, 18.6, None, None, "=", "nautical_miles")) == "18.6 nautical miles"
    assert say_number(1_200_000) == "1,200,000"
    assert say_number(0.1 + 0.2) == "0.3"


def make_figure(
    n: int, value: float | None, low: float | None, high: float | None, comparator: str, unit: str
) -> Figure:
    spot = Evidence("one", 0, 1, "A")
    return Figure(f"f{n}", "dead", value, low, high, comparator, unit, None, None, spot, None, 1.0)  # type: ignore[arg-type]


def test_what_is_sure_carries_no_word_and_what_is_not_carries_how_sure() -> None:
    assert [say_doubt(c) for c in (1.0, 0.9, 0.82, 0.55, None)] == ["", "", "likely, 82 %", "unsure, 55 %", ""]


@given(HOSTILE_TEXT, st.integers(5, 60))
def test_a_shortened_text_is_never_longer_than_asked(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


# ------------------------------------------------------------------ differences


@given(TEXT, TEXT)
def test_the_pieces_of_a_difference_are_both_texts_to_the_letter(a: str, b: str) -> None:
    left, right = diff_words(a, b)
    assert "".join(p.text for p in left) == a
    assert "".join(p.text for p in right) == b


@given(TEXT, TEXT)
def test_a_copy_is_held_against_its_source_to_the_letter(a: str, b: str) -> None:
    diff = diff_copy(make_article("b", b)[0], make_article("a", a)[0])
    assert "".join(p.text for p in diff.kept) == a
    assert "".join(p.text for p in diff.own) == b
    assert (diff.added_words, diff.removed_words) == (0, 0) or a != b


def test_a_changed_word_is_marked_and_another_kind_of_quote_is_not() -> None:
    _, right = diff_words("She said “sound ship” twice", 'She said "good ship" twice')
    assert [p.text for p in right if p.changed] == ["good"]


def test_versions_stand_earliest_first_with_like_tellings_together(ferry: Path) -> None:
    groups = group_versions(Lookup(load_ferry(ferry)[0]))
    assert len(groups) == 3
    for group in groups:
        assert group.versions[0].first
        assert group.tellings == sum(1 + len(v.alike) for v in group.versions)


# ------------------------------------------------------------------ time, numbers, relations


@given(st.lists(st.integers(1, 900_000), min_size=1, max_size=30), st.lists(st.integers(1, 900_000), max_size=10))
def test_the_axis_keeps_the_order_of_time_and_stays_on_the_page(days: list[int], asked: list[int]) -> None:
    axis = Axis(days)
    places = [axis.place(day) for day in sorted([*days, *asked])]
    assert places == sorted(places)
    assert all(0 <= u <= 1 for u in places)


def test_no_label_of_the_timeline_covers_another_and_none_leaves_the_page(ferry: Path) -> None:
    timeline = lay_timeline(Lookup(load_ferry(ferry)[0]))
    assert len(timeline.dots) == 82
    lanes: dict[float, list[tuple[float, float]]] = {}
    for dot in timeline.dots:
        if not dot.bare:
            width = 16 + 6 * len(dot.label)
            lanes.setdefault(dot.y, []).append((dot.x - width, dot.x) if dot.left else (dot.x, dot.x + width))
    for boxes in lanes.values():
        boxes.sort()
        assert all(a[1] <= b[0] + 8 for a, b in itertools.pairwise(boxes))
        assert boxes[0][0] >= 0
        assert boxes[-1][1] <= WIDTH


def test_main_events_keep_their_labels_when_there_is_no_room_for_all(ferry: Path) -> None:
    dots = lay_timeline(Lookup(load_ferry(ferry)[0])).dots
    assert not any(d.bare for d in dots if d.importance >= 0.7)
    assert any(d.bare for d in dots)


def test_a_chart_marks_the_conflicts_and_places_higher_values_higher(ferry: Path) -> None:
    story, _ = load_ferry(ferry)
    lookup = Lookup(story)
    outlets = {o: chr(65 + n) for n, o in enumerate(list_outlets(lookup))}
    view = view_quantity(lookup, next(q for q in story.ledger if q.about == "people on board"), outlets)
    values = {r.anchor: r.figure.value for r in view.rows}
    heights = {p.anchor: p.y for p in view.points}
    assert all(
        (values[a] < values[b]) == (heights[a] > heights[b]) for a in values for b in values if values[a] != values[b]
    )
    assert {values[p.anchor] for p in view.points if p.conflict} == {312, 319}


def make_event(key: str, kind: str, status: str, a: str, b: str) -> Event:
    people = (Participant("actor", a), Participant("recipient", b))
    return Event(key, kind, key, people, None, EventWhen("2020-01-01", "2020-01-02", None), status, 0.5, (), 1.0)  # type: ignore[arg-type]


def test_what_was_only_planned_or_denied_weighs_nothing() -> None:
    assert weigh_event(make_event("e", "ASSAULT", "reported", "a", "b")) < 0
    assert weigh_event(make_event("e", "AID", "reported", "a", "b")) > 0
    for status in ("planned", "denied", "claimed", "called_off"):
        assert weigh_event(make_event("e", "ASSAULT", status, "a", "b")) == 0
    assert weigh_event(make_event("e", "OTHER", "reported", "a", "b")) == 0


def test_a_relation_holds_both_directions_and_nobody_acts_on_himself() -> None:
    events = (
        make_event("e1", "AID", "reported", "a", "b"),
        make_event("e2", "ACCUSE", "reported", "b", "a"),
        make_event("e3", "ACCUSE", "reported", "a", "a"),
    )
    (relation,) = list_relations(Lookup(Story(events=events)))
    assert [(act.source, act.target) for act in relation.acts] == [("a", "b"), ("b", "a")]
    assert relation.balance == 5.0


def test_the_network_is_drawn_alike_twice_and_names_do_not_cover_each_other(ferry: Path) -> None:
    lookup = Lookup(load_ferry(ferry)[0])
    nodes, edges = lay_network(lookup, list_relations(lookup))
    assert (nodes, edges) == lay_network(lookup, list_relations(lookup))
    spots = [(n.x, n.y) for n in nodes]
    assert not [(a, b) for a in spots for b in spots if a < b and abs(a[0] - b[0]) < 100 and abs(a[1] - b[1]) < 14]


# ------------------------------------------------------------------ sections


def test_the_brief_is_a_dozen_cited_events_in_order_of_time(ferry: Path) -> None:
    story, _ = load_ferry(ferry)
    lines = write_brief(Lookup(story))
    order = [story.timeline.index(line.event.id) for line in lines]
    assert len(lines) == 12
    assert order == sorted(order)
    assert all(line.quote and line.quote in line.event.mentions for line in lines)
    assert choose_quote(Lookup(story), dataclasses.replace(story.events[0], mentions=())) is None


def test_copies_do_not_count_as_origins(ferry: Path) -> None:
    facts = count_facts(Lookup(load_ferry(ferry)[0]))
    assert (facts.pages, facts.outlets, facts.origins, facts.elsewhere) == (16, 7, 11, 1)
    assert (facts.earliest, facts.latest) == ("2021-03-10", "2022-03-09")


def test_an_outlet_that_tells_it_once_has_not_left_it_out(ferry: Path) -> None:
    story, _ = load_ferry(ferry)
    lookup = Lookup(story)
    outlets = list_outlets(lookup)
    rows = lay_matrix(lookup, outlets)
    states = dict(zip(outlets, (c.state for c in rows[0].cells), strict=True))
    assert states["Northwire"] == "told"
    assert states["Valdvision"] == "left out"
    assert states["Skerrin Bay Herald"] == "could not know"


def test_pages_that_are_copies_of_each_other_in_a_ring_end_the_tree() -> None:
    articles = tuple(
        make_article(k, k, copy_of=CopyOf(o, "revision"))[0] for k, o in (("a", "b"), ("b", "a"), ("c", "c"))
    )
    trees = grow_copy_trees(Lookup(Story(documents=articles)))
    assert [t.article.id for t in trees] == ["a", "c"]
    assert [t.article.id for t in trees[0].below] == ["b"]
