"""The workbench on five thousand pages, beside Datasette on the same file; then a crowd that reads and writes.

    python -m benchmarks.serve [LEDGER ...] [--pages 5000] [--requests 200] [--seconds 60] [--only load|crowd]
                               [--keep FILE]

The large ledger is made of the stories in the ledgers that are named (else of the ferry's, built for it), their rows
copied with other ids until there are enough pages: rows, indexes and words of search are there as a build writes them
(but for the evidence of omissions, which has no id to copy by). The most-told actors of each source are one in all its
copies, as they would be in a large pile: such an actor has thousands of mentions. Only the work behind the pages is not
there, so nothing is corrected on it. ``--keep`` keeps the large ledger, and takes it where it is there already. Each
kind of page is asked for N times, one request after the other, each time another entry or other words; printed is the
median of the time and the mean of the processor's (a machine that does other things stretches the first, not the
second), and how many times Datasette's, which is asked for the same in the same run: a search of the same words with
its pieces, a row, fifty rows of the table, without suggesting facets. The crowd is fifty readers and three writers on a
real ledger for a minute: every correction is obeyed by a build behind the readers; at the end the journal must have
each judgement that was confirmed, and the ledger must verify. Exits with 1 where a limit is missed.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

from storyledger import pipeline
from storyledger.entries import settle_ids
from storyledger.settings import Settings
from storyledger.store import Filters, Ledger
from storyledger.store.schema import iter_story_tables
from storyledger.types import Story

FERRY = Path(__file__).resolve().parents[1] / "examples" / "ferry"
SEARCH_MS, PAGE_MS, START_S, MEMORY_MB = 100, 300, 2.0, 500
READERS, WRITERS = 50, 3
MUCH_TOLD = 8  # actors of a source that are one in all its copies
THEIRS = 40  # requests to Datasette of each kind: some of its pages take seconds
TICKS = os.sysconf("SC_CLK_TCK")


# ------------------------------------------------------------------ the ledger


def make_large(sources: Sequence[Path], pages: int, out: Path) -> None:
    """Write a ledger of ``pages`` pages and more."""
    stories = []
    for source in sources:
        with Ledger.open_readonly(source) as ledger:
            stories.append(ledger.load_story())
    names = [f.name for f in fields(Story) if f.name != "stages"]
    joined = {name: tuple(row for s in stories for row in getattr(s, name)) for name in names}
    whole = settle_ids(Story(**joined, stages=stories[0].stages))  # two piles have one id for one country
    with Ledger.create(out) as ledger:
        ledger.save_story(whole, (), {}, {"model": "", "shape": "copied"})
    copies = -(-pages // len(whole.documents))
    multiply_rows(out, copies)
    join_much_told(out, MUCH_TOLD * len(stories))


def count_pages(path: Path) -> int:
    """Return how many pages a ledger has."""
    with Ledger.open_readonly(path) as ledger:
        return ledger.entries.count(Filters(section="documents"))


def multiply_rows(path: Path, copies: int) -> None:
    """Copy the rows of every table of the story and of its index, each time with other ids and further positions."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA foreign_keys = OFF")
    for table in [t.name for t in iter_story_tables()] + ["entry", "entry_search"]:
        columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
        if table == "entry_search":
            columns = ["rowid", *columns]
        place = next((c for c in ("rowid", "position", "nth") if c in columns and "parent" not in columns), None)
        step = db.execute(f'SELECT coalesce(max("{place}"), 0) + 1 FROM "{table}"').fetchone()[0] if place else 0
        marked = [c for c in columns if c != place and has_ids(db, table, c)] if table != "entry_search" else []
        if "parent" in columns and "parent" not in marked:
            continue
        shown = ", ".join(f'"{c}"' for c in columns)
        db.execute(f'CREATE TEMP TABLE first AS SELECT {shown} FROM "{table}"')
        for number in range(1, copies):
            made = [
                f'"{c}" + {number * step}' if c == place
                else f"replace(\"{c}\", ':', ':{number:03x}')" if c in marked
                else f'"{c}"'
                for c in columns
            ]  # fmt: skip
            db.execute(f'INSERT INTO "{table}" ({shown}) SELECT {", ".join(made)} FROM first')
        db.execute("DROP TABLE first")
        db.commit()
    db.close()


