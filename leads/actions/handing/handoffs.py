"""A lead is offered from one team to another, and somebody takes it on."""

from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions import clocks
from leads.actions.alerting import notices
from leads.actions.handing import endings, memory, rounds
from leads.actions.handing.refusals import refusal, require
from leads.actions.handing.transitions import handoffs_of, lock, lock_lead, move
from leads.actions.journeys import stages
from leads.actions.owning import routing
from leads.actions.sweeping import timers
from leads.core.guards import Situation
from leads.core.handoff import Move, State, first_refusal
from leads.core.words import reasons
from leads.errors import LeadIsClosed, NoSuchHandoff, NotYours, NoVersionInForce
from leads.models import Company, Handoff, Lead, Timer, Touch
from leads.models.marks import WaiverRequest
from portal import ledger
from portal.accounts import permissions
from portal.accounts.models import User
from sla.core.facts import Facts
from sla.core.terms import Handoff as Kind
from sla.models import Version

_NOT_HANDED_OVER = frozenset(Company.Status.values) - {Company.Status.PROSPECT}


@ledger.recorded
def offer(
    *, lead_id: int, kind: str, by: User | None, at: datetime, waiver_reason: str = ""
) -> Handoff:
    """Offer the lead to the receiving team of `kind`, under the version in force.

    By the giving side; or, with unmet criteria and a reason, by who may waive them for the
    receiver: the receiving department, inside one department its manager.

    Raises NoVersionInForce, NoSuchHandoff, LeadIsClosed, LeadIsHeld, HandoffIsOpen,
    AlreadyThere, PackageIncomplete and CriteriaUnmet (naming what is missing), NotYours.
    """
    lead = lock_lead(lead_id)
    if lead.merged_into_id is not None:  # it has no seat any more that could give it
        raise LeadIsClosed(_("This lead became part of another one."))
    return offer_step(lead, kind, by=by, at=at, waiver_reason=waiver_reason)


def offer_step(
    lead: Lead,
    kind: str,
    *,
    by: User | None,
    at: datetime,
    waiver_reason: str = "",
    facts: Facts | None = None,
) -> Handoff:
    """Offer the locked `lead`: an inner step. `by` None: the portal does, automatically;
    gaps in the package are then listed, and Marketing owes to complete it. `facts` as of
    `at`, where the caller has read them.

    Raises what `offer` raises.
    """
    version = version_of(lead, at)
    agreed = agreed_of(version, kind)
    offered = rounds.look(lead, version, kind, at, facts)
    waived_by = by if waiver_reason.strip() and offered.unmet else None
    handoff = build(lead, version, agreed, automatic=by is None, at=at)
    _require_offerer(handoff, by, waived_by, at)
    situation = offered.situation(situation_of(lead, version, agreed, by, waived_by))
    guard = first_refusal(None, Move.OFFER, situation)
    if guard is not None:
        raise offered.refusal(guard) or refusal(guard)

    handoff.waived_by, handoff.waiver_reason = waived_by, waiver_reason if waived_by else ""
    handoff.receiver, handoff.why = rounds.choose(lead, handoff.receiver_team, at)
    rounds.begin(handoff, offered, at=at)
    move(handoff, Move.OFFER, by=by, at=at, note=handoff.waiver_reason)
    _seat_in_an_empty_seat(handoff, by=by, at=at)
    rounds.start(handoff, at=at)
    if by is not None:
        WaiverRequest.objects.settle(handoff, by=by, at=at)
    return handoff


@ledger.recorded
def accept(*, handoff_id: int, by: User, at: datetime) -> Handoff:
    """Take the handoff on: `by` acts for the receiving team now, and accept stops at `at`.

    Raises HandoffAlreadyAnswered if it was accepted or returned before, so that two people
    who press the button together never both own the lead; HandoffHasMoved; NotYours.
    """
    return accept_step(lock(handoff_id), by=by, at=at)


