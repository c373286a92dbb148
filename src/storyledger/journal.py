"""Corrections that last: a journal keyed to evidence in the source, replayed at every build.

A key is ``(sha256 of the page, source_start, source_end, text)``: it outlives ids, models and rebuilds. The journal is
append-only; "undo" names the number that it takes back; the later of two that contradict wins and the other is shown.
This module must not know what stands at a key: rooms match keys with what they found (``find_keyed``).
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from storyledger.errors import UsageError
from storyledger.spelling import clean_text
from storyledger.types import Article, Judgement, JudgementVerb

MentionKey = tuple[str, int, int, str]
Subject = Literal["actor", "event"]
VERBS: tuple[JudgementVerb, ...] = get_args(JudgementVerb)
# verbs about events, and what they say of them
EVENT_VERBS: Mapping[JudgementVerb, JudgementVerb] = {
    "same_event": "same",
    "different_event": "different",
    "reject_event": "reject",
}
STORY_VERBS: frozenset[JudgementVerb] = frozenset({"same_story", "different_story"})
ACTOR_VERBS: frozenset[JudgementVerb] = frozenset({"same", "different", "reject", "rename"})
APART_VERBS: frozenset[JudgementVerb] = STORY_VERBS | {"same", "different", "same_event", "different_event"}
PAIR_VERBS: frozenset[JudgementVerb] = APART_VERBS | {"judge_comparison", "set_quantity", "set_party"}
MOST_NUMBER = 2**53  # of an entry, and of a position: what a program in a browser can count to
KeyedRow = tuple[int, int, str]  # source_start, source_end, id of what holds it


@dataclass(frozen=True, slots=True)
class JudgementProblem:
    """What a journal entry could not do: ``kind`` is "contradiction", "lost" or "not_obeyed"; ``message`` says it."""

    number: int
    kind: str
    message: str


def find_source_span(article: Article, start: int, end: int) -> tuple[int, int] | None:
    """Return the range of the source that ``[start, end)`` of the text was read from, None where it has none."""
    starts = [row[0] for row in article.source_map]
    low, high = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
    if low < 0 or high < 0:
        return None
    first, last = article.source_map[low], article.source_map[high]
    if start >= first[1] or end > last[1]:
        return None
    even_first, even_last = (row[1] - row[0] == row[3] - row[2] for row in (first, last))
    return (
        first[2] + (start - first[0]) if even_first else first[2],
        last[2] + (end - last[0]) if even_last else last[3],
    )


def make_judgement(
    number: int,
    verb: JudgementVerb,
    a: MentionKey,
    *,
    b: MentionKey | None = None,
    value: str | None = None,
    because: str | None = None,
    made_on: str = "",
    by: str | None = None,
) -> Judgement:
    """Return a journal entry, checked: "same" and "different" take two keys, "rename" a name, "undo" a number.

    Raises:
        UsageError: a part that the verb needs is missing.
    """
    if (verb in PAIR_VERBS and b is None) or (verb in APART_VERBS and a == b):
        advice = "name two actors, two events, two mentions, two figures or two pages"
        raise UsageError("E-JUDGE-PAIR", f"{verb} needs two of them", advice)
    if verb == "rename" and not (value or "").strip():
        raise UsageError("E-JUDGE-NAME", "rename needs a name", "give the new name")
    if verb == "undo" and not (value or "").isdecimal():
        raise UsageError("E-JUDGE-NUMBER", "undo needs the number of a judgement", "see `storyledger judgements`")
    return Judgement(number, verb, a, b, value, because, made_on, by)


def renumber_after(entries: Sequence[Judgement], last: int) -> list[Judgement]:
    """Return ``entries`` numbered after ``last``; an undo of one of them follows it to its new number."""
    by = max(0, last + 1 - min((j.number for j in entries), default=last + 1))
    own = {str(j.number) for j in entries}
    return [
        replace(
            j,
            number=j.number + by,
            value=str(int(j.value or 0) + by) if j.verb == "undo" and j.value in own else j.value,
        )
        for j in entries
    ]


def list_active(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Return the entries in force, in order: what an undo names is left out (an undo can be undone)."""
    ordered = sorted(judgements, key=lambda j: j.number)
    undone: set[int] = set()
    for entry in reversed(ordered):
        if entry.verb == "undo" and entry.number not in undone and entry.value and entry.value.isdecimal():
            undone.add(int(entry.value))
    return [j for j in ordered if j.number not in undone and j.verb != "undo"]


