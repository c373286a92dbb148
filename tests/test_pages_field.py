"""Cases from the field that are about what a file is and what comes out of it; the inputs lie in ../shared."""

import json
from pathlib import Path

import pytest

from storyledger import api

P8 = 8  # the story of the swing bridge has eight paragraphs


@pytest.fixture(scope="module")
def field(shared: Path) -> Path:
    place = shared / "cases" / "field"
    if not place.is_dir():
        pytest.skip("../shared/cases/field is absent: this test reads its inputs")
    return place


def read(*files: Path):
    failures = []
    return list(api.extract([str(f) for f in files], failures)), failures


def count(row):
    return len([p for p in row["text"].split("\n\n") if p])


@pytest.mark.parametrize(
    ("name", "articles", "failures"),
    [
        ("01_warc_chunked_and_gzip/mid_gzch.warc.gz", 3, 0),
        ("01_warc_chunked_and_gzip/wget_gzch.warc.gz", 1, 0),
        ("03_warc_gzip_header_lies/mid_gziplie.warc.gz", 3, 0),
        ("03_warc_gzip_header_lies/deflate_raw.warc.gz", 1, 0),
        ("03_warc_gzip_header_lies/mid_brtrunc.warc.gz", 2, 1),
        ("05_warc_wget_own_records/wget_plain.warc.gz", 1, 0),
        ("05_warc_wget_own_records/wget_ch.warc.gz", 1, 0),
        ("07_wacz/crawl.wacz", 1, 0),
        ("10_mhtml/chrome.mhtml", 1, 0),
        ("10_mhtml/chrome_renamed.html", 1, 0),
        ("10_mhtml/chrome_renamed.txt", 1, 0),
        ("14_firefox_complete_folder/ffx", 1, 0),
        *((f"09_warc_codings_plain/{n}.warc.gz", 1, 0) for n in ("br", "zstd", "gzip", "chunked", "http2")),
        ("09_warc_codings_plain/resp_and_revisit.warc.gz", 1, 0),
    ],
)
def test_each_file_gives_its_articles_and_names_the_rest(field, name, articles, failures):
    rows, failed = read(field / name)
    assert (len(rows), len(failed)) == (articles, failures)
    assert not any("<" in (row["url"] or "") for row in rows)


def test_a_crawl_that_breaks_off_says_so(field):
    for name in ("truncated.warc.gz", "trunc_plain.warc"):
        rows, failures = read(field / "04_warc_truncated" / name)
        assert failures or "cut" in {row["completeness"] for row in rows}


def test_what_saved_a_page_tells_its_address_and_its_reader_the_rest(field):
    (ie,), _ = read(field / "12_saved_from_headers" / "ie_saved.html")
    (reader,), _ = read(field / "12_saved_from_headers" / "reader.html")
    assert ie["url"] == reader["url"] == "https://www.ostmerecourier.example/2022/05/12/bridge-shut"
    assert (reader["outlet"], reader["authors"]) == ("ostmerecourier.example", ["Tilda Marsh"])


def test_a_copy_in_a_public_archive_has_its_own_address(field):
    rows, _ = read(*sorted((field / "13_wayback_and_archive_today").glob("*.html")))
    assert not any("archive." in row["url"] for row in rows)
    assert {count(row) for row in rows} == {P8}


def test_clean_text_is_kept_whole(field):
    (row,), _ = read(field / "17_jsonl_clean_text" / "np.jsonl")
    assert count(row) == P8


def test_feeds_give_paragraphs_their_own_day_and_their_items_outlet(field):
    names = {
        "19_feed_double_escaped/double.rss": "Ostmere Courier",
        "20_feed_local_day/enc.rss": "Ostmere Courier",
        "20_feed_local_day/atom_xhtml.atom": "Ostmere Courier",
        "21_feed_item_source/planet.rss": "Norby Post",
        "21_feed_item_source/desc.rss": "Ostmere Courier",
    }
    for name, outlet in names.items():
        (row,), _ = read(field / name)
        assert (row["outlet"], row["published"], count(row)) == (outlet, "2022-05-12", P8)
        assert "<" not in row["text"]
        assert "&amp;" not in row["title"]


def test_a_teaser_behind_a_paywall_is_no_whole_article(field):
    (row,), _ = read(field / "33_paywall_and_js_only" / "paywall.html")
    assert row["completeness"] == "cut"


def test_a_page_that_a_script_would_have_filled_is_told(field):
    rows, failures = read(field / "33_paywall_and_js_only" / "nextdata.html")
    assert failures or count(rows[0]) == P8


def test_a_page_whose_text_stands_in_its_metadata_alone_is_whole_or_says_so(field):
    (row,), _ = read(field / "33_paywall_and_js_only" / "ldbody.html")
    assert row["completeness"] == "cut" or row["text"].endswith("will run from 6 am to midnight, the authority said.")
    assert json.dumps(row)
