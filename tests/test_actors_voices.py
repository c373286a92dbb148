"""What a reader would miss where "I" is nobody although the page says who speaks."""

from __future__ import annotations

import re

from actors_pile import make_article, make_reading

from storyledger.actors import cast_documents, hear_voices
from storyledger.types import Actor, ActorMention, Evidence, Speaker, Statement

TEXT = "Why did you leave? “I was asked to. He said ‘I am done’, and we went.”"


def speak(actor: Actor, text: str, confidence: float = 0.9) -> list[Actor]:
    start = TEXT.index(text)
    content = Evidence("a", start, start + len(text), text)
    said = Statement(
        "s",
        Speaker(actor.id, "", None),
        None,
        content,
        "direct",
        "say",
        "affirmed",
        None,
        None,
        None,
        None,
        None,
        confidence,
    )
    article = make_article("a", TEXT)
    spans = [(m, m + len(w), "pronoun", None) for w in ("I", "He", "we") for m in find_all(w)]
    return hear_voices([actor], [said], {"a": make_reading(article, sorted(spans))}, {"a": TEXT})


def find_all(word: str) -> list[int]:
    return [m.start() for m in re.finditer(rf"\b{word}\b", TEXT)]


def make_actor(kind: str) -> Actor:
    return Actor("ada", "Ada Brook", kind, (), (), (ActorMention("b", 0, 9, "Ada Brook", "name"),))


CONTENT = TEXT[TEXT.index("I was") : -1]


def test_i_in_a_quotation_is_its_speaker_and_nobody_whom_the_speaker_quotes():
    (ada,) = speak(make_actor("person"), CONTENT)
    assert [(m.text, m.start) for m in ada.mentions if m.kind == "pronoun"] == [("I", TEXT.index("I was"))]


def test_we_of_a_body_is_the_body_and_i_is_not():
    (body,) = speak(make_actor("organisation"), CONTENT)
    assert [m.text for m in body.mentions if m.kind == "pronoun"] == ["we"]


def test_a_speaker_who_is_hardly_sure_keeps_i_open():
    (ada,) = speak(make_actor("person"), CONTENT, confidence=0.2)
    assert not [m for m in ada.mentions if m.kind == "pronoun"]


def test_a_pronoun_that_somebody_has_stays_there():
    at = TEXT.index("I was")
    bo = Actor("bo", "Bo", "person", (), (), (ActorMention("a", at, at + 1, "I", "pronoun"),))
    start = TEXT.index(CONTENT)
    content = Evidence("a", start, start + len(CONTENT), CONTENT)
    said = Statement(
        "s", Speaker("ada", "", None), None, content, "direct", "say", "affirmed", None, None, None, None, None, 0.9
    )
    reading = make_reading(make_article("a", TEXT), [(at, at + 1, "pronoun", None)])
    ada, other = hear_voices([make_actor("person"), bo], [said], {"a": reading}, {"a": TEXT})
    assert len(ada.mentions) == 1
    assert len(other.mentions) == 1


def test_a_woman_is_she_on_the_page_that_leaves_out_her_title():
    named = (ActorMention("a", 0, 8, "Ms Brook", "name"), ActorMention("b", 0, 5, "Brook", "name"))
    casts = cast_documents([Actor("ada", "Brook", "person", (), (), named)])
    assert {m.gender for d in ("a", "b") for m in casts[d].mentions} == {"she"}


INTERVIEW = "Why did you leave the port? “Ask your readers: you know.”\n\nDid they pay you?\n\n“I took nothing.”"


def ask(kind: str, content: str) -> list[str]:
    """Return the pronouns of whoever gives the answer ``content``."""
    start = INTERVIEW.index(content)
    evidence = Evidence("a", start, start + len(content), content)
    said = Statement(
        "s", Speaker("ada", "", None), None, evidence, "direct", "say", "affirmed", None, None, None, None, None, 0.9
    )
    found = [(m.start(), m.end(), "pronoun", None) for m in re.finditer(r"\b(?:you|your|they|I)\b", INTERVIEW)]
    reading = make_reading(make_article("a", INTERVIEW), found)
    (ada,) = hear_voices([make_actor(kind)], [said], {"a": reading}, {"a": INTERVIEW})
    return [f"{m.text} {m.start}" for m in ada.mentions if m.kind == "pronoun"]


def test_you_of_a_question_is_who_answers_it():
    assert ask("person", "I took nothing.") == [
        f"you {INTERVIEW.index('you?')}",
        f"I {INTERVIEW.index('I took')}",
    ]


def test_you_of_a_question_is_no_body():
    assert ask("organisation", "I took nothing.") == []
