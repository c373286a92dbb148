"""The story in the sources' own sentences: what a reader with ten minutes is told first, in order of time.

A report says the most important thing first, so that the first sentences of the pages, each origin once, tell a story
that goes on for weeks; what the events weigh, whom the pages name most, and what no chosen sentence tells yet decide
between them. Invariant: a line's day is told by its own sentence, or it is the day of its page and said to be.
This module must not know HTML.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from storyledger.language import content_stems, load_frequencies, stem_word
from storyledger.report.asking import find_count
from storyledger.report.lookup import Lookup
from storyledger.report.sentences import Line, Sentence, Sentences, count_words
from storyledger.report.timeline import day_number
from storyledger.report.wording import date_article, say_interval
from storyledger.types import Article, Event, Evidence, Interval

MOST_LINES, LEAST_LINES = 15, 8
PAGES_A_LINE = 4  # a story of 60 pages and more is told in all lines that there may be, however alike they sound
SMALL = 10  # times that all pages are more than those of a small story
SHORTEST_WORDS, GOOD_WORDS, LONGEST_WORDS = 7, 40, 60
LEADING = (1.0, 0.55, 0.35, 0.25, 0.15)  # how much a page's first sentences have of its story
EVENT_WEIGHT, NAME_WEIGHT, CENTRE_WEIGHT = 0.5, 0.25, 0.8
COUNTED_WEIGHT, MANY_FIGURES = 0.3, 6  # a number that many pages give is what readers ask for first
CENTRE_SCALE = 4.0  # a sentence that has a quarter of the pages' common words is as central as any
SAME_PAGE, SAME_WORDS = 0.45, 1.1  # what a second line of a page loses, and one that tells what is told
SAME_EVENT = 0.5  # as like as half of its words, where few tellings are of one event
FEW_TELLINGS = 10  # an event of more is a whole story: its tellings tell different things
JUDGING, LONG_WINDED = 0.8, 0.3  # what a line in loaded words loses, and one that runs on
HEADLINE_WEIGHT = 0.5  # of a headline's words in the sentence: a first sentence that sets a scene has few of them
UNTOLD = 0.4  # what a line loses that begins with "The goods were" where nobody knows of any goods
OFTEN = 0.1  # of all texts have the word: "the government", "the police" need no telling
KNOWN = 0.2  # of a story's pages have the word in their first sentences: a reader knows of it by then
LOOK_BACK = 0.2  # what a line loses whose only time is long before its page
LEAST_WORTH = 0.15  # a line of less is left out, once there are enough
DECK_WORDS = 20  # of a deck that no full stop ends
PRINTED_DAYS = 4
REVISED_SHARE = 0.5
TOO_LIKE = 0.6  # of the rarer words in common, a line tells what another does
FAR_DAYS = 400  # a day farther back from its page is a look back: it does not place the line in the story
# what a page says of its own player or browser; saved as text it stands among the sentences
_NOTICE = re.compile(
    r"(?i)\b(javascript|flash player|your browser)\b.{0,60}"
    r"\b(turn(ed)? on|enabled?|install(ed)?|support(s|ed)?|upgrade)\b"
)


# a list's points in a line, a picture's credit or a page's shelf before its sentence, a stamp
_TORN = re.compile(
    r"(?:^|\s)\\?[*•]\s|^(?:(?:Photograph|Photo|Picture|Image|Video|Tag)s?|Filed under|Posted in):|^\d{4}[ -]\d\d"
)
# "The goods were", "The professor, who": a thing that something said before has told
_DEFINITE_SUBJECT = re.compile(
    r"(?:The|Those|These) ([a-z]{3,})(?:,| (?:who|which|that|was|were|is|are|has|had|have|will|would|said|says)\b)"
)


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A sentence of the story. ``when``: told by it, None where only its page's day is known."""

    line: Line
    when: Interval | None
    status: str

    @property
    def evidence(self) -> Evidence:
        """The page's words."""
        return self.line.evidence


