"""Attribution in gmb-news by surface rules, each read by hand on a sample; ``attribution.md`` has the table.

A sentence that no rule decides is left out; none of the 300 of ``evals/attribution_gold.jsonl`` is used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from train.attribution_labels import WORDS, Example, Found, Span, paint
from train.corpora import DATA, read_gmb

GOLD = Path(__file__).resolve().parent.parent / "evals" / "attribution_gold.jsonl"
SAY, THINK, URGE, NOBODY, AUXILIARY = (WORDS[k] for k in ("say", "think", "urge", "nobody", "auxiliary"))
CUES = SAY | THINK | URGE | WORDS["other"]
TAIL = WORDS["tail"]  # a sentence's last clause that starts so is the reporter's own more often than not
LOWER = WORDS["lower"]
DAYS = frozenset(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "today", "yesterday"])
LATE = frozenset(["late", "early", "last", "Late", "Early"])
NOUNY = re.compile(r"^(DT|NNS?|NNPS?|JJ[RS]?|POS|CD|PRP\$?|IN|CC|TO|NN)$")
SAID = frozenset(("said", "says", "say", "announced", "confirmed", "reported"))
PRONOUNS = frozenset(("I", "He", "She", "They", "It", "We", "You"))


def held_out() -> frozenset[int]:
    """Return the numbers of the sentences that are annotated by hand."""
    return frozenset(json.loads(line)["sentence"] for line in GOLD.read_text(encoding="utf-8").splitlines())


def skip_opening(words: list[str], tags: list[str]) -> int:
    """Return where the subject may start: after "But", "Meanwhile ," or a short opening phrase with its comma."""
    i = 1 if words[0] in ("But", "And") else 0
    if tags[i] in ("RB", "IN", "NNP") and words[i] != "According":
        for k in range(i + 1, min(i + 9, len(words))):
            if words[k] == ",":
                return k + 1
            if tags[k].startswith("V"):
                break
    return i


def find_subject(words: list[str], tags: list[str], first: int, cues: frozenset[str]) -> tuple[Span, int] | None:
    """Return (subject, position of the cue) where nothing but a noun phrase stands before a finite cue."""
    commas = 0
    for k in range(first, min(first + 16, len(words))):
        if words[k] in cues and tags[k] in ("VBD", "VBZ", "VBP", "VBN"):
            last = k
            while last > first and words[last - 1] in AUXILIARY:
                last -= 1
            while last > first and (words[last - 1] in DAYS or words[last - 1] in LATE or words[last - 1] == ","):
                last -= 1
            if words[first].lower() in NOBODY:
                return None
            if last == first or commas not in (0, 2) or not any(t.startswith(("NN", "PRP")) for t in tags[first:last]):
                return None
            if tags[k] == "VBN" and not {"has", "have", "had"} & set(words[last:k]):
                return None
            return (first, last), k
        if words[k] == ",":
            commas += 1
        elif not NOUNY.match(tags[k]) and words[k] not in AUXILIARY:
            return None
    return None


def skip_time(words: list[str], at: int) -> int:
    """Return the position after "Tuesday", "late on Friday" or "in a statement Monday"."""
    start = at
    while at < len(words) and (
        words[at] in DAYS
        or words[at] in LATE
        or (words[at] == "on" and words[at + 1 : at + 2] and words[at + 1] in DAYS)
    ):
        at += 1
    if (
        words[at : at + 2] in (["in", "a"], ["in", "an"])
        and words[at + 2 : at + 3]
        and words[at + 2] in ("statement", "report", "speech", "interview")
    ):
        at = skip_time(words, at + 3)
    return max(start, at)


def has_own_tail(words: list[str], first: int) -> bool:
    """Say whether a comma is followed by what may be the reporter's own clause."""
    return any(words[k] == "," and words[k + 1].lower() in TAIL for k in range(first, len(words) - 1))


def lone_cue(words: list[str], at: int, allowed: frozenset[str] = frozenset()) -> bool:
    """Say whether no other word of saying stands in the sentence, and no quotation mark."""
    return not any(k != at and (w.lower() in CUES - allowed or w in ('"', "``", "''")) for k, w in enumerate(words))


def rule_said(words: list[str], tags: list[str]) -> Found | None:
    """Find "NP said (Tuesday) (that) CLAUSE."."""
    hit = find_subject(words, tags, skip_opening(words, tags), SAY - {"tell", "tells", "told"})
    if hit is None or words[-1] != ".":
        return None
    source, cue = hit
    at = skip_time(words, cue + 1)
    at += words[at] == "that"
    clause = tags[at:-1]
    if tags[at] == "POS":
        return None
    if (
        len(clause) < 4
        or not any(t in ("VBD", "VBZ", "VBP", "MD") for t in clause)
        or tags[at] in ("IN", "TO", ",", "RB", ":")
    ):
        return None
    if not lone_cue(words, cue, THINK) or has_own_tail(words, at):
        return None
    return source, (cue, cue + 1), [(at, len(words) - 1)]


