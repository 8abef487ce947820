"""Giving a seat to somebody else, with all that goes with it."""

from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions import clocks
from leads.actions.journeys import journey
from leads.actions.owning import routing
from leads.core.words import reasons
from leads.errors import HandoffIsOpen, NotInTheTeam, NotYours
from leads.models import Assignment, Handoff
from portal import ledger
from portal.accounts import permissions
from portal.accounts.models import User


@ledger.recorded
def reassign_seat(
    *, lead_id: int, department: str, to: User, by: User, at: datetime
) -> Assignment:
    """Give a department's seat on an open lead to another member of the department.

    For the team's manager and steward, the head and operations. What the department owes
    as the giver of a handoff goes with the seat, on the same clocks. Raises HandoffIsOpen
    where it is the receiver: then the handoff is reassigned, and the seat follows it;
    NotYours, NotInTheTeam, LeadIsClosed.
    """
    lead = journey.locked(lead_id)
    current = routing.seat_of(lead, department)
    if not permissions.may_steer(by, current.team):
        raise NotYours(
            _("The team’s manager, its steward, the head or operations may do this.")
        )
    if not to.is_active or to.department_id != department or to.team is None:
        raise NotInTheTeam(_("Choose an active member of a team of this department."))
    for handoff in lead.handoffs.open().select_related("receiver_team", "giver_team"):
        _follow(handoff, department, to, at)
    why = [reasons.GIVEN % {"who": by}]
    return routing.seat(lead, department, team=to.team, member=to, at=at, by=by, why=why)


def _follow(handoff: Handoff, department: str, to: User, at: datetime) -> None:
    if handoff.receiver_team.department_id == department:
        raise HandoffIsOpen(_("A handoff is open: reassign it, and the seat goes with it."))
    handoff.giver = to
    handoff.save(update_fields=["giver"])
    clocks.reassign(handoff, department, to, at)
