"""Exports opened by the tools that they are for: TimelineJS and a text annotator in Chromium, schema.org's types in tsc.

The tools come from npm (`npm ci` in tests/), run on this machine alone, and are no part of the package. Where one is
not installed its test is skipped.
"""

from __future__ import annotations

import csv
import functools
import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from rdflib import Graph
from test_report_browser import FLAGS

from storyledger.export import WRITERS, read_story
from storyledger.types import Story

webdriver = pytest.importorskip("selenium.webdriver")

TOOLS = Path(__file__).parent / "node_modules"
TIMELINE, ANNOTATOR = "@knight-lab/timelinejs/dist", "@recogito/text-annotator/dist"
HOSTILE = '</script><img src=x onerror=document.title="run"> "quoted" & 50 % \U0001f6a2 '


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def story(ferry: Path) -> Story:
    return read_story(ferry / "gold_story.json")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server of this machine: the tools under /tools, our exports beside."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "tools").symlink_to(TOOLS)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    server.server_close()


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
    made.set_script_timeout(120)
    yield made
    made.quit()
    shutil.rmtree(profile, ignore_errors=True)


def need(tool: str) -> None:
    if not (TOOLS / tool).exists():
        pytest.skip(f"{tool} is not installed: run `npm ci` in tests/")


def test_timelinejs_shows_every_dated_event_at_its_day(
    story: Story, site: tuple[str, Path], browser: webdriver.Chrome
) -> None:
    need(TIMELINE)
    place, folder = site
    first = story.events[0]
    events = (replace(first, summary=HOSTILE + first.summary), *story.events[1:])
    WRITERS["timelinejs"](replace(story, events=events), folder)
    page = f"""<!doctype html><title>timeline</title><link rel="stylesheet" href="/tools/{TIMELINE}/css/timeline.css">
    <div id="here" style="height: 700px"></div><script src="/tools/{TIMELINE}/js/timeline.js"></script>"""
    (folder / "timeline.html").write_text(page, encoding="utf-8")
    browser.get(f"{place}/timeline.html")
    shown: dict[str, Any] = browser.execute_async_script("""
        const done = arguments[arguments.length - 1];
        fetch("/timeline.json").then((r) => r.json()).then((data) => {
          const made = new TL.Timeline("here", data, {font: null, script_path: "/tools/@knight-lab/timelinejs/dist/js/"});
          made.on("loaded", () => done({
            events: made.config.events.map((e) => [e.unique_id, e.start_date.data, e.text.headline]),
            errors: made.config.messages.errors,
            heads: [...document.querySelectorAll("#here .tl-slide h2.tl-headline")].map((e) => e.textContent),
            images: document.querySelectorAll("#here img[src=x]").length,
          }));
        });""")
    dated = {e.id: e for e in events if e.when and e.when.earliest}
    assert shown["errors"] == []
    assert len(shown["events"]) == len(dated) > 9
    for ident, day, _ in shown["events"]:
        told = (dated[ident].when.earliest or "").split("-")  # type: ignore[union-attr]
        assert [int(day[name]) for name, _ in zip(("year", "month", "day"), told, strict=False)] == [*map(int, told)]
    assert any(HOSTILE.strip() in head for head in shown["heads"])
    assert (shown["images"], browser.title) == (0, "timeline")


def test_a_text_annotator_finds_every_annotation_s_words_on_its_page(
    story: Story, site: tuple[str, Path], browser: webdriver.Chrome
) -> None:
    """Its positions count UTF-16 units, the standard's code points: the ferry's pages have no sign where they differ."""
    need(ANNOTATOR)
    place, folder = site
    (path,) = WRITERS["annotations"](story, folder)
    collection = json.loads(path.read_text(encoding="utf-8"))
    page = f"""<!doctype html><div id="text"></div><script>window.process = {{env: {{}}}};</script>
    <script src="/tools/{ANNOTATOR}/text-annotator.umd.js"></script>"""
    (folder / "annotator.html").write_text(page, encoding="utf-8")
    sources = [a.url or f"urn:sha256:{a.sha256}" for a in story.documents]
    texts = dict(zip(sources, [a.text for a in story.documents], strict=True))
    met = 0
    for source in (s for s in texts if sources.count(s) == 1):  # two captures of one address are two texts
        items = {i["id"]: i for i in collection["first"]["items"] if i["target"]["source"] == source}
        browser.get(f"{place}/annotator.html")
        found = browser.execute_script(
            """const [source, text, items] = arguments, box = document.getElementById("text");
            box.style.whiteSpace = "pre-wrap"; box.textContent = text;
            const made = RecogitoJS.createTextAnnotator(box, {adapter: RecogitoJS.W3CTextFormat(source, box)});
            made.setAnnotations(items);
            return made.state.store.all().map((a) => [a.id, a.target.selector[0].range.toString(),
              a.bodies.map((b) => [b.purpose, b.value])]);""",
            source,
            texts[source],
            list(items.values()),
        )
        assert {ident for ident, _, _ in found} == set(items)
        for ident, words, bodies in found:
            assert words == items[ident]["target"]["selector"][0]["exact"]
            assert bodies == [[b["purpose"], b["value"]] for b in items[ident]["body"]]
        met += len(found)
    assert met > 100


