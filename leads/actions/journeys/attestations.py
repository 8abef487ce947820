"""Facts that somebody vouches for, as the criteria of the agreement ask for them."""

from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.journeys import journey
from leads.actions.owning import routing
from leads.core import text
from leads.errors import NotYours, UnknownFact
from leads.models import Attestation, Lead
from portal import ledger
from portal.accounts import permissions
from portal.accounts.models import User
from sla.core.criteria import Attested, leaves
from sla.core.terms import Terms


@ledger.recorded
def attest(*, lead_id: int, fact: str, by: User, at: datetime, note: str = "") -> Attestation:
    """Vouch for a fact that the version in force asks about; saying it again changes nothing.

    By who acts for the lead in either department. Raises UnknownFact, NotYours, LeadIsClosed.
    """
    lead = journey.locked(lead_id)
    version = routing.version_for(lead, at)
    if version is None or fact not in facts_asked(version.parsed):
        raise UnknownFact(_("No criterion of the version in force asks for this."))
    _require_seat(lead, by, at)
    standing = Attestation.objects.filter(lead=lead, fact=fact, withdrawn_at=None).first()
    if standing is not None:
        return standing
    said = Attestation.objects.create(
        lead=lead, fact=fact, by=by, at=at, note=text.line(note, 300)
    )
    _record("attested", said, by=by, at=at)
    journey.advance(lead, at)
    return said


@ledger.recorded
def withdraw_attestation(
    *, lead_id: int, fact: str, by: User, at: datetime
) -> Attestation | None:
    """Take a fact back; the entries that relied on it keep their evidence. None: nobody
    vouches for it.

    Raises NotYours, LeadIsClosed.
    """
    lead = journey.locked(lead_id)
    _require_seat(lead, by, at)
    standing = Attestation.objects.filter(lead=lead, fact=fact, withdrawn_at=None).first()
    if standing is None:
        return None
    standing.withdrawn_at, standing.withdrawn_by = at, by
    standing.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _record("attestation_withdrawn", standing, by=by, at=at)
    journey.advance(lead, at)
    return standing


def facts_asked(terms: Terms) -> list[str]:
    """The facts that the criteria of the terms ask somebody to vouch for, in order."""
    asked = (
        leaf.fact
        for _stage, tree in terms.criteria()
        for leaf in leaves(tree)
        if isinstance(leaf, Attested)
    )
    return list(dict.fromkeys(asked))


def _require_seat(lead: Lead, by: User, at: datetime) -> None:
    seats = lead.assignments.filter(until=None).select_related("team__department")
    if not any(permissions.may_act_for(by, seat.member_id, seat.team, at) for seat in seats):
        raise NotYours(_("Who has a seat on the lead vouches for facts, or who stands in."))


def _record(kind: str, said: Attestation, *, by: User, at: datetime) -> None:
    ledger.append(
        kind,
        at=at,
        by=by,
        subject=("attestation", said.pk),
        lead=said.lead_id,
        department=by.department_id,
        clear={"fact": said.fact},
        committed={"note": said.note} if said.note else None,
    )
