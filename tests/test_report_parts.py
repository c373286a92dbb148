"""The parts of the account by themselves: marks, captures, words, differences, drawings."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_stories import load_ferry, make_article

from storyledger.report.asking import find_count, load_counts, load_questions
from storyledger.report.capture import decode_capture, iter_pieces, pack_capture
from storyledger.report.charts import draw_chart
from storyledger.report.digest import Editor, allow_words
from storyledger.report.disputes import list_disputes
from storyledger.report.lookup import Lookup
from storyledger.report.marks import Span, mark_article
from storyledger.report.numbers import Numbers
from storyledger.report.outlets import Desk
from storyledger.report.page import count_digest_words
from storyledger.report.people import Gallery, RoleLine, choose_role, is_nameable
from storyledger.report.relations import lay_network, list_relations, weigh_event
from storyledger.report.sections import count_facts
from storyledger.report.sentences import Sentences, shorten_line
from storyledger.report.telling import Teller
from storyledger.report.timeline import WIDTH, Axis, lay_timeline
from storyledger.report.versions import diff_copy, diff_words, group_versions
from storyledger.report.wording import say_doubt, say_figure, say_interval, say_number, shorten
from storyledger.types import (
    Actor,
    ActorMention,
    Article,
    Block,
    Comparison,
    CopyOf,
    Dropped,
    Event,
    EventWhen,
    Evidence,
    Figure,
    Participant,
    Quantity,
    Side,
    Speaker,
    Statement,
    Story,
    TimeExpression,
)

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


def test_only_what_is_unsure_carries_a_word() -> None:
    assert [say_doubt(c) for c in (1.0, 0.9, 0.72, 0.55, None)] == ["", "", "", "unsure", ""]


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
    lookup = Lookup(load_ferry(ferry)[0])
    timeline = lay_timeline(lookup, Editor(lookup).lay_out(4.0).happenings.drawn)
    assert len(timeline.dots) > 20
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


def test_an_entry_of_the_timeline_shows_a_day_that_its_own_sentence_tells() -> None:
    """Merged from two pages, of which one names the day: the entry is that page's sentence."""
    early, _ = make_article("a", "The fire destroyed the old town hall of Lundau.", published="2021-03-12")
    late, _ = make_article("b", "On Tuesday the fire destroyed the old town hall of Lundau.", published="2021-03-12")
    mentions = tuple(Evidence(a.id, 0, len(a.text), a.text) for a in (early, late))
    day = TimeExpression(Evidence("b", 3, 10, "Tuesday"), "2021-03-09", "DATE", "2021-03-09", "2021-03-09", 1.0)
    when = EventWhen("2021-03-09", "2021-03-09", "Tuesday")
    fire = Event("e", "OTHER", "The fire", (), None, when, "reported", 0.9, mentions, 0.9)
    lookup = Lookup(Story(documents=(early, late), events=(fire,), times=(day,), timeline=("e",)))
    happenings = Editor(lookup).lay_out(1.0).happenings
    (row,) = happenings.drawn
    assert row.line.sentence.document == "b"
    assert row.when
    assert row.when.earliest == "2021-03-09"
    clock = TimeExpression(Evidence("b", 3, 10, "10.40pm"), "2021-03-12T22:40", "TIME", "2021-03-12", "2021-03-12", 1.0)
    hour = Lookup(Story(documents=(early, late), events=(fire,), times=(clock,)))
    assert (
        not Editor(hour).lay_out(1.0).happenings.drawn
    )  # an hour is of the night that is told of, not of the page's day
    alone = Lookup(Story(documents=(early,), events=(dataclasses.replace(fire, mentions=mentions[:1]),), times=(day,)))
    assert not Editor(alone).lay_out(1.0).happenings.drawn


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("A panel reported on the fire, which had broken out on Tuesday in the old town hall.", False),
        ("On Tuesday the fire, which a watchman had seen, destroyed the old town hall.", True),
        ("The fire, which a watchman had seen, destroyed the old town hall on Tuesday.", True),
    ],
)
def test_a_line_of_the_story_stands_on_the_day_of_its_own_clause(text: str, own: bool) -> None:
    article, _ = make_article("a", text, published="2021-03-12")
    at = text.index("Tuesday")
    told = Evidence("a", at, at + 7, "Tuesday")
    day = TimeExpression(told, "2021-03-09", "DATE", "2021-03-09", "2021-03-09", 1.0)
    sentences = Sentences(Lookup(Story(documents=(article,), times=(day,))))
    line = sentences.line(sentences.of("a")[0])
    assert line.named is not None
    assert (line.when is not None) == own


