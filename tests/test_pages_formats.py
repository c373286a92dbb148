"""What would break for a person whose pages are no clean HTML: every format, from files that the real tools made."""

import gzip
import io
import json
import time
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from evals.formats import check_sources, read_file, score_file
from evals.formats_make import FOLDER, MAKERS
from evals.formats_mutations import try_files
from evals.formats_pages import REPORT, write_page
from storyledger.pages import iter_pages
from storyledger.pages.http import decode_body
from storyledger.pages.kinds import tell_kind


def read(place: Path):
    failures = []
    return list(iter_pages([str(place)], failures.append)), failures


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_a_format_gives_its_article_whole_and_its_facts_right(name):
    score = score_file(name, FOLDER)
    assert score.kept >= 0.98
    assert score.dropped >= 0.95
    assert score.wrong == []
    assert score.extra == 0


def test_the_source_of_a_file_that_is_no_text_comes_out_the_same_again():
    assert check_sources(FOLDER) == []


def test_damaged_files_crash_nothing_and_end_in_no_silence():
    _, bad = try_files(120, seed=5)
    assert bad == []


def test_the_kind_is_told_by_bytes_whatever_the_name(tmp_path):
    for name in ("chromium_tagged.pdf", "pandoc.docx", "wget.warc.gz", "chromium.mhtml", "safari.webarchive"):
        copy = tmp_path / "saved.html"
        copy.write_bytes((FOLDER / name).read_bytes())
        pages, failures = read(copy)
        assert pages, (name, failures)


def test_front_matter_without_an_end_is_told_at_once_whatever_its_line_ends():
    begun = time.process_time()
    assert tell_kind("note.txt", b"---\r\n" + b"title: a line of many\r\n" * 300) == "text"
    assert tell_kind("page", b"---\r\nContent-Type: text/html\r\n" + b"\r\n<p>told" * 200) == "html"
    assert time.process_time() - begun < 1
    assert tell_kind("note.txt", b"---\r\ntitle: told\r\n---\r\nThe wall held.") == "markdown"


def test_a_capture_that_begins_like_a_letter_is_no_mail():
    assert tell_kind("a.txt", b"Date: 12 May 2022\nFrom: Ostmere\n\nThe bridge is shut.") == "text"


def test_a_body_that_is_said_to_be_packed_and_is_not_is_taken_as_it_is():
    body = write_page(REPORT).encode()
    assert decode_body({"content-encoding": "gzip"}, body, "x") == body
    assert decode_body({"content-encoding": "gzip"}, gzip.compress(body), "x") == body


def test_pages_of_a_folder_that_merely_looks_like_a_pages_parts_are_pages(tmp_path):
    (tmp_path / "story.html").write_text(write_page(REPORT))
    (tmp_path / "story_files").mkdir()
    (tmp_path / "story_files" / "other.html").write_text(write_page(REPORT).replace("Forty", "Fifty"))
    pages, _ = read(tmp_path)
    assert len(pages) == 2


def test_parts_of_a_page_in_a_zip_are_no_pages(tmp_path):
    with zipfile.ZipFile(tmp_path / "saved.zip", "w") as archive:
        for file in (FOLDER / "complete").rglob("*"):
            if file.is_file():
                archive.write(file, file.relative_to(FOLDER / "complete").as_posix())
    pages, failures = read(tmp_path / "saved.zip")
    assert [p.record for p in pages] == ["Lock gate.html"]
    assert failures == []


def test_a_crawl_goes_on_behind_a_damaged_record(tmp_path):
    data = bytearray((FOLDER / "wget.warc.gz").read_bytes())
    whole, _ = read(FOLDER / "wget.warc.gz")
    starts = [n for n in range(len(data)) if data.startswith(b"\x1f\x8b\x08", n)]
    at = next(a for a, b in pairwise(starts) if b - a > 900 and a > len(data) // 3)
    data[at + 500 : at + 560] = bytes(60)
    (tmp_path / "hurt.warc.gz").write_bytes(bytes(data))
    pages, failures = read(tmp_path / "hurt.warc.gz")
    assert len(whole) - 2 <= len(pages) < len(whole)
    assert failures
    assert pages[-1].declared.url == whole[-1].declared.url


def test_a_text_that_a_service_cut_says_so():
    ((_, article),), _ = read_file(FOLDER / "newsapi.json")
    assert article.completeness == "cut"
    assert "[+" not in article.text


def test_json_without_texts_is_named_as_a_list(tmp_path):
    (tmp_path / "list.json").write_text(json.dumps([{"title": "A", "url": "https://x.example/a"}]))
    pages, failures = read(tmp_path)
    assert pages == []
    assert [f.code for f in failures] == ["W-PAGE-LIST"]


def test_a_note_with_an_alias_in_its_front_matter_is_no_bomb(tmp_path):
    front = "---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: T\n---\n" + "Some words of a note. " * 30
    (tmp_path / "n.md").write_text(front)
    pages, _ = read(tmp_path)
    assert [p.media for p in pages] == ["text"]


def test_an_archive_in_an_archive_ends_somewhere(tmp_path):
    data = write_page(REPORT).encode()
    name = "p.html"
    for number in range(6):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr(name, data)
        data, name = held.getvalue(), f"{number}.zip"
    (tmp_path / "deep.zip").write_bytes(data)
    pages, failures = read(tmp_path)
    assert pages == []
    assert [f.code for f in failures] == ["E-PAGE-ARCHIVE-LIMIT"]


def test_a_page_that_was_cut_on_its_way_says_so(tmp_path):
    source = write_page(REPORT)
    (tmp_path / "cut.html").write_text(source[: source.index("Divers went down twice") + 40])
    (tmp_path / "whole.html").write_text(source)
    found, _ = read_file(tmp_path)
    assert [article.completeness for _, article in found] == ["cut", "whole"]
