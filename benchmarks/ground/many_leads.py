"""Very many leads, written by the database itself; one in twenty is in the stage asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection, models

from ground.company import BEGAN
from leads.models import Company, Lead

STAGE = "comparing"
OTHERS = ("noticed", "exploring", "talking", "deciding")
SOURCES = ("website", "webinar", "trade_fair", "partner")
EVERY = 20
A_COMPANY = 25  # leads


def fill(size: int, agreement: int) -> None:
    """`size` open leads of `size / A_COMPANY` companies, the last one is the newest."""
    with _patience():
        _fill(size, agreement)


@contextmanager
def _patience() -> Iterator[None]:
    """No statement of the portal's may take as long as writing them all."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        yield
        cursor.execute("RESET statement_timeout")


def _fill(size: int, agreement: int) -> None:
    companies = max(size // A_COMPANY, 1)
    _insert(
        Company,
        companies,
        {"name": _text("'Company '", "n"), "domain": _text("n", "'.example'")},
    )
    first = int(Company.objects.order_by("pk").values_list("pk", flat=True)[0])
    began = f"{BEGAN - timedelta(minutes=size):%Y-%m-%d %H:%M:%S}"
    _insert(Lead, size, {
        "name": _text("'Lead '", "n"),
        "email": _text("'lead'", "n", "'@example.test'"),
        "email_key": _text("'lead'", "n", "'@example.test'"),
        "company_id": f"{first} + n % {companies}",
        "agreement_id": str(agreement),
        "stage": _one_of((STAGE, *OTHERS), _which_stage()),
        "segment": _one_of(("demo_request", "event", "content"), "n % 3"),
        "source": _one_of(SOURCES, "n % 4"),
        "received_at": _later(began),
    })  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _which_stage() -> str:
    return f"CASE WHEN n % {EVERY} = 0 THEN 0 ELSE 1 + n % 4 END"


def _insert(model: type[models.Model], size: int, said: dict[str, str]) -> None:
    """`said`: by column, what it holds of the row `n`; of the others, nothing."""
    columns = [f.column for f in model._meta.local_concrete_fields if not f.primary_key]
    values = [said.get(f.column) or _nothing(f) for f in _fields(model)]
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {_numbers(size)}"
        )


def _fields(model: type[models.Model]) -> list[Any]:
    return [f for f in model._meta.local_concrete_fields if not f.primary_key]


def _nothing(field: Any) -> str:
    if field.null:
        return "NULL"
    if isinstance(field, models.BooleanField):
        return "FALSE"
    if isinstance(field, models.JSONField):
        return "'{}'"
    return "0" if isinstance(field, models.IntegerField) else "''"


def _text(*parts: str) -> str:
    return " || ".join(parts)


def _one_of(words: tuple[str, ...], which: str) -> str:
    cases = " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(words))
    return f"CASE {which} {cases} END"


def _later(began: str) -> str:
    if connection.vendor == "sqlite":
        return f"datetime('{began}', '+' || n || ' minutes')"
    return f"timestamptz '{began}+00' + n * interval '1 minute'"


def _numbers(size: int) -> str:
    if connection.vendor == "sqlite":
        return (
            "(WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count"
            f" WHERE n < {size}) SELECT n FROM count)"
        )
    return f"generate_series(1, {size}) AS numbers(n)"
