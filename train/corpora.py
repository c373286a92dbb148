"""Reads the open corpora into one shape: sentences of words with whatever labels each corpus has.

Invariant: a label that a corpus does not have is None, never a guess, so that its loss is masked.
Nothing here knows the network.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from storyledger.reading.tokens import find_tokens

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

NameSpan = tuple[int, int, str]  # words [first, last), type


@dataclass
class Roles:
    """A predicate with its arguments: (role, first, last), words, end exclusive."""

    index: int
    frame: str
    args: list[tuple[str, int, int]]


@dataclass
class Sent:
    """A sentence. ``spaces[i]``: white space follows word i. Labels are None where the corpus has none."""

    corpus: str
    doc: str
    words: list[str]
    spaces: list[bool]
    starts_paragraph: bool = False
    id: str = ""
    upos: list[str] | None = None
    lemmas: list[str] | None = None
    heads: list[int] | None = None  # own index for the root
    deprels: list[str] | None = None
    names: dict[str, list[str]] = field(default_factory=dict)  # scheme -> BIO tags
    mentions: list[tuple[int, int, str, str]] | None = None  # first, last, entity type, information status
    predicates: list[Roles] | None = None
    attribution: list[str] | None = None  # BIO over source, cue, content


def open_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a gzip file without their ends."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n")


def blocks_of(lines: Iterator[str]) -> Iterator[list[str]]:
    """Yield runs of lines between empty ones."""
    block: list[str] = []
    for line in lines:
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


ENTITY = re.compile(r"\(([^()]+)|([^()]+?)\)|\)")


def parse_entities(cells: list[str]) -> list[tuple[int, int, str, str]]:
    """Return GUM's nested mentions as (first, last, type, info) from each word's ``Entity=`` cell."""
    opened: dict[str, list[tuple[int, str, str]]] = {}
    found = []
    for i, cell in enumerate(cells):
        for part in re.findall(r"\([^()]*\)?|[^()]+\)", cell):
            if part.startswith("("):
                fields = part.strip("()").split("-")
                key, kind, info = fields[0], fields[1], fields[2] if len(fields) > 2 else ""
                if part.endswith(")"):
                    found.append((i, i + 1, kind, info))
                else:
                    opened.setdefault(key, []).append((i, kind, info))
            else:
                key = part[:-1].split("-")[0]
                if opened.get(key):
                    first, kind, info = opened[key].pop()
                    found.append((first, i + 1, kind, info))
    return sorted(found)


def read_conllu(path: Path, corpus: str) -> list[Sent]:
    """Return the sentences of a CoNLL-U file; multiword tokens become their parts, unspaced."""
    sents: list[Sent] = []
    doc, paragraph = "", False
    for block in blocks_of(open_lines(path)):
        sid = ""
        rows = []
        glued: set[int] = set()
        nospace: set[int] = set()
        for line in block:
            if line.startswith("#"):
                if line.startswith("# newdoc id"):
                    doc, paragraph = line.split("=", 1)[1].strip(), True
                elif line.startswith("# newpar"):
                    paragraph = True
                elif line.startswith("# sent_id"):
                    sid = line.split("=", 1)[1].strip()
                continue
            cells = line.split("\t")
            if "." in cells[0]:
                continue
            if "-" in cells[0]:
                a, b = (int(x) for x in cells[0].split("-"))
                glued.update(range(a, b))
                if "SpaceAfter=No" in cells[9]:
                    nospace.add(b)
                continue
            rows.append(cells)
            if "SpaceAfter=No" in cells[9]:
                nospace.add(int(cells[0]))
        n = len(rows)
        entity_cells = [next((m[7:] for m in r[9].split("|") if m.startswith("Entity=")), "") for r in rows]
        sent = Sent(
            corpus,
            doc,
            [r[1] for r in rows],
            [i + 1 not in glued and i + 1 not in nospace for i in range(n)],
            starts_paragraph=paragraph,
            id=sid,
            upos=[r[3] for r in rows],
            lemmas=[r[2] for r in rows],
            heads=[int(r[6]) - 1 if r[6] != "0" else i for i, r in enumerate(rows)],
            deprels=[
                r[7].split(":")[0]
                if r[7].split(":")[1:]
                not in (["pass"], ["poss"], ["relcl"], ["tmod"], ["npmod"], ["prt"], ["agent"], ["unmarked"])
                else r[7]
                for r in rows
            ],
            mentions=parse_entities(entity_cells) if corpus.startswith("gum") else None,
        )
        paragraph = False
        sents.append(sent)
    return sents


def read_propbank(path: Path) -> dict[str, list[Roles]]:
    """Return the predicates of each sentence by its UD sentence id."""
    found = {}
    for line in open_lines(path):
        row = json.loads(line)
        found[row["sent"]] = (
            row["tokens"],
            [
                Roles(p["index"], p["frame"], [(a["role"], a["start"], a["end"]) for a in p["args"]])
                for p in row["predicates"]
            ],
        )
    return found


def read_uner(path: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Return words and BIO tags by sentence id."""
    found = {}
    for block in blocks_of(open_lines(path)):
        sid, words, tags = "", [], []
        for line in block:
            if line.startswith("# sent_id"):
                sid = line.split("=", 1)[1].strip()
            elif not line.startswith("#"):
                cells = line.split("\t")
                words.append(cells[1])
                tags.append(cells[2])
        found[sid] = (words, tags)
    return found


