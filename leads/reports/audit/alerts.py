"""I13: alerts as the ledger alone expects them, beside the rows, by another way than the
sweep's. What is gone, missing, too many or changed is named."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from leads.core.watching.expected import Entry, Expected, Raised, expected
from leads.models import Alert, Clock
from portal.ledger.models import LedgerEntry

LATE = timedelta(minutes=1)  # how long after a step's instant its alert may be missing
PAGE = 5_000
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)


def broken(at: datetime) -> Iterator[str]:
    """What differs at `at`, in words; reads a page at a time, however long the ledger is."""
    yield from _of_clocks(at)
    yield from _of_alerts()


def _of_clocks(at: datetime) -> Iterator[str]:
    """Each clock played from its entries, beside its alerts and the ladder of its row."""
    after = 0
    while lives := _lives(after):
        last = max(lives)
        raised, ladders = _raised(after, last), _ladders(after, last)
        for clock in sorted({*lives, *raised}):
            for words in _compared(clock, lives.get(clock, []), raised, ladders, at):
                yield f"clock {clock}, {words}"
        after = last
    for clock in sorted(_raised(after, None)):
        yield f"clock {clock}, the ledger does not know it, and it has alerts"


def _compared(
    clock: int,
    entries: list[Entry],
    raised: dict[int, list[Raised]],
    ladders: dict[int, dict[str, Any]],
    at: datetime,
) -> Iterator[str]:
    try:
        found = expected(entries, at - LATE)
    except UNREADABLE as error:
        yield f"its entries cannot be read: {type(error).__name__}: {error}"
        return
    yield from found.differences(raised.get(clock, []))
    if found.is_open and clock in ladders:
        yield from _ladder(found, ladders[clock])


def _ladder(found: Expected, row: dict[str, Any]) -> Iterator[str]:
    """What the sweep will read of an open clock: its steps, and which of them is next."""
    try:
        steps = [(one["key"], datetime.fromisoformat(one["at"])) for one in row["steps"]]
    except UNREADABLE:
        yield "its steps cannot be read"
        return
    if dict(steps) != found.steps:
        yield "its steps are not those of the ledger"
    later = [at for _key, at in steps[row["next_step"] :]]
    is_watched = row["paused_at"] is None and not row["sweep_error"]
    if is_watched and row["next_step_at"] != (later[0] if later else None):
        yield "its next step is not when its steps say"


def _lives(after: int) -> dict[int, list[Entry]]:
    """Clock -> its entries in order, for a page of clocks; empty after the last."""
    rows = _entries().filter(subject_id__gt=after)
    page = list(rows[:PAGE])
    lives = _by_clock(page)
    if len(page) == PAGE:  # the rest of the last one stands on the next page
        lives |= _by_clock(_entries().filter(subject_id=page[-1][0]))
    return lives


def _entries() -> QuerySet[LedgerEntry, tuple[int, str, datetime, str]]:
    rows = LedgerEntry.objects.filter(subject_type="clock").order_by("subject_id", "seq")
    return rows.values_list("subject_id", "kind", "at", "body")


def _by_clock(rows: Iterable[tuple[int, str, datetime, str]]) -> dict[int, list[Entry]]:
    return {
        clock: [Entry(kind, at, json.loads(body)["clear"]) for _, kind, at, body in group]
        for clock, group in groupby(rows, key=lambda row: row[0])
    }


def _raised(after: int, last: int | None) -> dict[int, list[Raised]]:
    rows = Alert.objects.filter(clock_id__gt=after)
    if last is not None:
        rows = rows.filter(clock_id__lte=last)
    found: dict[int, list[Raised]] = defaultdict(list)
    names = ("clock_id", "pk", "step", "due_at", "raised_at")
    for clock, pk, step, due, raised in rows.values_list(*names):
        found[clock].append(Raised(pk, step, due, raised))
    return found


def _ladders(after: int, last: int) -> dict[int, dict[str, Any]]:
    rows = Clock.objects.unstopped().filter(pk__gt=after, pk__lte=last)
    names = ("steps", "next_step", "next_step_at", "paused_at", "sweep_error")
    return {row["pk"]: row for row in rows.values("pk", *names)}


def _of_alerts() -> Iterator[str]:
    """Each alert that the ledger says was raised, beside its row, and each row beside it."""
    after: int | None = 0
    while after is not None:
        said = _said(after)
        last = max(said) if said else None  # after the last entry: whatever rows are left
        rows = _rows(after, last)
        for pk in sorted({*said, *rows}):
            yield from _same(pk, said.get(pk), rows.get(pk))
        after = last


def _said(after: int) -> dict[int, tuple[Any, ...]]:
    entries = LedgerEntry.objects.filter(
        subject_type="alert", kind="alert_raised", subject_id__gt=after
    )
    rows = entries.order_by("subject_id").values_list("subject_id", "body")[:PAGE]
    return {pk: _fields(json.loads(body)["clear"]) for pk, body in rows}


def _fields(clear: dict[str, Any]) -> tuple[Any, ...]:
    due = datetime.fromisoformat(clear["due_at"])
    return clear["clock"], clear["step"], clear["level"], due


def _rows(after: int, last: int | None) -> dict[int, tuple[Any, ...]]:
    rows = Alert.objects.filter(pk__gt=after)
    if last is not None:
        rows = rows.filter(pk__lte=last)
    return {
        pk: tuple(row)
        for pk, *row in rows.values_list("pk", "clock_id", "step", "level", "due_at")
    }


def _same(pk: int, said: tuple[Any, ...] | None, row: tuple[Any, ...] | None) -> Iterator[str]:
    if row is None and said is not None:
        yield f"alert {pk} of clock {said[0]}, step {said[1]}: its row is gone"
    elif said is None and row is not None:
        yield f"alert {pk} of clock {row[0]}, step {row[1]}: the ledger does not know it"
    elif said != row and row is not None:
        yield f"alert {pk} of clock {row[0]}, step {row[1]}: changed after it was raised"