@dataclass(frozen=True, slots=True)
class Pool:
    """Sentences that may be told: how rare each word is among them, and what each of them weighs."""

    rows: tuple[Sentence, ...]
    rarity: dict[str, float]
    worth: dict[Sentence, float]
    weights: dict[tuple[str, int], float] = field(default_factory=dict)  # of a sentence's words, by its place


def deal_lines(pages: Sequence[int], lines: int, least: int) -> list[int]:
    """Return how many of ``lines`` each of several stories gets, by how many pages it has.

    Each gets ``least``, a page of its own one, and one with under a tenth of all pages a line for two of its own; the
    rest goes by pages: dealt evenly, an epidemic of 69 pages was told in four lines and a hoax of four in three.
    """
    if len(pages) == 1:
        return [lines]
    total = sum(pages)
    first = [min(least, (count + 1) // 2) if count * SMALL < total else min(least, 2 * count - 1) for count in pages]
    rest = max(0, lines - sum(first))
    return [own + rest * count // max(1, total) for own, count in zip(first, pages, strict=True)]


class Teller:
    """Chooses the sentences that tell a story."""

    def __init__(self, lookup: Lookup, sentences: Sentences) -> None:
        """Weigh words by how few sentences have them, and sentences by the events told in them."""
        self._lookup, self._sentences = lookup, sentences
        self._events: dict[tuple[str, int], list[Event]] = {}
        for event in lookup.story.events:
            for mention in event.mentions:
                found = sentences.at(mention)
                if found:
                    self._events.setdefault((found.document, found.start), []).append(event)
        self._judging = set(self._find_judging())
        self._counted = self._find_counted()
        self._named_on = {a.id: len({lookup.origin(m.document) for m in a.mentions}) for a in lookup.story.actors}
        self._stems: dict[tuple[str, int], frozenset[str]] = {}
        self._pools: dict[tuple[str, ...], Pool] = {}

    def pool(self, documents: Iterable[str]) -> Pool:
        """Return the sentences of ``documents`` that may be told, each origin once, with what they weigh."""
        articles = self._choose_pages(documents)
        key = tuple(a.id for a in articles)
        if key not in self._pools:
            body = [s for a in articles for s in self._sentences.of(a.id) if s.kind in ("paragraph", "deck")]
            printed = self._find_printed(body)
            rows = tuple(s for s in body if self._fits(s) and self._read(s) not in printed)
            rarity = self._weigh_words(rows)
            centre = self._find_centre(rows, rarity)
            self._pools[key] = Pool(rows, rarity, {s: self._worth(s, rarity, centre) for s in rows})
        return self._pools[key]

    def tell(self, documents: Iterable[str], most: int = MOST_LINES, since: str | None = None) -> list[StoryLine]:
        """Return the story of ``documents`` in order of time; with ``since`` only what their later pages tell."""
        pool = self.pool(documents)
        happening = {s: w for s, w in pool.worth.items() if self._happens(s)} or pool.worth
        fair = {s: w for s, w in happening.items() if (s.document, s.start) not in self._judging}
        happening = fair if len(fair) >= LEAST_LINES else happening
        if since:
            happening = {s: w for s, w in happening.items() if (self._lookup.date(s.document) or "") >= since}
        chosen = self.choose(happening, pool, most)
        if since:  # what an earlier page tells in like words is not new
            before = [s for s in pool.rows if (self._lookup.date(s.document) or "") < since]
            chosen = [s for s in chosen if all(self.alike(s, b, pool) < TOO_LIKE for b in before)]
        return sorted((self._make(s) for s in chosen), key=self._order)

    def _choose_pages(self, documents: Iterable[str]) -> list[Article]:
        """Return one page of each origin: the first to tell it, never a copy of it, and its outlet's later ones of it.

        Of two of these the earlier is left out where the later has most of it.
        """
        wanted = [self._lookup.articles[d] for d in documents if d in self._lookup.articles]
        by_origin: dict[str, list[Article]] = {}
        for article in sorted(wanted, key=lambda a: (date_article(a) or "9", a.copy_of is not None, a.path, a.id)):
            kept = by_origin.setdefault(article.origin or article.id, [])
            revised = article.copy_of is not None and article.copy_of.kind == "revision"
            if not kept:
                kept.append(article)
            elif revised and article.outlet == kept[0].outlet:
                kept[:] = [*(k for k in kept if self._share_in(k, article) < REVISED_SHARE), article]
        return [article for kept in by_origin.values() for article in kept]

    def _share_in(self, first: Article, later: Article) -> float:
        """Return the share of the first page's sentences that the later one prints."""
        ours, theirs = ([self._read(s) for s in self._sentences.of(a.id)] for a in (first, later))
        return len(set(ours) & set(theirs)) / max(1, len(set(ours)))

    def _find_judging(self) -> Iterator[tuple[str, int]]:
        """Yield the sentences whose words judge: their outlet's own, set beside the others' as framing."""
        for comparison in self._lookup.story.comparisons:
            if comparison.kind == "framing":
                for side in comparison.sides:
                    for evidence in side.evidence if side.position.startswith("“") else ():
                        found = self._sentences.at(evidence)
                        if found:
                            yield found.document, found.start

    def _find_counted(self) -> dict[tuple[str, int], int]:
        """Return by sentence how many figures stand beside its number in the ledger."""
        counted: dict[tuple[str, int], int] = {}
        for quantity in self._lookup.story.ledger:
            for key in quantity.entries:
                figure = self._lookup.figures.get(key)
                known = figure and (figure.unit != "people" or find_count(figure.evidence.text))
                found = self._sentences.at(figure.evidence) if figure and known else None
                if found:
                    place = found.document, found.start
                    counted[place] = max(counted.get(place, 0), len(quantity.entries))
        return counted

    def _fits(self, sentence: Sentence) -> bool:
        if not sentence.whole or sentence.spoken:
            return False
        line = self._sentences.line(sentence)
        text = line.evidence.text
        if sentence.kind == "deck" and not text.rstrip('”" ').endswith(".") and count_words(text) > DECK_WORDS:
            return False  # several highlights that run on
        if (
            text.rstrip().endswith(("?", "!"))
            or _NOTICE.search(text)
            or _TORN.search(text)
            or text.count("(") != text.count(")")
        ):
            return False
        return line.fit and SHORTEST_WORDS <= count_words(line.evidence.text) <= LONGEST_WORDS

    def _read(self, sentence: Sentence) -> str:
        text = self._lookup.articles[sentence.document].text
        return " ".join(text[sentence.start : sentence.end].split())

    def _find_printed(self, rows: Sequence[Sentence]) -> set[str]:
        """Return the sentences that pages of several days print word for word: a site shows them on each page."""
        days: dict[str, set[str]] = {}
        for sentence in rows:
            days.setdefault(self._read(sentence), set()).add(self._lookup.date(sentence.document) or "")
        return {words for words, on in days.items() if len(on) >= PRINTED_DAYS}

    def _happens(self, sentence: Sentence) -> bool:
        """Whether something happens in it: no caption, no list, no rule."""
        return not self._lookup.story.events or (sentence.document, sentence.start) in self._events

    def words(self, sentence: Sentence) -> frozenset[str]:
        """Return the stems of the sentence's content."""
        key = (sentence.document, sentence.start)
        if key not in self._stems:
            self._stems[key] = content_stems(self._sentences.line(sentence).evidence.text)
        return self._stems[key]

    def _weigh_words(self, rows: Sequence[Sentence]) -> dict[str, float]:
        counts: dict[str, int] = {}
        for sentence in rows:
            for word in self.words(sentence):
                counts[word] = counts.get(word, 0) + 1
        return {word: math.log(1 + len(rows) / count) for word, count in counts.items()}

    def _find_centre(self, rows: Sequence[Sentence], rarity: dict[str, float]) -> dict[str, float]:
        """Return each word's share of the pages that have it in their first sentences: what the story is about."""
        pages: dict[str, set[str]] = {}
        for sentence in rows:
            if sentence.place < len(LEADING):
                for word in self.words(sentence):
                    pages.setdefault(word, set()).add(sentence.document)
        count = max(len({s.document for s in rows}), 1)
        return {word: len(found) / count for word, found in pages.items() if word in rarity}

    def _worth(self, sentence: Sentence, rarity: dict[str, float], centre: dict[str, float]) -> float:
        words = self.words(sentence)
        weight = math.fsum(rarity[w] for w in words) or 1.0
        about = min(CENTRE_SCALE * math.fsum(rarity[w] * centre.get(w, 0.0) for w in words) / weight, 1.0)
        leading = LEADING[sentence.place] if sentence.place < len(LEADING) else 0.0
        events = self._events.get((sentence.document, sentence.start), ())
        told = max((self.weigh_event(e) for e in events), default=0.0)
        names = sum(self._named_on.get(key, 0) > 1 for key in self._sentences.named_in(sentence))
        numbers = any(c.isdigit() for c in self._sentences.line(sentence).evidence.text)
        worth = leading * (0.4 + 0.6 * about) + CENTRE_WEIGHT * about
        worth += EVENT_WEIGHT * told + NAME_WEIGHT * min(names + numbers, 3) / 3
        counted = self._counted.get((sentence.document, sentence.start), 0)
        worth += COUNTED_WEIGHT * min(counted, MANY_FIGURES) / MANY_FIGURES
        worth += HEADLINE_WEIGHT * self._share_headline(sentence, rarity)
        worth -= UNTOLD * self._is_untold(sentence, centre)
        worth -= LOOK_BACK * self._is_look_back(sentence)
        worth -= JUDGING * ((sentence.document, sentence.start) in self._judging)
        length = count_words(self._sentences.line(sentence).evidence.text)
        return worth - LONG_WINDED * max(0, length - GOOD_WORDS) / (LONGEST_WORDS - GOOD_WORDS)

    def _share_headline(self, sentence: Sentence, rarity: dict[str, float]) -> float:
        """Return the share of its page's headline, by the rarity of its words, that the sentence has."""
        title = content_stems(self._lookup.articles[sentence.document].title or "")
        whole = math.fsum(rarity.get(w, 1.0) for w in title)
        return math.fsum(rarity.get(w, 1.0) for w in title & self.words(sentence)) / whole if whole else 0.0

    def _is_untold(self, sentence: Sentence, centre: dict[str, float]) -> bool:
        found = _DEFINITE_SUBJECT.match(self._sentences.line(sentence).evidence.text)
        if found is None:
            return False
        texts, frequencies = load_frequencies()
        known = max((centre.get(w, 0.0) for w in content_stems(found[1])), default=1.0)
        return known < KNOWN and frequencies.get(stem_word(found[1]), 0) < OFTEN * texts

    def _is_look_back(self, sentence: Sentence) -> bool:
        """Whether the sentence names a time, and none but one long before its page."""
        if self._sentences.line(sentence).when:
            return False
        told, page = self._sentences.looks_back(sentence), day_number(self._lookup.date(sentence.document) or None)
        last = day_number(told.latest, last=True) if told else None
        return page is not None and last is not None and page - last > FAR_DAYS

    def weigh_event(self, event: Event) -> float:
        """Return what an event weighs: how important and sure it is, and how many origins tell it."""
        _, origins = self._lookup.count_support(event.mentions)
        return event.importance * event.confidence * (1 + 0.25 * min(origins, 8)) / 3

    def choose(self, scored: Mapping[Sentence, float], pool: Pool, most: int) -> list[Sentence]:
        """Return the best of ``scored``, at most ``most``: each next one by its weight and what it adds."""
        chosen: list[Sentence] = []
        least = min(max(LEAST_LINES, len({s.document for s in pool.rows}) // PAGES_A_LINE), MOST_LINES)
        left = dict(scored)
        likest = dict.fromkeys(left, 0.0)
        pages: dict[str, int] = {}
        while left and len(chosen) < most:
            best = max(
                left,
                key=lambda s: (
                    left[s] - SAME_WORDS * likest[s] - SAME_PAGE * pages.get(s.document, 0),
                    s.document,
                    -s.start,
                ),
            )
            worth = left.pop(best) - SAME_WORDS * likest[best] - SAME_PAGE * pages.get(best.document, 0)
            if worth < LEAST_WORTH and len(chosen) >= least:
                break
            if likest[best] >= TOO_LIKE:
                continue
            chosen.append(best)
            pages[best.document] = pages.get(best.document, 0) + 1
            for other in left:
                likest[other] = max(likest[other], self.alike(other, best, pool))
        return chosen

    def alike(self, a: Sentence, b: Sentence, pool: Pool) -> float:
        """Return the share of the lighter sentence's words, by their rarity, that the other has too."""
        rarity = pool.rarity
        events_a, events_b = (self._few(s) for s in (a, b))
        words_a, words_b = self.words(a), self.words(b)
        lighter = min(self._weigh_sentence(s, words, pool) for s, words in ((a, words_a), (b, words_b)))
        alike = math.fsum(rarity.get(w, 1.0) for w in words_a & words_b) / max(lighter, 1e-9)
        return max(alike, SAME_EVENT if events_a & events_b else 0.0)

    def _weigh_sentence(self, sentence: Sentence, words: frozenset[str], pool: Pool) -> float:
        place = sentence.document, sentence.start
        if place not in pool.weights:
            pool.weights[place] = math.fsum(pool.rarity.get(w, 1.0) for w in words)
        return pool.weights[place]

    def _few(self, sentence: Sentence) -> set[str]:
        events = self._events.get((sentence.document, sentence.start), ())
        return {e.id for e in events if len(e.mentions) < FEW_TELLINGS}

    def _make(self, sentence: Sentence) -> StoryLine:
        line = self._sentences.line(sentence)
        events = self._events.get((sentence.document, sentence.start), [])
        event = max(events, key=lambda e: (self.weigh_event(e), e.id), default=None)
        status = event.status if event and event.confidence >= 0.5 else "reported"
        when = line.when if line.when and self._is_near(line.when, sentence) else None
        if when is None and self._is_look_back(sentence):
            when = self._sentences.starts_from(sentence)
        return StoryLine(line, when, status)

    def _is_near(self, when: Interval, sentence: Sentence) -> bool:
        """Whether the day places the line: not far back, and not after its page, which cannot tell what comes."""
        article = self._lookup.articles[sentence.document]
        published = article.published or article.published_latest or ""
        told = day_number(when.earliest)
        page = day_number(published, last=True)
        return told is not None and (page is None or page - FAR_DAYS <= told <= page)

    def _order(self, row: StoryLine) -> tuple[str, str, int]:
        published = date_article(self._lookup.articles[row.line.sentence.document])
        told = (row.when.earliest if row.when else None) or published or "9"
        return told, published or "9", row.line.sentence.start


def say_line_day(lookup: Lookup, row: StoryLine) -> str:
    """Return the day that the sentence tells; else that of its page, said to be that."""
    if row.when:
        return say_interval(row.when.earliest, row.when.latest)
    article = lookup.articles[row.line.sentence.document]
    if not (article.published or article.published_earliest or article.published_latest):
        return "undated"
    exact = article.published if article.published_basis != "inferred" else None
    words = say_interval(exact or article.published_earliest, exact or article.published_latest)
    return f"told {words}"
