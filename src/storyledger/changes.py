"""What changed between two ledgers of a story, in a reporter's words.

Entries of the two are matched by what they rest on (page and place, words, who), never by ids: an id changes with the
page, a telling does not. Invariant: every line names a page or an entry of one of the two; nothing is judged anew.
This module must not know the ledger file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from storyledger.types import Actor, Article, Comparison, Event, Figure, Omission, Side, Statement, Story

LINES_AT_MOST = 40  # of one heading; the rest is counted
WORDS_CHARS = 120
NOTHING_CHANGED = "nothing changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One line under its heading."""

    heading: str
    line: str


def iter_changes(old: Story, new: Story) -> Iterator[Change]:
    """Yield what is new, gone or otherwise in ``new``, section by section, in the order of the stories."""
    yield from _pages(old, new)
    yield from _actors(old, new)
    before, after = _Names(old), _Names(new)
    for heading, section, key, tell in _SECTIONS:
        yield from _compare(heading, getattr(old, section), getattr(new, section), key, tell, (before, after))


class _Names:
    """What the ids of one story are called."""

    def __init__(self, story: Story) -> None:
        self.pages = {a.id: a.path + (f" [{a.record}]" if a.record else "") for a in story.documents}
        self.outlets = {a.id: a.outlet or a.path for a in story.documents}
        self.actors = {a.id: a.name for a in story.actors}


def _pages(old: Story, new: Story) -> Iterator[Change]:
    before = {(a.path, a.record): a for a in old.documents}
    after = {(a.path, a.record): a for a in new.documents}
    for key, article in after.items():
        name = f"{article.outlet or article.path}: {_words(article.title or article.path)}"
        if key not in before:
            yield Change("Pages", f"new: {name}, {article.published or 'undated'} ({article.path})")
        elif told := _page_changes(before[key], article):
            yield Change("Pages", f"{name} ({article.path}): {'; '.join(told)}")
    for key, article in before.items():
        if key not in after:
            yield Change(
                "Pages", f"gone: {article.outlet or article.path}: {_words(article.title or '')} ({article.path})"
            )


def _page_changes(old: Article, new: Article) -> list[str]:
    told = [
        f"{what} was {getattr(old, field) or 'unknown'}, is {getattr(new, field) or 'unknown'}"
        for field, what in (("published", "date"), ("outlet", "outlet"), ("title", "title"))
        if getattr(old, field) != getattr(new, field)
    ]
    if old.sha256 != new.sha256:
        told.insert(0, "the page itself is another")
    elif old.text != new.text:
        told.append(f"its text was {len(old.text.split())} words, is {len(new.text.split())}")
    return told


# ------------------------------------------------------------------ actors


def _actors(old: Story, new: Story) -> Iterator[Change]:
    """Follow mentions: where one actor's went, and where another's came from."""
    owner_before, owner_after = _owners(old), _owners(new)
    pages = {a.id: a.sha256 for story in (old, new) for a in story.documents}
    names_before = {a.id: a.name for a in old.actors}
    names_after = {a.id: a.name for a in new.actors}
    for actor in new.actors:
        origins = _count(owner_before.get(spot) for spot in _spots(actor, pages))
        if not origins:
            yield Change(
                "Actors", f"new: {actor.name} ({actor.type.replace('_', ' ')}), {len(actor.mentions)} mentions"
            )
            continue
        main = names_before[max(origins, key=lambda i: (origins[i], i))]
        others = sorted({names_before[i] for i in origins} - {main})
        if main != actor.name:
            yield Change("Actors", f"{main} is called {actor.name} now")
        if others:
            yield Change("Actors", f"{actor.name} is one now with {', '.join(others)}")
    for actor in old.actors:
        heirs = {names_after[i] for i in _count(owner_after.get(s) for s in _spots(actor, pages))}
        if not heirs:
            yield Change("Actors", f"gone: {actor.name}")
        elif len(heirs) > 1:
            yield Change("Actors", f"{actor.name} is now {' and '.join(sorted(heirs))}")


def _spots(actor: Actor, pages: dict[str, str]) -> list[tuple[str, int, int]]:
    return [(pages.get(m.document, ""), m.start, m.end) for m in actor.mentions] or [(actor.name, 0, 0)]


def _owners(story: Story) -> dict[tuple[str, int, int], str]:
    pages = {a.id: a.sha256 for a in story.documents}
    return {spot: actor.id for actor in story.actors for spot in _spots(actor, pages)}


def _count(idents: Iterable[str | None]) -> Counter[str]:
    return Counter(ident for ident in idents if ident is not None)


