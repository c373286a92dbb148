"""Where a headline ends that runs on into a first sentence: "Many feared dead in quake A major loss of life ...".

Texts that were kept without their layout begin so, and no sign parts the two. A scorer says of each capital in the
first words how it looks as the sentence's first: what the headline says the page says again, and writes its words
small. Weights: ``headline.json``, fitted by ``python -m train.headline`` on titles and first sentences. Invariant: a
pure function of the text. This module must not know pages or blocks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from storyledger.language import content_stems, find_small, load_frequencies, stem_word, stop_words
from storyledger.linkage import load_weights

# In folds over the marked stories, of 504 titles before their first sentences: parted rightly from .5 on 287 (31 in a
# wrong place, 10 of 504 first sentences without a title), from .7 on 240 (13, 3), from .9 on 165 (5, 3).
SURE = 0.7
FIRST, LAST = 3, 22  # words of a headline
PAGE_CHARS, BODY_CHARS, SENTENCE_CHARS = 2500, 1500, 300
FEATURES = (
    "words before", "small before", "capital before", "function word before", "number before", "small behind",
    "function word behind", "small elsewhere", "function word", "number", "article", "frequency", "amid capitals",
    "said again in the sentence", "said again on the page", "capitals before", "sentence's length", "sentence ends",
    "small elsewhere behind a capital", "all capitals", "openings", "capital elsewhere", "word before said again",
    "quotation",
)  # fmt: skip
_WORD = re.compile(r"\S+")
_OPENING = re.compile(r"[“\"‘']?[A-Z0-9]")
_PARTED = re.compile(r"[.!?:;,–—-][”\"’')]*\Z")
_ENDED = re.compile(r"[.!?]\Z")
_SENTENCE_END = re.compile(r"[.!?][”\"’)]?(?:\s|\Z)")


def find_headline_end(text: str) -> int:
    """Return where the first sentence begins behind a headline that nothing ends; 0 where ``text`` begins with none."""
    starts, rows = measure_openings(text)
    if not starts:
        return 0
    scores = load_weights(__package__, "headline.json").probabilities(rows)
    best = int(np.argmax(scores))
    return starts[best] if scores[best] >= SURE else 0


def measure_openings(text: str) -> tuple[list[int], NDArray[np.float64]]:
    """Return where a first sentence may begin, and for each such place the numbers of ``FEATURES``."""
    page = text[:PAGE_CHARS]
    words = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(page[: 12 * (LAST + 3)])]
    places = []
    for at in range(FIRST, min(LAST, len(words) - 2)):
        if _ENDED.search(words[at - 1][2]):
            break
        if _OPENING.match(words[at][2]) and not _PARTED.search(words[at - 1][2]):
            places.append(at)
    small = find_small(page)
    rows = [_measure(page, words, at, small, len(places)) for at in places]
    return [words[at][0] for at in places], np.array(rows, np.float64).reshape(len(rows), len(FEATURES))


def _measure(
    text: str, words: list[tuple[int, int, str]], at: int, small: frozenset[str], openings: int
) -> list[float]:
    start, end, word = words[at]
    before, behind = words[at - 1][2], words[at + 1][2]
    core = word.strip("“\"‘'’”,.")
    ended = _SENTENCE_END.search(text, start)
    sentence = text[start : ended.end()] if ended else text[start : start + SENTENCE_CHARS]
    head = content_stems(text[:start])
    named = before[:1].isupper()
    return [float(x) for x in (
        at / LAST,
        before.islower(),
        named,
        before.lower() in stop_words(),
        before.isdigit(),
        behind[:1].islower(),
        behind.lower() in stop_words(),
        core.lower() in small,
        core.lower() in stop_words(),
        core.isdigit(),
        core in ("A", "An", "The"),
        math.log10(_share_of_texts(stem_word(core.lower())) + 1e-4),
        named and behind[:1].isupper(),
        _share(head, content_stems(sentence)),
        _share(head, content_stems(text[start : start + BODY_CHARS])),
        sum(w[:1].isupper() for _, _, w in words[1:at]) / (at - 1),
        len(sentence) / SENTENCE_CHARS,
        sentence.rstrip()[-1:] in '.”"',
        core.lower() in small and named,
        core.isupper() and len(core) > 1,
        openings / LAST,
        text.count(core) > 1 and core.lower() not in small,
        before in text[end:],
        word[:1] in '“"‘',
    )]  # fmt: skip


def _share_of_texts(stem: str) -> float:
    texts, frequencies = load_frequencies()
    return frequencies.get(stem, 0) / texts


def _share(head: Iterable[str], told: frozenset[str]) -> float:
    """Return how much of a headline's words, each as it is rare in news, stands in what is told."""
    texts, frequencies = load_frequencies()
    weights = {stem: math.log1p(texts / (1 + frequencies.get(stem, 0))) for stem in sorted(head)}
    return math.fsum(w for stem, w in weights.items() if stem in told) / max(1.0, math.fsum(weights.values()))
