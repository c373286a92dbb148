"""Who a cue attributes to: the noun phrase that is its source, and the actor that the cast says it is.

A source that names nobody ("a senior official", "two witnesses") stays what is written: no actor. This module must not know
contents or quotation marks.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from storyledger.statements.cues import load_sources
from storyledger.statements.phrases import LINKS, NOMINAL, PHRASE, RELATIVES, TIME_WORDS, has_be_before, skip_phrase
from storyledger.statements.trees import Trees
from storyledger.types import Cast, CastMention, Evidence, Speaker

INDEFINITE = frozenset("a an one another some many several two three four five few most other any both all".split())
SPEAKING_TYPES = frozenset(
    {"person", "organisation", "armed_group", "government", "country", "outlet", "publication", "group"}
)
GENDERS = {"he": "he", "him": "he", "his": "he", "she": "she", "her": "she", "hers": "she", "it": "it", "its": "it",
           "they": "they", "them": "they", "their": "they"}  # fmt: skip
MAX_SOURCE_CHARS = 160  # the longest apposition with its relative clause in 300 annotated news sentences has 97
SITES = frozenset({"place", "facility"})  # only by name: "the White House", "Washington"
SURE_BODY = 0.75  # below it the cast's "it" and "they" were wrong as often as right in the seeds
MAX_STEPS = 6  # from a participle up to the verb that has the subject; longer chains were parse errors
BETWEEN = frozenset({"AUX", "ADV"})
OPENERS = frozenset({'"', "”", "’", "'", "»"})
# generic nouns behind a name: "the Herald newspaper", "the Orbis news agency"
KINDS = frozenset(
    "newspaper daily weekly magazine website agency channel network broadcaster company group party union organisation organization "
    "movement militia bank station tabloid paper outlet".split()
)
NOT_INVERTED = frozenset(
    {"tell", "inform", "assure", "remind", "accuse", "blame", "urge", "ask", "call", "describe", "deny", "reject"}
)


@dataclass(frozen=True, slots=True)
class Source:
    """A noun phrase: its head token and the positions of all of it."""

    head: int
    start: int
    end: int


def find_source(trees: Trees, cue: int, low: int = 0) -> Source | None:
    """Return the source of the verb ``cue``: the noun phrase beside it, else its subject, or that of the verb it depends on.

    ``low``: where its sentence begins.
    """
    if has_be_before(trees, cue):
        return _climb(trees, cue)
    near = _read_before(trees, cue, low) or _read_over_commas(trees, cue, low) or _read_after(trees, cue, low)
    return near or _climb(trees, cue)


def _climb(trees: Trees, cue: int) -> Source | None:
    """Return the subject of the cue, or of the verb that it hangs on."""
    at = cue
    inverted = trees.cue_lemma(cue) not in NOT_INVERTED
    for _ in range(MAX_STEPS):
        found = _own_source(trees, at)
        if found is not None and (found < at or inverted):
            return make_source(trees, found)
        if trees.select(at, "nsubj:pass", "expl"):
            return None
        up = trees.tokens[at].head
        label = trees.label(at)
        if up == at or label not in ("conj", "xcomp", "advcl", "acl", "parataxis", "dep"):
            return None
        if label == "acl":
            return make_source(trees, up) if _can_speak(trees, up) else None
        at = up
    return None


def _can_speak(trees: Trees, noun: int) -> bool:
    """Say whether a participle's noun may be its speaker: a name, a text or people ("a statement saying", "officials saying")."""
    documents, anonymous = load_sources()
    lemma = trees.cue_lemma(noun)
    return (
        trees.tokens[noun].upos == "PROPN"
        or lemma in documents
        or lemma in anonymous
        or lemma in ("leader", "group", "minister", "president")
    )


def _read_before(trees: Trees, cue: int, low: int) -> Source | None:
    """Return the noun phrase that stands right before the cue, where it begins behind a mark, a conjunction or at the start.

    Surer than the tree, where the tree sees the clause before ("X, Commander Falk said") as one with it.
    """
    last = cue - 1
    while last >= 0 and trees.tokens[last].upos in BETWEEN and trees.tokens[last].start >= low:
        last -= 1
    first = last + 1
    while first > 0 and trees.tokens[first - 1].start >= low and _is_of_phrase(trees, first - 1):
        first -= 1
    return _check_phrase(trees, first, last + 1, low)


def _is_of_phrase(trees: Trees, i: int) -> bool:
    if trees.tokens[i].upos in ("ADP", "CCONJ") or trees.word(i) in ("'s", "’s", "'", "’", "-"):
        return trees.word(i) in LINKS
    return trees.tokens[i].upos in PHRASE and trees.word(i) not in RELATIVES


