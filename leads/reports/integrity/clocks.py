"""Questions about clocks: met at the last moment, accepted and left, paused just in time."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from leads.models import Clock, ClockPause
from leads.models.clock import ClockQuerySet
from leads.reports.durations import Span, taken
from leads.reports.figures import conditions
from leads.reports.integrity.scope import Scope

LAST = timedelta(minutes=2)
TENTH = 10  # a pause is just before due when less than this part of the target is left


def met_attempts(scope: Scope) -> ClockQuerySet:
    return Clock.objects.filter(
        kind="first_attempt", outcome=Clock.Outcome.MET, **scope.within("due_at")
    )


def last_minute(scope: Scope) -> ClockQuerySet:
    return met_attempts(scope).filter(stopped_at__gte=F("due_at") - LAST)


def accepted(scope: Scope) -> ClockQuerySet:
    """First attempts that were due, of handoffs that were accepted in time."""
    of = conditions(scope.at)
    taken_on = Clock.objects.filter(
        handoff=OuterRef("handoff"),
        round=OuterRef("round"),
        kind="accept",
        outcome=Clock.Outcome.MET,
    )
    due = Clock.objects.filter(of["met"] | of["late"], **scope.within("due_at"))
    return due.filter(Exists(taken_on), kind="first_attempt")


def accepted_and_left(scope: Scope) -> ClockQuerySet:
    return accepted(scope).filter(conditions(scope.at)["late"])


def pauses(scope: Scope) -> QuerySet[ClockPause]:
    return ClockPause.objects.filter(**scope.within("paused_at"))


def paused_just_before_due(scope: Scope) -> QuerySet[ClockPause]:
    """Pauses that began when less than a tenth of the target was left, in working time."""
    asked = set(pauses(scope).values_list("pk", flat=True))
    if not asked:
        return ClockPause.objects.none()
    clocks = pauses(scope).values("clock")
    rows = list(
        ClockPause.objects.filter(clock__in=clocks)
        .select_related("clock")
        .order_by("paused_at", "pk")
    )
    spans = [_of(row.clock, row.clock.started_at, row.paused_at) for row in rows]
    spans += [_of(row.clock, row.paused_at, row.resumed_at or row.paused_at) for row in rows]
    lengths = taken(spans)
    ran, stood = lengths[: len(rows)], lengths[len(rows) :]
    earlier: dict[int, float] = defaultdict(float)
    found = []
    for row, until, still in zip(rows, ran, stood, strict=True):
        target = row.clock.target / 1_000_000
        left = target - (until - earlier[row.clock_id])
        earlier[row.clock_id] += still
        if row.pk in asked and left * TENTH < target:
            found.append(row.pk)
    return pauses(scope).filter(pk__in=found)


def _of(clock: Clock, start: datetime, stop: datetime) -> Span:
    return Span(clock.version_id, clock.calendar, start, stop)
