"""Merging: two bombings stay two, one visit told by three pages is one, whatever the order of the pages."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyledger.events import event_rows, merge_reports, order_timeline, relation_series
from storyledger.events.assembly import tighten_interval
from storyledger.events.blocking import MOST_SHARING, SMALL, iter_keys, list_pairs
from storyledger.events.camps import find_camps
from storyledger.events.clusters import Judged, cluster_reports
from storyledger.events.likeness import load_scorer, one_state, same_sense
from storyledger.events.merging import judge_pairs, make_tellings
from storyledger.events.ranking import expect_listed, measure_alike
from storyledger.events.similarity import Context, Rarity, make_telling
from storyledger.types import Actor, Alias, Article, EventReport, EventWhen, Evidence, Involvement, Participant, Story


def report(document, text, kind, lemma, who=(), whom=(), when=None, status="reported", start=0, importance=0.6):
    people = tuple([Participant("actor", name) for name in who] + [Participant("recipient", name) for name in whom])
    evidence = Evidence(document, start, start + len(text), text)
    interval = EventWhen(when, when, when) if when else None
    number = f"report:{document}:{start}:{lemma}"
    return EventReport(number, document, kind, evidence, lemma, people, None, interval, status, importance, 0, 0.8)


def article(number, published, origin=None):
    return Article(
        number,
        number,
        None,
        "utf-8",
        "",
        "x" * 400,
        (),
        (),
        published=published,
        published_latest=published,
        origin=origin,
    )


ARTICLES = [article("d1", "2020-05-02"), article("d2", "2020-05-03"), article("d3", "2020-05-20", origin="d1")]
ACTORS = [Actor(name, name, "person", (), (), ()) for name in ("queen", "premier", "rebels", "town")]


def tell(reports):
    return [make_telling(row, Context(row.document), Rarity()) for row in reports]


def merge(reports):
    return merge_reports(reports, ARTICLES, {}, ACTORS)


VISIT = [
    report("d1", "the queen visited the town on Friday", "CONSULT", "visit", ["queen"], ["town"], "2020-05-01"),
    report("d2", "during the visit of the queen", "CONSULT", "visit", ["queen"], ["town"], "2020-05-01", start=50),
]


def test_one_visit_told_twice_is_one_event_with_its_reasons():
    (event,) = merge(VISIT)
    assert len(event.mentions) == 2
    assert event.when == EventWhen("2020-05-01", "2020-05-01", "2020-05-01")
    assert event.merges[0].probability > 0.5
    assert "They share words" in event.merges[0].reasons


def test_two_visits_on_different_days_stay_two():
    later = report("d3", "the queen visited the town again", "CONSULT", "visit", ["queen"], ["town"], "2020-05-19")
    assert len(merge([*VISIT, later])) == 2


def test_two_bombings_of_different_places_stay_two():
    one = report("d1", "a bomb exploded in the market", "ASSAULT", "explode", ["rebels"], [], "2020-05-01")
    two = report("d1", "a bomb exploded at the station", "ASSAULT", "explode", ["rebels"], [], "2020-05-01", start=90)
    assert len(merge([replace(one, place="town"), replace(two, place="queen")])) == 2


def test_planned_then_happened_is_one_event_that_happened_with_its_history():
    planned = replace(VISIT[0], status="planned")
    happened = report("d3", "the queen visited the town", "CONSULT", "visit", ["queen"], ["town"], "2020-05-01")
    (event,) = merge([happened, planned])
    assert event.status == "reported"
    assert event.statuses == (("d1", "planned"), ("d3", "reported"))


def test_planned_then_called_off_is_called_off():
    planned = replace(VISIT[0], status="planned")
    off = report(
        "d2",
        "the visit of the queen was called off",
        "CONSULT",
        "visit",
        ["queen"],
        ["town"],
        "2020-05-01",
        "called_off",
    )
    (event,) = merge([planned, replace(off, status="called_off")])
    assert event.status == "called_off"


def test_the_date_is_the_tightest_that_the_reports_support():
    month = replace(VISIT[0], when=EventWhen("2020-05-01", "2020-05-31", "in May"))
    (event,) = merge([month, VISIT[1]])
    assert event.when is not None
    assert (event.when.earliest, event.when.latest) == ("2020-05-01", "2020-05-01")


def test_the_day_that_two_pages_are_likely_right_about_beats_one_that_a_page_is_hardly_sure_of():
    doubtful = replace(VISIT[0], when=EventWhen("2020-05-02", "2020-05-02", "Saturday"), dated=0.3)
    likely = replace(VISIT[1], when=EventWhen("2020-05-01", "2020-05-03", None), dated=0.8)
    when, _ = tighten_interval(tell([doubtful, likely, replace(likely, document="d3")]))
    assert when == EventWhen("2020-05-02", "2020-05-02", "Saturday")  # the pages that say less allow it
    elsewhere = replace(doubtful, when=EventWhen("2020-04-02", "2020-04-02", "2 April"))
    when, notes = tighten_interval(tell([elsewhere, likely, replace(likely, document="d3")]))
    assert when == EventWhen("2020-05-01", "2020-05-03", None)
    assert notes == ["dated otherwise in d1: 2 April"]


def test_a_day_that_no_words_say_or_that_hardly_tells_an_event_yields_to_one_that_is_told():
    told = replace(VISIT[0], when=EventWhen("2020-05-01", "2020-05-01", "Friday"), dated=0.7, confidence=0.9)
    assumed = replace(VISIT[1], when=EventWhen("2020-05-03", "2020-05-05", None), dated=0.8, confidence=0.9)
    when, _ = tighten_interval(tell([told, assumed]))
    assert when == EventWhen("2020-05-01", "2020-05-01", "Friday")
    unsure = replace(told, dated=0.5)
    when, _ = tighten_interval(tell([unsure, assumed]))
    assert when == EventWhen("2020-05-03", "2020-05-05", None)  # much surer, so its page's day stands
    when, _ = tighten_interval(tell([unsure, replace(assumed, confidence=0.2)]))
    assert when == EventWhen("2020-05-01", "2020-05-01", "Friday")


def test_a_phrase_of_two_words_tells_the_event_that_one_word_tells_elsewhere():
    one = report("d1", "the liner sank off the cape", "OTHER", "sink", ["queen"], [], "2020-05-01")
    two = report("d2", "the liner went down in a storm", "OTHER", "go", ["queen"], [], "2020-05-01")
    assert same_sense(*tell([one, two]))


def test_swapped_roles_do_not_merge():
    one = report("d1", "the queen accused the premier", "ACCUSE", "accuse", ["queen"], ["premier"], "2020-05-01")
    two = report("d2", "the premier blamed the queen", "ACCUSE", "blame", ["premier"], ["queen"], "2020-05-01")
    assert len(merge([one, two])) == 2


def actor(name, kind, *aliases):
    return Actor(name, name, kind, tuple(Alias(text, "name") for text in aliases or (name,)), (), ())


STATES = [
    actor("Norway", "country"), actor("Norwegian troops", "armed_group"), actor("Chad", "country"),
    actor("Government of Norway", "government", "Oslo", "Norwegian government"), actor("rebels", "armed_group"),
    actor("Norway ministry in Chad", "government", "ministry of Chad in Norway"),
]  # fmt: skip


def merge_states(reports):
    return merge_reports(reports, ARTICLES, {}, STATES)


def test_troops_their_country_and_its_government_leave_once():
    told = [
        report("d1", "the Norwegian withdrawal in May", "RETREAT", "withdrawal", ["Norway"], [], "2020-05-01"),
        report(
            "d2", "Norwegian troops left Chad in May", "RETREAT", "leave", ["Norwegian troops"], ["Chad"], "2020-05-01"
        ),
    ]
    (one, two) = make_tellings(told, {}, {}, STATES)
    assert one_state(one, two)


def test_a_country_promises_through_its_government_and_is_attacked_itself():
    promised = report("d1", "Norway promised tents", "AGREE", "promise", ["Norway"], ["Chad"])
    attacked = report("d2", "rebels attacked Norway", "ASSAULT", "attack", ["rebels"], ["Norway"], start=80)
    one, two = merge_states([promised, attacked])
    assert one.participants == (Participant("actor", "Government of Norway"), Participant("recipient", "Chad"))
    assert Participant("recipient", "Norway") in two.participants


def test_a_name_of_two_states_acts_for_none():
    camps = find_camps(STATES)
    assert camps == {"Norway": "NO", "Norwegian troops": "NO", "Chad": "TD", "Government of Norway": "NO"}


def test_what_others_did_to_the_same_town_is_another_event():
    taken = report("d1", "rebels captured the north", "ASSAULT", "capture", ["rebels"], ["Chad"])
    held = report("d2", "the occupation of Chad", "ASSAULT", "occupation", ["Norway"], ["Chad"])
    assert len(merge_states([taken, held])) == 2


def test_an_unknown_participant_is_dropped():
    (event,) = merge([report("d1", "a stranger visited", "CONSULT", "visit", ["nobody"])])
    assert event.participants == ()


def test_whom_one_telling_hardly_names_takes_part_where_the_others_say_so_too():
    odds = {"premier": (0.9, 0.05), "town": (0.1, 0.3), "rebels": (0.25, 0.02)}
    told = [
        replace(row, involved=tuple(Involvement(name, *both) for name, both in odds.items() if name != missing))
        for row, missing in zip(VISIT, ("", "rebels"), strict=True)
    ]
    (event,) = merge(told)
    assert event.participants == (Participant("actor", "premier"), Participant("recipient", "town"))


def test_whom_a_telling_may_name_joins_it_to_no_other():
    sure = merge([VISIT[0], report("d2", "rebels left the hall", "PROTEST", "leave", ["rebels"], start=50)])
    named = replace(VISIT[0], involved=(Involvement("rebels", 0.9, 0.0),))
    other = report("d2", "rebels left the hall", "PROTEST", "leave", ["rebels"], start=50)
    assert [e.mentions for e in merge([named, other])] == [e.mentions for e in sure]
    assert merge([named, other])[0].participants == (Participant("actor", "rebels"),)


def test_a_country_that_only_may_take_part_promises_through_its_government():
    nation = Actor("norway", "Norway", "country", (Alias("Norway", "name"),), (), ())
    cabinet = Actor("cabinet", "Government of Norway", "government", (Alias("Government of Norway", "name"),), (), ())
    row = replace(
        report("d1", "Norway promised aid to the town", "AGREE", "promise", [], ["town"], "2020-05-01"),
        involved=(Involvement("norway", 0.3, 0.0), Involvement("town", 0.0, 0.9)),
    )
    (event,) = merge_reports([row], ARTICLES, {}, [nation, cabinet, *ACTORS])
    assert Participant("actor", "cabinet") in event.participants


def test_an_event_that_two_origins_tell_matters_more_than_one_told_twice_by_one():
    by_two = merge(VISIT)[0].importance
    copied = [VISIT[0], replace(VISIT[1], document="d3", evidence=replace(VISIT[1].evidence, document="d3"))]
    assert by_two > merge(copied)[0].importance


LEMMAS = ["visit", "accuse", "bomb", "resign", "sink", "agree"]
TYPES = {
    "visit": "CONSULT",
    "accuse": "ACCUSE",
    "bomb": "ASSAULT",
    "resign": "CONCEDE",
    "sink": "OTHER",
    "agree": "AGREE",
}


@st.composite
def reports_of_a_pile(draw):
    rows = []
    for number in range(draw(st.integers(1, 14))):
        lemma = draw(st.sampled_from(LEMMAS))
        who = draw(st.lists(st.sampled_from(["queen", "premier", "rebels"]), max_size=2, unique=True))
        when = draw(st.sampled_from([None, "2020-05-01", "2020-05", "2020", "2021-06-03"]))
        where = draw(st.sampled_from(["the town", "at dawn", "\u202e\u0000", "🙂"]))
        text = f"{lemma} {where} {number % 3}"
        rows.append(report(f"d{draw(st.integers(1, 3))}", text, TYPES[lemma], lemma, who, [], when, start=number * 20))
    return rows


@given(reports_of_a_pile(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_events_do_not_depend_on_the_order_of_reports_and_none_is_told_twice(reports, random):
    shuffled = list(reports)
    random.shuffle(shuffled)
    events = merge(reports)
    assert merge(shuffled) == events
    told = [(m.document, m.start, m.end) for event in events for m in event.mentions]
    assert events
    assert len(told) == len(set(told))
    assert set(told) <= {(r.document, r.evidence.start, r.evidence.end) for r in reports}


@given(reports_of_a_pile())
@settings(max_examples=40, deadline=None)
def test_judging_a_pair_does_not_depend_on_who_comes_first(reports):
    tellings = tell(reports)
    scorer = load_scorer()
    for one in tellings:
        for other in tellings:
            assert scorer.score(one, other).probability == pytest.approx(scorer.score(other, one).probability)


def test_pairs_grow_with_the_reports_not_with_their_square():
    rows = [
        report(f"d{n}", f"the queen visited place {n}", "CONSULT", "visit", ["queen"], [], "2020-05-01", start=n)
        for n in range(2 * SMALL)
    ]
    tellings = tell(rows)
    keys = max(len(set(iter_keys(telling))) for telling in tellings)
    assert len(list_pairs(tellings)) <= len(rows) * keys * MOST_SHARING / 2


def test_tellings_of_one_matter_do_not_become_one_event_by_a_chain():
    """Each is likely the next one's event, and was compared with no other: a thousand pages on one epidemic."""
    tellings = tell(
        [report(f"d{k}", f"case {k} confirmed", "OTHER", "confirm", [], [], "2020-05-01", start=k) for k in range(300)]
    )
    chain = {(k, k + 1): Judged(0.6) for k in range(len(tellings) - 1)}
    assert max(len(cluster.members) for cluster in cluster_reports(tellings, chain)) < 30


