"""Turns sentences into windows of word pieces with targets for every head.

A window is a run of consecutive sentences of one document, at most ``PIECES`` pieces long. Targets of
heads that a corpus does not have are -100 (or 0 for sets), which the losses skip.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from tokenizers import Tokenizer

from storyledger.reading.lemmas import edit_script
from storyledger.reading.paths import back_off, path_keys
from storyledger.reading.shapes import NEW_LINE, NO_SPACE, SPACE, word_feature
from train.corpora import Sent
from train.encode_roles import role_heads
from train.names import product_targets

PIECES = 126
SKIP = -100
MENTIONS = (
    "O",
    "person",
    "place",
    "organization",
    "event",
    "time",
    "object",
    "abstract",
    "substance",
    "animal",
    "plant",
)
ATTRIBUTION = ("O", "source", "cue", "content")
GMB = ("O", *(f"{p}-{k}" for k in ("per", "org", "geo", "gpe", "tim", "art", "eve", "nat") for p in "BI"))
UNER = ("O", *(f"{p}-{k}" for k in ("PER", "ORG", "LOC") for p in "BI"))


@dataclass
class Labels:
    """The label lists of a model."""

    upos: list[str]
    deprel: list[str]
    lemma: list[str]
    role: list[str]
    path: list[str]
    index: dict[str, dict[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index each list."""
        for name in ("upos", "deprel", "lemma", "role", "path"):
            self.index[name] = {v: i for i, v in enumerate(getattr(self, name))}

    def path_id(self, key: str) -> int:
        """Return the row of a path, coarser where it is unknown."""
        known = self.index["path"]
        return known.get(key, known.get(back_off(key), 0))


def collect_labels(sents: list[Sent]) -> Labels:
    """Return the label lists that occur often enough to be learnt."""
    upos, deprel, lemma, role, path = (Counter() for _ in range(5))
    for s in sents:
        upos.update(s.upos or ())
        deprel.update(s.deprels or ())
        if s.lemmas:
            lemma.update(edit_script(w, x) for w, x in zip(s.words, s.lemmas, strict=True))
        for p in s.predicates or ():
            role.update(role_heads(s, p.index, p.args).values())
            keys = path_keys(s.heads, s.deprels, p.index)
            path.update(keys)
            path.update(back_off(k) for k in keys)
    keep = lambda c, n: sorted(k for k, v in c.items() if v >= n)  # noqa: E731
    return Labels(keep(upos, 1), keep(deprel, 5), keep(lemma, 4), ["O", *keep(role, 20)], ["?", *keep(path, 40)])


@dataclass
class Coded:
    """A sentence ready to be packed."""

    sent: Sent
    pieces: list[list[int]]
    targets: dict[str, list[int]]
    heads: list[int] | None
    roles: list[tuple[int, dict[int, int]]] | None
    length: int
    key: int


def encode_sentences(sents: list[Sent], labels: Labels, tokenizer: Tokenizer, places: set[str]) -> list[Coded]:
    """Return the sentences with pieces and targets."""
    cache: dict[str, list[int]] = {}
    unknown = tokenizer.token_to_id("[UNK]")

    def pieces(word: str) -> list[int]:
        if word not in cache:
            cache[word] = tokenizer.encode(word, add_special_tokens=False).ids[:12] or [unknown]
        return cache[word]

    out = []
    for key, s in enumerate(sents):
        n = len(s.words)
        ix = labels.index
        t: dict[str, list[int]] = {}
        if s.upos:
            t["upos"] = [ix["upos"][u] for u in s.upos]
            t["lemma"] = [ix["lemma"].get(edit_script(w, x), SKIP) for w, x in zip(s.words, s.lemmas, strict=True)]
            t["deprel"] = [ix["deprel"].get(d, SKIP) for d in s.deprels]
        if s.mentions is not None:
            t["mention"] = mention_targets(s)
        names = product_targets(s, places)
        if names:
            t["names"] = names
        if "gmb" in s.names:
            t["gmb"] = [GMB.index(x) for x in s.names["gmb"]]
        if "uner" in s.names:
            t["uner"] = [UNER.index(x) if x in UNER else 0 for x in s.names["uner"]]
        roles = None
        if s.predicates is not None:
            preds = {p.index for p in s.predicates}
            t["pred"] = [int(i in preds) for i in range(n)]
            roles = [
                (p.index, {h: ix["role"][r] for h, r in role_heads(s, p.index, p.args).items() if r in ix["role"]})
                for p in s.predicates
            ]
        if s.attribution is not None:
            t["attr"] = [ATTRIBUTION.index(x) for x in s.attribution]
        ps = [pieces(w) for w in s.words]
        out.append(Coded(s, ps, t, s.heads, roles, sum(map(len, ps)), key))
    return out


