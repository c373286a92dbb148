"""Whether it happened: every row of the table finds its own example, on the real reader's trees."""

from __future__ import annotations

from functools import cache

import pytest

from storyledger.language import Parse, factuality
from storyledger.language.factuality import load_climbs, load_cues
from storyledger.language.patterns import Pattern, compile_pattern, strip_example
from storyledger.reading import load_reader as load
from storyledger.types import Article, Block

load_reader = cache(load)
ROWS = (*load_cues(), *load_climbs())


@cache
def read_marked(sentence: str) -> tuple[Parse, int]:
    text, at = strip_example(sentence)
    assert at is not None
    article = Article("article:one", "p", None, "utf-8", "0", text, (), (Block(0, len(text), "paragraph"),))
    parse = Parse(article, load_reader().read(article))
    return parse, parse.token_at(at)


def anchor_of(row: Pattern) -> tuple[Parse, int]:
    return read_marked(row.row["example"])


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.name)
def test_every_row_finds_its_own_example(row: Pattern) -> None:
    assert row.match(*anchor_of(row)) is not None


@pytest.mark.parametrize("row", load_cues(), ids=lambda r: r.name)
def test_an_example_has_the_value_of_its_row(row: Pattern) -> None:
    assert row.row["value"] in factuality(*anchor_of(row)).values


def test_a_row_without_an_example_does_not_load() -> None:
    with pytest.raises(ValueError, match="lacks example"):
        compile_pattern({"name": "bare", "pattern": ">aux"}, {})


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("The army [entered] the town.", "asserted"),
        ("She did not fail to [pay] the rent.", "asserted"),
        ("The firm did not plan to [close] the mine.", "negated"),
        ("The captain said the ship would [sail].", "future"),
        ("The parties will meet and [sign] the accord.", "future"),
        ("The government refused to [release] the report.", "failed"),
    ],
)
def test_cues_over_one_another_count_together(sentence: str, value: str) -> None:
    assert factuality(*read_marked(sentence)).value == value
