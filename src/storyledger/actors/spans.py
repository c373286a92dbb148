"""Which stretches of text are mentions, and how far they reach: the reader's mentions, cleaned and mended.

Names lose titles, articles, possessive endings and function words at their ends; halves of one name that stand side by
side become one; a body described by a nation ("the French government", "Danish police") is a name. Descriptions end
before their apposition. Adjectives of nationality are no mentions; peoples ("the Danes") are descriptions of a group.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from storyledger.actors.edges import mend_edges
from storyledger.actors.lexicon import load_given_names, load_lexicon
from storyledger.actors.names import spell_initials, split_words
from storyledger.actors.offices import (
    STYLED,
    find_office,
    is_bare_title,
    is_office,
    is_post,
    is_style,
    measure_office_end,
    measure_place,
    measure_title,
)
from storyledger.actors.page import Page
from storyledger.actors.repeats import find_repeats
from storyledger.actors.tagged import SPELT_IN, Spelling, has_tags, spell_names
from storyledger.nations import find_country, find_demonym
from storyledger.types import Mention, Reading

FUNCTION_WORDS = re.compile(r"(?:\s+(?:of|and|for|the|in|at|a|'s|’s|-))+$", re.IGNORECASE)
RELATIVES = frozenset({"who", "whom", "whose", "which"})  # a clause behind them describes, it is nobody of its own
QUARTER = re.compile(r"(?:North|South|East|West)\s")
MEND_REACH = 4  # words that a name may gain at one end; longer runs are headlines in capitals


@dataclass(slots=True)
class Proposal:
    """A stretch that is a mention; ``outer`` is the whole phrase of a name, where the reader marked it too."""

    start: int
    end: int
    kind: str
    type: str | None
    score: float
    head: int = -1
    outer: tuple[int, int] | None = None


def propose_spans(reading: Reading, page: Page) -> list[Proposal]:
    """Return the mentions of an article in text order, the longer of two that start together first.

    What has no place of its own in the page as saved is none: one such mention would cost its whole actor.
    """
    names = read_names(reading, page)
    if has_tags(reading):
        found = _add_descriptions(reading, page, spell_body(reading, page, names))
    else:
        found = promote_bodies(page, _add_descriptions(reading, page, names))
    return _order([p for p in found if page.edges.start_is_mapped(p.start) and page.edges.end_is_mapped(p.end)])


def _add_descriptions(reading: Reading, page: Page, names: list[Proposal]) -> list[Proposal]:
    """Return the names with the reader's other mentions, but those that are a name and what stands before it."""
    taken = {(p.start, p.end) for p in names}
    ends = {p.end: p for p in names if p.kind == "name"}
    ends |= {at: p for p in names if p.kind == "name" for at in range(p.start + 1, p.end)}  # cut short of the name
    found = list(names)
    for mention in reading.mentions:
        if mention.kind == "name" or (span := _clean_description(page, mention)) is None or span in taken:
            continue
        wrapped = _find_wrapped(page, span, ends)
        if wrapped is not None:
            low, high = wrapped.outer or (wrapped.start, wrapped.end)
            wrapped.outer = (min(low, span[0]), max(high, span[1]))
            continue
        taken.add(span)
        found.append(
            Proposal(*span, mention.kind, mention.type, mention.score, mention.head, (mention.start, mention.end))
        )
    return found


def _order(found: list[Proposal]) -> list[Proposal]:
    return sorted(found, key=lambda p: (p.start, -p.end, p.kind))


def spell_body(reading: Reading, page: Page, names: list[Proposal]) -> list[Proposal]:
    """Return the names as the tags spell them in the body of the page, as the reader has them elsewhere."""
    known = list_names(reading, page)
    spelt = [
        p
        for s in spell_names(page, reading, known)
        for p in _check_nation(page, page.tokens[s.first].start, page.tokens[s.last - 1].end, s)
    ]
    spelt = mend_edges(page.text, spelt)
    spelt = part_holders(page, drop_titles(page, split_names(page, drop_posts(page, reading, spelt))))
    spelt += [p for p in _repeat_names(page, spelt) if _stands_in_body(page, p)]
    for name in spelt:
        _take_surname(page, name)
    taken = {k for p in spelt for k in range(*page.token_range(p.start, p.end))}
    rest = [p for p in names if not _stands_in_body(page, p)]
    peoples = [p for p in names if p.kind == "nominal" and _stands_in_body(page, p)]
    free = [p for p in peoples if not taken & set(range(*page.token_range(p.start, p.end)))]
    return sorted([*spelt, *rest, *free], key=lambda p: p.start)


