"""When a message leaves: at once, gathered with others, or again after a failure. Pure."""

import hashlib
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MORNING = time(8)
MONDAY, HOUR = 0, timedelta(hours=1)
# After an outage the missed steps are found within seconds of each other; what is told of
# them waits this long, so that it is one message.
SETTLES = timedelta(minutes=1)

RETRIES = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
"""The most that each wait lasts: 69 hours in all, and with the last try about three days."""
LEAST = timedelta(seconds=1)


def leaves_at(digest: str, zone: str, at: datetime) -> datetime:
    """When something told at `at` leaves: `hourly` with the next full hour, `daily` at the
    next 08:00 and `weekly` on the next Monday at 08:00 of the reader's zone, `catch_up`
    once everything is found, anything else at once. Later than `at`, unless at once.
    """
    local = at.astimezone(zone_of(zone))
    match digest:
        case "hourly":
            return at - (local - local.replace(minute=0, second=0, microsecond=0)) + HOUR
        case "daily":
            return _morning(local, 0 if local.time() < MORNING else 1)
        case "weekly":
            days = (MONDAY - local.weekday()) % 7
            today = days == 0 and local.time() < MORNING
            return _morning(local, days if today else days or 7)
        case "catch_up":
            return at + SETTLES
    return at


def _morning(local: datetime, days: int) -> datetime:
    day = local.date() + timedelta(days=days)
    return datetime.combine(day, MORNING, local.tzinfo).astimezone(UTC)


def after_quiet(at: datetime, quiet: tuple[time, time], zone: str) -> datetime:
    """`at`, or the end of the quiet hours it falls into: [from, until) of the zone's wall,
    over midnight if they end before they begin. The two alike: there are none."""
    begin, end = quiet
    local = at.astimezone(zone_of(zone))
    wall = local.time()
    if begin < end:
        is_quiet, days = begin <= wall < end, 0
    else:
        is_quiet, days = (wall >= begin or wall < end), int(wall >= begin)
    if begin == end or not is_quiet:
        return at
    day = local.date() + timedelta(days=days)
    return max(datetime.combine(day, end, local.tzinfo).astimezone(UTC), at)


def zone_of(name: str) -> ZoneInfo:
    """The zone called `name`; UTC when nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def retry_after(attempts: int, key: UUID) -> timedelta | None:
    """How long to wait after that many failed attempts; None when it is enough.

    Anything up to the schedule's delay (full jitter), drawn from the message's key: what
    failed together does not come back together.
    """
    if attempts > len(RETRIES):
        return None
    if attempts < 1:
        return timedelta(0)
    delay = RETRIES[attempts - 1]
    drawn = hashlib.sha256(f"{key}:{attempts}".encode()).digest()
    return max(delay * (int.from_bytes(drawn[:4]) / 2**32), LEAST)
