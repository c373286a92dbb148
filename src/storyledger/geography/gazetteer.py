"""Names of places and where those that bear them are: GeoNames' places of 1,000 people and more.

Invariant: a name is found whole or not at all (a search inside names gives Bunbury for Anbar); letters' case, accents
and typographic marks do not count. This module must not know stories.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from storyledger.caching import keep_answers
from storyledger.folding import fold_text


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the earth. ``people`` live there; ``number`` is GeoNames'; ``alternate``: not by its main name."""

    name: str
    country: str
    latitude: float
    longitude: float
    people: int
    number: int | None
    alternate: bool = False


class _Texts:
    """Texts in one array of bytes, in the order of their folded forms, which ``find`` takes for granted."""

    def __init__(self, data: Any, at: Any) -> None:
        self._data, self._at = data.tobytes(), at

    def __len__(self) -> int:
        return len(self._at) - 1

    def __getitem__(self, number: int) -> str:
        return bytes(self._data[self._at[number] : self._at[number + 1]]).decode()

    def find(self, key: str) -> range:
        """Return the numbers of the texts whose folded form is ``key``."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if fold_text(self[middle]) < key else (low, middle)
        end = low
        while end < len(self) and fold_text(self[end]) == key:
            end += 1
        return range(low, end)


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    with np.load(Path(__file__).with_name("cities.npz")) as found:
        tables: dict[str, Any] = dict(found)
    tables["names"] = _Texts(tables["names"], tables["name_at"])
    tables["alternates"] = _Texts(tables["alternates"], tables["alternate_at"])
    return tables


@keep_answers(4096)
def find_spots(name: str) -> tuple[Spot, ...]:
    """Return the places that bear exactly this name, those whose main name it is first, each with most people first."""
    key = fold_text(name)
    if not key:
        return ()
    tables = _tables()
    main = list(tables["names"].find(key))
    also = sorted({int(tables["alternate_of"][n]) for n in tables["alternates"].find(key)} - set(main))
    spots = [_make_spot(tables, n, alternate=False) for n in main]
    spots += [_make_spot(tables, n, alternate=True) for n in also]
    return tuple(sorted(spots, key=lambda s: (s.alternate, -s.people, s.number)))


def _make_spot(tables: dict[str, Any], row: int, *, alternate: bool) -> Spot:
    latitude, longitude = (int(d) / 1000 for d in tables["degrees"][row])
    country = str(tables["codes"][tables["country"][row]])
    people, number = int(tables["people"][row]), int(tables["geoname"][row])
    return Spot(tables["names"][row], country, latitude, longitude, people, number, alternate)
