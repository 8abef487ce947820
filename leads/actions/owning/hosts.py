"""Who has a meeting with a lead to come."""

from datetime import datetime

from leads.models import Lead, Meeting
from portal.accounts.models import Team


def meeting_to_come(lead: Lead, team: Team, at: datetime) -> Meeting | None:
    """The next meeting that the lead booked with an active member of the team, if any."""
    rows = Meeting.objects.filter(
        touch__lead=lead, touch__undone_at=None, missed_at=None, starts_at__gt=at,
        host__team=team, host__is_active=True,
    )  # fmt: skip
    return rows.select_related("host__team").first()