def select_subject(judgements: Iterable[Judgement], subject: Subject) -> list[Judgement]:
    """Return the entries in force about actors, or about events, as "same", "different", "reject" and "rename"."""
    active = list_active(judgements)
    if subject == "event":
        return [replace(j, verb=EVENT_VERBS[j.verb]) for j in active if j.verb in EVENT_VERBS]
    return [j for j in active if j.verb in ACTOR_VERBS]


def find_contradicted(active: Sequence[Judgement]) -> dict[int, int]:
    """Return number -> later number that says otherwise of the same pair, also along a chain of "same"."""
    lost: dict[int, int] = {}
    kept: list[Judgement] = []
    for entry in sorted((j for j in active if j.verb in {"same", "different"}), key=lambda j: -j.number):
        clash = _find_clash(entry, kept)
        if clash is not None:
            lost[entry.number] = clash
        else:
            kept.append(entry)
    return lost


def _find_clash(entry: Judgement, kept: Sequence[Judgement]) -> int | None:
    joined = _Joined()
    for other in kept:
        if other.verb == "same" and other.b is not None:
            joined.join(other.a, other.b)
    if entry.b is None:
        return None
    if entry.verb == "different":
        return max(j.number for j in kept if j.verb == "same") if joined.find(entry.a) == joined.find(entry.b) else None
    joined.join(entry.a, entry.b)
    rows = (j for j in kept if j.verb == "different" and j.b is not None)
    return next((j.number for j in rows if j.b is not None and joined.find(j.a) == joined.find(j.b)), None)


class _Joined:
    """Keys joined by "same"."""

    def __init__(self) -> None:
        self._parent: dict[MentionKey, MentionKey] = {}

    def find(self, key: MentionKey) -> MentionKey:
        while self._parent.get(key, key) != key:
            key = self._parent[key]
        return key

    def join(self, a: MentionKey, b: MentionKey) -> None:
        one, two = sorted((self.find(a), self.find(b)))
        self._parent[two] = one


def index_places(places: Iterable[tuple[str, int, int, str]], articles: Sequence[Article]) -> dict[str, list[KeyedRow]]:
    """Return sha256 -> rows of what stands at ``(document, start, end, id)``, where that has a place in the source."""
    by_id = {a.id: a for a in articles}
    rows: dict[str, list[KeyedRow]] = {}
    for document, start, end, owner in places:
        span = find_source_span(by_id[document], start, end)
        if span is not None:
            rows.setdefault(by_id[document].sha256, []).append((*span, owner))
    return rows


def find_keyed(key: MentionKey, rows: Iterable[KeyedRow], least: float = 0.0) -> str | None:
    """Return what stands at a key: the exact range, else the best overlap (models differ), None where nothing does.

    An overlap is half of the shorter range and more, and ``least`` of the range that both cover together.
    """
    best: tuple[float, str] | None = None
    for low, high, found in rows:
        exact = measure_overlap(key, low, high)
        if exact > 0 and exact >= least and (best is None or exact > best[0]):
            best = (exact, found)
    return best[1] if best else None


def measure_overlap(key: MentionKey, low: int, high: int) -> float:
    """Return the share of what both ranges cover that they have in common; 0 below half of the shorter one."""
    inside = min(high, key[2]) - max(low, key[1])
    if inside <= 0 or inside < 0.5 * min(high - low, key[2] - key[1]):
        return 0.0
    return inside / (max(high, key[2]) - min(low, key[1]))


SAME_RANGE = 0.9  # what was rejected is still there only if it stands at nearly the same range


def check_entries(
    active: Sequence[Judgement],
    rows: Mapping[str, Sequence[KeyedRow]],
    names: Mapping[str, str],
    least: float = 0.0,
) -> list[JudgementProblem]:
    """Return every entry that the story does not keep, and why: contradicted, mentions lost, not obeyed.

    Args:
        active: the entries of one subject (``select_subject``).
        rows: what stands where, by sha256 of the page.
        names: of what the rows hold, by id.
        least: as ``find_keyed`` takes it.
    """
    contradicted = find_contradicted(active)
    problems = []
    for entry in active:
        if entry.number in contradicted:
            told = f"contradicts no. {contradicted[entry.number]}; the later holds"
            problems.append(_problem(entry, "contradiction", told))
        elif (problem := _check_one(entry, rows, names, least)) is not None:
            problems.append(problem)
    return problems


