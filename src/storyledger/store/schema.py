"""What stands in a ledger file: every table, its version, and how an older file becomes a newer one.

Invariant: tables of the story are derived from ``types.py`` (see ``mapping``), so a field that is added
there is a column added here; opening an older ledger adds the columns that it lacks. Only the tables
written out below (pages, judgements, work, failures) have a history of their own.
"""

from __future__ import annotations

from storyledger.store.entries import ENTRY_INDEXES, ENTRY_TABLE, SEARCH_TABLE
from storyledger.store.mapping import Table, create_statements, describe_table, iter_tables
from storyledger.types import (
    Actor,
    Article,
    Comparison,
    Event,
    Figure,
    NewsStory,
    Omission,
    Quantity,
    Statement,
    TimeExpression,
)

APPLICATION_ID = 0x53744C67  # "StLg": tells a ledger from any other SQLite file
SCHEMA_VERSION = 6  # 6: kept results packed by zstd, which an older program cannot read
SCHEMA_SEALED_SINCE = 4  # the version from which the seal covers the schema and the search index's own tables

# section of the story -> its table, documents first because everything refers to them
STORY_TABLES: dict[str, Table] = {
    "documents": describe_table("document", Article),
    "actors": describe_table("actor", Actor),
    "statements": describe_table("statement", Statement),
    "events": describe_table("event", Event),
    "figures": describe_table("figure", Figure),
    "ledger": describe_table("quantity", Quantity),
    "times": describe_table("time_expression", TimeExpression),
    "comparisons": describe_table("comparison", Comparison),
    "omissions": describe_table("omission", Omission),
    "stories": describe_table("news_story", NewsStory),
}

OWN_TABLES = (
    "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    """CREATE TABLE IF NOT EXISTS page (
        id TEXT PRIMARY KEY, given_as TEXT NOT NULL, path TEXT NOT NULL, record TEXT, sha256 TEXT NOT NULL,
        media TEXT NOT NULL, charset TEXT, sidecar TEXT, declared TEXT, size_bytes INTEGER NOT NULL, bytes BLOB,
        given INTEGER NOT NULL DEFAULT 0, cut TEXT, derived TEXT
    ) STRICT""",
    "CREATE TABLE IF NOT EXISTS received (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
    """CREATE TABLE IF NOT EXISTS failure (
        position INTEGER PRIMARY KEY, path TEXT NOT NULL, record TEXT, stage TEXT NOT NULL, code TEXT NOT NULL,
        message TEXT NOT NULL, advice TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS judgement (
        number INTEGER PRIMARY KEY, verb TEXT NOT NULL, a TEXT NOT NULL, b TEXT, value TEXT, because TEXT,
        made_on TEXT NOT NULL, made_by TEXT
    ) STRICT""",
    "CREATE TABLE IF NOT EXISTS timeline (position INTEGER PRIMARY KEY, event TEXT NOT NULL) STRICT",
    """CREATE TABLE IF NOT EXISTS step (
        input TEXT NOT NULL, stage TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (input, stage)
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS work (
        key TEXT PRIMARY KEY, stage TEXT NOT NULL, sha256 TEXT NOT NULL, value BLOB NOT NULL
    ) STRICT""",
    "CREATE TABLE IF NOT EXISTS seal (name TEXT PRIMARY KEY, rows INTEGER NOT NULL, sha256 TEXT NOT NULL) STRICT",
    """CREATE TABLE IF NOT EXISTS signature (
        public_key TEXT PRIMARY KEY, digest TEXT NOT NULL, signature TEXT NOT NULL, made_on TEXT NOT NULL
    ) STRICT""",
    ENTRY_TABLE,
    *ENTRY_INDEXES,
    SEARCH_TABLE,
)

# what one page of the workbench asks of the story's tables: who and what stands on a page, what hangs on an actor
READING_INDEXES = tuple(
    f'CREATE INDEX IF NOT EXISTS "{table}_by_{name}" ON "{table}" ("{column}")'
    for table, name, column in (
        ("statement", "document", "content_document"),
        ("figure", "document", "evidence_document"),
        ("actor_mention", "document", "document"),
        ("event_mention", "document", "document"),
        ("comparison_side_evidence", "document", "document"),
        ("document", "hash", "sha256"),
        ("statement", "speaker", "speaker_actor"),
        ("event_participant", "actor", "actor"),
        ("figure", "source", "attributed_to"),
        ("event", "place", "place"),
    )
)

# columns that later versions added to a table with a history of its own
ADDED_COLUMNS = (
    ("page", "given", "given INTEGER NOT NULL DEFAULT 0"),
    ("page", "cut", "cut TEXT"),
    ("page", "derived", "derived TEXT"),
    ("judgement", "made_by", "made_by TEXT"),
)

# tables whose rows the seal covers; ``work`` rows carry a hash each, ``seal`` is sealed by its own digest
SEALED_OWN = ("page", "received", "failure", "judgement", "timeline", "step", "meta", "entry", "entry_search")


def iter_story_tables() -> list[Table]:
    """Return every table of the story, parents first."""
    return [t for root in STORY_TABLES.values() for t in iter_tables(root)]


def create_script() -> list[str]:
    """Return the statements that make an empty ledger."""
    tables = [s for root in STORY_TABLES.values() for s in create_statements(root)]
    return [*OWN_TABLES, *tables, *READING_INDEXES]