def accept_step(
    handoff: Handoff,
    *,
    by: User,
    at: datetime,
    touch: Touch | None = None,
    evidence_at: datetime | None = None,
    meeting: bool = False,
) -> Handoff:
    """Accept a locked handoff: an inner step, also of the attempt `touch` that accepts it.

    The stage is entered with the evidence that was frozen at the offer. What the acceptor's
    team had accepted before and handed on with this is completed as moved on. `evidence_at`
    is when a trusted source told of an attempt made at `at`. `meeting`: the lead booked one,
    so the cadence begins only if nobody comes.
    """
    require(handoff, Move.ACCEPT, by=by, at=at)
    seen = memory.remember(handoff, touch=touch)
    meant_for = by if handoff.receiver_id == by.pk else handoff.receiver
    handoff.receiver, handoff.accepted_at = by, at

    made = move(handoff, Move.ACCEPT, by=by, at=at, undo=seen, recorded_at=evidence_at)
    if any(clock["stopped_at"] is None for clock in seen["clocks"]):
        waiting = handoff.clocks.unstopped().filter(kind="accept")
        clocks.stop(waiting, at=at, evidence_at=evidence_at)
    _take_the_seat(handoff, meant_for, by=by, at=at)
    _enter_the_stage(handoff, by=by, at=at, recorded_at=evidence_at)
    clocks.start_for(handoff, "acceptance", at, without=("cadence",) if meeting else ())
    if seen["timers"]:
        timers.cancel_timers(at=at, handoff=handoff, kinds=(Timer.Kind.HANDOFF_EXPIRES,))
    memory.add(made, also=endings.finish_earlier(handoff, at=evidence_at or at))
    return handoff


@ledger.recorded
def reassign(*, handoff_id: int, to: User, by: User, at: datetime) -> Handoff:
    """Give the handoff to another member of the team that has it; no clock restarts.

    An offered or accepted one changes its receiver, a returned one its giver. Raises
    NotInTheTeam, NotYours, HandoffHasMoved.
    """
    handoff = lock(handoff_id)
    returned = handoff.state == State.RETURNED
    team = handoff.giver_team if returned else handoff.receiver_team
    situation = Situation(member=permissions.in_team(to, team))
    require(handoff, Move.REASSIGN, by=by, at=at, situation=situation)
    if not permissions.may_steer(by, team):
        raise NotYours(_("Only the manager or steward of %(team)s do this.") % {"team": team})

    before = handoff.giver if returned else handoff.receiver
    if returned:
        handoff.giver = to
    else:
        handoff.receiver = to
    move(handoff, Move.REASSIGN, by=by, at=at)
    _follow_the_person(handoff, before, to, by=by, at=at)
    notices.reassigned(handoff, to, at)
    return handoff


def _follow_the_person(
    handoff: Handoff, before: User | None, to: User, *, by: User, at: datetime
) -> None:
    """Seat and clocks go with the work; an offer inside a department leaves its seat be."""
    team = to.team
    if team is None:
        return
    department = team.department_id
    current = routing.seat_of(handoff.lead, department)
    if current.member_id in {None, before.pk if before else None}:
        why = [reasons.GIVEN % {"who": by}]
        routing.seat(handoff.lead, department, team=team, member=to, at=at, by=by, why=why)
    clocks.reassign(handoff, department, to, at, team=team)


def version_of(lead: Lead, at: datetime) -> Version:
    """The version in force for the lead. Raises NoVersionInForce, which says why."""
    version = routing.version_for(lead, at)
    if version is not None:
        return version
    if lead.agreement is None:
        raise NoVersionInForce(_("No agreement governs this lead, so nothing is promised."))
    raise NoVersionInForce(
        _("No version of “%(agreement)s” is in force: both departments sign one first.")
        % {"agreement": lead.agreement}
    )


def agreed_of(version: Version, kind: str) -> Kind:
    """What the version says of this kind. Raises NoSuchHandoff."""
    for agreed in version.parsed.handoffs:
        if agreed.key == kind:
            return agreed
    raise NoSuchHandoff(_("The version in force has no such handoff."))


