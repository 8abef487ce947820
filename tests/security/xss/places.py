"""Where in the database a text lies, and how another one is put there."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from tests.authz_actors import PASSING

TEXTS = (models.CharField, models.TextField, models.JSONField, models.FileField)


@dataclass(frozen=True, order=True)
class Place:
    """A column of a table; of a column that holds JSON the way into it."""

    table: str
    column: str
    way: tuple[Any, ...] = ()


DOORLESS = tomllib.loads(Path(__file__).with_name("doorless.toml").read_text())


def columns() -> set[str]:
    """Every column of text: `table.column`."""
    return {f"{table}.{name}" for table, (_, held) in _columns().items() for name, _ in held}


def listed() -> set[Place]:
    """The places in which some door keeps what may run, as tests/security/test_texts_fuzz.py
    finds them."""
    ways = json.loads(Path(__file__).with_name("kept.json").read_text())
    return {Place(*name.split("."), tuple(way)) for name in ways for way in ways[name]}


def doorless(group: str) -> set[str]:
    """`table.column` of those of a group of doorless.toml."""
    return {f"{table}.{name}" for table, names in DOORLESS[group].items() for name in names}


@cache
def _columns() -> dict[str, tuple[str, list[tuple[str, bool]]]]:
    """Of each table its key, and its columns of text: (name, whether it is JSON)."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        mine = [
            (one.column, isinstance(one, models.JSONField))
            for one in model._meta.local_fields
            if isinstance(one, TEXTS)
        ]
        if mine and model._meta.db_table not in PASSING:
            found[model._meta.db_table] = (model._meta.pk.column, mine)
    return found


def room(place: Place, most: int) -> int:
    """How many characters of ours it takes, `most` at most: as long as its column, and few
    within JSON, whose readers refuse more."""
    if place.way:
        return 60
    model = next(one for one in apps.get_models(True) if one._meta.db_table == place.table)
    fields = {one.column: one for one in model._meta.local_fields}
    return min(most, fields[place.column].max_length or most)


def where(text: str) -> set[Place]:
    """Every place at which `text` stands, in whole or as part of more."""
    return {Place(*found) for found in _found(text)}


def _found(text: str) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    in_json = json.dumps(text)[1:-1]
    with connection.cursor() as cursor:
        for table, (_, columns) in _columns().items():
            says = " OR ".join(f'instr(CAST("{name}" AS TEXT), %s) > 0' for name, _ in columns)
            wanted = [in_json if is_json else text for _, is_json in columns]
            names = ", ".join(f'"{name}"' for name, _ in columns)
            cursor.execute(f'SELECT {names} FROM "{table}" WHERE {says}', wanted)
            for row in cursor.fetchall():
                for (name, is_json), value in zip(columns, row, strict=True):
                    if is_json and value:
                        yield from (
                            (table, name, way) for way in _ways(json.loads(value), text)
                        )
                    elif isinstance(value, str) and text in value:
                        yield table, name, ()


def _ways(value: Any, text: str, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, str) and text in value:
        yield way
    if isinstance(value, dict | list):
        for name, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _ways(one, text, (*way, name))


def said(place: Place) -> list[str]:
    """Every text that stands at a place, of all rows."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{place.column}" FROM "{place.table}"')
        found = [value for (value,) in cursor.fetchall() if value]
    if place.way:
        found = [_get(json.loads(value), place.way) for value in found]
    return [value for value in found if isinstance(value, str)]


def _get(whole: Any, way: tuple[Any, ...]) -> Any:
    for step in way:
        listed = isinstance(whole, list) and isinstance(step, int) and step < len(whole)
        if not listed and not (isinstance(whole, dict) and step in whole):
            return None
        whole = whole[step]
    return whole


def changes() -> int:
    """How many rows this connection has written so far."""
    return int(connection.connection.total_changes)


def rows(place: Place) -> list[Any]:
    """The keys of the rows of its table."""
    with connection.cursor() as cursor:
        key = _columns()[place.table][0]
        cursor.execute(f'SELECT "{key}" FROM "{place.table}" ORDER BY 1')
        return [row[0] for row in cursor.fetchall()]


def put(place: Place, row: Any, text: str) -> bool:
    """Write `text` into one row, past all doors; False where the database refuses it, as it
    does for evidence, or where the row has no such part."""
    key = _columns()[place.table][0]
    with connection.cursor() as cursor:
        if place.way:
            cursor.execute(
                f'SELECT "{place.column}" FROM "{place.table}" WHERE "{key}" = %s', [row]
            )
            whole = json.loads(cursor.fetchone()[0] or "null")
            if not _set(whole, place.way, text):
                return False
            text = json.dumps(whole)
        try:
            with transaction.atomic():
                cursor.execute(
                    f'UPDATE "{place.table}" SET "{place.column}" = %s WHERE "{key}" = %s',
                    [text, row],
                )
        except DatabaseError:
            return False
    return True


def _set(whole: Any, way: tuple[Any, ...], text: str) -> bool:
    for step in way[:-1]:
        listed = isinstance(whole, list) and isinstance(step, int) and step < len(whole)
        if not listed and not (isinstance(whole, dict) and step in whole):
            return False
        whole = whole[step]
    last = way[-1]
    known = isinstance(whole, dict) and isinstance(whole.get(last), str)
    if known or (isinstance(whole, list) and isinstance(last, int) and last < len(whole)):
        whole[last] = text
        return True
    return False