def test_a_chart_places_higher_values_higher_and_says_each_value(ferry: Path) -> None:
    story, _ = load_ferry(ferry)
    lookup = Lookup(story)
    series = Numbers(lookup, Sentences(lookup)).list_series()
    aboard = next(s for s in series if s.title == "How many were on board?")
    assert {row.figure.value for row in aboard.rows} >= {312, 319}
    chart = draw_chart(lookup, [row.figure for row in aboard.rows])
    assert chart
    heights = {int(p.label.lstrip("≥≤ ")): p.y for p in chart.points if p.label}
    assert all((a < b) == (heights[a] > heights[b]) for a in heights for b in heights if a != b)
    assert draw_chart(lookup, [aboard.rows[0].figure]) is None


def test_like_is_counted_with_like(ferry: Path) -> None:
    """57 dead and six missing of one sentence are two quantities, and neither is the crew."""
    lookup = Lookup(load_ferry(ferry)[0])
    for series in Numbers(lookup, Sentences(lookup)).list_series():
        for row in series.rows:
            if row.figure.unit == "people":
                found = find_count(row.figure.evidence.text)
                assert found
                assert found.title == series.title


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


def test_no_node_of_the_map_is_a_number_or_a_description() -> None:
    def named(name: str, kind: str = "name") -> Actor:
        return Actor("a", name, "person", (), (), (ActorMention("d", 0, 1, name, kind),))  # type: ignore[arg-type]

    assert [is_nameable(named(n)) for n in ("Ana Lund", "NATO", "the Red Cross")] == [True, True, True]
    assert [is_nameable(named(n)) for n in ("247 people", "the minister", "a ferry that sank", "")] == [False] * 4
    assert not is_nameable(named("Ana Lund", "nominal"))


# ------------------------------------------------------------------ the digest


def make_lines(text: str, actors: tuple[Actor, ...] = (), times: tuple[TimeExpression, ...] = ()) -> list[str]:
    article, _ = make_article("one", text, published="2021-03-10")
    lookup = Lookup(Story(documents=(article,), actors=actors, times=times))
    sentences = Sentences(lookup)
    lines = [sentences.line(s) for s in sentences.of("one")]
    return ["".join(p.text for p in line.pieces) + ("" if line.fit else " (unfit)") for line in lines]


def make_actor(name: str, *spots: tuple[int, str, str]) -> Actor:
    mentions = tuple(ActorMention("one", at, at + len(word), word, kind) for at, word, kind in spots)  # type: ignore[arg-type]
    return Actor(name, name, "person", (), (), mentions)


def test_a_name_is_put_in_behind_a_pronoun_and_a_nameless_he_does_not_stand_alone() -> None:
    text = "Ana Lund left on Monday. She said that the ship was sound. He had warned the owners."
    ana = make_actor("Ana Lund", (0, "Ana Lund", "name"), (text.index("She"), "She", "pronoun"))
    assert make_lines(text, (ana,)) == [
        "Ana Lund left on Monday.",
        "She [Ana Lund] said that the ship was sound.",
        "He had warned the owners. (unfit)",
    ]
    bo = make_actor("Bo Falk", (21, "Bo Falk", "name"))
    assert make_lines("Into her chair steps Bo Falk, the deputy.", (bo,)) == [
        "Into her chair steps Bo Falk, the deputy. (unfit)"
    ]


def test_a_dateline_is_no_part_of_a_sentence() -> None:
    datelines = (
        "LUNDAU, Norland, March 10 (Kurier) - ",
        "LUNDAU — ",
        "LUNDAU, 3 May 2020 -- ",
        "Lundau, Norland (NNB) -- ",
    )
    for dateline in (*datelines, "(NNB) -- ", "NEW: "):
        assert make_lines(f"{dateline}At least two people died in the fire.") == [
            "At least two people died in the fire."
        ]
    mayor = "Ada Brun (Labour) - the mayor - left."
    assert make_lines(mayor) == [mayor]
    assert make_lines("NATO is a body of thirty states.") == ["NATO is a body of thirty states."]


