"""Corrections that last: a journal keyed to evidence in the source, replayed at every build.

A key is ``(sha256 of the page, source_start, source_end, text)``: it outlives ids, models and rebuilds. The journal is
append-only; "undo" names the number that it takes back; the later of two that contradict wins and the other is shown.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from storyledger.errors import UsageError
from storyledger.types import Actor, ActorMention, Article, Judgement

MentionKey = tuple[str, int, int, str]
Verb = Literal["same", "different", "reject", "rename", "undo"]
VERBS: tuple[Verb, ...] = ("same", "different", "reject", "rename", "undo")


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


def key_mention(mention: ActorMention, article: Article) -> MentionKey:
    """Return the journal key of a mention.

    Raises:
        UsageError: the mention has no place in the source.
    """
    span = find_source_span(article, mention.start, mention.end)
    if span is None:
        raise UsageError("E-JUDGE-SOURCE", f"{mention.text!r} has no place in the source", "choose another mention")
    return article.sha256, span[0], span[1], mention.text


def find_mention_key(target: Actor | ActorMention, articles: Sequence[Article]) -> MentionKey:
    """Return the journal key of a mention, or of the mention that stands for an actor best.

    For an actor: the first mention of its name in the page with the smallest hash, the fullest form first.
    """
    by_id = {a.id: a for a in articles}
    if isinstance(target, ActorMention):
        return key_mention(target, by_id[target.document])
    ranked = sorted(
        target.mentions,
        key=lambda m: (
            m.kind != "name",
            not m.text.endswith(target.name),
            -len(m.text),
            by_id[m.document].sha256,
            m.start,
        ),
    )
    for mention in ranked:
        if find_source_span(by_id[mention.document], mention.start, mention.end):
            return key_mention(mention, by_id[mention.document])
    raise UsageError("E-JUDGE-SOURCE", f"{target.name!r} has no place in the source", "choose another actor")


def make_judgement(
    number: int,
    verb: Verb,
    a: MentionKey,
    *,
    b: MentionKey | None = None,
    value: str | None = None,
    because: str | None = None,
    made_on: str = "",
) -> Judgement:
    """Return a journal entry, checked: "same" and "different" take two mentions, "rename" a name, "undo" a number.

    Raises:
        UsageError: a part that the verb needs is missing.
    """
    if verb in {"same", "different"} and (b is None or a == b):
        raise UsageError("E-JUDGE-PAIR", f"{verb} needs two mentions", "name two actors or mentions")
    if verb == "rename" and not (value or "").strip():
        raise UsageError("E-JUDGE-NAME", "rename needs a name", "give the new name")
    if verb == "undo" and not (value or "").isdigit():
        raise UsageError("E-JUDGE-NUMBER", "undo needs the number of a judgement", "see `storyledger judgements`")
    return Judgement(number, verb, a, b, value, because, made_on)


def list_active(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Return the entries in force, in order: what an undo names is left out (an undo can be undone)."""
    ordered = sorted(judgements, key=lambda j: j.number)
    undone: set[int] = set()
    for entry in reversed(ordered):
        if entry.verb == "undo" and entry.number not in undone and entry.value and entry.value.isdigit():
            undone.add(int(entry.value))
    return [j for j in ordered if j.number not in undone and j.verb != "undo"]


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


def index_mentions(actors: Sequence[Actor], articles: Sequence[Article]) -> dict[str, list[tuple[int, int, str, str]]]:
    """Return sha256 -> rows ``(source_start, source_end, text, actor id)``."""
    by_id = {a.id: a for a in articles}
    rows: dict[str, list[tuple[int, int, str, str]]] = {}
    for actor in actors:
        for mention in actor.mentions:
            span = find_source_span(by_id[mention.document], mention.start, mention.end)
            if span is not None:
                rows.setdefault(by_id[mention.document].sha256, []).append((*span, mention.text, actor.id))
    return rows


