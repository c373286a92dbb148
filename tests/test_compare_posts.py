"""What would break for a user if posts that sentences tell were read wrongly: a clash that nobody claims."""

from __future__ import annotations

import pytest

from storyledger.compare.index import index_story
from storyledger.compare.posts import compare_posts, read_post
from storyledger.types import Actor, ActorMention, Article, Evidence, Reading, Story, Token

OFFICER = "the first officer Ana Ruiz/PROPN/2/nsubj slept/VERB/0/root"
TRAINEE = "Ana Ruiz/PROPN/4/nsubj was/AUX/4/cop a/DET/4/det trainee/NOUN/0/root"
WILL_BE = "Ana Ruiz/PROPN/5/nsubj will/AUX/5/aux be/AUX/5/cop a/DET/5/det trainee/NOUN/0/root"
ACTED = "Ana Ruiz/PROPN/2/nsubj acted/VERB/0/root as/ADP/5/case an/DET/5/det adviser/NOUN/2/obl"
STAYED = "Ana Ruiz/PROPN/2/nsubj stays/VERB/0/root as/ADP/5/case an/DET/5/det adviser/NOUN/2/obl"


def read(name: str, tagged: str) -> tuple[Article, Reading]:
    text, tokens = "", []
    for n, word in enumerate(tagged.replace("Ana Ruiz", "Ana_Ruiz").split()):
        form, upos, head, relation = [*word.split("/"), "X", "0", "dep"][:4]
        form = form.replace("_", " ")
        lemma = {"acted": "act", "stays": "stay", "was": "be"}.get(form, form)
        tokens.append(
            Token(len(text), len(text) + len(form), lemma, upos, int(head) - 1 if head != "0" else n, relation)
        )
        text += form + " "
    article = Article(name, name, None, "utf-8", name, text.strip() + ".", (), (), published="2020-05-02", origin=name)
    return article, Reading(name, tuple(tokens), (), (), (), ())


@pytest.mark.parametrize(("told", "clash"), [(TRAINEE, 1), (WILL_BE, 0), (ACTED, 1), (STAYED, 0)])
def test_what_a_sentence_says_that_somebody_is_clashes_with_a_post_and_what_he_will_be_does_not(
    told: str, clash: int
) -> None:
    (a, first), (b, second) = read("a", OFFICER), read("b", told)
    mentions = [ActorMention(x.id, start := x.text.index("Ana Ruiz"), start + 8, "Ana Ruiz", "name") for x in (a, b)]
    post = ActorMention("a", 0, 17, "the first officer", "nominal")
    actor = Actor("k", "Ana Ruiz", "person", (), (), (post, *mentions))
    story = Story(documents=(a, b), actors=(actor,))
    found = compare_posts(story, index_story(story, {"a": first, "b": second}))
    assert len(found) == clash


def test_an_adviser_is_no_other_than_a_senior_adviser() -> None:
    (a, first), (b, second) = read("a", "the senior adviser Ana Ruiz/PROPN/2/nsubj slept/VERB/0/root"), read("b", ACTED)
    mentions = [ActorMention(x.id, start := x.text.index("Ana Ruiz"), start + 8, "Ana Ruiz", "name") for x in (a, b)]
    actor = Actor(
        "k", "Ana Ruiz", "person", (), (), (ActorMention("a", 0, 18, "the senior adviser", "nominal"), *mentions)
    )
    story = Story(documents=(a, b), actors=(actor,))
    assert compare_posts(story, index_story(story, {"a": first, "b": second})) == []


@pytest.mark.parametrize(
    ("words", "lesser"),
    [
        ("the chief medical adviser", False),
        ("the agency's assistant director general", False),
        ("a special adviser to the minister", False),
        ("an adviser to the firm", True),
        ("the assistant of the director", True),
        ("the consultant acting as head of information", True),
    ],
)
def test_one_office_by_two_titles_is_no_lesser_standing(words: str, lesser: bool) -> None:
    post = read_post(Evidence("a", 0, len(words), words))
    assert post
    assert post.lesser == lesser
