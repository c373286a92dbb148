"""The same account from a Ray cluster, and nothing of it on the wire. A real cluster of two workers on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storyledger import cluster
from storyledger.errors import UsageError

pytest.importorskip("ray", reason="ray is absent: pip install 'storyledger[ray]'")

FERRY = Path(__file__).resolve().parents[1] / "examples" / "ferry"
PAGES = sorted(path for path in FERRY.iterdir() if path.is_file())[:5]
TOOL = [sys.executable, "-m", "storyledger"]
LOOPBACK = """
import fcntl, os, socket, struct, sys
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 0x41))  # SIOCSIFFLAGS: up and running
os.execvp(sys.argv[1], sys.argv[1:])
"""
# a module of its own: what it maps must be a module's, so that workers find it
WORK = """
import os, signal
from pathlib import Path
from storyledger.cluster import RayEngine

def once_dead(value):
    seen = Path(os.environ["SEEN"]) / str(value)
    if value == 3 and not seen.exists():
        seen.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return value * 2

def always_dead(value):
    if value == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return value * 2

def wrong(value):
    return 1 // value

def digit(value):
    return value % 10

def join(key, group):
    return key, tuple(group)

def main():
    with RayEngine(2) as engine:
        print(list(engine.map_values(once_dead, range(12))))
        print(list(engine.map_values(always_dead, range(4), lost=-1)))
        print(list(engine.reduce_groups(digit, join, [31, 12, 41, 5, 22])))
        try:
            list(engine.map_values(wrong, [0]))
        except ZeroDivisionError as error:
            print(error)
    print(sorted(k for k in os.environ if k.startswith("RAY_")), os.environ["HOME"])
"""


@pytest.fixture(scope="module")
def alone() -> list[str]:
    """Return what runs a command in a network namespace of its own, with loopback and nothing else."""
    call = ["unshare", "--user", "--map-root-user", "--net", sys.executable, "-c", LOOPBACK]
    if not shutil.which("unshare") or subprocess.run([*call, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network namespace may be made here")
    return call


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def run(command: list[str], home: Path, **more: str) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith("RAY_")} | {"HOME": str(home)} | more
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_cluster_without_a_network_tells_the_same_story(alone: list[str], home: Path, tmp_path: Path) -> None:
    exports = []
    for engine in ("ray", "processes"):
        ledger = str(tmp_path / f"{engine}.db")
        build = [*TOOL, "build", *map(str, PAGES), "-o", ledger, "--quiet", "--workers", "2", "--engine", engine]
        run([*alone, *build] if engine == "ray" else build, home)
        exports.append(run([*TOOL, "export", ledger], home))
    assert exports[0] == exports[1]
    assert not list(home.iterdir())


def test_a_worker_that_dies_costs_a_retry_and_no_value(home: Path, tmp_path: Path) -> None:
    (tmp_path / "clustered.py").write_text(WORK, encoding="utf-8")
    seen = tmp_path / "seen"
    seen.mkdir()
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    script = [sys.executable, "-c", "import clustered; clustered.main()"]
    found = run(script, home, PYTHONPATH=path, SEEN=str(seen)).splitlines()
    assert found[0] == str([2 * n for n in range(12)])
    assert found[1] == "[0, 2, -1, 6]"
    assert found[2] == "[(1, (31, 41)), (2, (12, 22)), (5, (5,))]"
    assert found[3] == "integer division or modulo by zero"
    assert found[4] == f"[] {home}"


def test_without_ray_a_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda _: None)
    with pytest.raises(UsageError) as caught:
        cluster.RayEngine(1)
    assert "storyledger[ray]" in caught.value.advice
