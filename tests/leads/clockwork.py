"""What the tests of clocks share: an agreement with pauses, and its instants in Berlin."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from leads.models import Clock, Handoff
from tests.factories import MONDAY_NINE, make_agreement, make_handoff, make_terms

BERLIN = ZoneInfo("Europe/Berlin")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MICROSECOND = timedelta(microseconds=1)
WAITING = {"reason": "call_back", "name": "asked to be called back", "cap": "PT2H", "times": 2}


def berlin(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """A wall time of 2026 in Berlin, in UTC; 2 March is the Monday of MONDAY_NINE."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def terms_where(key: str = "accept", **changes: Any) -> dict[str, Any]:
    """The classic terms with one obligation changed, and a ladder to change with it."""
    terms = make_terms(**({"ladders": changes.pop("ladders")} if "ladders" in changes else {}))
    for owed in terms["obligations"]:
        if owed["key"] == key:
            owed.update(changes)
    return terms


def a_ladder(*steps: dict[str, Any]) -> dict[str, Any]:
    return {name: list(steps) for name in ("quiet", "quick", "both_sides")}


def a_step(key: str, *whom: Any, **fields: Any) -> dict[str, Any]:
    """A step at 100 % that tells `whom` in the portal, unless `fields` say otherwise."""
    if "after" not in fields:
        fields = {"percent": 100} | fields
    return {"key": key, "whom": list(whom), "channels": ["in_app"], "digest": None} | fields


def a_clock(kind: str = "accept", *, at: datetime = MONDAY_NINE, **fields: Any) -> Clock:
    """A running clock of a handoff that is offered at `at`."""
    return clock_of(make_handoff(at=at, **fields), kind)


def clock_of(handoff: Handoff, kind: str = "accept") -> Clock:
    return handoff.clocks.select_related("version", "team", "lead").filter(kind=kind).last()


def a_pausable_clock(**pause: Any) -> Clock:
    """`accept` within two hours, which its owner may pause; due Monday 11:00."""
    make_agreement(
        terms=terms_where(
            targets=[{"segment": None, "within": "PT2H", "beyond": None}],
            pauses=[WAITING | pause],
        )
    )
    return a_clock()
