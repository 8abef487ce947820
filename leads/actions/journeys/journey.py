"""Moves of a lead on its journey: by a person, and by itself when its facts change."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.handing import handoffs, rounds
from leads.actions.handing.transitions import handoffs_of, lock_lead
from leads.actions.journeys import stages
from leads.actions.journeys.facts import facts_of
from leads.actions.journeys.stages import enter, outcome_of, standing
from leads.actions.owning import routing
from leads.actions.sweeping import holding, timers
from leads.errors import (
    AlreadyThere,
    CriteriaUnmet,
    LeadIsClosed,
    LeadIsHeld,
    NeedsHandoff,
    NotYours,
    NoVersionInForce,
    UnknownStage,
)
from leads.models import Lead, StageEntry, Timer
from portal import ledger
from portal.accounts import permissions
from portal.accounts.models import Team, User
from sla.core.criteria import Outcome
from sla.core.facts import Facts
from sla.core.terms import Stage, Terms
from sla.models import Version

__all__ = ["advance", "begin", "enter", "move", "outcome_of"]


@ledger.recorded
def move(
    *, lead_id: int, to_stage: str, by: User, at: datetime, waiver_reason: str = ""
) -> StageEntry:
    """Move a lead to another stage of the version in force; back is as normal as forward.

    Going forward, unmet criteria need a waiver with its reason: from the receiving
    department where the acting department changes, else from a manager of the one that
    acts. Where the terms have a handoff into the stage, the lead is offered, not moved.

    Raises NotYours, AlreadyThere, NeedsHandoff, CriteriaUnmet with the keys of what is
    missing, LeadIsClosed, NoVersionInForce, UnknownStage.
    """
    lead = locked(lead_id)
    version = routing.version_for(lead, at)
    if version is None:
        raise NoVersionInForce(_("No version of the agreement is in force yet."))
    target = _target(lead, version.parsed, to_stage)
    _require_actor(lead, version.parsed, target, by, at)
    outcome = outcome_of(lead, target, at)
    waived_by = None
    if _is_forward(lead, version.parsed, target):
        waived_by = _waiver(lead, version.parsed, target, outcome, by, at, waiver_reason)
    entry = enter(
        lead,
        target.key,
        at=at,
        by=by,
        version=version,
        evidence=outcome.as_json(),
        waived_by=waived_by,
        waiver_reason=waiver_reason if waived_by else "",
    )
    advance(lead, at)
    return entry


def locked(lead_id: int) -> Lead:
    """The open lead, its row locked until the transaction ends. Raises LeadIsClosed."""
    lead = lock_lead(lead_id)
    if lead.closed_at is not None or lead.merged_into_id is not None:
        raise LeadIsClosed(_("The lead is closed."))
    return lead


def begin(lead: Lead, at: datetime) -> StageEntry | None:
    """Let a lead that is nowhere yet enter the first stage; None without a version."""
    version = routing.version_for(lead, at)
    if version is None or lead.stage:
        return None
    first = version.parsed.journey[0]
    evidence = outcome_of(lead, first, at).as_json()
    return enter(lead, first.key, at=at, by=None, version=version, evidence=evidence)


def advance(lead: Lead, at: datetime) -> None:
    """Follow a change of the facts of the locked `lead`: an inner step.

    Enters each stage of the acting department whose criteria became true and to which no
    handoff leads, in order; then offers each automatic handoff from where the lead now
    stands whose criteria are met. What ended or was left before happens again only on
    newer evidence. A package that lacked something may be complete now. Nothing happens to
    a lead that is closed or held back.
    """
    if lead.closed_at is not None or lead.held or lead.merged_into_id is not None:
        return
    rounds.fill(lead, at)
    version = routing.version_for(lead, at)
    if version is None:
        return
    if not lead.stage:
        begin(lead, at)
    if not standing(lead, version.parsed):
        return
    facts = facts_of(lead, at)
    for stage in _ahead(lead, version.parsed):
        outcome = outcome_of(lead, stage, at, facts)
        if outcome.met and _is_news(lead, stage, outcome):
            evidence = outcome.as_json()
            enter(lead, stage.key, at=at, by=None, version=version, evidence=evidence)
    _offer(lead, version, at, facts)


def _target(lead: Lead, terms: Terms, to_stage: str) -> Stage:
    stages_by_key = {stage.key: stage for stage in terms.journey}
    if to_stage not in stages_by_key:
        raise UnknownStage(_("The version in force has no such stage."))
    if standing(lead, terms) == to_stage:
        raise AlreadyThere(_("The lead is there already."))
    return stages_by_key[to_stage]


def _acting(lead: Lead, terms: Terms, target: Stage) -> Stage:
    """The stage that says who acts now; the target's for a lead that is nowhere known."""
    here = standing(lead, terms)
    return terms.stage(here) if here else target


