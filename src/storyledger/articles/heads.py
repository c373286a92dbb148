"""The head of a text capture read as one sequence: outlet, title, deck, byline, date, each among its neighbours.

What a line above the text is, its place tells as much as its words: a name above a headline is the outlet's,
the same name below it the writer's. So the lines around the start of the text are labelled together, by a
linear-chain conditional random field whose weights ``train/heads.py`` writes.

Invariant: predict is arithmetic on arrays; the same lines give the same labels on every machine. This module
must not know markup.

Source: Lafferty, McCallum & Pereira 2001; the task is GROBID's header model (Lopez 2009), for news.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from storyledger.articles import marks
from storyledger.articles.dates import find_dates
from storyledger.articles.features import squeeze_text
from storyledger.articles.lexicon import load_lexicon
from storyledger.articles.lines import Line
from storyledger.articles.model import Scores, find_best_stretch
from storyledger.articles.names import find_people, is_by_alone, is_name_line, join_prose, load_words

LABELS = ("other", "outlet", "title", "deck", "byline", "date", "body")
BEFORE, AFTER = 40, 8  # lines before and after the start of the text that are read
HEAD_CHARS = 300
SHORT_CHARS, REPEATED_CHARS = 30, 20
_LIST_MARK = re.compile(r"(?:[*+•▪◦‣]|\d{1,2}[.)])\s")
_STOP = re.compile(r"[.!?…][\"'”’)\]\s]*\Z")
_ACRONYM = re.compile(r"\(([A-ZÀ-Þ][\w -]{1,30}?)\)\s*[-–—]")
_BY_INSIDE = re.compile(r"\b[Bb]y\s*:?\s+[A-Z][\w.'’-]+\s+[A-Z]")
_WORD = re.compile(r"[^\W\d_]{4,}")
_TOKEN = re.compile(r"\S+")
_FURNITURE = ("legal", "share", "subscribe", "navigate", "comment", "related", "advert")
_ARTICLES = frozenset(("the", "la", "le", "el", "il", "los", "las", "die", "der", "das", "de", "het", "o", "a", "os"))

Weights = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Head:
    """The lines ``first`` and after as labelled: ``chance`` N by 7 are the probabilities of LABELS."""

    first: int
    labels: tuple[str, ...]
    chance: NDArray[np.float64]

    def list_lines(self, label: str) -> list[int]:
        """Return the numbers of the lines that have the label."""
        return [self.first + n for n, own in enumerate(self.labels) if own == label]

    def sure_of(self, line: int, label: str) -> float:
        """Return how probable it is that the line has the label."""
        return float(self.chance[line - self.first, LABELS.index(label)])


def read_head(lines: Sequence[Line], scores: Scores, guess: int | None, weights: Weights | None = None) -> Head:
    """Return the labelled head of a capture.

    Args:
        lines: all of the page, at least one.
        scores: of the lines, of belonging to the article.
        guess: the line that reads most like a title by itself, if any does.
        weights: of the labels' features and of their sequence; those of the package by default.
    """
    first, last = find_window(lines, scores)
    table = describe_head(lines, scores, guess, first, last)
    emission_NF, transition_FF = weights or load_head_weights()
    labels, chance = decode_chain(table @ emission_NF, transition_FF)
    return Head(first, tuple(LABELS[n] for n in labels), chance)


@cache
def load_head_weights() -> Weights:
    """Return the weights that come with the package."""
    with resources.files(__package__).joinpath("model", "head.npz").open("rb") as file:
        return read_head_weights(file)


def read_head_weights(file: IO[bytes] | Path) -> Weights:
    """Return the weights in a file that ``train/heads.py`` wrote: features by labels, labels by labels."""
    with np.load(file, allow_pickle=False) as arrays:
        return arrays["emission"].astype(np.float64), arrays["transition"].astype(np.float64)


def find_window(lines: Sequence[Line], scores: Scores) -> tuple[int, int]:
    """Return the half-open range of lines around the start of the text."""
    sizes = np.array([len(line.text) for line in lines], np.float64)
    limit = min(0.5, float(scores.max()) * 0.5)
    start, end = find_best_stretch((scores - limit) * np.sqrt(sizes))
    while start < end - 1 and (_LIST_MARK.match(lines[start].text) or len(lines[start].text) < SHORT_CHARS):
        start += 1  # teasers of other stories in a list, as they stand above a headline, read like an article
    return max(0, start - BEFORE), min(len(lines), start + AFTER)


def decode_chain(
    emission_NL: NDArray[np.float64], transition_LL: NDArray[np.float64]
) -> tuple[list[int], NDArray[np.float64]]:
    """Return the likeliest sequence of labels (Viterbi) and each line's probabilities (forward, backward)."""
    count, labels = emission_NL.shape
    best, back = emission_NL[0], np.zeros((count, labels), np.intp)
    ahead = np.zeros((count, labels))
    ahead[0] = emission_NL[0]
    for n in range(1, count):
        step = best[:, None] + transition_LL
        back[n] = step.argmax(axis=0)
        best = step.max(axis=0) + emission_NL[n]
        ahead[n] = _add_logs(ahead[n - 1][:, None] + transition_LL, axis=0) + emission_NL[n]
    behind = np.zeros((count, labels))
    for n in range(count - 2, -1, -1):
        behind[n] = _add_logs(transition_LL + (emission_NL[n + 1] + behind[n + 1])[None, :], axis=1)
    path = [int(best.argmax())]
    for n in range(count - 1, 0, -1):
        path.append(int(back[n, path[-1]]))
    both = ahead + behind
    return path[::-1], np.exp(both - _add_logs(both, axis=1)[:, None])


