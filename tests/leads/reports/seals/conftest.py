"""A sealed month: lived once, closed on the first of April, sealed at eight in Berlin."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from leads.actions import sealing
from sla.models import Version
from tests.leads.reports.scenes import the_month

CLOSED = datetime(2026, 4, 1, 6, tzinfo=UTC)  # eight in Berlin, in summer time
FIRST = datetime(2026, 2, 28, 23, tzinfo=UTC)  # the first of March in Berlin
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def lived(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True  # actions may be the outermost within it
        with around:
            month = the_month()
            Version.objects.filter(pk=month.version.pk).update(effective_from=FIRST)
            yield month
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def taken(lived, tmp_path_factory, django_db_blocker):
    """The folder of an auditor: the ledger and the heads; and the seal of March."""
    folder = tmp_path_factory.mktemp("auditor")
    with (
        django_db_blocker.unblock(),
        override_settings(LEDGER_HEADS_FILE=folder / "heads.jsonl"),
    ):
        (seal,) = sealing.seal_due(at=CLOSED)
        call_command("export_ledger", str(folder / "ledger.jsonl"), stdout=StringIO())
    return seal, folder


@pytest.fixture
def sealed(taken, db):
    """The seal of March; what a test does to its rows is undone after it."""
    return taken[0]
