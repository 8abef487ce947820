"""Everything that a backtest asks the database, column by column: four statements."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
from django.db.models import CharField, F, Func, QuerySet
from numpy.typing import NDArray

from leads.core.trials.columns import EVENTS
from leads.core.trials.filling import Filled
from leads.core.trials.written import written
from leads.models import Clock, ClockPause, Touch
from leads.models.handoff import HandoffQuerySet
from sla.models import Version

_ROUND = ("pk", "lead", "round", "giver_team", "receiver_team", "kind", "segment")
_ENDED = (
    "first_offered_at", "offered_at", "accepted_at", "returned_at", "disputed_at", "ended_at",
)  # fmt: skip
_CLOCK = (
    "pk", "handoff", "round", "attempts_needed", "version", "kind", "obligation", "outcome",
)  # fmt: skip
_TEXTS = frozenset({"kind", "segment", "obligation", "outcome", "reason"})
BLOCK = 4_000  # rows
_RAN = ("started_at", "due_at", "stopped_at", "paused_at")

Statement = tuple[QuerySet[Any], Sequence[str], Sequence[str]]


class Told(Func):
    """An instant as text in UTC, which is read in bulk faster than value by value."""

    arity = 1
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(%(expressions)s || '')"  # as it is written; the driver would read it
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(%(expressions)s AT TIME ZONE 'UTC')::text"
        return self.as_sql(compiler, connection, template=template, **context)


def statements(there: HandoffQuerySet) -> tuple[Statement, ...]:
    """The rows of handoffs, clocks, pauses and attempts, their columns and their instants."""
    clocks = Clock.objects.filter(handoff__in=there).order_by("pk")
    pauses = ClockPause.objects.filter(clock__handoff__in=there).order_by("paused_at", "pk")
    attempts = Touch.objects.filter(
        handoff__in=there, is_attempt=True, undone_at=None, department="sales"
    ).order_by("occurred_at", "pk")
    return (
        (there.order_by("pk"), _ROUND, _ENDED),
        (clocks, _CLOCK, _RAN),
        (pauses, ("clock", "reason"), ("paused_at", "resumed_at")),
        (attempts, ("handoff",), ("occurred_at",)),
    )


def asked(there: HandoffQuerySet) -> Filled:
    """What is known of some handoffs, as it stands now."""
    names: dict[str, int] = {"": 0}
    handoffs, clocks, pauses, attempts = (_columns(names, *one) for one in statements(there))
    clocks["starts"] = _starts(names, clocks["version"], clocks["obligation"])
    return Filled(handoffs, clocks, pauses, attempts, names)


def told(
    found: QuerySet[Any], names: Sequence[str], instants: Sequence[str]
) -> QuerySet[Any, tuple[Any, ...]]:
    """The rows of a statement, as the driver gives them."""
    as_text = {f"told_{name}": Told(F(name)) for name in instants}
    rows: QuerySet[Any, tuple[Any, ...]] = found.annotate(**as_text).values_list(
        *names, *as_text
    )
    return rows


def _columns(
    names: dict[str, int],
    found: QuerySet[Any],
    asked_for: Sequence[str],
    instants: Sequence[str],
) -> dict[str, NDArray[np.int64]]:
    """Each column by its name. Rows are turned into columns some at a time, so that no row
    lives longer than its block."""
    rows = told(found, asked_for, instants).iterator(chunk_size=BLOCK)
    width = (*asked_for, *instants)
    parts: dict[str, list[NDArray[np.int64]]] = {
        name: [np.empty(0, np.int64)] for name in width
    }
    while block := list(islice(rows, BLOCK)):
        for name, column in zip(width, zip(*block, strict=True), strict=True):
            parts[name].append(_array(names, name, column, name in instants))
    return {name: np.concatenate(some) for name, some in parts.items()}


def _array(
    names: dict[str, int], name: str, column: Sequence[Any], is_instant: bool
) -> NDArray[np.int64]:
    if is_instant:
        return written(column)
    if name not in _TEXTS:
        return np.array(column, np.int64)
    for one in set(column):
        names.setdefault(one, len(names))
    return np.array([names[one] for one in column], np.int64)


def _starts(
    names: Mapping[str, int], versions: NDArray[np.int64], keys: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Which of EVENTS started each clock, by its version and obligation; -1 for another."""
    words = list(names)
    pairs, which = np.unique(versions * len(words) + keys, return_inverse=True)
    texts = Version.objects.in_bulk(set(np.unique(versions).tolist()))
    starts = {
        (pk, owed.key): owed.starts
        for pk, version in texts.items()
        for owed in version.parsed.obligations
    }
    found = [
        starts.get((pair // len(words), words[pair % len(words)])) for pair in pairs.tolist()
    ]
    events = [EVENTS.index(one) if one in EVENTS else -1 for one in found]
    return np.asarray(np.array(events, np.int64)[which.reshape(-1)])
