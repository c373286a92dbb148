"""Speed and memory of the reader: ``python -m benchmarks.reader [--full reader-full.onnx]``.

Words a second of ``read()`` end to end beside the bare forward pass over the very same windows in the
same run, load time, growth from 5,000 to 20,000 words, peak memory. One thread; processor time, so that
a busy machine does not blur it. ``--full`` names the unquantised graph (``python -m train.export --full``).
Exits 1 where a floor of ``evals/floors.toml`` (section ``reader-speed``) is missed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import onnxruntime
from threadpoolctl import threadpool_limits

from storyledger.reading import Reader, load_reader
from storyledger.reading.layout import break_points, lay_out, plan_windows
from storyledger.reading.network import window_feed
from storyledger.reading.shapes import word_feature
from storyledger.types import Article, Block
from train.corpora import DATA, guess_spaces, read_gmb

ROOT = Path(__file__).resolve().parents[1]
SENTENCES, PER_ARTICLE, PASSES = 400, 20, 3


def make_articles(sentences: int, per_article: int) -> list[Article]:
    """Return news of gmb-news in articles of a few paragraphs each."""
    texts = [
        "".join(w + " " * s for w, s in zip(sent.words, guess_spaces(sent.words), strict=True))
        for sent in read_gmb(DATA / "names/gmb-news.tsv.gz")[:sentences]
    ]
    articles = []
    for i in range(0, len(texts), per_article):
        text, blocks = "", []
        for k in range(i, min(i + per_article, len(texts)), 4):
            paragraph = "".join(texts[k : k + 4]).strip()
            blocks.append(Block(len(text), len(text) + len(paragraph), "paragraph"))
            text += paragraph + "\n\n"
        articles.append(Article(f"article:{i}", "p", None, "utf-8", "0", text, (), tuple(blocks)))
    return articles


def best_seconds(work: Callable[[], object]) -> float:
    """Return the least processor time of a few passes."""
    spent = []
    for _ in range(PASSES):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)


def window_feeds(reader: Reader, articles: list[Article]) -> list[dict]:
    """Return what ``read()`` feeds to the network for the articles."""
    feeds = []
    for article in articles:
        layout = lay_out(article)
        pieces = reader.network.pieces.word_pieces(layout.words)
        features = [word_feature(w, s) for w, s in zip(layout.words, layout.spaces, strict=True)]
        windows = plan_windows([len(p) for p in pieces], break_points(layout))
        feeds.extend(window_feed(w, pieces, features, reader.network.pieces.special)[0] for w in windows)
    return feeds


def open_full(path: Path) -> onnxruntime.InferenceSession:
    """Return a single-threaded session of the unquantised graph."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def measure(full: Path | None) -> dict[str, float]:
    """Return every figure by name."""
    load_reader()  # the first one imports what it needs
    load_s = best_seconds(load_reader)
    reader = load_reader()
    articles = make_articles(SENTENCES, PER_ARTICLE)
    words = sum(len(reader.read(a).tokens) for a in articles)
    read_s = best_seconds(lambda: [reader.read(a) for a in articles])
    feeds = window_feeds(reader, articles)
    pieces = sum(f["ids"].shape[1] for f in feeds)
    bare_s = best_seconds(lambda: [reader.network.session.run(None, f) for f in feeds])
    found = {
        "load, s": load_s,
        "read(), words/s": words / read_s,
        "bare forward pass, words/s": words / bare_s,
        "bare forward pass, pieces/s": pieces / bare_s,
        "read() as a share of the bare pass": bare_s / read_s,
    }
    if full:
        session = open_full(full)
        found["unquantised bare pass, words/s"] = words / best_seconds(lambda: [session.run(None, f) for f in feeds])
    small, large = make_articles(225, 225)[0], make_articles(900, 900)[0]
    rates = [len(reader.read(a).tokens) / best_seconds(lambda a=a: reader.read(a)) for a in (small, large)]
    found["rate at 20,000 words over rate at 5,000"] = rates[1] / rates[0]
    found["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def main() -> None:
    """Measure, print, compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", type=Path)
    args = parser.parse_args()
    if not DATA.is_dir():
        print("skipped: ../shared/data is absent")
        return
    floors = tomllib.loads((ROOT / "evals/floors.toml").read_text(encoding="utf-8")).get("reader-speed", {})
    missed = False
    with threadpool_limits(1):  # a second thread that waits is processor time too: half the rate without this
        measured = measure(args.full)
    for name, value in measured.items():
        floor = floors.get(name)
        low = floor is not None and value < floor
        missed |= low
        print(f"{name:44} {value:10.2f}  {'' if floor is None else f'floor {floor}'}{'  MISSED' if low else ''}")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