def mention_targets(s: Sent) -> list[int]:
    """Return the entity type of the outermost mention that each word heads."""
    out = [0] * len(s.words)
    for first, last, kind, _ in s.mentions:
        heads = [i for i in range(first, last) if not first <= s.heads[i] < last or s.heads[i] == i]
        heads = [i for i in heads if s.upos[i] != "PUNCT"]
        if len(heads) >= 1 and kind in MENTIONS and not out[heads[0]]:
            out[heads[0]] = MENTIONS.index(kind)
    return out


def pack(coded: list[Coded], rng: random.Random, shuffle: bool = True) -> list[list[Coded]]:
    """Return windows: runs of sentences of one document that fit ``PIECES``, in random order."""
    windows: list[list[Coded]] = []
    run: list[Coded] = []
    room = 0
    for c in coded:
        limit = PIECES if not shuffle or rng.random() > 0.15 else rng.randint(20, PIECES)
        if run and (run[-1].sent.doc != c.sent.doc or room + c.length > limit):
            windows.append(run)
            run, room = [], 0
        run.append(c)
        room += c.length
    if run:
        windows.append(run)
    if shuffle:
        rng.shuffle(windows)
    return windows


CURLY = {'"': "“", "''": "”", "``": "“", "'": "’", "'s": "’s", "n't": "n’t", "'re": "’re", "'ve": "’ve", "'ll": "’ll"}


def window_arrays(window: list[Coded], tokenizer: Tokenizer, rng: random.Random | None) -> dict:
    """Return one window's pieces, features, targets and pairs; ``rng`` turns on augmentation."""
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    ids, features, first, sentence, piece_sentence = [cls], [5 * 3 + 2], [], [], [-1]
    targets: dict[str, list[int]] = {
        k: [] for k in ("upos", "lemma", "deprel", "mention", "names", "gmb", "uner", "pred", "attr", "start", "head")
    }
    roles = []
    curly = rng is not None and rng.random() < 0.3
    for k, c in enumerate(window):
        base = len(first)
        words, pieces = c.sent.words, c.pieces
        case = rng.random() if rng is not None else 1.0
        if case < 0.02 and len(words) < 40:
            words = [w.upper() for w in words]
        elif case < 0.03:
            words = [w.lower() for w in words]
        elif case < 0.05 and len(words) < 20:
            words = [w[:1].upper() + w[1:] for w in words]
        new_line = c.sent.starts_paragraph or (rng is not None and rng.random() < 0.15)
        before = NEW_LINE if new_line or k == 0 else SPACE if window[k - 1].sent.spaces[-1] else NO_SPACE
        for i, (word, own) in enumerate(zip(words, pieces, strict=True)):
            ps = own
            if len(ids) + len(ps) > PIECES + 1:
                break
            if curly and word in CURLY:
                ps = tokenizer.encode(CURLY[word], add_special_tokens=False).ids
            first.append(len(ids))
            sentence.append(k)
            feature = word_feature(word, before)
            ids.extend(ps)
            features.extend([feature] * len(ps))
            piece_sentence.extend([k] * len(ps))
            before = SPACE if c.sent.spaces[i] else NO_SPACE
        kept = len(first) - base
        for name, values in targets.items():
            if name == "start":
                values.extend([SKIP if k == 0 else 1] + [0] * (kept - 1) if kept else [])
            elif name == "head":
                values.extend([base + h if h < kept else SKIP for h in c.heads[:kept]] if c.heads else [SKIP] * kept)
            else:
                default = 0 if name == "names" else SKIP
                values.extend(c.targets[name][:kept] if name in c.targets else [default] * kept)
        if case < 0.03 and kept:  # a lemma's capitals cannot be told from a word that lost them
            targets["lemma"][base:] = [SKIP] * kept
        roles.extend((base, kept, p, r, c) for p, r in c.roles or () if p < kept)
    ids.append(sep)
    features.append(5 * 3)
    piece_sentence.append(-1)
    return {
        "ids": ids,
        "features": features,
        "first": first,
        "sentence": sentence,
        "piece_sentence": piece_sentence,
        "targets": targets,
        "roles": roles,
    }
