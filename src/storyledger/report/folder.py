"""The account as a folder: an index, a file a section, one page an article; for piles of hundreds of pages.

Invariant: every file opens by itself from file://; a capture is in one file only, which both the index
and the article's page load when the reader asks for the check.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from storyledger.report.files import read_asset
from storyledger.report.lookup import Lookup
from storyledger.report.page import (
    PageView,
    iter_articles,
    iter_parts,
    join_scripts,
    pack_proof,
    write_json,
)
from storyledger.report.spans import speaker_name
from storyledger.report.wording import say_figure, shorten
from storyledger.types import Failure, Story

Row = tuple[str, str, str]  # kind, link, text: what the search goes through


def write_report_folder(story: Story, captures: Mapping[str, bytes], failures: Sequence[Failure], folder: Path) -> None:
    """Write the account of ``story`` into ``folder``, which is made where it does not exist.

    Args:
        story: what a ledger says.
        captures: the pages' bytes as received, by article id; pages that the ledger kept no bytes of
            are absent, and the account says so.
        failures: what could not be used.
        folder: files of the same names in it are replaced, others are left alone.
    """
    for name in ("assets", "captures"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    _write(folder / "assets" / "account.css", read_asset("account.css"))
    _write(folder / "assets" / "account.js", join_scripts())
    lookup = Lookup(story, folder=True)
    for name, text in iter_parts(lookup, captures, failures):
        _write(folder / name, text)
    nowhere = copy.copy(lookup)
    nowhere.here = ""  # the search's links name their file, whichever they are used from
    rows = list(_iter_entry_rows(nowhere))
    for page, text in iter_articles(lookup, captures):
        _write(folder / lookup.page_name(page.number), text)
        rows.extend(_iter_sentence_rows(lookup, page))
        if page.article.id in captures:
            proof = write_json(pack_proof(lookup, page.article, captures))
            _write(folder / "captures" / f"{page.number}.js", f"storyledgerCapture({proof});\n")
    _write(folder / "assets" / "search.js", f"storyledgerSearch({write_json(rows)});\n")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _iter_entry_rows(lookup: Lookup) -> Iterator[Row]:
    """Yield what the index has to find; the one-file form reads the same from the page itself."""
    story = lookup.story
    for actor in story.actors:
        names = dict.fromkeys([actor.name, *(a.text for a in actor.aliases)])
        yield "actor", _link(lookup, "a", actor.id), " · ".join(names)
    for event in story.events:
        yield "event", _link(lookup, "e", event.id), event.summary
    for quantity in story.ledger:
        yield "quantity", _link(lookup, "q", quantity.id), quantity.about
    for comparison in story.comparisons:
        positions = " · ".join(filter(None, (side.position for side in comparison.sides)))
        yield "comparison", _link(lookup, "c", comparison.id), f"{comparison.about} {positions}".strip()
    for statement in story.statements:
        text = f"{speaker_name(lookup, statement)}: {shorten(statement.content.text, 200)}"
        yield "statement", _link(lookup, "s", statement.id), text
    for figure in story.figures:
        yield "figure", _link(lookup, "f", figure.id), f"{say_figure(figure)} {figure.about}: {figure.evidence.text}"


def _link(lookup: Lookup, kind: str, key: str) -> str:
    return lookup.entry_href(lookup.anchor(kind, key))


def _iter_sentence_rows(lookup: Lookup, page: PageView) -> Iterator[Row]:
    name = lookup.page_name(page.number)
    for paragraph in page.paragraphs:
        for sentence in paragraph.sentences:
            text = page.article.text[sentence.start : sentence.end].strip()
            yield "sentence", f"{name}#{sentence.anchor}", text