def _problem(entry: Judgement, kind: str, told: str) -> JudgementProblem:
    return JudgementProblem(entry.number, kind, f"no. {entry.number} ({entry.verb}) {told}")


def _check_one(
    entry: Judgement, rows: Mapping[str, Sequence[KeyedRow]], names: Mapping[str, str], least: float
) -> JudgementProblem | None:
    keys = [k for k in (entry.a, entry.b) if k is not None]
    if entry.verb == "reject":
        there = find_keyed(entry.a, rows.get(entry.a[0], ()), SAME_RANGE)
        return _problem(entry, "not_obeyed", f"{entry.a[3]!r} is still there") if there is not None else None
    found = [find_keyed(k, rows.get(k[0], ()), least) for k in keys]
    missing = [k for k, f in zip(keys, found, strict=True) if f is None]
    if missing:
        return _problem(entry, "lost", f"nothing like {missing[0][3]!r} stands at its place any more")
    same = len(set(found)) == 1
    if (entry.verb == "same" and not same) or (entry.verb == "different" and same):
        return _problem(entry, "not_obeyed", f"could not be obeyed: {keys[0][3]!r}, {keys[-1][3]!r}")
    if entry.verb == "rename" and found[0] is not None and names[found[0]] != entry.value:
        return _problem(entry, "not_obeyed", "gave way to another rename, which is later")
    return None


def write_judgements(judgements: Iterable[Judgement]) -> str:
    """Return the journal as JSON Lines, one entry a line, for a colleague's ledger."""
    lines = []
    for j in sorted(judgements, key=lambda x: x.number):
        row = {
            "number": j.number,
            "verb": j.verb,
            "a": list(j.a),
            "b": list(j.b) if j.b else None,
            "value": j.value,
            "because": j.because,
            "made_on": j.made_on,
            "by": j.by,
        }
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    return "".join(lines)


def read_judgements(text: str, known: Sequence[Judgement] = ()) -> list[Judgement]:
    """Return the entries of a JSON Lines journal that ``known`` lacks, numbered after it.

    Undo entries follow their target to its new number; an entry that is in ``known`` word for word is not taken twice.

    Raises:
        UsageError: a line is no journal entry.
    """
    have = {(j.verb, j.a, j.b, j.value, j.because, j.made_on, j.by): j.number for j in known if j.verb != "undo"}
    number = max((j.number for j in known), default=0)
    renumbered: dict[int, int] = {}
    found: list[Judgement] = []
    for line_number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        entry = _read_line(line, line_number)
        content = (entry.verb, entry.a, entry.b, entry.value, entry.because, entry.made_on, entry.by)
        if entry.verb != "undo" and content in have:
            renumbered[entry.number] = have[content]
            continue
        value = entry.value
        if entry.verb == "undo":
            target = renumbered.get(int(entry.value or 0))
            if target is None or any(k.verb == "undo" and k.value == str(target) for k in known):
                continue
            value = str(target)
        number += 1
        renumbered[entry.number] = number
        found.append(replace(entry, number=number, value=value))
    return found


def _read_line(line: str, line_number: int) -> Judgement:
    try:
        row = json.loads(line)
        a, b = _read_key(row["a"]), _read_key(row["b"]) if row.get("b") else None
        verb = VERBS[VERBS.index(row["verb"])]
        value, because, made_on, by = (_read_text(row.get(name)) for name in ("value", "because", "made_on", "by"))
        number = _read_number(row["number"])
        return make_judgement(number, verb, a, b=b, value=value, because=because, made_on=made_on or "", by=by)
    except (ValueError, KeyError, TypeError, IndexError, OverflowError, AttributeError) as error:
        advice = "import what `judgements --export` wrote"
        raise UsageError("E-JUDGE-LINE", f"line {line_number} is no judgement: {error}", advice) from error


def _read_key(raw: list[Any]) -> MentionKey:
    return clean_text(str(raw[0])), _read_number(raw[1]), _read_number(raw[2]), clean_text(str(raw[3]))


def _read_number(raw: Any) -> int:
    number = int(raw)
    if not 0 <= number < MOST_NUMBER:
        raise ValueError(f"{str(raw)[:40]} is no number of an entry or a place")
    return number


def _read_text(raw: Any) -> str | None:
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise TypeError(f"{str(raw)[:40]} is no text")
    return clean_text(raw)
