"""Files that are sent to the workbench and end what reads them: nothing is lost, and nothing stands in the way.

The kills are real: of the process that tries a file, and of the whole server while it reads or builds.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import re
import shutil
import signal
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_workbench import Running, built, send_files, start

from storyledger.cli.root import main
from storyledger.store import Ledger

__all__ = ["built"]
pytestmark = pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="processes are looked up in /proc")

OSTER = (
    "The dyke at Oster gave way\n\nBy Tea Lund\n9 March 2021\n\n"
    "The dyke at Oster gave way on Monday night and forty families left, the engineer Tea Lund said.\n"
)
DEADLY = "mill/deadly.warc.gz"


def make_slow_archive(records: int = 300_000) -> bytes:
    """Return an archive of a crawl that takes two seconds to read: time enough to kill what reads it."""
    head = "WARC/1.0\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:0>\r\nContent-Length: 200\r\n\r\n"
    return gzip.compress(head.encode() + b"x" * 200 + b"\r\n\r\n", mtime=0) * records


def wait_for(look: Callable[[], Any]) -> Any:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.005)
    raise AssertionError("it did not come in a minute")


def find_trial(running: Running) -> int | None:
    """Return the process that tries what was sent."""
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            ours = f"PPid:\t{running.process.pid}\n" in status.read_text()
            if ours and b"workbench.trial" in status.with_name("cmdline").read_bytes():
                return int(status.parent.name)
    return None


def wait_until_read(ledger: Path, name: str) -> None:
    """Wait until it is written down that a file ("": the build) is under way."""
    wait_for(lambda: [m for m in ledger.parent.glob("*-added/taken-*.at") if read_text(m) == name])


def read_text(path: Path) -> str | None:
    with contextlib.suppress(OSError):
        return path.read_text(encoding="utf-8")
    return None


def send_form(running: Running, path: str, **fields: str) -> int:
    data = urllib.parse.urlencode({"token": running.token, **fields}).encode()
    try:
        with urllib.request.urlopen(running.place + path, data, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def aside_of(ledger: Path) -> str:
    """Return the name of what is set aside, which must be one."""
    (folder,) = [f for f in ledger.with_name(ledger.name + "-added").iterdir() if f.is_dir()]
    return folder.name


@pytest.fixture
def ledger(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(built, tmp_path / "story.db"))


def test_a_file_that_ends_what_reads_it_is_set_aside_and_the_others_are_read(ledger: Path) -> None:
    running = start(ledger)
    try:
        assert send_files(running, {DEADLY: make_slow_archive(), "z.txt": OSTER.encode()}, running.token) == 200
        killed: set[int | None] = {None}
        for _ in range(2):
            wait_until_read(ledger, DEADLY)
            trial = wait_for(lambda: {find_trial(running)} - killed).pop()
            wait_until_read(ledger, DEADLY)
            os.kill(trial, signal.SIGKILL)
            killed.add(trial)
        running.wait()
        assert "The dyke at Oster gave way" in running.ask("/documents?limit=500")[1]
        for path in ("/add", "/"):
            shown = running.ask(path)[1]
            assert DEADLY in shown
            assert "twice the process that read this file ended" in shown
        assert [p.read_bytes() for p in ledger.parent.rglob("deadly.warc.gz")] == [make_slow_archive()]
    finally:
        running.end()
    again = start(ledger)
    try:
        assert again.ask("/api/status")[1]["building"] is False  # it is not tried at the next start
        for wrong in ("aside-none", "../story.db-added", "aside-/../..", ""):
            assert send_form(again, "/add/delete", ident=wrong) == 400
        assert send_form(again, "/add/delete", ident=aside_of(ledger), token="wrong") == 403
        assert send_form(again, "/add/delete", ident=aside_of(ledger)) == 200
        assert not ledger.with_name(ledger.name + "-added").exists()
    finally:
        again.end()
    main(["verify", str(ledger)], standalone_mode=False)


def test_a_file_that_takes_the_server_along_is_tried_once_more_then_set_aside_until_somebody_asks(ledger: Path) -> None:
    running = start(ledger)
    assert send_files(running, {DEADLY: make_slow_archive()}, running.token) == 200
    for _ in range(2):
        wait_until_read(ledger, DEADLY)
        running.end(signal.SIGKILL)
        running = start(ledger)
    try:
        assert running.ask("/api/status")[1]["building"] is False
        assert DEADLY in running.ask("/add")[1]
        assert send_form(running, "/add/again", ident=aside_of(ledger)) == 200
        running.wait()  # the kills were ours, and nobody kills it now
        shown = running.ask("/add")[1]
        assert "Set aside" not in shown
        assert re.search(r"deadly.warc.gz</strong>: there is no page in it", shown)
        assert not ledger.with_name(ledger.name + "-added").exists()
    finally:
        running.end()


def test_files_whose_build_ended_the_program_twice_are_set_aside_with_their_pages(ledger: Path) -> None:
    running = start(ledger)
    assert send_files(running, {"z.txt": OSTER.encode()}, running.token) == 200
    for _ in range(2):
        wait_until_read(ledger, "")
        wait_for(lambda: has_page(ledger, "z.txt"))
        running.end(signal.SIGKILL)
        running = start(ledger)
    try:
        assert running.ask("/api/status")[1]["building"] is False
        assert "twice the program ended while it built the story with these files" in running.ask("/add")[1]
        assert not has_page(ledger, "z.txt")  # else the build of the next correction would end the program again
        actor = running.ask("/api/actors?limit=1")[1]["actors"][0]
        running.correct(verb="rename", target=actor["id"], value="Another Name")
        assert "The dyke at Oster" not in running.ask("/documents?limit=500")[1]
        assert send_form(running, "/add/again", ident=aside_of(ledger)) == 200
        running.wait()
        assert "The dyke at Oster gave way" in running.ask("/documents?limit=500")[1]
    finally:
        running.end()
    main(["verify", str(ledger)], standalone_mode=False)


def has_page(ledger: Path, path: str) -> bool:
    with Ledger.open_readonly(ledger) as opened:
        return path in {page.path for _, page in opened.list_pages()}
