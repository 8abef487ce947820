"""Files of leads as a CRM writes them: nine columns and an id, four people of each company."""

import csv
from collections.abc import Iterator
from pathlib import Path

HEADER = (
    "Id", "Email", "Name", "Company", "Status", "Owner", "Score", "Source", "Created", "Due",
)  # fmt: skip
BARE = {
    "Email": "email", "Name": "name", "Company": "company_name", "Status": "attributes.status",
    "Owner": {"to": "attributes.owner", "type": "integer"}, "Score": "score",
    "Source": "source", "Created": "arrived", "Due": "offered",
}  # fmt: skip
"""What each column of a bare row means; its two instants are read as instants."""
WHOLE = BARE | {"Id": "external_id", "Due": "attributes.due"}
STATES = ("new", "open", "working", "won", "lost")


def write(path: Path, count: int, *, prefix: str = "", score: int = 0) -> Path:
    """`count` records, each of another person, whose names begin with `prefix`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_rows(count, prefix, score))
    return path


def _rows(count: int, prefix: str, score: int) -> Iterator[tuple[str, ...]]:
    for n in range(count):
        company = n // 4
        yield (
            f"{prefix}{n}", f"{prefix}person{n}@firm{company}.example", f"Person {n}",
            f"Firm {company}", STATES[n % 5], str(n % 40), str(score + n % 100),
            f"source{n % 7}", f"2026-01-{1 + n % 28:02}T10:{n % 60:02}:00Z",
            f"2026-02-{1 + n % 28:02}T10:{n % 60:02}:00Z",
        )  # fmt: skip
