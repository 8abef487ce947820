"""The Celery application. A message is a nudge and never a promise: the rows are."""

import os
from contextlib import ExitStack
from typing import Any

from celery import Celery
from celery.signals import (
    before_task_publish,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_init,
)
from django.urls import get_resolver

from portal import logs, telemetry, wallclock
from portal.operations import pulse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
# `migrate` and `doctor` make Django's checks, and they read every page: half of what a start
# of beat would cost.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

_traced = ExitStack()  # the span of the task that this process runs

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
    logs.forget()
    _traced.close()
    pulse.give("worker", at=wallclock.now())


@before_task_publish.connect  # type: ignore[untyped-decorator]  # celery has no types
def send_the_id_along(headers: dict[str, Any], **_: Any) -> None:
    """Which request a task comes from; an id, and nothing of a person."""
    if asked_by := logs.ids().get("request"):
        headers["asked_by"] = asked_by


@task_prerun.connect  # type: ignore[untyped-decorator]  # celery has no types
def write_the_ids(task_id: str, task: Any, **_: Any) -> None:
    """Lines of this task carry its id, and that of the request which woke it."""
    asked_by = getattr(task.request, "asked_by", None) or ""
    logs.begin(task=task_id, request=asked_by)
    woken_by = [("request", asked_by)] if asked_by else []
    _traced.enter_context(telemetry.after(task.name, woken_by, **{"concord.task": task_id}))
