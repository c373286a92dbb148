# ruff: noqa: E501 (the table of shapes reads best in rows)
"""How work and memory grow with what a pile holds much of: one shape at a time, its size doubled again and again.

    python -m benchmarks.growth [--only WORD ...] [--most N]

Each shape is built, and its account, export and tables written, in a process of its own, forked from one that has all
modules and models loaded, so that none of them pays for the start. Printed are processor seconds (a busy machine does
not blur them), those of the smallest size taken off, the peak of memory, and how many times the work of one size is
that of half of it. Exits with 1 where the last doubling costs more than 1.2 times linear, so more than 2.4 times, or a
size takes more than a gigabyte. Not a test of the suite: it takes a quarter of an hour.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

LIMIT = 2 * 1.2
MEMORY_MB = 1000
NOISE_S = 0.5  # what work below this costs is that of starting

NAMES = ("Dana Wolfe", "Peter Lang", "Mira Osk", "Tomas Reyer", "Ines Halloran", "Karl Ode", "Lea Brandt", "Ruth Amsel")
HEAD = "Old bridge closed in Quillan\n\nBy Ines Halloran\n4 June 2020\n\n"
Pile = dict[str, str]


def tell(number: int) -> str:
    """Return a paragraph of news that is like its neighbours but for names and numbers."""
    name, other = NAMES[number % 8], NAMES[number * 3 % 7]
    return (
        f"{name}, the mayor of Quillan, said on Thursday that {17 + number} houses had been searched. “We could not wait "
        f"any longer,” she told reporters. The company of {other} denied that it knew of the cracks, and he resigned.\n\n"
    )


def one(text: str, name: str = "page.txt") -> Pile:
    """Return a pile of one page."""
    return {name: text}


def web(inside: str) -> Pile:
    """Return a pile of one web page that has ``inside`` before its paragraphs."""
    paragraphs = "".join(f"<p>{tell(n)}</p>" for n in range(4))
    return one(
        f"<html><body>{inside}<article><h1>Old bridge closed</h1>{paragraphs}</article></body></html>", "page.html"
    )


def attributes(size: int) -> Pile:
    """Return a web page with a tag of so many attributes; one of more than 4,000 is refused."""
    return web("<p " + " ".join(f"a{k}='{k}'" for k in range(size)) + ">x</p>")


def across(size: int) -> Pile:
    """Return pages that each tell another number of one quantity."""
    return {
        f"{n:05}.txt": HEAD
        + f"The flood in Quillan killed {100 + n} people, {NAMES[n % 8]} of the fire brigade said on Friday.\n"
        for n in range(size)
    }


def identical(size: int) -> Pile:
    """Return one page many times."""
    return {f"{n:05}.txt": HEAD + "".join(map(tell, range(6))) for n in range(size)}


def different(size: int) -> Pile:
    """Return pages of one story that differ in numbers."""
    return {f"{n:05}.txt": HEAD + "".join(tell(n + 5 * k) for k in range(4)) for n in range(size)}


SHAPES: dict[str, tuple[int, int, Callable[[int], Pile]]] = {  # name: the smallest size, doublings, the pile of a size
    "characters of a text": (25_000, 3, lambda n: one(HEAD + "".join(map(tell, range(n // 250))))),
    "characters of one line": (25_000, 2, lambda n: one(HEAD + "".join(map(tell, range(n // 250))).replace("\n\n", " "))),
    "words without a full stop": (5_000, 3, lambda n: one(HEAD + "the old bridge of Quillan and " * (n // 6))),
    "letters of one word": (40_000, 3, lambda n: one(HEAD + "x" * n)),
    "lines": (2_000, 4, lambda n: one(HEAD + "".join(f"line {k}\n" for k in range(n)))),
    "empty lines": (40_000, 3, lambda n: one(HEAD + "\n" * n + tell(1))),
    "numbers of one quantity, one page": (
        100, 4, lambda n: one(HEAD + "".join(f"The flood in Quillan killed {100 + k} people.\n\n" for k in range(n))),
    ),
    "numbers of one quantity, many pages": (50, 3, across),
    "numbers in one sentence": (250, 3, lambda n: one(HEAD + ", ".join(f"{k} people" for k in range(n)) + " died.\n")),
    "identical pages": (60, 3, identical),
    "different pages of one story": (12, 3, different),
    "attributes of one tag": (400, 3, attributes),
    "attributes beyond a page's budget": (12_500, 3, lambda n: {**attributes(n), "good.txt": HEAD + "".join(map(tell, range(4)))}),
    "tags in each other": (2_000, 3, lambda n: web("<div>" * n)),
    "links": (1_000, 3, lambda n: web("".join(f"<a href='/{k}'>More of {k}</a> " for k in range(n)))),
    "table cells": (1_000, 3, lambda n: web("<table>" + "".join(f"<tr><td>{k}<td>Quillan" for k in range(n)))),
    "opening quotation marks": (5_000, 3, lambda n: one(HEAD + "“" * n + tell(1))),
    "brackets": (5_000, 3, lambda n: one(HEAD + tell(1) + "(" * n)),
    "quotations": (100, 3, lambda n: one(HEAD + "".join(f"“It fell at {k},” she said. " for k in range(n)))),
    "names": (250, 3, lambda n: one(HEAD + "".join(f"{NAMES[k % 8][:4]}{k} Brandt met them. " for k in range(n)))),
    "one name": (250, 3, lambda n: one(HEAD + "Dana Wolfe met Peter Lang in Quillan. " * n)),
    "pronouns": (250, 3, lambda n: one(HEAD + "Dana Wolfe spoke. " + "She saw him, and he told her of it. " * n)),
    "days": (250, 3, lambda n: one(HEAD + "".join(f"It rained on {1 + k % 28} May {1900 + k % 120}. " for k in range(n)))),
    "feed entries": (
        50, 3,
        lambda n: one("<rss version='2.0'><channel><title>Quillan Post</title>" + "".join(
            f"<item><title>Bridge {k}</title><link>http://quillan.invalid/{k}</link><description>{tell(k) + tell(k + 1) + tell(k + 2)}</description></item>"
            for k in range(n)) + "</channel></rss>", "feed.xml"),
    ),
}  # fmt: skip


def measure_one(shape: str, size: int) -> dict[str, float]:
    """Return what one size costs in this process, in seconds of the processor by step, and its peak in megabytes."""
    from storyledger import pipeline  # noqa: PLC0415 (the parent process needs none of it)
    from storyledger.export import encode_story, write_canonical, write_tables  # noqa: PLC0415
    from storyledger.report import render_report  # noqa: PLC0415
    from storyledger.settings import Settings  # noqa: PLC0415
    from storyledger.store import Ledger  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        pile = Path(folder) / "pile"
        pile.mkdir()
        for name, text in SHAPES[shape][2](size).items():
            (pile / name).write_text(text, encoding="utf-8")
        steps = [("", time.process_time())]
        with Ledger.create(Path(folder) / "s.db") as ledger:
            pipeline.build_story([str(pile)], ledger, Settings(workers=1))
            steps.append(("build", time.process_time()))
            story, captures = ledger.load_story(), ledger.load_captures()
            steps.append(("load", time.process_time()))
        by_id = {a.id: data for a in story.documents if (data := captures.get((a.path, a.record, a.sha256)))}
        render_report(story, by_id, ())
        steps.append(("account", time.process_time()))
        write_canonical(encode_story(story))
        list(write_tables(story, Path(folder) / "tables"))
        steps.append(("exports", time.process_time()))
    took = {name: now - before for (_, before), (name, now) in pairwise(steps)}
    return {**took, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}


def measure_apart(shape: str, size: int) -> dict[str, float]:
    """Return what ``measure_one`` gives, from a process of its own that has the models and nothing else.

    Raises:
        ChildProcessError: it ended with an error; its traceback was printed.
    """
    telling, told = os.pipe()
    if not (child := os.fork()):
        status = 1
        try:
            os.write(told, json.dumps(measure_one(shape, size)).encode())
            status = 0
        except BaseException:  # noqa: BLE001 - a copy of this process must not go on where its parent does
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(told)
    with os.fdopen(telling, "rb") as answer:
        found = answer.read()
    if os.waitpid(child, 0)[1]:
        raise ChildProcessError(f"{shape} of size {size} failed")
    return dict(json.loads(found))


def run_shape(shape: str, most: int) -> bool:
    """Print how a shape grows; tell whether it keeps within the limits."""
    smallest, doublings, _ = SHAPES[shape]
    start, before, fine = measure_apart(shape, 1), 0.0, True
    for size in (smallest << k for k in range(min(doublings, most) + 1)):
        took = measure_apart(shape, size)
        more = {step: took[step] - start[step] for step in took if step != "mb"}
        total = sum(more.values())
        times = total / before if before > NOISE_S else 0.0
        bad = times > LIMIT or took["mb"] > MEMORY_MB
        steps = " ".join(f"{step} {seconds:.1f}" for step, seconds in more.items())
        grows = f"x{times:.2f}" if times else ""
        print(f"{shape:36} {size:7} {total:7.1f} s {grows:6} {took['mb']:5.0f} MB  ({steps}){' <--' * bad}", flush=True)
        before, fine = total, not bad
    return fine


def main() -> int:
    """Measure the shapes asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--only", nargs="+", default=[""], help="shapes whose name has one of these words")
    parser.add_argument("--most", type=int, default=9, help="doublings at most")
    chosen = parser.parse_args()
    measure_one("different pages of one story", 1)  # loads all modules and models
    shapes = [shape for shape in SHAPES if any(word in shape for word in chosen.only)]
    fine = [run_shape(shape, chosen.most) for shape in shapes]
    return not all(fine)


if __name__ == "__main__":
    sys.exit(main())
