"""Leads in nurture: who comes back on which day, and who is back and waits for a look."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from leads.core.handoff import OPEN
from leads.models import Assignment, Handoff, Timer, Touch

Timers = QuerySet[Timer, Timer]


def to_come(at: datetime) -> Timers:
    """The days on which leads come back, soonest first; one of each lead."""
    return _timers().filter(done_at=None).order_by("at", "pk")


def back(at: datetime) -> Timers:
    """The leads whose day has come and with which nobody has done anything since: those of
    today first, for who comes each morning looks for them."""
    later = Timer.objects.filter(
        lead=OuterRef("lead"), kind=Timer.Kind.RECYCLE, cancelled_at=None, pk__gt=OuterRef("pk")
    )
    newer = Q(offered_at__gte=OuterRef("at")) | Q(state__in=OPEN)
    offered = Handoff.objects.filter(newer, lead=OuterRef("lead"))
    touched = Touch.objects.filter(
        lead=OuterRef("lead"), undone_at=None, recorded_at__gte=OuterRef("at")
    ).exclude(by=None)
    done = _timers().filter(done_at__lte=at)
    found = done.exclude(Exists(later)).exclude(Exists(offered)).exclude(Exists(touched))
    return found.order_by("-at", "-pk")


def of_member(timers: Timers, user_id: int) -> Timers:
    """Those of leads in which this person has a seat."""
    seat = Assignment.objects.filter(lead=OuterRef("lead"), member=user_id, until=None)
    return timers.filter(Exists(seat))


def _timers() -> Timers:
    rows = Timer.objects.filter(kind=Timer.Kind.RECYCLE, cancelled_at=None)
    rows = rows.filter(lead__closed_at=None, lead__merged_into=None)
    return rows.select_related("lead__company", "handoff__version").annotate(
        why=F("handoff__outcome_reason")
    )