def _take_surname(page: Page, name: Proposal) -> None:
    """Let a given name reach over a capital word behind it that the tree takes for a verb: "Omar Said told"."""
    first, last = page.token_range(name.start, name.end)
    if name.type != "person" or last - first != 1 or not last < len(page.tokens) - 1:
        return
    token, behind = page.tokens[last], page.tokens[last + 1]
    verbs = token.upos in {"VERB", "AUX"} and behind.upos in {"VERB", "AUX"}
    capital = page.text[token.start].isupper() and page.text[token.start : token.end][1:].islower()
    beside = page.text[name.end : token.start] == " " and page.sentence_of(last) == page.sentence_of(first)
    if verbs and capital and beside and not _is_headline(page, page.sentence_of(first)):
        name.end, name.head = token.end, -1


def drop_posts(page: Page, reading: Reading, names: list[Proposal]) -> list[Proposal]:
    """Return the names with posts that were spelt as bodies as descriptions of who holds them ("the House Speaker").

    Where the reader has a description with the same words in it, that one stays and the name goes.
    """
    described = [(m.start, m.end) for m in reading.mentions if m.kind == "nominal"]
    kept: list[Proposal] = []
    for name in names:
        post = name.kind == "name" and name.type not in WORKS and is_post(page.text[name.start : name.end])
        if post and any(low <= name.start and name.end <= high for low, high in described):
            continue
        kept.append(Proposal(name.start, name.end, "nominal", "person", name.score) if post else name)
    return kept


WORKS = frozenset({"publication", "outlet", "event_name", "facility"})  # "Firefly Princess", "The Plain Leader"


def part_holders(page: Page, names: list[Proposal]) -> list[Proposal]:
    """Part what an office is held in from the name of who holds it: "President of | Chad | Amadou Deren"."""
    parted: list[Proposal] = []
    for name in names:
        text = page.text[name.start : name.end]
        size = measure_place(text, page.text[max(0, name.start - 120) : name.start]) if name.type == "person" else 0
        held = text[:size].rstrip()
        if held and split_words(held)[-1] not in load_lexicon().portfolios:
            kind = "country" if find_country(held) is not None else "place"
            parted.append(Proposal(name.start, name.start + len(held), "name", kind, name.score))
        parted.append(Proposal(name.start + size, name.end, name.kind, name.type, name.score) if size else name)
    return parted


def drop_titles(page: Page, names: list[Proposal]) -> list[Proposal]:
    """Return the names without titles that were spelt as names of their own before a person's ("Imam | Ali Brook")."""
    order = sorted(names, key=lambda p: p.start)
    titles = {id(p) for p, behind in pairwise(order) if _is_title_of(page, p, behind)}
    return [p for p in order if id(p) not in titles]


def _is_title_of(page: Page, name: Proposal, behind: Proposal) -> bool:
    words = split_words(page.text[name.start : name.end])
    title = (
        words[-1:] and words[-1] in load_lexicon().titles and (len(words) == 1 or words[0] not in load_given_names())
    )
    return bool(title) and behind.type == "person" and page.text[name.end : behind.start] in {" ", ". "}


def _check_nation(page: Page, start: int, end: int, spelt: Spelling) -> list[Proposal]:
    """Return a spelt name as a list; none for an adjective of nationality; a people ("the Danes") is described."""
    text = page.text[start:end]
    if _is_split_nation(page, start, end):
        return []
    if find_demonym(text) is None or find_country(text) is not None or spelt.type == "person":
        return [Proposal(start, end, "name", spelt.type, spelt.score)]
    plural = page.tokens[spelt.first].upos in {"NOUN", "PROPN"} and text.endswith("s")
    return [Proposal(start, end, "nominal", "group", spelt.score)] if plural else []


