"""Locks a row in a transaction and does nothing more, until somebody ends it.

    python -m tests.chaos.hosts.holder

Says `held` once it has the lock.
"""

import time

import django

django.setup()

from django.db import transaction  # noqa: E402

from portal.accounts.models import Department  # noqa: E402

with transaction.atomic():
    Department.objects.select_for_update().get(pk="sales")
    print("held", flush=True)
    time.sleep(600)