def test_what_sixty_pages_copy_is_one_event_in_a_large_pile():
    copied = [
        report(f"c{k}", "gunmen killed four teachers in the valley", "ASSAULT", "kill", [], [], "2020-05-01", start=9)
        for k in range(60)
    ]
    others = [
        report(f"d{k}", f"shop{k} opened at square{k}", "OTHER", "open", [], [], "2020-05-02", start=k)
        for k in range(SMALL)
    ]
    tellings = tell([*copied, *others])
    clusters = cluster_reports(tellings, judge_pairs(tellings))
    assert max(len(cluster.members) for cluster in clusters) == len(copied)


def test_in_a_small_pile_every_two_tellings_are_compared():
    assert len(list_pairs(tell([*VISIT, VISIT[0]]))) == 3


def test_clusters_of_no_reports_are_none():
    assert cluster_reports([], {}) == []


def test_the_timeline_is_in_order_of_time_with_undated_events_last():
    events = merge(
        [
            report("d2", "the premier resigned", "CONCEDE", "resign", ["premier"], [], "2020-05-03"),
            report("d1", "rebels bombed the town", "ASSAULT", "bomb", ["rebels"], ["town"], "2020-04"),
            report("d1", "they agreed", "AGREE", "agree", ["rebels"], [], None, start=70),
        ]
    )
    names = {event.id: event.type for event in events}
    assert [names[number] for number in order_timeline(events)] == ["ASSAULT", "CONCEDE", "AGREE"]