def _check_phrase(trees: Trees, first: int, last: int, low: int) -> Source | None:
    """Return the source of a run of tokens if it is a noun phrase that begins where one can."""
    if first < last and trees.tokens[first].upos == "CCONJ":
        first += 1
    if (
        first >= last
        or trees.tokens[last - 1].upos in ("ADP", "DET", "PART")
        and trees.word(last - 1) not in INDEFINITE
    ):
        return None
    if trees.tokens[first].upos == "ADP" or trees.word(first) in ("to", "'s", "’s"):
        return None
    before = first - 1
    if (
        before >= 0
        and trees.tokens[before].start >= low
        and trees.tokens[before].upos in ("VERB", "AUX", "ADP", "PRON")
    ):
        return None
    return phrase_source(trees, first, last)


def _read_over_commas(trees: Trees, cue: int, low: int) -> Source | None:
    """Return the subject of "Anna Berg, a student who ..., said": the sentence's first phrase, up to the comma before the cue."""
    if cue == 0 or trees.word(cue - 1) != "," or trees.tokens[cue - 1].start < low:
        return None
    first = trees.token_at(low)
    while trees.tokens[first].upos in ("CCONJ", "PUNCT") and first < cue:
        first += 1
    participle = trees.tokens[first].upos == "VERB" and trees.word(first).endswith(("ed", "en"))
    end = skip_phrase(trees, first + participle, trees.tokens[cue].start, links=True)
    if end <= first or end >= cue - 1 or trees.word(end) != "," or trees.tokens[first].upos == "ADP":
        return None
    if not any(trees.tokens[i].upos in NOMINAL for i in range(first, end)):
        return None
    found = phrase_source(trees, first, end)
    return None if found is None else Source(found.head, found.start, trees.tokens[cue - 2].end)


def _read_after(trees: Trees, cue: int, low: int) -> Source | None:
    """Return the noun phrase behind a cue that follows a quotation or a clause: "...," said Mikkel Dahn, a student."""
    before = trees.word(cue - 1) if cue else ""
    if trees.cue_lemma(cue) in NOT_INVERTED or before not in OPENERS | {","}:
        return None
    if before == "," and not any(trees.tokens[i].upos in ("VERB", "AUX") for i in range(trees.token_at(low), cue)):
        return None
    high = trees.tokens[trees.sentence_span(cue)[1] - 1].end
    last = skip_phrase(trees, cue + 1, high, links=True)
    if last == cue + 1 or (last < len(trees.tokens) and trees.tokens[last].upos in ("VERB", "AUX")):
        return None
    found = phrase_source(trees, cue + 1, last)
    return None if found is None else with_name(trees, found, last)


def with_name(trees: Trees, source: Source, last: int) -> Source:
    """Return the source with a name behind its comma: "its secretary, Kaspar Ruud"."""
    if last >= len(trees.tokens) or trees.word(last) != "," or trees.tokens[source.head].upos == "PROPN":
        return source
    end = last + 1
    while end < len(trees.tokens) and trees.tokens[end].upos == "PROPN":
        end += 1
    return Source(source.head, source.start, trees.tokens[end - 1].end) if end > last + 1 else source


def phrase_source(trees: Trees, first: int, last: int) -> Source | None:
    """Return the source of a run of tokens; its head is the last noun or name before the first preposition.

    Words of time at its end are left out: "a senior official this week".
    """
    while last - 1 > first and trees.word(last - 1) in TIME_WORDS:
        last -= 1
    stop = next((i for i in range(first + 1, last) if trees.tokens[i].upos == "ADP"), last)
    heads = [i for i in range(first, stop) if trees.tokens[i].upos in NOMINAL or trees.word(i) in INDEFINITE]
    nouns = [i for i in heads if trees.word(i) not in INDEFINITE] or heads
    return Source(nouns[-1], *trees.chars((first, last))) if nouns else None


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
    """Return the phrase around ``head``: what hangs on it and is of one piece with it, inside its line.

    A wrongly attached far word must not stretch it; longer than a long apposition it is cut to the words around the head.
    """
    if trees.tokens[head].upos in ("VERB", "AUX", "PUNCT", "ADV"):
        return None
    inside = set(trees.subtree(head, trees.select(head, "parataxis", "cop", "case")))
    first, last = _run_around(trees, head, inside)
    start, end = trees.chars((first, last + 1))
    if end - start > MAX_SOURCE_CHARS:
        inside = {i for i in inside if abs(i - head) <= 6 and trees.tokens[i].upos in PHRASE}
        first, last = _run_around(trees, head, inside)
        start, end = trees.chars((first, last + 1))
    return Source(head, start, end)


