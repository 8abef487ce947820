from celery import shared_task
from kombu.exceptions import OperationalError

from leads.actions import auditing, rolling, sealing
from leads.actions.events.incoming import rounds
from leads.actions.events.outgoing import gathering, sending
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
    at = wallclock.now()
    rounds.let_go(at=at)
    auditing.audit_if_due(at=at)


@shared_task(  # type: ignore[untyped-decorator]  # celery has no types
    name="leads.seal", ignore_result=True, acks_late=False, time_limit=LONGEST_AUDIT
)
def seal_periods() -> None:
    """Seal what has closed. The hourly audit does so too, where there is no Celery: while one
    is at it, two would read the same rows and keep two workers from everything else."""
    at = wallclock.now()
    if not auditing.sees_to_all(at):
        sealing.seal_due(at=at)


@shared_task(  # type: ignore[untyped-decorator]  # celery has no types
    name="leads.roll", ignore_result=True, expires=EVERY
)
def roll_sums() -> None:
    """Let the sums that the scorecard reads follow the ledger; the hourly audit asks for it
    too, where there is no Celery."""
    rolling.roll(at=wallclock.now())


@shared_task(  # type: ignore[untyped-decorator]  # celery has no types
    name="leads.events_in", ignore_result=True, expires=EVERY
)
def events_in() -> None:
    """Go on with what other systems told and no door has done yet."""
    rounds.go_on(now=wallclock.now)


@shared_task(  # type: ignore[untyped-decorator]  # celery has no types
    name="leads.events_out", ignore_result=True, expires=EVERY
)
def events_out() -> None:
    """Tell other systems what happened since; the ledger is the record of what to tell."""
    at = wallclock.now()
    gathering.gather_all(at=at)
    sending.send_due(at=at)


def nudge_events() -> None:
    """Let the rest of a long message be done at once, if a broker is there."""
    try:
        events_in.apply_async(retry=False)
    except OperationalError:
        return  # the broker is away: the next regular round finds the rows


def _nudge() -> None:
    try:
        deliver.apply_async(retry=False)
    except OperationalError:
        return  # the broker is away: the next regular delivery finds the rows
