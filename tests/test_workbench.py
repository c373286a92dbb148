"""The workbench on a real server: search, correct, undo, and what it must not do."""

from __future__ import annotations

import contextlib
import html
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from storyledger.cli.root import main
from storyledger.store import Filters, Ledger
from storyledger.workbench.desk import Desk
from storyledger.workbench.moves import make_move
from storyledger.workbench.rest import Rest

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "ferry"
PAGES = 5  # of the ferry's: each correction is obeyed by a build of them
HOSTILE = """<html><head><title>&lt;script&gt;alert(1)&lt;/script&gt; port closes</title></head><body><article>
<h1>"&gt;&lt;img src=x onerror=alert(1)&gt; port closes</h1><p>By Ada Brun</p>
<p>The mayor, Karin Ost, said on 9 March 2021 that "&lt;b onmouseover=alert(1)&gt;the port&lt;/b&gt; will close" at noon.</p>
<p>Harbour workers marched through the town on Monday and demanded that the port stay open for another year.</p>
</article></body></html>"""

PLACED = """Flood in Mosul\n\nBy Ada Brun\n9 March 2021\n\nMOSUL, Iraq - Soldiers of Iraq searched houses in Mosul on Monday.
The river killed nine people in Basrah, Iraq, on Sunday, the governor, Karim Odeh, said. “We could not wait any longer,”
he told reporters in Baghdad. The government of Iraq sent boats from Baghdad to Mosul on Tuesday.\n"""


