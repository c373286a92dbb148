"""Times of no day: "now", "recently", "the coming weeks", "at the time".

Invariant: the value is PRESENT_REF, PAST_REF or FUTURE_REF, or that of the narrated time. This module must
not know calendar arithmetic.
"""

from __future__ import annotations

import re

from .deictic import unit_of
from .draft import Draft, Rule, compile_rule
from .scene import Scene

_PRESENT_OFF = re.compile(r"\b(?:was|were|had|been)\s+$")


def _present(match: re.Match[str], scene: Scene) -> Draft | None:
    if _PRESENT_OFF.search(scene.text[max(0, match.start() - 6) : match.start()]):
        return None
    if re.match(r"[- ]that\b|-\w", scene.text[match.end() : match.end() + 6]):
        return None
    return Draft("PRESENT_REF", "DATE", 0.85, scene.published)


def _past(match: re.Match[str], scene: Scene) -> Draft | None:
    if re.search(r"\b(?:as|more|most|until)\s+$", scene.text[max(0, match.start() - 6) : match.start()], re.IGNORECASE):
        return None
    return Draft("PAST_REF", "DATE", 0.6)


def _coming(match: re.Match[str], _scene: Scene) -> Draft | None:
    past = re.search(r"recent|last|past", match[0].lower())
    return Draft("PAST_REF" if past else "FUTURE_REF", "DATE", 0.65)


def _some_units(match: re.Match[str], _scene: Scene) -> Draft:
    """The past few weeks: a duration of no number."""
    letter, clock = unit_of(match["unit"])
    return Draft(f"P{'T' if clock else ''}X{letter}", "DURATION", 0.7)


_VAGUE_UNITS = r"(?:days|weeks|months|years|decades|hours)"
RULES: list[Rule] = [
    compile_rule(
        (
            r"(?:right |just |even )?now|currently|nowadays|at present|at the moment|"
            r"for the time being|these days|(?:at )?this (?:point|stage)|presently"
        ),
        _present,
    ),
    compile_rule(r"recently|lately|in the past", _past),
    compile_rule(
        rf"(?:in )?(?:the )?(?:recent|coming|past few|last few|next few) {_VAGUE_UNITS}"
        r"|the (?:coming|next|last|past) (?:day|week|month|year) or (?:two|so)"
        r"|(?:in )?the (?:near |not-too-distant |foreseeable )?future",
        _coming,
    ),
    compile_rule(rf"(?:in |over |during )?the (?:past|last) (?:few|several) (?P<unit>{_VAGUE_UNITS})", _some_units),
]
