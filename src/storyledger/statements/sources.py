"""Who a cue attributes to: the noun phrase that is its source, and the actor that the cast says it is.

A source that names nobody ("a senior official", "two witnesses") stays what is written: no actor. This module must not know
contents or quotation marks.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from storyledger.statements.cues import load_sources
from storyledger.statements.trees import Trees
from storyledger.types import Cast, CastMention, Evidence, Speaker

RELATIVES = frozenset({"who", "which", "that", "whom"})
INDEFINITE = frozenset(
    {"a", "an", "one", "another", "some", "many", "several", "two", "three", "four", "few", "most", "other", "any"}
)
SPEAKING_TYPES = frozenset(
    {"person", "organisation", "armed_group", "government", "country", "outlet", "publication", "group"}
)
MAX_STEPS = 6  # from a participle up to the verb that has the subject; longer chains were parse errors


@dataclass(frozen=True, slots=True)
class Source:
    """A noun phrase: its head token and the positions of all of it."""

    head: int
    start: int
    end: int


def find_source(trees: Trees, cue: int) -> Source | None:
    """Return the source of the verb ``cue``: its subject, or that of the verb that it depends on."""
    near = _read_before(trees, cue) or _read_after(trees, cue)
    if near is not None:
        return near
    at = cue
    for _ in range(MAX_STEPS):
        found = _own_source(trees, at)
        if found is not None:
            return make_source(trees, found)
        if trees.select(at, "nsubj:pass", "expl"):
            return None
        up = trees.tokens[at].head
        label = trees.label(at)
        if up == at or label not in ("conj", "xcomp", "advcl", "acl", "parataxis", "dep", "ccomp"):
            return None
        if label == "ccomp" and trees.tokens[at].upos == "VERB" and not trees.word(at).endswith("ing"):
            return None
        if label == "acl":
            return make_source(trees, up) if trees.tokens[up].upos in ("NOUN", "PROPN", "PRON") else None
        at = up
    return None


PHRASE = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM", "PART", "PRON", "ADP", "SYM", "X"})
LINKS = frozenset({"of", "for", "at", "in", "on", "from", "with", "'s", "’s", "'", "’", "-", "and", "&", "to"})
BETWEEN = frozenset({"AUX", "ADV", "PART"})


def _read_before(trees: Trees, cue: int) -> Source | None:
    """Return the noun phrase that stands right before the cue, from the last comma, quotation mark or sentence start on.

    Only where it is plainly the subject: nothing but auxiliaries and adverbs between, no verb in it. Surer than the tree, where the
    tree sees the clause before ("X, Commander Falk said") as one with it.
    """
    last = cue - 1
    while last >= 0 and trees.tokens[last].upos in BETWEEN and trees.word(last) not in ("'s", "’s", "to"):
        last -= 1
    first = last + 1
    while (
        first > 0
        and _is_of_phrase(trees, first - 1)
        and trees.text[trees.tokens[first - 1].end : trees.tokens[first].start].count("\n") == 0
    ):
        first -= 1
    if first > last or first == 0 and last < 0:
        return None
    before = trees.word(first - 1) if first > 0 else ""
    line_start = first == 0 or "\n" in trees.text[trees.tokens[first - 1].end : trees.tokens[first].start]
    if not line_start and before not in (",", '"', "”", "’", "'", ".", "-", "–", "—", ";", "?", "!", "»"):
        return None
    if trees.tokens[first].upos == "ADP" or trees.tokens[last].upos in ("ADP", "DET", "ADJ", "PART"):
        return None
    return _phrase_source(trees, first, last + 1)


def _is_of_phrase(trees: Trees, i: int) -> bool:
    upos = trees.tokens[i].upos
    if upos in ("ADP", "PART", "CCONJ"):
        return trees.word(i) in LINKS
    return upos in PHRASE and trees.word(i) not in RELATIVES


def _read_after(trees: Trees, cue: int) -> Source | None:
    """Return the noun phrase behind a cue that follows a quotation or a comma: "...," said Mikkel Dahn, a student."""
    if cue == 0 or trees.word(cue - 1) not in ('"', "”", "’", "'", ",", "»") or cue + 1 >= len(trees.tokens):
        return None
    first = last = cue + 1
    while (
        last < len(trees.tokens)
        and _is_of_phrase(trees, last)
        and "\n" not in trees.text[trees.tokens[cue].end : trees.tokens[last].start]
    ):
        last += 1
    if (
        last == first
        or trees.tokens[first].upos == "ADP"
        or not any(trees.tokens[i].upos in ("NOUN", "PROPN", "PRON") for i in range(first, last))
    ):
        return None
    if last < len(trees.tokens) and trees.tokens[last].upos in ("VERB", "AUX"):
        return None
    while last > first and trees.tokens[last - 1].upos in ("ADP", "DET", "CCONJ"):
        last -= 1
    return _phrase_source(trees, first, last)


def _phrase_source(trees: Trees, first: int, last: int) -> Source | None:
    """Return the source of a run of tokens; its head is the last noun or name before the first preposition."""
    stop = next((i for i in range(first, last) if trees.tokens[i].upos == "ADP"), last)
    heads = [i for i in range(first, stop) if trees.tokens[i].upos in ("NOUN", "PROPN", "PRON", "NUM", "DET")]
    if not heads:
        return None
    return Source(heads[-1], *trees.chars((first, last)))


def _own_source(trees: Trees, verb: int) -> int | None:
    """Return the head of the verb's subject or, of a passive, of its agent; of a relative pronoun the antecedent."""
    subjects = trees.select(verb, "nsubj")
    active = [s for s in subjects if trees.tokens[s].deprel != "nsubj:pass"]
    for s in active:
        if trees.word(s) in RELATIVES and trees.label(verb) == "acl":
            return trees.tokens[verb].head
        return s
    if len(subjects) > len(active):
        quoted = [c for c in trees.select(verb, "obl", "advcl") if trees.word(c) in ("saying", "telling", "warning")]
        if quoted:
            return subjects[0]
        agents = [o for o in trees.select(verb, "obl") if any(trees.word(p) == "by" for p in trees.select(o, "case"))]
        return agents[0] if agents else None
    return None


