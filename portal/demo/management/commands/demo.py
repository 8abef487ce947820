import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal.demo.launcher import launch
from portal.demo.launcher.company import DEMO


class Command(BaseCommand):
    help = "Run the portal with the demo company: web, worker, beat and broker in one terminal."

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(launch.run(DEMO))
