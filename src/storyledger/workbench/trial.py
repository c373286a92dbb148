"""A process of its own that reads files which were sent, so that a file that ends a process does not end the workbench.

    python -m storyledger.workbench.trial FOLDER MARK FIRST

Invariant: the name of a file stands at MARK before it is opened. Nothing that is read is kept: what survives here is
read again by the build.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from storyledger.pages import iter_pages


def list_files(folder: Path) -> list[str]:
    """Return the names of the files below ``folder``, sorted."""
    return sorted(f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file())


def read_files(folder: Path, mark: Path, first: str) -> None:
    """Read the files below ``folder`` from the one called ``first`` on, and leave at ``mark`` which one it is."""
    for name in list_files(folder):
        if name >= first:
            mark.write_text(name, encoding="utf-8", errors="surrogateescape")
            for _ in iter_pages([str(folder / name)], lambda _: None):
                pass


def end_with_parent() -> None:
    """Wait until the process that started this one is gone, which closes our standard input, and end, too."""
    while os.read(0, 1):  # not sys.stdin: a thread that holds its lock makes the interpreter abort at its end
        pass
    os._exit(1)


def main() -> None:
    """Read what the command line names; whether it ends well is all that is told."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the workbench: a file must not be blamed for it
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    folder, mark, first = sys.argv[1:]
    read_files(Path(folder), Path(mark), first)


if __name__ == "__main__":
    main()
