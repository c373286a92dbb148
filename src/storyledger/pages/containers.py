"""Files that hold many pages: which kind a name is, and its reader.

This module must not know how the walk found them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, Literal

from storyledger.types import Failure, Page

ContainerKind = Literal["warc", "jsonl", "feed", "zip", "tar"]
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


def iter_container(
    kind: ContainerKind, stream: BinaryIO, label: str, on_failure: Callable[[Failure], None]
) -> Iterator[Page]:
    """Yield the pages in a container; what cannot be used goes to ``on_failure``."""
    raise NotImplementedError(kind)
