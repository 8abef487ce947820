"""Rows that a test begins with, past the ORM, which writes its SQL for each anew."""

from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

from portal.bulk import made

M = TypeVar("M", bound=models.Model)


def write(model: type[M], **values: Any) -> M:
    """As `model.objects.create(**values)`; no signal is sent, so no history is kept.

    Raises TypeError for a name that the model does not have.
    """
    known, fields, statement = _insert(model)
    if strange := values.keys() - known:
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(strange))}")
    row = made(model, **values)
    given = [field.get_db_prep_save(vars(row)[field.attname], connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias
    return row


@cache
def _insert(model: type[models.Model]) -> tuple[set[str], list[Any], str]:
    """What may be named, what is written, and the statement."""
    every = model._meta.concrete_fields
    fields = [field for field in every if not isinstance(field, models.AutoField)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    into = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"
    known = {name for field in every for name in (field.name, field.attname)}
    return known, fields, f"{into} RETURNING {quote(model._meta.pk.column)}"
