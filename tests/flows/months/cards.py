"""What the stories of people, teams and agreements share: the scorecard in a few figures."""

from datetime import datetime

from leads.actions.handing import handoffs
from leads.actions.journeys import touches
from leads.models import Clock, Handoff
from leads.reports.audit import audit
from leads.reports.period import Filters
from leads.reports.scorecard import scorecard
from portal.accounts.models import Team
from sla.models import Version
from tests.leads.clockwork import BERLIN


def card(
    at: datetime, team: Team | str = "", version: Version | None = None, on: str = ""
):  # fmt: skip
    """Met, late and open of each promise of an offer this month, as of `at`; of one team.
    `on`: a day of the month that is meant instead."""
    version = version or Version.objects.effective(at).first()
    key = team.key if isinstance(team, Team) else team
    asked = {"period": "month", "team": key, "on": on or f"{at:%Y-%m-%d}"}
    month = Filters.from_query(asked, at, BERLIN)
    found = scorecard(version, month, at)
    return {
        one.tally.obligation: (one.tally.met, one.tally.late, one.tally.open)
        for side in found.sides
        for one in side.promises
        if one.tally.obligation in ("accept", "first_attempt")
    }


def answer(handoff: Handoff, at: datetime) -> None:
    """Whoever has it now accepts and calls at once: both promises of the offer stop."""
    handoff.refresh_from_db()
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=at)
    touches.log(lead_id=handoff.lead_id, kind="call", by=handoff.receiver, at=at)


def dues() -> dict[int, datetime]:
    return dict(Clock.objects.values_list("pk", "due_at"))


def broken(at: datetime) -> dict[str, object]:
    """The invariants that do not hold."""
    return {one.key: one.rows for one in audit(at) if not one.holds}
