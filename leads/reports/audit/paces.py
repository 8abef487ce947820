"""I13, of commitments: what the ledger says fell behind, beside the rows; and looks that
nobody made."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from leads.models import Pace, PaceAlert
from portal.ledger.models import LedgerEntry

LATE = timedelta(minutes=10)  # a row that failed is tried again before
KEPT = ("commitment", "begins_at", "due_at", "step", "done", "wanted", "agreed")


def broken(at: datetime) -> Iterator[str]:
    """What differs at `at`, in words."""
    yield from _told()
    for pace in Pace.objects.filter(at__lt=at - LATE).order_by("pk"):
        yield f"pace {pace.pk} of {pace.commitment}: not looked at since it was due"


def _told() -> Iterator[str]:
    entries = LedgerEntry.objects.filter(kind="pace_behind").order_by("seq")
    said = {pk: _of_entry(body) for pk, body in entries.values_list("subject_id", "body")}
    rows = {one.pk: _of_row(one) for one in PaceAlert.objects.select_related("pace")}
    for pk in sorted({*said, *rows}):
        if pk not in rows:
            yield f"alert {pk} of the pace of {said[pk][0]}: its row is gone"
        elif pk not in said:
            yield f"alert {pk} of the pace of {rows[pk][0]}: the ledger does not know it"
        elif said[pk] != rows[pk]:
            yield f"alert {pk} of the pace of {rows[pk][0]}: changed after it was raised"


def _of_entry(body: str) -> tuple[Any, ...]:
    clear = json.loads(body)["clear"]
    values = (clear[name] for name in KEPT)
    return tuple(
        datetime.fromisoformat(value) if name.endswith("_at") else value
        for name, value in zip(KEPT, values, strict=True)
    )


def _of_row(one: PaceAlert) -> tuple[Any, ...]:
    pace = one.pace
    return (
        pace.commitment, pace.begins_at, one.due_at, one.step, one.done, one.wanted, one.agreed
    )  # fmt: skip
