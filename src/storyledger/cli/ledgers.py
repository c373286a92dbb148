"""What several commands do with ledger files: import, write the account."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

from storyledger import pages as page_room
from storyledger.api import captures_by_document
from storyledger.compare import story_as_of
from storyledger.entries import iter_unstorable
from storyledger.errors import EnvironmentFault, UsageError
from storyledger.export import decode_story, document_shape, read_document
from storyledger.report import render_report, write_report_folder
from storyledger.store import Ledger
from storyledger.types import Failure, Page, Story

HTML_ENDINGS = (".html", ".htm")
LEDGER_TO_WRITE = click.Path(dir_okay=False, path_type=Path)


def check_target(target: Path) -> None:
    """See that ``target`` can be written: before a long build, not after it.

    Raises:
        UsageError: nothing can stand there.
        EnvironmentFault: it may not be written.
    """
    is_page = target.suffix.lower() in HTML_ENDINGS
    folder = target.parent if is_page else target
    while not is_page and not folder.exists():
        folder = folder.parent
    if not folder.is_dir() or (is_page and target.is_dir()):
        raise UsageError("E-PATH", f"{target} cannot be a file there", "name a file in a folder that exists")
    if not os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise EnvironmentFault("E-DENIED", f"{folder} cannot be written", "name a place that you may read and write")


def write_account(ledger: Ledger, target: Path, as_of: str | None = None) -> None:
    """Write the account of ``ledger`` to ``target``: a file, or a folder where it has no .html ending."""
    story = ledger.load_finished_story()
    story = story_as_of(story, as_of) if as_of else story
    captures, failures = captures_by_document(ledger, story), ledger.load_failures()
    if target.suffix.lower() in HTML_ENDINGS:
        target.write_text(render_report(story, captures, failures), encoding="utf-8")
    else:
        write_report_folder(story, captures, failures, target)


def find_captures(story: Story, folder: Path) -> dict[str, bytes]:
    """Return the pages' bytes for the documents of ``story`` found (by their hash) under ``folder``."""
    by_hash = {page.sha256: page.data for page in _iter_pages(folder)}
    return {a.id: by_hash[a.sha256] for a in story.documents if a.sha256 in by_hash}


def import_story(export: Path, output: Path, pages: Path | None) -> tuple[Story, int]:
    """Write the story of ``export`` into a new ledger; return it and how many of its pages were found.

    Raises:
        UsageError: ``output`` exists, or ``export`` is no story.
    """
    if output.exists():
        raise UsageError("E-IMPORT-EXISTS", f"{output} exists", "an import makes a new ledger; name another file")
    document = read_document(export)
    story = decode_story(document)
    for problem in iter_unstorable(story):
        raise UsageError("E-IMPORT-VALUE", f"{problem.section} {problem.entry}: {problem.what}", "see docs/contract.md")
    found: Mapping[str, Page] = {p.sha256: p for p in _iter_pages(pages)} if pages else {}
    matched = [(str(pages), found[a.sha256]) for a in story.documents if a.sha256 in found]
    with Ledger.create(output) as ledger:
        ledger.add_pages(matched, keep_bytes=True)
        ledger.save_story(story, [], {}, {"shape": document_shape(document)})
    return story, len(matched)


def _iter_pages(folder: Path) -> list[Page]:
    failures: list[Failure] = []
    return list(page_room.iter_pages([str(folder)], failures.append))
