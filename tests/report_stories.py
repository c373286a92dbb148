"""Stories that the report's tests render: the ferry's gold, and one full of hostile text."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

from hypothesis import strategies as st

from storyledger.export import read_story
from storyledger.types import (
    Actor,
    ActorMention,
    Alias,
    Article,
    Block,
    Comparison,
    Dropped,
    Event,
    EventWhen,
    Evidence,
    Figure,
    FigureRelation,
    Omission,
    Participant,
    Quantity,
    Role,
    Side,
    Speaker,
    Statement,
    Story,
    TimeExpression,
)

HOSTILE = (
    "<script>window.pwned=1</script>",
    '"><img src=x onerror="window.pwned=2">',
    "' onmouseover='window.pwned=3",
    "</script><script>window.pwned=4</script>",
    "<!-- <style>*{display:none}</style>",
    "{{ 7*7 }}{% raw %}",
    "א\u202eרשע <b>bold</b>",
    "Donaudampfschifffahrtsgesellschaft" * 12,
)
LINK = "javascript:window.pwned=5"


def load_ferry(ferry: Path) -> tuple[Story, dict[str, bytes]]:
    """Return the ferry's gold as a story, and its pages' bytes."""
    story = read_story(ferry / "gold_story.json")
    return story, {a.id: (ferry / "pages" / a.path).read_bytes() for a in story.documents}


def cut_ferry(ferry: Path, pages: int = 4) -> tuple[Story, dict[str, bytes]]:
    """Return the ferry's first pages and what rests on them alone: every section, at a quarter of the size."""
    story, captures = load_ferry(ferry)
    kept = {a.id for a in story.documents[:pages]}
    statements = tuple(s for s in story.statements if s.content.document in kept)
    events = tuple(e for e in story.events if {m.document for m in e.mentions} <= kept)[:12]
    figures = tuple(f for f in story.figures if f.evidence.document in kept)
    comparisons = tuple(c for c in story.comparisons if any(e.document in kept for s in c.sides for e in s.evidence))
    cut = dataclasses.replace(
        story,
        documents=story.documents[:pages],
        actors=story.actors[:12],
        statements=statements,
        events=events,
        figures=figures,
        ledger=story.ledger[:3],
        times=tuple(t for t in story.times if t.evidence.document in kept),
        comparisons=comparisons[:6],
        timeline=tuple(e.id for e in events),
    )
    return cut, {key: data for key, data in captures.items() if key in kept}


def make_article(key: str, text: str, *, encoding: str = "utf-8", **fields: object) -> tuple[Article, bytes]:
    """Return an article whose capture is its text in one piece, with a line of furniture before it."""
    furniture = "Menu: Home | News\n"
    data = (furniture + text).encode(encoding)
    size = len(furniture)
    made = {
        "id": key,
        "path": f"{key}.txt",
        "record": None,
        "encoding": encoding,
        "sha256": hashlib.sha256(data).hexdigest(),
        "text": text,
        "source_map": ((0, len(text), size, size + len(text)),),
        "blocks": (Block(0, len(text), "paragraph"),),
        "dropped": (Dropped(0, size, "a menu"),),
        "title": text[:20],
    }
    return Article(**{**made, **fields}), data


def make_hostile(parts: tuple[str, ...] = HOSTILE) -> tuple[Story, dict[str, bytes]]:
    """Return a story in which every field that a page can reach has one of ``parts``, three or more."""
    text = " ".join(f"{part} said." for part in parts)
    article, data = make_article("<d>", text, url=LINK, outlet=parts[0], title=parts[1], authors=parts)
    spots = [(text.index(part), part) for part in parts]
    evidence = [Evidence(article.id, at, at + len(part), part) for at, part in spots]
    actors = tuple(_hostile_actor(n, e) for n, e in enumerate(evidence))
    statements = tuple(_hostile_statement(n, e) for n, e in enumerate(evidence))
    events = tuple(_hostile_event(n, e, len(parts)) for n, e in enumerate(evidence))
    figures = tuple(
        Figure(f"f{n}", e.text, 3.0 + n, None, None, "=", e.text, None, e.text, e, "q", 0.5, e.text)
        for n, e in enumerate(evidence)
    )
    pairs = tuple(FigureRelation("f0", f"f{n}", "conflict", 0.6) for n in range(1, len(figures)))
    sides = tuple(Side(e.text, (e,)) for e in evidence)
    story = Story(
        documents=(article,),
        actors=actors,
        statements=statements,
        events=events,
        figures=figures,
        ledger=(Quantity("q", parts[0], tuple(f.id for f in figures), pairs),),
        times=tuple(TimeExpression(e, e.text, "DATE", None, None, 0.4) for e in evidence),
        comparisons=tuple(
            Comparison(f"c{n}", kind, parts[n], sides, 1, 0.5, parts[n])
            for n, kind in enumerate(("conflict", "framing", "name_variant"))
        ),
        omissions=(Omission(parts[0], tuple(evidence), "2020-01-01", (article.id,), ("gone",), ()),),
        timeline=tuple(e.id for e in events),
    )
    return story, {article.id: data}


def contract_stories() -> st.SearchStrategy[tuple[Story, dict[str, bytes]]]:
    """Return stories of the contract, with every kind of entry, of any words; and their pages' bytes."""
    words = st.lists(st.text(min_size=1, max_size=20), min_size=3, max_size=5, unique=True)
    return words.map(tuple).map(make_hostile).map(_without_strangers)


def _without_strangers(made: tuple[Story, dict[str, bytes]]) -> tuple[Story, dict[str, bytes]]:
    """Leave out what refers to entries that are not there."""
    story, captures = made
    replace = dataclasses.replace
    return replace(
        story,
        statements=tuple(replace(s, continues=None, to=None) for s in story.statements),
        actors=tuple(replace(a, roles=tuple(replace(r, organisation=None) for r in a.roles)) for a in story.actors),
        figures=tuple(replace(f, attributed_to=None) for f in story.figures),
        omissions=tuple(replace(o, omitted_by=()) for o in story.omissions),
    ), captures


def _hostile_actor(number: int, e: Evidence) -> Actor:
    mention = ActorMention(e.document, e.start, e.end, e.text, "name")
    role = Role(e.text, e.text, "2020", None, e)
    return Actor(f"a{number}", e.text, "person", (Alias(e.text, "name"),), (role,), (mention,), (), (e.text,))


def _hostile_statement(number: int, e: Evidence) -> Statement:
    return Statement(
        f"s{number}",
        Speaker(f"a{number}", e.text, e),
        e,
        e,
        "direct",
        "say",
        "denied",
        None,
        e.text,
        "no",
        "v",
        None,
        0.5,
    )


def _hostile_event(number: int, e: Evidence, count: int) -> Event:
    people = (Participant("actor", f"a{number}"), Participant("recipient", f"a{(number + 1) % count}"))
    when = EventWhen("2020-01-01", None if number else "nonsense", e.text)
    return Event(f"e{number}", "ACCUSE", e.text, people, e.text, when, "claimed", 0.9, (e,), 0.5)
