"""Make the files that ``evals.formats`` reads, each with the real tool, from the six pages of ``formats_pages``.

    python -m evals.formats_make [FOLDER] [NAME ...]

Tools, where they are installed: chromium (selenium), single-file-cli (``SINGLE_FILE``: its command), wget, httrack, warcio,
wacz, pandoc, LibreOffice, pdftotext, w3m. What a tool is missing for is named and left as it was. The made files are kept in
``tests/formats`` (under 2 MB), so that the tests need none of the tools.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import functools
import gzip
import html
import http.server
import io
import json
import os
import plistlib
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from evals.formats_pages import (
    ANSWERS,
    FEATURE,
    FURNITURE,
    HOST,
    LIVE,
    OUTLET,
    PAGES,
    REPORT,
    TABLE,
    WALLED,
    GoldPage,
    Shape,
    write_body,
    write_page,
)  # fmt: skip

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "formats"
Maker = Callable[[Path], None]
MAKERS: dict[str, tuple[GoldPage | None, Maker, frozenset[str]]] = {}
ALL = frozenset(("title", "author", "day", "url", "outlet"))
PRINT_CSS = (
    "body{font:11pt serif} .story-body{column-count:2;text-align:justify;hyphens:auto} "
    ".first::first-letter{float:left;font-size:42pt;line-height:34pt} aside{float:right;width:40%;font-size:15pt} "
    "header,footer{font-size:8pt}"
)
FIXED_CSS = " header{position:fixed;top:0}"


def makes(name: str, page: GoldPage | None, carries: frozenset[str] | set[str] = ALL) -> Callable[[Maker], Maker]:
    """Register a maker of the file ``name``, which holds ``page`` (None: all six) and carries these facts."""

    def keep(maker: Maker) -> Maker:
        MAKERS[name] = (page, maker, frozenset(carries))
        return maker

    return keep


def run(*command: str | Path, cwd: Path | None = None, ok: tuple[int, ...] = (0,)) -> bytes:
    """Run a tool; a missing one raises ``FileNotFoundError``."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, timeout=180, check=False)
    if done.returncode not in ok:
        raise RuntimeError(f"{command[0]}: {done.stderr.decode(errors='replace')[-300:]}")
    return done.stdout


# ------------------------------------------------------------------ a site of the six pages


class _Site(http.server.BaseHTTPRequestHandler):
    """Serves the pages by their paths; ``packed``: gzip in chunks, as many servers do."""

    packed = False
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        page = next((p for p in PAGES if p.name in self.path), None)
        if page is None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = write_page(page).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.packed:
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            packed = gzip.compress(body, mtime=0)
            for at in range(0, len(packed), 500):
                chunk = packed[at : at + 500]
                self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serve(*, packed: bool = False) -> Iterator[str]:
    """Give the address of the site while the block runs."""
    handler = type("_Served", (_Site,), {"packed": packed})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


