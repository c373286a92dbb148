"""What an actor is: one type for all its mentions in the pile, weighed over everything that tells it.

The reader's votes, the words in and before the names, the descriptions, the pronouns and how the names stand in their
sentences are features; ``types.json`` holds their weights for each type, fitted by ``train/types.py`` to the marked
stories. Knows no single mention.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from storyledger.actors.documents import LocalActor
from storyledger.actors.lexicon import load_given_names, load_lexicon
from storyledger.actors.names import is_acronym, split_words
from storyledger.caching import keep_answers
from storyledger.nations import find_capital, find_city, find_country, find_demonym

FORMS = {"he": "male", "him": "male", "his": "male", "she": "female", "her": "female", "it": "neuter", "its": "neuter"}
FORMS |= {"they": "plural", "their": "plural", "them": "plural", "we": "we", "our": "we", "us": "we"}
Features = dict[str, float]


def measure_type(actors: Sequence[LocalActor], outlets: frozenset[str]) -> Features:
    """Return what tells the type of the actor whose local actors these are; ``outlets``: folded names of the pile's."""
    found: Features = {"bias": 1.0}
    for prefix, counts in _count_all(actors).items():
        total = sum(counts.values())
        for key, count in counts.items():
            found[f"{prefix}:{key}"] = count / total if total else 0.0
        found[f"{prefix}?"] = float(total > 0)
    contexts: Counter[str] = Counter()
    for actor in actors:
        contexts.update(dict(actor.contexts))
    names = max(1, contexts.pop("names", 1))
    found |= {f"stands:{k}": min(1.0, n / names) for k, n in contexts.items()}
    return found | _measure_names(actors, outlets)


def _count_all(actors: Sequence[LocalActor]) -> dict[str, Counter[str]]:
    """Return the reader's votes, the types of words of description and title, and the pronouns, each counted."""
    reader: Counter[str] = Counter()
    described: Counter[str] = Counter()
    pronouns: Counter[str] = Counter()
    types = load_lexicon().head_types
    for actor in actors:
        for vote, weight in actor.types:
            reader[vote] += weight  # type: ignore[assignment]  # weights in a Counter
        described.update(kind for t in actor.titles if (kind := types.get(t)))
        pronouns.update(f for m in actor.mentions if m.kind == "pronoun" and (f := FORMS.get(m.text.lower())))
    return {"reader": reader, "described": described, "pronoun": pronouns}


def _measure_names(actors: Sequence[LocalActor], outlets: frozenset[str]) -> Features:
    """Return shares of the actor's names by what they look like."""
    names = [n for a in actors for n in a.names] or [a.mentions[0].text for a in actors[:1]]
    found: Counter[str] = Counter()
    for name in names:
        found.update(_describe_name(name, outlets))
    size = len(names)
    named = float(any(a.names for a in actors))
    single = float(any(a.stands_for for a in actors))
    return {f"name:{k}": n / size for k, n in found.items()} | {"named": named, "stands_for": single}


@keep_answers(65_536)
def _describe_name(name: str, outlets: frozenset[str]) -> tuple[str, ...]:
    words, lexicon = split_words(name), load_lexicon()
    if not words:
        return ()
    found = [f"words_{min(len(words), 4)}"]
    last, first = lexicon.name_words.get(words[-1]), lexicon.name_words.get(words[0])
    found += [f"last_{last}"] if last and len(words) > 1 else []
    found += [f"first_{first}"] if first and len(words) > 1 else []
    found += [f"lone_{last}"] if last and len(words) == 1 else []
    for word in words:
        kind = lexicon.head_types.get(word)
        found += [f"holds_{kind}"] if kind else []
    tests: Mapping[str, bool] = {
        "country": find_country(name) is not None,
        "capital": find_capital(name) is not None,
        "city": find_city(name) is not None,
        "people": find_demonym(name) is not None,
        "nation": any(find_demonym(w.capitalize()) or find_country(w) for w in words if len(w) > 3),
        "outlet": " ".join(words) in outlets,
        "acronym": is_acronym(name),
        "given": words[0] in load_given_names() and len(words) > 1,
        "ship": words[0] in lexicon.ship_prefixes and len(words) > 1,
        "digit": any(c.isdigit() for c in name),
        "joint": bool(set(words) & {"of", "for", "and", "in"}),
        "plural": words[-1].endswith("s") and len(words[-1]) > 3,
        "lower": name[:1].islower(),
        "organ": words[-1] in lexicon.kinds or words[0] in lexicon.kinds,
    }
    return (*found, *(k for k, holds in tests.items() if holds))


@lru_cache(maxsize=1)
def load_types() -> tuple[tuple[str, ...], dict[str, int], NDArray[np.float64]]:
    """Return the types, feature -> row, and the weights: one row for each feature, one column for each type."""
    raw = json.loads(files(__package__).joinpath("types.json").read_text("utf-8"))
    names = tuple(raw["types"])
    rows = {name: i for i, name in enumerate(raw["weights"])}
    return names, rows, np.array([raw["weights"][name] for name in rows], dtype=np.float64)


def weigh_types(found: Features) -> list[tuple[str, float]]:
    """Return the types with their probability, likeliest first: a logistic model in the features."""
    names, rows, weights_FT = load_types()
    scores_T = np.zeros(len(names))
    for name in sorted(found):
        if name in rows:
            scores_T += found[name] * weights_FT[rows[name]]
    exponents = np.exp(scores_T - scores_T.max())
    shares = exponents / exponents.sum()
    return sorted(((n, float(p)) for n, p in zip(names, shares, strict=True)), key=lambda r: (-r[1], r[0]))
