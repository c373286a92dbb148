"""What a cue attributes: from a cue's token to the content's characters.

The tree says which construction it is (a clause, an infinitive, an object); the words say where it begins and ends,
because far attachments are a parser's most frequent errors: the content begins behind the cue, its hearer and its time,
and ends with its sentence unless something else begins before. This module must not know quotations or speakers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storyledger.statements.cues import Act, load_cues, load_matters, load_needs, load_refusals, load_things
from storyledger.statements.phrases import NOMINAL, has_be_before, skip_phrase, skip_time
from storyledger.statements.trees import Trees

MODALS = frozenset(
    {"will", "would", "may", "might", "should", "could", "can", "must", "shall", "'ll", "’ll", "'d", "’d"}
)
NEGATIONS = frozenset({"not", "n't", "n’t", "never", "neither", "nor", "hardly"})
NOBODY = frozenset({"no", "nobody", "none", "neither", "nothing"})
WANTING = frozenset({"decline", "refuse", "fail", "want", "try", "expect", "need", "go", "intend", "plan"})
HEARERS = frozenset(
    {"tell", "inform", "assure", "remind", "warn", "promise", "ask", "reassure", "notify", "advise", "instruct"}
)
FAR_THAT = (
    14  # tokens of hearer, time and venue between a cue and its "that" in 300 annotated news sentences: 11 at most
)
CAN_DO_WITHOUT = frozenset({"warn", "promise", "advise"})  # hearers: "warned the virus could spread"
EDGE = frozenset(" \t\n\u00a0,;:-–—")
FINITE = frozenset({"VERB", "AUX"})
WH = frozenset({"what", "how", "why", "when", "where", "who", "which", "whose"})
EMPTY = frozenset(
    {"it", "this", "them", "him", "her", "that", "so", "us", "me", "themselves", "himself", "herself", "itself"}
)
# after a comma these begin the reporter's own clause more often than the speaker's (300 annotated news sentences)
GLOSS = frozenset({"as", "while", "adding", "saying", "according", "whereas"})
OCCASIONS = frozenset({"after", "while", "when", "before", "although", "though", "whereas"})
INCLUDING = frozenset({"like", "including", "such", "especially", "particularly", "among"})


@dataclass(frozen=True, slots=True)
class Content:
    """Positions of a content with the act it is reported as, and how sure its construction is."""

    start: int
    end: int
    act: Act
    how: str
    score: float


def find_content(trees: Trees, cue: int, high: int) -> Content | None:
    """Return what the verb ``cue`` attributes behind itself, before ``high``: the first construction that fits.

    Negated cues attribute nothing ("did not say"), nor do those that somebody may, would or is to use.
    """
    if trees.cue_lemma(cue) == "deny" and cue + 1 < len(trees.tokens) and _is_withheld(trees, cue, cue + 1, high):
        return None
    if is_unreal(trees, cue):
        return None
    for construction in (_read_clause, _read_order, _read_infinitive, _read_object, _read_matter):
        content = construction(trees, cue, high)
        if content is not None and not _asks_for_cover(trees.text[content.start : content.end]):
            return content
    return None


def is_unreal(trees: Trees, cue: int) -> bool:
    """Say whether the cue is negated, only possible, conditional, an infinitive or nobody's."""
    owned = cue > 0 and trees.word(cue - 1) in ("'s", "’s") and trees.tokens[cue - 1].upos == "PART"
    worth = cue > 0 and trees.word(cue - 1) == "worth"  # "it is worth noting that": nobody notes it
    if owned or worth or trees.label(cue) in ("amod", "compound") or _is_reduced(trees, cue):
        return True
    around = trees.select(cue, "aux", "advmod", "neg", "cc", "cc:preconj")
    words = {trees.word(c) for c in around} | {
        trees.word(k) for k in range(max(0, cue - 3), cue) if trees.tokens[k].upos in ("AUX", "PART", "ADV")
    }
    if words & (NEGATIONS | MODALS):
        return True
    if (cue and trees.word(cue - 1) == "to") or any(
        trees.word(c) in ("if", "unless", "whether", "to") for c in trees.select(cue, "mark")
    ):
        return True
    head = trees.tokens[cue].head
    if trees.label(cue) == "xcomp" and trees.cue_lemma(head) in WANTING:
        return True
    return any(trees.word(c) in NOBODY for c in _subject_words(trees, cue))


