"""The company as the warnings see it: teams, stewards and members as plain values."""

from collections.abc import Sequence

from django.db.models import F

from portal.accounts.models import Team, User
from portal.notifications.models import Connection, Endpoint
from sla import ports
from sla.core import warnings as core


def directory() -> core.Directory:
    """Read the people and teams of today."""
    people = list(User.objects.active().annotate(heading=F("heads__key")))
    by_id = {person.pk: person.email for person in people}
    members: dict[int, list[str]] = {}
    for person in people:
        if person.team_id is not None:
            members.setdefault(person.team_id, []).append(person.email)
    teams = [
        core.Team(
            key=team.key,
            department=team.department_id,
            steward=by_id.get(team.steward_id or 0),
            manager=by_id.get(team.manager_id or 0),
            calendar=team.calendar or None,
            members=tuple(members.get(team.pk, ())),
            name=team.name,
        )
        for team in Team.objects.filter(archived_at=None)
    ]
    heads = {key: one.email for one in people if (key := getattr(one, "heading", None))}
    return core.Directory(
        teams=tuple(teams),
        heads=heads,
        without_push=_without_push(people),
        legacy_words=tuple(ports.legacy_words()),
    )


def _without_push(people: Sequence[User]) -> frozenset[str]:
    """Whom neither a channel of Slack or Teams nor a direct message reaches."""
    channels = list(Endpoint.objects.enabled().exclude(kind=Endpoint.Kind.WEBHOOK))
    shared = [endpoint for endpoint in channels if not endpoint.is_personal]
    connections = Connection.objects.filter(endpoint__in=channels)
    connected = set(connections.values_list("user", flat=True)) if channels else set()
    return frozenset(
        user.email
        for user in people
        if user.pk not in connected and not any(one.serves(user) for one in shared)
    )
