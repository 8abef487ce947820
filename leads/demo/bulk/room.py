"""Room for a company that is written in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

PAGES = -200_000  # kilobytes that SQLite may hold in memory, as its PRAGMA says it


@contextmanager
def roomy() -> Iterator[None]:
    """Let SQLite hold what is being written, so that a page of an index is not written to
    the log, read back and written again for each few rows."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA cache_size = {PAGES}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {int(before)}")
