"""What can be said of a clock at an instant; nothing here writes."""

from datetime import datetime

from leads.models import Clock
from sla.core import ladder
from sla.core.ladder import Account
from sla.core.workingtime import WorkingCalendar


def calendar_of(clock: Clock) -> WorkingCalendar:
    """The calendar that was pinned when the clock started."""
    return clock.version.parsed.calendar(clock.calendar)


def account(clock: Clock, calendar: WorkingCalendar, at: datetime) -> Account:
    """Where the time of the clock went until it stopped, or until `at`.

    Running + paused + closed is exactly the wall time.
    """
    until = clock.stopped_at or at
    pauses = [(p.paused_at, p.resumed_at or until) for p in clock.pauses.all()]
    return ladder.account(calendar, clock.started_at, until, pauses)
