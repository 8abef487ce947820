"""`manage.py audit`: the invariants I1 to I13, each pass or with the rows that break it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from leads.reports.audit import audit
from portal import wallclock


class Command(BaseCommand):
    help = "Check what must never be false; exits 1 if anything is."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for finding in audit(wallclock.now()):
            verdict = "holds" if finding.holds else f"BROKEN, {finding.number} rows"
            self.stdout.write(f"{finding.key:4} {verdict:18} {finding.sentence}")
            for row in finding.rows:
                self.stdout.write(f"       {row}")
            broken += not finding.holds
        if broken:
            raise CommandError(f"{broken} invariants are broken")
        self.stdout.write("clean")