def _require_actor(lead: Lead, terms: Terms, target: Stage, by: User, at: datetime) -> None:
    """Whoever acts for the lead moves it; the receiving side may too, to waive."""
    departments = {_acting(lead, terms, target).acts, target.acts}
    seats = lead.assignments.filter(until=None, department__in=departments)
    if not any(
        permissions.may_act_for(by, seat.member_id, seat.team, at)
        for seat in seats.select_related("team__department")
    ):
        raise NotYours(_("Who has the lead’s seat moves it, or who stands in for them."))


def _is_forward(lead: Lead, terms: Terms, target: Stage) -> bool:
    order, here = [stage.key for stage in terms.journey], standing(lead, terms)
    return not here or order.index(target.key) > order.index(here)


def _waiver(
    lead: Lead,
    terms: Terms,
    target: Stage,
    outcome: Outcome,
    by: User,
    at: datetime,
    reason: str,
) -> User | None:
    """Who waives unmet criteria; None if there are none to waive."""
    acting = _acting(lead, terms, target)
    changes = acting.acts != target.acts
    if changes and _leads_by_handoff(terms, acting, target):
        raise NeedsHandoff(
            _("A lead comes to “%(stage)s” by a handoff: offer it.") % {"stage": target.name}
        )
    if outcome.met:
        return None
    keys = stages.unmet(outcome)
    if not reason.strip():
        text = _("“%(stage)s” asks for more than is known.") % {"stage": target.name}
        raise CriteriaUnmet(text, unmet=keys)
    seat = routing.seat_of(lead, target.acts)
    may = permissions.may_waive if changes else _manages
    if by.department_id != target.acts or not may(by, seat.member_id, seat.team, at):
        text = (
            _("What is missing can only be waived by the receiving department.")
            if changes
            else _("What is missing can only be waived by a manager.")
        )
        raise CriteriaUnmet(text, unmet=keys)
    return by


def _manages(by: User, owner_id: int | None, team: Team, at: datetime) -> bool:
    return permissions.heads(by, team)


def _leads_by_handoff(terms: Terms, acting: Stage, target: Stage) -> bool:
    return any(
        kind.to_stage == target.key
        and kind.giver.department == acting.acts
        and kind.receiver.department == target.acts
        for kind in terms.handoffs
    )


def _ahead(lead: Lead, terms: Terms) -> Iterator[Stage]:
    """Stages with criteria further on, up to where another acts or a handoff leads."""
    order = [stage.key for stage in terms.journey]
    here = order.index(standing(lead, terms))
    handed = {kind.to_stage for kind in terms.handoffs}
    for stage in terms.journey[here + 1 :]:
        if stage.acts != terms.journey[here].acts or stage.key in handed:
            return
        if stage.criteria is not None:
            yield stage


def _is_news(lead: Lead, stage: Stage, outcome: Outcome) -> bool:
    """Whether the stage was never entered, or its evidence is newer than the way back."""
    entries = lead.stage_entries.filter(undone_at=None)
    if not entries.filter(stage=stage.key).exists():
        return True
    latest = entries.order_by("-entered_at", "-pk").values_list("entered_at", flat=True)
    left_at = latest.first()
    return any(
        one.set_at is not None and left_at is not None and one.set_at > left_at
        for one in outcome.evidence
    )


def _offer(lead: Lead, version: Version, at: datetime, facts: Facts) -> None:
    terms = version.parsed
    here = standing(lead, terms)
    for kind in terms.handoffs:
        if kind.offer != "automatic" or kind.from_stage != here:
            continue
        outcome = outcome_of(lead, terms.stage(kind.to_stage), at, facts)
        if outcome.met and _may_offer(lead, kind.key):
            if holding.doubt() is not None:
                _wait_for_the_time(lead, at)
                return
            with suppress(LeadIsHeld):  # its company is no prospect: nobody is offered it
                handoffs.offer_step(lead, kind.key, by=None, at=at, facts=facts)


def _wait_for_the_time(lead: Lead, at: datetime) -> None:
    """Nothing with a deadline begins by a clock in doubt: the lead is looked at again as
    soon as clocks are checked again."""
    kind = Timer.Kind.OFFER_WAITS
    if not Timer.objects.to_come().filter(lead=lead, kind=kind).exists():
        timers.set_timer(kind, at=holding.trusted_since(at), lead=lead)


def go_on(timer: Timer, at: datetime) -> None:
    """The timer's work: the time is right again, so what waited for it happens now."""
    advance(timer.lead, at)


def _may_offer(lead: Lead, kind: str) -> bool:
    """Whether none is open, and the lead has moved again since the last one of any kind
    ended: being sent back by outside sales is no reason to be offered inside again."""
    told = handoffs_of(lead)
    before = next((one for one in reversed(told) if one.kind == kind), None)
    if before is None:
        return True
    if before.ended_at is None:
        return False
    last = max(one.ended_at for one in told if one.ended_at is not None)
    raised = lead.touches.filter(direction="inbound", undone_at=None, imported=False)
    entered = lead.stage_entries.filter(undone_at=None, entered_at__gt=last)
    return raised.filter(occurred_at__gt=last).exists() or entered.exists()
