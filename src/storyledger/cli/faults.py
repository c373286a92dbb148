"""What any exception becomes at the command line: an error of ours, with a code and what to do.

Invariant: no traceback reaches a user who did not ask for it with ``--debug``. This module must not know any command.
"""

from __future__ import annotations

import errno
import os
import re
import sys
import traceback
from pathlib import Path

import click

from storyledger.errors import Bug, EnvironmentFault, StoryledgerError, UsageError
from storyledger.spelling import for_terminal
from storyledger.store import explain_fault

DEBUG_VARIABLE = "STORYLEDGER_DEBUG"
_LONG_WORD = re.compile(r"(\S{200})\S+")  # a path of thousands of characters: its beginning tells which it is


def explain(error: Exception) -> StoryledgerError:
    """Return what ``error`` is to the user: a fault of the call, of the machine, or of ours."""
    if isinstance(error, StoryledgerError):
        return error
    if isinstance(error, OSError):
        return _explain_system(error)
    if isinstance(error, MemoryError):
        return EnvironmentFault("E-MEMORY", "there is not enough memory", "build fewer pages at once, or --workers 1")
    return explain_fault(error) or _explain_bug(error)


def _explain_system(error: OSError) -> StoryledgerError:
    place = os.fsdecode(error.filename) if error.filename is not None else "the output"
    told = f"{place}: {error.strerror or error}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return EnvironmentFault("E-DISK-FULL", told, "free some space and run the same command again")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return EnvironmentFault("E-DENIED", told, "name a place that you may read and write")
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP):
        return UsageError("E-PATH", told, "name a file in a folder that exists")
    return EnvironmentFault("E-SYSTEM", told, "see what the system says of it")


def _explain_bug(error: Exception) -> StoryledgerError:
    where = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" at {Path(where[0].filename).name}:{where[0].lineno}" if where else ""
    told = f"{type(error).__name__}{place}: {str(error)[:200]}"
    return Bug("E-BUG", told, "please report it with what --debug prints")


def tell(error: StoryledgerError, cause: Exception) -> int:
    """Print ``error`` in one line (all of ``cause`` where the user asked for it); return the exit status."""
    if os.environ.get(DEBUG_VARIABLE):
        traceback.print_exception(cause)
    line = _LONG_WORD.sub(r"\1…", " ".join(for_terminal(str(error)).split()))
    try:
        click.echo(f"storyledger: {line}", err=True)
    except OSError:  # the terminal is gone, or the disk that errors go to is full
        _abandon(sys.stderr)
    return error.exit_status


def end_quietly() -> int:
    """End as one whose reader has left (a closed pipe): nothing more is written, nothing is complained about."""
    _abandon(sys.stdout)
    _abandon(sys.stderr)
    return 0


def _abandon(stream: object) -> None:
    """Point the stream at nothing, so that the interpreter does not fail once more at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[attr-defined]
    except (OSError, ValueError, AttributeError):
        return
