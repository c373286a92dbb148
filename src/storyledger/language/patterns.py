"""Tree patterns as rows of data: a name, a small pattern over the tree, an example that runs as its test.

A pattern is conditions between ";", all of which must hold at its anchor, a token::

    upos=VERB ; >mark word=to ; <xcomp @planning ; !>nsubj

Each condition begins at the anchor and walks: ``>nsubj|csubj`` down to a child by one of the relations ("nsubj" stands
for its subtypes too), ``<xcomp`` up to the head by the token's own relation, ``>>`` and ``<<`` any number of steps (one
at least), ``>`` and ``<`` alone by any relation. Behind each step stand tests of the token reached: ``word=a|b``,
``lemma=a|b``, ``upos=NOUN|PROPN``, ``rel=root``, ``@list`` (its word or lemma is in a list of the file's ``[lists]``),
``before`` and ``after`` (where it stands from the anchor), ``bare`` (its form is its lemma), ``!`` before a test denies
it, ``$name`` keeps the token under a name.
``!`` before a condition demands that it holds nowhere.

A row is a table ``name``, ``pattern``, ``example`` (the anchor's words in [brackets]) and what else its user needs.
Invariant: a row without an example does not load. Rows name themselves in what they decide.
Source: Semgrex (Chambers et al. 2007) for the walk; PredPatt (White et al. 2016) for rules that name themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from storyledger.language.lexicon import load_table, split_list
from storyledger.language.parse import DEEPEST, Parse

Test = Callable[[Parse, int, int], bool]  # (parse, token, anchor)
STEP = re.compile(r"(?P<way><<|>>|<|>)(?P<relations>[\w:|]*)")
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a walk: its way, its relations (none: any), tests of the token reached, the name it is kept by."""

    way: str
    relations: frozenset[str]
    tests: tuple[Test, ...]
    keep: str | None


