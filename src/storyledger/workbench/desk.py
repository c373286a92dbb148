"""The ledger that a running workbench stands on: read by many, written by one at a time, built anew behind the readers.

Invariant: a correction is in the journal before its request is answered, and an added file beside the ledger, so that
nothing is lost whatever happens next; the story follows when the build behind it has finished, be it after the next
start: the ledger says which entry of the journal its story was built with. A build reads what is kept of each page and
does again only what the correction touches; what readers have looked at that takes long to make (the account, the map,
the review) is made anew with it, so that nobody waits for it but the writer; the first time it is made behind the first
page that is shown. The pipeline is loaded when it is first needed: a desk opens in a tenth of the time. This module
must not know HTTP.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from storyledger.corrections import check_corrections, check_value
from storyledger.errors import StoryledgerError, UsageError
from storyledger.journal import list_active, make_judgement, read_judgements
from storyledger.settings import Settings
from storyledger.store import Filters, Ledger
from storyledger.types import Failure, Judgement, Story
from storyledger.workbench.arrivals import Arrivals, LeftOut
from storyledger.workbench.review import Question, choose_questions, find_questions

if TYPE_CHECKING:
    from storyledger.work import Progress

SILENT = ("note", "save_search")
DOING = {
    "pages": "taking in pages",
    "lines": "looking for lines that pages share",
    "article": "finding the pages' text",
    "reading": "reading",
    "mentions": "finding who is named",
    "statements": "finding who said what",
    "events": "finding events",
    "figures": "finding numbers",
    "actors": "telling who is who",
    "across pages": "setting pages side by side",
}
LOG = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DeskState:
    """What a page tells of the work behind it."""

    building: bool
    written: int  # the last number in the journal
    obeyed: int  # the last number that the story was built with
    error: str | None
    doing: str = ""  # what the build is at, in words


class Desk:
    """An open workbench. ``token`` is what whoever corrects must show; close it to end the work behind it."""

    def __init__(self, path: Path, settings: Settings | None = None, token: str | None = None) -> None:
        """Take the ledger at ``path``.

        Raises:
            UsageError: it is no ledger.
        """
        self.path, self._settings = path, replace(settings or Settings(), apart=True)
        self.token = token or secrets.token_urlsafe(24)
        self._held = Ledger.open(path)  # brings an older file up to date, and keeps other programs from writing it
        self._imported = "shape" in self._held.read_meta()
        self._written, self._obeyed = self._find_behind()
        self._wake, self._writing = threading.Condition(), threading.Lock()
        self._arrivals = Arrivals(path)
        self._waiting, ended = self._arrivals.recover()  # of a run that was ended before it had read them
        self._forget(ended)
        self._answers: dict[int, str] = {}  # journal number -> question: not asked again
        self._doing = ""
        self._building, self._ending, self._prepared = False, False, False
        self._error: str | None = None
        self._kept: dict[str, tuple[str, Any]] = {}
        self._makers: dict[str, Callable[[Ledger], Any]] = {}
        self._making: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self.failures: list[Failure] = []
        self._worker = threading.Thread(target=self._work, name="storyledger-build", daemon=True)
        self._worker.start()

    def _find_behind(self) -> tuple[int, int]:
        """Return the last number of the journal, and the last that the story was built with."""
        journal = self._held.load_judgements()
        written = max((j.number for j in journal), default=0)
        obeyed = int(self._held.read_meta().get("judged", written))  # not told by ledgers of before
        later = [j for j in journal if j.number > obeyed]
        return written, obeyed if changes_story(later, journal) and not self._imported else written

    def _forget(self, folders: Sequence[Path]) -> None:
        """Take the pages of files that were set aside out of the ledger: the next build would read them again."""
        given = {str(f) for f in folders}
        if given:
            self._held.remove_pages([page.id for given_as, page in self._held.list_pages() if given_as in given])

    @contextmanager
    def read(self) -> Iterator[Ledger]:
        """A connection of the caller's own that sees one state of the ledger."""
        with Ledger.open_readonly(self.path) as ledger:
            yield ledger

    def state(self) -> DeskState:
        """Return how far the story is behind the journal."""
        with self._wake:
            busy = self._building or bool(self._waiting)
            return DeskState(busy, self._written, self._obeyed, self._error, self._doing if busy else "")

    def list_questions(self, most: int, skipped: Collection[str] = (), *, offered: int) -> list[Question]:
        """Return the questions whose answers would change most; what could be asked is found once for each story."""
        with self.read() as ledger:
            found: list[Question] = self.keep(ledger, "questions", find_questions)
            active = {j.number for j in list_active(ledger.load_judgements())} if self._answers else set()
            answered = {key for number, key in list(self._answers.items()) if number in active}
            return choose_questions(ledger, found, most, {*skipped, *answered}, offered=offered)

    def count_sections(self, ledger: Ledger) -> dict[str, int]:
        """Return how many entries each section has."""
        found: dict[str, int] = self.keep(ledger, "sections", count_sections)
        return found

    def keep(self, ledger: Ledger, name: str, make: Callable[[Ledger], T]) -> T:
        """Return what ``make`` makes of the story that ``ledger`` shows; it is made once for each story, by one."""
        version = ledger.story_version()
        with self._making[name]:
            kept = self._kept.get(name)
            if kept is None or kept[0] != version:
                kept = self._kept[name] = (version, make(ledger))
                self._makers[name] = make
            found: T = kept[1]
            return found

    def prepare(self, makers: Mapping[str, Callable[[Ledger], Any]]) -> None:
        """Make what takes long in a large ledger before somebody asks for it; once, later builds make it anew.

        One thread does it, whoever else asks goes on: fifty readers would wait for each other here.
        """
        with self._wake:
            if self._prepared:
                return
            self._prepared = True
        for name, make in makers.items():
            self._make(name, make)

    # ------------------------------------------------------------------ writing

    def judge(self, entries: Sequence[Judgement], question: str | None = None) -> list[Judgement]:
        """Append ``entries`` to the journal, have them obeyed, and return them as they were written.

        ``question`` is the key of what they answer: it is asked again only if they are taken back.
        """
        with self._writing, self._held.open_beside() as ledger:
            if self._imported and changes_story(entries, ledger.load_judgements()):
                advice = "correct the ledger that it was exported from; searches and notes are kept here, too"
                raise UsageError("E-BUILD-IMPORTED", "this ledger was made by an import: no build can obey it", advice)
            idle = self._obeyed == self._written
            written = ledger.add_judgements([replace(e, made_on=e.made_on or today()) for e in entries])
            self._answers |= {j.number: question for j in written if question}
            silent = idle and not changes_story(written, ledger.load_judgements())
        with self._wake:
            self._written = max(self._written, *(j.number for j in written))
            if silent and not self._building:
                self._obeyed = self._written  # the story is what it was
            self._wake.notify_all()
        return written

    def merge(self, text: str) -> list[Judgement]:
        """Append the entries of a colleague's journal (JSON Lines) that this one lacks, and return them.

        Raises:
            UsageError: a line is no entry, or one has a value that cannot be obeyed.
        """
        with self.read() as ledger:
            entries = read_judgements(text, ledger.load_judgements())
        for entry in entries:
            check_value(entry.verb, entry.value)
        return self.judge(entries) if entries else []

    def undo(self, number: int, by: str | None = None) -> Judgement:
        """Take judgement ``number`` back.

        Raises:
            UsageError: there is none in force.
        """
        with self.read() as ledger:
            journal = ledger.load_judgements()
        target = next((j for j in list_active(journal) if j.number == number), None)
        if target is None:
            raise UsageError("E-JUDGE-NUMBER", f"no judgement {number} is in force", "the journal lists them")
        entry = make_judgement(journal[-1].number + 1, "undo", target.a, value=str(number), by=by)
        return self.judge([entry])[0]

    @contextmanager
    def take_files(self) -> Iterator[Path]:
        """Give a folder to put files in; what is in it at the end is read into the ledger behind the readers.

        It stands beside the ledger until its files have been read, and goes then.

        Raises:
            UsageError: the ledger was made by an import.
        """
        if self._imported:
            raise UsageError(
                "E-BUILD-IMPORTED", "this ledger was made by an import", "add the pages to one made by a build"
            )
        with self._arrivals.receive() as (folder, whole):
            yield folder
        self._read_later(whole)

    def _read_later(self, folders: Sequence[Path]) -> None:
        with self._wake:
            self._waiting += folders
            self._wake.notify_all()

    def list_left_out(self) -> list[LeftOut]:
        """Return the files that were set aside, since what read them ended."""
        return self._arrivals.list_left_out()

    def try_again(self, ident: str) -> None:
        """Have files read that were set aside.

        Raises:
            UsageError: there are none of that name.
        """
        self._read_later([self._arrivals.take_back(ident)])

    def delete_left_out(self, ident: str) -> None:
        """Delete files that were set aside.

        Raises:
            UsageError: there are none of that name.
        """
        self._arrivals.delete(ident)

    def list_problems(self) -> dict[int, str]:
        """Return, by number, why an entry of the journal is not in force."""
        with self.read() as ledger:
            journal = ledger.load_judgements()
            story = load_judged(ledger, journal)
        from storyledger.actors import check_judgements  # noqa: PLC0415 - a desk opens without what builds
        from storyledger.events import check_event_judgements  # noqa: PLC0415

        found = check_judgements(journal, story.actors, story.documents)
        found += check_event_judgements(journal, story.events, story.documents)
        found += check_corrections(journal, story)
        return {p.number: p.message for p in found}

    # ------------------------------------------------------------------ the work behind

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._ending or self._waiting or self._written > self._obeyed)
                if self._ending:
                    return
                clean = [p for p in self._waiting if not self._arrivals.is_suspect(p)]
                paths, aim = clean or self._waiting[:1], self._written
                self._waiting, self._building = [p for p in self._waiting if p not in paths], True
            error = self._guarded(paths)
            self._remake()
            self._clear(paths, error)
            with self._wake:
                self._building, self._obeyed, self._error = False, aim, error
                self._wake.notify_all()

    def _clear(self, paths: Sequence[Path], error: str | None) -> None:
        """Remove the files that are in the ledger now; where the build failed they wait for the next start."""
        for path in paths if error is None else ():
            self._arrivals.remove(path)
        self._arrivals.tidy()

    def _tell(self, progress: Progress) -> None:
        far = f": {progress.done:,} of {progress.total:,}" if progress.total else ""
        self._doing = f"{DOING[progress.stage]}{far}" if progress.stage in DOING else self._doing

    def _remake(self) -> None:
        """Make anew what readers have looked at and what the last build changed."""
        for name, make in list(self._makers.items()):
            self._make(name, make)

    def _make(self, name: str, make: Callable[[Ledger], Any]) -> None:
        try:
            with self.read() as ledger:
                self.keep(ledger, name, make)
        except Exception:  # whoever looks at it is told
            LOG.exception("%s could not be made", name)

    def _build(self, paths: Sequence[Path]) -> None:
        if self._imported:
            return
        from storyledger import pipeline  # noqa: PLC0415 - it loads the network's runtime: seconds, and 60 MB

        self._doing = "trying the files that were sent" if paths else ""
        left = [p for p in paths if self._arrivals.try_files(p)]
        with self._held.open_beside() as ledger, ExitStack() as stack:
            for path in left:
                stack.enter_context(self._arrivals.reading(path))
            summary = pipeline.build_story([str(p) for p in left], ledger, self._settings, self._tell)
            self.failures = list(summary.failures)

    def _guarded(self, paths: Sequence[Path]) -> str | None:
        try:
            self._build(paths)
        except StoryledgerError as error:
            return str(error)
        except Exception:  # what a build does to us must not end the desk
            LOG.exception("the build behind the workbench failed")
            return "E-BUG-STAGE: the build failed; the journal is kept, please report what the terminal shows"
        finally:
            self._doing = ""
        return None

    def wait(self, timeout_s: float = 60.0) -> bool:
        """Wait until the story follows the journal; return whether it does."""
        with self._wake:
            done = lambda: not self._building and not self._waiting and self._obeyed >= self._written  # noqa: E731
            return self._wake.wait_for(done, timeout_s)

    def close(self) -> None:
        """End the work behind once what it is doing is done, and let others write the ledger."""
        with self._wake:
            self._ending = True
            self._wake.notify_all()
        self._worker.join()
        self._held.close()


