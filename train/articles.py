"""Train the line model of ``storyledger.articles``: which lines of a page are the article.

Data: ../shared/data/articles (196 saved news pages with their hand-cleaned text, Apache-2.0), as HTML and
as text captures made from it; the marked piles of ../shared/piles/train and every third page of wikinews/train, as
they are and, since their furniture is a template's, once more between the furniture of a capture of the same fold.
A line belongs to the article where at least 60 in 100 of its words align
with the clean text (longest common subsequence). Five folds by site: the fold models are kept for the
evaluation, which scores each page with the model that has not seen its site; the model of the package is
trained on all.

    python -m train.articles features CAPTURES WORK      # in the project's environment
    python -m train.articles fit WORK                    # where LightGBM is (.venv-train)

CAPTURES: made by ``score_articles.py --captures``. WORK: a scratch folder outside the repository's rooms.
"""

# ruff: noqa: PLC0415 - the two steps run in two environments, each without the other's libraries

from __future__ import annotations

import gzip
import io
import json
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
PILES = ROOT.parent / "shared" / "piles"
DATA = ROOT.parent / "shared" / "data" / "articles"
MODEL = ROOT / "src" / "storyledger" / "articles" / "model"
FOLDS = ROOT / "evals" / "articles_folds"
FOLD_COUNT = 5
KINDS = ("html", "text")
LABEL_SHARE = 0.6
MARKED_WEIGHT = 0.25  # of a line of the marked piles' saved pages: in them next to nothing interrupts an article


def fold_of(site: str) -> int:
    """Return the fold of a site: a checksum of its host name, so that it never changes."""
    host = re.sub(r"^https?://(www\.)?", "", site).split("/")[0]
    return zlib.crc32(host.encode()) % FOLD_COUNT


