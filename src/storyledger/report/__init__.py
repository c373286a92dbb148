"""The account as a page: a story told from its entries, each one click from the words it rests on.

Invariant: the page is made from the story and the captures alone, the same input gives the same page
to the byte, and nothing in it is fetched from anywhere. This room must not know the ledger file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from storyledger.types import Failure, Story

__all__ = ["render_report", "write_report_folder"]


def render_report(story: Story, captures: Mapping[str, bytes], failures: Sequence[Failure]) -> str:
    """Return the account of ``story`` as one self-contained HTML page.

    Args:
        story: what a ledger says.
        captures: the pages' bytes as received, by article id; pages that the ledger kept no bytes of
            are absent, and the account says so.
        failures: what could not be used.
    """
    from storyledger.report.lookup import Lookup  # noqa: PLC0415 - whoever only words a day loads no language for it
    from storyledger.report.page import render_account  # noqa: PLC0415

    return render_account(Lookup(story), captures, failures)


def write_report_folder(story: Story, captures: Mapping[str, bytes], failures: Sequence[Failure], folder: Path) -> None:
    """Write the account of ``story`` into ``folder``: an index, a file a section, one page an article."""
    from storyledger.report.folder import write_report_folder as write  # noqa: PLC0415 - as above

    write(story, captures, failures, folder)
