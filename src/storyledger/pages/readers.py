"""Which reader makes pages of which kind of file; what no reader takes is named, with what to do.

This module must not know how the walk found a file.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module

from storyledger.errors import PageError
from storyledger.pages.archives import iter_tar, iter_wacz, iter_zip
from storyledger.pages.compose import compose_page
from storyledger.pages.documents import OFFICE
from storyledger.pages.enex import iter_enex
from storyledger.pages.exports import is_export
from storyledger.pages.exports_html import iter_html_export
from storyledger.pages.exports_text import iter_text_export
from storyledger.pages.file import File, read_whole
from storyledger.pages.har import iter_har
from storyledger.pages.jsonl import iter_json, iter_jsonl
from storyledger.pages.kinds import HEAD_BYTES, Kind, tell_kind
from storyledger.pages.limits import ARCHIVE_DEPTH, CONTAINER_BYTES, PAGE_BYTES
from storyledger.pages.lists import iter_list
from storyledger.pages.mail import iter_mail, iter_mbox
from storyledger.pages.make import make_page
from storyledger.pages.mhtml import iter_mhtml, iter_webarchive
from storyledger.pages.news_xml import iter_news_xml
from storyledger.pages.singlefile import iter_singlefile_zip
from storyledger.types import Failure, Page

Reader = Callable[[File], Iterator[Page]]
_REFUSED: Mapping[Kind, tuple[str, str, str]] = {
    "empty": ("E-PAGE-EMPTY", "the page is empty", "save it again"),
    "picture": ("W-PAGE-KIND", "a picture", "save the page that it stands in"),
    "sound": ("W-PAGE-KIND", "sound or film", "give a text of what is said in it"),
    "style": ("W-PAGE-KIND", "a part of a page, without text of its own", "nothing is lost"),
    "table": ("W-PAGE-KIND", "a table or database", "export its texts as JSON Lines"),
    "library": ("W-PAGE-KIND", "a list of references", "keep it beside the files that it names"),
    "misnamed": ("E-PAGE-KIND", "plain text, which its name does not say", "name it .txt if it is a page's text"),
    "doc": ("E-PAGE-KIND", "an old Word or Outlook file", "save it as .docx, .rtf or .eml"),
    "program": ("E-PAGE-BINARY", "a program", "save the page as HTML or text"),
    "unknown": ("E-PAGE-KIND", "packed in a way that is not read", "pack it as .zip or .tar.gz"),
    "xml": ("E-PAGE-KIND", "XML of a kind that is not read", "save the page as HTML or text"),
}


def iter_file(file: File) -> Iterator[Page]:
    """Yield the pages in ``file``; its parts that give none go to ``file.on_failure``.

    Raises:
        PageError: it gives none as a whole.
    """
    if file.size > CONTAINER_BYTES:
        advice = f"the limit is {CONTAINER_BYTES}"
        raise PageError("E-PAGE-TOO-LARGE", f"the file has {file.size} bytes", advice, path=file.path)
    with file.open() as stream:
        kind = tell_kind(file.name, stream.read(HEAD_BYTES), stream)
    if kind in _REFUSED:
        raise PageError(*_REFUSED[kind], path=file.path)
    failed: list[Failure] = []

    def keep_count(failure: Failure) -> None:
        failed.append(failure)
        file.on_failure(failure)

    made = 0
    for page in READERS[kind](replace(file, on_failure=keep_count)):
        made += 1
        yield page
    if not made and not failed:
        raise PageError("W-PAGE-NO-PAGE", "there is no page in it", "see whether it is the right file", path=file.path)


def _iter_html(file: File) -> Iterator[Page]:
    data = read_whole(file)
    pages = list(iter_html_export(file, data))
    if pages:
        yield from pages
    else:
        yield compose_page(file, data)


def _iter_text(file: File) -> Iterator[Page]:
    data = read_whole(file)
    if is_export(data.decode("utf-8", "replace")):
        yield from iter_text_export(file, data)
        return
    yield make_page(file.path, file.record, data, media="text", sidecar=file.sidecar, declared=file.declared)


def _iter_gzip(file: File) -> Iterator[Page]:
    """Yield the pages of a packed file: a crawl's records are packed one by one and stay so, a page is unpacked."""
    with file.open() as stream:
        try:
            head = zlib.decompressobj(31).decompress(stream.read(4 * HEAD_BYTES), HEAD_BYTES)
        except zlib.error as error:
            raise PageError("E-PAGE-UNREADABLE", "its packing is damaged", "pack it again", path=file.path) from error
    kind = tell_kind(file.name, head)
    if kind in ("warc", "arc", "jsonl", "tar"):
        yield from READERS[kind](file)
        return
    if file.depth >= ARCHIVE_DEPTH:
        raise PageError("E-PAGE-ARCHIVE-LIMIT", "packed too many times", "unpack it", path=file.path)
    with file.open() as stream, gzip.GzipFile(fileobj=stream) as packed:
        try:
            data = packed.read(PAGE_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise PageError(
                "E-PAGE-UNREADABLE", "it breaks off or is damaged", "pack it again", path=file.path
            ) from error
    inner = replace(file, size=len(data), open=lambda: io.BytesIO(data), depth=file.depth + 1)
    yield from iter_file(inner)


def _iter_feed(file: File) -> Iterator[Page]:
    """Yield the entries of a feed. Its library and the two below take a quarter of a second that few piles need."""
    yield from import_module("storyledger.pages.feeds").iter_feed(file)


def _iter_markdown(file: File) -> Iterator[Page]:
    yield from import_module("storyledger.pages.markdown").iter_markdown(file)


def _iter_warc(file: File) -> Iterator[Page]:
    yield from import_module("storyledger.pages.warc").iter_warc(file)


def _iter_arc(file: File) -> Iterator[Page]:
    yield from import_module("storyledger.pages.warc").iter_arc(file)


def _iter_zip(file: File) -> Iterator[Page]:
    yield from iter_zip(file, iter_file)


def _iter_tar(file: File) -> Iterator[Page]:
    yield from iter_tar(file, iter_file)


READERS: Mapping[Kind, Reader] = {
    "html": _iter_html,
    "text": _iter_text,
    "markdown": _iter_markdown,
    "mhtml": iter_mhtml,
    "webarchive": iter_webarchive,
    "singlefile_zip": iter_singlefile_zip,
    "warc": _iter_warc,
    "arc": _iter_arc,
    "wacz": lambda file: iter_wacz(file, _iter_warc),
    "har": iter_har,
    "zip": _iter_zip,
    "tar": _iter_tar,
    "gzip": _iter_gzip,
    "jsonl": iter_jsonl,
    "json": iter_json,
    "feed": _iter_feed,
    "nitf": iter_news_xml,
    "newsml": iter_news_xml,
    "enex": iter_enex,
    "mail": iter_mail,
    "mbox": iter_mbox,
    "list": iter_list,
    **OFFICE,
}
