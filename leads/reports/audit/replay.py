"""The invariants that need computing: texts hashed, the chain walked, the ledger and the
calendars played again."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef

from leads.models import Clock, Handoff, Lead
from portal.ledger import verify
from portal.ledger.models import Head, LedgerEntry
from sla.core import terms, workingtime
from sla.core.workingtime import WorkingCalendar, microseconds
from sla.models import Version

PAGE = 5_000
_GONE = '"taken_back":"gone"'


def broken(key: str) -> Iterator[str]:
    """What breaks the invariant `key`, in words; nothing for one that is asked elsewhere."""
    check = _CHECKS.get(key)
    if check is not None:
        yield from check()


def _texts() -> Iterator[str]:
    """I6: the text of every frozen version still has its digest."""
    for version in Version.objects.exclude(digest="").iterator(chunk_size=100):
        if terms.digest(version.terms) != version.digest:
            yield f"version {version.pk}: its text is not the one with its digest"


def _chain() -> Iterator[str]:
    """I7: the chain from its first entry, against every head that was published."""
    heads: dict[int, set[str]] = defaultdict(set)
    for head in Head.objects.all():
        heads[head.seq].add(head.hash)
    report = verify.verify(LedgerEntry.objects.links(), heads)
    if report.fault is not None:
        yield f"entry {report.fault.seq}: {report.fault.why}"


@dataclass
class _Played:
    """Handoffs and clocks as the ledger alone has them."""

    handoffs: dict[int, tuple[str, int]] = field(default_factory=dict)
    clocks: dict[int, tuple[str, str, str]] = field(default_factory=dict)

    def take(self, kind: str, subject: int, clear: dict[str, Any]) -> None:
        if kind.startswith("handoff_") and "to" in clear and "round" in clear:
            self.handoffs[subject] = (clear["to"], clear["round"])
        elif kind in {"clock_started", "clock_resumed"}:
            due, *stopped = self.clocks.get(subject, ("", "", ""))
            self.clocks[subject] = (clear.get("due_at", due), *stopped)
        elif kind in {"clock_stopped", "clock_reopened"}:
            stopped_at = clear["stopped_at"] or ""
            self.clocks[subject] = (clear["due_at"], clear["outcome"], stopped_at)


def _ledger() -> Iterator[str]:
    """I8: state and round of each handoff; due instant, stop and outcome of each clock."""
    played = _Played()
    entries = LedgerEntry.objects.filter(subject_type__in=["handoff", "clock"]).order_by("seq")
    rows = entries.values_list("kind", "subject_id", "body").iterator(chunk_size=PAGE)
    for kind, subject, body in rows:
        played.take(kind, subject, json.loads(body)["clear"])
    for pk, *row in Handoff.objects.values_list("pk", "state", "round").iterator(PAGE):
        said = played.handoffs.get(pk)
        if said != tuple(row):
            yield f"handoff {pk}: {row}; the ledger says {said}"
    clocks = Clock.objects.values_list("pk", "due_at", "outcome", "stopped_at")
    for pk, due, outcome, stopped_at in clocks.iterator(PAGE):
        known = played.clocks.get(pk)
        if known is None or not _same(known, due, outcome, stopped_at):
            yield f"clock {pk}: due {due}, {outcome} at {stopped_at}; the ledger: {known}"


def _leads() -> Iterator[str]:
    """I8: each lead that arrived is there, unless the ledger says that its import was taken
    back. Who was erased is there as a row."""
    mine = OuterRef("subject_id")
    gone = LedgerEntry.objects.filter(
        kind="imported", subject_type="lead", subject_id=mine, body__contains=_GONE
    )
    arrived = LedgerEntry.objects.filter(kind="lead_arrived", subject_type="lead")
    there = Exists(Lead.objects.filter(pk=mine))
    vanished = arrived.filter(~there).exclude(Exists(gone)).order_by("seq")
    for pk in vanished.values_list("subject_id", flat=True).iterator(PAGE):
        yield f"lead {pk}: it arrived, and is gone without a word"


def _replayed() -> Iterator[str]:
    yield from _ledger()
    yield from _leads()


def _same(
    known: tuple[str, str, str], due: datetime, outcome: str, stopped_at: datetime | None
) -> bool:
    """Whether a clock is what the ledger says, compared as instants and not as texts."""
    stopped = datetime.fromisoformat(known[2]) if known[2] else None
    return datetime.fromisoformat(known[0]) == due and (known[1], stopped) == (
        outcome,
        stopped_at,
    )


def _instants() -> Iterator[str]:
    """I9: `due` is `add(start, target + what was paused)` on the pinned calendar, exactly."""
    groups: dict[tuple[int, str], list[tuple[int, int, int, int]]] = defaultdict(list)
    rows = Clock.objects.filter(paused_at=None).values_list(
        "pk", "version_id", "calendar", "started_at", "target", "paused", "due_at"
    )
    for pk, version, calendar, started, target, paused, due in rows.iterator(chunk_size=PAGE):
        row = (pk, microseconds(started), target + paused, microseconds(due))
        groups[version, calendar].append(row)
    versions = Version.objects.in_bulk({version for version, _ in groups})
    for (version, key), members in groups.items():
        pinned = versions[version].parsed.calendar(key)
        yield from _wrong(pinned, np.array(members, dtype=np.int64))


def _wrong(calendar: WorkingCalendar, rows: np.ndarray) -> Iterator[str]:
    again = workingtime.add_many(calendar, rows[:, 1], rows[:, 2])
    for pk in rows[again != rows[:, 3], 0]:
        yield f"clock {pk}: its due instant is not its start, target and pauses again"


_CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "I6": _texts,
    "I7": _chain,
    "I8": _replayed,
    "I9": _instants,
}
