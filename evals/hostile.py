# ruff: noqa: E501, Q003 (tables of odd values and pages read best in rows)
"""Pages whose every field is hostile: in account, workbench, exports and terminal they stay text.

    python -m evals.hostile [PAGES] [--visits 200] [--seed 1]

Builds PAGES (200) such pages, then opens the account and the pages of the workbench in Chromium, writes every export
and prints every view. It fails where a script of a page ran, a request left for elsewhere, an element of a page stands
in ours, an escape reaches the terminal or a cell begins a formula. Needs chromium and chromedriver; exits with 1 for a
fault.
"""

from __future__ import annotations

import argparse
import csv
import html
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from click.testing import CliRunner

from evals.fuzz import ESCAPES, FORMULA, NUMBER
from storyledger.cli.root import main as command_line
from storyledger.show import VIEWS

MARK = "owned"  # what a script of a page would leave behind, and where its requests would go
PAYLOADS = (
    f"<script>window.{MARK}=1</script>", f"</script><script>window.{MARK}=1</script>", f"<svg onload=window.{MARK}=1>",
    f"\"><img src=http://{MARK}.invalid/i onerror=\"window.{MARK}=1\">", f"' onmouseover='window.{MARK}=1' x='",
    f"</style><style>@import url(http://{MARK}.invalid/c)</style>", f"<iframe src=http://{MARK}.invalid/f></iframe>",
    f"<link rel=stylesheet href=http://{MARK}.invalid/l>", f"<base href=http://{MARK}.invalid/>",
    f"<meta http-equiv=refresh content=0;url=http://{MARK}.invalid/>", f"javascript:window.{MARK}=1",
    f"[x](javascript:window.{MARK}=1)", "{{ 7*7 }}{% raw %}", "${7*7}", f'=HYPERLINK("http://{MARK}.invalid","x")',
    "@SUM(1+1)", "+1+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1+1", "\x1b]0;owned\x07", "\x1b[2J\x1b[31m", "\x9b31m",
    "\u202egnp.exe", "\u2066hidden\u2069", "]]>", "<!--", f"&lt;script&gt;window.{MARK}=1&lt;/script&gt;", "\u2028",
    f"<form action=http://{MARK}.invalid/><input name=q>", f"<a href=javascript:window.{MARK}=1>x</a>", "'; DROP TABLE page;--",
    f"<math><mtext><table><mglyph><style><img src=x onerror=window.{MARK}=1>", f"`;window.{MARK}=1;//", "\\u003cscript\\u003e",
)  # fmt: skip
NAMES = (
    b"=cmd%d.html",
    b'"><img src=x onerror=owned()>%d.html',
    b"esc\x1b[31m%d.html",
    b"\xe2\x80\xae%d.html",
    b"a%d.html",
)
SUSPICIOUS = """
const bad = [];
if (window.owned !== undefined) bad.push('a script of a page ran');
for (const e of document.querySelectorAll('*')) {
  for (const a of e.attributes) {
    if (/^on/i.test(a.name)) bad.push(e.tagName + ' has ' + a.name);
    if (['href', 'src', 'action', 'formaction', 'xlink:href'].includes(a.name)
        && (/^\\s*(javascript|vbscript):/i.test(a.value) || (a.name !== 'href' && a.value.includes('owned.invalid'))))
      bad.push(e.tagName + ' ' + a.name + '=' + a.value.slice(0, 80));
  }
  if (['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'MATH'].includes(e.tagName)) bad.push('an element ' + e.tagName);
  if (['SCRIPT', 'STYLE'].includes(e.tagName) && e.type !== 'application/json' && e.textContent.includes('owned'))
    bad.push('words of a page in ' + e.tagName);
}
return bad;
"""
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1280,900",
)  # fmt: skip


