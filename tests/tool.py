"""The command line, run inside the tests' own process: the same commands, without two seconds of imports each.

Tests about processes (killed, interrupted, short of disk, several workers) start real ones.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from storyledger.cli import main

TOOL = [sys.executable, "-m", "storyledger"]


def run(*arguments: str | Path, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command and return its status, standard output and standard error."""
    call = [*map(str, arguments)]
    if call[0] == "build" and "--workers" not in call and len(call) > 1:
        call += ["--workers", "1"]  # no forks of a process that runs tests
    done = CliRunner().invoke(main, call, input=stdin)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(call, done.exit_code, done.stdout_bytes.decode(), done.stderr_bytes.decode())
