"""Events in the columns of GDELT's event table, for programs that read those.

Invariant: what we do not code is empty, and what GDELT has no column for is left out, never bent. This module must not
know how a file is written.

Source: "The GDELT Event Database: Data Format Codebook", version 2.0 (2015); CAMEO roots by Schrodt (2012).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pycountry

from storyledger.events.timeline import TYPE_WEIGHTS
from storyledger.geography import Located, locate_story
from storyledger.nations import find_country
from storyledger.types import Actor, Article, Event, Story

Row = dict[str, Any]
_ACTOR = ("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code",
          "Type1Code", "Type2Code", "Type3Code")  # fmt: skip
_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
GDELT_COLUMNS = (
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
    *(f"Actor{n}{c}" for n in (1, 2) for c in _ACTOR),
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale",
    "NumMentions", "NumSources", "NumArticles", "AvgTone",
    *(f"{who}Geo_{c}" for who in ("Actor1", "Actor2", "Action") for c in _GEO),
    "DATEADDED", "SOURCEURL",
)  # fmt: skip
"""The 61 columns of GDELT's event table, in their order. Source: GDELT Event Codebook 2.0 (2015)."""
CAMEO = {
    "AGREE": "03", "CONSULT": "04", "SUPPORT": "05", "COOPERATE": "06", "AID": "07", "CONCEDE": "08", "RETREAT": "08",
    "REQUEST": "10", "ACCUSE": "11", "REJECT": "12", "THREATEN": "13", "PROTEST": "14", "MOBILIZE": "15",
    "SANCTION": "16", "COERCE": "17", "ASSAULT": "18",
}  # fmt: skip
"""CAMEO's root for a PLOVER type, which folds several of its codes: where it folds two roots, the milder."""
TYPES = {"government": "GOV", "armed_group": "REB", "outlet": "MED"}
CITY, COUNTRY = 4, 1  # GDELT's kinds of place
EARLY_QUADS = ((5, 1), (8, 2), (13, 3), (20, 4))  # CAMEO roots up to: verbal and material cooperation, then conflict


def gdelt_rows(story: Story) -> list[Row]:
    """Return what was done, one row an event, in the columns of GDELT 2.0's event table.

    Events without a day, of no CAMEO type, or that did not happen (denied, called off, planned) are left out, as GDELT
    has none. What we do not code (ethnicity, religion, tone) is empty.
    """
    places = {e: p for p in locate_story(story).places for e in p.events}
    actors = {a.id: a for a in story.actors}
    articles = {a.id: a for a in story.documents}
    coded = [e for e in story.events if e.type in CAMEO and e.status in ("reported", "claimed") and _day(e)]
    rows = []
    for number, event in enumerate(coded, 1):
        row = _make_row(event, number, actors, articles) | _tell_place(places.get(event.id))
        rows.append({column: row.get(column, "") for column in GDELT_COLUMNS})
    return rows


def _day(event: Event) -> str | None:
    """Return the first day of an event as GDELT writes it, where a whole day is known."""
    day = event.when.earliest if event.when else None
    return day.replace("-", "") if day and len(day) == len("2021-03-09") else None


def _make_row(event: Event, number: int, actors: Mapping[str, Actor], articles: Mapping[str, Article]) -> Row:
    day, root = _day(event) or "", CAMEO[event.type]
    pages = [articles[d] for d in dict.fromkeys(m.document for m in event.mentions) if d in articles]
    added = min((a.published for a in pages if a.published and len(a.published) == len("2021-03-09")), default=None)
    row: Row = {
        "GLOBALEVENTID": number,
        "SQLDATE": day,
        "MonthYear": day[:6],
        "Year": day[:4],
        "FractionDate": f"{int(day[:4]) + (int(day[4:6]) * 30 + int(day[6:])) / 365:.4f}",
        "IsRootEvent": int(event.importance >= 0.5),
        "EventCode": root + "0",
        "EventBaseCode": root + "0",
        "EventRootCode": root,
        "QuadClass": next(quad for last, quad in EARLY_QUADS if int(root) <= last),
        "GoldsteinScale": TYPE_WEIGHTS[event.type],
        "NumMentions": len(event.mentions),
        "NumSources": len({a.outlet or a.id for a in pages}),
        "NumArticles": len(pages),
        "DATEADDED": added.replace("-", "") + "000000" if added else "",
        "SOURCEURL": next((a.url for a in pages if a.url), ""),
    }
    for which, role in ((1, "actor"), (2, "recipient")):
        actor = next((actors[p.actor] for p in event.participants if p.role == role and p.actor in actors), None)
        row |= _tell_actor(which, actor) if actor else {}
    return row


def _tell_actor(which: int, actor: Actor) -> Row:
    country, kind = (
        _country_code(actor.name) if actor.type in ("country", "government") else "",
        TYPES.get(actor.type, ""),
    )
    known = {"Code": country + kind, "Name": actor.name.upper(), "CountryCode": country, "Type1Code": kind}
    return {f"Actor{which}{column}": value for column, value in known.items()}


def _country_code(name: str) -> str:
    code = find_country(name)
    country = pycountry.countries.get(alpha_2=code) if code else None
    return country.alpha_3 if country else ""


def _tell_place(place: Located | None) -> Row:
    """Return the action's place; one that is unsure is none."""
    if place is None or not place.sure:
        return {}
    spot = place.spot
    known = {"Type": COUNTRY if place.kind == "country" else CITY, "FullName": place.name, "CountryCode": spot.country}
    known |= {"Lat": spot.latitude, "Long": spot.longitude, "FeatureID": spot.number or ""}
    return {f"ActionGeo_{column}": value for column, value in known.items()}
