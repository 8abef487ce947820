"""The package of an offer: what the receiver was promised to find, filled in afterwards."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.composing import Value, arrival_of
from leads.actions.handing.transitions import lock
from leads.actions.intake import people
from leads.actions.intake.arrival import cleaned
from leads.actions.journeys import journey
from leads.errors import HandoffHasMoved, NotYours
from leads.models import Handoff
from portal import ledger
from portal.accounts import permissions
from portal.accounts.models import User


@ledger.recorded
def complete_package(
    *, handoff_id: int, by: User, at: datetime, values: Mapping[str, Value]
) -> Handoff:
    """Fill in what an open handoff's package lacks, by the names of the terms.

    Blanks are filled and nothing is overwritten; `by` stands as who set each value. Once
    no part is missing, `complete_package` stops. Raises NotYours for who does not act for
    the giver, HandoffHasMoved when the handoff has ended.
    """
    handoff = lock(handoff_id)
    if not handoff.is_open:
        raise HandoffHasMoved(_("This handoff has ended."))
    if not permissions.may_act_for(by, handoff.giver_id, handoff.giver_team, at):
        raise NotYours(_("The giving side fills in the package."))
    told = cleaned(arrival_of(values, set_by=str(by)))
    people.learn(handoff.lead, told, at=at, by=by, overwrite=False)
    journey.advance(handoff.lead, at)
    return handoff
