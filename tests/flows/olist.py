"""The figures of the Olist leads by a few lines of plain Python: nothing here knows the portal.

A lead is promised an answer within 20 working days, 9 to 18 in São Paulo, counted from the
start of the day of first contact. Source of the dates: the two CSV files themselves.
"""

import csv
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
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


def due(first_contact: date) -> datetime:
    """The close of the twentieth working day, the day of first contact included."""
    day, worked = first_contact, 0
    while True:
        worked += day.weekday() < 5 and day.isoformat() not in HOLIDAYS
        if worked == WORKING_DAYS:
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


def figures(folder: Path, at: datetime) -> Counter[tuple[str, str]]:
    """(origin, "late", "in time" or "open") -> leads, as they stood at `at`."""
    won, counted = wins(folder), Counter[tuple[str, str]]()
    for row in rows(folder, LEADS):
        contact = date.fromisoformat(row["first_contact_date"])
        if local_midnight(contact) >= at:
            continue
        answered = won.get(row["mql_id"])
        answered = answered if answered and answered < at else None
        late = due(contact) < (answered or at)
        state = "late" if late else "in time" if answered else "open"
        counted[row["origin"], state] += 1
    return counted
