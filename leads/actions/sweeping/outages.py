"""Outages as intervals: when clocks were not checked although something was due."""

from datetime import datetime, timedelta

from leads.core import lost
from leads.models import Clock, Outage, SweepPass, Timer
from portal import ledger
from portal.bulk.prepared import Prepared

GAP = timedelta(seconds=90)
REMEMBERED = timedelta(seconds=5)  # a pass that found nothing is not written more often


def last_pass() -> SweepPass | None:
    """When clocks were last checked, and by whom."""
    return _LAST.first()


_LAST = Prepared(lambda: SweepPass.objects.order_by("pk")[:1])


def note_outage(last: SweepPass | None, at: datetime) -> Outage | None:
    """Record that no sweep ran since the last pass, if that was long and something was due.

    Of several sweeps that find it out together, one writes it.
    """
    if last is None or at - last.swept_at <= GAP or not _anything_due(at):
        return None
    if ledger.is_simulated():  # time that was moved is no outage
        return None
    with ledger.recording(at=at):
        mine = SweepPass.objects.filter(swept_at=last.swept_at).update(swept_at=at)
        if not mine:
            return None
        outage = Outage.objects.create(began_at=last.swept_at, ended_at=at)
        clear = {"began_at": outage.began_at, "ended_at": outage.ended_at}
        ledger.append(ledger.Kind.OUTAGE, subject=("outage", outage.pk), clear=clear)
        return outage


def during(start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The outages that overlap [start, end), soonest first."""
    rows = Outage.objects.filter(began_at__lt=end, ended_at__gt=start).order_by("began_at")
    return list(rows.values_list("began_at", "ended_at"))


def excuses(clock: Clock, stopped: datetime) -> bool:
    """Whether the clock's version excuses that it stopped late at `stopped`.

    Outages that no sweep has found yet excuse nothing.
    """
    terms = clock.version.parsed
    if not terms.governance.outage_excuses:
        return False
    outages = during(clock.started_at, stopped)
    calendar = terms.calendar(clock.calendar)
    return lost.excuses(calendar, clock.started_at, clock.due_at, stopped, outages)


def _anything_due(at: datetime) -> bool:
    return Clock.objects.due_for_a_step(at).exists() or Timer.objects.due(at).exists()


def remember_pass(last: SweepPass | None, at: datetime, *, raised: int, by: str) -> None:
    """Say that clocks were checked up to `at`."""
    if last is not None and not raised and last.swept_at <= at < last.swept_at + REMEMBERED:
        return
    SweepPass.objects.bulk_create(
        [SweepPass(id=1, swept_at=at, raised=raised, by=by)],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["swept_at", "raised", "by"],
    )
