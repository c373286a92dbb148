"""Which lexicon and pattern rows earn their place: ``python -m evals.rules [FILE ...]`` (``just rules``).

Knocks out one row after the other (a row of a table, a list of words, an entry of a mapping) of the TOML files in the
package and tells how many entries of the stories change, on piles that the rules were tuned on and on piles that they
were not. A row that moves nothing, or only what it was tuned on, has to go. ``--words FILE:KEY`` knocks out the words
of one list instead. The pages are read once; each knock-out runs all stages after the reading in a process of its own,
for lexicons are kept once loaded.

    python -m evals.rules statements/cues.toml
    python -m evals.rules --words events/data/words.toml:planning
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# ruff: noqa: PLC0415 - rooms are loaded where a lexicon has been knocked out, not before
from storyledger.engine import SerialEngine

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "storyledger"
PILES = ROOT.parent / "shared" / "piles"
SECTIONS = ("actors", "statements", "events", "figures", "ledger", "times", "comparisons", "omissions")
Path_ = tuple[str | int, ...]  # the keys that lead to a row


def iter_rows(table: Any, above: Path_ = ()) -> Iterator[Path_]:
    """Yield the rows of a lexicon: entries of tables of tables, lists, and single values."""
    if isinstance(table, dict):
        for key, value in table.items():
            yield from iter_rows(value, (*above, key))
    elif isinstance(table, list) and table and isinstance(table[0], dict):
        yield from ((*above, n) for n in range(len(table)))
    else:
        yield above


def iter_words(table: Any, key: str) -> Iterator[Path_]:
    """Yield the words of the list at a dotted key."""
    value = table
    for part in key.split("."):
        value = value[part]
    yield from ((*key.split("."), n) for n in range(len(value.split() if isinstance(value, str) else value)))


def knock_out(table: Any, row: Path_) -> Any:
    """Return ``table`` without the row; a list stands empty, a string without its words."""
    key, *below = row
    if below:
        parts = table[key].split() if isinstance(table[key], str) else table[key]
        changed = knock_out(parts, tuple(below))
        whole: Any = " ".join(changed) if isinstance(table[key], str) else changed
        return {**table, key: whole} if isinstance(table, dict) else [*table[:key], whole, *table[key + 1 :]]
    if isinstance(table, list):
        return [value for n, value in enumerate(table) if n != key]
    empty = {str: "", list: [], dict: {}}.get(type(table[key]))
    return {k: v for k, v in table.items() if k != key} if empty is None else {**table, key: empty}


def name_row(table: Any, row: Path_) -> str:
    """Return the row in words: its keys, and its own name or word where it has one."""
    value = table
    for key in row:
        value = (value.split() if isinstance(value, str) else value)[key]
    told = value.get("name", value.get("own", "")) if isinstance(value, dict) else value
    return f"{'.'.join(map(str, row))}  {str(told)[:40]}"


def read_pile(pages: Path) -> list[Any]:
    """Return the articles of a pile with their readings."""
    from storyledger.pipeline import Shelf, make_articles, mark_pages
    from storyledger.reading import model_digest
    from storyledger.settings import Settings
    from storyledger.store import Ledger
    from storyledger.work import PageWork

    settings = Settings(workers=1)
    with tempfile.TemporaryDirectory() as folder, Ledger.create(Path(folder) / "a.db") as ledger:
        shelf = Shelf(ledger, settings, [], lambda _: None)
        shelf.take_pages([str(pages)], None)
        work = PageWork(ledger, SerialEngine(), lambda _: None, [])
        placed = make_articles(shelf, work, SerialEngine(), {})
        readings = mark_pages(placed, work, settings, model_digest(None)).readings
    return [(a, readings[a.id]) for a in placed if a.id in readings]


def tell_pile(read: list[Any]) -> Counter[str]:
    """Return the entries of the story of a pile that has been read, as text."""
    from storyledger import actors
    from storyledger.pipeline import EVENTS, FIGURES, MENTIONS, STATEMENTS, TIMES, Marks, Told, join_story
    from storyledger.types import Cast

    engine, placed = SerialEngine(), [a for a, _ in read]
    readings = {a.id: r for a, r in read}
    found = {a.id: TIMES.function(a, r) for a, r in read}
    counted = {a.id: FIGURES.function(a, r, found[a.id]) for a, r in read}
    mentions = {a.id: MENTIONS.function(a, r) for a, r in read}
    cast = actors.resolve_actors(list(mentions.values()), placed, (), engine)
    casts = {a.id: Cast(a.id, ()) for a in placed} | actors.cast_documents(cast)
    said = {a.id: STATEMENTS.function(a, r, casts[a.id], found[a.id]) for a, r in read}
    reports = {a.id: EVENTS.function(a, r, casts[a.id], found[a.id], said[a.id]) for a, r in read}
    marks = Marks(readings, found, counted, mentions)
    story = join_story(placed, marks, cast, Told(said, reports), engine)
    return Counter(f"{section} {entry!r}" for section in SECTIONS for entry in getattr(story, section))


def tell_without(place: Path, row: Path_ | None, piles: list[list[Any]]) -> list[Counter[str]] | str:
    """Return the stories of ``piles`` with a row knocked out; the error in words where nothing runs without it."""
    text, loads = place.read_text(encoding="utf-8"), tomllib.loads

    def load(given: str) -> Any:
        return knock_out(loads(given), row) if row is not None and given == text else loads(given)

    tomllib.loads = load  # type: ignore[assignment]
    try:
        return [tell_pile(pile) for pile in piles]
    except Exception as error:  # noqa: BLE001 - whatever breaks without the row is what is asked
        return f"{type(error).__name__}: {error}"[:60]


def work_at(place: Path, row: Path_ | None, piles: list[list[Any]], out: Any) -> None:
    """Put ``tell_without`` into a queue: what a process of its own runs."""
    out.put(tell_without(place, row, piles))


def run_apart(place: Path, row: Path_ | None, piles: list[list[Any]]) -> Any:
    """Return ``tell_without``, run where no lexicon has been loaded yet."""
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    process = context.Process(target=work_at, args=(place, row, piles, out))
    process.start()
    found = out.get()
    process.join()
    return found


def main() -> int:
    """Knock out, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", help="lexicons below src/storyledger; all where none is named")
    parser.add_argument("--words", help="FILE:KEY, a list whose words are knocked out one by one")
    parser.add_argument("--tuned", nargs="*", type=Path, default=[ROOT / "examples" / "ferry"])
    parser.add_argument("--untuned", nargs="*", type=Path, default=sorted(PILES.glob("test/*/pages"))[:2])
    given = parser.parse_args()
    piles = [read_pile(pages) for pages in (*given.tuned, *given.untuned)]
    names = [given.words.split(":")[0]] if given.words else given.files
    places = [PACKAGE / n for n in names] or sorted(PACKAGE.rglob("*.toml"))
    whole = run_apart(places[0], None, piles)
    print(f"{'changed: tuned':>15} {'untuned':>8}  row")
    for place in places:
        table = tomllib.loads(place.read_text(encoding="utf-8"))
        rows = iter_words(table, given.words.split(":")[1]) if given.words else iter_rows(table)
        for row in rows:
            told = run_apart(place, row, piles)
            label = f"{place.relative_to(PACKAGE)} {name_row(table, row)}"
            if isinstance(told, str):
                print(f"{'needed':>15} {'':>8}  {label} ({told})", flush=True)
                continue
            moved = [sum(((a - b) + (b - a)).values()) for a, b in zip(whole, told, strict=True)]
            at = len(given.tuned)
            print(f"{sum(moved[:at]):15} {sum(moved[at:]):8}  {label}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
