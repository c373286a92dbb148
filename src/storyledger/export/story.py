"""story.json: the public contract, written and read.

Invariant: reading what was written gives the same ``Story``; writing what was read gives the same
document (canonical JSON). Keys of the contract that a section's stage has nothing for are null or
empty, never left out. This module must not know the ledger file or any stage.
"""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from storyledger.errors import UsageError
from storyledger.spelling import for_json
from storyledger.types import Story

SCHEMA = "storyledger/story/1"
SECTIONS = (
    "documents",
    "actors",
    "statements",
    "events",
    "figures",
    "ledger",
    "times",
    "comparisons",
    "omissions",
    "timeline",
    "stories",
)

Shape = dict[str, list[str]]


def encode_story(story: Story, shape: Shape | None = None) -> dict[str, Any]:
    """Return the contract's document for ``story`` as plain data.

    Args:
        story: everything that the ledger says.
        shape: per place the keys that an imported document had (``document_shape``); others are
            left out again, so that an import and an export give the same document.
    """
    document: dict[str, Any] = {"schema": SCHEMA}
    for section in SECTIONS:
        document[section] = [encode_value(value) for value in getattr(story, section)]
    document["stages"] = list(story.stages)
    return document if shape is None else _reshape(document, "", shape)


def decode_story(document: Mapping[str, Any]) -> Story:
    """Return the ``Story`` that a contract document tells.

    Raises:
        UsageError: the document is of another schema or breaks the contract; the place is named.
    """
    if document.get("schema") != SCHEMA:
        raise UsageError(
            "E-IMPORT-SCHEMA",
            f"not a story export: schema is {document.get('schema')!r}, wanted {SCHEMA!r}",
            "export it again with `storyledger export --format story`",
        )
    try:
        known = {name: copy.deepcopy(list(document.get(name, ()))) for name in SECTIONS}
        known["stages"] = list(document.get("stages", ()))
        return msgspec.convert(_fill(known), Story, strict=False)
    except (msgspec.ValidationError, TypeError, AttributeError, KeyError, ValueError, RecursionError) as error:
        raise UsageError(
            "E-IMPORT-VALUE", f"the export breaks the contract: {error}", "see docs/contract.md"
        ) from error


def read_story(path: str | Path) -> Story:
    """Return the ``Story`` in the file ``path``, as ``decode_story`` does."""
    return decode_story(read_document(path))


def read_document(path: str | Path) -> dict[str, Any]:
    """Return the JSON object in the file ``path``.

    Raises:
        UsageError: there is no such file, or it is not a JSON object.
    """
    try:
        document = msgspec.json.decode(Path(path).read_bytes())  # strict: no half characters, no number beyond a float
    except OSError as error:
        raise UsageError("E-IMPORT-FILE", f"cannot read {path}: {error.strerror}", "name an export") from error
    except (ValueError, RecursionError) as error:
        raise UsageError("E-IMPORT-JSON", f"{path} is not JSON: {error}", "name an export") from error
    if not isinstance(document, dict):
        raise UsageError("E-IMPORT-JSON", f"{path} is not a JSON object", "name an export")
    return document


def write_canonical(document: Mapping[str, Any]) -> str:
    """Return ``document`` as JSON text: sorted keys, no spaces, so that equal stories are equal files."""
    return for_json(json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))) + "\n"


def document_shape(document: Mapping[str, Any]) -> Shape:
    """Return the keys that the objects of ``document`` have, by place ("documents[].copy_of")."""
    shape: dict[str, set[str]] = {}
    for place, keys in _iter_objects(document, ""):
        shape.setdefault(place, set()).update(keys)
    return {place: sorted(keys) for place, keys in sorted(shape.items())}


def _iter_objects(value: Any, place: str) -> Iterator[tuple[str, list[str]]]:
    if isinstance(value, Mapping):
        yield place, list(value)
        for key, inner in value.items():
            yield from _iter_objects(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _iter_objects(inner, place + "[]")


def _reshape(value: Any, place: str, shape: Shape) -> Any:
    if isinstance(value, dict):
        keys = shape.get(place)
        return {k: _reshape(v, f"{place}.{k}", shape) for k, v in value.items() if keys is None or k in keys}
    if isinstance(value, list):
        return [_reshape(inner, place + "[]", shape) for inner in value]
    return value


def encode_value(value: Any) -> Any:
    """Return one value of the story as the contract writes it: plain data, ready for JSON."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: encode_value(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return _speaker_without_text(fields)
    if isinstance(value, tuple | list):
        return [encode_value(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _speaker_without_text(fields: dict[str, Any]) -> dict[str, Any]:
    """A speaker of whom nothing is written has the text null, not an empty one."""
    if fields.keys() == {"actor", "text", "evidence"} and not fields["text"]:
        fields["text"] = None
    return fields


def _fill(sections: dict[str, Any]) -> dict[str, Any]:
    """Give what the contract leaves optional the value that our types have for "nothing"."""
    for document in sections["documents"]:
        document.setdefault("record", None)
        document.setdefault("blocks", [])
    for statement in sections["statements"]:
        speaker = dict(statement.get("speaker") or {})
        statement["speaker"] = {"actor": None, "evidence": None, **speaker, "text": speaker.get("text") or ""}
        statement.setdefault("act", "say")
        for key in ("to", "continues", "cue", "said_on", "venue"):
            statement.setdefault(key, None)
    for quantity in sections["ledger"]:
        for relation in quantity["relations"]:
            relation.setdefault("confidence", 1.0)
    for omission in sections["omissions"]:
        omission.setdefault("known_since", None)
    return sections
