"""The view of one article, its quotations, sentences, stems and patterns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyledger.language import (
    MONTHS,
    WEEKDAYS,
    Parse,
    content_stems,
    cut_sentences,
    find_quotations,
    find_small,
    find_words,
    load_words,
    opens_in_head,
    parse_of,
    stem_word,
    stop_words,
)
from storyledger.language.patterns import compile_pattern
from storyledger.types import Article, Block, Reading, Sentence, Token

# "Miners who went down on Monday said “It is cold”, and left." with a head and a relation for each token
ROWS = [
    ("Miners", "miner", "NOUN", 6, "nsubj"),
    ("who", "who", "PRON", 2, "nsubj"),
    ("went", "go", "VERB", 0, "acl:relcl"),
    ("down", "down", "ADV", 2, "advmod"),
    ("on", "on", "ADP", 5, "case"),
    ("Monday", "Monday", "PROPN", 2, "obl"),
    ("said", "say", "VERB", 6, "root"),
    ("“", "“", "PUNCT", 10, "punct"),
    ("It", "it", "PRON", 10, "nsubj"),
    ("is", "be", "AUX", 10, "cop"),
    ("cold", "cold", "ADJ", 6, "ccomp"),
    ("”", "”", "PUNCT", 10, "punct"),
    ("and", "and", "CCONJ", 13, "cc"),
    ("left", "leave", "VERB", 6, "conj"),
]


def make_article(text: str, paragraphs: bool = True) -> Article:
    blocks, at = [], 0
    for line in text.split("\n"):
        if line and paragraphs:
            blocks.append(Block(at, at + len(line), "paragraph"))
        at += len(line) + 1
    return Article("article:test", "p", None, "utf-8", "0", text, (), tuple(blocks))


def make_parse() -> Parse:
    text, tokens = "", []
    for word, lemma, upos, head, relation in ROWS:
        text += "" if word == "”" or text.endswith("“") or not text else " "
        tokens.append(Token(len(text), len(text) + len(word), lemma, upos, head, relation))
        text += word
    sentence = Sentence(0, len(tokens), 0, len(text), "paragraph")
    return Parse(make_article(text), Reading("article:test", tuple(tokens), (sentence,), (), (), ()))


def test_a_phrase_leaves_out_the_clause_that_describes_it() -> None:
    parse = make_parse()
    assert parse.text_of(*parse.reach(0)) == "Miners who went down on Monday"
    phrase = parse.phrase(0)
    assert parse.text_of(phrase.first, phrase.last) == "Miners"
    assert [parse.words[i] for i in parse.subtree(2, "obl")] == ["who", "went", "down"]


def test_a_second_verb_has_the_first_ones_subject() -> None:
    parse = make_parse()
    assert parse.subjects(13) == [0]
    assert parse.clause_of(5) == 2
    assert parse.preposition(5) == "on"
    assert parse.is_one(2, ("acl",))
    assert parse.dependents(6, "nsubj", "conj") == [0, 13]


def test_reaches_are_those_of_the_subtrees() -> None:
    parse = make_parse()
    for i in range(len(parse)):
        under = parse.subtree(i)
        assert parse.reach(i) == (under[0], under[-1] + 1)


def test_places_are_found_by_position() -> None:
    parse = make_parse()
    start = parse.text.index("It is")
    assert parse.tokens_in(start, start + 5) == (8, 10)
    assert parse.tokens_over(start + 1, start + 4) == (8, 10)
    assert parse.quotation_of(9) == 0
    assert parse.quotation_of(6) is None
    assert parse.sentence_at(start) == 0


def test_the_arrays_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        make_parse().heads_N[0] = 3


def test_broken_heads_cost_nothing() -> None:
    tokens = (Token(0, 1, "a", "X", 99, "dep"), Token(1, 2, "b", "X", 2, "dep"), Token(2, 3, "c", "X", 1, "dep"))
    parse = Parse(make_article("abc"), Reading("article:test", tokens, (), (), (), ()))
    assert list(parse.ancestors(0)) == []
    assert len(list(parse.ancestors(1))) <= 64
    assert parse.subtree(1) == [1, 2]


def test_one_reading_has_one_parse() -> None:
    parse = make_parse()
    assert parse_of(parse.article, parse.reading) is parse_of(parse.article, parse.reading)


def test_an_article_without_text_has_a_parse() -> None:
    parse = Parse(make_article(""), Reading("article:test", (), (), (), (), ()))
    assert len(parse) == 0
    assert parse.phrases == ()
    assert parse.sentence_of_N.dtype == np.int32


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("She said “yes, we can” and left.", ["yes, we can"]),
        ('She said "yes, we can" and left.', ["yes, we can"]),
        ("«Nous partons», he said. »Wir gehen«, she said.", ["Nous partons", "Wir gehen"]),
        ("„Wir gehen“, she said.", ["Wir gehen"]),
        ("``We go,'' she said.", ["We go,"]),
        ("He said 'we won't go' to the inspectors' friends.", ["we won't go"]),
        ("The ship’s owners’ lawyer said nothing.", []),
        ("“He told me ‘go home’ twice,” she said.", ["He told me ‘go home’ twice,"]),
        ('A 6" pipe burst.', []),
        ("He replied “No” twice.", ["No"]),
    ],
)
def test_quotations_by_their_marks(text: str, inside: list[str]) -> None:
    assert [text[q.start : q.end] for q in find_quotations(make_article(text))] == inside


def test_a_quotation_inside_a_quotation_is_found_where_asked() -> None:
    text = "“He told me ‘go home’ twice,” she said."
    outer, inner = find_quotations(make_article(text), nested=True)
    assert (outer.depth, inner.depth) == (0, 1)
    assert text[inner.start : inner.end] == "go home"


def test_a_quotation_runs_over_paragraphs() -> None:
    text = "“We began at dawn.\n“Then the roof fell,” she said. “All ran.”"
    first, second, third = find_quotations(make_article(text))
    assert first.closed
    assert second.resumes
    assert first.group == second.group != third.group
    assert not third.resumes


def test_an_unclosed_mark_ends_with_its_paragraph() -> None:
    (quotation,) = find_quotations(make_article("He said “we go home.\nThe road was closed."))
    assert not quotation.closed
    assert quotation.paragraph == 0


@given(st.text(alphabet="ab .,’‘'\"“”„«»‹›\n", max_size=80), st.booleans())
def test_quotations_lie_in_the_text_and_outer_ones_do_not_overlap(text: str, paragraphs: bool) -> None:
    last = 0
    for q in find_quotations(make_article(text, paragraphs)):
        assert last <= q.outer_start < q.start < q.end <= q.outer_end <= len(text)
        last = q.end


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Mr. Hall left. Ms. Orr stayed.", ["Mr. Hall left.", "Ms. Orr stayed."]),
        (
            "It fell at 5 p.m. in the U.S. capital. “Go!” He went.",
            ["It fell at 5 p.m. in the U.S. capital.", "“Go!”", "He went."],
        ),
        ("Prices rose 2.5 percent. 12 people left.", ["Prices rose 2.5 percent.", "12 people left."]),
        ("One line\nanother line", ["One line", "another line"]),
        ("J. K. Orr spoke.", ["J. K. Orr spoke."]),
    ],
)
def test_sentences_are_cut_at_their_ends_alone(text: str, pieces: list[str]) -> None:
    assert [text[a:b] for a, b in cut_sentences(text)] == pieces


@given(st.text(max_size=120))
def test_nothing_of_a_text_is_lost_between_sentences(text: str) -> None:
    assert (
        "".join(text[a:b] for a, b in cut_sentences(text)).split()
        == "".join(w for a, b in cut_sentences(text) for w in text[a:b]).split()
    )
    assert sum(len("".join(text[a:b].split())) for a, b in cut_sentences(text)) == len("".join(text.split()))


def test_forms_of_one_word_meet_and_others_do_not() -> None:
    assert stem_word("Inspected") == stem_word("inspecting") == stem_word("inspection")
    assert stem_word("withdrew") == stem_word("withdrawing")
    assert stem_word("minister") != stem_word("minimal")
    assert content_stems("The ministers said that 12 left") == content_stems("12 leaving ministers, saying")


def test_words_keep_their_places() -> None:
    text = "Ali’s 1,200 sheep"
    assert [(text[w.start : w.end], w.lower) for w in find_words(text)] == [
        ("Ali’s", "ali's"), ("1,200", "1,200"), ("sheep", "sheep"),
    ]  # fmt: skip
    assert "the" in stop_words()


def test_the_calendar_knows_long_and_short_names() -> None:
    assert MONTHS["september"] == MONTHS["sep"] == MONTHS["sept"] == 9
    assert WEEKDAYS["mon"] == WEEKDAYS["monday"] == 0


def test_a_lexicon_without_the_list_says_so() -> None:
    with pytest.raises(KeyError):
        load_words("storyledger.language", "words.toml", "nothing")


@pytest.mark.parametrize(
    ("pattern", "anchor", "cue"),
    [
        ("upos=VERB ; >nsubj lemma=miner", 6, 0),
        (">nsubj upos=NOUN >acl >obl word=monday $day", 6, 5),
        ("<conj lemma=say >ccomp before", 13, 10),
        (">>obl", 6, 5),
        ("<<  lemma=say", 5, 6),
        ("!>nsubj ; <conj", 13, 6),
        ("@verbs", 6, 6),
        (">conj !lemma=say after", 6, 13),
    ],
)
def test_patterns_walk_the_tree(pattern: str, anchor: int, cue: int) -> None:
    row = {"name": "it", "pattern": pattern, "example": "[x]"}
    match = compile_pattern(row, {"verbs": frozenset({"say"})}).match(make_parse(), anchor)
    assert match is not None
    assert match.cue == cue


@pytest.mark.parametrize("pattern", [">nsubj lemma=fish", "!>nsubj", "upos=NOUN", ">conj before", "<conj"])
def test_patterns_that_do_not_hold_find_nothing(pattern: str) -> None:
    row = {"name": "it", "pattern": pattern, "example": "[x]"}
    assert compile_pattern(row, {}).match(make_parse(), 6) is None


def test_a_pattern_that_cannot_be_read_says_so() -> None:
    with pytest.raises(ValueError, match="no test"):
        compile_pattern({"name": "it", "pattern": "lema=say", "example": "[x]"}, {})


def test_a_headline_that_runs_into_its_sentence_is_cut_from_it_and_a_letter_is_not() -> None:
    text = "Many feared dead as Orlen ferry sinks The ferry went down. Give her vitamin A tablets, says A and E staff."
    assert [text[a:b].split(maxsplit=1)[0] for a, b in cut_sentences(text)] == ["Many", "The", "Give"]
    assert len(cut_sentences("The paper is owned by The orlen group.")) == 1


def test_in_a_pages_first_lines_a_capital_that_no_name_asks_for_opens_a_sentence() -> None:
    text = "Town hall shut after fire Crews from five towns came. The crews left at noon. The mayor met Crews of Orlen there."
    small = find_small(text)
    cut = [text[a:b] for a, b in cut_sentences(text, small=small)]
    assert cut[:2] == ["Town hall shut after fire", "Crews from five towns came."]
    assert len(cut) == 4
    assert next(text[a:b] for a, b in cut_sentences(text)).startswith("Town hall shut after fire Crews")
    assert not opens_in_head("Channel", "Four", "said", small)
    assert opens_in_head("UK", "Two", "more", frozenset())
