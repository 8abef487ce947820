"""Whether an outage of the portal excuses a breach, where an agreement says that it may."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sla.core.workingtime import WorkingCalendar, between

Interval = tuple[datetime, datetime]


def fallen_into(
    due: datetime, stopped: datetime, outages: Sequence[Interval]
) -> list[Interval]:
    """The outages that the time from `due` to `stopped` overlaps."""
    return [(began, ended) for began, ended in outages if began < stopped and due < ended]


def excuses(
    calendar: WorkingCalendar,
    started: datetime,
    due: datetime,
    stopped: datetime,
    outages: Sequence[Interval],
) -> bool:
    """Whether a breach falls into an outage and is no longer than what outages took.

    An outage excuses as much working time as it took of the clock, never more: who comes
    back days after the portal did is late. Outages do not overlap each other.
    """
    if not fallen_into(due, stopped, outages):
        return False
    lost = timedelta(0)
    for began, ended in outages:
        begins, ends = max(began, started), min(ended, stopped)
        if begins < ends:
            lost += between(calendar, begins, ends)
    return between(calendar, due, stopped) <= lost
