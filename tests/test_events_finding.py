"""Finding: grammar decides what is an event, with which status; read by the real reader, on sentences of our own."""

import pytest

from storyledger.events import find_reports
from storyledger.events.clauses import find_clause
from storyledger.events.frames import build_frame, find_subjects
from storyledger.events.trees import Trees
from storyledger.reading import load_reader
from storyledger.reading.times import find_times
from storyledger.types import Article, Block, Cast, CastMention, Evidence, Reading, Sentence, TimeExpression, Token


@pytest.fixture(scope="module")
def reader():
    return load_reader()


def tell(reader, text, times=()):
    article = Article(
        "a", "a.txt", None, "utf-8", "", text, (), (Block(0, len(text), "paragraph"),), published="2020-05-15",
        published_earliest="2020-05-15", published_latest="2020-05-15",
    )  # fmt: skip
    reading = reader.read(article)
    cast = Cast(
        "a",
        tuple(
            CastMention(m.start, m.end, text[m.start : m.end], text[m.start : m.end], m.type or "group", m.kind, 0.9)
            for m in reading.mentions
        ),
    )
    return find_reports(article, reading, cast, times, ())


def tell_with_times(reader, text):
    article = Article(
        "a", "a.txt", None, "utf-8", "", text, (), (Block(0, len(text), "paragraph"),), published="2020-05-15",
        published_earliest="2020-05-15", published_latest="2020-05-15",
    )  # fmt: skip
    return tell(reader, text, find_times(article, reader.read(article)))


def types(reports):
    return {report.type for report in reports}


def test_evidence_is_a_range_of_the_text_and_within_the_contracts_length(reader):
    text = "The rebels attacked the town on Monday. The minister resigned. The two leaders held talks in Paris."
    reports = tell(reader, text)
    assert len(reports) == 3
    assert "ASSAULT" in types(reports)
    for report in reports:
        assert text[report.evidence.start : report.evidence.end] == report.evidence.text
        assert len(report.evidence.text) <= 400


def test_what_did_not_happen_is_no_event(reader):
    assert tell(reader, "The army did not attack the town.") == ()
    assert tell(reader, "The army could attack the town.") == ()


@pytest.mark.parametrize(
    "text",
    [
        "The envoy repeated his demand that the army release the prisoners.",
        "The union said the company must pay before its members return.",
    ],
)
def test_what_a_demand_holds_or_must_come_first_has_not_happened(reader, text):
    assert not {"release", "return"} & {report.predicate_lemma for report in tell(reader, text)}


def test_days_of_an_event_are_the_event(reader):
    assert "CONSULT" in types(tell(reader, "The two ministers held three days of talks in Vienna."))


def test_what_will_happen_is_planned(reader):
    (report,) = tell(reader, "The president will visit Berlin next week.")
    assert report.status == "planned"
    (report,) = tell(reader, "The president is due to visit Berlin next week.")
    assert report.status == "planned"


def test_a_passive_has_its_agent_and_its_patient(reader):
    (report,) = tell(reader, "Maria Jansen was arrested by the Spanish police.")
    assert report.type == "COERCE"
    assert [row.actor for row in report.participants if row.role == "recipient"] == ["Maria Jansen"]


def test_a_refusal_to_allow_is_a_rejection_and_nothing_else(reader):
    reports = tell(reader, "The government refused to allow inspectors into the plant.")
    assert types(reports) == {"REJECT"}


def test_talks_that_are_held_are_told_once(reader):
    assert len(tell(reader, "The two ministers held talks in Vienna.")) == 1


def test_a_clause_with_a_verb_and_an_event_noun_is_one_event(reader):
    found = tell(reader, "The court upheld the protest.\n\nInternal emails expose navy contract discussions.")
    ranges = [(r.evidence.start, r.evidence.end) for r in found]
    assert len(ranges) == len(set(ranges)) > 0


def test_an_event_is_dated_by_its_own_clause(reader):
    text = "The rebels attacked the town on Monday."
    start = text.index("Monday")
    time = TimeExpression(
        Evidence("a", start, start + 6, "Monday"), "2020-05-11", "DATE", "2020-05-11", "2020-05-11", 0.9
    )
    (report,) = tell(reader, text, (time,))
    assert report.when is not None
    assert (report.when.earliest, report.when.text) == ("2020-05-11", "Monday")


@pytest.mark.parametrize(
    ("text", "lemma", "earliest", "latest"),
    [
        ("The two presidents will meet within a month.", "meet", "2020-05-15", "2020-06-15"),
        ("Donors will be invited to a conference in the coming weeks.", "invite", "2020-05-15", "2020-07-14"),
        ("The bridge will be reopened before the summer.", "reopen", "2020-05-15", "2020-05-31"),
        ("It was the worst crash since 1987, when 86 people died in a fire.", "die", "1987-01-01", "1987-12-31"),
    ],
)
def test_a_plan_ends_with_its_deadline_and_a_clause_with_when_has_the_year_before_it(
    reader, text, lemma, earliest, latest
):
    (report,) = [row for row in tell_with_times(reader, text) if row.predicate_lemma == lemma]
    assert report.when is not None
    assert (report.when.earliest, report.when.latest) == (earliest, latest)


