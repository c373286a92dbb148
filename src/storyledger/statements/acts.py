"""What kind of speech a statement is, and whether its speaker denies what it says: numbers for the scorers.

``ACT`` names them with what they mean. This module must not know speakers.
"""

from __future__ import annotations

from typing import get_args

import numpy as np
from numpy.typing import NDArray

from storyledger.statements.cues import Act, load_cues, load_matters
from storyledger.statements.edges import FIRST_WORDS
from storyledger.statements.measures import HOWS
from storyledger.statements.sources import Said
from storyledger.statements.sums import Sums, mean, running

ACTS: tuple[Act, ...] = get_args(Act)
NEGATIONS = frozenset({"not", "n't", "n’t", "no", "never", "nobody", "nothing", "neither", "nor", "none"})
FUTURE = frozenset({"will", "would", "shall", "'ll", "’ll", "'d", "’d"})
ACT = {
    **{f"lexicon_{act}": f"constructions in which the lexicon gives the cue to {act}" for act in ACTS},
    **{f"rate_{act}": f"share of the cue's lemma's uses as a cue that were {act}" for act in ACTS},
    **{f"p_{act}": f"the network's mean probability of {act} inside" for act in ACTS},
    "p_denied": "the network's mean probability of a denial inside",
    "count": "how often the lemma was a cue, log",
    "how": "the anchor's kind",
    "stands": "how the content stands to the cue",
    "first_word": "which function word it begins with",
    "asks": "a question mark ends it",
    "negated": "the cue is negated",
    "negation": "a negation stands in it",
    "future": "it is told in the future",
    "infinitive": "to stands before it or begins it",
    "length": "its tokens",
}


def measure_acts(sums: Sums, chosen: list[Said]) -> NDArray[np.float32]:
    """Return one row of ``ACT`` numbers for each statement."""
    act = [running(sums.view.tags.act[:, n]) for n in range(len(ACTS))]
    rows = np.zeros((len(chosen), len(ACT)), np.float32)
    for number, said in enumerate(chosen):
        row = {**dict.fromkeys(ACT, 0.0), **_of_content(sums, said)}
        row |= {f"p_{name}": mean(act[n], said.first, said.last) for n, name in enumerate(ACTS)}
        if said.anchor.cue is not None:
            row |= _of_cue(sums, said.anchor.cue)
        rows[number] = list(row.values())
    return rows


def _of_content(sums: Sums, said: Said) -> dict[str, float]:
    view, words = sums.view, sums.view.parse.words
    inside = words[said.first : said.last]
    before = words[said.first - 1] if said.first else ""
    return {
        "p_denied": mean(sums.denied, said.first, said.last),
        "how": float(HOWS[said.anchor.how]),
        "stands": float(said.stands),
        "first_word": float(FIRST_WORDS.get(inside[0], 0)),
        "asks": float("?" in words[said.last - 1 : said.last + 1]),
        "negation": float(any(w in NEGATIONS for w in inside[:12])),
        "future": float(any(w in FUTURE for w in inside[:8])),
        "infinitive": float(before == "to" or inside[0] == "to" or view.parse.upos[said.first] == "PART"),
        "length": float(said.last - said.first),
    }


def _of_cue(sums: Sums, cue: int) -> dict[str, float]:
    words, lemma, cues = sums.view.parse.words, sums.lemmas[cue], load_cues()
    row = {f"lexicon_{act}": 0.0 for act in ACTS}
    constructions = [cues[c].get(lemma) for c in ("clause", "infinitive", "object_infinitive", "object")]
    for act in (*constructions, *(a for (verb, _), a in load_matters().items() if verb == lemma)):
        if act is not None:
            row[f"lexicon_{act}"] += 1.0
    shares = sums.known.acts.get(lemma, ())
    row |= {f"rate_{act}": float(share) for act, share in zip(ACTS, shares, strict=False)}
    row["count"] = float(np.log1p(sums.known.counts.get(lemma, 0)))
    row["negated"] = float(any(w in NEGATIONS for w in words[max(0, cue - 3) : cue]))
    return row
