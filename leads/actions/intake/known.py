"""Whom the portal knows already: leads found again, and companies nobody hands over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from leads.actions.intake.arrival import Arrival
from leads.actions.journeys import touches
from leads.actions.links import lead_link
from leads.core import identity
from leads.models import Company, Lead, LeadSource
from portal.accounts.models import User
from portal.notifications import outbox
from portal.reader.language import Phrase

MOST_SUSPECTED = 25
MOST_SHARED = 4


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an arrival is closed at intake, and whether the company's owner is told."""

    reason: str
    tells_owner: bool = False


REFUSED = {
    Company.Status.CUSTOMER: Refused("customer", tells_owner=True),
    Company.Status.OPEN_DEAL: Refused("open deal", tells_owner=True),
    Company.Status.COMPETITOR: Refused("competitor"),
    Company.Status.OWN: Refused("own staff"),
}
STUDENT = Refused("student")
_BY_STATUS = {status.value: refused for status, refused in REFUSED.items()}


def by_source(arrival: Arrival) -> Lead | None:
    """The lead that this system's id is the name of, merged ones followed to the end."""
    if not arrival.external_id:
        return None
    names = LeadSource.objects.filter(source=arrival.system, external_id=arrival.external_id)
    name = names.select_related("lead").first()
    return None if name is None else _survivor(name.lead)


def by_mail(lead: Lead) -> Lead | None:
    """The same person's open lead under the same agreement."""
    if not lead.email_key:
        return None
    same = Lead.objects.open().filter(email_key=lead.email_key, agreement=lead.agreement)
    return same.first()


def open_or_closed(arrival: Arrival) -> Lead | None:
    """The latest lead of the same address, open or closed, under any agreement."""
    key = arrival.email_key
    if not key:
        return None
    return Lead.objects.filter(email_key=key, merged_into=None).order_by("-pk").first()


def closed_before(lead: Lead) -> Lead | None:
    """The same person's latest closed lead, which a new one is linked to."""
    if not lead.email_key:
        return None
    closed = Lead.objects.filter(email_key=lead.email_key, merged_into=None)
    return closed.exclude(closed_at=None).order_by("-closed_at", "-pk").first()


def suspected(lead: Lead) -> list[Lead]:
    """Open leads that may be the same person: shown, never merged. See `alike`.

    A number that MOST_SHARED others have is a placeholder, and says nothing.
    """
    found = Lead.objects.open().filter(alike(lead.name, lead.company_id or 0, lead.phone_key))
    some = list(found.exclude(pk=lead.pk).order_by("pk")[:MOST_SUSPECTED])
    named = [one for one in some if one.company_id and one.company_id == lead.company_id]
    return some if len(some) - len(named) < MOST_SHARED else named


def alike(name: Any, company: Any, phone: Any) -> Q:
    """Leads of the same name at the same company's own domain, or of the same number
    elsewhere; each argument is a value or an expression, and no company is 0.

    Colleagues share their company's switchboard: their number says nothing.
    """
    named = Q(name__iexact=name, company=company, company__domain__gt="")
    numbered = Q(phone_key=phone, phone_key__gt="")
    return named | numbered & (Q(company=None) | ~Q(company=company))


def refusal(lead: Lead) -> Refused | None:
    """Why a new lead is not handed over to anybody, if so.

    Imported history stays open where its company is by now a customer or has a deal.
    """
    refused = _by_company(lead)
    if refused is None and identity.is_student(lead.segment, lead.job_title):
        refused = STUDENT
    if refused is not None and refused.tells_owner and lead.imported:
        return None
    return refused


def stays_back(lead: Lead) -> str:
    """Why a lead of an import does not go live with the others; "" if it does."""
    refused = _by_company(lead) or refusal(lead)
    return refused.reason if refused is not None else ""


def _by_company(lead: Lead) -> Refused | None:
    company = lead.company
    return _BY_STATUS.get(company.status) if company is not None else None


def tell_of_hand_raised(lead: Lead, at: datetime) -> None:
    """Tell who has the open handoff that the person raised a hand again."""
    handoff = lead.handoffs.open().select_related("receiver").last()
    if handoff is None or handoff.receiver is None:
        return
    outbox.tell(
        about=f"lead:{lead.pk}:again:{at.isoformat(timespec='seconds')}",
        to=[handoff.receiver],
        channels=["in_app"],
        title=Phrase("%(lead)s raised a hand again") % {"lead": lead},
        link=lead_link(lead.pk),
        at=at,
    )


def tell_of_refused(lead: Lead, refused: Refused, at: datetime) -> None:
    """Tell the owner of the customer or the deal, and log a touch on the deal's lead."""
    company = lead.company
    if company is None or not refused.tells_owner:
        return
    deal = _deal_of(lead, company) if refused.reason == "open deal" else None
    if deal is not None:
        said = _("%(name)s of the same company got in touch") % {"name": lead.name}
        touches.beside(deal, said, at=at)
    owner = company.owner or _seat_holder(deal)
    if owner is not None:
        outbox.tell(
            about=f"lead:{lead.pk}:intake",
            to=[owner],
            channels=["in_app", "mail"],
            title=Phrase("%(lead)s of %(company)s got in touch")
            % {"lead": lead, "company": company},
            link=lead_link((deal or lead).pk),
            at=at,
        )


def _survivor(lead: Lead) -> Lead:
    seen = {lead.pk}
    while lead.merged_into is not None and lead.merged_into.pk not in seen:
        lead = lead.merged_into
        seen.add(lead.pk)
    return lead


def _deal_of(lead: Lead, company: Company) -> Lead | None:
    """The open lead of the company that came furthest with Sales."""
    others = Lead.objects.open().filter(company=company).exclude(pk=lead.pk)
    handed = others.filter(handoffs__accepted_at__isnull=False)
    return handed.order_by("-handoffs__accepted_at").first()


def _seat_holder(deal: Lead | None) -> User | None:
    if deal is None:
        return None
    seat = deal.assignments.filter(until=None, department="sales").select_related("member")
    current = seat.first()
    return current.member if current else None