def test_drafts_of_reviews_are_what_schema_org_s_types_allow(story: Story, tmp_path: Path) -> None:
    need("schema-dts")
    need("typescript/bin/tsc")
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    (path,) = WRITERS["claimreview"](story, tmp_path)
    drafts = path.read_text(encoding="utf-8")
    assert len(json.loads(drafts)) > 3

    def check(text: str) -> str:
        (tmp_path / "drafts.ts").write_text(
            f'import type {{ClaimReview, WithContext}} from "schema-dts";\n'
            f"export const drafts: WithContext<ClaimReview>[] = {text};\n",
            encoding="utf-8",
        )
        options = {
            "strict": True,
            "noEmit": True,
            "skipLibCheck": True,
            "module": "esnext",
            "moduleResolution": "bundler",
            "types": [],
            "paths": {"schema-dts": [str(TOOLS / "schema-dts")]},
        }
        (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": ["drafts.ts"]}))
        command = [node, str(TOOLS / "typescript" / "bin" / "tsc"), "-p", str(tmp_path)]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300).stdout

    assert check(drafts) == ""
    assert "does not exist in type" in check(drafts.replace('"claimReviewed"', '"claimReviewd"', 1))  # it does look


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own
def test_json_ld_of_reviews_and_annotations_says_the_same_as_triples(story: Story, tmp_path: Path) -> None:
    """Read by rdflib with the terms of the two vocabularies; their own contexts are on the network and not asked for."""
    schema, oa = "http://schema.org/", "http://www.w3.org/ns/oa#"
    (path,) = WRITERS["claimreview"](story, tmp_path)
    drafts = [{**d, "@context": {"@vocab": schema}} for d in json.loads(path.read_text(encoding="utf-8"))]
    graph = Graph().parse(data=json.dumps(drafts), format="json-ld")
    asked = f"""SELECT ?claim WHERE {{ ?r a <{schema}ClaimReview> ; <{schema}claimReviewed> ?claim ;
        <{schema}itemReviewed> [ a <{schema}Claim> ; <{schema}appearance> [ a <{schema}NewsArticle> ] ] }}"""
    assert sorted(str(row[0]) for row in graph.query(asked)) == sorted(d["claimReviewed"] for d in drafts)
    (path,) = WRITERS["annotations"](story, tmp_path)
    collection = json.loads(path.read_text(encoding="utf-8"))
    terms = {"@vocab": oa, "id": "@id", "type": "@type", "source": {"@id": oa + "hasSource", "@type": "@id"}}
    terms |= {"target": oa + "hasTarget", "selector": oa + "hasSelector", "items": oa + "items", "first": oa + "first"}
    graph = Graph().parse(data=json.dumps({**collection, "@context": terms}), format="json-ld")
    asked = f"""SELECT ?a ?s ?words WHERE {{ ?a a <{oa}Annotation> ; <{oa}hasTarget> [ <{oa}hasSource> ?s ;
        <{oa}hasSelector> [ a <{oa}TextQuoteSelector> ; <{oa}exact> ?words ] ] }}"""
    told = {(i["id"], i["target"]["source"], i["target"]["selector"][0]["exact"]) for i in collection["first"]["items"]}
    assert {tuple(map(str, row)) for row in graph.query(asked)} == told


def test_gephi_s_tables_make_the_graph_of_who_acts_on_whom(story: Story, tmp_path: Path) -> None:
    """Read as its spreadsheet import describes them, into networkx; Gephi itself, a Java desktop, is not run."""
    nodes, edges = WRITERS["gephi"](story, tmp_path)
    graph = nx.MultiDiGraph()
    with nodes.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert {"Id", "Label"} <= set(row)
            assert row["Id"] not in graph
            graph.add_node(row["Id"], label=row["Label"])
    with edges.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert (row["Type"], row["Source"] in graph, row["Target"] in graph) == ("Directed", True, True)
            graph.add_edge(row["Source"], row["Target"], row["Label"], weight=float(row["Weight"]))
    names = {a.id: a.name for a in story.actors}
    assert {n: d["label"] for n, d in graph.nodes(data=True)}.items() <= names.items()
    acts = {
        (one.actor, other.actor, e.type)
        for e in story.events
        for one in e.participants
        for other in e.participants
        if (one.role, other.role) == ("actor", "recipient") and one.actor != other.actor
    }
    assert acts <= set(graph.edges(keys=True))
    assert all(w >= 1 for *_, w in graph.edges(data="weight"))