def test_a_sentence_amid_a_quotation_does_not_stand_alone() -> None:
    lines = make_lines("“It was cold. We waited,” Ana Lund said. Nobody came to the quay that night.")
    assert [line.endswith("(unfit)") for line in lines] == [True, True, False]


def test_a_shortened_line_keeps_its_pieces_to_the_letter() -> None:
    article, _ = make_article("one", "Ana Lund left on Monday, and the ship sailed without her captain.")
    sentences = Sentences(Lookup(Story(documents=(article,))))
    pieces, cut = shorten_line(sentences.line(sentences.of("one")[0]), 5)
    assert cut
    assert [p.text for p in pieces] == ["Ana Lund left on Monday"]
    assert all(p.evidence and article.text[p.evidence.start : p.evidence.end] == p.text for p in pieces)


def test_every_count_finds_its_example() -> None:
    for row in load_counts():
        assert find_count(row.example) == row


def test_every_question_finds_its_answer_and_not_what_only_sounds_like_one() -> None:
    for row in load_questions():
        assert row.count_clear(row.example), row.key
        assert not row.count_clear(row.other), row.key
    whether = next(row for row in load_questions() if row.key == "whether")
    assert not whether.count_clear("A spokesman would neither confirm nor deny it.")


def test_a_digest_has_half_the_words_of_five_pages_and_a_tenth_of_a_hundred() -> None:
    assert allow_words(5, 3000) == 1500
    assert allow_words(2, 3000) == 1500
    assert allow_words(100, 30_000) == 3000
    assert allow_words(300, 30_000) == 3000
    assert allow_words(300, 100_000) == 4000  # nobody reads ten thousand words in ten minutes
    shares = [allow_words(n, 10_000) for n in (5, 20, 50, 100)]
    assert shares == sorted(shares, reverse=True)
    assert count_digest_words("<p>One <b>two</b> – three.</p><svg><title>tip</title><text>12</text></svg>") == 4


def test_the_story_is_told_by_the_pages_own_sentences_in_order_of_time(ferry: Path) -> None:
    story, _ = load_ferry(ferry)
    (part,) = Editor(Lookup(story)).lay_out(1.0).stories
    texts = {a.id: a.text for a in story.documents}
    assert 8 <= len(part.lines) <= 15
    for row in part.lines:
        for piece in row.line.pieces:
            if piece.evidence:
                assert texts[piece.evidence.document][piece.evidence.start : piece.evidence.end] == piece.text
    days = [(row.when.earliest if row.when else None) or "" for row in part.lines]
    assert [d for d in days if d] == sorted(d for d in days if d)


def make_conflict(a: str, b: str) -> list[str]:
    """Return the heads of what is shown as disputed where the engine holds the two sentences to conflict."""
    pages = [make_article(key, text, published="2021-03-10")[0] for key, text in (("a", a), ("b", b))]
    sides = tuple(Side("", (Evidence(p.id, 0, len(p.text), p.text),)) for p in pages)
    conflict = Comparison("c", "conflict", "x", sides, 2, 0.9)
    lookup = Lookup(Story(documents=tuple(pages), comparisons=(conflict,)))
    return [d.head for d in list_disputes(lookup, Sentences(lookup))]


@pytest.mark.parametrize(
    ("a", "b", "heads"),
    [
        ("The fire killed 12 people.", "The fire killed 21 people.", ["How many died?"]),
        ("LUNDAU, May 3 (Kurier) - Two bombs fell on the quay.", "Three bombs fell on the quay.", ["How many bombs?"]),
        ("The fire of 2019 killed 12 people.", "The fire killed 12 people in a night.", []),
        ("A court fined the yard 86 million in 2019.", "Owners rejected a motion to pay the 86 million.", []),
        ("The ministry says 12 people died.", "The mayor opened a bridge with 400 guests.", []),
    ],
)
def test_a_dispute_is_one_that_the_words_bear_out(a: str, b: str, heads: list[str]) -> None:
    assert make_conflict(a, b) == heads


# ------------------------------------------------------------------ sections


def test_copies_do_not_count_as_origins(ferry: Path) -> None:
    facts = count_facts(Lookup(load_ferry(ferry)[0]))
    assert (facts.pages, facts.outlets, facts.origins, facts.elsewhere) == (16, 7, 11, 1)
    assert (facts.earliest, facts.latest) == ("2021-03-10", "2022-03-09")


