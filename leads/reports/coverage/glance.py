"""Coverage as the scorecard needs it, with the teams to choose from: one question in all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast

from leads.reports.coverage.counting import (
    Coverage,
    Known,
    assembled,
    grouped,
    leads_in,
    numbers_of,
    of_sums,
)
from leads.reports.people.choices import there_since
from leads.reports.period import Filters


@dataclass(frozen=True)
class Choice:
    """A team that a report may be narrowed to."""

    key: str
    name: str
    department: str


@dataclass(frozen=True)
class Number:
    """What was said of a source and a month."""

    source: str
    month: date
    number: int


def glance(filters: Filters, sums: Known | None = None) -> tuple[Coverage, Sequence[Choice]]:
    """What `coverage` says, without who said it, and every team by department and name; with
    those that went since the period began, as they earned figures in it."""
    more = [] if sums else [_leads(filters)]
    rows = list(_teams(filters).union(_said(filters), *more, all=True))
    teams = [Choice(key, name, home) for what, key, name, home, *_ in rows if what == "team"]
    latest = {
        (source, month): Number(source, date.fromisoformat(month), number)
        for _pk, source, month, number in sorted(
            (pk, source, month, number)
            for what, source, month, _, number, pk, _ in rows
            if what == "said"
        )
    }
    parts = (
        of_sums(filters, sums)
        if sums
        else {
            source: {"known": known, "seen": seen, "elsewhere": elsewhere}
            for what, source, _, _, known, seen, elsewhere in rows
            if what == "lead"
        }
    )
    found = assembled(filters, parts, list(latest.values()))
    return found, sorted(teams, key=lambda one: (one.department, one.name))


def _teams(filters: Filters) -> Any:
    rows = there_since(filters.period.start).order_by()
    none = (Value(0), Value(0), Value(0))
    return rows.values_list(Value("team"), "key", "name", "department_id", *none)


def _said(filters: Filters) -> Any:
    month = Cast("month", CharField(max_length=80))
    rows = numbers_of(filters).order_by()
    return rows.values_list(
        Value("said"), "source", month, Value(""), "number", F("pk"), Value(0)
    )


def _leads(filters: Filters) -> Any:
    rows = grouped(leads_in(replace(filters, team="")), "source").order_by()
    counts = ("known", "seen", "elsewhere")
    return rows.values_list(Value("lead"), "source", Value(""), Value(""), *counts)