def write_pile(folder: Path, count: int, seed: int) -> None:
    """Write ``count`` pages: hostile in file name, title, authors, outlet, address, date, names, words and numbers."""
    dice = Random(seed)
    folder.mkdir()
    for number in range(count):
        pick = iter([PAYLOADS[(number * 7 + k) % len(PAYLOADS)] for k in range(len(PAYLOADS))])
        told = {k: next(pick) for k in ("title", "author", "outlet", "date", "name", "body", "said", "place", "unit")}
        place = bytes(folder) + b"/" + (NAMES[number % len(NAMES)] % number).replace(b"/", b"_")
        Path(place.decode("utf-8", "surrogateescape")).write_text(make_page(told, dice), encoding="utf-8")


def make_page(told: dict[str, str], dice: Random) -> str:
    """Return a page that says what ``told`` has, each where a reader looks for it."""
    safe = {k: html.escape(v) for k, v in told.items()}
    number, day = dice.randrange(3, 4000), 1 + dice.randrange(28)
    data = {
        "@type": "NewsArticle",
        "headline": told["title"],
        "author": {"name": told["author"]},
        "datePublished": told["date"],
    }
    linked = json.dumps(data).replace("</", "<\\/")
    return f"""<html><head><title>{safe["title"]} Old bridge closed</title><meta name="author" content="{safe["author"]}">
<meta property="og:site_name" content="{safe["outlet"]}"><link rel="canonical" href="{safe["said"]}">
<meta property="article:published_time" content="2021-03-{day:02}">
<script type="application/ld+json">{linked}</script></head><body><article>
<h1>{safe["title"]} Old bridge closed in {safe["place"]}</h1><p>By Dana {safe["author"]}</p>
<p>Mayor Peter {safe["name"]} Lang closed the old bridge of Quillan on Thursday after engineers of the {safe["body"]}
Council found cracks in two pillars.</p>
<p>“We could not wait any longer {safe["said"]},” Mayor Lang told the {safe["outlet"]}. About {number} {safe["unit"]} cars
cross the bridge every day, and {number + 9} people signed.</p>
<p>{safe["body"]} Council director Mira {safe["name"]} Osk denied that {number} cars had crossed it, and resigned two days later.</p>
</article></body></html>"""


def find_faults(folder: Path, pages: int, visits: int, seed: int = 1) -> Iterator[str]:
    """Yield what is wrong, of a pile of ``pages`` and at most ``visits`` pages of its workbench."""
    write_pile(folder / "pile", pages, seed)
    ledger = folder / "s.db"
    yield from find_escapes(
        "build", tell("build", str(folder / "pile"), "-o", str(ledger), "--quiet", "--workers", "1")
    )
    yield from iter_terminal_faults(ledger)
    yield from iter_export_faults(ledger, folder)
    with open_browser() as browser:
        tell("report", str(ledger), "-o", str(folder / "account.html"))
        browser.get((folder / "account.html").as_uri())
        browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
        yield from look_at(browser, "account", "file:")
        with serve(ledger) as place:
            yield from iter_workbench_faults(browser, place, visits)


def tell(*arguments: str) -> str:
    """Return what the command prints, on both streams: the command itself, in this process."""
    done = CliRunner().invoke(command_line, list(arguments))
    assert done.exit_code == 0, (arguments, done.output[-2000:])
    return done.output


def find_escapes(name: str, text: str) -> Iterator[str]:
    """Yield where ``text`` would steer a terminal."""
    for line in text.split("\n"):
        if found := ESCAPES.search(line):
            yield f"{name}: {found[0]!r} reaches the terminal in {line[max(0, found.start() - 40) :][:90]!r}"
            return


def iter_terminal_faults(ledger: Path) -> Iterator[str]:
    """Yield the escapes in what the command line prints of the ledger."""
    for section in VIEWS:
        yield from find_escapes(f"show {section}", tell("show", str(ledger), section))
    for command in ("brief", "judgements", "verify"):
        yield from find_escapes(command, tell(command, str(ledger)))
    story = json.loads(tell("export", str(ledger)))
    for section in ("actors", "statements", "events", "figures"):
        for entry in story[section][:3]:
            yield from find_escapes(f"why {section}", tell("why", str(ledger), entry["id"]))


