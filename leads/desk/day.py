"""A person's own day: today's open hours, and when it ends."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.accounts.models import User
from sla.core import workingtime
from sla.core.workingtime import WorkingCalendar
from sla.models import Version

Span = tuple[datetime, datetime]


def calendar_of(user: User, version: Version | None) -> WorkingCalendar | None:
    """The person's own hours, else their team's calendar under the terms in force."""
    if user.hours:
        own = {"name": user.name, "zone": user.zone, "weekly": user.hours, "day": "PT8H"}
        return WorkingCalendar.from_json(own)
    if version is None or user.team is None:
        return None
    calendars = version.parsed.calendars
    if user.team.calendar in calendars:
        return version.parsed.calendar(user.team.calendar)
    return version.parsed.calendar(next(iter(calendars))) if calendars else None


def today(calendar: WorkingCalendar, zone: ZoneInfo, at: datetime) -> list[Span]:
    """The open hours of the reader's day around `at`, in their zone."""
    local = at.astimezone(zone)
    midnight = datetime.combine(local.date(), time.min, zone)
    next_day = datetime.combine(local.date() + timedelta(days=1), time.min, zone)
    return [
        (opens.astimezone(zone), closes.astimezone(zone))
        for opens, closes in workingtime.openings(calendar, midnight, next_day)
    ]
