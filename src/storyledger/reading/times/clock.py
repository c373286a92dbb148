"""Times of day: "6 a.m.", "21:10", "noon", "midnight".

Invariant: the day of a clock time is a date of the same sentence or nothing. This module must not
know how dates are written.
"""

from __future__ import annotations

import re

from .draft import Draft, Rule, compile_rule
from .lexicon import CLOCK
from .scene import Scene

_FORM = re.compile(r"(?P<h>\d{1,2})(?:[:.](?P<m>\d\d))?(?::\d\d)?\s?(?P<half>[ap])?")
_ZONE = r"(?: ?(?:GMT|UTC|BST|EST|EDT|CET|CEST|PST|PDT|ET|local time))?"


def _clock(match: re.Match[str], scene: Scene) -> Draft | None:
    words = match["c"].lower()
    form = _FORM.match(words)
    if form is None or (
        "." in words
        and not form["half"]
        and not re.search(r"\bat $", scene.text[max(0, match.start() - 3) : match.start()])
    ):
        return None
    if re.match(r"\s*(?:%|percent|per cent|million|billion|[a-z]*met)", scene.text[match.end() : match.end() + 10]):
        return None
    hour, minute = int(form["h"]), int(form["m"] or 0)
    if form["half"]:
        hour = hour % 12 + (12 if form["half"] == "p" else 0)
    return _on_day(f"T{hour:02d}:{minute:02d}", scene) if hour <= 24 and minute < 60 else None


def _named(match: re.Match[str], scene: Scene) -> Draft | None:
    return _on_day("T12:00" if match["c"].lower() == "noon" else "T00:00", scene)


def _on_day(value: str, scene: Scene) -> Draft:
    """The day stands before in the sentence, or the clock time stays a bare one."""
    row = scene.before(width_days=0)
    if row is None:
        return Draft(value, "TIME", 0.85)
    return Draft(row.days[0].isoformat() + value, "TIME", 0.8, row.days, anchor="same sentence")


RULES: list[Rule] = [
    compile_rule(rf"(?P<c>{CLOCK}){_ZONE}", _clock),
    compile_rule(r"(?P<c>noon|midnight)", _named),
]
