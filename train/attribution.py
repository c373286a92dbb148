"""Training data for attribution: who (source) is said (cue) to have said or thought what (content).

Nothing open has it in quantity, so it is made from four places: sentences written for the purpose
(``attribution_sentences.jsonl``), surface rules over the news of gmb-news, GUM's discourse trees and PropBank's
frames of saying. Each rule was judged by reading a sample; ``attribution.md`` has the table. The 300 sentences
of ``evals/attribution_gold.jsonl`` never appear here.

Labels are one of ``source``, ``cue``, ``content`` and ``O`` for each word. Where attributions nest, the outermost wins:
all of its content is ``content``.
"""

from __future__ import annotations

import gzip
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from train.corpora import DATA, Roles, Sent, load_ewt, load_gum, read_gmb

HERE = Path(__file__).resolve().parent
GOLD = HERE.parent / "evals" / "attribution_gold.jsonl"

Span = tuple[int, int]
Example = tuple[list[str], list[str]]
Found = tuple[Span | None, Span | None, list[Span]]  # source, cue, content

SAY = frozenset(
    ["say", "says", "said", "saying", "tell", "tells", "told", "announce", "announces", "announced", "confirm", "confirms", "confirmed", "warn", "warns", "warned", "report", "reports", "reported", "claim", "claims", "claimed", "argue", "argues", "argued", "acknowledge", "acknowledges", "acknowledged", "admit", "admits", "admitted", "insist", "insists", "insisted", "add", "adds", "added", "note", "notes", "noted", "suggest", "suggests", "suggested", "state", "states", "stated", "declare", "declares", "declared", "reveal", "reveals", "revealed", "predict", "predicts", "predicted", "estimate", "estimates", "estimated", "conclude", "concludes", "concluded", "stress", "stresses", "stressed", "reiterate", "reiterates", "reiterated", "show", "shows", "showed", "shown", "indicate", "indicates", "indicated", "explain", "explains", "explained", "complain", "complains", "complained"]
)
THINK = frozenset(
    ["believe", "believes", "believed", "think", "thinks", "thought", "fear", "fears", "feared", "hope", "hopes", "hoped", "expect", "expects", "expected"]
)
URGE = frozenset(
    ["urge", "urges", "urged", "ask", "asks", "asked", "accuse", "accuses", "accused", "blame", "blames", "blamed", "praise", "praises", "praised", "criticize", "criticizes", "criticized", "condemn", "condemns", "condemned", "threaten", "threatens", "threatened", "pledge", "pledges", "pledged", "promise", "promises", "promised", "vow", "vows", "vowed", "reject", "rejects", "rejected", "deny", "denies", "denied", "demand", "demands", "demanded"]
)
OTHER = frozenset(
    ["according", "call", "calls", "called", "calling", "quote", "quotes", "quoted", "cite", "cites", "cited", "write", "writes", "wrote", "written", "describe", "describes", "described", "ask", "asking", "accusing", "accusation", "accusations", "urging", "demanding", "denying", "warning", "announcing", "claiming", "adding", "insisting", "arguing", "blaming", "statement", "statements", "comment", "comments", "commented", "remark", "remarks", "poll", "survey", "allege", "alleges", "alleged", "allegedly", "reportedly", "reject", "rejecting", "rule", "rules", "ruled", "propose", "proposes", "proposed", "refuse", "refuses", "refused", "reply", "replied", "respond", "responded", "consider", "considers", "considered", "view", "views", "viewed", "see", "sees", "seen", "know", "known", "feel", "feels", "felt", "find", "finds", "found", "assure", "reassure", "reassuring", "assured", "offer", "offers", "offered", "recommend", "recommends", "recommended", "agree", "agrees", "agreed", "doubt", "doubts", "worry", "worried", "concern", "concerns", "concerned", "express", "expressed", "expresses", "thank", "thanked", "apologize", "apologized", "swear", "swore", "testify", "testified", "speak", "spoke", "speaking", "request", "requests", "requested", "order", "ordered", "orders", "question", "questioned", "appeal", "appeals", "appealed", "decide", "decided", "plan", "plans", "planned", "want", "wants", "wanted", "hail", "hailed", "welcome", "welcomed", "voice", "voiced", "dispute", "disputes", "disputed", "hint", "hinted", "disclose", "disclosed", "mention", "mentioned", "read", "reads", "word", "words", "emphasize", "emphasized", "charge", "charged", "suspect", "suspects", "suspected", "assume", "assumed", "consider", "remember", "recall", "recalled", "dub", "dubbed", "label", "labeled", "term", "termed", "urge", "signal", "signaled", "vow", "oppose", "opposed", "dismiss", "dismissed", "dismisses", "likened", "compare", "compared", "forecast", "accept", "invite", "invited", "promise", "learn", "learned", "hear", "heard", "show", "showing", "shows"]
)
CUES = SAY | THINK | URGE | OTHER
DAYS = frozenset(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "today", "yesterday"])
NOBODY = frozenset(["no", "nobody", "none", "neither", "few", "nothing", "if"])
LATE = frozenset(["late", "early", "last", "Late", "Early"])
NOUNY = re.compile(r"^(DT|NNS?|NNPS?|JJ[RS]?|POS|CD|PRP\$?|IN|CC|TO|NN)$")
AUXILIARY = frozenset(["has", "have", "had", "also", "later", "again", "now", "repeatedly", "earlier", "previously"])
# a sentence's last clause that starts so is the reporter's own more often than not
TAIL = frozenset(["as", "while", "but", "and", "after", "when", "who", "which", "where", "a", "the", "with", "although", "though"])
KINDS = {"S": "source", "C": "cue", "Q": "content"}


