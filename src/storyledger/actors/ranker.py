"""Which earlier actor a description or pronoun means, or none: a small network over what ``measures.py`` measured.

``score_candidates`` turns the rows into probabilities over the candidates and "none of them". Weights: ``ranker.npz``,
made by ``train/actors.py`` from GUM and GAP; arithmetic in float32, no model run-time. This module must not know what
the numbers mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Network:
    """Two small networks: one scores a candidate, one scores "none"; D pair features, M of the mention, H hidden."""

    pair_DH: Floats  # noqa: N815  (shapes in names, as for variables)
    pair_bias_H: Floats  # noqa: N815  (shapes in names, as for variables)
    pair_out_H: Floats  # noqa: N815  (shapes in names, as for variables)
    none_MH: Floats  # noqa: N815  (shapes in names, as for variables)
    none_bias_H: Floats  # noqa: N815  (shapes in names, as for variables)
    none_out_H: Floats  # noqa: N815  (shapes in names, as for variables)
    none_bias: Floats


@lru_cache(maxsize=1)
def load_network() -> Network:
    """Return the shipped weights."""
    with np.load(BytesIO(files(__package__).joinpath("ranker.npz").read_bytes()), allow_pickle=False) as arrays:
        return Network(**{name: arrays[name].astype(np.float32) for name in Network.__dataclass_fields__})


def score_candidates(network: Network, mark_M: list[float], pairs_ND: Floats) -> Floats:
    """Return N + 1 probabilities: "none of them" first, then one for each candidate."""
    mark = np.asarray(mark_M, dtype=np.float32)
    none = np.maximum(mark @ network.none_MH + network.none_bias_H, 0.0) @ network.none_out_H + network.none_bias
    if len(pairs_ND):
        rows = np.concatenate([pairs_ND, np.broadcast_to(mark, (len(pairs_ND), len(mark)))], axis=1)
        pair = np.maximum(rows @ network.pair_DH + network.pair_bias_H, 0.0) @ network.pair_out_H
    else:
        pair = np.zeros(0, dtype=np.float32)
    scores = np.concatenate([none.reshape(1), pair])
    exponents = np.exp(scores - scores.max())
    result: Floats = (exponents / exponents.sum()).astype(np.float32)
    return result
