"""What a person may choose, in one place.

Invariant: a setting that changes a result is part of the key of the stage that reads it; one that
changes only how the work is done (workers, progress) never changes a result. This module must not
know any stage.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

WORKERS_AT_MOST = 8  # beyond that, on the machines tried, the one writer and memory are the limit


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices for a build.

    Attributes:
        model: folder of another reader model of the same contract; None: the one that ships.
        keep_pages: keep the pages' bytes in the ledger, so that it proves itself alone.
        workers: processes to use; 1 means none beside this one.
        engine: what the work is done on: processes of this machine, or a Ray cluster (the extra ``ray``).
        apart: read no page in this process, even where one worker is enough: what ends a process ends another one.
    """

    model: Path | None = None
    keep_pages: bool = True
    workers: int = 0
    engine: Literal["processes", "ray"] = "processes"
    apart: bool = False

    def count_workers(self, tasks: int) -> int:
        """Return how many processes are worth starting for ``tasks`` pages."""
        wanted = self.workers or min(os.cpu_count() or 1, WORKERS_AT_MOST)
        return max(1, min(wanted, tasks))