def test_an_outlet_that_tells_it_once_has_not_left_it_out(ferry: Path) -> None:
    story, _ = load_ferry(ferry)
    desks = {d.name: d for d in Editor(Lookup(story)).lay_out(4.0).desks}
    first = story.omissions[0]
    assert first.about in [o.omission.about for o in desks["Valdvision"].left_out]
    assert first.about not in [o.omission.about for o in desks["Northwire"].left_out]
    assert first.about not in [o.omission.about for o in desks["Skerrin Bay Herald"].left_out]  # it could not know


def test_an_outlets_later_pages_stand_by_month_and_none_is_lost() -> None:
    days = ["2021-03-01", "2021-03-09", "2021-04-02", "2021-04-30", "2021", None]
    pages = [dataclasses.replace(make_article(str(n), f"Text {n}.")[0], published=day) for n, day in enumerate(days)]
    grouped = Desk("The Bay Post", pages).group_pages(1)
    assert [(month, [day for day, _ in rows]) for month, rows in grouped] == [
        ("2021-03", ["9"]),
        ("2021-04", ["2", "30"]),
        ("", ["", ""]),
    ]
    assert [a for _, rows in grouped for _, a in rows] == pages[1:]


def test_what_a_page_says_of_its_player_is_no_line_of_the_story() -> None:
    told = "A bridge fell into the river at Marrow on Monday and four people were hurt."
    notice = "To see this film of the bridge JavaScript must be turned on and the latest player installed."
    article, _ = make_article("one", f"Bridge falls\n\n{told}\n\n{notice}")
    lookup = Lookup(Story(documents=(article,)))
    rows = Teller(lookup, Sentences(lookup)).pool(["one"]).rows
    assert [article.text[s.start : s.end] for s in rows] == [told]


def tell_pool(*pages: Article) -> list[str]:
    lookup = Lookup(Story(documents=pages))
    rows = Teller(lookup, Sentences(lookup)).pool([p.id for p in pages]).rows
    return [lookup.articles[s.document].text[s.start : s.end] for s in rows]


def test_what_a_site_shows_on_all_of_its_pages_is_no_line_of_any() -> None:
    teaser = "Two men were charged in the theft of a clock from the town hall."
    leads = [
        f"The {what} of Marrow was closed by the flood that came down the river."
        for what in ["school", "mill", "bank", "quay"]
    ]
    pages = [make_article(str(n), f"{teaser}\n\n{lead}", published=f"2021-03-1{n}")[0] for n, lead in enumerate(leads)]
    assert tell_pool(*pages) == leads
    assert teaser in tell_pool(*pages[:3])


def test_what_is_said_in_a_transcript_is_no_line_of_the_pages_own() -> None:
    told = "The station spoke with the mayor of Marrow about the bridge on Monday."
    turns = [f"{who}: The bridge of Marrow fell into the river on Monday at {n} o'clock." for n, who in
             enumerate(("BRUN, HOST", "VALE", "BRUN (voice-over)", "DR. VALE"))]  # fmt: skip
    more = "The water took two carts along."
    assert tell_pool(make_article("one", "\n\n".join([told, *turns, more]))[0]) == [told]
    assert len(tell_pool(make_article("one", "\n\n".join([told, *turns[:2], more]))[0])) > 1


def test_highlights_that_run_on_are_no_line() -> None:
    lead = "A bridge fell into the river at Marrow on Monday and four people were hurt."
    deck = "Mayor says the bridge was sound Engineers had warned of its third pier Families wait at the town hall"
    page = make_article("one", f"{deck} Police close the river\n\n{lead}")[0]
    start = page.text.index(lead)
    blocks = (Block(0, start - 2, "deck"), Block(start, len(page.text), "paragraph"))
    assert tell_pool(dataclasses.replace(page, title=None, blocks=blocks)) == [lead]


def test_an_outlets_next_page_of_a_story_does_not_hide_the_news_of_the_first() -> None:
    shared = "The bridge was built in the year of the great flood and carried ten thousand carts."
    news = "A bridge fell into the river at Marrow on Monday. Four people were hurt by the stones that fell."
    outlook = "What comes after the bridge of Marrow, ask those who lived by it."
    first, later = (
        make_article(key, f"{own}\n\n{shared}", published="2021-03-10")[0] for key, own in (("b", news), ("a", outlook))
    )
    copy = CopyOf("b", "revision")
    pages = (dataclasses.replace(later, copy_of=copy, origin="o"), dataclasses.replace(first, origin="o"))
    assert len(tell_pool(*pages)) == 5
    again = dataclasses.replace(first, id="c", copy_of=copy, origin="o")
    assert len(tell_pool(pages[1], again)) == 3


