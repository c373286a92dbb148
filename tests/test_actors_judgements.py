"""Corrections: obeyed, lasting, and never silently dropped."""

from __future__ import annotations

import pytest
from actors_pile import find, resolve, write_pile
from hypothesis import given, settings
from hypothesis import strategies as st

from storyledger.actors import check_judgements, find_mention_key
from storyledger.errors import UsageError
from storyledger.journal import list_active, make_judgement, read_judgements, write_judgements

TEXTS = (
    "[Ada Brook:person] spoke. [Brook:person] left. [Brook:person] came back.",
    "[Ada Brook:person] wrote to [Ben Stone:person].",
    "[Ada Brooke:person] answered the [Stone Fund:organisation].",
)


@pytest.fixture(scope="module")
def pile():
    return write_pile(*TEXTS)


def key(pile, text, document=None, nth=0):
    actors = resolve(*pile)
    rows = [m for a in actors for m in a.mentions if m.text == text and document in {None, m.document}]
    return find_mention_key(sorted(rows, key=lambda m: (m.document, m.start))[nth], pile[1])


def test_same_joins_what_no_feature_would(pile):
    judgement = make_judgement(1, "same", key(pile, "Ben Stone"), b=key(pile, "Stone Fund"), because="his own fund")
    actors = resolve(*pile, (judgement,))
    joined = find(actors, "Ben Stone")
    assert joined.id == find(actors, "Stone Fund").id
    assert any("his own fund" in reason for r in joined.merges for reason in r.reasons)
    assert check_judgements([judgement], actors, pile[1]) == []


def test_different_is_obeyed_along_a_chain_and_why_names_the_weakest_tie(pile):
    first = key(pile, "Ada Brook", "article0")
    judgement = make_judgement(1, "different", first, b=key(pile, "Ada Brooke"))
    before = resolve(*pile)
    assert find(before, "Ada Brooke").id == next(a for a in before if any(m.text == "Ada Brook" for m in a.mentions)).id
    after = resolve(*pile, (judgement,))
    apart = find(after, "Ada Brooke")
    assert all(m.text != "Ada Brook" or m.document != "article0" for m in apart.mentions)
    assert any("weakest tie" in reason for r in apart.merges for reason in r.reasons)
    assert check_judgements([judgement], after, pile[1]) == []


def test_different_inside_one_article_cuts_the_weakest_tie(pile):
    judgement = make_judgement(1, "different", key(pile, "Ada Brook", "article0"), b=key(pile, "Brook", "article0", 1))
    after = resolve(*pile, (judgement,))
    assert check_judgements([judgement], after, pile[1]) == []
    assert any("weakest tie gave way" in reason for a in after for r in a.merges for reason in r.reasons)


def test_reject_removes_the_actor_and_rename_names_it(pile):
    reject = make_judgement(1, "reject", key(pile, "Ben Stone"))
    rename = make_judgement(2, "rename", key(pile, "Stone Fund"), value="The Stone Family Fund")
    after = resolve(*pile, (reject, rename))
    assert not any(m.text == "Ben Stone" for a in after for m in a.mentions)
    assert find(after, "Stone Fund").name == "The Stone Family Fund"
    assert check_judgements([reject, rename], after, pile[1]) == []


def test_a_contradiction_is_shown_and_the_later_holds(pile):
    a, b = key(pile, "Ben Stone"), key(pile, "Stone Fund")
    journal = [make_judgement(1, "same", a, b=b), make_judgement(2, "different", b, b=a)]
    actors = resolve(*pile, tuple(journal))
    assert find(actors, "Ben Stone").id != find(actors, "Stone Fund").id
    assert [(p.number, p.kind) for p in check_judgements(journal, actors, pile[1])] == [(1, "contradiction")]


def test_lost_mentions_are_shown(pile):
    gone = ("0" * 64, 3, 9, "Nobody")
    journal = [make_judgement(1, "same", gone, b=key(pile, "Ben Stone"))]
    assert [p.kind for p in check_judgements(journal, resolve(*pile, tuple(journal)), pile[1])] == ["lost"]


