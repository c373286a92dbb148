"""What would break for a person who names files, folders and archives."""

import contextlib
import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyledger.errors import PageError
from storyledger.pages import iter_pages
from storyledger.pages.make import make_page

HTML = (
    "<html><body><h1>A bridge opens</h1>" + "<p>It was closed for a year. It is open now.</p>" * 20 + "</body></html>"
)


def read(*paths: Path | str, stdin: io.BytesIO | None = None):
    failures = []
    pages = list(iter_pages([str(p) for p in paths], failures.append, stdin))
    return pages, failures


def codes(failures):
    return sorted(f.code for f in failures)


def test_a_folder_is_read_with_all_below_it_in_the_order_of_names(tmp_path):
    for name, data in (("b.txt", HTML), ("a/c.html", HTML), ("a/b.md", "Some words of a page. " * 20)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(data)
    pages, failures = read(tmp_path)
    assert [p.path for p in pages] == ["a/b.md", "a/c.html", "b.txt"]
    assert [p.media for p in pages] == ["text", "html", "html"]
    assert failures == []


def test_the_order_of_the_arguments_does_not_matter(tmp_path):
    for name in ("b.txt", "a.html"):
        (tmp_path / name).write_text(HTML)
    one, _ = read(tmp_path / "b.txt", tmp_path / "a.html", tmp_path / "b.txt")
    two, _ = read(tmp_path / "a.html", tmp_path / "b.txt")
    assert one == two


def test_two_files_of_one_name_stay_two_pages(tmp_path):
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "page.html").write_text(HTML + folder)
    pages, _ = read(tmp_path / "x" / "page.html", tmp_path / "y" / "page.html")
    assert [p.path for p in pages] == ["x/page.html", "y/page.html"]
    assert len({p.id for p in pages}) == 2


def test_what_cannot_be_used_is_named_and_the_rest_is_read(tmp_path):
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    (tmp_path / "style.css").write_text("p {}")
    (tmp_path / "broken.html.gz").write_bytes(gzip.compress(HTML.encode())[:60])
    (tmp_path / "good.html").write_text(HTML)
    pages, failures = read(tmp_path, tmp_path / "absent.html")
    assert [p.path for p in pages] == ["good.html"]
    assert codes(failures) == [
        "E-PAGE-EMPTY", "E-PAGE-MISSING", "E-PAGE-UNREADABLE", "W-PAGE-KIND", "W-PAGE-KIND",
    ]  # fmt: skip
    assert all(f.advice for f in failures)


def test_a_page_over_the_limit_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("storyledger.pages.file.PAGE_BYTES", 100)
    (tmp_path / "long.txt").write_text("word " * 100)
    assert codes(read(tmp_path)[1]) == ["E-PAGE-TOO-LARGE"]


def test_a_link_that_leads_back_is_named_and_not_followed(tmp_path):
    (tmp_path / "a.html").write_text(HTML)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "dead.html").symlink_to(tmp_path / "nowhere")
    pages, failures = read(tmp_path)
    assert [p.path for p in pages] == ["a.html"]
    assert codes(failures) == ["E-PAGE-LOOP", "E-PAGE-LOOP"]


def test_standard_input_is_a_page():
    pages, _ = read("-", stdin=io.BytesIO(HTML.encode()))
    assert [(p.path, p.media) for p in pages] == [("-", "html")]


def test_a_packed_page_is_read_as_its_content(tmp_path):
    (tmp_path / "p.html.gz").write_bytes(gzip.compress(HTML.encode()))
    pages, _ = read(tmp_path)
    assert pages[0].data == HTML.encode()
    assert pages[0].media == "html"


def test_a_sidecar_states_what_a_capture_has_lost(tmp_path):
    (tmp_path / "p.txt").write_text("Some words of a page. " * 20)
    (tmp_path / "sources.csv").write_text("file,outlet,authors,published\np.txt,The Paper,Ann Lee; Bo Ray,2020-01-02\n")
    pages, failures = read(tmp_path)
    assert failures == []
    assert pages[0].sidecar.outlet == "The Paper"
    assert pages[0].sidecar.authors == ("Ann Lee", "Bo Ray")


def test_a_sidecar_without_file_names_is_named(tmp_path):
    (tmp_path / "p.txt").write_text("Some words of a page. " * 20)
    (tmp_path / "sources.csv").write_text("page,outlet\np.txt,The Paper\n")
    pages, failures = read(tmp_path)
    assert len(pages) == 1
    assert codes(failures) == ["E-PAGE-SIDECAR"]