def make_source(trees: Trees, head: int) -> Source | None:
    """Return the phrase around ``head``, a clause on it left out where it is set off by a comma."""
    if trees.tokens[head].upos in ("VERB", "AUX", "PUNCT", "ADV"):
        return None
    under = trees.subtree(head, trees.select(head, "parataxis", "cop", "case"))
    run = [i for i in under if i == head]
    # only what is of one piece with the head: a wrongly attached far word must not stretch the phrase
    inside = set(under)
    first = last = head
    while first - 1 in inside:
        first -= 1
    while last + 1 in inside:
        last += 1
    while last > head and trees.tokens[last].upos == "PUNCT":
        last -= 1
    while first < head and trees.tokens[first].upos == "PUNCT":
        first += 1
    start, end = trees.chars((first, last + 1))
    return Source(head, start, end) if run else None


class Speakers:
    """Resolves sources of one article through its cast."""

    def __init__(self, trees: Trees, cast: Cast) -> None:
        self.trees = trees
        self.document = cast.document
        self.mentions = sorted(cast.mentions, key=lambda m: (m.start, -m.end, m.actor))
        self.starts = [m.start for m in self.mentions]

    def resolve(self, source: Source) -> tuple[Speaker, float]:
        """Return the speaker with the probability that the actor is right; 1.0 where there is no actor to be wrong about."""
        text = self.trees.text[source.start : source.end]
        evidence = Evidence(self.document, source.start, source.end, text)
        mention = self.find_mention(source)
        if mention is None or self.names_nobody(source, mention):
            return Speaker(None, text, evidence), 1.0
        return Speaker(mention.actor, text, evidence), mention.confidence

    def find_mention(self, source: Source) -> CastMention | None:
        """Return the mention that the source's head stands in: a name before a description, the longest first."""
        heads = self._heads(source.head)
        best: tuple[int, int, int] | None = None
        found = None
        for mention in self._inside(source):
            rank = next(
                (k for k, h in enumerate(heads) if mention.start <= self.trees.tokens[h].start < mention.end), None
            )
            if rank is None or mention.type in ("weapon_system", "agreement", "event_name"):
                continue
            key = (mention.kind != "name", rank, mention.start - mention.end)
            if best is None or key < best:
                best, found = key, mention
        return found

    def _heads(self, head: int) -> list[int]:
        """Return the head with what names the same thing: apposition, the other words of a name, what a title stands before."""
        same = [head, *self.trees.select(head, "flat", "appos")]
        if self.trees.tokens[head].upos in ("PROPN", "NOUN"):
            same += [
                c for c in self.trees.select(head, "compound") if self.trees.tokens[c].upos == "PROPN" and c > head
            ]
        return same

    def _inside(self, source: Source) -> list[CastMention]:
        low = bisect_left(self.starts, source.start - 60)
        high = bisect_left(self.starts, source.end)
        return [m for m in self.mentions[low:high] if m.end > source.start]

    def names_nobody(self, source: Source, mention: CastMention) -> bool:
        """Say whether the source is anonymous: an indefinite or bare noun that the mention does not name."""
        if mention.kind == "name" and mention.start <= self.trees.tokens[source.head].start < mention.end:
            return False
        if mention.kind == "name":  # an apposition names it: "a spokeswoman, Anna Berg"
            return False
        token = self.trees.tokens[source.head]
        determiners = {self.trees.word(d) for d in self.trees.select(source.head, "det", "nummod", "amod")}
        indefinite = bool(determiners & INDEFINITE) or self.trees.word(source.head) in INDEFINITE
        _, anonymous = load_sources()
        return indefinite and (token.lemma.lower() in anonymous or mention.type == "person")

    def last_subject(self, head: int, since: int, *, people: bool) -> CastMention | None:
        """Return the last actor of the fitting type that stands as a subject before token ``head``, or else the last one at all."""
        position = self.trees.tokens[head].start
        fitting = [
            m
            for m in self.mentions[bisect_left(self.starts, since) : bisect_left(self.starts, position)]
            if (m.type == "person") == people and m.type in SPEAKING_TYPES
        ]
        subjects = [m for m in fitting if self._is_subject(m)]
        return (subjects or fitting or [None])[-1]

    def _is_subject(self, mention: CastMention) -> bool:
        first, last = self.trees.tokens_in(mention.start, mention.end)
        return any(self.trees.label(i) == "nsubj" for i in range(first, last))
