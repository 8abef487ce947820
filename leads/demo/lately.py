"""What people did in the last hour, through the portal's own actions: the rarer things."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import F

from leads.actions import clocks
from leads.actions.handing import handoffs, undo
from leads.actions.intake import Arrival, receive
from leads.actions.journeys import journey, merging
from leads.models import Clock, Handoff, Lead
from portal.accounts.models import User
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
    """Somebody pauses a clock, takes an act back, waives a criterion, joins two leads."""
    anna = staff["Anna Keller"]
    paused = _clock("Hanna Virtanen", "disposition")
    clocks.pause(clock_id=paused.pk, reason="call_back", by=anna, at=now - 9 * MINUTE)
    _think_again(_handoff("Oliver Grant"), anna, now - 3 * MINUTE)
    _waive(staff["Priya Nair"], now - 2 * MINUTE)
    _join(staff["Olga Petrova"], now - MINUTE)


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


def _handoff(name: str) -> Handoff:
    found: Handoff = Handoff.objects.open().filter(lead__name=name).latest("offered_at")
    return found


def _clock(name: str, kind: str) -> Clock:
    return Clock.objects.unstopped().get(handoff=_handoff(name), kind=kind)
