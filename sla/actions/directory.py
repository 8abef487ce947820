"""The company as the warnings see it: teams, stewards and members as plain values."""

from portal.accounts.models import Department, Team, User
from portal.notifications.models import Connection, Endpoint
from sla import ports
from sla.core import warnings as core


def directory() -> core.Directory:
    """Read the people and teams of today."""
    members: dict[int, list[str]] = {}
    for email, team_id in User.objects.active().values_list("email", "team_id"):
        if team_id is not None:
            members.setdefault(team_id, []).append(email)
    teams = [
        core.Team(
            key=team.key,
            department=team.department_id,
            steward=team.steward.email if team.steward and team.steward.is_active else None,
            manager=team.manager.email if team.manager and team.manager.is_active else None,
            calendar=team.calendar or None,
            members=tuple(members.get(team.pk, ())),
            name=team.name,
        )
        for team in Team.objects.filter(archived_at=None).select_related("steward", "manager")
    ]
    heads = {d.key: d.head.email for d in Department.objects.select_related("head") if d.head}
    return core.Directory(
        teams=tuple(teams),
        heads=heads,
        without_push=_without_push(),
        legacy_words=tuple(ports.legacy_words()),
    )


def _without_push() -> frozenset[str]:
    """Whom neither a channel of Slack or Teams nor a direct message reaches."""
    channels = Endpoint.objects.enabled().exclude(kind=Endpoint.Kind.WEBHOOK)
    shared = [endpoint for endpoint in channels if not endpoint.is_personal]
    connected = set(
        Connection.objects.filter(endpoint__in=channels).values_list("user", flat=True)
    )
    return frozenset(
        user.email
        for user in User.objects.active()
        if user.pk not in connected and not any(one.serves(user) for one in shared)
    )
