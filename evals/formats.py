"""How well the formats that people hold are read: some fifty files of real tools, from six pages of our own invention.

    python -m evals.formats [FOLDER] [--show]

For each file: how much of the article's words came through (``kept``), how many of the page's pieces of furniture did
not (``dropped``), and whether title, author, day, address and outlet are right where the format carries them. A
paragraph whose words are not in one piece and in order counts as a wrong fact. Then the source of each file that is no
text is made a second time.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from evals.formats_make import FOLDER, MAKERS
from evals.formats_pages import FURNITURE, HOST, OUTLET, PAGES, GoldPage
from storyledger import pages, pipeline
from storyledger.articles import body_text
from storyledger.errors import PageError
from storyledger.types import Article, Failure, Page

ASKED = {"kept": 0.98, "dropped": 0.97}


@dataclass
class Score:
    """What one file gave."""

    name: str
    kept: float = 0.0
    dropped: float = 1.0
    wrong: list[str] = field(default_factory=list)
    facts: int = 0
    extra: int = 0  # articles that the file does not hold


def read_file(place: Path) -> tuple[list[tuple[Page, Article]], list[Failure]]:
    """Return the articles of a file or folder, each as if it were alone, and what failed."""
    failures: list[Failure] = []
    found = []
    for page in pages.iter_pages([str(place)], failures.append):
        try:
            found.append((page, pipeline.extract_alone(page)))
        except PageError as error:
            failures.append(Failure(page.path, page.record, "article", error.code, error.message, error.advice))
    return found, failures


def words_of(text: str) -> Counter[str]:
    """Return the words of a text with how often they stand in it."""
    return Counter(word.strip(".,;:!?“”\"'’—()").lower() for word in text.split())


def score_file(name: str, folder: Path) -> Score:
    """Return what the made file ``name`` gives."""
    page, _, carries = MAKERS[name]
    score = Score(name)
    place = folder / name
    if place.suffix == ".html" and place.parent != folder:
        place = place.parent  # a saved page with its parts
    found, failures = read_file(place)
    if not carries:  # a list without texts: to be named
        score.kept = float(not found and any(f.code == "W-PAGE-LIST" for f in failures))
        return score
    golds = [page] if page is not None else [p for p in PAGES if name != "content.rss" or not p.walled]
    rows = []
    for gold in golds:
        best = max(found, key=lambda one: _overlap(gold, one[1]), default=None)
        if best is None or _overlap(gold, best[1]) < 0.3:
            score.wrong.append(f"{gold.name}: no article")
            rows.append((0.0, 1.0))
            continue
        rows.append(_score_article(gold, best[1], carries, score, cut=name == "newsapi.json"))
    score.extra = max(0, len(found) - len(golds))
    score.kept = sum(row[0] for row in rows) / len(rows)
    score.dropped = sum(row[1] for row in rows) / len(rows)
    return score


def _overlap(gold: GoldPage, article: Article) -> float:
    wanted, got = words_of(" ".join(gold.body[:2])), words_of(article.text)
    return (wanted & got).total() / max(1, wanted.total())


def _score_article(
    gold: GoldPage, article: Article, carries: frozenset[str], score: Score, *, cut: bool
) -> tuple[float, float]:
    wanted = words_of(" ".join(gold.body))
    kept = (wanted & words_of(article.text)).total() / wanted.total()
    if not cut:
        text = " ".join(article.text.split())
        broken = [p for p in gold.body if " ".join(p.split()) not in text]
        score.wrong += [f"{gold.name}: not in one piece: {p[:60]}" for p in broken]
    shown = " ".join(body_text(article).split())
    furniture = sum(text in shown for text in (*FURNITURE, *([gold.walled] if gold.walled else ()))) / (
        len(FURNITURE) + 1
    )
    told = {
        "title": article.title == gold.title,
        "author": article.authors == (gold.author,),
        "day": article.published == gold.day,
        "url": article.url in (gold.url, gold.url + ".html") or (HOST not in gold.url),
        "outlet": (article.outlet or "").removeprefix("The ") == OUTLET,
    }
    for fact in sorted(carries):
        score.facts += 1
        if not told[fact]:
            value = {
                "title": article.title,
                "author": article.authors,
                "day": article.published,
                "url": article.url,
                "outlet": article.outlet,
            }[fact]
            score.wrong.append(f"{gold.name}: {fact} {value!r}")
    state = "cut" if cut else gold.completeness
    if article.completeness != state and not (
        state == "cut" and not cut and "paywall" not in shown and gold.walled not in shown
    ):
        score.wrong.append(f"{gold.name}: {article.completeness} ({article.completeness_reason})")
    return (1.0 if cut and kept > 0.1 else kept), 1.0 - furniture


def check_sources(folder: Path) -> list[str]:
    """Return the files that are no text whose sources do not come out the same a second time."""
    wrong = []
    for page in pages.iter_pages([str(folder)], lambda _: None):
        if page.derived is not None and page.received is not None:
            again = pages.derive_again(page.derived.reader, page.received)
            if page.sha256 not in again:
                wrong.append(f"{page.path} {page.record}")
    return wrong


def main(arguments: list[str]) -> int:
    """Print the table; return 1 where something is below what is asked."""
    show = "--show" in arguments
    places = [Path(a) for a in arguments if not a.startswith("-")]
    folder = places[0] if places else FOLDER
    scores = [score_file(name, folder) for name in MAKERS if (folder / name).exists()]
    for score in scores:
        mark = "" if score.kept >= 0.98 and score.dropped >= 0.97 and not score.wrong and not score.extra else " *"
        shown = f"kept {score.kept:.3f}  dropped {score.dropped:.3f}  facts wrong {len(score.wrong)} of {score.facts}"
        print(f"{score.name:28} {shown}{mark}")
        for line in (score.wrong if show else [])[:8]:
            print(f"    {line}")
        if score.extra:
            print(f"    {score.extra} articles too many")
    kept = sum(s.kept for s in scores) / len(scores)
    dropped = sum(s.dropped for s in scores) / len(scores)
    wrong, facts = sum(len(s.wrong) for s in scores), sum(s.facts for s in scores)
    again = check_sources(folder)
    print(
        f"{len(scores)} files: kept {kept:.3f} (asked .98), furniture dropped {dropped:.3f} (asked .97), "
        f"facts {facts - wrong} of {facts} right"
    )
    print("sources made again: all the same" if not again else f"sources made again: {again} differ")
    return int(kept < ASKED["kept"] or dropped < ASKED["dropped"] or bool(again))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
