from typing import Any

from django.core.management.base import BaseCommand

from portal import ledger, wallclock


class Command(BaseCommand):
    help = "Publish the head of the ledger to LEDGER_HEADS_FILE."

    def handle(self, *_: Any, **options: Any) -> None:
        head = ledger.publish_head(at=wallclock.now())
        self.stdout.write(f"{head.seq} {head.hash}" if head else "The ledger is empty.")