def _is_reduced(trees: Trees, cue: int) -> bool:
    """Say whether the cue is a participle on a noun: "a film called", "the man accused of", "a ship claimed to be"."""
    if 0 < cue < len(trees.tokens) - 1 and trees.word(cue + 1) == "to":
        before = trees.tokens[cue - 1]
        if before.upos == "NOUN" and before.lemma.lower() in load_things():
            return True
    return trees.label(cue) == "acl" and not trees.word(cue).endswith("ing") and not trees.select(cue, "nsubj")


def _subject_words(trees: Trees, cue: int) -> list[int]:
    """Return the subjects of the cue with their determiners."""
    subjects = trees.select(cue, "nsubj")
    return [*subjects, *(d for s in subjects for d in trees.select(s, "det"))]


def is_passive(trees: Trees, cue: int) -> bool:
    """Say whether the cue is a passive: what is said stands before it, or whom it is said to."""
    return has_be_before(trees, cue) or bool(trees.select(cue, "aux:pass"))


def trim_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range without white space, commas, dashes and colons at its edges and without a last full stop."""
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and (text[end - 1] in EDGE or (text[end - 1] == "." and _is_full_stop(text, start, end))):
        end -= 1
    return start, end


def _is_full_stop(text: str, start: int, end: int) -> bool:
    """Say whether the last dot ends a sentence and not an abbreviation ("6 a.m.", "U.S.")."""
    word = text[max(start, end - 6) : end].rsplit(" ", 1)[-1]
    return not re.search(r"(?:^|\W)(?:\w\.){2,}$", word)


# --------------------------------------------------------------------------- behind the cue


def _skip_hearer(trees: Trees, cue: int, high: int) -> int:
    """Return the first token behind the cue, its particle, its hearer, its time and venue."""
    i = cue + 1
    while i < len(trees.tokens) and trees.tokens[i].deprel == "compound:prt" and trees.tokens[i].head == cue:
        i += 1
    if trees.cue_lemma(cue) in HEARERS:
        that = _find_that(trees, i, high)
        if that is not None:
            return that
        plain = trees.cue_lemma(cue) in CAN_DO_WITHOUT and _begins_clause(trees, i, high)
        i = i if plain else _skip_person(trees, i, high)
    k = skip_time(trees, i, high)
    return _that_of_clause(trees, cue, k, high) or k


def _that_of_clause(trees: Trees, cue: int, i: int, high: int) -> int | None:
    """Return the "that" of the cue's clause where only a venue stands before it: "said at its first meeting that"."""
    things = trees.select(cue, "obj")  # "denied reports on television that": what is denied begins with the reports
    for clause in trees.select(cue, "ccomp"):
        for mark in trees.select(clause, "mark"):
            if any(i <= thing < mark for thing in things):
                return None
            near = i < mark <= i + FAR_THAT and trees.tokens[mark].start < high and trees.word(mark) == "that"
            if near and not any(trees.tokens[k].upos in ("AUX", "PUNCT") for k in range(i, mark)):
                return mark
    return None


def _find_that(trees: Trees, i: int, high: int) -> int | None:
    """Return the first "that" behind a hearer, before any finite verb: "told a packed hall in March that"."""
    for k in range(i, min(i + 12, len(trees.tokens))):
        if trees.tokens[k].start >= high or trees.tokens[k].upos in ("AUX", "PUNCT"):
            return None
        if trees.word(k) == "that":
            return k if trees.tokens[k].upos == "SCONJ" or trees.label(k) == "mark" else None
    return None


