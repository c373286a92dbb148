"""The values that flow through the project, in the order they flow. READ FIRST.

``Page -> Article -> Reading -> (times, Figure, Actor, Statement, Event, Quantity) -> Comparison``

Invariant: frozen, slotted, without behaviour, made of plain data only, so that every value can be
written to the ledger and to JSON and comes back equal. Positions are Unicode code points, start
inclusive, end exclusive, into ``Article.text`` unless a name says otherwise (``token``, ``source``).
Dates are ISO strings ("2012-01-27", "2012-01", "2012") because the sources are rarely more exact.
Scores are probabilities in [0, 1]. This module must not know how any value is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

# --------------------------------------------------------------------------- pages


@dataclass(frozen=True, slots=True)
class SourceNote:
    """What a person stated about a page in ``sources.csv`` or what its container declared."""

    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    note: str | None = None
    captured: str | None = None  # ISO day on which the copy was made; the page was published by then


@dataclass(frozen=True, slots=True)
class Derivation:
    r"""How the source of a page was made of a file that is no text: by which reader, of which bytes.

    The reader gives the same source of the same bytes, so ``verify`` makes it again. In such a source "\f" ends a
    page and "\n" a line of the file, so that a position in it is a page and a line.
    """

    reader: str  # "pdf", "docx", ...
    sha256: str  # of the file
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page as received: bytes, where they stood, and what came with them.

    ``path`` is relative to what the caller named, with forward slashes; ``record`` says which one
    inside a WARC, JSONL, feed or archive. ``data`` are the bytes that ``sha256`` is of, and the
    ``source`` of the contract is these bytes decoded. Where the file is no text, they are what its reader made of it
    (``derived``), and ``received`` is the file.
    """

    id: str
    path: str
    record: str | None
    data: bytes
    sha256: str
    media: Literal["html", "text"]
    charset: str | None = None  # declared by the container (HTTP header), if any
    sidecar: SourceNote | None = None  # a person's word: beats everything
    declared: SourceNote | None = None  # the container's word (feed item, JSONL keys, WARC target)
    given: bool = False  # the container says that this is the article: all of it is kept, no line is judged
    cut: str | None = None  # why the container knows that the page is not whole
    derived: Derivation | None = None
    received: bytes | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A page, or a part of the work on one, that could not be done; never silently dropped."""

    path: str
    record: str | None
    stage: str
    code: str  # stable, e.g. "E-PAGE-EMPTY"
    message: str  # what is wrong
    advice: str  # what to do


@dataclass(frozen=True, slots=True)
class Signature:
    """A person's signature under a whole ledger: Ed25519, key and signature in base64."""

    public_key: str
    digest: str  # of everything in the ledger but its signatures
    signature: str
    made_on: str


# --------------------------------------------------------------------------- articles


@dataclass(frozen=True, slots=True)
class Evidence:
    """A range of an article's text, with its words: ``article.text[start:end] == text``."""

    document: str
    start: int
    end: int
    text: str


BlockKind = Literal["title", "deck", "byline", "dateline", "heading", "paragraph", "caption", "quote", "list"]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the page's layout, in text order, not overlapping."""

    start: int
    end: int
    kind: BlockKind


@dataclass(frozen=True, slots=True)
class Dropped:
    """A range of the source that is not in the text, and why."""

    source_start: int
    source_end: int
    reason: str


# stub: a teaser or summary; caption: a picture's words alone
Completeness = Literal["whole", "cut", "stub", "empty", "caption"]

CopyKind = Literal["byte_duplicate", "wire_verbatim", "wire_trimmed", "wire_rewritten", "revision"]


