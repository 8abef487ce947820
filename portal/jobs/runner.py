"""Does open jobs in slices: a job is leased, moved on step by step, and given back.

A worker that dies leaves its lease behind; when it has run out, another goes on at the
job's cursor. So a job is done whatever becomes of the messages and workers.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from django.conf import settings
from django.utils.module_loading import import_string

from portal.errors import DomainError
from portal.jobs import actions
from portal.jobs.kinds import work_of
from portal.jobs.models import Job

logger = logging.getLogger(__name__)

SLICE = 8.0  # seconds of work on one job before another gets its turn

Now = Callable[[], datetime]


def run_one(*, now: Now, seconds: float = SLICE) -> Job | None:
    """Work on the job that waited longest for about `seconds`; None if nothing is due.

    What a step raises besides DomainError is the worker's end: its lease runs out and
    another tries again, a few times.
    """
    job = actions.take(at=now())
    if job is None:
        return None
    until = monotonic() + seconds
    try:
        while _step(job, now) and monotonic() < until:
            pass
    except DomainError as refusal:
        actions.fail(job, str(refusal), at=now())
    actions.let_go(job, at=now())
    logger.info("job worked on", extra={"job": job.pk, "kind": job.kind, "cursor": job.cursor})
    return job


def run_all(*, now: Now) -> int:
    """Work until nothing is due; return how many slices that took. For tests and commands."""
    slices = 0
    while run_one(now=now) is not None:
        slices += 1
    return slices


def keep_house(*, at: datetime) -> None:
    """Remove what was kept long enough (settings.HOUSEKEEPING), while there is no work."""
    for name in settings.HOUSEKEEPING:
        import_string(name)(at)


def _step(job: Job, now: Now) -> bool:
    """One step; False if the job ended, or is somebody else's."""
    if job.stop_asked_at is None:
        job.refresh_from_db(fields=["stop_asked_at", "state"])
    if not job.is_open:
        return False
    return actions.move_on(job, work_of(job.kind)(job, now()), at=now())