NO_SPACE_BEFORE = set(".,;:?!)]}%”’") | {"'s", "n't", "'", "''", "'re", "'ve", "'ll", "'d", "'m", "-"}
NO_SPACE_AFTER = set("([{$“‘") | {"``", "-"}


def guess_spaces(words: list[str]) -> list[bool]:
    """Guess where white space stood in a corpus that kept only tokens."""
    spaces = []
    inside = False
    for i, word in enumerate(words):
        following = words[i + 1] if i + 1 < len(words) else ""
        space = following not in NO_SPACE_BEFORE and word not in NO_SPACE_AFTER
        if word == '"':
            inside = not inside
            space = space and not inside
        elif following == '"' and inside:
            space = False
        spaces.append(space)
    return spaces


def read_bio(path: Path, corpus: str, scheme: str, sep: str | None = "\t") -> list[Sent]:
    """Return sentences of a word-per-line file whose last column is the tag."""
    sents = []
    for k, block in enumerate(blocks_of(open_lines(path))):
        cells = [line.split(sep) for line in block]
        words = [c[0] for c in cells]
        sents.append(
            Sent(
                corpus,
                f"{corpus}-{k // 20}",
                words,
                guess_spaces(words),
                id=f"{corpus}-{k}",
                names={scheme: to_bio([c[-1] for c in cells])},
            )
        )
    return sents


def read_gmb(path: Path) -> list[Sent]:
    """Return the news sentences; Penn tags in ``names['penn']`` (needed to tell demonyms from places)."""
    sents = []
    for k, block in enumerate(blocks_of(open_lines(path))):
        cells = [line.split("\t") for line in block]
        words = [c[0] for c in cells]
        sents.append(
            Sent(
                "gmb",
                f"gmb-{k // 20}",
                words,
                guess_spaces(words),
                id=f"gmb-{k}",
                names={"gmb": [c[2] for c in cells], "penn": [c[1] for c in cells]},
            )
        )
    return sents


def to_bio(tags: list[str]) -> list[str]:
    """Return IOB1 or IOB2 tags as IOB2."""
    out = []
    last = "O"
    for tag in tags:
        if tag.startswith("I-") and last[2:] != tag[2:]:
            out.append("B-" + tag[2:])
        else:
            out.append(tag)
        last = tag
    return out


def bio_spans(tags: list[str]) -> list[NameSpan]:
    """Return the spans of IOB2 tags."""
    spans, first = [], None
    for i, tag in enumerate([*tags, "O"]):
        if first is not None and not (tag.startswith("I-") and tag[2:] == tags[first][2:]):
            spans.append((first, i, tags[first][2:]))
            first = None
        if tag.startswith("B-") or (tag.startswith("I-") and first is None):
            first = i
    return spans