@functools.cache
def browser() -> Any:
    """Return Chromium, driven."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(flag)
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    options.binary_location = shutil.which("chromium") or ""
    return webdriver.Chrome(options=options, service=service)


def open_page(source: str, folder: Path, name: str = "page.html") -> Any:
    """Load ``source`` in Chromium."""
    (folder / name).write_text(source)
    browser().get((folder / name).as_uri())
    return browser()


# ------------------------------------------------------------------ browsers


@makes("plain.html", REPORT)
def _(target: Path) -> None:
    target.write_text(write_page(REPORT))


@makes("chromium.mhtml", FEATURE)
def _(target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        chrome = open_page(write_page(FEATURE), Path(folder))
        target.write_text(chrome.execute_cdp_cmd("Page.captureSnapshot", {"format": "mhtml"})["data"], newline="")


def print_pdf(page: GoldPage, target: Path, **options: object) -> None:
    """Print a page from Chromium."""
    with tempfile.TemporaryDirectory() as folder:
        chrome = open_page(
            write_page(page, Shape(style=PRINT_CSS + (FIXED_CSS if options["generateTaggedPDF"] else ""))), Path(folder)
        )
        told = chrome.execute_cdp_cmd("Page.printToPDF", {"displayHeaderFooter": True, **options})
        target.write_bytes(base64.b64decode(told["data"]))


@makes("chromium_tagged.pdf", FEATURE, {"title", "author", "day"})
def _(target: Path) -> None:
    print_pdf(FEATURE, target, generateTaggedPDF=True)


@makes("chromium_table.pdf", TABLE, {"title", "author", "day"})
def _(target: Path) -> None:
    print_pdf(TABLE, target, generateTaggedPDF=True)


@makes("chromium_untagged.pdf", REPORT, {"title", "author", "day"})
def _(target: Path) -> None:
    print_pdf(REPORT, target, generateTaggedPDF=False)


def single_file(source: str, target: Path, *options: str) -> None:
    """Save a page with SingleFile."""
    command = os.environ.get("SINGLE_FILE") or shutil.which("single-file")
    if not command:
        raise FileNotFoundError("single-file")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(source)
        flags = ["--browser-executable-path", shutil.which("chromium") or "chromium", '--browser-args=["--no-sandbox"]']
        run(*command.split(), *flags, *options, page.as_uri(), target)


@makes("singlefile.html", LIVE, ALL)
def _(target: Path) -> None:
    single_file(write_page(LIVE), target)


@makes("singlefile_compressed.html", ANSWERS, ALL)
def _(target: Path) -> None:
    single_file(write_page(ANSWERS), target, "--compress-content=true", "--self-extracting-archive=true")


def shadow_page(page: GoldPage) -> str:
    """Return a page whose article a script puts into shadow roots."""
    body = json.dumps(f"<div class=text>{write_body(page)}</div>").replace("</", "<\\/")
    script = f"""<script>customElements.define("story-text", class extends HTMLElement {{
      connectedCallback() {{ this.attachShadow({{mode: "open"}}).innerHTML = {body}; }} }});</script>"""
    return (
        write_page(page).replace(write_body(page), "<story-text></story-text>").replace("</body>", script + "</body>")
    )


@makes("singlefile_components.html", REPORT, ALL)
def _(target: Path) -> None:
    single_file(shadow_page(REPORT), target)


@makes("singlefile_frame.html", TABLE, ALL)
def _(target: Path) -> None:
    with tempfile.TemporaryDirectory():
        inner = html.escape(f"<html><body>{write_body(TABLE)}</body></html>")
        frame = f'<iframe src="about:blank" srcdoc="{inner}" width=600 height=900></iframe>'
        advert = '<iframe srcdoc="&lt;p&gt;Buy a boat for 900 euros at Hulls of Norby&lt;/p&gt;"></iframe>'
        single_file(write_page(TABLE).replace(write_body(TABLE), frame + advert), target)


@makes("complete/Lock gate.html", REPORT)
def _(target: Path) -> None:
    parts = target.with_name("Lock gate_files")
    parts.mkdir(exist_ok=True)
    (parts / "style.css").write_text("p{}")
    advert = (
        "<html><body><h1>Hulls of Norby</h1>" + "<p>Buy a boat for 900 euros and row home in it the same day.</p>" * 4
    )
    (parts / "saved_resource.html").write_text(advert)
    frame = '<iframe src="./Lock%20gate_files/saved_resource.html"></iframe>'
    saved = f"<!-- saved from url=({len(REPORT.url):04d}){REPORT.url} -->\n"
    target.write_text(write_page(REPORT).replace("<html", saved + "<html", 1).replace("</main>", "</main>" + frame))


@makes("reader.html", FEATURE, {"title", "author", "url"})
def _(target: Path) -> None:
    head = (
        f'<a class="domain reader-domain" href="{FEATURE.url}">{HOST.removeprefix("www.")}</a><div class="domain-border"></div>'
        f'<h1 class="reader-title">{FEATURE.title}</h1><div class="credits reader-credits">{FEATURE.author}</div>'
        '<div class="meta-data"><div class="reader-estimated-time" dir="ltr">3-4 minutes</div></div>'
    )
    target.write_text(
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{FEATURE.title}</title></head><body class="light loaded">'
        f'<div class="container"><div class="header reader-header">{head}</div><hr><div class="content">'
        f'<div class="moz-reader-content"><div id="readability-page-1" class="page">{write_body(FEATURE)}</div></div></div></div>'
        "</body></html>"
    )


@makes("safari.webarchive", LIVE)
def _(target: Path) -> None:
    main = {
        "WebResourceData": write_page(LIVE).encode(), "WebResourceURL": LIVE.url, "WebResourceMIMEType": "text/html",
        "WebResourceTextEncodingName": "UTF-8", "WebResourceFrameName": "",
    }  # fmt: skip
    picture = {
        "WebResourceData": b"\x89PNG\r\n",
        "WebResourceURL": f"https://{HOST}/a.png",
        "WebResourceMIMEType": "image/png",
    }
    target.write_bytes(plistlib.dumps({"WebMainResource": main, "WebSubresources": [picture]}, fmt=plistlib.FMT_BINARY))


@makes("wayback.html", TABLE)
def _(target: Path) -> None:
    stamp = "20230105101112"
    top = (
        f'<script>__wm.wombat("{TABLE.url}","{stamp}","https://web.archive.org/","web","/_static/","1672913472");</script>'
        '<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id="wm-ipp-base"><div id="wm-ipp">'
        f'<a href="https://web.archive.org/web/{stamp}/{TABLE.url}">37 captures</a> 12 May 2022 - 03 Mar 2024</div></div>'
        "<!-- END WAYBACK TOOLBAR INSERT -->"
    )
    page = write_page(TABLE).replace(f'href="{TABLE.url}"', f'href="https://web.archive.org/web/{stamp}/{TABLE.url}"')
    target.write_text(page.replace("<body>", "<body>" + top))


# ------------------------------------------------------------------ mirrors and crawls


@makes("wget_mirror", REPORT, ALL)
def _(target: Path) -> None:
    with serve() as site:
        run("wget", "-q", "-x", "-k", "-E", "-P", target, f"{site}/{REPORT.url.split('/', 3)[3]}", ok=(0, 8))


@makes("httrack", ANSWERS, ALL)
def _(target: Path) -> None:
    with serve() as site, tempfile.TemporaryDirectory() as folder:
        address = f"{site}/{ANSWERS.url.split('/', 3)[3]}"
        run("httrack", address, "-O", folder, "-r1", "-q", "--robots=0", "-%v0", ok=(0, 1))
        for file in Path(folder).rglob("water*.html"):
            (target / file.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target / file.relative_to(folder))


@makes("wget.warc.gz", None, ALL - {"url"})
def _(target: Path) -> None:
    with serve(packed=True) as site, tempfile.TemporaryDirectory() as folder:
        addresses = [f"{site}/{p.url.split('/', 3)[3]}" for p in PAGES]
        run(
            "wget",
            "-q",
            "--warc-file",
            target.with_name("wget"),
            "--header=Accept-Encoding: gzip",
            *addresses,
            cwd=Path(folder),
            ok=(0, 8),
        )


def write_warc(stream: io.BufferedIOBase, *, gzip_it: bool, coding: str = "", version: str = "WARC/1.1") -> None:
    """Write a crawl of the six pages with warcio, and a revisit of the first."""
    import brotli
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    writer = WARCWriter(stream, gzip=gzip_it, warc_version=version)
    day = {"WARC-Date": "2023-05-01T10:00:00Z"}
    writer.write_record(writer.create_warcinfo_record("crawl.warc", {"software": "evals.formats_make"}))
    for page in PAGES:
        body = write_page(page).encode()
        headers = [("Content-Type", "text/html; charset=utf-8")]
        if coding == "br":
            body = brotli.compress(body)
            headers.append(("Content-Encoding", "br"))
        http_headers = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                page.url, "response", payload=io.BytesIO(body), http_headers=http_headers, warc_headers_dict=day
            )
        )
    writer.write_record(
        writer.create_warc_record(
            "urn:text:" + REPORT.url,
            "resource",
            payload=io.BytesIO(b"the text of it " * 40),
            warc_content_type="text/plain",
        )
    )
    writer.write_record(writer.create_revisit_record(REPORT.url, "sha1:AAAA", REPORT.url, "2023-05-01T10:00:00Z"))


@makes("warcio_br.warc", None)
def _(target: Path) -> None:
    with target.open("wb") as stream:
        write_warc(stream, gzip_it=False, coding="br")


@makes("dictionary.warc.zst", None)
def _(target: Path) -> None:
    import zstandard

    held = io.BytesIO()
    write_warc(held, gzip_it=False, version="WARC/1.0")
    records = [b"WARC/1.0\r\n" + part for part in held.getvalue().split(b"WARC/1.0\r\n")[1:]]
    learned = zstandard.train_dictionary(2000, [r[n : n + 400] for r in records for n in range(0, len(r) - 400, 100)])
    packer = zstandard.ZstdCompressor(dict_data=learned)
    plain = learned.as_bytes()
    frame = b"\x5d\x2a\x4d\x18" + len(plain).to_bytes(4, "little") + plain
    target.write_bytes(frame + b"".join(packer.compress(record) for record in records))


@makes("crawl.wacz", None)
def _(target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        crawl = Path(folder) / "crawl.warc.gz"
        with crawl.open("wb") as stream:
            write_warc(stream, gzip_it=True)
        target.unlink(missing_ok=True)
        run("wacz", "create", "--detect-pages", "-o", target, crawl)


@makes("old.arc.gz", None)
def _(target: Path) -> None:
    def record(url: str, kind: str, block: bytes) -> bytes:
        head = f"{url} 127.0.0.1 20230501100000 {kind} {len(block)}\n".encode()
        return gzip.compress(head + block + b"\n", mtime=0)

    version = b"1 0 Norby\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [record("filedesc://old.arc", "text/plain", version)]
    for page in PAGES:
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + write_page(page).encode()
        parts.append(record(page.url, "text/html", block))
    target.write_bytes(b"".join(parts))


@makes("visit.har", REPORT)
def _(target: Path) -> None:
    def entry(url: str, kind: str, text: str) -> dict[str, object]:
        content = {"mimeType": kind, "text": text, "size": len(text)}
        return {"startedDateTime": "2023-05-01T10:00:00.000Z", "request": {"method": "GET", "url": url},
                "response": {"status": 200, "content": content}}  # fmt: skip

    rows = [
        entry(REPORT.url, "text/html; charset=utf-8", write_page(REPORT)),
        entry(f"https://{HOST}/a.css", "text/css", "p{}"),
    ]
    target.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "x"}, "entries": rows}}))


# ------------------------------------------------------------------ word processors and books


def pandoc(page: GoldPage, target: Path, *options: str, source: str | None = None) -> None:
    """Write a page's article in a format of pandoc's."""
    text = source if source is not None else (
        f"<html><head><title>{page.title}</title></head><body><h1>{page.title}</h1><p>By {page.author}</p>"
        f"<p>{page.shown_day}</p>{write_body(page)}</body></html>"
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "in.html").write_text(text)
        run("pandoc", "-f", "html", "-s", "-o", target.absolute(), *options, Path(folder) / "in.html", cwd=Path(folder))


def office(source: Path, kind: str, target: Path) -> None:
    """Convert a file with LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        command = shutil.which("soffice") or shutil.which("libreoffice") or "soffice"
        run(
            command,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            folder,
            source,
        )
        made = next(
            p for p in Path(folder).iterdir() if p.is_file() and p.suffix == "." + kind.split(":", maxsplit=1)[0]
        )
        shutil.copy(made, target)


