"""Rows that wait in memory, with their keys, until all of them are inserted at once."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import Max

from leads.models import (
    Alert,
    Assignment,
    Attestation,
    Clock,
    Company,
    Consent,
    Contribution,
    Handoff,
    HandoffMove,
    Lead,
    StageEntry,
    Timer,
    Touch,
    Turn,
)
from portal.accounts.models import User
from portal.notifications.models import Delivery

M = TypeVar("M", bound=models.Model)
Row = tuple[Any, ...]
BATCH = 2_000  # rows written at once
# Whom others refer to comes first.
ORDER: tuple[type[models.Model], ...] = (
    Company, Lead, Consent, Assignment, Turn, Attestation, Handoff, HandoffMove, StageEntry,
    Touch, Contribution, Clock, Timer, Alert, Delivery,
)  # fmt: skip


class Rows:
    """Hands out keys after those of the database, and inserts what it was given."""

    def __init__(self) -> None:
        self.waiting: dict[type[models.Model], list[Any]] = defaultdict(list)
        self.next_key: dict[type[models.Model], int] = {}
        self.past: dict[type[models.Model], list[Row]] = defaultdict(list)

    def add(self, row: M) -> M:
        """Give the row its key; it may still change until `write`."""
        model = type(row)
        if model not in self.next_key:
            last = model._default_manager.aggregate(last=Max("pk"))["last"]
            self.next_key[model] = (last or 0) + 1
        row.pk = self.next_key[model]
        self.next_key[model] += 1
        self.waiting[model].append(row)
        return row

    def tell(self, row: Delivery) -> None:
        """A message nobody refers to; its key is the database's own."""
        self.waiting[Delivery].append(row)

    def remember(self, row: Any, at: datetime, by: User | None, how: str = "~") -> None:
        """A line of the row's own history, as `saving.save` would leave it."""
        model: type[models.Model] = type(row)
        self.past[model].append((at, how, by.pk if by else None, *_kept(model)(vars(row))))

    def write(self) -> None:
        """Insert everything, parents first."""
        for model in ORDER:
            self._insert(model)
        for model, lines in self.past.items():
            names = ("history_date", "history_type", "history_user_id", *_tracked(model))
            insert(_HISTORY[model], names, lines)
        self._mend_sequences()

    def _insert(self, model: type[models.Model]) -> None:
        names = [field.attname for field in model._meta.concrete_fields]
        if model is Delivery:
            names.remove("id")
        values = itemgetter(*names)  # of the instance itself, past every descriptor
        insert(model, names, (values(vars(row)) for row in self.waiting[model]))

    def _mend_sequences(self) -> None:
        """PostgreSQL counts on its own: tell it which keys are taken."""
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            for model in self.next_key:
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id))"  # noqa: S608
                    f" FROM {table}"
                )


_HISTORY: dict[type[models.Model], type[models.Model]] = {
    model: model.history.model for model in (Lead, Company)
}


@cache
def _tracked(model: type[models.Model]) -> tuple[str, ...]:
    """The columns that the history of a row keeps."""
    tracked = _HISTORY[model].tracked_fields  # type: ignore[attr-defined]  # simple-history's
    return tuple(field.attname for field in tracked)


@cache
def _kept(model: type[models.Model]) -> Callable[[dict[str, Any]], Row]:
    """Takes them from what an instance holds."""
    return itemgetter(*_tracked(model))


def insert(model: type[models.Model], names: Iterable[str], rows: Iterable[Row]) -> None:
    """Insert rows of values, past the ORM, which takes five times as long."""
    wanted = tuple(names)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    forms = [_form(fields[name]) for name in wanted]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(fields[name].column or "") for name in wanted)
    places = ", ".join(["%s"] * len(wanted))
    table = quote(model._meta.db_table)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608
    rest = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(rest, BATCH)):
            cursor.executemany(statement, list(_formed(batch, forms)))


def _formed(rows: list[Row], forms: list[Callable[[Any], Any] | None]) -> Iterable[Row]:
    """The rows as the database takes them, written a column at a time."""
    columns = zip(*rows, strict=True)
    return zip(
        *(
            [None if value is None else form(value) for value in column] if form else column
            for form, column in zip(forms, columns, strict=True)
        ),
        strict=True,
    )


def _instant(at: datetime) -> str:
    return _in_utc(at if at.tzinfo is UTC else at.astimezone(UTC))


@lru_cache(maxsize=4096)
def _in_utc(at: datetime) -> str:
    """What happens at once stands in many columns."""
    return str(at)[:-6]


def _form(field: Any) -> Callable[[Any], Any] | None:
    """How a value of the field is written by this database; None: as it is."""
    if connection.vendor == "postgresql":
        return lambda value: field.get_db_prep_save(value, connection)
    if isinstance(field, models.JSONField):
        return json.dumps
    if isinstance(field, models.DateTimeField):
        return _instant
    if isinstance(field, models.UUIDField):
        return lambda value: value.hex
    return None
