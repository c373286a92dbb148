"""What a person asks for, by the ids that a page shows, as entries of the journal, keyed to the words.

Ids change from build to build; the words stay. So each request is turned into keys here, while what it was made from is
still at hand. This module must not know HTTP.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from storyledger.corrections import check_value
from storyledger.errors import UsageError
from storyledger.journal import MentionKey, find_source_span, make_judgement
from storyledger.report.capture import decode_capture
from storyledger.spelling import clean_text
from storyledger.store import Ledger
from storyledger.types import (
    Actor,
    Article,
    Comparison,
    Event,
    Evidence,
    Figure,
    Judgement,
    JudgementVerb,
    Omission,
    Statement,
)
from storyledger.workbench.places import find_at, read_place
from storyledger.workbench.searches import MOST_NAME, clean_query

FORBIDDEN = "E-JUDGE-TARGET"
COLLECTED = ("statements", "events", "figures", "comparisons", "actors", "omissions")
MOST_WORDS = 20_000  # characters of words that are looked for
MOST_MENTIONS = 20  # the fullest names of an actor, of which one is its key: each costs loading its page


def make_move(ledger: Ledger, request: Mapping[str, Any]) -> Judgement:
    """Return the journal entry that ``request`` asks for, numbered after the journal.

    Args:
        ledger: where the ids of the request are looked up.
        request: ``verb`` and, as the verb needs it, ``target``, ``other`` (ids), ``at`` ("DOCUMENT START END", one
            mention of an actor or one telling of an event), ``target_at``, ``other_at`` (the same, with a digest:
            where to find what has another id by now), ``value`` (text, or an object of fields), ``words``
            (of a statement's new content, of a text that is none of the article's), ``source`` ("START END" of what
            was left out), ``name`` (of a search), ``because``, ``by``.

    Raises:
        UsageError: something that the verb needs is missing, unknown, or no value for it.
    """
    request = {name: clean_text(v) if isinstance(v, str) else v for name, v in request.items()}
    verb = str(request.get("verb") or "")
    maker = MAKERS.get(verb)
    if maker is None:
        raise UsageError("E-JUDGE-VERB", f"{verb!r} is no correction", f"one of {', '.join(MAKERS)}")
    value = request.get("value")
    text = json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict) else value
    text = None if text is None else clean_text(str(text))
    if verb == "set_content":
        (journal_verb, a, b), found = _content(ledger, request)
        text = found or text
    else:
        journal_verb, a, b = maker(ledger, request)
    if verb == "save_search":
        text = clean_query(text or "")
    check_value(journal_verb, text)
    number = max((j.number for j in ledger.load_judgements()), default=0) + 1
    because, by = (_short(request.get(name)) for name in ("because", "by"))
    return make_judgement(number, journal_verb, a, b=b, value=text, because=because, by=by)


def make_note(ledger: Ledger, entry: str, text: str | None, dossier: str, by: str | None) -> Judgement:
    """Return the journal entry that collects the words of ``entry``, whatever section it is in.

    Raises:
        UsageError: no section has an entry of that id.
    """
    for section in ("statements", "events", "figures", "comparisons", "actors"):
        if ledger.entries.load_values(section, [entry]):
            value = {"dossier": dossier} | ({"text": text} if text else {})
            return make_move(ledger, {"verb": "note", "section": section, "target": entry, "value": value, "by": by})
    raise UsageError(FORBIDDEN, f"nothing has the id {entry!r}", "`show` and `why` print the ids")


def _short(text: Any) -> str | None:
    return str(text)[:2000] if text else None


Keys = tuple[JudgementVerb, MentionKey, MentionKey | None]


# ------------------------------------------------------------------ looking up


def _load(ledger: Ledger, section: str, ident: Any) -> Any:
    found = ledger.entries.load_values(section, [str(ident or "")])
    if not found:
        raise UsageError(FORBIDDEN, f"{section} has no entry {ident!r}", "it may have changed; load the page again")
    return found[0]


def _article(ledger: Ledger, document: str) -> Article:
    found: Article = _load(ledger, "documents", document)
    return found


def _key(ledger: Ledger, evidence: Evidence) -> MentionKey:
    article = _article(ledger, evidence.document)
    span = find_source_span(article, evidence.start, evidence.end)
    if span is None:
        raise UsageError(FORBIDDEN, "these words have no place in the page as received", "choose others")
    return article.sha256, *span, evidence.text


def _named(ledger: Ledger, section: str, request: Mapping[str, Any], name: str = "target") -> Any:
    """Return the entry that a request names by its id or, where the story has followed meanwhile, by its words."""
    ident, place = str(request.get(name) or ""), request.get(f"{name}_at")
    found = ledger.entries.load_values(section, [ident])
    if not found and place:
        sides = [place, request["other_at"]] if section == "comparisons" and request.get("other_at") else [place]
        ident = find_at(ledger, section, sides) or ident
    return found[0] if found else _load(ledger, section, ident)


def _actor_key(ledger: Ledger, request: Mapping[str, Any], name: str, apart: str | None = None) -> MentionKey:
    """Return the key of an actor's best mention; of one that is not at the place ``apart``."""
    actor: Actor = _named(ledger, "actors", request, name)
    if apart:
        taken = read_place(ledger, apart)
        others = [m for m in actor.mentions if (m.document, m.start) != (taken.document, taken.start)]
        if not others:
            raise UsageError(
                FORBIDDEN, f"“{actor.name}” is mentioned there alone", "rename it, or merge it with another"
            )
        actor = replace(actor, mentions=tuple(others))
    best = sorted(actor.mentions, key=lambda m: (m.kind != "name", not m.text.endswith(actor.name), -len(m.text)))
    actor = replace(actor, mentions=tuple(best[:MOST_MENTIONS]))
    from storyledger.actors import find_mention_key  # noqa: PLC0415 - a desk opens without what builds

    articles = [_article(ledger, d) for d in sorted({m.document for m in actor.mentions})]
    return find_mention_key(actor, articles)


