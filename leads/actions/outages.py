"""Outages as intervals: when clocks were not checked although something was due."""

from datetime import datetime, timedelta

from leads.models import Clock, Outage, SweepPass, Timer
from portal import ledger

GAP = timedelta(seconds=90)
REMEMBERED = timedelta(seconds=5)  # a pass that found nothing is not written more often


def last_pass() -> SweepPass | None:
    """When clocks were last checked, and by whom."""
    return SweepPass.objects.first()


def note_outage(last: SweepPass | None, at: datetime) -> Outage | None:
    """Record that no sweep ran since the last pass, if that was long and something was due.

    Of several sweeps that find it out together, one writes it.
    """
    if last is None or at - last.swept_at <= GAP or not _anything_due(at):
        return None
    with ledger.recording(at=at):
        mine = SweepPass.objects.filter(swept_at=last.swept_at).update(swept_at=at)
        if not mine:
            return None
        outage = Outage.objects.create(began_at=last.swept_at, ended_at=at)
        clear = {"began_at": outage.began_at, "ended_at": outage.ended_at}
        ledger.append(ledger.Kind.OUTAGE, subject=("outage", outage.pk), clear=clear)
        return outage


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
