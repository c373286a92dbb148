"""Brings every corpus's names into one scheme, keeping what a corpus cannot say open.

The scheme (``PRODUCT``): PER, ORG, LOC, NAT (demonyms), MISC (works, events, agreements, equipment),
IOB2, without leading titles and determiners. A word's target is the *set* of tags that its corpus
allows: UNER says nothing of demonyms and works, so its O allows O, NAT and MISC. The loss is the
negative log of the probability of the set.
"""

from __future__ import annotations

from pathlib import Path

import pycountry
from babel import Locale

from storyledger.nations import read_places
from train.corpora import NameSpan, Sent, bio_spans, is_name

KINDS = ("PER", "ORG", "LOC", "NAT", "MISC")
PRODUCT = ("O", *(f"{p}-{k}" for k in KINDS for p in "BI"))
INDEX = {tag: i for i, tag in enumerate(PRODUCT)}
LEXICON = Path(__file__).resolve().parents[1] / "src/storyledger/reading/lexicon"
TITLES = {
    tuple(line.split())
    for line in (LEXICON / "titles.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
}
DETERMINERS = {"the", "a", "an", "this", "that", "these", "those", "its", "his", "her", "their", "our", "my", "your"}


def place_names() -> set[str]:
    """Return countries and cities above 200,000 people, lower case."""
    names = {c.name.lower() for c in pycountry.countries} | {n.lower() for n in Locale("en").territories.values()}
    rows = read_places()
    return names | {name.lower() for kind, _, name, people in rows if kind == "city" and int(people) > 200_000}


def strip_person(words: list[str], first: int, last: int) -> int:
    """Return where a person's name begins: after the last title in it ("Iraqi President X")."""
    start = strip_titles(words, first, last)
    for k in range(last - 2, start, -1):
        if (words[k].lower(),) in TITLES and words[k].lower() not in {"king", "prince", "major", "dean", "chief"}:
            return strip_titles(words, k, last)
    return start


def strip_other(words: list[str], first: int, last: int) -> int:
    """Return where the name of what is no person begins: capitalised titles are its own ("General Electric")."""
    return strip_titles(words, first, last, own=True)


def strip_titles(words: list[str], first: int, last: int, *, own: bool = False) -> int:
    """Return where the name begins in ``words[first:last]`` once determiners and titles are passed.

    ``own``: capitalised titles without a full stop belong to the name.
    """
    start = first
    while start < last - 1:
        rest = [w.lower() for w in words[start:last]]
        kept = own and words[start][:1].isupper() and not words[start].endswith(".")
        step = next((k for k in (3, 2, 1) if not kept and k < len(rest) and tuple(rest[:k]) in TITLES), 0)
        if not step and rest[0] in DETERMINERS:
            step = 1
        if not step:
            break
        start += step
    return start


def gum_names(sent: Sent) -> list[NameSpan]:
    """Return outermost names: mentions headed by a proper noun, titles and determiners stripped."""
    assert sent.mentions is not None
    assert sent.upos is not None
    assert sent.heads is not None
    kinds = {"person": "PER", "organization": "ORG", "place": "LOC"}
    found: list[NameSpan] = []
    for first, last, kind, _ in sent.mentions:
        heads = [i for i in range(first, last) if not first <= sent.heads[i] < last or sent.heads[i] == i]
        heads = [i for i in heads if sent.upos[i] != "PUNCT"]
        if len(heads) != 1 or sent.upos[heads[0]] != "PROPN":
            continue
        a, b = trim_name(sent, first, last, heads[0], kind)
        bare = tuple(w.lower() for w in sent.words[a:b])
        if bare in TITLES or not any(w[:1].isupper() or w[:1].isdigit() for w in sent.words[a:b]):
            continue
        if kind == "time" or (kind == "abstract" and not sent.words[a][:1].isupper()):
            continue
        found.append((a, b, kinds.get(kind, "MISC")))
    found.sort(key=lambda s: (s[0], -s[1]))
    outer: list[NameSpan] = []
    for span in found:
        if not outer or span[0] >= outer[-1][1]:
            outer.append(span)
    return outer


NAMELIKE = {"PROPN", "NUM"}


def trim_name(sent: Sent, first: int, last: int, head: int, kind: str) -> tuple[int, int]:
    """Return the stretch around ``head`` made of proper nouns and what joins them (of, and, the, hyphens)."""
    assert sent.upos is not None
    words = sent.words

    def named(i: int) -> bool:
        return sent.upos[i] in NAMELIKE or (
            words[i][:1].isupper() and sent.upos[i] not in {"DET", "PRON", "AUX", "ADP"}
        )

    end = head + 1
    while end < last and (
        named(end)
        or (
            words[end].lower() in {"of", "for", "and", "-", "the", "al", "de", "&", "/", "'s"}
            and end + 1 < last
            and any(named(k) for k in range(end + 1, min(last, end + 3)))
            and sent.upos[end + 1] != "VERB"
        )
    ):
        end += 1
    start = head
    while start > first and (
        named(start - 1)
        or (words[start - 1] in {"-", "of", "'s", "and", "&"} and start - 2 >= first and named(start - 2))
    ):
        start -= 1
    return (strip_person if kind == "person" else strip_other)(words, start, end), end


def spans_to_tags(length: int, spans: list[NameSpan]) -> list[str]:
    """Return IOB2 tags."""
    tags = ["O"] * length
    for first, last, kind in spans:
        tags[first] = f"B-{kind}"
        for i in range(first + 1, last):
            tags[i] = f"I-{kind}"
    return tags


def product_targets(sent: Sent, places: set[str]) -> list[int] | None:
    """Return for each word the bit set of allowed ``PRODUCT`` tags, or None where the corpus has no names."""
    n = len(sent.words)
    if sent.corpus == "gum":
        return exact(spans_to_tags(n, gum_names(sent)), nationality_open=True)
    if "uner" in sent.names:
        return open_outside(n, bio_spans(sent.names["uner"]))
    if "gmb" in sent.names:
        return gmb_targets(sent, places)
    if "wiki" in sent.names:
        return wiki_targets(sent)
    if "re3d" in sent.names:
        return [0 if t == "?" else bits(t) for t in sent.names["re3d"]]
    if "crossner" in sent.names:
        return crossner_targets(sent)
    return None


def bits(*tags: str) -> int:
    """Return the bit set of tags."""
    return sum(1 << INDEX[t] for t in tags)


NAT_TAGS = ("B-NAT", "I-NAT")
OTHER = ("B-NAT", "I-NAT", "B-MISC", "I-MISC")


def exact(tags: list[str], nationality_open: bool) -> list[int]:
    """Return targets that allow just the tags; O may be a demonym where the corpus does not mark them."""
    return [bits(t, *(NAT_TAGS if nationality_open and t == "O" else ())) for t in tags]


def open_outside(n: int, spans: list[NameSpan]) -> list[int]:
    """Return targets for a corpus of PER, ORG, LOC: all else may be a demonym or miscellaneous."""
    out = [bits("O", *OTHER)] * n
    for first, last, kind in spans:
        for i in range(first, last):
            p = "B" if i == first else "I"
            if kind in ("PER", "ORG", "LOC"):
                out[i] = bits(f"{p}-{kind}")
            elif kind == "OTH":
                out[i] = bits(f"{p}-NAT", f"{p}-MISC")
            else:
                out[i] = sum(1 << i for i in range(len(PRODUCT)))
    return out


def wiki_targets(sent: Sent) -> list[int]:
    """Return targets for Wikigold: MISC there holds demonyms too."""
    return [bits(t, t[:2] + "NAT") if t.endswith("MISC") else bits(t) for t in sent.names["wiki"]]


def gmb_targets(sent: Sent, places: set[str]) -> list[int]:
    """Return targets for gmb-news: titles stripped, demonyms told from places, countries never bound to ORG."""
    penn, words = sent.names["penn"], sent.words
    out = [bits("O")] * len(words)
    for first, last, kind in bio_spans(sent.names["gmb"]):
        if kind == "tim":
            continue
        start = first
        allowed: tuple[str, ...]
        if kind == "per":
            start = strip_person(words, first, last)
            if start == last - 1 and (words[start].lower(),) in TITLES:
                continue
            allowed = ("PER",)
        elif kind == "org":
            start = strip_other(words, first, last) if words[first].lower() == "the" else first
            allowed = ("ORG", "LOC") if " ".join(words[first:last]).lower() in places else ("ORG",)
        elif kind == "geo":
            allowed = ("LOC",)
        elif kind == "gpe":
            country = " ".join(words[first:last]).lower() in places
            allowed = ("LOC",) if country else ("NAT",) if penn[last - 1] in ("JJ", "NNS", "NNPS") else ("NAT", "LOC")
        else:
            allowed = ("MISC", "ORG") if kind == "art" else ("MISC",)
        for i in range(start, last):
            out[i] = bits(*(f"{'B' if i == start else 'I'}-{k}" for k in allowed))
    return out


CROSSNER = {
    "person": "PER",
    "politician": "PER",
    "organisation": "ORG",
    "politicalparty": "ORG",
    "location": "LOC",
    "country": "LOC",
}


def crossner_targets(sent: Sent) -> list[int]:
    """Return targets for CrossNER politics; elections, events and the rest are MISC or demonyms."""
    out = []
    for tag in sent.names["crossner"]:
        kind = CROSSNER.get(tag[2:])
        out.append(
            bits("O", *NAT_TAGS)
            if tag == "O"
            else bits(f"{tag[0]}-{kind}")
            if kind
            else bits(f"{tag[0]}-MISC", f"{tag[0]}-NAT")
        )
    return out


def re3d_sents(documents: list[tuple[str, list[tuple[int, int]], list[tuple[int, int, str]]]]) -> list[Sent]:
    """Return re3d's documents as sentences cut at full stops and blank lines; phrases that are no names are "?"."""
    sents = []
    for number, (text, tokens, spans) in enumerate(documents):
        tags = ["O"] * len(tokens)
        for begin, end, kind in sorted(spans, key=lambda s: s[1] - s[0]):
            inside = [i for i, (a, b) in enumerate(tokens) if begin <= a and b <= end]
            if not inside or not kind:
                continue
            words = [text[a:b] for a, b in tokens]
            first, last = inside[0], inside[-1] + 1
            start = (strip_person if kind == "PER" else strip_other)(words, first, last)
            if is_name(words[start:last]) and (tuple(w.lower() for w in words[start:last]) not in TITLES):
                tags[start:last] = [f"B-{kind}", *[f"I-{kind}"] * (last - start - 1)]
            else:
                tags[first:last] = [t if t[0] in "BI" else "?" for t in tags[first:last]]
        first = 0
        for i, (a, b) in enumerate(tokens):
            following = tokens[i + 1][0] if i + 1 < len(tokens) else len(text)
            blank = "\n" in text[b:following]
            if i + 1 == len(tokens) or blank or (text[a:b] in ".!?" and text[following : following + 1].isupper()):
                part = tokens[first : i + 1]
                spaces = [k + 1 < len(tokens) and tokens[k + 1][0] > tokens[k][1] for k in range(first, i + 1)]
                kept = tags[first : i + 1]
                kept = [
                    ("B" + t[1:] if t[:2] == "I-" and (k == 0 or kept[k - 1][2:] != t[2:]) else t)
                    for k, t in enumerate(kept)
                ]
                sents.append(Sent("re3d", f"re3d-{number}", [text[x:y] for x, y in part], spaces, names={"re3d": kept}))
                first = i + 1
    return sents


def gmb_product(sent: Sent) -> list[NameSpan]:
    """Return gmb-news's names in the product's convention: titles stripped, demonyms left out."""
    found: list[NameSpan] = []
    for first, last, kind in bio_spans(sent.names["gmb"]):
        big = {"per": "PER", "org": "ORG", "geo": "LOC", "gpe": "LOC"}.get(kind)
        if big is None or (kind == "gpe" and sent.names["penn"][last - 1] in ("JJ", "NNS", "NNPS")):
            continue
        start = (strip_person if kind == "per" else strip_other)(sent.words, first, last)
        found.append((start, last, big))
    return found
