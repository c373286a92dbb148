"""story.json, tables, and the way back."""

from storyledger.export.exchange import WRITERS
from storyledger.export.geography import place_features
from storyledger.export.investigation import DATASETTE, SEARCHED, make_tables
from storyledger.export.story import (
    SCHEMA,
    SECTIONS,
    decode_story,
    document_shape,
    encode_story,
    encode_value,
    read_document,
    read_story,
    write_canonical,
)
from storyledger.export.tables import iter_lines, write_events, write_gdelt, write_tables

__all__ = [
    "DATASETTE",
    "SCHEMA",
    "SEARCHED",
    "SECTIONS",
    "WRITERS",
    "decode_story",
    "document_shape",
    "encode_story",
    "encode_value",
    "iter_lines",
    "make_tables",
    "place_features",
    "read_document",
    "read_story",
    "write_canonical",
    "write_events",
    "write_gdelt",
    "write_tables",
]