def _add_logs(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    most = values.max(axis=axis, keepdims=True)
    total = np.log(np.exp(values - most).sum(axis=axis, keepdims=True)) + most
    return np.asarray(total.squeeze(axis))


# ------------------------------------------------------------------ features


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a line is held against: the page's prose, its words, the agency of its place line, all short lines."""

    prose: str
    vocabulary: frozenset[str]
    agencies: frozenset[str]
    initials: frozenset[str]
    squeezed: str
    plain: str  # the same of the lines that no list mark opens


OWN = (
    "words", "chars", "one_word", "two_to_four_words", "five_to_fourteen_words", "many_words", "long", "stop",
    "question", "colon", "lower", "capitalised", "capitals", "digits", "quote", "comma", "overlap", "no_overlap",
    "name_line", "people", "by", "role", "body_name", "date", "date_alone", "clock", "article", "furniture",
    "all_furniture", "separator", "credit", "teaser", "agency", "initials", "in_prose", "in_furniture", "score",
    "low_score", "address", "gap", "gap_below", "by_alone", "by_inside", "name_then_date", "listed",
    "repeated", "listed_twin",
)  # fmt: skip
PLACE = (
    "first_line", "above_start", "near_start", "at_start", "below_start", "alone_above", "same_before",
    "guess", "above_guess", "far_above_guess", "below_guess", "far_below_guess",
)  # fmt: skip
_NEIGHBOURED = (
    "by_alone",
    "date",
    "by",
    "people",
    "name_line",
    "overlap",
    "score",
    "five_to_fourteen_words",
    "long",
    "furniture",
    "stop",
)
FEATURES = ("bias", *OWN, *PLACE, *(f"{side}:{name}" for side in ("above", "below", "second") for name in _NEIGHBOURED))


def describe_head(
    lines: Sequence[Line], scores: Scores, guess: int | None, first: int, last: int
) -> NDArray[np.float64]:
    """Return the numbers of ``FEATURES`` for the lines ``first`` to ``last``, N by F."""
    scene = _set_scene(lines, scores)
    own = np.array([_describe_line(lines, scores, n, scene) for n in range(first, last)], np.float64)
    place = np.array([_describe_place(lines, scores, n, (first, last, guess)) for n in range(first, last)], np.float64)
    chosen = own[:, [OWN.index(name) for name in _NEIGHBOURED]]
    blank = np.zeros_like(chosen[:1])
    above = np.vstack([blank, chosen[:-1]])
    below = np.vstack([chosen[1:], blank])
    second = np.vstack([chosen[2:], blank, blank])[: len(chosen)]
    return np.hstack([np.ones((len(own), 1)), own, place, above, below, second])


def _set_scene(lines: Sequence[Line], scores: Scores) -> _Scene:
    limit = min(0.5, float(scores.max()) * 0.5)
    texts = [
        line.text for line, score in zip(lines, scores.tolist(), strict=True) if score > limit and len(line.text) > 60
    ]
    prose = join_prose(texts)
    agencies = frozenset(squeeze_text(a) for text in texts[:3] for a in _ACRONYM.findall(text[:200]))
    short = [squeeze_text(line.text) for line in lines if len(line.text) < HEAD_CHARS]
    plain = [squeeze_text(t) for line in lines if len(t := line.text) < HEAD_CHARS and not _LIST_MARK.match(t)]
    vocabulary = frozenset(word.lower() for word in _WORD.findall(prose))
    return _Scene(
        prose,
        vocabulary,
        agencies,
        frozenset(a for a in agencies if len(a) < 7),
        " ".join(short),
        f" {' '.join(plain)} ",
    )


def _describe_line(lines: Sequence[Line], scores: Scores, number: int, scene: _Scene) -> list[float]:
    text = lines[number].text[:HEAD_CHARS]
    words = _TOKEN.findall(text)
    lower = [w.strip(".,;:'’“”\"()").lower() for w in words]
    count = max(1, len(words))
    own = [w.lower() for w in _WORD.findall(text)]
    overlap = sum(w in scene.vocabulary for w in own) / len(own) if own else 0.0
    dates = find_dates(text)
    dated = sum(d.end - d.start for d in dates[:1]) / max(1, len(text))
    people = bool(find_people(text, scene.prose)) if len(text) < 160 else False
    key = squeeze_text(text)
    lexicon = load_lexicon()
    furniture = sum(any(w in lexicon[name] for name in _FURNITURE) for w in lower) / count
    initials = "".join(w[0] for w in words if w[0].isupper()).lower()
    score = float(scores[number])
    listed = _LIST_MARK.match(text) is not None
    return [
        np.log1p(count), np.log1p(len(text)), count == 1, 2 <= count <= 4, 5 <= count <= 14, count > 20,
        len(text) > 160,
        bool(_STOP.search(text)), text.rstrip("\"'”’").endswith("?"), text.endswith(":"), text[0].islower(),
        sum(w[0].isupper() for w in words) / count, text.isupper(), sum(map(str.isdigit, text)) / len(text),
        text[0] in "\"“'‘«„", "," in text, overlap, bool(own) and overlap == 0, is_name_line(text, scene.prose), people,
        bool(marks.starts_byline(text)), bool(set(lower) & load_words("roles")),
        bool(set(lower) & load_words("bodies")),
        bool(dates), dated > 0.5, ":" in text and bool(dates),
        bool(_ARTICLES & set(lower[:1])), furniture, furniture > 0.8,
        bool(re.search(r"\s[|›»>/•·]\s", text)), marks.find_credit(text) is not None, marks.is_teaser(text),
        key in scene.agencies, len(initials) > 1 and initials in scene.initials,
        count <= 6 and len(key) > 3 and text in scene.prose,
        len(key) > 3 and count <= 6 and scene.squeezed.count(key) > 1,
        score, score < 0.05, "@" in text or "://" in text or "www." in text, min(lines[number].gap, 2),
        min(lines[number + 1].gap, 2) if number + 1 < len(lines) else 0,
        is_by_alone(text), count < 16 and _BY_INSIDE.search(text) is not None,
        bool(dates) and is_name_line(text[: dates[0].start].strip(" -–—|,·•")),
        listed, len(key) > REPEATED_CHARS and scene.squeezed.count(key) > 1, listed and f" {key} " in scene.plain,
    ]  # fmt: skip


def _reads_like_start(text: str) -> bool:
    return len(text) > 80 and _LIST_MARK.match(text) is None


def _describe_place(
    lines: Sequence[Line], scores: Scores, number: int, window: tuple[int, int, int | None]
) -> list[float]:
    first, last, guess = window
    start = max(first, last - AFTER)
    start = next((n for n in range(first, last) if scores[n] > 0.5 and _reads_like_start(lines[n].text)), start)
    away = start - number
    alone = number == 0 or len(lines[number - 1].text) > 30
    same = any(line.text == lines[number].text for line in lines[max(0, number - BEFORE) : number])
    below = 0 if guess is None else number - guess
    guessed = [number == guess, below == -1, below < -3, below == 1, below > 3]
    return [number == 0, away > 8, 0 < away <= 4, away == 0, away < 0, alone, same, *guessed]
