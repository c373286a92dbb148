"""Train the head model of ``storyledger.articles``: which line of a capture is outlet, title, byline, date.

Data: the captures of ../shared/data/articles (title, authors and date by its gold, the outlet where a line equals
the site's name in the page's metadata), the marked piles of ../shared/piles/train and wikinews/train (text pages
as they are, saved pages rendered as captures). Folds by site and by pile; what is reported is out of fold.

    python -m train.heads CAPTURES     # needs torch and inscriptis

CAPTURES: made by ``score_articles.py --captures``. Writes the package's weights and those of the folds.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "train"))
sys.path.insert(0, str(ROOT / "src"))

from articles import DATA, FOLD_COUNT, FOLDS, MODEL, fold_of, read_gold  # noqa: E402

from storyledger.articles.dates import find_dates  # noqa: E402
from storyledger.articles.features import describe_lines, pair_words  # noqa: E402
from storyledger.articles.heads import LABELS, decode_chain, describe_head, find_window  # noqa: E402
from storyledger.articles.lines import Line, split_capture  # noqa: E402
from storyledger.articles.metadata import read_metadata  # noqa: E402
from storyledger.articles.model import load_line_model, read_line_model, score_lines  # noqa: E402
from storyledger.articles.titles import find_title_line  # noqa: E402
from storyledger.articles.tree import parse_tree  # noqa: E402
from storyledger.articles.words import read_words  # noqa: E402

PILES = ROOT.parent / "shared" / "piles"
PENALTY = 0.02  # of squared weights, a page
SHORT_CHARS = 200

Sample = tuple[str, int, np.ndarray, np.ndarray]  # name, fold, N by F, N labels


def norm(text: str) -> str:
    """Return letters and digits alone, folded."""
    return "".join(c for c in unicodedata.normalize("NFKC", text or "").casefold() if c.isalnum())


def label_head(lines: list[Line], first: int, last: int, facts: dict[str, Any]) -> np.ndarray:
    """Return the label of each line from ``first`` to ``last`` by a page's gold facts."""
    body, title, deck = norm(facts["body"]), norm(facts["title"]), norm(facts.get("deck") or "")
    names = [norm(name) for name in facts["authors"]]
    outlets = {norm(name).removeprefix("the") for name in facts["outlets"] if name}
    byline = norm(facts.get("byline") or "")
    labels = []
    for line in lines[first:last]:
        key, short = norm(line.text), len(line.text) < SHORT_CHARS
        dates = {d.day.isoformat() for d in find_dates(line.text, american=True)} if short else set()
        if key == title:
            label = "title"
        elif (byline and key == byline) or (short and any(len(n) > 4 and n in key for n in names) and key not in body):
            label = "byline"
        elif (facts.get("shown") and key == norm(facts["shown"])) or (facts["date"] in dates and len(line.text) < 120):
            label = "date"
        elif short and key.removeprefix("the") in outlets:
            label = "outlet"
        elif deck and key == deck:
            label = "deck"
        elif key and key in body and len(line.text) > 20:
            label = "body"
        else:
            label = "other"
        labels.append(LABELS.index(label))
    return _keep_nearest(np.array(labels, np.intp))


def _keep_nearest(labels: np.ndarray) -> np.ndarray:
    """Of several titles, keep that nearest above the first of the body; below it nothing but body is labelled."""
    titles, body = np.flatnonzero(labels == LABELS.index("title")), np.flatnonzero(labels == LABELS.index("body"))
    end = body[0] if len(body) else len(labels)
    for number in titles[:-1] if not len(titles) or titles[-1] <= end else titles[titles < end][:-1]:
        labels[number] = 0
    return labels


def read_site_pages(captures: Path) -> Iterator[Sample]:
    """Yield the captures of the article set, with the line scores of the model that has not seen the site."""
    for page in read_gold():
        name = re.sub(r"(\.(html?|gz))+$", "", Path(page["html_file"]).name)
        stated = read_metadata(
            parse_tree(gzip.decompress((DATA / "html" / f"{name}.html.gz").read_bytes()).decode("utf-8", "replace"))
        )
        authors = (
            page["authors"]
            if isinstance(page["authors"], list)
            else re.split(r"\s*(?:,|;|\band\b|&)\s*", page["authors"] or "")
        )
        facts = {
            "title": page["title"], "authors": authors, "date": str(page.get("date") or "")[:10], "body": page["text"],
            "outlets": stated.outlets[:2],
        }  # fmt: skip
        fold = fold_of(page["site"])
        model = read_line_model(FOLDS / f"text_{fold}.npz")
        lines = split_capture((captures / f"{name}.txt").read_text(encoding="utf-8"))
        flat = [Line(line.text, line.rows, min(line.gap, 1), 0) for line in lines]
        yield _make_sample(f"site/{name}", fold, flat if zlib.crc32(name.encode()) % 2 else lines, model, facts)


