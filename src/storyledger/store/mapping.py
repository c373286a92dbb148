"""Tables made from the values' own definitions, so that no field can be forgotten.

A dataclass is a table; a nested dataclass is flattened into columns with its name before them; a tuple
of dataclasses is a child table with the parent's key and a position; a tuple of plain values is JSON.

Invariant: ``load_values(save_values(x)) == x`` for every value of ``types.py``; what an older file lacks is read as
the field's default. This module must not
know any one type, nor who calls it.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from storyledger.types import Evidence

SQL_TYPES = {str: "TEXT", int: "INTEGER", float: "REAL", bool: "INTEGER", bytes: "BLOB"}
PARENT, POSITION = "parent", "nth"


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column: ``path`` leads to the field, ``kind`` is its Python type or "json" or "given"."""

    name: str
    path: tuple[str, ...]
    kind: Any


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """One table: the columns of a dataclass, and the child tables of its tuples of dataclasses."""

    name: str
    cls: type
    columns: tuple[Column, ...]
    children: tuple[tuple[str, Table], ...]
    is_child: bool


@cache
def describe_table(name: str, cls: type, is_child: bool = False) -> Table:
    """Return the table called ``name`` that keeps values of the dataclass ``cls``."""
    columns: list[Column] = []
    children: list[tuple[str, Table]] = []
    for field, hint in _fields(cls):
        inner = _tuple_of_dataclass(hint)
        if inner is not None:
            children.append((field, describe_table(f"{name}_{_singular(field)}", inner, is_child=True)))
        else:
            columns += _columns(field, (field,), hint)
    return Table(name, cls, tuple(columns), tuple(children), is_child)


def create_statements(table: Table) -> Iterator[str]:
    """Yield the SQL that makes ``table`` and its children, parents first."""
    own = [define_column(c) for c in table.columns]
    key = 'PRIMARY KEY ("id")' if _has_id(table) else f'PRIMARY KEY ("{POSITION}")'
    lead, kept = [f'"{POSITION}" INTEGER NOT NULL'], "STRICT"
    if table.is_child:
        lead = [f'"{PARENT}" TEXT NOT NULL', *lead]
        key = f'PRIMARY KEY ("{PARENT}", "{POSITION}")'
        kept = "STRICT, WITHOUT ROWID"  # the rows lie in their key: beside a rowid each key would be kept twice
    yield f'CREATE TABLE IF NOT EXISTS "{table.name}" ({", ".join([*lead, *own, key])}) {kept}'
    for _, child in table.children:
        yield from create_statements(child)


def define_column(column: Column) -> str:
    """Return the SQL that defines ``column``."""
    return f'"{column.name}" {_sql_type(column)}'


def iter_tables(table: Table) -> Iterator[Table]:
    """Yield ``table`` and every table below it."""
    yield table
    for _, child in table.children:
        yield from iter_tables(child)