for _name, _page in (("pandoc.docx", TABLE), ("pandoc.odt", FEATURE), ("pandoc.rtf", REPORT)):
    makes(_name, _page, {"title", "author", "day"})(functools.partial(pandoc, _page))


def through_office(page: GoldPage, kind: str, target: Path) -> None:
    """Write a page with pandoc and save it again with LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        pandoc(page, Path(folder) / "in.docx")
        office(Path(folder) / "in.docx", kind, target)


for _name, _page, _kind in (
    ("office.docx", ANSWERS, "docx"), ("office.odt", REPORT, "odt"), ("office.rtf", TABLE, "rtf"), ("office.pdf", FEATURE, "pdf"),
):  # fmt: skip
    makes(_name, _page, {"title", "author", "day"})(
        lambda target, page=_page, kind=_kind: through_office(page, kind, target)  # type: ignore[misc]
    )


@makes("tracked.docx", REPORT, {"title", "author", "day"})
def _(target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "in.docx"
        pandoc(REPORT, plain)
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            for name in source.namelist():
                data = source.read(name)
                if name == "word/document.xml":
                    gone = b'<w:del w:id="1" w:author="x"><w:r><w:delText>Sixty barges and a whale. </w:delText></w:r></w:del>'
                    hidden = b"<w:r><w:rPr><w:vanish/></w:rPr><w:t>Note to self: call the whale. </w:t></w:r>"
                    data = data.replace(b"<w:r><w:t", gone + hidden + b"<w:r><w:t", 1) if b"<w:r><w:t" in data else data.replace(
                        b"</w:p>", gone + hidden + b"</w:p>", 1)  # fmt: skip
                made.writestr(name, data)


@makes("book.epub", None, {"title"})
def _(target: Path) -> None:
    chapters = "".join(f"<h1>{p.title}</h1><p>By {p.author}</p><p>{p.shown_day}</p>{write_body(p)}" for p in PAGES)
    source = f"<html><head><title>Clippings</title></head><body>{chapters}</body></html>"
    pandoc(
        REPORT,
        target,
        "--metadata",
        "title=Clippings",
        "--epub-chapter-level=1",
        source=source.replace('<img src="tower.png" alt="">', ""),
    )


@makes("pdftotext.txt", REPORT, {"title", "author", "day"})
def _(target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "in.pdf"
        page = f"<h1>{REPORT.title}</h1><p>By {REPORT.author}</p><p>{REPORT.shown_day}</p>{write_body(REPORT)}"
        chrome = open_page(f'<meta charset="utf-8"><title>x</title>{page}', Path(folder))
        paper.write_bytes(base64.b64decode(chrome.execute_cdp_cmd("Page.printToPDF", {})["data"]))
        run("pdftotext", paper, target)


@makes("w3m.txt", ANSWERS, {"title", "author", "day"})
def _(target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.html"
        source.write_text(write_page(ANSWERS, Shape(furniture=False)))
        target.write_bytes(run("w3m", "-dump", "-cols", "78", "-O", "UTF-8", source))


@makes("pandoc.txt", TABLE, {"title", "author", "day"})
def _(target: Path) -> None:
    pandoc(TABLE, target, "-t", "plain")


# ------------------------------------------------------------------ press archives, by their documented layouts


def nexis(page: GoldPage) -> str:
    """Return an article as Nexis Uni lays it out, as HTML for pandoc."""
    day = dt.date.fromisoformat(page.day)
    head = (page.title, OUTLET, f"{day:%B} {day.day}, {day.year} {day:%A}", f"Copyright {day.year} Norby Post Publishing House All Rights Reserved",
            "Section: NEWS; Pg. 4", f"Length: {sum(len(t.split()) for t in page.body)} words", f"Byline: {page.author.upper()}", "Body")  # fmt: skip
    tail = (
        "Classification",
        "Language: ENGLISH",
        "Publication-Type: Newspaper",
        f"Load-Date: {day:%B} {day.day}, {day.year}",
        "End of Document",
    )
    return "".join(f"<p>{html.escape(line)}</p>" for line in (*head, *page.body, *tail))


@makes("nexis.docx", None, {"title", "author", "day", "outlet"})
def _(target: Path) -> None:
    pandoc(REPORT, target, source=f"<html><body>{''.join(nexis(p) for p in PAGES)}</body></html>")


@makes("nexis.rtf", None, {"title", "author", "day", "outlet"})
def _(target: Path) -> None:
    pandoc(REPORT, target, source=f"<html><body>{''.join(nexis(p) for p in PAGES)}</body></html>")


@makes("nexis.pdf", None, {"title", "author", "day", "outlet"})
def _(target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pandoc(REPORT, Path(folder) / "in.docx", source=f"<html><body>{''.join(nexis(p) for p in PAGES)}</body></html>")
        office(Path(folder) / "in.docx", "pdf", target)


@makes("nexis_old.txt", None, {"title", "author", "day", "outlet"})
def _(target: Path) -> None:
    import textwrap

    parts = []
    for number, page in enumerate(PAGES, 1):
        day = dt.date.fromisoformat(page.day)
        body = "\n\n".join(textwrap.fill(text, 78) for text in page.body)
        words = sum(len(text.split()) for text in page.body)
        parts.append(
            f"{'':27}{number} of {len(PAGES)} DOCUMENTS\n\n\n{'':30}{OUTLET}\n\n{'':24}{day:%B} {day.day}, {day.year} {day:%A}\n"
            f"{'':30}First Edition\n\n{page.title}\n\nBYLINE: {page.author.upper()}\n\nSECTION: NEWS; Pg. 4\n\nLENGTH: {words} words\n\n"
            f"\n{body}\n\nLOAD-DATE: {day:%B} {day.day}, {day.year}\n\nLANGUAGE: ENGLISH\n\nPUBLICATION-TYPE: Newspaper\n\n\n"
            f"{'':15}Copyright {day.year} Norby Post Publishing House\n\n\n"
        )
    target.write_text("\n\n".join(parts))


@makes("factiva_codes.txt", None, {"title", "author", "day", "outlet"})
def _(target: Path) -> None:
    parts = []
    for number, page in enumerate(PAGES, 1):
        day = dt.date.fromisoformat(page.day)
        words = sum(len(text.split()) for text in page.body)
        rest = "\n\n".join(page.body[1:])
        parts.append(
            f"HD\n{page.title}\nBY\nBy {page.author}\nWC\n{words} words\nPD\n{day.day} {day:%B} {day.year}\nSN\n{OUTLET}\nSC\nNORPO\n"
            f"LA\nEnglish\nCY\nCopyright {day.year} Norby Post\nLP\n{page.body[0]}\n\nTD\n{rest}\n\nIN\ni7 : Canals\nRE\nnorby : Norby\n"
            f"AN\nDocument NORPO0000{day:%Y%m%d}ei{number}e0000a\n\n\n"
        )
    target.write_text("".join(parts))


@makes("factiva.rtf", None, {"title", "author", "day", "outlet"})
def _(target: Path) -> None:
    parts = []
    for number, page in enumerate(PAGES, 1):
        day = dt.date.fromisoformat(page.day)
        words = sum(len(text.split()) for text in page.body)
        lines = (page.title, page.author, f"{words} words", f"{day.day} {day:%B} {day.year}", OUTLET, "NORPO", "English",
                 f"Copyright {day.year}. Norby Post.", *page.body, f"Document NORPO0000{day:%Y%m%d}ei{number}e0000a")  # fmt: skip
        parts.append("".join(f"<p>{html.escape(line)}</p>" for line in lines))
    pandoc(REPORT, target, source=f"<html><body>{''.join(parts)}</body></html>")


@makes("proquest.txt", None, {"title", "author", "day", "outlet", "url"})
def _(target: Path) -> None:
    parts = []
    for number, page in enumerate(PAGES, 1):
        day = dt.date.fromisoformat(page.day)
        body = "\n\n".join(page.body)
        parts.append(
            f"Document {number} of {len(PAGES)}\n\n{page.title}\n\nAuthor: {page.author}\n\n{OUTLET}; Norby [Norby] {day:%d %b %Y}: 4.\n\n"
            f"Full text: {body}\n\nTitle: {page.title}\n\nPublication title: {OUTLET}\n\nPages: 4\n\nPublication date: {day:%b} {day.day}, {day.year}\n\n"
            f"Section: News\n\nLanguage of publication: English\n\nDocument type: News\n\nDocument URL: {page.url}\n\n"
            f"Copyright: Copyright Norby Post {day:%b} {day.day}, {day.year}\n\nLast updated: {day:%Y-%m-%d}\n\nDatabase: Norby News\n\n"
            "____________________________________________________________\n\n"
        )
    target.write_text("".join(parts))


@makes("europresse.html", None, {"title", "author", "day", "outlet"})
def _(target: Path) -> None:
    parts = []
    for page in PAGES:
        day = dt.date.fromisoformat(page.day)
        parts.append(
            f'<article><header><div class="rdp__DocPublicationName"><span class="DocPublicationName">{OUTLET}, no. 812</span></div>'
            f'<span class="DocHeader">News, {day:%A}, {day:%B} {day.day}, {day.year} {len(page.body) * 60} words, p. 4</span></header>'
            f'<div class="titreArticle"><p class="rdp__articletitle">{html.escape(page.title)}</p></div>'
            f'<p class="sm-margin-bottomNews">{page.author}</p><section><div class="docOcurrContainer"><div>{write_body(page)}</div></div></section>'
            f'<footer><div class="publiC-lblNodoc">news·{day:%Y%m%d}·NPO·0012</div></footer></article>'
        )
    target.write_text(
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>Europresse</title></head><body>{"".join(parts)}</body></html>'
    )


# ------------------------------------------------------------------ mail, notes, services


def mail_of(page: GoldPage) -> EmailMessage:
    """Return a newsletter with a story in it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        f"{OUTLET} <news@norbypost.example>",
        "you@reader.example",
        page.title,
    )
    message["Date"] = f"{dt.date.fromisoformat(page.day):%a, %d %b %Y} 21:40:00 -0500"
    message["List-Id"], message["Message-ID"] = "<news.norbypost.example>", f"<{page.name}@norbypost.example>"
    message.set_content("\n\n".join(page.body))
    shape = f"<html><body><h1>{page.title}</h1><p>By {page.author}</p>{write_body(page)}</body></html>"
    message.add_alternative(shape, subtype="html")
    return message