@dataclass(frozen=True, slots=True)
class CopyOf:
    """The earlier document this one was made from. ``passages``: (own start, own end, its start, its end)."""

    document: str
    kind: CopyKind
    passages: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A page's clean text with the way back to its source.

    ``source_map`` rows are ``(text_start, text_end, source_start, source_end)`` as the contract says.
    """

    id: str
    path: str
    record: str | None
    encoding: str
    sha256: str
    text: str
    source_map: tuple[tuple[int, int, int, int], ...]
    blocks: tuple[Block, ...]
    dropped: tuple[Dropped, ...] = ()
    url: str | None = None
    outlet: str | None = None
    outlet_basis: str | None = None  # stated | metadata | sidecar | inferred
    outlet_confidence: float | None = None
    outlet_evidence: tuple[Evidence, ...] = ()
    wire: str | None = None
    title: str | None = None
    deck: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    published_earliest: str | None = None
    published_latest: str | None = None
    published_basis: str | None = None  # stated | metadata | sidecar | inferred
    published_evidence: tuple[Evidence, ...] = ()
    published_confidence: float | None = None
    published_choices: tuple[str, ...] = ()  # days that its date line may mean; the other pages settle which
    modified: str | None = None
    language: str | None = None
    in_story: bool = True
    copy_of: CopyOf | None = None
    origin: str | None = None  # documents of one origin share it
    completeness: Completeness = "whole"
    completeness_reason: str | None = None  # None where it is whole
    derived: Derivation | None = None  # of a page whose file is no text


# --------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a Reading. ``head`` is an index into ``Reading.tokens``; a root is its own head."""

    start: int
    end: int
    lemma: str
    upos: str
    head: int
    deprel: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: tokens ``[first, last)`` of the Reading; ``kind`` of the block that it stands in."""

    first: int
    last: int
    start: int
    end: int
    kind: BlockKind


MentionKind = Literal["name", "nominal", "pronoun"]

NameType = Literal[
    "person",
    "organisation",
    "armed_group",
    "government",
    "country",
    "place",
    "facility",
    "weapon_system",
    "agreement",
    "event_name",
    "outlet",
    "publication",
    "nationality",
    "group",
]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that refers to something. ``first``/``last``: its tokens; ``head``: its head token.

    Names are maximal ("Bank of England"), without titles, determiners and possessive endings.
    ``type`` is set for names and, where the reader is sure, for nominals ("the premier": person).
    """

    start: int
    end: int
    first: int
    last: int
    head: int
    kind: MentionKind
    type: NameType | None
    score: float


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a predicate, tokens ``[first, last)``; PropBank roles: ARG0..ARG5, ARGM-TMP, ..."""

    role: str
    first: int
    last: int
    head: int
    score: float


@dataclass(frozen=True, slots=True)
class Predicate:
    """A verb or event noun with its arguments. ``modality``: the modal or hedge word's lemma, if any."""

    token: int
    lemma: str
    is_noun: bool
    negated: bool
    modality: str | None
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Attribution:
    """What somebody is said to have said or thought: spans into the text; any but content may be missing.

    ``content`` may be in several pieces ("X," he said, "Y").
    """

    source: tuple[int, int] | None
    cue: tuple[int, int] | None
    content: tuple[tuple[int, int], ...]
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader marks in one article.

    ``vectors`` holds one sentence vector after the other, little-endian float16, unit length:
    ``numpy.frombuffer(reading.vectors, "<f2").reshape(len(reading.sentences), -1)``. ``tags``: what the second network
    says of each token; ``storyledger.language.tags.read_tags`` gives it back as probabilities. ``clause_vectors``: one
    after the other for the tokens ``clauses``, signed bytes, ``numpy.frombuffer(..., "i1").reshape(len(clauses), -1)``.
    """

    document: str
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    predicates: tuple[Predicate, ...]
    attributions: tuple[Attribution, ...]
    vectors: bytes = b""
    tags: bytes = b""
    clauses: tuple[int, ...] = ()
    clause_vectors: bytes = b""


# --------------------------------------------------------------------------- times


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from ``earliest`` to ``latest``, ISO, each None where open."""

    earliest: str | None
    latest: str | None


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A TIMEX3 and the interval that it means. ``anchor``: what it was counted from."""

    evidence: Evidence
    value: str
    type: Literal["DATE", "TIME", "DURATION", "SET"]
    earliest: str | None
    latest: str | None
    confidence: float
    anchor: str | None = None


# --------------------------------------------------------------------------- actors


@dataclass(frozen=True, slots=True)
class Alias:
    """A form in which an actor is mentioned."""

    text: str
    kind: Literal["name", "nominal"]


@dataclass(frozen=True, slots=True)
class Role:
    """A role that one source states, with the interval in which it states it."""

    role: str
    organisation: str | None  # actor id, or the text where it is none
    earliest: str | None
    latest: str | None
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class ActorMention:
    """A mention in its actor: ``why`` names the step that tied it there."""

    document: str
    start: int
    end: int
    text: str
    kind: MentionKind
    confidence: float = 1.0
    why: str | None = None


@dataclass(frozen=True, slots=True)
class MergeReason:
    """Why two groups of mentions are one actor: the strongest pair, its score, its reasons in words.

    ``refused``: they would be one, and a person's judgement keeps them apart.
    """

    a: Evidence
    b: Evidence
    probability: float
    reasons: tuple[str, ...]
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts or is acted on, with every mention in the pile."""

    id: str
    name: str
    type: str
    aliases: tuple[Alias, ...]
    roles: tuple[Role, ...]
    mentions: tuple[ActorMention, ...]
    merges: tuple[MergeReason, ...] = ()
    affiliations: tuple[str, ...] = ()  # actor ids


