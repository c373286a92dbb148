"""The countries' outlines, as Natural Earth draws them at 1:50 million: whose border runs where is not ours to say.

Invariant: a ring is closed, in degrees east and north, and does not cross the date line. This module must not know
how a map looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyledger.caching import keep_answers


@dataclass(frozen=True)
class Outline:
    """A country: its code ("" where it has none), its name, its rings as points N by 2, the largest first."""

    code: str
    name: str
    middle: tuple[float, float]  # degrees east and north: where its name stands
    rings: tuple[NDArray[np.float32], ...]


@lru_cache(maxsize=1)
def list_outlines() -> tuple[Outline, ...]:
    """Return all countries, by code."""
    with np.load(Path(__file__).with_name("outlines.npz")) as found:
        data: dict[str, Any] = dict(found)
    points = data["points"].astype(np.float32) / 100
    rings = np.split(points, np.cumsum(data["sizes"])[:-1])
    by_owner: dict[int, list[NDArray[np.float32]]] = {}
    for owner, ring in zip(data["owner"].tolist(), rings, strict=True):
        by_owner.setdefault(owner, []).append(ring)
    return tuple(
        Outline(str(code), str(name), (float(x) / 100, float(y) / 100), tuple(by_owner[n]))
        for n, (code, name, (x, y)) in enumerate(zip(data["codes"], data["names"], data["middles"], strict=True))
    )


@keep_answers(512)
def find_middle(code: str) -> tuple[float, float] | None:
    """Return the point of a country where its name stands, degrees east and north; None for an unknown code."""
    return next((o.middle for o in list_outlines() if o.code == code), None)