def test_an_undo_takes_back_and_can_be_taken_back(pile):
    a, b = key(pile, "Ben Stone"), key(pile, "Stone Fund")
    journal = [make_judgement(1, "same", a, b=b), make_judgement(2, "undo", a, value="1")]
    assert list_active(journal) == []
    again = [*journal, make_judgement(3, "undo", a, value="2")]
    assert [j.number for j in list_active(again)] == [1]


def test_the_journal_outlives_added_pages_and_a_rebuild(pile):
    journal = (make_judgement(1, "same", key(pile, "Ben Stone"), b=key(pile, "Stone Fund")),)
    more = write_pile(*TEXTS, "[Ben Stone:person] left [Lyon:place].")
    actors = resolve(*more, journal)
    assert find(actors, "Stone Fund").id == next(a for a in actors if any(m.text == "Ben Stone" for m in a.mentions)).id
    assert resolve(*write_pile(*TEXTS, "[Ben Stone:person] left [Lyon:place]."), journal) == actors


def test_a_journal_travels_between_colleagues_without_doubling(pile):
    a, b = key(pile, "Ben Stone"), key(pile, "Stone Fund")
    mine = [make_judgement(1, "reject", a)]
    theirs = [
        make_judgement(1, "same", a, b=b, because="ours"),
        make_judgement(2, "rename", b, value="Fund"),
        make_judgement(3, "undo", a, value="1"),
    ]
    taken = read_judgements(write_judgements(theirs), mine)
    assert [(j.number, j.verb, j.value) for j in taken] == [(2, "same", None), (3, "rename", "Fund"), (4, "undo", "2")]
    assert read_judgements(write_judgements(theirs), [*mine, *taken]) == []


@pytest.mark.parametrize(
    "line",
    [
        "{}",
        "nonsense",
        '{"number": 1, "verb": "eat", "a": ["x", 1, 2, "y"]}',
        '{"number": 1, "verb": "same", "a": ["x"]}',
    ],
)
def test_a_broken_journal_line_is_named(line):
    with pytest.raises(UsageError, match="line 1"):
        read_judgements(line)


def test_a_judgement_lacking_a_part_is_refused(pile):
    a = key(pile, "Ben Stone")
    for verb, extra in (("same", {}), ("same", {"b": a}), ("rename", {}), ("undo", {"value": "x"})):
        with pytest.raises(UsageError):
            make_judgement(1, verb, a, **extra)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["same", "different", "reject", "rename"]), st.integers(0, 5), st.integers(0, 5)),
        max_size=6,
    ),
    st.randoms(use_true_random=False),
)
def test_a_journal_replayed_gives_the_same_actors_and_hides_no_trouble(rows, shuffler):
    documents, articles = write_pile(*TEXTS)
    mentions = sorted(
        (m for a in resolve(documents, articles) for m in a.mentions), key=lambda m: (m.document, m.start)
    )
    keys = [find_mention_key(m, articles) for m in mentions]
    journal = []
    for verb, x, y in rows:
        a, b = keys[x % len(keys)], keys[y % len(keys)]
        if verb in {"same", "different"} and a == b:
            continue
        journal.append(
            make_judgement(
                len(journal) + 1,
                verb,
                a,
                b=b if verb in {"same", "different"} else None,
                value="New" if verb == "rename" else None,
            )
        )
    first = resolve(documents, articles, tuple(journal))
    order = list(range(len(articles)))
    shuffler.shuffle(order)
    again = resolve(
        [documents[i] for i in order], [articles[i] for i in order], tuple(read_judgements(write_judgements(journal)))
    )
    assert first == again
    rejected = any(j.verb == "reject" for j in journal)
    problems = {p.number for p in check_judgements(journal, first, articles)}
    where = {(m.document, m.start, m.end): a.id for a in first for m in a.mentions}
    for j in journal:
        if j.verb in {"same", "different"} and j.number not in problems and not rejected:
            spans = [
                next(
                    (
                        w
                        for (d, s, e), w in where.items()
                        if next(x.sha256 for x in articles if x.id == d) == k[0] and s + 10 == k[1]
                    ),
                    None,
                )
                for k in (j.a, j.b)
            ]
            assert (spans[0] == spans[1]) == (j.verb == "same")