def test_a_perfect_does_not_take_the_date_of_the_past_before_it(reader):
    text = "Anna Berg collected a bonus of 1 million euros last year and has offered the strikers 500 euros each."
    whens = {row.predicate_lemma: row.when for row in tell_with_times(reader, text)}
    assert (whens["collect"].text, whens["offer"].text) == ("last year", None)


def test_an_old_date_is_carried_on_through_its_paragraph_to_simple_pasts_alone(reader):
    text = "The trial opened in 2011. Judges refused to release the two men. The court has sentenced two others."
    whens = {row.predicate_lemma: row.when for row in tell_with_times(reader, text)}
    assert (whens["refuse"].earliest, whens["refuse"].latest) == ("2011-01-01", "2011-12-31")
    assert whens["sentence"].earliest == "2020-05-13"


def part(report, role):
    return [row.actor for row in report.participants if row.role == role]


@pytest.mark.parametrize(
    ("text", "who", "whom"),
    [
        ("The valley fell under Brazilian control in May.", ["Brazilian"], []),
        ("Norway pulled all of its forces out of Chad.", ["Norway"], []),
        ("Norway sent tents to help Chad rebuild the town.", ["Norway"], ["Chad"]),
        ("The captain, Maria Jansen, whose licence was suspended in March, left Oslo.", [], ["Maria Jansen"]),
    ],
)
def test_grammar_says_who_takes_who_goes_who_is_helped_and_whose_it_was(reader, text, who, whom):
    report = tell(reader, text)[0]
    found = [[name for name in part(report, role) if name in who + whom] for role in ("actor", "recipient")]
    assert found == [who, whom], report


@pytest.mark.parametrize(
    ("text", "lemma", "earliest", "latest"),
    [
        ("Nearly two years after the rebels left Lima, the premier has flown to Chile.", "leave", "2017-11", "2018-11"),
        ("The firm dropped the case on 8 May, a week after the wreck was raised.", "raise", "2020-04-29", "2020-05-03"),
        (
            "A second letter, sent on 2 February, asks the ministry to close the mine.",
            "ask",
            "2020-02-02",
            "2020-02-02",
        ),
        (
            "The government has declared two days of mourning, beginning on Friday.",
            "declare",
            "2020-05-15",
            "2020-05-15",
        ),
        ("Rescuers had pulled 40 people from the water by 6 a.m.", "pull", "2020-05-13", "2020-05-15"),
    ],
)
def test_an_event_is_dated_by_what_came_after_what_was_sent_what_begins_and_the_hour(
    reader, text, lemma, earliest, latest
):
    when = next(report.when for report in tell_with_times(reader, text) if report.predicate_lemma == lemma)
    assert earliest <= when.earliest, when
    assert when.latest <= latest + "~", when


def test_a_clause_with_since_dates_what_began_and_not_what_goes_on(reader):
    reports = tell_with_times(reader, "The firm has been sending weapons to the rebels since the war began in 2011.")
    assert all(r.when.earliest != "2011-01-01" for r in reports if r.predicate_lemma == "send"), reports


def test_what_something_comes_after_has_happened_whatever_is_planned(reader):
    reports = tell(reader, "The army is preparing for a new offensive, ten years after the invasion of Chad.")
    assert {r.status for r in reports if r.predicate_lemma == "invasion"} <= {"reported"}


def test_a_clause_ends_where_another_begins_and_a_participle_takes_its_noun_along(reader):
    texts = [
        report.evidence.text
        for report in tell_with_times(reader, "The final report, published on Monday, blames the mayor.")
    ]
    assert "The final report, published on Monday" in texts
    text = (
        "He resigned two weeks after a ferry disaster in which 57 people died, and his deputy was named to succeed him."
    )
    assert all(
        "disaster" not in report.evidence.text or "deputy" not in report.evidence.text for report in tell(reader, text)
    )


def test_what_is_called_off_is_dated_by_what_says_when_it_was_planned_for(reader):
    text = "The strike led the drivers' union to call off a march on the palace that had been planned for Saturday."
    off = [report for report in tell_with_times(reader, text) if report.status == "called_off"]
    assert "Saturday" in [report.when.text for report in off]


def test_the_particle_of_a_verb_decides_its_sense_before_a_preposition(reader):
    reports = tell(reader, "The union called off a march on the palace.")
    assert [report.status for report in reports] == ["called_off"]