def test_a_bare_number_counts_what_its_quantity_counts_and_parts_of_another_do_not() -> None:
    text = "The gang put 14,000 files on a page. The clinics put their number at 2,300. Two other files were blank."
    page = make_article("a", text, published="2021-03-10")[0]
    figures = tuple(
        Figure(w, "files", v, None, None, "=", "count", None, None, Evidence("a", text.index(w), text.index(w) + len(w), w),
               "q", 0.9)
        for w, v in (("14,000 files", 14_000.0), ("2,300", 2_300.0), ("Two other files", 2.0))
    )  # fmt: skip
    lookup = Lookup(
        Story(documents=(page,), figures=figures, ledger=(Quantity("q", "files", tuple(f.id for f in figures), ()),))
    )
    (series,) = Numbers(lookup, Sentences(lookup)).list_series()
    assert (series.title, [row.figure.value for row in series.rows]) == ("How many files?", [14_000, 2_300])


def test_a_headline_without_an_end_is_no_line_and_what_follows_it_is_the_first() -> None:
    text = "Many feared dead as Orlen ferry sinks The ferry went down off Harrow Bay on Monday. Nobody was found."
    page = make_article("a", text, published="2021-03-10")[0]
    lookup = Lookup(Story(documents=(page,)))
    rows = [(s.place, s.whole, text[s.start : s.end].split(maxsplit=1)[0]) for s in Sentences(lookup).of("a")]
    assert rows == [(0, False, "Many"), (0, True, "The"), (1, True, "Nobody")]


def make_page(text: str, **about: object) -> Story:
    return Story(documents=(make_article("one", text, published="2021-03-10", **about)[0],))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The lot was taken out of the sale of 8 March by the house.", False),
        ("The lot was taken out of the 8 March sale by the house.", False),
        ("The two sides have talked about nothing since 8 March.", False),
        ("The house lost a tenth of its worth after it had shut its doors on 8 March.", False),
        ("After it had shut its doors on 8 March the house lost a tenth of its worth.", True),
        ("The watchman was found on the night of 8 March in the yard.", True),
        ("The lot was taken away by the police on 8 March.", True),
        ("Crates of blankets have reached the town following the flood at the mill on 8 March.", False),
        ("The lot was sold on the following Monday, and on 8 March the buyer paid.", True),
    ],
)
def test_a_line_stands_on_no_day_of_a_thing_that_it_names(text: str, told: bool) -> None:
    story = make_page(text)
    at = text.index("8 March")
    day = TimeExpression(Evidence("one", at, at + 7, "8 March"), "2021-03-08", "DATE", "2021-03-08", "2021-03-08", 1.0)
    sentences = Sentences(Lookup(dataclasses.replace(story, times=(day,))))
    assert (sentences.line(sentences.of("one")[0]).when is not None) == told


def test_a_day_without_a_year_that_lies_far_off_places_no_line() -> None:
    """Read as of the year before, since "was withdrawn" looks back: whether it does is a guess."""
    text = "The lot was withdrawn and 12 March passed without a word."
    at = text.index("12 March")
    day = TimeExpression(Evidence("one", at, at + 8, "12 March"), "2020-03-12", "DATE", "2020-03-12", "2020-03-12", 1.0)
    sentences = Sentences(Lookup(dataclasses.replace(make_page(text), times=(day,))))
    assert sentences.line(sentences.of("one")[0]).when is None
    text = "The owner died on 5 March that year and left a widow."
    day = TimeExpression(Evidence("one", 18, 25, "5 March"), "2021-03-05", "DATE", "2021-03-05", "2021-03-05", 1.0)
    sentences = Sentences(Lookup(dataclasses.replace(make_page(text), times=(day,))))
    assert sentences.line(sentences.of("one")[0]).when is None


