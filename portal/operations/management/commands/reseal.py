"""`manage.py reseal`: what lies sealed in the database, under the key of today."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.notifications.models.sealing import Unreadable
from portal.operations.resealing import reseal


class Command(BaseCommand):
    help = "Seal addresses, secrets and seeds of one-time codes again, under SECRET_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = reseal()
        except Unreadable as error:
            raise CommandError(f"nothing was changed: {error}") from error
        self.stdout.write(f"{rows} rows are sealed under SECRET_KEY.")
