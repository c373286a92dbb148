"""Make the list of given names with their usual gender that ``actors/`` ships.

Source: the person providers of Faker (MIT), every locale that writes in Latin letters. A name that
the locales give to both genders is left out: the list is there to refuse a merge or a pronoun, and
a doubtful name must refuse nothing. Run: ``python train/given_names.py`` (needs ``pip install faker``).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from faker.providers import person

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/actors/given_names.tsv"
KEYS = {"m": ("first_names_male",), "f": ("first_names_female",)}


def fold_name(name: str) -> str:
    """Return the name in lower case without accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("ø", "o").replace("ł", "l").strip()


def collect_names() -> dict[str, Counter[str]]:
    """Return how many locales give each name to each gender."""
    seen: dict[str, Counter[str]] = {}
    for module in sorted(iter_modules(person.__path__), key=lambda m: m.name):
        provider: Any = import_module(f"faker.providers.person.{module.name}").Provider
        for gender, keys in KEYS.items():
            names = {fold_name(str(name)) for key in keys for name in getattr(provider, key, ())}
            for name in sorted(n for n in names if n.isascii() and n.replace("-", "").isalpha() and len(n) > 1):
                seen.setdefault(name, Counter())[gender] += 1
    return seen


def main() -> None:
    """Write ``name<TAB>m|f``, sorted."""
    rows = []
    for name, counts in sorted(collect_names().items()):
        (first, most), *rest = counts.most_common(2)
        if not rest or most >= 5 * rest[0][1]:
            rows.append(f"{name}\t{first}\n")
    TARGET.write_text("".join(rows), encoding="utf-8")
    print(f"{len(rows)} names -> {TARGET.name}")


if __name__ == "__main__":
    main()
