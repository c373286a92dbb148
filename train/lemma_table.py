"""Counts the lemma table of the training parts of EWT and GUM: forms with their lemmas, endings with their scripts."""

from __future__ import annotations

from collections import Counter, defaultdict

from storyledger.reading.lemmas import edit_script
from train.corpora import Sent


def count_lemmas(sents: list[Sent], scripts: list[str]) -> dict[str, dict]:
    """Return ``{"forms": {upos: {form: lemma}}, "endings": {upos: {ending: [[script, count], ...]}}}``.

    Proper nouns keep their case and have no form entries; an ending lists the scripts that make up at
    least a twentieth of its words.
    """
    forms: dict[tuple[str, str], Counter] = defaultdict(Counter)
    endings: dict[tuple[str, str], Counter] = defaultdict(Counter)
    index = {s: i for i, s in enumerate(scripts)}
    seen: set[tuple[str, str, str]] = set()
    for s in sents:
        for word, upos, lemma in zip(s.words, s.upos, s.lemmas, strict=True):
            low = word.lower().replace("’", "'")
            if upos != "PROPN":
                forms[upos, low][lemma] += 1
            script = index.get(edit_script(word, lemma))
            if script is not None and (low, upos, lemma) not in seen:
                seen.add((low, upos, lemma))
                for size in range(1, 5):
                    if len(low) >= size:
                        endings[upos, low[-size:]][script] += 1
    table: dict[str, dict] = {"forms": defaultdict(dict), "endings": defaultdict(dict)}
    for (upos, low), counts in sorted(forms.items()):
        table["forms"][upos][low] = min(counts, key=lambda k: (-counts[k], k))
    for (upos, ending), counts in sorted(endings.items()):
        total = sum(counts.values())
        if total >= 2:
            table["endings"][upos][ending] = sorted([k, v] for k, v in counts.items() if v >= total / 20)
    return table
