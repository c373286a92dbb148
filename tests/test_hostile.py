"""What a page says stays text, wherever a user meets it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("selenium.webdriver")

from evals.hostile import PAYLOADS, find_faults, look_at, open_browser

pytestmark = pytest.mark.skipif(
    not shutil.which("chromium") or not shutil.which("chromedriver"),
    reason="chromium and chromium-driver (Debian packages) are not installed",
)


def test_pages_hostile_in_every_field_run_nothing_fetch_nothing_and_steer_nothing(tmp_path: Path) -> None:
    assert list(find_faults(tmp_path, pages=5, visits=7)) == []


def test_the_trap_closes_on_a_page_that_does_let_them_in(tmp_path: Path) -> None:
    page = tmp_path / "open.html"
    page.write_text(f"<html><body>{PAYLOADS[0]}{PAYLOADS[3]}</body></html>", encoding="utf-8")
    with open_browser() as browser:
        browser.get(page.as_uri())
        found = " ".join(look_at(browser, "page", "file:"))
    assert "a script of a page ran" in found
    assert "IMG has onerror" in found
    assert "a request went to http://owned.invalid/i" in found
