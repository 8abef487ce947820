"""An offer while it is written: what it lacks, who would get it, and sending it off.

What is typed and not saved yet counts as if it were known, on a lead in memory only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leads.actions.handing import handoffs, refusals, rounds
from leads.actions.handing.transitions import lock_lead
from leads.actions.intake import people
from leads.actions.intake.arrival import Arrival, cleaned
from leads.actions.journeys import journey
from leads.actions.journeys.facts import with_fields_of
from leads.core.guards import Guard
from leads.core.handoff import Move, first_refusal
from leads.models import Company, Handoff, Lead
from portal import ledger
from portal.accounts import permissions
from portal.accounts.models import User
from sla.core.criteria import Evidence, FieldIs, Leaf, leaves
from sla.core.facts import Facts
from sla.core.terms import Handoff as Kind
from sla.models import Version

Value = str | int | bool
OF_A_ROUND = (Guard.PACKAGE, Guard.CRITERIA)


@dataclass(frozen=True, slots=True)
class Draft:
    """How an offer would stand. `refusal`: what no value and no waiver mends, "" if nothing.

    `leaf_of` finds the criterion behind a line of the evidence.
    """

    kind: Kind
    handoff: Handoff
    offered: rounds.Offer
    refusal: str
    may_offer: bool
    may_waive: bool
    leaf_of: Mapping[str, Leaf]

    @property
    def is_ready(self) -> bool:
        """Whether pressing the button would offer it now, without a waiver."""
        lacks = self.offered.missing or self.offered.unmet
        return self.may_offer and not lacks and not self.refusal

    @property
    def stands_in_the_way(self) -> tuple[Evidence, ...]:
        unmet = self.offered.unmet
        return tuple(one for one in self.offered.outcome.evidence if one.key in unmet)


@ledger.recorded
def offer(
    *,
    lead_id: int,
    kind: str,
    by: User,
    at: datetime,
    waiver_reason: str = "",
    values: Mapping[str, Value] | None = None,
) -> Handoff:
    """Fill in what was typed, then offer the lead: both, or neither.

    Blanks are filled and nothing is overwritten. Raises what `handoffs.offer` raises.
    """
    lead = lock_lead(lead_id)
    if values:
        told = cleaned(arrival_of(values, set_by=str(by)))
        people.learn(lead, told, at=at, by=by, overwrite=False)
    handoff = handoffs.offer_step(lead, kind, by=by, at=at, waiver_reason=waiver_reason)
    journey.advance(lead, at)
    return handoff


def look(
    lead: Lead,
    kind: str,
    *,
    by: User,
    at: datetime,
    facts: Facts,
    values: Mapping[str, Value] | None = None,
) -> Draft:
    """See how an offer of `kind` by `by` would stand now; nothing is written.

    `lead` is the caller's own copy: `values` are set on it. `facts` are those of the lead
    as it is saved. Raises NoVersionInForce and
    NoSuchHandoff.
    """
    version = handoffs.version_of(lead, at)
    agreed = handoffs.agreed_of(version, kind)
    overlay(lead, values or {}, by=by, at=at)
    offered = rounds.look(lead, version, kind, at, with_fields_of(lead, facts))
    handoff = handoffs.build(lead, version, agreed, automatic=False, at=at)
    situation = offered.situation(handoffs.situation_of(lead, version, agreed, by, None))
    guard = first_refusal(None, Move.OFFER, situation)
    return Draft(
        kind=agreed,
        handoff=handoff,
        offered=offered,
        refusal=str(refusals.refusal(guard)) if guard and guard not in OF_A_ROUND else "",
        may_offer=permissions.may_act_for(by, handoff.giver_id, handoff.giver_team, at),
        may_waive=handoffs.may_waive(handoff, by, at),
        leaf_of=_leaves(version, agreed),
    )


def asked(
    lead: Lead, version: Version, agreed: Kind, at: datetime, facts: Facts
) -> dict[str, str]:
    """The blanks that an offer asks for, with their types: of the package, then of criteria."""
    offered = rounds.look(lead, version, agreed.key, at, facts)
    found = dict.fromkeys(offered.missing, "text")
    of_leaves = _leaves(version, agreed)
    for one in offered.outcome.evidence:
        leaf = of_leaves.get(one.key)
        if one.missing and isinstance(leaf, FieldIs):
            found[leaf.field] = leaf.type
    return found


def overlay(lead: Lead, values: Mapping[str, Value], *, by: User, at: datetime) -> None:
    """Let `lead`, in memory, know what was typed; nothing is saved."""
    origin = {"by": str(by), "at": at.isoformat()}
    for name, value in values.items():
        owner, _dot, field = name.partition(".")
        if owner == "attributes":
            lead.attributes = {**lead.attributes, field: value}
            lead.provenance = {**lead.provenance, name: origin}
            continue
        if owner == "company" and lead.company is None:
            lead.company = Company(name="")
        holder: Any = lead if owner == "lead" else lead.company
        setattr(holder, field, value)
        holder.provenance = {**holder.provenance, name: origin}


def arrival_of(values: Mapping[str, Value], *, set_by: str) -> Arrival:
    """`lead.phone` is the arrival's phone, `company.country` its company_country."""
    fields: dict[str, Any] = {}
    attributes: dict[str, Value] = {}
    for name, value in values.items():
        owner, _dot, field = name.partition(".")
        if owner == "attributes":
            attributes[field] = value
        else:
            fields[field if owner == "lead" else f"company_{field}"] = value
    return Arrival(**fields, attributes=attributes, set_by=set_by)


def _leaves(version: Version, agreed: Kind) -> dict[str, Leaf]:
    criteria = version.parsed.stage(agreed.to_stage).criteria
    return {leaf.key: leaf for leaf in leaves(criteria)} if criteria is not None else {}
