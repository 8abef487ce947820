"""Where in the portal a notice leads."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse


def lead_link(lead_id: int) -> str:
    return reverse("leads:lead", args=[lead_id])


def brief_link(handoff_id: int) -> str:
    """The page of one handoff for the phone: accept it or return it, and little else."""
    return reverse("leads:brief", args=[handoff_id])


def scorecard_link(period: str, first: date) -> str:
    """The scorecard of the week, month or quarter that begins on a day."""
    query = urlencode({"period": period, "on": first.isoformat()})
    return f"{reverse('leads:scorecard')}?{query}"


def review_link(week: date) -> str:
    """The review of the week that begins on a Monday."""
    return f"{reverse('leads:review')}?{urlencode({'on': week.isoformat()})}"


def forecast_link(team: str = "") -> str:
    """What will be late: the whole page, or what one team has due before closing."""
    if not team:
        return reverse("leads:forecast")
    return f"{reverse('leads:forecast-rows')}?{urlencode({'figure': 'today', 'team': team})}"
