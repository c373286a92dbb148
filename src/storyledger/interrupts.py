"""What Ctrl-C does at each moment of the command's process: never a traceback, never death by the signal itself.

Python's own handler gives way to the system's, which kills, before the interpreter has ended, and what it raises while
libraries load is a traceback. Invariant: from ``begin`` on a Ctrl-C either ends the process with ``INTERRUPTED`` and a
sentence, or comes when all is done and changes nothing. It must not know any command, nor import much.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
TOLD = "storyledger: interrupted; what was done is kept, run the same command to go on"


def begin() -> None:
    """From here on Ctrl-C ends this process at once: nothing is under way yet."""
    signal.signal(signal.SIGINT, _leave)


def end() -> None:
    """From here on Ctrl-C changes nothing: all is done, and the interpreter closes down."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def interruptible() -> Iterator[None]:
    """Within, Ctrl-C raises ``KeyboardInterrupt``, and a second one ends the process at once; after it, none is heard.

    In a process of somebody else's, where ``begin`` was not called, nothing changes.
    """
    if signal.getsignal(signal.SIGINT) is not _leave:
        yield
        return
    try:
        signal.signal(signal.SIGINT, _raise_once)
        yield
    finally:
        end()


def _raise_once(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 (the signal module's signature)
    signal.signal(signal.SIGINT, _leave)  # closing down waits for the pages under way: who asks twice does not want to
    raise KeyboardInterrupt


def _leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    os.write(2, f"{TOLD}\n".encode())
    os._exit(INTERRUPTED)