def _run_around(trees: Trees, head: int, inside: set[int]) -> tuple[int, int]:
    """Return the first and last token of the run of ``inside`` tokens around ``head``, without punctuation at its edges."""
    first = last = head
    while first - 1 in inside and "\n" not in trees.text[trees.tokens[first - 1].end : trees.tokens[first].start]:
        first -= 1
    while last + 1 in inside and "\n" not in trees.text[trees.tokens[last].end : trees.tokens[last + 1].start]:
        last += 1
    while last > head and trees.tokens[last].upos == "PUNCT":
        last -= 1
    while first < head and trees.tokens[first].upos == "PUNCT":
        first += 1
    return first, last


class Speakers:
    """Resolves sources of one article through its cast."""

    def __init__(self, trees: Trees, cast: Cast) -> None:
        self.trees = trees
        self.document = cast.document
        self.mentions = sorted(cast.mentions, key=lambda m: (m.start, -m.end, m.actor))
        self.starts = [m.start for m in self.mentions]
        self.pronouns: dict[str, set[str]] = {}
        for m in self.mentions:
            word = GENDERS.get(trees.text[m.start : m.end].lower())
            if m.kind == "pronoun" and word is not None:
                self.pronouns.setdefault(m.actor, set()).add(word)
        self.types = {m.actor: m.type for m in self.mentions}

    def resolve(self, source: Source) -> tuple[Speaker, float]:
        """Return the speaker with the probability that the actor is right; 1.0 where there is no actor to be wrong about."""
        text = self.trees.text[source.start : source.end]
        evidence = Evidence(self.document, source.start, source.end, text)
        mention = self.find_mention(source)
        unsure = mention is not None and text.lower() in ("it", "they") and mention.confidence < SURE_BODY
        if mention is None or unsure or self.names_nobody(source, mention) or self._are_two(source, mention):
            return Speaker(None, text, evidence), 1.0
        return Speaker(mention.actor, text, evidence), mention.confidence

    def _are_two(self, source: Source, mention: CastMention) -> bool:
        """Say whether two speak as one: "the mayor and the governor said"."""
        text = self.trees.text[source.start : source.end]
        if " and " not in text or text[: mention.start - source.start].endswith(", "):
            return False
        others = [
            m
            for m in self._inside(source)
            if m.actor != mention.actor and (m.end <= mention.start or m.start >= mention.end)
        ]
        between = [self.trees.text[min(m.end, mention.end) : max(m.start, mention.start)] for m in others]
        return any(re.fullmatch(r" and (?:the |a |its |his |her )?", b) for b in between)

    def find_mention(self, source: Source) -> CastMention | None:
        """Return the mention that the source names: at its head, in apposition, or the name before a generic noun.

        A name before a description, the longest first. Names elsewhere in the phrase are not the speaker ("a spokesman for X").
        """
        heads = self._heads(source)
        best: tuple[int, int, int] | None = None
        found = None
        for mention in self._inside(source):
            rank = next(
                (k for k, h in enumerate(heads) if mention.start <= self.trees.tokens[h].start < mention.end), None
            )
            mute = mention.type not in SPEAKING_TYPES and (mention.kind != "name" or mention.type not in SITES)
            if rank is None or mute:
                continue
            key = (mention.kind != "name", rank, mention.start - mention.end)
            if best is None or key < best:
                best, found = key, mention
        return found or self._same_description(source)

    def _same_description(self, source: Source) -> CastMention | None:
        """Return the last body whose name ends with the source's noun: "the agency" after "the Harbour Agency"."""
        text = self.trees.text[source.start : source.end].lower().split()
        if len(text) != 2 or text[0] != "the" or not text[1].isalpha():
            return None
        named = [
            m
            for m in self.mentions[: bisect_left(self.starts, source.start)]
            if m.kind == "name"
            and m.type in SPEAKING_TYPES
            and m.type != "person"
            and text[1] in m.name.lower().split()
        ]
        return named[-1] if named and len({m.actor for m in named}) == 1 else None

    def _heads(self, source: Source) -> list[int]:
        """Return the head with the tokens that name the same thing: apposition, the rest of a name, the name before a generic noun."""
        trees = self.trees
        first, last = trees.tokens_in(source.start, source.end)
        same = [source.head]
        same += [c for c in trees.select(source.head, "flat", "appos") if first <= c < last]
        if trees.tokens[source.head].upos == "NOUN":
            commas = [k for k in range(source.head, last) if trees.word(k) == ","]
            if commas and commas[0] + 1 < last and trees.tokens[commas[0] + 1].upos == "PROPN":
                same.append(commas[0] + 1)
            if trees.word(source.head) in KINDS and source.head > first:
                same.append(source.head - 1)
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

    def type_of(self, actor: str) -> str:
        """Return the type of an actor of the cast."""
        return self.types.get(actor, "")

    def contradicts(self, actor: str, pronoun: str) -> bool:
        """Say whether the cast speaks of the actor with the other pronoun only: "he" of whom it calls "she"."""
        used = self.pronouns.get(actor, set())
        return bool(used) and pronoun not in used

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
