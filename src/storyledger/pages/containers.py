"""Files that hold many pages: which kind a name is, and its reader.

This module must not know how the walk found them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, Literal

from storyledger.pages.archives import iter_tar, iter_zip
from storyledger.pages.feeds import iter_feed
from storyledger.pages.jsonl import iter_jsonl
from storyledger.pages.warc import iter_warc
from storyledger.types import Failure, Page

ContainerKind = Literal["warc", "jsonl", "feed", "zip", "tar"]
OnFailure = Callable[[Failure], None]
_SUFFIXES: tuple[tuple[str, ContainerKind], ...] = (
    (".warc", "warc"),
    (".warc.gz", "warc"),
    (".jsonl", "jsonl"),
    (".jsonl.gz", "jsonl"),
    (".ndjson", "jsonl"),
    (".rss", "feed"),
    (".atom", "feed"),
    (".xml", "feed"),
    (".zip", "zip"),
    (".tar", "tar"),
    (".tar.gz", "tar"),
    (".tgz", "tar"),
)


def tell_container(name: str) -> ContainerKind | None:
    """Return what kind of container a file of this name is, if one."""
    lower = name.lower()
    return next((kind for suffix, kind in _SUFFIXES if lower.endswith(suffix)), None)


def iter_container(kind: ContainerKind, stream: BinaryIO, label: str, on_failure: OnFailure) -> Iterator[Page]:
    """Yield the pages in a container, each with its ``record``; what cannot be used goes to ``on_failure``."""
    if kind == "warc":
        yield from iter_warc(stream, label, on_failure)
    elif kind == "jsonl":
        yield from iter_jsonl(stream, label, on_failure)
    elif kind == "feed":
        yield from iter_feed(stream, label, on_failure)
    elif kind == "zip":
        yield from iter_zip(stream, label, on_failure)
    else:
        yield from iter_tar(stream, label, on_failure)
