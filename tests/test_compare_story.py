"""What a user would see break if the comparison of a story went wrong."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from storyledger.compare import compare_story
from storyledger.compare.index import index_story
from storyledger.compare.likeness import gather_tellings
from storyledger.compare.silences import Fact, choose_facts, find_facts, gather_near, make_omission
from storyledger.engine import SerialEngine
from storyledger.types import (
    Actor,
    ActorMention,
    Alias,
    Article,
    CopyOf,
    Event,
    Evidence,
    Figure,
    FigureRelation,
    Quantity,
    Speaker,
    Statement,
    Story,
)

ENGINE = SerialEngine()


def make_article(name: str, text: str, outlet: str, day: str, **more: object) -> Article:
    fields: dict[str, object] = {
        "id": name, "path": name, "record": None, "encoding": "utf-8", "sha256": name, "text": text,
        "source_map": (), "blocks": (), "outlet": outlet, "published": day, "origin": name,
    }  # fmt: skip
    return Article(**{**fields, **more})  # type: ignore[arg-type]


def quote(article: Article, words: str) -> Evidence:
    start = article.text.index(words)
    return Evidence(article.id, start, start + len(words), words)


def say(article: Article, words: str, speaker: str | None, polarity: str = "affirmed", **more: object) -> Statement:
    fields: dict[str, object] = {
        "id": f"s{article.id}{words[:12]}", "speaker": Speaker(speaker, speaker or "", None), "cue": None,
        "content": quote(article, words), "kind": "indirect", "act": "say", "polarity": polarity, "said_on": None,
        "to": None, "continues": None, "version_group": None, "version_relation": None, "confidence": 0.9,
    }  # fmt: skip
    return Statement(**{**fields, **more})  # type: ignore[arg-type]


def count(article: Article, words: str, value: float) -> Figure:
    return Figure(
        f"f{article.id}{value:g}",
        "marchers",
        value,
        None,
        None,
        "=",
        "people",
        None,
        None,
        quote(article, words),
        "q",
        1.0,
    )


def name_actor(name: str, kind: str, places: list[Evidence]) -> Actor:
    mentions = tuple(ActorMention(e.document, e.start, e.end, e.text, "name") for e in places)
    aliases = tuple(Alias(t, "name") for t in sorted({e.text for e in places}))
    return Actor(name, name, kind, aliases, (), mentions)


def make_event(name: str, places: list[Evidence], **more: object) -> Event:
    fields: dict[str, object] = {
        "id": name, "type": "PROTEST", "summary": name, "participants": (), "place": None, "when": None,
        "status": "reported", "importance": 0.9, "mentions": tuple(places), "confidence": 1.0,
    }  # fmt: skip
    return Event(**{**fields, **more})  # type: ignore[arg-type]


A = make_article(
    "a", "About 400 people marched in Orlen on Monday. The police fired into the crowd.", "Post", "2020-05-02"
)
B = make_article("b", "Some 900 people marched in Orlen. Nobody was hurt, the ministry said.", "Times", "2020-05-02")


def test_two_numbers_of_one_quantity_stand_against_each_other_with_both_places() -> None:
    story = Story(
        documents=(A, B),
        figures=(count(A, "400 people", 400), count(B, "900 people", 900)),
        ledger=(Quantity("q", "marchers", ("fa400", "fb900"), (FigureRelation("fa400", "fb900", "conflict", 0.9),)),),
    )
    (found,), _ = compare_story(story, {}, ENGINE)
    assert found.kind == "conflict"
    assert [e.text for s in found.sides for e in s.evidence] == ["400 people", "900 people"]
    assert found.why


def test_a_number_that_only_copies_of_one_text_give_is_no_agreement() -> None:
    copy = replace(B, origin="a", text=A.text, copy_of=CopyOf("a", "wire_verbatim"))
    figures = (count(A, "400 people", 400), replace(count(copy, "400 people", 400), id="g"))
    relations = (FigureRelation("fa400", "g", "agree", 1.0),)
    story = Story(documents=(A, copy), figures=figures, ledger=(Quantity("q", "m", ("fa400", "g"), relations),))
    assert compare_story(story, {}, ENGINE)[0] == []


def test_nothing_is_compared_with_a_page_about_something_else_or_the_same_bytes() -> None:
    for other in (replace(B, in_story=False), replace(B, copy_of=CopyOf("a", "byte_duplicate"))):
        story = Story(
            documents=(A, other), events=(make_event("march", [quote(A, "marched"), quote(other, "marched")]),)
        )
        assert compare_story(story, {}, ENGINE) == ([], [])


def test_one_event_in_two_outlets_is_an_agreement_of_two_origins() -> None:
    places = [quote(A, "400 people marched in Orlen"), quote(B, "900 people marched in Orlen")]
    (found,), _ = compare_story(Story(documents=(A, B), events=(make_event("march", places),)), {}, ENGINE)
    assert (found.kind, found.independent_origins) == ("agreement", 2)


def test_who_disputes_where_it_was_does_not_deny_that_it_was() -> None:
    a = make_article("a", "Olan fired two missiles on Wednesday.", "Post", "2020-05-02")
    b = make_article("b", "Sources dispute where the two missiles were fired.", "Times", "2020-05-02")
    said = say(a, "Olan fired two missiles on Wednesday", "olan")
    asked = say(b, "where the two missiles were fired", "sources", "denied")
    found, _ = compare_story(Story(documents=(a, b), statements=(said, asked)), {}, ENGINE)
    assert [c for c in found if c.kind == "conflict"] == []


def test_nobody_contradicts_himself_by_repeating_a_denial() -> None:
    text = "The valves had rusted, he said. He denied that the valves had rusted."
    a = make_article("a", text, "Post", "2020-05-02")
    second = Evidence("a", text.rindex("the valves"), len(text) - 1, "the valves had rusted")
    story = Story(
        documents=(a,),
        actors=(name_actor("boss", "person", []),),
        statements=(
            say(a, "The valves had rusted", "boss"),
            replace(say(a, "The valves had rusted", "boss", "denied"), id="t", content=second),
        ),
    )
    assert compare_story(story, {}, ENGINE)[0] == []


def test_spellings_of_a_name_are_variants_and_its_shorter_form_is_none() -> None:
    a = make_article("a", "Sergei Karmazin spoke. Karmazin left.", "Post", "2020-05-02")
    b = make_article("b", "Sergey Karmasin spoke.", "Times", "2020-05-02")
    one = name_actor("k", "person", [quote(a, "Sergei Karmazin"), quote(b, "Sergey Karmasin")])
    (found,), _ = compare_story(Story(documents=(a, b), actors=(one,)), {}, ENGINE)
    assert (found.kind, len(found.sides)) == ("name_variant", 2)
    short = name_actor("k", "person", [quote(a, "Sergei Karmazin"), quote(a, "Karmazin")])
    assert compare_story(Story(documents=(a,), actors=(short,)), {}, ENGINE)[0] == []


def test_one_mayor_under_two_given_names_is_a_variant_and_his_wife_of_the_same_name_is_none() -> None:
    told = "Mayor {} closed the harbour of Orlen after the storm, and the Harbour Union struck."
    names = ("Frederick Halloway", "Freddie Halloway")
    wife_says = " Dora Halloway opened a school in Brisk."
    a, b = (
        make_article(outlet, told.format(name) + wife_says * (outlet == "Post"), outlet, "2020-05-02")
        for outlet, name in zip(("Post", "Times"), names, strict=True)
    )
    beside = [name_actor(n, "organisation", [quote(a, n), quote(b, n)]) for n in ("Harbour Union", "Orlen")]
    mayor = name_actor("m", "person", [quote(x, n) for x, n in zip((a, b), names, strict=True)])
    wife = name_actor("w", "person", [quote(a, "Dora Halloway")])
    found, _ = compare_story(Story(documents=(a, b), actors=(*beside, mayor, wife)), {}, ENGINE)
    (variant,) = (c for c in found if c.kind == "name_variant")
    assert {e.text for s in variant.sides for e in s.evidence} == set(names)


def test_a_name_in_two_words_and_run_together_is_one_and_an_office_before_it_is_no_part_of_it() -> None:
    a = make_article("a", "Marla De Wintrow spoke. Finance Minister Otto Brandel left.", "Post", "2020-05-02")
    b = make_article("b", "Dewintrow spoke. Otto Brandel left.", "Times", "2020-05-02")
    spelt = name_actor("k", "person", [quote(a, "Marla De Wintrow"), quote(b, "Dewintrow")])
    titled = name_actor("o", "person", [quote(a, "Finance Minister Otto Brandel"), quote(b, "Otto Brandel")])
    (found,), _ = compare_story(Story(documents=(a, b), actors=(spelt, titled)), {}, ENGINE)
    assert {e.text for s in found.sides for e in s.evidence} == {"Marla De Wintrow", "Dewintrow"}


def test_president_and_prime_minister_at_one_time_is_a_role_conflict_but_a_former_office_is_not() -> None:
    a = make_article("a", "President Sergei Karmazin spoke.", "Post", "2020-05-02")
    for words, expected in (
        ("Prime Minister", ["role_conflict"]),
        ("Former Prime Minister", []),
        ("De facto Prime Minister", []),
    ):
        b = make_article("b", f"{words} Sergei Karmazin left.", "Times", "2020-05-03")
        one = name_actor("k", "person", [quote(a, "Sergei Karmazin"), quote(b, "Sergei Karmazin")])
        assert [c.kind for c in compare_story(Story(documents=(a, b), actors=(one,)), {}, ENGINE)[0]] == expected


def test_a_loaded_word_frames_in_the_outlets_voice_and_not_in_a_quotation() -> None:
    a = make_article("a", "The army entered Orlen, and killed ten people.", "Post", "2020-05-02")
    own = make_article("b", "The army slaughtered ten people in Orlen.", "Times", "2020-05-02")
    quoted = make_article("b", "“The army slaughtered ten people,” said Anna Berg.", "Times", "2020-05-02")
    for b, framed in ((own, True), (quoted, False)):
        event = make_event("killing", [quote(a, "killed ten people"), quote(b, "army slaughtered ten people")])
        kinds = [c.kind for c in compare_story(Story(documents=(a, b), events=(event,)), {}, ENGINE)[0]]
        assert ("framing" in kinds) is framed


def test_two_reasons_about_one_thing_that_is_no_event_are_no_rivals() -> None:
    a = make_article("a", "The Orlen store closed early because the pumps had frozen.", "Post", "2020-05-02")
    b = make_article("b", "The Orlen store hired clerks because nobody answered letters.", "Times", "2020-05-03")
    place = name_actor("orlen", "organisation", [quote(a, "Orlen"), quote(b, "Orlen")])
    assert compare_story(Story(documents=(a, b), actors=(place,)), {}, ENGINE)[0] == []


def test_a_president_of_a_company_is_no_head_of_state() -> None:
    def offices(words: str) -> list[str]:
        a = make_article("a", f"Anna Berg, {words}, spoke on Monday.", "Post", "2020-05-02")
        b = make_article("b", "The cabinet met Prime Minister Anna Berg on Monday.", "Times", "2020-05-03")
        one = name_actor("k", "person", [quote(a, "Anna Berg"), quote(b, "Anna Berg")])
        return [c.kind for c in compare_story(Story(documents=(a, b), actors=(one,)), {}, ENGINE)[0]]

    assert offices("president of Norway") == ["role_conflict"]
    assert offices("president and CEO of Orlen Mining") == offices("president of Orlen Mining") == []


def test_who_could_not_know_is_excused_and_who_kept_silent_is_named_and_who_may_have_told_it_is_not() -> None:
    told = "Anna Berg warned the board of the cracked dam."
    pages = [make_article(f"t{n}", told, f"Outlet {n}", f"2020-05-1{n}") for n in range(2)]
    rest = {"early": "2020-05-01", "hints": "2020-05-20", "silent": "2020-05-20", "late": "2022-05-20"}
    pages += [make_article(name, "Engineers met at the Orlen town hall.", name, day) for name, day in rest.items()]
    pages.append(
        make_article("again", "A vote is due at the Orlen town hall.", "Outlet 1", "2020-05-20")
    )  # told it before
    index = index_story(Story(documents=tuple(pages)), {})
    pile = gather_tellings(Story(documents=tuple(pages)), index)
    place = {t.document: n for n, t in enumerate(pile.tellings)}
    pairs = {tuple(sorted((place["t0"], place["t1"]))): 0.9, tuple(sorted((place["t0"], place["hints"]))): 0.08}
    facts = find_facts(pile, gather_near(pairs), index)  # type: ignore[arg-type]
    first = next(f for f in facts if f.tellings[0] == place["t0"])
    assert (first.silent, first.early, first.known) == (("silent",), ("early",), "2020-05-10")
    omission = make_omission(first, 0.5, pile, index)
    assert omission.reported_by == ("t0", "t1")
    assert [e.document for e in omission.evidence] == ["t0", "t1"]


def test_a_fact_is_told_once_and_few_facts_are_told() -> None:
    facts = [Fact((n, n + 1), (0.9,), "2020-05-10", ("silent",), ()) for n in range(40)]
    chosen = choose_facts(facts, [0.9 - n / 100 for n in range(40)], pages=8)
    assert chosen == [0, 2, 4, 6]
    assert choose_facts(facts, [0.01] * 40, pages=8) == []


def test_what_a_trimmed_copy_cut_is_an_omission() -> None:
    lines = ["The mine closed on Friday.", "The owner blames falling prices.", "The union blames the owner's debts.",
             "Inspectors had warned of gas in March.", "Buses will take the miners home."]  # fmt: skip
    a = make_article("a", "\n".join(lines), "Wire", "2020-05-02")
    b = make_article(
        "b", "\n".join([lines[0], lines[4]]), "Post", "2020-05-02", origin="a", copy_of=CopyOf("a", "wire_trimmed")
    )
    _, (found,) = compare_story(Story(documents=(a, b)), {}, ENGINE)
    assert (found.reported_by, found.omitted_by) == (("a",), ("b",))
    assert [e.text for e in found.evidence] == lines[1:4]


def _ferry_like(seed: int) -> Story:
    rng = random.Random(seed)
    documents, events, figures = [], [], []
    for number in range(6):
        value = rng.choice([400, 900])
        text = f"Some {value} people marched in Orlen. It was not {rng.choice(['calm', 'wild'])}, {rng.choice(['Anna', 'Carl'])} said."
        documents.append(make_article(f"d{number}", text, f"Outlet {number % 3}", f"2020-05-0{number + 1}"))
        figures.append(count(documents[-1], f"{value} people", value))
    events.append(make_event("march", [quote(d, "people marched in Orlen") for d in documents]))
    pairs = [(a, b) for n, a in enumerate(figures) for b in figures[:n]]
    relations = tuple(FigureRelation(a.id, b.id, "agree" if a.value == b.value else "conflict", 0.9) for a, b in pairs)
    ledger = (Quantity("q", "marchers", tuple(f.id for f in figures), relations),)
    return Story(documents=tuple(documents), events=tuple(events), figures=tuple(figures), ledger=ledger)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_the_pages_changes_nothing(seed: int, rng: random.Random) -> None:
    story = _ferry_like(seed)
    parts = {
        name: tuple(rng.sample(list(getattr(story, name)), len(getattr(story, name))))
        for name in ("documents", "figures")
    }
    assert compare_story(replace(story, **parts), {}, ENGINE) == compare_story(story, {}, ENGINE)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=200), min_size=1, max_size=4))
def test_any_text_is_compared_and_every_evidence_is_its_text(texts: list[str]) -> None:
    documents = tuple(make_article(f"d{n}", t, f"o{n}", "2020-01-01") for n, t in enumerate(texts))
    events = tuple(
        make_event(f"e{n}", [Evidence(d.id, 0, len(d.text), d.text) for d in documents if d.text]) for n in range(2)
    )
    comparisons, omissions = compare_story(Story(documents=documents, events=events), {}, ENGINE)
    by_id = {d.id: d for d in documents}
    for place in [e for c in comparisons for s in c.sides for e in s.evidence] + [
        e for o in omissions for e in o.evidence
    ]:
        assert by_id[place.document].text[place.start : place.end] == place.text


def test_an_empty_story_has_nothing_to_compare() -> None:
    assert compare_story(Story(), {}, ENGINE) == ([], [])


def variants(text: str, *names: str) -> list[str]:
    a = make_article("a", text, "Post", "2020-05-02")
    actors = tuple(name_actor(f"k{n}", "organisation", [quote(a, name)]) for n, name in enumerate(names))
    return [c.kind for c in compare_story(Story(documents=(a,), actors=actors), {}, ENGINE)[0]]


def test_names_that_a_clause_joins_are_one_and_names_that_stand_beside_each_other_are_not() -> None:
    joined = (
        "The Orlen Front, or River Defence Front, met.", "The Orlen Front, known to its members as River Defence Front.",
        "The Orlen Front, which Kestrel calls River Defence Front, met.", "The Orlen Front (in Kestrel: River Defence Front).",
    )  # fmt: skip
    for text in joined:
        assert variants(text, "Orlen Front", "River Defence Front") == ["name_variant"], text
    apart = (
        "The Orlen Front or River Defence Front will win.", "The Orlen Front met River Defence Front, known as mild.",
        "The Orlen Front, known by the same initials as River Defence Front, met.",
    )  # fmt: skip
    for text in apart:
        assert variants(text, "Orlen Front", "River Defence Front") == [], text


def test_a_post_that_another_page_makes_a_temporary_job_is_a_role_conflict_and_another_bodys_is_not() -> None:
    a = make_article("a", "Ana Ruiz, the affiliate's vice president, left.", "Post", "2020-05-02")
    for words, expected in (("an adviser to the affiliate", ["role_conflict"]), ("an adviser to the Crown", [])):
        b = make_article("b", f"Ana Ruiz, {words}, left.", "Times", "2020-05-03")
        one = name_actor("k", "person", [quote(a, "Ana Ruiz"), quote(b, "Ana Ruiz")])
        told = tuple(
            ActorMention(e.document, e.start, e.end, e.text, "nominal", 1.0, "test")
            for e in (quote(a, "the affiliate's vice president"), quote(b, words))
        )
        story = Story(documents=(a, b), actors=(replace(one, mentions=(*one.mentions, *told)),))
        assert [c.kind for c in compare_story(story, {}, ENGINE)[0] if c.kind == "role_conflict"] == expected


def test_a_dateline_is_no_part_of_a_side() -> None:
    text = (
        "PORT ANSGAR, Valdmark, March 10 (Northwire) - Rescuers pulled {} people from the water by six, the guard said."
    )
    a = make_article("a", text.format(247), "Post", "2021-03-10", origin="o")
    copies = [
        make_article(
            name, text.format(274), outlet, "2021-03-10", origin="o", copy_of=CopyOf("a", "wire_verbatim")
        )
        for name, outlet in (("b", "Times"), ("c", "Herald"))
    ]  # fmt: skip
    found = [c for c in compare_story(Story(documents=(a, *copies)), {}, ENGINE)[0] if c.kind == "conflict"]
    assert len(found) == 1  # the change is shown once, whoever copied it
    places = [e for s in found[0].sides for e in s.evidence]
    assert [p.document for p in places] == ["a", "b", "c"]
    assert all(p.text.startswith("Rescuers") for p in places)


def test_a_line_that_every_page_prints_is_no_event_and_no_telling() -> None:
    told = ("Rain fell.", "The dam at Orlen burst.", "Schools stay shut.", "Brackwell paid nobody.", "Sirens failed.")
    pages = [
        make_article(f"p{n}", f"Page last updated at 0{n}:48 GMT. {words}", f"O{n}", f"2020-05-0{n + 1}")
        for n, words in enumerate(told)
    ]
    index = index_story(Story(documents=tuple(pages)), {})
    assert index.furniture == {(p.id, 0) for p in pages}
    tellings = gather_tellings(Story(documents=tuple(pages)), index).tellings
    assert all("updated" not in pages[int(t.document[1])].text[t.start : t.end] for t in tellings)
    event = make_event("updated", [quote(p, p.text.split(".")[0]) for p in pages])
    assert compare_story(Story(documents=tuple(pages), events=(event,)), {}, ENGINE)[0] == []


def test_equal_numbers_agree_as_surely_as_they_count_one_thing() -> None:
    a = make_article("a", "About 400 people marched in Orlen.", "Post", "2020-05-02")
    b = make_article("b", "The march drew 400 people.", "Times", "2020-05-03")
    one, two = count(a, "400 people", 400), count(b, "400 people", 400)
    shown = []
    for sure in (0.9, 0.5):
        relation = FigureRelation(one.id, two.id, "agree", sure)
        quantity = Quantity("q", "marchers", (one.id, two.id), (relation,))
        (found,) = compare_story(Story(documents=(a, b), figures=(one, two), ledger=(quantity,)), {}, ENGINE)[0]
        shown.append(found.confidence >= 0.5)
    assert shown == [True, False]


def test_a_sum_and_its_parts_are_no_other_number_in_a_copy() -> None:
    def conflicts(told: str, again: str, numbers: dict[str, float], others: dict[str, float]) -> int:
        a = make_article("a", f"{told} died when the dam at Orlen burst before dawn.", "Post", "2020-05-02", origin="o")
        b = make_article(
            "b", f"{again} died when the dam at Orlen burst before dawn.", "Times", "2020-05-02", origin="o",
            copy_of=CopyOf("a", "wire_rewritten"),
        )  # fmt: skip
        figures = [count(page, w, v) for page, found in ((a, numbers), (b, others)) for w, v in found.items()]
        story = Story(documents=(a, b), figures=tuple(figures))
        return sum(c.kind == "conflict" for c in compare_story(story, {}, ENGINE)[0])

    whole = {"25 people": 25.0, "seven children": 7.0}
    parts = {"18 adults": 18.0, "seven children": 7.0}
    assert conflicts("25 people, among them seven children,", "18 adults and seven children", whole, parts) == 0
    assert conflicts("25 people", "28 people", {"25 people": 25.0}, {"28 people": 28.0}) == 1


def agree(one: Article, two: Article, words: tuple[str, str], units: tuple[str, str]) -> list[float]:
    figures = [replace(count(page, w, 24), unit=u) for page, w, u in zip((one, two), words, units, strict=True)]
    relation = FigureRelation(figures[0].id, figures[1].id, "agree", 0.9)
    quantity = Quantity("q", "people dead", (figures[0].id, figures[1].id), (relation,))
    found = compare_story(Story(documents=(one, two), figures=tuple(figures), ledger=(quantity,)), {}, ENGINE)[0]
    return [c.confidence for c in found]


def test_equal_numbers_of_two_measures_or_two_lapses_of_time_in_other_words_are_hardly_one() -> None:
    a = make_article("a", "Food cannot be brought to Orlen in 24 hours, the harbour master said.", "Post", "2020-05-02")
    b = make_article("b", "The mayor works 24 hours a day. It cost 24 dollars.", "Times", "2020-05-03")
    c = make_article("c", "No food is brought to Orlen in 24 hours, said its harbour.", "Echo", "2020-05-03")
    assert all(sure < 0.4 for sure in agree(a, b, ("24 hours", "24 dollars"), ("hours", "USD")))
    assert all(sure < 0.4 for sure in agree(a, b, ("24 hours", "24 hours"), ("hours", "hours")))
    assert [sure >= 0.6 for sure in agree(a, c, ("24 hours", "24 hours"), ("hours", "hours"))] == [True]


def test_two_who_each_count_their_own_are_in_no_conflict() -> None:
    a = make_article("a", "The Orlen fleet said three of its sailors had died.", "Post", "2020-05-02")
    b = make_article("b", "The Harrow fleet said four of its sailors were dead.", "Times", "2020-05-02")
    told = (
        replace(count(a, "three of its sailors", 3), attributed_to="orlen"),
        replace(count(b, "four of its sailors", 4), attributed_to="harrow"),
    )
    for own, conflicts in ((told, 0), ((told[0], replace(told[1], attributed_to="orlen")), 1)):
        ledger = (Quantity("q", "dead", ("fa3", "fb4"), (FigureRelation("fa3", "fb4", "conflict", 0.9),)),)
        found = compare_story(Story(documents=(a, b), figures=own, ledger=ledger), {}, ENGINE)[0]
        assert len(found) == conflicts


def test_a_name_of_one_word_is_no_spelling_of_another_by_its_letters_alone() -> None:
    a = make_article("a", "Megan Falkner spoke for the Orlen council.", "Post", "2020-05-02")
    b = make_article("b", "Old Falkener sells fish there.", "Times", "2020-05-03")
    actors = tuple(name_actor(n, "person", [quote(p, n)]) for p, n in ((a, "Megan Falkner"), (b, "Falkener")))
    assert compare_story(Story(documents=(a, b), actors=actors), {}, ENGINE)[0] == []
