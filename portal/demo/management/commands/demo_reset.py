from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.demo.launcher import reset
from portal.errors import DomainError


class Command(BaseCommand):
    help = "Throw the demo company away. The next `demo` makes a new one."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reset.reset()
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("The demo company is gone.")
