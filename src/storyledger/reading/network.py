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
    """What the networks say of each word: ``heads[name]`` (W, n), ``states`` summed over pieces, ``tags`` (W, T)."""

    heads: dict[str, Floats]
    states: Floats
    pieces: NDArray[np.int64]
    tags: Floats


class Pieces:
    """The tokenizer: words in, each word's pieces out."""

    def __init__(self, path: Path) -> None:
        """Load the tokenizer at ``path``."""
        self.tokenizer: Any = Tokenizer.from_file(str(path))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
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


class Network:
    """The loaded networks with their tokenizer: the reader's, and the one that goes on from its middle with tags."""

    def __init__(self, folder: Path, columns: dict[str, tuple[int, int]], threads: int = 1) -> None:
        """Load what is in the model ``folder``; ``columns`` says which columns of a row belong to which head."""
        self.session = open_session(folder / "reader.onnx", threads)
        self.tagger = open_session(folder / "tags.onnx", threads)
        self.pieces = Pieces(folder / "tokenizer.json")
        self.columns = columns

    def predict_rows(self, layout: Layout) -> Rows:
        """Return the rows of all words of an article, window by window."""
        pieces = self.pieces.word_pieces(layout.words)
        counts = [len(p) for p in pieces]
        features = [word_feature(w, s) for w, s in zip(layout.words, layout.spaces, strict=True)]
        parts = [self.run_window(window, pieces, features) for window in plan_windows(counts, break_points(layout))]
        rows_WD, states_WH, tags_WT = (np.concatenate(p) for p in zip(*parts, strict=True))
        heads = {name: rows_WD[:, a:b] for name, (a, b) in self.columns.items()}
        return Rows(heads, states_WH, np.array(counts), tags_WT)

    def run_window(
        self, window: Window, pieces: Sequence[Sequence[int]], features: Sequence[int]
    ) -> tuple[Floats, Floats, Floats]:
        """Return the owned words' rows, the sums of their pieces' states, and the scores of their tags."""
        feed, firsts = window_feed(window, pieces, features, self.pieces.special)
        rows_WD, states_PS = self.session.run(None, feed)
        (tags_WT,) = self.tagger.run(None, {"states": middle_states(states_PS), "first": feed["first"]})
        own = slice(window.own_first - window.first, window.own_last - window.first)
        counts = np.diff(firsts, append=states_PS.shape[1] - 1)[own]
        words_WP = np.zeros((len(counts), states_PS.shape[1]), np.float32)
        pieces_own = np.arange(counts.sum()) + firsts[own][0]
        words_WP[np.repeat(np.arange(len(counts)), counts), pieces_own] = 1.0  # ten times as fast as add.reduceat
        return rows_WD[0][own], words_WP @ states_PS[0], tags_WT[0][own]


def open_session(graph: Path, threads: int) -> Any:
    """Return the runtime's session on ``graph``, on ``threads`` threads of the processor."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def middle_states(states_PS: Floats) -> Floats:
    """Return the pieces' states after the reader's third layer, of the three layers whose states it gives."""
    third = states_PS.shape[-1] // 3
    return np.ascontiguousarray(states_PS[..., third : 2 * third])


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
