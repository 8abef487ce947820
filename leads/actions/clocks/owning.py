"""Where a clock changes hands. It never restarts: only who answers for it is another."""

from datetime import datetime

from leads.actions.clocks.stopping import locked
from leads.models import Clock, Handoff
from portal import ledger
from portal.accounts.models import Team, User


def reassign(
    handoff: Handoff,
    department: str,
    owner: User | None,
    at: datetime,
    *,
    team: Team | None = None,
) -> list[Clock]:
    """Let `owner` answer for the department's running clocks of the handoff from `at` on.

    `team` narrows that to one team's clocks, where both sides are of one department.
    Returns the clocks that changed hands. An inner step.
    """
    mine = handoff.clocks.filter(department=department)
    if team is not None:
        mine = mine.filter(team=team)
    return [clock for clock in locked(mine) if hand_over(clock, owner, at)]


def hand_over(clock: Clock, owner: User | None, at: datetime) -> bool:
    """Let `owner` answer for one locked clock; False if they do already."""
    if clock.owner_id == (owner.pk if owner else None):
        return False
    before = clock.owner_id
    clock.owner, clock.owner_since = owner, at
    clock.save(update_fields=["owner", "owner_since"])
    ledger.append(
        ledger.Kind.CLOCK_REASSIGNED,
        subject=("clock", clock.pk),
        lead=clock.lead_id,
        at=at,
        department=clock.department_id,
        team=clock.team.key,
        clear={"from": before, "to": clock.owner_id},
    )
    return True
