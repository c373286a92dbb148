"""story.json, tables, and the way back."""

from storyledger.export.story import (
    SCHEMA,
    decode_story,
    document_shape,
    encode_story,
    read_document,
    read_story,
    write_canonical,
)

__all__ = [
    "SCHEMA",
    "decode_story",
    "document_shape",
    "encode_story",
    "read_document",
    "read_story",
    "write_canonical",
]
