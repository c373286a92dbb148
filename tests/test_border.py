"""One bad page costs one page: whatever a file, record, member, name or stage does, its neighbours stay."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import tarfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from storyledger import pipeline
from storyledger.api import captures_by_document
from storyledger.engine import ProcessEngine, SerialEngine
from storyledger.entries import drop_unproven, settle_ids
from storyledger.export import write_tables
from storyledger.guard import run_guarded, time_limit, without_culprits
from storyledger.pages import iter_pages
from storyledger.report import render_report
from storyledger.settings import Settings
from storyledger.store import Ledger
from storyledger.types import Evidence, Failure, Figure, Page, Story

STORY = (
    "Council closes old bridge\n\nBy Dana Wolfe\n3 May 2019\n\n"
    "The town council closed the old bridge on Thursday after engineers found cracks in two pillars, the mayor said.\n\n"
    "“We could not wait any longer,” Mayor Peter Lang told reporters. About 4,000 cars cross the bridge every day.\n\n"
    "Repairs will cost 2.5 million euros and take until next spring, according to the council.\n"
)


def walk(folder: Path) -> tuple[list[Page], list[Failure]]:
    failures: list[Failure] = []
    return list(iter_pages([str(folder)], failures.append)), failures


def build(folder: Path, out: Path) -> tuple[pipeline.Summary, Story]:
    with Ledger.create(out) as ledger:
        summary = pipeline.build_story([str(folder)], ledger, Settings(workers=1))
        assert list(ledger.iter_damage()) == []
        return summary, ledger.load_story()


# ------------------------------------------------------------------ sources


def odd_feed(inside: str) -> bytes:
    text = "".join(f"&lt;p&gt;{p}&lt;/p&gt;" for p in STORY.split("\n\n")[2:])
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item>{inside}<description>{text}</description></item></channel></rss>'.encode()


def zipped(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
        archive.writestr("good.txt", STORY)
    return file.getvalue()


def broken_member(name: str) -> bytes:
    """A zip whose first member's packed bytes are damaged."""
    data = bytearray(zipped(name, STORY.encode()))
    at = data.index(name.encode()) + len(name)
    data[at : at + 40] = b"\xff" * 40
    return bytes(data)


def tarred(name: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT, errors="surrogateescape") as archive:
        for member in (name, "good.txt"):
            info = tarfile.TarInfo(member)
            info.size = len(STORY.encode())
            archive.addfile(info, io.BytesIO(STORY.encode()))
    return file.getvalue()


