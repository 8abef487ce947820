"""Which of many values a table has: one question with one parameter, whatever their number."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

SOME = 5_000  # values in one question


def among(
    model: type[models.Model],
    column: str,
    values: Iterable[Any],
    *,
    told: Sequence[str],
    **alike: Any,
) -> list[tuple[Any, ...]]:
    """The columns `told` of the rows of a model whose text `column` is one of `values`, and
    whose other columns are `alike`; in no order. Names are columns of the table."""
    wanted = sorted(set(values))
    names = ", ".join(f'"{name}"' for name in told)
    others = "".join(f' AND "{name}" = %s' for name in alike)
    within = _WITHIN[connection.vendor]
    # Names of our own models, no text from outside.
    ask = f'SELECT {names} FROM {model._meta.db_table} WHERE "{column}" {within}{others}'  # noqa: S608
    found: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), SOME):
            some = wanted[start : start + SOME]
            given = some if connection.vendor == "postgresql" else json.dumps(some)
            cursor.execute(ask, [given, *alike.values()])
            found += cursor.fetchall()
    return found


def run_among(statement: str, given: Sequence[Any], values: Sequence[Any]) -> None:
    """Run a statement that ends before what says which values are meant, SOME at a time."""
    with connection.cursor() as cursor:
        for start in range(0, len(values), SOME):
            some = list(values[start : start + SOME])
            many = some if connection.vendor == "postgresql" else json.dumps(some)
            cursor.execute(f"{statement} {_WITHIN[connection.vendor]}", [*given, many])


_WITHIN = {"postgresql": "= ANY(%s)", "sqlite": "IN (SELECT value FROM json_each(%s))"}
