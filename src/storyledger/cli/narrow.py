"""What commands that only look ask of a ledger: its story, or the part of it that one actor, outlet or day has.

Loads no room that makes a story: a look at a ledger begins in under half a second.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from storyledger.errors import UsageError
from storyledger.store import Ledger
from storyledger.types import Evidence, Story

LEDGER = click.argument("ledger", type=click.Path(path_type=Path))
AS_OF = click.option("--as-of", metavar="YYYY-MM-DD", help="Only what was known on that day.")


def load_story(path: Path, as_of: str | None = None) -> Story:
    """Return the story in the ledger at ``path``, as it was known on the day ``as_of``."""
    with Ledger.open_readonly(path) as ledger:
        story = ledger.load_finished_story()
    if as_of is None:
        return story
    from storyledger.compare import story_as_of  # noqa: PLC0415 - half a second that few calls need

    return story_as_of(story, as_of)


def narrow_story(story: Story, actor: str | None, outlet: str | None, since: str | None) -> Story:
    """Return what is told of ``actor`` (a name, or part of one), by ``outlet``, in pages of ``since`` and later.

    Raises:
        UsageError: nobody is called so, or no page is of that outlet.
    """
    if outlet or since:
        from storyledger.compare import cut_story  # noqa: PLC0415 - half a second that few calls need

        kept = [a for a in story.documents if not outlet or (a.outlet or "").casefold() == outlet.casefold()]
        if not kept:
            known = ", ".join(sorted({a.outlet for a in story.documents if a.outlet})[:12])
            raise UsageError("E-SHOW-OUTLET", f"no page is of {outlet!r}", f"one of: {known}")
        days = {a.id: a.published or a.published_earliest or "" for a in kept}
        story = cut_story(story, {ident for ident, day in days.items() if not since or day >= since})
    return _about_actor(story, actor) if actor else story


def _about_actor(story: Story, name: str) -> Story:
    wanted = name.casefold()
    ids = {a.id for a in story.actors if any(wanted in n.casefold() for n in (a.name, *(x.text for x in a.aliases)))}
    if not ids:
        raise UsageError("E-SHOW-ACTOR", f"nobody is called {name!r}", "`storyledger show LEDGER actors` lists them")
    events = tuple(e for e in story.events if ids & {p.actor for p in e.participants})
    told = {e.id for e in events}
    said = tuple(s for s in story.statements if s.speaker.actor in ids)
    places = {(m.document, m.start, m.end) for e in events for m in e.mentions}
    places |= {(s.content.document, s.content.start, s.content.end) for s in said}
    spots = [(c, [e for s in c.sides for e in s.evidence]) for c in story.comparisons]
    return replace(
        story,
        actors=tuple(a for a in story.actors if a.id in ids),
        statements=said,
        events=events,
        timeline=tuple(i for i in story.timeline if i in told),
        figures=tuple(f for f in story.figures if f.attributed_to in ids),
        comparisons=tuple(c for c, found in spots if any(_touches(e, places) for e in found)),
    )


def _touches(spot: Evidence, places: set[tuple[str, int, int]]) -> bool:
    return any(d == spot.document and a < spot.end and spot.start < b for d, a, b in places)