def _skip_person(trees: Trees, i: int, high: int) -> int:
    """Return the token behind a hearer: a name, a pronoun or a noun phrase with its determiner."""
    first = i
    owner = i + 1 < len(trees.tokens) and trees.tokens[i + 1].upos in ("NOUN", "ADJ")
    if i < len(trees.tokens) and trees.word(i) in EMPTY | {"you"} and not owner:
        return i + 1
    if i < len(trees.tokens) and trees.tokens[i].upos == "PROPN":
        while (
            i < len(trees.tokens)
            and trees.tokens[i].upos in ("PROPN", "ADP")
            and trees.word(i) in ("of", "for", trees.word(i))
            and _is_name_part(trees, i)
        ):
            i += 1
        return i
    end = skip_phrase(trees, first, high)
    # "told the mayor the road was closed": two phrases in a row, only the first is the hearer
    for k in range(first + 1, end):
        if trees.tokens[k].upos in ("DET", "PRON") and trees.tokens[k - 1].upos in NOMINAL:
            return k
    return end


def _is_name_part(trees: Trees, i: int) -> bool:
    return trees.tokens[i].upos == "PROPN" or (i + 1 < len(trees.tokens) and trees.tokens[i + 1].upos == "PROPN")


def span_content(trees: Trees, first: int, end: int, act: Act, how: str, score: float) -> Content | None:
    """Return the content from token ``first`` to the position ``end``, its edges trimmed."""
    if first >= len(trees.tokens) or trees.tokens[first].start >= end:
        return None
    start, stop = trim_edges(trees.text, trees.tokens[first].start, end)
    return Content(start, stop, act, how, score) if stop > start else None


def _read_clause(trees: Trees, cue: int, high: int) -> Content | None:
    """Find "said (that) the road was closed" and "asked whether it was": the clause without "that"."""
    cues = load_cues()
    lemma = trees.cue_lemma(cue)
    act = cues["clause"].get(lemma)
    if act is None or is_passive(trees, cue):
        return None
    i = _skip_hearer(trees, cue, high)
    that = _is_that(trees, i)
    first = i + 1 if that else i
    if first >= len(trees.tokens) or trees.tokens[first].start >= high or trees.word(first) in WH:
        return None
    if trees.word(first) in ("to", ",", ":", ".") or (
        trees.tokens[first].upos == "PUNCT" and trees.word(first) not in "\"“‘'"
    ):
        return None
    if not that and trees.tokens[first].upos in FINITE and not _is_attribute(trees, first):
        return None
    has_clause = any(c > cue for c in trees.select(cue, "ccomp"))
    if not that and not has_clause and not _begins_clause(trees, first, high):
        return None
    if not that and not has_finite(trees, first, high):
        return None
    return span_content(
        trees, first, _clause_end(trees, cue, first, high), act, "clause", 0.92 if that or has_clause else 0.75
    )


def _is_attribute(trees: Trees, i: int) -> bool:
    """Say whether a participle or gerund begins a noun phrase: "suspected rebels", "raising the wreck"."""
    following = trees.tokens[i + 1].upos if i + 1 < len(trees.tokens) else ""
    return trees.word(i).endswith("ing") or (
        trees.word(i).endswith(("ed", "en")) and following in ("NOUN", "PROPN", "ADJ")
    )


def _is_that(trees: Trees, i: int) -> bool:
    """Say whether token ``i`` is the conjunction: not "said that was untrue", "said that means war"."""
    if i + 1 >= len(trees.tokens) or trees.word(i) != "that":
        return False
    following = trees.tokens[i + 1].upos
    return following != "AUX" and not (following == "VERB" and trees.word(i + 1).endswith("s"))


def has_finite(trees: Trees, first: int, high: int) -> bool:
    """Say whether a finite verb stands between token ``first`` and position ``high``."""
    k = first
    while k < len(trees.tokens) and trees.tokens[k].start < high:
        if trees.tokens[k].upos in FINITE and not trees.word(k).endswith("ing"):
            return True
        k += 1
    return False