def test_no_path_leaves_a_zip_and_no_bomb_is_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/p.html", HTML)
        archive.writestr("x/sources.csv", "file,outlet\np.html,The Paper\n")
        archive.writestr("../evil.html", HTML)
        archive.writestr("zeros.txt", "0" * 3_000_000)
    pages, failures = read(tmp_path)
    assert [(p.path, p.record, p.sidecar.outlet) for p in pages] == [("a.zip", "x/p.html", "The Paper")]
    assert codes(failures) == ["E-PAGE-ARCHIVE-LIMIT", "E-PAGE-ARCHIVE-PATH"]


def test_links_in_a_tar_are_not_followed(tmp_path):
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("q/z.txt")
        data = b"Hello world this is. " * 30
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("q/l.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hosts"
        archive.addfile(link)
    pages, failures = read(tmp_path)
    assert [p.record for p in pages] == ["q/z.txt"]
    assert codes(failures) == ["W-PAGE-KIND"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.warc", "a.warc.gz", "a.rss", "a.jsonl.gz", "a.html.gz"])
def test_a_broken_container_is_named(tmp_path, name):
    (tmp_path / name).write_bytes(b"this is not what its name says\n" * 5)
    pages, failures = read(tmp_path)
    assert pages == []
    assert failures


def test_json_lines_give_a_page_a_line_and_name_the_bad_ones(tmp_path):
    rows = [
        json.dumps(
            {
                "url": "http://a.example/1",
                "title": "T",
                "text": "Some text. " * 50,
                "date": "2020-01-01",
                "author": "Ann Bee",
            }
        ),
        "{bad",
        json.dumps({"html": HTML, "source": {"name": "The Paper"}}),
        json.dumps({"title": "no text"}),
        json.dumps([1, 2]),
    ]
    (tmp_path / "c.jsonl").write_text("\n".join(rows))
    pages, failures = read(tmp_path)
    assert [(p.record, p.media) for p in pages] == [("1", "text"), ("3", "html")]
    assert pages[0].declared.authors == ("Ann Bee",)
    assert pages[1].declared.outlet == "The Paper"
    assert [f.record for f in failures] == ["2", "4", "5"]


def test_a_feed_gives_its_full_items_and_names_its_summaries(tmp_path):
    item = "<item><title>A</title><link>http://x.example/a</link><pubDate>Tue, 10 Mar 2020 10:00:00 GMT</pubDate><content:encoded><![CDATA[{}]]></content:encoded></item>"
    body = item.format("<p>Hello there. </p>" * 100) + "<item><title>B</title><description>short</description></item>"
    head = '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Feed</title>'
    (tmp_path / "d.rss").write_text(head + body + "</channel></rss>")
    pages, failures = read(tmp_path)
    assert [(p.declared.title, p.declared.published) for p in pages] == [("A", "2020-03-10")]
    assert codes(failures) == ["W-PAGE-SUMMARY"]


def make_warc(body: bytes, encoding: bytes = b"") -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + encoding
    http += b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: http://x.example/w\r\n"
    head += b"Content-Type: application/http; msgtype=response\r\nContent-Length: " + str(len(http)).encode()
    return head + b"\r\n\r\n" + http + b"\r\n\r\n"


def test_a_crawl_gives_its_pages_with_their_packing_undone(tmp_path):
    packed = make_warc(gzip.compress(HTML.encode()), b"Content-Encoding: gzip\r\n")
    (tmp_path / "e.warc.gz").write_bytes(gzip.compress(packed))
    (tmp_path / "f.warc").write_bytes(make_warc(HTML.encode()))
    pages, failures = read(tmp_path)
    assert [p.data for p in pages] == [HTML.encode()] * 2
    assert {p.declared.url for p in pages} == {"http://x.example/w"}
    assert failures == []


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_raise_anything_but_a_page_error(data):
    for name in ("x.html", "x.txt"):
        with contextlib.suppress(PageError):
            assert make_page(name, None, data).data == data


@given(
    data=st.binary(max_size=300),
    suffix=st.sampled_from([".zip", ".tar.gz", ".warc", ".warc.gz", ".jsonl", ".rss", ".html.gz"]),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_container_stops_a_pile(tmp_path, data, suffix):
    (tmp_path / f"hostile{suffix}").write_bytes(data)
    (tmp_path / "good.html").write_text(HTML)
    pages, _ = read(tmp_path)
    assert "good.html" in [p.path for p in pages]
    (tmp_path / f"hostile{suffix}").unlink()
