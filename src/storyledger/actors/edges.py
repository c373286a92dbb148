"""How far a spelt name reaches: nicknames inside it, hyphens, letters behind it, web addresses, committees "on".

The labels of single words stop at a quotation mark, a hyphen or a full stop. Invariant: what comes out are ranges of
the text that do not overlap where those that came in did not. This module must not know what a name is the name of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.names import split_words


class Named(Protocol):
    """A name with its place in the text and its type."""

    start: int
    end: int
    kind: str
    type: str | None


N = TypeVar("N", bound=Named)
CAPITAL = re.compile(r"[A-Z]\w*\b")
BEFORE_CHARS = 90
NICKNAME = re.compile(r"\s+[“\"‘'(]([^\W\d_][\w.’'-]*(?:\s[^\W\d_][\w.’'-]*)?)[”\"’')]\s+")
HYPHENED = re.compile(r"-([a-z]{2,6})\b")
NUMBERED = re.compile(r"-?([0-9A-Z]\w*)")
COMPOUNDED = frozenset({"era", "style", "like", "type", "wing", "side", "area", "wide", "led", "run", "held", "born"})
LETTERS = re.compile(r",?\s+(?:M\.?P|M\.?E\.?P|M\.?S\.?P|Q\.?C|K\.?C|Ph\.?D|M\.?D|[OCM]BE)\.?$")
ADDRESS = re.compile(r"\.?(?<=\.)(?:com|org|net|info|gov|edu|co|[a-z]{2})\b(?:\.[a-z]{2}\b)?")
STATE = re.compile(r",\s+(?:[A-Z]\.\s?){2}(?=[\s,;)]|$)")  # "Port Ellis, N.W."
ON = re.compile(r"((?:[A-Z][\w.’&-]*\s+)*([A-Z]\w+))\s+on(?:\s+the)?\s+$")
CLOCK = re.compile(r"(?:\d|[ap]\.?m\.?)\s*\(?$", re.IGNORECASE)
ZONE = re.compile(r"[A-Z]{1,2}[SD]?T|UTC|GMT")


def mend_edges(text: str, names: Sequence[N]) -> list[N]:
    """Return the names with their edges where a reader would put them, in text order."""
    mended: list[N] = []
    for name in sorted(names, key=lambda n: (n.start, -n.end)):
        low = mended[-1].end if mended else 0
        if name.start < low:  # taken in by the name before: a nickname's bearer, a state
            continue
        found = _mend_one(text, name, mended[-1].start if mended else 0) if name.kind == "name" else name
        bearer = next((n for n in mended[:-3:-1] if found is not None and _goes_on(text, n, found)), None)
        if found is not None and bearer is not None:
            bearer.end = found.end
            del mended[mended.index(bearer) + 1 :]  # the nickname, where it was a name of its own
        elif found is not None:
            if found.start < low:  # "Council | on | Environmental Quality"
                found.start = mended.pop().start
            mended.append(found)
    return mended


def _mend_one(text: str, name: N, low: int) -> N | None:
    if ZONE.fullmatch(text[name.start : name.end]) and CLOCK.search(text[max(0, name.start - 8) : name.start]):
        return None  # "2 pm EDT"
    start, end = name.start, name.end
    if name.type == "person":
        end = _close_hyphen(text, start, end)
        letters = LETTERS.search(text[start:end])
        end = start + letters.start() if letters and letters.start() else end
    else:
        end = _close_hyphen(text, start, end, whole=False)
        if (address := ADDRESS.match(text, end)) and text[end - 1 : end + 1].count(".") == 1:
            end = address.end()
        if name.type == "place" and (state := STATE.match(text, end)):
            end = state.end()
        end = _cut_portfolio(text, start, end)
        committee = ON.search(text[max(low, start - BEFORE_CHARS) : start])
        if committee and committee[2].lower() in load_lexicon().organs | load_lexicon().kinds:
            start -= len(committee[0])
    return replace(name, start=start, end=end) if start < end else None  # type: ignore[type-var]  # names are dataclasses: a Protocol cannot say so


def _close_hyphen(text: str, start: int, end: int, *, whole: bool = True) -> int:
    """Return where the name ends once its hyphened part is in ("Hwang Bok | -soon"); none ends with a hyphen."""
    bare = end - (text[end - 1] == "-" and end - start > 1)
    if bare < end and (number := NUMBERED.match(text, end)):
        return number.end()  # "TMA- | 15"
    part = HYPHENED.match(text, bare) if whole and " " in text[start:bare] else None
    if part is None or part[1] in COMPOUNDED or part[1].endswith(("ed", "ing")):
        return bare
    return part.end()


def _cut_portfolio(text: str, start: int, end: int) -> int:
    """Return where the name ends without what the post behind it is of: "U.S. | Defense Secretary"."""
    behind = CAPITAL.match(text, end + 1) if text[end : end + 1] == " " else None
    if behind is None or behind.group().lower() not in load_lexicon().posts:
        return end
    while (words := split_words(text[start:end])) and words[-1] in load_lexicon().portfolios:
        end = start + len(text[start:end].rsplit(maxsplit=1)[0]) if len(words) > 1 else start
    return end


def _goes_on(text: str, name: Named, behind: Named) -> bool:
    """Tell whether a nickname parts what is one name: "Tendai “Hondo” Mushani"; its first mark may be in the name."""
    both = name.kind == behind.kind == "name" and "person" in {name.type, behind.type} and name.end <= behind.start
    opened = max(text.rfind(mark, name.start, name.end) for mark in '“"‘(') if both else -1
    start = len(text[name.start : opened].rstrip()) + name.start if opened > name.start else name.end
    return both and NICKNAME.fullmatch(text, start, behind.start) is not None
