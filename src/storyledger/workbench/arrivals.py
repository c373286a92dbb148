"""Files that were sent to a running workbench: kept beside the ledger, tried, and set aside where they end a process.

Invariant: what was sent is on the disk before its request is answered, and goes only once the ledger has it or a person
deletes it. What was being read when a process ended is written down before it is read; where the same file, or the
build of the same files, ended a process twice, it is not tried again unless a person asks for it. This module must not
know HTTP.
"""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from storyledger.errors import UsageError
from storyledger.types import Failure
from storyledger.workbench.trial import list_files

COMING, TAKEN, ASIDE = "coming-", "taken-", "aside-"  # files on their way, files that are here whole, files set aside
WHOLE = ""  # stands for the name of a file: the build of all of them
STRIKES = 2  # deaths: once may be somebody's kill, or a power cut
MOST_NAMES = 5
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Files that were set aside: ``ident`` names them for trying again and for deleting."""

    ident: str
    failure: Failure


class Arrivals:
    """The folder beside a ledger that holds what was sent and is not in it."""

    def __init__(self, ledger: Path) -> None:
        """Look after the files that were sent to ``ledger``."""
        self.folder = ledger.with_name(ledger.name + "-added")
        self._coming_or_going = threading.Lock()  # else an empty folder would be removed under what comes in

    def recover(self) -> tuple[list[Path], list[Path]]:
        """Return what an earlier run left to be read, and what has ended its process too often; to be called once."""
        for unfinished in self.folder.glob(f"{COMING}*"):
            shutil.rmtree(unfinished, ignore_errors=True)
        waiting, ended = [], []
        for taken in sorted(f for f in self.folder.glob(f"{TAKEN}*") if f.is_dir()):
            name = self._read_mark(taken)
            if name is not None and self._strike(taken, name) >= STRIKES:
                self._set_aside(taken, name)
                ended += [taken] if name == WHOLE else []
            if list_files(taken):
                waiting.append(taken)
            elif taken.is_dir():
                self.remove(taken)
        return waiting, ended

    @contextmanager
    def receive(self) -> Iterator[tuple[Path, list[Path]]]:
        """Give a folder to put files in, and a list that has it, whole, when the block has ended well."""
        with self._coming_or_going:
            self.folder.mkdir(exist_ok=True, mode=0o700)
            coming, whole = Path(tempfile.mkdtemp(prefix=COMING, dir=self.folder)), list[Path]()
        try:
            yield coming, whole
            whole.append(coming.rename(coming.with_name(coming.name.replace(COMING, TAKEN, 1))))
        except BaseException:
            shutil.rmtree(coming, ignore_errors=True)
            raise

    def is_suspect(self, taken: Path) -> bool:
        """Tell whether the build of these files has ended a process: others are read before them, not with them."""
        return self._deaths(taken)[WHOLE] > 0

    def try_files(self, taken: Path) -> bool:
        """Read the files in a process of its own, set aside those that end it, and tell whether any is left."""
        first = ""
        while True:
            mark = _beside(taken, "at")
            command = [sys.executable, "-m", "storyledger.workbench.trial", str(taken), str(mark), first]
            with subprocess.Popen(command, stdin=subprocess.PIPE) as trial:  # noqa: S603 - this program, on names of ours
                trial.wait()
            name = self._read_mark(taken)
            if trial.returncode == 0 or not name:
                break  # without a name the process did not even begin: the build tells what is amiss with the machine
            LOG.warning("the process that read %r ended with %s", name, trial.returncode)
            first = name
            if self._strike(taken, name) >= STRIKES:
                self._set_aside(taken, name)
        _beside(taken, "at").unlink(missing_ok=True)
        return bool(list_files(taken))

    @contextmanager
    def reading(self, taken: Path) -> Iterator[None]:
        """Keep on the disk, as long as the block lasts, that these files are being built into the ledger."""
        _beside(taken, "at").write_text(WHOLE, encoding="utf-8")
        try:
            yield
        finally:
            _beside(taken, "at").unlink(missing_ok=True)

    def remove(self, taken: Path) -> None:
        """Remove files that are in the ledger now."""
        shutil.rmtree(taken, ignore_errors=True)
        for kind in ("at", "deaths", "why"):
            _beside(taken, kind).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Remove the folder if nothing is in it."""
        with self._coming_or_going, suppress(OSError):
            self.folder.rmdir()

    # ------------------------------------------------------------------ what was set aside

    def list_left_out(self) -> list[LeftOut]:
        """Return what was set aside, each with what happened and what to do."""
        found = []
        for folder in sorted(f for f in self.folder.glob(f"{ASIDE}*") if f.is_dir()):
            names = list_files(folder)
            more = f" and {len(names) - MOST_NAMES} more" if names[MOST_NAMES:] else ""
            told = ", ".join(names[:MOST_NAMES]) + more
            what = _beside(folder, "why").read_text(encoding="utf-8") if _beside(folder, "why").is_file() else ""
            advice = f"it is kept in {folder}; open it and save it in another form, or split it"
            found.append(LeftOut(folder.name, Failure(told, None, "pages", "E-PAGE-DIED", what, advice)))
        return found

    def take_back(self, ident: str) -> Path:
        """Have what was set aside tried again, and return it.

        Raises:
            UsageError: there is nothing of that name.
        """
        folder = self._find(ident)
        _beside(folder, "why").unlink(missing_ok=True)
        return folder.rename(folder.with_name(folder.name.replace(ASIDE, TAKEN, 1)))

    def delete(self, ident: str) -> None:
        """Delete what was set aside.

        Raises:
            UsageError: there is nothing of that name.
        """
        self.remove(self._find(ident))
        self.tidy()

    def _find(self, ident: str) -> Path:
        folder = self.folder / ident
        if folder.parent != self.folder or not ident.startswith(ASIDE) or not folder.is_dir():
            raise UsageError("E-SERVE-NOTHING", "no such files were set aside", "the page “Add pages” lists them")
        return folder

    def _set_aside(self, taken: Path, name: str) -> None:
        if name == WHOLE:
            aside = taken.rename(taken.with_name(taken.name.replace(TAKEN, ASIDE, 1)))
            what = "twice the program ended while it built the story with these files"
        else:
            aside = Path(tempfile.mkdtemp(prefix=ASIDE, dir=self.folder))
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            (taken / name).rename(aside / name)
            what = "twice the process that read this file ended: out of memory, a fault in a library, or stopped"
        _beside(aside, "why").write_text(what, encoding="utf-8")
        for kind in ("at", "deaths"):
            _beside(taken, kind).unlink(missing_ok=True)

    # ------------------------------------------------------------------ what is kept of deaths

    def _read_mark(self, taken: Path) -> str | None:
        """Return what was being read when the last process ended, None if it ended well."""
        try:
            name = _beside(taken, "at").read_text(encoding="utf-8", errors="surrogateescape")
        except FileNotFoundError:
            return None
        return name if name == WHOLE or (taken / name).is_file() else None

    def _deaths(self, taken: Path) -> Counter[str]:
        try:
            return Counter(json.loads(_beside(taken, "deaths").read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError):
            return Counter()

    def _strike(self, taken: Path, name: str) -> int:
        """Write down that a process ended at ``name``; return how often one did."""
        deaths = self._deaths(taken)
        deaths[name] += 1
        _beside(taken, "deaths").write_text(json.dumps(deaths), encoding="utf-8")
        _beside(taken, "at").unlink(missing_ok=True)
        return deaths[name]


def _beside(folder: Path, kind: str) -> Path:
    return folder.with_name(f"{folder.name}.{kind}")
