"""The workbench in a real browser, as a reporter uses it: by keyboard, on a telephone, without anything serious to axe."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_report_browser import AXE, FLAGS
from test_workbench import Running, built, start

webdriver = pytest.importorskip("selenium.webdriver")
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import Select, WebDriverWait  # noqa: E402

__all__ = ["built"]


@pytest.fixture(scope="module")
def running(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    ledger = tmp_path_factory.mktemp("browsed") / "story.db"
    shutil.copy(built, ledger)
    found = start(ledger)
    yield found
    found.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not binary or not driver:
        pytest.skip("chromium and chromium-driver (Debian packages) are not installed")
    profile = tempfile.mkdtemp(prefix="storyledger-chrome-")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=driver))
    made.set_page_load_timeout(120)
    yield made
    made.quit()
    shutil.rmtree(profile, ignore_errors=True)


def test_search_read_correct_by_keyboard_and_see_it_follow(running: Running, browser: webdriver.Chrome) -> None:
    browser.get(running.place)
    browser.find_element(By.TAG_NAME, "body").send_keys("/")
    box = browser.switch_to.active_element
    assert box.get_attribute("id") == "q"
    box.send_keys('"every family has an answer"', Keys.ENTER)
    hits = browser.find_elements(By.CSS_SELECTOR, ".results .line")
    said = next(h for h in hits if "statement" in h.find_element(By.CLASS_NAME, "facts").text)
    assert "every family has an answer" in said.text
    said.find_element(By.TAG_NAME, "a").click()
    chosen = Select(browser.find_element(By.CSS_SELECTOR, "form:has(input[value=set_speaker]) select"))
    name = chosen.options[3].text
    chosen.select_by_index(3)
    browser.find_element(By.CSS_SELECTOR, "form:has(input[value=set_speaker]) button").click()
    again = WebDriverWait(browser, 120).until(lambda b: b.find_elements(By.ID, "again"))
    again[0].click()
    assert name in browser.find_element(By.TAG_NAME, "h1").text or "no entry" in browser.page_source
    browser.get(running.place + "/journal")
    assert "set speaker" in browser.find_element(By.CSS_SELECTOR, ".line").text


def test_a_page_opens_at_its_words(running: Running, browser: webdriver.Chrome) -> None:
    said = running.ask("/api/statements?limit=500")[1]["statements"][-1]["content"]
    browser.get(f"{running.place}/documents/{said['document']}?at={said['start']}-{said['end']}")
    spot = browser.find_element(By.ID, "here")
    top = browser.execute_script("return arguments[0].getBoundingClientRect().top", spot)
    assert 0 <= top <= browser.execute_script("return innerHeight")


def test_the_review_is_answered_by_one_key(running: Running, browser: webdriver.Chrome) -> None:
    browser.get(running.place + "/review")
    first = browser.find_element(By.CSS_SELECTOR, ".question").text
    browser.find_element(By.TAG_NAME, "body").send_keys("k")
    WebDriverWait(browser, 60).until(lambda b: "skip=" in b.current_url)
    assert browser.find_element(By.CSS_SELECTOR, ".question").text != first


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_nothing_is_wider_than_the_screen_and_axe_finds_nothing_serious(
    running: Running, browser: webdriver.Chrome, width: int
) -> None:
    browser.set_window_size(width, 900)
    statement = running.ask("/api/statements?limit=1")[1]["statements"][0]
    page = statement["content"]["document"]
    actor = running.ask("/api/actors?limit=1")[1]["actors"][0]["id"]
    paths = ("/", "/search?q=ferry", "/statements", f"/statements/{statement['id']}", f"/actors/{actor}")
    for path in (*paths, f"/documents/{page}", "/review", "/journal", "/add"):
        browser.get(running.place + path)
        wide = browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
        assert wide <= 1, path
        if not AXE.is_file():
            pytest.skip("axe-core is not installed: run `npm ci` in tests/")
        browser.execute_script(AXE.read_text(encoding="utf-8"))
        serious = browser.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {resultTypes: ['violations']}).then((r) => done(r.violations.filter("
            "(v) => ['serious', 'critical'].includes(v.impact)).map((v) => v.id + ' ' + v.nodes[0].html)))"
        )
        assert serious == [], path
    errors = [e for e in browser.get_log("browser") if e["level"] == "SEVERE"]
    assert errors == []
