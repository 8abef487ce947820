"""`manage.py forecast_calibration`: the chances a forecast names, beside what came true."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from leads.reports.forecast.calibrated import calibration, picture
from portal import wallclock

TITLE = "The chances that were named, beside what came true"


class Command(BaseCommand):
    help = "Ask of every past clock what would have been said of it, and count what came true."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--svg", type=Path, help="a file for the drawing")

    def handle(self, *args: Any, **options: Any) -> None:
        found = calibration(wallclock.now())
        self.stdout.write(
            "| named | mean | came true | late | n |\n| --- | ---: | ---: | ---: | ---: |"
        )
        for one in found:
            self.stdout.write(
                f"| {one.low:.0%} to {one.high:.0%} | {one.named:.1%} | {one.happened:.1%} "
                f"| {one.late:,} | {one.n:,} |"
            )
        if options["svg"]:
            options["svg"].write_text(picture(found, TITLE))
