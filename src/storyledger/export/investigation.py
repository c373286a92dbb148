"""The story for tools of investigation: FollowTheMoney entities, tables for Datasette, drafts of ClaimReview.

FollowTheMoney's library changes what it is given without a word (a time with an offset becomes UTC, a quarter its year,
"Congo" a code), so it is handed days, months, years and codes alone, and our own words beside them. This module must
not know the ledger file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from storyledger.export.tables import TABLES
from storyledger.nations import find_country
from storyledger.spelling import for_json
from storyledger.types import Actor, Article, Event, Evidence, Statement, Story

Row = dict[str, Any]
SCHEMATA = {
    "person": "Person",
    "organisation": "Organization",
    "armed_group": "Organization",
    "outlet": "Organization",
    "government": "PublicBody",
    "country": "PublicBody",
    "group": "LegalEntity",
}
"""FollowTheMoney's schema for an actor's type; what is none of these (places, works) acts in no event there."""
OF_TWO = ("congo", "korea", "virgin islands")  # names that two countries go by
MOST_TOLD = 6  # tellings of an event that are quoted in it
SEARCHED = {"documents": "title", "statements": "text", "events": "summary", "figures": "about"}


def write_followthemoney(story: Story, folder: Path) -> list[Path]:
    """Write pages, actors, events and who is named where as FollowTheMoney entities, one JSON line each.

    ``ftm`` and OpenAleph load the file; source: followthemoney.tech, schemata of version 4.11.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "entities.ftm.json"
    lines = (json.dumps(entity, ensure_ascii=False, sort_keys=True) for entity in _iter_entities(story))
    path.write_text("".join(f"{for_json(line)}\n" for line in lines), encoding="utf-8")
    return [path]


def _iter_entities(story: Story) -> Iterator[Row]:
    actors = {a.id: a for a in story.actors if a.type in SCHEMATA}
    places = {a.id: a.name for a in story.actors}
    articles = {a.id: a for a in story.documents}
    for article in story.documents:
        yield _page(article)
    for actor in actors.values():
        yield _party(actor, articles)
        for document in dict.fromkeys(m.document for m in actor.mentions):
            mention: dict[str, list[str | None]] = {
                "document": [_key("page", document)],
                "resolved": [_key("actor", actor.id)],
                "name": [actor.name],
            }
            yield _entity(_key("mention", document, actor.id), "Mention", mention)
    for event in story.events:
        yield _happening(event, actors, articles, places.get(event.place or "", event.place))


def _entity(key: str, schema: str, properties: Mapping[str, list[str | None]]) -> Row:
    filled = {k: list(dict.fromkeys(v for v in values if v)) for k, values in properties.items()}
    return {"id": key, "schema": schema, "properties": {k: v for k, v in filled.items() if v}}


def _key(*parts: str) -> str:
    """Return an id of letters, digits and hyphens, which is all that FollowTheMoney takes."""
    return f"{parts[0]}-{sha256(chr(10).join(parts).encode()).hexdigest()[:24]}"


def _page(article: Article) -> Row:
    address = article.url if article.url and article.url.startswith(("http://", "https://")) else None
    properties: dict[str, list[str | None]] = {
        "title": [article.title],
        "fileName": [Path(article.path).name],
        "sourceUrl": [address],
        "author": list(article.authors),
        "publisher": [article.outlet],
        "publishedAt": [article.published],
        "notes": [f"sha256 of the page as saved: {article.sha256}"],  # "contentHash" takes SHA-1 alone
        "bodyText": [article.text],
    }
    return _entity(_key("page", article.id), "Article", properties)


def _party(actor: Actor, articles: Mapping[str, Article]) -> Row:
    names = [a.text for a in actor.aliases if a.kind == "name" and a.text != actor.name]
    roles = [r.role for r in actor.roles]
    code = _find_code([actor.name, *names]) if actor.type == "country" else None
    properties: dict[str, list[str | None]] = {
        "name": [actor.name],
        "alias": list(names),
        "country": [code.lower() if code else None],
        "notes": [_cite(articles, r.evidence.document, r.evidence.text) for r in actor.roles if r.evidence],
    }
    if SCHEMATA[actor.type] == "Person":
        properties["position"] = list(roles)
    return _entity(_key("actor", actor.id), SCHEMATA[actor.type], properties)


def _find_code(names: Iterable[str]) -> str | None:
    """Return the code of a country by all its names, None where they are of several, or of two that are called so."""
    told = [n for n in names if n.casefold().removeprefix("the ") not in OF_TWO]
    codes = {code for n in told if (code := find_country(n))}
    return codes.pop() if len(codes) == 1 else None