@makes("newsletter.eml", FEATURE, {"title", "author", "day", "outlet"})
def _(target: Path) -> None:
    target.write_bytes(mail_of(FEATURE).as_bytes())


@makes("forwarded.eml", REPORT, {"title", "day", "outlet"})
def _(target: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "Ann Bee <ann@reader.example>",
        "you@reader.example",
        f"Fwd: {REPORT.title}",
    )
    message["Date"], message["Message-ID"] = "Mon, 18 Mar 2019 09:00:00 +0100", "<1@reader.example>"
    day = dt.date.fromisoformat(REPORT.day)
    head = f"---------- Forwarded message ---------\nFrom: {OUTLET} <news@norbypost.example>\nDate: {day:%a, %b} {day.day}, {day.year} at 6:00 AM\nSubject: {REPORT.title}\nTo: <ann@reader.example>\n\n\n"
    message.set_content(head + "\n\n".join(REPORT.body) + "\n-- \nAnn Bee\nQuay Lane 9, Norby\n")
    target.write_bytes(message.as_bytes())


@makes("folder.mbox", None, {"title", "day", "outlet"})
def _(target: Path) -> None:
    mails = [b"From news@norbypost.example Thu May 12 21:40:00 2022\n" + mail_of(p).as_bytes() + b"\n" for p in PAGES]
    target.write_bytes(b"\n".join(mails))