def _stands_in_body(page: Page, proposal: Proposal) -> bool:
    first = page.token_range(proposal.start, proposal.end)[0]
    return first < len(page.tokens) and page.sentences[page.sentence_of(first)].kind in SPELT_IN


def list_names(reading: Reading, page: Page) -> list[Proposal]:
    """Return all names that the reader's mentions give, bodies named by their nation too, in text order."""
    read = promote_bodies(page, _add_descriptions(reading, page, read_names(reading, page)))
    return [p for p in _order(read) if p.kind == "name"]


def read_names(reading: Reading, page: Page) -> list[Proposal]:
    """Return the reader's names, cleaned, mended and found again where it missed them, in text order."""
    names = [p for m in reading.mentions if m.kind == "name" and (p := _clean_name(page, m)) is not None]
    names = mend_names(page, split_names(page, _drop_overlaps(names)))
    return sorted([*names, *_repeat_names(page, names)], key=lambda p: p.start)


def _repeat_names(page: Page, names: list[Proposal]) -> list[Proposal]:
    return [Proposal(start, end, "name", kind, score) for start, end, kind, score in find_repeats(page, names)]


def _drop_overlaps(names: list[Proposal]) -> list[Proposal]:
    """Names never overlap; the one that starts first, or is longer, stays."""
    kept: list[Proposal] = []
    for name in sorted(names, key=lambda p: (p.start, -p.end)):
        if not kept or name.start >= kept[-1].end:
            kept.append(name)
    return kept


OWNER = re.compile(r"['’]s?\s+(?=[A-Z0-9])")
BOTH = re.compile(r"\s+and\s+(?:the\s+)?")


def split_names(page: Page, names: list[Proposal]) -> list[Proposal]:
    """Part two names that the reader took for one, where the article has them alone: "X and Y", "X's Y".

    Of an owner and what it owns, the owner must stand alone; of two side by side, both.
    """
    alone = {page.text[n.start : n.end]: n.type for n in names}
    parted: list[Proposal] = []
    for name in names:
        text = page.text[name.start : name.end]
        joints = [*OWNER.finditer(text), *BOTH.finditer(text)]
        joint = next((j for j in joints if _stand_alone(text[: j.start()], text[j.end() :], j, alone)), None)
        if joint is None:
            parted.append(name)
            continue
        for low, high in ((0, joint.start()), (joint.end(), len(text))):
            kind = alone.get(text[low:high], name.type)
            parted.append(Proposal(name.start + low, name.start + high, "name", kind, name.score))
    return parted


def _stand_alone(left: str, right: str, joint: re.Match[str], alone: dict[str, str | None]) -> bool:
    return left in alone and (right in alone or joint.re is OWNER)


def _clean_name(page: Page, mention: Mention) -> Proposal | None:
    """Cut what is not the name; None where it is an adjective or no word."""
    text = page.text[mention.start : mention.end]
    start, end = mention.start, mention.end
    tail = re.search(r"['’]s?$|[\s,;:.]+$", text)
    dotted = re.search(r"\b[A-Za-z]\.$|(?i:\b(?:inc|corp|co|ltd|jr|sr)\.$)", text)
    if tail and not (tail.group() == "." and dotted):
        end = mention.start + tail.start()
    if mention.type in {"place", "country"} and (common := re.search(r"(?<=\w)\s+[a-z]+$", page.text[start:end])):
        end = start + common.start()  # "the Northern Straits channel": the noun is not the name's
    if loose := FUNCTION_WORDS.search(page.text[start:end]):
        end = start + loose.start()
    if head := re.match(r"(?i:the|a|an)\s+", page.text[start:end]):
        start += head.end()
    start -= _measure_quarter(page, start, end)
    if _is_split_nation(page, start, end):
        return None
    if (style := STYLED.search(page.text[max(0, start - 6) : start])) and is_style(page.text[start:end]):
        return Proposal(start - len(style.group()), end, "nominal", "person", mention.score, mention.head)
    if mention.type == "person":
        if is_bare_title(page.text[start:end]):
            return None
        start += measure_title(page.text[start:end])
    elif is_office(page.text[start:end]):
        return None
    else:
        end -= measure_office_end(page.text[start:end])
    if start >= end or not any(c.isalnum() for c in page.text[start:end]):
        return None
    first, last = page.token_range(start, end)
    adjective = find_demonym(page.text[start:end]) is not None
    people = mention.type == "nationality" or (adjective and mention.type in {None, "country", "group"})
    people = people or (adjective and mention.type == "place" and QUARTER.match(page.text[start:end]) is not None)
    single = last - first == 1
    if people or (single and page.tokens[first].upos == "ADJ" and mention.type != "person"):
        plural = single and page.tokens[first].upos in {"NOUN", "PROPN"} and page.text[start:end].endswith("s")
        if not plural or find_country(page.text[start:end]) is not None:
            return None
        kind = "nominal" if find_demonym(page.text[start:end]) else "name"  # "the Danes" are described, "Quakers" named
        if kind == "nominal" and page.text[max(0, start - 4) : start].lower() == "the ":
            start -= 4
        return Proposal(start, end, kind, "group", mention.score)
    return Proposal(start, end, "name", mention.type, mention.score, mention.head)