def load_ewt(split: str) -> list[Sent]:
    """Return EWT with its roles and names joined by sentence id."""
    sents = read_conllu(DATA / f"syntax/ud-ewt-{split}.conllu.gz", "ewt")
    roles = read_propbank(DATA / f"roles/propbank-ewt-{split}.jsonl.gz")
    names = read_uner(DATA / f"names/uner-ewt-{'train-early' if split == 'train' else split}.txt.gz")
    misses = [0, 0]
    rolekeys = dict(roles)
    for sent in sents:
        key = sent.id if sent.id in rolekeys else re.sub(r"^.*?(\w+-[\w.]+-\d+)$", r"\1", sent.id)
        if key in roles and len(roles[key][0]) == len(sent.words):
            sent.predicates = roles[key][1]
        else:
            misses[0] += 1
        if sent.id in names and len(names[sent.id][0]) == len(sent.words):
            sent.names["uner"] = names[sent.id][1]
        else:
            misses[1] += 1
    print(f"ewt {split}: {len(sents)} sentences, without roles {misses[0]}, without names {misses[1]}")
    return sents


def load_pud() -> list[Sent]:
    """Return PUD's names."""
    sents = []
    for sid, (words, tags) in read_uner(DATA / "names/uner-pud.txt.gz").items():
        sents.append(
            Sent(
                "pud",
                sid[:6],
                words,
                guess_spaces(words),
                id=sid,
                names={"uner": tags},
                starts_paragraph=sid.endswith("01"),
            )
        )
    return sents


def load_gum(split: str) -> list[Sent]:
    """Return GUM with trees and nested mentions."""
    return read_conllu(DATA / f"syntax/gum-{split}.conllu.gz", "gum")


def resplit(sent: Sent) -> Sent:
    """Return the sentence with its words split as the reader splits them (hyphens, slashes); tags follow."""
    words: list[str] = []
    spaces: list[bool] = []
    source: list[int] = []
    for i, word in enumerate(sent.words):
        joined = re.search(r"\w[-–/]\w", word) is not None
        parts = [word[a:b] for a, b in find_tokens(word + " x") if b <= len(word)] if joined else [word]
        words.extend(parts)
        spaces.extend([False] * (len(parts) - 1) + [sent.spaces[i]])
        source.extend([i] * len(parts))
    if len(words) == len(sent.words):
        return sent

    def spread(tags: list[str]) -> list[str]:
        out = []
        for k, i in enumerate(source):
            inner = k > 0 and source[k - 1] == i
            out.append("I-" + tags[i][2:] if inner and tags[i].startswith("B-") else tags[i])
        return out

    return Sent(
        sent.corpus,
        sent.doc,
        words,
        spaces,
        sent.starts_paragraph,
        sent.id,
        names={k: spread(v) for k, v in sent.names.items()},
        attribution=[sent.attribution[i] for i in source] if sent.attribution else None,
    )


RE3D = {
    "Person": "PER",
    "Organisation": "ORG",
    "Location": "LOC",
    "Nationality": "NAT",
    "Weapon": "MISC",
    "MilitaryPlatform": "MISC",
    "DocumentReference": "MISC",
    "Vehicle": "MISC",
}


def read_re3d(path: Path) -> list[tuple[str, list[tuple[int, int]], list[tuple[int, int, str]]]]:
    """Return (text, tokens, annotated spans in characters) of each document; confidence of .5 and more."""
    found = []
    for line in open_lines(path):
        row = json.loads(line)
        spans = [(e["begin"], e["end"], RE3D.get(e["type"], "")) for e in row["entities"] if e["confidence"] >= 0.5]
        found.append((row["text"], find_tokens(row["text"]), spans))
    return found


def is_name(words: list[str]) -> bool:
    """Tell whether every longer word of a span is capitalised: re3d marks phrases too, those are no names."""
    if words[0][0].islower() or " ".join(words).lower() in {
        "we",
        "they",
        "he",
        "she",
        "i",
        "it",
        "you",
        "us",
        "them",
        "who",
        "soldiers",
    }:
        return False
    long = [w for w in words if len(w) > 3 and w[0].isalpha()]
    return all(w[0].isupper() for w in long) and any(w[0].isupper() or w[0].isdigit() for w in words)
