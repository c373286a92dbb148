"""What would break for a user if a date were read wrongly."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyledger.reading.times import find_times
from storyledger.reading.times.placing import Option, rate
from storyledger.reading.times.timex import easter, interval_of
from storyledger.types import Article, Mention, Reading, Sentence, TimeExpression, Token


def article(text: str, day: str | None = "2013-11-01", **more: str) -> Article:
    fields = {"published": day, "published_earliest": day, "published_latest": day} | more
    return Article("d", "d.txt", None, "utf-8", "", text, (), (), **fields)


def times(text: str, day: str | None = "2013-11-01", **more: str) -> list[TimeExpression]:
    page = article(text, day, **more)
    return list(find_times(page, Reading("d", (), (), (), (), ())))


def values(text: str, day: str | None = "2013-11-01", **more: str) -> dict[str, str]:
    return {t.evidence.text: t.value for t in times(text, day, **more)}


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("He left on 3 May 2011.", "3 May 2011", "2011-05-03"),
        ("He left on May 3rd, 2011.", "May 3rd, 2011", "2011-05-03"),
        ("The ship sank at 15.49 BST.", "15.49 BST", "2013-10-31T15:49"),
        ("At 15.49 the doors shut.", "15.49", "2013-10-31T15:49"),
        ("The lot left the sale of 14 May.", "14 May", "2013-05-14"),
        ("He left on Tuesday, May 3.", "Tuesday, May 3", "2013-05-03"),
        ("It began on 2012-01-27.", "2012-01-27", "2012-01-27"),
        ("It began on 27/01/2012.", "27/01/2012", "2012-01-27"),
        ("It ended in September 2012.", "September 2012", "2012-09"),
        ("It has gone on since mid-December.", "mid-December", "2012-12"),
        ("The war of the 1990s.", "the 1990s", "199"),
        ("A 19th-century mosque.", "19th-century", "18"),
        ("Votes will be counted next April.", "next April", "2014-04"),
        ("The wall fell in the summer of 1989.", "the summer of 1989", "1989-SU"),
        ("Sales fell in the third quarter of 2012.", "the third quarter of 2012", "2012-Q3"),
        ("They resigned two weeks ago.", "two weeks ago", "2013-W42"),
        ("They resigned five days ago.", "five days ago", "2013-10-27"),
        ("It was set up last year.", "last year", "2012"),
        ("It has doubled in the past 24 hours.", "the past 24 hours", "PT24H"),
        ("It took nearly two years.", "nearly two years", "P2Y"),
        ("The talks lasted half an hour.", "half an hour", "PT30M"),
        ("It took two hours and 40 minutes.", "two hours and 40 minutes", "PT2H40M"),
        ("They fought for years.", "years", "PXY"),
        ("They meet every Monday.", "every Monday", "XXXX-WXX-1"),
        ("The price is falling right now.", "right now", "PRESENT_REF"),
        ("Shops close on Christmas Eve.", "Christmas Eve", "2013-12-24"),
        ("He spoke on Easter Monday 2012.", "Easter Monday 2012", "2012-04-09"),
        ("Polls will close at 7pm on Sunday.", "7pm on Sunday", "2013-11-03T19:00"),
        ("She will speak on Thursday next week.", "on Thursday next week", "2013-11-07"),
        ("The ceasefire begins on Sunday.", "Sunday", "2013-11-03"),
        ("The permit is valid until 31 December.", "31 December", "2013-12-31"),
        ("The hearing was adjourned until Monday.", "Monday", "2013-11-04"),
        ("He was held until Monday.", "Monday", "2013-10-28"),
        ("On Sunday the first 21 bodies were buried.", "Sunday", "2013-10-27"),
        ("On Friday the second suspect was held.", "Friday", "2013-11-01"),
        ("They will meet on Friday the 13th in town.", "Friday the 13th", "2013-12-13"),
        ("He may resign in May.", "May", "2014-05"),
        ("Ten years ago today the ferry sank.", "Ten years ago today", "2003-11-01"),
        ("They met on the tenth anniversary of the 3 May fire.", "the 3 May", "2003-05-03"),
        ("It will cost more over the next decade.", "the next decade", "P1DE"),
        ("The coast looked so a millennium ago.", "a millennium ago", "1013"),
        ("It sank on the night of 12 September.", "the night of 12 September", "2013-09-12TNI"),
        ("It sank at half past one in the morning on Friday.", "half past one in the morning", "2013-11-01T01:30"),
        ("They came on 5 June. She heard of it on the 8th.", "the 8th", "2013-06-08"),
        ("In fiscal year 2012 the ministry spent less.", "fiscal year 2012", "FY2012"),
        ("A 2009 analysis found none.", "2009", "2009"),
    ],
)
def test_a_usual_form_has_its_timex_value(text: str, words: str, value: str) -> None:
    assert values(text).get(words) == value


@pytest.mark.parametrize(
    "text",
    [
        "The last thing they want is a war.",
        "It is the second-largest party.",
        "They march on the capital and may win.",
        "Theresa May said that she would stay.",
        "He reads the Sunday Times and remembers Bloody Sunday.",
        "Some 2,011 people and 1500 soldiers came.",
        "Call 555-2010-1999.",
        "Wait a second, he said.",
        "The file is at https://example.org/2012/03/report-1999.html.",
        "Some 1990 were hurt.",
        "He bought 1998 sheep and stayed in room 1984.",
        "The decree is dated 1401/02/22.",
        "In the Muslim year 1442 it had burned.",
        "It came on the eve of Orthodox Easter.",
    ],
)
def test_words_that_only_look_like_times_are_left_alone(text: str) -> None:
    assert times(text) == []


def test_tense_decides_whether_a_weekday_lies_behind_or_ahead() -> None:
    assert values("She resigned on Tuesday.", "2013-11-01")["Tuesday"] == "2013-10-29"
    assert values("She will resign on Tuesday.", "2013-11-01")["Tuesday"] == "2013-11-05"
    assert values("On Tuesday the minister resigned.", "2013-11-01")["Tuesday"] == "2013-10-29"
    assert values("He is to give evidence on Friday.", "2013-11-01")["Friday"] == "2013-11-01"


def test_a_month_without_year_looks_back_unless_the_clause_looks_ahead() -> None:
    assert values("The licence was withdrawn in November.", "2021-03-10")["November"] == "2020-11"
    assert values("Work will begin in September.", "2021-06-07")["September"] == "2021-09"
    assert values("Built in 1996, it passed its last inspection in November.", "2021-03-10")["November"] == "2020-11"
    assert values("Rates were cut from March to August 2011.")["March"] == "2011-03"


def test_the_page_decides_the_order_of_day_and_month() -> None:
    assert values("Seen on 10.03.2021.", "2021-04-01")["10.03.2021"] == "2021-03-10"
    assert values("Dated 03/10/2021. Sent 03/25/2021.", "2021-04-01")["03/10/2021"] == "2021-03-10"
    assert values("Dated 10/03/2021. Sent on 25/03/2021.", "2021-04-01")["10/03/2021"] == "2021-03-10"


def test_what_is_told_counts_from_what_was_told_before() -> None:
    text = "A court sentenced him in September 2012.\n\nThe following spring, troops fired on the crowd."
    assert values(text)["The following spring"] == "2013-SP"
    assert values("The ship sank on 9 March 2011. Three days later it was found.")["Three days later"] == "2011-03-12"


def test_without_a_date_of_publication_the_value_stays_open_instead_of_guessed() -> None:
    (found,) = times("She resigned on Tuesday.", None)
    assert found.value == "XXXX-WXX-2"
    assert found.earliest is None
    assert found.confidence < 0.5


def test_an_uncertain_publication_date_gives_what_it_can() -> None:
    month = {"published_earliest": "2013-11-01", "published_latest": "2013-11-30"}
    found = values("It fell last year, on Tuesday.", "2013-11", **month)
    assert found["last year"] == "2012"
    assert found["Tuesday"] == "XXXX-WXX-2"


@pytest.mark.parametrize("year", ["1443 AH", "AH 1443", "the year 1443 A.H."])
def test_a_muslim_year_lies_in_two_of_ours(year: str) -> None:
    (time,) = times(f"The school was founded in {year}.")
    assert (time.earliest, time.latest) == ("2021-08-10", "2022-07-29")


@pytest.mark.parametrize("text", ["the ’90s", "the '90s", "the 1990s", "the 90s"])
def test_a_decade_is_read_with_any_apostrophe(text: str) -> None:
    assert [t.value for t in times(f"They met in {text}.")] == ["199"]


def test_a_dated_correction_moves_the_nearest_weekday() -> None:
    text = "The guard said on Friday that it had ended.\n\nCorrection, 12 March: the figure was wrong."
    assert values(text, "2021-03-11")["Friday"] == "2021-03-12"


def test_a_paragraph_added_later_counts_from_its_own_stamp() -> None:
    found = values("Talks broke down on Monday.\n\nUPDATE 20 May: The owner signed yesterday.", "2022-05-10")
    assert (found["Monday"], found["yesterday"]) == ("2022-05-09", "2022-05-19")


def test_a_time_of_day_is_of_the_day_that_is_told() -> None:
    found = values("Rebels attacked on 3 May 2013. By 6 a.m. the town had fallen.")
    assert found["6 a.m."] == "2013-05-03T06:00"


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("The doors opened at twenty past four on Friday.", "twenty past four on Friday", "2013-11-01T16:20"),
        ("It rang at ten to five this morning.", "ten to five this morning", "2013-11-01T04:50"),
        ("They landed at 2353 UTC yesterday.", "2353 UTC yesterday", "2013-10-31T23:53"),
        ("The fire began before dawn on Thursday.", "before dawn on Thursday", "2013-10-31TMO"),
        ("It fell at 6.43 on 20 October.", "6.43 on 20 October", "2013-10-20T06:43"),
        ("He was tried on 9 February last year.", "9 February last year", "2012-02-09"),
        ("A vote is due on 22 and 23 December.", "22", "2013-12-22"),
        ("They bought it on 5 March 2012. The day before, it had burned.", "The day before", "2012-03-04"),
    ],
)
def test_a_time_is_read_with_the_day_that_stands_beside_it(text: str, words: str, value: str) -> None:
    assert values(text).get(words) == value


@pytest.mark.parametrize(
    "text",
    [
        "It fell to 15.49 points.",
        "Smith 15.49 et al. say so.",
        "It holds 3.5 AH.",
        "It was previously a school.",
        "The annual report came.",
        "Eight C-80s were parked.",
        "Ito Jun won the race.",
    ],
)
def test_what_tells_no_time_is_none(text: str) -> None:
    assert times(text) == []


def test_a_date_told_without_its_year_is_no_date_ten_months_ahead() -> None:
    text = "The rate was raised to 25 percent from 23, where it had been set on 13 September."
    assert values(text, "2018-11-23")["13 September"] == "2018-09-13"
    assert values("The strike set for Saturday was called off.", "2018-11-22")["Saturday"] == "2018-11-24"


def test_the_interval_holds_the_days_that_the_words_mean() -> None:
    (found,) = times("They will decide by the end of January.", "2021-11-19")
    assert (found.value, found.earliest, found.latest) == ("2022-01", "2022-01-22", "2022-01-31")
    for words, span in (
        ("the end of 2011", ("2011-11-01", "2011-12-31")),
        ("early 2011", ("2011-01-01", "2011-05-01")),
    ):
        (found,) = times(f"They left at {words}.", "2013-11-19")
        assert (found.earliest, found.latest) == span
    (found,) = times("It happened last week.", "2021-06-07")
    assert (found.earliest, found.latest) == ("2021-05-31", "2021-06-06")


def test_a_date_inside_a_longer_name_is_part_of_the_name() -> None:
    text = "She speaks for Families of 9 March."
    name = Mention(15, 34, 0, 1, 0, "name", "group", 0.9)
    reading = Reading("d", (), (), (name,), (), ())
    assert find_times(article(text), reading) == ()


def test_the_readers_sentences_are_used_where_it_has_some() -> None:
    text = "He won. On Monday he lost."
    tokens = tuple(Token(i, i + 1, "x", "X", 0, "root") for i in (0, 8))
    sentences = (Sentence(0, 1, 0, 7, "paragraph"), Sentence(1, 2, 8, 26, "paragraph"))
    reading = Reading("d", tokens, sentences, (), (), ())
    assert [t.value for t in find_times(article(text), reading)] == ["2013-10-28"]


def test_easter_is_the_churchs() -> None:
    assert [easter(y).isoformat() for y in (1961, 2000, 2024)] == ["1961-04-02", "2000-04-23", "2024-03-31"]


@pytest.mark.parametrize("value", ["0000", "0000-01", "2013-W60", "PRESENT_REF", "P2Y", "XXXX-05", "", "2013-02-31"])
def test_a_value_of_no_days_has_no_interval(value: str) -> None:
    assert interval_of(value) is None


_LISTED = (
    "on Monday in May 31 February 2013 , . the last next two weeks ago 1/2/3 99.99.99 9999-99-99 \n\n ’ “ 24:61 6 a.m. "
    "every year the ’90s '80s ‘60s ten decades later summer of 0 1000 years from now Q9 the 32nd century mid- late Christmas"
)
_PIECES = st.sampled_from(_LISTED.split(" "))


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=30), st.sampled_from([None, "2013-11-01", "0001-01-01", "9999-12-31", "2013"]))
def test_no_text_breaks_it_and_every_span_is_its_surface(pieces: list[str], day: str | None) -> None:
    text = " ".join(pieces)
    found = times(text, day)
    last = 0
    for time in found:
        assert text[time.evidence.start : time.evidence.end] == time.evidence.text
        assert last <= time.evidence.start < time.evidence.end
        assert 0 <= time.confidence <= 1
        assert (time.earliest is None) == (time.latest is None)
        assert time.earliest is None or time.latest is None or time.earliest <= time.latest
        last = time.evidence.end


def test_a_page_of_nothing_but_dates_is_read_to_its_end() -> None:
    found = times("May 1 " * 1000)
    assert len(found) > 750
    assert found[-1].evidence.end > 5_900


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_hostile_text_gives_the_same_twice(text: str) -> None:
    assert times(text) == times(text)


def test_the_likeliest_day_is_the_same_under_every_python() -> None:
    # the built-in sum of floats rounds otherwise from Python 3.12 on; here it would choose another day before
    day = dt.date(2021, 3, 9)
    options = [Option((day, day), ("large", "one", "minus large")), Option((day, day), ("half",))]
    weights = {"large": 1e16, "one": 1.0, "minus large": -1e16, "half": 0.5}
    assert rate(options, weights)[0] == 0
