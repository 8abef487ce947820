"""Alerts as they are raised: row, deliveries and ledger entry, in the caller's transaction.

The clocks are locked by the caller. Which steps are raised follows from the clocks alone,
never from when somebody looked.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import translation

from leads.actions.alerting.promised import Promised
from leads.actions.alerting.recipients import Roster
from leads.actions.alerting.wording import Wording
from leads.core import rungs
from leads.core.rungs import Rung
from leads.models import Alert, Clock
from portal import bulk, ledger, telemetry
from portal.accounts.models import User
from portal.notifications import outbox
from portal.notifications.models import Delivery
from portal.notifications.outbox import Notice
from portal.reader import language

FOUND_LATE = timedelta(minutes=5)
COLUMNS = ("clock_id", "step", "level", "due_at", "raised_at", "found_late")
CATCH_UP = Delivery.Digest.CATCH_UP.value


@dataclass(frozen=True, slots=True)
class Reached:
    """A step whose instant has come."""

    clock: Promised
    step: Rung

    def is_late(self, at: datetime) -> bool:
        """Whether that was noticed only long after."""
        return at - self.step.at > FOUND_LATE


def reached(clock: Promised, until: datetime) -> list[Reached]:
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


def step_at(clock: Promised, position: int) -> datetime | None:
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
        roster = Roster(clocks, steps, at)
        wording = Wording(clocks, roster.people)
        told = [roster.told(one.clock, one.step) for _, one in fresh]
        notices = [
            notice
            for (alert, one), people in zip(fresh, told, strict=True)
            for notice in told_of(alert, one, people, wording, at, together=together)
        ]
        for alert, one in fresh:
            cause = ("clock", one.clock.pk)
            telemetry.wrote("alert", ("alert", alert), cause=cause, level=one.step.level)
        outbox.tell_all(notices, at=at, first=True)
        for (alert, one), people in zip(fresh, told, strict=True):
            record(alert, one, people, at)
    return len(fresh)


def _insert(due: Sequence[Reached], at: datetime) -> list[tuple[int, Reached]]:
    """The alerts that were not there yet, by their numbers. The clocks are locked, so
    nobody adds others."""
    wanted = {(one.clock.pk, one.step.key): one for one in due}
    rows = [
        (one.clock.pk, one.step.key, one.step.level, one.step.at, at, one.is_late(at))
        for one in wanted.values()
    ]
    made = bulk.insert(Alert, COLUMNS, rows, returning=("clock_id", "step", "id"))
    ids = {(clock_id, step): pk for clock_id, step, pk in made}
    return [(ids[key], one) for key, one in wanted.items() if key in ids]


def told_of(
    alert: int,
    one: Reached,
    told: dict[User, str],
    wording: Wording,
    at: datetime,
    *,
    together: bool = False,
) -> Iterable[Notice]:
    """One notice of an alert for all who read the same: the same zone and language,
    gathered alike."""
    late = one.is_late(at)
    readers: dict[tuple[str, str, str], list[User]] = defaultdict(list)
    for person, digest in told.items():
        gathered = CATCH_UP if late or together else digest
        readers[person.zone, language.of(person), gathered].append(person)
    for (zone, spoken, digest), people in readers.items():
        with translation.override(spoken):
            title, text = wording.of(one.clock, one.step, zone, found_late=late)
        yield Notice(
            about=f"alert:{alert}",
            to=tuple(people),
            channels=one.step.channels,
            title=title,
            text=text,
            link=wording.link(one.clock),
            level="risk" if one.step.level == "before" else "late",
            digest=digest,
            owner_id=one.clock.owner_id,
        )


def record(alert: int, one: Reached, told: Iterable[User], at: datetime) -> None:
    """An alert's entry in the ledger."""
    step = one.step
    ledger.append(
        ledger.Kind.ALERT_RAISED,
        subject=("alert", alert),
        lead=one.clock.lead_id,
        at=at,
        department=one.clock.department_id,
        clear={
            "clock": one.clock.pk,
            "step": step.key,
            "level": step.level,
            "due_at": step.at,
            "found_late": one.is_late(at),
            "told": sorted(person.pk for person in told),
            "channels": list(step.channels),
        },
    )
