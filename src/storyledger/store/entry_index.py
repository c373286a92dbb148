"""Questions to the index of a ledger's entries: lists, counts, full-text searches, values by id.

Everything here reads. Cost: one indexed query and the rows that are shown, whatever the size of the ledger.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storyledger.store.entries import Entry
from storyledger.store.mapping import PARENT, POSITION, Rows, Table, build_values, column_names, list_keys
from storyledger.store.schema import STORY_TABLES
from storyledger.types import Evidence

_FIELDS = tuple(f.name for f in dataclasses.fields(Entry))
_ENTRY_COLUMNS = ", ".join(f"entry.{name}" for name in _FIELDS)
MOST_VALUES = 500  # SQLite takes a bounded number of values in one statement
BY_DAY = ("documents", "events")  # sections whose order is time
# what hangs on an actor, by the indexes of the story's own tables: the index's column ``who`` would be read row by row
_OF_ACTOR = "entry.position IN ({})".format(
    " UNION ALL ".join(
        f"SELECT position FROM entry WHERE section = '{section}' AND id IN ({ids})"
        for section, ids in (
            ("statements", "SELECT id FROM statement WHERE speaker_actor = ?"),
            ("events", "SELECT parent FROM event_participant WHERE actor = ?"),
            ("figures", "SELECT id FROM figure WHERE attributed_to = ?"),
            ("actors", "SELECT ?"),
        )
    )
)


# section, id, label, start and end of what stands on a page
_MARKS = (
    (
        "SELECT 'actors', a.id, a.name, m.start, m.\"end\" FROM actor_mention m JOIN actor a ON a.id = m.parent "
        "WHERE m.document = ?"
    ),
    (
        "SELECT 'statements', id, coalesce(nullif(speaker_text, ''), 'unnamed source'), content_start, content_end "
        "FROM statement WHERE content_document = ?"
    ),
    (
        "SELECT 'events', e.id, e.summary, m.start, m.\"end\" FROM event_mention m JOIN event e ON e.id = m.parent "
        "WHERE m.document = ?"
    ),
    "SELECT 'figures', id, about, evidence_start, evidence_end FROM figure WHERE evidence_document = ?",
    (
        "SELECT 'comparisons', c.id, c.about, e.start, e.\"end\" FROM comparison_side_evidence e "
        "JOIN comparison c ON c.id = substr(e.parent, 1, instr(e.parent, '/') - 1) WHERE e.document = ?"
    ),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a page that an entry rests on."""

    section: str
    id: str
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mentioned:
    """What stands of an actor on all pages, without its thousands of mentions: the best one, a name if there is one.

    ``texts``: how often it is called what.
    """

    best: Evidence
    named: bool
    count: int
    texts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list or a search: every one that is given must hold.

    ``who`` is an actor's id, ``said_by`` words of the names of who speaks or takes part, as a search takes them.
    """

    section: str | None = None
    outlet: str | None = None
    since: str | None = None
    until: str | None = None
    who: str | None = None
    kind: str | None = None
    document: str | None = None
    disputed: bool = False
    said_by: str | None = None

    def narrows(self) -> bool:
        """Tell whether any filter is given."""
        return self != Filters()

    def conditions(self) -> tuple[list[str], list[Any]]:
        """Return SQL conditions on the table ``entry`` and their values."""
        simple = (("section", self.section), ("outlet", self.outlet), ("kind", self.kind), ("document", self.document))
        # the "+" keeps SQLite from going through a whole section in its order to find an actor's few entries
        free = "+" if self.who else ""
        found: list[tuple[str, list[Any]]] = [(f"{free}entry.{name} = ?", [value]) for name, value in simple if value]
        if self.since:
            found.append(("entry.day >= ?", [self.since]))
        if self.until:
            found.append(("entry.day <= ?", [self.until + "~"]))  # "2021-03~" is after every day of that month
        if self.who:
            found.append((_OF_ACTOR, [self.who] * 4))
        if self.disputed:
            found.append(("entry.disputed = 1", []))  # no parameter: the index of the disputed is a partial one
        if self.said_by and (names := quote_words(self.said_by)):
            inner = "SELECT rowid FROM entry_search WHERE entry_search MATCH ?"
            found.append((f"entry.position IN ({inner})", [f"who : ({names})"]))
        return [c for c, _ in found], [v for _, values in found for v in values]


class EntryIndex:
    """The entries of an open ledger."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Ask ``db``, which the ledger keeps."""
        self._db = db

    def list_lines(self, filters: Filters, limit: int = 50, offset: int = 0, *, most_told: bool = False) -> list[Entry]:
        """Return the entries that ``filters`` let through, in the section's order: the weightiest, or the earliest.

        ``most_told``: by weight times pages instead.
        """
        conditions, values = filters.conditions()
        order = "entry.day IS NULL, entry.day, " if filters.section in BY_DAY else ""
        order = "entry.weight * entry.pages DESC, " if most_told else f"{order}entry.weight DESC, "
        where = " AND ".join(conditions) or "1"
        query = f"SELECT {_ENTRY_COLUMNS} FROM entry WHERE {where} ORDER BY {order}entry.position LIMIT ? OFFSET ?"
        return [_entry(row) for row in self._db.execute(query, (*values, limit, offset))]

    def find_lines(self, section: str, ids: Sequence[str]) -> list[Entry]:
        """Return the lines of ``section`` whose ids are ``ids``, the weightiest first; unknown ids are left out."""
        found: list[Entry] = []
        for at in range(0, len(ids), MOST_VALUES):
            some = list(ids[at : at + MOST_VALUES])
            marks = ",".join("?" * len(some))
            query = f"SELECT {_ENTRY_COLUMNS} FROM entry WHERE section = ? AND id IN ({marks})"
            found += [_entry(row) for row in self._db.execute(query, (section, *some))]
        return sorted(found, key=lambda e: (-e.weight, e.title, e.id))

    def count(self, filters: Filters) -> int:
        """Return how many entries ``filters`` let through."""
        conditions, values = filters.conditions()
        query = f"SELECT count(*) FROM entry WHERE {' AND '.join(conditions) or '1'}"
        return int(self._db.execute(query, values).fetchone()[0])

    def count_values(self, column: str, filters: Filters) -> list[tuple[str, int]]:
        """Return the values of the entries' ``outlet`` or ``kind``, each with its count, the most frequent first."""
        conditions, values = filters.conditions()
        name = {"outlet": "outlet", "kind": "kind", "section": "section"}[column]
        where = " AND ".join([*conditions, f"entry.{name} IS NOT NULL"])
        query = f"SELECT {name}, count(*) AS n FROM entry WHERE {where} GROUP BY {name} ORDER BY n DESC, {name}"
        return [(value, n) for value, n in self._db.execute(query, values)]

    def search(self, words: str, filters: Filters, limit: int = 50, offset: int = 0) -> list[tuple[Entry, str]]:
        """Return the entries that have ``words`` (words, "phrases", prefixes*), best first, with a piece of their text.

        The found words stand between U+0002 and U+0003 in the piece, so that whoever shows it can escape it first.
        Without words, what the filters let through is listed.
        """
        query = quote_words(words)
        conditions, values = filters.conditions()
        if not query:
            return [(e, "") for e in self.list_lines(filters, limit, offset)] if filters.narrows() else []
        ranked = self._rank(query, conditions, values, limit, offset)
        # a piece is cut for what is shown alone: SQLite would cut one for every row that it sorts. The "+" has it go
        # through the rows that match once more, which is cheap; asked row by row, a prefix is put together each time
        marks = ",".join("?" * len(ranked))
        sql = (
            f"SELECT entry.position, {_ENTRY_COLUMNS}, snippet(entry_search, 1, char(2), char(3), '…', 24) "
            "FROM entry_search JOIN entry ON entry.position = entry_search.rowid "
            f"WHERE entry_search MATCH ? AND +entry_search.rowid IN ({marks})"
        )
        places = {position: n for n, position in enumerate(ranked)}
        rows = self._db.execute(sql, (query, *ranked))
        found = [(places[position], _entry(tuple(row)), piece) for position, *row, piece in rows]
        return [(entry, piece) for _, entry, piece in sorted(found, key=lambda row: row[0])]

    def _rank(self, query: str, conditions: Sequence[str], values: Sequence[Any], limit: int, offset: int) -> list[int]:
        """Return the positions of the entries that match, the best first."""
        joined = "JOIN entry ON entry.position = entry_search.rowid " if conditions else ""
        where = " AND ".join(["entry_search MATCH ?", *conditions])
        sql = (
            f"SELECT entry_search.rowid FROM entry_search {joined}WHERE {where} "
            "ORDER BY bm25(entry_search, 4.0, 1.0, 0.5), entry_search.rowid LIMIT ? OFFSET ?"
        )
        return [position for (position,) in self._db.execute(sql, (query, *values, limit, offset))]

    def load_values(self, section: str, ids: Sequence[str], *, without: Collection[str] = ()) -> list[Any]:
        """Return the values of ``section`` whose ids are ``ids``, in the story's order; unknown ids are left out.

        ``without`` names fields that stay empty: whoever is told of on every page has a hundred thousand mentions.
        """
        table = STORY_TABLES[section]
        rows: Rows = {}
        column, keys = ("id", list(ids)) if section != "omissions" else (POSITION, list(ids))
        self._collect_rows(table, column, keys, rows, without)
        return list(build_values(table, rows))

    def list_mentions(self, actor: str) -> list[tuple[str, Evidence]]:
        """Return kind and place of an actor's mentions, page by page."""
        query = 'SELECT kind, document, start, "end", text FROM actor_mention WHERE parent = ? ORDER BY document, start'
        return [(kind, Evidence(*spot)) for kind, *spot in self._db.execute(query, (actor,))]

    def sum_mentions(self, actors: Sequence[str]) -> dict[str, Mentioned]:
        """Return, by actor, its best mention (a name, the longest, the first) and how often it is called what."""
        found: dict[str, Mentioned] = {}
        for at in range(0, len(actors), MOST_VALUES):
            some = list(actors[at : at + MOST_VALUES])
            marks = ",".join("?" * len(some))
            texts: dict[str, dict[str, int]] = {}
            query = f"SELECT parent, text, count(*) FROM actor_mention WHERE parent IN ({marks}) GROUP BY parent, text"
            for actor, text, n in self._db.execute(query, some):
                texts.setdefault(actor, {})[text] = n
            order = "kind <> 'name', length(text) DESC, document, start"
            query = (
                'SELECT parent, kind, document, start, "end", text FROM (SELECT *, row_number() OVER '
                f"(PARTITION BY parent ORDER BY {order}) AS place FROM actor_mention WHERE parent IN ({marks})) "
                "WHERE place = 1"
            )
            for actor, kind, *spot in self._db.execute(query, some):
                called = texts[actor]
                found[actor] = Mentioned(Evidence(*spot), kind == "name", sum(called.values()), called)
        return found

    def list_marks(self, document: str) -> list[Mark]:
        """Return what stands on a page; of an entry that other pages tell, too, its words on this page alone."""
        return [Mark(*row) for query in _MARKS for row in self._db.execute(query, (document,))]

    def find_events_at(self, actors: Sequence[str]) -> list[str]:
        """Return the events whose place is one of ``actors``, or whose words name one, by id."""
        found: set[str] = set()
        for at in range(0, len(actors), MOST_VALUES):
            some = list(actors[at : at + MOST_VALUES])
            marks = ",".join("?" * len(some))
            query = (
                f"SELECT id FROM event WHERE place IN ({marks}) UNION SELECT told.parent FROM actor_mention named "
                "JOIN event_mention told ON told.document = named.document AND told.start <= named.start "
                f'AND told."end" >= named."end" WHERE named.parent IN ({marks})'
            )
            found.update(ident for (ident,) in self._db.execute(query, (*some, *some)))
        return sorted(found)

    def find_documents(self, hashes: Sequence[str]) -> list[str]:
        """Return the documents of pages by their sha256, in the story's order."""
        found: list[tuple[int, str]] = []
        for at in range(0, len(hashes), MOST_VALUES):
            some = list(hashes[at : at + MOST_VALUES])
            marks = ",".join("?" * len(some))
            found += self._db.execute(f'SELECT nth, id FROM "document" WHERE sha256 IN ({marks})', some)
        return [ident for _, ident in sorted(found)]

    def load_hashes(self, documents: Sequence[str]) -> dict[str, str]:
        """Return the sha256 of the pages behind documents."""
        found: dict[str, str] = {}
        for at in range(0, len(documents), MOST_VALUES):
            some = list(documents[at : at + MOST_VALUES])
            marks = ",".join("?" * len(some))
            found |= dict(self._db.execute(f'SELECT id, sha256 FROM "document" WHERE id IN ({marks})', some).fetchall())
        return found

    def load_on_pages(self, section: str, documents: Sequence[str]) -> list[Any]:
        """Return the values of ``section`` (actors, statements, events, figures, comparisons) that stand on pages.

        Actors and events have their mentions on these pages alone, and no merges.
        """
        table, ids = STORY_TABLES[section], list(dict.fromkeys(self._iter_on_pages(section, documents)))
        rows: Rows = {}
        told = [child for field, child in table.children if field == "mentions"]
        self._collect_rows(table, "id", ids, rows, ("mentions", "merges") if told else ())
        for child in told:
            names = ", ".join(f'"{c}"' for c in column_names(child))
            query = f'SELECT {names} FROM "{child.name}" WHERE document = ?'
            here = [row for d in documents for row in self._db.execute(query, (d,))]
            rows[child.name] = sorted(here, key=lambda row: row[:2])
        return list(build_values(table, rows))

    def _iter_on_pages(self, section: str, documents: Sequence[str]) -> Iterator[str]:
        column = {"statements": "content_document", "figures": "evidence_document"}.get(section)
        if column:
            query = f'SELECT id FROM "{STORY_TABLES[section].name}" WHERE "{column}" = ? ORDER BY nth'
        else:
            table = {"actors": "actor_mention", "events": "event_mention", "comparisons": "comparison_side_evidence"}
            query = f'SELECT DISTINCT parent FROM "{table[section]}" WHERE document = ?'
        for document in documents:
            yield from (str(row[0]).partition("/")[0] for row in self._db.execute(query, (document,)))

    def _collect_rows(
        self, table: Table, column: str, keys: Sequence[str], rows: Rows, without: Collection[str] = ()
    ) -> None:
        names = ", ".join(f'"{c}"' for c in column_names(table))
        order = '"parent", "nth"' if table.is_child else '"nth"'
        found: list[tuple[Any, ...]] = []
        for at in range(0, len(keys), MOST_VALUES):
            some = keys[at : at + MOST_VALUES]
            marks = ",".join("?" * len(some))
            query = f'SELECT {names} FROM "{table.name}" WHERE "{column}" IN ({marks}) ORDER BY {order}'
            found += self._db.execute(query, some)
        rows[table.name] = found
        parents = list_keys(table, found)
        for field, child in table.children:
            if field not in without:
                self._collect_rows(child, PARENT, parents, rows)


def _entry(row: tuple[Any, ...]) -> Entry:
    return Entry(*(*row[:-1], bool(row[-1])))


def quote_words(text: str) -> str:
    """Return what a person typed as a full-text query: words, "phrases", prefixes*; nothing else is syntax."""
    parts = []
    for n, piece in enumerate(text.split('"')):
        if n % 2:
            words = " ".join(piece.split())
            parts += [f'"{words}"'] if any(c.isalnum() for c in words) else []
            continue
        for word in piece.split():
            stem = word.rstrip("*")
            if any(c.isalnum() for c in stem):
                parts.append(f'"{stem}"' + ("*" if word.endswith("*") else ""))
    return " ".join(parts)
