"""Whether what a page shows is all that it holds: where it shows little, its frames and its scripts are asked.

Invariant: text from behind the page is taken only where it is much more than what is shown and is of the same story,
by the page's first words or its title. This module must not know how a page is taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from storyledger.articles.features import describe_lines, pair_words, squeeze_text
from storyledger.articles.hidden import read_frames, read_linked_body, read_state
from storyledger.articles.lines import Line
from storyledger.articles.model import LineModel, Scores, score_lines
from storyledger.articles.words import read_words

THIN_CHARS = 1_500  # a page that shows more is taken as it stands
BARE_CHARS = 300  # the state of scripts holds other stories too: only a page that shows next to nothing asks it
TIMES_MORE, FEWEST_MORE = 2, 300
SAME_STORY = 0.5  # of the longer words of a title stand in its story
LEAD_CHARS = 60
PROSE_CHARS = 60
SURE_SCORE = 0.5
_STOP = re.compile(r"[.!?…][\"'”’)\]]*\Z")
_WORD = re.compile(r"[^\W\d_]{4,}")


def find_behind(
    source: str, shown: Sequence[str], titles: Sequence[str], load: Callable[[str], LineModel]
) -> list[Line]:
    """Return the lines of the page's story that it does not show; none where what it shows is all, or another's.

    Args:
        source: of the page.
        shown: the body as it stands on the page, paragraph by paragraph.
        titles: that the page states or shows.
        load: gives the line model for "html" or "text".
    """
    chars = sum(map(len, shown))
    if chars > THIN_CHARS:
        return []
    found = [read_linked_body(source), *(_keep_prose(frame, load("html")) for frame in read_frames(source))]
    best = max(found, key=_count_chars)
    if _count_chars(best) < TIMES_MORE * chars + FEWEST_MORE and chars < BARE_CHARS:
        best = max(best, _keep_prose(read_state(source), load("text"), plain=True), key=_count_chars)
    if _count_chars(best) < TIMES_MORE * chars + FEWEST_MORE or not _tells_same(best, shown, titles):
        return []
    return best


def _count_chars(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _keep_prose(lines: list[Line], model: LineModel, *, plain: bool = False) -> list[Line]:
    """Return the lines that the model takes for an article, each text once; the likelier where it is sure of none."""
    if not lines:
        return []
    shown = [Line(line.text, line.rows) for line in lines] if plain else lines  # as a capture of them
    words = read_words(shown)
    scores: Scores = score_lines(model, describe_lines(shown, words), pair_words(words))
    limit = min(SURE_SCORE, float(scores.max()) * 0.5)
    chosen = np.flatnonzero(scores > limit).tolist()
    prose = [number for number, line in enumerate(lines) if len(line.text) > PROSE_CHARS and _STOP.search(line.text)]
    held, most = _count_chars([lines[n] for n in chosen]), _count_chars([lines[n] for n in prose])
    if scores.max() < SURE_SCORE or 2 * held < most:
        chosen = sorted({*chosen, *prose})  # without any furniture about it the model is sure of nothing
    once = {lines[number].text: lines[number] for number in reversed(chosen)}
    return list(reversed(once.values()))


def _tells_same(lines: Sequence[Line], shown: Sequence[str], titles: Sequence[str]) -> bool:
    text = " ".join(line.text for line in lines)
    lead = squeeze_text(max(shown, key=len, default=""))[:LEAD_CHARS]
    if len(lead) == LEAD_CHARS and lead in squeeze_text(text):
        return True
    words = {word.lower() for word in _WORD.findall(text)}
    wanted = [{word.lower() for word in _WORD.findall(title)} for title in titles[:2]]
    return any(len(title & words) >= SAME_STORY * len(title) for title in wanted if len(title) > 1)
