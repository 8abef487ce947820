"""The Celery application. A message is a nudge and never a promise: the rows are."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, worker_init
from django.urls import get_resolver

from portal import wallclock
from portal.operations import pulse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

app = Celery("concord")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]  # celery has no types
def keep_our_logging(**_: Any) -> None:
    """Django's LOGGING has been set up; a receiver here keeps Celery's own out."""


@worker_init.connect  # type: ignore[untyped-decorator]  # celery has no types
def read_the_pages(**_: Any) -> None:
    """An alert says where its lead is, so it needs the table of pages. Read before the
    worker forks, it is there in each process, and the first alert is not a second late."""
    _table = get_resolver().reverse_dict


@task_postrun.connect  # type: ignore[untyped-decorator]  # celery has no types
def give_a_sign(**_: Any) -> None:
    """A worker that finished a task lives; one that is only there may be deaf."""
    pulse.give("worker", at=wallclock.now())
