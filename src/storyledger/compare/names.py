"""What the actors say about the sources: one body under several names, one name for two bodies.

Invariant: variants are forms of the name itself; a shorter form of the same name, a title or an
ending is none. This module must not merge or split actors.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from rapidfuzz.distance import OSA

from storyledger.caching import keep_answers
from storyledger.compare.index import (
    PileIndex,
    cut_evidence,
    make_comparison,
    name_mentions,
    pick_evidence,
)
from storyledger.compare.likeness import BODY
from storyledger.compare.origins import Partition
from storyledger.compare.slots import is_country
from storyledger.compare.variants import FEATURES, Form, find_pairs, look_around, measure_forms
from storyledger.compare.words import cue_set, load_cues
from storyledger.folding import fold_text
from storyledger.linkage import load_weights
from storyledger.types import Actor, ActorMention, Comparison, Evidence, Side, Story

_BODIES = ("organisation", "armed_group", "government", "agreement", "facility", "weapon_system")
_SPELT = ("person", "organisation", "armed_group", "agreement", "facility", "place", "event_name")
_ENDINGS = ("s", "n", "i", "an", "ian", "ish", "ese", "is", "ns", "ians")
_DOTS = re.compile(r"(?<=\b[A-Za-z])\.")
_TOKEN = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_RENAMED = re.compile(
    r"\b(?:(?:formerly|previously)(?!\s+(?!known\b|called\b|named\b)[a-z]+\s+(?:by|in|at|for|of|with|from|to|on|as)\b)|"
    r"renamed|rebranded|known as|known by|known here|changed its name|also known|better known|"
    r"known (?:[\w-]+ ){1,6}as|nicknamed|also called|alias|in civil life|whose real name|née|in plain [A-Z]\w+|"
    r"which (?:\w+ ){1,2}calls?|calls itself)\b|^ \(in [A-Z]\w+: “?$"
)
# what renames stands right behind the name: "Ana Ruiz maintains that the ship, known as" is about the ship
_BESIDE = re.compile(
    r"^(?:[,”\"]|\s[(–—-]|\s(?:is|was|are|were|has been|had been|better|formerly|also|known|alias|née|calls|nicknamed|"
    r"renamed|changed|in)\b)"
)
_OR = re.compile(r"^,? or (?:the )?[“\"]?$")  # "the Irmandade do Norte, or Northern Brotherhood, a gang"
_OR_AFTER = re.compile(r"^[”\"]?(?:[,;)]| \()")
_TO_SOME = re.compile(r"^[”\"]? to (?:its|his|her|their|the)\b")  # "Mukendi Ngalula, Maman Jo to her members"
_SON_OF = frozenset(("bin", "ibn", "ben", "bint", "ould", "mac", "ap"))
MAX_VARIANTS = 8
NAMES_ON = 2  # "Oltepesi, which Kgalane calls Mogotlho Gate": a name may stand between
RENAME_CHARS = 50  # between two names that a clause says are one
MOST_CLAUSE_CHARS = 160
MOST_NAME_CHARS = 60
SHORTEST_SPELT = 4  # letters of a word whose spelling is compared
MOST_OF_A_SOUND = 40
LONGEST_PARTICLE = 3  # letters of van, von, del, ole; a longer word in small letters is no part of a name
SHORT_WORD = 5  # letters; a letter more or less makes another short name: Maria, Marta
LEAST_PART = 3  # letters of a word that stands run together with another
BEGINNING = 4  # letters in which spellings of a long word agree, where they do not sound alike: Meikuaya, Meikwaya
LONG_WORD, LONG_ALIKE = 8, 0.7  # of a word whose neighbours in the name agree
ALIKE, NEARLY = 0.6, 0.8  # of the letters of the longer word are the other's
LINKED = 0.6  # of the links that a fold had not seen, read by networks that had not: 94 of 117 are of one from here on
# and that bears out a name of one word: on the training piles all of 16 such, none of 3 without; on real ones 7 without
# were of two people
LONE_LINKED = 0.5
MOST_PLACES = 12  # of all sides
SPELT_SURE, NAMED_SURE = 0.85, 0.8  # how often such comparisons were right on the training piles
_LIKE = str.maketrans(
    {"q": "k", "c": "k", "g": "k", "y": "i", "j": "i", "w": "v", "z": "s", "f": "v", "p": "b", "t": "d"}
)


def compare_names(story: Story, index: PileIndex) -> list[Comparison]:
    """Return spellings of one name, names that a clause says are of one, and initials that two bodies share."""
    forms = gather_forms(story, index)
    links = find_links(forms, index)
    return [*join_forms(forms, links, index), *_find_other_names(index, forms), *_find_shared_initials(story, index)]


def gather_forms(story: Story, index: PileIndex) -> list[Form]:
    """Return the forms of names of actors that have spellings, in order of their words."""
    found: dict[tuple[str, ...], list[tuple[ActorMention, str]]] = {}
    for actor in story.actors:
        if actor.type in _SPELT:
            for mention in name_mentions(index, actor):
                if len(mention.text) <= MOST_NAME_CHARS and not mention.text.isupper():
                    words = bare_person(mention.text) if actor.type == "person" else bare_name(mention.text)
                    found.setdefault(words, []).append((mention, actor.id))
    return [
        Form(
            words,
            tuple(sorted((m for m, _ in rows), key=lambda m: (index.rank[m.document], m.start))),
            frozenset(m.document for m, _ in rows),
            frozenset(a for _, a in rows),
            frozenset(index.actors[a].type for _, a in rows),
        )
        for words, rows in sorted(found.items())
        if words
    ]


def find_links(forms: Sequence[Form], index: PileIndex) -> dict[tuple[int, int], float]:
    """Return the pairs (i < j) of forms that may name one actor in two ways, with how likely they do.

    Raises:
        ValueError: the weights were fitted on other features than ``variants.FEATURES``.
    """
    looks = look_around(forms, index)
    pairs = find_pairs(forms, looks)
    if not pairs:
        return {}
    weights = load_weights(__package__, "variant.json")
    if weights.features != tuple(FEATURES):
        raise ValueError("variant.json was fitted on other features: run python -m train.variants")
    return dict(zip(pairs, weights.probabilities(measure_forms(forms, looks, pairs)).tolist(), strict=True))


def join_forms(forms: Sequence[Form], links: Mapping[tuple[int, int], float], index: PileIndex) -> list[Comparison]:
    """Return one comparison for each name that the pile writes in several ways, whoever its forms are taken to mean.

    Args:
        forms: of the pile.
        links: by pair of forms how likely both name one.
        index: the pile's lookups.
    """
    groups, by_key = Partition(), _by_skeleton(forms)
    pairs = {(i, j) for held in by_key.values() for n, i in enumerate(held) for j in held[n + 1 :]}
    sure = {
        (i, j): SPELT_SURE
        for i, j in sorted(pairs)
        if are_spellings(forms[i].words, forms[j].words)
        and _may_be_one(forms[i], forms[j])
        and _is_borne_out(forms[i], forms[j], links.get((i, j), 0.0))
    }
    sure |= {
        (i, j): likely
        for (i, j), likely in sorted(links.items())
        if likely >= LINKED and (i, j) not in sure and not _is_of_there(forms[i].words, forms[j].words)
    }
    for i, j in sure:
        groups.join(str(i), str(j))
    joined: dict[str, set[int]] = {}
    weakest: dict[str, float] = {}
    for (i, j), likely in sure.items():
        root = groups.find(str(i))
        joined.setdefault(root, set()).update((i, j))
        weakest[root] = min(likely, weakest.get(root, 1.0))
    return [
        _show_variants([forms[i] for i in sorted(members)], weakest[root], index)
        for root, members in sorted(joined.items())
    ]


def _by_skeleton(forms: Sequence[Form]) -> dict[str, list[int]]:
    """Return the forms by the sound of each longer word; a sound that many forms share tells nothing."""
    found: dict[str, list[int]] = {}
    for number, form in enumerate(forms):
        for key in sorted(_sounds(form.words)):
            found.setdefault(key, []).append(number)
    return {key: held for key, held in found.items() if len(held) <= MOST_OF_A_SOUND}


def _sounds(words: tuple[str, ...]) -> set[str]:
    """Return the keys under which spellings meet: sounds of words, of two run together, and how long words begin."""
    joined = [a + b for a, b in pairwise(words)]
    sounds = {skeleton(w) for w in (*words, *joined) if len(w) >= SHORTEST_SPELT}
    return sounds | {f"{fold_text(w)[:BEGINNING]}-" for w in (*words, *joined) if len(w) > SHORT_WORD}


@keep_answers(65_536)
def skeleton(word: str) -> str:
    """Return how a word sounds, roughly: first letter and consonants, like ones made one, doubles once, no h."""
    plain = re.sub(r"[^a-z]", "", fold_text(word))
    plain = plain.translate(_LIKE).replace("ks", "s").replace("ts", "s")
    rest = re.sub(r"[aeiouh]", "", plain[1:])
    first = "a" if plain[:1] in "aeiou" else plain[:1]  # Aurelia, Orelia; Yermekov, Ermekov
    return re.sub(r"(.)\1+", r"\1", first + rest)


def are_spellings(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Return whether two forms are one name written in two ways: some word is spelt otherwise, or the order is another.

    Each word of the shorter one must be a word of the longer, as it is, in another spelling or as its initial.
    """
    short, long = sorted((a, b), key=len)
    alone = len(short) == 1 < len(long) and len(short[0]) > SHORT_WORD
    if alone and fold_text(short[0]) == fold_text("".join(long[-2:])):
        return True  # "Maria De Vries", "Devries"
    if a == b or len(short) + 1 < len(long):
        return False
    if len(short) < len(long) and _run_together(short, long):
        return True
    if len(a) == len(b) > 1 and sorted(a) == sorted(b):
        return not _SON_OF & {*a}  # Thani bin Hamad is not Hamad bin Thani
    rest, other = list(long), 0
    alone = len(short) < len(long) and len(short) == 1
    for word in short:
        same = next((w for w in rest if w == word), None)
        near = same or next((w for w in rest if _near_words(word, w, NEARLY if alone else ALIKE)), None)
        near = near or next((w for w in rest if len(short) > 1 and _long_alike(word, w)), None)
        near = near or next((w for w in rest if len(word) == 1 and w.startswith(word)), None)
        if near is None:
            return False
        rest.remove(near)
        other += near != word and len(word) > 1
    return other > 0


