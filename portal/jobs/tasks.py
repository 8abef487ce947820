from celery import shared_task
from kombu.exceptions import OperationalError

from portal import wallclock
from portal.jobs import runner
from portal.jobs.models import Job

EVERY = 10  # seconds; a nudge that waited longer is replaced by the next


@shared_task(  # type: ignore[untyped-decorator]  # celery has no types
    name="jobs.run", ignore_result=True, expires=EVERY
)
def run() -> None:
    """Work on a job for a slice, and ask for the next one if more is to be done."""
    if runner.run_one(now=wallclock.now) is None:
        runner.keep_house(at=wallclock.now())
    if Job.objects.due(wallclock.now()).exists():
        nudge()


def nudge() -> None:
    """Ask a worker to look now; without a broker the regular beat finds the rows."""
    try:
        run.apply_async(retry=False)
    except OperationalError:
        return
