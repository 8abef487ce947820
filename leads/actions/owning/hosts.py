"""Who has a meeting with a lead to come."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from leads.models import Lead, Meeting
from portal.accounts.models import Team
from portal.bulk.prepared import Prepared
from portal.ledger import known

MEETINGS = "meetings of a lead to come"


def meeting_to_come(lead: Lead, team: Team, at: datetime) -> Meeting | None:
    """The next meeting that the lead booked with an active member of the team, if any."""
    rows = known.take((MEETINGS, lead.pk, at), lambda: _OF_ONE(lead.pk, at))
    return next((row for row in rows if row.host.team_id == team.pk), None)


def read_ahead(lead_ids: Sequence[int], at: datetime) -> None:
    """Read what the next asking about each of these leads needs, all at once."""
    found: dict[int, list[Meeting]] = {lead_id: [] for lead_id in lead_ids}
    for row in _to_come(lead_ids, at):
        found[row.touch.lead_id].append(row)
    for lead_id in lead_ids:
        known.note((MEETINGS, lead_id, at), found[lead_id])


def _to_come(lead_ids: Sequence[int], at: datetime) -> QuerySet[Meeting]:
    return _all_to_come(at).filter(touch__lead__in=lead_ids)


def _all_to_come(at: datetime) -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(
        touch__undone_at=None, missed_at=None, starts_at__gt=at, host__is_active=True
    )
    return rows.select_related("host__team", "touch")


_OF_ONE = Prepared(
    lambda lead_id, at: _all_to_come(at).filter(touch__lead=lead_id), int, datetime
)
