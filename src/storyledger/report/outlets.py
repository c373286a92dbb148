"""By source: what each outlet tells alone, what it leaves out, its words beside others', what it copied from whom.

Invariant: an outlet has left something out only where the ledger says that it could have known. This module must not
know HTML.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from storyledger.report.lookup import Lookup
from storyledger.report.sentences import Line, Sentences
from storyledger.report.telling import Pool, Teller
from storyledger.types import Article, Comparison, Evidence, Omission

ALONE_BELOW = 0.4  # of a sentence's words, by their rarity, in any sentence of another origin
ALONE_WORTH = 0.8  # of a sentence: less is a scene, or a page's own business
LEFT_OUT_FROM = 0.5
FRAMED_FROM = 0.5  # below, half of what was read was a plain word with a hard sense


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A fact that an outlet's pages leave out, in the words of the first page that tells it."""

    anchor: str
    omission: Omission
    line: Line | None


@dataclass(frozen=True, slots=True)
class Framed:
    """An outlet's loaded words for something, and what another outlet says instead."""

    comparison: Comparison
    anchor: str
    own: Evidence
    other: Evidence | None


@dataclass(slots=True)
class Desk:
    """An outlet with its pages."""

    name: str
    pages: list[Article]
    alone: list[Line] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    framed: list[Framed] = field(default_factory=list)

    def group_pages(self, after: int) -> list[tuple[str, list[tuple[str, Article]]]]:
        """Return the pages after the first ``after`` by month ("2021-03"), each with its day; "" where it has none."""
        months: dict[str, list[tuple[str, Article]]] = {}
        for article in self.pages[after:]:
            day = article.published or ""
            months.setdefault(day[:7] if len(day) == 10 else "", []).append((day[8:10].lstrip("0"), article))
        return list(months.items())


class Desks:
    """Reads each outlet beside the others."""

    def __init__(self, lookup: Lookup, sentences: Sentences, teller: Teller) -> None:
        """Gather the pages by outlet."""
        self._lookup, self._sentences, self._teller = lookup, sentences, teller

    def read(self, outlets: int, most: int, told: set[tuple[str, int]]) -> list[Desk]:
        """Return the outlets, the one with most pages first; ``outlets`` of them with ``most`` rows of a kind."""
        desks: dict[str, Desk] = {}
        for article in sorted(self._lookup.story.documents, key=lambda a: (self._lookup.date(a.id) or "9", a.path)):
            name = self._lookup.outlet(article.id)
            desks.setdefault(name, Desk(name, [])).pages.append(article)
        pool = self._teller.pool([a.id for a in self._lookup.story.documents if a.in_story])
        ranked = sorted(desks.values(), key=lambda d: (-sum(a.in_story for a in d.pages), d.name))
        left = set(told)
        for desk in ranked[:outlets]:
            desk.alone = self._find_alone(desk, pool, most, left) if len(desks) > 1 else []
            desk.left_out = self._find_left_out(desk)[:most]
            desk.framed = self._find_framed(desk)[:most]
        return ranked

    def _find_alone(self, desk: Desk, pool: Pool, most: int, left: set[tuple[str, int]]) -> list[Line]:
        """Return the weightiest sentences of the outlet that no other origin tells in like words."""
        origins = {self._lookup.origin(a.id) for a in desk.pages}
        own = [s for s in pool.rows if self._lookup.outlet(s.document) == desk.name]
        own = [s for s in own if (s.document, s.start) not in left]
        own = [s for s in own if s.kind == "paragraph" and pool.worth[s] >= ALONE_WORTH]  # a deck teases
        own.sort(key=lambda s: (-pool.worth[s], s.document, s.start))
        others = [s for s in pool.rows if self._lookup.origin(s.document) not in origins]
        chosen: list[Line] = []
        for sentence in own[: 6 * most]:
            if len(chosen) < most and all(self._teller.alike(sentence, o, pool) < ALONE_BELOW for o in others):
                chosen.append(self._sentences.line(sentence))
                left.add((sentence.document, sentence.start))
        return chosen

    def _find_left_out(self, desk: Desk) -> list[LeftOut]:
        """Return what the ledger says that pages of the outlet leave out, and no page of it tells."""
        own = {a.id for a in desk.pages}
        rows = []
        for number, omission in enumerate(self._lookup.story.omissions, 1):
            silent = own & set(omission.omitted_by) and not own & set(omission.reported_by)
            if omission.confidence < LEFT_OUT_FROM or not silent:
                continue
            lines = [ln for e in omission.evidence if (ln := self._sentences.line_at(e))]
            line = next((ln for ln in lines if ln.fit), lines[0] if lines else None)
            rows.append(LeftOut(f"o{number}", omission, line))
        return sorted(rows, key=lambda r: (-len(r.omission.reported_by), r.anchor))

    def _find_framed(self, desk: Desk) -> list[Framed]:
        own = {a.id for a in desk.pages}
        rows = []
        for comparison in self._lookup.story.comparisons:
            if comparison.kind != "framing" or comparison.confidence < FRAMED_FROM:
                continue
            sides = [(side.position.startswith("“"), e) for side in comparison.sides for e in side.evidence]
            loaded = [e for judging, e in sides if judging and e.document in own]
            plain = [e for judging, e in sides if not judging and e.document not in own]
            if loaded:
                anchor = self._lookup.anchor("c", comparison.id)
                rows.append(Framed(comparison, anchor, loaded[0], plain[0] if plain else None))
        return rows