def _begins_clause(trees: Trees, first: int, high: int) -> bool:
    """Say whether a noun phrase and then a finite verb stand at ``first``."""
    attribute = trees.tokens[first].upos == "VERB" and _is_attribute(trees, first)
    end = first + 1 if trees.word(first) == "that" else skip_phrase(trees, first + attribute, high)
    while end < len(trees.tokens) and trees.tokens[end].upos in ("ADV", "ADP") and trees.tokens[end].start < high:
        end = skip_phrase(trees, end + 1, high) if trees.tokens[end].upos == "ADP" else end + 1
    return (
        first < end < len(trees.tokens)
        and trees.tokens[end].start < high
        and trees.tokens[end].upos in FINITE
        and not trees.word(end).endswith("ing")
    )


def _clause_end(trees: Trees, cue: int, first: int, high: int) -> int:
    """Return where the content ends: with its sentence, or before a further cue or the reporter's own clause."""
    cues = load_cues()
    k = first
    while k < len(trees.tokens) and trees.tokens[k].start < high:
        word = trees.word(k)
        nxt = k + 1
        if word == "," and nxt < len(trees.tokens) and trees.word(nxt) in GLOSS:
            return trees.tokens[k].start
        if word in ("and", "but") and nxt < len(trees.tokens):
            verb = nxt + (trees.tokens[nxt].upos in ("ADV", "AUX"))
            known = verb < len(trees.tokens) and any(
                trees.cue_lemma(verb) in cues[c] for c in ("clause", "object", "object_infinitive", "infinitive")
            )
            resumed = (
                k > first
                and trees.word(k - 1) == ","
                and verb + 1 < len(trees.tokens)
                and trees.word(verb + 1) == "that"
            )
            joined = verb < len(trees.tokens) and trees.tokens[verb].head in (cue, trees.tokens[cue].head)
            if known and trees.tokens[verb].upos == "VERB" and (joined or resumed):
                return trees.tokens[k].start
        k += 1
    return high


def _read_order(trees: Trees, cue: int, high: int) -> Content | None:
    """Find "urged residents to leave", "called on the state to sell": from who is to do it to the end of what."""
    act = load_cues()["object_infinitive"].get(trees.cue_lemma(cue))
    if act is None or is_passive(trees, cue):
        return None
    i = cue + 1
    if i < len(trees.tokens) and trees.word(i) in ("on", "upon", "to", "for") and trees.tokens[i].upos == "ADP":
        i += 1
    end = skip_phrase(trees, i, high, links=True)
    end = skip_time(trees, end, high)
    if end <= i or end >= len(trees.tokens) or trees.word(end) not in ("to", "not") or trees.tokens[end].start >= high:
        return None
    return span_content(trees, i, _order_end(trees, cue, end, high), act, "order", 0.88)


def _order_end(trees: Trees, cue: int, first: int, high: int) -> int:
    """Return where an infinitive ends: like a clause, and before what the reporter tells of the occasion."""
    end = _clause_end(trees, cue, first, high)
    k = first
    while k < len(trees.tokens) and trees.tokens[k].start < end:
        if trees.word(k) in OCCASIONS and trees.tokens[k].upos == "SCONJ":
            return trees.tokens[k].start
        k += 1
    return end


def _asks_for_cover(text: str) -> bool:
    """Say whether it is the condition of anonymity that was asked for."""
    return re.search(r"\bnot (?:to )?be (?:named|identified|quoted)|anonym", text) is not None


