"""A lead arrives, through whatever door: who it is, whether it is handed over, whose it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import IntegrityError
from django.utils.translation import gettext as _

from leads.actions.handing.transitions import lock_lead
from leads.actions.intake import companies, known
from leads.actions.intake.arrival import Arrival, cleaned
from leads.actions.intake.people import arrived, build, learn, remember_source
from leads.actions.journeys import agreements, journey, touches
from leads.actions.owning import routing
from leads.actions.privacy import consents
from leads.actions.saving import save
from leads.errors import NobodyNamed, PersonErased
from leads.models import Lead, Touch
from portal import ledger
from portal.accounts.models import User

_HAND_RAISED = "form"
_MOMENT = timedelta(seconds=10)  # the same form again within it is a press too many
_TRIES = 3  # an arrival can meet another one by its id, its company and its address
Outcome = Literal["new", "updated", "duplicate", "touch", "closed_at_intake"]


@dataclass(frozen=True, slots=True)
class Received:
    """The lead an arrival became, or was found to be, and what that made of it."""

    lead: Lead
    outcome: Outcome


def receive(*, arrival: Arrival, at: datetime, by: User | None = None) -> Received:
    """Take an arrival in, once, whoever else takes the same one in at this moment.

    Raises NobodyNamed if nothing says who it is, NoTeam if a department has no team.
    """
    for _try in range(_TRIES):
        try:
            return _receive(arrival=arrival, at=at, by=by)
        except IntegrityError:
            # Somebody took the same person, id or company in a moment ago: now it is found.
            continue
    return _receive(arrival=arrival, at=at, by=by)


@ledger.recorded
def _receive(*, arrival: Arrival, at: datetime, by: User | None) -> Received:
    return receive_step(arrival, at=at, by=by)


def receive_step(arrival: Arrival, *, at: datetime, by: User | None = None) -> Received:
    """`receive` as an inner step. Identity, in this order: `(source, external id)`; then the
    mail address among the open leads of the agreement; then it is somebody new."""
    clean = cleaned(arrival)
    if not clean.has_a_name:
        raise NobodyNamed(_("Nothing says who this is: no name, address, number or id."))
    lead = known.by_source(clean)
    if lead is not None:
        return _told_again(lead, clean, at=at, by=by)
    company = companies.company_of(clean, at)
    lead = build(clean, company, at)
    lead.agreement, why = agreements.governing(lead, at)
    same = known.by_mail(lead)
    if same is not None:
        return _came_again(same, clean, at=at, by=by)
    return _new(lead, clean, why, at=at, by=by)


def _told_again(lead: Lead, arrival: Arrival, *, at: datetime, by: User | None) -> Received:
    """The same record of the same system: what it says now counts."""
    lead = _locked(lead)
    changed = learn(lead, arrival, at=at, by=by, overwrite=True)
    if not _is_repeated(lead, arrival, arrival.touch, at):
        _touch(lead, arrival, at=at, by=by)
    if changed and not arrival.imported:
        _follow(lead, at)
    return Received(lead, "updated" if changed else "duplicate")


def _came_again(lead: Lead, arrival: Arrival, *, at: datetime, by: User | None) -> Received:
    """The same person through another door: a hand raised again, on the lead that is open."""
    lead = _locked(lead)
    remember_source(lead, arrival, at)
    changed = learn(lead, arrival, at=at, by=by, overwrite=False)
    if arrival.imported:
        return Received(lead, "updated" if changed else "duplicate")
    if _is_repeated(lead, arrival, arrival.touch or _HAND_RAISED, at):
        _follow(lead, at)
        return Received(lead, "updated" if changed else "duplicate")
    under_way = lead.handoffs.open().exists()
    _touch(lead, arrival, at=at, by=by, kind=_HAND_RAISED)
    if under_way:
        known.tell_of_hand_raised(lead, at)
        journey.advance(lead, at)
    else:
        _follow(lead, at)
    return Received(lead, "touch" if under_way else "updated")


class _Overtaken(IntegrityError):
    """Who was found is nobody any more: to be looked for once more."""


def _locked(lead: Lead) -> Lead:
    """The lead that was found, locked. Raises _Overtaken if the person was erased, or the
    lead became part of another one, while this waited for its turn."""
    try:
        locked = lock_lead(lead.pk)
    except PersonErased as erased:
        raise _Overtaken from erased
    if locked.merged_into_id != lead.merged_into_id:
        raise _Overtaken
    return locked


def _new(lead: Lead, arrival: Arrival, why: str, *, at: datetime, by: User | None) -> Received:
    lead.previous = known.closed_before(lead)
    refused = known.refusal(lead)
    if refused is not None:
        lead.closed_at, lead.closed_as = at, Lead.Closed.AT_INTAKE
        lead.closed_reason = refused.reason
    save(lead, at=at, by=by)
    remember_source(lead, arrival, at)
    ledger.append("lead_arrived", **arrived(lead), at=at, by=by)
    consents.of_arrival(lead, arrival, at=at, by=by)
    if lead.agreement_id is not None:
        ledger.append("agreement_chosen", **agreements.chosen(lead, why), at=at)
    if refused is not None:
        known.tell_of_refused(lead, refused, at)
        return Received(lead, "closed_at_intake")
    routing.first_seats(lead, at)
    if not lead.held:
        journey.begin(lead, at)
    _touch(lead, arrival, at=at, by=by)
    journey.advance(lead, at)
    return Received(lead, "new")


def _touch(
    lead: Lead, arrival: Arrival, *, at: datetime, by: User | None, kind: str = ""
) -> None:
    """Log how the person came, if it was a touch: inbound, and Marketing's."""
    if kind := arrival.touch or kind:
        touches.arrived(
            lead, kind, at=at, source=arrival.source, by=by,
            claimed_at=arrival.occurred_at, imported=arrival.imported,
        )  # fmt: skip


def _is_repeated(lead: Lead, arrival: Arrival, kind: str, at: datetime) -> bool:
    """Whether the very same touch came in before: the source says the same time of it, or,
    where it says none, it came a moment ago."""
    same = Touch.objects.filter(
        lead=lead, kind=kind, source=arrival.source or touches.PORTAL, undone_at=None,
        direction=Touch.Direction.INBOUND,
    )  # fmt: skip
    if arrival.occurred_at is not None:
        return bool(kind) and same.filter(claimed_at=arrival.occurred_at).exists()
    return bool(kind) and same.filter(claimed_at=None, recorded_at__gt=at - _MOMENT).exists()


def _follow(lead: Lead, at: datetime) -> None:
    """Facts changed: another agreement may fit, a stage be met, a handoff be due."""
    if lead.closed_at is None:
        agreements.choose(lead, at)
        journey.advance(lead, at)
