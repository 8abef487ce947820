"""Where a clock stands still, for a listed reason, by who acts, and never after it is due."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from leads.actions.clocks.reading import calendar_of
from leads.actions.handing.transitions import lock_lead
from leads.actions.sweeping import holding, raising, timers
from leads.core import rungs
from leads.errors import AlertWasRaised, NotYours, PauseRefused
from leads.models import Alert, Clock, ClockPause, Timer
from leads.models.clock import ClockQuerySet
from portal import ledger
from portal.accounts.models import User
from portal.accounts.permissions import may_act_for
from sla.core import ladder
from sla.core.terms.parts import Pause
from sla.core.workingtime import between

MICROSECOND = timedelta(microseconds=1)


@ledger.recorded
def pause(*, clock_id: int, reason: str, by: User, at: datetime) -> ClockPause:
    """Let the clock stand still from `at` on, at most until the cap of the reason is used.

    Raises NotYours unless `by` acts for the owner, PauseRefused with the why if the clock
    is due, stopped or paused, or the reason is not listed or used up, AlertWasRaised, and
    TimeInDoubt.
    """
    clock = _locked(clock_id)
    if not may_act_for(by, clock.owner_id, clock.team, at):
        raise NotYours(_("Only who acts on this may pause it."))
    listed = _allowed(clock, reason, at)
    holding.refuse_deadlines()
    ends_by = ladder.pause_ends(calendar_of(clock), at, listed.cap)
    raising.raise_missed(clock, before=at + MICROSECOND, at=at)
    clock.paused_at, clock.next_step_at = at, None
    clock.save(update_fields=["paused_at", "next_step", "next_step_at"])
    timers.set_timer(Timer.Kind.PAUSE_ENDS, at=ends_by, lead=clock.lead, clock=clock)
    clear = {"reason": reason, "paused_at": at, "ends_by": ends_by}
    _record(ledger.Kind.CLOCK_PAUSED, clock, by, at, clear)
    return ClockPause.objects.create(
        clock=clock, reason=reason, by=by, paused_at=at, ends_by=ends_by
    )


@ledger.recorded
def resume(*, clock_id: int, by: User, at: datetime) -> Clock:
    """Let the clock run on from `at`; what was left when it paused is left now.

    Raises NotYours unless `by` acts for the owner, PauseRefused if it does not stand still,
    TimeInDoubt.
    """
    clock = _locked(clock_id)
    if not may_act_for(by, clock.owner_id, clock.team, at):
        raise NotYours(_("Only who acts on this may let it run on."))
    if clock.paused_at is None:
        raise PauseRefused(_("This clock is running already."))
    holding.refuse_deadlines()
    resume_step(clock, at=at, by=by)
    return clock


def resume_step(clock: Clock, *, at: datetime, by: User | None) -> None:
    """End the pause of a locked clock at `at`, or at its cap if that was before.

    The due instant and the steps still to come move by the working time of the pause.
    """
    if clock.paused_at is None:
        raise ValueError("a clock that does not stand still cannot run on")
    under_way = clock.pauses.get(resumed_at=None)
    since = clock.paused_at
    until = max(since, min(at, under_way.ends_by))  # evidence may be older than the pause
    calendar = calendar_of(clock)
    clock.paused += between(calendar, since, until) // MICROSECOND
    clock.due_at = ladder.resumed(clock.due_at, calendar, since, until)
    clock.steps = rungs.moved(clock.steps, calendar, since, until)
    clock.warn_at = rungs.first_warning(clock.steps)
    clock.paused_at = None
    raising.advance(clock, 0)
    clock.save(
        update_fields=["paused", "due_at", "steps", "warn_at", "paused_at", "next_step_at"]
    )
    under_way.resumed_at = until
    under_way.save(update_fields=["resumed_at"])
    timers.cancel_timers(at=until, clock=clock, kinds=(Timer.Kind.PAUSE_ENDS,))
    _record(ledger.Kind.CLOCK_RESUMED, clock, by, at, _moved(clock, until))


def end_at_the_cap(timer: Timer, at: datetime) -> None:
    """The timer's work: who paused did not come back, so the clock runs on from the cap."""
    clock = _rows().get(timers=timer)
    if clock.paused_at is not None:
        resume_step(clock, at=at, by=None)


def _locked(clock_id: int) -> Clock:
    """The clock, locked after its lead, as every action on the lead does."""
    lock_lead(Clock.objects.values_list("lead_id", flat=True).get(pk=clock_id))
    return _rows().get(pk=clock_id)


def _rows() -> ClockQuerySet:
    rows = Clock.objects.select_related("lead", "version", "team__department")
    return rows.select_for_update(no_key=True, of=("self",))


def _allowed(clock: Clock, reason: str, at: datetime) -> Pause:
    """The pause as the version lists it. Raises PauseRefused, or AlertWasRaised."""
    if clock.stopped_at is not None:
        raise PauseRefused(_("This clock has stopped already."))
    if clock.paused_at is not None:
        raise PauseRefused(_("This clock stands still already."))
    if at >= clock.due_at:
        raise PauseRefused(_("This was due already. What is due cannot be paused."))
    listed = clock.version.parsed.obligation(clock.obligation).pause(reason)
    if listed is None:
        raise PauseRefused(_("The agreement does not list this reason to pause."))
    if clock.pauses.filter(reason=reason).count() >= listed.times:
        raise PauseRefused(_("The agreement allows no further pause for this reason."))
    if Alert.objects.filter(clock=clock, due_at__gt=at).exists():
        raise AlertWasRaised(_("An alert was raised while this waited. Send it again."))
    return listed


def _moved(clock: Clock, resumed_at: datetime) -> dict[str, object]:
    return {
        "resumed_at": resumed_at,
        "due_at": clock.due_at,
        "paused": clock.paused,
        "steps": {step["key"]: step["at"] for step in clock.steps},
    }


def _record(
    kind: str, clock: Clock, by: User | None, at: datetime, clear: dict[str, object]
) -> None:
    ledger.append(
        kind,
        subject=("clock", clock.pk),
        lead=clock.lead_id,
        at=at,
        by=by,
        department=clock.department_id,
        team=clock.team.key,
        clear=clear,
    )