def _read_infinitive(trees: Trees, cue: int, high: int) -> Content | None:
    """Find "vowed to fight on" with its "to", and "denied having met him"."""
    act = load_cues()["infinitive"].get(trees.cue_lemma(cue))
    i = skip_time(trees, cue + 1, high)
    if act is None or is_passive(trees, cue) or i + 1 >= len(trees.tokens) or trees.tokens[i].start >= high:
        return None
    to = trees.word(i) == "to" and trees.tokens[i + 1].upos in FINITE
    to = to or (trees.word(i) == "not" and trees.word(i + 1) == "to")
    i += trees.tokens[i].upos == "ADV" and trees.word(i + 1).endswith("ing")
    gerund = trees.word(i).endswith("ing") and trees.tokens[i].upos in FINITE and act in ("deny", "say")
    if not to and not gerund:
        return None
    return span_content(trees, i, _order_end(trees, cue, i, high), act, "infinitive", 0.85)


def _read_object(trees: Trees, cue: int, high: int) -> Content | None:
    """Find "announced the closure", "denied the charge", "described the vote as a farce": the object to its end."""
    lemma = trees.cue_lemma(cue)
    act = load_cues()["object"].get(lemma)
    if act is None or is_passive(trees, cue) or trees.select(cue, "compound:prt"):
        return None
    i = skip_time(trees, cue + 1, high)
    if (
        i >= len(trees.tokens)
        or trees.tokens[i].start >= high
        or trees.tokens[i].upos in ("ADP", "VERB", "SCONJ", "CCONJ", "ADV")
    ):
        return None
    if trees.tokens[i].upos == "PUNCT" and trees.word(i) not in "\"“‘'":
        return None
    needs = load_needs().get(lemma)
    end = object_end(trees, cue, _skip_to(trees, i, high, needs), high)
    words = [trees.word(k) for k in range(i, len(trees.tokens)) if trees.tokens[k].start < end]
    quotes = any(mark in words for mark in '"“«')
    if needs is not None and not needs & set(words) and not (lemma == "describe" and quotes):
        return None
    owner = i + 1 < len(trees.tokens) and trees.tokens[i + 1].upos in ("NOUN", "ADJ", "PROPN")
    owner = owner or (len(words) > 2 and words[1] in ("for", "of", "as", "at"))
    if words[0] in EMPTY and not owner and act != "deny":
        return None
    if (lemma in ("call", "brand", "label", "dub") and len(words) < 3) or words[:2] == ["each", "other"]:
        return None
    if lemma in ("reject", "dismiss") and _refused(trees, i, end):
        return None
    if lemma in SHOWING and not _tells(trees, i, end):
        return None
    return span_content(trees, i, end, act, "object", 0.75 if act != "deny" else 0.85)


# What these have as their object may be a thing: "announced a new model" says nothing that could be true or false.
SHOWING = frozenset({"announce", "threaten", "report", "show", "list", "propose", "confirm", "put", "repeat"})


def _tells(trees: Trees, first: int, end: int) -> bool:
    """Say whether an object tells something: it has an event, a number or a quotation in it."""
    span = range(first, trees.tokens_in(trees.tokens[first].start, end)[1])
    return any(i in trees.predicates or trees.tokens[i].upos in ("VERB", "NUM") or trees.word(i) in '"“«' for i in span)


def _skip_to(trees: Trees, i: int, high: int, needs: frozenset[str] | None) -> int:
    """Return the preposition that the verb needs, before any finite verb; ``i`` where there is none."""
    k = i
    while needs and k < len(trees.tokens) and trees.tokens[k].start < high and trees.tokens[k].upos != "AUX":
        if trees.word(k) in needs:
            return k
        k += 1
    return i


def _refused(trees: Trees, first: int, end: int) -> bool:
    """Say whether the object is something to be refused: its first noun says so, even where the tree has a verb."""
    k = skip_phrase(trees, first, end)
    if k < len(trees.tokens) and trees.tokens[k].start < end and trees.word(k) in load_refusals():
        return True  # "rejected the Norwegian offer to stay"
    nouns = [i for i in range(first, k) if trees.tokens[i].upos == "NOUN"]
    return bool(nouns) and any(trees.tokens[i].lemma.lower() in load_refusals() for i in nouns)


