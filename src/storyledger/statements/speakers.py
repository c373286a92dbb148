"""Which actor a source is, by the cast of its article; none where it names nobody.

A source that names nobody ("a senior official", "two witnesses") stays what is written: no actor. So do two who speak
as one. This module must not know contents or quotation marks.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from storyledger.statements.cues import load_sources
from storyledger.statements.phrases import INDEFINITE
from storyledger.statements.sources import Source
from storyledger.statements.trees import Trees
from storyledger.statements.words import load_words
from storyledger.types import Cast, CastMention, Evidence, Speaker

SPEAKING_TYPES = frozenset(
    {"person", "organisation", "armed_group", "government", "country", "outlet", "publication", "group"}
)
SITES = frozenset({"place", "facility"})  # only by name: "the White House", "Washington"
SURE_PERSON = 0.6  # below it "she" was the wrong woman where her own paragraph names another (ferry 06)
SURE_BODY = 0.75  # below it the cast's "it" and "they" were wrong as often as right in the seeds
REACH_CHARS = 60  # a mention that begins so far before a source may still hold its head: a title before a name
KINDS = load_words("kinds")
GENDERS = {"he": "he", "him": "he", "his": "he", "she": "she", "her": "she", "hers": "she", "it": "it", "its": "it",
           "they": "they", "them": "they", "their": "they"}  # fmt: skip


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
        """Return the speaker and the probability that the actor is right; 1.0 where there is none to be wrong."""
        text = self.trees.text[source.start : source.end]
        evidence = Evidence(self.document, source.start, source.end, text)
        mention = self.find_mention(source)
        unsure = mention is not None and text.lower() in ("it", "they") and mention.confidence < SURE_BODY
        unsure |= mention is not None and mention.kind == "pronoun" and self._passes_over(mention)
        if mention is None or unsure or self.names_nobody(source, mention) or self._are_two(source, mention):
            return Speaker(None, text, evidence), 1.0
        return Speaker(mention.actor, text, evidence), mention.confidence

    def _passes_over(self, mention: CastMention) -> bool:
        """Say whether an unsure pronoun reaches beyond its paragraph though another person is named in it before."""
        if mention.confidence >= SURE_PERSON or mention.type != "person":
            return False
        paragraph = self.trees.text.rfind("\n", 0, mention.start) + 1
        before = self.mentions[bisect_left(self.starts, paragraph) : bisect_left(self.starts, mention.start)]
        return self.names_person(paragraph, mention.start) and mention.actor not in {m.actor for m in before}

    def names_person(self, start: int, end: int) -> bool:
        """Say whether a person is named in ``[start, end)``."""
        between = self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]
        return any(m.kind == "name" and m.type == "person" for m in between)

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

        A name before a description, the longest first; not names elsewhere in it ("a spokesman for X").
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
        """Return the head with the tokens that name the same: apposition, rest of a name, a name before its kind."""
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
        low = bisect_left(self.starts, source.start - REACH_CHARS)
        high = bisect_left(self.starts, source.end)
        return [m for m in self.mentions[low:high] if m.end > source.start]

    def names_nobody(self, source: Source, mention: CastMention) -> bool:
        """Say whether the source is anonymous: an indefinite or bare noun that the mention does not name."""
        if mention.kind == "name" and mention.start <= self.trees.tokens[source.head].start < mention.end:
            return False
        if mention.kind == "name":  # an apposition names it: "a spokeswoman, Anna Berg"
            return False
        if mention.name.split(" ", 1)[0].lower() in INDEFINITE:
            return True  # the cast's own name for it is a description: "a senior official"
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
        """Return the last actor of the fitting type before token ``head``: a subject, else any."""
        position = self.trees.tokens[head].start
        fitting = [
            m
            for m in self.mentions[bisect_left(self.starts, since) : bisect_left(self.starts, position)]
            if (m.type == "person") == people and m.type in SPEAKING_TYPES
        ]
        subjects = [m for m in fitting if self._is_subject(m)] or fitting
        return subjects[-1] if subjects else None

    def _is_subject(self, mention: CastMention) -> bool:
        first, last = self.trees.tokens_in(mention.start, mention.end)
        return any(self.trees.label(i) == "nsubj" for i in range(first, last))