def test_who_only_stand_in_a_list_do_nothing_to_each_other() -> None:
    text = "Orlen, Harrow and Marrow raised the alarm. Orlen blamed Harrow for the leak."
    names = [("Orlen", 0), ("Harrow", 7), ("Marrow", 18), ("Orlen", 43), ("Harrow", 56)]
    actors = tuple(
        Actor(n, n, "organisation", (), (), tuple(ActorMention("one", at, at + len(n), n, "name") for m, at in names if m == n))
        for n in ("Orlen", "Harrow", "Marrow")
    )  # fmt: skip
    parts = (Participant("actor", "Orlen"), Participant("recipient", "Harrow"), Participant("recipient", "Marrow"))

    def acts(start: int, end: int) -> list[tuple[str, str]]:
        spot = Evidence("one", start, end, text[start:end])
        event = Event("e", "ACCUSE", "blamed", parts, None, None, "reported", 0.9, (spot,), 0.9)
        lookup = Lookup(dataclasses.replace(make_page(text), actors=actors, events=(event,)))
        return [(a.source, a.target) for r in list_relations(lookup, Sentences(lookup)) for a in r.acts]

    assert acts(0, 42) == []
    placed = "Orlen put up works from Harrow to the far coast and beyond it."
    assert not Sentences(
        Lookup(
            dataclasses.replace(
                make_page(placed),
                actors=(
                    Actor("Orlen", "Orlen", "organisation", (), (), (ActorMention("one", 0, 5, "Orlen", "name"),)),
                    Actor("Harrow", "Harrow", "country", (), (), (ActorMention("one", 24, 30, "Harrow", "name"),)),
                ),
            )
        )
    ).are_apart(Evidence("one", 0, len(placed), placed), "Orlen", "Harrow")
    assert acts(43, len(text)) == [("Orlen", "Harrow")]


def make_counted(text: str, *words: tuple[str, float]) -> Story:
    figures = tuple(
        Figure(w, "cases", v, None, None, "=", "count", None, None, Evidence("one", text.index(w), text.index(w) + len(w), w),
               "q", 0.9)
        for w, v in words
    )  # fmt: skip
    quantity = Quantity("q", "cases", tuple(f.id for f in figures), ())
    return dataclasses.replace(make_page(text), figures=figures, ledger=(quantity,))


def test_what_came_on_top_and_a_part_of_a_number_are_no_values_of_it() -> None:
    text = "Police listed 17 objects on Monday, six more than in May. Later they had 23 objects, eleven of the dealer's own."
    text += " For the other twelve nobody came."
    words = (("17 objects", 17.0), ("six", 6.0), ("23 objects", 23.0), ("twelve", 12.0))
    lookup = Lookup(make_counted(text, *words))
    (series,) = Numbers(lookup, Sentences(lookup)).list_series()
    assert [row.figure.value for row in series.rows] == [17, 23]


def test_many_numbers_of_several_places_are_told_place_by_place() -> None:
    places = ("Orlen", "Harrow")
    rows = [(f"{n} confirmed cases in {places[n % 2]}", float(n)) for n in range(20, 32)]
    text = " ".join(f"There were {words}." for words, _ in rows)
    story = make_counted(text, *((w.split(" in ")[0], v) for w, v in rows))
    spots = [(p, m.start()) for p in places for m in re.finditer(p, text)]
    actors = tuple(
        Actor(
            n, n, "place", (), (), tuple(ActorMention("one", at, at + len(n), n, "name") for p, at in spots if p == n)
        )
        for n in places
    )
    lookup = Lookup(dataclasses.replace(story, actors=actors))
    found = {s.title: [r.figure.value for r in s.rows] for s in Numbers(lookup, Sentences(lookup)).list_series()}
    assert found == {
        "How many confirmed cases in Orlen?": [20, 22, 24, 26, 28, 30],
        "How many confirmed cases in Harrow?": [21, 23, 25, 27, 29, 31],
    }


def test_the_headlines_matter_is_told_before_a_scene() -> None:
    scene = "Thick fog lay on the river at Marrow and the market women were setting up their stalls."
    told = "A court in Marrow sentenced the dealer Ivo Brandl to two years for selling stolen bells."
    story = make_page(f"{scene}\n\n{told}", title="Dealer Brandl sentenced over stolen bells")
    lookup = Lookup(story)
    pool = Teller(lookup, Sentences(lookup)).pool(["one"])
    assert [s.start for s in sorted(pool.rows, key=lambda s: -pool.worth[s])] == [len(scene) + 2, 0]


