"""Where a clock stops, and what that makes it: met or late, by its instants alone."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leads.actions.clocks.pausing import resume_step
from leads.actions.sweeping import outages, raising, timers
from leads.errors import AlertWasRaised
from leads.models import Alert, Clock, Handoff, Timer
from portal import ledger
from portal.bulk.prepared import Prepared

Outcome = Clock.Outcome
PARTED = (Outcome.RETURNED, Outcome.CANCELLED)


def stop(
    clocks: Iterable[Clock],
    *,
    at: datetime,
    outcome: str | None = None,
    evidence_at: datetime | None = None,
) -> list[Clock]:
    """Stop those of the clocks that still run, at `at`; return them. An inner step.

    Met when stopped by the due instant, which is on time, else late, or excused where the
    version lets an outage excuse it; `outcome` returned or cancelled is given instead to
    who was not late yet. A pause under way ends first. Steps
    that were due before are raised, whether or not a sweep has come by.

    Raises AlertWasRaised when a step due at `at` or later was raised meanwhile: the caller
    waited, and must read the time again. Not with `evidence_at`, which is when a trusted
    source told of `at`: such alerts stay and are marked.
    """
    return [_stop(clock, at, outcome, evidence_at) for clock in locked(clocks)]


def locked(clocks: Iterable[Clock]) -> list[Clock]:
    """The clocks that have not stopped, as they now are, locked in one order."""
    if isinstance(clocks, QuerySet):
        rows = clocks.filter(stopped_at=None)
    else:
        rows = Clock.objects.unstopped().filter(pk__in=[clock.pk for clock in clocks])
    return list(
        rows.order_by("pk")
        .select_related("lead", "version", "team", "handoff")
        .select_for_update(no_key=True, of=("self",))
    )


def _stop(
    clock: Clock,
    at: datetime,
    outcome: str | None,
    evidence_at: datetime | None = None,
) -> Clock:
    _refuse_if_alerted(clock, at, evidence_at)
    if clock.paused_at is not None:
        resume_step(clock, at=at, by=None)
    raising.raise_missed(clock, before=at, at=evidence_at or at)
    clock.stopped_at, clock.next_step_at = at, None
    clock.outcome = _outcome(clock, at, outcome)
    clock.save(
        update_fields=["stopped_at", "next_step", "next_step_at", "outcome", "attempts_made"]
    )
    kinds = (Timer.Kind.PAUSE_ENDS, Timer.Kind.SNOOZE_ENDS)
    timers.cancel_timers(at=at, clock=clock, kinds=kinds)
    _record(clock, evidence_at or at)
    return clock


def _outcome(clock: Clock, at: datetime, given: str | None) -> str:
    if at <= clock.due_at:
        return given if given in PARTED else Outcome.MET
    return Outcome.EXCUSED if outages.excuses(clock, at) else Outcome.LATE


def _refuse_if_alerted(clock: Clock, at: datetime, evidence_at: datetime | None) -> None:
    """An alert of a step at or after `at`: either `at` is old, or it is evidence that came
    later, and then the alert stays and says so."""
    if evidence_at is not None:
        _raised(clock.pk, at).update(met_by_evidence_at=evidence_at)
    elif _RAISED(clock.pk, at):
        raise AlertWasRaised(
            _("An alert was raised while this waited for its turn. Send it again.")
        )


def _raised(clock: int, at: datetime) -> "QuerySet[Alert, Alert]":
    return Alert.objects.filter(clock=clock, due_at__gte=at)


_RAISED = Prepared(
    lambda clock, at: _raised(clock, at).order_by().values_list("pk")[:1], int, datetime
)


def _record(clock: Clock, at: datetime) -> None:
    ledger.append(
        ledger.Kind.CLOCK_STOPPED,
        subject=("clock", clock.pk),
        lead=clock.lead_id,
        at=at,
        department=clock.department_id,
        team=clock.team.key,
        clear={
            "stopped_at": clock.stopped_at,
            "due_at": clock.due_at,
            "outcome": clock.outcome,
            "attempts": clock.attempts_made,
        },
    )


def attempted(
    handoff: Handoff, at: datetime, *, evidence_at: datetime | None = None
) -> list[Clock]:
    """An attempt was made at `at`: stop first_attempt, count cadence; return what stopped.

    A cadence stops with the attempt that completes it. An attempt before a clock began
    does not count for it. `evidence_at` is when a trusted source told of the attempt, if
    that was later: alerts raised meanwhile stay and are marked. An inner step.
    """
    stopped = []
    for clock in locked(handoff.clocks.filter(kind__in=["first_attempt", "cadence"])):
        if at < clock.started_at:
            continue
        clock.attempts_made += 1
        if clock.kind == "cadence" and clock.attempts_made < clock.attempts_needed:
            clock.save(update_fields=["attempts_made"])
        else:
            stopped.append(_stop(clock, at, None, evidence_at))
    return stopped
