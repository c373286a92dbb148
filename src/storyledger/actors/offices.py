"""Which words are an office and no name, and where an office ends and its holder's name begins.

A network that sees capitals takes "Chad Amadou Deren" for one name and "House Speaker" for a body. Invariant: what is
cut stands before the name, never inside it. This module must not know what becomes of a name.
"""

from __future__ import annotations

import re

from storyledger.actors.lexicon import load_given_names, load_lexicon
from storyledger.actors.names import cut_titles, split_words
from storyledger.nations import find_country

LONGEST_POST = 4  # words: "Deputy House Minority Leader"; longer ones are newspapers and halls
BEFORE_CHARS = 80
# "minister of", "Minister of Public Works and", "ambassador to the", right before a name
_HOLDS = re.compile(
    r"\b([\w-]+)\s+(?:of|for|to)\s+(?:the\s+)?(?:[A-Z][\w.&-]*\s+(?:(?:and|of|for)\s+(?:the\s+)?)?){0,5}$"
)
# the same as the whole of what stands before a name in a description: the office in "front", its noun last
_FRONT = re.compile(
    r"(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)\s+)?(?P<office>(?:[\w.’'-]+\s+){0,4}?(?P<noun>[\w-]+))"
    r"\s+(?:of|for|to)\s+(?:the\s+)?[A-Z][\w.&-]*(?:\s+(?:(?:and|of|for)\s+(?:the\s+)?)?[A-Z][\w.&-]*)*\s+"
)
STYLED = re.compile(r"\b(?:His|Her|Their|Your)\s+$", re.IGNORECASE)
OFFICE_END = re.compile(
    r"(?<=[\w.])\s+(?:C[EFO]O|Chief (?:Executive|Operating|Financial)(?: Officer)?|"
    r"(?:Vice[- ])?(?:President|Chair(?:man|woman))|Spokes(?:man|woman|person))$"
)


def is_post(text: str) -> bool:
    """Tell whether what looks like a body's name is a post ("House Speaker", "U.N. Secretary-General")."""
    words = split_words(text)
    if not 1 < len(words) <= LONGEST_POST or "of" in words or text.isupper():
        return False
    posts = load_lexicon().posts
    last, before = words[-1].split("-")[-1], words[-1].split("-")[:-1] or [words[-2]]
    return last in posts or (last == "general" and before[-1] in load_lexicon().generals)


def measure_place(text: str, before: str) -> int:
    """Return how many characters of a person's name are what the office before it is held in; 0 where none are.

    ``before``: what stands in front of the name.
    """
    held = _HOLDS.search(before[-BEFORE_CHARS:])
    starts = [m.start() for m in re.finditer(r"\S+", text)]
    if held is None or not is_office_head(held[1]) or len(starts) < 2:
        return 0
    words = [w.strip(".,").lower() for w in text.split()]
    for n in range(len(starts) - 1, 0, -1):
        if find_country(text[: starts[n]].strip()) is not None:
            return starts[n]
    if words[0] in load_lexicon().portfolios and words[1] not in {"and", "of", "for"}:
        return starts[1]
    given = load_given_names()
    if words[0] in given:
        return 0
    return next((starts[n] for n in range(1, len(starts) - 1) if words[n] in given), 0)


def find_office(text: str) -> tuple[int, int] | None:
    """Return where the office stands in what comes before a name: "President" of "the President of Chad ".

    None where the rest is more than an office and what it is held in: another title behind it is of the name.
    """
    front = _FRONT.fullmatch(text)
    if front is None or not is_office_head(front["noun"]):
        return None
    last = split_words(text)[-1:]
    titled = last and last[0] in load_lexicon().titles and last[0] not in load_lexicon().portfolios
    return None if titled else front.span("office")


def is_office_head(word: str) -> bool:
    """Tell whether a noun is an office that somebody holds: no kin, no friends, none who speak for another."""
    lexicon, bare = load_lexicon(), word.lower().split("-")[-1]
    return bare in lexicon.posts | lexicon.titles and bare not in lexicon.whose


def is_style(text: str) -> bool:
    """Tell whether what looks like a name is how a sovereign or a judge is addressed ("Majesty")."""
    words = split_words(text)
    return bool(words) and words[-1] in load_lexicon().styles


def is_office(text: str) -> bool:
    """Tell whether what looks like a name is an office or the rest of one ("Undersecretary of Trade", "of Trade")."""
    words = split_words(text)
    if "of" not in words[:3] or text.isupper():
        return False
    at = words.index("of")
    return at == 0 or load_lexicon().head_types.get(words[at - 1]) == "person"


def is_bare_title(text: str) -> bool:
    """Tell whether what looks like a person's name is a title without a name ("Prime Minister")."""
    words = split_words(text)
    return len(words) > 1 and words in load_lexicon().stripped_titles


def measure_office_end(text: str) -> int:
    """Return how many characters of office stand behind a body's name ("Trade Department Spokeswoman")."""
    if office := OFFICE_END.search(text):
        return len(office.group())
    words = split_words(text)
    if len(words) < 3 or words[-2] not in load_lexicon().kinds:
        return 0
    tail = re.search(r"\s+\S+$", text)
    return len(tail.group()) if tail and load_lexicon().head_types.get(words[-1]) == "person" else 0


def measure_title(text: str) -> int:
    """Return how many characters of title stand in front of a name."""
    words = split_words(text)
    at = 0
    for _ in range(len(words) - len(cut_titles(words))):
        step = re.match(r"\S+\s+", text[at:])
        at += step.end() if step else 0
    return at
