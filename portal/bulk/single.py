"""One new row, past the ORM, which writes the SQL of its INSERT anew for each."""

from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models

M = TypeVar("M", bound=models.Model)
PLAIN = {str, int, bool, type(None)}
"""What every database takes as it is, unless the column holds JSON."""


def write(row: M) -> M:
    """Insert `row` as `row.save(force_insert=True)` would, give it its key, and return it.

    For models whose saving nobody listens to: raises TypeError for one that keeps a
    history. Parents must have their keys when they are named, and no field may fill itself
    in at saving.
    """
    if hasattr(type(row), "history"):
        raise TypeError(f"{type(row).__name__} keeps a history: save it")
    return insert(row)


def insert(row: M) -> M:
    """The same for any model; a history learns nothing of it."""
    form = _form(type(row))
    connection = connections[DEFAULT_DB_ALIAS]
    held = vars(row)
    given = []
    for name, field, is_json in form.fields:
        value = held[name]
        if is_json or type(value) not in PLAIN:
            value = field.get_db_prep_save(value, connection)
        given.append(value)
    with connection.cursor() as cursor:
        cursor.execute(form.statement, given)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


class _Form(NamedTuple):
    """The statement, and for each of its places: attribute, field, whether it holds JSON."""

    statement: str
    fields: list[tuple[str, Any, bool]]


@cache
def _form(model: type[models.Model]) -> _Form:
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    if strange := [field.name for field in fields if _fills_itself_in(field)]:
        raise TypeError(f"{model.__name__} fills in {', '.join(strange)} at saving")
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(quote(field.column or "") for field in fields)
    into = f"INSERT INTO {quote(model._meta.db_table)} ({columns})"
    places = ", ".join(["%s"] * len(fields))
    key = quote(model._meta.pk.column or "")
    return _Form(
        f"{into} VALUES ({places}) RETURNING {key}",
        [(field.attname, field, isinstance(field, models.JSONField)) for field in fields],
    )


def _fills_itself_in(field: Any) -> bool:
    by_time = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return by_time or isinstance(field, models.FileField) or field.has_db_default()
