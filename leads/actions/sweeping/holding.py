"""Whether the sweep may trust the time: the host's clock jumped, or went back, or the portal
was away for so long that somebody should look before thousands are told.

Asked by doors only, with the real time of this process. Where time is simulated nothing is
ever held. A process is held by what its own machine saw; the others go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from leads.actions.sweeping.outages import last_pass
from leads.errors import TimeInDoubt
from leads.models import SweepHold, SweepPass
from portal import ledger, wallclock
from portal.accounts.models import User
from portal.bulk.prepared import Prepared
from portal.ledger import known
from portal.notifications import leases, outbox
from portal.notifications.models import Delivery
from portal.reader.language import Phrase

JUMP = timedelta(seconds=60)
BEHIND = timedelta(seconds=5)
AWAY = timedelta(days=7)
AGREES = timedelta(seconds=60)
MICROSECOND = timedelta(microseconds=1)
CHANNELS = ("in_app", "mail")
Why = SweepHold.Why


@dataclass(frozen=True)
class Host:
    """Where this process runs, and how far its wall clock went from its steady one `since`
    it looked last."""

    machine: str
    drift: timedelta = timedelta(0)
    since: timedelta = timedelta(0)


def held(*, at: datetime) -> SweepHold | None:
    """What keeps this process from sweeping at `at`, written down and told once; or None."""
    if not settings.HOLD_SWEEP_ON_JUMPS or ledger.is_simulated():
        return restored()
    drift = wallclock.drift
    host = Host(wallclock.machine(), drift.value(), drift.since())
    found = hold(host, at)
    drift.forget()
    return found


def hold(host: Host, at: datetime) -> SweepHold | None:
    """As `held`, for a host that is described."""
    for one in _OPENED():
        if _holds(one, host, at):
            return one
    why = _why(host, at)
    return None if why is None else _begin(why, host, at)


def restored() -> SweepHold | None:
    """The hold since a backup was restored, until an operator ends it."""
    return _RESTORED.first()


def nothing_leaves() -> bool:
    """Whether messages must wait: what was restored may have told all of it already."""
    return restored() is not None


@ledger.recorded
def begin_restored(*, at: datetime, clear: Mapping[str, Any]) -> SweepHold:
    """Hold everything, as a backup was restored; the ledger says which, and what is lost.

    What waited in it for somebody outside is given up, in the open: it may have left before
    the end, and operations can send it again. Nothing of it leaves by itself.
    """
    one, _new = SweepHold.objects.get_or_create(
        why=Why.RESTORED, machine="", ended_at=None, defaults={"began_at": at, "seen_at": at}
    )
    doubtful = Delivery.objects.pending().filter(Q(next_at__lte=at) | ~Q(lease_until=None))
    count = doubtful.count()
    leases.kill(doubtful, reason=_("a backup was restored: it may have left before"), at=at)
    clear = {**clear, "given_up": count}
    ledger.append(ledger.Kind.RESTORED, subject=("hold", one.pk), at=at, clear=clear)
    _tell(one, at)
    return one


def opened() -> QuerySet[SweepHold]:
    """The holds that nobody has ended, oldest first."""
    return SweepHold.objects.filter(ended_at=None).order_by("pk")


# Asked by each pass, of the sweep and of the outbox.
_OPENED = Prepared(opened)
_RESTORED = Prepared(lambda: opened().filter(why=Why.RESTORED)[:1])


def in_doubt(swept_at: datetime, at: datetime) -> SweepHold | None:
    """For the banner: the hold, asked for only when clocks were not checked lately."""
    lately = swept_at - BEHIND <= at <= swept_at + JUMP
    return None if lately else opened().first()


def doubt() -> str | None:
    """Why the time of this process is in doubt, so that no deadline may be set by it now;
    None while all is well. Read once for each action."""
    if not settings.HOLD_SWEEP_ON_JUMPS:
        return None
    return known.once(("time in doubt",), _doubt)


def refuse_deadlines() -> None:
    """Raise TimeInDoubt, with the why, where a deadline would be set by a wrong clock: for
    whoever starts clocks or moves their instants."""
    why = doubt()
    if why is not None:
        raise TimeInDoubt(
            _(
                "The time of the portal is in doubt: %(why)s. Nothing that has a deadline"
                " begins until it is right. Nothing was changed; operations were told."
            )
            % {"why": why}
        )


def trusted_since(at: datetime) -> datetime:
    """An instant of a clock in doubt, put no later than the last one that was trusted."""
    last = last_pass()
    return at if last is None else min(at, last.swept_at)


def _doubt() -> str | None:
    last = last_pass()
    if last is None:
        return None
    found = opened().filter(machine__in=("", wallclock.machine())).first()
    why = str(found) if found is not None else None
    if why is None and wallclock.since(last.swept_at) < -BEHIND:
        why = str(Why.BEHIND.label)
    return None if why is None or ledger.is_simulated() else why


@ledger.recorded
def confirm(*, at: datetime, by: User | None) -> list[SweepHold]:
    """An operator's word: the time is `at`, and the sweep goes on. Returns what it ended."""
    rows = list(opened().select_for_update(no_key=True))
    for one in rows:
        _end(one, SweepHold.Ended.OPERATOR, at, by)
    if rows:
        SweepPass.objects.filter(swept_at__gt=at).update(swept_at=at)
    return rows