@dataclass(frozen=True, slots=True)
class CastMention:
    """Who stands where in one document: an actor's mention with what later stages ask of the actor.

    ``gender``: "he" or "she" where the whole pile speaks of the actor so.
    """

    start: int
    end: int
    actor: str
    name: str
    type: str
    kind: MentionKind
    confidence: float
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """All resolved mentions of one document, in text order."""

    document: str
    mentions: tuple[CastMention, ...]


# without a suffix: about actors; "set_" and what follows: about one entry (``corrections``)
JudgementVerb = Literal[
    "same",
    "different",
    "reject",
    "rename",
    "undo",
    "same_event",
    "different_event",
    "reject_event",
    "same_story",  # the first page is moved to the story of the second
    "different_story",  # the first page leaves the story of the second
    "set_speaker",
    "set_content",
    "reject_statement",
    "set_event",
    "set_party",
    "set_figure",
    "set_quantity",  # the first figure counts what the second counts
    "reject_figure",
    "judge_comparison",
    "set_page",
    "set_text",  # words of a page that belong to its article, or do not
    "set_role",
    "reject_role",
    "save_search",  # changes nothing: a search under a name
    "note",  # changes nothing: words that a person collected, with a comment
]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One entry of the journal of corrections: keyed to evidence in the source, never to derived ids.

    ``a`` and ``b`` are keys ``(sha256 of the page, source_start, source_end, text)`` of mentions: of actors, or of the
    words that tell an event.
    """

    number: int
    verb: JudgementVerb
    a: tuple[str, int, int, str]
    b: tuple[str, int, int, str] | None
    value: str | None  # new name for rename; the number that is undone, as text
    because: str | None
    made_on: str
    by: str | None = None  # who judged, as they call themselves


# --------------------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who a statement is attributed to: an actor, or the source as it is written."""

    actor: str | None
    text: str
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody is said to have said or thought, in the words of one page."""

    id: str
    speaker: Speaker
    cue: Evidence | None
    content: Evidence
    kind: Literal["direct", "indirect", "mixed"]
    act: Literal["say", "ask", "promise", "threaten", "demand", "deny", "think"]
    polarity: Literal["affirmed", "denied"]
    said_on: Interval | None
    to: str | None
    continues: str | None
    version_group: str | None
    version_relation: Literal["verbatim", "trimmed", "paraphrase", "misattributed"] | None
    confidence: float
    venue: Evidence | None = None  # occasion, medium or cited outlet: "in a letter", "at a briefing", "the Courier"


# --------------------------------------------------------------------------- figures


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that is a claim: its value, what is counted, and who says so."""

    id: str
    about: str
    value: float | None
    low: float | None
    high: float | None
    comparator: Literal["=", ">", ">=", "~", "<", "<=", "range"]
    unit: str
    when: Interval | None
    attributed_to: str | None
    evidence: Evidence
    quantity: str | None
    confidence: float
    scope: str | None = None  # place, period or part, in words, for the ledger


