"""Why two bundles of mentions may be one actor: features, and the probability that they give together.

The docstring of a feature IS the reason shown to the user. Each returns a strength from 0 to 1. The weights
(``pairs.json``) were set by hand: fitted to MEANTIME's chains, which hold a country and its government for one, they
calibrated better there (error .09 for .12) and joined more that is two on the ferry (B-cubed .97 for .99). How far the
probabilities hold is measured by ``python -m evals.coreference --only pairs``. Nothing here joins anything.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files

from storyledger.actors.identity import are_nearly
from storyledger.actors.names import PersonName, compare_given, is_part_of_name, is_short_form, is_slip, is_variant
from storyledger.actors.profiles import Bundle, Profile

Feature = Callable[[Bundle, Bundle], float]


def same_full_name(a: Bundle, b: Bundle) -> float:
    """The same name of several words, letter for letter."""
    return float(any(len(f) > 1 and f in b.profile.forms for f in a.profile.forms))


def same_single_name(a: Bundle, b: Bundle) -> float:
    """The same name of one word."""
    shared = any(len(f) == 1 and f in b.profile.forms for f in a.profile.forms)
    return float(shared and not same_full_name(a, b) and not _is_family_only(a.profile, b.profile))


def same_given_and_family(a: Bundle, b: Bundle) -> float:
    """The same family name and given name."""
    return float(_best_given(a.profile, b.profile, spelt_alike=False) == "same" and not same_full_name(a, b))


def initial_fits(a: Bundle, b: Bundle) -> float:
    """The same family name, and one writes the initial of the other's given name."""
    return float(_best_given(a.profile, b.profile, spelt_alike=False) == "initial")


def given_spelt_otherwise(a: Bundle, b: Bundle) -> float:
    """The same family name, the given name in another spelling or short form."""
    return float(_best_given(a.profile, b.profile, spelt_alike=False) == "variant")


def family_spelt_otherwise(a: Bundle, b: Bundle) -> float:
    """Spellings of one family name, the given names the same or spellings of one."""
    return float(_best_given(a.profile, b.profile, spelt_alike=True) in {"same", "variant", "initial"})


def part_of_full_name(a: Bundle, b: Bundle) -> float:
    """One name is the other with fewer family names."""
    pairs = ((p, q) for p in a.profile.people for q in b.profile.people if p.given and q.given)
    return float(not same_full_name(a, b) and any(p != q and is_part_of_name(p, q) for p, q in pairs))


def given_name_alone(a: Bundle, b: Bundle) -> float:
    """One article has only the given name of the other's person."""
    return float(_is_given_only(a.profile, b.profile) or _is_given_only(b.profile, a.profile))


def several_of_that_given_name(a: Bundle, b: Bundle) -> float:
    """Several people of that given name stand in the pile."""
    return float(bool(given_name_alone(a, b)) and max(a.namesakes, b.namesakes) > 1)


def family_name_alone(a: Bundle, b: Bundle) -> float:
    """One article has only the family name of the other's person."""
    return float(_is_family_only(a.profile, b.profile))


def taken_for_body(a: Bundle, b: Bundle) -> float:
    """One article seems to mean a body by the name, not a person."""
    alone = _is_family_only(a.profile, b.profile)
    return float(alone and "organisation" in {a.profile.coarse, b.profile.coarse})


def several_of_that_name(a: Bundle, b: Bundle) -> float:
    """Several people of that family name stand in the pile."""
    lone = _is_family_only(a.profile, b.profile) or (
        a.profile.single is not None and a.profile.single == b.profile.single
    )
    return float(lone and max(a.rivals, b.rivals) > 1)


def other_given_name(a: Bundle, b: Bundle) -> float:
    """The given names differ."""
    return float(
        _best_given(a.profile, b.profile, spelt_alike=True) == "other"
        or _best_given(a.profile, b.profile, spelt_alike=False) == "other"
    )


