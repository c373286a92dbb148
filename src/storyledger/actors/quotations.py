"""Who is "I" and who is "you" inside a quotation.

"I", "my", "me" mean whoever says the quotation: the attribution's source where the reader marks one, else the subject
of a verb of saying beside the marks. A quotation without a sayer of its own carries on the one before it in its
paragraph.
"We" and "you" stay open: whom they include is rarely said.
"""

from __future__ import annotations

from bisect import bisect_right

from storyledger.actors.chains import Chains
from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import Mark
from storyledger.actors.page import Page
from storyledger.types import Reading


def tie_quoted(page: Page, reading: Reading, marks: list[Mark], chains: Chains) -> None:
    """Join "I" and its forms inside each quotation to its speaker."""
    if not page.quotes:
        return
    speakers = find_speakers(page, reading, marks)
    for mark in marks:
        if mark.kind == "pronoun" and mark.form == "first" and mark.quote is not None:
            speaker = speakers.get(mark.quote)
            if speaker is not None and speaker.coarse in {"person", None} and speaker is not mark:
                chains.join(mark.index, speaker.index, 0.93, "the speaker of the quotation")
    _tie_same_quote(marks, chains)


def _tie_same_quote(marks: list[Mark], chains: Chains) -> None:
    """One quotation has one "I", whoever that is."""
    first: dict[int, Mark] = {}
    for mark in marks:
        if mark.kind == "pronoun" and mark.form == "first" and mark.quote is not None:
            known = first.setdefault(mark.quote, mark)
            if known is not mark:
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
