"""The ladder of one clock as its row keeps it: instants in UTC, whom to tell, by what.

In JSON: {"key": "late", "level": "at", "at": "2026-03-02T13:00:00+00:00", "whom":
["acting_owner", {"person": "ann@example.com"}], "channels": ["in_app", "mail"], "digest":
{"manager": "hourly"}}.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sla.core.ladder import Step, resumed
from sla.core.terms.parts import LadderStep, Person
from sla.core.workingtime import WorkingCalendar

Level = Literal["before", "at", "after"]
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of one clock. `level` is where it lies beside the due instant."""

    key: str
    level: Level
    at: datetime
    whom: tuple[str | Person, ...]
    channels: tuple[str, ...]
    digest: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        whom = [w if isinstance(w, str) else {"person": w.person} for w in self.whom]
        return {
            "key": self.key,
            "level": self.level,
            "at": self.at.astimezone(UTC).isoformat(),
            "whom": whom,
            "channels": list(self.channels),
            "digest": dict(self.digest),
        }

    @classmethod
    def from_json(cls, data: Json) -> "Rung":
        """Raises LookupError, TypeError or ValueError for what is not a step."""
        return cls(
            key=data["key"],
            level=data["level"],
            at=instant(data),
            whom=tuple(w if isinstance(w, str) else Person(w["person"]) for w in data["whom"]),
            channels=tuple(data["channels"]),
            digest=data["digest"],
        )


def instant(data: Json) -> datetime:
    """When a step in JSON is due."""
    at = datetime.fromisoformat(data["at"])
    if at.tzinfo is None:
        raise ValueError(f"the instant of step {data['key']} has no zone")
    return at


def rungs(ladder: Iterable[LadderStep], steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The steps of a clock in JSON, soonest first; `ladder` says which lie before or after."""
    levels = {step.key: level_of(step) for step in ladder}
    made = [
        Rung(
            step.key, levels[step.key], step.at, step.whom, step.channels,
            {role: often for role, often in step.digest.items()},  # noqa: C416 - wider keys
        )
        for step in steps
    ]  # fmt: skip
    return [rung.to_json() for rung in sorted(made, key=lambda rung: rung.at)]


def level_of(step: LadderStep) -> Level:
    if step.after is not None:
        return "after"
    return "at" if step.percent == 100 else "before"


def moved(
    steps: Sequence[Json],
    calendar: WorkingCalendar,
    paused_from: datetime,
    paused_to: datetime,
) -> list[dict[str, Any]]:
    """The steps after a pause; those reached when it began stay where they are."""
    return [
        {
            **step,
            "at": resumed(instant(step), calendar, paused_from, paused_to).isoformat(),
        }
        for step in steps
    ]


def first_warning(steps: Sequence[Json]) -> datetime | None:
    """The first step before the due instant."""
    return next((instant(step) for step in steps if step["level"] == "before"), None)