@dataclass(frozen=True, slots=True)
class Condition:
    """A walk from the anchor that must (``wanted``) or must not lead anywhere."""

    steps: tuple[Step, ...]
    wanted: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """A row: its name, what its file says of it (``row``), and its conditions."""

    name: str
    row: Mapping[str, Any] = field(hash=False)
    conditions: tuple[Condition, ...] = field(hash=False)
    needs_over: tuple[frozenset[str], ...] = ()  # of each set the anchor's own relation must be one
    needs_under: tuple[frozenset[str], ...] = ()  # of each set a child's relation must be one

    def match(self, parse: Parse, anchor: int) -> Match | None:
        """Return what the pattern finds at ``anchor``, None where a condition does not hold."""
        kept: dict[str, int] = {}
        last = anchor
        for condition in self.conditions:
            found = _walk(parse, anchor, condition.steps, 0, anchor)
            if (found is None) == condition.wanted:
                return None
            if found is not None and condition.wanted:
                last, names = found
                kept |= names
        return Match(self, anchor, last, kept)


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern holds: its anchor, the token that its last condition ended at, and the tokens kept by name."""

    pattern: Pattern
    anchor: int
    cue: int
    kept: Mapping[str, int]


def iter_matches(patterns: Iterable[Pattern], parse: Parse, anchor: int) -> Iterator[Match]:
    """Yield what each of ``patterns`` finds at ``anchor``, in their order.

    Most patterns ask for a relation that the anchor has not; those are passed by without a walk.
    """
    over = {parse.relations[anchor], parse.bases[anchor]}
    under = {r for c in parse.children[anchor] for r in (parse.relations[c], parse.bases[c])}
    for pattern in patterns:
        if all(over & n for n in pattern.needs_over) and all(under & n for n in pattern.needs_under):
            match = pattern.match(parse, anchor)
            if match is not None:
                yield match


@cache
def load_patterns(package: str, name: str, key: str = "pattern") -> tuple[Pattern, ...]:
    """Return the rows ``[[key]]`` of a lexicon as patterns, in the file's order; their lists stand in ``[lists]``.

    Raises:
        ValueError: a row lacks its name, pattern or example, or its pattern cannot be read.
    """
    table = load_table(package, name)
    lists = {word: split_list(value) for word, value in table.get("lists", {}).items()}
    return tuple(compile_pattern(row, lists) for row in table[key])


def compile_pattern(row: Mapping[str, Any], lists: Mapping[str, frozenset[str]]) -> Pattern:
    """Return a row as a pattern.

    Raises:
        ValueError: as ``load_patterns``.
    """
    missing = {"name", "pattern", "example"} - set(row)
    if missing:
        raise ValueError(f"pattern {row.get('name', row)!r} lacks {', '.join(sorted(missing))}")
    parts = (part.strip() for part in row["pattern"].split(";"))
    conditions = tuple(_read_condition(p, lists) for p in parts if p)
    firsts = [c.steps[0] if c.steps[0].way != "." else c.steps[1] for c in conditions if c.wanted and _walks(c)]
    over = tuple(s.relations for s in firsts if s.way == "<" and s.relations)
    under = tuple(s.relations for s in firsts if s.way == ">" and s.relations)
    return Pattern(row["name"], MappingProxyType(dict(row)), conditions, over, under)


def _walks(condition: Condition) -> bool:
    return len(condition.steps) > 1 or condition.steps[0].way != "."


def strip_example(example: str) -> tuple[str, int | None]:
    """Return an example without its brackets, and the position of the anchor that they hold."""
    at = example.find("[")
    return example.replace("[", "").replace("]", ""), at if at >= 0 else None


def _read_condition(text: str, lists: Mapping[str, frozenset[str]]) -> Condition:
    wanted = not text.startswith("!")
    steps: list[Step] = []
    way, relations, tests, keep = ".", frozenset[str](), list[Test](), None
    for word in (text if wanted else text[1:]).split():
        step = STEP.fullmatch(word)
        if step is None:
            keep = word[1:] if word.startswith("$") else keep
            tests += [] if word.startswith("$") else [_read_test(word, lists)]
            continue
        if way != "." or tests:
            steps.append(Step(way, relations, tuple(tests), keep))
        way, tests, keep = step["way"], [], None
        relations = frozenset(filter(None, step["relations"].split("|")))
    return Condition((*steps, Step(way, relations, tuple(tests), keep)), wanted)


def _read_test(word: str, lists: Mapping[str, frozenset[str]]) -> Test:
    if word.startswith("!"):
        denied = _read_test(word[1:], lists)
        return lambda parse, token, anchor: not denied(parse, token, anchor)
    if word == "before":
        return lambda _, token, anchor: token < anchor
    if word == "after":
        return lambda _, token, anchor: token > anchor
    if word == "bare":
        return lambda parse, token, _: parse.words[token] == parse.lemmas[token]
    if word.startswith("@"):
        listed = lists[word[1:]]
        return lambda parse, token, _: parse.words[token] in listed or parse.lemmas[token] in listed
    name, _, values = word.partition("=")
    wanted = frozenset(values.split("|"))
    if name not in VALUES or not values:
        raise ValueError(f"{word!r} is no test")
    read = VALUES[name]
    return lambda parse, token, _: read(parse, token) in wanted


VALUES: Mapping[str, Callable[[Parse, int], str]] = {
    "word": lambda parse, token: parse.words[token],
    "lemma": lambda parse, token: parse.lemmas[token],
    "upos": lambda parse, token: parse.upos[token],
    "rel": lambda parse, token: parse.bases[token],
}


def _walk(parse: Parse, token: int, steps: tuple[Step, ...], at: int, anchor: int) -> tuple[int, dict[str, int]] | None:
    """Return where the walk first ends, children in text order, and the tokens kept; None where it leads nowhere."""
    if at == len(steps):
        return token, {}
    step = steps[at]
    for reached in _reach(parse, token, step):
        if all(test(parse, reached, anchor) for test in step.tests):
            found = _walk(parse, reached, steps, at + 1, anchor)
            if found is not None:
                return (found[0], {step.keep: reached, **found[1]}) if step.keep else found
    return None


def _reach(parse: Parse, token: int, step: Step) -> Iterable[int]:
    if step.way == ".":
        return (token,)
    if step.way.startswith("<"):
        return _climb(parse, token, step.relations, 1 if step.way == "<" else DEEPEST)
    return _descend(parse, token, step.relations, deep=step.way == ">>")


def _climb(parse: Parse, token: int, relations: frozenset[str], most: int) -> Iterator[int]:
    for _ in range(most):
        head = parse.heads[token]
        if head == token or (relations and not parse.is_one(token, relations)):
            return
        yield head
        token = head


def _descend(parse: Parse, token: int, relations: frozenset[str], *, deep: bool) -> Iterable[int]:
    if deep:
        return [t for t in parse.subtree(token) if t != token and (not relations or parse.is_one(t, relations))]
    return [c for c in parse.children[token] if not relations or parse.is_one(c, relations)]
