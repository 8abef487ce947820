"""What a check is, and of what it is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from leads.reports.period import Period
from sla.models import Version


@dataclass(frozen=True)
class Scope:
    """[start, end) of the facts as they stand at `at`, and the terms in force."""

    start: datetime
    end: datetime
    at: datetime
    version: Version | None

    @classmethod
    def of(cls, period: Period, at: datetime, version: Version | None) -> "Scope":
        return cls(period.start, period.end, at, version)

    def within(self, field: str) -> dict[str, datetime]:
        """That an instant lies in it, as a filter."""
        return {f"{field}__gte": self.start, f"{field}__lt": self.end}


@dataclass(frozen=True)
class Check:
    """One question. `rows` are what it counts, of `whole`; `field` is the instant by which
    both belong to a week.

    It is quiet under `few` rows, and up to `percent` of the whole.
    """

    key: str
    question: Any
    definition: Any
    noun: str
    field: str
    rows: Callable[[Scope], QuerySet[Any]]
    whole: Callable[[Scope], QuerySet[Any]]
    few: int
    percent: int

    @property
    def quiet(self) -> tuple[int, int]:
        """`few` and `percent`, as this portal is configured."""
        own = settings.INTEGRITY_QUIET.get(self.key, {})
        return own.get("few", self.few), own.get("percent", self.percent)

    def asks(self, number: int, of: int) -> bool:
        """Whether so many of so many are worth an answer."""
        few, percent = self.quiet
        return number >= max(few, 1) and number * 100 > percent * of
