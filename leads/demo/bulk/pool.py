"""Seats and turns in memory; who is chosen is decided by `leads.core.routing`."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from leads.actions.owning import pools, routing
from leads.core.routing import Candidate, Choice, Spent, choose
from leads.demo.bulk.world import Life, World
from leads.models import Assignment, Handoff, Turn
from portal import ledger
from portal.accounts.models import Absence, Team, User
from portal.bulk import made
from sla.core.workingtime import WorkingCalendar, is_open

WAITS = ("offered", "accepted")


class Pool:
    """The rotation of every team, and how much is on each desk."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.load: Counter[int] = Counter()
        self.counted: dict[int, int | None] = {}
        self.last: dict[tuple[int, int], Turn] = {}
        self.place: dict[int, int] = {}
        self.owed: dict[tuple[int, int], list[Turn]] = {}
        self.hours = {
            user.pk: pools.own_hours(user.name, user.zone, user.hours)
            for user in world.people.values()
            if user.hours
        }
        self.methods = {team.pk: pools.method_of(team) for team in world.teams.values()}
        self.members = {
            team.pk: [one for one in world.people.values() if one.team_id == team.pk]
            for team in world.teams.values()
        }
        self.zones = {user.pk: ZoneInfo(user.zone) for user in world.people.values()}

    def settle(self, handoff: Handoff) -> None:
        """Count the handoff on the desk of whoever must act on it now."""
        who = handoff.receiver_id if handoff.state in WAITS else None
        who = handoff.giver_id if handoff.state == "returned" else who
        before = self.counted.get(handoff.pk)
        if before != who:
            self.load[before or 0] -= 1
            self.load[who or 0] += 1
            self.counted[handoff.pk] = who

    def first_seats(self, life: Life, at: datetime) -> None:
        lead, world = life.lead, self.world
        marketing = routing.fitting(world.teams_of("marketing"), lead)
        choice = self.pick(marketing, life, at)
        self.seat(life, marketing, choice.member_id, at=at, why=choice.lines)
        version = world.version(at)
        sales, why = (
            world.teams_of("sales")[0],
            "the department's first team: no handoff is agreed yet",
        )
        if version is not None:
            kind = version.parsed.handoffs[0]
            sales = world.team(kind.receiver.team, "sales")
            why = f"will receive “{kind.name}”"
        self.seat(life, sales, None, at=at, why=(why,))

    def pick(self, team: Team, life: Life, at: datetime) -> Choice:
        """As `routing.pick`: choose, and spend the turn."""
        choice = choose(
            self.methods[team.pk], self._candidates(team, life, at), self.place.get(team.pk, 0)
        )
        if choice.to_steward and team.steward is not None:
            lines = (*choice.lines, f"{team.steward}: steward, told")
            return Choice(team.steward.pk, lines, to_steward=True)
        if choice.spent is not None and choice.member_id is not None:
            self._spend(team, life, choice.member_id, choice.spent, at)
        return choice

    def _candidates(self, team: Team, life: Life, at: datetime) -> list[Candidate]:
        version = self.world.version(at)
        calendar = None
        if version is not None and team.calendar in version.parsed.calendars:
            calendar = version.parsed.calendar(team.calendar)
        away = self.world.away(at)
        owner_id = life.lead.company.owner_id if life.lead.company else None
        return [
            self._candidate(user, team, calendar, owner_id, at, away.get(user.pk))
            for user in self.members[team.pk]
            if self.world.works(user, at)
        ]

    def _candidate(
        self,
        user: User,
        team: Team,
        calendar: WorkingCalendar | None,
        owner_id: int | None,
        at: datetime,
        absence: Absence | None,
    ) -> Candidate:
        last = self.last.get((team.pk, user.pk))
        own = self.hours.get(user.pk, calendar)
        return Candidate(
            member_id=user.pk, name=str(user), weight=user.weight, open=self.load[user.pk],
            capacity=user.capacity,
            away_until=absence.ends_at.astimezone(self.zones[user.pk]) if absence else None,
            in_hours=own is None or is_open(own, at), owns_company=user.pk == owner_id,
            finish=last.finish if last else 0, last_turn=last.pk if last else 0,
            owed=len(self.owed.get((team.pk, user.pk), ())),
        )  # fmt: skip

    def _spend(self, team: Team, life: Life, member: int, spent: Spent, at: datetime) -> None:
        if spent.owed:
            mine = self.owed[team.pk, member]
            first = min(mine, key=lambda turn: (turn.given_back_at, turn.pk))
            first.made_good_at = at
            mine.remove(first)
        turn: Turn = self.world.add(
            made(
                Turn,
                team=team, lead=life.lead, member_id=member, spent_at=at, start=spent.start,
                finish=spent.finish, owed=spent.owed,
            )
        )  # fmt: skip
        life.turns.append(turn)
        if not spent.owed:
            self.last[team.pk, member] = turn
            self.place[team.pk] = spent.start

    def give_back(self, life: Life, team: Team, member: int | None, at: datetime) -> None:
        """As `routing.give_turn_back`."""
        for turn in reversed(life.turns):
            if turn.given_back_at is None and (turn.team_id, turn.member_id) == (
                team.pk,
                member,
            ):
                turn.given_back_at = at
                self.owed.setdefault((team.pk, turn.member_id), []).append(turn)
                return

    def take_again(self, life: Life, team: Team, member: int) -> None:
        """As `routing.take_turn_again`."""
        mine = [t for t in self.owed.get((team.pk, member), ()) if t.lead_id == life.lead.pk]
        if mine:
            turn = max(mine, key=lambda one: (one.given_back_at, one.pk))
            turn.given_back_at = None
            self.owed[team.pk, member].remove(turn)

    def seat(
        self,
        life: Life,
        team: Team,
        member: int | None,
        *,
        at: datetime,
        by: User | None = None,
        why: tuple[str, ...] = (),
    ) -> None:
        """As `routing.seat`: the seat before ends at the same instant."""
        department = team.department_id
        before = life.seats.get(department)
        if before is not None:
            before.until = at
        seat = life.seats[department] = self.world.add(
            made(
                Assignment,
                lead=life.lead, department_id=department, team=team, member_id=member, since=at,
                why=list(why), by=by,
            )
        )  # fmt: skip
        self.world.seats[life.lead.pk, department] = (member, team.pk)
        ledger.append("seat_assigned", **routing.seated(seat), at=at, by=by)
