"""Nothing leaves the machine: a system-call trace of every command in an empty home, over every dependency.

No connection is tried, no name looked up, and no file written outside the ledger, the account and temporary
folders. It stands guard over libraries that begin to call home in a later version, as onnxruntime 1.29 did.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from storyledger.cli import main
from storyledger.cli.root import COMMANDS
from tests.tool import run

FERRY = Path(__file__).resolve().parents[1] / "examples" / "ferry"
TOOL = [sys.executable, "-m", "storyledger"]
CALLS = "%network,open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mknod"
# what a process speaks to over a wire: a connection or a datagram to an internet address, or the kernel's own list of routes
_TALK = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg)\(.*\b(AF_INET6?|AF_UNIX|sin6?_)")
_LOOKUP = re.compile(r'"(/etc/resolv\.conf|/etc/hosts|/var/run/nscd/socket|/run/systemd/resolve/[^"]*)"')
_WRITE = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|\b(creat|mkdir|mkdirat|rename\w*|link|linkat|symlink|symlinkat|mknod)\(")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
# semaphores of a process pool; the bit bucket and the terminal
_NOBODY_S = ("/dev/shm/sem.", "/dev/shm/pym-", "/dev/null", "/dev/tty")


@pytest.fixture(scope="module")
def strace() -> str:
    found = shutil.which("strace")
    if found is None:
        pytest.skip("strace is absent: install it to see that nothing leaves")
    probe = subprocess.run([found, "-f", "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("strace may not trace here (a container without SYS_PTRACE)")
    return found


def trace(strace: str, command: list[str], folder: Path) -> list[str]:
    """Run ``command`` in an empty home below ``folder``; return the system calls that matter, of all its processes."""
    home, temporary = folder / "home", folder / "tmp"
    home.mkdir()
    temporary.mkdir()
    env = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "ORT_"))}
    env |= {"HOME": str(home), "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"}
    log = folder / "trace.txt"
    # 4096: a path must not be cut off by strace's own default of 32 characters
    call = [
        strace,
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-s",
        "4096",
        "-o",
        str(log),
        "-e",
        f"trace={CALLS}",
        "-e",
        "signal=none",
        *command,
    ]
    done = subprocess.run(call, env=env, cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert not list(home.iterdir())
    return log.read_text(encoding="utf-8", errors="replace").splitlines()


def offences(calls: list[str], allowed: Path) -> Iterator[str]:
    """Yield the calls that talk, look a name up, or write outside ``allowed``."""
    for call in calls:
        if _TALK.search(call) or _LOOKUP.search(call):
            yield call
        elif _WRITE.search(call) and "ENOENT" not in call:
            paths = [p if p.startswith("/") else str(allowed / p) for p in _PATH.findall(call)]
            if not all(p.startswith((f"{allowed}/", *_NOBODY_S)) for p in paths):
                yield call


def list_formats() -> list[str]:
    """The formats of ``export`` that need no further library."""
    command = main.get_command(click.Context(main), "export")
    assert command is not None
    (kind,) = [p.type for p in command.params if p.name == "format_name" or "--format" in p.opts]
    assert isinstance(kind, click.Choice)
    return [name for name in kind.choices if name not in ("parquet", "docbin")]


def test_no_command_talks_or_writes_outside_its_output(strace: str, tmp_path: Path) -> None:
    pages, more = tmp_path / "pages", tmp_path / "more"
    more.mkdir()
    pages.mkdir()
    for page in sorted(FERRY.glob("0[1-3]*")):
        shutil.copy(page, pages)
    page = next(iter(sorted(pages.iterdir())))
    shutil.copy(page, more)
    key = tmp_path / "key"
    key.write_bytes(
        ed25519.Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    steps = [
        f"build {pages} -o s.db --report s.html --workers 2 --quiet",
        "show s.db actors",
        "stories s.db",
        "brief s.db",
        *(f"export s.db --format {name} -o out-{name}" for name in list_formats()),
        "import out-story -o again.db",
        "report s.db -o folder/",
        "why s.db $actor",
        "note s.db $actor",
        "dossier s.db -o dossier.html",
        "judge s.db $actor $other different --later",
        "rename s.db $actor Somebody --later",
        "reject s.db $actor --later",
        "judgements s.db --export journal.jsonl",
        f"watch {more} -o watched.db --times 1 --workers 1",
        "diff s.db s.db",
        "seal s.db --key key",
        "datasette s.db -o site.db",
        "verify s.db",
        f"extract {page}",
        f"read {page}",
    ]
    assert {step.split()[0] for step in steps} | {"serve", "fetch"} == set(COMMANDS)  # fetch alone may use a network
    ids = "set -- $(grep -o 'actor:[0-9a-f]*' out-story | sort -u | head -2)"
    script = "\n".join(
        f'"$@" {step}' + (f"; actor=$({ids}; echo $1) other=$({ids}; echo $2)" if "format story" in step else "")
        for step in steps
    )
    calls = trace(strace, ["sh", "-c", f"set -e; {script}", "sh", *TOOL], tmp_path)
    assert len(calls) > 1000  # the trace is there at all
    assert list(offences(calls, tmp_path)) == []


def test_the_workbench_answers_its_browser_and_nobody_else(strace: str, tmp_path: Path) -> None:
    """Served, asked for a page, stopped; the browser's side is no part of the trace."""
    page = next(iter(sorted(FERRY.iterdir())))
    assert run("build", page, "-o", tmp_path / "s.db").returncode == 0
    answers: list[int] = []

    def visit() -> None:
        for _ in range(600):
            told = tmp_path / "served"
            found = re.search(r"http://127\.0\.0\.1:\d+", told.read_text()) if told.exists() else None
            if found:
                for path in ("/", "/actors", "/search?q=ferry"):
                    with urllib.request.urlopen(found[0] + path, timeout=60) as answer:
                        answers.append(answer.status)
                os.kill(int((tmp_path / "pid").read_text()), signal.SIGINT)
                return
            time.sleep(0.1)

    browser = threading.Thread(target=visit)
    browser.start()
    script = 'sh -c "echo \\$PPID" > pid; exec "$@" serve s.db --port 0 > served 2>&1'
    calls = trace(strace, ["sh", "-c", f"({script}) || test $? = 130", "sh", *TOOL], tmp_path)
    browser.join()
    assert answers == [200, 200, 200]
    assert list(offences(calls, tmp_path)) == []


@pytest.mark.parametrize(
    "misdeed",
    [
        "import socket; s = socket.socket(); s.settimeout(1); s.connect_ex(('127.0.0.1', 9))",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "import socket\ntry: socket.getaddrinfo('name.invalid', 80)\nexcept OSError: pass",
        "open('/var/tmp/storyledger-left-behind', 'w').close(); import os; os.unlink('/var/tmp/storyledger-left-behind')",
    ],
    ids=["connection", "datagram", "lookup", "file"],
)
def test_the_trace_would_see_it(strace: str, tmp_path: Path, misdeed: str) -> None:
    calls = trace(strace, [sys.executable, "-c", misdeed], tmp_path)
    assert list(offences(calls, tmp_path))


def test_usage_data_is_off_before_the_model_is_loaded() -> None:
    program = "import os; os.environ.pop('ORT_DISABLE_TELEMETRY', None); import {}; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    for way_in in ("storyledger.reading.network", "storyledger.cli", "storyledger.api", "train", "evals", "benchmarks"):
        done = subprocess.run([sys.executable, "-c", program.format(way_in)], capture_output=True, check=True)
        assert done.stdout.strip() == b"1", way_in
