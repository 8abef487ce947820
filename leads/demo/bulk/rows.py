"""Rows that wait in memory, with their keys, until all of them are inserted at once."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
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
BATCH = 400
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
        model = type(row)
        own = tuple([getattr(row, name) for name in _tracked(model)])
        self.past[model].append((at, how, by.pk if by else None, *own))

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
        rows = self.waiting[model]
        insert(model, names, (tuple([getattr(row, name) for name in names]) for row in rows))

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
_NAMES: dict[type[models.Model], tuple[str, ...]] = {}


def _tracked(model: type[models.Model]) -> tuple[str, ...]:
    """The columns that the history of a row keeps."""
    if model not in _NAMES:
        tracked = _HISTORY[model].tracked_fields  # type: ignore[attr-defined]  # simple-history's
        _NAMES[model] = tuple(field.attname for field in tracked)
    return _NAMES[model]


def insert(model: type[models.Model], names: Iterable[str], rows: Iterable[Row]) -> None:
    """Insert rows of values, past the ORM, which takes five times as long."""
    wanted = tuple(names)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    forms = [(n, _form(fields[name])) for n, name in enumerate(wanted)]
    own = [(n, form) for n, form in forms if form is not None]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(fields[name].column or "") for name in wanted)
    places = ", ".join(["%s"] * len(wanted))
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608
            [_formed(row, own) for row in rows],
        )


def _formed(row: Row, forms: list[tuple[int, Callable[[Any], Any]]]) -> Row:
    values = list(row)
    for n, form in forms:
        if values[n] is not None:
            values[n] = form(values[n])
    return tuple(values)


def _form(field: Any) -> Callable[[Any], Any] | None:
    """How a value of the field is written by this database; None: as it is."""
    if connection.vendor == "postgresql":
        return lambda value: field.get_db_prep_save(value, connection)
    if isinstance(field, models.JSONField):
        return json.dumps
    if isinstance(field, models.DateTimeField):
        return lambda value: str(value.astimezone(UTC))[:-6]
    if isinstance(field, models.UUIDField):
        return lambda value: value.hex
    return None
