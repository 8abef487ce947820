"""Rows written past the ORM, which takes most of an import's time to say the same.

Only for rows that are whole and new: what a model leaves to the database, constraints and
indexes, is checked there as ever.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from django.db import connection, models

from portal import bulk
from portal.accounts.models import User

Values = Sequence[Any]
Convert = Callable[[Values], Values]  # a whole column
Row = tuple[Any, ...]


def number(rows: Sequence[models.Model]) -> None:
    """Give each unsaved row its primary key, as the database would have."""
    if not rows:
        return
    for row, pk in zip(rows, _new_keys(type(rows[0]), len(rows)), strict=True):
        row.pk = pk


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model that have their keys. Raises IntegrityError as ever."""
    if not rows:
        return
    columns, values = _columns(type(rows[0]))
    for row in rows:
        row._state.adding = False
    insert_values(type(rows[0]), columns, map(values, map(vars, rows)))


def insert_values(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]
) -> None:
    """Insert plain values under `columns` of a model, which are names of its attributes.

    The database numbers them; a column that is left out must allow NULL.
    """
    fields = _fields(model)
    named = ", ".join(f'"{fields[column].column}"' for column in columns)
    converts = [
        (place, convert)
        for place, column in enumerate(columns)
        if (convert := _converter(fields[column], connection.vendor)) is not None
    ]
    ready = _converted(rows, converts)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({named}) FROM STDIN') as copy:
                for row in ready:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            # Names of our own models, no text from outside.
            said = f'INSERT INTO "{table}" ({named}) VALUES ({marks})'  # noqa: S608
            cursor.executemany(said, ready)


def _converted(rows: Iterable[Row], converts: list[tuple[int, Convert]]) -> list[Row]:
    if not converts:
        return list(rows)
    columns: list[Values] = list(zip(*rows, strict=True))
    for place, convert in converts if columns else ():
        columns[place] = convert(columns[place])
    return list(zip(*columns, strict=True))


def remember(
    leads: Sequence[models.Model], what: str, *, at: datetime, by: User | None
) -> None:
    """The states of saved rows of one model, as simple-history keeps them, copied by the
    database; `what` is + or ~."""
    if not leads:
        return
    model = type(leads[0])
    history = model.history.model  # type: ignore[attr-defined]  # simple-history
    kept = ", ".join(f'"{field.column}"' for field in history.tracked_fields)
    note = '"history_type", "history_date", "history_user_id"'
    # Names of our own models, no text from outside.
    copied = (
        f'INSERT INTO "{history._meta.db_table}" ({kept}, {note}) '  # noqa: S608
        f'SELECT {kept}, %s, %s, %s FROM "{model._meta.db_table}" WHERE id '
    )
    when = stored(history, "history_date", at)
    bulk.run_among(copied, [what, when, by.pk if by else None], [row.pk for row in leads])


def stored(model: type[models.Model], name: str, value: Any) -> Any:
    """A value as `bulk.update` gives it to the database."""
    if value is not None and connection.vendor == "sqlite":
        convert = _converter(_fields(model)[name], "sqlite")
        return convert([value])[0] if convert else value
    return value


@cache
def _fields(model: type[models.Model]) -> dict[str, Any]:
    return {field.attname: field for field in model._meta.concrete_fields}


def _new_keys(model: type[models.Model], count: int) -> Iterable[int]:
    """Keys that nobody else gets. SQLite's transactions are IMMEDIATE here: no other writes."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        first = (last[0] if last else 0) + 1
        return range(first, first + count)


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, ...], Callable[[Any], Row]]:
    names = tuple(field.attname for field in model._meta.concrete_fields)
    return names, itemgetter(*names)


@cache
def _converter(field: "models.Field[Any, Any]", vendor: str) -> Convert | None:
    if isinstance(field, models.JSONField):
        return _as_json
    if isinstance(field, models.DateTimeField) and vendor == "sqlite":
        return _as_sqlite_keeps_it
    return None


def _as_json(values: Values) -> Values:
    """Each as text; what several rows share is written once."""
    texts: dict[int, str | None] = {id(None): None}
    for value in values:
        if id(value) not in texts:
            texts[id(value)] = _dumps(value)
    return [texts[id(value)] for value in values]


# `json.dumps` without making an encoder anew for each value.
_dumps: Callable[[Any], str] = json.JSONEncoder().encode


def _as_sqlite_keeps_it(values: Values) -> Values:
    known = {at: at and _spelt(at) for at in set(values)}
    return list(map(known.__getitem__, values))


@lru_cache(maxsize=4_096)  # many records of a file are of one day
def _spelt(at: datetime) -> str:
    return str(at.astimezone(UTC))[:-6]