def load_judged(ledger: Ledger, journal: Sequence[Judgement]) -> Story:
    """Return the pages that the journal is about and what stands on them: the whole of a large story takes minutes."""
    index = ledger.entries
    hashes = {key[0] for j in list_active(journal) for key in (j.a, j.b) if key}
    documents = index.find_documents(sorted(hashes))

    def on_pages(section: str) -> tuple[Any, ...]:
        return tuple(index.load_on_pages(section, documents))

    return Story(
        documents=tuple(index.load_values("documents", documents)),
        actors=on_pages("actors"),
        statements=on_pages("statements"),
        events=on_pages("events"),
        figures=on_pages("figures"),
    )


def count_sections(ledger: Ledger) -> dict[str, int]:
    """Return how many entries each section has."""
    return dict(ledger.entries.count_values("section", Filters()))


def changes_story(entries: Sequence[Judgement], journal: Sequence[Judgement]) -> bool:
    """Tell whether the story is another one by ``entries`` of the journal: a note and a saved search change nothing."""
    verbs = {j.number: j.verb for j in journal}
    undone = [verbs.get(int(j.value or 0)) for j in entries if j.verb == "undo"]
    return any(verb not in SILENT for verb in [*(j.verb for j in entries if j.verb != "undo"), *undone])


def today() -> str:
    """Return the day on which a correction is made, ISO, in UTC."""
    return dt.datetime.now(dt.UTC).date().isoformat()