ODD: dict[str, bytes] = {
    "half.jsonl": b'{"text": "' + json.dumps(STORY)[1:-1].encode() + b'\\ud800", "title": "\\udfff", "author": "\\ud83d"}\n',
    "huge.jsonl": b'{"text": "' + json.dumps(STORY)[1:-1].encode() + b'", "date": 1e999, "n": ' + b"9" * 5000 + b"}\n",
    "deep.jsonl": b"[" * 100_000 + b"\n",
    "feed1.rss": odd_feed("<pubDate>99999999999999999999</pubDate>"),
    "feed2.rss": odd_feed("<link>http://[::1</link>"),
    "feed3.rss": odd_feed('<media:group xmlns:media="http://search.yahoo.com/mrss/"><media:rating/></media:group>'),
    "feed4.rss": b'<?xml version="1.0" encoding="utf-99"?><rss version="2.0"><channel><item><title>&#xD800;</title></item></channel></rss>',
    "feed5.xml": b"<?xml version='1.0'?><rss><channel><item><guid isPermaLink='x'>" + b"<a>" * 5000,
    "member.zip": broken_member("bad.txt"),
    "inner.zip": zipped("inner.txt.gz", gzip.compress(STORY.encode())[:-9]),
    "name.tar": tarred("caf\udce9.txt"),
    "number.txt": STORY.replace("4,000", "9" * 400).encode(),
    "number2.txt": STORY.replace("4,000", "1e999 and 9" + ",999" * 200 + " million").encode(),
    "word.txt": STORY.replace("4,000", "x" * 100_000).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_an_odd_source_loses_no_neighbour(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "a.txt").write_text(STORY)
    (folder / name).write_bytes(ODD[name])
    (folder / "z.txt").write_text(STORY.replace("Lang", "Berg"))
    summary, story = build(folder, tmp_path / "s.db")
    paths = {d.path for d in story.documents}
    assert {"a.txt", "z.txt"} <= paths
    assert name in paths or any(f.path.startswith(name) for f in summary.failures)
    if name.endswith((".zip", ".tar")):
        assert "good.txt" in {d.record for d in story.documents}
    assert not [f for f in summary.failures if f.code.startswith("E-BUG")], summary.failures


def test_a_file_name_that_is_no_utf8_is_spelt_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text(STORY)
    except OSError:
        pytest.skip("this file system takes no such name")
    pages, failures = walk(folder)
    assert [p.path for p in pages] == ["caf\\xe9.txt"]
    assert not failures
    _, story = build(folder, tmp_path / "s.db")
    assert [d.path for d in story.documents] == ["caf\\xe9.txt"]


def test_two_pages_of_one_name_are_never_silently_one(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    for name in (b"caf\xe9.txt", b"caf\\xe9.txt"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(STORY)
    pages, failures = walk(folder)
    assert len(pages) + len(failures) == 2


# ------------------------------------------------------------------ stages


def double(number: int) -> int:
    if number == 13:
        raise KeyError(number)
    return 2 * number


def die(number: int) -> int:
    if number == 3:
        os._exit(9)
    return 2 * number


def test_the_page_at_fault_is_found_among_many() -> None:
    refused: list[int] = []
    result = without_culprits(lambda ns: sum(map(double, ns)), range(30), lambda n, _: refused.append(n))
    assert refused == [13]
    assert result == 2 * (sum(range(30)) - 13)


def test_a_step_that_always_fails_ends() -> None:
    refused: list[int] = []

    def fail(numbers: Sequence[int]) -> str:
        if numbers:
            raise ValueError
        return "nothing"

    assert without_culprits(fail, range(40), lambda n, _: refused.append(n)) == "nothing"
    assert len(refused) == 40


@pytest.mark.parametrize("workers", [1, 2])
def test_a_process_that_dies_takes_one_page_with_it(workers: int) -> None:
    with ProcessEngine(workers) as engine:
        assert list(engine.map_values(die, range(12), lost=-1)) == [-1 if n == 3 else 2 * n for n in range(12)]
        assert list(engine.map_values(double, range(3))) == [0, 2, 4]


def test_a_page_has_a_time_and_says_when_it_is_spent() -> None:
    def forever(_: object) -> None:
        with time_limit(0.05):
            while True:
                pass

    failure = run_guarded("reading", forever, (1,))
    assert isinstance(failure, Failure)
    assert failure.code == "E-PAGE-TIME"


def test_what_cannot_be_written_costs_its_page() -> None:
    failure = run_guarded("reading", lambda _: "\ud800", (1,))
    assert isinstance(failure, Failure)
    assert failure.stage == "reading"


def test_pages_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def numbers() -> object:
        for n in range(1000):
            taken.append(n)
            yield n

    with ProcessEngine(2) as engine:
        results = engine.map_values(double, (n for n in numbers() if n != 13))  # type: ignore[attr-defined]
        next(results)
        assert len(taken) < 20
    assert next(SerialEngine().map_values(double, iter([1]))) == 2


# ------------------------------------------------------------------ entries


def figure(ident: str, value: float, start: int = 0) -> Figure:
    evidence = Evidence("d", start, start + 1, "x")
    return Figure(ident, "cars", value, None, None, "=", "count", None, None, evidence, None, 1.0)


def test_equal_entries_are_one_and_others_of_its_id_get_their_own() -> None:
    story = Story((), (), (), (), (figure("f:1", 1.0), figure("f:1", 1.0), figure("f:1", 2.0)), (), (), (), (), (), ())
    settled = settle_ids(story).figures
    assert [f.value for f in settled] == [1.0, 2.0]
    assert len({f.id for f in settled}) == 2
    assert settled[0].id == "f:1"


def test_a_number_beyond_any_is_left_out_and_counted() -> None:
    story = Story((), (), (), (), (figure("f:1", float("inf")), figure("f:2", float("nan"))), (), (), (), (), (), ())
    failures: list[Failure] = []
    assert drop_unproven(story, failures).figures == ()
    assert {f.code for f in failures} == {"E-BUG-ENTRY"}


# ------------------------------------------------------------------ budgets


def test_a_tag_with_attributes_without_end_spends_the_pages_budget(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "a.txt").write_text(STORY)
    paragraphs = "".join(f"<p>{p}</p>" for p in STORY.split("\n\n"))
    attributes = " ".join(f"a{n}='{n}'" for n in range(50_000))
    (folder / "many.html").write_text(
        f"<html><body><article><h1>Bridge</h1><p {attributes}>{paragraphs}</article></body></html>"
    )
    begun = time.process_time()
    summary, story = build(folder, tmp_path / "s.db")
    assert time.process_time() - begun < 10
    assert "E-PAGE-WORK" in {f.code for f in summary.failures}
    assert [d.path for d in story.documents] == ["a.txt"]


def test_a_text_that_many_pages_share_is_read_once(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    for n in range(5):
        (folder / f"{n}.txt").write_text(STORY)
    summary, story = build(folder, tmp_path / "s.db")
    assert summary.redone["reading"] == 1
    assert len(story.documents) == 5
    assert {s.content.document for s in story.statements} == {d.id for d in story.documents}


def test_hostile_text_stays_text_in_account_and_tables(shared: Path, tmp_path: Path) -> None:
    case = shared / "cases" / "field" / "81_offsets_and_injection"
    if not case.is_dir():
        pytest.skip("../shared/cases is absent: this test reads a case from it")
    _, story = build(case, tmp_path / "s.db")
    with Ledger.open_readonly(tmp_path / "s.db") as ledger:
        page = render_report(story, captures_by_document(ledger, story), [])
    assert story.documents
    assert not re.search(r"<script>alert|<img src=x|<svg onload|javascript:alert", page, re.IGNORECASE)
    for table in write_tables(story, tmp_path / "tables"):
        if table.suffix == ".csv":
            cells = [cell for row in csv.reader(io.StringIO(table.read_text(encoding="utf-8"))) for cell in row]
            assert not [c for c in cells if c.startswith(("=", "+", "@", "\t"))]