@makes("notes.enex", None, {"title", "url"})
def _(target: Path) -> None:
    notes = []
    for page in PAGES:
        body = write_body(page).replace('<img src="tower.png" alt="">', "<en-media type='image/png' hash='aa'/>")
        content = f'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE en-note SYSTEM "http://xml.evernote.com/pub/enml2.dtd"><en-note>{body}</en-note>'
        notes.append(
            f"<note><title>{html.escape(page.title)}</title><content><![CDATA[{content}]]></content><created>20230501T101112Z</created>"
            f"<note-attributes><source-url>{page.url}</source-url></note-attributes></note>"
        )
    head = '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE en-export SYSTEM "http://xml.evernote.com/pub/evernote-export4.dtd">'
    target.write_text(
        f'{head}<en-export export-date="20230501T101112Z" application="Evernote">{"".join(notes)}</en-export>'
    )


@makes("wallabag.json", None)
def _(target: Path) -> None:
    rows = [
        {"id": n, "title": p.title, "url": p.url, "content": write_body(p), "published_at": f"{p.day}T06:00:00+0100",
         "published_by": [p.author], "domain_name": OUTLET, "created_at": "2023-05-01T10:00:00+0000", "is_archived": 0}
        for n, p in enumerate(PAGES)
    ]  # fmt: skip
    target.write_text(json.dumps(rows))