def _happening(event: Event, actors: Mapping[str, Actor], articles: Mapping[str, Article], place: str | None) -> Row:
    when = event.when
    days = (when.earliest, when.latest) if when else (None, None)
    properties: dict[str, list[str | None]] = {
        "name": [event.summary],
        "date": [days[0] if days[0] == days[1] else None],
        "startDate": [days[0] if days[0] != days[1] else None],
        "endDate": [days[1] if days[0] != days[1] else None],
        "location": [place],
        "notes": [f"when, in words: {when.text}" if when and when.text else None],
        "keywords": [event.type, event.status],
        "organizer": [_key("actor", p.actor) for p in event.participants if p.role == "actor" and p.actor in actors],
        "involved": [_key("actor", p.actor) for p in event.participants if p.role != "actor" and p.actor in actors],
        "proof": [_key("page", m.document) for m in event.mentions],
        "description": [_cite(articles, m.document, m.text) for m in event.mentions[:MOST_TOLD]],
    }
    return _entity(_key("event", event.id), "Event", properties)


def _cite(articles: Mapping[str, Article], document: str, words: str) -> str:
    article = articles.get(document)
    where = f" ({article.outlet or article.path}, {article.published or 'undated'})" if article else ""
    return f"“{words}”{where}"


def make_tables(story: Story) -> dict[str, list[Row]]:
    """Return every table's rows with cells that SQLite takes: a list as words joined by "; "."""
    return {t: [{k: _cell(v) for k, v in row.items()} for row in make(story)] for t, make in TABLES.items()}


def _cell(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return "; ".join(map(str, value))
    return value if value is None or isinstance(value, int | float) else for_json(str(value))


QUERIES = {
    "who_said_what": {
        "title": "Who said what, in order of the page's day",
        "sql": "SELECT d.published, d.outlet, s.speaker, s.act, s.text FROM statements s "
        "JOIN documents d ON d.id = s.document ORDER BY d.published, s.start",
    },
    "disputed": {
        "title": "What sources dispute, with both sides",
        "sql": "SELECT c.about, c.why, c.side, c.position, d.outlet, d.published, c.text FROM comparisons c "
        "JOIN documents d ON d.id = c.document WHERE c.kind = 'conflict' ORDER BY c.confidence DESC, c.id, c.side",
    },
    "most_told": {
        "title": "What most pages tell",
        "sql": "SELECT summary, type, status, earliest, latest, count(DISTINCT document) AS pages FROM events "
        "GROUP BY id ORDER BY pages DESC, earliest",
    },
}
DATASETTE: Row = {
    "title": "A sourced account",
    "description": "Every row names its page, its words and where they stand in the page's text.",
    "databases": {"story": {"queries": QUERIES}},
}
"""What ``datasette story.sqlite --metadata metadata.json`` is told of the tables."""


def write_claimreview(story: Story, folder: Path) -> list[Path]:
    """Write the disputed statements as drafts of schema.org ClaimReview, one JSON-LD list.

    A draft has the claim, who made it, when, where it appeared, and what stands against it; the verdict is left to who
    reviews it (``reviewRating`` has no value), and so are its author and address.
    """
    cast = {a.id: a for a in story.actors}
    articles = {a.id: a for a in story.documents}
    by_page: dict[str, list[Statement]] = {}
    for statement in story.statements:
        by_page.setdefault(statement.content.document, []).append(statement)
    drafts = []
    for comparison in story.comparisons:
        if comparison.kind != "conflict":
            continue
        spots = [(side, e) for side in comparison.sides for e in side.evidence]
        for side, spot in spots:
            said = _find_said(by_page.get(spot.document, []), spot)
            against = [_cite(articles, e.document, e.text) for other, e in spots if other is not side]
            if said is not None and against:
                drafts.append(_review(said, cast, articles, [comparison.why, *against]))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "claimreview.jsonld"
    path.write_text(for_json(json.dumps(drafts, ensure_ascii=False, indent=1)) + "\n", encoding="utf-8")
    return [path]


def _find_said(statements: list[Statement], spot: Evidence) -> Statement | None:
    """Return the statement whose content shares most with ``spot``: half of either at least."""
    shared = [(min(s.content.end, spot.end) - max(s.content.start, spot.start), s) for s in statements]
    best = max(shared, key=lambda row: row[0], default=None)
    if best is None or best[0] * 2 < min(best[1].content.end - best[1].content.start, spot.end - spot.start):
        return None
    return best[1]


def _review(
    said: Statement, cast: Mapping[str, Actor], articles: Mapping[str, Article], against: list[str | None]
) -> Row:
    article = articles[said.content.document]
    appearance: Row = {"@type": "NewsArticle", "headline": article.title, "url": article.url}
    appearance |= {"datePublished": article.published}
    appearance |= {"publisher": {"@type": "Organization", "name": article.outlet}} if article.outlet else {}
    claim: Row = {"@type": "Claim", "appearance": {k: v for k, v in appearance.items() if v}}
    day = said.said_on.earliest if said.said_on else None
    claim |= {"datePublished": day or article.published} if day or article.published else {}
    speaker = cast.get(said.speaker.actor or "")
    if speaker is not None:
        kind = "Person" if speaker.type == "person" else "Organization"
        claim["author"] = {"@type": kind, "name": speaker.name}
    elif " " in (said.speaker.text or ""):  # nobody who is named; "they" tells nothing
        claim["description"] = f"said by: {said.speaker.text}"
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": said.content.text,
        "itemReviewed": claim,
        "reviewBody": "\n".join(t for t in against if t),
        "reviewRating": {"@type": "Rating", "alternateName": "not yet rated"},
    }
