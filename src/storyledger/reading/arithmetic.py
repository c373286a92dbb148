"""Arithmetic on arrays that the decoders share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyledger.language.tags import COLUMNS, JUDGED, SURE_OUTSIDE

Floats = NDArray[np.float32]
# Error function's rational approximation 7.1.26 of Abramowitz & Stegun 1964, error below 1.5e-7.
ERF_P = np.float32(0.3275911)
ERF_A = tuple(np.float32(a) for a in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592))


def softmax(logits: NDArray[Any]) -> Floats:
    """Return probabilities over the last axis."""
    e = np.exp(logits - logits.max(-1, keepdims=True))
    out: Floats = e / e.sum(-1, keepdims=True)
    return out


def tag_probabilities(scores_WT: Floats) -> Floats:
    """Return the probabilities of all heads, (W, ``WIDTH``), from the network's scores."""
    out = np.empty_like(scores_WT)
    for a, b in COLUMNS.values():
        out[:, a:b] = softmax(scores_WT[:, a:b])
    for name, span in JUDGED.items():
        a, b = COLUMNS[name]
        out[out[:, COLUMNS[span][0]] > SURE_OUTSIDE, a:b] = 0.0
    return out


def gelu(x: NDArray[Any]) -> Floats:
    """Return the exact GELU of ``x`` (not the tanh form: the network was trained with the exact one)."""
    z = np.abs(x) * np.float32(0.7071067811865476)
    t = z * ERF_P
    t += 1
    np.divide(1, t, out=t)
    poly = t * ERF_A[0]
    for a in ERF_A[1:-1]:
        poly += a
        poly *= t
    poly += ERF_A[-1]
    poly *= t
    z *= z
    poly *= np.exp(np.negative(z, out=z), out=z)
    erf = np.subtract(1, poly, out=poly)  # in place throughout: half the time of an array for each step
    out: Floats = x * np.float32(0.5)
    out *= np.copysign(erf, x, out=erf) + 1
    return out
