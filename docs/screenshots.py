"""Make the pictures in docs/: accounts as a reader sees them, in Debian's Chromium.

    python docs/screenshots.py FERRY.db       the ferry's pictures, of a ledger built from examples/ferry

The example pile is invented, so its words may be shown; the words of other pages belong to their publishers.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver

from storyledger.api import captures_by_document
from storyledger.report import render_report
from storyledger.store import Ledger

HERE = Path(__file__).resolve().parent
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --hide-scrollbars"
).split()
LIMIT_BYTES = 300_000

# name, width, colours, what to do before (a script), what stands at the top (a selector)
FERRY_SHOTS = (
    ("ferry-story-1280", 1280, "light", "", "#main"),
    ("ferry-map-1280", 1280, "light", "", "#map"),
    ("ferry-questions-1280", 1280, "light", "", "#questions"),
    ("ferry-people-1280", 1280, "dark", "", "#people"),
    ("ferry-sources-1280", 1280, "light", "", "#sources"),
    ("ferry-numbers-1280", 1280, "dark", "", "#numbers"),
    ("ferry-page-1280", 1280, "light", "document.querySelector('.kind-conflict a.cite').click()", ""),
    ("ferry-story-390", 390, "light", "", "body"),
    ("ferry-page-390", 390, "dark", "document.querySelector('.lines a.cite').click()", ""),
)


def main() -> None:
    """Write the pictures beside this file, and say how large each is."""
    with Ledger.open_readonly(Path(sys.argv[1])) as ledger:
        story = ledger.load_story()
        html = render_report(story, captures_by_document(ledger, story), [])
    with tempfile.TemporaryDirectory() as work:
        browser = start_browser(Path(work) / "profile")
        try:
            page = Path(work) / "account.html"
            page.write_text(html, encoding="utf-8", newline="\n")
            for shot in FERRY_SHOTS:
                take(browser, page, *shot)
        finally:
            browser.quit()


def start_browser(profile: Path) -> webdriver.Chrome:
    """Return Debian's Chromium without a window and without a network."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    return webdriver.Chrome(options=options, service=service)


def take(browser: webdriver.Chrome, page: Path, name: str, width: int, scheme: str, before: str, top: str) -> None:
    """Write one picture: verified, so that the marks of the check are seen."""
    height = 900 if width > 500 else 844
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.get("about:blank")
    browser.get(page.as_uri())
    browser.execute_script("document.getElementById('verify').click()")
    deadline = time.monotonic() + 30
    while not browser.find_elements("css selector", "#verdict.good") and time.monotonic() < deadline:
        time.sleep(0.1)
    if before:
        browser.execute_script(before)
        time.sleep(0.4)
    if top:
        browser.execute_script("document.querySelector(arguments[0]).scrollIntoView()", top)
    time.sleep(0.6)
    target = HERE / f"{name}.png"
    browser.save_screenshot(str(target))
    size = target.stat().st_size
    print(f"{target.name:<28}{size:>9,} bytes{'  TOO LARGE' if size > LIMIT_BYTES else ''}")


if __name__ == "__main__":
    main()
