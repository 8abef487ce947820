from celery import shared_task
from kombu.exceptions import OperationalError

from leads.actions import auditing
from leads.actions.sweeping import sweep
from portal import wallclock
from portal.notifications.tasks import deliver

EVERY = 10  # seconds; a nudge that waited longer is replaced by the next
LONGEST_AUDIT = 1_800  # seconds


@shared_task(  # type: ignore[untyped-decorator]  # celery has no types
    name="leads.sweep", ignore_result=True, expires=EVERY
)
def sweep_clocks() -> None:
    """Raise what is due, then let its messages leave.

    The rows are the record and the messages only nudges: one that is lost is made good by
    the next sweep, and by the next delivery.
    """
    if sweep.by_the_clock(at=wallclock.now(), by="celery").raised:
        _nudge()


@shared_task(  # type: ignore[untyped-decorator]  # celery has no types
    name="leads.audit", ignore_result=True, acks_late=False, time_limit=LONGEST_AUDIT
)
def audit_if_due() -> None:
    """Look whether everything is as the ledger says, if nobody did within the hour.

    Longer than the broker waits for an answer, so it is taken before it runs, not after.
    """
    auditing.audit_if_due(at=wallclock.now())


def _nudge() -> None:
    try:
        deliver.apply_async(retry=False)
    except OperationalError:
        return  # the broker is away: the next regular delivery finds the rows
