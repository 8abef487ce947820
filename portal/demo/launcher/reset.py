"""Starting over: the demo company's database, queue, mails and heads are thrown away."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.db.utils import OperationalError, ProgrammingError

from portal import ledger
from portal.demo.launcher.company import OtherCompany, is_empty
from portal.demo.launcher.lock import only_one_in
from portal.ledger.genesis import forget_what_is_known


def reset() -> None:
    """Empty the database of the demo company. Does nothing where there is none yet.

    Raises OtherCompany rather than touch a real one, and CannotStart while it runs.
    """
    with only_one_in(settings.DATA_DIR):
        throw_away()


def throw_away() -> None:
    """The same, for whoever holds the folder already."""
    _refuse_a_real_company()
    if connection.vendor == "sqlite":
        _remove_sqlite()
    else:
        _empty_postgresql()
    for folder in ("broker", "mail"):
        shutil.rmtree(settings.DATA_DIR / folder, ignore_errors=True)
    if settings.LEDGER_HEADS_FILE is not None:  # it speaks of the ledger that is gone
        settings.LEDGER_HEADS_FILE.unlink(missing_ok=True)
    forget_what_is_known()


def _refuse_a_real_company() -> None:
    try:
        real = not is_empty() and not ledger.is_simulated()
    except (OperationalError, ProgrammingError):  # no tables: nothing to lose
        return
    if real:
        raise OtherCompany("This database holds a real company; nothing was removed.")


def _empty_postgresql() -> None:
    # Rows cannot be deleted one by one: the ledger's triggers refuse it, as they should.
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


def _remove_sqlite() -> None:
    connections.close_all()
    database = Path(settings.DATABASES["default"]["NAME"])
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
