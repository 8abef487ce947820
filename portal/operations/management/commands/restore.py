"""`manage.py restore FILE`: a backup comes back, and nothing leaves until somebody says so."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import wallclock
from portal.operations.backup import BackupRefused, Restored, restore
from portal.operations.backup.restoring import Outside

THEN = """The portal is held: nothing is sent, and clocks are not checked. Start it, look at it,
then let it go on: manage.py clock confirm --by MAIL"""


class Command(BaseCommand):
    help = "Restore a backup into hold mode, and name what is lost since it was made."
    requires_system_checks: list[str] = []  # there may be no database yet

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what manage.py backup wrote")
        parser.add_argument(
            "--heads", type=Path, nargs="*", default=[], metavar="FILE",
            help="files of published heads kept elsewhere, besides LEDGER_HEADS_FILE",
        )  # fmt: skip
        parser.add_argument(
            "--ledger", type=Path, metavar="FILE",
            help="a newer export of the ledger: says what is lost, and who stays erased",
        )  # fmt: skip
        parser.add_argument(
            "--replace",
            action="store_true",
            help="put what is there now aside, or overwrite it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        outside = Outside(options["heads"], options["ledger"])
        try:
            done = restore(
                options["file"], now=wallclock.now, outside=outside, replace=options["replace"]
            )
        except (BackupRefused, OSError) as error:
            raise CommandError(f"nothing was restored: {error}") from error
        self._say(done)
        if options["ledger"]:
            call_command("erase_again", str(options["ledger"]), stdout=self.stdout)
        self.stdout.write(THEN)

    def _say(self, done: Restored) -> None:
        made = done.manifest
        self.stdout.write(f"Restored: {made.made_at}, ledger entries 1 to {made.seq}.")
        self.stdout.write(f"{done.lost}.".capitalize())
        if done.heads_aside:
            self.stdout.write(f"The heads of what is lost are in {done.heads_aside}.")