def rule_told(words: list[str], tags: list[str]) -> Found | None:
    """Find "NP told NP (that) CLAUSE." with the hearer in the list of usual ones."""
    hit = find_subject(words, tags, skip_opening(words, tags), frozenset(("told", "tells")))
    if hit is None or words[-1] != ".":
        return None
    source, cue = hit
    at = cue + 1
    if words[at] in ("reporters", "lawmakers", "VOA", "journalists", "him", "them", "parliament"):
        at += 1
        if tags[at].startswith(("NNP", "POS")) or words[at] in ("there", "'s"):
            at += 0 if words[at] in DAYS else 99
    elif words[at] == "the" and tags[at + 1 : at + 2] == ["NNP"]:
        while tags[at + 1 : at + 2] in (["NNP"], ["NN"]):
            at += 1
        at += 1
    else:
        return None
    if at >= len(words) - 3:
        return None
    at = skip_time(words, at)
    at += words[at] == "that"
    if (
        words[at] in ("week", "month", "year")
        or tags[at] in ("IN", "TO", ",")
        or not any(t in ("VBD", "VBZ", "VBP", "MD") for t in tags[at:-1])
    ):
        return None
    return (
        None
        if not lone_cue(words, cue) or has_own_tail(words, at)
        else (source, (cue, cue + 1), [(at, len(words) - 1)])
    )


def rule_according(words: list[str], tags: list[str]) -> Found | None:
    """Find "According to NP, CLAUSE." with a short source without commas."""
    if words[:2] != ["According", "to"] or words[-1] != "." or words.count(",") < 1:
        return None
    comma = words.index(",")
    if not 3 <= comma <= 12 or not all(NOUNY.match(t) for t in tags[2:comma]) or not lone_cue(words, 0, THINK):
        return None
    if not any(t in ("VBD", "VBZ", "VBP", "MD") for t in tags[comma + 1 : -1]) or has_own_tail(words, comma + 1):
        return None
    return (2, comma), (0, 2), [(comma + 1, len(words) - 1)]


def rule_after(words: list[str], tags: list[str]) -> Found | None:
    """Find "CLAUSE, NP said." and "CLAUSE, according to NP."."""
    if words[-1] != "." or '"' in words or "," not in words:
        return None
    comma = len(words) - 1 - words[::-1].index(",")
    tail, tail_tags = words[comma + 1 : -1], tags[comma + 1 : -1]
    if tail[:2] == ["according", "to"] and len(tail) <= 12 and all(NOUNY.match(t) for t in tail_tags[2:]):
        cue, source = (comma + 1, comma + 3), (comma + 3, len(words) - 1)
    elif (
        2 <= len(tail) <= 10
        and tail[-1] in ("said", "says", "say", "reported", "warned", "added")
        and all(NOUNY.match(t) for t in tail_tags[:-1])
    ):
        cue, source = (len(words) - 2, len(words) - 1), (comma + 1, len(words) - 2)
    else:
        return None
    if not any(t in ("VBD", "VBZ", "VBP", "MD") for t in tags[:comma]) or any(w.lower() in CUES for w in words[:comma]):
        return None
    return source, cue, [(0, comma)]


def rule_acts(words: list[str], tags: list[str]) -> Found | None:
    """Find "NP urged NP to ...", "NP accused NP of ...", "NP vowed to ...", "NP denied that ..."."""
    hit = find_subject(words, tags, skip_opening(words, tags), URGE)
    if hit is None or words[-1] != ".":
        return None
    source, cue = hit
    at = skip_time(words, cue + 1)
    rest = words[at:-1]
    verb = words[cue]
    joint = {
        "urge": ("to",),
        "aske": ("to",),
        "ask": ("to",),
        "asks": ("to",),
        "accu": ("of",),
        "blam": ("for", "on"),
        "prai": ("for",),
        "crit": ("for",),
    }.get(verb[:4])
    if joint is not None and not any(j in rest[1:10] for j in joint):
        return None
    if verb[:4] in ("vow", "vows", "vowe", "pled", "prom", "thre") and rest[:1] != ["to"]:
        return None
    at += rest[:1] == ["that"]
    if rest[:1] in (["in"], ["bail"]) or (verb[:4] == "deni" and "bail" in rest[:2]):
        return None
    if len(rest) < 2 or not lone_cue(words, cue) or has_own_tail(words, at) or tags[at] in (",", "RB", ":"):
        return None
    return source, (cue, cue + 1), [(at, len(words) - 1)]


