"""Which agreement governs a lead."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from leads.actions.handing.transitions import handoffs_of
from leads.actions.journeys.facts import facts_of
from leads.actions.saving import save
from leads.models import Lead
from portal import ledger
from portal.ledger import known
from sla.core import criteria
from sla.models import Agreement, Version


def governing(
    lead: Lead, at: datetime, agreements: Iterable[Agreement] | None = None
) -> tuple[Agreement | None, str]:
    """The first agreement, in their order, whose scope takes `lead`, and why in a line.

    None if no agreement fits and none is the default; one without a scope takes no lead
    unless it is the default, and one of which no version was in force yet none from one that
    has. Who asks for many leads reads the `agreements` once.
    """
    for agreement in _in_order() if agreements is None else agreements:
        if agreement.scope is None:
            if agreement.is_default:
                return agreement, f"{agreement.name}: the default"
            continue  # nobody has said yet which leads it takes
        outcome = criteria.evaluate(criteria.read(agreement.scope), facts_of(lead, at), at)
        if outcome.met and has_begun(agreement, at):
            said = "; ".join(one.sentence for one in outcome.evidence if one.met)
            return agreement, f"{agreement.name}: {said or 'its scope is met'}"
    return None, "no agreement takes this lead"


def has_begun(agreement: Agreement, at: datetime) -> bool:
    """Whether a version of it was in force by `at`, or none of any agreement was: a part that
    is split off takes its first lead with its second signature."""
    begun = known.once(("agreements begun", at), lambda: set(Version.objects.begun(at)))
    return not begun or agreement.pk in begun


def _in_order() -> list[Agreement]:
    return known.once(("agreements in order",), lambda: list(Agreement.objects.in_order()))


def choose(lead: Lead, at: datetime) -> Agreement | None:
    """Choose the agreement of a locked lead anew, on the facts of now: an inner step.

    Only while it has no open handoff: what is under way keeps its agreement. Nor does the
    lead move where the same person has an open lead already.
    """
    if any(one.is_open for one in handoffs_of(lead)):
        return lead.agreement
    agreement, why = governing(lead, at)
    if agreement is None or agreement.pk == lead.agreement_id:
        return lead.agreement
    if _is_taken(lead, agreement):
        return lead.agreement
    lead.agreement = agreement
    save(lead, "agreement", at=at, by=None)
    ledger.append("agreement_chosen", **chosen(lead, why), at=at)
    return agreement


def chosen(lead: Lead, why: str) -> dict[str, Any]:
    """What the ledger says of the agreement that governs the lead from now on."""
    return {
        "subject": ("lead", lead.pk),
        "clear": {"agreement": lead.agreement_id},
        "committed": {"why": why},
    }


def _is_taken(lead: Lead, agreement: Agreement) -> bool:
    if not lead.email_key:
        return False
    same = Lead.objects.open().filter(email_key=lead.email_key, agreement=agreement)
    return same.exclude(pk=lead.pk).exists()
