"""Everything that is known while the stories are played: people, lives, the time of day."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from leads.actions.journeys import facts
from leads.demo.bulk.rows import Rows
from leads.models import (
    Assignment,
    Attestation,
    Clock,
    Company,
    Contribution,
    Handoff,
    Lead,
    StageEntry,
    Timer,
    Touch,
    Turn,
)
from portal.accounts.models import Absence, Department, Team, User
from sla.core.facts import Facts, Value
from sla.core.facts import Touch as TouchFact
from sla.models import Agreement, Version


@dataclass(slots=True)
class Life:
    """One lead with all that belongs to it."""

    lead: Lead
    seats: dict[str, Assignment] = field(default_factory=dict)
    touches: list[Touch] = field(default_factory=list)
    seen: list[TouchFact] = field(default_factory=list)
    attested: dict[str, Attestation] = field(default_factory=dict)
    entries: list[StageEntry] = field(default_factory=list)
    handoffs: list[Handoff] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    contributions: list[Contribution] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    consented: bool | None = None
    known: Facts | None = None

    def facts(self) -> Facts:
        """What is known of the lead now; read again once something was learned."""
        if self.known is None:
            self.known = self._read()
        return self.known

    def _read(self) -> Facts:
        """As `leads.actions.journeys.facts` reads it from the rows."""
        return Facts(
            fields=dict(facts._fields(self.lead)),
            touches=tuple(self.seen),
            attested={
                name: Value(value=True, set_by=str(said.by), set_at=said.at)
                for name, said in self.attested.items()
            },
        )

    def open(self) -> list[Handoff]:
        return [one for one in self.handoffs if one.is_open]

    def running(self, handoff: Handoff) -> list[Clock]:
        return [
            one
            for one in self.clocks
            if one.handoff_id == handoff.pk and one.stopped_at is None
        ]


class World:
    """The company in memory; every row is written once, at the end."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self.rows = Rows()
        self.departments = {row.key: row for row in Department.objects.all()}
        people = User.objects.select_related("team")
        self.people = {user.pk: user for user in people.order_by("pk")}
        self.teams = {team.pk: self._known(team) for team in Team.objects.order_by("pk")}
        self.absences = list(Absence.objects.all())
        self.away_on: dict[date, list[Absence]] = {}
        self.agreement = Agreement.objects.get(is_default=True)
        self.versions = list(
            Version.objects.signed()
            .filter(agreement=self.agreement)
            .order_by("-effective_from")
        )
        self.companies = {one.domain: one for one in Company.objects.select_related("owner")}
        self.lives: dict[int, Life] = {}
        self.seats: dict[tuple[int, str], tuple[int | None, int]] = {}
        self.open_mail: dict[str, Life] = {}
        self.closed_mail: dict[str, Lead] = {}

    def _known(self, team: Team) -> Team:
        """The team with its people, so that nothing is read again."""
        team.department = self.departments[team.department_id]
        for role in ("manager", "steward"):
            setattr(team, role, self.people.get(getattr(team, f"{role}_id") or 0))
        return team

    def version(self, at: datetime) -> Version | None:
        """The version in force."""
        return next((one for one in self.versions if _began(one, at)), None)

    def team(self, key: str | None, department: str) -> Team:
        teams = self.teams_of(department)
        return next((team for team in teams if team.key == key), teams[0])

    def teams_of(self, department: str) -> list[Team]:
        return [team for team in self.teams.values() if team.department_id == department]

    def works(self, user: User, at: datetime) -> bool:
        """Whether somebody is one of the company at `at`."""
        joined = user.joined_at is None or user.joined_at <= at
        return joined and (user.left_at is None or at < user.left_at)

    def away(self, at: datetime) -> dict[int, Absence]:
        """Who is away at `at`."""
        day = self.away_on.get(at.date())
        if day is None:
            begin = at.replace(hour=0, minute=0, second=0, microsecond=0)
            day = self.away_on[at.date()] = [
                one
                for one in self.absences
                if one.starts_at < begin + timedelta(days=1) and one.ends_at > begin
            ]
        return {one.user_id: one for one in day if one.starts_at <= at < one.ends_at}

    def add(self, row: Any) -> Any:
        return self.rows.add(row)


def _began(version: Version, at: datetime) -> bool:
    return version.effective_from is not None and version.effective_from <= at
