"""The made-up instant of the style guide, and its openings."""

from datetime import datetime
from zoneinfo import ZoneInfo

from portal.look.charts.spans import Span

BERLIN = ZoneInfo("Europe/Berlin")


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


NOW = at(10, 14, 14, 12)


def opened(month: int, day: int) -> list[Span]:
    """Open hours of a working day: 09:00 to 12:00 and 12:45 to 17:30."""
    return [
        (at(month, day, 9), at(month, day, 12)),
        (at(month, day, 12, 45), at(month, day, 17, 30)),
    ]