def test_relations_are_signed_and_directed():
    events = merge(
        [
            report("d1", "rebels bombed the town", "ASSAULT", "bomb", ["rebels"], ["town"], "2020-04-01"),
            report("d2", "the town helped the rebels", "AID", "help", ["town"], ["rebels"], "2020-05-01"),
        ]
    )
    first, second = relation_series(events, "rebels", "town")
    assert (first["source"], first["target"], first["weight"]) == ("rebels", "town", -9.5)
    assert (second["source"], second["target"], second["weight"]) == ("town", "rebels", 7.0)
    assert relation_series(events, "queen", "town") == []


def test_event_rows_have_the_same_columns_and_names_of_actors():
    story = Story(
        documents=tuple(ARTICLES),
        actors=tuple(replace(a, name=a.name.title()) for a in ACTORS),
        events=tuple(merge(VISIT)),
    )
    (row,) = event_rows(story)
    assert (row["source"], row["target"], row["plover_type"], row["origins"]) == ("Queen", "Town", "CONSULT", 2)


def test_of_pages_that_share_nothing_each_ones_own_events_are_listed():
    """A folder of unlike pages lost two of five events that a reader of any one of them would list."""
    listed, pages = [0.5, 0.5, 0.5, 0.5], ["one", "one", "two", "two"]
    apart = expect_listed(listed, {}, pages)
    alike = expect_listed(listed, {(0, 2): 0.9, (1, 3): 0.9}, pages)
    assert apart > sum(listed) > alike
    assert measure_alike(listed, {}, pages) == 0
    assert measure_alike(listed, {(0, 2): 0.9, (1, 3): 0.9}, pages) > 0.8
    assert measure_alike([0.5], {}, ["one"]) == 0  # a single page has nothing to be compared with
