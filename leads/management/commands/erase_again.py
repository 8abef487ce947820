"""`manage.py erase_again LEDGER`: who was erased is erased, also after a backup came back."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from leads.actions.privacy import erasing
from portal import wallclock
from portal.errors import DomainError


class Command(BaseCommand):
    help = (
        "Erase again the people of whom an export of the ledger, newer than the backup that "
        "was restored, says that they were erased."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ledger", type=Path, help="a file that export_ledger wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            erased = sorted(set(_erased(options["ledger"])))
            count = erasing.erase_again(lead_ids=erased, at=wallclock.now())
        except (OSError, ValueError, DomainError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} leads erased again")


def _erased(path: Path) -> Iterator[int]:
    """The numbers of the leads that the export says were erased."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                entry = json.loads(line)["entry"]
                kind, subject = entry["kind"], entry["subject"]
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"line {number} is no entry of a ledger") from error
            if kind == "erased" and subject[0] == "lead":
                yield int(subject[1])
