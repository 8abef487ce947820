"""Whom a commitment that fell behind is told to, and in which words."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from leads.actions.alerting.recipients import AT_ONCE, SOONEST, Roster
from leads.actions.links import scorecard_link
from leads.models import PaceAlert
from portal.accounts.models import User
from portal.look.words import count, span
from portal.notifications import outbox
from portal.notifications.models import Delivery
from portal.notifications.outbox import Notice
from portal.notifications.schedule import zone_of
from portal.reader import language
from sla.core.terms.parts import Commitment, Person, Role, Telling

FOUND_LATE = timedelta(minutes=5)


class Readers(Roster):
    """The people of a department as one instant has them, and who stands in for whom.

    A commitment is a department's: its head is the acting owner, the other department's
    head the other owner; managers and stewards are those of its teams.
    """

    def __init__(self, department: str, telling: Telling, at: datetime) -> None:
        super().__init__([], [telling], at)  # type: ignore[list-item]  # reads `whom` alone
        self.department = department

    def of(self, telling: Telling) -> dict[User, str]:
        """Each person with how their messages are gathered; of two ways, the sooner."""
        told: dict[User, str] = {}
        for role in telling.whom:
            often = telling.digest.get(role, AT_ONCE) if isinstance(role, str) else AT_ONCE
            for person_id, team_id in self._meant(role):
                person = self._reached(person_id, self.teams.get(team_id or 0))
                if person is not None:
                    told[person] = min(told.get(person, often), often, key=SOONEST.index)
        return told

    def _meant(self, role: Role | Person) -> Iterator[tuple[int | None, int | None]]:
        mine = self.departments[self.department]
        if isinstance(role, Person):
            yield self.named.get(role.person.lower()), None
        elif role == "heads":
            yield from ((row.head_id, None) for row in self.departments.values())
        elif role == "acting_owner":
            yield mine.head_id, None
        elif role == "other_owner":
            yield self.departments[mine.other].head_id, None
        else:
            for team in self.teams.values():
                if team.department_id == self.department and team.archived_at is None:
                    yield getattr(team, f"{role}_id"), team.pk


def tell(alert: PaceAlert, commitment: Commitment, at: datetime) -> list[int]:
    """Write what people are told, inside the caller's transaction; return whom."""
    if commitment.behind is None:
        raise ValueError(f"nobody is told of {commitment.key}")
    telling = commitment.behind.telling
    told = Readers(commitment.department, telling, at).of(telling)
    outbox.tell_all(list(_notices(alert, commitment, told)), at=at)
    return sorted(person.pk for person in told)


def _notices(
    alert: PaceAlert, commitment: Commitment, told: dict[User, str]
) -> Iterator[Notice]:
    """One notice for all who read the same: the same language, gathered alike."""
    readers: dict[tuple[str, str], list[User]] = defaultdict(list)
    for person, often in told.items():
        gathered = Delivery.Digest.CATCH_UP.value if alert.found_late else often
        readers[language.of(person), gathered].append(person)
    pace = alert.pace
    is_over = alert.due_at >= pace.ends_at
    zone = alert.version.parsed.governance.zone
    first = pace.begins_at.astimezone(zone_of(zone)).date()
    for (spoken, digest), people in readers.items():
        with translation.override(spoken):
            title = _("%(name)s fell short") if is_over else _("%(name)s is behind its pace")
            text = said(alert, commitment)
        yield Notice(
            about=f"pace:{alert.pk}",
            to=tuple(people),
            channels=commitment.behind.telling.channels if commitment.behind else (),
            title=title % {"name": commitment.name},
            text=text,
            link=scorecard_link(pace.period, first),
            level="late" if is_over else "risk",
            digest=digest,
        )


def said(alert: PaceAlert, commitment: Commitment) -> str:
    """What was seen, in one sentence, with days as the agreement's zone has them."""
    zone = zone_of(alert.version.parsed.governance.zone)
    last = (alert.due_at - timedelta(seconds=1)).astimezone(zone)
    names = {
        "day": date_format(last, "D j M Y"),
        "done": count(alert.done),
        "wanted": count(alert.wanted),
        "agreed": count(alert.agreed),
        "period": span(commitment.period),
    }
    if commitment.percent is not None:
        return (
            _(
                "Up to %(day)s %(done)s of the %(wanted)s that were due were kept;"
                " %(agreed)s %% are agreed for the %(period)s."
            )
            % names
        )
    return (
        _(
            "Up to %(day)s there were %(done)s of the %(wanted)s that the pace asks for;"
            " %(agreed)s are agreed for the %(period)s."
        )
        % names
    )
