"""Plain values into a table, and out of it nothing but what was asked for.

PostgreSQL gets all rows as one JSON text, which it takes apart faster than Python writes
out a parameter for each value; SQLite one prepared statement, run for each row. Constraints
hold as ever; defaults of the models are the caller's to give. The names in the statements
are those of models, never anybody's input.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

Row = Sequence[Any]
Model = type[models.Model]
VARIABLES = 900  # in one statement; SQLite takes 999


def insert(
    model: Model, columns: Sequence[str], rows: Sequence[Row], *, returning: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    """Insert `rows`, of which those that a unique constraint has already are left out.

    `columns` and `returning` are columns of the table; what is returned is that of the rows
    that were new, in no order.
    """
    if not rows:
        return []
    into = f"INSERT INTO {model._meta.db_table} ({_listed(columns)})"
    tail = " ON CONFLICT DO NOTHING"
    if returning:
        tail += f" RETURNING {_listed(returning)}"
    if connection.vendor == "postgresql":
        given = _recordset(model, columns)
        return _run(f"{into} SELECT * FROM {given}{tail}", [_json(rows)])  # noqa: S608
    return _insert_into_sqlite(into, tail, _adapted(rows), returning=bool(returning))


def append(model: Model, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows that nobody else can have written: twice as fast on PostgreSQL.

    Raises IntegrityError for one that is there.
    """
    if not rows:
        return
    into = f"{model._meta.db_table} ({_listed(columns)})"
    if connection.vendor != "postgresql":
        _insert_into_sqlite(f"INSERT INTO {into}", "", _adapted(rows), returning=False)
        return
    # What the server refuses it says at the end of the copy, where Django is told of it.
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {into} FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def update(model: Model, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Set `columns` of rows that are there; the last value of each row is its `id`."""
    if not rows:
        return
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        new = ", ".join(f'"{name}" = new."{name}"' for name in columns)
        given = f"{_recordset(model, [*columns, 'id'])} WHERE {table}.id = new.id"
        _run(f"UPDATE {table} SET {new} FROM {given}", [_json(rows)])  # noqa: S608
        return
    new = ", ".join(f'"{name}" = %s' for name in columns)
    with connection.cursor() as cursor:
        statement = f"UPDATE {table} SET {new} WHERE id = %s"  # noqa: S608
        cursor.executemany(statement, _adapted(rows))


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _run(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def _recordset(model: Model, columns: Sequence[str]) -> str:
    """What makes rows of a JSON text a table again; the types are those of the model."""
    fields = {field.column: field for field in model._meta.local_concrete_fields}
    types = ", ".join(f'"{place}" {_type(fields[name])}' for place, name in enumerate(columns))
    names = ", ".join(f'"{place}" AS "{name}"' for place, name in enumerate(columns))
    given = f"json_to_recordset(%s::json) AS given({types})"
    return f"(SELECT {names} FROM {given}) AS new"  # noqa: S608


def _type(field: models.Field[Any, Any]) -> str:
    """Without its length: what is too long is refused by the table, not cut here."""
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    return str(kind.db_type(connection)).partition("(")[0].removesuffix(" unsigned")


def _json(rows: Sequence[Row]) -> str:
    named = [dict(enumerate(row)) for row in rows]
    return json.dumps(named, default=str, ensure_ascii=False, separators=(",", ":"))


def _insert_into_sqlite(
    into: str, tail: str, rows: list[Row], *, returning: bool
) -> list[tuple[Any, ...]]:
    one = f"({', '.join(['%s'] * len(rows[0]))})"
    if not returning:
        with connection.cursor() as cursor:
            cursor.executemany(f"{into} VALUES {one}{tail}", rows)
        return []
    found, many = [], VARIABLES // len(rows[0])
    for start in range(0, len(rows), many):
        some = rows[start : start + many]
        values = [value for row in some for value in row]
        found += _run(f"{into} VALUES {', '.join([one] * len(some))}{tail}", values)
    return found


def _adapted(rows: Iterable[Row]) -> list[Row]:
    """Instants and keys as Django stores them in SQLite. A column holds one kind of value."""
    return list(zip(*map(_column, zip(*rows, strict=True)), strict=True))


def _column(values: Sequence[Any]) -> Sequence[Any]:
    kind = next((type(value) for value in values if value is not None), None)
    if kind is UUID:
        return [value.hex for value in values]
    if kind is not datetime:
        return values
    adapt = connection.ops.adapt_datetimefield_value
    stored = {value: adapt(value) for value in set(values)}  # many are alike
    return [stored[value] for value in values]
