"""`manage.py doctor`: is the portal well, in words, and what to do where it is not."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from portal import wallclock
from portal.operations.doctor import CHECKS, Finding, Level, examine

WIDE = max(len(name) for name in CHECKS)


class Command(BaseCommand):
    help = "Check everything that an operator would; exits 1 if something is wrong."
    requires_system_checks: list[str] = []  # it asks them itself, and says what they mean

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for machines")
        parser.add_argument("--quiet", action="store_true", help="say only what is not well")
        parser.add_argument(
            "--only", action="append", default=[], metavar="CHECK", choices=list(CHECKS),
            help=f"this check, and others named so: {', '.join(CHECKS)}",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(examine(_at(), options["only"]))
        if options["json"]:
            self.stdout.write(json.dumps([_row(name, one) for name, one in found], indent=1))
        else:
            self._say(found, quiet=options["quiet"])
        bad = [name for name, one in found if one.level is Level.WRONG]
        if bad:
            raise CommandError(f"not well: {', '.join(bad)}")

    def _say(self, found: list[tuple[str, Finding]], *, quiet: bool) -> None:
        for name, one in found:
            if quiet and one.level is Level.OK:
                continue
            self.stdout.write(f"{one.level:8} {name:{WIDE}}  {one.said}")
            if one.todo:
                self.stdout.write(f"{'':9}{'':{WIDE}}  -> {one.todo}")


def _at() -> datetime:
    """Now; a database that keeps a time of its own may be away, which is an answer too."""
    try:
        return wallclock.now()
    except DatabaseError:
        return wallclock.of_this_host()


def _row(name: str, one: Finding) -> dict[str, str]:
    return {"check": name, "level": str(one.level), "said": one.said, "do": one.todo}
