"""The account in a real browser: what an editor does with it, and what a hostile page must not do."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from report_stories import HOSTILE, cut_ferry, load_ferry, make_article, make_hostile

from storyledger.report import render_report, write_report_folder
from storyledger.types import Story

webdriver = pytest.importorskip("selenium.webdriver")
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,900",
]
Open = Callable[[Path], "webdriver.Chrome"]


@pytest.fixture(scope="module")
def chrome() -> Iterator[webdriver.Chrome]:
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not binary or not driver:
        pytest.skip("chromium and chromium-driver (Debian packages) are not installed")
    profile = tempfile.mkdtemp(prefix="storyledger-chrome-")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=driver))
    browser.set_page_load_timeout(180)
    yield browser
    browser.quit()
    shutil.rmtree(profile, ignore_errors=True)


@pytest.fixture
def look(chrome: webdriver.Chrome) -> Iterator[Open]:
    """Open a file at 1280 pixels; afterwards no script may have failed and no request may have left the page."""
    opened: list[str] = []

    def open_page(path: Path) -> webdriver.Chrome:
        opened.append(path.resolve().parent.as_uri())
        chrome.get(path.resolve().as_uri())
        return chrome

    chrome.get("about:blank")
    chrome.get_log("browser")
    chrome.get_log("performance")
    yield open_page
    assert [entry["message"] for entry in chrome.get_log("browser")] == []
    for url in requested(chrome):
        assert url.startswith((*opened, "data:", "about:", "chrome:")), f"a request left the page: {url}"


def requested(chrome: webdriver.Chrome) -> list[str]:
    messages = [json.loads(entry["message"])["message"] for entry in chrome.get_log("performance")]
    return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]


@pytest.fixture(scope="module")
def page(ferry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("account") / "ferry.html"
    path.write_text(render_report(*load_ferry(ferry), []), encoding="utf-8", newline="\n")
    return path


@pytest.fixture(scope="module")
def folder(ferry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("folder")
    write_report_folder(*load_ferry(ferry), [], path)
    return path


def wait(check: Callable[[], object], what: str, limit_s: float = 60) -> object:
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if result := check():
            return result
        time.sleep(0.05)
    raise AssertionError(f"waited {limit_s} s for {what}")


def css(chrome: webdriver.Chrome, selector: str) -> list:
    return chrome.find_elements("css selector", selector)


def texts(chrome: webdriver.Chrome, selector: str) -> list[str]:
    """The text of all elements that match, in one call to the browser."""
    script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)"
    return chrome.execute_script(script, selector)


def click(chrome: webdriver.Chrome, selector: str) -> None:
    chrome.execute_script("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", selector)
    css(chrome, selector)[0].click()


def verify(chrome: webdriver.Chrome) -> str:
    click(chrome, "#verify")
    return wait(
        lambda: (
            css(chrome, "#verify")[0].is_enabled()
            and css(chrome, "#verdict.good, #verdict.bad")
            and css(chrome, "#verdict")[0].text
        ),
        "the verdict",
    )


# ------------------------------------------------------------------ reading


def test_the_account_opens_in_a_second(look: Open, page: Path) -> None:
    """In the page's own processor time: on a machine that others use, the clock says what they do."""
    chrome = look(page)
    assert page.stat().st_size < 2_000_000
    chrome.execute_cdp_cmd("Performance.enable", {})
    times_s = []
    for _ in range(2):
        before = process_time_s(chrome)
        chrome.refresh()
        times_s.append(process_time_s(chrome) - before)
    assert min(times_s) < 1.0, times_s


def process_time_s(chrome: webdriver.Chrome) -> float:
    metrics = chrome.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return next(m["value"] for m in metrics if m["name"] == "ProcessTime")


