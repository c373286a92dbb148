"""What twenty answers of the review gain, against twenty answers to judgements drawn at random from the same pool.

    python -m evals.review [PILE ...] [--answers 20] [--seeds 3] [--rates] [--models FOLDER]

The reviewer is simulated: it knows the gold of a marked pile and answers what it can tell from it, as a person would
at the keyboard; what the gold does not tell is skipped and costs nothing. After every five answers the story is built
anew, as it is in the workbench, and the review is asked again. Counted are the gold's mentions that stand under their
actor's one entry, the statements with their right speaker, and the conflicts: those of the gold that are shown, less
those shown that are none. ``--rates`` prints instead how often each kind of question was about an error.

PILE is a folder with ``pages`` and ``gold.json``; without one, six of the piles that nobody tuned on. A pile that was
trained on is read with the one of ``--models`` (made by ``train.story_piles``) that has not seen it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from evals.compare import load_score
from storyledger import pipeline
from storyledger.errors import UsageError
from storyledger.export import encode_story, write_canonical
from storyledger.journal import find_source_span
from storyledger.settings import Settings
from storyledger.store import Ledger
from storyledger.types import Evidence, Story
from storyledger.workbench.moves import make_move
from storyledger.workbench.review import LEADING, Question, list_questions
from train.story_piles import list_piles, split_folders

SHARED = Path(__file__).resolve().parents[2] / "shared"
SIX = ("airstrike", "boatdisaster", "hostage", "protest", "recall", "tariffs")
EVERY = 5  # answers between two builds
POOL = 10**6
TRIES = 400  # questions looked at for one answer that the gold can give
SPEECH_OVERLAP = 0.3
STANDING = {"actor": "same", "names": "different", "event": "same"}  # what the story says already, by kind of question


@dataclass(frozen=True)
class Counted:
    """What a pile's cast, speakers and conflicts are worth: how much of the gold is right."""

    cast: int
    speakers: int
    conflicts: int

    def __sub__(self, other: Counted) -> Counted:
        """Return the gain from ``other`` to this."""
        return Counted(self.cast - other.cast, self.speakers - other.speakers, self.conflicts - other.conflicts)


def count_right(score: ModuleType, story: Story, gold: Path, pages: Path) -> Counted:
    """Return what of a story is right by the gold."""
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "story.json"
        export.write_text(write_canonical(encode_story(story)), encoding="utf-8")
        told = score.Story(export, pages)
    marked = score.Gold(gold, told.src, None)
    to_gold, hits, nominals = score.map_actors(told, marked)
    under: dict[str, Counter[str]] = defaultdict(Counter)
    for _, actor, entry in [*hits, *nominals]:
        if entry is not None and to_gold.get(entry) == actor:
            under[actor][entry] += 1
    cast = sum(max(entries.values()) for entries in under.values())
    said = score.score_statements(told, marked, to_gold, 0)
    right = int(said["speaker right"].partition("/")[0]) + int(said["unnamed source kept unnamed"].partition("/")[0])
    compared = score.score_comparisons(told, marked, 0)
    false = int(compared["shown conflicts not in gold (to be judged by reading)"].partition("/")[0])
    found = re.search(r", (\d+) with the right kind", str(compared.get("conflict", "")))
    return Counted(cast, right, (int(found[1]) if found else 0) - false)