def other_gender(a: Bundle, b: Bundle) -> float:
    """One is a woman, the other a man, by title, pronoun or given name."""
    return float(a.profile.gender is not None and b.profile.gender is not None and a.profile.gender != b.profile.gender)


def person_or_not(a: Bundle, b: Bundle) -> float:
    """One is a person, the other is not."""
    one, two = a.profile.person, b.profile.person
    return float(one is not None and two is not None and one != two)


def other_class(a: Bundle, b: Bundle) -> float:
    """They are of different kinds (a body, a place, a thing)."""
    one, two = a.profile.coarse, b.profile.coarse
    person = a.profile.person is not False or b.profile.person is not False
    return float(one is not None and two is not None and one != two and not person)


def initials_match(a: Bundle, b: Bundle) -> float:
    """One is an acronym of the other's name."""
    fits = (a.profile.acronyms & b.profile.initials) or (b.profile.acronyms & a.profile.initials)
    known = _share_spelt_out(a.profile, b.profile)
    return float(bool(fits) and not known and not _expands_otherwise(a.profile, b.profile))


def same_acronym_other_words(a: Bundle, b: Bundle) -> float:
    """Both have that acronym, but spell it out in different words."""
    return float(_expands_otherwise(a.profile, b.profile))


def several_of_those_letters(a: Bundle, b: Bundle) -> float:
    """Several bodies of the pile have that acronym, and one article does not spell it out."""
    bare = not a.profile.expansions or not b.profile.expansions
    letters = a.profile.acronyms & (b.profile.acronyms | b.profile.initials) | b.profile.acronyms & a.profile.initials
    return float(bare and bool(letters) and max(a.spellings, b.spellings) > 1)


def short_form(a: Bundle, b: Bundle) -> float:
    """One name is a short form of the other."""
    return float(
        not a.profile.person
        and not b.profile.person
        and any(is_short_form(s, t) or is_short_form(t, s) for s in a.profile.spelt_out for t in b.profile.spelt_out)
    )


def several_longer_names(a: Bundle, b: Bundle) -> float:
    """The short name could stand for several longer names of the pile."""
    return float(bool(short_form(a, b)) and max(a.longer, b.longer) > 1)


def body_spelt_otherwise(a: Bundle, b: Bundle) -> float:
    """The names differ in a few letters only."""
    if a.profile.person or b.profile.person or same_full_name(a, b) or same_single_name(a, b):
        return 0.0
    return float(any(are_nearly(s, t) for s in a.profile.spelt_out for t in b.profile.spelt_out))


def same_country(a: Bundle, b: Bundle) -> float:
    """Names of one country."""
    return float(a.profile.country is not None and a.profile.country == b.profile.country)


def same_government(a: Bundle, b: Bundle) -> float:
    """Both stand for the government of one country."""
    return float(a.profile.government is not None and a.profile.government == b.profile.government)


def place_or_government(a: Bundle, b: Bundle) -> float:
    """One is the place, the other the government that sits there."""
    return float((a.profile.government is None) != (b.profile.government is None) and bool(same_single_name(a, b)))


def shared_title(a: Bundle, b: Bundle) -> float:
    """The same title or office stands with both."""
    plain = {"mr", "ms", "mrs", "miss", "dr", "former", "retired"}
    return float(bool((a.titles & b.titles) - plain))


def shared_body(a: Bundle, b: Bundle) -> float:
    """Both are said to belong to the same body."""
    return float(bool(a.bodies & b.bodies))


def shared_company(a: Bundle, b: Bundle) -> float:
    """The same other names stand around both."""
    smaller = min(len(a.company), len(b.company))
    return min(1.0, len(a.company & b.company) / max(4.0, 0.5 * smaller)) if smaller else 0.0


def kept_apart(a: Bundle, b: Bundle) -> float:
    """One article has both and tells them apart."""
    return float(bool(a.documents & b.documents))


def same_description(a: Bundle, b: Bundle) -> float:
    """The same description, with a nation or country in it."""
    return float(not a.profile.named and not b.profile.named and bool(set(a.profile.forms) & set(b.profile.forms)))


