"""Pages that a feed names, from a real server on this machine: kept once, politely, and nothing else is reached."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.tool import run

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Post</title>
<item><title>Crane falls</title><link>/crane.html</link></item>
<item><title>Crane falls, again</title><link>/moved</link></item>
<item><title>Crane falls</title><link>/crane.html#comments</link></item>
<item><title>Only for readers</title><link>/private/list.html</link></item>
<item><title>Gone</title><link>/gone.html</link></item>
<item><title>The machine's own</title><link>http://localhost:{port}/crane.html</link></item>
<item><title>A file</title><link>file:///etc/hostname</link></item>
<item><title>Without end</title><link>/loop</link></item>
</channel></rss>"""
PAGE = """<html><head><title>{title}</title><meta property="article:published_time" content="2020-05-0{day}"></head>
<body><article><h1>{title}</h1><p>A crane fell into the harbour basin on Monday, the port authority of Eskwater said.
Nobody was hurt. The director, Ines Mallory, said the wind had been stronger than forecast.</p></article></body></html>"""


class _Site(BaseHTTPRequestHandler):
    asked: list[tuple[str, str]]

    def do_GET(self) -> None:
        port = self.server.server_address[1]
        self.asked.append((self.path, self.headers["User-Agent"]))
        bodies = {
            "/robots.txt": "User-agent: *\nDisallow: /private/\n",
            "/feed": FEED.replace("{port}", str(port)),
            "/crane.html": PAGE.format(title="Crane falls into basin", day=4),
            "/second.html": PAGE.format(title="Crane is raised again", day=5),
            "/not-a-feed": "<html><body>Nothing here</body></html>",
        }
        to = {"/moved": "/second.html", "/loop": "/loop", "/away": "ftp://example.org/x"}.get(self.path)
        body = bodies.get(self.path, "").encode()
        self.send_response(302 if to else 200 if body else 404)
        if to:
            self.send_header("Location", to)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    asked: list[tuple[str, str]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Site", (_Site,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


def test_what_a_feed_names_is_kept_once_and_builds(site: tuple[str, list[tuple[str, str]]], tmp_path: Path) -> None:
    home, asked = site
    kept = tmp_path / "pages.warc.gz"
    done = run("fetch", f"{home}/feed", "-o", kept, "--delay", "0")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 pages fetched, 0 were there before, 5 failures")
    for code in ("E-FETCH-ROBOTS", "E-FETCH-STATUS", "E-FETCH-PRIVATE", "E-FETCH-ADDRESS", "E-FETCH-MOVED"):
        assert done.stderr.count(code) == 1
    paths = [path for path, _ in asked]
    assert "/private/list.html" not in paths
    assert paths.count("/robots.txt") == 1
    assert all(agent.startswith("storyledger/") for _, agent in asked)
    before = len(paths)
    again = run("fetch", f"{home}/feed", "-o", kept, "--delay", "0", "--most", "1")
    assert again.stdout.startswith("0 pages fetched, 2 were there before")
    assert "/crane.html" not in [path for path, _ in asked[before:]]
    built = run("build", kept, "-o", tmp_path / "s.db", "--quiet")
    assert built.returncode == 0, built.stderr
    shown = run("show", tmp_path / "s.db", "sources").stdout
    assert "Crane falls into basin" in shown
    assert "Crane is raised again" in shown


@pytest.mark.parametrize(
    ("path", "code"), [("/not-a-feed", "E-FETCH-FEED"), ("/away", "E-FETCH-ADDRESS"), ("/nothing", "E-FETCH-STATUS")]
)
def test_what_is_no_feed_says_so(site: tuple[str, list[tuple[str, str]]], tmp_path: Path, path: str, code: str) -> None:
    done = run("fetch", site[0] + path, "-o", tmp_path / "pages.warc")
    assert done.returncode == 3
    assert code in done.stderr


def test_a_host_that_is_not_there_costs_its_own_feed(site: tuple[str, list[tuple[str, str]]], tmp_path: Path) -> None:
    done = run("fetch", "http://127.0.0.1:9/feed", f"{site[0]}/feed", "-o", tmp_path / "p.warc", "--delay", "0")
    assert done.returncode == 0
    assert "E-FETCH-NETWORK http://127.0.0.1:9/feed" in done.stderr
    assert done.stdout.startswith("2 pages fetched")


@pytest.mark.parametrize("address", ["file:///etc/hostname", "feed", "ftp://example.org/feed"])
def test_only_the_web_is_asked(tmp_path: Path, address: str) -> None:
    done = run("fetch", address, "-o", tmp_path / "p.warc")
    assert done.returncode == 2
    assert "E-FETCH-ADDRESS" in done.stderr
    assert not (tmp_path / "p.warc").exists()


def test_what_is_no_warc_is_left_as_it_is(site: tuple[str, list[tuple[str, str]]], tmp_path: Path) -> None:
    note = tmp_path / "notes.txt"
    note.write_text("ask Ines about the crane\n")
    assert run("fetch", f"{site[0]}/feed", "-o", note).returncode == 2
    assert note.read_text() == "ask Ines about the crane\n"