class Reviewer:
    """Somebody who knows a pile's gold and nothing else."""

    def __init__(self, gold: Path, story: Story) -> None:
        """Take the gold at ``gold``; ``story`` tells which page is which file."""
        self._raw = json.loads(gold.read_text(encoding="utf-8"))
        self._compared = {c.id: c for c in story.comparisons}
        self._articles = {a.id: a for a in story.documents}
        self._named: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for m in self._raw.get("mentions", ()):
            self._named[m["file"]].append((*m["span"], m["actor"]))
        self._actor_of: dict[str, str] = {}
        self._told: dict[str, int] = {}  # by entry of the cast: how many of its mentions are its gold actor's
        for actor in story.actors:
            votes = Counter(g for m in actor.mentions if (g := self.who(Evidence(m.document, m.start, m.end, m.text))))
            if votes:
                ((self._actor_of[actor.id], self._told[actor.id]),) = votes.most_common(1)

    def place(self, spot: Evidence) -> tuple[str, int, int] | None:
        """Return file and range of the source of an evidence."""
        article = self._articles.get(spot.document)
        span = find_source_span(article, spot.start, spot.end) if article else None
        return (Path(article.path).name, *span) if article and span else None

    def who(self, spot: Evidence) -> str | None:
        """Return the gold actor that stands at an evidence."""
        where = self.place(spot)
        if where is None:
            return None
        file, start, end = where
        best = max(
            ((share_of((start, end), (lo, hi)), lo, actor) for lo, hi, actor in self._named[file]),
            default=(0.0, 0, ""),
        )
        before = spot.text[: max(0, best[1] - start)].casefold().split()
        return best[2] if best[0] >= 0.5 and LEADING.isdisjoint(before) else None  # "a nurse at Ada's" is not Ada

    def answer(self, question: Question) -> str | None:
        """Return the answer to a question, None where the gold does not tell."""
        return {
            "actor": self._answer_pair, "speaker": self._answer_speaker, "comparison": self._answer_comparison,
            "event": self._answer_event,
        }[question.kind](question)  # fmt: skip

    def _answer_pair(self, question: Question) -> str | None:
        if len(question.sides) == 1:
            return self._pick(question, self.who(question.sides[0][1]))
        one, two = (self.who(e) for _, e in question.sides)
        return None if one is None or two is None else "same" if one == two else "different"

    def _pick(self, question: Question, actor: str | None) -> str | None:
        """Return the answer that names a gold actor; of several entries that are one, that which most is told of."""
        offered = [(a, r.get("other", "")) for a, r in question.requests.items() if actor and a != "wrong"]
        right = [(a, other) for a, other in offered if self._actor_of.get(other) == actor]
        return max(right, key=lambda row: self._told[row[1]])[0] if right else None

    def _answer_speaker(self, question: Question) -> str | None:
        said = self._find("statements", question.sides[0][1])
        if said is None:
            return None
        speaker = said["speaker"]
        current = question.requests.get("right", {}).get("other")
        if not speaker and current and current not in self._actor_of:
            return "right"
        picked = self._pick(question, speaker)
        if picked:
            return picked
        return "wrong" if question.requests.get("right", {}).get("other") else None

    def _find(self, section: str, spot: Evidence) -> dict[str, Any] | None:
        where = self.place(spot)
        if where is None:
            return None
        told = [(n, s["span"]) for n, s in enumerate(self._raw[section]) if s["file"] == where[0]]
        rows = [(share_of(where[1:], span), n) for n, span in told]
        best = max(rows, default=(0.0, 0))
        found: dict[str, Any] = self._raw[section][best[1]]
        return found if best[0] >= SPEECH_OVERLAP else None

    def _answer_comparison(self, question: Question) -> str | None:
        compared = self._compared.get(question.key.partition(" ")[2])
        shown = [e for s in compared.sides for e in s.evidence] if compared else [e for _, e in question.sides]
        spots = [p for e in shown if (p := self.place(e))]
        touched = Counter(
            (c["id"], c["kind"])
            for c in self._raw["comparisons"]
            for i in c["items"]
            if any(i["file"] == spot[0] and i.get("span") and meet(i["span"], spot[1:]) for spot in spots)
        )
        told = [kind for (_, kind), n in touched.items() if n >= 2]
        return "right" if "conflict" in told or "role_conflict" in told else "trivial" if told else "wrong"

    def _answer_event(self, question: Question) -> str | None:
        both = []
        for _, spot in question.sides:
            where = self.place(spot)
            both.append(
                {
                    e["id"]
                    for e in self._raw["events"]
                    for m in e["mentions"]
                    if where and m["file"] == where[0] and m.get("span") and meet(m["span"], where[1:])
                }
            )
        if not all(both):
            return None
        return "same" if both[0] & both[1] else "different"


def share_of(a: Sequence[int], b: Sequence[int]) -> float:
    """Return what two ranges share of what they cover together."""
    inside = min(a[1], b[1]) - max(a[0], b[0])
    return max(inside, 0) / (max(a[1], b[1]) - min(a[0], b[0]) or 1)


def meet(a: Sequence[int], b: Sequence[int]) -> bool:
    """Tell whether two ranges share half of the shorter one."""
    return (min(a[1], b[1]) - max(a[0], b[0])) * 2 >= min(a[1] - a[0], b[1] - b[0])


# ------------------------------------------------------------------ twenty answers


def review(ledger: Path, gold: Path, answers: int, dice: random.Random | None, settings: Settings) -> Counter[str]:
    """Give ``answers`` answers, in the review's order or at random, obeyed as they come; return which were given."""
    given: Counter[str] = Counter()
    skipped: set[str] = set()
    with Ledger.open(ledger) as opened:
        while sum(given.values()) < answers:
            reviewer = Reviewer(gold, opened.load_story())
            asked = list_questions(opened, POOL, skipped)
            if dice is not None:
                asked = dice.sample(asked, len(asked))
            entries = []
            for question in asked[:TRIES]:
                skipped.add(question.key)
                answer = reviewer.answer(question)
                if answer is None:
                    continue
                try:
                    entry = make_move(opened, question.requests[answer])
                except UsageError:
                    continue
                entries.append(entry)
                given[f"{question.kind} {answer if len(answer) > 1 else 'named'}"] += 1
                if len(entries) == EVERY or sum(given.values()) == answers:
                    break
            if not entries:
                break
            for entry in entries:
                opened.add_judgements([entry])
            pipeline.build_story((), opened, settings)
    return given


