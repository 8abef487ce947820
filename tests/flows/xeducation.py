"""Criteria on the leads of X Education, each beside a line of plain Python over the file."""

import csv
from collections.abc import Callable
from pathlib import Path


def said(row: dict[str, str], column: str) -> str:
    """What the row says, "" for nothing and for the untouched drop-down."""
    value = row[column].strip()
    return "" if value == "Select" else value


def visits(row: dict[str, str], least: int, most: int = 10**9) -> bool:
    return said(row, "TotalVisits") != "" and least <= int(row["TotalVisits"]) <= most


def field(name: str, op: str, value: object = None, **more: str) -> dict:
    tree = {"key": "k", "field": name, "op": op, **more}
    return tree if value is None else tree | {"value": value}


CASES: dict[str, tuple[dict, Callable[[dict[str, str]], bool]]] = {
    "came by an API": (
        field("lead.segment", "is", "API"),
        lambda row: row["Lead Origin"] == "API",
    ),
    "a source, and its case matters": (
        field("lead.source", "in", ["Google", "Direct Traffic"]),
        lambda row: row["Lead Source"] in ("Google", "Direct Traffic"),
    ),
    "no city": (field("attributes.city", "missing"), lambda row: not said(row, "City")),
    "another city, known": (
        field("attributes.city", "is_not", "Mumbai"),
        lambda row: said(row, "City") not in ("", "Mumbai"),
    ),
    "five visits": (
        field("attributes.visits", "at_least", 5, type="integer"),
        lambda row: visits(row, 5),
    ),
    "not five visits, or nobody knows": (
        {"not": field("attributes.visits", "at_least", 5, type="integer")},
        lambda row: not visits(row, 5),
    ),
    "may be mailed": (
        field("lead.consent", "is", True),
        lambda row: row["Do Not Email"] == "No",
    ),
    "became a customer": (
        field("attributes.converted", "is", True, type="boolean"),
        lambda row: row["Converted"] == "1",
    ),
    "a score between": (
        field("lead.score", "between", [14, 16]),
        lambda row: said(row, "Asymmetrique Activity Score") in ("14", "15", "16"),
    ),
    "worth a call": (
        {
            "all": [
                field("attributes.visits", "between", [2, 10], type="integer"),
                {
                    "any": [
                        field("attributes.occupation", "is", "Working Professional"),
                        field("lead.country", "in", ["India", "United States"]),
                    ]
                },
                {"not": field("lead.source", "is", "Olark Chat")},
            ]
        },
        lambda row: (
            visits(row, 2, 10)
            and (
                said(row, "What is your current occupation") == "Working Professional"
                or said(row, "Country") in ("India", "United States")
            )
            and row["Lead Source"] != "Olark Chat"
        ),
    ),
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def counted(path: Path) -> tuple[dict[str, int], int]:
    """How many rows each of CASES counts, and of how many."""
    there = rows(path)
    return {name: sum(map(counts, there)) for name, (_, counts) in CASES.items()}, len(there)
