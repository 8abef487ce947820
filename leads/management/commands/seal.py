"""`manage.py seal`: seal what has closed, and say of each seal whether it is what it was."""

from typing import Any

from django.core.management.base import BaseCommand

from leads.actions import sealing
from leads.models import Seal
from portal import wallclock


class Command(BaseCommand):
    help = "Seal the figures of closed periods, and compare the newest seals with their rows."

    def handle(self, *args: Any, **options: Any) -> None:
        at = wallclock.now()
        made = sealing.seal_due(at=at)
        sealing.look_again(at=at, every=True)
        self.stdout.write(f"{len(made)} sealed now.")
        for seal in Seal.objects.light().select_related("check_made")[: sealing.LOOKED_AT]:
            number = seal.check_made.corrected
            said = f"{number} figures restated" if number else "unchanged"
            self.stdout.write(f"{seal}: {seal.digest[:16]} {said}")
