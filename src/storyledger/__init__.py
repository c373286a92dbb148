"""Storyledger: a pile of saved news pages becomes a sourced account.

>>> import storyledger as sl
>>> story = sl.build("pages/", out="story.db")      # doctest: +SKIP
>>> story.actors, story.timeline                     # doctest: +SKIP
>>> story.statements(speaker="minister")             # doctest: +SKIP
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

# onnxruntime sends usage data on Linux since 1.29 unless this stands before its first import; every way in
# (command line, Python, worker processes, training, evals) passes through here first.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

if TYPE_CHECKING:
    from storyledger.api import ReadText, StoryView, build, open_ledger, read, read_many
    from storyledger.settings import Settings
    from storyledger.types import Story

_WHERE = {"Settings": "storyledger.settings", "Story": "storyledger.types"}

__all__ = ["ReadText", "Settings", "Story", "StoryView", "build", "open_ledger", "read", "read_many"]


def __getattr__(name: str) -> Any:
    """Load what is asked for: a room alone must not cost the model and every library."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(_WHERE.get(name, "storyledger.api")), name)
