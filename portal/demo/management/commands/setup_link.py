from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal import wallclock
from portal.demo import setup


class Command(BaseCommand):
    help = "Print the one-time link with which an empty portal gets its first administrator."

    def handle(self, *args: Any, **options: Any) -> None:
        at = wallclock.now()
        setup.open_company(at=at)
        token = setup.issue_link(at=at)
        if token is None:
            raise CommandError("Somebody has an account already; people are made in the admin.")
        self.stdout.write(f"{settings.BASE_URL}/setup/first/#{token}")
