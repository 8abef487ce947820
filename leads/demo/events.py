"""A lead's life as a list of what people do, at instants fixed beforehand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from leads.actions.intake import Arrival
from sla.core import workingtime
from sla.core.workingtime import WorkingCalendar

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Somebody does `verb` at `at`; who, follows from seats and handoffs as they then stand.

    `side` is "marketing", "sales", "giver" or "receiver" of the latest handoff.
    """

    at: datetime
    lead: int
    place: int
    verb: str = field(compare=False)
    side: str = field(compare=False, default="")
    said: dict[str, Any] = field(compare=False, default_factory=dict)


@dataclass(slots=True)
class Story:
    """One lead: who arrives, and what follows, in order of time."""

    number: int
    arrival: Arrival
    at: datetime
    events: list[Event] = field(default_factory=list)
    nurtured_until: datetime | None = None

    def add(self, at: datetime, verb: str, side: str = "", **said: Any) -> None:
        """Append what happens next; never before what happened last."""
        at = max(at, self.last + timedelta(seconds=41))
        self.events.append(Event(at, self.number, len(self.events), verb, side, said))

    @property
    def last(self) -> datetime:
        return self.events[-1].at if self.events else self.at


@dataclass(frozen=True, slots=True)
class Office:
    """The hours in which people answer, and the chance with which they do."""

    calendar: WorkingCalendar
    chance: Random

    def after(self, at: datetime, minutes: float) -> datetime:
        """So many working minutes later, at a second of no importance."""
        worked = max(minutes, 0.2) * MINUTE
        return workingtime.add(self.calendar, at, worked)

    def days_after(self, at: datetime, days: float) -> datetime:
        return self.after(at, days * 480)

    def around(self, median: float, spread: float) -> float:
        """A time that half of all stay below; lognormal."""
        return median * self.chance.lognormvariate(0, spread)

    def often(self, share: float) -> bool:
        return self.chance.random() < share