def _measure_quarter(page: Page, start: int, end: int) -> int:
    """Return how many characters of "North " belong before a nation that the reader split: "North | Korean army"."""
    before = re.search(r"\b(?:North|South|East|West|[NSEW]\.)\s+$", page.text[max(0, start - 8) : start])
    first = page.text[start:end].split(" ", maxsplit=1)[0]
    if before is None or not first:
        return 0
    whole = f"{before[0].strip()} {first}"
    return len(before[0]) if find_demonym(whole) or find_country(whole) else 0


def _is_split_nation(page: Page, start: int, end: int) -> bool:
    """Tell whether a name is but the quarter of the nation behind it ("North" of "North Korean")."""
    if QUARTER.fullmatch(page.text[start:end] + " ") is None:
        return False
    following = re.match(r"\s+(\w+)", page.text[end : end + 24])
    whole = f"{page.text[start:end]} {following[1]}" if following else ""
    return bool(whole) and find_demonym(whole) is not None


def mend_names(page: Page, names: list[Proposal]) -> list[Proposal]:
    """Join halves of one name and let a name reach to the end of its run of capitals, where the tree ties them."""
    mended: list[Proposal] = []
    for name in join_by_acronym(page, names):
        before = mended[-1] if mended else None
        if before is not None and _are_halves(page, before, name):
            before.end, before.score, before.head = name.end, min(before.score, name.score), -1
            before.type = before.type if before.type == "person" or name.type is None else name.type
        else:
            mended.append(name)
    for i, name in enumerate(mended):
        limit = mended[i + 1].start if i + 1 < len(mended) else len(page.text)
        _extend(page, name, limit)
    return mended


def join_by_acronym(page: Page, names: list[Proposal]) -> list[Proposal]:
    """Join names with only "of", "and", "in" between them whose initials together are an acronym of this article."""
    acronyms = {a.lower() for a in re.findall(r"\b[A-Z]{3,7}\b", page.text)}
    joined: list[Proposal] = []
    skip = 0
    for i, name in enumerate(names):
        if i < skip:
            continue
        for j in range(min(i + 3, len(names) - 1), i, -1):
            between = [page.text[a.end : b.start] for a, b in zip(names[i:j], names[i + 1 : j + 1], strict=True)]
            whole = page.text[name.start : names[j].end]
            if (
                all(_SMALL_BETWEEN.fullmatch(b) for b in between)
                and spell_initials(whole) & acronyms
                and name.type != "person"
            ):
                joined.append(
                    Proposal(name.start, names[j].end, "name", "organisation", min(name.score, names[j].score))
                )
                skip = j + 1
                break
        else:
            joined.append(name)
    return joined


_SMALL_BETWEEN = re.compile(r"\s+(?:(?:of|and|in|for|on|the|&)\s+)*")


