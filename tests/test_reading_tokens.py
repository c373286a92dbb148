"""Tokens, shapes, lemmas and windows: what every later stage's positions rest on."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyledger.language import find_quotations
from storyledger.reading.layout import WINDOW_PIECES, iter_regions, lay_out, plan_windows
from storyledger.reading.lemmas import apply_script, edit_script
from storyledger.reading.paths import back_off, distance_bucket, path_keys
from storyledger.reading.quotations import count_in_words, quotation_at
from storyledger.reading.sections import plan_sections
from storyledger.reading.shapes import word_shape
from storyledger.reading.tokens import find_tokens
from storyledger.types import Article, Block


def make_article(text: str, blocks: tuple[Block, ...] | None = None) -> Article:
    if blocks is None:
        blocks = (Block(0, len(text), "paragraph"),) if text else ()
    return Article("article:test", "p", None, "utf-8", "0", text, (), blocks)


def words(text: str) -> list[str]:
    return [text[a:b] for a, b in find_tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They don't know.", ["They", "do", "n't", "know", "."]),
        ("He can’t, she won’t", ["He", "ca", "n’t", ",", "she", "wo", "n’t"]),
        ("the minister’s 5pm call", ["the", "minister", "’s", "5", "pm", "call"]),
        ("a U.S.-led force", ["a", "U.S.", "-", "led", "force"]),
        ("Mr. Smith of Acme Inc.", ["Mr.", "Smith", "of", "Acme", "Inc."]),
        ("non-combat troops", ["non-combat", "troops"]),
        ("3,000 men, 12.5% on 11/28/2000", ["3,000", "men", ",", "12.5", "%", "on", "11/28/2000"]),
        ("“Yes,” he said—twice…", ["“", "Yes", ",", "”", "he", "said", "—", "twice", "…"]),
        ("John F. Kennedy cannot", ["John", "F.", "Kennedy", "can", "not"]),
        ("$5bn in 2003-2004", ["$", "5", "bn", "in", "2003", "-", "2004"]),
        ("see https://example.org/a?b=c.", ["see", "https://example.org/a?b=c", "."]),
    ],
)
def test_words_split_as_the_treebanks_split_them(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(max_size=300))
def test_tokens_lie_in_the_text_in_order_and_hold_no_white_space(text: str) -> None:
    last = 0
    for start, end in find_tokens(text):
        assert last <= start < end <= len(text)
        assert not any(c.isspace() for c in text[start:end])
        last = end


@given(st.text(max_size=200))
def test_no_visible_letter_is_lost_between_tokens(text: str) -> None:
    covered = {i for a, b in find_tokens(text) for i in range(a, b)}
    assert all(i in covered for i, c in enumerate(text) if c.isalnum())


def test_invisible_characters_are_no_tokens() -> None:
    assert words("a\u200bb \u202e c\ufeff") == ["a", "b", "c"]


def test_time_is_linear_in_the_length() -> None:
    def seconds(text: str) -> float:
        began = time.process_time()
        find_tokens(text)
        return time.process_time() - began

    for piece in ("a.", "'", "-", "1,", "x@", "a-b'c", "http://"):
        small, large = piece * 3000, piece * 30000
        assert seconds(large) < 60 * max(seconds(small), 0.002), piece


@pytest.mark.parametrize(
    ("word", "shape"), [("the", 0), ("The", 1), ("NATO", 2), ("iPhone", 3), ("12", 4), ("—", 5), ("A", 6), ("中", 7)]
)
def test_capitalisation_is_told_apart(word: str, shape: int) -> None:
    assert word_shape(word) == shape


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_lemma_scripts_never_fail_on_other_words(word: str, lemma: str) -> None:
    script = edit_script(word, lemma)
    assert isinstance(apply_script("walked", script), str)


@pytest.mark.parametrize(
    ("word", "lemma"), [("decided", "decide"), ("men", "man"), ("Iraqis", "Iraqi"), ("was", "be"), ("U.N.", "U.N.")]
)
def test_a_lemma_script_gives_its_lemma_back(word: str, lemma: str) -> None:
    assert apply_script(word, edit_script(word, lemma)) == lemma


@given(st.lists(st.integers(1, 12), min_size=1, max_size=400), st.randoms(use_true_random=False))
def test_every_word_is_owned_by_one_window_that_fits(counts: list[int], rng) -> None:
    breaks = [i == 0 or rng.random() < 0.08 for i in range(len(counts))]
    windows = plan_windows(counts, breaks)
    owned = [w for window in windows for w in range(window.own_first, window.own_last)]
    assert owned == list(range(len(counts)))
    for w in windows:
        assert w.first <= w.own_first < w.own_last <= w.last
        assert sum(counts[w.first : w.last]) <= WINDOW_PIECES


def test_blocks_and_blank_lines_start_sentences_and_gaps_are_read_too() -> None:
    text = "A headline\nStray words between\nFirst line.\n\nSecond line."
    article = make_article(text, (Block(0, 10, "title"), Block(31, len(text), "paragraph")))
    layout = lay_out(article)
    forced = [layout.words[i] for i in range(len(layout)) if layout.forced[i]]
    assert forced == ["A", "Stray", "First", "Second"]
    assert [kind for *_, kind in iter_regions(article)] == ["title", "paragraph", "paragraph"]


def test_overlapping_or_overlong_blocks_do_no_harm() -> None:
    article = make_article("one two three", (Block(0, 7, "title"), Block(4, 99, "paragraph")))
    assert lay_out(article).words == ["one", "two", "three"]


def test_quotations_pair_inside_a_paragraph_and_run_on_when_unclosed() -> None:
    text = "He said “we will go” today.\n\n“This goes on and on without an end"
    article = make_article(text)
    layout = lay_out(article)
    quotations = count_in_words(find_quotations(article), layout)
    assert [" ".join(layout.words[a:b]) for a, b in quotations] == ["we will go", "This goes on and on without an end"]
    assert quotation_at(quotations, 0) is None


def test_a_path_is_told_by_the_labels_on_the_way() -> None:
    heads, deprels = [1, 1, 3, 1], ["nsubj", "root", "det", "obj"]
    keys = path_keys(heads, deprels, 1)
    assert keys[0] == "/nsubj"
    assert keys[2] == "/obj_det"
    assert back_off(keys[2]) == "0>2"
    assert distance_bucket(-1) == 5


@given(st.lists(st.integers(0, 9), min_size=10, max_size=10))
def test_paths_end_even_on_heads_that_form_a_cycle(heads: list[int]) -> None:
    assert len(path_keys(heads, ["dep"] * 10, 3)) == 10


@given(st.integers(1, 30000))
def test_sections_cover_the_page(n: int) -> None:
    layout = lay_out(make_article(""))
    layout.words.extend(["x"] * n)
    layout.forced.extend([True] + [False] * (n - 1))
    layout.spaces.extend([1] * n)
    sections = plan_sections(layout)
    assert [i for a, b in sections for i in (a, b)][:: 2 * len(sections)] == [0]
    assert all(b == c for (_, b), (c, _) in pairwise(sections))
    assert sections[-1][1] == n