def join_much_told(path: Path, many: int) -> None:
    """Make one of all copies of each of the ``many`` most-told actors."""
    db = sqlite3.connect(path)
    first = db.execute(
        "SELECT id FROM entry WHERE section = 'actors' AND length(id) = (SELECT min(length(id)) FROM actor) "
        "ORDER BY weight DESC LIMIT ?",
        (many,),
    ).fetchall()
    db.execute("CREATE TEMP TABLE joined (old TEXT PRIMARY KEY, new TEXT)")
    for (ident,) in first:
        kind, _, digest = ident.partition(":")
        db.execute(
            "INSERT INTO joined SELECT id, ? FROM actor WHERE id GLOB ? AND length(id) > ?",
            (ident, f"{kind}:???{digest}", len(ident)),
        )
    columns = 'document, start, "end", text, kind, confidence, why'
    db.execute(
        f"INSERT INTO actor_mention SELECT new, nth + 1000 * (old.rowid + 1), {columns} "
        "FROM joined old JOIN actor_mention ON old.old = parent"
    )
    for table, column in (
        ("statement", "speaker_actor"), ("event_participant", "actor"), ("figure", "attributed_to"), ("event", "place"),
    ):  # fmt: skip
        db.execute(
            f'UPDATE "{table}" SET "{column}" = (SELECT new FROM joined WHERE old = "{column}") '
            f'WHERE "{column}" IN (SELECT old FROM joined)'
        )
    gone = "SELECT position FROM entry WHERE section = 'actors' AND id IN (SELECT old FROM joined)"
    db.execute(f"DELETE FROM entry_search WHERE rowid IN ({gone})")
    db.execute("DELETE FROM entry WHERE section = 'actors' AND id IN (SELECT old FROM joined)")
    for table in ("actor_mention", "actor_alias", "actor_role", "actor_merge"):
        db.execute(f'DELETE FROM "{table}" WHERE parent IN (SELECT old FROM joined)')
    db.execute("DELETE FROM actor WHERE id IN (SELECT old FROM joined)")
    told = "SELECT count(*) FROM actor_mention WHERE parent = entry.id"
    db.execute(f"UPDATE entry SET weight = ({told}) WHERE section = 'actors' AND id IN (SELECT new FROM joined)")
    db.commit()
    db.close()


def has_ids(db: sqlite3.Connection, table: str, column: str) -> bool:
    """Tell whether a column holds ids, alone or in a list; texts of pages hold none."""
    pattern = "*[a-z1]:" + "[0-9a-f]" * 16 + "*"
    return db.execute(f'SELECT 1 FROM "{table}" WHERE "{column}" GLOB ? LIMIT 1', (pattern,)).fetchone() is not None


def build_ferry(out: Path) -> None:
    """Build the ferry."""
    with Ledger.create(out) as ledger:
        pipeline.build_story([str(FERRY)], ledger, Settings(workers=1))


# ------------------------------------------------------------------ servers


@dataclass
class Server:
    """A running server: its address, process and how long it took to answer."""

    host: str
    process: subprocess.Popen[bytes]
    started_s: float
    token: str = ""

    def get(self, path: str) -> tuple[float, int, bytes]:
        """Return milliseconds, status and body of one request."""
        begun = time.perf_counter()
        connection = http.client.HTTPConnection(self.host, timeout=120)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return (time.perf_counter() - begun) * 1000, answer.status, body

    def read_cpu(self) -> float:
        """Return the milliseconds of the processor that the process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / TICKS

    def read_memory(self) -> float:
        """Return the most memory that the process had, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found[1]) / 1000 if found else 0.0