def _long_alike(a: str, b: str) -> bool:
    """Return whether two long words, in names whose other words are alike, are near enough: Echeveste, Echeveria."""
    one, two = fold_text(a), fold_text(b)
    long = max(len(one), len(two))
    alike = 1.0 - OSA.distance(one, two) / long
    return min(len(one), len(two)) >= LONG_WORD and one[:3] == two[:3] and alike >= LONG_ALIKE


def _run_together(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Return whether two words of the longer form stand as one in the shorter: "Bou Karam", "Boukaram"."""
    for n, (a, b) in enumerate(pairwise(long)):
        joined = (*long[:n], a + b, *long[n + 2 :])
        same = [x == y or _near_words(x, y, NEARLY) for x, y in zip(short, joined, strict=True)]
        if all(same) and len(short[n]) > SHORT_WORD and min(len(a), len(b)) >= LEAST_PART:
            return True
    return False


def _is_of_there(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Return whether one form is the other with an ending: "Orlenian" is who or what is of Orlen."""
    short, long = sorted((" ".join(a), " ".join(b)), key=len)
    return long.startswith(short) and long[len(short) :] in _ENDINGS


def _may_be_one(a: Form, b: Form) -> bool:
    """Return whether no page writes both as two: one page, two spellings, are two names unless they are one actor's."""
    one_kind = bool(a.types & b.types) or any(_nearly_one(x, y) for x in a.words for y in b.words)
    return one_kind and (not a.documents & b.documents or bool(a.actors & b.actors))


def _is_borne_out(a: Form, b: Form, likely: float) -> bool:
    """Return whether more than the letters speaks for a name of one word: Green is not Megan Greene, nor Jackie Jacko.

    That both were taken for one actor does, or what stands around them; letters that differ by accents or a space do.
    """
    short, long = sorted((fold_text(" ".join(form.words)).split() for form in (a, b)), key=len)
    if len(short) > 1 or a.actors & b.actors or likely >= LONE_LINKED:
        return True
    return short[0] in (*long, "".join(long[-2:]))


def _nearly_one(a: str, b: str) -> bool:
    """Return whether two long words differ by a letter in eight: then one who is taken for a place may be a person."""
    long = max(len(a), len(b))
    return a != b and min(len(a), len(b)) > SHORT_WORD and OSA.distance(a, b) <= long / 8


def _show_variants(forms: Sequence[Form], sure: float, index: PileIndex) -> Comparison:
    chosen = sorted(forms, key=lambda f: (-len(f.words), -len(f.mentions), f.words))[:MAX_VARIANTS]
    limit = max(1, MOST_PLACES // len(chosen))
    sides = [
        Side(_without_title(f.mentions[0].text, f.words), pick_evidence(index, _places(f.mentions, index), limit))
        for f in chosen
    ]
    name = sides[0].position
    if sure >= SPELT_SURE:
        why = f"These are spellings of one name, {name}: the words differ by a few letters or in their order."
        return make_comparison("name_variant", f"{name}: spellings", sides, SPELT_SURE, why)
    why = f"These are likely names of one, {name}: in words, by who stands beside them and what is told around them."
    return make_comparison("name_variant", f"{name}: names", sides, sure, why)


def _find_other_names(index: PileIndex, forms: Sequence[Form]) -> list[Comparison]:
    """One comparison for each pair of names that a clause sets side by side as names of one ("better known as")."""
    at: dict[str, list[tuple[int, int, int]]] = {}
    for number, form in enumerate(forms):
        for m in form.mentions:
            at.setdefault(m.document, []).append((m.start, m.end, number))
    told: dict[tuple[int, int], list[Evidence]] = {}
    for document, rows in sorted(at.items()):
        text = index.articles[document].text
        ordered = sorted(rows)
        beside = ((a, b) for n, a in enumerate(ordered) for b in ordered[n + 1 : n + 1 + NAMES_ON])
        for (s1, e1, n1), (s2, e2, n2) in beside:
            apart = n1 != n2 and 0 < s2 - e1 <= RENAME_CHARS and e2 - s1 <= MOST_CLAUSE_CHARS
            if apart and _says_one(text[e1:s2], text[e2 : e2 + 12], bool(forms[n1].types & forms[n2].types)):
                told.setdefault((min(n1, n2), max(n1, n2)), []).append(cut_evidence(index, document, s1, e2))
    found = []
    for (i, j), clauses in sorted(told.items()):
        sides = [
            Side(forms[n].mentions[0].text, pick_evidence(index, _places(forms[n].mentions, index), 3)) for n in (i, j)
        ]
        sides.append(Side("said to be one", pick_evidence(index, clauses, 3)))
        about = f"{sides[0].position}: names"
        why = f"A clause says that {sides[0].position} and {sides[1].position} are names of one."
        found.append(make_comparison("name_variant", about, sides, NAMED_SURE, why))
    return found


def _says_one(between: str, after: str, one_kind: bool) -> bool:
    """Return whether the words between two names and those after say that both name one.

    Args:
        between: from the end of the first to the start of the second.
        after: what follows the second.
        one_kind: actors of one kind have the names; "or" joins what is of two kinds, too.
    """
    if "." in between or " same " in between:
        return False  # "known by the same initials as" tells two apart
    if _RENAMED.search(between) and _BESIDE.match(between):
        return True
    other = (_OR.match(between) and _OR_AFTER.match(after)) or (between == ", " and _TO_SOME.match(after))
    return one_kind and bool(other)


def bare_name(text: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, without titles, countries before titles, articles and endings."""
    titles = load_cues()["titles"]
    words = [w.lower().removesuffix("’s").removesuffix("'s") for w in _TOKEN.findall(_DOTS.sub("", text))]
    ranked = [n for n, w in enumerate(words) if w in titles]
    if (
        ranked
        and all(w in titles or is_country(w) or w == "the" for w in words[: ranked[-1] + 1])
        and ranked[-1] + 1 < len(words)
    ):
        words = words[ranked[-1] + 1 :]
    while len(words) > 1 and words[0] in ("the", "a", "an"):
        words = words[1:]
    return tuple(words)


def bare_person(text: str) -> tuple[str, ...]:
    """Return the words of a person's name: those behind the last title, office or common noun before it."""
    words, written = bare_name(text), _TOKEN.findall(_DOTS.sub("", text))
    before = cue_set("person_titles")
    for n, word in reversed(list(enumerate(words[:-1]))):
        common = written[len(written) - len(words) + n].islower() and len(word) > LONGEST_PARTICLE
        if word in before or common:
            return words[n + 1 :]
    return words


def _without_title(text: str, form: tuple[str, ...]) -> str:
    """Return the name as it is written, from its first bare word on."""
    starts = [match.start() for match in _TOKEN.finditer(text)]
    return text[starts[-len(form)] :] if len(form) < len(starts) and "." not in text else text


def _places(mentions: Iterable[ActorMention], index: PileIndex) -> list[Evidence]:
    """Return where the mentions stand; of a page that has the name in its text, not those in its headings."""
    rows = [(m, _in_body(m, index)) for m in mentions]
    told = {m.document for m, body in rows if body}
    return [cut_evidence(index, m.document, m.start, m.end) for m, body in rows if body or m.document not in told]


def _in_body(mention: ActorMention, index: PileIndex) -> bool:
    blocks = index.articles[mention.document].blocks
    at = bisect_right(blocks, mention.start, key=lambda b: b.start) - 1
    return at >= 0 and mention.start < blocks[at].end and blocks[at].kind in BODY


@keep_answers(65_536)
def _near_words(a: str, b: str, least: float) -> bool:
    """Return whether two different words are one word spelt in two ways: of one sound, or a letter apart.

    An inflected form and the number of a model are no other spelling; two short words are two words.
    """
    if a == b or min(len(a), len(b)) < 4 or any(char.isdigit() for char in a + b):
        return False
    short, long = sorted((fold_text(a), fold_text(b)), key=len)
    if long != short and long.startswith(short) and long[len(short) :] in _ENDINGS:
        return False
    if short == long:
        return True
    alike = 1.0 - OSA.distance(short, long) / len(long)
    return alike >= least and (
        skeleton(a) == skeleton(b) or (short[0] == long[0] and alike >= NEARLY and len(short) > SHORT_WORD)
    )


def _is_acronym(text: str) -> bool:
    letters = text.replace(".", "").removeprefix("the ").removeprefix("The ")
    return 2 <= len(letters) <= 7 and letters.isupper() and letters.isalpha()


def _spells_out(initials: str, actor: Actor) -> bool:
    """Return whether some name of the actor has these initials: "Marembo Seafarers' Alliance" for MSA."""
    for alias in actor.aliases:
        letters = "".join(w[0] for w in _TOKEN.findall(alias.text) if w[0].isupper())
        if alias.kind == "name" and not _is_acronym(alias.text) and letters.endswith(initials):
            return True
    return False


def _find_shared_initials(story: Story, index: PileIndex) -> list[Comparison]:
    """One comparison for each set of initials that means two actors."""
    owners: dict[str, dict[str, list[ActorMention]]] = {}
    for actor in sorted(story.actors, key=lambda a: a.id):
        for mention in name_mentions(index, actor):
            if _is_acronym(mention.text):
                owners.setdefault(
                    mention.text.replace(".", "").removeprefix("the ").removeprefix("The "), {}
                ).setdefault(actor.id, []).append(mention)
    found = []
    for initials, bodies in sorted(owners.items()):
        spelt = {i: rows for i, rows in bodies.items() if _spells_out(initials, index.actors[i])}
        names = {fold_text(index.actors[i].name) for i in spelt}
        if len(names) < max(2, len(spelt)):
            continue
        sides = [Side(index.actors[i].name, pick_evidence(index, _places(m, index), 3)) for i, m in spelt.items()]
        why = f"The initials {initials} stand for {len(spelt)} bodies; they are kept apart."
        about = f"{initials}: " + " or ".join(index.actors[i].name for i in spelt)
        found.append(make_comparison("name_variant", about, sides, 0.8, why))
    return found
