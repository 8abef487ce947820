"""Rows that wait in memory, with their keys, until all of them are inserted at once."""

from collections import defaultdict
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import Max

from leads.models import (
    Alert,
    Assignment,
    Attestation,
    Clock,
    Company,
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
BATCH = 400
# Whom others refer to comes first.
ORDER: tuple[type[models.Model], ...] = (
    Company, Lead, Assignment, Turn, Attestation, Handoff, HandoffMove, StageEntry, Touch,
    Contribution, Clock, Timer, Alert, Delivery,
)  # fmt: skip


class Rows:
    """Hands out keys after those of the database, and inserts what it was given."""

    def __init__(self) -> None:
        self.waiting: dict[type[models.Model], list[Any]] = defaultdict(list)
        self.next_key: dict[type[models.Model], int] = {}
        self.past: dict[type[models.Model], list[Any]] = defaultdict(list)

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
        model = row.history.model
        names = [field.attname for field in model.tracked_fields]
        self.past[model].append(
            model(
                history_date=at, history_type=how, history_user=by,
                **{name: getattr(row, name) for name in names},
            )
        )  # fmt: skip

    def write(self) -> None:
        """Insert everything, parents first."""
        for model in ORDER:
            model._default_manager.bulk_create(self.waiting[model], batch_size=BATCH)
        for model, lines in self.past.items():
            model._default_manager.bulk_create(lines, batch_size=BATCH)
        self._mend_sequences()

    def _mend_sequences(self) -> None:
        """PostgreSQL counts on its own: tell it which keys are taken."""
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            for model in self.next_key:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'),"
                    f" (SELECT max(id) FROM {table}))",  # noqa: S608
                    [model._meta.db_table],
                )
