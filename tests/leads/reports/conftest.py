"""The month is lived once for a whole file, as no test here changes it for another."""

import pytest
from django.db import transaction

from portal import wallclock
from portal.accounts.models import Role
from tests.factories import make_user
from tests.leads.reports.scenes import LATER, the_month


@pytest.fixture(scope="module")
def month(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True  # actions may be the outermost within it
        with around:
            yield the_month()
            transaction.set_rollback(True)


@pytest.fixture
def reader(db, client, monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: LATER)
    person = make_user(team=None, role=Role.AUDITOR)
    client.force_login(person)
    return person
