"""What people did in the last hour, through the portal's own actions: the rarer things."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F

from leads.actions import clocks
from leads.actions.handing import handoffs, undo
from leads.actions.intake import Arrival, receive
from leads.actions.journeys import journey, merging
from leads.actions.reviewing import causes
from leads.demo.people import BERLIN
from leads.models import Clock, Handoff, Lead
from leads.reports.breaches import breaches
from leads.reports.period import Filters
from portal.accounts.models import Department, User
from portal.notifications.models import Delivery

MINUTE = timedelta(minutes=1)
UNREAD = 20 * MINUTE  # what came since then is still to be read
READ_AFTER = 12 * MINUTE
DOUBLE = Arrival(
    name="Samira Haddad", email="s.haddad@mail.example", phone="+1 312 555 0148",
    company_name="Delta Cold Chain", country="US", source="social", segment="content",
    touch="content", campaign="Pump failure checklist", set_by="form",
)  # fmt: skip


def happen(staff: Mapping[str, User], *, now: datetime) -> None:
    """Somebody pauses a clock, takes an act back, waives a criterion, joins two leads; the
    heads say why promises broke."""
    anna = staff["Anna Keller"]
    paused = _clock("Hanna Virtanen", "disposition")
    clocks.pause(clock_id=paused.pk, reason="call_back", by=anna, at=now - 9 * MINUTE)
    _think_again(_handoff("Oliver Grant"), anna, now - 3 * MINUTE)
    _waive(staff["Priya Nair"], now - 2 * MINUTE)
    _join(staff["Olga Petrova"], now - MINUTE)
    _say_why(now)


def read_messages(*, now: datetime) -> None:
    """Everybody has read what is older than a few minutes, and old mails have left."""
    told = Delivery.objects.in_app().filter(read_at=None, created_at__lte=now - UNREAD)
    told.update(read_at=F("created_at") + READ_AFTER)
    left = Delivery.objects.pending().filter(about__startswith="pace:", next_at__lte=now)
    left.update(state=Delivery.State.SENT, sent_at=F("next_at"), next_at=None, attempts=1)


def _think_again(handoff: Handoff, by: User, at: datetime) -> None:
    handoffs.accept(handoff_id=handoff.pk, by=by, at=at)
    undo.undo(handoff_id=handoff.pk, by=by, at=at + timedelta(seconds=14))


def _waive(by: User, at: datetime) -> None:
    """The newest lead that still looks around is taken further, for a reason."""
    lead = Lead.objects.open().filter(stage="exploring").latest("received_at")
    reason = "Met at the fair; they compare us with two others"
    journey.move(lead_id=lead.pk, to_stage="comparing", by=by, at=at, waiver_reason=reason)


def _join(by: User, at: datetime) -> None:
    """The same person came a second time, by another address."""
    double = receive(arrival=DOUBLE, at=at - 5 * MINUTE).lead
    kept = Lead.objects.open().get(name=DOUBLE.name, email__startswith="samira@")
    merging.merge(lead_id=double.pk, into_id=kept.pk, by=by, at=at)


def _say_why(now: datetime) -> None:
    """Of the last month both heads agreed on two causes; a third waits for Marketing."""
    heads = {one.key: one.head for one in Department.objects.select_related("head")}
    this = Filters.from_query({"period": "month"}, now, ZoneInfo(BERLIN))
    groups = breaches(this.during(this.period.before), now).groups[:3]
    said = [("capacity", True), ("absence", True), ("data", False)]
    for group, (cause, agreed) in zip(groups, said, strict=False):
        clocks = [clock.pk for clock in group.clocks]
        for by in (heads["sales"], heads["marketing"])[: 1 + agreed]:
            if by is not None:
                causes.say(clocks=clocks, cause=cause, text="", by=by, at=now - 5 * MINUTE)


def _handoff(name: str) -> Handoff:
    found: Handoff = Handoff.objects.open().filter(lead__name=name).latest("offered_at")
    return found


def _clock(name: str, kind: str) -> Clock:
    return Clock.objects.unstopped().get(handoff=_handoff(name), kind=kind)
