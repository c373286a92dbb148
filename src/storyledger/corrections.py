"""A person's corrections of single entries, obeyed at every build: speaker, content, event, figure, comparison, page.

What joins and parts actors and events is obeyed where it is decided (``actors``, ``events``); here stands everything
that sets a value. Each function takes what a stage made and returns it as the journal wants it; an entry of the journal
whose words are no longer there changes nothing and is told (``check_corrections``). Pure; knows no stage and no ledger.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar, get_args

from storyledger.days import last_day
from storyledger.errors import UsageError
from storyledger.journal import (
    JudgementProblem,
    KeyedRow,
    MentionKey,
    find_keyed,
    index_places,
    list_active,
)
from storyledger.types import (
    EVENT_TYPES,
    Actor,
    Article,
    Comparison,
    Event,
    EventStatus,
    EventWhen,
    Evidence,
    Figure,
    Judgement,
    JudgementVerb,
    Participant,
    Quantity,
    Role,
    Speaker,
    Statement,
    Story,
)

NEAR = 0.5  # what stands at a key must share this much of the range that both cover: models cut contents differently
MOST_VALUE = 1e300  # of a figure: beyond it is no number that can be compared
VERDICTS = ("true", "false", "trivial")
BY_VERB: Mapping[JudgementVerb, str] = {
    "set_speaker": "statements",
    "set_content": "statements",
    "reject_statement": "statements",
    "set_event": "events",
    "set_party": "events",
    "set_figure": "figures",
    "set_quantity": "figures",
    "reject_figure": "figures",
    "judge_comparison": "comparisons",
    "set_page": "documents",
    "same_story": "documents",
    "different_story": "documents",
    "set_text": "documents",
    "set_role": "actors",
    "reject_role": "actors",
}
FIELDS: Mapping[JudgementVerb, frozenset[str]] = {
    "set_event": frozenset({"day", "status", "type", "summary"}),
    "set_figure": frozenset({"value", "unit", "about", "alone"}),
    "set_page": frozenset({"outlet", "published", "in_story"}),
    "set_role": frozenset({"role", "organisation"}),
    "note": frozenset({"dossier", "text"}),
}
FLAGS = ("alone", "in_story")
MOST_CHARS = 20_000  # of a value
KEPT, LEFT_OUT = "keep", "drop"  # what ``set_text`` says of words
Ruling = tuple[int, int, bool]  # a range of a page's source, and whether it is of the article
E = TypeVar("E")


def check_value(verb: JudgementVerb, value: str | None) -> None:
    """Raise ``UsageError`` unless ``value`` is one that ``verb`` can be obeyed with."""
    if len(value or "") > MOST_CHARS:
        raise _refusal(f"a value has at most {MOST_CHARS:,} characters")
    if verb in FIELDS:
        fields = read_fields(value)
        unknown = sorted(set(fields) - FIELDS[verb])
        if not fields or unknown:
            raise _refusal(
                f"{verb} sets one of {', '.join(sorted(FIELDS[verb]))}, not {', '.join(unknown) or 'nothing'}"
            )
        for name, told in fields.items():
            _check_field(name, told)
        if "status" in fields and fields["status"] not in get_args(EventStatus):
            raise _refusal(f"{fields['status']!r} is no status; one of {', '.join(get_args(EventStatus))}")
        if "type" in fields and fields["type"] not in EVENT_TYPES:
            raise _refusal(f"{fields['type']!r} is no type of event; one of {', '.join(EVENT_TYPES)}")
        if verb == "set_role" and not str(fields.get("role") or "").strip():
            raise _refusal("a role needs its words")
    if verb == "judge_comparison" and value not in VERDICTS:
        raise _refusal(f"{value!r} is no verdict; one of {', '.join(VERDICTS)}")
    if verb == "set_party" and value not in ("actor", "recipient", "none"):
        raise _refusal(f"{value!r} is no part; one of actor, recipient, none")
    if verb == "set_text" and value not in (KEPT, LEFT_OUT):
        raise _refusal(f"{value!r} says nothing of a text; one of {KEPT}, {LEFT_OUT}")
    if verb == "set_content" and not re.fullmatch(r"\d+ \d+", value or ""):
        raise _refusal("a content is two positions in the source: START END")


def _check_field(name: str, told: Any) -> None:
    """Raise ``UsageError`` unless a field has what its name asks for: NaN would take the figures beside it along."""
    if name == "value":
        if isinstance(told, bool) or not isinstance(told, int | float) or not abs(told) < MOST_VALUE:
            raise _refusal(f"{told!r} is no number")
    elif name in FLAGS:
        if not isinstance(told, bool):
            raise _refusal(f"{name} is true or false, not {told!r}")
    elif told is not None and not isinstance(told, str):
        raise _refusal(f"{name} is words, not {told!r}")
    elif name in ("day", "published") and told:
        _check_days(told)


def _check_days(told: str) -> None:
    days = told.split("/")
    try:
        last = [last_day(d) for d in days]
    except UsageError:
        last = []
    if not 0 < len(last) < 3 or last != sorted(last):
        raise _refusal(f"{told[:40]!r} is no day; write 2021-03-09, 2021-03 or 2021-03-09/2021-03-11")


def _refusal(message: str) -> UsageError:
    return UsageError("E-JUDGE-VALUE", message, "correct the value; nothing was written down")


def read_fields(value: str | None) -> dict[str, Any]:
    """Return the fields that a value sets, ``{}`` where it sets none."""
    try:
        fields = json.loads(value or "{}")
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


# ------------------------------------------------------------------ pages


def list_rulings(judgements: Iterable[Judgement]) -> dict[str, tuple[Ruling, ...]]:
    """Return, by sha256 of the page, which ranges of its source are of the article and which are not, oldest first."""
    found: dict[str, tuple[Ruling, ...]] = {}
    for entry in list_active(judgements):
        if entry.verb == "set_text":
            sha256, start, end, _ = entry.a
            found[sha256] = (*found.get(sha256, ()), (start, end, entry.value == KEPT))
    return found


def correct_pages(articles: Sequence[Article], judgements: Iterable[Judgement]) -> list[Article]:
    """Return ``articles`` with the outlet, the date and the place in the story that a person gave them."""
    told = _last_fields(judgements, "set_page")
    for entry in list_active(judgements):  # who moves a page to a story wants it told
        if entry.verb == "same_story":
            told.setdefault(entry.a[0], {}).setdefault("in_story", True)
    return [_correct_page(a, told[a.sha256]) if a.sha256 in told else a for a in articles]


def _last_fields(judgements: Iterable[Judgement], verb: JudgementVerb) -> dict[str, dict[str, Any]]:
    """Return, by sha256 of the page, what its entries set; of two the later holds."""
    told: dict[str, dict[str, Any]] = {}
    for entry in list_active(judgements):
        if entry.verb == verb:
            told.setdefault(entry.a[0], {}).update(read_fields(entry.value))
    return told


def _correct_page(article: Article, fields: Mapping[str, Any]) -> Article:
    if "outlet" in fields:
        article = replace(
            article, outlet=fields["outlet"] or None, outlet_basis="sidecar", outlet_confidence=1.0, outlet_evidence=()
        )
    if "published" in fields:
        first, last = _interval(str(fields["published"] or ""))
        article = replace(
            article,
            published=first if first == last else None,
            published_earliest=first,
            published_latest=last,
            published_basis="sidecar",
            published_confidence=1.0,
            published_evidence=(),
        )
    return replace(article, in_story=bool(fields["in_story"])) if "in_story" in fields else article


def _interval(text: str) -> tuple[str | None, str | None]:
    first, _, last = text.partition("/")
    return first or None, (last or first) or None


# ------------------------------------------------------------------ entries of a page


def correct_statements(
    said: Sequence[Statement], articles: Sequence[Article], cast: Sequence[Actor], judgements: Iterable[Judgement]
) -> list[Statement]:
    """Return ``said`` with the speakers and contents that a person gave them, without those that are none."""
    wanted = [j for j in list_active(judgements) if BY_VERB.get(j.verb) == "statements"]
    if not wanted:
        return list(said)
    found = _match(wanted, [(s.content, s.id) for s in said], articles)
    speakers = _index_mentions(cast, articles, wanted)
    by_id = {a.id: a for a in articles}

    def change(statement: Statement, entry: Judgement) -> Statement | None:
        if entry.verb == "reject_statement":
            return None
        if entry.verb == "set_content":
            content = _evidence_at(by_id[statement.content.document], entry.value or "")
            return replace(statement, content=content, confidence=1.0) if content else statement
        actor = find_keyed(entry.b, speakers.get(entry.b[0], ())) if entry.b else None
        text = next((a.name for a in cast if a.id == actor), entry.value or statement.speaker.text)
        return replace(statement, speaker=Speaker(actor, text, statement.speaker.evidence), confidence=1.0)

    return _follow_on(said, _apply(said, found, change), found)


def _follow_on(
    before: Sequence[Statement], after: Sequence[Statement], found: Mapping[str, Sequence[Judgement]]
) -> list[Statement]:
    """Return ``after`` where what resumes a statement goes to the mouth that a person gave to it.

    A quotation that goes on with another was given its speaker; one that a person judged itself is left as it is.
    """
    old, new = {s.id: s for s in before}, {s.id: s for s in after}
    for said in before:
        first = old.get(said.continues or "")
        if first is None or said.id in found or said.id not in new or first.id not in new:
            continue
        if said.speaker.actor == first.speaker.actor and new[first.id].speaker != first.speaker:
            new[said.id] = replace(new[said.id], speaker=replace(new[first.id].speaker, evidence=said.speaker.evidence))
    return [new[s.id] for s in after]


def correct_events(
    events: Sequence[Event], articles: Sequence[Article], cast: Sequence[Actor], judgements: Iterable[Judgement]
) -> list[Event]:
    """Return ``events`` with the day, status, type, words and parties that a person gave them."""
    wanted = [j for j in list_active(judgements) if BY_VERB.get(j.verb) == "events"]
    if not wanted:
        return list(events)
    found = _match(wanted, [(m, e.id) for e in events for m in e.mentions], articles)
    parties = _index_mentions(cast, articles, wanted)

    def change(event: Event, entry: Judgement) -> Event | None:
        if entry.verb == "set_party":
            actor = find_keyed(entry.b, parties.get(entry.b[0], ())) if entry.b else None
            return _set_party(event, actor, entry.value or "none") if actor else event
        return _set_event(event, read_fields(entry.value))

    return _apply(events, found, change)


def _set_party(event: Event, actor: str, role: str) -> Event:
    others = tuple(p for p in event.participants if p.actor != actor)
    if role == "actor":
        return replace(event, participants=(Participant("actor", actor), *others))
    return replace(event, participants=(*others, Participant("recipient", actor)) if role == "recipient" else others)


def _set_event(event: Event, fields: Mapping[str, Any]) -> Event:
    if "day" in fields:
        first, last = _interval(str(fields["day"] or ""))
        event = replace(event, when=EventWhen(first, last, None) if first else None)
    plain = {name: fields[name] for name in ("status", "summary") if fields.get(name)}
    known = {"type": fields["type"]} if fields.get("type") in EVENT_TYPES else {}  # a colleague's journal may have any
    return replace(event, **plain, **known)


def correct_figures(
    figures: Sequence[Figure], articles: Sequence[Article], judgements: Iterable[Judgement]
) -> list[Figure]:
    """Return ``figures`` with the values and units that a person gave them, without those that are none."""
    wanted = [j for j in list_active(judgements) if BY_VERB.get(j.verb) == "figures"]
    if not wanted:
        return list(figures)
    found = _match(wanted, [(f.evidence, f.id) for f in figures], articles)

    def change(figure: Figure, entry: Judgement) -> Figure | None:
        if entry.verb == "reject_figure":
            return None
        if entry.verb == "set_quantity":
            return figure  # obeyed where quantities are made (``list_moved_figures``)
        fields = read_fields(entry.value)
        if "value" in fields:
            figure = replace(figure, value=float(fields["value"]), low=None, high=None, confidence=1.0)
        unit, about = (str(fields.get(name) or getattr(figure, name)) for name in ("unit", "about"))
        return replace(figure, unit=unit, about=about)

    return _apply(figures, found, change)


def part_figures(
    figures: Sequence[Figure], ledger: Sequence[Quantity], articles: Sequence[Article], judgements: Iterable[Judgement]
) -> tuple[list[Figure], list[Quantity]]:
    """Return figures and quantities without those in a quantity of which a person says that they count another thing.

    A quantity of which one figure is left is none.
    """
    last = _last_counts(figures, articles, judgements)
    alone = {ident for ident, entry in last.items() if entry.verb == "set_figure"}
    if not alone:
        return list(figures), list(ledger)
    parted = []
    for quantity in ledger:
        entries = tuple(e for e in quantity.entries if e not in alone)
        relations = tuple(r for r in quantity.relations if not {r.a, r.b} & alone)
        if len(entries) > 1:
            parted.append(replace(quantity, entries=entries, relations=relations))
    held = {e for q in parted for e in q.entries}
    return [f if f.id in held else replace(f, quantity=None) for f in figures], parted


def list_moved_figures(
    figures: Sequence[Figure], articles: Sequence[Article], judgements: Iterable[Judgement]
) -> dict[str, str]:
    """Return, by figure, another one of which a person says that both count one thing."""
    last = _last_counts(figures, articles, judgements)
    keys = {entry.b for entry in last.values() if entry.verb == "set_quantity" and entry.b}
    rows = index_places([(f.evidence.document, f.evidence.start, f.evidence.end, f.id) for f in figures], articles)
    found = {key: find_keyed(key, rows.get(key[0], ()), NEAR) for key in keys}
    moved = {ident: found[entry.b] for ident, entry in last.items() if entry.verb == "set_quantity" and entry.b}
    return {ident: other for ident, other in moved.items() if other and other != ident}


def _last_counts(
    figures: Sequence[Figure], articles: Sequence[Article], judgements: Iterable[Judgement]
) -> dict[str, Judgement]:
    """Return, by figure, the last entry that says with what it counts: with another figure, or with none."""
    wanted = [
        j
        for j in list_active(judgements)
        if j.verb == "set_quantity" or (j.verb == "set_figure" and read_fields(j.value).get("alone"))
    ]
    if not wanted:
        return {}
    found = _match(wanted, [(f.evidence, f.id) for f in figures], articles)
    return {ident: entries[-1] for ident, entries in found.items()}


def correct_comparisons(
    compared: Sequence[Comparison], articles: Sequence[Article], judgements: Iterable[Judgement]
) -> list[Comparison]:
    """Return ``compared`` without those that a person called false or trivial; the ones called true are sure.

    An entry is about the comparison that has both of its evidences on different sides.
    """
    wanted = [j for j in list_active(judgements) if j.verb == "judge_comparison" and j.b is not None]
    if not wanted:
        return list(compared)
    spots = [(e, f"{c.id}\n{n}") for c in compared for n, s in enumerate(c.sides) for e in s.evidence]
    verdicts: dict[str, str] = {}
    for entry in wanted:
        sides = [_match_all(key, spots, articles) for key in (entry.a, entry.b) if key]
        both = {
            one.partition("\n")[0]
            for one in sides[0]
            for two in sides[1]
            if one != two and one.partition("\n")[0] == two.partition("\n")[0]
        }
        verdicts |= dict.fromkeys(both, entry.value or "true")
    kept = [c for c in compared if verdicts.get(c.id, "true") == "true"]
    return [replace(c, confidence=1.0) if c.id in verdicts else c for c in kept]


def correct_roles(cast: Sequence[Actor], articles: Sequence[Article], judgements: Iterable[Judgement]) -> list[Actor]:
    """Return ``cast`` without the roles that a person rejected, with those that a person gave."""
    entries = list_active(judgements)
    cast = _add_roles(cast, articles, [j for j in entries if j.verb == "set_role"])
    wanted = [j for j in entries if j.verb == "reject_role"]
    if not wanted:
        return list(cast)
    spots = [(r.evidence, f"{a.id}\n{n}") for a in cast for n, r in enumerate(a.roles) if r.evidence]
    gone = set(_match(wanted, spots, articles))
    return [replace(a, roles=tuple(r for n, r in enumerate(a.roles) if f"{a.id}\n{n}" not in gone)) for a in cast]


def _add_roles(cast: Sequence[Actor], articles: Sequence[Article], given: Sequence[Judgement]) -> list[Actor]:
    pages = {j.a[0] for j in given}
    by_id = {a.id: a for a in articles if a.sha256 in pages}
    rows = index_places(
        [(m.document, m.start, m.end, a.id) for a in cast for m in a.mentions if m.document in by_id],
        list(by_id.values()),
    )
    added: dict[str, list[Role]] = {}
    for entry in given:
        actor, fields = find_keyed(entry.a, rows.get(entry.a[0], ())), read_fields(entry.value)
        role = " ".join(str(fields.get("role") or "").split())
        if actor and role:
            page = next(a for a in by_id.values() if a.sha256 == entry.a[0])
            spot = _find_nearest(page, role, entry.a[1])
            added.setdefault(actor, []).append(Role(role, fields.get("organisation") or None, None, None, spot))
    return [replace(a, roles=(*a.roles, *added[a.id])) if a.id in added else a for a in cast]


def _find_nearest(article: Article, words: str, source_at: int) -> Evidence | None:
    """Return where the page has ``words`` nearest to a position of its source; None where it has them nowhere."""
    at = _to_text(article, source_at, end=False) or 0
    pattern = r"\s+".join(map(re.escape, words.split()))
    found = min(re.finditer(pattern, article.text, re.IGNORECASE), key=lambda m: abs(m.start() - at), default=None)
    return Evidence(article.id, *found.span(), found[0]) if found else None


# ------------------------------------------------------------------ what could not be obeyed


def check_corrections(judgements: Iterable[Judgement], story: Story) -> list[JudgementProblem]:
    """Return the entries of the journal whose words are no longer there; what was rejected is rightly gone."""
    spots: dict[str, list[tuple[Evidence, str]]] = {
        "statements": [(s.content, s.id) for s in story.statements],
        "events": [(m, e.id) for e in story.events for m in e.mentions],
        "figures": [(f.evidence, f.id) for f in story.figures],
    }
    pages = {a.sha256 for a in story.documents}
    active = list_active(judgements)
    overruled = find_overruled(active)
    lost = [_tell_overruled(j, overruled[j.number]) for j in active if j.number in overruled]
    active = [j for j in active if j.number not in overruled]
    lost += [_tell_ruling(j) for j in _find_unruled(active, story.documents)]
    for entry in active:
        section = BY_VERB.get(entry.verb)
        gone = section in spots and not entry.verb.startswith("reject") and entry.verb != "set_content"
        if (gone and not _match([entry], spots[section or ""], story.documents)) or (
            section == "documents" and not pages.issuperset(k[0] for k in (entry.a, entry.b) if k)
        ):
            told = f"no. {entry.number} ({entry.verb}) found nothing like {entry.a[3]!r} at its place any more"
            lost.append(JudgementProblem(entry.number, "lost", told))
    return lost


def find_overruled(active: Sequence[Judgement]) -> dict[int, Judgement]:
    """Return number -> the later entry that says otherwise of the same words; of fields, where it sets all of them.

    What joins and parts actors and events is looked at where it is obeyed (``journal.find_contradicted``).
    """
    lost: dict[int, Judgement] = {}
    last: dict[tuple[Any, ...], Judgement] = {}  # by what is said of: the latest that says it
    for entry in sorted((j for j in active if j.verb in BY_VERB), key=lambda j: -j.number):
        subjects = _list_subjects(entry)
        later = [last[s] for s in subjects if s in last]
        if len(later) == len(subjects) and any(_says(entry, s) != _says(last[s], s) for s in subjects):
            lost[entry.number] = later[0]
        for subject in subjects:
            last.setdefault(subject, entry)
    return lost


def _list_subjects(entry: Judgement) -> list[tuple[Any, ...]]:
    """Return what an entry decides: one thing, or one for each field that it sets."""
    place = entry.a[:3]
    if entry.verb == "set_role":
        return [(entry.verb, place, entry.value)]  # somebody may have several
    if entry.verb in FIELDS:
        return [(entry.verb, place, name) for name in read_fields(entry.value)]
    both = entry.verb in ("set_party", "judge_comparison")  # of a pair; a speaker is what is said, not what it is of
    return [(entry.verb, place, entry.b[:3] if both and entry.b else None)]


def _says(entry: Judgement, subject: tuple[Any, ...]) -> Any:
    if entry.verb in FIELDS:
        return read_fields(entry.value).get(subject[2])
    return entry.value, entry.b if entry.verb in ("set_speaker", "set_quantity") else None


def _tell_overruled(entry: Judgement, later: Judgement) -> JudgementProblem:
    by = f" by {later.by}" if later.by else ""
    told = f"no. {entry.number} ({entry.verb}) contradicts no. {later.number}{by}; the later holds"
    return JudgementProblem(entry.number, "contradiction", told)


def _find_unruled(active: Sequence[Judgement], articles: Sequence[Article]) -> list[Judgement]:
    """Return the rulings on a text that the text does not show."""
    by_page = {a.sha256: a for a in articles}
    rulings = [j for j in active if j.verb == "set_text" and j.a[0] in by_page]
    return [j for j in rulings if _is_kept(by_page[j.a[0]], j.a[1], j.a[2]) != (j.value == KEPT)]


def _is_kept(article: Article, start: int, end: int) -> bool:
    """Tell whether most of a range of the source is in the text."""
    inside = sum(max(0, min(r[3], end) - max(r[2], start)) for r in article.source_map)
    return inside * 2 > end - start


def _tell_ruling(entry: Judgement) -> JudgementProblem:
    told = f"no. {entry.number} (set_text) could not be obeyed: {entry.a[3]!r} is no part of a line"
    return JudgementProblem(entry.number, "not_obeyed", told)


# ------------------------------------------------------------------ keys


def _match(
    wanted: Iterable[Judgement], spots: Iterable[tuple[Evidence, str]], articles: Sequence[Article]
) -> dict[str, list[Judgement]]:
    """Return the entries of the journal by the id of what stands at their key, oldest first."""
    rows = index_places([(e.document, e.start, e.end, owner) for e, owner in spots], articles)
    found: dict[str, list[Judgement]] = {}
    for entry in wanted:
        owner = find_keyed(entry.a, rows.get(entry.a[0], ()), NEAR)
        if owner is not None:
            found.setdefault(owner, []).append(entry)
    return found


def _match_all(key: MentionKey, spots: Iterable[tuple[Evidence, str]], articles: Sequence[Article]) -> list[str]:
    """Return the ids of everything that stands at ``key``."""
    rows = index_places([(e.document, e.start, e.end, owner) for e, owner in spots], articles)
    return [owner for low, high, owner in rows.get(key[0], ()) if find_keyed(key, [(low, high, owner)], NEAR)]


def _index_mentions(
    cast: Iterable[Actor], articles: Sequence[Article], wanted: Iterable[Judgement]
) -> dict[str, list[KeyedRow]]:
    """Return what mentions stand in the pages that the entries' second keys are of."""
    pages = {j.b[0] for j in wanted if j.b}
    ids = {a.id for a in articles if a.sha256 in pages}
    return index_places(
        [(m.document, m.start, m.end, a.id) for a in cast for m in a.mentions if m.document in ids], articles
    )


def _apply(
    values: Sequence[E], found: Mapping[str, Sequence[Judgement]], change: Callable[[E, Judgement], E | None]
) -> list[E]:
    kept = []
    for value in values:
        current: E | None = value
        for entry in found.get(getattr(value, "id", ""), ()):
            current = change(current, entry) if current is not None else None
        if current is not None:
            kept.append(current)
    return kept


def _evidence_at(article: Article, positions: str) -> Evidence | None:
    """Return the article's words at two positions of its source, None where they are not all in its text."""
    start, end = (_to_text(article, int(p), end=bool(n)) for n, p in enumerate(positions.split()))
    if start is None or end is None or start >= end:
        return None
    return Evidence(article.id, start, end, article.text[start:end])


def _to_text(article: Article, at: int, *, end: bool) -> int | None:
    rows = article.source_map
    place = at - 1 if end else at
    row = bisect_right([r[2] for r in rows], place) - 1
    if row < 0 or place >= rows[row][3]:
        return None
    text_start, text_end, source_start, source_end = rows[row]
    if text_end - text_start != source_end - source_start:
        return text_end if end else text_start
    return text_start + at - source_start
