"""Who is "I" and who are "we", inside a quotation and in the writer's own voice.

"I", "my", "me" mean whoever says the quotation: the attribution's source where the reader marks one, else the subject
of a verb of saying beside the marks. A quotation without a sayer of its own carries on the one before it in its
paragraph. "We" of a speaker are the body that the roles name (of 347 in the training piles' quotations 219, 41 the
speaker, 47 a group), "we" of the page its outlet. "You" stays open: whom it means is rarely said.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from storyledger.actors.chains import Chains
from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import Mark
from storyledger.actors.names import cut_article, split_words
from storyledger.actors.page import Page
from storyledger.types import Reading

SURE_SPEAKER, SURE_WRITER = 0.93, 0.8
QUESTIONS = 2  # paragraphs that end with a question mark make an interview


@dataclass(frozen=True, slots=True)
class Sayers:
    """Who says each quotation of an article, and which marks inside speak of themselves.

    ``speakers``: quotation -> the mark of who says it; ``talkers``: marks of "I" and "we" in a quotation with a sayer.
    """

    speakers: dict[int, Mark]
    talkers: frozenset[int]


def read_sayers(page: Page, reading: Reading, marks: list[Mark]) -> Sayers:
    """Return who says the quotations of an article."""
    speakers = find_speakers(page, reading, marks) if page.quotes else {}
    own = (
        m
        for m in marks
        if m.kind == "pronoun" and m.form in {"first", "first_plural"} and m.quote is not None and m.quote in speakers
    )
    return Sayers(speakers, frozenset(m.index for m in own))


def tie_speaker(chains: Chains, mark: Mark, speaker: int | None) -> None:
    """Join "I" inside a quotation to its speaker, where that may be one human being."""
    if speaker is not None and speaker != mark.index and _may_be_one(chains.members(speaker)):
        chains.join(mark.index, speaker, SURE_SPEAKER, "the speaker of the quotation")


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks in the writer's own words and is nowhere named in them: a chain of "we" or "I", its name and type."""

    chain: int
    name: str
    type: str


def tie_writers(
    page: Page, marks: list[Mark], chains: Chains, outlet: str | None, authors: Sequence[str]
) -> list[Voice]:
    """Join "we" in the writer's own voice to the outlet of the page, and "I" to its one author.

    Only where nobody else is meant whom the text has named. Not on a page that asks and is answered: there the answers
    say "I". Return whose chains name nobody: the outlet's or author's that the text does not name.
    """
    found = []
    for form, name, type_ in (
        ("first", authors[0] if len(authors) == 1 else None, "person"),
        ("first_plural", outlet, "outlet"),
    ):
        voice = _list_voice(page, marks, chains, form)
        if name is None or not voice or (form == "first" and _asks(page)):
            continue
        owner = _find_named(marks, name)
        _tie_voice(voice, owner or voice[0], chains)
        if owner is None and (form != "first" or len(voice) > 1):
            found.append(Voice(chains.find(voice[0].index), name, type_))
    return found


def _asks(page: Page) -> bool:
    """Tell whether several paragraphs of a page are questions: it is an interview."""
    ends = [*page.paragraphs, len(page.text)]
    return sum(page.text[max(0, end - 1) : end] == "?" for end in ends) >= QUESTIONS


def _list_voice(page: Page, marks: list[Mark], chains: Chains, form: str) -> list[Mark]:
    own = (m for m in marks if m.form == form and m.quote is None and _stands_in_text(page, m))
    return [m for m in own if all(x.kind == "pronoun" for x in chains.members(m.index))]


def _find_named(marks: list[Mark], name: str) -> Mark | None:
    wanted = split_words(cut_article(name))
    return next((m for m in marks if m.kind == "name" and split_words(cut_article(m.text)) == wanted), None)


def _tie_voice(voice: Sequence[Mark], owner: Mark | None, chains: Chains) -> None:
    for mark in voice if owner is not None else ():
        if owner is not None and mark is not owner:
            chains.join(mark.index, owner.index, SURE_WRITER, "the page speaks for itself")


def _stands_in_text(page: Page, mark: Mark) -> bool:
    return page.sentences[mark.sentence].kind in {"paragraph", "list"}


def _may_be_one(members: list[Mark]) -> bool:
    """Tell whether a chain may be one human being, who says "I"."""
    return not any(m.plural for m in members) and {c for m in members if (c := m.coarse)} <= {"person"}


def tie_same_quote(marks: list[Mark], chains: Chains, sayers: Sayers) -> None:
    """One quotation has one "I", whoever that is; where the speaker is known all are asked about later."""
    first: dict[int, Mark] = {}
    for mark in marks:
        if mark.kind == "pronoun" and mark.form == "first" and mark.quote is not None:
            known = first.setdefault(mark.quote, mark)
            if known is not mark and mark.index not in sayers.talkers:
                chains.join(mark.index, known.index, 0.95, "the speaker of the same quotation")


def find_speakers(page: Page, reading: Reading, marks: list[Mark]) -> dict[int, Mark]:
    """Return quotation -> the mark of who says it."""
    speakers = _read_attributions(page, reading, marks)
    for number, (start, end) in enumerate(page.quotes):
        if number not in speakers:
            found = _find_sayer(page, marks, start, end)
            if (
                found is None
                and number
                and number - 1 in speakers
                and "\n" not in page.text[page.quotes[number - 1][1] : start]
            ):
                found = speakers[number - 1]
            if found is not None:
                speakers[number] = found
    return speakers


def _read_attributions(page: Page, reading: Reading, marks: list[Mark]) -> dict[int, Mark]:
    found: dict[int, Mark] = {}
    for attribution in sorted(reading.attributions, key=lambda a: -a.score):
        if attribution.source is None:
            continue
        speaker = find_mark(marks, *attribution.source)
        if speaker is None or speaker.quote is not None:
            continue
        for start, end in attribution.content:
            number = page.quote_at((start + end) // 2)
            if number is not None:
                found.setdefault(number, speaker)
    return found


def find_mark(marks: list[Mark], start: int, end: int) -> Mark | None:
    """Return the mark that fits a range best: a name inside it first, then the longest overlap."""
    touching = [m for m in marks if m.start < end and start < m.end and m.end - m.start <= 2 * (end - start) + 10]
    if not touching:
        return None
    return max(touching, key=lambda m: (m.kind == "name", min(m.end, end) - max(m.start, start), -m.index))


def _find_sayer(page: Page, marks: list[Mark], start: int, end: int) -> Mark | None:
    """Return the subject of a verb of saying outside the quotation, in the sentences that it touches or the next."""
    first = bisect_right(page.starts, start) - 1
    last = bisect_right(page.starts, end) - 1
    if first < 0 or not page.sentences:
        return None
    low, high = page.sentence_of(max(first, 0)), page.sentence_of(last)
    by_head = {m.head: m for m in reversed(marks)}
    say = load_lexicon().say
    for number in (high, low, high + 1):
        if not 0 <= number < len(page.sentences):
            continue
        sentence = page.sentences[number]
        if number == high + 1 and "\n" in page.text[end : sentence.start]:
            continue
        for i in range(sentence.first, sentence.last):
            if page.lemma(i) in say and page.quote_at(page.tokens[i].start) is None:
                for child in page.children[i]:
                    if (
                        page.tokens[child].deprel.startswith("nsubj")
                        and child in by_head
                        and by_head[child].quote is None
                    ):
                        return by_head[child]
    return None
