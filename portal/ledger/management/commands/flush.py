"""`flush` empties every table, the ledger's too: so only of a database to throw away."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.ledger.genesis import forget_what_is_known, is_simulated
from portal.ledger.models import guard


class Command(flush.Command):
    help = "Empty a test database or a simulated one. The ledger of a company is never emptied."

    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        if not (_is_for_tests(connection) or is_simulated()):
            raise CommandError("This database holds the ledger of a company; it stays.")
        with guard.lifted(connection):
            super().handle(**options)
        forget_what_is_known()


def _is_for_tests(connection: BaseDatabaseWrapper) -> bool:
    """As Django's test runner names it: `test_...`, or as DATABASES' TEST says."""
    name = str(connection.settings_dict["NAME"])
    named = connection.settings_dict["TEST"]["NAME"]
    return name == named or Path(name).name.startswith("test_")
