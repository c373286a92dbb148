"""Runs the network: words in, one row of scores per word out.

Predicting ends here; everything after is arithmetic on arrays. One window is one call, so that an
article's rows are the same to the bit alone and in any company: dynamic int8 scales activations by
what stands in the call. Shapes: W words of the article, D columns of a row, P pieces of a window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from storyledger.reading.layout import Layout, Window, break_points, plan_windows
from storyledger.reading.shapes import word_feature

Floats = NDArray[np.float32]
MOST_PIECES = 12  # of one word; the rest of a longer one tells nothing
START_FEATURE, END_FEATURE = 5 * 3 + 2, 5 * 3


@dataclass(frozen=True, slots=True)
class Rows:
    """What the network says of each word: ``heads[name]`` is (W, n); ``states`` sums a word's pieces."""

    heads: dict[str, Floats]
    states: Floats
    pieces: NDArray[np.int64]


class Network:
    """The loaded network with its tokenizer."""

    def __init__(self, model: Path, tokenizer: Path, columns: dict[str, tuple[int, int]], threads: int = 1) -> None:
        """Load both; ``columns`` says which columns of a row belong to which head."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self.tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.columns = columns
        self.special: tuple[int, ...] = tuple(self.tokenizer.token_to_id(t) or 0 for t in ("[CLS]", "[SEP]", "[UNK]"))

    def word_pieces(self, words: Sequence[str]) -> list[list[int]]:
        """Return each word's pieces: at least one, at most ``MOST_PIECES``."""
        safe = [w if w.isprintable() else w.encode("utf-8", "replace").decode("utf-8") for w in words]
        pieces: list[list[int]] = [[] for _ in words]
        encoded = self.tokenizer.encode(safe, is_pretokenized=True, add_special_tokens=False)
        for piece, word in zip(encoded.ids, encoded.word_ids, strict=True):
            if word is not None and len(pieces[word]) < MOST_PIECES:
                pieces[word].append(piece)
        return [p or [self.special[2]] for p in pieces]

    def predict_rows(self, layout: Layout) -> Rows:
        """Return the rows of all words of an article, window by window."""
        pieces = self.word_pieces(layout.words)
        counts = [len(p) for p in pieces]
        features = [word_feature(w, s) for w, s in zip(layout.words, layout.spaces, strict=True)]
        rows_parts, state_parts = [], []
        for window in plan_windows(counts, break_points(layout)):
            rows, states = self.run_window(window, pieces, features)
            rows_parts.append(rows)
            state_parts.append(states)
        rows_WD = np.concatenate(rows_parts)
        heads = {name: rows_WD[:, a:b] for name, (a, b) in self.columns.items()}
        return Rows(heads, np.concatenate(state_parts), np.array(counts))

    def run_window(
        self, window: Window, pieces: Sequence[Sequence[int]], features: Sequence[int]
    ) -> tuple[Floats, Floats]:
        """Return the owned words' rows and the sums of their pieces' states."""
        feed, firsts = window_feed(window, pieces, features, self.special)
        rows_WD, states_PS = self.session.run(None, feed)
        own = slice(window.own_first - window.first, window.own_last - window.first)
        counts = np.diff(firsts, append=states_PS.shape[1] - 1)[own]
        words_WP = np.zeros((len(counts), states_PS.shape[1]), np.float32)
        pieces_own = np.arange(counts.sum()) + firsts[own][0]
        words_WP[np.repeat(np.arange(len(counts)), counts), pieces_own] = 1.0  # ten times as fast as add.reduceat
        return rows_WD[0][own], words_WP @ states_PS[0]


def window_feed(
    window: Window, pieces: Sequence[Sequence[int]], features: Sequence[int], special: Sequence[int]
) -> tuple[dict[str, NDArray[np.int64]], NDArray[np.int64]]:
    """Return the network's input for one window and the position of each word's first piece."""
    ids, shapes, firsts = [special[0]], [START_FEATURE], []
    for word in range(window.first, window.last):
        firsts.append(len(ids))
        ids.extend(pieces[word])
        shapes.extend([features[word]] * len(pieces[word]))
    ids.append(special[1])
    shapes.append(END_FEATURE)
    first = np.array(firsts, dtype=np.int64)
    feed = {
        "ids": np.array([ids], dtype=np.int64),
        "features": np.array([shapes], dtype=np.int64),
        "first": first[None, :],
    }
    return feed, first
