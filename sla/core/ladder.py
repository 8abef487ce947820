"""When each step of an escalation ladder is due, with pauses, and where the time went.

All amounts are working time on the clock's calendar. Nothing here reads a clock: the
instants of a ladder follow from when it started, its target and its pauses alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sla.core import durations
from sla.core.durations import Duration
from sla.core.terms.parts import Channel, LadderStep, Often, Person, Role
from sla.core.workingtime import WorkingCalendar, add, between

Pauses = Sequence[tuple[datetime, datetime]]
"""Half-open intervals [from, to) in which a clock stood still; they may overlap."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of one clock: at which instant (UTC) whom to tell, and through what."""

    key: str
    at: datetime
    whom: tuple[Role | Person, ...]
    channels: tuple[Channel, ...]
    digest: Mapping[Role, Often]


@dataclass(frozen=True, slots=True)
class Account:
    """Where the time of a clock went: `running + paused + closed` is `wall`, exactly."""

    running: timedelta
    paused: timedelta
    closed: timedelta
    wall: timedelta


def due(
    calendar: WorkingCalendar,
    started: datetime,
    target: Duration | timedelta,
    pauses: Pauses = (),
) -> datetime:
    """Return the instant (UTC) at which `target` of working time has run since `started`.

    The earliest such instant: a target that runs out exactly at closing time is due then,
    and one that runs out as a pause begins is due then. Pauses before `started` or after
    the due instant change nothing.

    Raises ValueError if the calendar does not open for so long before the year 2200, an
    instant is naive, or `target` is not more than nothing.
    """
    return _reached(calendar, started, _working(target, calendar), _merged(pauses, started))


def instants(
    ladder: Iterable[LadderStep],
    calendar: WorkingCalendar,
    started: datetime,
    target: Duration | timedelta,
    pauses: Pauses = (),
) -> list[Step]:
    """Return the steps of a ladder with their instants, in the order of the ladder.

    A step at n percent is due when n hundredths of the target have run (rounded down to a
    microsecond); a step after is due that much working time after the whole target.
    Raises ValueError as `due` does.
    """
    whole, stood = _working(target, calendar), _merged(pauses, started)
    return [
        Step(
            key=step.key,
            at=_reached(calendar, started, _amount(step, whole, calendar), stood),
            whom=step.telling.whom,
            channels=step.telling.channels,
            digest=step.telling.digest,
        )
        for step in ladder
    ]


def resume(
    steps: Iterable[Step],
    calendar: WorkingCalendar,
    paused_from: datetime,
    paused_to: datetime,
) -> list[Step]:
    """Return the steps after a pause: those not reached when it began move past it.

    Each keeps the working time that was left when the pause began, so the result is what
    `instants` gives with this pause added. Raises ValueError if the pause ends before it
    begins.
    """
    if paused_to < paused_from:
        raise ValueError("a pause ends before it begins")
    return [
        replace(step, at=resumed(step.at, calendar, paused_from, paused_to)) for step in steps
    ]


def resumed(
    at: datetime, calendar: WorkingCalendar, paused_from: datetime, paused_to: datetime
) -> datetime:
    """Return where one instant of a clock lies after a pause; itself if already reached."""
    if at <= paused_from:
        return at
    return add(calendar, paused_to, between(calendar, paused_from, at))


def pause_ends(calendar: WorkingCalendar, paused_from: datetime, cap: Duration) -> datetime:
    """Return the instant at which a pause has used its cap of working time."""
    return add(calendar, paused_from, durations.working(cap, calendar))


def account(
    calendar: WorkingCalendar, started: datetime, until: datetime, pauses: Pauses = ()
) -> Account:
    """Return where the time from `started` to `until` went.

    Running and paused are open time; closed is the rest, paused or not. All four are zero
    if `until` is not after `started`.
    """
    if until <= started:
        nothing = timedelta(0)
        return Account(nothing, nothing, nothing, nothing)
    paused = timedelta(0)
    for begins, ends in _merged(pauses, started):
        if begins < until:
            paused += between(calendar, begins, min(ends, until))
    opened, wall = between(calendar, started, until), until - started
    return Account(opened - paused, paused, wall - opened, wall)


def _working(target: Duration | timedelta, calendar: WorkingCalendar) -> timedelta:
    amount = target if isinstance(target, timedelta) else durations.working(target, calendar)
    if amount <= timedelta(0):
        raise ValueError("a target must be more than nothing")
    return amount


def _amount(step: LadderStep, whole: timedelta, calendar: WorkingCalendar) -> timedelta:
    """The working time at which a step is due: never nothing, so never before the start."""
    if step.after is not None:
        return whole + durations.working(step.after, calendar)
    return max(whole * (step.percent or 100) // 100, timedelta.resolution)


def _merged(pauses: Pauses, started: datetime) -> list[tuple[datetime, datetime]]:
    """The pauses after `started`, in order, none overlapping or empty."""
    merged: list[tuple[datetime, datetime]] = []
    for begins, ends in sorted(pauses):
        begins = max(begins, merged[-1][1] if merged else started)
        if begins < ends:
            merged.append((begins, ends))
    return merged


def _reached(
    calendar: WorkingCalendar,
    started: datetime,
    amount: timedelta,
    pauses: Iterable[tuple[datetime, datetime]],
) -> datetime:
    """The earliest instant with `amount` > 0 of open time since `started` outside pauses."""
    left, since = amount, started
    for begins, ends in pauses:
        ran = between(calendar, since, begins)
        if ran >= left:
            break
        left, since = left - ran, ends
    return add(calendar, since, left)