# ------------------------------------------------------------------ one function a verb


def _pair_actors(ledger: Ledger, request: Mapping[str, Any]) -> Keys:
    at, other_at = request.get("at"), request.get("with")
    one = _key(ledger, read_place(ledger, at)) if at else _actor_key(ledger, request, "target", other_at)
    other = _key(ledger, read_place(ledger, other_at)) if other_at else _actor_key(ledger, request, "other")
    return ("same" if request["verb"] == "same" else "different"), one, other


def _pair_events(ledger: Ledger, request: Mapping[str, Any]) -> Keys:
    one = _event_key(ledger, request, "at", "target")
    other = _event_key(ledger, request, "with", "other")
    return ("same_event" if request["verb"] == "same_event" else "different_event"), one, other


def _event_key(ledger: Ledger, request: Mapping[str, Any], at: str, name: str) -> MentionKey:
    from storyledger.events import key_event, key_telling  # noqa: PLC0415 - a desk opens without what builds

    if request.get(at):
        telling = read_place(ledger, request[at])
        return key_telling(telling, [_article(ledger, telling.document)])
    event: Event = _named(ledger, "events", request, name)
    return key_event(event, [_article(ledger, d) for d in sorted({m.document for m in event.mentions})], None)


def _about_actor(verb: JudgementVerb) -> Any:
    return lambda ledger, request: (verb, _actor_key(ledger, request, "target"), None)


def _about_event(verb: JudgementVerb) -> Any:
    return lambda ledger, request: (verb, _event_key(ledger, request, "at", "target"), None)


def _about_statement(verb: JudgementVerb) -> Any:
    def make(ledger: Ledger, request: Mapping[str, Any]) -> Keys:
        said: Statement = _named(ledger, "statements", request)
        other = _actor_key(ledger, request, "other") if verb == "set_speaker" and request.get("other") else None
        return verb, _key(ledger, said.content), other

    return make


def _about_figure(verb: JudgementVerb) -> Any:
    def make(ledger: Ledger, request: Mapping[str, Any]) -> Keys:
        figure: Figure = _named(ledger, "figures", request)
        return verb, _key(ledger, figure.evidence), None

    return make


def _party(ledger: Ledger, request: Mapping[str, Any]) -> Keys:
    return "set_party", _event_key(ledger, request, "at", "target"), _actor_key(ledger, request, "other")


def _comparison(ledger: Ledger, request: Mapping[str, Any]) -> Keys:
    compared: Comparison = _named(ledger, "comparisons", request)
    sides = [s.evidence for s in compared.sides if s.evidence]
    if len(sides) < 2:
        raise UsageError(FORBIDDEN, "this comparison has one side only", "nothing to judge")
    return "judge_comparison", _key(ledger, sides[0][0]), _key(ledger, sides[1][0])


def _page_key(ledger: Ledger, ident: Any) -> MentionKey:
    article = _article(ledger, str(ident or ""))
    return article.sha256, 0, 0, article.path


def _page(ledger: Ledger, request: Mapping[str, Any]) -> Keys:
    return "set_page", _page_key(ledger, request.get("target")), None


def _pair_pages(ledger: Ledger, request: Mapping[str, Any]) -> Keys:
    """SAME moves a page to the story of another, DIFFERENT takes it out of that one's."""
    verb: JudgementVerb = "same_story" if request["verb"] == "same_story" else "different_story"
    return verb, _page_key(ledger, request.get("target")), _page_key(ledger, request.get("other"))


def _text(ledger: Ledger, request: Mapping[str, Any]) -> Keys:
    """A ruling on a page's text rests on words of it (``words`` or ``at``), or on a range of the source left out."""
    article = _article(ledger, str(request.get("target") or ""))
    if request.get("source"):
        start, end = _range(request["source"])
        if not any(d.source_start == start and d.source_end == end for d in article.dropped):
            raise UsageError(FORBIDDEN, "nothing was left out there", "it may have changed; load the page again")
        shown = " ".join(read_source(ledger, article)[start:end].split())
        return "set_text", (article.sha256, start, end, re.sub(r"<[^>]*>", "", shown)[:MOST_WORDS]), None
    spot = read_place(ledger, request["at"]) if request.get("at") else _find_words(article, request.get("words"))
    return "set_text", _key(ledger, spot), None


