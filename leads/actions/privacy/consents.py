"""Consent: said for a purpose, at an instant, through a source; and taken back."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from leads.actions.handing.transitions import lock_lead
from leads.actions.journeys import journey
from leads.actions.saving import save
from leads.core import text
from leads.errors import ConsentRefused, NotYours
from leads.models import Consent, Lead
from portal import ledger
from portal.accounts.models import User

if TYPE_CHECKING:
    from leads.actions.intake.arrival import Arrival


@ledger.recorded
def state(
    *,
    lead_id: int,
    given: bool,
    by: User,
    at: datetime,
    purpose: str = Consent.CONTACT,
    source: str = "",
    said_at: datetime | None = None,
    note: str = "",
) -> Consent:
    """Note that the person agreed, or took consent back, as they told `by`.

    Of the purpose "contact" it is what criteria see from now on: a stage or an automatic
    handoff that asks for consent is not reached without. Clocks run on: who acts closes
    the lead, or asks again. Raises NotYours for who changes no leads, ConsentRefused for a
    time to come, or if the same was said before.
    """
    if not by.may_act:
        raise NotYours(_("Consent is noted by members of both departments and operations."))
    if said_at is not None and said_at > at:
        raise ConsentRefused(_("This time lies in the future."))
    lead = lock_lead(lead_id)
    source = text.line(source, 80) or str(by)
    said = remember(
        lead, given=given, source=source, said_at=said_at or at, at=at, by=by,
        purpose=text.line(purpose, 60) or Consent.CONTACT, note=text.line(note),
    )  # fmt: skip
    if said is None:
        raise ConsentRefused(_("The very same was noted before."))
    if said.purpose == Consent.CONTACT and _is_latest(said) and lead.consent != given:
        lead.consent = given
        lead.provenance["lead.consent"] = {"by": source, "at": at.isoformat()}
        save(lead, "consent", "provenance", at=at, by=by)
    journey.advance(lead, at)
    return said


def of_arrival(lead: Lead, arrival: "Arrival", *, at: datetime, by: User | None) -> None:
    """Keep what a clean arrival says of consent: an inner step on the saved lead."""
    if arrival.consent is None:
        return
    source = arrival.consent_source or arrival.set_by
    purpose = arrival.consent_purpose or Consent.CONTACT
    said_at = arrival.consent_at or arrival.occurred_at or at
    last = lead.consents.filter(purpose=purpose).first()
    if last is not None and last.given == arrival.consent and arrival.consent_at is None:
        return  # said again without a time of its own: nothing new
    remember(
        lead, given=arrival.consent, source=source, said_at=said_at, at=at, by=by,
        purpose=purpose,
    )  # fmt: skip


def remember(
    lead: Lead,
    *,
    given: bool,
    source: str,
    said_at: datetime,
    at: datetime,
    by: User | None,
    purpose: str = Consent.CONTACT,
    note: str = "",
) -> Consent | None:
    """Keep a statement once; None if it is known. An inner step."""
    same = {"purpose": purpose, "given": given, "source": source, "said_at": said_at}
    if lead.consents.filter(**same).exists():
        return None
    said = Consent.objects.create(lead=lead, **same, recorded_at=at, by=by, note=note)
    tell(said)
    return said


def tell(said: Consent) -> None:
    """Say in the ledger what was noted: an inner step."""
    ledger.append(
        "consent_given" if said.given else "consent_withdrawn",
        at=said.recorded_at,
        by=said.by,
        subject=("consent", said.pk),
        lead=said.lead_id,
        clear={"said_at": said.said_at, "by_person": said.by is not None},
        committed={"purpose": said.purpose, "source": said.source, "note": said.note},
    )


def stands(lead: Lead, arrival: "Arrival") -> bool:
    """Whether what a clean arrival says of consent to be contacted counts now.

    A no always does. A yes after a no only if the person gave it later: in a touch of
    their own, or at a time that the source names.
    """
    if arrival.consent is None or arrival.consent_purpose not in ("", Consent.CONTACT):
        return False
    if arrival.consent is False or lead.consent is not False:
        return True
    if arrival.consent_at is None:
        return bool(arrival.touch) and not arrival.imported
    told = lead.provenance.get("lead.consent", {}).get("at", "")
    last = lead.consents.filter(purpose=Consent.CONTACT, given=False).first()
    refused = last.said_at if last else datetime.fromisoformat(told) if told else None
    return refused is None or arrival.consent_at > refused


def _is_latest(said: Consent) -> bool:
    newest = Consent.objects.filter(lead=said.lead_id, purpose=said.purpose).first()
    return newest is not None and newest.pk == said.pk
