import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal.demo.launcher import launch
from portal.demo.launcher.company import EMPTY


class Command(BaseCommand):
    help = "Run the portal with a company of your own; an empty one begins with a set-up link."

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(launch.run(EMPTY))
