"""`manage.py backup`: the database and uploaded files, into one file that says what it is."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import wallclock
from portal.operations.backup import BackupRefused, write, writing


class Command(BaseCommand):
    help = "Write a backup while the portal runs; keep it on another machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", type=Path, metavar="FOLDER", help="default: backups in DATA_DIR"
        )
        parser.add_argument(
            "--keep", type=int, metavar="N", help="remove all but the newest N of the folder"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        to, keep = options["to"] or writing.folder(), options["keep"]
        if keep is not None and keep < 1:
            raise CommandError("--keep must be 1 or more")
        try:
            file, made = write(to, at=wallclock.now())
        except (BackupRefused, OSError) as error:
            raise CommandError(f"no backup was written: {error}") from error
        self.stdout.write(f"{file}: {made.database}, ledger entries 1 to {made.seq}")
        for old in writing.remove_old(to, keep=keep) if keep else []:
            self.stdout.write(f"{old}: removed")