def _are_halves(page: Page, left: Proposal, right: Proposal) -> bool:
    """Tell whether two names side by side are one: a given name and a family name, or words tied as one name."""
    if page.text[left.end : right.start] not in {" ", "\u00a0"} or left.kind != "name" or right.kind != "name":
        return False
    a, b = page.token_range(left.start, left.end), page.token_range(right.start, right.end)
    if page.sentence_of(a[0]) != page.sentence_of(b[0]):
        return False
    one_word = a[1] - a[0] == 1
    tied = (
        page.tokens[a[1] - 1].head == b[1] - 1
        or b[0] <= page.tokens[a[1] - 1].head < b[1]
        or a[0] <= page.tokens[b[0]].head < a[1]
    )
    if (
        split_words(page.text[left.start : left.end])[-1:]
        and split_words(page.text[left.start : left.end])[-1] in load_lexicon().ship_prefixes
    ):
        return one_word
    if left.type == right.type == "person":
        return one_word
    if left.type == right.type and page.text[left.start : right.end].isupper():
        return True
    given = (
        one_word
        and split_words(page.text[left.start : left.end])[:1] != ()
        and split_words(page.text[left.start : left.end])[0] in load_given_names()
    )
    flat = page.tokens[b[0]].deprel == "flat" and a[0] <= page.tokens[b[0]].head < a[1]
    return tied and (flat or (given and "person" in {left.type, right.type}))


def _extend(page: Page, name: Proposal, limit: int) -> None:
    """Take in capitalised words right after a name that the tree ties to it ("Northland" + "Coast Guard")."""
    first, last = page.token_range(name.start, name.end)
    if name.kind != "name" or not 0 <= first < last or page.sentence_of(first) >= len(page.sentences):
        return
    stop = page.sentences[page.sentence_of(first)].last
    headline = _is_headline(page, page.sentence_of(first))
    reach = last
    while reach < min(stop, last + MEND_REACH):
        token = page.tokens[reach]
        solid = token.upos == "PROPN" or (token.upos in {"NOUN", "ADJ"} and not headline)
        capital = page.text[token.start].isupper() and solid and token.end <= limit
        apart = page.text[page.tokens[reach - 1].end : token.start]
        tied = first <= token.head < reach or any(first <= c < reach for c in page.children[reach])
        if not capital or apart not in {" ", "\u00a0"}:
            break
        reach += 1
        if tied and not page.text[name.start : name.end].isupper():
            name.end, name.head = page.tokens[reach - 1].end, -1
            name.type = "organisation" if name.type in {"country", "place"} and _is_body(page, reach - 1) else name.type
    if name.type != "person":
        name.end -= measure_office_end(page.text[name.start : name.end])


def _is_headline(page: Page, sentence: int) -> bool:
    """Tell whether most words of a sentence are capitalised, as titles are."""
    row = page.sentences[sentence]
    words = [page.text[t.start] for t in page.tokens[row.first : row.last] if page.text[t.start].isalpha()]
    return 2 * sum(w.isupper() for w in words) > len(words)


def _is_body(page: Page, token: int) -> bool:
    kinds = load_lexicon()
    return page.word(token) in kinds.kinds or kinds.head_types.get(page.word(token)) in {
        "organisation",
        "government",
        "armed_group",
        "outlet",
    }


def _clean_description(page: Page, mention: Mention) -> tuple[int, int] | None:
    """End a description before its apposition, relative clause or loose preposition; None where it is but marks."""
    first, last = page.token_range(mention.start, mention.end)
    if first >= last:
        return None
    while first + 1 < last and page.tokens[first].upos == "CCONJ":
        first += 1
    if mention.kind == "nominal" and page.word(first) in RELATIVES:
        return None
    head = mention.head if first <= mention.head < last else page.find_head(first, last)
    for child in page.children[head]:
        relation = page.tokens[child].deprel
        if child > head and (relation == "appos" or relation.startswith("acl:relcl")):
            before = min(page.subtree(child)) - 1
            while before > head and page.tokens[before].upos == "PUNCT":
                before -= 1
            if before + 1 < last and page.tokens[before + 1].upos == "PUNCT":
                last = before + 1
    while last - 1 > head and page.tokens[last - 1].upos in ("ADP", "DET", "CCONJ"):
        last -= 1
    start, end = max(mention.start, page.tokens[first].start), min(mention.end, page.tokens[last - 1].end)
    start = min([start, *(page.tokens[min(page.subtree(c))].start for c in find_holders(page, head))])
    return (start, end) if any(c.isalnum() for c in page.text[start:end]) else None


