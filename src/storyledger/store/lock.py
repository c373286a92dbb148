"""One writer a ledger: the second is told at once, and who the first is.

Invariant: the lock is the kernel's, so it goes with its process however that ends, and no process that this one
started holds it on (flock would). The file that carries it (LEDGER-lock) goes when the writer is done. SQLite's own
locks last one transaction, a build has many. This module must not know SQLite.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from storyledger.errors import EnvironmentFault

try:
    import fcntl
except ImportError:  # no such locks on this system: SQLite's own keep the file whole, not two builds apart
    fcntl = None  # type: ignore[assignment]

_held: set[Path] = set()  # the kernel does not keep a process from itself


class WriterLock:
    """The right to write one ledger, held from ``acquire`` to ``release``."""

    def __init__(self, ledger: Path) -> None:
        """Name the lock of ``ledger``."""
        self._ledger, self._path = ledger, ledger.absolute().with_name(ledger.name + "-lock")
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            EnvironmentFault: another process has it, or the folder cannot be written.
        """
        while self._file is None:
            self._file = self._open()
            self._take(self._file)
            if not self._is_there(self._file):  # its last holder removed it between our opening and our locking
                self.release()
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Give the lock back; done twice it does nothing."""
        if self._file is None:
            return
        if self._is_there(self._file):
            with contextlib.suppress(OSError):
                self._path.unlink()
        os.close(self._file)
        self._file = None
        _held.discard(self._path)

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
        except OSError as error:
            told = f"{self._ledger}: {error.strerror}"
            raise EnvironmentFault("E-LEDGER-WRITE", told, "check that the folder exists and can be written") from error

    def _take(self, file: int) -> None:
        try:
            if self._path in _held:
                raise BlockingIOError
            if fcntl is not None:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _held.add(self._path)
        except OSError as error:
            holder = os.pread(file, 20, 0).decode("ascii", "replace") or "?"
            os.close(file)
            self._file = None
            told = f"another storyledger (process {holder}) is writing {self._ledger}"
            raise EnvironmentFault("E-LEDGER-BUSY", told, "wait until it is done, or write another ledger") from error

    def _is_there(self, file: int) -> bool:
        """Tell whether the file that is locked is the one that others would open."""
        try:
            return os.path.samestat(os.fstat(file), self._path.stat())
        except OSError:
            return False
