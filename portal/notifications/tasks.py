from celery import shared_task

from portal import wallclock
from portal.notifications import outbox

EVERY = 10  # seconds; a nudge that waited longer is replaced by the next


@shared_task(  # type: ignore[untyped-decorator]  # celery has no types
    name="notifications.deliver", ignore_result=True, expires=EVERY
)
def deliver() -> None:
    """Let what waits in the outbox leave. The rows are the record; this is only a nudge."""
    outbox.deliver_due(at=wallclock.now())