@makes("obsidian.md", ANSWERS)
def _(target: Path) -> None:
    body = "\n\n".join(
        f"## {t}" if t.endswith("?") else t.replace("Ostmere", "[Ostmere](https://x.example/o)") for t in ANSWERS.body
    )
    front = f'---\ntitle: "{ANSWERS.title}"\nsource: "{ANSWERS.url}"\nsite: "{OUTLET}"\nauthor:\n  - "[[{ANSWERS.author}]]"\npublished: {ANSWERS.day}\ncreated: 2023-05-01\ntags:\n  - "clippings"\n---\n'
    target.write_text(front + body + "\n")


@makes("jsonfeed.json", None)
def _(target: Path) -> None:
    items = [{"id": p.url, "url": p.url, "title": p.title, "content_html": write_body(p), "date_published": f"{p.day}T06:00:00+01:00",
              "authors": [{"name": p.author}]} for p in PAGES]  # fmt: skip
    target.write_text(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": OUTLET, "items": items}))


@makes("content.rss", None)
def _(target: Path) -> None:
    items = "".join(
        f"<item><title>{html.escape(p.title)}</title><link>{p.url}</link><dc:creator>{p.author}</dc:creator>"
        f"<pubDate>{dt.date.fromisoformat(p.day):%a, %d %b %Y} 22:30:00 -0400</pubDate><description>Short.</description>"
        f"<content:encoded><![CDATA[{write_body(p)}]]></content:encoded></item>"
        for p in PAGES if p is not WALLED
    )  # fmt: skip
    head = '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    target.write_text(
        f"{head}<channel><title>{OUTLET} - News</title><link>https://{HOST}</link>{items}</channel></rss>"
    )