def rule_thinks(words: list[str], tags: list[str]) -> Found | None:
    """Find "NP believe (that) CLAUSE." and "NP hope to ..."."""
    hit = find_subject(words, tags, skip_opening(words, tags), THINK)
    if hit is None or words[-1] != ".":
        return None
    source, cue = hit
    at = cue + 1 + (words[cue + 1] == "that")
    if tags[at] in ("IN", ",", ".") or not lone_cue(words, cue) or has_own_tail(words, at):
        return None
    if not any(t in ("VBD", "VBZ", "VBP", "MD", "VB") for t in tags[at:-1]):
        return None
    return source, (cue, cue + 1), [(at, len(words) - 1)]


def rule_quoted(words: list[str], tags: list[str]) -> Found | None:
    """Find a quotation that is the whole sentence but for "NP said" before or after it."""
    marks = [k for k, w in enumerate(words) if w in ('"', "``", "''")]
    if len(marks) != 2:
        return None
    a, b = marks
    if words[a - 1 : a] in ([","], [":"]) and b == len(words) - 1 and a >= 3:
        hit = None if words[0] == "In" else find_subject(words, tags, 0, SAY | {"replied", "asked", "wrote"})
        if hit and skip_time(words, hit[1] + 1) == a - 1:
            return hit[0], (hit[1], hit[1] + 1), [(a + 1, b)]
    return None


def rule_nothing(words: list[str], tags: list[str]) -> Found | None:
    """Find sentences without any word of saying or thinking and without quotation marks: no attribution."""
    plain = not any(w.lower() in CUES or w in ('"', "``", "''", "'") for w in words)
    return (None, None, []) if plain and tags else None


RULES: dict[str, Callable[[list[str], list[str]], Found | None]] = {
    "said": rule_said,
    "told": rule_told,
    "according": rule_according,
    "after": rule_after,
    "acts": rule_acts,
    "thinks": rule_thinks,
    "quoted": rule_quoted,
    "nothing": rule_nothing,
}


def turn_round(words: list[str], labels: list[str], shape: int) -> Example:
    """Return "S said Q." in another order of news prose, labels along: 8 shapes, 0 to 2 as it stands."""
    if shape < 3 or labels[0] != "source" or labels.count("cue") != 1 or words[labels.index("cue")] not in SAID:
        return words, labels
    pick = lambda kind: [w for w, label in zip(words, labels, strict=True) if label == kind]  # noqa: E731
    source, cue, content = pick("source"), pick("cue"), pick("content")
    inner = [source[0].lower() if source[0] in LOWER else source[0], *source[1:]]
    if source[0] in PRONOUNS and shape in (4, 5):
        return words, labels
    q = [content[0][:1].upper() + content[0][1:], *content[1:]]
    s_parts = [(w, "source") for w in inner]
    c_parts = [(w, "cue") for w in cue]
    q_parts = [(w, "content") for w in q]
    o = lambda *ws: [(w, "O") for w in ws]  # noqa: E731
    parts = {
        3: [*q_parts, *o(","), *s_parts, *c_parts, *o(".")],
        4: [*q_parts, *o(","), ("according", "cue"), ("to", "cue"), *s_parts, *o(".")],
        5: [("According", "cue"), ("to", "cue"), *s_parts, *o(","), *((w, "content") for w in content), *o(".")],
        6: [*o("“"), *q_parts, *o(",", "”"), *s_parts, *c_parts, *o(".")],
        7: [*o("“"), *q_parts, *o(",", "”"), *c_parts, *s_parts, *o(".")],
    }[shape]
    return [w for w, _ in parts], [label for _, label in parts]


def iter_news(nothing_every: int = 6) -> Iterator[tuple[int, str, list[str], list[str]]]:
    """Yield (sentence number of gmb-news, rule, words, labels) of each news sentence that one rule decides.

    The words stand as they are. Of the sentences without attribution every ``nothing_every``-th is taken, so that they
    do not drown the rest.
    """
    hold = held_out()
    quiet = 0
    for number, sent in enumerate(read_gmb(DATA / "names/gmb-news.tsv.gz")):
        if number in hold or len(sent.words) < 6:
            continue
        for name, rule in RULES.items():
            found = rule(sent.words, sent.names["penn"])
            if found is None:
                continue
            quiet += name == "nothing"
            if name != "nothing" or quiet % nothing_every == 0:
                yield number, name, sent.words, paint(len(sent.words), [found])
            break