def test_a_name_beside_a_description_takes_part_where_the_cast_knows_a_part_of_it(reader):
    text = "Football star Anna Berg accused the club of fraud."
    article = Article("a", "a", None, "utf-8", "", text, (), (Block(0, len(text), "paragraph"),))
    start = text.index("Berg")
    cast = Cast("a", (CastMention(start, start + 4, "berg", "Berg", "person", "name", 0.9),))
    (report,) = find_reports(article, reader.read(article), cast, (), ())
    assert [row.actor for row in report.participants if row.role == "actor"] == ["berg"]


def plant(*rows):
    """Trees of one sentence; a row is word, lemma, part of speech, head, relation."""
    text, tokens = " ".join(row[0] for row in rows), []
    for word, lemma, upos, head, relation in rows:
        start = tokens[-1].end + 1 if tokens else 0
        tokens.append(Token(start, start + len(word), lemma, upos, head, relation))
    sentence = Sentence(0, len(rows), 0, len(text), "paragraph")
    return Trees(Reading("a", tuple(tokens), (sentence,), (), (), ()), text)


def test_the_subject_of_a_sentence_with_a_dateline_is_found_where_the_tree_hangs_it_on_the_dateline():
    trees = plant(
        ("PORTVILLE", "portville", "PROPN", 0, "root"), ("-", "-", "PUNCT", 0, "punct"), ("The", "the", "DET", 3, "det"),
        ("mayor", "mayor", "NOUN", 0, "appos"), ("resigned", "resign", "VERB", 0, "conj"), (".", ".", "PUNCT", 4, "punct"),
    )  # fmt: skip
    assert find_subjects(trees, 4) == [3]


def test_an_object_that_the_tree_hangs_elsewhere_is_told_and_is_no_subject():
    trees = plant(
        ("Parliament", "parliament", "NOUN", 1, "nsubj"), ("rejected", "reject", "VERB", 1, "root"),
        ("the", "the", "DET", 3, "det"), ("Norwegian", "Norwegian", "PROPN", 1, "nsubj"),
        ("offer", "offer", "VERB", 1, "acl"), ("to", "to", "PART", 6, "mark"), ("stay", "stay", "VERB", 4, "xcomp"),
        (",", ",", "PUNCT", 8, "punct"), ("angering", "anger", "VERB", 1, "advcl"), ("Oslo", "Oslo", "PROPN", 8, "obj"),
    )  # fmt: skip
    assert find_subjects(trees, 1) == [0]
    first, last = find_clause(trees, build_frame(trees, 1))
    assert trees.words[first:last] == ["parliament", "rejected", "the", "norwegian", "offer", "to", "stay"]


def test_nobody_comments_is_no_event(reader):
    assert tell(reader, "The company declined to comment.") == ()


def test_an_article_of_nothing_tells_nothing():
    article = Article("a", "a", None, "utf-8", "", "", (), ())
    assert find_reports(article, Reading("a", (), (), (), (), ()), Cast("a", ()), (), ()) == ()


@pytest.mark.parametrize(
    "text", ["\u202e\x00 killed killed killed", "🙂 attacked 🙂.", "ATTACK!!! ATTACK!!!", "a " * 500]
)
def test_hostile_text_raises_nothing(reader, text):
    for report in tell(reader, text):
        assert text[report.evidence.start : report.evidence.end] == report.evidence.text


def test_the_same_article_is_told_the_same_twice(reader):
    text = "The rebels attacked the town on Monday. Police arrested two men after the attack."
    assert tell(reader, text) == tell(reader, text)


def test_a_page_without_a_time_gives_news_its_own_day_and_a_plan_the_days_ahead(reader):
    text = "The rebels attacked the town. The premier will visit Paris."
    news, plan = (next(r for r in tell_with_times(reader, text) if r.predicate_lemma == w) for w in ("attack", "visit"))
    assert (news.when.earliest, news.when.latest) == ("2020-05-13", "2020-05-15")
    assert plan.when.earliest == "2020-05-15"
    assert news.when.text is plan.when.text is None  # nobody gave these days: they are assumed
    assert 0 < news.dated < 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ruritania condemned the arrest of two reporters.", "ACCUSE"),
        ("Ruritania demanded the release of two reporters.", "REQUEST"),
        ("Ruritania imposed sanctions on two banks.", "SANCTION"),
    ],
)
def test_a_sentence_that_stands_alone_has_the_type_that_the_lexicon_knows(reader, text, kind):
    best = max(tell(reader, text), key=lambda row: row.importance * row.confidence)
    assert best.type == kind


def test_all_of_a_list_do_what_the_first_of_it_does(reader):
    text = "Norway, Sweden and Denmark signed the treaty in Oslo on Monday."
    (row,) = (r for r in tell(reader, text) if r.predicate_lemma == "sign")
    odds = {part.actor: part.acts for part in row.involved}
    assert min(odds["Norway"], odds["Sweden"], odds["Denmark"]) >= 0.5
