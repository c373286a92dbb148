"""Which bundles are worth comparing: those that share a key. No all-pairs work.

Keys: the sound of a family name, a telling word of a body's name, an acronym or initials, a country, a government.
A key that too many share compares only neighbours in order of name; the recall that this keeps is measured in
``evals/coreference.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storyledger.actors.names import key_spelling, list_spelling_keys
from storyledger.actors.profiles import Bundle, is_telling_description

WIDE_BLOCK = 40  # bundles; a larger block compares each with the next NEIGHBOURS by name
NEIGHBOURS = 12
SHORTEST_PART = 4  # letters of a part of a person's name that is a key of its own


def list_keys(bundle: Bundle) -> list[tuple[str, str]]:
    """Return the blocking keys of a bundle."""
    profile = bundle.profile
    if not profile.named:
        return [
            ("description", " ".join(form)) for form in profile.forms if is_telling_description(profile)
        ] + _place_keys(bundle)
    keys = _place_keys(bundle)
    for parts in profile.people:
        keys += [("family", key) for key in sorted(list_spelling_keys(parts.family))]
        keys += [("part", key_spelling(w)) for w in (*parts.given, parts.family) if len(w) >= SHORTEST_PART]
    for form in profile.forms:
        keys.append(("name", " ".join(form)))
        if len(form) == 1:
            keys.append(("word", key_spelling(form[0])))
    for words in profile.spelt_out:
        keys += [("word", key_spelling(w)) for w in dict.fromkeys((words[0], words[-1]))]
    keys += [("letters", a) for a in sorted(profile.acronyms | profile.initials)]
    return list(dict.fromkeys(keys))


def _place_keys(bundle: Bundle) -> list[tuple[str, str]]:
    profile = bundle.profile
    keys = [("country", profile.country)] if profile.country else []
    return [*keys, ("government", profile.government)] if profile.government else keys


def pair_candidates(bundles: Sequence[Bundle]) -> Iterator[tuple[int, int]]:
    """Yield each pair of bundle numbers that share a key, once, in order."""
    blocks: dict[tuple[str, str], list[int]] = {}
    for number, bundle in enumerate(bundles):
        for key in list_keys(bundle):
            blocks.setdefault(key, []).append(number)
    seen: set[tuple[int, int]] = set()
    for key in sorted(blocks):
        members = blocks[key]
        reach = len(members)
        if reach > WIDE_BLOCK:
            members = sorted(members, key=lambda n: (bundles[n].profile.forms, n))
            reach = NEIGHBOURS
        for i, a in enumerate(members):
            for b in members[i + 1 : i + 1 + reach]:
                pair = (a, b) if a < b else (b, a)
                if pair not in seen:
                    seen.add(pair)
                    yield pair
