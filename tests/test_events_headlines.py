"""Headlines: who has read nothing else knows from the line who did what, and nothing is turned around."""

from storyledger.events.headlines import Tongue, choose_headline, gather_names, is_shown
from storyledger.types import Actor, ActorMention, Article, EventReport, Evidence, Participant, Reading, Sentence, Token

TEXT = "Maria Jansen runs the port. She closed it on Friday. The mayor did not resign."


def actor(number, name, *mentions):
    rows = tuple(ActorMention("d", TEXT.index(t), TEXT.index(t) + len(t), t, kind) for t, kind in mentions)
    return Actor(number, name, "person", (), (), rows)


def report(words, *who):
    start = TEXT.index(words)
    people = tuple(Participant("actor", name) for name in who)
    evidence = Evidence("d", start, start + len(words), words)
    return EventReport(words, "d", "OTHER", evidence, "x", people, None, None, "reported", 0.6, 0, 0.8)


JANSEN = actor("jansen", "Maria Jansen", ("Maria Jansen", "name"), ("She", "pronoun"), ("The mayor", "nominal"))
ARTICLE = Article("d", "d", None, "utf-8", "", TEXT, (), ())


def read(words):
    """A reading whose only sentence is ``words``, a verb without a subject."""
    start = TEXT.index(words)
    token = Token(start, start + len(words.split()[0]), words.split()[0], "VERB", 0, "root")
    return Reading("d", (token,), (Sentence(0, 1, start, start + len(words), "paragraph"),), (), (), ())


def headline(words, *who, readings=None):
    tongue = Tongue({"d": ARTICLE}, readings or {}, gather_names([JANSEN]))
    return choose_headline([report(words, *who)], tongue)


def test_a_pronoun_gives_way_to_the_name_in_brackets():
    assert headline("She closed it on Friday") == "[Maria Jansen] closed it on Friday"


def test_a_description_gives_way_to_the_name_and_the_negation_stays():
    assert headline("The mayor did not resign") == "[Maria Jansen] did not resign"


def test_words_without_a_subject_get_the_name_of_who_acts():
    words = "closed it on Friday"
    assert headline(words, "jansen", readings={"d": read(words)}) == "[Maria Jansen] closed it on Friday"


def test_the_telling_that_a_headline_was_made_of_is_known_by_its_words():
    assert is_shown("[Maria Jansen] closed it on Friday", "She closed it on Friday")
    assert not is_shown("[Maria Jansen] closed it on Friday", "The mayor did not resign")
