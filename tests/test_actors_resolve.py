"""What a user would see go wrong in the cast of a story."""

from __future__ import annotations

import random
from dataclasses import replace

from actors_pile import find, make_article, make_reading, resolve, write_pile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyledger.actors import cast_documents, resolve_document
from storyledger.actors.resolve import count_tops

PILE = (
    "Minister [Ada Brook:person] met [Omar Haddad:person] of the [Harbour Safety Board:organisation] ([HSB:organisation]). [Brook:person] agreed.",
    "[Omar Hadad:person], who leads the [HSB:organisation], spoke. [Haddad:person] left [Paris:place].",
    "[Carl Brook:person] is a baker in [Paris:place]. The [Home Sellers Bureau:organisation] ([HSB:organisation]) is closed.",
    "[Brook:person] is a river of talk. [A. Brook:person] resigned.",
    "[Northern Lines:organisation], now called [Aurora Ferries:organisation], paid. [Aurora:organisation] sails.",
)


def test_two_people_of_one_family_name_stay_apart():
    actors = resolve(*write_pile(*PILE))
    assert find(actors, "Ada Brook").id != find(actors, "Carl Brook").id


def test_spellings_and_initials_of_one_person_come_together():
    actors = resolve(*write_pile(*PILE))
    assert find(actors, "Omar Haddad").id == find(actors, "Omar Hadad").id
    assert find(actors, "A. Brook").id == find(actors, "Ada Brook").id


def test_two_bodies_of_one_acronym_stay_apart_and_the_undefined_one_never_joins_them():
    actors = resolve(*write_pile(*PILE))
    assert find(actors, "Harbour Safety Board").id != find(actors, "Home Sellers Bureau").id


def test_a_renaming_said_in_the_text_makes_one_actor():
    actors = resolve(*write_pile(*PILE))
    assert find(actors, "Northern Lines").id == find(actors, "Aurora Ferries").id == find(actors, "Aurora").id


def test_every_merge_is_explained_in_words():
    for actor in resolve(*write_pile(*PILE)):
        forms = {m.text for m in actor.mentions if m.kind == "name"}
        assert len(forms) < 2 or actor.merges
        assert all(
            r.reasons and all(reason.strip() for reason in r.reasons) and 0 <= r.probability <= 1 for r in actor.merges
        )


def test_the_order_of_the_pages_does_not_matter():
    documents, articles = write_pile(*PILE)
    expected = resolve(documents, articles)
    for seed in range(5):
        order = list(range(len(PILE)))
        random.Random(seed).shuffle(order)
        assert resolve([documents[i] for i in order], [articles[i] for i in order]) == expected


def test_a_page_twice_adds_its_mentions_and_changes_nothing_else():
    documents, articles = write_pile(*PILE)
    before = resolve(documents, articles)
    copy = replace(articles[0], id="copy")
    twin = resolve_document(copy, make_reading(copy, [(m.start, m.end, m.kind, t) for m, t in _mentions(documents[0])]))
    after = resolve([*documents, twin], [*articles, copy])
    assert [(a.id, a.name, a.type) for a in sorted(after, key=lambda a: a.id)] == [
        (a.id, a.name, a.type) for a in sorted(before, key=lambda a: a.id)
    ]


def _mentions(document):
    return [(m, a.types[0][0]) for a in document.actors for m in a.mentions]


def test_added_pages_keep_the_ids_of_the_actors():
    documents, articles = write_pile(*PILE)
    before = {a.id for a in resolve(documents[:3], articles[:3])}
    after = {a.id for a in resolve(documents, articles)}
    assert len(before & after) >= len(before) - 1


def test_a_span_belongs_to_one_actor_and_says_what_stands_there():
    documents, articles = write_pile(*PILE)
    actors = resolve(documents, articles)
    texts = {a.id: a.text for a in articles}
    seen = set()
    for actor in actors:
        for m in actor.mentions:
            assert texts[m.document][m.start : m.end] == m.text
            assert (m.document, m.start, m.end) not in seen
            seen.add((m.document, m.start, m.end))
    casts = cast_documents(actors)
    for cast in casts.values():
        assert [m.start for m in cast.mentions] == sorted(m.start for m in cast.mentions)
    assert sum(len(c.mentions) for c in casts.values()) == len(seen)


TEXT = st.text(alphabet=st.sampled_from("Ab é.,\n“”\"'’()1-\u200b\u202e ÅßO"), max_size=80)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    TEXT,
    st.lists(
        st.tuples(
            st.integers(0, 80),
            st.integers(1, 20),
            st.sampled_from(["name", "nominal", "pronoun"]),
            st.sampled_from(["person", "organisation", "place", "country", None]),
        ),
        max_size=8,
    ),
)
def test_no_text_and_no_mention_breaks_the_room(text, raw):
    article = make_article("hostile", text)
    spans = [(s, min(s + n, len(text)), kind, t) for s, n, kind, t in raw if s < len(text)]
    reading = make_reading(article, sorted(set(spans), key=lambda m: (m[0], -m[1], m[2], str(m[3]))))
    document = resolve_document(article, reading)
    assert document == resolve_document(article, reading)
    for actor in resolve([document], [article]):
        assert all(text[m.start : m.end] == m.text and m.text for m in actor.mentions)


def test_a_name_without_a_letter_costs_no_page_its_actors():
    actors = resolve(
        *write_pile("[“:organisation] spoke to [Carl Brook:person].", "[Carl Brook:person] left [():organisation].")
    )
    assert len(find(actors, "Carl Brook").mentions) == 2


def test_a_short_name_counts_the_longer_ones_that_are_no_part_of_others():
    assert count_tops({("harbour", "bank"), ("old", "harbour", "bank"), ("bank", "of", "quillan")}) == 2