def paint(length: int, found: Sequence[Found]) -> list[str]:
    """Return one label a word; a content is painted last, so that what is inside it is content."""
    labels = ["O"] * length
    for source, cue, content in sorted(found, key=lambda f: sum(b - a for a, b in f[2])):
        for span, label in ((source, "source"), (cue, "cue"), *((c, "content") for c in content)):
            if span:
                labels[span[0] : span[1]] = [label] * (span[1] - span[0])
    return labels


# --------------------------------------------------------------------------- sentences of our own


def split_words(text: str) -> list[str]:
    """Return the words and marks of a plain sentence, clitics apart."""
    text = re.sub(r"(\w)(n't|n’t|['’](?:s|re|ve|ll|d|m))\b", r"\1 \2", text)
    return re.findall(
        r"n['’]t|['’](?:s|re|ve|ll|d|m)(?!\w)|(?:Mr|Ms|Mrs|Dr|Gen|Sen)\.|\d+(?:[.,]\d+)*|\w+(?:-\w+)*|\S", text
    )


def parse_markup(text: str) -> Example:
    """Return the words and labels of a sentence written with ``[S ...] [C ...] [Q ...]``."""
    words: list[str] = []
    labels: list[str] = []
    label = "O"
    for piece in re.split(r"(\[[SCQ] |\])", text):
        if not piece:
            continue
        if piece == "]":
            label = "O"
        elif re.fullmatch(r"\[[SCQ] ", piece):
            label = KINDS[piece[1]]
        else:
            new = split_words(piece)
            words += new
            labels += [label] * len(new)
    return words, labels


STRAIGHT = {"“": '"', "”": '"', "‘": "'", "’": "'"}


def read_own(path: Path = HERE / "attribution_sentences.jsonl") -> Iterator[tuple[str, list[Example]]]:
    """Yield the written documents as (id, sentences); every second one with straight quotation marks."""
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        sentences = [parse_markup(s) for s in row["sentences"]]
        if n % 2:
            sentences = [([STRAIGHT.get(w, w) for w in words], labels) for words, labels in sentences]
        yield row["id"], sentences


# --------------------------------------------------------------------------- rules over news


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


