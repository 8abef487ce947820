"""Every app of ours has its tables from migrations."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

OURS = {"accounts", "demo", "leads", "ledger", "notifications", "sla"}


@pytest.mark.django_db
def test_no_app_is_left_without_migrations():
    """`makemigrations --check` says nothing about an app that never had one."""
    assert OURS & MigrationLoader(connection).unmigrated_apps == set()
