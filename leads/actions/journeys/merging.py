"""Two leads that are one person become one; both histories stay, and they count once."""

from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.handing.transitions import lock_lead
from leads.actions.journeys import agreements, journey
from leads.actions.owning import routing
from leads.actions.saving import save
from leads.errors import HandoffIsOpen, LeadIsClosed, NotYours
from leads.models import Lead
from portal import ledger
from portal.accounts import permissions
from portal.accounts.models import Role, User
from portal.ledger import known

# What the remaining lead takes over where it knows nothing itself.
_FIELDS = (
    "email", "email_key", "phone", "job_title", "country", "campaign", "segment", "score",
    "consent",
)  # fmt: skip


@ledger.recorded
def merge(*, lead_id: int, into_id: int, by: User, at: datetime) -> Lead:
    """Let the lead become part of another open one, which learns what it did not know.

    Touches, stages and handoffs stay with the lead they happened to, which is shown with
    the other and counted with it; its seats end. By operations, or who acts for both leads.

    Raises HandoffIsOpen if something is under way on the lead that would vanish, NotYours,
    and LeadIsClosed.
    """
    gone, kept = _both(lead_id, into_id)
    _require_both(gone, kept, by, at)
    if gone.handoffs.open().exists():
        raise HandoffIsOpen(_("Something is under way on this lead: merge the other into it."))
    gone.merged_into = kept
    save(gone, "merged_into", at=at, by=by)
    gone.assignments.filter(until=None).update(until=at)
    known.forget((routing.SEATS, gone.pk))
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


def _both(lead_id: int, into_id: int) -> tuple[Lead, Lead]:
    """Both leads, locked in the order of their ids whichever way they merge."""
    locked = {pk: lock_lead(pk) for pk in sorted({lead_id, into_id})}
    gone, kept = locked[lead_id], locked[into_id]
    if lead_id == into_id:
        raise LeadIsClosed(_("A lead is not merged into itself."))
    for lead in (gone, kept):
        if lead.closed_at is not None or lead.merged_into_id is not None:
            raise LeadIsClosed(_("Only two open leads are merged."))
    return gone, kept


def _require_both(gone: Lead, kept: Lead, by: User, at: datetime) -> None:
    if by.is_active and by.role == Role.OPERATIONS:
        return
    if not (_acts_for(gone, by, at) and _acts_for(kept, by, at)):
        raise NotYours(_("Operations merge leads, or who acts for both of them."))


def _acts_for(lead: Lead, by: User, at: datetime) -> bool:
    seats = lead.assignments.filter(until=None).select_related("team__department")
    return any(permissions.may_act_for(by, seat.member_id, seat.team, at) for seat in seats)


def _learn(kept: Lead, gone: Lead) -> list[str]:
    """Fill what `kept` does not know; return the names of the facts, with their origins."""
    learned = []
    for field in _FIELDS:
        if getattr(kept, field) in (None, "") and getattr(gone, field) not in (None, ""):
            setattr(kept, field, getattr(gone, field))
            learned.append(f"lead.{field}")
    for key in gone.attributes.keys() - kept.attributes.keys():
        kept.attributes[key] = gone.attributes[key]
        learned.append(f"attributes.{key}")
    if kept.company is None and gone.company is not None:
        kept.company = gone.company
        learned.append("company.name")
    kept.provenance |= {
        name: gone.provenance[name] for name in learned if name in gone.provenance
    }
    return sorted(learned)