def find_keyed(key: MentionKey, rows: Sequence[tuple[int, int, str, str]]) -> str | None:
    """Return what stands at a key: the exact range, else the best overlap of half and more (models differ)."""
    _, start, end, _ = key
    best: tuple[float, str] | None = None
    for low, high, _, found in rows:
        inside = min(high, end) - max(low, start)
        if inside > 0:
            share = inside / max(1, min(high - low, end - start))
            exact = inside / (max(high, end) - min(low, start))
            if share >= 0.5 and (best is None or exact > best[0]):
                best = (exact, found)
    return best[1] if best else None


def check_judgements(
    judgements: Sequence[Judgement], actors: Sequence[Actor], articles: Sequence[Article]
) -> list[JudgementProblem]:
    """Return every entry in force that the actors do not keep, and why: contradicted, mentions lost, not obeyed."""
    active = list_active(judgements)
    rows = index_mentions(actors, articles)
    contradicted = find_contradicted(active)
    problems = []
    for entry in active:
        if entry.number in contradicted:
            other = contradicted[entry.number]
            problems.append(
                JudgementProblem(
                    entry.number,
                    "contradiction",
                    f"no. {entry.number} ({entry.verb}) contradicts no. {other}; the later holds",
                )
            )
            continue
        problem = _check_one(entry, rows, {a.id: a for a in actors})
        if problem is not None:
            problems.append(problem)
    return problems


def _check_one(
    entry: Judgement, rows: dict[str, list[tuple[int, int, str, str]]], actors: dict[str, Actor]
) -> JudgementProblem | None:
    keys = [k for k in (entry.a, entry.b) if k is not None]
    found = [find_keyed(k, rows.get(k[0], [])) for k in keys]
    missing = [k for k, f in zip(keys, found, strict=True) if f is None]
    if entry.verb == "reject":
        told = not missing
        return (
            JudgementProblem(entry.number, "not_obeyed", f"no. {entry.number}: {entry.a[3]!r} is still there")
            if told
            else None
        )
    if missing:
        return JudgementProblem(
            entry.number,
            "lost",
            f"no. {entry.number} ({entry.verb}): no mention {missing[0][3]!r} at its place any more",
        )
    same = len(set(found)) == 1
    if (entry.verb == "same" and not same) or (entry.verb == "different" and same):
        return JudgementProblem(
            entry.number,
            "not_obeyed",
            f"no. {entry.number} ({entry.verb}) could not be obeyed: {keys[0][3]!r}, {keys[-1][3]!r}",
        )
    if entry.verb == "rename" and found[0] is not None and actors[found[0]].name != entry.value:
        return JudgementProblem(
            entry.number, "not_obeyed", f"no. {entry.number}: another rename of that actor is later"
        )
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
        }
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    return "".join(lines)


def read_judgements(text: str, known: Sequence[Judgement] = ()) -> list[Judgement]:
    """Return the entries of a JSON Lines journal that ``known`` lacks, numbered after it.

    Undo entries follow their target to its new number; an entry that is in ``known`` word for word is not taken twice.

    Raises:
        UsageError: a line is no journal entry.
    """
    have = {(j.verb, j.a, j.b, j.value, j.because, j.made_on): j.number for j in known if j.verb != "undo"}
    number = max((j.number for j in known), default=0)
    renumbered: dict[int, int] = {}
    found: list[Judgement] = []
    for line_number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        entry = _read_line(line, line_number)
        content = (entry.verb, entry.a, entry.b, entry.value, entry.because, entry.made_on)
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
        found.append(Judgement(number, entry.verb, entry.a, entry.b, value, entry.because, entry.made_on))
    return found


def _read_line(line: str, line_number: int) -> Judgement:
    try:
        row = json.loads(line)
        a, b = _read_key(row["a"]), _read_key(row["b"]) if row.get("b") else None
        verb = {v: v for v in VERBS}[row["verb"]]
        return Judgement(int(row["number"]), verb, a, b, row.get("value"), row.get("because"), row.get("made_on") or "")
    except (ValueError, KeyError, TypeError, IndexError) as error:
        advice = "import what `judgements --export` wrote"
        raise UsageError("E-JUDGE-LINE", f"line {line_number} is no judgement: {error}", advice) from error


def _read_key(raw: list[Any]) -> MentionKey:
    return str(raw[0]), int(raw[1]), int(raw[2]), str(raw[3])
