"""The files that come with the account: style sheets and scripts."""

from __future__ import annotations

import functools
from importlib import resources


@functools.cache
def read_asset(name: str) -> str:
    """Return one of the package's own style sheets or scripts."""
    return (resources.files("storyledger.report") / "assets" / name).read_text(encoding="utf-8")