def xhtml(page: GoldPage) -> str:
    """Return the article's markup as XML."""
    return "".join(f"<p>{html.escape(text, quote=False)}</p>" for text in page.body)


@makes("agency.nitf", REPORT, {"title", "author", "day", "outlet"})
def _(target: Path) -> None:
    target.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><nitf><head><title>slug</title><docdata><date.issue norm="{REPORT.day.replace("-", "")}T060000+0100"/></docdata>'
        f'<pubdata name="{OUTLET}" type="print"/></head><body><body.head><hedline><hl1>{html.escape(REPORT.title)}</hl1></hedline>'
        f"<byline>By <person>{REPORT.author}</person></byline></body.head><body.content><block>{xhtml(REPORT)}</block></body.content></body></nitf>"
    )


@makes("agency_g2.xml", LIVE, {"title", "author", "day", "outlet"})
def _(target: Path) -> None:
    target.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header><sent>2021-01-19T00:00:00Z</sent></header><itemSet>'
        f'<newsItem guid="urn:x:1" version="2" standard="NewsML-G2"><itemMeta><itemClass qcode="ninat:text"/><versionCreated>{LIVE.day}T23:30:00-02:00</versionCreated>'
        f'<pubStatus qcode="stat:usable"/></itemMeta><contentMeta><contentCreated>{LIVE.day}T22:00:00-02:00</contentCreated><infoSource><name>{OUTLET}</name></infoSource>'
        f'<creator><name>{LIVE.author}</name></creator><headline>{html.escape(LIVE.title)}</headline></contentMeta><contentSet><inlineXML contenttype="application/xhtml+xml">'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>slug</title></head><body>{xhtml(LIVE)}</body></html></inlineXML></contentSet></newsItem></itemSet></newsMessage>'
    )


