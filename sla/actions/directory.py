"""The company as the warnings see it: teams, stewards and members as plain values."""

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef

from portal.accounts.models import Team, User
from portal.notifications.models import Connection, Endpoint
from sla import ports
from sla.core import warnings as core

WEBHOOK = Endpoint.Kind.WEBHOOK


def directory() -> core.Directory:
    """Read the people and teams of today."""
    reached = Connection.objects.filter(
        user=OuterRef("pk"), endpoint__in=Endpoint.objects.enabled().exclude(kind=WEBHOOK)
    )
    active = User.objects.active().annotate(heading=F("heads__key"), connected=Exists(reached))
    people = list(active)
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
    channels = Endpoint.objects.enabled().exclude(kind=WEBHOOK)
    shared = [endpoint for endpoint in channels if not endpoint.is_personal]
    return frozenset(
        user.email
        for user in people
        if not getattr(user, "connected", False) and not any(one.serves(user) for one in shared)
    )
