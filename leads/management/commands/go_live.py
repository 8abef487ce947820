"""`manage.py go_live --since DAY`: imported leads stop being history."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from leads.actions import imports
from leads.management.asking import add_who, who
from portal import wallclock
from portal.errors import DomainError


class Command(BaseCommand):
    help = (
        "Let imported open leads that arrived from a day on go live, the oldest first: from "
        "now on they are offered, their clocks run, people are told. Older ones stay history."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", required=True, help="a day such as 2026-03-01, in UTC")
        parser.add_argument("--limit", type=int, help="at most so many, the oldest first")
        add_who(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = imports.go_live(
                since=_day(options["since"]),
                at=wallclock.now(),
                by=who(options["email"]),
                limit=options["limit"],
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} leads went live")


def _day(written: str) -> datetime:
    try:
        day = datetime.fromisoformat(written)
    except ValueError as error:
        raise CommandError(f"{written} is no day such as 2026-03-01") from error
    return day if day.tzinfo else day.replace(tzinfo=UTC)