def _why(host: Host, at: datetime) -> str | None:
    last = last_pass()
    if abs(host.drift) > JUMP and not _is_settled(host, at):
        return Why.JUMP
    if last is None:
        return None
    if at < last.swept_at - BEHIND:
        return Why.BEHIND
    confirmed = SweepHold.objects.filter(why=Why.AWAY, began_at__gte=last.swept_at)
    return Why.AWAY if at - last.swept_at > AWAY and not confirmed.exists() else None


def _is_settled(host: Host, at: datetime) -> bool:
    """Whether another process wrote down the jump that this one notices, and it is over.

    It began since this process looked last, as the clock tells it now.
    """
    since = at - host.since - AGREES
    mine = SweepHold.objects.filter(why=Why.JUMP, machine=host.machine, began_at__gte=since)
    return any(abs(one.jumped - host.drift) <= AGREES for one in mine)


def _holds(one: SweepHold, host: Host, at: datetime) -> bool:
    """Whether an open hold is this process's too; one that is over is ended."""
    if one.why in {Why.AWAY, Why.RESTORED}:
        return True
    if one.machine != host.machine:
        # A clock that did not jump and says the same is as good as an operator's word.
        steady = abs(host.drift) <= JUMP
        if one.why == Why.JUMP and steady and abs(at - one.seen_at) <= AGREES:
            _end_alone(one, SweepHold.Ended.MACHINE, at)
        return False
    last = last_pass()
    if one.why == Why.BEHIND and (last is None or at >= last.swept_at - BEHIND):
        _end_alone(one, SweepHold.Ended.CAUGHT_UP, at)
        return False
    SweepHold.objects.filter(pk=one.pk).update(seen_at=at)
    return True


def _begin(why: str, host: Host, at: datetime) -> SweepHold:
    """Write the hold and tell operations; of several processes that notice, one does."""
    machine = "" if why == Why.AWAY else host.machine
    with ledger.recording(at=at):
        one, is_new = SweepHold.objects.get_or_create(
            why=why, machine=machine, ended_at=None,
            defaults={"began_at": at, "seen_at": at, "shift": host.drift // MICROSECOND},
        )  # fmt: skip
        if is_new:
            clear = {"why": why, "machine": machine, "shift": one.shift}
            ledger.append(ledger.Kind.SWEEP_HELD, subject=("hold", one.pk), clear=clear)
            _tell(one, at)
    return one


def _end_alone(one: SweepHold, how: str, at: datetime) -> None:
    with ledger.recording(at=at):
        row = opened().select_for_update(no_key=True).filter(pk=one.pk).first()
        if row is not None:
            _end(row, how, at, None)


def _end(one: SweepHold, how: str, at: datetime, by: User | None) -> None:
    one.ended_at, one.ended_how, one.ended_by = at, how, by
    one.save(update_fields=["ended_at", "ended_how", "ended_by"])
    ledger.append(
        ledger.Kind.TIME_CONFIRMED,
        subject=("hold", one.pk),
        at=at,
        by=by,
        clear={"why": one.why, "machine": one.machine, "shift": one.shift, "how": how},
    )


def _tell(one: SweepHold, at: datetime) -> None:
    """Once a day for each machine and reason, however often it comes and goes."""
    outbox.tell(
        about=f"hold:{one.why}:{one.machine[:20]}:{at:%Y%m%d}",
        to=outbox.operators(),
        channels=CHANNELS,
        title=Phrase("Clocks are not checked: %(why)s") % {"why": one.Why(one.why).label},
        text=Phrase("When the time of the host is right, say so: manage.py clock confirm"),
        level="late",
        at=at,
    )
