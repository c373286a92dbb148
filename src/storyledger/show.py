"""A story in a terminal: plain text, readable at 80 columns.

Invariant: every line that tells a fact ends with the id that ``storyledger why`` takes, and names its
source; what is unsure says so. Control characters of a page never reach the terminal. This module
must not know the ledger file.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterator

from storyledger.naming import name_page
from storyledger.spelling import for_terminal
from storyledger.types import Article, Comparison, ComparisonKind, Event, Evidence, Figure, Interval, Statement, Story

WIDTH = 80
SURE = 0.5  # what is less likely is shown with a question mark
KINDS: tuple[ComparisonKind, ...] = (
    "conflict", "role_conflict", "framing", "complement", "agreement", "name_variant",
)  # fmt: skip
ORDER: dict[str, int] = {kind: n for n, kind in enumerate(KINDS)}
MARK = {"person": "person", "armed_group": "armed group", "weapon_system": "weapon", "event_name": "event"}


def show_story(story: Story, section: str, width: int = WIDTH) -> Iterator[str]:
    """Yield the lines of ``section`` ("actors", "statements", "timeline", ...) of ``story``."""
    for line in VIEWS[section](story):
        yield from _wrap(for_terminal(line), width)


def plain(text: str) -> str:
    """Return ``text`` on one line without control and direction characters: it came from a page."""
    kept = (c if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") else " " for c in text)
    return " ".join("".join(kept).split())


def _wrap(line: str, width: int) -> list[str]:
    indent = len(line) - len(line.lstrip())
    return textwrap.wrap(line, width, subsequent_indent=" " * (indent + 4), break_on_hyphens=False) or [""]


def _name(article: Article | None) -> str:
    if article is None:
        return "?"
    return f"{plain(article.outlet or article.path)}, {_day(article)}"


def _day(article: Article) -> str:
    if article.published and article.published_basis != "inferred":
        return article.published
    if article.published_earliest:
        return f"{article.published_earliest} to {article.published_latest}, inferred"
    return "undated"


def _doubt(confidence: float) -> str:
    return "" if confidence >= SURE else " (unsure)"


def _sources(story: Story, spots: tuple[Evidence, ...]) -> str:
    articles = {a.id: a for a in story.documents}
    return "; ".join(dict.fromkeys(_name(articles.get(s.document)) for s in spots))


def _actors(story: Story) -> Iterator[str]:
    yield f"{len(story.actors)} actors"
    for actor in sorted(story.actors, key=lambda a: (-len(a.mentions), a.name, a.id)):
        documents = len({m.document for m in actor.mentions})
        names = [plain(a.text) for a in actor.aliases if a.kind == "name" and a.text != actor.name]
        roles = list(dict.fromkeys(plain(r.role) for r in actor.roles))
        yield ""
        kind = MARK.get(actor.type, actor.type)
        yield f"{plain(actor.name)} ({kind}), {len(actor.mentions)} mentions in {documents} pages"
        if names:
            yield "  also: " + ", ".join(names[:8])
        if roles:
            yield "  roles: " + "; ".join(roles[:6])
        yield f"  {actor.id}"


def _statements(story: Story) -> Iterator[str]:
    names, articles = {a.id: a.name for a in story.actors}, {a.id: a for a in story.documents}
    yield f"{len(story.statements)} statements"
    for s in story.statements:
        who = plain(names.get(s.speaker.actor or "", "") or s.speaker.text or "someone")
        yield ""
        yield f"{who} {_act(s)}{_doubt(s.confidence)}: {_quoted(s)}"
        yield f"  {_name(articles.get(s.content.document))}  {s.id}"


def _act(statement: Statement) -> str:
    if statement.polarity == "denied":
        return "denied"
    return {"say": "said", "ask": "asked", "think": "thinks", "deny": "denied"}.get(
        statement.act, statement.act + ("d" if statement.act.endswith("e") else "ed")
    )


def _quoted(statement: Statement) -> str:
    text = plain(statement.content.text)
    return f"“{text}”" if statement.kind == "direct" else text


def _timeline(story: Story) -> Iterator[str]:
    events = {e.id: e for e in story.events}
    yield f"{len(story.timeline)} events"
    for ident in story.timeline:
        event = events[ident]
        yield ""
        yield f"{_when(event)}  {plain(event.summary)} [{event.type}, {event.status}]{_doubt(event.confidence)}"
        yield f"  {_sources(story, event.mentions)}  {event.id}"


def _when(event: Event) -> str:
    when = event.when
    if when is None or not (when.earliest or when.latest):
        return "undated"
    return _interval(Interval(when.earliest, when.latest))


def _interval(when: Interval) -> str:
    if when.earliest == when.latest:
        return str(when.earliest)
    if when.earliest is None:
        return f"until {when.latest}"
    return f"from {when.earliest}" if when.latest is None else f"{when.earliest} to {when.latest}"


def _figures(story: Story) -> Iterator[str]:
    figures, articles = {f.id: f for f in story.figures}, {a.id: a for a in story.documents}
    yield (
        f"{len(story.figures)} figures, {len(story.ledger)} of them compared across pages"
        if not story.ledger
        else (f"{len(story.figures)} figures, {len(story.ledger)} quantities")
    )
    listed: set[str] = set()
    for quantity in story.ledger:
        labels = sorted({r.label for r in quantity.relations})
        yield ""
        yield f"{plain(quantity.about)} ({', '.join(labels) or 'one figure'})  {quantity.id}"
        for ident in quantity.entries:
            listed.add(ident)
            yield "  " + _figure(figures[ident], articles)
    yield ""
    for figure in story.figures:
        if figure.id not in listed:
            yield _figure(figure, articles)


def _figure(figure: Figure, articles: dict[str, Article]) -> str:
    amount = f"{figure.low:g} to {figure.high:g}" if figure.value is None and figure.low is not None else ""
    amount = amount or (f"{figure.value:,.10g}" if figure.value is not None else "?")
    sign = {"=": "", "range": ""}.get(figure.comparator, figure.comparator + " ")
    source = _name(articles.get(figure.evidence.document))
    words = plain(figure.evidence.text)
    return f"{sign}{amount} {figure.unit}: {plain(figure.about)}, “{words}”, {source}  {figure.id}"


def _differences(story: Story) -> Iterator[str]:
    """Yield disputes first, then what is told otherwise, agreements and names; what is unsure by its head alone."""
    articles = {a.id: a for a in story.documents}
    shown = sorted(story.comparisons, key=lambda c: (ORDER[c.kind], -c.confidence, c.id))
    unsure = [c for c in shown if c.confidence < SURE]
    yield f"{len(shown)} comparisons ({len(unsure)} unsure), {len(story.omissions)} omissions"
    for c in shown:
        if c.confidence < SURE:
            continue
        yield ""
        yield _head(c)
        if c.why:
            yield f"  {plain(c.why)}"
        for side in c.sides:
            for spot in side.evidence:
                yield f"  - {plain(side.position)}: “{plain(spot.text)}” ({_name(articles.get(spot.document))})"
        yield f"  {c.id}"
    for o in story.omissions:
        yield ""
        yield f"LEFT OUT {plain(o.about)}"
        left, told = (dict.fromkeys(_name(articles.get(i)) for i in ids) for ids in (o.omitted_by, o.reported_by))
        yield f"  reported by {'; '.join(told)}"
        yield f"  left out by {'; '.join(left)}"
    if unsure:
        yield ""
        yield "Unsure:"
        yield from (f"{_head(c)}  {c.id}" for c in unsure)


def _head(comparison: Comparison) -> str:
    count = comparison.independent_origins
    origins = f", {count} independent origin{'s' if count > 1 else ''}" if count else ""
    kind = comparison.kind.replace("_", " ").upper()
    return f"{kind} {plain(comparison.about)} ({comparison.confidence:.0%}{origins})"


def _documents(story: Story) -> Iterator[str]:
    yield f"{len(story.documents)} documents"
    for a in story.documents:
        yield ""
        yield plain(a.title or "(no title)") + ("" if a.in_story else " [about something else]")
        by = f", by {', '.join(plain(n) for n in a.authors)}" if a.authors else ""
        wire = f", credits {plain(a.wire)}" if a.wire else ""
        part = f", {a.completeness}: {plain(a.completeness_reason or '')}" if a.completeness_reason else ""
        yield f"  {_name(a)}{by}{wire}, {len(a.text.split())} words{part}"
        if a.copy_of:
            yield f"  {a.copy_of.kind.replace('_', ' ')} of {a.copy_of.document}"
        yield f"  {plain(a.path)}{' / ' + plain(a.record) if a.record else ''}  {a.id}"


def list_stories(story: Story) -> list[dict[str, object]]:
    """Return the stories as plain data: id, name, span of days, the paths of their pages, their main actors' names."""
    paths = {a.id: a.path if a.record is None else f"{a.path}#{a.record}" for a in story.documents}
    names = {a.id: a.name for a in story.actors}
    return [
        {
            "id": s.id,
            "name": s.name,
            "earliest": s.earliest,
            "latest": s.latest,
            "pages": [paths[d] for d in s.documents if d in paths],
            "actors": [names[a] for a in s.actors if a in names],
        }
        for s in story.stories
    ]


def _stories(story: Story) -> Iterator[str]:
    yield f"{len(story.stories)} stories"
    names, articles = {a.id: a.name for a in story.actors}, {a.id: a for a in story.documents}
    for told in sorted(story.stories, key=lambda s: (-len(s.documents), s.earliest or "9", s.id)):
        span = f"{told.earliest or '?'} to {told.latest or '?'}"
        yield ""
        yield f"{plain(told.name)} ({len(told.documents)} pages, {span})"
        if told.actors:
            yield "  with " + ", ".join(plain(names[a]) for a in told.actors if a in names)
        for document in told.documents[:12]:
            article = articles.get(document)
            yield f"  {_name(article)}: {plain(name_page(article)) if article else document}"
        if len(told.documents) > 12:
            yield f"  and {len(told.documents) - 12} more"
        yield f"  {told.id}"


VIEWS: dict[str, Callable[[Story], Iterator[str]]] = {
    "actors": _actors,
    "statements": _statements,
    "timeline": _timeline,
    "figures": _figures,
    "differences": _differences,
    "sources": _documents,
    "stories": _stories,
}