FEATURES: tuple[Feature, ...] = (
    same_full_name, same_single_name, same_given_and_family, initial_fits, given_spelt_otherwise,
    family_spelt_otherwise, part_of_full_name, family_name_alone, given_name_alone, several_of_that_given_name,
    taken_for_body, several_of_that_name, other_given_name, other_gender, person_or_not, other_class,
    initials_match, same_acronym_other_words, several_of_those_letters, short_form, several_longer_names,
    body_spelt_otherwise, same_country, same_government, place_or_government, shared_title, shared_body,
    shared_company, kept_apart, same_description,
)  # fmt: skip


@lru_cache(maxsize=1)
def load_weights() -> tuple[float, dict[str, float]]:
    """Return the bias and the weight of each feature."""
    raw = json.loads(files(__package__).joinpath("pairs.json").read_text("utf-8"))
    return float(raw["bias"]), {k: float(v) for k, v in raw["weights"].items()}


def measure_bundles(a: Bundle, b: Bundle) -> dict[str, float]:
    """Return the features of the pair that are not zero, by name."""
    return {f.__name__: value for f in FEATURES if (value := f(a, b))}


def weigh_pair(found: dict[str, float]) -> float:
    """Return the probability that the pair is one actor: logistic in the features."""
    bias, weights = load_weights()
    score = bias + math.fsum(weights.get(name, 0.0) * found[name] for name in sorted(found))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def explain_pair(found: dict[str, float]) -> tuple[str, ...]:
    """Return the reasons for the pair, the strongest first, as the features' docstrings word them."""
    _, weights = load_weights()
    ranked = sorted(found, key=lambda n: (-weights.get(n, 0.0) * found[n], n))
    words = {f.__name__: (f.__doc__ or f.__name__).strip().rstrip(".").replace("\n", " ") for f in FEATURES}
    return tuple(words[n] if weights.get(n, 0.0) >= 0 else f"against it: {words[n]}" for n in ranked)


def _best_given(a: Profile, b: Profile, *, spelt_alike: bool) -> str | None:
    order = ("same", "initial", "variant", "absent", "other")
    found = {
        compare_given(p.given, q.given)
        for p in a.people
        for q in b.people
        if (p.family != q.family and is_variant(p.family, q.family) if spelt_alike else p.family == q.family)
        and not (spelt_alike and not is_slip(p.family, q.family) and compare_given(p.given, q.given) == "initial")
    }
    if "absent" in found and "other" in found and not found & {"same", "initial", "variant"}:
        return "other"
    return next((o for o in order if o in found), None)


def _is_family_only(a: Profile, b: Profile) -> bool:
    def fits(lone: Profile, people: tuple[PersonName, ...]) -> bool:
        single, spelt_alike = lone.single, lone.coarse == "person"  # a town is no other spelling of who is named for it
        return single is not None and any(
            p.given and (p.family == single or (spelt_alike and is_slip(p.family, single))) for p in people
        )

    return fits(a, b.people) or fits(b, a.people)


def _is_given_only(lone: Profile, full: Profile) -> bool:
    return lone.single is not None and any(p.given[:1] == (lone.single,) for p in full.people)


def _share_spelt_out(a: Profile, b: Profile) -> bool:
    return any(len(s) > 1 and s in b.spelt_out for s in a.spelt_out)


def _expands_otherwise(a: Profile, b: Profile) -> bool:
    letters = a.acronyms | b.acronyms
    one = [words for acronym, words in a.expansions if acronym in letters]
    two = [words for acronym, words in b.expansions if acronym in letters]
    return bool(one and two) and expand_otherwise(one, two)


def expand_otherwise(one: Sequence[tuple[str, ...]], two: Sequence[tuple[str, ...]]) -> bool:
    """Tell whether two sets of expansions of one acronym have no two that could be one name in other spelling."""
    return not any(len(set(s) & set(t)) * 2 >= min(len(s), len(t)) or are_nearly(s, t) for s in one for t in two)
