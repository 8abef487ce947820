"""The figures of the Olist leads by a few lines of plain Python: nothing here knows the portal.

A lead is promised an answer within 20 working days, 9 to 18 in São Paulo, counted from the
start of the day of first contact. Source of the dates: the two CSV files themselves.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
LEADS = "olist_marketing_qualified_leads_dataset.csv"
DEALS = "olist_closed_deals_dataset.csv"
HOLIDAYS = [
    "2017-06-15", "2017-09-07", "2017-10-12", "2017-11-02", "2017-11-15", "2017-12-25",
    "2018-01-01", "2018-02-12", "2018-02-13", "2018-03-30", "2018-05-01", "2018-05-31",
    "2018-09-07", "2018-10-12", "2018-11-02", "2018-11-15",
]  # fmt: skip
WORKING_DAYS = 20


def local_midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SAO_PAULO).astimezone(UTC)


def is_worked(day: date) -> bool:
    return day.weekday() < 5 and day.isoformat() not in HOLIDAYS


@cache
def due(first_contact: date, days: int = WORKING_DAYS) -> datetime:
    """The close of the last of so many working days, the day of first contact included."""
    day, worked = first_contact, 0
    while True:
        worked += is_worked(day)
        if worked == days:
            return datetime.combine(day, time(18), SAO_PAULO).astimezone(UTC)
        day += timedelta(days=1)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="") as file:
        return list(csv.DictReader(file))


def wins(folder: Path) -> dict[str, datetime]:
    """When each lead was won; not the one that was won before anybody had met it."""
    first = {row["mql_id"]: row["first_contact_date"] for row in rows(folder, LEADS)}
    won = {
        row["mql_id"]: datetime.fromisoformat(row["won_date"]).replace(tzinfo=UTC)
        for row in rows(folder, DEALS)
    }
    return {
        lead: at
        for lead, at in won.items()
        if at >= local_midnight(date.fromisoformat(first[lead]))
    }


@dataclass(frozen=True)
class Met:
    """A lead by the day it was met: where it came from, and when it was won, if by then."""

    day: date
    origin: str
    won: datetime | None

    def state(self, at: datetime, days: int = WORKING_DAYS) -> str:
        """ "late", "in time" or "open" at `at`, had so many working days been promised."""
        if due(self.day, days) < (self.won or at):
            return "late"
        return "in time" if self.won else "open"


def met(folder: Path, at: datetime) -> Iterator[Met]:
    """Everybody who was met before `at`, as it was known then."""
    won = wins(folder)
    for row in rows(folder, LEADS):
        day = date.fromisoformat(row["first_contact_date"])
        if local_midnight(day) < at:
            answered = won.get(row["mql_id"])
            yield Met(day, row["origin"], answered if answered and answered < at else None)


def figures(folder: Path, at: datetime) -> Counter[tuple[str, str]]:
    """(origin, "late", "in time" or "open") -> leads, as they stood at `at`."""
    return Counter((one.origin, one.state(at)) for one in met(folder, at))


def quarter(folder: Path, first: date, at: datetime, origin: str = "") -> Counter[str]:
    """How the promises ended that fell due in the quarter that begins with `first`; of the
    late ones those that were "never" answered are told again."""
    start, end = local_midnight(first), local_midnight(after(first))
    counted = Counter[str]()
    for one in met(folder, at):
        if start <= due(one.day) < end and origin in ("", one.origin):
            counted[one.state(at)] += 1
            counted["never"] += one.state(at) == "late" and one.won is None
    return counted


def after(first: date) -> date:
    """The first day of the next quarter."""
    month = first.month + 3
    return date(first.year + (month > 12), month - 12 if month > 12 else month, 1)


def took(folder: Path, first: date, at: datetime) -> list[float]:
    """The working seconds up to each answer of those promises, shortest first."""
    start, end = local_midnight(first), local_midnight(after(first))
    there = [one for one in met(folder, at) if one.won and start <= due(one.day) < end]
    return sorted(worked(one.day, one.won) for one in there if one.won)


def worked(first_contact: date, until: datetime) -> float:
    """Seconds between 9 and 18 in São Paulo from the day of first contact up to `until`."""
    seconds, day, last = 0.0, first_contact, until.astimezone(SAO_PAULO)
    while day <= last.date():
        opens = datetime.combine(day, time(9), SAO_PAULO)
        ends = min(last, datetime.combine(day, time(18), SAO_PAULO))
        if is_worked(day) and ends > opens:
            seconds += (ends - opens).total_seconds()
        day += timedelta(days=1)
    return seconds


def months(folder: Path, at: datetime) -> Counter[date]:
    """How many were met in each month, by its first day."""
    return Counter(one.day.replace(day=1) for one in met(folder, at))


def under(folder: Path, days: int, at: datetime) -> dict[str, Counter[str]]:
    """Had so many working days been promised: "late", "judged", and beside the promise that
    was signed "newly" and "spared"; of "all", and by the weekday of first contact."""
    found: dict[str, Counter[str]] = {}
    for one in met(folder, at):
        state, was = one.state(at, days), one.state(at)
        for group in ("all", str(one.day.weekday())):
            counted = found.setdefault(group, Counter())
            counted["late"] += state == "late"
            counted["judged"] += state != "open"
            counted["newly"] += state == "late" and was != "late"
            counted["spared"] += state != "late" and was == "late"
    return found