@contextmanager
def serve(command: Sequence[str], first: str) -> Iterator[Server]:
    """Run a server until the block ends; it has started when ``first`` is answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = time.perf_counter()
    process = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = Server(f"127.0.0.1:{port}", process, 0.0)
    try:
        while True:
            try:
                server.get(first)
                break
            except OSError:
                if process.poll() is not None or time.perf_counter() - begun > 120:
                    raise
                time.sleep(0.02)
        server.started_s = time.perf_counter() - begun
        yield server
    finally:
        process.terminate()
        process.wait(60)


# ------------------------------------------------------------------ how fast


def measure(server: Server, paths: Sequence[str]) -> tuple[float, float]:
    """Return the median time of requests, and the mean of what they cost the processor, in milliseconds."""
    times, begun = [], server.read_cpu()
    for path in paths:
        took, status, body = server.get(path)
        if status != 200:
            raise SystemExit(f"{path}: {status} {body[:300]!r}")
        times.append(took)
    return median(times), (server.read_cpu() - begun) / len(times)


def list_targets(ledger: Path, many: int, dice: random.Random) -> dict[str, tuple[list[str], list[str]]]:
    """Return, by name, the addresses that are asked for: ours, and Datasette's for the same."""
    base = quote(ledger.stem)
    targets: dict[str, tuple[list[str], list[str]]] = {}
    with Ledger.open_readonly(ledger) as opened:
        index = opened.entries
        some = {
            s: [e.id for e in dice.sample(rows, min(many, len(rows)))]
            for s in ("documents", "actors", "statements", "events", "figures", "comparisons")
            if (rows := index.list_lines(Filters(section=s), 5000))
        }
        text = " ".join(a.text for a in index.load_values("documents", some["documents"][:60]))
    words = sorted(set(re.findall(r"[A-Za-z]{5,}", text)))
    asked = [dice.choice(words) for _ in range(many // 2)]
    pieces = text.split()
    places = [dice.randrange(len(pieces) - 3) for _ in range(many // 4)]
    asked += ['"' + re.sub(r"\W+", " ", " ".join(pieces[p : p + 3])).strip() + '"' for p in places]
    asked += [dice.choice(words)[:4] + "*" for _ in range(many - len(asked))]
    sql = (
        "select e.section, e.id, e.title, snippet(entry_search, 1, '[', ']', '…', 24) from entry_search "
        "join entry e on e.position = entry_search.rowid where entry_search match :q order by rank limit 50"
    )
    targets["search"] = (
        [f"/search?q={quote(q)}" for q in asked],
        [f"/{base}?sql={quote(sql)}&q={quote(q)}" for q in asked],
    )
    tables = {"documents": "document", "actors": "actor", "statements": "statement", "events": "event",
              "figures": "figure", "comparisons": "comparison"}  # fmt: skip
    for section, ids in some.items():
        table = tables[section]
        rows = [f"/{base}/{table}/{i.replace(':', '~3A')}" for i in ids]
        targets[f"one of {section}"] = ([f"/{section}/{i}" for i in ids], rows)
        offsets = [dice.randrange(0, 500, 50) for _ in range(many)]
        targets[f"list of {section}"] = (
            [f"/{section}?offset={n}" for n in offsets],
            [f"/{base}/{table}?_size=50" for _ in offsets],
        )
    for path in ("/", "/review", "/map", "/journal", "/dossiers"):
        targets[path] = ([path] * many, [f"/{base}"] * many)
    return targets


def run_load(ledger: Path, many: int) -> bool:
    """Print how the workbench and Datasette answer on one file; tell whether every limit is kept."""
    targets, fine = list_targets(ledger, many, random.Random(7)), True
    ours = [sys.executable, "-m", "storyledger", "serve", str(ledger)]
    theirs = [sys.executable, "-m", "datasette", "serve", str(ledger)]
    theirs += ["--setting", "sql_time_limit_ms", "20000", "--setting", "suggest_facets", "off"]
    with serve(theirs, "/-/versions.json") as datasette:
        compared = {name: measure(datasette, other[: min(many, THEIRS)]) for name, (_, other) in targets.items()}
        other_start, other_memory = datasette.started_s, datasette.read_memory()
    with serve(ours, "/api/status") as workbench:
        start = workbench.started_s
        for name, (paths, _) in targets.items():
            first = workbench.get(paths[0])[0]
            (took, cost), limit = measure(workbench, paths), SEARCH_MS if name == "search" else PAGE_MS
            fine = fine and took < limit
            other, over = compared[name], f" <-- over {limit}" if took >= limit else ""
            print(
                f"{name:22} {took:6.1f} ms, processor {cost:6.1f} (first {first:.0f}); Datasette {other[0]:.1f}, "
                f"{other[1]:.1f}: {took / other[0]:.2f} and {cost / max(other[1], 0.1):.2f} times{over}",
                flush=True,
            )
        memory = workbench.read_memory()
    print(f"start {start:.2f} s, Datasette {other_start:.2f} s: {start / other_start:.2f} times")
    print(f"memory {memory:.0f} MB, Datasette {other_memory:.0f} MB: {memory / other_memory:.2f} times")
    return fine and start < START_S and memory < MEMORY_MB


# ------------------------------------------------------------------ the crowd


def run_crowd(ledger: Path, seconds: float) -> bool:
    """Let readers and writers at a ledger; tell whether nothing failed and no judgement was lost."""
    token = "of the crowd"
    command = [sys.executable, "-m", "storyledger", "serve", str(ledger), "--token", token]
    ends: Counter[str] = Counter()
    written: list[int] = []
    with serve(command, "/api/status") as server:
        end = time.monotonic() + seconds
        listed = {s: json.loads(server.get(f"/api/{s}?limit=100")[2])[s] for s in ("statements", "actors", "documents")}
        pages = ["/", "/statements", "/events", "/search?q=ferry", "/api/figures", "/map", "/review", "/journal"]
        pages += [f"/documents/{d['id']}" for d in listed["documents"]]
        readers = [threading.Thread(target=read_on, args=(server, pages, end, ends, n)) for n in range(READERS)]
        writers = [
            threading.Thread(target=write_on, args=(server, token, end, ends, written, n)) for n in range(WRITERS)
        ]
        for thread in (*readers, *writers):
            thread.start()
        for thread in (*readers, *writers):
            thread.join()
        until = time.monotonic() + 300
        while time.monotonic() < until:
            state = json.loads(server.get("/api/status")[2])
            if state["obeyed"] >= state["written"] and not state["building"]:
                break
            time.sleep(1)
        journal = {c["number"] for c in json.loads(server.get("/api/corrections")[2])["corrections"]}
    verified = subprocess.run([sys.executable, "-m", "storyledger", "verify", str(ledger)], check=False).returncode == 0
    lost = sorted(set(written) - journal)
    for how, count in sorted(ends.items()):
        print(f"{how}: {count}")
    twice = len(written) - len(set(written))
    print(
        f"{len(written)} judgements confirmed, lost {lost or 'none'}, numbered twice {twice}; verifies: {verified}; "
        f"the story follows: {state['obeyed'] >= state['written']}, {state['error'] or 'no error'}"
    )
    return not lost and not twice and verified and not state["error"] and not any("FAULT" in how for how in ends)


def read_on(server: Server, pages: Sequence[str], end: float, ends: Counter[str], number: int) -> None:
    """Read pages until ``end``; one that has gone with a rebuild is no fault, its id may be another."""
    dice = random.Random(number)
    while time.monotonic() < end:
        path = dice.choice(pages)
        try:
            _, status, _ = server.get(path)
        except OSError as error:
            ends[f"reader FAULT {error!r}"] += 1
            continue
        ends["reader " + ("done" if status == 200 else f"FAULT {path} {status}")] += 1


def write_on(server: Server, token: str, end: float, ends: Counter[str], written: list[int], number: int) -> None:
    """Correct and undo until ``end``, and keep the numbers that were confirmed."""
    dice, turn = random.Random(100 + number), 0
    while time.monotonic() < end:
        turn += 1
        section, verb = dice.choice([("statements", "set_speaker"), ("actors", "rename"), ("statements", "note")])
        found = json.loads(server.get(f"/api/{section}?limit=20&offset={dice.randrange(30)}")[2])[section]
        people = json.loads(server.get("/api/actors?kind=person&limit=10")[2])["actors"]
        if not found or not people:
            continue
        request: dict[str, Any] = {"verb": verb, "target": found[0]["id"], "by": f"writer {number}"}
        request |= {
            "set_speaker": {"other": dice.choice(people)["id"]},
            "rename": {"value": f"Name {number} {turn}"},
            "note": {"value": {"dossier": f"of {number}", "text": f"turn {turn}"}, "section": section},
        }[verb]
        status, answer = post(server, request, token)
        if status == 202:
            written.append(answer["number"])
            ends["writer done"] += 1
        elif status == 400 and answer["error"]["code"] == "E-JUDGE-TARGET":
            ends["writer told that the entry has changed"] += 1
        else:
            ends[f"writer FAULT {status} {answer}"] += 1


def post(server: Server, request: dict[str, Any], token: str) -> tuple[int, Any]:
    """Send a correction; return status and answer."""
    connection = http.client.HTTPConnection(server.host, timeout=120)
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    connection.request("POST", "/api/corrections", json.dumps(request), headers)
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    return answer.status, body


def main() -> int:
    """Make the ledgers, measure, tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("ledgers", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--keep", type=Path, help="where the large ledger is kept, or is already")
    parser.add_argument("--only", choices=["load", "crowd"])
    chosen = parser.parse_args()
    fine = True
    with tempfile.TemporaryDirectory() as folder:
        ferry, large = Path(folder) / "ferry.db", chosen.keep or Path(folder) / "large.db"
        made = chosen.only == "crowd" or large.exists()
        if chosen.only != "load" or not (chosen.ledgers or made):
            build_ferry(ferry)
        if not made:
            make_large(chosen.ledgers or [ferry], chosen.pages, large)
        if chosen.only != "crowd":
            print(f"{count_pages(large)} pages, {large.stat().st_size / 1e6:.0f} MB")
            fine = run_load(large, chosen.requests)
        if chosen.only != "load":
            fine = run_crowd(ferry, chosen.seconds) and fine
    return not fine


if __name__ == "__main__":
    sys.exit(main())