@pytest.mark.parametrize("width", [390, 768, 1280, 1920])
def test_nothing_is_wider_than_the_window(look: Open, page: Path, width: int) -> None:
    chrome = look(page)
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        chrome.execute_script("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert chrome.execute_script("return document.documentElement.scrollWidth") <= width
    finally:
        chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_conflict_leads_to_the_marked_sentence_and_the_sentence_back(look: Open, page: Path) -> None:
    chrome = look(page)
    conflict = css(chrome, ".kind-conflict")[0]
    anchor, words = conflict.get_attribute("id"), conflict.find_element("css selector", "q").text
    click(chrome, f"#{anchor} a.cite")
    target = chrome.execute_script("return document.getElementById(location.hash.slice(1)).closest('.sent').id")
    assert words.strip("“”") in css(chrome, f"#{target}")[0].text
    lit = "return [...CSS.highlights.get('evidence')].map(String).join('')"
    assert chrome.execute_script(lit).strip("“”") == words.strip("“”")
    click(chrome, f"#{target} + a.rest")
    wait(css(chrome, f"[id='{target}r']")[0].is_displayed, "the list of entries")
    click(chrome, f"[id='{target}r'] a[href='#{anchor}']")
    wait(lambda: chrome.execute_script("return location.hash") == f"#{anchor}", "the way back")
    assert css(chrome, f"#{anchor}")[0].is_displayed()


def test_the_button_leads_back_to_where_one_was(look: Open, page: Path) -> None:
    chrome = look(page)
    anchor = css(chrome, ".kind-conflict")[1].get_attribute("id")
    click(chrome, f"#{anchor} a.cite")
    click(chrome, "button.back")
    wait(lambda: chrome.execute_script("return location.hash") == f"#{anchor}", "the way back")


def test_every_link_inside_the_account_leads_somewhere(look: Open, page: Path) -> None:
    chrome = look(page)
    script = """
        const dead = [...document.querySelectorAll('a')].map((a) => a.getAttribute('href') ?? a.getAttribute('xlink:href'))
          .filter((href) => !href || !href.startsWith('#') || !document.getElementById(href.slice(1)));
        const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
        return [dead, ids.filter((id, i) => ids.indexOf(id) !== i).slice(0, 5)]"""
    assert chrome.execute_script(script) == [[], []]


def test_the_timeline_opens_an_event_and_filters(look: Open, page: Path) -> None:
    chrome = look(page)
    dot = css(chrome, "svg.timeline a.dot.main")[0]
    anchor = dot.get_dom_attribute("href")
    chrome.execute_script("arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))", dot)
    wait(css(chrome, f"[id='{anchor[1:]}']")[0].is_displayed, "the event")
    shown = "return [...document.querySelectorAll('svg.timeline a.dot')].filter((e) => e.getAttribute('display') !== 'none').length"
    everything = chrome.execute_script(shown)
    chrome.execute_script(
        "const s = document.getElementById('by-actor'); s.selectedIndex = s.length - 1; s.dispatchEvent(new Event('change'))"
    )
    assert everything > chrome.execute_script(shown) > 0
    before = chrome.execute_script(
        "return [...document.querySelectorAll('.tick')].map((t) => t.getAttribute('transform')).join()"
    )
    click(chrome, "#zoom-in")
    assert before != chrome.execute_script(
        "return [...document.querySelectorAll('.tick')].map((t) => t.getAttribute('transform')).join()"
    )


@pytest.mark.parametrize(
    ("query", "group", "expected"),
    [
        ("brandvold", "Actors", "Ilse Brandvold"),
        ("319", "Figures", "319"),
        ("“sound ship with a sound crew”", "Statements", "sound ship with a sound crew"),
        ("askvíg warned", "In the pages", "Askvig"),
    ],
)
def test_search_finds_an_actor_a_number_a_phrase(look: Open, page: Path, query: str, group: str, expected: str) -> None:
    chrome = look(page)
    box = css(chrome, "#find")[0]
    box.send_keys(query)
    wait(lambda: css(chrome, "#found a") and css(chrome, "#found")[0].is_displayed(), "results")
    found = chrome.execute_script(
        "const h = [...document.querySelectorAll('#found h3')].find((e) => e.textContent.startsWith(arguments[0]));"
        "return h ? [...h.nextElementSibling.querySelectorAll('a')].map((a) => [a.textContent, a.getAttribute('href')]) : []",
        group,
    )
    assert any(expected in text for text, _ in found), found
    chrome.execute_script('document.querySelector(`#found a[href="${arguments[0]}"]`).click()', found[0][1])
    wait(lambda: chrome.execute_script("return location.hash") == found[0][1], "the entry")
    assert chrome.execute_script("return document.getElementById(location.hash.slice(1)).checkVisibility()")


def test_search_says_so_when_nothing_is_found(look: Open, page: Path) -> None:
    chrome = look(page)
    css(chrome, "#find")[0].send_keys("zeppelin")
    wait(lambda: css(chrome, "#found-count")[0].text == "Nothing found", "the count")


# ------------------------------------------------------------------ the check of itself


def test_an_untouched_account_verifies_green(look: Open, page: Path) -> None:
    chrome = look(page)
    verdict = verify(chrome)
    assert verdict.startswith("All hold"), verdict
    assert css(chrome, ".fails") == []
    quotes = chrome.execute_script("return document.querySelectorAll('[data-v]').length")
    assert f"{quotes:,} quotations" in verdict
    assert "17 captures" in verdict


def test_a_quotation_that_was_changed_turns_red_at_its_entry_only(look: Open, page: Path, tmp_path: Path) -> None:
    html = page.read_text(encoding="utf-8")
    entry = html.index('<article class="entry comparison kind-conflict"')
    at = html.index('">', html.index('<q class="ev', entry)) + 2
    words = html[at : html.index("</q>", at)]
    anchor = html[entry:at].split('id="', 1)[1].split('"', 1)[0]
    (tmp_path / "a.html").write_text(html[:at] + "No" + html[at + 2 :], encoding="utf-8", newline="\n")
    chrome = look(tmp_path / "a.html")
    assert verify(chrome).startswith("1 quotation of")
    assert [e.get_attribute("id") for e in css(chrome, ".fails")] == [anchor]
    assert words[:40] in texts(chrome, f"#{anchor} .seal")[0]


def test_a_capture_that_was_changed_turns_its_page_and_its_entries_red(look: Open, page: Path, tmp_path: Path) -> None:
    def forge(documents: list[dict]) -> None:
        data = gzip.decompress(base64.b64decode(documents[7]["gz"])).replace(b"41", b"40")
        documents[7]["gz"] = base64.b64encode(gzip.compress(data)).decode()

    chrome = look(tamper(page, tmp_path / "b.html", forge))
    assert "1 capture do not hold" in verify(chrome)
    assert css(chrome, "#source8.fails")
    assert css(chrome, "#d8.fails")
    other = css(chrome, "article.page.fails")
    assert [e.get_attribute("id") for e in other] == ["d8"]
    wrong = "return [...document.querySelectorAll('.broken')].filter((e) => !e.dataset.v.startsWith('d8-')).length"
    assert chrome.execute_script(wrong) == 0


def test_a_position_that_was_moved_turns_red(look: Open, page: Path, tmp_path: Path) -> None:
    def forge(documents: list[dict]) -> None:
        documents[0]["map"][2] += 1
        documents[0]["map"][3] += 1

    chrome = look(tamper(page, tmp_path / "c.html", forge))
    assert "not hold" in verify(chrome)  # "does" of one, "do" of several
    assert css(chrome, "#d1.fails")


def test_a_damaged_capture_is_said_to_be_damaged(look: Open, page: Path, tmp_path: Path) -> None:
    def forge(documents: list[dict]) -> None:
        documents[2]["gz"] = documents[2]["gz"][:40] + documents[2]["gz"][60:]

    chrome = look(tamper(page, tmp_path / "e.html", forge))
    assert "do not hold" in verify(chrome)
    assert "damaged" in texts(chrome, "#d3 .seal")[0]


def tamper(page: Path, target: Path, forge: Callable[[list[dict]], None]) -> Path:
    html = page.read_text(encoding="utf-8")
    start = html.index('id="proof">') + len('id="proof">')
    end = html.index("</script>", start)
    proof = json.loads(html[start:end])
    forge(proof["documents"])
    target.write_text(
        html[:start] + json.dumps(proof).replace("<", "\\u003c") + html[end:], encoding="utf-8", newline="\n"
    )
    return target


@pytest.mark.parametrize("encoding", ["windows-1252", "latin-1", "utf-16", "utf-8-sig", "koi8-r", "shift_jis"])
def test_captures_in_any_encoding_verify(look: Open, tmp_path: Path, encoding: str) -> None:
    words = {"koi8-r": "Река поднялась", "shift_jis": "川が増水した", "latin-1": "Größe £5 façade"}
    text = f"It said: {words.get(encoding, 'Größe — “five” €5')}. \u0009Done.\nNext line."
    article, data = make_article("one", text, encoding=encoding)
    (tmp_path / "x.html").write_text(render_report(Story(documents=(article,)), {"one": data}, []), encoding="utf-8")
    chrome = look(tmp_path / "x.html")
    assert verify(chrome).startswith("All hold"), css(chrome, "#verdict")[0].text


def test_characters_beyond_the_first_plane_and_entities_verify(look: Open, tmp_path: Path) -> None:
    text = "A 🚢 sank & “burned”.\n\nNext 🚢."
    source = "<p>A 🚢 sank &amp; &ldquo;burned&#8221;.</p><p>Next &#x1F6A2;.</p>"
    rows, at = [], 0
    for piece, shown in (
        ("A 🚢 sank ", None),
        ("&amp;", "&"),
        (" ", None),
        ("&ldquo;", "“"),
        ("burned", None),
        ("&#8221;", "”"),
        (".", None),
    ):
        start = source.index(piece, rows[-1][3] if rows else 3)
        rows.append((at, at + len(shown or piece), start, start + len(piece)))
        at += len(shown or piece)
    for piece, shown in (("Next ", None), ("&#x1F6A2;", "🚢"), (".", None)):
        start = source.index(piece, rows[-1][3])
        at += 2 if piece == "Next " else 0
        rows.append((at, at + len(shown or piece), start, start + len(piece)))
        at += len(shown or piece)
    article, _ = make_article("one", text, source_map=tuple(rows), dropped=(), blocks=())
    data = source.encode()
    article = type(article)(
        **{**{f: getattr(article, f) for f in article.__slots__}, "sha256": hashlib.sha256(data).hexdigest()}
    )
    (tmp_path / "x.html").write_text(render_report(Story(documents=(article,)), {"one": data}, []), encoding="utf-8")
    chrome = look(tmp_path / "x.html")
    assert verify(chrome).startswith("All hold"), css(chrome, "#verdict")[0].text


def test_the_page_hashes_as_everyone_does(look: Open, page: Path) -> None:
    """Padding has edges at 55, 56 and 64 bytes; a wrong hash would call every honest capture forged."""
    chrome = look(page)
    source = (Path(__file__).parents[1] / "src/storyledger/report/assets/sha256.js").read_text(encoding="utf-8")
    script = f"{source}; return arguments[0].map((n) => sha256(new Uint8Array(n).map((_, i) => i * 7)))"
    sizes = [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 100_003]
    expected = [hashlib.sha256(bytes(i * 7 % 256 for i in range(n))).hexdigest() for n in sizes]
    assert chrome.execute_script(script, sizes) == expected


# ------------------------------------------------------------------ hostile pages, no scripts, no captures


def test_hostile_text_is_text(look: Open, tmp_path: Path) -> None:
    story, captures = make_hostile()
    (tmp_path / "h.html").write_text(render_report(story, captures, []), encoding="utf-8", newline="\n")
    chrome = look(tmp_path / "h.html")
    chrome.execute_script("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert chrome.execute_script("return window.pwned") is None
    assert (
        chrome.execute_script(
            "return document.querySelectorAll('img, main script, iframe, object, embed, [onerror], [onmouseover]').length"
        )
        == 0
    )
    assert (
        chrome.execute_script(
            "return [...document.querySelectorAll('a')].filter((a) => !(a.getAttribute('href') || '').startsWith('#')).length"
        )
        == 0
    )
    shown = chrome.execute_script("return document.querySelector('main').textContent")
    for part in HOSTILE[:7]:
        assert part in shown
    assert chrome.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    css(chrome, "#find")[0].send_keys("onerror")
    wait(lambda: css(chrome, "#found a"), "results")
    assert chrome.execute_script("return window.pwned") is None
    assert verify(chrome).startswith("All hold"), css(chrome, "#verdict")[0].text


def test_a_script_that_somebody_puts_into_the_file_does_not_run(look: Open, page: Path, tmp_path: Path) -> None:
    html = page.read_text(encoding="utf-8").replace("</main>", "<script>window.pwned = 6</script></main>")
    html = html.replace("<h1>", '<h1 onclick="window.pwned = 7">')
    (tmp_path / "i.html").write_text(html, encoding="utf-8", newline="\n")
    chrome = look(tmp_path / "i.html")
    click(chrome, "h1")
    refused = [entry["message"] for entry in chrome.get_log("browser")]
    assert chrome.execute_script("return window.pwned") is None
    assert refused
    assert all("Content Security Policy" in message for message in refused)


def test_without_scripts_all_but_search_and_check_is_there(look: Open, page: Path) -> None:
    chrome = look(page)
    try:
        chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        chrome.refresh()
        for part in (
            "story",
            "map",
            "timeline",
            "questions",
            "people",
            "sources",
            "numbers",
            "articles",
        ):
            assert css(chrome, f"#{part}")[0].is_displayed(), part
        assert css(chrome, "svg.timeline a.dot")[0].is_displayed()
        assert not css(chrome, "#find")[0].is_displayed()
        assert css(chrome, "noscript p")[0].is_displayed()
        event = css(chrome, "svg.timeline a.dot")[0].get_dom_attribute("href")
        chrome.get(page.resolve().as_uri() + event)
        assert css(chrome, f"[id='{event[1:]}']")[0].is_displayed(), "a link opens the entry that is folded away"
        assert css(chrome, "pre.raw s")[0].get_attribute("title")
    finally:
        chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_an_account_without_captures_says_what_it_cannot_do(look: Open, ferry: Path, tmp_path: Path) -> None:
    story, captures = load_ferry(ferry)
    first = story.documents[0].id
    (tmp_path / "n.html").write_text(render_report(story, {}, []), encoding="utf-8", newline="\n")
    chrome = look(tmp_path / "n.html")
    assert not css(chrome, "#verify")
    (tmp_path / "p.html").write_text(render_report(story, {first: captures[first]}, []), encoding="utf-8", newline="\n")
    chrome = look(tmp_path / "p.html")
    assert "cannot be checked" in verify(chrome)
    assert css(chrome, ".fails") == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_serious(look: Open, ferry: Path, tmp_path: Path, scheme: str, width: int) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: run `npm ci` in tests/")
    (tmp_path / "cut.html").write_text(render_report(*cut_ferry(ferry), []), encoding="utf-8", newline="\n")
    chrome = look(tmp_path / "cut.html")
    chrome.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        chrome.execute_script(
            "document.querySelectorAll('details:not(.capture)').forEach((d, i) => { d.open = i % 3 === 0; })"
        )
        chrome.execute_script(AXE.read_text(encoding="utf-8"))
        chrome.set_script_timeout(180)
        found = chrome.execute_async_script(
            "const done = arguments[0];"
            "axe.run(document, {resultTypes: ['violations']}).then((r) => done(r.violations.map("
            "(v) => [v.id, v.impact, v.nodes.length, v.nodes[0].html.slice(0, 200), v.nodes[0].failureSummary])))"
        )
    finally:
        chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert [v for v in found if v[1] in ("serious", "critical")] == []


# ------------------------------------------------------------------ the folder


def test_the_folder_leads_from_index_to_article_and_back_and_verifies(look: Open, folder: Path) -> None:
    chrome = look(folder / "questions.html")
    conflict = css(chrome, ".kind-conflict")[0]
    anchor = conflict.get_attribute("id")
    assert verify(chrome).startswith("All hold")
    click(chrome, f"#{anchor} a.cite")
    wait(lambda: "/article-" in chrome.current_url, "the article")
    sentence = chrome.execute_script("return document.getElementById(location.hash.slice(1)).closest('.sent').id")
    assert verify(chrome).startswith("All hold")
    click(chrome, f"#{sentence} + a.rest")
    click(chrome, f"[id='{sentence}r'] a[href='questions.html#{anchor}']")
    wait(lambda: chrome.current_url.endswith(f"questions.html#{anchor}"), "the conflict")


def test_the_folder_searches_all_pages(look: Open, folder: Path) -> None:
    chrome = look(folder / "article-2.html")
    css(chrome, "#find")[0].send_keys("chain of failures")
    wait(lambda: css(chrome, "#found a[href^='article-14.html']"), "a sentence of another page")


def test_a_forged_capture_in_the_folder_turns_red(look: Open, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    script = tmp_path / "copy" / "captures" / "1.js"
    doc = json.loads(script.read_text(encoding="utf-8").removeprefix("storyledgerCapture(").removesuffix(");\n"))
    doc["gz"] = base64.b64encode(gzip.compress(gzip.decompress(base64.b64decode(doc["gz"])) + b" ")).decode()
    script.write_text(f"storyledgerCapture({json.dumps(doc)});\n", encoding="utf-8")
    chrome = look(tmp_path / "copy" / "article-1.html")
    assert "do not hold" in verify(chrome)
    assert css(chrome, "#d1.fails")
