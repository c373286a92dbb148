"""The command line on what people really give it: each bad page one clear line, the rest done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest

from storyledger.cli import root
from tests.tool import TOOL, run

STORY = (
    "Council closes old bridge\n\nBy Dana Wolfe\n3 May 2019\n\n"
    "The town council closed the old bridge on Thursday after engineers found cracks in two pillars, the mayor said.\n\n"
    "“We could not wait any longer,” Mayor Peter Lang told reporters. About 4,000 cars cross the bridge every day.\n\n"
    "Repairs will cost 2.5 million euros and take until next spring, according to the council.\n"
)


@pytest.fixture(scope="module")
def pile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three good pages and everything that can be wrong with one."""
    folder = tmp_path_factory.mktemp("pile")
    for n in range(3):
        (folder / f"good{n}.txt").write_text(STORY.replace("4,000", f"{4 + n},000"), encoding="utf-8")
    (folder / "empty.html").write_bytes(b"")
    (folder / "binary.html").write_bytes(bytes(range(256)) * 40)
    (folder / "nul.txt").write_bytes(STORY.replace("closed", "clo\0sed").encode())
    (folder / "latin.txt").write_bytes(STORY.replace("Dana", "Dänä").encode("cp1252"))
    (folder / "line.txt").write_text("word " * 1_000_000)
    (folder / "none.html").write_text("<html><body><script>var x = 1</script></body></html>")
    (folder / "fremd.txt").write_text("Der Rat der Stadt hat am Donnerstag die alte Brücke gesperrt. " * 8)
    (folder / "sub").mkdir()
    (folder / "sub" / "good0.txt").write_text(STORY.replace("Lang", "Berg"))
    (folder / "sub" / "loop").symlink_to(folder)
    (folder / "big.html").write_bytes(b"<p>" + b"x " * 30_000_000)
    (folder / "evil.html").write_text(
        "<html><head><title>&lt;script&gt;alert(1)&lt;/script&gt;</title></head><body><article><h1>&lt;script&gt;alert(1)"
        "&lt;/script&gt; and more</h1>"
        + "".join(f"<p>{p}</p>" for p in STORY.split("\n\n")[2:])
        + "</article></body></html>"
    )
    return folder


