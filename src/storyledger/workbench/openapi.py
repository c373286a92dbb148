"""The description of ``/api`` that programs read: OpenAPI 3.1."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from storyledger.workbench.moves import MAKERS
from storyledger.workbench.rest import FILTERS, SECTIONS

JOURNAL = "application/jsonl"
NARROWING = [*FILTERS, "day", "speaker", "disputed"]
WORDS = {
    "outlet": "only of this outlet",
    "since": "not before this day (ISO)",
    "until": "not after this day (ISO)",
    "who": "only what this actor (id) says or takes part in",
    "said_by": "only what is said or done by somebody whose names have these words",
    "kind": "only of this type, act, unit or kind",
    "document": "only of this page (id)",
    "day": "only of this day (ISO)",
    "speaker": "another word for who",
    "skip": "key of a question that is not to be asked; may be given several times",
    "section": "only entries of this section",
    "disputed": "1: only what stands on a side of a conflict",
    "q": 'words, "phrases", prefixes*',
    "limit": "entries of one answer, at most 500",
    "offset": "entries to pass over",
}


def describe_api(server: str) -> dict[str, Any]:
    """Return the OpenAPI document of a workbench at the address ``server``."""
    lists = {f"/api/{s}": {"get": _reading(f"A page of {s}", [*NARROWING, "limit", "offset"])} for s in SECTIONS}
    ones = {f"/api/{s}/{{id}}": {"get": _reading("One entry, as the export writes it", [], ["id"])} for s in SECTIONS}
    search = _reading("Entries that have words, best first", ["q", "section", *NARROWING, "limit", "offset"])
    return {
        "openapi": "3.1.0",
        "info": {"title": "Storyledger workbench", "version": version("storyledger")},
        "servers": [{"url": server}],
        "security": [],
        "paths": {
            **lists,
            **ones,
            "/api/search": {"get": search},
            "/api/places": {"get": _reading("The places and the events at them, as GeoJSON", [])},
            "/api/review": {"get": _reading("The judgements that would change most", ["skip"])},
            "/api/searches": {"get": _reading("The searches that people saved", [])},
            "/api/journal": {
                "get": _reading("The journal as JSON Lines, for a colleague's ledger", []),
                "post": _writing("Add a colleague's journal (JSON Lines) to this one", {"type": "string"}, JOURNAL),
            },
            "/api/status": {"get": _reading("How far the story is behind the journal", [])},
            "/api/corrections": {
                "get": _reading("The journal of corrections", []),
                "post": _writing("Correct an entry", _correction()),
            },
            "/api/corrections/{number}": {
                "delete": {**_writing("Take a correction back"), "parameters": [_path("number")]}
            },
        },
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _reading(summary: str, query: list[str], path: list[str] | None = None) -> dict[str, Any]:
    asked = [
        {"name": n, "in": "query", "required": False, "description": WORDS[n], "schema": {"type": "string"}}
        for n in query
    ]
    return {
        "summary": summary,
        "parameters": [*(_path(n) for n in path or ()), *asked],
        "responses": {"200": {"description": "JSON"}, "400": {"description": "a wrong request, with code and advice"}},
    }


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _writing(summary: str, body: dict[str, Any] | None = None, kind: str = "application/json") -> dict[str, Any]:
    told = {
        "202": {"description": "written into the journal; the story follows"},
        "400": {"description": "a wrong request, with code and advice"},
        "401": {"description": "the token is missing"},
    }
    body_part = {"requestBody": {"required": True, "content": {kind: {"schema": body}}}} if body else {}
    return {"summary": summary, "security": [{"token": []}], "responses": told, **body_part}


def _correction() -> dict[str, Any]:
    text = {"type": "string"}
    place = {"type": "string", "description": "DOCUMENT START END: one mention or telling"}
    return {
        "type": "object",
        "required": ["verb"],
        "properties": {
            "verb": {"type": "string", "enum": list(MAKERS)},
            "target": text,
            "other": text,
            "at": place,
            "with": place,
            "target_at": {"type": "string", "description": "where the target stands, should its id be another by now"},
            "other_at": {"type": "string", "description": "the same of the other; the review tells both"},
            "value": {"type": ["string", "object", "null"]},
            "words": {"type": "string", "description": "the words of a content, or of a text that is none"},
            "source": {"type": "string", "description": "START END of what was left out of a page's text"},
            "name": {"type": "string", "description": "of a saved search, whose value is the address's query"},
            "question": {"type": "string", "description": "key of the review's question that this answers"},
            "because": text,
            "by": text,
        },
    }
