import re
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime, parse_duration

from portal import wallclock
from portal.demo import simulation
from portal.errors import DomainError

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: str) -> timedelta:
    """`90m`, `2h`, `3d`, or ISO 8601 (`PT2H`). Raises CommandError for anything else."""
    if short := re.fullmatch(r"(\d{1,6})([smhdw])", text):
        return timedelta(**{UNITS[short[2]]: int(short[1])})
    if (long := parse_duration(text)) is not None:
        return long
    raise CommandError(f"{text} is no duration; write 90m, 2h, 3d or PT2H")


def instant(text: str) -> datetime:
    """An ISO 8601 instant with an offset. Raises CommandError for anything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise CommandError(f"{text} is no instant; write 2026-12-01T09:00+01:00")
    return found


class Command(BaseCommand):
    help = "Move the time of a simulated database forward, or show it."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("show", help="say what time it is in this database")
        ahead = verbs.add_parser("advance", help="move ahead by a duration: 90m, 2h, 3d, PT2H")
        ahead.add_argument("by", type=duration)
        to = verbs.add_parser("to", help="move to a later instant: 2026-12-01T09:00+01:00")
        to.add_argument("instant", type=instant)

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        at = wallclock.now()
        try:
            if verb == "advance":
                simulation.advance(by=options["by"], at=at)
            elif verb == "to":
                simulation.advance(by=options["instant"] - at, at=at)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"It is {wallclock.now():%a %d %b %Y %H:%M:%S} UTC in this database.")
