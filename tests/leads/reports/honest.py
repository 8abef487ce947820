"""A month in which everybody does what was agreed, so that no question is asked."""

from datetime import timedelta

from leads.actions.handing import endings, handoffs, returns
from leads.actions.journeys import touches
from leads.models import Handoff
from portal.accounts.models import User
from tests.factories import MONDAY_NINE, make_handoff
from tests.leads.clockwork import HOUR, MINUTE
from tests.leads.reports.scenes import DAY


def a_handoff(sdr: User, number: int) -> Handoff:
    """Offered, accepted after some minutes, and called at another time each day."""
    day = MONDAY_NINE + DAY * (number % 5) + 7 * DAY * (number // 5)
    handoff = make_handoff(receiver=sdr, at=day)
    at = day + (10 + 7 * number) * MINUTE
    handoffs.accept(handoff_id=handoff.pk, by=sdr, at=at)
    touches.log(
        lead_id=handoff.lead_id, kind="call", by=sdr, at=at + 5 * MINUTE, seconds=90 + number
    )
    return handoff


def an_honest_month(sdr: User) -> list[Handoff]:
    """Some handoffs; one comes back after a talk, and one is called later than it should."""
    made = [a_handoff(sdr, number) for number in range(8)]
    at = MONDAY_NINE + HOUR
    returns.give_back(handoff_id=made[0].pk, by=sdr, at=at, reason="no_need")
    late = make_handoff(receiver=sdr, at=MONDAY_NINE + DAY)
    handoffs.accept(handoff_id=late.pk, by=sdr, at=MONDAY_NINE + DAY + 30 * MINUTE)
    at = MONDAY_NINE + 3 * DAY
    touches.log(lead_id=late.lead_id, kind="call", by=sdr, at=at, seconds=60)
    endings.complete(
        handoff_id=made[1].pk, by=sdr, at=MONDAY_NINE + 4 * DAY + timedelta(hours=2)
    )
    return made