@pytest.fixture(scope="module")
def built(pile: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    out = tmp_path_factory.mktemp("out") / "story.db"
    return out, run("build", pile, "-o", out, "--json")


def test_bad_pages_are_counted_by_name_and_the_rest_is_done(
    built: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    _, done = built
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    failed = {f["path"]: f for f in summary["failures"] if f["code"].startswith("E-")}
    assert {"empty.html", "binary.html", "none.html", "big.html"} <= set(failed)
    assert not {"good0.txt", "good1.txt", "good2.txt", "nul.txt", "latin.txt"} & set(failed)
    assert all(f["message"] and f["advice"] for f in failed.values())
    assert not [f for f in summary["failures"] if f["code"].startswith("E-BUG")]


def test_the_ledger_of_a_bad_pile_proves_itself(
    built: tuple[Path, subprocess.CompletedProcess[str]], pile: Path
) -> None:
    out, _ = built
    assert run("verify", out).returncode == 0
    assert run("verify", out, "--pages", pile).returncode == 0


def test_two_files_of_one_name_are_two_documents(built: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out, _ = built
    story = json.loads(run("export", out).stdout)
    assert {"good0.txt", "sub/good0.txt"} <= {d["path"] for d in story["documents"]}


def test_text_of_a_page_never_becomes_html(
    built: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    out, _ = built
    assert run("report", out, "-o", tmp_path / "account.html").returncode == 0
    assert "<script>alert(1)" not in (tmp_path / "account.html").read_text(encoding="utf-8")


def test_strict_makes_failed_pages_an_error(pile: Path, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "good.txt").write_text(STORY)
    (folder / "empty.txt").write_text("")
    assert run("build", folder, "-o", tmp_path / "a.db", "--quiet").returncode == 0
    assert run("build", folder, "-o", tmp_path / "a.db", "--quiet", "--strict").returncode == 1


def test_a_wrong_call_is_status_2_and_nothing_read_is_3(tmp_path: Path) -> None:
    (tmp_path / "void").mkdir()
    assert run("build").returncode == 2
    assert run("show", tmp_path / "absent.db").returncode == 2
    done = run("build", tmp_path / "void", "-o", tmp_path / "x.db")
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "x.db").exists()
    (tmp_path / "void" / "empty.html").write_bytes(b"")
    (tmp_path / "void" / "none.html").write_text("<html><body><script>var x = 1</script></body></html>")
    done = run("build", tmp_path / "void", "-o", tmp_path / "x.db")
    assert done.returncode == 3
    assert "empty.html" in done.stderr
    assert "none.html" in done.stderr


def test_standard_input_is_a_page(tmp_path: Path) -> None:
    assert run("build", "-", "-o", tmp_path / "x.db", "--quiet", stdin=STORY.encode()).returncode == 0
    assert "Council closes old bridge" in run("show", tmp_path / "x.db", "sources").stdout


def test_pages_given_in_two_runs_or_one_make_the_same_story(pile: Path, tmp_path: Path) -> None:
    names = ["good0.txt", "good1.txt", "latin.txt"]
    a, b = tmp_path / "a.db", tmp_path / "b.db"
    subprocess.run([*TOOL, "build", *(pile / n for n in names), "-o", a, "--workers", "2"], check=True)
    run("build", pile / names[2], "-o", b)
    run("build", pile / names[1], pile / names[0], "-o", b, "--workers", "1")
    run("build", pile / names[0], "-o", b)
    assert run("export", a).stdout == run("export", b).stdout


def test_a_second_run_does_nothing_again(pile: Path, tmp_path: Path) -> None:
    run("build", pile / "good0.txt", pile / "good1.txt", "-o", tmp_path / "a.db")
    again = json.loads(run("build", pile / "good0.txt", "-o", tmp_path / "a.db", "--json").stdout)
    assert set(again["redone"].values()) == {0}


def test_pages_that_are_not_kept_are_verified_from_their_folder(pile: Path, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "good.txt").write_text(STORY)
    run("build", folder, "-o", tmp_path / "a.db", "--no-keep-pages")
    assert "1 pages are not kept" in run("verify", tmp_path / "a.db").stdout
    assert run("verify", tmp_path / "a.db", "--pages", folder).returncode == 0
    (folder / "good.txt").write_text(STORY.replace("closed", "opened"))
    assert run("verify", tmp_path / "a.db", "--pages", folder).returncode == 1


def test_a_killed_build_leaves_a_valid_ledger_and_goes_on(pile: Path, tmp_path: Path) -> None:
    names = [str(pile / n) for n in ("good0.txt", "good1.txt", "good2.txt", "latin.txt")]
    run("build", *names, "-o", tmp_path / "whole.db")
    wanted = run("export", tmp_path / "whole.db").stdout
    for number, wait_s in enumerate((0.4, 0.8, 1.2, 1.8)):  # benchmarks/killed.py does it thirty times
        out = tmp_path / f"{number}.db"
        process = subprocess.Popen([*TOOL, "build", *names, "-o", str(out)], start_new_session=True)
        time.sleep(wait_s)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if out.exists():
            assert run("verify", out).returncode in (0, 2)  # 2: killed before there was a ledger
        run("build", *names, "-o", out)
        assert run("export", out).stdout == wanted


def test_interrupting_says_that_what_was_done_is_kept(tmp_path: Path) -> None:
    ferry, out = Path(__file__).resolve().parents[1] / "examples" / "ferry", tmp_path / "x.db"
    command = [*TOOL, "build", str(ferry), "-o", str(out), "--workers", "2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    deadline = time.monotonic() + 60
    while not out.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.8)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert b"Traceback" not in errors
    assert process.returncode in (0, 130), errors  # 0: it was done before the signal came
    assert b"what was done is kept" in errors or process.returncode == 0
    assert run("verify", out).returncode == 0


def test_a_full_disk_is_said_and_the_next_run_goes_on(pile: Path, tmp_path: Path) -> None:
    names = [str(pile / n) for n in ("good0.txt", "good1.txt", "latin.txt")]
    out = tmp_path / "x.db"
    limited = [
        "bash",
        "-c",
        'ulimit -f 600; exec "$@"',
        "bash",
        *TOOL,
        "build",
        *names,
        "-o",
        str(out),
        "--workers",
        "1",
    ]
    full = subprocess.run(limited, capture_output=True, check=False)
    assert full.returncode == 4, full.stderr
    assert b"Traceback" not in full.stderr
    assert run("verify", out).returncode == 0
    assert run("build", *names, "-o", out).returncode == 0
    run("build", *names, "-o", tmp_path / "whole.db")
    assert run("export", out).stdout == run("export", tmp_path / "whole.db").stdout


def test_a_changed_sidecar_changes_its_page_and_no_other(tmp_path: Path) -> None:
    folder, out = tmp_path / "p", tmp_path / "a.db"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(STORY.replace("bridge", "bridge" + name[0]))
    run("build", folder, "-o", out)
    (folder / "sources.csv").write_text("file,outlet\na.txt,The Bridge Post\n")
    summary = json.loads(run("build", folder, "-o", out, "--json").stdout)
    assert summary["redone"]["article"] == 1
    assert "The Bridge Post" in run("show", out, "sources").stdout


HEAVY = ("numpy", "onnxruntime", "scipy", "lxml", "babel", "trafilatura", "jinja2", "storyledger.pipeline")


def test_a_look_at_a_ledger_loads_nothing_that_makes_stories() -> None:
    told = f"import sys, storyledger.cli.root, storyledger.cli.view; print(*(set({HEAVY!r}) & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    assert not loaded.stdout.split()


def test_every_command_is_found_in_its_module() -> None:
    modules = [import_module(f"storyledger.cli.{module}") for module in set(root.COMMANDS.values())]
    had = {command.name: module.__name__.rpartition(".")[2] for module in modules for command in module.COMMANDS}
    assert had == root.COMMANDS


def test_read_takes_the_article_of_a_saved_page_and_says_so_of_what_holds_none_or_many(
    pile: Path, tmp_path: Path
) -> None:
    title, _, *body = STORY.split("\n\n")
    page = f"<html><head><title>{title}</title></head><body><nav><a href='/'>Home</a></nav><article><h1>{title}</h1>"
    page += f"<p>By Dana Wolfe</p><time datetime='2019-05-03'>3 May 2019</time>{''.join(f'<p>{p}</p>' for p in body)}"
    saved = tmp_path / "page.html"
    saved.write_text(f"{page}</article><footer>© 2019 The Town Paper</footer></body></html>", encoding="utf-8")
    told = json.loads(run("read", saved, "--json").stdout)
    assert "<p>" not in told["text"]
    assert "Peter Lang" in [actor["name"] for actor in told["actors"]]
    assert "2019-05-02" in [one["value"] for one in told["times"]]  # "on Thursday", by the page's own day
    said = told["statements"][0]["content"]
    assert told["text"][said["start"] : said["end"]] == said["text"]
    assert "Peter Lang" in run("read", saved).stdout
    for name, code, status in (("none.html", "E-PILE-EMPTY", 3), ("empty.html", "E-PILE-EMPTY", 3)):
        done = run("read", pile / name)
        assert (done.returncode, code in done.stderr) == (status, True)
    many = tmp_path / "many.jsonl"
    many.write_text(
        "\n".join(json.dumps({"title": title, "text": STORY, "url": f"https://a.example/{n}"}) for n in (1, 2))
    )
    done = run("read", many)
    assert (done.returncode, "E-READ-MANY" in done.stderr) == (2, True)