def iter_rows(table: Table, values: Sequence[Any], parent: str | None = None) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield ``(table name, row)`` for every value and everything inside it, parents first."""
    for position, value in enumerate(values):
        row = tuple(_write(value, column) for column in table.columns)
        lead: tuple[Any, ...] = (parent, position) if table.is_child else (position,)
        yield table.name, lead + row
        key = _row_key(table, value, parent, position)
        for field, child in table.children:
            yield from iter_rows(child, getattr(value, field), key)


Row = tuple[Any, ...]
Rows = dict[str, list[Row]]


def build_values(table: Table, rows: Rows) -> tuple[Any, ...]:
    """Return the values whose rows (in order of position) ``rows`` has, by table name."""
    return tuple(_build(table, rows, _group_children(table, rows)).get(None, ()))


def column_names(table: Table) -> list[str]:
    """Return the names of all columns of ``table``, in the order of its rows."""
    return ([PARENT] if table.is_child else []) + [POSITION] + [c.name for c in table.columns]


def list_keys(table: Table, rows: Sequence[Row]) -> list[str]:
    """Return the keys that the children of ``rows`` (columns as ``column_names`` orders them) have as parent."""
    if _has_id(table):
        place = column_names(table).index("id")
        return [str(row[place]) for row in rows]
    return [f"{row[0]}/{row[1]}" if table.is_child else str(row[0]) for row in rows]


# ------------------------------------------------------------------ from fields to columns


@cache
def _fields(cls: type) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(cls)
    return tuple((f.name, hints[f.name]) for f in dataclasses.fields(cls))


def _columns(name: str, path: tuple[str, ...], hint: Any) -> list[Column]:
    optional, bare = _strip_none(hint)
    if dataclasses.is_dataclass(bare):
        assert isinstance(bare, type)
        inner = [c for f, h in _fields(bare) for c in _columns(f"{name}_{f}", (*path, f), h)]
        return [Column(f"{name}_given", path, "given"), *inner] if optional else inner
    if typing.get_origin(bare) is tuple:
        return [Column(name, path, "json")]
    return [Column(name, path, _scalar(bare))]


def _scalar(hint: Any) -> type:
    if typing.get_origin(hint) is typing.Literal:
        return str
    return hint if isinstance(hint, type) else str


def _strip_none(hint: Any) -> tuple[bool, Any]:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        rest = [a for a in typing.get_args(hint) if a is not type(None)]
        return len(rest) < len(typing.get_args(hint)), rest[0]
    return False, hint


def _tuple_of_dataclass(hint: Any) -> type | None:
    args = typing.get_args(hint)
    if typing.get_origin(hint) is tuple and args and dataclasses.is_dataclass(args[0]):
        return typing.cast("type", args[0])
    return None


def _singular(field: str) -> str:
    if field == "aliases":
        return "alias"
    return field[:-1] if field.endswith("s") and not field.endswith("ss") else field


def _sql_type(column: Column) -> str:
    kind = "INTEGER" if column.kind == "given" else SQL_TYPES.get(column.kind, "TEXT")
    is_document = column.path[-1] == "document"
    return f'{kind} REFERENCES "document" ("id") DEFERRABLE INITIALLY DEFERRED' if is_document else kind


def _has_id(table: Table) -> bool:
    return not table.is_child and any(c.name == "id" for c in table.columns)


def _row_key(table: Table, value: Any, parent: str | None, position: int) -> str:
    if _has_id(table):
        return str(value.id)
    return f"{parent}/{position}" if table.is_child else str(position)


# ------------------------------------------------------------------ values to rows and back


def _write(value: Any, column: Column) -> Any:
    for step in column.path:
        if value is None:
            return None
        value = getattr(value, step)
    if column.kind == "given":
        return int(value is not None)
    if column.kind == "json":
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, bool):
        return int(value)
    return float(value) if column.kind is float and value is not None else value


def _group_children(table: Table, rows: Rows) -> dict[str, dict[str | None, list[Any]]]:
    built: dict[str, dict[str | None, list[Any]]] = {}
    for field, child in table.children:
        built[field] = _build(child, rows, _group_children(child, rows))
    return built


def _build(table: Table, rows: Rows, children: dict[str, dict[str | None, list[Any]]]) -> dict[str | None, list[Any]]:
    """Return the values of ``table`` by parent key (None for a table that is no child)."""
    out: dict[str | None, list[Any]] = {}
    read, own, inside = _make_reader(table), rows.get(table.name, ()), list(children.values())
    keys = list_keys(table, own) if inside else [""] * len(own)
    for row, key in zip(own, keys, strict=True):
        tuples = [tuple(found.get(key, ())) for found in inside]
        out.setdefault(row[0] if table.is_child else None, []).append(read(row, tuples))
    return out


Reader = Callable[[Row, Sequence[tuple[Any, ...]]], Any]


@cache
def _make_reader(table: Table) -> Reader:
    """Return what makes a value of a row and the values of its children; hints are looked at once, not for each row."""
    lead = 2 if table.is_child else 1
    places = {c.path: (n, c) for n, c in enumerate(table.columns, lead) if c.kind != "given"}
    given = {c.path: n for n, c in enumerate(table.columns, lead) if c.kind == "given"}
    return _read_class(table.cls, (), places, given, [field for field, _ in table.children])


def _read_class(
    cls: type,
    path: tuple[str, ...],
    places: dict[tuple[str, ...], tuple[int, Column]],
    given: dict[tuple[str, ...], int],
    children: Sequence[str],
) -> Reader:
    plain: list[int] = []  # the cell of each field; what is no plain cell is mended below
    mended: list[tuple[int, Reader]] = []
    for at, (field, hint) in enumerate(_fields(cls)):
        here = (*path, field)
        _, bare = _strip_none(hint)
        plain.append(places[here][0] if here in places else 0)
        if not path and field in children:
            mended.append((at, _take_child(children.index(field))))
        elif dataclasses.is_dataclass(bare):
            assert isinstance(bare, type)
            mended.append((at, _read_given(_read_class(bare, here, places, given, ()), given.get(here))))
        else:
            place, column = places[here]
            default = _defaults(cls).get(field)
            if column.kind in ("json", bool) or default is not None:
                mended.append((at, _read_cell(place, column.kind, default)))

    def read(row: Row, tuples: Sequence[tuple[Any, ...]]) -> Any:
        cells = [row[n] for n in plain]
        for at, mend in mended:
            cells[at] = mend(row, tuples)
        return cls(*cells)

    return read


def _take_child(number: int) -> Reader:
    return lambda _, tuples: tuples[number]


def _read_given(read: Reader, given: int | None) -> Reader:
    return read if given is None else lambda row, tuples: read(row, tuples) if row[given] else None


def _read_cell(place: int, kind: Any, default: Any) -> Reader:
    """Return what reads one cell; None: an older ledger had no such column."""

    def read(row: Row, _: Sequence[tuple[Any, ...]]) -> Any:
        cell = row[place]
        if cell is None:
            return default
        if kind == "json":
            return () if cell == "[]" else _tuples(json.loads(cell))
        return bool(cell) if kind is bool else cell

    return read


@cache
def _defaults(cls: type) -> dict[str, Any]:
    return {f.name: f.default for f in dataclasses.fields(cls) if f.default not in (dataclasses.MISSING, None)}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list) else value


EVIDENCE_FIELDS = tuple(f.name for f in dataclasses.fields(Evidence))