def read_piles() -> Iterator[Sample]:
    """Yield the pages of the marked piles; saved pages as their captures."""
    from inscriptis import get_text  # noqa: PLC0415 - training only

    model = load_line_model("text")
    for kind in ("train", "wikinews/train"):
        for pile in sorted((PILES / kind).iterdir()):
            gold = json.loads((pile / "gold.json").read_text(encoding="utf-8"))
            for document in gold["documents"][:: 6 if "wikinews" in kind else 1]:  # one outlet: ten pages say as much
                source = (pile / "pages" / document["file"]).read_bytes().decode("utf-8", "replace")
                lines = split_capture(get_text(source) if document["file"].endswith("html") else source)
                facts = {
                    "title": document["title"], "authors": document.get("authors") or [], "deck": document.get("deck"),
                    "date": document["published"], "byline": document.get("byline"), "body": " ".join(document["body"]),
                    "outlets": [document.get("outlet"), document.get("outlet_full")],
                }  # fmt: skip
                yield _make_sample(
                    f"{kind}/{pile.name}/{document['file']}",
                    zlib.crc32(pile.name.encode()) % FOLD_COUNT,
                    lines,
                    model,
                    facts,
                )


def _make_sample(name: str, fold: int, lines: list[Line], model: Any, facts: dict[str, Any]) -> Sample:
    words = read_words(lines)
    scores = score_lines(model, describe_lines(lines, words), pair_words(words))
    first, last = find_window(lines, scores)
    guess = find_title_line(lines, words, scores, (), [0] * len(lines))
    return name, fold, describe_head(lines, scores, guess, first, last), label_head(lines, first, last, facts)


def fit_chain(samples: list[Sample]) -> dict[str, np.ndarray]:
    """Return the weights that make the labels likeliest, with a penalty on their squares (L-BFGS)."""
    import torch  # noqa: PLC0415 - training only

    torch.set_num_threads(1)
    size, count = samples[0][2].shape[1], len(LABELS)
    longest = max(len(s[3]) for s in samples)
    table = torch.zeros(len(samples), longest, size, dtype=torch.float64)
    label = torch.zeros(len(samples), longest, dtype=torch.long)
    mask = torch.zeros(len(samples), longest, dtype=torch.float64)
    for n, (_, _, own, labels) in enumerate(samples):
        table[n, : len(labels)], label[n, : len(labels)] = torch.tensor(own), torch.tensor(labels)
        mask[n, : len(labels)] = 1
    emission = torch.zeros(size, count, dtype=torch.float64, requires_grad=True)
    transition = torch.zeros(count, count, dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([emission, transition], max_iter=80, history_size=10, line_search_fn="strong_wolfe")

    def loss() -> Any:
        solver.zero_grad()
        scores = table @ emission
        told = (scores.gather(2, label[:, :, None])[:, :, 0] * mask).sum(1)
        told = told + (transition[label[:, :-1], label[:, 1:]] * mask[:, 1:]).sum(1)
        ahead = scores[:, 0]
        for n in range(1, longest):
            step = torch.logsumexp(ahead[:, :, None] + transition[None], dim=1) + scores[:, n]
            ahead = torch.where(mask[:, n, None] > 0, step, ahead)
        value = (torch.logsumexp(ahead, dim=1) - told).mean()
        value = value + PENALTY * ((emission**2).sum() + (transition**2).sum()) / count
        value.backward()
        return value

    solver.step(loss)
    return {"emission": emission.detach().numpy(), "transition": transition.detach().numpy()}


def report(samples: list[Sample], weights: dict[str, np.ndarray], hits: Counter) -> None:
    """Count, by kind of page and label, what is right, told and there."""
    for name, _, table, labels in samples:
        found, _ = decode_chain(table @ weights["emission"], weights["transition"])
        kind = name.split("/")[0]
        for told, label in zip(found, labels.tolist(), strict=True):
            hits[kind, LABELS[told], "told"] += 1
            hits[kind, LABELS[label], "there"] += 1
            hits[kind, LABELS[label], "right"] += told == label


def main(captures: Path) -> None:
    """Train out of fold, print what that reaches, then train on all; write the weights."""
    samples = [*read_site_pages(captures), *read_piles()]
    print(len(samples), "pages", flush=True)
    hits: Counter = Counter()
    for fold in (*range(FOLD_COUNT), None):
        chosen = [s for s in samples if s[1] != fold]
        weights = fit_chain(chosen)
        if fold is not None:
            report([s for s in samples if s[1] == fold], weights, hits)
        target = MODEL / "head.npz" if fold is None else FOLDS / f"head_{fold}.npz"
        np.savez_compressed(target, **{name: value.astype(np.float32) for name, value in weights.items()})
    for kind in ("site", "train", "wikinews"):
        for label in LABELS:
            right, told, there = (hits[kind, label, one] for one in ("right", "told", "there"))
            print(
                f"{kind:9s} {label:7s} P {right / max(1, told):.3f} R {right / max(1, there):.3f} of {there}",
                flush=True,
            )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
