"""Five hundred contacts as HubSpot exports them: with duplicates, customers and damage."""

import csv
from datetime import datetime, timedelta
from io import StringIO

HEADER = (
    "Record ID", "First Name", "Last Name", "Email", "Phone Number", "Job Title",
    "Company Name", "Number of Employees", "Contact owner", "Lifecycle Stage", "Create Date",
    "Original Source", "Country/Region", "HubSpot Score", "Close Date",
)  # fmt: skip
DUPLICATES, CUSTOMERS, BROKEN, READY = 12, 9, 7, 8
ROWS = 500
PLAIN = ROWS - DUPLICATES - CUSTOMERS - BROKEN
FIRST = ("Ada", "Ben", "Chloé", "Dmitri", "Eva", "Farid", "Grete", "Hugo", "Ines", "José")
LAST = ("Abel", "Brandt", "Çelik", "Dubois", "Eriksen", "Fischer", "García", "Hahn", "Ito")
READY_STAGE = "Marketing Qualified Lead"
FAULTS = (
    ("Create Date", "yesterday"), ("HubSpot Score", "many"), ("Lifecycle Stage", "Zombie"),
    ("Number of Employees", "a few"), ("Close Date", "soon"), ("Create Date", "2199-01-01"),
)  # fmt: skip


def contacts(now: datetime) -> bytes:
    """The file, as exported at `now`. READY of the plain ones meet the template's criteria
    of an offer; the newest contacts are the first."""
    plain = [_plain(number, now) for number in range(PLAIN)]
    # The same people once more, under another record: HubSpot never merged them.
    twice = [
        one | {"Record ID": str(90_000 + place), "Email": one["Email"].upper()}
        for place, one in enumerate(plain[20 : 20 + DUPLICATES])
    ]
    bought = [_customer(number, now) for number in range(CUSTOMERS)]
    spoilt = [
        _plain(ROWS + place, now) | {column: value}
        for place, (column, value) in enumerate(FAULTS)
    ]
    out = StringIO(newline="")
    writer = csv.DictWriter(out, HEADER)
    writer.writeheader()
    writer.writerows([*plain, *twice, *bought, *spoilt])
    out.write("70001,Too,Short\r\n")  # the seventh: torn in the middle
    return out.getvalue().encode("utf-8-sig")


def _plain(number: int, now: datetime) -> dict[str, str]:
    first, last = FIRST[number % len(FIRST)], LAST[number % len(LAST)]
    ready = number < READY
    return dict.fromkeys(HEADER, "") | {
        "Record ID": str(10_000 + number),
        "First Name": first,
        "Last Name": last,
        "Email": f"contact{number}@company{number // 2}.example",
        "Job Title": "Buyer",
        "Company Name": f"Company {number // 2}",
        "Number of Employees": "250" if ready else "12",
        "Lifecycle Stage": READY_STAGE if ready else "Lead",
        "Create Date": f"{now - timedelta(hours=4 * number + 1):%Y-%m-%d %H:%M}",
        "Original Source": "Organic Search" if number % 3 else "Direct Traffic",
        "Country/Region": "Germany",
        "HubSpot Score": "80" if ready else str(number % 50),
    }


def _customer(number: int, now: datetime) -> dict[str, str]:
    made = _plain(2 * ROWS + 2 * number, now)
    return made | {
        "Lifecycle Stage": "Customer",
        "Create Date": f"{now - timedelta(days=300):%Y-%m-%d %H:%M}",
        "Close Date": f"{now - timedelta(days=100):%Y-%m-%d %H:%M}",
    }
