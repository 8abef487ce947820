"""An alert told again later: to who asked for that, and never past the next step."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from leads.actions.alerting.alerts import acts_or_was_told
from leads.actions.alerting.wording import Wording
from leads.actions.handing.transitions import lock_lead
from leads.actions.sweeping import timers
from leads.core import rungs
from leads.core.rungs import Rung
from leads.errors import NotYours, SnoozeRefused
from leads.models import Alert, Clock, Timer
from leads.models.timer import TimerQuerySet
from portal import ledger
from portal.accounts.models import User
from portal.notifications import outbox
from portal.reader import language
from portal.reader.language import Phrase

LONGEST = timedelta(days=1)  # after the last step, when none follows


def latest(clock: Clock, at: datetime) -> datetime:
    """Until when an alert of the clock may be snoozed at `at`: its next step, or a day."""
    to_come = (rungs.instant(step) for step in clock.steps)
    return next((instant for instant in to_come if instant > at), at + LONGEST)


@ledger.recorded
def snooze(*, alert_id: int, until: datetime, by: User, at: datetime) -> Alert:
    """Tell `by` of the alert again at `until`; the clock runs on. Another word replaces it.

    By who was told or acts for the owner, else NotYours. Raises SnoozeRefused if somebody
    has seen it, the clock has stopped, or `until` lies past the next step or not ahead.
    """
    rows = Alert.objects.filter(pk=alert_id)
    lead = lock_lead(rows.values_list("clock__lead_id", flat=True).get())
    rows = rows.select_related("clock__team__department")
    alert = rows.select_for_update(no_key=True, of=("self",)).get()
    if not acts_or_was_told(alert, by, at):
        raise NotYours(_("Only who was told of this, or acts on it, can snooze it."))
    _refuse(alert, until, at)
    clock = alert.clock
    _waiting(alert).update(cancelled_at=at)
    timers.set_timer(Timer.Kind.SNOOZE_ENDS, at=until, lead=lead, clock=clock, note=alert.step)
    alert.snoozed_until, alert.snoozed_by = until, by
    alert.save(update_fields=["snoozed_until", "snoozed_by"])
    ledger.append(
        ledger.Kind.ALERT_SNOOZED,
        subject=("alert", alert.pk),
        lead=clock.lead_id,
        at=at,
        by=by,
        department=by.department_id,
        clear={"clock": clock.pk, "step": alert.step, "until": until},
    )
    return alert


def tell_again(timer: Timer, at: datetime) -> None:
    """The timer's work: the snooze is over, unless somebody saw it or the clock stopped."""
    alert = (
        Alert.objects.select_related("clock", "snoozed_by")
        .select_for_update(no_key=True, of=("self",))
        .get(clock=timer.clock_id, step=timer.note)
    )
    clock, reader = alert.clock, alert.snoozed_by
    if reader is None or alert.acknowledged_at is not None or clock.stopped_at is not None:
        return
    step = next(Rung.from_json(one) for one in clock.steps if one["key"] == alert.step)
    wording = Wording([clock])
    with language.spoken_to(reader):
        title, text = wording.of(clock, step, reader.zone)
    outbox.tell(
        about=f"alert:{alert.pk}:again:{timer.pk}",
        to=[reader],
        channels=step.channels,
        title=Phrase("Again: %(what)s") % {"what": title},
        text=text,
        link=wording.link(clock),
        level="risk" if alert.level == "before" else "late",
        at=at,
    )


def _refuse(alert: Alert, until: datetime, at: datetime) -> None:
    if alert.clock.stopped_at is not None:
        raise SnoozeRefused(_("This clock has stopped already."))
    if alert.acknowledged_at is not None:
        raise SnoozeRefused(_("Somebody has seen this and acts."))
    if not at < until <= latest(alert.clock, at):
        raise SnoozeRefused(_("An alert is snoozed until its next step at most."))


def _waiting(alert: Alert) -> TimerQuerySet:
    kind = Timer.Kind.SNOOZE_ENDS
    return Timer.objects.to_come().filter(clock=alert.clock_id, kind=kind, note=alert.step)