@makes("ninjs1.json", TABLE)
def _(target: Path) -> None:
    target.write_text(json.dumps({"uri": "urn:x:1", "type": "text", "headline": TABLE.title, "byline": f"By {TABLE.author}", "url": TABLE.url,
                                  "versioncreated": f"{TABLE.day}T06:00:00+01:00", "source": OUTLET, "body_xhtml": write_body(TABLE)}))  # fmt: skip


@makes("ninjs3.json", ANSWERS)
def _(target: Path) -> None:
    target.write_text(json.dumps({"uri": "urn:x:1", "type": "text", "standard": {"name": "ninjs", "version": "3.0"}, "headlines": [{"role": "main", "value": ANSWERS.title}],
                                  "by": "x", "byline": ANSWERS.author, "firstCreated": f"{ANSWERS.day}T06:00:00+01:00", "url": ANSWERS.url,
                                  "infoSources": [{"name": OUTLET}], "bodies": [{"role": "main", "contentType": "text/html", "value": write_body(ANSWERS)}]}))  # fmt: skip


@makes("clean.jsonl", None)
def _(target: Path) -> None:
    rows = [
        {
            "maintext": "\n".join(p.body),
            "title": p.title,
            "authors": [p.author],
            "date_publish": f"{p.day} 06:00:00",
            "url": p.url,
            "outlet": OUTLET,
        }
        for p in PAGES
    ]
    target.write_text("".join(json.dumps(row) + "\n" for row in rows))


@makes("newsapi.json", REPORT, {"title", "author", "day", "url", "outlet"})
def _(target: Path) -> None:
    whole = "\n".join(REPORT.body)
    row = {"source": {"id": None, "name": OUTLET}, "author": REPORT.author, "title": REPORT.title, "url": REPORT.url, "publishedAt": f"{REPORT.day}T05:00:00Z",
           "content": f"{whole[:200]}… [+{len(whole) - 200} chars]"}  # fmt: skip
    target.write_text(json.dumps({"status": "ok", "totalResults": 1, "articles": [row]}))


@makes("zotero", REPORT)
def _(target: Path) -> None:
    (target / "files" / "7").mkdir(parents=True, exist_ok=True)
    bare = write_page(REPORT).replace(f'<meta name="author" content="{REPORT.author}">', "")
    (target / "files" / "7" / "page.html").write_text(bare)
    first, last = REPORT.author.split()
    (target / "library.rdf").write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:link="http://purl.org/rss/1.0/modules/link/">'
        f'<bib:Article rdf:about="{REPORT.url}"><z:itemType>newspaperArticle</z:itemType><dcterms:isPartOf><bib:Newspaper><dc:title>{OUTLET}</dc:title></bib:Newspaper></dcterms:isPartOf>'
        f"<bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>{last}</foaf:surname><foaf:givenName>{first}</foaf:givenName></foaf:Person></rdf:li></rdf:Seq></bib:authors>"
        f'<link:link rdf:resource="#item_7"/><dc:title>{html.escape(REPORT.title)}</dc:title><dc:date>{REPORT.day}</dc:date>'
        f"<dc:identifier><dcterms:URI><rdf:value>{REPORT.url}</rdf:value></dcterms:URI></dc:identifier></bib:Article>"
        '<z:Attachment rdf:about="#item_7"><rdf:resource rdf:resource="files/7/page.html"/><dc:title>Snapshot</dc:title><link:type>text/html</link:type></z:Attachment></rdf:RDF>'
    )


@makes("pocket.csv", None, frozenset())
def _(target: Path) -> None:
    target.write_text(
        "title,url,time_added,tags,status\n" + "".join(f'"{p.title}",{p.url},1682928672,,unread\n' for p in PAGES)
    )


def main(arguments: list[str]) -> int:
    """Make the files; return how many tools were missing or failed."""
    folder = Path(arguments[0]) if arguments else FOLDER
    wanted = arguments[1:] or list(MAKERS)
    failed = 0
    for name in wanted:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            MAKERS[name][1](target)
            print(f"made {name}")
        except (FileNotFoundError, RuntimeError, ImportError, StopIteration, subprocess.TimeoutExpired) as error:
            failed += 1
            print(f"NOT made {name}: {error}")
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))

__all__ = ["FURNITURE", "MAKERS", "main"]
