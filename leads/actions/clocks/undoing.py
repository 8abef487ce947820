"""Clocks after an undo: the same ones, running on to the instants they had before."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from leads.actions.clocks.stopping import locked
from leads.actions.sweeping import raising, timers
from leads.models import Clock, ClockPause, Handoff, Timer
from portal import ledger
from portal.bulk.prepared import Prepared

Outcome = Clock.Outcome
KEPT = ("outcome", "attempts_made", "paused", "steps")
INSTANTS = ("stopped_at", "due_at", "warn_at", "paused_at", "owner_since")


def snapshot(handoff: Handoff) -> list[dict[str, Any]]:
    """How the handoff's clocks stand, in JSON, to be kept with a move that can be undone."""
    return [_written(row) for row in _STANDING(handoff.pk)]


def _standing(handoff_id: int) -> Any:
    rows = Clock.objects.filter(handoff=handoff_id).exclude(outcome=Outcome.CANCELLED)
    return rows.order_by("pk").values("id", "owner_id", *KEPT, *INSTANTS)


_STANDING = Prepared(_standing, int)


def _written(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "owner": row["owner_id"],
        **{name: row[name] for name in KEPT},
        **{name: row[name] and row[name].isoformat() for name in INSTANTS},
    }


def reopen(kept: Sequence[Mapping[str, Any]], *, handoff: Handoff, at: datetime) -> None:
    """Let the handoff's clocks be as in a snapshot; those started since are cancelled.

    Alerts raised meanwhile stay, and are not raised again. An inner step.
    """
    before = {row["id"]: row for row in kept}
    for clock in locked(handoff.clocks.exclude(pk__in=before)):
        _cancel(clock, at)
    rows = Clock.objects.filter(pk__in=before).select_related("lead", "team").order_by("pk")
    for clock in rows.select_for_update(no_key=True, of=("self",)):
        if _written(vars(clock)) != before[clock.pk]:
            _restore(clock, before[clock.pk], at)


def _cancel(clock: Clock, at: datetime) -> None:
    """It should never have started, so it is not late either."""
    clock.stopped_at, clock.outcome = at, Outcome.CANCELLED
    clock.next_step_at, clock.paused_at = None, None
    clock.save(update_fields=["stopped_at", "outcome", "next_step_at", "paused_at"])
    timers.cancel_timers(at=at, clock=clock)
    _record(ledger.Kind.CLOCK_STOPPED, clock, at)


def _restore(clock: Clock, kept: Mapping[str, Any], at: datetime) -> None:
    for name in KEPT:
        setattr(clock, name, kept[name])
    for name in INSTANTS:
        setattr(clock, name, kept[name] and datetime.fromisoformat(kept[name]))
    clock.owner_id = kept["owner"]
    raising.advance(clock, 0)
    if clock.stopped_at is not None or clock.paused_at is not None:
        clock.next_step_at = None
    clock.save()
    if clock.paused_at is not None:
        _pause_again(clock)
    _record(ledger.Kind.CLOCK_REOPENED, clock, at)


def _pause_again(clock: Clock) -> None:
    under_way = ClockPause.objects.filter(clock=clock).latest("paused_at")
    under_way.resumed_at = None
    under_way.save(update_fields=["resumed_at"])
    timers.set_timer(Timer.Kind.PAUSE_ENDS, at=under_way.ends_by, lead=clock.lead, clock=clock)


def _record(kind: str, clock: Clock, at: datetime) -> None:
    ledger.append(
        kind,
        subject=("clock", clock.pk),
        lead=clock.lead_id,
        at=at,
        department=clock.department_id,
        team=clock.team.key,
        clear={
            "stopped_at": clock.stopped_at,
            "paused_at": clock.paused_at,
            "outcome": clock.outcome,
            "due_at": clock.due_at,
            "owner": clock.owner_id,
            "steps": {step["key"]: step["at"] for step in clock.steps},
        },
    )
