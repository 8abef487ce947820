"""A person's own day: today's open hours, and when it ends."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.accounts.models import User
from sla.core import workingtime
from sla.core.terms import Terms
from sla.core.workingtime import WorkingCalendar

Span = tuple[datetime, datetime]


def calendar_of(user: User, terms: Terms | None) -> WorkingCalendar | None:
    """The person's own hours, else their team's calendar under the terms in force."""
    if user.hours:
        own = {"name": user.name, "zone": user.zone, "weekly": user.hours, "day": "PT8H"}
        return WorkingCalendar.from_json(own)
    if terms is None or user.team is None:
        return None
    return team_calendar(user.team.calendar, terms)


def team_calendar(key: str, terms: Terms) -> WorkingCalendar | None:
    """The calendar that a team names, else the first that the terms define."""
    if key in terms.calendars:
        return terms.calendar(key)
    return terms.calendar(next(iter(terms.calendars))) if terms.calendars else None


def today(calendar: WorkingCalendar, zone: ZoneInfo, at: datetime) -> list[Span]:
    """The open hours of the reader's day around `at`, in their zone."""
    local = at.astimezone(zone)
    midnight = datetime.combine(local.date(), time.min, zone)
    next_day = datetime.combine(local.date() + timedelta(days=1), time.min, zone)
    return [
        (opens.astimezone(zone), closes.astimezone(zone))
        for opens, closes in workingtime.openings(calendar, midnight, next_day)
    ]
