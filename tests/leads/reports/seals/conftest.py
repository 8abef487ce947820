"""A sealed month: lived once, closed on the first of April, sealed at eight in Berlin."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from leads.actions import sealing
from tests.leads.reports.scenes import the_month

CLOSED = datetime(2026, 4, 1, 6, tzinfo=UTC)  # eight in Berlin, in summer time
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def lived(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True  # actions may be the outermost within it
        with around:
            yield the_month()
            transaction.set_rollback(True)


@pytest.fixture
def sealed(lived, db, settings, tmp_path):
    """The seal of March; what a test does to its rows is undone after it."""
    settings.LEDGER_HEADS_FILE = tmp_path / "heads.jsonl"
    (seal,) = sealing.seal_due(at=CLOSED)
    return seal
