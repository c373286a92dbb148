"""Passages of open news and copies of them in which one thing was changed, or nothing.

There is no open inference data that news needs, so it is made: from GMB news and Wikinews, one number,
date, speaker, participant, polarity or cause is changed in a copy, or a sentence is cut; other copies are
untouched or only reworded. What is made is never committed. The names that are swapped come from the
tags of GMB, not from the code that is measured. Deterministic for a seed.
"""

from __future__ import annotations

import gzip
import html
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
PASSAGE_SENTENCES = 5
KINDS = ("number", "date", "speaker", "participant", "polarity", "cause", "cut")
_END = re.compile(r"(?<=[.!?])[”\"']*\s+(?=[“\"']?[A-Z])")


@dataclass(frozen=True)
class Pair:
    """A passage, its copy, what was changed in which sentence of the first (None: nothing), and the source."""

    a: tuple[str, ...]
    b: tuple[str, ...]
    kind: str | None
    sentence: int | None
    source: str
    reworded: bool


def read_gmb() -> tuple[list[tuple[str, ...]], dict[str, list[str]]]:
    """Return the passages of GMB news and its names by tag (per, org, geo)."""
    sentences, words, names = [], [], {"per": set(), "org": set(), "geo": set()}
    current: list[tuple[str, str]] = []

    def close() -> None:
        if current and current[0][1] in names:
            names[current[0][1]].add(" ".join(w for w, _ in current))
        current.clear()

    with gzip.open(SHARED / "names" / "gmb-news.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            parts = line.rstrip("\n").split("\t")
            if len(parts) < 3:
                close()
                if words:
                    sentences.append(_join(words))
                words = []
                continue
            words.append(parts[0])
            mark, _, tag = parts[2].partition("-")
            if mark != "I":
                close()
            if mark in ("B", "I"):
                current.append((parts[0], tag))
    passages = [tuple(sentences[i : i + PASSAGE_SENTENCES]) for i in range(0, len(sentences) - 4, PASSAGE_SENTENCES)]
    return passages, {tag: sorted(n for n in found if n[0].isupper() and len(n) > 3) for tag, found in names.items()}


def _join(words: list[str]) -> str:
    text = " ".join(words)
    text = re.sub(r" ([.,;:!?%)]|'s\b|n't\b)", r"\1", text)
    return re.sub(r"([($]) ", r"\1", text)


def read_wikinews() -> list[tuple[str, ...]]:
    """Return the passages of the Wikinews articles."""
    passages = []
    with gzip.open(SHARED / "wikinews" / "articles.json.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            parts = json.loads(line)["document"]
            body = [html.unescape(p["value"]).strip() for p in parts if p["name"].startswith("body_par")]
            sentences = [s.strip() for p in body for s in _END.split(p) if len(s.split()) >= 4]
            passages += [
                tuple(sentences[i : i + PASSAGE_SENTENCES]) for i in range(0, len(sentences) - 2, PASSAGE_SENTENCES)
            ]
    return [p for p in passages if len(p) >= 3]


# ----------------------------------------------------------------------------- changing one thing

_NUMBER = re.compile(r"(?<![\w.,-])(\d{1,3}(?:,\d{3})+|\d+)(?![\w,-]*\d)(?!\s*(?:st|nd|rd|th)\b)")
_WORD_NUMBERS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_CAUSE = re.compile(r"\b(because of|because|due to|led to|in order to|in response to|caused by|as a result of)\b ")
_AUX = re.compile(r"\b(will|would|is|was|are|were|has|have|had|can|could|should|did|does|do)\b(?! not|n't)")
_SWAPS = [
    ("agreed to", "refused to"), ("refused to", "agreed to"), ("accepted", "rejected"), ("rejected", "accepted"),
    ("confirmed", "denied"), ("denied", "confirmed"), ("supports", "opposes"), ("opposes", "supports"),
    ("increased", "decreased"), ("failed to", "managed to"), ("likely", "unlikely"), ("approved", "rejected"),
    ("allowed", "barred"), ("rose", "fell"), ("guilty", "innocent"), ("welcomed", "rejected"),
]  # fmt: skip


def change_sentence(
    kind: str, text: str, names: dict[str, list[str]], tails: dict[str, list[str]], rng: random.Random
) -> str | None:
    """Return ``text`` with one thing of ``kind`` changed, None where it has nothing of the kind."""
    return _CHANGERS[kind](text, names, tails, rng)


def _change_number(text: str, _names: object, _tails: object, rng: random.Random) -> str | None:
    found = [
        m for m in _NUMBER.finditer(text) if not re.fullmatch(r"(?:19|20)\d\d", m.group(1)) and not _dated(text, m)
    ]
    if found:
        match = rng.choice(found)
        value = int(match.group(1).replace(",", ""))
        other = (
            max(1, round(value * rng.choice([0.5, 0.7, 1.3, 1.5, 2, 3])))
            if value > 3
            else value + rng.choice([2, 3, 5])
        )
        other += other == value
        return text[: match.start(1)] + f"{other:,}" + text[match.end(1) :]
    words = [m for w in _WORD_NUMBERS for m in re.finditer(rf"\b{w}\b", text)]
    if not words:
        return None
    match = rng.choice(words)
    return text[: match.start()] + rng.choice([w for w in _WORD_NUMBERS if w != match.group()]) + text[match.end() :]


def _dated(text: str, match: re.Match[str]) -> bool:
    months = "|".join([*_MONTHS, "May"])
    before, after = text[: match.start()], text[match.end() :]
    return bool(re.search(rf"(?:{months})\.? $", before) or re.match(rf" (?:{months})", after))


def _change_date(text: str, _names: object, _tails: object, rng: random.Random) -> str | None:
    for table in rng.sample([_WEEKDAYS, _MONTHS], 2):
        found = [m for w in table for m in re.finditer(rf"\b{w}\b", text)]
        if found:
            match = rng.choice(found)
            return text[: match.start()] + rng.choice([w for w in table if w != match.group()]) + text[match.end() :]
    years = list(re.finditer(r"\b(?:19|20)\d\d\b", text))
    if not years:
        return None
    match = rng.choice(years)
    return text[: match.start()] + str(int(match.group()) + rng.choice([-3, -2, -1, 1, 2, 4])) + text[match.end() :]


_SPEAKER = re.compile(
    r"\b((?:[A-Z][a-zà-ÿ'-]+ )?[A-Z][a-zà-ÿ'-]+),? (?=said\b|says\b|told\b|added\b|announced\b|warned\b)"
    r"|(?<=according to )([A-Z][\w'-]+ [A-Z][\w'-]+)"
)


_NO_NAME = {
    *_WEEKDAYS,
    *_MONTHS,
    "He",
    "She",
    "It",
    "They",
    "We",
    "I",
    "You",
    "The",
    "A",
    "Who",
    "U.S",
    "This",
    "But",
    "And",
    "As",
}


def _change_speaker(text: str, names: dict[str, list[str]], _tails: object, rng: random.Random) -> str | None:
    people = [m for m in _SPEAKER.finditer(text) if not _NO_NAME & set((m.group(1) or m.group(2)).split())]
    if not people:
        return None
    match = rng.choice(people)
    group = 1 if match.group(1) else 2
    other = _other_name(match.group(group), names["per"], rng)
    return text[: match.start(group)] + other + text[match.end(group) :]


def _change_participant(text: str, names: dict[str, list[str]], _tails: object, rng: random.Random) -> str | None:
    found = []
    for tag in ("per", "org", "geo"):
        known = _known(tag, names)
        found += [
            (m, tag)
            for m in re.finditer(r"\b[A-Z][\w.'-]*(?: [A-Z][\w.'-]*)*", text)
            if m.group() in known and m.start() > 0
        ]
    found = [
        (m, tag) for m, tag in found if not re.match(r",? (?:said|says|told|added|announced|warned)", text[m.end() :])
    ]
    if not found:
        return None
    match, tag = rng.choice(found)
    return text[: match.start()] + _other_name(match.group(), names[tag], rng) + text[match.end() :]


_KNOWN: dict[str, frozenset[str]] = {}


def _known(tag: str, names: dict[str, list[str]]) -> frozenset[str]:
    return _KNOWN.setdefault(tag, frozenset(names[tag]))


def _other_name(name: str, pool: list[str], rng: random.Random) -> str:
    words = set(name.lower().split())
    while True:
        other = rng.choice(pool)
        if not words & set(other.lower().split()) and other[:4] != name[:4]:
            return other


def _change_polarity(text: str, _names: object, _tails: object, rng: random.Random) -> str | None:
    if " not " in text:
        return text.replace(" not ", " ", 1)
    swaps = [(a, b) for a, b in _SWAPS if re.search(rf"\b{a}\b", text)]
    if swaps and rng.random() < 0.6:
        a, b = rng.choice(swaps)
        return re.sub(rf"\b{a}\b", b, text, count=1)
    match = _AUX.search(text)
    return None if match is None else text[: match.end()] + " not" + text[match.end() :]


def _change_cause(text: str, _names: object, tails: dict[str, list[str]], rng: random.Random) -> str | None:
    match = _CAUSE.search(text)
    if match is None or len(tails[match.group(1)]) < 3 or len(text) - match.end() < 12:
        return None
    tail = rng.choice([t for t in tails[match.group(1)] if t not in text])
    return text[: match.end()] + tail


def _cut(_text: str, _names: object, _tails: object, _rng: random.Random) -> str | None:
    return ""


_CHANGERS = {
    "number": _change_number, "date": _change_date, "speaker": _change_speaker, "participant": _change_participant,
    "polarity": _change_polarity, "cause": _change_cause, "cut": _cut,
}  # fmt: skip


def collect_tails(passages: list[tuple[str, ...]]) -> dict[str, list[str]]:
    """Return by causal cue what follows it in other sentences: the causes that are put in."""
    tails: dict[str, list[str]] = {}
    for passage in passages:
        for sentence in passage:
            match = _CAUSE.search(sentence)
            if match is not None and len(sentence) - match.end() > 12:
                tails.setdefault(match.group(1), []).append(sentence[match.end() :])
    return tails


# ----------------------------------------------------------------------------- saying it otherwise

_SYNONYMS = [
    ("officials", "authorities"), ("authorities", "officials"), ("killed", "left dead"),
    ("wounded", "injured"), ("injured", "wounded"),
    ("troops", "soldiers"), ("soldiers", "troops"), ("attack", "assault"), ("country", "nation"), ("began", "started"),
    ("also", "further"), ("large", "big"), ("near", "close to"), ("several", "a number of"), ("about", "some"),
    ("countries", "nations"), ("talks", "negotiations"), ("help", "assist"), ("group", "organisation"),
    ("blast", "explosion"), ("explosion", "blast"), ("said that", "said"), ("says that", "says"), ("mainly", "chiefly"),
    ("following", "after"),
    ("demonstrators", "protesters"), ("house", "home"), ("lawmakers", "legislators"), ("last year", "the year before"),
    ("arrested", "detained"), ("children", "youngsters"), ("Thousands", "Many thousands"), ("will not", "won't"),
    ("did not", "didn't"), ("must", "has to"), ("ended", "finished"), ("U.S.", "American"),
    ("get", "obtain"), ("show", "indicate"),
    ("police", "police officers"),
]  # fmt: skip


def reword(text: str, rng: random.Random) -> str:
    """Return ``text`` said otherwise, with the same meaning: other words, order, forms of numbers and days."""
    for step in rng.sample(_REWORDINGS, rng.randint(2, 5)):
        text = step(text, rng)
    return text


def _use_synonyms(text: str, rng: random.Random) -> str:
    for a, b in rng.sample(_SYNONYMS, len(_SYNONYMS)):
        if rng.random() < 0.6:
            text = re.sub(rf"(?<![\w’'-]){re.escape(a)}(?![\w’'-])", b, text, count=1)
    return text


def _move_speaker(text: str, _rng: random.Random) -> str:
    match = re.match(
        r"^((?:The |A |An )?[A-Z][\w'. -]{2,40}?) (said|says) (?:that )?(?!in\b|on\b)(\w[^“”\"]{20,})\.$", text
    )
    if match is None or any(day in match.group(3)[:24] for day in _WEEKDAYS):
        return text
    return f"{match.group(3)[0].upper()}{match.group(3)[1:]}, {match.group(1)} {match.group(2)}."


def _quote_first(text: str, _rng: random.Random) -> str:
    match = re.match(r"^([^“”\"]{20,}), ((?:the |a |an )?[A-Z]?[\w'. -]{2,40}) (said|says)\.$", text)
    return text if match is None else f"According to {match.group(2)}, {match.group(1)[0].lower()}{match.group(1)[1:]}."


def _write_numbers(text: str, _rng: random.Random) -> str:
    for value, word in enumerate(_WORD_NUMBERS, 2):
        if value >= 10 or re.search(rf"(?<![\w.,-]){value}(?![\w.,-])", text):
            text = re.sub(rf"(?<![\w.,$-]){value}(?![\w.,%-]|\d)(?= [a-z])", word, text)
        else:
            text = re.sub(rf"\b{word}\b(?= [a-z])", str(value), text)
    return text


def _drop_aside(text: str, _rng: random.Random) -> str:
    return re.sub(r"(?<=\w), (?!and|or|but|said|says)[^,.;“”\"]{5,60}, (?=[a-z])", " ", text, count=1)


def _drop_adverb(text: str, _rng: random.Random) -> str:
    return re.sub(
        r"\b(?:also|recently|reportedly|earlier|however|meanwhile|currently|officially|largely),? ", "", text, count=1
    )


def _drop_tail(text: str, rng: random.Random) -> str:
    cut = text.rfind(", ")
    if cut > 0.6 * len(text) and rng.random() < 0.6 and "said" not in text[cut:] and "says" not in text[cut:]:
        return text[:cut] + "."
    return text


def _turn_date(text: str, _rng: random.Random) -> str:
    return re.sub(rf"\b({'|'.join([*_MONTHS, 'May'])}) (\d{{1,2}})\b(?!,? ?\d)", r"\2 \1", text)


def _shorten_name(text: str, _rng: random.Random) -> str:
    return re.sub(
        r"\b(?:President|Minister|Senator|Secretary|General) [A-Z][a-z]+ (?=[A-Z][a-z]+)", "Mr. ", text, count=1
    )


def _round_number(text: str, _rng: random.Random) -> str:
    match = re.search(r"(?<![\w.,$-])(\d{1,3}(?:,\d{3})+)(?![\w,.-]*\d)", text)
    if match is None:
        return text
    value = int(match.group(1).replace(",", ""))
    step = 10 ** (len(str(value)) - 2)
    rounded = value // step * step
    return text if rounded == value else text[: match.start()] + f"more than {rounded:,}" + text[match.end() :]


_REWORDINGS = [
    _use_synonyms, _move_speaker, _quote_first, _write_numbers, _drop_aside, _drop_adverb, _drop_tail, _turn_date,
    _shorten_name, _round_number,
]  # fmt: skip


def make_pairs(
    source: str, passages: list[tuple[str, ...]], names: dict[str, list[str]], count: int, seed: int
) -> Iterator[Pair]:
    """Yield ``count`` pairs for each kind of change, and as many untouched or reworded as changed ones."""
    rng = random.Random(seed)
    tails = collect_tails(passages)
    order = rng.sample(passages, len(passages))
    for kind in KINDS:
        made = 0
        for passage in order:
            if made == count:
                break
            pair = _change_passage(kind, passage, source, names, tails, rng)
            if pair is not None:
                made += 1
                yield pair
        rng.shuffle(order)
    for number, passage in enumerate(order[: count * len(KINDS)]):
        reworded = number % 2 == 1
        yield Pair(passage, _reword_all(passage, rng) if reworded else passage, None, None, source, reworded)


def _change_passage(
    kind: str,
    passage: tuple[str, ...],
    source: str,
    names: dict[str, list[str]],
    tails: dict[str, list[str]],
    rng: random.Random,
) -> Pair | None:
    for number in rng.sample(range(len(passage)), len(passage)):
        if kind == "cut" and len(passage[number].split()) < 6:
            continue
        changed = change_sentence(kind, passage[number], names, tails, rng)
        if changed is None or changed == passage[number]:
            continue
        copy = [*passage[:number], changed, *passage[number + 1 :]]
        reworded = rng.random() < 0.5
        if reworded:
            copy = [reword(s, rng) if s != changed or kind == "cut" or rng.random() < 0.5 else s for s in copy]
        return Pair(passage, tuple(s for s in copy if s), kind, number, source, reworded)
    return None


def _reword_all(passage: tuple[str, ...], rng: random.Random) -> tuple[str, ...]:
    copy = [reword(sentence, rng) for sentence in passage]
    if rng.random() < 0.3:
        first = rng.randrange(len(copy) - 1)
        copy[first], copy[first + 1] = copy[first + 1], copy[first]
    return tuple(copy)
