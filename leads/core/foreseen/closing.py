"""When a team stops working: today, and before the weekend."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla.core.calendar import WorkingCalendar
from sla.core.workingtime import next_open, openings

DAY = timedelta(days=1)


def closing(calendar: WorkingCalendar, at: datetime) -> datetime:
    """When the working day ends that is under way at `at`, or comes next.

    Raises ValueError if the calendar does not open any more.
    """
    midnight = _midnight(calendar, next_open(calendar, at))
    return _last(calendar, midnight, midnight + DAY)


def week_end(calendar: WorkingCalendar, at: datetime) -> datetime:
    """When the last working day ends of the week, from Monday, that is worked at `at` or next.

    Raises ValueError if the calendar does not open any more.
    """
    midnight = _midnight(calendar, next_open(calendar, at))
    monday = midnight - timedelta(days=midnight.weekday())
    return _last(calendar, midnight, monday + 7 * DAY)


def _midnight(calendar: WorkingCalendar, at: datetime) -> datetime:
    zone = ZoneInfo(calendar.zone)
    return datetime.combine(at.astimezone(zone).date(), time.min, zone)


def _last(calendar: WorkingCalendar, start: datetime, end: datetime) -> datetime:
    return max(closes for _opens, closes in openings(calendar, start, end))
