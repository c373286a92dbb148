"""Ctrl-C at the moments that a user cannot choose: while libraries load, while processes begin, while all closes down."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.tool import TOOL

# Each is what a process does by itself before anything of ours: it presses Ctrl-C at one moment, always the same.
PRESS = "import os, signal, sys\npress = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
WHILE_LOADING = f"""{PRESS}
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "sqlite3":
            press()
sys.meta_path.insert(0, Finder())
"""
WHILE_PROCESSES_BEGIN = f"{PRESS}os.register_at_fork(after_in_child=press)\n"
AT_EXIT = f"{PRESS}import atexit; atexit.register(press)\n"
AT_THE_VERY_END = f"""{PRESS}
class Late:
    def __init__(self): self.kill, self.process, self.number = os.kill, os.getpid(), 2
    def __del__(self): self.kill(self.process, self.number)
sys.modules["sys"].late = Late()
"""


def run_pressing(folder: Path, moment: str, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process that gets Ctrl-C at ``moment``, a piece of Python that is run at its start."""
    (folder / "sitecustomize.py").write_text(moment, encoding="utf-8")
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    command = [*TOOL, *map(str, arguments)]
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, check=False)


def test_while_libraries_load_it_is_a_sentence(tmp_path: Path) -> None:
    done = run_pressing(tmp_path, WHILE_LOADING, "--version")
    assert done.returncode == 130, done
    assert done.stderr.count(b"\n") == 1
    assert b"interrupted; what was done is kept" in done.stderr


@pytest.mark.parametrize("moment", [AT_EXIT, AT_THE_VERY_END])
def test_when_all_is_done_it_changes_nothing(moment: str, tmp_path: Path) -> None:
    done = run_pressing(tmp_path, moment, "--version")
    assert (done.returncode, done.stderr) == (0, b""), done


def test_a_process_that_is_just_beginning_does_not_die_of_it(tmp_path: Path) -> None:
    page = "Bridge closed\n\nBy Dana Wolfe\n3 May 2019\n\n" + "The town council closed the old bridge on Thursday. " * 6
    (tmp_path / "pile").mkdir()
    for n in range(2):
        (tmp_path / "pile" / f"{n}.txt").write_text(f"{page}\n\nAbout {n + 2} cars cross it.\n", encoding="utf-8")
    call = ["build", tmp_path / "pile", "-o", tmp_path / "x.db", "--workers", "2", "--quiet"]
    done = run_pressing(tmp_path, WHILE_PROCESSES_BEGIN, *call)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done
