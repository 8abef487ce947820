"""What is done to a job: asked for, taken up, moved on, ended. Each one short transaction.

The work itself writes what it does to the ledger; a job is only its cursor.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.jobs.kinds import Step, work_of
from portal.jobs.models import Job

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
_ERROR = 500  # characters


def ask(
    *,
    kind: str,
    title: str,
    arguments: Mapping[str, Any],
    by: User | None,
    at: datetime,
    back: str = "",
) -> Job:
    """Ask for a piece of work: an inner step, so that it stands or falls with its cause.

    `back` is the page that the finished job leads to. Raises KeyError for an unknown kind.
    """
    work_of(kind)
    return Job.objects.create(
        kind=kind, title=title[:200], arguments=dict(arguments), by=by, asked_at=at,
        touched_at=at, back=back,
    )  # fmt: skip


@transaction.atomic(durable=True)
def take(*, at: datetime) -> Job | None:
    """Lease the job that waited longest; two callers never hold the same one.

    One that was taken up MOST_ATTEMPTS times without moving is ended as failed. While a job
    is held no other is taken: long work has one worker, the clocks and mails have the rest.
    """
    if Job.objects.open().filter(lease_until__gt=at).exists():
        return None
    free = Job.objects.due(at).select_for_update(skip_locked=True, no_key=True, of=("self",))
    job = free.select_related("by").first()
    if job is None:
        return None
    if job.attempts >= MOST_ATTEMPTS:
        said = _("Whoever worked on it broke down each time. Operations find why in the logs.")
        _end(job, Job.State.FAILED, at=at, error=said)
        return None
    job.lease, job.lease_until = secrets.token_hex(16), at + LEASE
    job.attempts += 1
    job.touched_at = at
    job.save(update_fields=["lease", "lease_until", "attempts", "touched_at"])
    return job


@transaction.atomic(durable=True)
def move_on(job: Job, step: Step, *, at: datetime) -> bool:
    """Note how far it is, and hold it for longer; False if it is not the caller's any more,
    or has ended: then the caller lets go of it."""
    row = _held(job)
    if row is None:
        return False
    row.cursor, row.total, row.counts = step.cursor, step.total, dict(step.counts)
    row.result = row.result | dict(step.result)
    row.back = step.back or row.back
    row.attempts, row.touched_at, row.lease_until = 1, at, at + LEASE
    row.save()
    if step.done:
        _end(row, Job.State.DONE, at=at)
    elif row.stop_asked_at is not None:
        _end(row, Job.State.CANCELLED, at=at)
    job.__dict__.update({f.attname: getattr(row, f.attname) for f in Job._meta.concrete_fields})
    return row.is_open


@transaction.atomic(durable=True)
def fail(job: Job, why: str, *, at: datetime) -> None:
    """The work cannot be done, for a reason that who asked for it can read."""
    row = _held(job)
    if row is not None:
        _end(row, Job.State.FAILED, at=at, error=why)


@transaction.atomic(durable=True)
def let_go(job: Job, *, at: datetime) -> None:
    """Give the lease back, so that the next slice can begin at once."""
    row = _held(job)
    if row is not None:
        row.lease, row.lease_until, row.attempts, row.touched_at = "", None, 0, at
        row.save(update_fields=["lease", "lease_until", "attempts", "touched_at"])


@transaction.atomic(durable=True)
def cancel(*, job_id: int, by: User, at: datetime) -> Job:
    """Stop a job: at once if nobody works on it, else after the step that is under way.

    What was done stays done. Who asks again, or too late, changes nothing.
    """
    job = Job.objects.visible_to(by).select_for_update(no_key=True, of=("self",)).get(pk=job_id)
    if job.is_open and job.stop_asked_at is None:
        job.stop_asked_at = at
        job.save(update_fields=["stop_asked_at"])
        if job.lease_until is None or job.lease_until <= at:
            _end(job, Job.State.CANCELLED, at=at)
    return job


def _held(job: Job) -> Job | None:
    """The open row, locked, if the caller's lease is still the one in it."""
    rows = Job.objects.open().filter(pk=job.pk, lease=job.lease).exclude(lease="")
    return rows.select_for_update(no_key=True, of=("self",)).first()


def _end(job: Job, state: Job.State, *, at: datetime, error: str = "") -> None:
    job.state, job.ended_at, job.error = state, at, error[:_ERROR]
    job.lease, job.lease_until = "", None
    job.save(update_fields=["state", "ended_at", "error", "lease", "lease_until"])
