"""Material of the library that Sales used without asking for it."""

from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.contributions import TOUCH_KINDS
from leads.actions.handing.transitions import lock_lead
from leads.actions.journeys import journey, touches
from leads.actions.library import keeping
from leads.actions.owning import routing
from leads.errors import (
    ContentRefused,
    ContributionSettled,
    LeadIsClosed,
    NotYours,
    NoVersionInForce,
)
from leads.models import Content, Contribution, Lead
from portal import ledger
from portal.accounts.models import User
from portal.accounts.permissions import may_act_for


@ledger.recorded
def take(*, lead_id: int, content_id: int, by: User, at: datetime) -> Contribution:
    """Record that ready material was used with the lead, by who has the Sales seat or
    stands in.

    It is a contribution that nobody had to deliver: used at `at`, without a clock, and a
    touch of Marketing's with the lead. Raises LeadIsClosed, NotYours, NoVersionInForce,
    ContentRefused for what is not ready, ContributionSettled if it was used with this lead.
    """
    lead = lock_lead(lead_id)
    _require(lead, by, at)
    content = Content.objects.ready(keeping.day_of(by, at)).filter(pk=content_id).first()
    if content is None:
        raise ContentRefused(_("This is not in the library, or it is valid no more."))
    if lead.contributions.filter(content=content, used=True).exists():
        raise ContributionSettled(_("It is recorded already as used with this lead."))
    version = routing.version_for(lead, at)
    if version is None:
        raise NoVersionInForce(_("No version is in force, so nothing can be counted."))
    taken = Contribution.objects.create(
        lead=lead, version=version, kind=content.kind, subject=content.title,
        competitor=content.competitor, content=content, link=content.link,
        asked_by=by, asked_at=at, owner=routing.seat_of(lead, "marketing").member,
        delivered_at=at, used=True, answered_at=at,
    )  # fmt: skip
    _record(taken, by, at)
    kind = TOUCH_KINDS.get(content.kind, "content")
    touches.material(lead, kind, content.title, by=by, at=at)
    journey.advance(lead, at)
    return taken


def _require(lead: Lead, by: User, at: datetime) -> None:
    if lead.closed_at is not None or lead.merged_into_id is not None:
        raise LeadIsClosed(_("This lead is closed."))
    seat = routing.seat_of(lead, "sales")
    if not may_act_for(by, seat.member_id, seat.team, at):
        raise NotYours(_("Only who has the seat of Sales may do this, or stands in."))


def _record(taken: Contribution, by: User, at: datetime) -> None:
    ledger.append(
        ledger.Kind.CONTRIBUTION_USED,
        subject=("contribution", taken.pk),
        lead=taken.lead_id,
        at=at,
        by=by,
        department=by.department_id,
        clear={"used": True, "taken": True, "content": taken.content_id, "kind": taken.kind},
    )
