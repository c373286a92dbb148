"""Write ``src/storyledger/articles/months.toml``: the names of months and weekdays of many languages, out of CLDR.

    python train/months.py

Read at run time instead of CLDR itself, whose data of twenty languages would take as much memory as a page. A
name that two languages give to two months is left out, except where English has it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from babel import Locale

TARGET = Path(__file__).resolve().parents[1] / "src" / "storyledger" / "articles" / "months.toml"
LANGUAGES = [
    "en",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "sv",
    "nb",
    "da",
    "fi",
    "pl",
    "cs",
    "hu",
    "ro",
    "ca",
    "tr",
    "id",
    "sw",
    "ru",
    "uk",
    "el",
]
FEWEST_CHARS = 3
ALSO = {"sept": 9, "tues": 1, "thurs": 3, "thur": 3, "fevrier": 2, "aout": 8, "decembre": 12, "marco": 3}


def list_names(kind: str) -> dict[str, int]:
    """Return name -> number, months from 1, weekdays from Monday 0."""
    found: dict[str, set[int]] = defaultdict(set)
    english: dict[str, int] = {}
    for language in LANGUAGES:
        table = getattr(Locale(language), kind)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in table[context][width].items():
                    clean = name.lower().strip(". ")
                    if len(clean) >= FEWEST_CHARS and clean.replace("-", "").isalpha():
                        found[clean].add(number)
                        if language == "en":
                            english[clean] = number
    return {
        name: english.get(name, min(numbers)) for name, numbers in found.items() if len(numbers) == 1 or name in english
    }


def main() -> None:
    """Write the table."""
    lines = [
        "# Names of months (1 to 12) and weekdays (Monday 0) in the languages that pages are dated in.",
        "# Made by train/months.py out of Unicode CLDR (Unicode licence); do not edit.",
    ]
    for title, kind in (("months", "months"), ("weekdays", "days")):
        names = list_names(kind)
        bound = range(1, 13) if kind == "months" else range(7)
        names |= {name: number for name, number in ALSO.items() if (name.startswith(("tu", "th"))) == (kind == "days")}
        lines.append(f"\n[{title}]")
        for number in bound:
            own = sorted(name for name, one in names.items() if one == number)
            lines.append(f"{number} = {json.dumps(own, ensure_ascii=False)}")
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
