"""Corrections of events: a wrong merge undone, two reports tied, an event rejected; lasting, and never silently dropped."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyledger.errors import UsageError
from storyledger.events import check_event_judgements, key_event, key_telling, merge_reports
from storyledger.journal import make_judgement, read_judgements, write_judgements
from storyledger.types import Actor, Article, EventReport, EventWhen, Evidence, Participant

LINES = (
    ("d1", "the queen visited the town on Friday", "CONSULT", "visit", "2020-05-01"),
    ("d1", "the rebels attacked the town", "ASSAULT", "attack", "2020-05-03"),
    ("d2", "during the visit of the queen", "CONSULT", "visit", "2020-05-01"),
    ("d2", "the attack of the rebels on the town", "ASSAULT", "attack", "2020-05-03"),
    ("d3", "the queen visited the town", "CONSULT", "visit", "2020-05-01"),
    ("d3", "the premier resigned", "OTHER", "resign", "2020-05-09"),
)
ACTORS = [Actor(name, name, "person", (), (), ()) for name in ("queen", "town", "rebels", "premier")]
SHIFT = 7  # of the source before the text: a key is of the source


def pile():
    """Return reports and the articles that they stand in, one line a report."""
    texts: dict[str, str] = {}
    reports = []
    for document, line, kind, lemma, day in LINES:
        start = len(texts.get(document, ""))
        texts[document] = texts.get(document, "") + line + ". "
        people = [Participant("actor" if n == 0 else "recipient", name) for n, name in enumerate(_named(line))]
        evidence = Evidence(document, start, start + len(line), line)
        when = EventWhen(day, day, day)
        ident = f"report:{document}:{start}"
        reports.append(
            EventReport(ident, document, kind, evidence, lemma, tuple(people), None, when, "reported", 0.6, 0, 0.8)
        )
    articles = [
        Article(
            number,
            number,
            None,
            "utf-8",
            f"sha-{number}",
            text,
            ((0, len(text), SHIFT, SHIFT + len(text)),),
            (),
            published="2020-05-10",
            published_latest="2020-05-10",
            origin=number,
        )
        for number, text in texts.items()
    ]
    return reports, articles


def _named(line):
    return sorted((a.id for a in ACTORS if a.id in line), key=line.index)


def merge(journal=(), order=None):
    reports, articles = pile()
    reports = [reports[i] for i in order] if order else reports
    return merge_reports(reports, articles, {}, ACTORS, journal)


def key(line):
    reports, articles = pile()
    return key_telling(next(r.evidence for r in reports if r.evidence.text == line), articles)


def holder(events, line):
    return next((e for e in events if any(m.text == line for m in e.mentions)), None)


FRIDAY, DURING, VISITED, ATTACKED, RESIGNED = (LINES[i][1] for i in (0, 2, 4, 1, 5))


def test_without_a_judgement_three_tellings_of_the_visit_are_one_event():
    assert len(holder(merge(), FRIDAY).mentions) == 3


def test_a_telling_judged_different_leaves_its_event_and_the_reason_stays():
    journal = (make_judgement(1, "different_event", key(DURING), b=key(FRIDAY), because="the year before"),)
    events = merge(journal)
    assert holder(events, DURING) != holder(events, FRIDAY)
    told = [m for m in holder(events, DURING).merges if m.refused]
    assert told
    assert "judged different (no. 1): the year before" in told[0].reasons[0]
    assert check_event_judgements(journal, events, pile()[1]) == []


def test_events_judged_the_same_keep_all_their_tellings_however_little_they_look_alike():
    journal = (make_judgement(1, "same_event", key(RESIGNED), b=key(FRIDAY)),)
    events = merge(journal)
    event = holder(events, RESIGNED)
    assert {m.text for m in event.mentions} == {RESIGNED, FRIDAY, DURING, VISITED}
    assert event.merges[0].reasons[0] == "judged the same (no. 1)"
    assert check_event_judgements(journal, events, pile()[1]) == []


def test_where_ties_and_judgements_conflict_the_judgements_hold():
    """The visit is tied to the attack, but one telling of the visit is not: that telling stays out."""
    journal = (
        make_judgement(1, "same_event", key(FRIDAY), b=key(ATTACKED)),
        make_judgement(2, "different_event", key(VISITED), b=key(ATTACKED)),
    )
    events = merge(journal)
    assert holder(events, FRIDAY) == holder(events, ATTACKED) != holder(events, VISITED)
    assert check_event_judgements(journal, events, pile()[1]) == []


def test_what_is_rejected_is_gone_and_the_rest_stays():
    journal = (make_judgement(1, "reject_event", key(RESIGNED)),)
    events = merge(journal)
    assert holder(events, RESIGNED) is None
    assert len(events) == len(merge()) - 1
    assert check_event_judgements(journal, events, pile()[1]) == []
    assert [p.kind for p in check_event_judgements(journal, merge(), pile()[1])] == ["not_obeyed"]


def test_a_clause_around_the_rejected_one_is_another_event():
    reports, articles = pile()
    start = reports[0].evidence.start
    inner = Evidence("d1", start, start + 17, reports[0].evidence.text[:17])
    journal = (make_judgement(1, "reject_event", key_telling(inner, articles)),)
    assert holder(merge(journal), FRIDAY) is not None


def test_the_later_of_two_that_contradict_wins_and_the_other_is_told():
    one, other = key(FRIDAY), key(DURING)
    journal = (make_judgement(1, "different_event", one, b=other), make_judgement(2, "same_event", other, b=one))
    events = merge(journal)
    assert holder(events, FRIDAY) == holder(events, DURING)
    assert [(p.number, p.kind) for p in check_event_judgements(journal, events, pile()[1])] == [(1, "contradiction")]


def test_a_judgement_on_a_page_that_is_gone_is_told_and_changes_nothing():
    gone = ("sha-of-no-page", 0, 9, "a meeting")
    journal = (make_judgement(1, "same_event", gone, b=key(FRIDAY)),)
    assert merge(journal) == merge()
    assert [p.kind for p in check_event_judgements(journal, merge(journal), pile()[1])] == ["lost"]


def test_a_judgement_of_actors_is_none_of_events():
    assert merge((make_judgement(1, "different", key(FRIDAY), b=key(DURING)),)) == merge()


def test_the_key_of_an_event_can_leave_out_the_telling_it_is_told_apart_from():
    articles = pile()[1]
    event = holder(merge(), FRIDAY)
    keys = {key_event(event, articles, besides=mention) for mention in event.mentions}
    assert len(keys) == 2
    with pytest.raises(UsageError, match="no other telling"):
        key_event(holder(merge(), RESIGNED), articles, besides=holder(merge(), RESIGNED).mentions[0])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["same_event", "different_event", "reject_event"]), st.integers(0, 5), st.integers(0, 5)
        ),
        max_size=6,
    ),
    st.permutations(range(len(LINES))),
)
def test_a_journal_replayed_gives_the_same_events_and_hides_no_trouble(rows, order):
    journal = []
    for verb, x, y in rows:
        if verb == "reject_event":
            journal.append(make_judgement(len(journal) + 1, verb, key(LINES[x][1])))
        elif x != y:
            journal.append(make_judgement(len(journal) + 1, verb, key(LINES[x][1]), b=key(LINES[y][1])))
    events = merge(journal)
    assert merge(read_judgements(write_judgements(journal)), order) == events
    problems = {p.number for p in check_event_judgements(journal, events, pile()[1])}
    for j in (j for j in journal if j.number not in problems):
        one, other = holder(events, j.a[3]), holder(events, j.b[3]) if j.b else None
        if j.verb == "reject_event":
            assert one is None
        else:
            assert (one == other) == (j.verb == "same_event")
