from celery import shared_task
from kombu.exceptions import OperationalError

from portal import wallclock
from portal.notifications import outbox
from portal.notifications.actions import lanes, watch
from portal.notifications.models import Delivery

EVERY = 10  # seconds; a nudge that waited longer is replaced by the next


@shared_task(  # type: ignore[untyped-decorator]  # celery has no types
    name="notifications.deliver", ignore_result=True, expires=EVERY
)
def deliver() -> None:
    """Let what waits in the outbox leave. The rows are the record; this is only a nudge.

    Mail leaves here; what goes to endpoints has a queue of its own, so that one which hangs
    holds up no mail.
    """
    at = wallclock.now()
    if Delivery.objects.due(at).exclude(endpoint=None).exists() or watch.heart.is_due():
        _nudge()
    outbox.deliver_due(at=wallclock.now())


def _nudge() -> None:
    try:
        deliver_endpoints.apply_async(retry=False)
    except OperationalError:
        return  # the broker is away: the next regular delivery finds the rows


@shared_task(  # type: ignore[untyped-decorator]  # celery has no types
    name="notifications.deliver_endpoints", ignore_result=True, expires=EVERY
)
def deliver_endpoints() -> None:
    """Let what waits for Slack, Teams and webhooks leave, and the heart beat."""
    if watch.heart.is_due():
        watch.heart.beat(at=wallclock.now())
    lanes.deliver_due(at=wallclock.now())
