"""The lexicon of senses: a wrong line in the data is found here, not in a reader's timeline."""

import re

import pytest

from storyledger.events.arguments import SCHEMES
from storyledger.events.lexicon import Scene, find_sense, iter_entries, known_lemmas, load_classes, load_senses
from storyledger.events.similarity import FAMILIES
from storyledger.events.timeline import TYPE_WEIGHTS

PLOVER = set(TYPE_WEIGHTS)


def test_every_sense_has_a_plover_type_and_a_weight_on_goldsteins_scale():
    for sense in load_senses().values():
        assert sense.type in PLOVER, sense.group
        assert -10 <= sense.weight <= 10, sense.group
        assert 0 <= sense.salience <= 1, sense.group
        assert sense.who in SCHEMES, sense.group


def test_every_type_can_be_told_by_verbs_and_by_nouns():
    for part in ("verbs", "nouns"):
        assert {entry.sense.type for entry in iter_entries(part)} == PLOVER


def test_every_condition_names_a_class_that_exists():
    for part in ("verbs", "nouns"):
        for entry in iter_entries(part):
            for slot, name in entry.needs:
                assert name in load_classes() or name in ("vp", "-o"), (entry.words, slot, name)


def test_the_lexicon_has_the_size_that_its_documentation_says():
    assert sum(1 for part in ("verbs", "nouns") for _ in iter_entries(part)) > 2000


def test_entries_are_lower_case_lemmas():
    for part in ("verbs", "nouns"):
        for entry in iter_entries(part):
            assert all(re.fullmatch(r"[a-zéèêç$'’-]+", word) for word in entry.words), entry.words


def test_families_cover_the_types():
    assert set(FAMILIES) == PLOVER


@pytest.mark.parametrize(
    ("lemma", "scene", "group"),
    [
        ("hold", Scene(objects=frozenset({"talk"})), "meet"),
        ("hold", Scene(objects=frozenset({"protest"})), "protest"),
        ("fall", Scene(objects=frozenset({"city"})), "seize"),
        ("fall", Scene(objects=frozenset({"price"})), None),
        ("call", Scene(follows=frozenset({"off"})), "cancel"),
        ("suspend", Scene(objects=frozenset({"aid"})), "sanction"),
        ("release", Scene(objects=frozenset({"hostage"})), "release"),
        ("kill", Scene(), "kill"),
        ("kill", Scene(subjects=frozenset({"ferry"})), "die"),
        ("fire", Scene(objects=frozenset({"minister", "#person"})), "sanction"),
        ("fire", Scene(objects=frozenset({"clay"})), None),
        ("attack", Scene(objects=frozenset({"town"})), "attack"),
        ("attack", Scene(objects=frozenset({"budget"})), "accuse"),
        ("battle", Scene(objects=frozenset({"cancer"})), "struggle"),
    ],
)
def test_the_arguments_decide_the_sense(lemma, scene, group):
    sense = find_sense(lemma, is_noun=False, scene=scene)
    assert (sense.group if sense else None) == group


def test_a_compound_noun_is_known_by_its_last_word():
    sense = find_sense("call", is_noun=True, scene=Scene(follows=frozenset({"phone"})))
    assert sense is not None
    assert sense.group == "phone"


def test_no_lemma_of_the_lexicon_is_a_name():
    assert not [word for word in known_lemmas(is_noun=True) | known_lemmas(is_noun=False) if word != word.lower()]
