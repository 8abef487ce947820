from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from portal.ledger.heads import known_heads, merged, read_heads
from portal.ledger.models import LedgerEntry, guard
from portal.ledger.verify import Heads, verify


class Command(BaseCommand):
    help = "Check the whole ledger against the heads that were published; 1 at a fault."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--heads", type=Path, nargs="*", default=[], metavar="FILE",
            help="heads files kept elsewhere, besides LEDGER_HEADS_FILE",
        )  # fmt: skip

    def handle(self, *_: Any, heads: list[Path], **options: Any) -> None:
        report = verify(LedgerEntry.objects.links(), _all_heads(heads))
        if report.fault:
            raise CommandError(f"Fault at entry {report.fault.seq}: {report.fault.why}.")
        if not guard.stands(connection):
            raise CommandError("The database no longer refuses changes: a trigger is missing.")
        self.stdout.write(f"{report.count} entries, whole. The last hash is {report.last_hash}")
        self.stdout.write(f"{report.heads} published heads agree.")


def _all_heads(files: list[Path]) -> Heads:
    ours = settings.LEDGER_HEADS_FILE
    if ours and ours.exists():
        files = [ours, *files]
    try:
        return merged(known_heads(), *(read_heads(file) for file in files))
    except (OSError, ValueError) as error:
        raise CommandError(f"A heads file cannot be read: {error}") from error