def read_gold() -> list[dict]:
    """Return the hand-cleaned pages."""
    with gzip.open(DATA / "gold.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def label_lines(lines: list, text: str) -> np.ndarray:
    """Return for each line 1 where it belongs to ``text``, by alignment of words in order."""
    from rapidfuzz.distance import LCSseq

    word = re.compile(r"\w+")
    own = [word.findall(line.text.lower()) for line in lines]
    flat = [w for words in own for w in words]
    hit = np.zeros(len(flat) + 1)
    for tag, low, high, *_ in LCSseq.opcodes(flat, word.findall(text.lower())):
        if tag == "equal":
            hit[low:high] = 1
    labels, at = [], 0
    for words in own:
        share = hit[at : at + len(words)].sum() / max(1, len(words))
        labels.append(bool(words) and share >= LABEL_SHARE)
        at += len(words)
    return np.array(labels, np.int8)


def write_features(captures: Path, work: Path) -> None:
    """Write the numbers, labels, weights, page numbers and folds of all lines of both kinds of page."""
    from storyledger.articles.features import describe_lines, pair_words, squeeze_text
    from storyledger.articles.lines import Line, split_capture
    from storyledger.articles.metadata import find_stated_body
    from storyledger.articles.tree import parse_tree, read_lines
    from storyledger.articles.words import read_words

    out = {kind: ([], [], [], [], [], [], []) for kind in ("html", "text")}

    def add(kind: str, number: int, fold: int, lines: list, gold: str, stated: str | None) -> None:
        own_words = read_words(lines)
        table = describe_lines(lines, own_words, stated)
        line_P, word_P, _ = pair_words(own_words)
        above = sum(map(len, out[kind][0]))
        words = np.array([len(re.findall(r"\w+", line.text)) for line in lines], np.float32)
        rows = (
            table,
            label_lines(lines, gold),
            np.sqrt(1 + words),
            np.full(len(lines), number),
            np.full(len(lines), fold),
            (line_P + above).astype(np.int32),
            word_P.astype(np.int32),
        )
        for column, values in zip(out[kind], rows, strict=True):
            column.append(values)

    for number, page in enumerate(read_gold()):
        fold, name = fold_of(page["site"]), page["html_file"]
        name = re.sub(r"(\.(html?|gz))+$", "", Path(name).name)
        source = gzip.decompress((DATA / "html" / f"{name}.html.gz").read_bytes()).decode("utf-8", "replace")
        tree = parse_tree(source)
        stated = find_stated_body(tree)
        lines = read_lines(tree)
        add("html", number, fold, lines, page["text"], squeeze_text(stated) if stated else None)
        lines = split_capture((captures / f"{name}.txt").read_text(encoding="utf-8"))
        add("text", number, fold, lines, page["text"], None)
        # a person's paste has no indents, and often no empty lines: the model must not lean on them
        flat = [Line(line.text, line.rows, min(line.gap, 1), 0) for line in lines]
        add("text", number + 10_000, fold, flat, page["text"], None)
    donors = list_furniture(captures)
    for number, (media, fold, source, document) in enumerate(read_marked(), 20_000):
        gold = " ".join([*document["body"], *document.get("section_headings", [])])
        if media == "html":
            add("html", number, fold, read_lines(parse_tree(source)), gold, None)
            out["html"][2][-1] *= MARKED_WEIGHT
            continue
        lines = split_capture(source)
        add("text", number, fold, lines, gold, None)
        above, below = donors[fold][number % len(donors[fold])]
        add("text", number + 10_000, fold, [*above, *trim_furniture(lines, gold), *below], gold, None)
    for kind, columns in out.items():
        names = ("table", "label", "weight", "page", "fold", "pair_line", "pair_word")
        np.savez(work / f"{kind}.npz", **dict(zip(names, map(np.concatenate, columns), strict=True)))
        print(kind, sum(map(len, columns[1])), "lines,", int(sum(c.sum() for c in columns[1])), "of articles")


def read_marked() -> Iterator[tuple[str, int, str, dict]]:
    """Yield ("html" or "text", fold, source, gold) of the marked pages."""
    for kind, step in (("train", 1), ("wikinews/train", 3)):
        for pile in sorted((PILES / kind).iterdir()):
            fold = zlib.crc32(pile.name.encode()) % FOLD_COUNT
            for document in json.loads((pile / "gold.json").read_text(encoding="utf-8"))["documents"][::step]:
                source = (pile / "pages" / document["file"]).read_bytes().decode("utf-8", "replace")
                yield ("html" if document["file"].endswith("html") else "text"), fold, source, document


def list_furniture(captures: Path) -> dict[int, list[tuple[list, list]]]:
    """Return by fold what stands above and below the article in the captures of the article set."""
    from storyledger.articles.lines import split_capture

    found: dict[int, list[tuple[list, list]]] = {fold: [] for fold in range(FOLD_COUNT)}
    for page in read_gold():
        name = re.sub(r"(\.(html?|gz))+$", "", Path(page["html_file"]).name)
        lines = split_capture((captures / f"{name}.txt").read_text(encoding="utf-8"))
        own = np.flatnonzero(label_lines(lines, f"{page['title']} {page['text']}"))
        if len(own):
            found[fold_of(page["site"])].append((lines[: own[0]][-40:], lines[own[-1] + 1 :][:80]))
    return found


def trim_furniture(lines: list, gold: str) -> list:
    """Return the lines from five above the first of the article, its head, to the last."""
    own = np.flatnonzero(label_lines(lines, gold))
    return lines[max(0, own[0] - 5) : own[-1] + 1] if len(own) else lines


def fit_forest(table: np.ndarray, label: np.ndarray, weight: np.ndarray, *, trees: int) -> object:
    """Return boosted trees; few leaves, much shrinkage: 196 pages are little."""
    import lightgbm

    model = lightgbm.LGBMClassifier(
        n_estimators=trees, learning_rate=0.05, num_leaves=12, min_child_samples=40, reg_lambda=5.0,
        colsample_bytree=0.3, subsample=0.8, subsample_freq=1, random_state=7, n_jobs=1, deterministic=True, verbose=-1,
    )  # fmt: skip
    return model.fit(table, label, sample_weight=weight)


def pack_forest(model: object) -> dict[str, np.ndarray]:
    """Return the trees as padded arrays (``storyledger.articles.model.Forest``)."""
    trees = [_list_nodes(tree["tree_structure"]) for tree in model.booster_.dump_model()["tree_info"]]
    shape = (len(trees), max(map(len, trees)))
    kinds = {"column": np.int16, "limit": np.float64, "left": np.int16, "right": np.int16, "value": np.float32}
    packed = {name: np.zeros(shape, kind) for name, kind in kinds.items()}
    for number, nodes in enumerate(trees):
        for place, node in enumerate(nodes):
            for name in kinds:
                packed[name][number, place] = node[name]
    # LightGBM compares float64; the largest float32 not above the limit decides alike for float32 input
    packed["limit"] = _floor_float32(packed["limit"])
    packed["base"] = np.float64(0)
    packed["depth"] = np.int64(max(node["depth"] for nodes in trees for node in nodes))
    return packed


def _list_nodes(root: dict) -> list[dict]:
    """Return the nodes of a tree, parents before children; a leaf is its own child."""
    nodes, queue = [], [(root, 0, -1, "")]
    while queue:
        tree, depth, parent, side = queue.pop(0)
        place = len(nodes)
        leaf = "leaf_value" in tree
        node = {"column": 0, "limit": 0.0, "left": place, "right": place, "value": 0.0, "depth": depth}
        if leaf:
            node["value"] = tree["leaf_value"]
        else:
            node["column"], node["limit"] = tree["split_feature"], tree["threshold"]
            queue += [(tree["left_child"], depth + 1, place, "left"), (tree["right_child"], depth + 1, place, "right")]
        nodes.append(node)
        if parent >= 0:
            nodes[parent][side] = place
    return nodes


def _floor_float32(values: np.ndarray) -> np.ndarray:
    rounded = values.astype(np.float32)
    return np.where(rounded > values, np.nextafter(rounded, np.float32(-np.inf)), rounded)


def list_pairs(data: dict[str, np.ndarray]) -> dict[int, tuple[np.ndarray, np.ndarray, int]]:
    """Return which words the lines of each page have, as ``describe_scores`` wants them."""
    page_P = data["page"][data["pair_line"]]
    first = {number: np.argmax(data["page"] == number) for number in np.unique(data["page"]).tolist()}
    ends = np.flatnonzero(np.diff(page_P, append=-1)) + 1  # the lines of a page stand together
    found, low = {}, 0
    for high in ends.tolist():
        number, words = int(page_P[low]), data["pair_word"][low:high]
        found[number] = (data["pair_line"][low:high] - first[number], words, int(words.max()) + 1)
        low = high
    return found


NO_WORDS = (np.zeros(0, np.intp), np.zeros(0, np.intp), 1)


def second_table(table: np.ndarray, scores: np.ndarray, page: np.ndarray, pairs: dict) -> np.ndarray:
    """Return the table of the second stage: per page, what the first says of the lines around."""
    sys.path.insert(0, str(ROOT / "src"))
    from storyledger.articles.model import describe_scores

    groups = [(page == number, pairs.get(number, NO_WORDS)) for number in dict.fromkeys(page.tolist())]
    extra = np.vstack([describe_scores(scores[rows], np.expm1(table[rows, 0]), own) for rows, own in groups])
    return np.hstack([table, extra])


def fit_both(data: dict[str, np.ndarray], chosen: np.ndarray, pairs: dict) -> tuple[object, object]:
    """Return both stages trained on the chosen rows; the second sees scores from outside its own fold."""
    table, label, weight, page, fold = (data[name][chosen] for name in ("table", "label", "weight", "page", "fold"))
    scores = np.zeros(len(label))
    inner = fold % 3  # three groups are enough to keep the second stage from trusting the first too much
    for number in np.unique(inner):
        held = inner == number
        model = fit_forest(table[~held], label[~held], weight[~held], trees=200)
        scores[held] = model.predict_proba(table[held])[:, 1]
    first = fit_forest(table, label, weight, trees=200)
    second = fit_forest(second_table(table, scores, page, pairs), label, weight, trees=200)
    return first, second


def write_models(work: Path) -> None:
    """Train, report the error out of fold, and write the fold models and the package's model."""
    made: dict[Path, bytes] = {}
    for kind in KINDS:
        with np.load(work / f"{kind}.npz") as arrays:
            data = dict(arrays)
        pairs = list_pairs(data)
        for fold in (*range(FOLD_COUNT), None):
            chosen = data["fold"] != fold if fold is not None else np.ones(len(data["fold"]), bool)
            first, second = fit_both(data, chosen, pairs)
            if fold is not None:
                report(kind, fold, data, ~chosen, (first, second), pairs)
            packed = {
                f"{s}_{n}": v for s, m in (("first", first), ("second", second)) for n, v in pack_forest(m).items()
            }
            target = MODEL / f"{kind}.npz" if fold is None else FOLDS / f"{kind}_{fold}.npz"
            buffer = io.BytesIO()
            np.savez_compressed(buffer, **packed)
            made[target] = buffer.getvalue()
    for target, blob in made.items():  # all at once: models of two trainings never stand side by side
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(blob)
        print("wrote", target.name, len(blob), "bytes", flush=True)


def report(kind: str, fold: int, data: dict[str, np.ndarray], held: np.ndarray, models: tuple, pairs: dict) -> None:
    """Print precision and recall of the lines held out, weighted as in training."""
    first, second = models
    table, label, weight, page = (data[name][held] for name in ("table", "label", "weight", "page"))
    scores = first.predict_proba(table)[:, 1]
    final = second.predict_proba(second_table(table, scores, page, pairs))[:, 1]
    for name, values in (("first", scores), ("second", final)):
        hit = weight[(values > 0.5) & (label > 0)].sum()
        precision, recall = hit / weight[values > 0.5].sum(), hit / weight[label > 0].sum()
        print(f"{kind} fold {fold} {name}: P {precision:.3f} R {recall:.3f}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["features"] and len(sys.argv) == 4:
        write_features(Path(sys.argv[2]), Path(sys.argv[3]))
    elif sys.argv[1:2] == ["fit"] and len(sys.argv) == 3:
        write_models(Path(sys.argv[2]))
    else:
        sys.exit(__doc__)