def measure(
    pile: Path, answers: int, seeds: int, built: Path, settings: Settings
) -> tuple[Counted, Counted, list[Counted], Counter[str]]:
    """Return what is right before, what the review gains, what each random reviewer gains, and the answers given."""
    score, gold, pages = load_score(), pile / "gold.json", pile / "pages"

    def look(ledger: Path) -> Counted:
        with Ledger.open_readonly(ledger) as opened:
            return count_right(score, opened.load_story(), gold, pages)

    before = look(built)
    gains, told = [], Counter[str]()
    for number in range(seeds + 1):
        ledger = built.with_name(f"{number}.db")
        shutil.copy(built, ledger)
        given = review(ledger, gold, answers, random.Random(number) if number else None, settings)
        told = told or given
        gains.append(look(ledger) - before)
    return before, gains[0], gains[1:], told


def print_rates(pile: Path, built: Path) -> None:
    """Print each question with how unsure it is and whether its answer changes something, for choosing the order."""
    with Ledger.open_readonly(built) as opened:
        reviewer = Reviewer(pile / "gold.json", opened.load_story())
        for question in list_questions(opened, POOL):
            answer = reviewer.answer(question)
            if answer is not None:
                kind = question.key.partition(" ")[0]
                changes = answer != STANDING.get(kind, "right") and (answer != "wrong" or "right" in question.requests)
                print(f"{kind}\t{question.effect:.3f}\t{int(changes)}\t{answer}\t{question.ask[:80]}")


def main() -> int:
    """Measure the piles that are named; exit with 1 where the review gains less than three times as much as chance."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("piles", nargs="*", type=Path)
    parser.add_argument("--answers", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rates", action="store_true")
    parser.add_argument("--built", type=Path, help="a folder with PILE.db, built before, to spare the builds")
    parser.add_argument("--models", type=Path, help="models that have not seen a fold, from train.story_piles")
    chosen = parser.parse_args()
    fold_of = {f.resolve(): n for f, n in split_folders(list_piles()).items()}
    rows = []
    for pile in chosen.piles or [SHARED / "piles" / "test" / name for name in SIX]:
        model = chosen.models / f"model{fold_of[pile.resolve()]}" if chosen.models else None
        settings = Settings(workers=1, model=model)
        with tempfile.TemporaryDirectory() as folder:
            built = Path(folder) / "built.db"
            if chosen.built and (chosen.built / f"{pile.name}.db").exists():
                shutil.copy(chosen.built / f"{pile.name}.db", built)
            with Ledger.open(built) if built.exists() else Ledger.create(built) as ledger:
                paths = [] if ledger.list_pages() else [str(pile / "pages")]
                pipeline.build_story(paths, ledger, settings)
            if chosen.rates:
                print_rates(pile, built)
                continue
            before, gain, chance, told = measure(pile, chosen.answers, chosen.seeds, built, settings)
        rows.append((before, gain, chance))
        print(
            f"{pile.name:14} right before {show(before)}; review {show(gain)}; chance "
            f"{', '.join(map(show, chance))}; {dict(told)}",
            flush=True,
        )
    return 0 if chosen.rates else print_sums(rows)


def show(counted: Counted) -> str:
    """Return the three numbers."""
    return f"{counted.cast:+}/{counted.speakers:+}/{counted.conflicts:+}"


def print_sums(rows: Iterable[tuple[Counted, Counted, Sequence[Counted]]]) -> int:
    """Print what all piles gain together, and how many times that of chance; return 1 where it is under three."""
    listed, fine = list(rows), True
    for name in ("cast", "speakers", "conflicts", "together"):

        def pick(counted: Counted, name: str = name) -> int:
            parts = (counted.cast, counted.speakers, counted.conflicts)
            return sum(parts) if name == "together" else int(getattr(counted, name))

        gained = sum(pick(gain) for _, gain, _ in listed)
        chance = sum(sum(map(pick, some)) / max(len(some), 1) for _, _, some in listed)
        times = gained / chance if chance > 0 else float("inf") if gained > 0 else 0.0
        fine = fine and times >= 3
        print(f"{name:10} review {gained:+}, chance {chance:+.1f}, {times:.1f} times")
    return not fine


if __name__ == "__main__":
    sys.exit(main())
