"""Did it happen: what the words around a predicate make of what it tells.

Cues are rows of ``factuality.toml``, in the manner of ConText: a cue, where it stands from the predicate, what it makes
of it, an example. A predicate takes over what stands over it where it shares its verb's mood ("did not manage to
reach", "will advance and seize"). Invariant: the answer names the rows that gave it. This module must not know who
speaks, nor what kind of event it is.
Source: Harkema et al. 2009 (ConText); Saurí & Pustejovsky 2009 (factuality of events).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from storyledger.language.lexicon import load_table
from storyledger.language.parse import Parse
from storyledger.language.patterns import Pattern, iter_matches, load_patterns

Value = Literal[
    "asserted", "negated", "possible", "future", "conditional", "asked", "counterfactual", "reported", "failed"
]
FLIPS = frozenset({"negated", "failed"})
MOST_CLIMBS = 6  # verbs over one another that share a mood; deeper is a broken tree


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: what it makes of the predicate, the row that knows it, the token it stands at."""

    value: Value
    row: str
    token: int


@dataclass(frozen=True, slots=True)
class Factuality:
    """What a predicate's cues make of it: the strongest ``value``, and all ``cues``, the nearest first.

    ``reported`` is a value only where nothing stronger speaks; ask ``values`` whether it is reported as well.
    """

    value: Value
    cues: tuple[Cue, ...]

    @property
    def values(self) -> frozenset[Value]:
        """All values that some cue gives."""
        return frozenset(c.value for c in self.cues)

    @property
    def happened(self) -> bool:
        """Whether it is told as something that happened, by whomever."""
        return self.value in {"asserted", "reported"}


def factuality(parse: Parse, predicate: int) -> Factuality:
    """Return what the words around the token ``predicate`` make of what it tells."""
    cues = tuple(_iter_cues(parse, predicate))
    values = {c.value for c in cues}
    if sum(c.value in FLIPS for c in cues) % 2 == 0:  # "did not fail to": it was done
        values -= FLIPS
    return Factuality(next((v for v in load_order() if v in values), "asserted"), cues)


@cache
def load_order() -> Sequence[Value]:
    """Return the values from the strongest to the weakest."""
    return tuple(cast("list[Value]", load_table(__package__, "factuality.toml")["order"]))


def load_cues() -> tuple[Pattern, ...]:
    """Return the rows of cues."""
    return load_patterns(__package__, "factuality.toml", "cue")


def load_climbs() -> tuple[Pattern, ...]:
    """Return the rows by which a predicate shares the factuality of what governs it."""
    return load_patterns(__package__, "factuality.toml", "climb")


def _iter_cues(parse: Parse, predicate: int) -> Iterator[Cue]:
    token: int | None = predicate
    for _ in range(MOST_CLIMBS):
        if token is None:
            return
        once: dict[Value, Cue] = {}  # one negation may fit two rows; counted twice it would cancel itself
        for match in iter_matches(load_cues(), parse, token):
            value = match.pattern.row["value"]
            once.setdefault(value, Cue(value, match.pattern.name, match.cue))
        yield from once.values()
        token = _find_governor(parse, token)


def _find_governor(parse: Parse, token: int) -> int | None:
    return next((m.kept["governor"] for m in iter_matches(load_climbs(), parse, token)), None)
