"""Meetings that leads book themselves, and leads that do not come."""

from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions import clocks
from leads.actions.handing import handoffs
from leads.actions.handing.transitions import lock, lock_lead, move
from leads.actions.journeys import journey
from leads.actions.journeys.touches import PORTAL, write
from leads.actions.owning import routing
from leads.core import text
from leads.core.handoff import Move, State
from leads.core.words import reasons
from leads.errors import MeetingRefused, NotYours
from leads.models import Handoff, Lead, Meeting, Touch, Turn
from portal import ledger
from portal.accounts import permissions
from portal.accounts.models import Team, User


@ledger.recorded
def book(
    *,
    lead_id: int,
    host: User,
    starts_at: datetime,
    at: datetime,
    by: User | None = None,
    source: str = PORTAL,
    external_id: str = "",
) -> Meeting:
    """Record that the lead booked a meeting with `host`: an attempt that nobody had to make.

    The host's turn is spent. What is offered to the host's team goes to the host and is
    accepted by it, and its cadence does not begin: somebody is to come. `by` None: a booking
    system. The same booking of the same system is recorded once.

    Raises MeetingRefused for a meeting in the past or a host without a team, NotYours for
    who belongs to the other department, LeadIsClosed.
    """
    source, external_id = text.line(source, 80), text.line(external_id, 120)
    lead = journey.locked(lead_id)
    if (before := _known(source, external_id)) is not None:
        return before
    team = _require_host(host, by, starts_at, at)
    touch = write(
        Touch(
            lead=lead, handoff=_open_for(lead, team), department_id=team.department_id,
            kind="meeting", direction="inbound", by=by, source=source, external_id=external_id,
            subject=_("Booked a meeting with %(host)s") % {"host": host}, occurred_at=at,
            recorded_at=at,
        )
    )  # fmt: skip
    turn = _spend(lead, team, host, at)
    meeting = Meeting.objects.create(touch=touch, host=host, starts_at=starts_at, turn=turn)
    said = {"meeting": meeting.pk, "host": host.pk, "starts_at": starts_at}
    _record("meeting_booked", meeting, team, said, by=by, at=at)
    journey.advance(lead, at)
    handoff = _open_for(lead, team)
    if handoff is not None:
        _take_on(lock(handoff.pk), touch, host, by=by, at=at)
    return meeting


@ledger.recorded
def missed(*, meeting_id: int, by: User, at: datetime) -> Meeting:
    """Say that the lead did not come: the host's turn is given back, the cadence begins.

    What the booking met stays met. Raises NotYours, and MeetingRefused for a meeting that
    is yet to begin or was missed before.
    """
    lead_id = Meeting.objects.values_list("touch__lead", flat=True).get(pk=meeting_id)
    lead = lock_lead(lead_id)
    meeting = Meeting.objects.select_related("touch", "host__team__department").get(
        pk=meeting_id
    )
    team = _team_of(meeting.host)
    if not permissions.may_act_for(by, meeting.host_id, team, at):
        raise NotYours(_("Who hosts the meeting says so, or who stands in."))
    if meeting.missed_at is not None:
        raise MeetingRefused(_("Somebody said so before. Nothing was changed."))
    if meeting.starts_at > at:
        raise MeetingRefused(_("This meeting has not begun yet."))
    meeting.missed_at, meeting.missed_by = at, by
    meeting.save(update_fields=["missed_at", "missed_by"])
    _record("meeting_missed", meeting, team, {"meeting": meeting.pk}, by=by, at=at)
    routing.give_turn_back(lead, team, meeting.host, at)
    handoff = _open_for(lead, team)
    if handoff is not None and handoff.state == State.ACCEPTED:
        _begin_the_cadence(lock(handoff.pk), at)
    return meeting


def _known(source: str, external_id: str) -> Meeting | None:
    if not external_id:
        return None
    return Meeting.objects.filter(touch__in=Touch.objects.named(source, external_id)).first()


def _require_host(host: User, by: User | None, starts_at: datetime, at: datetime) -> Team:
    if starts_at <= at:
        raise MeetingRefused(_("A meeting that is booked lies ahead."))
    if not host.is_active or host.team is None:
        raise MeetingRefused(_("A host is an active member of a team."))
    if by is not None and by.department_id != host.department_id:
        raise NotYours(_("A booking is entered by the department of its host."))
    return host.team


def _team_of(host: User) -> Team:
    if host.team is None:
        raise MeetingRefused(_("The host is in no team any more."))
    return host.team


def _spend(lead: Lead, team: Team, host: User, at: datetime) -> Turn | None:
    """The host's turn for this lead: the one that routing spent already, else a new one."""
    spent = Turn.objects.filter(lead=lead, team=team, member=host, given_back_at=None)
    return spent.order_by("-pk").first() or routing.spend_turn_of(team, lead, host, at)


def _open_for(lead: Lead, team: Team) -> Handoff | None:
    """The handoff that waits for this team or is with it."""
    found = lead.handoffs.filter(receiver_team=team, state__in=(State.OFFERED, State.ACCEPTED))
    return found.order_by("-offered_at", "-pk").first()


def _take_on(
    handoff: Handoff, touch: Touch, host: User, *, by: User | None, at: datetime
) -> None:
    """The attempt counts for the handoff; an offered one goes to the host, accepted."""
    if handoff.state == State.OFFERED:
        if handoff.receiver_id != host.pk:
            _go_to(handoff, host, by=by, at=at)
        touch.handoff = handoff
        touch.save(update_fields=["handoff"])
        handoffs.accept_step(handoff, by=host, at=at, touch=touch, meeting=True)
    clocks.attempted(handoff, at)


def _go_to(handoff: Handoff, host: User, *, by: User | None, at: datetime) -> None:
    """Whom it was offered to gets their turn back; no clock restarts."""
    team = handoff.receiver_team
    routing.give_turn_back(handoff.lead, team, handoff.receiver, at)
    handoff.receiver = host
    handoff.why = [reasons.HOSTS % {"host": host}]
    move(handoff, Move.REASSIGN, by=by or host, at=at)
    clocks.reassign(handoff, team.department_id, host, at, team=team)


def _begin_the_cadence(handoff: Handoff, at: datetime) -> None:
    """Once in a round: a lead that was called before the meeting has its cadence already."""
    before = handoff.clocks.filter(kind="cadence", round=handoff.round)
    if not before.exclude(outcome="cancelled").exists():
        clocks.start_for(handoff, "acceptance", at, only=("cadence",))


def _record(
    kind: str, meeting: Meeting, team: Team, said: dict[str, object], *, by: User | None,
    at: datetime,
) -> None:  # fmt: skip
    ledger.append(
        kind, at=at, by=by, subject=("touch", meeting.touch_id), lead=meeting.touch.lead_id,
        department=team.department_id, team=team.key, clear=said,
    )  # fmt: skip