@dataclass(frozen=True, slots=True)
class FigureRelation:
    """How two figures of one quantity stand to each other."""

    a: str
    b: str
    label: Literal["agree", "rounded", "superseded", "compatible", "conflict"]
    confidence: float


@dataclass(frozen=True, slots=True)
class Quantity:
    """A ledger entry: figures of one quantity across pages, every pair labelled."""

    id: str
    about: str
    entries: tuple[str, ...]
    relations: tuple[FigureRelation, ...]


# --------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class Participant:
    """An actor (by id) and its part in an event."""

    role: Literal["actor", "recipient"]
    actor: str


@dataclass(frozen=True, slots=True)
class EventWhen:
    """Days from ``earliest`` to ``latest``, and the words that say so."""

    earliest: str | None
    latest: str | None
    text: str | None


EVENT_TYPES = (  # PLOVER's, and what is none of them
    "AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT", "OTHER",
)  # fmt: skip
EventStatus = Literal["reported", "planned", "denied", "claimed", "called_off"]


@dataclass(frozen=True, slots=True)
class Involvement:
    """How likely an actor that one telling of an event names acts in it, and how likely it is acted on."""

    actor: str
    acts: float
    undergoes: float


@dataclass(frozen=True, slots=True)
class EventReport:
    """One telling of an event in one article, before merging."""

    id: str
    document: str
    type: str
    evidence: Evidence
    predicate_lemma: str
    participants: tuple[Participant, ...]
    place: str | None
    when: EventWhen | None
    status: EventStatus
    importance: float
    sentence: int  # index into Reading.sentences
    confidence: float
    dated: float = 1.0  # how likely ``when`` is right
    involved: tuple[Involvement, ...] = ()  # whom the sentence names; ``participants`` join tellings


@dataclass(frozen=True, slots=True)
class EventMerge:
    """Why two reports are one event; ``refused``: they would be, and a person's judgement keeps them apart."""

    a: Evidence
    b: Evidence
    probability: float
    reasons: tuple[str, ...]
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, is planned or claimed: one entry for all the reports of it."""

    id: str
    type: str
    summary: str
    participants: tuple[Participant, ...]
    place: str | None
    when: EventWhen | None
    status: EventStatus
    importance: float
    mentions: tuple[Evidence, ...]
    confidence: float
    merges: tuple[EventMerge, ...] = ()
    statuses: tuple[tuple[str, EventStatus], ...] = ()  # (document, what it tells), in order of time


# --------------------------------------------------------------------------- comparison

ComparisonKind = Literal["name_variant", "role_conflict", "conflict", "framing", "agreement", "complement"]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: what it holds, and where it says so."""

    position: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sides about one matter; ``why`` says in a sentence why they stand together."""

    id: str
    kind: ComparisonKind
    about: str
    sides: tuple[Side, ...]
    independent_origins: int | None
    confidence: float
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Omission:
    """A fact that some documents report and others, which could have known it, leave out."""

    about: str
    evidence: tuple[Evidence, ...]
    known_since: str | None
    reported_by: tuple[str, ...]
    omitted_by: tuple[str, ...]
    could_not_know: tuple[str, ...]
    confidence: float = 1.0


# --------------------------------------------------------------------------- stories


@dataclass(frozen=True, slots=True)
class NewsStory:
    """Pages of a pile that tell one story: its name, the days of its pages, its main actors (ids)."""

    id: str
    name: str
    earliest: str | None
    latest: str | None
    documents: tuple[str, ...]
    actors: tuple[str, ...] = ()


# --------------------------------------------------------------------------- the whole


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that a ledger says, in a deterministic order: what ``export --format story`` writes."""

    documents: tuple[Article, ...] = ()
    actors: tuple[Actor, ...] = ()
    statements: tuple[Statement, ...] = ()
    events: tuple[Event, ...] = ()
    figures: tuple[Figure, ...] = ()
    ledger: tuple[Quantity, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    omissions: tuple[Omission, ...] = ()
    timeline: tuple[str, ...] = ()
    stories: tuple[NewsStory, ...] = ()
    stages: tuple[str, ...] = field(default=())  # the stages that were run; a section without its stage is absent