@dataclass
class Running:
    """A server on a ledger of its own."""

    ledger: Path
    place: str
    token: str
    process: subprocess.Popen[str]

    def ask(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> tuple[int, Any]:
        """Return status and answer of a request."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.place + path, data, {"content-type": "application/json", **headers})
        request.method = method
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                raw, status = answer.read(), answer.status
        except urllib.error.HTTPError as error:
            raw, status = error.read(), error.code
        try:
            return status, json.loads(raw)
        except ValueError:
            return status, raw.decode()

    def correct(self, **request: Any) -> int:
        """Write a correction and wait until the story follows."""
        status, answer = self.ask("/api/corrections", "POST", request, authorization=f"Bearer {self.token}")
        assert status == 202, answer
        self.wait()
        return int(answer["number"])

    def undo(self, number: int) -> None:
        """Take a correction back and wait until the story follows."""
        status, _ = self.ask(f"/api/corrections/{number}", "DELETE", authorization=f"Bearer {self.token}")
        assert status == 202
        self.wait()

    def end(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server."""
        self.process.send_signal(how)
        self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def wait(self) -> None:
        """Wait until the story follows the journal."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            state = self.ask("/api/status")[1]
            if not state["building"] and state["obeyed"] >= state["written"]:
                assert state["error"] is None
                return
            time.sleep(0.2)
        raise AssertionError("the story did not follow in two minutes")


def start(ledger: Path, *more: str) -> Running:
    process = subprocess.Popen(
        [sys.executable, "-m", "storyledger", "serve", str(ledger), "--port", "0", *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    place = re.search(r"http://[^\s/]+", process.stdout.readline())
    token = process.stdout.readline().partition(": ")[2].strip()
    assert place, "the server did not say where it is"
    running = Running(ledger, place[0], token, process)
    for _ in range(100):
        try:
            running.ask("/api/status")
        except OSError:
            time.sleep(0.1)
        else:
            return running
    raise AssertionError("the server did not answer")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    pile = folder / "pile"
    pile.mkdir()
    for path in sorted(EXAMPLE.glob("[01][0-9]_*"))[:PAGES]:
        shutil.copy(path, pile)
    (pile / "zz_hostile.html").write_text(HOSTILE, encoding="utf-8")
    (pile / "zz_placed.txt").write_text(PLACED, encoding="utf-8")
    main(["build", str(pile), "-o", str(folder / "story.db"), "--quiet", "--workers", "1"], standalone_mode=False)
    return folder / "story.db"


@pytest.fixture(scope="module")
def running(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    ledger = tmp_path_factory.mktemp("served") / "story.db"
    shutil.copy(built, ledger)
    found = start(ledger)
    yield found
    found.end()


def test_a_phrase_is_found_and_its_page_opens_at_the_words(running: Running) -> None:
    _, found = running.ask("/api/search?section=statements&q=" + urllib.parse.quote('"every family has an answer"'))
    assert found["results"], "the phrase stands in the ferry's statements"
    entry = found["results"][0]
    said = running.ask(f"/api/statements/{entry['id']}")[1]
    spot = said["content"]
    page = running.ask(f"/documents/{spot['document']}?at={spot['start']}-{spot['end']}")[1]
    marked = "".join(re.findall(r'<mark class="here"[^>]*>(.*?)</mark>', page, re.DOTALL))
    assert "every family has an answer" in marked


def test_what_takes_long_is_made_before_somebody_asks_and_anew_when_the_story_is_another(
    built: Path, tmp_path: Path
) -> None:
    ledger = tmp_path / "story.db"
    shutil.copy(built, ledger)
    made: list[int] = []

    def make(opened: Ledger) -> int:
        made.append(opened.entries.count(Filters(section="actors")))
        return made[-1]

    desk = Desk(ledger)
    try:
        for _ in range(2):  # every visit of the first page asks for it
            desk.prepare({"slow": make})
        with desk.read() as opened:
            assert desk.keep(opened, "slow", make) == made[0]
            one, other = opened.entries.list_lines(Filters(section="actors", kind="person"), 2)
            merging = make_move(opened, {"verb": "same", "target": one.id, "other": other.id})
        assert len(made) == 1
        desk.judge([merging])
        assert desk.wait(120)
        assert len(made) == 2
        with desk.read() as opened:
            assert desk.keep(opened, "slow", make) == made[1]
        assert len(made) == 2
    finally:
        desk.close()


def test_lists_are_narrowed_and_paged(running: Running) -> None:
    every = running.ask("/api/statements?limit=500")[1]
    assert every["total"] == len(every["statements"])
    first, second = (running.ask(f"/api/statements?limit=5&offset={n}")[1]["statements"] for n in (0, 5))
    assert [s["id"] for s in first + second] == [s["id"] for s in every["statements"][:10]]
    speaker = next(s["speaker"]["actor"] for s in every["statements"] if s["speaker"]["actor"])
    own = running.ask(f"/api/statements?limit=500&speaker={speaker}")[1]
    assert {s["id"] for s in own["statements"]} == {
        s["id"] for s in every["statements"] if s["speaker"]["actor"] == speaker
    }
    assert running.ask("/api/statements?limit=x")[0] == 400
    assert running.ask("/api/nonsense")[0] == 404
    assert running.ask("/api/statements/statement:none")[0] == 404


def test_a_wrong_speaker_is_put_right_everywhere_and_the_undo_too(running: Running) -> None:
    said = running.ask("/api/statements?limit=500")[1]["statements"]
    wrong = next(s for s in said if s["speaker"]["actor"])
    actors = running.ask("/api/actors?kind=person&limit=20")[1]["actors"]
    right = next(a for a in actors if a["id"] != wrong["speaker"]["actor"])
    number = running.correct(verb="set_speaker", target=wrong["id"], other=right["id"], because="test", by="Ines")
    same_words = [
        s for s in running.ask("/api/statements?limit=500")[1]["statements"]
        if s["content"]["text"] == wrong["content"]["text"] and s["content"]["document"] == wrong["content"]["document"]
    ]  # fmt: skip
    names = {a["id"]: a["name"] for a in running.ask("/api/actors?limit=500")[1]["actors"]}
    assert [names[s["speaker"]["actor"]] for s in same_words] == [right["name"]]
    assert right["name"] in running.ask("/account")[1]
    journal = running.ask("/api/corrections")[1]["corrections"]
    assert journal[-1]["by"] == "Ines"
    assert journal[-1]["problem"] is None
    running.undo(number)
    again = [s for s in running.ask("/api/statements?limit=500")[1]["statements"] if s["content"] == wrong["content"]]
    assert [s["speaker"]["actor"] for s in again] == [wrong["speaker"]["actor"]]


def test_what_goes_on_with_a_statement_follows_it_to_another_mouth_unless_it_was_judged_itself(
    running: Running,
) -> None:
    said = running.ask("/api/statements?limit=500")[1]["statements"]
    heads = {s["id"]: s for s in said}
    second = next(s for s in said if s["continues"] in heads and s["speaker"]["actor"])
    first = heads[second["continues"]]
    assert first["speaker"]["actor"] == second["speaker"]["actor"]
    people = running.ask("/api/actors?kind=person&limit=10")[1]["actors"]
    one, other = [a for a in people if a["id"] != first["speaker"]["actor"]][:2]

    def speakers() -> list[str]:
        now = running.ask("/api/statements?limit=500")[1]["statements"]
        names = {a["id"]: a["name"] for a in running.ask("/api/actors?limit=500")[1]["actors"]}
        spots = [next(s for s in now if s["content"] == told["content"]) for told in (first, second)]
        return [names.get(s["speaker"]["actor"], "") for s in spots]

    before = speakers()
    moved = running.correct(verb="set_speaker", target=first["id"], other=one["id"])
    assert speakers() == [one["name"], one["name"]]
    own = running.correct(verb="set_speaker", target=second["id"], other=other["id"])
    assert speakers() == [one["name"], other["name"]]
    running.undo(own)
    running.undo(moved)
    assert speakers() == before


def test_actors_are_merged_the_undo_parts_them_and_a_second_reader_sees_it(running: Running) -> None:
    def list_spots() -> list[set[tuple[str, int]]]:
        found = running.ask("/api/actors?kind=person&limit=500")[1]["actors"]
        return [{(m["document"], m["start"]) for m in x["mentions"]} for x in found]

    a, b = running.ask("/api/actors?kind=person&limit=10")[1]["actors"][:2]
    names = [next(m for m in x["mentions"] if m["kind"] == "name") for x in (a, b)]
    both = {(m["document"], m["start"]) for m in names}
    assert not any(both <= spots for spots in list_spots())
    number = running.correct(verb="same", target=a["id"], other=b["id"])
    assert any(both <= spots for spots in list_spots())
    running.undo(number)
    assert not any(both <= spots for spots in list_spots())


def test_one_actor_is_parted_in_two(running: Running) -> None:
    actors = running.ask("/api/actors?kind=person&limit=50")[1]["actors"]
    actor = next(a for a in actors if len({m["document"] for m in a["mentions"] if m["kind"] == "name"}) > 2)
    names = [m for m in actor["mentions"] if m["kind"] == "name"]
    one = names[0]
    other = next(m for m in names if m["document"] != one["document"])
    places = [f"{m['document']} {m['start']} {m['end']}" for m in (one, other)]
    number = running.correct(verb="different", at=places[0], **{"with": places[1]})

    def holder(mention: dict[str, Any]) -> list[str]:
        spot = {k: mention[k] for k in ("document", "start", "end")}
        found = running.ask("/api/actors?limit=500")[1]["actors"]
        return [a["id"] for a in found if any(spot.items() <= m.items() for m in a["mentions"])]

    assert len(holder(one)) == len(holder(other)) == 1
    assert holder(one) != holder(other)
    running.undo(number)


def test_an_event_a_figure_a_page_and_a_comparison_are_corrected(running: Running) -> None:
    event = running.ask("/api/events?limit=5")[1]["events"][0]
    figure = next(f for f in running.ask("/api/figures?limit=500")[1]["figures"] if f["value"] is not None)
    page = running.ask("/api/documents?limit=500")[1]["documents"][0]
    compared = running.ask("/api/comparisons?limit=500")[1]["comparisons"]
    running.correct(verb="set_event", target=event["id"], value={"day": "2020-02-29", "status": "claimed"})
    running.correct(verb="set_figure", target=figure["id"], value={"value": 77})
    running.correct(verb="set_page", target=page["id"], value={"outlet": "The Corrected Post"})
    changed = [e for e in running.ask("/api/events?limit=500")[1]["events"] if e["mentions"] == event["mentions"]]
    assert [(e["when"]["earliest"], e["status"]) for e in changed] == [("2020-02-29", "claimed")]
    values = [
        f["value"] for f in running.ask("/api/figures?limit=500")[1]["figures"] if f["evidence"] == figure["evidence"]
    ]
    assert values == [77]
    assert running.ask(f"/api/documents/{page['id']}")[1]["outlet"] == "The Corrected Post"
    if compared:
        now = running.ask("/api/comparisons?limit=500")[1]["comparisons"]
        target = next(c for c in now if all(s["evidence"] for s in c["sides"]) and len(c["sides"]) > 1)
        running.correct(verb="judge_comparison", target=target["id"], value="false")
        left = running.ask("/api/comparisons?limit=500")[1]["comparisons"]
        assert target["sides"] not in [c["sides"] for c in left]
    main(["verify", str(running.ledger)], standalone_mode=False)


def kept_text(running: Running, page: str) -> str:
    text: str = running.ask(f"/api/documents/{page}")[1]["text"]
    return text


def test_text_wrongly_kept_is_left_out_and_text_wrongly_left_out_is_taken_in(running: Running) -> None:
    pages = running.ask("/api/documents?limit=500")[1]["documents"]
    page = next(
        d
        for p in pages
        if p["path"].endswith(".html")
        and (d := running.ask(f"/api/documents/{p['id']}")[1])["dropped"]
        and len(d["blocks"]) > 4
    )
    path = f"/documents/{page['id']}?text=edit"
    block = [b for b in page["blocks"] if b["kind"] == "paragraph"][-1]
    words = page["text"][block["start"] : block["end"]]
    out = running.correct(verb="set_text", target=page["id"], words=words, value="drop", by="Ines")
    assert words not in kept_text(running, page["id"])
    assert "a person says" in running.ask(path)[1]
    shown = running.ask(path)[1]
    source = re.search(r'name="source" value="(\d+ \d+)"><button aria-label="Take in: ([^"]+)"', shown)
    assert source
    taken = running.correct(verb="set_text", target=page["id"], source=source[1], value="keep")
    first_words = html.unescape(source[2]).split()[:2]
    assert " ".join(first_words) in " ".join(kept_text(running, page["id"]).split())
    journal = {c["number"]: c for c in running.ask("/api/corrections")[1]["corrections"]}
    assert (journal[out]["problem"], journal[taken]["problem"], journal[out]["by"]) == (None, None, "Ines")
    main(["verify", str(running.ledger)], standalone_mode=False)
    running.undo(taken)
    running.undo(out)
    assert kept_text(running, page["id"]) == page["text"]


def test_a_sentence_is_left_out_of_its_paragraph(running: Running) -> None:
    pages = running.ask("/api/documents?limit=500")[1]["documents"]
    page = running.ask(f"/api/documents/{pages[1]['id']}")[1]
    block = max(page["blocks"], key=lambda b: b["end"] - b["start"])
    paragraph = page["text"][block["start"] : block["end"]]
    words = " ".join(paragraph.split()[3:9])
    number = running.correct(verb="set_text", target=page["id"], words=words, value="drop")
    text = kept_text(running, page["id"])
    assert words not in text
    assert " ".join(paragraph.split()[:3]) in text
    assert " ".join(paragraph.split()[9:12]) in text
    body = {"verb": "set_text", "target": page["id"], "words": "no such words at all", "value": "drop"}
    assert running.ask("/api/corrections", "POST", body, authorization=f"Bearer {running.token}")[0] == 400
    running.undo(number)


def test_a_contents_edges_an_events_type_and_parties_and_a_figures_quantity_are_set(running: Running) -> None:
    said = max(running.ask("/api/statements?limit=500")[1]["statements"], key=lambda s: len(s["content"]["text"]))
    words = said["content"]["text"].split()
    shorter = " ".join(words[: len(words) // 2 + 2])
    running.correct(verb="set_content", target=said["id"], words=shorter)
    contents = [s["content"]["text"] for s in running.ask("/api/statements?limit=500")[1]["statements"]]
    assert shorter in [" ".join(c.split()) for c in contents]

    event = running.ask("/api/events?limit=5&offset=3")[1]["events"][0]
    person = running.ask("/api/actors?kind=person&limit=20")[1]["actors"][-1]

    def now() -> dict[str, Any]:
        found: list[dict[str, Any]] = running.ask("/api/events?limit=500")[1]["events"]
        return next(e for e in found if e["mentions"] == event["mentions"])

    running.correct(verb="set_event", target=event["id"], value={"type": "AID", "summary": "Help came"})
    assert (now()["type"], now()["summary"]) == ("AID", "Help came")
    running.correct(verb="set_party", target=now()["id"], other=person["id"], value="recipient")
    names = {a["id"]: a["name"] for a in running.ask("/api/actors?limit=500")[1]["actors"]}
    assert person["name"] in [names[p["actor"]] for p in now()["participants"] if p["role"] == "recipient"]
    running.correct(verb="set_party", target=now()["id"], other=person["id"], value="none")
    assert person["name"] not in [names[p["actor"]] for p in now()["participants"]]

    figure = next(f for f in running.ask("/api/figures?limit=500")[1]["figures"] if f["quantity"])
    running.correct(verb="set_figure", target=figure["id"], value={"alone": True, "about": "boats, not people"})
    changed = [f for f in running.ask("/api/figures?limit=500")[1]["figures"] if f["evidence"] == figure["evidence"]]
    assert [(f["quantity"], f["about"]) for f in changed] == [(None, "boats, not people")]


def test_a_figure_is_counted_with_another_and_every_pair_is_labelled(running: Running) -> None:
    figures = running.ask("/api/figures?limit=500")[1]["figures"]
    one = next(f for f in figures if f["quantity"])
    other = next(f for f in figures if f["quantity"] not in (None, one["quantity"]) and f["unit"] == one["unit"])
    number = running.correct(verb="set_quantity", target=one["id"], other=other["id"])

    def quantity_of(figure: dict[str, Any]) -> Any:
        with Ledger.open_readonly(running.ledger) as opened:
            story = opened.load_story()
        spot = (figure["evidence"]["document"], figure["evidence"]["start"])
        found = next(f for f in story.figures if (f.evidence.document, f.evidence.start) == spot)
        return next((q for q in story.ledger if q.id == found.quantity), None)

    together = quantity_of(one)
    assert together is not None
    assert together.id == quantity_of(other).id
    pairs = {frozenset((r.a, r.b)) for r in together.relations}
    assert len(pairs) == len(together.entries) * (len(together.entries) - 1) // 2
    running.undo(number)
    assert quantity_of(one).id != quantity_of(other).id


def test_an_actor_is_given_a_role_and_the_page_s_words_for_it_are_found(running: Running) -> None:
    actor = running.ask("/api/actors?kind=person&limit=1")[1]["actors"][0]
    page = running.ask(f"/api/documents/{actor['mentions'][0]['document']}")[1]

    def roles() -> list[dict[str, Any]]:
        found, spot = running.ask("/api/actors?limit=500")[1]["actors"], actor["mentions"][0]  # others' tests rename
        return next(a["roles"] for a in found if spot in a["mentions"])

    before = len(roles())
    numbers = [
        running.correct(verb="set_role", target=actor["id"], value={"role": role, "organisation": "The Board"})
        for role in ("keeper of the light", "second keeper")
    ]
    now = roles()
    assert {"keeper of the light", "second keeper"} <= {r["role"] for r in now}
    assert [r["evidence"] for r in now if r["role"] == "second keeper"] == [None], page["path"]
    entries = running.ask("/api/corrections")[1]["corrections"]
    assert [e["problem"] for e in entries if e["number"] in numbers] == [None, None]
    for number in numbers:
        running.undo(number)
    assert len(roles()) == before
    status, told = running.ask(
        "/api/corrections", "POST", {"verb": "set_role", "target": actor["id"], "value": {"organisation": "x"}},
        authorization=f"Bearer {running.token}",
    )  # fmt: skip
    assert (status, told["error"]["code"]) == (400, "E-JUDGE-VALUE")


def test_a_search_is_narrowed_by_who_said_it_by_type_and_by_filters_alone(running: Running) -> None:
    said = next(s for s in running.ask("/api/statements?limit=100")[1]["statements"] if s["speaker"]["actor"])
    name = running.ask(f"/api/actors/{said['speaker']['actor']}")[1]["name"]
    by = urllib.parse.quote(name)
    rows = running.ask(f"/api/search?section=statements&said_by={by}")[1]["results"]
    assert said["id"] in [r["id"] for r in rows]
    listed = running.ask("/api/statements?limit=500")[1]["statements"]
    # another whose names have the same words may stand there, too ("the ministry"); most others may not
    assert len(rows) < len(listed) / 2
    word = max(re.findall(r"[A-Za-z]+", said["content"]["text"]), key=len)
    both = running.ask(f"/api/search?q={word}&said_by={by}&kind={said['act']}")[1]["results"]
    assert said["id"] in [r["id"] for r in both]
    assert running.ask(f"/api/search?q={word}&said_by=nobodyofthisname")[1]["results"] == []
    assert {r["kind"] for r in running.ask("/api/search?kind=deny")[1]["results"]} <= {"deny"}
    assert running.ask("/api/search")[1]["results"] == []


def test_searches_are_saved_shared_and_deleted_and_the_story_is_not_built_for_them(running: Running) -> None:
    before = running.ask("/api/status")[1]
    body = {"verb": "save_search", "name": "Boats, disputed", "value": "disputed=1&q=ferry&offset=50&token=x"}
    status, answer = running.ask("/api/corrections", "POST", body, authorization=f"Bearer {running.token}")
    assert (status, answer["building"], answer["obeyed"]) == (202, False, before["written"] + 1)
    saved = running.ask("/api/searches")[1]["searches"]
    assert [(s["name"], s["query"]) for s in saved] == [("Boats, disputed", "q=ferry&disputed=1")]
    assert "/search?q=ferry&amp;disputed=1" in running.ask("/search")[1]
    assert running.ask("/search?" + saved[0]["query"])[0] == 200
    running.undo(saved[0]["number"])
    assert running.ask("/api/searches")[1]["searches"] == []
    nothing = {"verb": "save_search", "name": "Nothing", "value": "limit=5"}
    assert running.ask("/api/corrections", "POST", nothing, authorization=f"Bearer {running.token}")[0] == 400


def test_a_colleagues_journal_is_merged_contradictions_are_shown_and_who_judged_is_kept(
    running: Running, built: Path, tmp_path: Path
) -> None:
    said = next(s for s in running.ask("/api/statements?limit=500")[1]["statements"] if s["speaker"]["actor"])
    actors = running.ask("/api/actors?kind=person&limit=10")[1]["actors"]
    mine, theirs = [a for a in actors if a["id"] != said["speaker"]["actor"]][:2]
    first = running.correct(verb="set_speaker", target=said["id"], other=mine["id"], by="Ines")
    with urllib.request.urlopen(running.place + "/api/journal") as answered:
        lines = answered.read().decode().splitlines()
    line = next(j for j in lines if json.loads(j)["number"] == first)
    entry = json.loads(line)
    mention = next(m for m in theirs["mentions"] if m["kind"] == "name")
    page = running.ask(f"/api/documents/{mention['document']}")[1]
    row = next(r for r in page["source_map"] if r[0] <= mention["start"] < r[1])
    start = row[2] + mention["start"] - row[0]
    spot = [page["sha256"], start, start + mention["end"] - mention["start"], mention["text"]]
    colleague = json.dumps({**entry, "number": 1, "b": spot, "by": "Omar"}) + "\n"
    for added in (1, 0):  # the same journal twice adds nothing
        request = urllib.request.Request(
            running.place + "/api/journal",
            (line + "\n" + colleague).encode(),
            {"content-type": "application/jsonl", "authorization": f"Bearer {running.token}"},
        )
        with urllib.request.urlopen(request) as answered:
            assert json.loads(answered.read())["added"] == added
        running.wait()
    journal = running.ask("/api/corrections")[1]["corrections"]
    assert [c["by"] for c in journal[-1:]] == ["Omar"]
    lost = next(c for c in journal if c["number"] == first)
    assert "by Omar; the later holds" in lost["problem"]
    shown = running.ask("/journal")[1]
    assert "by Omar; the later holds" in shown
    names = {a["id"]: a["name"] for a in running.ask("/api/actors?limit=500")[1]["actors"]}
    now = [s for s in running.ask("/api/statements?limit=500")[1]["statements"] if s["content"] == said["content"]]
    assert [names[s["speaker"]["actor"]] for s in now] == [theirs["name"]]
    bad = running.ask("/api/journal", "POST", "no journal", authorization=f"Bearer {running.token}")
    assert bad[0] == 400


def test_what_is_no_ledger_is_not_served_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text('{"number": 1, "verb": "same"}\n', encoding="utf-8")
    (tmp_path / "notes.txt").write_text("The mayor said no.", encoding="utf-8")
    (tmp_path / "empty.db").touch()
    with contextlib.closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE story (id TEXT)")
        other.commit()
    (tmp_path / "folder").mkdir()
    for name in ("journal.jsonl", "notes.txt", "empty.db", "other.db", "folder", "none.db"):
        path = tmp_path / name
        before = path.read_bytes() if path.is_file() else None
        command = [sys.executable, "-m", "storyledger", "serve", str(path), "--port", "0"]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert ended.returncode == 2, name
        assert re.fullmatch(r"storyledger: E-LEDGER-[A-Z]+: [^\n]+ \([^\n]+\)\n", ended.stderr), ended.stderr
        assert (path.read_bytes() if path.is_file() else None) == before
    for name in ("journal.jsonl", "notes.txt", "other.db"):
        command = [sys.executable, "-m", "storyledger", "import", str(tmp_path / name), "-o", str(tmp_path / "made.db")]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert ended.returncode == 2, name
        assert ended.stderr.startswith("storyledger: E-IMPORT-"), ended.stderr
        assert not (tmp_path / "made.db").exists()


def test_an_imported_ledger_is_read_and_annotated_and_refuses_what_no_build_could_obey(
    built: Path, tmp_path: Path
) -> None:
    export, ledger = tmp_path / "story.json", tmp_path / "imported.db"
    main(["export", str(built), "-o", str(export)], standalone_mode=False)
    main(["import", str(export), "-o", str(ledger)], standalone_mode=False)
    running = start(ledger)
    try:
        key = {"authorization": f"Bearer {running.token}"}
        actor, other = running.ask("/api/actors?limit=2")[1]["actors"]
        assert running.ask("/api/search?q=ferry")[1]["results"]
        for body in (
            {"verb": "rename", "target": actor["id"], "value": "Another"},
            {"verb": "same", "target": actor["id"], "other": other["id"]},
        ):
            status, answer = running.ask("/api/corrections", "POST", body, **key)
            assert (status, answer["error"]["code"]) == (400, "E-BUILD-IMPORTED")
            assert "correct the ledger that it was exported from" in answer["error"]["advice"]
        assert send_files(running, {"z.txt": b"The dyke gave way."}, running.token) == 400
        assert not (tmp_path / "imported.db-added").exists()
        said = running.ask("/api/statements?limit=1")[1]["statements"][0]
        for body in (
            {"verb": "save_search", "name": "Boats", "value": "q=ferry"},
            {"verb": "note", "section": "statements", "target": said["id"], "value": {"text": "ask him"}},
        ):
            assert running.ask("/api/corrections", "POST", body, **key)[0] == 202
        running.wait()
        journal = running.ask("/api/corrections")[1]["corrections"]
        assert [c["verb"] for c in journal] == ["save_search", "note"]
        assert "ask him" in running.ask("/dossiers")[1]
    finally:
        running.end()


def test_a_file_that_is_no_journal_is_refused_whole_and_nothing_is_written(running: Running, tmp_path: Path) -> None:
    before = running.ask("/api/corrections")[1]["corrections"]
    good = urllib.request.urlopen(running.place + "/api/journal").read()
    export = tmp_path / "story.json"
    main(["export", str(running.ledger), "-o", str(export)], standalone_mode=False)
    told = []
    for wrong in (
        export.read_bytes(),
        running.ledger.read_bytes()[:100_000],
        b"number,verb\n1,same\n",
        b'["same"]\n',
        b'{"number": 1, "verb": "explode", "a": ["x", 0, 1, "y"]}\n',
        b'{"number": 1, "verb": "same", "a": ["x", 0, 1]}\n',
        b'{"verb": "set_event", "a": ["x", 0, 1, "y"], "value": "{\\"status\\": \\"boiled\\"}", "number": 1}\n',
        good + b"and then some\n",
    ):
        request = urllib.request.Request(running.place + "/api/journal", wrong)
        request.add_header("authorization", f"Bearer {running.token}")
        request.add_header("content-type", "application/jsonl")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        answer = json.loads(refused.value.read())["error"]
        told.append((refused.value.code, answer["code"], bool(answer["advice"])))
    assert {(status, advice) for status, _, advice in told} == {(400, True)}, told
    assert running.ask("/api/corrections")[1]["corrections"] == before


def test_places_are_told_as_geojson_and_drawn_on_the_map(running: Running) -> None:
    found = running.ask("/api/places")[1]
    places = {f["properties"]["name"]: f for f in found["features"] if f["properties"]["kind"] == "place"}
    assert {"Mosul", "Baghdad"} <= set(places)
    assert places["Mosul"]["properties"]["country"] == "IQ"
    shown = running.ask("/map")[1]
    assert '<svg class="atlas"' in shown
    assert "Mosul" in shown


def test_a_wrong_value_is_refused_with_what_to_do_and_nothing_is_written(running: Running) -> None:
    event = running.ask("/api/events?limit=1")[1]["events"][0]
    before = running.ask("/api/status")[1]["written"]
    for value in ({"day": "soon"}, {"status": "perhaps"}, {"colour": "red"}, {}):
        body = {"verb": "set_event", "target": event["id"], "value": value}
        status, answer = running.ask("/api/corrections", "POST", body, authorization=f"Bearer {running.token}")
        assert (status, answer["error"]["code"]) == (400, "E-JUDGE-VALUE")
        assert answer["error"]["advice"]
    assert running.ask("/api/status")[1]["written"] == before


def test_nothing_is_changed_without_the_token_or_for_another_site(running: Running) -> None:
    body = {"verb": "rename", "target": running.ask("/api/actors")[1]["actors"][0]["id"], "value": "X"}
    before = running.ask("/api/status")[1]["written"]
    assert running.ask("/api/corrections", "POST", body)[0] == 401
    assert running.ask("/api/corrections", "POST", body, authorization="Bearer wrong")[0] == 401
    token = f"Bearer {running.token}"
    evil = running.ask("/api/corrections", "POST", body, authorization=token, origin="https://evil.example")
    assert evil[0] == 403
    rebound = running.ask("/", host="evil.example")
    assert rebound[0] == 403
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert running.ask("/api/corrections", "POST", body, **form)[0] == 401  # calling it a form is no way in
    assert running.ask("/api/journal", "POST", body, **form)[0] == 401
    assert running.ask("/correct", "POST", None, **form)[0] in (400, 403)
    assert running.ask("/api/status")[1]["written"] == before


def test_a_page_of_hostile_text_shows_it_as_text(running: Running) -> None:
    page = next(d for d in running.ask("/api/documents?limit=500")[1]["documents"] if "hostile" in d["path"])
    entries = []
    for section in ("documents", "actors", "statements", "events", "figures", "comparisons", "omissions"):
        listed = running.ask(f"/api/{section}?limit=3")[1][section]
        entries += [f"/{section}", *(f"/{section}/{e['id']}" for e in listed)]
    for path in (
        f"/documents/{page['id']}",
        "/search?q=port",
        "/",
        "/review",
        "/journal",
        "/add",
        "/map",
        f"/documents/{page['id']}?text=edit",
        *entries,
    ):
        status, text = running.ask(path)
        assert status == 200, path
        assert not re.search(r"<(script|img|b) [^>]*(alert|onerror|onmouseover)", text)
        assert "<script>alert" not in text
    request = urllib.request.Request(running.place + "/")
    with urllib.request.urlopen(request) as answer:
        policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_review_asks_what_can_be_answered_and_not_again(running: Running) -> None:
    questions = running.ask("/api/review")[1]["questions"]
    assert questions
    assert [q["effect"] for q in questions] == sorted((q["effect"] for q in questions), reverse=True)
    first = questions[0]
    skipped = running.ask("/api/review?skip=" + urllib.parse.quote(first["key"]))[1]["questions"]
    assert first["key"] not in [q["key"] for q in skipped]
    running.correct(**next(iter(first["requests"].values())))
    assert first["sides"] not in [q["sides"] for q in running.ask("/api/review")[1]["questions"]]


def test_the_review_offers_who_is_told_of_on_other_pages_and_the_speaker_follows(running: Running) -> None:
    asked: dict[str, dict[str, Any]] = {}
    while more := running.ask("/api/review?" + urllib.parse.urlencode([("skip", k) for k in asked]))[1]["questions"]:
        asked |= {q["key"]: q for q in more}
    afar: list[tuple[str, dict[str, str]]] = []
    for question in (q for key, q in asked.items() if key.startswith("speaker ")):
        offered = {a: r for a, r in question["requests"].items() if a not in ("right", "wrong")}
        assert [a.partition(":")[0] for a in offered] == [str(n) for n in range(1, len(offered) + 1)]  # its keys
        assert len(offered) == len({r["other"] for r in offered.values()}) <= 9
        said = question["sides"][0]["evidence"]
        afar += [(said["text"], r) for r in offered.values() if r["other_at"].split()[0] != said["document"]]
    words, request = afar[0]  # somebody whom the page never names
    number = running.correct(**request)
    heard = running.ask("/api/statements?limit=500")[1]["statements"]
    assert [s["speaker"]["actor"] for s in heard if s["content"]["text"] == words] == [request["other"]]
    running.undo(number)


def test_every_answer_of_the_api_is_described(running: Running) -> None:
    described = running.ask("/api/openapi.json")[1]
    assert described["openapi"].startswith("3.1")
    for path in ("/api/documents", "/api/actors", "/api/statements", "/api/events", "/api/figures", "/api/comparisons"):
        assert path in described["paths"]
        assert running.ask(path)[0] == 200
    routes = {r.path.replace(":int", "").replace(":path", ""): r.methods for r in Rest(None).routes()}  # type: ignore[arg-type]
    listed = {
        p
        for p in described["paths"]
        if not re.fullmatch(r"/api/(documents|actors|statements|events|figures|comparisons|omissions)(/.*)?", p)
    }
    assert listed == set(routes) - {"/api/openapi.json", "/api/{section}", "/api/{section}/{ident}"}
    for path, told in described["paths"].items():
        for method, asked in told.items():
            inside = {p["name"] for p in asked.get("parameters", ()) if p["in"] == "path"}
            assert inside == set(re.findall(r"\{(\w+)\}", path)), path
            assert ("security" in asked) == (method != "get"), path
            values = {
                "day": "2021-03-10",
                "since": "2021-03-09",
                "until": "2022",
                "limit": "3",
                "offset": "0",
                "section": "events",
            }
            query = {p["name"]: values.get(p["name"], "a") for p in asked.get("parameters", ()) if p["in"] == "query"}
            if method == "get" and not inside:
                assert running.ask(path + "?" + urllib.parse.urlencode(query))[0] == 200, path


def test_what_was_collected_is_handed_out_with_its_sources(running: Running) -> None:
    _, found = running.ask("/api/search?section=statements&q=" + urllib.parse.quote('"every family has an answer"'))
    target = found["results"][0]["id"]
    value = {"dossier": "For the desk", "text": "Ask <her> again"}
    number = running.correct(verb="note", section="statements", target=target, value=value)
    _, shown = running.ask("/dossiers")
    assert "For the desk" in shown
    assert "Ask &lt;her&gt; again" in shown
    _, text = running.ask("/dossiers/For%20the%20desk?as=md")
    assert "every family has an answer" in text
    assert re.search(r"^\[\^1\]: .+SHA-256", text, re.MULTILINE)
    running.undo(number)
    assert "For the desk" not in running.ask("/dossiers")[1]
    assert running.ask("/dossiers/For%20the%20desk?as=md")[0] == 404


def test_readers_and_writers_at_once_see_no_error_and_lose_no_judgement(running: Running) -> None:
    actors = running.ask("/api/actors?limit=3")[1]["actors"]
    before = running.ask("/api/status")[1]["written"]
    wrong: list[object] = []

    def read() -> None:
        for path in ("/", "/api/search?q=ferry", "/statements", "/api/events", "/documents") * 3:
            status, _ = running.ask(path)
            wrong.extend([(path, status)] if status != 200 else [])

    def write(actor: dict[str, Any]) -> None:
        for n in range(4):
            body = {"verb": "rename", "target": actor["id"], "value": f"Name {n}"}
            status, answer = running.ask("/api/corrections", "POST", body, authorization=f"Bearer {running.token}")
            if status == 400 and answer["error"]["code"] == "E-JUDGE-TARGET":
                continue  # the story followed meanwhile and the id is another one; the writer is told
            wrong.extend([answer] if status != 202 else written.append(answer["number"]) or [])

    written: list[int] = []
    threads = [threading.Thread(target=read) for _ in range(6)]
    threads += [threading.Thread(target=write, args=(a,)) for a in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    running.wait()
    journal = [c["number"] for c in running.ask("/api/corrections")[1]["corrections"] if c["number"] > before]
    assert sorted(written) == journal


def test_a_server_killed_in_the_middle_loses_nothing(built: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "story.db"
    shutil.copy(built, ledger)
    first = start(ledger)
    actor = first.ask("/api/actors?limit=1")[1]["actors"][0]
    body = {"verb": "rename", "target": actor["id"], "value": "The Killed Name"}
    assert first.ask("/api/corrections", "POST", body, authorization=f"Bearer {first.token}")[0] == 202
    first.end(signal.SIGKILL)
    with Ledger.open_readonly(ledger) as opened:
        assert [j.value for j in opened.load_judgements()] == ["The Killed Name"]
        assert list(opened.iter_damage()) == []
    second = start(ledger)  # the story follows after the next start, though nobody corrects anything
    try:
        second.wait()
        assert "The Killed Name" in {a["name"] for a in second.ask("/api/actors?limit=500")[1]["actors"]}
        search = {"verb": "save_search", "name": "Mine", "value": "q=ferry"}
        assert second.ask("/api/corrections", "POST", search, authorization=f"Bearer {second.token}")[0] == 202
    finally:
        second.end()
    third = start(ledger)
    try:
        assert third.ask("/api/status")[1]["building"] is False  # a saved search asks for no build
    finally:
        third.end()


def send_files(running: Running, files: dict[str, bytes], token: str) -> int:
    """Send files as a browser's form does; return the status of the page that it leads to."""
    line = "frontier"
    parts = [f'--{line}\r\ncontent-disposition: form-data; name="token"\r\n\r\n{token}\r\n'.encode()]
    for name, data in files.items():
        head = f'--{line}\r\ncontent-disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + data + b"\r\n")
    body = b"".join([*parts, f"--{line}--\r\n".encode()])
    request = urllib.request.Request(
        running.place + "/add", body, {"content-type": f"multipart/form-data; boundary={line}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_added_files_are_read_though_the_server_is_killed_and_failures_say_what_to_do(
    built: Path, tmp_path: Path
) -> None:
    ledger = tmp_path / "story.db"
    shutil.copy(built, ledger)
    page = "The dyke at Oster gave way\n\nBy Tea Lund\n9 March 2021\n\nThe dyke at Oster gave way on Monday night and forty families left, the engineer Tea Lund said.\n"
    first = start(ledger)
    assert send_files(first, {"x.txt": page.encode()}, "wrong") == 403
    assert send_files(first, {}, first.token) == 400
    assert not (tmp_path / "story.db-added").exists()
    files = {
        "saved/dyke.txt": page.encode(),
        "../../saved/dyke.txt": page.replace("Oster", "Norder").encode(),
        "saved/dyke.txt/inner.txt": page.replace("Oster", "Suder").encode(),
        "/etc/../..": b"",
        "scan.pdf": b"%PDF-1.4 this is none",
    }
    assert send_files(first, files, first.token) == 200
    first.end(signal.SIGKILL)
    assert [p for p in tmp_path.parent.rglob("*dyke*") if tmp_path not in p.parents] == []
    second = start(ledger)
    try:
        second.wait()
        texts = " ".join(
            second.ask(f"/api/documents/{d['id']}")[1]["text"] for d in second.ask("/api/documents")[1]["documents"]
        )
        assert [name in texts for name in ("Oster", "Norder", "Suder")] == [True, True, True]
        shown = second.ask("/add")[1]
        failed = re.search(r"<strong>scan.pdf</strong>: ([^<]+)<span class=\"hush\">([^<]+)</span>", shown)
        assert failed, shown
        assert failed[2].strip()
        assert not (tmp_path / "story.db-added").exists()
    finally:
        second.end()
    main(["verify", str(ledger)], standalone_mode=False)


def test_other_machines_are_let_in_with_a_token_only(built: Path) -> None:
    command = [sys.executable, "-m", "storyledger", "serve", str(built), "--host", "0.0.0.0", "--port", "0"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert "E-SERVE-OPEN" in ended.stderr


def test_whatever_is_sent_is_answered_and_what_it_cannot_be_is_told(running: Running) -> None:
    before = running.ask("/api/status")[1]["written"]
    figure = running.ask("/api/figures?limit=1")[1]["figures"][0]["id"]
    page = running.ask("/api/documents?limit=1")[1]["documents"][0]["id"]
    asked = (
        "/api/statements?limit=99999999999999999999&offset=99999999999999999999999",
        "/api/search?q=%00ferry%ED%A0%80",
        "/search?q=%22%00",
        "/documents/%00",
        f"/documents/{page}?at=99999999999999999999-5",
    )
    assert [p for p in asked if running.ask(p)[0] not in (200, 404)] == []
    wrong = (
        "/statements?limit=x",
        "/search?since=soon",
        "/api/events?until=2021-13-45",
        "/api/search?section=none&q=a",
    )
    assert [running.ask(p)[0] for p in wrong] == [400, 400, 400, 404]
    assert running.ask("/statements?limit=x")[1].startswith("<!doctype html>")  # a person gets a page
    assert running.ask("/api/status", "PUT", authorization=f"Bearer {running.token}")[0] == 405

    def post(path: str, **fields: str) -> tuple[int, str]:
        body = urllib.parse.urlencode({"token": running.token, **fields}).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(running.place + path, body), timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    for value in ("about 30", "nan", "inf", "1e999"):
        status, text = post("/correct", verb="set_figure", target=figure, **{"field-value": value})
        assert (status, "is no number" in text) == (400, True), value
    assert post("/undo", number="abc")[0] == 400
    for value in ({"value": 10**400}, {"value": True}, {"unit": ["x"]}, {"alone": "no"}, {"about": "x" * 30_000}):
        body = {"verb": "set_figure", "target": figure, "value": value}
        assert running.ask("/api/corrections", "POST", body, authorization=f"Bearer {running.token}")[0] == 400, value
    for body in ({"verb": "note", "at": f"{page} \u00b2 5"}, {"verb": ["x"]}, {"verb": "rename", "target": "\ud800"}):
        assert running.ask("/api/corrections", "POST", body, authorization=f"Bearer {running.token}")[0] == 400, body
    entry = {"number": 1, "verb": "same", "a": ["x", 1, 2, "t"], "b": ["x", 3, 4, "u"]}
    for change in (
        {"b": None}, {"verb": "undo", "value": "zz"}, {"verb": "undo", "value": "\u00b2"}, {"value": {"a": 1}},
        {"number": 10**30}, {"number": float("inf")}, {"a": ["x", -1, 10**30, "t"]}, {"verb": "set_party", "b": None},
    ):  # fmt: skip
        line = {**entry, **change}
        assert running.ask("/api/journal", "POST", line, authorization=f"Bearer {running.token}")[0] == 400, line
    assert running.ask("/api/status")[1]["written"] == before


def test_another_port_of_this_machine_is_another_site(running: Running) -> None:
    actor = running.ask("/api/actors?limit=1")[1]["actors"][0]["id"]
    body = {"verb": "rename", "target": actor, "value": "X"}
    before = running.ask("/api/status")[1]["written"]
    cookie = f"storyledger-token={running.token}"
    for origin in ("http://127.0.0.1:9", "http://localhost", "null", "http://[", running.place + ".evil.example"):
        found = running.ask("/api/corrections", "POST", body, cookie=cookie, origin=origin)
        assert (found[0], found[1]["error"]["code"]) == (403, "E-SERVE-ORIGIN"), origin
    for host in ("[::1].evil.example", "127.0.0.1.evil.example", "evil.example:127.0.0.1", "127.0.0.1:80@evil.example"):
        assert running.ask("/api/status", host=host)[0] == 403, host
    assert running.ask("/api/status", host="[::1]:80")[0] == 200
    assert running.ask("/api/status")[1]["written"] == before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the other loopback addresses are Linux's")
@pytest.mark.parametrize("host", ["127.0.0.2", "0.0.0.0"])
def test_where_others_may_connect_everything_asks_for_the_token(built: Path, tmp_path: Path, host: str) -> None:
    ledger = tmp_path / "story.db"
    shutil.copy(built, ledger)
    other = start(ledger, "--host", host, "--token", "a tökên; 1")
    try:
        other.place = re.sub(r"//[^:]+:", "//127.0.0.2:", other.place)
        for path in ("/", "/api/actors", "/documents", "/assets/workbench.css", "/api/openapi.json", "/?token=b"):
            assert other.ask(path)[0] == 401, path
        assert other.ask("/api/actors", authorization="Bearer a tökên; 1".encode().decode("latin-1"))[0] == 200
        opened = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with opened.open(other.place + "/?token=" + urllib.parse.quote("a tökên; 1"), timeout=60) as answer:
            assert answer.url == other.place + "/"  # the token does not stay in the address
            assert answer.status == 200
        with opened.open(other.place + "/api/actors", timeout=60) as answer:
            assert answer.status == 200
    finally:
        other.end()


def test_what_has_another_id_by_now_is_corrected_by_its_words(running: Running) -> None:
    """A reviewer answers faster than the story is built: what stood in the page when it was asked is meant."""
    found = running.ask("/api/review")[1]["questions"]
    pairs = [q for q in found if "target_at" in next(iter(q["requests"].values()), {})]
    assert pairs
    request = next(iter(pairs[0]["requests"].values()))
    gone = {**request, "target": "actor:gone", **({"other": "actor:gone2"} if request.get("other") else {})}
    number = running.correct(**gone)
    entry = running.ask("/api/corrections")[1]["corrections"][-1]
    assert (entry["number"], entry["problem"]) == (number, None)
    running.undo(number)
    other_words = request["target_at"].rsplit(" ", 1)[0] + " 00000000"
    body = {**gone, "target_at": other_words}
    status, answer = running.ask("/api/corrections", "POST", body, authorization=f"Bearer {running.token}")
    assert (status, answer["error"]["code"]) == (400, "E-JUDGE-TARGET")


def test_whichever_mention_is_somebody_else_s_can_be_parted(running: Running) -> None:
    """The mention that an actor is known by in the journal is one of those that a person may choose."""
    actors = running.ask("/api/actors?kind=person&limit=50")[1]["actors"]
    actor = next(a for a in actors if len({m["document"] for m in a["mentions"] if m["kind"] == "name"}) > 2)
    names = {(m["document"]): m for m in actor["mentions"] if m["kind"] == "name"}
    for m in list(names.values())[:2]:
        place = f"{m['document']} {m['start']} {m['end']}"
        number = running.correct(verb="different", target=actor["id"], **{"with": place})
        assert running.ask("/api/corrections")[1]["corrections"][-1]["problem"] is None
        running.undo(number)


def test_a_page_is_moved_out_of_the_story_and_into_another_one_s(running: Running) -> None:
    pages = running.ask("/api/documents?limit=500")[1]["documents"]
    one, other = pages[0], pages[1]
    out = running.correct(verb="set_page", target=one["id"], value={"in_story": False})
    assert running.ask(f"/api/documents/{one['id']}")[1]["in_story"] is False
    running.undo(out)
    apart = running.correct(verb="different_story", target=one["id"], other=other["id"], by="Ines")
    entry = running.ask("/api/corrections")[1]["corrections"][-1]
    assert (entry["number"], entry["problem"], entry["by"]) == (apart, None, "Ines")
    with Ledger.open_readonly(running.ledger) as opened:
        stories = opened.load_story().stories
    assert not any({one["id"], other["id"]} <= set(s.documents) for s in stories)
    running.undo(apart)
    body = {"verb": "same_story", "target": one["id"], "other": one["id"]}
    assert running.ask("/api/corrections", "POST", body, authorization=f"Bearer {running.token}")[0] == 400