def build(
    lead: Lead, version: Version, agreed: Kind, *, automatic: bool, at: datetime
) -> Handoff:
    """The handoff as it would be, not saved yet; its giver has the giving seat now."""
    seat = routing.seat_of(lead, agreed.giver.department)
    return Handoff(
        lead=lead,
        version=version,
        kind=agreed.key,
        segment=lead.segment,
        automatic=automatic,
        giver_team=routing.team_of_side(agreed.giver.department, agreed.giver.team),
        receiver_team=routing.team_of_side(agreed.receiver.department, agreed.receiver.team),
        giver_id=seat.member_id,
        first_offered_at=at,
        offered_at=at,
    )


def _require_offerer(
    handoff: Handoff, by: User | None, waived_by: User | None, at: datetime
) -> None:
    giving, receiving = handoff.giver_team, handoff.receiver_team
    if waived_by is not None and may_waive(handoff, waived_by, at):
        return
    if waived_by is not None:
        inside = giving.department_id == receiving.department_id
        who = _("its manager") if inside else receiving.department
        raise NotYours(_("Unmet criteria are waived by %(who)s only.") % {"who": who})
    if by is not None and not permissions.may_act_for(by, handoff.giver_id, giving, at):
        raise NotYours(
            _("The lead is offered by who has its seat in %(department)s, or stands in.")
            % {"department": giving.department}
        )


def may_waive(handoff: Handoff, by: User, at: datetime) -> bool:
    """Whether `by` may waive unmet criteria of this handoff."""
    giving, receiving = handoff.giver_team, handoff.receiver_team
    if giving.department_id == receiving.department_id:
        return permissions.heads(by, receiving) or permissions.heads(by, giving)
    seat = routing.seat_of(handoff.lead, receiving.department_id)
    return permissions.may_waive(by, seat.member_id, receiving, at)


def situation_of(
    lead: Lead, version: Version, agreed: Kind, by: User | None, waived_by: User | None
) -> Situation:
    """What the guards of an offer look at, but for package and criteria."""
    order = [stage.key for stage in version.parsed.journey]
    there = lead.stage in order and order.index(lead.stage) >= order.index(agreed.to_stage)
    return Situation(
        lead_open=lead.closed_at is None and lead.merged_into_id is None,
        held=lead.held or _is_known(lead, agreed),
        another_open=any(one.is_open and one.kind == agreed.key for one in handoffs_of(lead)),
        already_there=there,
        automatic=by is None,
        waived=waived_by is not None,
    )


def _is_known(lead: Lead, agreed: Kind) -> bool:
    """Whether the lead's company already has somebody of ours, or is no prospect at all."""
    if agreed.giver.department == agreed.receiver.department or lead.company is None:
        return False
    return lead.company.status in _NOT_HANDED_OVER


def _seat_in_an_empty_seat(handoff: Handoff, *, by: User | None, at: datetime) -> None:
    """The first offer fills the receiving department's seat, until then its pool's."""
    department = handoff.receiver_team.department_id
    if routing.seat_of(handoff.lead, department).member_id is None:
        routing.seat(
            handoff.lead, department, team=handoff.receiver_team, member=handoff.receiver,
            at=at, by=by, why=handoff.why,
        )  # fmt: skip


def _take_the_seat(handoff: Handoff, meant_for: User | None, *, by: User, at: datetime) -> None:
    lead, team = handoff.lead, handoff.receiver_team
    if meant_for != by:
        routing.give_turn_back(lead, team, meant_for, at)
        clocks.reassign(handoff, team.department_id, by, at, team=team)
    if routing.seat_of(lead, team.department_id).member_id != by.pk:
        why = [reasons.ACCEPTED % {"who": by}]
        routing.seat(lead, team.department_id, team=team, member=by, at=at, by=by, why=why)


def _enter_the_stage(
    handoff: Handoff, *, by: User, at: datetime, recorded_at: datetime | None
) -> None:
    stages.enter(
        handoff.lead,
        handoff.version.parsed.handoff(handoff.kind).to_stage,
        at=at,
        by=by,
        version=handoff.version,
        evidence=handoff.evidence,
        handoff=handoff,
        waived_by=handoff.waived_by,
        waiver_reason=handoff.waiver_reason,
        recorded_at=recorded_at,
    )