WITHHELD_REACH = 6  # tokens of the one who is denied something


def _is_withheld(trees: Trees, cue: int, first: int, end: int) -> bool:
    """Say whether two objects stand behind "deny": "denied the rebels a base", "denied them access"."""
    if trees.select(cue, "iobj"):
        return True
    if trees.tokens[first].upos == "PRON" and trees.word(first) in EMPTY:
        return first + 1 < len(trees.tokens) and trees.tokens[first + 1].upos in ("DET", "NOUN", "ADJ")
    behind = range(first + 1, min(first + WITHHELD_REACH, len(trees.tokens)))
    return any(
        trees.tokens[k].upos == "DET" and trees.tokens[k - 1].upos in ("NOUN", "PROPN") and trees.tokens[k].start < end
        for k in behind
    )


def object_end(trees: Trees, cue: int, first: int, high: int) -> int:
    """Return where an object ends: before a comma, a further verb of the speaker or a day, else with its sentence.

    A comma that begins a list of instances ("like ...", "including ...") does not end it.
    """
    inside = False
    for k in range(first, len(trees.tokens)):
        token = trees.tokens[k]
        if token.start >= high:
            break
        word = trees.word(k)
        if token.upos == "PUNCT" and word in '"“”‘’':
            inside = not inside
        if inside or k == first:
            continue
        following = trees.word(k + 1) if k + 1 < len(trees.tokens) else ""
        if word == "," and following in INCLUDING:
            return high
        if word in (",", "–", "—", ":", "saying", "adding") or (word in OCCASIONS and token.upos == "SCONJ"):
            return token.start
        if word in ("and", "but") and _joins_verb(trees, cue, k):
            return token.start
        behind = skip_time(trees, k, high, venues=False)
        if (
            behind > k
            and trees.tokens[k - 1].upos not in ("NUM", "ADJ", "DET", "PRON")
            and not _goes_on(trees, first, k, behind)
        ):
            return token.start
    return high


def _goes_on(trees: Trees, first: int, k: int, behind: int) -> bool:
    """Say whether an infinitive of the object stands behind a day: "announced plans on Friday to shut"."""
    if behind + 1 >= len(trees.tokens) or trees.word(behind) != "to":
        return False
    verb = trees.tokens[behind + 1]
    return verb.upos == "VERB" and first <= verb.head < k and trees.tokens[verb.head].upos == "NOUN"


def _joins_verb(trees: Trees, cue: int, conjunction: int) -> bool:
    """Say whether a conjunction joins another verb to the cue: "rejected the offer and left"."""
    k = conjunction + 1
    while k < len(trees.tokens) and trees.tokens[k].upos in ("ADV", "AUX"):
        k += 1
    return (
        k < len(trees.tokens)
        and trees.tokens[k].upos == "VERB"
        and trees.tokens[k].head in (cue, trees.tokens[cue].head)
    )


def _read_matter(trees: Trees, cue: int, high: int) -> Content | None:
    """Find "warned of floods", "called for an inquiry": what stands behind the preposition."""
    lemma = trees.cue_lemma(cue)
    act = load_matters().get((lemma, trees.word(min(cue + 1, len(trees.tokens) - 1))))
    i = cue + 1
    if act is None and skip_time(trees, i, high, venues=False) > i:
        i = skip_time(trees, i, high, venues=False)
        act = load_matters().get((lemma, trees.word(min(i, len(trees.tokens) - 1))))
    if act is None or is_passive(trees, cue) or i + 1 >= len(trees.tokens) or trees.tokens[i + 1].start >= high:
        return None
    verbal = trees.tokens[i + 1].upos in FINITE and not _is_attribute(trees, i + 1)
    if verbal or trees.tokens[i + 1].upos == "PUNCT" or trees.word(i + 1) in EMPTY:
        return None
    return span_content(trees, i + 1, object_end(trees, cue, i + 1, high), act, "matter", 0.72)