def test_what_nobody_has_been_told_of_begins_no_line_lightly() -> None:
    told = "Police found a bronze horse in a store on Customs Wharf in Marrow on Monday."
    blind = "The horologist, who kept silent for years, described Marrow and the wharf on Monday."
    lookup = Lookup(make_page(f"{told}\n\n{blind}"))
    pool = Teller(lookup, Sentences(lookup)).pool(["one"])
    assert max(pool.rows, key=pool.worth.__getitem__).start == 0


def test_a_page_without_a_headline_is_cited_by_outlet_and_day_alone() -> None:
    untitled = [make_article(k, f"Ferry {k} sank.", title=None, outlet="Wire", published="2021-03-10")[0] for k in "ab"]
    titled = [dataclasses.replace(a, title=f"Ferry {a.id} sinks") for a in untitled]
    assert {Lookup(Story(documents=tuple(untitled))).cite(k) for k in "ab"} == {"Wire, 10 March 2021"}
    assert Lookup(Story(documents=tuple(titled))).cite("a") == "Wire, 10 March 2021, “Ferry a sinks”"


def test_of_an_event_of_many_tellings_each_tells_its_own_day() -> None:
    """An epidemic is one event of the ledger where pages tell it on and on: the timeline has what each of them tells."""
    days = [f"2021-03-{n:02}" for n in range(1, 13)]
    whats = "bridge school market harbour clinic theatre station garden museum stadium library prison".split()  # noqa: SIM905
    texts = [f"On Monday the {what} in Orlen was closed because of the fever." for what in whats]
    pages = [make_article(f"p{n}", t, published=d)[0] for n, (t, d) in enumerate(zip(texts, days, strict=True))]
    times = tuple(
        TimeExpression(Evidence(p.id, 3, 9, "Monday"), d, "DATE", d, d, 1.0) for p, d in zip(pages, days, strict=True)
    )
    mentions = tuple(Evidence(p.id, 0, len(p.text), p.text) for p in pages)
    fever = Event(
        "e", "OTHER", "The fever", (), None, EventWhen(days[0], days[0], "Monday"), "reported", 0.9, mentions, 0.9
    )
    lookup = Lookup(Story(documents=tuple(pages), events=(fever,), times=times, timeline=("e",)))
    drawn = Editor(lookup).lay_out(1.0).happenings.drawn
    assert len(drawn) >= 8
    assert all(row.when and row.when.earliest == lookup.date(row.line.sentence.document) for row in drawn)
    assert len({row.anchor for row in drawn}) == len(drawn)


def test_a_person_stands_with_what_most_sources_call_him_and_not_with_a_title() -> None:
    told = [RoleLine("Trade Minister", "1 May 2020", None, 3), RoleLine("Hon.", "2 May 2020", None, 4)]
    told += [RoleLine("crows Minister", "3 May 2020", None, 1)]
    assert choose_role(told) == told[0]
    assert choose_role([]) is None


def test_a_sentence_whose_that_points_back_does_not_stand_alone() -> None:
    assert make_lines("The company ended that in March 2015. The company ended that contract in March 2015.") == [
        "The company ended that in March 2015. (unfit)",
        "The company ended that contract in March 2015.",
    ]


def test_what_somebody_says_is_told_as_said_and_not_as_done() -> None:
    text = "Ana Lund said the bridge was safe for years to come. Ana Lund closed the old bridge at Marrow on Monday."
    second = text.index("Ana Lund closed")
    lund = make_actor("Ana Lund", (0, "Ana Lund", "name"), (second, "Ana Lund", "name"))
    done = [
        Event(
            k,
            "OTHER",
            k,
            (Participant("actor", "Ana Lund"),),
            None,
            None,
            "reported",
            0.9,
            (Evidence("one", a, b, text[a:b]),),
            0.9,
        )
        for k, a, b in (("said", 0, 52), ("closed", second, len(text)))
    ]
    words = Evidence("one", 14, 51, text[14:51])
    speaker = Speaker("Ana Lund", "Ana Lund", None)
    said = Statement("s", speaker, None, words, "indirect", "say", "affirmed", None, None, None, None, None, 0.9)
    story = dataclasses.replace(make_page(text), actors=(lund,), events=tuple(done), statements=(said,))
    lookup = Lookup(story)
    (portrait,) = Gallery(lookup, Sentences(lookup)).draw(3, 2, set())
    assert [d.event.id for d in portrait.did] == ["closed"]
