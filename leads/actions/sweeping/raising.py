"""Alerts as they are raised: row, deliveries and ledger entry, in the caller's transaction.

The clocks are locked by the caller. Which steps are raised follows from the clocks alone,
never from when somebody looked.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from leads.actions.alerting.recipients import Roster
from leads.actions.alerting.wording import Wording
from leads.core import rungs
from leads.core.rungs import Rung
from leads.models import Alert, Clock
from portal import bulk, ledger
from portal.accounts.models import User
from portal.notifications import outbox
from portal.notifications.models import Delivery
from portal.notifications.outbox import Notice

FOUND_LATE = timedelta(minutes=5)
COLUMNS = ("clock_id", "step", "level", "due_at", "raised_at", "found_late")
CATCH_UP = Delivery.Digest.CATCH_UP.value


@dataclass(frozen=True, slots=True)
class Reached:
    """A step whose instant has come."""

    clock: Clock
    step: Rung


def reached(clock: Clock, until: datetime) -> list[Reached]:
    """The steps not raised yet that are due up to and including `until`, in order.

    Raises LookupError, TypeError or ValueError if the row's ladder cannot be read.
    """
    due = []
    for data in clock.steps[clock.next_step :]:
        if rungs.instant(data) > until:
            break
        due.append(Reached(clock, Rung.from_json(data)))
    return due


def advance(clock: Clock, steps: int) -> None:
    """Let the row name the step after those raised; it is not saved."""
    clock.next_step += steps
    clock.next_step_at = step_at(clock, clock.next_step)


def step_at(clock: Clock, position: int) -> datetime | None:
    """When the step at a position is due; None after the last."""
    return rungs.instant(clock.steps[position]) if position < len(clock.steps) else None


def raise_missed(clock: Clock, *, before: datetime, at: datetime) -> None:
    """Raise what a locked clock reached before an instant and no sweep has raised yet."""
    due = [one for one in reached(clock, before) if one.step.at < before]
    if due:
        raise_steps(due, at=at)
        advance(clock, len(due))


def raise_steps(due: Sequence[Reached], *, at: datetime, together: bool = False) -> int:
    """Write alerts with their deliveries and ledger entries; return how many were new.

    One that is there already stays as it is. Those found more than five minutes late say
    so, and are told together, one message for each person and channel; so is all of it
    where `together` says so.
    """
    fresh = _insert(due, at)
    if fresh:
        clocks, steps = [one.clock for _, one in fresh], [one.step for _, one in fresh]
        roster, wording = Roster(clocks, steps, at), Wording(clocks)
        told = [roster.told(one.clock, one.step) for _, one in fresh]
        notices = [
            notice
            for (alert, one), people in zip(fresh, told, strict=True)
            for notice in _told_of(alert, one, people, wording, together=together)
        ]
        outbox.tell_all(notices, at=at)
        for (alert, one), people in zip(fresh, told, strict=True):
            _record(alert, one, people)
    return len(fresh)


def _insert(due: Sequence[Reached], at: datetime) -> list[tuple[Alert, Reached]]:
    """The alerts that were not there yet. The clocks are locked, so nobody adds others."""
    wanted = {(one.clock.pk, one.step.key): one for one in due}
    rows = [
        (one.clock.pk, one.step.key, one.step.level, one.step.at, at, _is_late(one, at))
        for one in wanted.values()
    ]
    made = bulk.insert(Alert, COLUMNS, rows, returning=("clock_id", "step", "id"))
    ids = {(clock_id, step): pk for clock_id, step, pk in made}
    return [(_alert(one, at, ids[key]), one) for key, one in wanted.items() if key in ids]


def _alert(one: Reached, at: datetime, pk: int) -> Alert:
    return Alert(
        pk=pk,
        clock=one.clock,
        step=one.step.key,
        level=one.step.level,
        due_at=one.step.at,
        raised_at=at,
        found_late=_is_late(one, at),
    )


def _is_late(one: Reached, at: datetime) -> bool:
    return at - one.step.at > FOUND_LATE


def _told_of(
    alert: Alert,
    one: Reached,
    told: dict[User, str],
    wording: Wording,
    *,
    together: bool = False,
) -> Iterable[Notice]:
    """One notice for all who read the same: the same zone, gathered alike."""
    readers: dict[tuple[str, str], list[User]] = defaultdict(list)
    for person, digest in told.items():
        gathered = CATCH_UP if alert.found_late or together else digest
        readers[person.zone, gathered].append(person)
    for (zone, digest), people in readers.items():
        title, text = wording.of(one.clock, one.step, zone, found_late=alert.found_late)
        yield Notice(
            about=f"alert:{alert.pk}",
            to=tuple(people),
            channels=one.step.channels,
            title=title,
            text=text,
            link=wording.link(one.clock),
            level="risk" if one.step.level == "before" else "late",
            digest=digest,
            owner_id=one.clock.owner_id,
        )


def _record(alert: Alert, one: Reached, told: Iterable[User]) -> None:
    ledger.append(
        ledger.Kind.ALERT_RAISED,
        subject=("alert", alert.pk),
        lead=one.clock.lead_id,
        at=alert.raised_at,
        department=one.clock.department_id,
        clear={
            "clock": alert.clock_id,
            "step": alert.step,
            "level": alert.level,
            "due_at": alert.due_at,
            "found_late": alert.found_late,
            "told": sorted(person.pk for person in told),
            "channels": list(one.step.channels),
        },
    )
