"""The second network's tags: what rooms may rely on."""

from __future__ import annotations

import numpy as np
import pytest

from storyledger import api
from storyledger.language.tags import HEADS, WIDTH, pack_tags, read_tags, unpack_tags
from storyledger.reading import Reader, load_reader
from storyledger.types import Reading

SAID = "The dredger's owner said on Monday that the harbour lights had failed twice in a week.\n\nHundreds marched in protest."


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


def test_every_token_has_a_probability_for_every_label(reader: Reader) -> None:
    reading = reader.read(api.text_article(SAID, "a"))
    tags = read_tags(reading)
    assert list(tags) == list(HEADS)
    for name, labels in HEADS.items():
        assert tags[name].shape == (len(reading.tokens), len(labels))
        if labels[0] == "O":
            assert np.allclose(tags[name].sum(1), 1, atol=0.03)


def test_source_cue_and_content_of_a_plain_report_are_told_apart(reader: Reader) -> None:
    reading = reader.read(api.text_article(SAID, "a"))
    tags, words = read_tags(reading), [SAID[t.start : t.end] for t in reading.tokens]
    inside = {name: [w for w, p in zip(words, tags[name][:, 0], strict=True) if p < 0.5] for name in HEADS}
    assert inside["cue"] == ["said"]
    assert "owner" in inside["source"]
    assert inside["content"][-5:] == ["failed", "twice", "in", "a", "week"]
    assert "marched" in inside["event"]
    assert "Monday" in inside["time"]


def test_packed_tags_come_back_within_a_step() -> None:
    table = np.random.default_rng(0).random((7, WIDTH)).astype(np.float32)
    assert np.abs(unpack_tags(pack_tags(table)) - table).max() <= 0.5 / 255 + 1e-6


def test_a_long_page_read_in_sections_has_tags_for_all_its_tokens(reader: Reader) -> None:
    reading = reader.read(api.text_article("\n\n".join([SAID] * 300), "long"))
    assert len(read_tags(reading)["content"]) == len(reading.tokens) > 6000


def test_a_reading_without_tags_tells_nothing() -> None:
    empty = Reading("a", (), (), (), (), ())
    assert {name: len(rows) for name, rows in read_tags(empty).items()} == dict.fromkeys(HEADS, 0)
