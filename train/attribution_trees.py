"""Attribution from trees made by hand: PropBank's frames of saying, GUM's discourse relations."""

from __future__ import annotations

import gzip
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from pathlib import Path

from train.attribution_labels import WORDS, Example, Found, Span, paint
from train.corpora import DATA, Roles, Sent, load_ewt, load_gum

WRITERS = WORDS["writers"]  # "I think" and "do you think" are no reports of what somebody says
FRAMES = WORDS["frames"]
MARKS = frozenset(('"', "``", "''", "“", "”", "‘", "’", ",", ":", "--", "-", "that", "."))


def trim_content(words: list[str], span: Span) -> Span:
    """Return the span without "that", quotation marks and stops at its edges."""
    first, last = span
    while first < last and words[first].lower() in MARKS:
        first += 1
    while last > first and words[last - 1] in MARKS:
        last -= 1
    return first, last


def label_roles(words: list[str], upos: list[str], predicates: Sequence[Roles]) -> list[str]:
    """Return labels from the frames of saying and thinking that have a sayer and a clause as content."""
    found: list[Found] = []
    for p in predicates:
        if p.frame not in FRAMES:
            continue
        source = next(((a, b) for role, a, b in p.args if role == "ARG0"), None)
        pieces = [
            trim_content(words, (a, b))
            for role, a, b in p.args
            if (role in ("ARG1", "C-ARG1", "ARG2") and p.frame != "tell.01") or role in ("ARG1", "C-ARG1")
        ]
        pieces = [
            (a, b)
            for a, b in pieces
            if b - a >= 3 and any(u in ("VERB", "AUX") for u in upos[a:b]) and not a <= p.index < b
        ]
        if source and words[source[0]].lower() in WRITERS:
            continue
        if (
            source
            and pieces
            and not any(words[k].lower() in ("not", "n't", "never") for k in range(max(0, p.index - 3), p.index))
        ):
            found.append((source, (p.index, p.index + 1), pieces))
    return paint(len(words), found)


def read_units(path: Path) -> tuple[list[tuple[str, str]], dict[str, tuple[str, str]]]:
    """Return ([(id, text)] of the elementary units in order, {id: (parent, relation)} of units and groups)."""
    with gzip.open(path, "rb") as raw:
        body = ET.parse(raw).getroot().find("body")
    assert body is not None
    units = [(e.get("id", ""), e.text or "") for e in body.findall("segment")]
    links = {
        e.get("id", ""): (e.get("parent") or "", e.get("relname") or "") for e in body if e.tag in ("segment", "group")
    }
    return units, links


def units_under(node: str, links: dict[str, tuple[str, str]]) -> set[str]:
    """Return the ids below ``node``, without satellites that hang on it."""
    below = {node}
    queue = [node]
    children: dict[str, list[str]] = {}
    for key, (parent, _) in links.items():
        children.setdefault(parent, []).append(key)
    while queue:
        for child in children.get(queue.pop(), []):
            relation = links[child][1]
            if child not in below and not (
                links[child][0] == node
                and relation != "span"
                and not relation.startswith(("joint", "same-unit", "restatement-rep", "adversative-contrast"))
            ):
                below.add(child)
                queue.append(child)
    return below


def label_unit(sent: Sent, span: Span) -> tuple[Span | None, Span] | None:
    """Return (source, cue) of a reporting clause: its head word and the subject of that."""
    assert sent.heads is not None
    assert sent.deprels is not None
    assert sent.upos is not None
    first, last = span
    if [w.lower() for w in sent.words[first : first + 2]] == ["according", "to"]:
        return trim_content(sent.words, (first + 2, last)), (first, first + 2)
    heads = [
        i
        for i in range(first, last)
        if (sent.upos[i] == "VERB" and not first <= sent.heads[i] < last)
        or (sent.upos[i] == "VERB" and sent.heads[i] == i)
    ]
    heads = heads or [i for i in range(first, last) if sent.upos[i] == "VERB"][:1]
    if len(heads) != 1:
        return None
    cue = heads[0]
    subject = [i for i in range(first, last) if sent.heads[i] == cue and sent.deprels[i] == "nsubj"]
    if len(subject) != 1:
        return None
    inside = subject_words(sent, subject[0])
    source = (max(first, min(inside)), min(last, max(inside) + 1))
    return (source, (cue, cue + 1)) if not source[0] <= cue < source[1] else None


def subject_words(sent: Sent, head: int) -> set[int]:
    """Return the words that hang on ``head``, itself included."""
    assert sent.heads is not None
    inside = {head}
    grown = True
    while grown:
        more = {i for i, h in enumerate(sent.heads) if h in inside and i not in inside}
        inside |= more
        grown = bool(more)
    return inside


def iter_discourse(split: str = "train") -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield (sentence id, words, labels) of GUM's sentences that hold a whole attribution."""
    sents: dict[str, list[Sent]] = {}
    for sent in load_gum(split):
        sents.setdefault(sent.doc, []).append(sent)
    for doc, rows in sents.items():
        path = DATA / f"gum-rs4/{split}/{doc}.rs4.gz"
        if path.exists():
            yield from label_document(rows, *read_units(path))


def label_document(
    rows: list[Sent], units: list[tuple[str, str]], links: dict[str, tuple[str, str]]
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield the sentences of one document that hold a whole attribution."""
    where: dict[str, tuple[int, int, int]] = {}
    k = at = 0
    for key, text in units:
        n = len(text.split())
        if k < len(rows) and at + n <= len(rows[k].words):
            where[key] = (k, at, at + n)
            at += n
            if at == len(rows[k].words):
                k, at = k + 1, 0
        else:
            return  # the units do not fit the sentences: leave the document out
    found: dict[int, list[Found]] = {}
    for key, (parent, relation) in links.items():
        if relation != "attribution-positive" or key not in where:
            continue
        row, first, last = where[key]
        content = sorted(
            where[u][1:] for u in units_under(parent, links) if u in where and u != key and where[u][0] == row
        )
        elsewhere = any(u in where and where[u][0] != row for u in units_under(parent, links))
        parts = label_unit(rows[row], (first, last))
        if parts and parts[0] and rows[row].words[parts[0][0]].lower() in WRITERS:
            continue
        if parts and content and not elsewhere:
            joined: list[list[int]] = []
            for a, b in content:
                if joined and joined[-1][1] == a:
                    joined[-1][1] = b
                else:
                    joined.append([a, b])
            pieces = [trim_content(rows[row].words, (a, b)) for a, b in joined]
            found.setdefault(row, []).append((*parts, [p for p in pieces if p[1] > p[0]]))
    for row in sorted(found):
        yield rows[row].id, rows[row].words, paint(len(rows[row].words), found[row])


def roles_of_ewt(split: str = "train") -> Iterator[Example]:
    """Yield (words, labels) of EWT by ``label_roles``, for reading samples of it."""
    for sent in load_ewt(split):
        if sent.predicates is not None and sent.upos is not None:
            labels = label_roles(sent.words, sent.upos, sent.predicates)
            if "cue" in labels:
                yield sent.words, labels
