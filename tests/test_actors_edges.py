"""What a reader of the cast would see cut off or left on at the edges of a name."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyledger.actors.edges import mend_edges


@dataclass
class Spelt:
    """A name as the tags spell it."""

    start: int
    end: int
    type: str | None = "organisation"
    kind: str = "name"


def mend(marked: str, kind: str = "organisation") -> list[str]:
    """Return the mended names of a text in which names stand in square brackets."""
    text, names, opened = "", [], 0
    for char in marked:
        if char == "[":
            opened = len(text)
        elif char == "]":
            names.append(Spelt(opened, len(text), kind))
        else:
            text += char
    return [text[n.start : n.end] for n in mend_edges(text, names)]


@pytest.mark.parametrize(
    ("marked", "found"),
    [
        ("[Tendai] “[Hondo]” [Mushani] left.", ["Tendai “Hondo” Mushani"]),
        ("[Tendai “Hondo]” [Mushani] left.", ["Tendai “Hondo” Mushani"]),
        ("[Tendai] “is late”, said [Mushani].", ["Tendai", "Mushani"]),
        ("[Barnaby Joye MP] left.", ["Barnaby Joye"]),
        ("[Hwang Bok]-soon read.", ["Hwang Bok-soon"]),
        ("[Hwang Bok-]soon read.", ["Hwang Bok-soon"]),
        ("a [Dana Wolfe]-era law", ["Dana Wolfe"]),
        ("the [Dana Wolfe]-appointed judge", ["Dana Wolfe"]),
    ],
)
def test_a_persons_name_is_whole_and_has_nothing_behind_it(marked, found):
    assert mend(marked, "person") == found


@pytest.mark.parametrize(
    ("marked", "found"),
    [
        ("the [House Committee] on [Foreign Affairs] met", ["House Committee on Foreign Affairs"]),
        ("the Council on [Environmental Quality] met", ["Council on Environmental Quality"]),
        ("He called on [Norway] to go.", ["Norway"]),
        ("[U.S. Defense] Secretary Paul Harnett", ["U.S."]),
        ("[Transport] Secretary Paul Harnett", []),
        ("[Transport] for the North", ["Transport"]),
        ("[Soyuz TMA-]15 rose", ["Soyuz TMA-15"]),
        ("the [Illinois-]based firm", ["Illinois"]),
        ("on [Livedeal.]com yesterday", ["Livedeal.com"]),
        ("It was [Livedeal]. Nobody knew.", ["Livedeal"]),
        ("at 2 pm [EDT] on Friday", []),
        ("the [EST] clinic", ["EST"]),
    ],
)
def test_a_bodys_name_is_whole_and_has_nothing_behind_it(marked, found):
    assert mend(marked) == found


def test_a_town_keeps_the_state_that_is_told_by_its_initials():
    assert mend("in [Port Ellis], [N.W.] on Friday", "place") == ["Port Ellis, N.W."]


@given(st.text('aB “”"-.,on()MP', max_size=60), st.lists(st.integers(0, 60), max_size=8))
def test_mended_names_are_ranges_of_the_text_that_do_not_overlap(text, cuts):
    edges = sorted({c for c in cuts if c <= len(text)})
    names = [Spelt(a, b, "person" if a % 2 else None) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    found = mend_edges(text, names)
    assert all(0 <= n.start < n.end <= len(text) for n in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
