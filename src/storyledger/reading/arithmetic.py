"""Arithmetic on arrays that the decoders share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def softmax(logits: Floats) -> Floats:
    """Return probabilities over the last axis."""
    e = np.exp(logits - logits.max(-1, keepdims=True))
    out: Floats = e / e.sum(-1, keepdims=True)
    return out


def gelu(x: Floats) -> Floats:
    """Return the exact GELU, by the error function's rational approximation 7.1.26 of Abramowitz & Stegun."""
    z = np.abs(x) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * z)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = 1 - poly * np.exp(-z * z)
    out: Floats = (x * 0.5 * (1 + np.sign(x) * erf)).astype(np.float32)
    return out
