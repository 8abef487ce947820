"""`manage.py noise`: how many messages each kind of people got, by day."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from leads.reports.noise import noise
from leads.reports.noise.drawn import lines, picture
from portal import wallclock

TITLE = "Messages that left the portal for one person on one day"
DAYS = 30


class Command(BaseCommand):
    help = "Count the messages of the last days: by kind of people, and the most on one day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=DAYS, help="how far back")
        parser.add_argument("--svg", type=Path, help="a file for the drawing")

    def handle(self, *args: Any, **options: Any) -> None:
        until = wallclock.now()
        found = noise(until - timedelta(days=max(options["days"], 1)), until)
        self.stdout.write("\n".join(lines(found)))
        if options["svg"]:
            options["svg"].write_text(picture(found, TITLE))