def find_holders(page: Page, head: int) -> list[int]:
    """Return whose office it is: "the mayor" of "the mayor's office", which speaks as a body; none of other nouns."""
    if page.word(head) not in load_lexicon().offices:
        return []
    return [c for c in page.children[head] if page.tokens[c].deprel == "nmod:poss" and page.tokens[c].upos != "PRON"]


_WRAPPING = re.compile(r"[,;:()]|\b(?:of|in|at|for|from|with|by|on|to|and|or|who|which|that|is|was)\b")


def _find_wrapped(page: Page, span: tuple[int, int], ends: dict[int, Proposal]) -> Proposal | None:
    """Return the name that a phrase ends in ("the ferry X", "Prime Minister Y's"), if the rest only describes it."""
    end = span[1]
    name = ends.get(end) or ends.get(end - 2) or ends.get(end - 1)
    if name is None or name.start < span[0]:
        return None
    front = page.text[span[0] : name.start]
    tail = page.text[name.end : max(name.end, end)]
    fronts = not _WRAPPING.search(front) or find_office(front) is not None
    return name if fronts and not tail.strip("'’s. ") else None


def promote_bodies(page: Page, proposals: list[Proposal]) -> list[Proposal]:
    """Make names of descriptions that name a body by its nation or leader; the nation inside is no mention then."""
    inside: list[tuple[int, int]] = []
    people = [p for p in proposals if p.kind == "name" and p.type == "person"]
    for proposal in proposals:
        if proposal.kind == "nominal" and (span := find_body_name(page, proposal, _near(people, proposal))) is not None:
            proposal.start, proposal.end, proposal.kind = span[0], span[1], "name"
            proposal.type, proposal.outer, proposal.head = span[2], None, -1
            inside.append((span[0], span[1]))
    kept = [
        p for p in proposals if (p.start, p.end) in inside or not any(s <= p.start and p.end <= e for s, e in inside)
    ]
    first: dict[tuple[int, int], Proposal] = {}
    for proposal in kept:
        first.setdefault((proposal.start, proposal.end), proposal)
    return list(first.values())


def _near(people: list[Proposal], proposal: Proposal) -> list[Proposal]:
    return [p for p in people if proposal.start <= p.start < proposal.end]


def find_body_name(page: Page, proposal: Proposal, people: list[Proposal]) -> tuple[int, int, str] | None:
    """Return range and type of "French government", "government of France", "Smith administration" in a phrase."""
    first, last = page.token_range(proposal.start, proposal.end)
    if first >= last:
        return None
    head = proposal.head if first <= proposal.head < last else page.find_head(first, last)
    type_ = load_lexicon().national_bodies.get(page.word(head))
    if type_ is None:
        return None
    leaders = [p for p in people if p.end < page.tokens[head].start and p.start >= proposal.start]
    low = head
    while low > first and page.tokens[low - 1].upos in {"ADJ", "NOUN", "PROPN"}:
        low -= 1
    national = [i for i in range(low, head) if _is_nation(page, i)]
    if any(page.word(i) in load_lexicon().national_bodies for i in range(low, head)):
        return None
    if national:
        start, end = page.tokens[national[0]].start, page.tokens[head].end
        return start - _measure_quarter(page, start, end), end, type_
    if head + 2 < len(page.tokens) and page.word(head + 1) == "of":
        after = head + 3 if page.word(head + 2) == "the" and head + 3 < len(page.tokens) else head + 2
        if _is_nation(page, after, adjective=False) and page.text[page.tokens[head].start].isupper():
            return page.tokens[head].start, page.tokens[after].end, type_
    if page.word(head) == "administration" and leaders and leaders[-1].end == page.tokens[head].start - 1:
        return leaders[-1].start, page.tokens[head].end, type_
    return None


def _is_nation(page: Page, token: int, *, adjective: bool = True) -> bool:
    text = page.text[page.tokens[token].start : page.tokens[token].end]
    if not text[:1].isupper():
        return False
    return find_country(text) is not None or (adjective and find_demonym(text) is not None)
