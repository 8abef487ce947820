from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from portal.accounts.history import KeptHistory
from portal.accounts.models.department import Department
from portal.ledger import known


class Team(models.Model):
    """People of one department who share a pool, a manager, a steward and a calendar.

    `calendar` names a calendar; the terms of the version in force define it.
    """

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    department = models.ForeignKey("accounts.Department", models.PROTECT, related_name="teams")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="manages"
    )
    steward = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="stewards"
    )
    calendar = models.SlugField(blank=True)
    routing = models.JSONField(default=dict, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords(history_manager=KeptHistory)

    class Meta:
        ordering = ["department", "name"]

    def __str__(self) -> str:
        return self.name


def all_teams() -> dict[int, Team]:
    """The company's teams by number, with their departments, read once for an action."""
    return known.once(("all teams",), Team.objects.select_related("department").in_bulk)


def departments() -> dict[str, Department]:
    """Both departments, as their teams brought them; asked for while one has no team yet."""
    brought = {team.department_id: team.department for team in all_teams().values()}
    if len(brought) == len(Department.Key):
        return brought
    return known.once(("departments",), Department.objects.in_bulk)