# ------------------------------------------------------------------ what is told

Key = Callable[[Any, _Names], Any]
Tell = Callable[[Any, _Names], str]


def _compare(
    heading: str, old: Iterable[Any], new: Iterable[Any], key: Key, tell: Tell, names: tuple[_Names, _Names]
) -> Iterator[Change]:
    before, after = _tell_all(old, key, tell, names[0]), _tell_all(new, key, tell, names[1])
    for ident, line in after.items():
        if ident not in before:
            yield Change(heading, f"new: {line}")
        elif before[ident] != line:
            yield Change(heading, f"was: {before[ident]}; is: {line}")
    for ident, line in before.items():
        if ident not in after:
            yield Change(heading, f"gone: {line}")


def _tell_all(entries: Iterable[Any], key: Key, tell: Tell, names: _Names) -> dict[Any, str]:
    """Return what each entry tells, by its key and its number among those of that key."""
    told: dict[Any, str] = {}
    seen: Counter[Any] = Counter()
    for entry in entries:
        ident = key(entry, names)
        told[ident, seen[ident]] = tell(entry, names)
        seen[ident] += 1
    return told


def _words(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= WORDS_CHARS else flat[: WORDS_CHARS - 1] + "…"


def _spot(evidence: Any, names: _Names) -> tuple[str, str]:
    return names.pages.get(evidence.document, ""), " ".join(evidence.text.split())


def _tell_statement(s: Statement, names: _Names) -> str:
    who = names.actors.get(s.speaker.actor or "", "") or s.speaker.text or "someone"
    verb = "denied" if s.polarity == "denied" else "said"
    return f"{who} {verb}: {_words(s.content.text)} ({names.outlets.get(s.content.document, '')})"


def _tell_event(e: Event, names: _Names) -> str:
    when = (e.when.earliest or e.when.latest if e.when else None) or "undated"
    who = ", ".join(sorted(names.actors.get(p.actor, "?") for p in e.participants))
    return f"{when}: {_words(e.summary)} [{e.status.replace('_', ' ')}]" + (f" ({who})" if who else "")


def _tell_figure(f: Figure, names: _Names) -> str:
    value = f"{f.value:,.10g}" if f.value is not None else f"{f.low or 0:,.10g} to {f.high or 0:,.10g}"
    return f"{value} {f.unit}: {_words(f.about)} ({names.outlets.get(f.evidence.document, '')})"


def _tell_comparison(c: Comparison, names: _Names) -> str:
    return f"{c.kind.replace('_', ' ')} about {_words(c.about)}: {'; '.join(_tell_side(s, names) for s in c.sides)}"


def _tell_side(side: Side, names: _Names) -> str:
    outlets = dict.fromkeys(names.outlets.get(e.document, "") for e in side.evidence)
    words = side.position or (side.evidence[0].text if side.evidence else "")
    return f"{_words(words)} ({', '.join(outlets)})"


def _tell_omission(o: Omission, names: _Names) -> str:
    left = ", ".join(sorted(names.outlets.get(i, "") for i in o.omitted_by))
    return f"{left} leave out {_words(o.about)}"


def _event_key(e: Event, names: _Names) -> Any:
    return _spot(e.mentions[0], names) if e.mentions else e.summary


def _comparison_key(c: Comparison, names: _Names) -> Any:
    return c.kind, frozenset(_spot(e, names) for s in c.sides for e in s.evidence)


_SECTIONS: tuple[tuple[str, str, Key, Tell], ...] = (
    ("Statements", "statements", lambda s, n: _spot(s.content, n), _tell_statement),
    ("Events", "events", _event_key, _tell_event),
    ("Numbers", "figures", lambda f, n: _spot(f.evidence, n), _tell_figure),
    ("Where accounts differ or agree", "comparisons", _comparison_key, _tell_comparison),
    ("Left out", "omissions", lambda o, _: o.about, _tell_omission),
)


def describe_changes(old: Story, new: Story, most: int = LINES_AT_MOST) -> Iterator[str]:
    """Yield the lines of ``iter_changes`` under their headings; at ``most`` so many each, the rest counted."""
    by_heading: dict[str, list[str]] = {}
    for change in iter_changes(old, new):
        by_heading.setdefault(change.heading, []).append(change.line)
    if not by_heading:
        yield NOTHING_CHANGED
    for heading, lines in by_heading.items():
        yield f"{heading} ({len(lines)})"
        yield from (f"  {line}" for line in lines[:most])
        if len(lines) > most:
            yield f"  … and {len(lines) - most} more"