def read_source(ledger: Ledger, article: Article) -> str:
    """Return a page's source as its positions count it, "" where the ledger did not keep it."""
    data = ledger.load_capture(article.path, article.record, article.sha256)
    return decode_capture(data, article.encoding) if data is not None else ""


def _range(text: Any) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,9}) (\d{1,9})", str(text))
    if found is None:
        raise UsageError(FORBIDDEN, f"{text!r} is no range", "write START END")
    return int(found[1]), int(found[2])


def _find_words(article: Article, words: Any, near: int = 0) -> Evidence:
    """Return where ``words`` stand in the article, at the place that is nearest to ``near``; blanks count as one."""
    pattern = r"\s+".join(map(re.escape, str(words or "")[:MOST_WORDS].split()))
    spots = [m.span() for m in re.finditer(pattern, article.text)] if pattern else []
    if not spots:
        raise UsageError(FORBIDDEN, f"{words!r} does not stand there in these words", "copy them from the page")
    start, end = min(spots, key=lambda s: (abs(s[0] - near), s))
    return Evidence(article.id, start, end, article.text[start:end])


def _content(ledger: Ledger, request: Mapping[str, Any]) -> tuple[Keys, str | None]:
    """Return the keys of a statement whose edges are set, and its new range in the source where ``words`` gives it."""
    said: Statement = _named(ledger, "statements", request)
    keys: Keys = ("set_content", _key(ledger, said.content), None)
    if not request.get("words"):
        return keys, None
    article = _article(ledger, said.content.document)
    spot = _find_words(article, request["words"], said.content.start)
    if spot.end <= said.content.start or spot.start >= said.content.end:
        raise UsageError(FORBIDDEN, "these words are not those of the statement", "name words that overlap it")
    _, start, end, _ = _key(ledger, spot)
    return keys, f"{start} {end}"


def _quantity(ledger: Ledger, request: Mapping[str, Any]) -> Keys:
    one: Figure = _named(ledger, "figures", request)
    other: Figure = _named(ledger, "figures", request, "other")
    if one.id == other.id:
        raise UsageError(FORBIDDEN, "this is the same figure", "name another")
    return "set_quantity", _key(ledger, one.evidence), _key(ledger, other.evidence)


def _role(ledger: Ledger, request: Mapping[str, Any]) -> Keys:
    return "reject_role", _key(ledger, read_place(ledger, request.get("at"))), None


def _search(_: Ledger, request: Mapping[str, Any]) -> Keys:
    name = " ".join(str(request.get("name") or "").split())[:MOST_NAME]
    if not name:
        raise UsageError("E-JUDGE-NAME", "a saved search needs a name", "give it one")
    return "save_search", ("", 0, 0, name), None


def _list_words(value: Statement | Figure | Event | Omission) -> Sequence[Evidence]:
    """Return the words that an entry rests on."""
    if isinstance(value, Statement):
        return [value.content]
    if isinstance(value, Figure):
        return [value.evidence]
    return value.mentions if isinstance(value, Event) else value.evidence


def _note(ledger: Ledger, request: Mapping[str, Any]) -> Keys:
    """A note rests on the words of its entry: of an event the first telling, of a comparison a place of each side."""
    section = str(request.get("section") or "statements")
    if request.get("at"):
        return "note", _key(ledger, read_place(ledger, request["at"])), None
    if section == "comparisons":
        _, one, other = _comparison(ledger, request)
        return "note", one, other
    if section == "actors":
        return "note", _actor_key(ledger, request, "target"), None
    if section not in COLLECTED:
        raise UsageError(FORBIDDEN, f"nothing of {section[:40]!r} can be collected", f"one of {', '.join(COLLECTED)}")
    found = _list_words(_named(ledger, section, request))
    if not found:
        raise UsageError(FORBIDDEN, "this entry rests on no words of a page", "collect the words themselves")
    return "note", _key(ledger, found[0]), None


MAKERS: Mapping[str, Any] = {
    "same": _pair_actors,
    "different": _pair_actors,
    "reject": _about_actor("reject"),
    "rename": _about_actor("rename"),
    "same_event": _pair_events,
    "different_event": _pair_events,
    "reject_event": _about_event("reject_event"),
    "set_event": _about_event("set_event"),
    "set_party": _party,
    "set_speaker": _about_statement("set_speaker"),
    "set_content": _about_statement("set_content"),
    "reject_statement": _about_statement("reject_statement"),
    "set_figure": _about_figure("set_figure"),
    "set_quantity": _quantity,
    "reject_figure": _about_figure("reject_figure"),
    "judge_comparison": _comparison,
    "set_page": _page,
    "same_story": _pair_pages,
    "different_story": _pair_pages,
    "set_text": _text,
    "set_role": _about_actor("set_role"),
    "reject_role": _role,
    "save_search": _search,
    "note": _note,
}
