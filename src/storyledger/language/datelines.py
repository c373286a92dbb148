"""Where an agency's dateline ends: "LISBON, Portugal, March 3 (Agency) - " says where and when a page was written.

"Lisbon, Portugal (NNB) -- " is one by its agency's letters, "Lisbon - " is none.

Words that are quoted or held against others begin behind it. This module must not know what an article is.
"""

from __future__ import annotations

import re

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DAY = rf"(?:{_MONTH} \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}} {_MONTH}(?:,? \d{{4}})?)"
_PLACE = r"[A-Z][A-Z.'’ -]*[A-Z](?:/[A-Z][A-Z.'’ -]*[A-Z])?(?:, [A-Z][\w.'’ -]{1,30}?)?"
_AGENCY = r"\([^()\n]{2,40}\)"
_DASH = r"(?:[-\u2013\u2014]|--)"
_LOWER_PLACE = r"(?:[A-Z][\w.'’-]*(?:,? [A-Z][\w.'’-]*){0,5} )?"  # no place without the agency's letters
_LETTERS = r"\([A-Z]{2,6}\)"
_LOWER = re.compile(rf"\s*{_LOWER_PLACE}{_LETTERS} ?{_DASH}\s+(?=[\u201c\u2018\"'A-Z0-9])")
_DATELINE = re.compile(rf"\s*{_PLACE}(?:,? \(?{_DAY}\)?)?(?: {_AGENCY})? ?{_DASH}\s+(?=[\u201c\u2018\"'A-Z0-9])")


def end_dateline(text: str) -> int:
    """Return where the words behind a dateline begin; 0 where ``text`` begins with none."""
    match = _DATELINE.match(text) or _LOWER.match(text)
    return match.end() if match else 0
