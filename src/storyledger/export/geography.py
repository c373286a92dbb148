"""The story on the map for others' tools: GeoJSON (RFC 7946).

Coordinates come from the place index alone; what has none is left out. This module must not know the ledger file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from storyledger.geography import Located, Whereabouts, locate_story
from storyledger.spelling import for_json
from storyledger.types import Article, Event, Story

Row = dict[str, Any]
GEONAMES = "https://www.geonames.org/{}"
ATTRIBUTION = "Coordinates of places: GeoNames (geonames.org), CC BY 4.0"


def write_geojson(story: Story, folder: Path) -> list[Path]:
    """Write the places of the story and the events at them into ``folder`` as places.geojson."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "places.geojson"
    collection = place_features(locate_story(story), story.events, story.documents)
    path.write_text(for_json(json.dumps(collection, ensure_ascii=False, indent=1)) + "\n", encoding="utf-8")
    return [path]


def place_features(found: Whereabouts, events: Iterable[Event], articles: Iterable[Article]) -> Row:
    """Return places and the events at them as a GeoJSON collection of points.

    ``kind`` is "place", "country" (where its name stands) or "event"; ``sure`` says whether it is sure which place of
    the name is meant, ``stated`` whether the event's telling says that it happened there or only names the place.
    """
    by_id, pages = {e.id: e for e in events}, {a.id: a for a in articles}
    features = []
    for place in found.places:
        features.append(_place_feature(place))
        features += [_event_feature(place, by_id[e], pages) for e in place.events]
    return {"type": "FeatureCollection", "attribution": ATTRIBUTION, "features": features}


def _place_feature(place: Located) -> Row:
    spot = place.spot
    properties: Row = {
        "kind": place.kind,
        "name": place.name,
        "country": spot.country,
        "sure": place.sure,
        "share": place.sureness,
        "why": place.why,
        "geonames": GEONAMES.format(spot.number) if spot.number else None,
        "mentions": place.mentions,
        "pages": place.documents,
        "events": len(place.events),
    }
    return _feature(place, place.actor, properties)


def _event_feature(place: Located, event: Event, articles: Mapping[str, Article]) -> Row:
    first = event.mentions[0]
    article = articles.get(first.document)
    properties: Row = {
        "kind": "event",
        "name": event.summary,
        "type": event.type,
        "status": event.status,
        "earliest": event.when.earliest if event.when else None,
        "latest": event.when.latest if event.when else None,
        "place": place.name,
        "sure": place.sure,
        "stated": event.id not in place.named,
        "pages": len({m.document for m in event.mentions}),
        "words": first.text,
        "outlet": article.outlet if article else None,
        "url": article.url if article else None,
    }
    return _feature(place, event.id, properties)


def _feature(place: Located, ident: str, properties: Row) -> Row:
    point = {"type": "Point", "coordinates": [place.spot.longitude, place.spot.latitude]}
    return {"type": "Feature", "id": ident, "geometry": point, "properties": properties}