SAID = frozenset(("said", "says", "say", "announced", "confirmed", "reported"))
LOWER = frozenset(
    (
        "The",
        "A",
        "An",
        "His",
        "Her",
        "Their",
        "Its",
        "Some",
        "Two",
        "Three",
        "He",
        "She",
        "They",
        "It",
        "Officials",
        "Police",
        "Authorities",
        "Both",
        "Many",
        "Witnesses",
        "Local",
        "Military",
        "Security",
        "Other",
    )
)
PRONOUNS = frozenset(("I", "He", "She", "They", "It", "We", "You"))
# "I think" and "do you think" are no reports of what somebody says
WRITERS = frozenset(["i", "we", "you", "anybody", "anyone", "one", "us", "u", "who", "everyone"])


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


# --------------------------------------------------------------------------- PropBank

FRAMES = frozenset(
    ["say.01", "tell.01", "claim.01", "state.01", "announce.01", "report.01", "add.01", "declare.01", "insist.01", "warn.01", "argue.01", "suggest.01", "explain.01", "note.01", "deny.01", "admit.01", "acknowledge.01", "believe.01", "think.01", "confirm.01", "promise.01", "vow.01", "pledge.01", "demand.01", "urge.01", "write.01", "ask.01", "ask.02", "reply.01", "respond.01", "conclude.01", "predict.01", "stress.01", "allege.01", "accuse.01", "complain.01", "threaten.01", "recommend.01", "propose.01", "estimate.01", "indicate.01", "maintain.01", "contend.01", "emphasize.01", "testify.01", "reveal.01", "assure.01", "hope.01", "fear.01", "expect.01"]
)
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


# --------------------------------------------------------------------------- GUM's discourse trees


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
                and relation not in ("span",)
                and not relation.startswith(("joint", "same-unit", "restatement-rep", "adversative-contrast"))
            ):
                below.add(child)
                queue.append(child)
    return below


def label_unit(sent: Sent, span: Span) -> tuple[Span | None, Span] | None:
    """Return (source, cue) of a reporting clause: its head word and the subject of that."""
    assert sent.heads is not None and sent.deprels is not None and sent.upos is not None
    first, last = span
    if [w.lower() for w in sent.words[first : first + 2]] == ["according", "to"]:
        return trim_content(sent.words, (first + 2, last)), (first, first + 2)
    heads = [
        i
        for i in range(first, last)
        if (sent.upos[i] == "VERB" and not first <= sent.heads[i] < last) or (sent.upos[i] == "VERB" and sent.heads[i] == i)
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
    """Yield (sentence id, words, labels) of GUM's sentences with an attribution whose parts stand in that one sentence."""
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


# --------------------------------------------------------------------------- all together


def iter_attribution_documents() -> Iterator[tuple[str, list[Example]]]:
    """Yield (id, sentences in order) of everything; only our own documents have more than one sentence."""
    for _ in range(4):  # few and made for what is missing: seen four times an epoch
        yield from read_own()
    for number, rule, words, labels in iter_news():
        if rule == "said" and number % 2:
            continue  # six thousand of one shape would drown the others
        yield f"gmb-attribution-{number}", [turn_round(words, labels, number // 2 % 8)]
    for key, words, labels in iter_discourse():
        yield f"gum-attribution-{key}", [(words, labels)]


def iter_attribution_examples() -> Iterator[Example]:
    """Yield (words, labels) of every training sentence.

    ``labels[i]`` is ``"source"``, ``"cue"``, ``"content"`` or ``"O"`` for ``words[i]``: plain labels without B- and I-, as
    ``train.encode.ATTRIBUTION`` has them. Words are split as in Universal Dependencies (clitics apart, marks apart). PropBank's
    sentences are not among them: the trainer has them with their trees and takes ``label_roles`` for them. Sentences of one
    document are only kept together by ``iter_attribution_documents``.
    """
    for _, sentences in iter_attribution_documents():
        yield from sentences


def roles_of_ewt(split: str = "train") -> Iterator[Example]:
    """Yield (words, labels) of EWT by ``label_roles``, for reading samples of it."""
    for sent in load_ewt(split):
        if sent.predicates is not None and sent.upos is not None:
            labels = label_roles(sent.words, sent.upos, sent.predicates)
            if "cue" in labels:
                yield sent.words, labels
