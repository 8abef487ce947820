"""Whom a step of a ladder tells: roles become people, the absent become who stands in."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from leads.actions.alerting.promised import Promised
from leads.core.rungs import Rung
from leads.models import Assignment, Handoff
from portal.accounts.models import Absence, Team, User
from portal.accounts.models.team import all_teams, departments
from sla.core.terms.parts import Person

AT_ONCE = ""
SOONEST = (AT_ONCE, "hourly", "daily", "weekly")
READ = ("name", "email", "zone", "is_active", "department", "team")  # all that telling asks


def whom(step: Rung, clock: Promised, at: datetime) -> list[User]:
    """Return who is told of this step of the clock at `at`, each once.

    For somebody absent: the deputy, then the team's steward, then its manager, then the
    head. Nobody who left. Empty if there is nobody at all.
    """
    return list(Roster([clock], [step], at).told(clock, step))


class Roster:
    """The people around some clocks as of one instant, read at once for all of them."""

    # What clocks of the same owner and team come to, where nothing else decides.
    _known: dict[tuple[object, ...], dict[User, str]] | None = None

    def __init__(self, clocks: Sequence[Promised], steps: Iterable[Rung], at: datetime) -> None:
        roles = {role for step in steps for role in step.whom}
        self.teams = all_teams()
        self.departments = departments()
        self.seats = _seats(clocks) if "other_owner" in roles else {}
        self.givers = _giver_teams(clocks)
        self.deputies = dict(Absence.objects.covering(at).values_list("user", "deputy"))
        self.named = _named(roles)
        people = User.objects.active().only(*READ)
        self.people = people.in_bulk(self._mentioned(clocks))
        if not self.seats and not self.givers:
            self._known = {}

    def told(self, clock: Promised, step: Rung) -> dict[User, str]:
        """Each person with how their messages are gathered; of two ways, the sooner."""
        if self._known is None:
            return self._told(clock, step)
        alike = (clock.owner_id, clock.team_id, step.whom, *step.digest.items())
        if alike not in self._known:
            self._known[alike] = self._told(clock, step)
        return self._known[alike]

    def _told(self, clock: Promised, step: Rung) -> dict[User, str]:
        told: dict[User, str] = {}
        for role in step.whom:
            digest = step.digest.get(role, AT_ONCE) if isinstance(role, str) else AT_ONCE
            for person in self._people(role, clock):
                told[person] = min(told.get(person, digest), digest, key=SOONEST.index)
        return told

    def _people(self, role: str | Person, clock: Promised) -> Iterator[User]:
        for person_id, team_id in self._asked(role, clock):
            person = self._reached(person_id, self.teams.get(team_id or 0))
            if person is not None:
                yield person

    def _asked(
        self, role: str | Person, clock: Promised
    ) -> Iterator[tuple[int | None, int | None]]:
        """Who is meant, and the team whose steward stands in; None: nobody has the seat."""
        if isinstance(role, Person):
            yield self.named.get(role.person.lower()), None
        elif role == "acting_owner":
            yield clock.owner_id, clock.team_id
            yield from self._other_manager(clock)
        elif role == "other_owner":
            yield self.seats.get((clock.lead_id, self._other(clock)), (None, None))
        elif role == "manager":
            yield self.teams[clock.team_id].manager_id, clock.team_id
            yield from self._other_manager(clock)
        elif role == "steward":
            yield self.teams[clock.team_id].steward_id, clock.team_id
        elif role == "heads":
            yield from ((row.head_id, None) for row in self.departments.values())
        else:
            raise ValueError(f"nobody is called {role!r} in a ladder")

    def _other_manager(self, clock: Promised) -> Iterator[tuple[int | None, int | None]]:
        """A dispute is decided by both managers."""
        team_id = self.givers.get(clock.handoff_id or 0)
        if clock.kind == "decide" and team_id is not None:
            yield self.teams[team_id].manager_id, team_id

    def _other(self, clock: Promised) -> str:
        return self.departments[clock.department_id].other

    def _reached(self, person_id: int | None, team: Team | None) -> User | None:
        """The first who is there: the person, their deputy, then who answers for the team."""
        line = list(self._line(person_id, team))
        for candidate in line:
            if candidate in self.people and candidate not in self.deputies:
                return self.people[candidate]
        return next((self.people[one] for one in line if one in self.people), None)

    def _line(self, person_id: int | None, team: Team | None) -> Iterator[int]:
        head_id = None
        if team is not None:
            head_id = self.departments[team.department_id].head_id
        stand_ins = (team.steward_id, team.manager_id) if team is not None else ()
        for candidate in (person_id, *stand_ins, head_id):
            if candidate is not None:
                yield candidate
                deputy = self.deputies.get(candidate)
                if deputy is not None:
                    yield deputy

    def _mentioned(self, clocks: Sequence[Promised]) -> set[int]:
        """Everybody whom a step could lead to."""
        ids: set[int | None] = {clock.owner_id for clock in clocks}
        ids |= {member_id for member_id, _ in self.seats.values()}
        ids |= {row.head_id for row in self.departments.values()}
        for team in self.teams.values():
            ids |= {team.manager_id, team.steward_id}
        ids |= set(self.deputies.values()) | set(self.named.values())
        return {one for one in ids if one is not None}


def _seats(clocks: Sequence[Promised]) -> dict[tuple[int, str], tuple[int | None, int]]:
    rows = Assignment.objects.filter(lead__in={c.lead_id for c in clocks}, until=None)
    return {
        (lead_id, department): (member_id, team_id)
        for lead_id, department, member_id, team_id in rows.values_list(
            "lead_id", "department_id", "member_id", "team_id"
        )
    }


def _giver_teams(clocks: Sequence[Promised]) -> dict[int, int]:
    ids = {c.handoff_id for c in clocks if c.kind == "decide" and c.handoff_id is not None}
    if not ids:
        return {}
    return dict(Handoff.objects.filter(pk__in=ids).values_list("pk", "giver_team_id"))


def _named(roles: Iterable[str | Person]) -> dict[str, int]:
    mails = {role.person.lower() for role in roles if isinstance(role, Person)}
    if not mails:
        return {}
    return dict(User.objects.filter(email__in=mails).values_list("email", "pk"))
