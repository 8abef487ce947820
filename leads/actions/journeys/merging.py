"""Two leads that are one person become one; both histories stay, and they count once."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from leads.actions.handing.transitions import lock_lead
from leads.actions.journeys import agreements, journey
from leads.actions.owning import routing
from leads.actions.saving import save
from leads.errors import HandoffIsOpen, LeadIsClosed, NotYours
from leads.models import Lead, Merge
from portal import ledger
from portal.accounts import permissions
from portal.accounts.models import Role, User
from portal.errors import DomainError
from portal.ledger import known

# What the remaining lead takes over where it knows nothing itself.
_FIELDS = (
    "email", "email_key", "phone", "phone_key", "job_title", "country", "campaign", "segment",
    "score", "consent",
)  # fmt: skip


@ledger.recorded
def merge(*, lead_id: int, into_id: int, by: User, at: datetime) -> Lead:
    """Let the lead become part of another open one, which learns what it did not know.

    Touches, stages and handoffs stay with the lead they happened to, which is shown with
    the other and counted with it; its seats end. By operations, or who acts for both leads.

    Raises HandoffIsOpen if something is under way on the lead that would vanish, NotYours,
    and LeadIsClosed.
    """
    gone, kept = lock_both(lead_id, into_id)
    _require_open(gone, kept)
    require_both(gone, kept, by, at)
    _require_still(gone)
    gone.merged_into = kept
    save(gone, "merged_into", at=at, by=by)
    seats = list(gone.assignments.filter(until=None).values_list("pk", flat=True))
    gone.assignments.filter(until=None).update(until=at)
    known.forget((routing.SEATS, gone.pk))
    before = {name: fact_of(kept, name) for name in would_learn(kept, gone)}
    Merge.objects.create(gone=gone, kept=kept, by=by, at=at, before=before, seats=seats)
    learned = _learn(kept, gone)
    if learned:
        save(kept, at=at, by=by)
    ledger.append(
        "lead_merged",
        at=at,
        by=by,
        subject=("lead", gone.pk),
        clear={"into": kept.pk, "learned": learned},
    )
    agreements.choose(kept, at)
    journey.advance(kept, at)
    return kept


def would_learn(kept: Lead, gone: Lead) -> list[str]:
    """The facts that `kept` lacks and `gone` knows, by their names, in their order. Who did
    not want to be contacted in one of them is not contacted in the one that remains."""
    fields = [
        f"lead.{field}"
        for field in _FIELDS
        if getattr(kept, field) in (None, "") and getattr(gone, field) not in (None, "")
    ]
    if gone.consent is False and kept.consent:
        fields.append("lead.consent")
    attributes = (
        f"attributes.{key}" for key in gone.attributes.keys() - kept.attributes.keys()
    )
    company = ["company.name"] if kept.company is None and gone.company is not None else []
    return sorted([*fields, *attributes, *company])


def fact_of(lead: Lead, name: str) -> Any:
    """A fact of a lead by its name: a field, an attribute, or the pk of its company."""
    owner, _dot, field = name.partition(".")
    if owner == "attributes":
        return lead.attributes.get(field)
    return lead.company_id if owner == "company" else getattr(lead, field)


def put_fact(lead: Lead, name: str, value: Any) -> None:
    """Set a fact by its name; an attribute that is None is taken away."""
    owner, _dot, field = name.partition(".")
    if owner == "company":
        lead.company_id = value
    elif owner == "lead":
        setattr(lead, field, value)
    elif value is None:
        lead.attributes.pop(field, None)
    else:
        lead.attributes[field] = value


def in_the_way(gone: Lead, by: User, kept: Lead, at: datetime) -> str:
    """Why `by` cannot merge `gone` into `kept` now, in words; empty if they can."""
    try:
        _require_open(gone, kept)
        require_both(gone, kept, by, at)
        _require_still(gone)
    except DomainError as error:
        return str(error)
    return ""


def lock_both(lead_id: int, other_id: int) -> tuple[Lead, Lead]:
    """Both leads, locked in the order of their ids whichever way they are named."""
    locked = {pk: lock_lead(pk) for pk in sorted({lead_id, other_id})}
    return locked[lead_id], locked[other_id]


def require_both(gone: Lead, kept: Lead, by: User, at: datetime) -> None:
    """Raises NotYours for who is neither operations nor acts for both leads."""
    if by.is_active and by.role == Role.OPERATIONS:
        return
    if not (_acts_for(gone, by, at) and _acts_for(kept, by, at)):
        raise NotYours(_("Operations merge leads, or who acts for both of them."))


def _require_open(gone: Lead, kept: Lead) -> None:
    if gone.pk == kept.pk:
        raise LeadIsClosed(_("A lead is not merged into itself."))
    for lead in (gone, kept):
        if lead.closed_at is not None or lead.merged_into_id is not None:
            raise LeadIsClosed(_("Only two open leads are merged."))


def _require_still(gone: Lead) -> None:
    if gone.handoffs.open().exists():
        raise HandoffIsOpen(_("Something is under way on this lead: merge the other into it."))


def _acts_for(lead: Lead, by: User, at: datetime) -> bool:
    seats = lead.assignments.filter(until=None).select_related("team__department")
    return any(permissions.may_act_for(by, seat.member_id, seat.team, at) for seat in seats)


def _learn(kept: Lead, gone: Lead) -> list[str]:
    """Fill what `kept` does not know; return the names of the facts, with their origins."""
    learned = would_learn(kept, gone)
    for name in learned:
        put_fact(kept, name, fact_of(gone, name))
    kept.provenance |= {
        name: gone.provenance[name] for name in learned if name in gone.provenance
    }
    return learned