def iter_export_faults(ledger: Path, folder: Path) -> Iterator[str]:
    """Yield formulas in the tables and escapes in what is written for others."""
    for kind in ("csv", "events", "gephi", "annotations", "timelinejs"):
        tell("export", str(ledger), "--format", kind, "-o", str(folder / kind))
        for path in sorted((folder / kind).iterdir()):
            if path.suffix == ".csv":
                rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
                bad = [c for row in rows for c in row if c.startswith(FORMULA) and not NUMBER.match(c)]
                yield from (f"{kind}/{path.name}: the cell {c[:40]!r} is a formula" for c in bad[:3])
            if path.suffix != ".parquet":
                yield from find_escapes(f"{kind}/{path.name}", path.read_text(encoding="utf-8"))
    slides = json.loads((folder / "timelinejs" / "timeline.json").read_text(encoding="utf-8"))
    for slide in slides["events"]:
        if re.search(r"<(?!/?p>)", slide["text"]["headline"] + slide["text"]["text"]):
            yield f"timelinejs: markup in {slide['text']['headline'][:60]!r}"
    yield from find_escapes("jsonl", tell("export", str(ledger), "--format", "jsonl"))


@contextmanager
def open_browser() -> Iterator[Any]:
    """Give a Chromium that logs its requests."""
    from selenium import webdriver  # noqa: PLC0415 - of the tests; the other evals do without

    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
        service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
        browser = webdriver.Chrome(options=options, service=service)
        browser.set_page_load_timeout(180)
        browser.get("about:blank")  # the browser's own first page asks for things, and its log would be the account's
        browser.get_log("performance")
        try:
            yield browser
        finally:
            browser.quit()


@contextmanager
def serve(ledger: Path) -> Iterator[str]:
    """Give the address of a workbench on the ledger."""
    command = [sys.executable, "-m", "storyledger", "serve", str(ledger), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        lines = iter(process.stdout.readline, "")
        yield next(found[0] for line in lines if (found := re.search(r"http://[\d.:]+", line)))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        process.stdout.close()


def look_at(browser: Any, name: str, own: str) -> Iterator[str]:
    """Yield what a page that is open let in or out; its requests may go to what begins with ``own`` alone."""
    for fault in dict.fromkeys(browser.execute_script(SUSPICIOUS)):
        yield f"{name}: {fault}"
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    for message in messages:
        url = (
            message["params"].get("request", {}).get("url", "")
            if message["method"] == "Network.requestWillBeSent"
            else ""
        )
        if url and not url.startswith((own, "data:", "about:", "chrome:", "blob:")):
            yield f"{name}: a request went to {url[:90]}"


def iter_workbench_faults(browser: Any, place: str, visits: int) -> Iterator[str]:
    """Yield the faults of the workbench's pages, those nearest to the first first."""
    search = [f"/search?q={urllib.parse.quote(p)}" for p in ("owned", PAYLOADS[0], PAYLOADS[3], PAYLOADS[10])]
    queue = deque(["/", *search, "/review", "/journal", "/actors", "/statements", "/events", "/figures", "/documents"])
    seen = set(queue)
    for _ in range(visits):
        if not queue:
            break
        path = queue.popleft()
        browser.get(place + path)
        yield from look_at(browser, path[:60], place)
        links = browser.execute_script("return [...document.links].map(a => a.href)")
        for link in links:
            there = link.removeprefix(place).partition("#")[0]
            if link.startswith(place) and there not in seen and not there.startswith(("/assets", "/account")):
                seen.add(there)
                queue.append(there)


def main() -> int:
    """Build, look, write, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("pages", nargs="?", type=int, default=200)
    parser.add_argument("--visits", type=int, default=200, help="pages of the workbench to open at most")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        for fault in find_faults(Path(folder), chosen.pages, chosen.visits, chosen.seed):
            faults += 1
            print(fault, flush=True)
    print(f"{chosen.pages} hostile pages, {faults} faults")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
